from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import format_date, human_size

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

COMPLAINT = 'gem.crm.complaint'
# What a form holds: a subject, a text, and some pictures of a telephone.
SUBJECT_AT_MOST = 200
TEXT_AT_MOST = 20_000
FILES_AT_MOST = 10
FILE_SIZE_AT_MOST = 20 * 1024 * 1024
# As much as a person looks through to find what they bought.
PURCHASES_AT_MOST = 200


class ComplaintPortal(CustomerPortal):
    """The customer's complaints: seen, filed, settled."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if 'complaint_count' in counters:
            Complaint = request.env[COMPLAINT]
            values['complaint_count'] = (
                Complaint.search_count([]) if Complaint.has_access('read') else 0)
        return values

    # ------------------------------------------------------------
    # The list
    # ------------------------------------------------------------

    @http.route(
        ['/my/complaints', '/my/complaints/page/<int:page>'],
        type='http', auth='user', website=True)
    def portal_my_complaints(self, page=1, sortby=None, filterby=None, **kw):
        """Show the complaints of the customer, the open ones first."""
        sortings = {
            'date': {'label': request.env._("Newest"), 'order': 'date_received desc, id desc'},
            'stage': {
                'label': request.env._("Open first"),
                'order': 'date_closed desc, date_received desc, id desc',
            },
            'name': {'label': request.env._("Subject"), 'order': 'name, id'},
        }
        filters = {
            'all': {'label': request.env._("All"), 'domain': Domain.TRUE},
            'open': {'label': request.env._("Open"), 'domain': Domain('date_closed', '=', False)},
            'closed': {
                'label': request.env._("Closed"), 'domain': Domain('date_closed', '!=', False),
            },
        }
        sortby = sortby if sortby in sortings else 'stage'
        filterby = filterby if filterby in filters else 'all'
        Complaint = request.env[COMPLAINT]
        complaints, total = Complaint, 0
        domain = filters[filterby]['domain']
        if Complaint.has_access('read'):
            total = Complaint.search_count(domain)
        pager = portal_pager(
            url='/my/complaints', url_args={'sortby': sortby, 'filterby': filterby},
            total=total, page=page, step=self._items_per_page)
        if total:
            complaints = Complaint.search(
                domain, order=sortings[sortby]['order'], limit=self._items_per_page,
                offset=pager['offset'])
        request.session['my_complaints_history'] = complaints.ids[:100]
        return request.render('gem_crm.portal_my_complaints', {
            **self._prepare_portal_layout_values(),
            # sudo: found as the customer; the names of stages are shown
            'complaints': complaints.sudo(),
            'page_name': 'complaint',
            'default_url': '/my/complaints',
            'pager': pager,
            'searchbar_sortings': sortings,
            'sortby': sortby,
            'searchbar_filters': filters,
            'filterby': filterby,
        })

    # ------------------------------------------------------------
    # One complaint
    # ------------------------------------------------------------

    @http.route('/my/complaints/<int:complaint_id>', type='http', auth='public', website=True)
    def portal_my_complaint(self, complaint_id, access_token=None, **kw):
        """Show a complaint to its customer, or to who has its token."""
        try:
            complaint = self._document_check_access(COMPLAINT, complaint_id, access_token)
        except (AccessError, MissingError):
            return request.redirect('/my')
        if complaint.merged_into_id:
            survivor = complaint._get_survivor()
            return request.redirect(
                survivor.get_portal_url() if access_token else survivor.access_url)
        values = {
            'page_name': 'complaint',
            'complaint': complaint,
            'rating_token': self._get_rating_token(complaint),
        }
        return request.render('gem_crm.portal_my_complaint', self._get_page_view_values(
            complaint, access_token, values, 'my_complaints_history', False, **kw))

    def _get_rating_token(self, complaint):
        """Return the token with which the customer rates a settled complaint, if they may."""
        customer = complaint._rating_get_partner()
        if not (complaint.date_settled and customer) or complaint.rating_ids.filtered('consumed'):
            return False
        return complaint._rating_get_access_token()

    @http.route(
        '/my/complaints/<int:complaint_id>/settled',
        type='http', auth='public', website=True, methods=['POST'])
    def portal_my_complaint_settled(self, complaint_id, access_token=None, **kw):
        """Take the customer's word that it is settled."""
        try:
            complaint = self._document_check_access(COMPLAINT, complaint_id, access_token)
        except (AccessError, MissingError):
            return request.redirect('/my')
        author = request.env.user.partner_id
        if request.env.user._is_public():
            author = complaint.contact_id or complaint.partner_id
        if request.env.user.share:
            complaint._settle(author)
        return request.redirect(
            complaint.get_portal_url(anchor='settled') if access_token
            else f'{complaint.access_url}#settled')

    # ------------------------------------------------------------
    # A new one
    # ------------------------------------------------------------

    @http.route(
        '/my/complaints/new', type='http', auth='user', website=True, methods=['GET', 'POST'])
    def portal_new_complaint(self, **form):
        """Show the form of a new complaint, and file it."""
        if not request.env[COMPLAINT].has_access('read') or not request.env.user.share:
            return request.redirect('/my')
        errors = {}
        if request.httprequest.method == 'POST':
            values, errors = self._read_form(form)
            if not errors:
                complaint = request.env[COMPLAINT]._file_from_portal(request.env.user, **values)
                return request.redirect(f'{complaint.access_url}?filed=1')
        return request.render('gem_crm.portal_new_complaint', {
            **self._prepare_portal_layout_values(),
            'page_name': 'complaint',
            'is_new': True,
            'form': form,
            'errors': errors,
            'purchases': self._get_purchases(),
            'subject_at_most': SUBJECT_AT_MOST,
        })

    def _read_form(self, form):
        """Return the values of a filled form, and the sentences that say what is wrong in it."""
        env = request.env
        values = {
            name: (form.get(name) or '').replace('\x00', '')[:most]
            for name, most in (
                ('subject', SUBJECT_AT_MOST), ('text', TEXT_AT_MOST), ('expectation', TEXT_AT_MOST))
        }
        errors = {}
        if not values['subject'].strip():
            errors['subject'] = env._("Say in a few words what it is about.")
        if not values['text'].strip():
            errors['text'] = env._("Tell us what happened.")
        kind, _colon, number = (form.get('purchase') or '').partition(':')
        if kind:
            model = {'line': 'account.move.line', 'move': 'account.move'}.get(kind)
            record = model and number.isdecimal() and env[model].search(
                Domain('id', '=', int(number)) & self._purchases_domain(kind), limit=1)
            if record:
                values[kind] = record
            else:
                errors['purchase'] = env._("This is none of your invoices. Choose another one.")
        files = [
            (file.filename, file.read(FILE_SIZE_AT_MOST + 1))
            for file in request.httprequest.files.getlist('files')[:FILES_AT_MOST + 1]
            if file.filename
        ]
        if len(files) > FILES_AT_MOST:
            errors['files'] = env._(
                "Choose up to %(count)s files; you can add more later.", count=FILES_AT_MOST)
        elif any(len(data) > FILE_SIZE_AT_MOST for _name, data in files):
            errors['files'] = env._(
                "Choose files of up to %(size)s each.", size=human_size(FILE_SIZE_AT_MOST))
        return values | {'files': files}, errors

    def _purchases_domain(self, kind):
        """Return the domain of what the customer bought; the rules say that it is theirs."""
        customer = request.env.user.commercial_partner_id
        types = ('out_invoice', 'out_receipt')
        if kind == 'move':
            return (
                Domain('state', '=', 'posted') & Domain('move_type', 'in', types)
                & Domain('commercial_partner_id', '=', customer.id))
        return (
            Domain('parent_state', '=', 'posted') & Domain('move_id.move_type', 'in', types)
            & Domain('display_type', '=', 'product')
            & Domain('move_id.commercial_partner_id', '=', customer.id))

    def _get_purchases(self):
        """Return the last invoices of the customer, each as (invoice, what it is called, lines)."""
        lines = request.env['account.move.line'].search(
            self._purchases_domain('line'), order='date desc, move_id desc, id',
            limit=PURCHASES_AT_MOST)
        # sudo: found as the customer; the names of products are shown
        return [
            (invoice, f"{invoice.name} · {format_date(request.env, invoice.invoice_date)}", lines)
            for invoice, lines in lines.sudo().grouped('move_id').items()
        ]
