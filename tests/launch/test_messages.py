"""Message catalogues are compiled without GNU gettext."""

import gettext
from pathlib import Path

from admissions_portal.launch.messages import compile_catalogues

CATALOGUE = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"

msgid "Offer"
msgstr "取錄通知"

#, fuzzy
msgid "Deadline"
msgstr "不肯定"

msgid "%(days)s day"
msgid_plural "%(days)s days"
msgstr[0] "%(days)s 日"
"""


def test_a_translation_is_read_back_and_an_uncertain_one_is_not(tmp_path: Path) -> None:
    source = tmp_path / "admissions_portal" / "locale" / "zh_Hant" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE, encoding="utf-8")
    assert compile_catalogues(tmp_path) == [source.with_suffix(".mo")]
    with source.with_suffix(".mo").open("rb") as file:
        read = gettext.GNUTranslations(file)
    assert read.gettext("Offer") == "取錄通知"
    assert read.gettext("Deadline") == "Deadline"
    assert read.ngettext("%(days)s day", "%(days)s days", 3) == "%(days)s 日"
