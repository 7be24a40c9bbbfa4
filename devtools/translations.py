"""Translation files: what is in them, what is missing, and how they follow the sources."""
import re

from . import python_env

python_env.make_importable()

import polib  # noqa: E402

# They change at each export, and say nothing.
DATES = ('POT-Creation-Date', 'PO-Revision-Date')
PLACEHOLDER = re.compile(r'%(?:\(\w+\))?[sdf]|\{\w*\}|\$\{[^}]*\}')


def template(exported):
    """Return the text of the .pot file for what Odoo exported."""
    pot = polib.pofile(str(exported))
    for name in DATES:
        pot.metadata.pop(name, None)
    return _text(pot)


def merge(pot_text, po_text, language):
    """Return the text of the .po file that has the terms of the .pot, and keeps translations."""
    pot = polib.pofile(pot_text)
    known = {_key(entry): entry for entry in polib.pofile(po_text)} if po_text else {}
    for entry in pot:
        if earlier := known.get(_key(entry)):
            entry.msgstr = earlier.msgstr
            entry.flags = earlier.flags
            entry.tcomment = earlier.tcomment
    pot.metadata['Language'] = language
    pot.metadata['Plural-Forms'] = 'nplurals=2; plural=(n > 1);'
    return _text(pot)


def faults(po_text):
    """Return a sentence for each term without a good translation."""
    found = []
    for entry in polib.pofile(po_text):
        if not entry.msgstr:
            found.append(f"not translated: {entry.msgid}")
        elif entry.fuzzy:
            found.append(f"fuzzy: {entry.msgid}")
        elif _placeholders(entry.msgid) != _placeholders(entry.msgstr):
            found.append(f"other placeholders: {entry.msgid} → {entry.msgstr}")
    return found


def _key(entry):
    return (entry.msgctxt, entry.msgid)


def _placeholders(text):
    return sorted(PLACEHOLDER.findall(text))


def _text(po):
    return f'{po.__unicode__().rstrip()}\n'
