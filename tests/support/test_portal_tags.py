"""Names, money, states and dates in templates."""

import re
from datetime import datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils.translation import override

from admissions_portal.clock import HONG_KONG
from admissions_portal.support.templatetags import portal

TEMPLATES = Path(settings.BASE_DIR) / "templates"
CLOSE = datetime(2026, 3, 31, 23, 59, tzinfo=HONG_KONG)
NOW = datetime(2026, 3, 25, 10, 14, tzinfo=HONG_KONG)


def drawn(source: str, **context: object) -> str:
    return Template("{% load portal %}" + source).render(Context(context)).replace("\xa0", " ")


def test_a_binding_date_is_absolute_and_relative() -> None:
    assert drawn("{% due close now %}", close=CLOSE, now=NOW) == (
        '<time datetime="2026-03-31T23:59+08:00" data-pg-moment>31 March 2026, 23:59 HKT</time> '
        '<small class="pg-nowrap" data-pg-countdown="2026-03-31T23:59:00+08:00">(in 6 days)</small>'
    )


def test_now_may_be_asked_for_only_when_needed() -> None:
    assert drawn("{{ close|countdown:now }}", close=CLOSE, now=lambda: NOW) == "in 6 days"


def test_an_absent_date_leaves_nothing() -> None:
    assert drawn("[{{ at|hkt }}{{ at|hkday }}{% moment at %}{% due at now %}]", at=None, now=NOW) == "[]"


@pytest.mark.parametrize(
    ("family", "given", "chinese", "written"),
    [
        pytest.param(
            "LIN",
            "Yuhan",
            "林雨涵",
            'LIN Yuhan <span class="pg-han" lang="zh">林雨涵</span>',
            id="three names",
        ),
        pytest.param("Raghunathan", "", "", "Raghunathan", id="one name is complete"),
        pytest.param("de Souza", "maria", "", "de Souza maria", id="case as written"),
        pytest.param(
            "", "", "林雨涵", '<span class="pg-han" lang="zh">林雨涵</span>', id="Chinese name alone"
        ),
        pytest.param("𠮷田", "", "", '<span class="pg-han" lang="zh">𠮷田</span>', id="rare character"),
        pytest.param("<b>", "&", "", "&lt;b&gt; &amp;", id="markup is text"),
    ],
)
def test_names_stand_as_written(family: str, given: str, chinese: str, written: str) -> None:
    who = SimpleNamespace(family_name=family, given_names=given, chinese_name=chinese)
    assert portal.person(who) == written


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (198000, "HKD", "HK$198,000"),
        (Decimal("198000.00"), "HKD", "HK$198,000"),
        (Decimal("330.50"), "HKD", "HK$330.50"),
        (1200, "USD", "USD\xa01,200"),
        (None, "HKD", ""),
    ],
)
def test_money(amount: Decimal | int | None, currency: str, written: str) -> None:
    assert portal.money(amount, currency) == written


class Outcome(Enum):
    NEEDS_EVIDENCE = "NEEDS_EVIDENCE"


@pytest.mark.parametrize(
    ("outcome", "shape", "word"),
    [
        ("MET", "met", "Met"),
        ("not_met", "notmet", "Not met"),
        ("notmet", "notmet", "Not met"),
        (Outcome.NEEDS_EVIDENCE, "evidence", "Needs evidence"),
        ("REFER", "refer", "Refer"),
        ("PENDING_OFFICER", "pending", "Pending officer"),
        ("not-applicable", "na", "Not applicable"),
    ],
)
def test_a_state_is_a_shape_and_a_word(outcome: object, shape: str, word: str) -> None:
    html = portal.status(outcome)
    assert f'<use href="/static/images/icons.svg#{shape}"/>' in html
    assert html == (
        f'<span class="pg-status pg-is-{shape}"><svg class="pg-icon" aria-hidden="true">'
        f'<use href="/static/images/icons.svg#{shape}"/></svg>{word}</span>'
    )


def test_a_state_without_a_shape_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        portal.status("MAYBE")


def test_a_fingerprint_is_read_in_groups() -> None:
    assert portal.grouped("9f2c41d807be6a53") == "9f2c 41d8 07be 6a53"


def test_a_telephone_can_be_dialled() -> None:
    assert portal.telephone_link("(+852) 3910 2821") == "tel:+85239102821"


@pytest.mark.parametrize(
    ("size", "words"), [(900, "1 kB"), (64_000, "64 kB"), (1_440_000, "1.4 MB"), (None, "")]
)
def test_sizes_of_files(size: int | None, words: str) -> None:
    assert portal.filesize_words(size).replace("\xa0", " ") == words


def test_a_fee_never_stands_without_its_status() -> None:
    html = drawn(
        '{% include "_components/fee.html" with amount=amount is_provisional=True note=note instalments=2 %}',
        amount=198000,
        note="subject to the University Council’s approval.",
    )
    assert " ".join(html.split()) == (
        '<span class="pg-fee"><strong>HK$198,000</strong>, 2 instalments. '
        "<strong>Provisional:</strong> subject to the University Council’s approval.</span>"
    )


def test_the_way_up() -> None:
    assert drawn('{% crumbs "/" "Programmes" "/x/" name %}', name="A & B") == (
        '<nav class="pg-crumbs" aria-label="You are here"><ol><li><a href="/">Programmes</a></li>'
        '<li><a href="/x/">A &amp; B</a></li></ol></nav>'
    )


@pytest.mark.parametrize(("language", "between"), [("en", " "), ("zh-hant", ""), ("zh-hans", "")])
def test_sentences_are_joined_as_the_language_joins_them(language: str, between: str) -> None:
    with override(language):
        assert drawn("{% gap %}") == between


def test_no_page_puts_a_plain_space_between_two_sentences() -> None:
    beside = re.compile(r'[.!?](?:" %\}|\{% endblocktranslate %\}) (?:\{% (?:block)?translate|<a )')
    pages = [page for page in TEMPLATES.rglob("*.html") if "admin" not in page.parts]
    assert [page.name for page in pages if beside.search(page.read_text())] == []
