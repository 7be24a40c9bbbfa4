from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.gem_crm.tests.test_gem_crm_note import NoteCommon


@tagged('post_install', '-at_install')
class TestNoteFollow(NoteCommon):

    def _new_note(self, action, **typed):
        """Save the form that ``action`` opens, with only what is ``typed`` added."""
        self.assertEqual((action['target'], action['views']), ('new', [(False, 'form')]))
        form = Form(self.Note.with_context(**action['context']))
        for name, value in typed.items():
            form[name] = value
        return form.save()

    def test_status_proposes_the_next_note(self):
        self.on_hold.next_action_id = self.ship
        note = self._note(partner_id=self.ines.id)
        self.assertFalse(note.proposed_action_id)
        note.status_id = self.on_hold
        self.assertEqual(note.proposed_action_id, self.ship)
        self.assertRecordValues(self._new_note(note.action_plan_next()), [{
            'partner_id': self.horizon.id, 'contact_id': self.ines.id, 'kind': 'internal',
            'action_id': self.ship.id, 'user_id': self.chloe.id, 'previous_id': note.id,
        }])
        self.assertFalse(note.proposed_action_id, "planned once")

    def test_done_offers_the_e_mail_of_the_action(self):
        self.call.mail_template_id = self.env['mail.template'].create({
            'name': "Price list",
            'model_id': self.env['ir.model']._get_id('gem.crm.note'),
            'partner_to': "{{ object.partner_id.id }}",
            'subject': "Our price list",
        })
        notes = self._note(action_id=self.call.id) | self._note()
        self.assertFalse(notes[1].action_done(), "nothing to send")
        action = notes[0].action_done()
        composer = Form(self.env['mail.compose.message'].with_user(self.amelie).with_context(
            **action['context']))
        self.assertEqual(composer.subject, "Our price list")
        self.assertEqual(composer.partner_ids[:], self.horizon)
        self.assertTrue(notes[0].date_done)

    def test_note_from_an_invoice(self):
        invoice = self._invoice(self.horizon)
        note = self._new_note(invoice.gem_action_view_notes(), name="Ask about page 2")
        self.assertRecordValues(note, [{'partner_id': self.horizon.id, 'move_id': invoice.id}])
        invoice.invalidate_recordset()
        accountant_s = invoice.with_user(self.emile)
        self.assertEqual(accountant_s.gem_note_count, 1)
        action = accountant_s.gem_action_view_notes()
        self.assertEqual(accountant_s.env['gem.crm.note'].search(action['domain']), note)

    def test_notes_of_a_customer(self):
        self._note().action_done()
        note = self._note()
        ines = self.ines.with_user(self.amelie)
        self.assertEqual(ines.gem_open_note_count, 1)
        action = ines.gem_action_view_notes()
        self.assertIn(note, self.Note.search(action['domain']))

    def test_note_of_a_message(self):
        message = self.ines.with_context(tracking_disable=False).message_post(
            body=Markup("We need <b>forty</b> copies"), subject="Forty copies",
            message_type='comment')
        note = self._new_note(self.Note.action_from_message(message.id))
        self.assertRecordValues(note, [{
            'partner_id': self.horizon.id, 'contact_id': self.ines.id, 'name': "Forty copies",
        }])
        self.assertIn("We need *forty* copies", note.description)
        self.assertIn(f'href="/mail/message/{message.id}"', note.description)

    def test_note_of_a_message_on_an_invoice(self):
        invoice = self._invoice(self.ines)
        message = invoice.message_post(body=Markup("&lt;script&gt;When is it due?"))
        note = self._new_note(self.Note.sudo().action_from_message(message.id))
        self.assertRecordValues(note, [{'partner_id': self.horizon.id, 'move_id': invoice.id}])
        self.assertNotIn("<script>", note.description)

    def test_no_note_of_what_one_may_not_read(self):
        message = self._invoice(self.juniper).message_post(body="Secret")
        with self.assertRaises(AccessError):
            self.Note.action_from_message(message.id)

    def test_no_note_of_a_message_about_no_customer(self):
        channel = self.env['discuss.channel'].create({'name': "Kitchen"})
        message = channel.message_post(body="Coffee?", message_type='comment')
        with self.assertRefused(UserError, "about no customer"):
            self.Note.sudo().action_from_message(message.id)
