from odoo import api, models, tools
from odoo.tools import SQL


class GemCrmBatchThreadMixin(models.AbstractModel):
    """A discussion thread that does for many records at once what mail.thread does for each."""
    _name = 'gem.crm.batch.thread.mixin'
    _description = "Thread Kept in Batches"
    _inherit = ['mail.thread', 'mail.activity.mixin']

    @api.model_create_multi
    def create(self, vals_list):
        # Who wrote a record, and when, stands on it rather than in one more message each.
        quiet = self.with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True, mail_notrack=True)
        records = super(GemCrmBatchThreadMixin, quiet).create(vals_list).with_env(self.env)
        # Empty in cache, these would be kept up to date one activity and follower at a time.
        records.invalidate_recordset(
            ['activity_ids', 'message_follower_ids', 'message_ids'], flush=False)
        return records

    @api.model
    def _prepare_create_values(self, vals_list):
        # Looked up once rather than for each of them.
        defaults = self._add_missing_default_values({})
        return super()._prepare_create_values([defaults | vals for vals in vals_list])

    @api.model
    def default_get(self, fields):
        # Most fields have no default, and are asked for with each record all the same.
        having = self._fields_with_default().union(
            self.env['ir.default']._get_model_defaults(self._name),
            (key.removeprefix('default_') for key in self.env.context),
        )
        return super().default_get([name for name in fields if name in having])

    @api.model
    @tools.ormcache()
    def _fields_with_default(self):
        """Return the names of the fields that the model itself gives a default."""
        return frozenset(
            name for name, field in self._fields.items() if field.default or field.inherited)

    @api.model
    def _add_precomputed_values(self, vals_list):
        # Many at once are alike, as in an import: what is computed is computed for one of them.
        for names, follows_from in self._precomputed_together():
            alike = {}
            for vals in vals_list:
                alike.setdefault(tuple(map(vals.get, follows_from)), []).append(vals)
            records = self.browse().concat(*(
                self.new(dict(zip(follows_from, values, strict=True))) for values in alike))
            for record, together in zip(records, alike.values(), strict=True):
                computed = {
                    name: self._fields[name].convert_to_write(record[name], self)
                    for name in names
                }
                for vals in together:
                    vals.update(computed | vals)
        return super()._add_precomputed_values(vals_list)

    @api.model
    def _precomputed_together(self):
        """Return what is the same for records that are created alike.

        :return: list of (names of precomputed fields, names of all columns that they follow from)
        """
        return []

    def _follow(self, partner):
        """Have somebody of the company follow the records, with the usual subtypes.

        What message_subscribe does, in two statements for all of them; who follows already goes
        on as before.

        :param partner: res.partner, that of an internal user
        """
        default, _internal, _external = self.env['mail.message.subtype'].default_subtypes(
            self._name)
        self.env['mail.followers'].flush_model()
        self.env.execute_query(SQL(
            """
            WITH follower AS (
                INSERT INTO mail_followers (res_model, res_id, partner_id)
                SELECT %(model)s, UNNEST(%(ids)s), %(partner)s
                    ON CONFLICT (res_model, res_id, partner_id) DO NOTHING
             RETURNING id
            )
            INSERT INTO mail_followers_mail_message_subtype_rel
                        (mail_followers_id, mail_message_subtype_id)
            SELECT follower.id, subtype FROM follower, UNNEST(%(subtypes)s) AS subtype
         RETURNING mail_followers_id
            """,
            model=self._name, ids=self.ids, partner=partner.id, subtypes=default.ids,
        ))
        self.invalidate_recordset(
            ['message_follower_ids', 'message_partner_ids', 'message_is_follower'], flush=False)

    def _message_track(self, fields_iter, initial_values_dict):
        """Log the changes of many records at once, where mail.thread does it one by one."""
        if len(self) < 2:
            return super()._message_track(fields_iter, initial_values_dict)
        tracked_fields = self.fields_get(
            fields_iter, attributes=('string', 'type', 'selection', 'currency_field'))
        tracking = {
            record.id: record._mail_track(tracked_fields, initial_values_dict[record.id])
            for record in self.exists()
        }
        changed = self.filtered(lambda record: record.id in tracking and tracking[record.id][1])
        messages = changed._message_log_batch(dict.fromkeys(changed.ids, ''))
        self.env['mail.tracking.value'].sudo().create([
            dict(vals, mail_message_id=message.id)
            for message in messages
            for _create, _id, vals in tracking[message.res_id][1]
        ])
        return tracking
