"""Advanced standing: who may ask, when, what the rules say, and what the Board decided (HKU-AS1 to AS4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import QueryDict

from admissions_portal.accounts.roles import Role
from admissions_portal.history.queries import events_about
from admissions_portal.outbox.models import Message
from applications.applicants.models import PriorCourse
from applications.assessments.actions import assess_application
from applications.assessments.models import Assessment
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.standing.actions import StandingRefused, decide_course, request_standing, save_courses
from applications.standing.models import ClaimStatus, CourseClaim, StandingRequest, StandingStatus
from applications.standing.queries import granted_so_far, standing_rules
from applications.standing.telling import shown_request
from applications.worklists.desk import waiting_piles
from applications.worklists.filters import Narrowing
from applications.worklists.queries import annotate_listing
from tests.factories.applications import CaseFactory, DraftFactory, acting, officer
from tests.factories.drafts import own, publish_policies, research_offering, taught_offering
from tests.factories.programmes import hkt

NOW = hkt(2026, 4, 20, 10, 0)
BOARD = date(2026, 4, 24)
LATER = hkt(2026, 4, 27, 15, 0)


@pytest.fixture(autouse=True)
def policies(db):
    publish_policies()


@pytest.fixture
def offering():
    made = taught_offering()
    made.intake.expected_start_on = date(2026, 9, 1)
    made.intake.save()
    return made


@pytest.fixture
def case(offering):
    return CaseFactory(offering=offering)


@pytest.fixture
def office(case):
    return acting(officer(case.offering.programme))


def course(case, title="Biostatistics", **changed):
    fields = {
        "institution": "Example University",
        "credits": 6,
        "passed": True,
        "completed_on": date(2023, 6, 30),
    }
    return PriorCourse.objects.create(applicant=case.applicant, title=title, **(fields | changed))


def ask(case, **changed):
    given = {"statement": "Same content as MMED6001.", "by": own(case), "at": NOW} | changed
    return request_standing(Application.objects.get(pk=case.pk), **given)


def decide(claim, granted=None, *, by, reason="Covers less than half.", on=BOARD, at=LATER):
    return decide_course(
        CourseClaim.objects.get(pk=claim.pk), granted=granted, decided_on=on, reason=reason, by=by, at=at
    )


# asking


def test_a_request_keeps_its_courses_its_findings_and_tells_the_applicant(case):
    prior = course(case, grade="A-")
    made = ask(case)
    [claim] = made.courses.all()
    assert (claim.course, claim.title, claim.credits, claim.grade, claim.status) == (
        prior,
        "Biostatistics",
        6,
        "A-",
        ClaimStatus.OPEN,
    )
    assert (made.status, made.received_at) == (StandingStatus.RECEIVED, NOW)
    assert made.rules == list(standing_rules(case, at=NOW).ids)
    [message] = Message.objects.filter(kind="standing_requested")
    assert (message.about_id, "Biostatistics, Example University: 6 credits asked for" in message.body) == (
        str(case.pk),
        True,
    )
    event = list(events_about(case))[-1]
    assert (event.kind, event.data) == ("standing.requested", {"request": str(made.pk), "courses": 1})


def test_what_was_asked_stays_as_it_was_when_the_record_changes(case):
    prior = course(case)
    made = ask(case)
    PriorCourse.objects.filter(pk=prior.pk).update(title="Another name")
    prior.refresh_from_db()
    assert made.courses.get().title == "Biostatistics"
    prior.delete()
    assert made.courses.get().course is None


def test_a_request_sent_twice_is_one(case):
    course(case)
    assert ask(case) == ask(case)
    assert (StandingRequest.objects.count(), Message.objects.filter(kind="standing_requested").count()) == (
        1,
        1,
    )


def test_the_database_holds_one_open_request_a_case(case):
    course(case)
    ask(case)
    with pytest.raises(IntegrityError), transaction.atomic():
        StandingRequest.objects.create(
            application=case, statement="x", received_at=NOW, rules=[], findings={}
        )


@pytest.mark.parametrize(
    ("day", "outcome"),
    [
        pytest.param(date(2021, 9, 1), "PENDING_OFFICER", id="HKU-AS2 five years before to the day"),
        pytest.param(date(2021, 8, 31), "NOT_MET", id="HKU-AS2 a day more than five years"),
    ],
)
def test_each_course_is_judged_by_its_age(case, day, outcome):
    course(case, completed_on=day)
    [shown] = shown_request(ask(case)).courses
    assert (shown.finding.code, shown.finding.outcome) == ("HKU-AS2", outcome)


def test_more_than_the_limit_may_be_asked_for(case):
    for number in range(3):
        course(case, f"Course {number}", credits=6)
    made = ask(case)
    assert (made.findings["claimed"], made.findings["claimable"]) == (18, 12)
    codes = {each.code: each.outcome for each in shown_request(made).findings}
    assert codes == {"HKU-AS1": "MET", "HKU-AS3": "PENDING_OFFICER", "HKU-AS4": "MET"}


@pytest.mark.parametrize(
    ("at", "taken"),
    [
        pytest.param(hkt(2026, 8, 31, 23, 59, 59), True, id="HKU-AS4 the last second before"),
        pytest.param(hkt(2026, 9, 1, 0, 0, 0), False, id="HKU-AS4 the day the programme begins"),
    ],
)
def test_a_request_is_received_before_commencement(case, at, taken):
    course(case)
    if taken:
        assert ask(case, at=at).received_at == at
        return
    with pytest.raises(StandingRefused, match=r"The programme began on 1.September.2026"):
        ask(case, at=at)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"statement": "  "}, "Write what makes the courses equivalent", id="nothing written"),
        pytest.param({"courses": 0}, "List at least one course", id="no course"),
        pytest.param({"credits": None}, "how many credits", id="credits not said"),
        pytest.param({"state": State.REFUSED}, "while it has not ended", id="ended"),
    ],
)
def test_a_request_that_cannot_be_made(case, change, sentence):
    if change.get("courses", 1):
        course(case, credits=change.get("credits", 6))
    if state := change.get("state"):
        Application.objects.filter(pk=case.pk).update(state=state)
    with pytest.raises(StandingRefused, match=sentence):
        ask(case, statement=change.get("statement", "Same content."))
    assert StandingRequest.objects.count() == 0


def test_a_draft_and_a_programme_that_grants_none_take_no_request(offering):
    draft = DraftFactory(offering=offering)
    course(draft)
    with pytest.raises(StandingRefused, match="once the application is submitted"):
        ask(draft)
    research = CaseFactory(offering=research_offering())
    course(research)
    with pytest.raises(StandingRefused, match="grant no advanced standing"):
        ask(research)


def test_nobody_asks_for_somebody_else(case, office):
    course(case)
    with pytest.raises(PermissionDenied):
        ask(case, by=office)


def test_courses_are_kept_as_typed_and_those_asked_for_stay(case):
    asked = course(case)
    ask(case)
    typed = {
        "course-0-row": [str(asked.pk)],
        "course-0-title": ["Changed"],
        "course-0-institution": ["Elsewhere"],
        "course-0-credits": ["x"],
    }
    filled = save_courses(case, typed, by=own(case), at=NOW)
    asked.refresh_from_db()
    assert asked.title == "Biostatistics"
    told = [problem.sentence.split(": ")[1] for problem in filled.problems]
    assert "Write a whole number in figures, for example 4." in told


def test_a_course_is_taken_out_and_no_other_person_s(case, offering):
    mine, theirs = course(case), course(CaseFactory(offering=offering))
    typed = {"course-0-row": [str(theirs.pk)], "course-0-title": ["x"]}
    save_courses(case, typed, by=own(case), at=NOW, remove=0)
    assert PriorCourse.objects.filter(pk=theirs.pk).exists()
    save_courses(case, {"course-0-row": [str(mine.pk)]}, by=own(case), at=NOW, remove=0)
    assert not PriorCourse.objects.filter(pk=mine.pk).exists()


# deciding


def test_the_board_decides_course_by_course_and_the_applicant_is_told_with_the_last(case, office):
    course(case), course(case, "Genetics", credits=4)
    first, second = ask(case).courses.all()
    decide(first, 6, by=office, reason="")
    assert Message.objects.filter(kind="standing_decided").count() == 0
    decide(second, by=office)
    request = StandingRequest.objects.get()
    assert (request.status, request.decided_at) == (StandingStatus.DECIDED, LATER)
    [message] = Message.objects.filter(kind="standing_decided")
    assert "6 credits are granted" in message.body
    assert "- Genetics: none granted\n  Covers less than half." in message.body
    claim = CourseClaim.objects.get(pk=second.pk)
    assert (claim.status, claim.recorded_by, claim.recorded_at, claim.decided_on) == (
        ClaimStatus.REFUSED,
        office.user,
        LATER,
        BOARD,
    )


def test_the_same_decision_twice_is_once_and_another_takes_its_place(case, office):
    course(case)
    [claim] = ask(case).courses.all()
    decide(claim, 6, by=office, reason="")
    decide(claim, 6, by=office, reason="")
    assert Message.objects.filter(kind="standing_decided").count() == 1
    decide(claim, 3, by=office, reason="Half of it.", at=LATER + timedelta(hours=1))
    assert granted_so_far(case) == 3
    assert Message.objects.filter(kind="standing_decided").count() == 2
    kinds = [event.kind for event in events_about(case)]
    assert kinds.count("standing.course_decided") == 2


@pytest.mark.parametrize(
    ("granted", "reason", "sentence"),
    [
        pytest.param(7, "", "6 credits were asked for", id="HKU-AS1 more than asked"),
        pytest.param(None, " ", "Write why the course is not granted", id="refused without a reason"),
    ],
)
def test_a_decision_that_cannot_be(case, office, granted, reason, sentence):
    course(case)
    [claim] = ask(case).courses.all()
    with pytest.raises(StandingRefused, match=sentence):
        decide(claim, granted, by=office, reason=reason)
    assert CourseClaim.objects.get().is_open


@pytest.mark.parametrize("on", [date(2026, 4, 19), date(2026, 4, 28)], ids=["before it came", "tomorrow"])
def test_the_board_s_day_lies_between_the_request_and_today(case, office, on):
    course(case)
    [claim] = ask(case).courses.all()
    with pytest.raises(StandingRefused, match="Check the day"):
        decide(claim, 6, by=office, on=on)


def test_no_more_than_the_limit_is_granted_in_all(case, office):
    for number in range(3):
        course(case, f"Course {number}", credits=5)
    claims = list(ask(case).courses.all())
    decide(claims[0], 5, by=office), decide(claims[1], 5, by=office)
    with pytest.raises(StandingRefused, match="At most 12 credits may be granted in all, and 10 already are"):
        decide(claims[2], 3, by=office)
    decide(claims[2], 2, by=office)
    assert granted_so_far(case) == 12


def test_against_the_rules_a_grant_needs_its_reason(case, office):
    course(case, completed_on=date(2019, 6, 30))
    [claim] = ask(case).courses.all()
    with pytest.raises(StandingRefused, match="The rules find that this course does not count"):
        decide(claim, 6, by=office, reason="")
    assert decide(claim, 6, by=office, reason="Board minute 26/04-7.").granted == 6


@pytest.mark.parametrize("who", ["the applicant", "a reviewer", "another programme's office"])
def test_only_the_deciding_office_records_it(case, who):
    course(case)
    [claim] = ask(case).courses.all()
    by = {
        "the applicant": lambda: own(case),
        "a reviewer": lambda: acting(officer(case.offering.programme, Role.REVIEWER)),
        "another programme's office": lambda: acting(officer(research_offering().programme)),
    }[who]()
    with pytest.raises(PermissionDenied):
        decide(claim, 6, by=by)


def test_after_a_decision_more_can_be_asked_for_and_counts_against_the_limit(case, office):
    course(case, credits=9)
    [claim] = ask(case).courses.all()
    decide(claim, 9, by=office)
    course(case, "Genetics", credits=6)
    again = ask(case, at=LATER + timedelta(days=1))
    assert [each.title for each in again.courses.all()] == ["Genetics"]
    assert again.findings["claimable"] == 3


def test_a_request_never_touches_admission(case, office):
    assess_application(case, by=own(case), at=NOW)
    before = Assessment.objects.get()
    course(case, passed=False, completed_on=date(2001, 1, 1))
    [claim] = ask(case).courses.all()
    decide(claim, by=office)
    after = assess_application(Application.objects.get(pk=case.pk), by=own(case), at=LATER)
    assert (after.verdict, after.findings) == (before.verdict, before.findings)
    assert Application.objects.get(pk=case.pk).state == State.SUBMITTED


def test_a_request_is_a_pile_until_its_last_course_is_decided_or_the_case_ends(case, office):
    def waiting():
        piles = waiting_piles(Application.objects.all(), at=LATER)
        [pile] = [each for each in piles if each.title == "Credits to decide"]
        narrowing = Narrowing.read(QueryDict(pile.query).dict())
        assert (
            narrowing.apply(
                annotate_listing(Application.objects.all(), user=None, at=LATER), at=LATER
            ).count()
            == pile.count
        )
        return pile.count

    assert waiting() == 0
    course(case)
    claim = ask(case).courses.get()
    assert waiting() == 1
    state = case.state
    Application.objects.update(state=State.LAPSED)
    assert waiting() == 0
    Application.objects.update(state=state)
    decide(claim, by=office)
    assert waiting() == 0
