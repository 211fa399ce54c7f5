"""Codes for late entry and more time for one person: who gives them, what they open, what is said."""

import json

import pytest
from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Role
from admissions_portal.history.models import Event
from admissions_portal.outbox.models import Message
from applications.applicants.choices import ResidenceStatus
from applications.applicants.models import Applicant
from applications.late_entry.actions import (
    CodeRefused,
    CodeScope,
    CodeTerms,
    LateEntryRefused,
    extend_deadline,
    make_access_code,
    revoke_access_code,
    revoke_extension,
    use_access_code,
)
from applications.late_entry.codes import draw_code, fingerprints_of
from applications.late_entry.models import AccessCode, AccessCodeUse
from applications.lifecycle.models import Application
from applications.submission.actions import SubmissionRefused, submit_application
from applications.submission.declarations import in_force
from tests.factories.accounts import StaffFactory
from tests.factories.applications import DraftFactory, acting, officer
from tests.factories.drafts import own, ready_draft
from tests.factories.programmes import AppointmentFactory, OfferingFactory, ProgrammeFactory, hkt

# the day after the last round of the factories has closed
LATE = hkt(2026, 6, 1, 9, 0)
UNTIL = hkt(2026, 6, 5, 23, 59)


def scope_of(offering, what="offering", number=1):
    round_ = offering.rounds.get(number=number)
    return {
        "programme": CodeScope(offering.programme),
        "offering": CodeScope(offering.programme, offering),
        "round": CodeScope(offering.programme, offering, round_),
    }[what]


def code_for(offering, office, what="offering", *, number=1, at=LATE, **terms):
    return make_access_code(scope_of(offering, what, number), CodeTerms(UNTIL, **terms), by=office, at=at)


def enter(draft, text, at=LATE):
    return use_access_code(draft, text, by=own(draft), at=at)


def submit(draft, at):
    return submit_application(draft, declaration=in_force(on=at.date()), by=own(draft), at=at)


# who


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.PROGRAMME_OFFICE, True),
        (Role.COORDINATOR, False),
        (Role.REVIEWER, False),
        (Role.ADMINISTRATOR, False),
    ],
    ids=lambda value: str(value).lower(),
)
def test_whoever_decides_on_applications_lets_people_in_late(offering, role, may):
    by = acting(officer(offering.programme, role))
    acts = [
        lambda: code_for(offering, by),
        lambda: extend_deadline(
            offering, email="a@example.com", valid_until=UNTIL, reason="x", by=by, at=LATE
        ),
    ]
    for act in acts:
        if may:
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()
    assert AccessCode.objects.count() == int(may)


def test_nobody_makes_a_code_for_a_programme_of_others(offering):
    user = StaffFactory(is_superuser=True)
    AppointmentFactory(user=user, programme=ProgrammeFactory(institution=offering.programme.institution))
    with pytest.raises(PermissionDenied):
        code_for(offering, acting(user))


def test_only_the_applicant_enters_a_code(offering, office, draft):
    code, text = code_for(offering, office)
    with pytest.raises(PermissionDenied):
        use_access_code(draft, text, by=office, at=LATE)
    assert code.uses.count() == 0


# the code itself


def test_a_code_is_kept_as_a_fingerprint_and_known_however_it_is_typed(offering, office, draft):
    code, text = code_for(offering, office)
    stored = AccessCode.objects.values().get()
    assert text.replace("-", "") not in json.dumps(stored, default=str)
    for typed in (
        text,
        text.lower(),
        f"  {text.replace('-', ' ')} ",
        text.replace("0", "O").replace("1", "l"),
    ):
        assert code.fingerprint in fingerprints_of(typed)
    assert len({draw_code()[0] for _n in range(50)}) == 50


def test_a_code_outlives_a_change_of_the_secret_key(settings, offering, office, draft):
    _code, text = code_for(offering, office)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [settings.SECRET_KEY]
    assert enter(draft, text).application == draft


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        pytest.param(
            CodeTerms(hkt(2026, 6, 1, 8, 59)),
            "1\u00a0June\u00a02026, 08:59\u00a0HKT has passed. Choose a later day or time.",
            id="an end that has passed",
        ),
        pytest.param(
            CodeTerms(UNTIL, most_uses=0),
            "A code can be used 1 to 500 times; 0 is not in between.",
            id="no use",
        ),
        pytest.param(
            CodeTerms(UNTIL, most_uses=501),
            "A code can be used 1 to 500 times; 501 is not in between.",
            id="more uses than anybody means",
        ),
    ],
)
def test_a_code_that_lets_nobody_in_is_refused(offering, office, terms, sentence):
    with pytest.raises(LateEntryRefused) as refused:
        make_access_code(scope_of(offering), terms, by=office, at=LATE)
    assert str(refused.value).replace("\u00a0", " ") == sentence.replace("\u00a0", " ")
    assert AccessCode.objects.count() == 0


# what it opens


@pytest.mark.parametrize("what", ["programme", "offering", "round"])
@pytest.mark.parametrize(
    "at", [hkt(2026, 6, 1, 9, 0), hkt(2026, 6, 5, 23, 59, 59)], ids=["at once", "last second"]
)
def test_a_draft_with_a_code_is_received_in_the_closed_round(offering, office, draft, what, at):
    with pytest.raises(SubmissionRefused):
        submit(draft, LATE)
    code, text = code_for(offering, office, what, number=2)
    enter(draft, text)
    submission = submit(draft, at)
    assert (submission.round.number, submission.submitted_at) == (2, at)
    event = Event.objects.get(kind="application.received_late")
    assert (event.about_id, event.data) == (str(draft.pk), {"code": code.pk})


def test_the_code_ends_with_its_last_minute(offering, office, draft):
    enter(draft, code_for(offering, office)[1])
    with pytest.raises(SubmissionRefused) as refused:
        submit(draft, hkt(2026, 6, 6, 0, 0))
    assert "Round 2 closed on 31 May 2026" in str(refused.value).replace("\u00a0", " ")
    assert Application.objects.get(pk=draft.pk).is_draft


def test_of_several_closed_rounds_the_last_one_open_to_the_person_takes_it(offering, office, draft):
    Applicant.objects.update(residence_status=ResidenceStatus.STUDENT_VISA)
    draft.refresh_from_db()
    enter(draft, code_for(offering, office)[1])
    assert submit(draft, LATE).round.number == 1


def test_a_code_opens_no_round_for_locals_to_others(offering, office, draft):
    Applicant.objects.update(residence_status=ResidenceStatus.STUDENT_VISA)
    draft.refresh_from_db()
    enter(draft, code_for(offering, office, "round", number=2)[1])
    with pytest.raises(SubmissionRefused):
        submit(draft, LATE)


def test_a_non_local_comes_late_to_the_first_round_while_the_second_is_open(offering, office, draft):
    Applicant.objects.update(residence_status=ResidenceStatus.STUDENT_VISA)
    draft.refresh_from_db()
    at = hkt(2026, 4, 10, 9, 0)
    enter(draft, code_for(offering, office, at=at)[1], at=at)
    assert submit(draft, at).round.number == 1


def test_an_open_round_goes_before_a_code(offering, office, draft):
    at = hkt(2026, 4, 10, 9, 0)
    enter(draft, code_for(offering, office, at=at)[1], at=at)
    assert submit(draft, at).round.number == 2
    assert not Event.objects.filter(kind="application.received_late").exists()


def test_a_revoked_code_closes_the_drafts_that_entered_it_and_leaves_what_was_submitted(
    offering, office, draft
):
    other = ready_draft(offering)
    code, text = code_for(offering, office, most_uses=2)
    for each in (draft, other):
        enter(each, text)
    submit(other, LATE)
    for _twice in range(2):
        assert revoke_access_code(code, by=office, at=LATE).is_revoked
    with pytest.raises(SubmissionRefused):
        submit(draft, LATE)
    assert not Application.objects.get(pk=other.pk).is_draft
    assert Event.objects.filter(kind="code.revoked").count() == 1


# what is refused, in which words


def used_up(offering, office):
    _code, text = code_for(offering, office)
    enter(ready_draft(offering), text)
    return text


def revoked(offering, office):
    code, text = code_for(offering, office)
    revoke_access_code(code, by=office, at=LATE)
    return text


def for_another_mode(offering, office):
    other = OfferingFactory(intake=offering.intake, mode="PART_TIME")
    return make_access_code(CodeScope(offering.programme, other), CodeTerms(UNTIL), by=office, at=LATE)[1]


REFUSALS = [
    pytest.param(
        lambda offering, office: "7KQ2-M9TX-4HBD",
        LATE,
        "No code is written like this. Compare it, letter by letter, with what the office sent you; "
        "it has 12 letters and figures.",
        id="a code nobody made",
    ),
    pytest.param(
        revoked,
        LATE,
        "This code has been withdrawn. Ask the {office}, which gave it.",
        id="a revoked one",
    ),
    pytest.param(
        lambda offering, office: code_for(offering, office)[1],
        hkt(2026, 6, 6, 0, 0),
        "This code could be used until 5 June 2026, 23:59 HKT. Ask the {office} whether you may still apply.",
        id="one that has ended",
    ),
    pytest.param(
        lambda offering, office: code_for(offering, office, email="Somebody@Example.com")[1],
        LATE,
        "This code was made for another person’s account. Sign in with the address to which the {office} "
        "wrote, or ask it for a code of your own.",
        id="somebody else’s",
    ),
    pytest.param(
        for_another_mode,
        LATE,
        "This code is for “{programme} 2026, Part-time”. Your application is for “{programme} 2026, "
        "Full-time”: begin one for what the code is for, or ask the {office}.",
        id="one for the other mode",
    ),
    pytest.param(
        used_up,
        LATE,
        "This code has been used as often as it may be. Ask the {office} for another one.",
        id="one used up",
    ),
]


@pytest.mark.parametrize(("make", "at", "sentence"), REFUSALS)
def test_a_code_that_does_not_open_says_why_and_what_to_do(offering, office, draft, make, at, sentence):
    text = make(offering, office)
    with pytest.raises(CodeRefused) as refused:
        enter(draft, text, at=at)
    programme = offering.programme
    assert str(refused.value).replace("\u00a0", " ") == sentence.format(
        office=programme.office.name, programme=programme.name
    )
    assert refused.value.is_unknown == sentence.startswith("No code")
    assert not AccessCodeUse.objects.filter(application=draft).exists()


def test_the_person_a_code_is_for_enters_it_whatever_the_capitals(offering, office, draft):
    _code, text = code_for(offering, office, email=draft.applicant.user.email.upper())
    assert enter(draft, text).used_by == draft.applicant.user


def test_entering_a_code_again_is_no_second_use(offering, office, draft):
    code, text = code_for(offering, office)
    assert enter(draft, text) == enter(draft, text)
    assert code.uses.count() == 1


def test_what_is_submitted_needs_no_code(offering, office, draft):
    submit(draft, hkt(2026, 3, 24, 9, 0))
    with pytest.raises(CodeRefused, match="This application has been submitted; it needs no code"):
        enter(draft, code_for(offering, office)[1])


# more time for one person


def test_an_extension_opens_the_round_for_the_person_and_nobody_else(offering, office, draft):
    other = ready_draft(offering)
    extension = extend_deadline(
        offering,
        email=draft.applicant.user.email.upper(),
        valid_until=UNTIL,
        reason="Ill.",
        by=office,
        at=LATE,
    )
    assert submit(draft, UNTIL).round.number == 2
    assert Event.objects.get(kind="application.received_late").data == {"extension": extension.pk}
    with pytest.raises(SubmissionRefused):
        submit(other, LATE)


def test_more_time_given_by_two_clicks_is_given_and_told_once(offering, office, draft):
    more = {"email": draft.applicant.user.email, "valid_until": UNTIL, "reason": "Ill."}
    first, again = (extend_deadline(offering, by=office, at=LATE, **more) for _click in range(2))
    assert (again, Message.objects.filter(kind="extension_given").count()) == (first, 1)
    revoke_extension(first, by=office, at=LATE)
    assert extend_deadline(offering, by=office, at=LATE, **more) != first


def test_an_extension_is_for_one_offering(offering, office, draft):
    other = OfferingFactory(intake=offering.intake, mode="PART_TIME")
    extend_deadline(
        other, email=draft.applicant.user.email, valid_until=UNTIL, reason="Ill.", by=office, at=LATE
    )
    with pytest.raises(SubmissionRefused):
        submit(draft, LATE)


def test_a_revoked_extension_opens_nothing(offering, office, draft):
    extension = extend_deadline(
        offering, email=draft.applicant.user.email, valid_until=UNTIL, reason="Ill.", by=office, at=LATE
    )
    revoke_extension(extension, by=office, at=LATE)
    with pytest.raises(SubmissionRefused):
        submit(draft, LATE)


@pytest.mark.parametrize("has_draft", [True, False])
def test_whoever_has_a_draft_is_told_of_more_time(offering, office, has_draft):
    draft = ready_draft(offering) if has_draft else DraftFactory()
    extend_deadline(
        offering, email=draft.applicant.user.email, valid_until=UNTIL, reason="Ill.", by=office, at=LATE
    )
    subjects = [
        subject.replace("\u00a0", " ") for subject in Message.objects.values_list("subject", flat=True)
    ]
    told = [f"You may submit until 5 June 2026, 23:59 HKT: {offering.programme.name}"]
    assert subjects == (told if has_draft else [])


# history


def test_history_holds_no_address_no_note_and_no_code(offering, office, draft):
    email = draft.applicant.user.email
    code, text = code_for(offering, office, email=email, note="Her flight was late")
    enter(draft, text)
    extend_deadline(
        offering, email=email, valid_until=UNTIL, reason="Her flight was late", by=office, at=LATE
    )
    revoke_access_code(code, by=office, at=LATE)
    events = list(Event.objects.order_by("id"))
    assert [event.kind for event in events] == [
        "code.made",
        "application.access_code_used",
        "extension.given",
        "code.revoked",
    ]
    written = json.dumps([event.data for event in events])
    assert [secret for secret in (email, "flight", text, text.replace("-", "")) if secret in written] == []
    assert events[0].data == {
        "programme": offering.programme.pk,
        "offering": offering.pk,
        "round": None,
        "until": "2026-06-05T23:59:00+08:00",
        "uses": 1,
        "for_one_person": True,
    }
