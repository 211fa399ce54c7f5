"""The PDF copy: of a draft, marked as one, and of what was received, with its receipt."""

import io

import pikepdf
import pytest
import uharfbuzz
from django.urls import reverse
from django.utils import translation

from admissions_portal.papers.actions import render_due_papers
from admissions_portal.papers.models import Paper
from admissions_portal.papers.press import _fonts_for, compose
from applications.submission.actions import submit_application
from applications.submission.copies import copy_draft
from applications.submission.declarations import DECLARATIONS, Declared, in_force
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import DraftFactory
from tests.factories.drafts import AT, own, ready_draft
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db


def submit(draft, at=AT):
    return submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=at)


def words_of(paper):
    """The page as the press composes it, each tag a line's end."""
    page = compose(
        paper.template, {**paper.context, "number": paper.number, "code": paper.code}, language=paper.language
    )
    return page.replace("\N{NO-BREAK SPACE}", " ")


def test_a_drafts_copy_says_that_it_is_one_who_and_when(draft):
    paper = copy_draft(draft, by=own(draft), at=AT)
    page = words_of(paper)
    assert page.count("Draft, not submitted") == 3  # both margins and the box at the top
    assert "24 March 2026, 09:00:00 HKT" in page
    assert "LAM Tsz Ching" in page
    assert 'class="qr"' not in page


def test_a_drafts_copy_proves_nothing_to_anybody(client, draft):
    paper = copy_draft(draft, by=own(draft), at=AT)
    assert client.get(reverse("papers:verify_code", args=[paper.code])).status_code == 404


def test_asking_twice_makes_one_copy_and_a_changed_answer_takes_its_place(draft):
    first = copy_draft(draft, by=own(draft), at=AT)
    assert copy_draft(draft, by=own(draft), at=hkt(2026, 3, 24, 10, 0)) == first
    draft.applicant.preferred_name = "Chloe"
    draft.applicant.save()
    second = copy_draft(draft, by=own(draft), at=hkt(2026, 3, 24, 11, 0))
    assert list(Paper.objects.filter(kind="draft_copy")) == [second]


def test_a_draft_without_any_answer_has_a_copy(offering):
    nobody = ApplicantFactory(
        family_name="",
        given_names="",
        chinese_name="",
        date_of_birth=None,
        phone="",
        address_1="",
        country="",
    )
    draft = DraftFactory(applicant=nobody, offering=offering, specialisation=None)
    copy_draft(draft, by=own(draft), at=AT)
    assert render_due_papers() == 1
    assert Paper.objects.get().is_rendered


def test_submitting_takes_the_drafts_copy_away_and_queues_the_receipts(draft):
    copy_draft(draft, by=own(draft), at=AT)
    submission = submit(draft)
    [paper] = Paper.objects.all()
    assert (paper.kind, paper.number, paper.version, paper.code) == (
        "receipt",
        "MMS26-000001",
        1,
        submission.receipt_code,
    )


def test_the_receipts_copy_holds_number_time_code_fingerprint_answers_and_what_was_declared(draft):
    submission = submit(draft, at=hkt(2026, 3, 28, 9, 41, 7))
    page = words_of(submission.paper)
    groups = [submission.sha256[start : start + 4] for start in range(0, 64, 4)]
    spelt = " ".join(submission.receipt_code[start : start + 4] for start in range(0, 12, 4))
    for text in (
        "MMS26-000001",
        "28 March 2026, 09:41:07 HKT (UTC+8)",
        " ".join(groups[:8]),
        " ".join(groups[8:]),
        spelt,
        "Metabolic Medicine",
        *map(str, DECLARATIONS[0].sentences),
    ):
        assert text in page
    assert "Draft" not in page


def test_the_copy_is_a_tagged_pdf_in_the_applicants_language_with_every_han_character(offering):
    draft = ready_draft(offering, family_name="LAM", chinese_name="林芷晴𠮷")
    draft.applicant.user.language = "zh-hant"
    draft.applicant.user.save()
    submission = submit(draft)
    assert render_due_papers() == 1
    paper = Paper.objects.get()
    assert paper.status == "RENDERED", paper.error
    with pikepdf.open(io.BytesIO(bytes(paper.pdf))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "zh-hant"
    assert "2026年3月24日" in paper.context["received"]
    assert submission.content["profile"]["chinese_name"] == "林芷晴𠮷"


def test_a_space_after_a_han_character_has_a_glyph_in_every_face():
    fonts, _rules = _fonts_for(frozenset(map(ord, "課程 intake")))
    for made in fonts.values():
        assert 0x20 in uharfbuzz.Face(uharfbuzz.Blob(made)).unicodes


def test_a_character_no_font_has_is_printed_as_a_box_and_refuses_nothing(draft):
    draft.applicant.address_1 = "Flat A \U0002a6d0 \ue000x\ue001"
    draft.applicant.save()
    submission = submit(draft)
    assert "Flat A □ □x□" in words_of(submission.paper)
    assert submission.content["profile"]["address_1"] == "Flat A \U0002a6d0 \ue000x\ue001"
    assert render_due_papers() == 1
    assert Paper.objects.get().is_rendered


def test_the_words_that_were_declared_stay_when_others_come_into_force(draft, monkeypatch):
    submission = submit(draft)
    said = [text["sentences"] for text in submission.declared]
    monkeypatch.setattr("applications.submission.declarations.DECLARATIONS", ())
    submission.refresh_from_db()
    assert [text["sentences"] for text in submission.declared] == said


def test_what_is_declared_is_kept_in_the_language_it_was_read_in(draft):
    with translation.override("zh-hans"):
        submission = submit(draft)
        shown = Declared.on(AT.date())
    assert submission.content["declaration"] == shown.declaration
    assert submission.content["declaration"]["language"] == "zh-hans"
