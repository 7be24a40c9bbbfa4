"""The add-ons of this repository, read from their files."""
import ast
import hashlib

from .paths import ROOT

# What lives in these folders is read from disk when used, never copied into a database.
NOT_IN_DATABASE = {'tests', 'static', 'readme', '__pycache__'}


def names():
    """Return the add-ons' names, the core one first."""
    return sorted(path.parent.name for path in ROOT.glob('gem_crm*/__manifest__.py'))


def bridges():
    """Return those that need more than the core one does, and so databases of their own."""
    core = names()[0]
    enough = {core, *manifest(core)['depends']}
    return [name for name in names() if not enough.issuperset(manifest(name)['depends'])]


def plain():
    """Return those that need nothing but what the core one needs, that one first."""
    return [name for name in names() if name not in bridges()]


def manifest(name):
    """Return an add-on's manifest."""
    return ast.literal_eval((ROOT / name / '__manifest__.py').read_text())


def dependencies():
    """Return the modules of Odoo that the add-ons need, those of bridges aside."""
    ours = set(names())
    needed = {module for name in plain() for module in manifest(name).get('depends', [])}
    return sorted(needed - ours)


def fingerprint(ours):
    """Return a short text that changes with all that installing these add-ons reads."""
    digest = hashlib.sha256()
    for name in ours:
        for path in sorted((ROOT / name).rglob('*')):
            relative = path.relative_to(ROOT)
            if path.is_file() and not NOT_IN_DATABASE.intersection(relative.parts):
                digest.update(f'{relative}\0'.encode() + path.read_bytes() + b'\0')
    return digest.hexdigest()[:16]
