"""The databases that others are cloned from: made once, remade when what they hold changes."""
import hashlib

from . import addons, locks, oca, python_env
from .progress import step

# The first is the default of new users and customers.
LANGUAGES = ['en_US', 'fr_FR', 'fr_CA']
OTHER_APPS = 'crm,sale,mass_mailing,project'
# What the web client's first page and the tours load; else each test would wait for it.
WARM_UP = """
bundle = env['ir.qweb']._get_asset_bundle
for name in ('web.assets_web', 'web.assets_tests', 'web.assets_frontend_lazy'):
    bundle(name, css=False).js()
for name in ('web.assets_web', 'web.assets_web_print', 'web.assets_frontend'):
    bundle(name, js=False).css()
env.cr.commit()
"""
IN_FRENCH = """
env['gem.crm.demo']._tell_in_french()
env.cr.commit()
"""


def dependencies(databases, demo=True):
    """Return a database with the modules that the add-ons need, and none of ours."""
    name = databases.name('dependencies' if demo else 'dependencies_without_demo')
    modules = ','.join(['base', *addons.dependencies()])
    made_from = dependencies_fingerprint(databases)
    with locks.waiting_for('setup'):
        if databases.fingerprint(name) != made_from:
            with step("Installing Odoo's modules that gem_crm needs" + " with demo data" * demo):
                databases.create(name)
                databases.run_odoo(
                    name, '--init', modules, f"--load-language={','.join(LANGUAGES)}",
                    *['--with-demo'] * demo, log='dependencies',
                )
            databases.complete(name, made_from)
    return name


def with_addons(databases):
    """Return a database with our add-ons, their demo data, and the web client built."""
    source = dependencies(databases)
    name = databases.name('with_addons')
    made_from = current_fingerprint(databases)
    with locks.waiting_for('setup'):
        if databases.fingerprint(name) != made_from:
            names = ','.join(addons.plain())
            with step(f"Installing {names} with demo data"):
                databases.clone(source, name)
                databases.run_odoo(name, '--init', names, '--with-demo', log='install')
            with step("Building the web client"):
                databases.run_script(name, WARM_UP, log='warm-up')
            databases.complete(name, made_from)
    return name


def tell_in_french(databases, name):
    """Let the demo data of a database speak French."""
    with step("Telling the demo data in French"):
        databases.run_script(name, IN_FRENCH, log='french')


def with_bridges(databases):
    """Return a copy of that with the add-ons of others that bridges are for, and the bridges."""
    databases.more_addons = [oca.ensure()]
    source = with_addons(databases)
    name = databases.name('with_bridges')
    made_from = '-'.join([
        current_fingerprint(databases), oca.fingerprint(), addons.fingerprint(addons.bridges()),
    ])
    with locks.waiting_for('setup'):
        if databases.fingerprint(name) != made_from:
            names = ','.join(addons.bridges())
            with step(f"Installing {names} with demo data"):
                databases.clone(source, name)
                databases.run_odoo(name, '--init', names, '--with-demo', log='bridges')
            databases.complete(name, made_from)
    return name


def with_other_apps(databases):
    """Return a database with apps beside which the add-ons must live, and none of ours."""
    source = dependencies(databases)
    name = databases.name('other_apps')
    made_from = f'{dependencies_fingerprint(databases)}-{OTHER_APPS}'
    with locks.waiting_for('setup'):
        if databases.fingerprint(name) != made_from:
            with step(f"Installing {OTHER_APPS} with demo data"):
                databases.clone(source, name)
                databases.run_odoo(name, '--init', OTHER_APPS, '--with-demo', log='other-apps')
            databases.complete(name, made_from)
    return name


def dependencies_fingerprint(databases):
    """Return a short text that changes when the dependencies must be installed anew."""
    parts = [
        databases.odoo.release, str(databases.odoo.path), python_env.fingerprint(),
        *addons.dependencies(), *LANGUAGES,
    ]
    return hashlib.sha256('\n'.join(parts).encode()).hexdigest()[:16]


def current_fingerprint(databases):
    """Return a short text that changes when our add-ons must be installed or upgraded."""
    return f'{dependencies_fingerprint(databases)}-{addons.fingerprint(addons.plain())}'
