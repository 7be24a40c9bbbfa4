"""How ./dev i18n keeps translations, and what it finds missing."""
from devtools import translations

POT = '''
msgid ""
msgstr ""
"POT-Creation-Date: 2026-01-01 00:00+0000\\n"
"PO-Revision-Date: 2026-01-01 00:00+0000\\n"
"Project-Id-Version: Odoo Server 19.0\\n"

#. module: gem_crm
msgid "Need"
msgstr ""

#. module: gem_crm
msgid "Deputy of %(manager)s"
msgstr ""
'''
PO = '''
msgid ""
msgstr ""

msgid "Gone"
msgstr "Parti"

msgid "Need"
msgstr "Besoin"
'''


def test_template_has_no_dates(tmp_path):
    exported = tmp_path / 'gem_crm.po'
    exported.write_text(POT)
    text = translations.template(exported)
    assert '2026' not in text
    assert 'Odoo Server 19.0' in text


def test_merge_keeps_translations_and_drops_what_is_gone():
    merged = translations.merge(POT, PO, 'fr')
    assert 'msgstr "Besoin"' in merged
    assert 'Parti' not in merged
    assert '#. module: gem_crm' in merged
    assert translations.merge(POT, merged, 'fr') == merged


def test_untranslated_term_is_a_fault():
    assert translations.faults(translations.merge(POT, PO, 'fr')) == [
        "not translated: Deputy of %(manager)s",
    ]


def test_lost_placeholder_is_a_fault():
    po = 'msgid "Deputy of %(manager)s"\nmsgstr "Suppléant de %(gerant)s"\n'
    [fault] = translations.faults(po)
    assert fault.startswith("other placeholders")


def test_fuzzy_term_is_a_fault():
    assert translations.faults('#, fuzzy\nmsgid "Need"\nmsgstr "Besoin"\n') == ["fuzzy: Need"]
