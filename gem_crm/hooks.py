from odoo.fields import Domain


def post_init_hook(env):
    """Read what was exchanged with the customers before the add-on came, and compute them."""
    env['mail.message']._gem_start_past()
    env['gem.crm.profile.mark']._mark_everybody()


def uninstall_hook(env):
    """Remove the variables with their columns, and the saved searches on what is gone."""
    variables = env['gem.crm.variable'].with_context(active_test=False, gem_delete_values=True)
    variables.search([]).unlink()
    env['ir.filters'].with_context(active_test=False).search(
        Domain('model_id', '=like', 'gem.crm.%')
        | Domain('domain', 'like', 'gem_')
        | Domain('context', 'like', 'gem_')
        | Domain('sort', 'like', 'gem_')
    ).unlink()
