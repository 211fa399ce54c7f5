"""Who is told about the time a visa takes, and what they read."""

import re
from datetime import date

import pytest
from django.template import Context, Template
from django.utils.html import strip_tags

from applications.applicants.choices import Origin, ResidenceStatus
from applications.assessments.actions import correct_answers, settle_status
from applications.assessments.visa import VisaNeed, residence_of, safe_reply_day, visa_need
from programmes.models import Mode
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import CaseFactory, DraftFactory, acting, officer
from tests.factories.drafts import publish_policies, taught_offering
from tests.factories.programmes import hkt

YES, NO, UNKNOWN = VisaNeed.YES, VisaNeed.NO, VisaNeed.UNKNOWN
NEEDS = {
    "": UNKNOWN,
    ResidenceStatus.PERMANENT_RESIDENT: NO,
    ResidenceStatus.RIGHT_OF_ABODE_OR_LAND: NO,
    ResidenceStatus.UNCONDITIONAL_STAY: NO,
    ResidenceStatus.ONE_WAY_PERMIT: NO,
    ResidenceStatus.DEPENDANT_UNDER_18: NO,
    # non-local at HKU, and yet no visa is needed to study
    ResidenceStatus.DEPENDANT_18_OR_OVER: NO,
    ResidenceStatus.DEPENDANT: NO,
    ResidenceStatus.QMAS: NO,
    ResidenceStatus.CAPITAL_INVESTMENT: NO,
    ResidenceStatus.SECOND_GENERATION: NO,
    ResidenceStatus.IANG: NO,
    ResidenceStatus.STUDENT_VISA: YES,
    ResidenceStatus.VISITOR: YES,
    ResidenceStatus.OTHER: UNKNOWN,
    ResidenceStatus.NOT_SURE: UNKNOWN,
}


@pytest.mark.parametrize(("status", "need"), NEEDS.items(), ids=lambda value: str(value) or "not said")
def test_who_needs_a_visa_for_full_time_study(status, need):
    assert visa_need(status, Mode.FULL_TIME) == need


def test_an_employment_visa_allows_part_time_study_alone():
    status = ResidenceStatus.EMPLOYMENT_VISA
    assert [visa_need(status, mode) for mode in (Mode.PART_TIME, Mode.FULL_TIME)] == [NO, UNKNOWN]


def test_every_status_has_been_thought_about():
    assert {*NEEDS, ResidenceStatus.EMPLOYMENT_VISA} == {"", *ResidenceStatus}


OPENED = hkt(2026, 3, 24, 9)


def read(draft, at=OPENED, **more):
    tag = "{% visa_dates_of draft reply_by=reply_by %}" if more else "{% visa_dates_of draft %}"
    html = Template("{% load visa_of %}" + tag).render(Context({"draft": draft, "now": at, **more}))
    text = re.sub(r"\s+", " ", strip_tags(html.replace("<d", " <d"))).strip()
    return text.partition(" Immigration normally takes")[0]


def draft_of(status=ResidenceStatus.STUDENT_VISA, origin=Origin.OVERSEAS, **fields):
    return DraftFactory(applicant=ApplicantFactory(residence_status=status, origin=origin), **fields)


OVERSEAS = (
    "Accept an offer and apply for the visa by 6 July 2026 "
    "Have everything approved by 31 August 2026; without approval nobody may register "
    "Expected start 1 September 2026"
)


@pytest.mark.django_db
def test_somebody_from_overseas_reads_three_days():
    assert read(draft_of()) == f"Time for your visa {OVERSEAS}"


@pytest.mark.django_db
def test_somebody_from_the_mainland_has_two_weeks_less():
    assert read(draft_of(origin=Origin.MAINLAND)) == (
        "Time for your visa Accept an offer and apply for the visa by 22 June 2026 "
        "Have the entry permit label by 17 August 2026; the exit endorsement takes two weeks more "
        "Have everything approved by 31 August 2026; without approval nobody may register "
        "Expected start 1 September 2026"
    )


@pytest.mark.django_db
def test_somebody_who_is_not_sure_reads_both_as_a_possibility():
    text = read(draft_of(ResidenceStatus.NOT_SURE, ""))
    assert text.startswith("If you need a visa If you live anywhere else outside Hong Kong Accept")
    assert "If you live on the Mainland Accept an offer and apply for the visa by 22 June 2026" in text


@pytest.mark.django_db
def test_who_needs_no_visa_reads_nothing():
    assert read(draft_of(ResidenceStatus.PERMANENT_RESIDENT, Origin.HONG_KONG)) == ""


@pytest.mark.django_db
def test_without_a_published_start_no_day_is_given():
    assert read(draft_of(offering__intake__expected_start_on=None)) == (
        "Time for your visa No start is published for this intake, so no last day can be given. "
        "The earlier you apply and reply to an offer, the more time is left."
    )


@pytest.mark.django_db
def test_a_confirmed_start_is_not_called_expected():
    assert read(draft_of(offering__intake__is_start_confirmed=True)).endswith("Start 1 September 2026")
    assert "Expected" not in read(draft_of(offering__intake__is_start_confirmed=True))


LATE = {
    hkt(2026, 7, 6, 23): OVERSEAS,
    hkt(2026, 7, 7): f"{OVERSEAS} The longest normal time no longer fits before the start. "
    "Until 20 July 2026 the shortest still does.",
    hkt(2026, 7, 21): f"{OVERSEAS} Even the shortest normal time no longer fits before the start. "
    "Ask the office before you rely on this intake.",
}


@pytest.mark.django_db
@pytest.mark.parametrize(("at", "text"), LATE.items(), ids=["in time", "tight", "late"])
def test_as_the_start_comes_nearer(at, text):
    assert read(draft_of(), at) == f"Time for your visa {text}"


@pytest.mark.django_db
def test_an_offer_that_stays_open_longer_says_until_when_a_reply_leaves_time():
    draft = draft_of(offering__intake__expected_start_on=date(2026, 9, 1))
    early, late = hkt(2026, 7, 6, 23, 59), hkt(2026, 7, 7, 23, 59)
    assert read(draft, reply_by=early) == f"Time for your visa {OVERSEAS}"
    assert read(draft, reply_by=late).startswith(
        "Time for your visa Reply by 6 July 2026 to leave the longest normal time for a visa. "
        "The offer itself stays open until 7 July 2026, 23:59 HKT. Accept"
    )


@pytest.mark.django_db
def test_what_an_officer_settled_counts_before_what_was_declared():
    publish_policies()
    case = CaseFactory(
        offering=taught_offering(),
        applicant__residence_status=ResidenceStatus.NOT_SURE,
        applicant__origin=Origin.OVERSEAS,
    )
    office = acting(officer(case.offering.programme))
    read_of_it = []
    for status in (ResidenceStatus.STUDENT_VISA, ResidenceStatus.PERMANENT_RESIDENT):
        settle_status(case, status, reason="The paper.", by=office, at=hkt(2026, 4, 14))
        case.refresh_from_db()
        read_of_it.append((residence_of(case), safe_reply_day(case), read(case)[:18]))
    assert read_of_it == [
        (("STUDENT_VISA", "OVERSEAS"), date(2026, 7, 6), "Time for your visa"),
        (("PERMANENT_RESIDENT", "OVERSEAS"), None, ""),
    ]


@pytest.mark.django_db
def test_a_correction_of_the_office_counts_for_the_submission_it_was_made_to():
    publish_policies()
    case = CaseFactory(
        offering=taught_offering(),
        applicant__residence_status=ResidenceStatus.PERMANENT_RESIDENT,
        applicant__origin=Origin.HONG_KONG,
    )
    values = {"residence_status": "STUDENT_VISA", "origin": "MAINLAND"}
    by = acting(officer(case.offering.programme))
    correct_answers(case, group="", row=None, values=values, by=by, at=hkt(2026, 4, 14))
    assert residence_of(case) == ("STUDENT_VISA", "MAINLAND")
