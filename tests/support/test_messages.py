"""The catalogues hold every text and change nothing in it but its language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib
import pytest
from django.core.management import CommandError, call_command

from admissions_portal.support.management.commands import messages
from admissions_portal.support.management.commands.messages import (
    Text,
    catalogue_paths,
    collect_texts,
    merge,
    problems_of,
)

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
title = _("A title "
          "in two lines")
count = ngettext("%(n)d day", "%(n)d days", 2)
month = pgettext("month", "May")
not_ours = print("Not a text")
"""
TEMPLATE = """{% load i18n %}{% translate "A heading" as heading %}
    {% blocktranslate trimmed asvar line with name=person %}
        Dear
        {{ name }}
    {% endblocktranslate %}
{% blocktranslate count n=things %}{{ n }} thing{% plural %}{{ n }} things{% endblocktranslate %}
{% translate "May" context "month" %}{% translate unmarked %}{# _("in a comment") #}
{% include "x.html" with title=_("An argument") %}"""


def entry(msgid: str, msgstr: str = "", **more: Any) -> polib.POEntry:
    return polib.POEntry(msgid=msgid, msgstr=msgstr, **more)


def catalogue(*entries: polib.POEntry) -> polib.POFile:
    made = polib.POFile()
    made.extend(entries)
    return made


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "programmes").mkdir()
    (tmp_path / "programmes/models.py").write_text(PYTHON)
    (tmp_path / "templates/letters").mkdir(parents=True)
    (tmp_path / "templates/page.html").write_text(TEMPLATE)
    (tmp_path / "templates/mail.txt").write_text('{% load i18n %}{% translate "A subject" %}')
    (tmp_path / "templates/letters/offer.html").write_text('{% load i18n %}{% translate "A letter" %}')
    return tmp_path


def test_every_text_of_the_portal_is_translated() -> None:
    call_command("messages", check=True)


def test_texts_are_found_in_python_templates_and_mails(project: Path) -> None:
    assert collect_texts(project) == {
        Text(None, "A title in two lines", ""): ["programmes/models.py"],
        Text(None, "%(n)d day", "%(n)d days"): ["programmes/models.py"],
        Text("month", "May", ""): ["programmes/models.py", "templates/page.html"],
        Text(None, "A subject", ""): ["templates/mail.txt"],
        Text(None, "A heading", ""): ["templates/page.html"],
        Text(None, "Dear %(name)s", ""): ["templates/page.html"],
        Text(None, "%(n)s thing", "%(n)s things"): ["templates/page.html"],
        Text(None, "An argument", ""): ["templates/page.html"],
    }


def test_collecting_keeps_translations_and_drops_what_is_gone() -> None:
    old = catalogue(entry("Kept", "留"), entry("Gone", "去"))
    merged = merge(old, {Text(None, "New", ""): ["a.py"], Text(None, "Kept", ""): ["b.py"]}, "zh_Hant")
    assert [(e.msgid, e.msgstr, e.occurrences) for e in merged] == [
        ("New", "", [("a.py", "")]),
        ("Kept", "留", [("b.py", "")]),
    ]


def test_collecting_twice_changes_nothing(project: Path) -> None:
    texts = collect_texts(project)
    once = str(merge(polib.POFile(), texts, "zh_Hant"))
    assert str(merge(polib.pofile(once), texts, "zh_Hant")) == once


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        pytest.param([], "missing: 'Dear %(name)s'", id="a text is missing"),
        pytest.param([entry("Dear %(name)s")], "empty: 'Dear %(name)s'", id="a translation is empty"),
        pytest.param(
            [entry("Dear %(name)s", "%(name)s 你好", flags=["fuzzy"])],
            "fuzzy: 'Dear %(name)s'",
            id="a translation is doubtful",
        ),
        pytest.param(
            [entry("Dear %(name)s", "%(nam)s 你好")],
            "differing in '%(nam)s', '%(name)s': 'Dear %(name)s'",
            id="a placeholder has another name",
        ),
        pytest.param(
            [entry("Dear %(name)s", "<b>%(name)s</b> 你好")],
            "differing in '</b>', '<b>': 'Dear %(name)s'",
            id="a tag is invented",
        ),
        pytest.param(
            [entry("Dear %(name)s", "%(name)s 你好"), entry("Gone", "去")],
            "obsolete: 'Gone'",
            id="nobody says it any more",
        ),
        pytest.param(
            [entry("Dear %(name)s", "%(name)s 你好"), entry("Gone", "去", obsolete=True)],
            "obsolete: 'Gone'",
            id="kept as a comment",
        ),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_named(broken: list[polib.POEntry], problem: str) -> None:
    assert problems_of(catalogue(*broken), [Text(None, "Dear %(name)s", "")]) == [problem]


def test_a_plural_keeps_the_placeholders_of_many() -> None:
    text = Text(None, "One day", "%(n)d days")
    for translation, found in (("%(n)d 天", []), ("一天", ["differing in '%(n)d': 'One day'"])):
        row = entry("One day", msgid_plural="%(n)d days", msgstr_plural={0: translation})
        assert problems_of(catalogue(row), [text]) == found


def test_one_singular_has_one_plural() -> None:
    texts = [Text(None, "One day", "%(n)d days"), Text(None, "One day", "%(count)d days")]
    rows = [entry("One day", msgid_plural=t.plural, msgstr_plural={0: t.plural}) for t in texts]
    assert problems_of(catalogue(*rows), texts) == ["two plurals: 'One day'"]


def test_an_incomplete_catalogue_stops_the_test_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole = catalogue_paths()["zh_Hant"]
    copy = tmp_path / "django.po"
    copy.write_text(
        whole.read_text(encoding="utf-8").replace('msgstr "遞交申請"', 'msgstr ""'), encoding="utf-8"
    )
    monkeypatch.setattr(messages, "catalogue_paths", lambda: {"zh_Hant": copy})
    with pytest.raises(CommandError, match="zh_Hant: empty: 'Submit application'"):
        call_command("messages", check=True)
