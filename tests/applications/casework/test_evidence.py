"""The page of one document, its forms, and what the case page shows of names and statuses."""

from __future__ import annotations

import re

import pytest

from applications.applicants.choices import ResidenceStatus as R
from applications.assessments.models import ShownStatus
from applications.assessments.queries import findings_of, latest_assessment, requirements_of
from applications.casework.request_forms import suggested
from applications.evidence.models import Document, EvidenceRequest, PrintedDifference, SlotCode
from applications.evidence.slots import DocumentSlot, Need
from applications.lifecycle.queries import person_of
from eligibility.wording import explain
from tests.applications.casework.test_case_page import NOW, VERIFY, case, desk, door, told
from tests.factories.evidence import DocumentFactory, pdf, upload

pytestmark = pytest.mark.django_db
__all__ = ["case"]


def page_of(client, case, document):
    return client.get(door(case, "document", document.pk)).content.decode()


def test_one_press_verifies_what_is_printed_like_the_profile(case):
    """The very inputs of the case page's form, as drawn."""
    for slot in (SlotCode.DEGREE, SlotCode.ENGLISH_TEST, SlotCode.RESIDENCE, SlotCode.OTHER):
        DocumentFactory(application=case, slot=slot, name=f"{slot}.pdf")
    office = desk(case)
    for document in Document.objects.all():
        page = office.get(door(case, "change")).content.decode()
        address = door(case, "document", document.pk)
        form = next(
            each
            for each in re.findall(rf'<form[^>]*action="{address}">(.*?)</form>', page, re.DOTALL)
            if 'value="verify"' in each
        )
        sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        office.post(address, sent | {"verdict": "verify"})
    assert set(Document.objects.values_list("status", flat=True)) == {"VERIFIED"}
    printed = {row.document.slot: (row.name, row.date_of_birth) for row in case.printed_identities.all()}
    born = case.applicant.date_of_birth
    assert printed == {
        "DEGREE": ("LAM Tsz Ching", None),
        "ENGLISH_TEST": ("LAM Tsz Ching", born),
        "RESIDENCE": ("LAM Tsz Ching", born),
    }
    assert [(row.status, row.contradicts) for row in ShownStatus.objects.all()] == [
        ("PERMANENT_RESIDENT", False)
    ]


def test_a_document_stands_beside_its_claim_and_the_next_follows(case):
    first, second = (DocumentFactory(application=case, name=name) for name in ("one.pdf", "two.pdf"))
    office = desk(case)
    page = page_of(office, case, first)
    assert f'<iframe src="/documents/{first.pk}/" loading="lazy" title="one.pdf">' in page
    assert 'value="LAM Tsz Ching"' in page
    shown = office.get(f"/documents/{first.pk}/")
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    response = office.post(door(case, "document", first.pk), VERIFY | {"go_on": "1"})
    assert response.url == door(case, "document", second.pk)
    rejected = {"verdict": "reject", "reason": "Page 2 is missing.", "go_on": "1"}
    assert office.post(door(case, "document", second.pk), rejected).url == door(case, "change")
    better = DocumentFactory(application=case, name="better.pdf", replaces=second)
    page = page_of(office, case, better)
    assert page.count("<iframe") == 2
    assert "Page 2 is missing." in page


def test_a_name_that_differs_is_flagged_and_settled_from_its_page(case):
    document, office = DocumentFactory(application=case), desk(case)
    office.post(door(case, "document", document.pk), VERIFY | {"name": "LEE Mei"})
    page = office.get(door(case, "change"))
    assert page.context["next_act"].title == "Settle a name that differs"
    assert page.context["names_open"] == 1
    difference = PrintedDifference.objects.get()
    given = {"settled_as": "DEED", "reason": "Typed and kept."}
    again = office.post(door(case, "difference", difference.pk), given)
    assert list(again.context["difference_form"].errors) == ["deed"]
    assert "Typed and kept." in again.content.decode()
    office.post(door(case, "difference", difference.pk), given | {"settled_as": "ALIAS"})
    difference.refresh_from_db()
    assert (difference.settled_as, difference.reason) == ("ALIAS", "Typed and kept.")
    assert office.get(door(case, "change")).context["names_open"] == 0
    office.post(door(case, "difference", difference.pk), {"verdict": "reopen"})
    assert office.get(door(case, "change")).context["names_open"] == 1


def test_a_name_left_empty_by_mistake_is_asked_for(case):
    document, office = DocumentFactory(application=case), desk(case)
    for given, errors in (({"name": ""}, ["name"]), ({"name": "", "prints_no_name": "on"}, None)):
        response = office.post(door(case, "document", document.pk), VERIFY | given)
        assert (list(response.context["check_form"].errors) if errors else response.status_code) == (
            errors or 302
        )


def test_a_file_is_moved_from_its_page_and_another_filed(case):
    document, office = DocumentFactory(application=case), desk(case)
    office.post(door(case, "document_slot", document.pk), {"slot": "OTHER:"})
    assert Document.objects.get().slot == SlotCode.OTHER
    again = office.post(door(case, "document_slot", document.pk), {"slot": "nothing"})
    assert list(again.context["slot_form"].errors) == ["slot"]
    given = {"slot": "ENGLISH_TEST:", "part": "ORIGINAL", "file": upload(pdf(3), "sent.pdf")}
    response = office.post(door(case, "file"), given, follow=True)
    assert told(response) == ["“sent.pdf” is filed, and waits to be checked."]
    assert Document.objects.get(slot=SlotCode.ENGLISH_TEST).filed_by is not None
    wrong = {"slot": "ENGLISH_TEST:", "part": "GRADING_SCALE", "file": upload(b"no", "x.txt")}
    assert list(office.post(door(case, "file"), wrong).context["form"].errors) == ["part"]
    broken = given | {"file": upload(b"no", "x.txt")}
    assert "is no PDF" in str(office.post(door(case, "file"), broken).context["form"].errors["file"])


def test_what_a_contradicting_status_would_mean_stands_on_the_case(case):
    document, office = DocumentFactory(application=case, slot=SlotCode.RESIDENCE), desk(case)
    office.post(door(case, "document", document.pk), VERIFY | {"status": R.STUDENT_VISA})
    assert EvidenceRequest.objects.get().clause == "AMB-04b"
    page = office.get(door(case, "change"))
    meaning = page.context["status_meaning"]
    assert (meaning.shown.status, meaning.counting) == (R.STUDENT_VISA, R.PERMANENT_RESIDENT.label)
    assert "A document shows another status in Hong Kong" in page.content.decode()
    office.post(door(case, "status"), {"status": R.STUDENT_VISA, "reason": "Label seen."})
    assert "status_meaning" not in office.get(door(case, "change")).context


def test_a_request_begun_from_a_finding_says_when_and_speaks_the_applicants_language(case):
    case.applicant.user.language = "zh-hant"
    case.applicant.user.save()
    page = desk(case).get(door(case, "ask"), {"clause": "HKU-STATUS"})
    begun = page.context["form"].initial
    assert (begun["kind"], begun["wants"], begun["due_on"]) == (
        "LATER_BLOCKING",
        "DOCUMENT",
        NOW.date().replace(month=6, day=1),
    )
    assert re.search("[\u4e00-\u9fff]", begun["words"])


@pytest.mark.parametrize(
    ("slot", "told", "kind", "due_on"),
    [
        pytest.param(SlotCode.DEGREE, {}, "NOW", "2026-05-18", id="had to be there at submission"),
        pytest.param(
            SlotCode.DEGREE,
            {"qualifications": [{"status": "EXPECTED", "completed_on": "2026-06-30", "relied_on": True}]},
            "LATER_BLOCKING",
            "2026-07-07",
            id="a degree still to come",
        ),
        pytest.param(
            SlotCode.ENGLISH_TEST,
            {"english_tests": [{"booked": True, "report_expected_on": "2026-05-20"}]},
            "LATER_BLOCKING",
            "2026-05-27",
            id="a booked test",
        ),
        pytest.param(
            SlotCode.ENGLISH_TEST,
            {"english_tests": [{"booked": True, "report_expected_on": "2026-05-01"}]},
            "NOW",
            "2026-05-18",
            id="a report that should be there",
        ),
    ],
)
def test_when_what_a_finding_asks_for_is_due(case, slot, told, kind, due_on):
    finding = findings_of(latest_assessment(case))[0]
    text = explain(finding, requirements_of(latest_assessment(case)))
    asking = DocumentSlot(slot, "", "", Need.TO_SUBMIT, (finding,))
    begun = suggested(text, [asking], person_of(case) | told, on=NOW.date())
    assert (begun["kind"], str(begun["due_on"])) == (kind, due_on)


def test_who_decided_a_clause_is_kept_and_shown(case):
    """HKU-E4: the clause names the examiners."""
    office = desk(case)
    given = {"code": "HKU-E4", "outcome": "MET", "reason": "Passed.", "authority": "Board of Examiners"}
    office.post(door(case, "finding"), given)
    page = office.get(door(case, "change")).content.decode()
    assert "On the authority of: Board of Examiners" in page
    assert case.officer_findings.get().overrides is False
