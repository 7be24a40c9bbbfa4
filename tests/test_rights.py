"""Who may do what: every model of gem_crm, every role, by every road.

One row per model says which of read, create, write and unlink each role has on a
record of Horizon Books, Amelie's customer. A model without a row fails the test.
"""
import itertools
import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.common import FollowUpCommon

ALL = 'rcwu'
NONE = ''
ROLES = (
    'public', 'gaby', 'felix', 'emile', 'amelie', 'bruno', 'chloe', 'diane', 'olga', 'sysadmin',
)
SILENT = (
    'odoo.http', 'odoo.models.unlink',
    'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule',
)


def row(**rights):
    """Rights per role. Who is not named has none."""
    return dict.fromkeys(ROLES, NONE) | rights


ABOUT_A_CUSTOMER = row(amelie=ALL, chloe=ALL, diane=ALL)
# Settings belong to no customer and no company.
SETTING = row(amelie='r', bruno='r', chloe='r', diane=ALL, olga='r')

# Accountants read notes about invoices, and so what notes are made of.
NOTE_SETTING = SETTING | {'emile': 'r'}

RIGHTS = {
    'gem.crm.action': NOTE_SETTING,
    'gem.crm.comparison': ABOUT_A_CUSTOMER,
    'gem.crm.comparison.criterion': SETTING,
    # Whoever hears of a competitor writes it down.
    'gem.crm.competitor': row(
        amelie='rcw', bruno='rcw', chloe='rcw', diane=ALL, olga='rcw'),
    # Kept: whoever may delete one cancels it first, as the sample is.
    'gem.crm.complaint': row(gaby='r', amelie='rcw', chloe='rcw', diane=ALL),
    'gem.crm.complaint.address': row(amelie='r', bruno='r', chloe='r', diane=ALL),
    # Written by the cron only.
    'gem.crm.complaint.alert': row(amelie='r', chloe='r', diane='r'),
    'gem.crm.complaint.category': NOTE_SETTING,
    'gem.crm.complaint.cause': NOTE_SETTING,
    'gem.crm.complaint.deadline': row(amelie='r', bruno='r', chloe='r', diane=ALL),
    # Of this company.
    'gem.crm.complaint.delivery': row(sysadmin='r'),
    'gem.crm.complaint.policy': row(amelie='r', bruno='r', chloe='r', diane=ALL),
    # The gateway alone writes them.
    'gem.crm.complaint.quarantine': row(diane='rwu'),
    'gem.crm.complaint.stage': NOTE_SETTING,
    'gem.crm.completeness.criterion': SETTING,
    'gem.crm.consent': row(amelie='rc', chloe='rc', diane='rc'),
    # What somebody else logged: theirs to change, or an administrator's.
    'gem.crm.correspondence': row(amelie='rc', chloe='rc', diane=ALL),
    'gem.crm.department': SETTING,
    # Anybody may open one; who opened it takes part in it.
    'gem.crm.discussion': row(amelie='rcw', bruno='c', chloe='rcw', diane=ALL),
    'gem.crm.habit': row(amelie='r', chloe='r', diane='r'),
    'gem.crm.complaint.cost': row(amelie=ALL, chloe=ALL, diane=ALL),
    'gem.crm.complaint.line': row(emile=ALL, amelie=ALL, chloe=ALL, diane=ALL),
    'gem.crm.complaint.report': row(amelie='r', chloe='r', diane='r'),
    'gem.crm.credit.guard': row(sysadmin='r'),
    'gem.crm.invoice.line': row(emile='r', amelie='r', chloe='r', diane='r'),
    # Accountants write them, salespeople read them.
    'gem.crm.dispute': row(emile='rcw', amelie='r', chloe='r', diane=ALL),
    'gem.crm.dispute.reason': row(
        emile='rcw', amelie='r', bruno='r', chloe='r', diane=ALL, olga='r'),
    'gem.crm.need': ABOUT_A_CUSTOMER,
    'gem.crm.need.kind': SETTING,
    'gem.crm.note': ABOUT_A_CUSTOMER,
    'gem.crm.product.likeness': row(amelie='r', bruno='r', chloe='r', diane='r'),
    'gem.crm.product.sales': row(amelie='r', bruno='r', chloe='r', diane='r'),
    'gem.crm.profile': row(amelie='r', chloe='r', diane='r'),
    # A copy for lists to be sorted by, which nobody reads by itself.
    'gem.crm.profile.daily': row(sysadmin='r'),
    # Behind the profile that it reads.
    'gem.crm.revenue.risk': row(emile='r', amelie='r', chloe='r', diane='r'),
    'gem.crm.profile.history': row(amelie='r', chloe='r', diane='r'),
    'gem.crm.profile.mark': row(sysadmin='r'),
    # Recorded by somebody else: theirs to correct, or an accountant's.
    'gem.crm.promise': row(emile='rcw', amelie='rc', chloe='rc', diane=ALL),
    'gem.crm.receivable': row(emile='r', amelie='r', chloe='r', diane='r'),
    'gem.crm.profile.scale': row(amelie='r', bruno='r', chloe='r', diane='r'),
    'gem.crm.referral': SETTING,
    'gem.crm.rfm.segment': SETTING,
    'gem.crm.refusal.reason': NOTE_SETTING,
    # Those one made are one's own to change.
    'gem.crm.segment': row(amelie='r', bruno='r', chloe='rc', diane=ALL, olga='rc'),
    'gem.crm.status': NOTE_SETTING,
    # Written by notes only.
    'gem.crm.status.history': row(amelie='r', chloe='r', diane='r'),
    # Set by the rules only.
    'gem.crm.tag.assignment': row(amelie='r', chloe='r', diane='r', olga='r'),
    'gem.crm.tag.rule': SETTING,
    'gem.crm.variable': NOTE_SETTING,
    # Of the variable that lets nobody but administrators add options.
    'gem.crm.variable.option': NOTE_SETTING,
}

# What a user changes in a record that has neither a name nor a note.
WRITTEN = {
    'gem.crm.complaint.alert': {'step': 'escalated'},
    'gem.crm.complaint.deadline': {'answer_hours': 3},
    'gem.crm.complaint.policy': {'warning_hours': 3},
}


class RightsCommon(FollowUpCommon):
    """Adds to the cast: Olga, of another company; Sylvain, who runs the server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public = cls.env.ref('base.public_user')
        otter = cls.env['res.company'].create({'name': "Otter Prints"})
        cls.olga = new_test_user(
            cls.env, 'olga', 'gem_crm.gem_crm_group_user_all', name="Olga Weber",
            company_id=otter.id, company_ids=[(6, 0, otter.ids)])
        cls.sysadmin = new_test_user(
            cls.env, 'sysadmin', 'base.group_system', name="Sylvain Admin")
        about_horizon = {'partner_id': cls.horizon.id, 'company_id': cls.env.company.id}
        invoice = cls.env['account.move'].create({
            'move_type': 'out_invoice',
            'partner_id': cls.horizon.id,
            'invoice_line_ids': [Command.create({'name': "Books", 'price_unit': 1000})],
        })
        invoice.action_post()
        about_invoice = {'move_id': invoice.id, 'amount': 10}
        region = cls.env['gem.crm.variable'].create({'name': "Region", 'type': 'dropdown'})
        product = cls.env['product.product'].create({'name': "Lantern"})
        of_lanterns = {'company_id': cls.env.company.id, 'product_id': product.id}
        policy = cls.env['gem.crm.complaint.policy'].create({'company_id': cls.env.company.id})
        numbers = itertools.count()
        segment = cls.env['gem.crm.segment'].create({'name': "In Lévis"})
        category = cls.env['res.partner.category'].create({'name': "Lévis"})
        rule = cls.env['gem.crm.tag.rule'].create({
            'segment_id': segment.id, 'category_id': category.id,
        })
        cls.samples = {
            'gem.crm.action': {'name': "Demonstrate"},
            'gem.crm.comparison': about_horizon | {
                'competitor_id': cls.env['gem.crm.competitor'].create({'name': "Lynx"}).id,
                'words': "They are cheaper",
                'criterion_id': cls.env['gem.crm.comparison.criterion'].create(
                    {'name': "Rebates"}).id,
            },
            'gem.crm.comparison.criterion': {'name': "Opening hours"},
            'gem.crm.competitor': {'name': "Lynx & Sons"},
            'gem.crm.complaint': about_horizon | {
                'name': "Wet parcels",
                'stage_id': cls.env['gem.crm.complaint.stage']._first('cancelled').id,
            },
            'gem.crm.complaint.alert': lambda: {
                'complaint_id': cls.env['gem.crm.complaint'].create(
                    about_horizon | {'name': "Late"}).id,
                'deadline': 'answer', 'step': 'warned',
            },
            'gem.crm.complaint.category': {'name': "Website"},
            'gem.crm.complaint.cause': {'name': "Weather"},
            'gem.crm.complaint.deadline': lambda: {
                'policy_id': policy.id,
                'category_id': cls.env['gem.crm.complaint.category'].create(
                    {'name': f"Category {next(numbers)}"}).id,
            },
            'gem.crm.complaint.policy': lambda: {'company_id': cls._new_company(next(numbers)).id},
            'gem.crm.complaint.address': {'name': "Repairs"},
            'gem.crm.complaint.delivery': {
                'mail_key': '<a@x.example>', 'date': '2026-03-02 09:00:00',
            },
            'gem.crm.complaint.quarantine': {'name': "Wet parcels", 'reason': 'unreadable'},
            'gem.crm.complaint.stage': {'name': "With the supplier"},
            'gem.crm.completeness.criterion': {'name': "Website", 'domain': "[]"},
            'gem.crm.consent': about_horizon,
            'gem.crm.correspondence': about_horizon | {'subject': "Asked for the catalogue"},
            'gem.crm.department': {'name': "Workshop"},
            'gem.crm.discussion': about_horizon | {'name': "Late delivery"},
            'gem.crm.habit': about_horizon | {'product_id': product.id},
            'gem.crm.complaint.cost': {
                'name': "New parcels", 'amount': 10,
                'complaint_id': cls.env['gem.crm.complaint'].create({
                    'name': "Wet", 'partner_id': cls.horizon.id,
                }).id,
            },
            'gem.crm.complaint.line': {
                'move_line_id': invoice.invoice_line_ids.id, 'quantity': 1,
                'complaint_id': cls.env['gem.crm.complaint'].create({
                    'name': "Torn", 'partner_id': cls.horizon.id,
                }).id,
            },
            'gem.crm.credit.guard': {'move': -1},
            'gem.crm.dispute': about_invoice | {
                'reason_id': cls.env['gem.crm.dispute.reason'].create({'name': "Too heavy"}).id,
            },
            'gem.crm.dispute.reason': {'name': "Too light"},
            'gem.crm.need': about_horizon | {'name': "Early delivery"},
            'gem.crm.need.kind': {'name': "Packaging"},
            'gem.crm.note': about_horizon | {'name': "Call back"},
            'gem.crm.product.likeness': of_lanterns | {
                'other_id': product.id, 'kind': 'customer',
            },
            'gem.crm.product.sales': of_lanterns,
            'gem.crm.profile': about_horizon,
            'gem.crm.profile.daily': lambda: about_horizon | {
                'profile_id': cls.env['gem.crm.profile'].create({
                    'partner_id': cls.env['res.partner'].create({'name': "Hotel"}).id,
                    'company_id': cls.env.company.id,
                }).id,
            },
            'gem.crm.profile.history': about_horizon | {'month': '2026-01-01'},
            'gem.crm.profile.mark': {'customer': cls.horizon.id},
            'gem.crm.promise': about_invoice | {'date': '2099-01-01'},
            'gem.crm.profile.scale': {
                'company_id': cls.env.company.id, 'figure': 'interval', 'value': 30,
            },
            'gem.crm.referral': {'name': "Trade fair"},
            'gem.crm.rfm.segment': {'name': "Patrons"},
            'gem.crm.refusal.reason': {'name': "Moved abroad"},
            'gem.crm.segment': {'name': "In Laval", 'domain': "[('city', '=', 'Laval')]"},
            'gem.crm.status': {'name': "Tried out"},
            'gem.crm.status.history': about_horizon | {
                'to_status_id': cls.env['gem.crm.status'].create({'name': "Visited"}).id,
            },
            'gem.crm.tag.assignment': {
                'rule_id': rule.id, 'partner_id': cls.horizon.id, 'since': '2026-01-15',
            },
            'gem.crm.tag.rule': {'segment_id': segment.id},
            'gem.crm.variable': {'name': "Turnover"},
            'gem.crm.variable.option': {'name': "North", 'variable_id': region.id},
        }

    @classmethod
    def _new_company(cls, number):
        """A company of everybody but Olga."""
        company = cls.env['res.company'].create({'name': f"Company {number}"})
        for login in set(ROLES) - {'olga', 'public', 'gaby'}:
            getattr(cls, login).company_ids += company
        return company

    @classmethod
    def sample(cls, model, suffix):
        """Values of a new record of ``model``; ``suffix`` keeps unique names apart."""
        sample = cls.samples.get(model, {})
        vals = dict(sample() if callable(sample) else sample)
        if 'name' in vals:
            vals['name'] += f" {suffix}"
        if model == 'gem.crm.tag.rule':
            # a tag follows one segment only
            vals['category_id'] = cls.env['res.partner.category'].create({'name': suffix}).id
        return vals

    @classmethod
    def seen_record(cls, model):
        """A record of ``model`` about Horizon: a new one, or one that the database computes."""
        if model in cls.samples:
            return cls.env[model].create(cls.sample(model, 'seen'))
        cls.env.flush_all()
        return cls.env[model].search([('partner_id', '=', cls.horizon.id)], limit=1)

    def _allowed(self, record, login):
        """Return the operations that the user really succeeds in, each undone."""
        model = record.with_user(getattr(self, login))
        attempts = {
            'r': lambda: self._seen_by_all_readers(model),
            'c': lambda: model.create(self.sample(record._name, login)),
            'w': lambda: model.write(
                WRITTEN.get(record._name) or {record._rec_name or 'note': "changed"}),
            'u': model.unlink,
        }
        allowed = set()
        for operation, attempt in attempts.items():
            self.env.invalidate_all()
            savepoint = self.cr.savepoint()
            try:
                if attempt() is not False:
                    self.env.flush_all()
                    allowed.add(operation)
            except UserError:  # and AccessError, which is one
                pass
            finally:
                self.env.invalidate_all(flush=False)
                savepoint.close(rollback=True)
                if record._name == 'gem.crm.variable':
                    # The columns it made or dropped are undone as well.
                    self.registry._setup_models__(self.cr, ['gem.crm.note'])
        return allowed

    def _seen_by_all_readers(self, record):
        """Whether the record is seen; it must be by every reader, or by none."""
        domain = [('id', '=', record.id)]

        def seen(reader):
            try:
                return bool(reader())
            except AccessError:
                return False

        answers = {
            'search': seen(lambda: record.search(domain)),
            'count': seen(lambda: record.search_count(domain)),
            'read': seen(lambda: record.read(['display_name'])),
            'web_search_read': seen(
                lambda: record.web_search_read(domain, {'display_name': {}})['records']),
            'name_search': seen(lambda: record.name_search(domain=domain)),
            'group': seen(
                lambda: record.formatted_read_group(domain, [], ['__count'])[0]['__count']),
        }
        self.assertEqual(len(set(answers.values())), 1, f"the readers do not agree: {answers}")
        return answers['read']


@tagged('post_install', '-at_install')
class TestRights(RightsCommon):

    def test_every_model_has_a_row(self):
        ours = {
            model._name for model in self.env.values()
            if model._name.startswith('gem.crm.') and not model._abstract
            and not model._transient
        }
        self.assertEqual(ours, set(RIGHTS), "each model needs a row in RIGHTS, and only they")

    def test_each_role_does_what_its_row_says(self):
        for model, rights in RIGHTS.items():
            record = self.seen_record(model)
            for login in ROLES:
                with self.subTest(model=model, role=login), mute_logger(*SILENT):
                    self.assertEqual(
                        self._allowed(record, login), set(rights[login]), f"{model}, {login}")

    def test_fields_on_partners_are_for_crm_only(self):
        """A portal customer reads their own partner: none of our fields may be plain."""
        ours = {
            name: field for name, field in self.env['res.partner']._fields.items()
            if name.startswith('gem_')
        }
        self.assertTrue(ours)
        for name, field in ours.items():
            self.assertTrue(field.groups, f"{name} is readable by everybody")
        for login in ('public', 'gaby', 'felix'):
            partner = self.horizon.with_user(getattr(self, login))
            self.assertFalse(set(ours) & set(partner.fields_get()))
            for name in ours:
                with self.subTest(role=login, field=name):
                    with self.assertRaises(AccessError):
                        partner.read([name])
                    with self.assertRaises(AccessError):
                        partner.search([(name, '!=', False)])
                    if ours[name].store and ours[name].column_type:
                        with self.assertRaises(AccessError):
                            partner.search([], order=name)
                        with self.assertRaises(AccessError):
                            partner.formatted_read_group([], [name])

    def test_accountant_sees_who_is_in_charge_and_changes_nothing(self):
        horizon = self.horizon.with_user(self.emile)
        self.assertEqual(horizon.gem_account_manager_id, self.amelie)
        self.assertEqual(horizon.gem_in_charge_id, self.amelie)
        with self.assertRaises(AccessError):
            horizon.read(['gem_newsletter'])
        with self.assertRaises(AccessError):
            horizon.write({'gem_account_manager_id': self.emile.id})
        with self.assertRaises(AccessError):
            horizon.create({'name': "Lynx", 'gem_account_manager_id': self.emile.id})


@tagged('post_install', '-at_install')
class TestRightsOverHttp(RightsCommon, HttpCase):
    """The same roles, through the doors an outsider would try."""

    roles_tried = ('gaby', 'felix', 'emile', 'amelie', 'bruno', 'diane')

    def _json2(self, key, model, method, **params):
        response = self.url_open(
            f'/json/2/{model}/{method}',
            data=json.dumps(params),
            headers={'Authorization': f'Bearer {key}', 'Content-Type': 'application/json'},
        )
        return response.status_code, response.json()

    def test_json2(self):
        keys = {
            login: self.env['res.users.apikeys'].with_user(getattr(self, login)).sudo()._generate(
                'rpc', "Rights test", False)
            for login in self.roles_tried
        }
        for model, rights in RIGHTS.items():
            record = self.seen_record(model)
            for login, key in keys.items():
                with self.subTest(model=model, role=login), mute_logger(*SILENT):
                    status, answer = self._json2(
                        key, model, 'search_read',
                        domain=[('id', '=', record.id)], fields=['display_name'])
                    seen = status == 200 and bool(answer)
                    self.assertEqual(seen, 'r' in rights[login], answer)
                    status, answer = self._json2(
                        key, model, 'read', ids=record.ids, fields=['display_name'])
                    self.assertEqual(status == 200, 'r' in rights[login], answer)
                    status, answer = self._json2(
                        key, model, 'create', vals_list=[self.sample(model, f'json {login}')])
                    self.assertEqual(status == 200, 'c' in rights[login], answer)
                    if 'u' not in rights[login]:
                        status, answer = self._json2(key, model, 'unlink', ids=record.ids)
                        self.assertNotEqual(status, 200)
                        self.assertTrue(record.exists())

    def test_web_rpc(self):
        records = {model: self.seen_record(model) for model in RIGHTS}
        for login in self.roles_tried:
            self.authenticate(login, login)
            for model, rights in RIGHTS.items():
                record = records[model]
                with self.subTest(model=model, role=login), mute_logger(*SILENT):
                    try:
                        rows = self.make_jsonrpc_request('/web/dataset/call_kw', {
                            'model': model, 'method': 'web_read', 'args': [record.ids],
                            'kwargs': {'specification': {'display_name': {}}},
                        })
                    except JsonRpcException:
                        rows = []
                    self.assertEqual(bool(rows), 'r' in rights[login])
