"""Submitting: what one transaction decides, writes and queues, and what it refuses."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from admissions_portal.history.queries import events_about
from admissions_portal.outbox.models import Message
from applications.applicants.choices import Honours
from applications.applicants.choices import ResidenceStatus as R
from applications.applicants.models import Applicant
from applications.applicants.queries import fingerprint_of
from applications.assessments.models import Assessment
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.submission.actions import ApplicationIncomplete, SubmissionRefused, submit_application
from applications.submission.declarations import DECLARATIONS, PRIVACY_NOTICES, Declaration, in_force
from applications.submission.models import Submission
from tests.factories.accounts import UserFactory
from tests.factories.drafts import AT, own, ready_draft
from tests.factories.programmes import OfferingFactory, RoundFactory, hkt

DECLARED = in_force(on=AT.date())
ROUND_1_LAST = hkt(2026, 3, 31, 23, 59, 59)
ROUND_2_FIRST = hkt(2026, 4, 1)


def submit(draft, at=AT, declaration=DECLARED, by=None):
    return submit_application(draft, declaration=declaration, by=by or own(draft), at=at)


def test_a_submission_is_numbered_frozen_assessed_and_told(draft):
    submission = submit(draft)
    case = Application.objects.get(pk=draft.pk)
    assert (case.state, case.number, case.submitted_at, case.round.label) == (
        State.SUBMITTED,
        "MMS26-000001",
        AT,
        "Round 1",
    )
    assert case.profile.data["family_name"] == "LAM"
    assert (submission.submitted_at, submission.round, submission.declaration_version) == (
        AT,
        case.round,
        "1",
    )
    assert Assessment.objects.get().application == case
    assert [event.kind for event in events_about(case)] == ["application.assessed", "application.submitted"]
    [message] = Message.objects.all()
    assert (message.kind, message.to_address, message.queued_at) == (
        "application_received",
        draft.applicant.user.email,
        AT,
    )


def test_the_fingerprint_is_of_the_whole_content_and_can_be_recomputed(draft):
    submission = submit(draft)
    kept = Submission.objects.get(pk=submission.pk)
    assert kept.sha256 == fingerprint_of(kept.content)
    assert [kept.content[text]["sentences"] for text in ("declaration", "privacy_notice")] == [
        [str(sentence) for sentence in DECLARATIONS[0].sentences],
        [str(sentence) for sentence in PRIVACY_NOTICES[0].sentences],
    ]
    assert {kept.content[text]["language"] for text in ("declaration", "privacy_notice")} == {"en"}
    hidden = dict.fromkeys(("profile", "documents", "declaration", "privacy_notice"))
    assert kept.content | hidden == {
        "number": "MMS26-000001",
        "received_at": "2026-03-24T01:00:00+00:00",
        "institution": "hku",
        "programme": "hku-mmedsc",
        "intake": "2026",
        "mode": "FULL_TIME",
        "round": "Round 1",
        "specialisation": "Metabolic Medicine",
        "second_specialisation": None,
        "profile": None,
        "answers": [],
        "supervisors": [],
        "documents": None,
        "declaration": None,
        "privacy_notice": None,
    }
    [document] = draft.documents.all()
    assert kept.content["documents"] == [
        {"slot": "DEGREE", "question": "", "name": "transcript.pdf", "sha256": document.sha256}
    ]


def test_the_programmes_questions_with_their_answers_are_part_of_what_was_sent(research):
    submission = submit(ready_draft(research))
    asked = {"set": "hkust-research", "version": 1}
    assert submission.content["answers"] == [
        asked
        | {
            "key": "research_subject",
            "question": "Subject of research",
            "value": "Folding of proteins",
            "answer": "Folding of proteins",
        },
        asked
        | {
            "key": "research_statement",
            "question": "Research statement",
            "value": "How, and why.",
            "answer": "How, and why.",
        },
    ]
    assert submission.content["supervisors"] == [{"name": "Prof. Example", "has_spoken": True}]


def test_what_is_changed_in_the_profile_later_changes_nothing_sent(draft):
    submission = submit(draft)
    Applicant.objects.update(family_name="CHAN")
    assert Submission.objects.get().content["profile"]["family_name"] == "LAM"
    assert Submission.objects.get().sha256 == submission.sha256


def test_the_receipt_by_mail_says_number_time_round_and_fingerprint_in_64_columns(draft):
    submission = submit(draft, at=hkt(2026, 3, 28, 9, 41, 7))
    message = Message.objects.get()
    lines = message.body.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    assert message.subject == "Your application has been received (MMS26-000001)"
    assert "  Number: MMS26-000001" in lines
    assert "  Received: 28 March 2026, 09:41:07 HKT (UTC+8)" in lines
    assert "  Round: Round 1" in lines
    groups = [submission.sha256[start : start + 4] for start in range(0, 64, 4)]
    assert " ".join(groups[:8]) in lines
    assert " ".join(groups[8:]) in lines
    assert max(len(line) for line in lines if "://" not in line) <= 64


def test_the_receipt_is_in_the_applicants_language(draft):
    draft.applicant.user.language = "zh-hant"
    draft.applicant.user.save()
    with translation.override("en"):
        submit(draft)
    message = Message.objects.get()
    assert message.language == "zh-hant"
    assert "2026年3月24日\N{NO-BREAK SPACE}09:00:00（香港時間）" in message.body


def test_submitting_twice_is_submitting_once(draft):
    first = submit(draft)
    second = submit(draft, at=hkt(2026, 6, 1))  # even after the round: the earlier receipt stands
    assert second == first
    assert (Submission.objects.count(), Message.objects.count(), Assessment.objects.count()) == (1, 1, 1)


def test_numbers_run_on_within_programme_and_intake(offering, research):
    numbers = [submit(ready_draft(each)).application.number for each in (offering, offering, research)]
    assert numbers == ["MMS26-000001", "MMS26-000002", "PHD26-000001"]


@pytest.mark.parametrize(
    ("residence", "at", "round_number"),
    [
        pytest.param(R.STUDENT_VISA, ROUND_1_LAST, 1, id="a non-local in the last second of Round 1"),
        pytest.param(R.PERMANENT_RESIDENT, ROUND_1_LAST, 1, id="a local in the last second of Round 1"),
        pytest.param(
            R.PERMANENT_RESIDENT, ROUND_2_FIRST, 2, id="a local late for Round 1 falls into Round 2"
        ),
    ],
)
def test_a_submission_belongs_to_the_round_in_which_it_was_received(offering, residence, at, round_number):
    assert submit(ready_draft(offering, residence_status=residence), at=at).round.number == round_number


def refused(draft, **how):
    with pytest.raises(SubmissionRefused) as caught:
        submit(draft, **how)
    draft.refresh_from_db()
    assert (draft.state, draft.number, Submission.objects.count(), Message.objects.count()) == (
        "DRAFT",
        None,
        0,
        0,
    )
    return caught.value


@pytest.mark.parametrize("residence", [R.STUDENT_VISA, R.IANG, R.DEPENDANT_18_OR_OVER])
def test_round_2_refuses_a_non_local_with_the_reason(offering, residence):
    refusal = refused(ready_draft(offering, residence_status=residence), at=ROUND_2_FIRST)
    assert str(refusal).startswith(
        "Round 2 is for local applicants only, and by this university’s definition"
    )


@pytest.mark.parametrize("residence", [R.NOT_SURE, R.DEPENDANT, R.OTHER])
def test_an_open_status_keeps_nobody_out_of_round_2(offering, residence):
    """UST-18: it is for an officer, so the case says REFER or asks for the day, and is received."""
    draft = ready_draft(offering, residence_status=residence)
    assert submit(draft, at=ROUND_2_FIRST).round.number == 2


def test_at_hkust_an_iang_holder_is_no_non_local(research):
    draft = ready_draft(research, residence_status=R.IANG)
    assert submit(draft, at=ROUND_2_FIRST).round.number == 2


def test_what_is_not_announced_cannot_be_submitted(offering):
    draft = ready_draft(offering)
    offering.rounds.all().delete()
    RoundFactory(offering=offering, closes_at=None)
    assert str(refused(draft)).startswith("No closing date has been announced")


def test_a_close_moved_while_the_form_was_open_is_the_one_that_counts(draft, offering):
    first = offering.rounds.get(number=1)
    assert first.is_open(AT)
    list(draft.offering.rounds.all())  # the page read them before
    moved = offering.rounds.get(number=1)
    moved.set_close(hkt(2026, 3, 20, 23, 59))
    moved.save()
    offering.rounds.filter(number=2).delete()
    assert str(refused(draft)).startswith("Round 1 closed on 20")


def test_every_problem_is_listed_at_once(draft):
    Applicant.objects.filter(pk=draft.applicant_id).update(nationality="", origin="")
    draft.documents.all().delete()
    Application.objects.filter(pk=draft.pk).update(specialisation=None)
    refusal = refused(draft)
    assert isinstance(refusal, ApplicationIncomplete)
    assert [(problem.section, problem.sentence) for problem in refusal.problems] == [
        ("personal", "Nationality: Choose one of the answers."),
        ("residence", "Where you live permanently: Choose one of the answers."),
        ("choice", "Specialisation: Choose one of the answers."),
        ("documents", "Add the document: Degree certificate and transcript"),
    ]


@pytest.mark.parametrize(
    "declaration",
    [Declaration("0", "1"), Declaration("1", "0"), Declaration("", "")],
    ids=["an older declaration", "an older notice", "neither"],
)
def test_only_the_texts_in_force_can_be_declared(draft, declaration):
    assert str(refused(draft, declaration=declaration)) == (
        "Read the declaration and the privacy notice below and tick both; then submit again. Nothing is lost."
    )


def test_no_academic_ground_keeps_anybody_from_submitting(draft):
    draft.applicant.qualifications.update(
        honours=Honours.PASS, country="US", university="", teaching_language="OTHER"
    )
    submission = submit(draft)
    assert submission.application.state == State.SUBMITTED
    assert Assessment.objects.get().verdict != "ELIGIBLE"


def test_nobody_submits_for_somebody_else(draft):
    from admissions_portal.support.actors import Actor

    for actor in (Actor.of(UserFactory()), Actor.system()):
        with pytest.raises(PermissionDenied):
            submit(draft, by=actor)
    assert Submission.objects.count() == 0


def test_an_offering_without_rounds_of_its_own_borrows_none(offering, draft):
    other = OfferingFactory()
    RoundFactory(offering=other)
    offering.rounds.all().delete()
    assert str(refused(draft)).startswith("No closing date has been announced")
