"""What stands behind ./dev: Python's standard library only, and no Odoo."""
