"""Pages and mails in both Chinese languages say nothing in English but names and published facts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polib
import pytest
import wcwidth
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from admissions_portal.clock.actions import start_clock_at
from admissions_portal.outbox.models import Message
from admissions_portal.outbox.wording import wrap_text
from admissions_portal.support.management.commands.messages import catalogue_paths
from applications.decisions.actions import refuse_place
from applications.decisions.models import RefusalReason
from applications.evidence.actions import reject_document
from applications.lifecycle.models import Application
from applications.offers.actions import accept_offer, decline_offer, lapse_offers, make_offer
from applications.offers.replies import remind_of_replies
from applications.offers.terms import ConditionTerms, OfferTerms
from applications.submission.actions import submit_application
from applications.submission.declarations import in_force
from applications.submission.reminders import remind_before_deadline
from applications.submission.sections import sections_of
from programmes.models import Programme
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.drafts import AT, own, publish_policies, ready_draft, taught_offering
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db

LANGUAGES = {"zh-hant": "zh-Hant-HK", "zh-hans": "zh-Hans"}
LATE = hkt(2026, 3, 29, 9, 0)  # three days before Round 1 of the factories closes
MADE = hkt(2026, 5, 4, 10, 0)
REPLY_BY = hkt(2026, 5, 29, 23, 59)
TERMS = OfferTerms(REPLY_BY, (ConditionTerms("正式成績單", "由大學寄往辦事處", date(2026, 8, 31)),))
VOID = {"area", "br", "hr", "img", "input", "link", "meta", "path", "use", "wbr"}


class Page(HTMLParser):
    """What is seen or read aloud, less what is marked as English."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lang = ""
        self.texts: list[str] = []
        self.silent: list[bool] = [False]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "html":
            self.lang = named.get("lang") or ""
        silent = self.silent[-1] or tag in {"script", "style"} or (named.get("lang") or "").startswith("en")
        if not silent:
            self.texts += [named[name] or "" for name in ("aria-label", "title", "alt") if name in named]
        if tag not in VOID:
            self.silent.append(silent)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent[-1] and data.strip():
            self.texts.append(" ".join(data.split()))


def english_sentences(po: Path) -> list[str]:
    """Pieces of three words and more of our English, between placeholders and tags."""
    pieces = set()
    for entry in polib.pofile(str(po)):
        translation = entry.msgstr or entry.msgstr_plural.get(0, "")
        for piece in re.split(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>|\n", entry.msgid):
            words = piece.strip(" .,:;()“”")
            if len(words.split()) >= 3 and words not in translation:
                pieces.add(words)
    return sorted(pieces)


@pytest.fixture(scope="module")
def english() -> dict[str, list[str]]:
    paths = catalogue_paths()
    return {"zh-hant": english_sentences(paths["zh_Hant"]), "zh-hans": english_sentences(paths["zh_Hans"])}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def draft(language: str, settings: Any, tmp_path: Path) -> Application:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    publish_policies()
    notes = {"fee_note_zh_hant": "須經大學校務委員會批准", "fee_note_zh_hans": "须经大学校务委员会批准"}
    return ready_draft(taught_offering(**notes), user__language=language)


@pytest.fixture
def read(client: Client, language: str, english: dict[str, list[str]]) -> Callable[..., str]:
    """Open a page in the language, refuse any English sentence of ours on it, return its text."""

    def open_page(address: str, *, data: dict[str, str] | None = None) -> str:
        client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
        with translation.override("en"):  # what the request activates does not reach the next factory
            answer = client.get(address) if data is None else client.post(address, data)
        assert answer.status_code == 200, address
        page = Page(answer.content.decode())
        text = "\n".join(page.texts)
        assert page.lang == LANGUAGES[language]
        assert [sentence for sentence in english[language] if sentence in text] == []
        return text

    return open_page


def sentence(language: str, hant: str, hans: str) -> str:
    return hant if language == "zh-hant" else hans


def test_public_pages(draft: Application, read: Callable[..., str], language: str) -> None:
    start_clock_at(AT)
    programme = Programme.objects.get()
    shown = [
        read(reverse("programmes:catalogue")),
        read(reverse("programmes:programme", args=[programme.slug])),
        read(reverse("eligibility:requirements")),
        *(read(reverse(name)) for name in ("account_signup", "account_login", "account_reset_password")),
        *(read(reverse(f"support:{name}")) for name in ("privacy", "accessibility", "contact")),
        read(reverse("papers:verify")),
    ]
    assert sentence(language, "我可以申請甚麼？", "我可以申请什么？") in shown[0]
    assert sentence(language, "第一輪開放中", "第一轮开放中") in shown[1]
    assert "2026年3月31日 23:59" in shown[1].replace("\xa0", " ")


def test_a_refused_sign_up_is_explained(read: Callable[..., str], language: str) -> None:
    text = read(reverse("account_signup"), data={"email": "lin", "password1": "lin"})
    assert sentence(language, "填寫完整地址", "填写完整地址") in text
    assert sentence(language, "密碼最少 10 個字元", "密码至少 10 个字符") in text


def test_the_whole_form(draft: Application, client: Client, read: Callable[..., str], language: str) -> None:
    start_clock_at(AT)
    client.force_login(draft.applicant.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for section in sections_of(draft, at=AT):
        address = (
            reverse("applications:documents", args=[draft.pk])
            if section.key == "documents"
            else reverse("applications:section", args=[draft.pk, section.key])
        )
        read(address)
    for name in ("review", "findings", "overview"):
        read(reverse(f"applications:{name}", args=[draft.pk]))
    text = read(reverse("applications:home"))
    assert sentence(language, "完成並遞交申請", "完成并提交申请") in text


def test_after_submitting(
    draft: Application, client: Client, read: Callable[..., str], language: str
) -> None:
    submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=AT)
    start_clock_at(MADE)
    case = Application.objects.get(pk=draft.pk)
    client.force_login(case.applicant.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for name in ("receipt", "findings", "overview"):
        read(reverse(f"applications:{name}", args=[case.pk]))
    offer = make_offer(case, terms=TERMS, by=acting(officer(case.offering.programme)), at=MADE)
    read(reverse("applications:home"))
    for name in ("offer", "offer_accept", "offer_decline"):
        read(reverse(f"applications:{name}", args=[offer.pk]))
    accept_offer(offer, by=own(case), at=MADE)
    text = read(reverse("applications:offer", args=[offer.pk]))
    assert sentence(language, "須經大學校務委員會批准", "须经大学校务委员会批准") in text
    assert sentence(language, "你已接受取錄", "你已接受录取") in text


def test_the_offices_pages(
    draft: Application, client: Client, read: Callable[..., str], language: str
) -> None:
    submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=AT)
    start_clock_at(MADE)
    staff = officer(draft.offering.programme)
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    read(reverse("admin:index"))
    read(reverse("admin:applications_application_changelist"))
    text = read(reverse("admin:applications_application_change", args=[draft.pk]))
    assert sentence(language, "申報與證明對照", "申报与证明对照") in text


def _write_every_mail(draft: Application) -> None:
    language = draft.applicant.user.language
    remind_before_deadline(at=LATE)
    submit_application(draft, declaration=in_force(on=LATE.date()), by=own(draft), at=LATE)
    by = acting(officer(draft.offering.programme))
    for end in ("accepted", "declined", "lapsed", "refused"):
        case = CaseFactory(offering=draft.offering, applicant__user__language=language)
        if end == "refused":
            refuse_place(case, reason=RefusalReason.COMPETITION, by=by, at=MADE)
            continue
        offer = make_offer(case, terms=TERMS, by=by, at=MADE)
        if end == "accepted":
            accept_offer(offer, by=own(case), at=MADE)
        elif end == "declined":
            decline_offer(offer, reason="", by=own(case), at=MADE)
    reject_document(draft.documents.get(), reason="第二頁看不清楚。", by=by, at=MADE)
    remind_of_replies(at=hkt(2026, 5, 27))
    lapse_offers(at=hkt(2026, 5, 31))


def test_mails(draft: Application, language: str, english: dict[str, list[str]]) -> None:
    _write_every_mail(draft)
    mails = list(Message.objects.all())
    assert {mail.kind for mail in mails} == {
        "application_received",
        "application_refused",
        "document_rejected",
        "draft_reminder",
        "offer_accepted",
        "offer_declined",
        "offer_lapsed",
        "offer_made",
        "offer_reply_reminder",
    }
    for mail in mails:
        lines = mail.body.splitlines()
        assert mail.language == language
        assert [line for line in lines if wcwidth.width(line) > 64 and "://" not in line] == []
        # no line begins with what closes the one before
        assert [line for line in lines if re.match(r"\s*[，。、：；）」』”]", line)] == []
        whole = " ".join([mail.subject, *lines])
        if "HK$" in whole:
            assert sentence(language, "分 2 期。暫定： 須經大學", "分 2 期。暂定： 须经大学") in whole
        assert [words for words in english[language] if words in whole] == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param(
            "字" * 32 + "。" + "句" * 3, ["字" * 31, "字。句句句"], id="a stop stays behind its word"
        ),
        pytest.param("字" * 31 + "「引」", ["字" * 31, "「引」"], id="a bracket stays before its word"),
        pytest.param(
            "字" * 28 + "2026年5月29日\xa023:59截止",
            ["字" * 28, "2026年5月29日\xa023:59截止"],
            id="a date and its hour stay together",
        ),
        pytest.param(
            "  課程：" + "字" * 20 + " Master of Medical Sciences",
            ["  課程：" + "字" * 20 + " Master of", "  Medical Sciences"],
            id="an indent goes on, words stay whole",
        ),
    ],
)
def test_chinese_lines_break_where_chinese_breaks(text: str, lines: list[str]) -> None:
    assert wrap_text(text).splitlines() == lines
