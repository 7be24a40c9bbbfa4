from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.common import FollowUpCommon


class NoteCommon(FollowUpCommon):
    """Adds to the cast the choices the stories are about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Action, Status = cls.env['gem.crm.action'], cls.env['gem.crm.status']
        # The tests must not depend on what a company made of the choices shipped.
        Action.search([]).active = False
        Status.search([]).active = False
        cls.ship, cls.call, cls.mail_internal, cls.mail_sales = Action.create([
            {'name': "Ship", 'kind': 'internal', 'assignee': 'fixed', 'user_id': cls.chloe.id,
             'delay': 2},
            {'name': "Call", 'kind': 'sales', 'assignee': 'manager', 'delay': 1},
            {'name': "E-mail", 'kind': 'internal'},
            {'name': "E-mail", 'kind': 'sales'},
        ])
        cls.todo, cls.no_answer, cls.done = Status.create([
            {'name': "To do", 'kind': 'internal', 'sequence': 1},
            {'name': "No answer", 'kind': 'internal', 'sequence': 2, 'state': 'waiting'},
            {'name': "Done", 'kind': 'internal', 'sequence': 3, 'state': 'done'},
        ])
        cls.prospect, cls.on_hold, cls.lost = Status.create([
            {'name': "Prospect", 'kind': 'sales', 'sequence': 1},
            {'name': "On hold", 'kind': 'sales', 'sequence': 2, 'state': 'waiting'},
            {'name': "Refused", 'kind': 'sales', 'sequence': 3, 'state': 'refused'},
        ])
        cls.price = cls.env['gem.crm.refusal.reason'].create({'name': "Too expensive"})
        cls.Note = cls.env['gem.crm.note'].with_user(cls.amelie)

    @classmethod
    def _note(cls, **vals):
        return cls.Note.create({'partner_id': cls.horizon.id, 'name': "Call back"} | vals)

    @classmethod
    def _invoice(cls, partner, **vals):
        return cls.env['account.move'].create({
            'move_type': 'out_invoice',
            'partner_id': partner.id,
            'invoice_line_ids': [Command.create({'name': "Books", 'price_unit': 100})],
        } | vals)


@tagged('post_install', '-at_install')
class TestNote(NoteCommon):

    @freeze_time('2026-03-10 12:00:00')
    def test_the_action_proposes_who_and_when(self):
        self.horizon.gem_deputy_id = self.bruno
        note = self._note(action_id=self.call.id, name=False)
        self.assertEqual(note.user_id, self.bruno, "the deputy is in charge")
        self.assertEqual(note.date_due, date(2026, 3, 11))
        self.assertEqual(note.display_name, "Call")
        note = self._note(action_id=self.ship.id, kind='internal')
        self.assertEqual(note.user_id, self.chloe)
        self.assertEqual(note.date_due, date(2026, 3, 12))
        note = self._note()
        self.assertEqual(note.user_id, self.amelie)
        self.assertEqual(note.date_due, date(2026, 3, 10))
        note = self._note(action_id=self.call.id, user_id=False, date_due='2026-05-05')
        self.assertFalse(note.user_id, "what was chosen stays")
        self.assertEqual(note.date_due, date(2026, 5, 5))
        note.action_id = self.mail_sales
        self.assertEqual(note.date_due, date(2026, 5, 5), "a default is for new notes only")

    @freeze_time('2026-03-10 12:00:00')
    def test_form_proposes_as_one_types(self):
        form = Form(self.Note)
        form.partner_id = self.horizon
        form.action_id = self.call
        self.assertEqual(form.user_id, self.amelie)
        self.assertEqual(form.date_due, date(2026, 3, 11))
        self.assertEqual(form.status_id, self.prospect)
        form.action_id = self.mail_sales
        form.kind = 'internal'
        self.assertEqual(form.action_id, self.mail_internal, "the same action of the other kind")
        self.assertEqual(form.status_id, self.todo)
        form.action_id = self.ship
        form.kind = 'sales'
        self.assertFalse(form.action_id, "no action of that name")
        form.name = "Thank for the visit"
        note = form.save()
        self.assertEqual((note.kind, note.status_id), ('sales', self.prospect))

    def test_day_chosen_in_the_calendar_stays(self):
        form = Form(self.Note.with_context(default_date_due='2026-04-01'))
        form.partner_id = self.horizon
        form.action_id = self.call
        self.assertEqual(form.date_due, date(2026, 4, 1))

    def test_says_something(self):
        with mute_logger('odoo.sql_db'), self.assertRefused(IntegrityError, "says_something"):
            self._note(name=False)

    def test_choices_are_of_the_kind_of_the_note(self):
        with self.assertRefused(ValidationError, "“Ship” is for notes of the kind “Internal”"):
            self._note(action_id=self.ship.id)
        note = self._note(kind='internal')
        with self.assertRefused(ValidationError, "“Prospect” is for notes of the kind “Sales”"):
            note.status_id = self.prospect
        self.assertRecordValues(
            self._note(action_id=self.mail_sales.id) | note,
            [
                {'kind': 'sales', 'action_id': self.mail_sales.id, 'status_id': self.prospect.id},
                {'kind': 'internal', 'action_id': False, 'status_id': self.todo.id},
            ],
        )

    def test_refusal_asks_why(self):
        note = self._note()
        with self.assertRefused(ValidationError, "Why did Horizon Books refuse?"):
            note.status_id = self.lost
        with self.assertRefused(ValidationError, "Why did Horizon Books refuse?"):
            self._note(status_id=self.lost.id)
        note.write({'status_id': self.lost.id, 'refusal_reason_id': self.price.id})
        self.assertTrue(note.date_done, "what is refused is not to be done")
        note.status_id = self.on_hold
        self.assertFalse(note.date_done)
        self.assertFalse(note.refusal_reason_id)

    def test_many_are_assigned_and_changed_together(self):
        notes = self._note() | self._note(partner_id=self.kayak.id) | self._note(name="Visit")
        theirs = notes.with_user(self.chloe)
        theirs.action_assign_to_me()
        self.assertEqual(notes.user_id, self.chloe)
        self.assertEqual(notes.activity_ids.user_id, self.chloe)
        theirs.write({'status_id': self.lost.id, 'refusal_reason_id': self.price.id})
        self.assertEqual(notes.mapped('state'), ['refused'] * 3)
        self.assertEqual((self.horizon | self.kayak).gem_sales_status_id, self.lost)
        self.assertFalse(self.env['mail.activity'].search([('res_id', 'in', notes.ids),
                                                           ('res_model', '=', notes._name)]))

    @freeze_time('2026-03-10 12:00:00')
    def test_done_and_reopened(self):
        task, call = self._note(kind='internal'), self._note()
        (task | call).action_done()
        today = date(2026, 3, 10)
        self.assertRecordValues(task | call, [
            {'date_done': today, 'status_id': self.done.id},
            {'date_done': today, 'status_id': self.prospect.id},
        ])
        (task | call).action_reopen()
        self.assertRecordValues(task | call, [
            {'date_done': False, 'status_id': self.todo.id},
            {'date_done': False, 'status_id': self.prospect.id},
        ])
        task.status_id = self.done
        self.assertEqual(task.date_done, today)
        self.assertEqual(self._note(kind='internal', status_id=self.done.id).date_done, today)

    def test_contact_and_invoice_of_the_customer(self):
        note = self._note(partner_id=self.ines.id)
        self.assertRecordValues(note, [
            {'partner_id': self.horizon.id, 'contact_id': self.ines.id},
        ])
        with self.assertRefused(ValidationError, "Ines Cote is no contact of Juniper Cafe"):
            self._note(partner_id=self.juniper.id, contact_id=self.ines.id)
        invoice = self._invoice(self.horizon)
        self.assertEqual(self._note(move_id=invoice.id).move_id, invoice)
        with self.assertRefused(ValidationError, "is no invoice of Kayak Club"):
            self._note(partner_id=self.kayak.id, move_id=invoice.id)

    @freeze_time('2026-03-10 12:00:00')
    def test_duplicate_starts_afresh(self):
        note = self._note(action_id=self.call.id, priority='2', description="<p>Ask for Ines</p>")
        note.action_done()
        copy = note.copy()
        self.assertRecordValues(copy, [{
            'name': "Call back", 'action_id': self.call.id, 'priority': '2',
            'date_due': date(2026, 3, 11), 'date_done': False, 'status_id': self.prospect.id,
        }])
        self.assertNotEqual(copy.reference, note.reference)

    def test_text_carries_no_script(self):
        note = self._note(description='<p onclick="x()">Hi<script>alert(1)</script></p>')
        self.assertEqual(note.description, "<p>Hi</p>")

    def test_reference_is_numbered_by_company(self):
        otter = self.env['res.company'].create({'name': "Otter Prints"})
        self.env['ir.sequence'].create({
            'code': 'gem.crm.note', 'name': "Otter's notes", 'prefix': "O-", 'padding': 3,
            'company_id': otter.id,
        })
        notes = self.env['gem.crm.note'].create([
            {'partner_id': self.horizon.id, 'name': "Call back", 'company_id': company.id}
            for company in (otter, self.env.company, otter)
        ])
        self.assertEqual(notes.mapped('reference')[::2], ["O-001", "O-002"])
        self.assertRegex(notes[1].reference, r"^N\d{5}$")

    def test_assignee_opens_and_finishes_the_note(self):
        note = self._note(user_id=self.bruno.id)
        other = self._note()
        theirs = note.with_user(self.bruno)
        self.assertEqual(theirs.search([('partner_id', '=', self.horizon.id)]), theirs)
        theirs.action_done()
        self.assertTrue(note.date_done)
        with self.assertRaises(AccessError):
            theirs.unlink()
        with self.assertRaises(AccessError):
            other.with_user(self.bruno).read(['name'])

    def test_accountant_reads_notes_about_invoices_only(self):
        about = self._note(move_id=self._invoice(self.horizon).id, action_id=self.call.id)
        other = self._note()
        Note = self.Note.with_user(self.emile)
        self.assertEqual(Note.search([('id', 'in', (about | other).ids)]), about)
        self.assertEqual(about.with_user(self.emile).action_id.name, "Call")
        with self.assertRaises(AccessError):
            about.with_user(self.emile).action_done()
        self.assertFalse(about.date_done)

    def test_columns_are_all_the_statuses_of_the_kind(self):
        note = self._note()
        Note = self.Note.with_context(default_kind='sales', read_group_expand=True)
        columns = Note.formatted_read_group([('id', '=', note.id)], ['status_id'], ['__count'])
        self.assertEqual(
            [column['status_id'][0] for column in columns],
            [self.prospect.id, self.on_hold.id, self.lost.id])

    def test_import_and_export_by_name(self):
        result = self.Note.with_context(import_file=True).load(
            ['partner_id', 'kind', 'action_id', 'status_id', 'name', 'date_due', 'user_id'],
            [
                ["Horizon Books", "Sales", "Call", "On hold", "Ask again", "2026-04-01", "bruno"],
                ["Kayak Club", "Internal", "Ship", "", "", "2026-04-02", "bruno"],
            ],
        )
        self.assertFalse(result['messages'])
        asked, shipped = self.Note.browse(result['ids'])
        self.assertRecordValues(asked, [{
            'action_id': self.call.id, 'status_id': self.on_hold.id, 'user_id': self.bruno.id,
        }])
        self.assertRecordValues(shipped, [{'status_id': self.todo.id, 'user_id': self.bruno.id}])
        exported = asked.sudo().export_data(
            ['partner_id', 'kind', 'action_id', 'status_id', 'name'])
        self.assertEqual(
            exported['datas'], [["Horizon Books", "Sales", "Call", "On hold", "Ask again"]])


@tagged('post_install', '-at_install')
class TestNoteSettings(NoteCommon):

    def test_settings_are_for_administrators(self):
        action = self.env.ref('gem_crm.gem_crm_settings_menu')
        Menu = self.env['ir.ui.menu']
        self.assertIn(action.id, Menu.with_user(self.diane)._visible_menu_ids())
        for user in (self.amelie, self.chloe, self.emile):
            self.assertNotIn(action.id, Menu.with_user(user)._visible_menu_ids())
            with self.assertRaises(AccessError):
                self.prospect.with_user(user).name = "Suspect"

    def test_choices_in_use_are_archived_not_deleted(self):
        note = self._note(action_id=self.call.id)
        for choice in (note.action_id, note.status_id):
            with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError):
                choice.with_user(self.diane).unlink()
                self.env.flush_all()
        self.call.with_user(self.diane).active = False
        self.assertEqual(note.action_id, self.call)

    def test_fixed_person_must_be_chosen(self):
        with self.assertRefused(ValidationError, "Choose the person to whom “Call”"):
            self.call.assignee = 'fixed'

    def test_shipped_choices_are_readable(self):
        """WCAG 2.2 asks for a contrast of 4.5:1."""
        def luminance(color):
            shares = [int(color[start:start + 2], 16) / 255 for start in (1, 3, 5)]
            red, green, blue = [
                share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
                for share in shares
            ]
            return 0.2126 * red + 0.7152 * green + 0.0722 * blue

        for model in ('gem.crm.action', 'gem.crm.status'):
            shipped = self.env['ir.model.data'].search(
                [('module', '=', 'gem_crm'), ('model', '=', model)])
            for choice in self.env[model].browse(shipped.mapped('res_id')):
                dark, light = sorted(
                    luminance(color) for color in (choice.text_color, choice.background_color))
                self.assertGreaterEqual((light + 0.05) / (dark + 0.05), 4.5, choice.name)


@tagged('post_install', '-at_install')
class TestNoteCompanies(NoteCommon):

    def test_notes_and_invoices_stay_in_their_company(self):
        otter = self.env['res.company'].create({'name': "Otter Prints"})
        olga = new_test_user(
            self.env, 'olga', 'gem_crm.gem_crm_group_user_all', name="Olga Weber",
            company_id=otter.id, company_ids=[Command.set(otter.ids)])
        note = self._note()
        self.assertFalse(self.Note.with_user(olga).search([('id', '=', note.id)]))
        with self.assertRaises(UserError):
            self.env['gem.crm.note'].create({
                'partner_id': self.horizon.id, 'name': "Ask", 'company_id': otter.id,
                'move_id': self._invoice(self.horizon).id,
            })
