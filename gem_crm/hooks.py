from odoo.fields import Domain
from odoo.tools import SQL


def post_init_hook(env):
    """Read what was exchanged with the customers before the add-on came, and compute them."""
    env['mail.message']._gem_start_past()
    env['gem.crm.profile.mark']._mark_everybody()


def uninstall_hook(env):
    """Let Odoo remove everything of ours, and nothing else."""
    _remove_variables(env)
    # Invoices go back into reminders, if they were there before they were disputed.
    env['gem.crm.dispute'].search([('state', '=', 'open')])._end('hand')
    _remove_saved_searches(env)
    _remove_sequences(env)
    _give_reminders_back(env)
    _leave_what_is_in_the_books(env)
    _drop_foreign_keys(env)


def _remove_variables(env):
    """Remove the variables with their columns, which belong to no module."""
    variables = env['gem.crm.variable'].with_context(active_test=False, gem_delete_values=True)
    variables.search([]).unlink()


def _remove_saved_searches(env):
    """Remove the saved searches that would point at fields that are gone."""
    env['ir.filters'].with_context(active_test=False).search(
        Domain('model_id', '=like', 'gem.crm.%')
        | Domain('domain', 'like', 'gem_')
        | Domain('context', 'like', 'gem_')
        | Domain('sort', 'like', 'gem_')
    ).unlink()


def _remove_sequences(env):
    """Remove the numbering of each company, which belongs to no module."""
    env['ir.sequence'].with_context(active_test=False).search(
        [('code', '=like', 'gem.crm.%')]).unlink()


def _give_reminders_back(env):
    """Have customers reminded again of disputed invoices, which nothing would end any more."""
    env['gem.crm.dispute'].search([('state', '=', 'open')])._end('hand')


def _leave_what_is_in_the_books(env):
    """Make ordinary records of the demo customers and products of invoices.

    They cannot be deleted with the add-on, as invoices are kept.
    """
    env.flush_all()
    env.cr.execute(SQL(
        """
        DELETE FROM ir_model_data
              WHERE module = 'gem_crm'
                AND (model = 'res.partner' AND res_id IN (
                        SELECT partner_id FROM account_move
                         UNION SELECT commercial_partner_id FROM account_move)
                  OR model = 'product.product' AND res_id IN (
                        SELECT product_id FROM account_move_line)
                  OR model = 'product.template' AND res_id IN (
                        SELECT product_tmpl_id FROM product_product
                         WHERE id IN (SELECT product_id FROM account_move_line)))
        """
    ))
    env.registry.clear_cache()


def _drop_foreign_keys(env):
    """Drop the foreign keys of columns that go, lest they keep records from being deleted."""
    env['ir.model.constraint'].search(
        Domain('module.name', '=', 'gem_crm') & Domain('type', '=', 'f')
    ).unlink()
