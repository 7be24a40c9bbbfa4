"""Bring the .pot and fr.po of the add-ons up to date; list the terms still to translate.

With --check nothing is changed; files that are not up to date are a failure as well.
"""
from .. import addons, templates
from ..paths import DEV, ROOT
from ..process import run
from ..progress import say, step
from ..testing import test_database

LANGUAGE = 'fr'


def add_arguments(parser):
    parser.add_argument('--check', action='store_true', help="change nothing")


def main(args):
    exported = _export(templates.with_addons, addons.plain())
    if addons.bridges():
        exported |= _export(templates.with_bridges, addons.bridges())
    return int(any([_follow(name, path, args.check) for name, path in exported.items()]))


def _export(template, names):
    """Export the terms of these add-ons from a copy of that database; return a file for each."""
    exported = {name: DEV / 'i18n' / f'{name}.po' for name in names}
    (DEV / 'i18n').mkdir(exist_ok=True)
    with test_database(template) as (dbs, database):
        config = dbs.write_config(database)
        for name, path in exported.items():
            with step(f"Exporting the terms of {name}"):
                command = dbs.odoo.command(
                    'i18n', 'export', '--config', config, '--output', path, name,
                )
                run(command, log='i18n', env=dbs.env())
    return exported


def _follow(name, exported, check):
    """Bring one add-on's files up to date; tell what is wrong, and whether anything is."""
    # Not before the virtual environment is there.
    from .. import translations
    folder = ROOT / name / 'i18n'
    pot_file, po_file = folder / f'{name}.pot', folder / f'{LANGUAGE}.po'
    pot = translations.template(exported)
    po = translations.merge(pot, _read(po_file), LANGUAGE)
    stale = [file for file, text in ((pot_file, pot), (po_file, po)) if _read(file) != text]
    if not check:
        folder.mkdir(exist_ok=True)
        pot_file.write_text(pot)
        po_file.write_text(po)
        stale = []
    faults = [f"{file.relative_to(ROOT)} is out of date: run `./dev i18n`" for file in stale]
    faults += [f"{po_file.relative_to(ROOT)}: {fault}" for fault in translations.faults(po)]
    for fault in faults:
        say(fault)
    return bool(faults)


def _read(file):
    return file.read_text() if file.exists() else ''
