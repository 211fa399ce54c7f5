"""Filling the demonstration: every act by the house's own actions, at the moments they would have
happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal import clock
from admissions_portal.accounts.models import User
from admissions_portal.clock import HONG_KONG
from admissions_portal.clock.actions import move_clock_to, start_clock_at
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.applicants.actions import declare_residence, open_profile
from applications.applicants.models import Applicant, EnglishTest, Qualification
from applications.decisions.actions import give_check, prepare_decision, release_prepared
from applications.decisions.models import CheckLevel, PreparedDecision, RefusalReason
from applications.decisions.queries import checks_asked_by
from applications.decisions.terms import DecisionTerms, Ground
from applications.demo.afterwards import ask_for_change, send_again
from applications.demo.cast import OPENING, Cast, cast
from applications.demo.others import other_acts
from applications.demo.papers import example_file
from applications.demo.records import credits_acts, describe_record
from applications.demo.requests import request_acts
from applications.evidence.actions import add_document, verify_document
from applications.evidence.models import SlotCode
from applications.evidence.printed import as_in_profile
from applications.identity.actions import give_identity_number
from applications.lifecycle.actions import start_application
from applications.lifecycle.models import Application
from applications.offers.actions import accept_offer, decline_offer
from applications.offers.terms import ConditionTerms, OfferTerms
from applications.reviews.actions import give_review
from applications.reviews.models import Recommendation
from applications.submission.actions import save_section, submit_application
from applications.submission.declarations import in_force
from applications.submission.sections import ProgrammeQuestions
from applications.ticks import run_ticks
from applications.withdrawals.actions import withdraw_application
from applications.withdrawals.models import WithdrawalReason
from programmes.models import Appointment, Offering, Programme, Round, Specialisation, refused_from

PASSWORD = "harbour-gate-ajar"  # printed at every start: the demonstration's, and refused elsewhere
FARTHEST = timedelta(days=366)
_ORDER = ("begun", "half", "ready", "submitted", "checked", "reviewed", "decided")
_STAGES = {
    "offered": "decided",
    "accepted": "decided",
    "declined": "decided",
    "lapsed": "decided",
    "withdrawn": "decided",
    "refused": "decided",
}
# An act of the script: when, and what happens then.
Act = tuple[datetime, Callable[[datetime], object]]


class DemoRefused(Refusal):
    """There is no demonstration here."""


@transaction.atomic
def load_demo() -> bool:
    """Set the clock to the opening and bring the people to where `people.yaml` leaves them; False if they
    are there.

    Acts run in the order of their moments, so numbers and history read as they would have grown.
    Raises DemoRefused outside the demonstration.
    """
    if not settings.IS_DEMO:
        raise DemoRefused(_("This is not the demonstration."))
    everybody = cast()
    if User.objects.filter(email=everybody.staff[0]["email"]).exists():
        return False
    start_clock_at(OPENING)
    _announce_example_rounds(everybody)
    staff = _hire(everybody)
    script = [act for person in everybody.applicants for act in _script(person, everybody, staff)]
    script += other_acts(everybody, staff)
    for at, act in sorted(script, key=lambda each: each[0]):
        act(at)
    run_ticks(at=OPENING)
    return True


def advance_clock(moment: datetime) -> datetime:
    """Move the clock forward, living through each day on the way, so that what falls due on it is done on it.

    Raises ClockRefused for a moment already past, and outside the demonstration, DemoRefused for one more
    than a year ahead: each day on the way takes its time.
    """
    day = clock.now()
    if settings.IS_DEMO and moment - day > FARTHEST:
        raise DemoRefused(_("Choose a moment within a year from now."))
    arrived = move_clock_to(moment)
    while (day := day + timedelta(days=1)) < arrived:
        run_ticks(at=day)
    run_ticks(at=arrived)
    return arrived


def _announce_example_rounds(everybody: Cast) -> None:
    example = everybody.rounds
    closes_at = example["closes_at"]
    for offering in Offering.objects.filter(
        intake__programme__slug__in=example["programmes"], rounds__isnull=True
    ):
        Round.objects.create(
            offering=offering,
            number=1,
            label=example["label"],
            source=example["source"],
            closes_at=closes_at,
            closed_from=refused_from(closes_at),
            is_example=True,
        )


def _hire(everybody: Cast) -> dict[str, User]:
    shared = make_password(PASSWORD)
    staff = {}
    for row in everybody.staff:
        user = _account(row, shared, name=row["name"], is_staff=True)
        staff[row["key"]] = user
        Appointment.objects.bulk_create(
            Appointment(user=user, role=row["role"], programme=programme, from_on=date(2025, 9, 1))
            for programme in Programme.objects.filter(institution__code=row["institution"])
        )
    for person in [*everybody.applicants, *everybody.occasional]:
        _account(person, shared)
    return staff


def _account(row: dict[str, Any], shared: str, **fields: Any) -> User:
    user = User(email=row["email"], **fields)
    user.password = shared if row.get("sign_in") else make_password(None)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def _script(person: dict[str, Any], everybody: Cast, staff: dict[str, User]) -> Iterator[Act]:
    """What one person and the office did, act by act."""
    user = User.objects.get(email=person["email"])
    me = Actor.of(user)
    reached = _ORDER.index(_STAGES.get(person["acts"], person["acts"]))
    house = "hku" if person["apply"].startswith("hku-") else "ust"
    office, readers = (
        Actor.of(staff[f"{house}-office"]),
        [staff[f"{house}-reviewer"], staff[f"{house}-coordinator"]],
    )
    case: dict[str, Application] = {}
    began = person["began"]

    def begin(at: datetime) -> None:
        profile = open_profile(user)
        _describe(profile, person, everybody, whole=reached >= _ORDER.index("half"), at=at)
        offering = Offering.objects.get(intake__programme__slug=person["apply"], mode=person["mode"])
        case["own"] = start_application(profile, offering, by=me, at=at)
        _choose(case["own"], person, me, at)

    yield began, begin
    if reached >= _ORDER.index("ready"):
        yield began + timedelta(days=2), lambda at: _send_documents(case["own"], person, me, at)
    if reached < _ORDER.index("submitted"):
        return
    received = began + timedelta(days=3, minutes=41, seconds=7)
    yield (
        received,
        lambda at: submit_application(case["own"], declaration=in_force(on=at.date()), by=me, at=at),
    )
    if person.get("again"):
        yield received + timedelta(days=2, hours=3), lambda at: send_again(case["own"], person, me, at)
    if person.get("asks"):
        yield OPENING - timedelta(hours=14), lambda at: ask_for_change(case["own"], person, me, at)
    if reached >= _ORDER.index("checked"):
        yield received + timedelta(days=4), lambda at: _check_documents(case["own"], office, at)
        yield from request_acts(person, case, office, me)
    scores = person.get("scores") or ([4.0] if reached == _ORDER.index("decided") else [])
    for days, (reader, score) in enumerate(zip(readers, scores, strict=False)):
        yield received + timedelta(days=8 + days), _scoring(case, reader, Decimal(str(score)))
    if reached == _ORDER.index("decided"):
        checkers = {
            level: Actor.of(staff[f"{house}-{level.lower().replace('_', '-')}"])
            for level in checks_asked_by(Programme.objects.get(slug=person["apply"])).levels
        }
        yield from _outcome(person, case, office, me, checkers, received + timedelta(days=14))


def _scoring(case: dict[str, Application], reader: User, score: Decimal) -> Callable[[datetime], object]:
    recommends = Recommendation.OFFER if score >= 4 else Recommendation.WAIT
    return lambda at: give_review(
        case["own"], points={"score": score}, recommendation=recommends, by=Actor.of(reader), at=at
    )


def _decide(
    case: dict[str, Application],
    terms: DecisionTerms,
    office: Actor,
    checkers: Mapping[CheckLevel, Actor],
    decided: datetime,
) -> Iterator[Act]:
    """Prepared in the morning, checked by whoever the programme asks, and released."""

    prepared: list[PreparedDecision] = []

    def prepare(at: datetime) -> None:
        prepared.append(prepare_decision(case["own"], terms=terms, by=office, at=at))

    yield decided - timedelta(hours=4), prepare
    for hour, (level, by) in enumerate(checkers.items(), start=1):
        yield decided - timedelta(hours=4 - hour), _checking(prepared, level, by)
    yield decided, lambda at: release_prepared(prepared[0], by=office, at=at)


def _checking(prepared: list[PreparedDecision], level: CheckLevel, by: Actor) -> Callable[[datetime], object]:
    return lambda at: give_check(prepared[0], level, by=by, at=at)


def _outcome(
    person: dict[str, Any],
    case: dict[str, Application],
    office: Actor,
    me: Actor,
    checkers: Mapping[CheckLevel, Actor],
    decided: datetime,
) -> Iterator[Act]:
    outcome = person["acts"]
    if outcome == "refused":
        refusal = DecisionTerms(reasons=(Ground(RefusalReason.COMPETITION),))
        yield from _decide(case, refusal, office, checkers, decided)
        return
    # an open offer still has weeks; one that lapsed had until before the opening
    last_day = date(2026, 4, 17) if outcome == "offered" else decided.date() + timedelta(days=21)
    terms = OfferTerms(
        reply_by=datetime.combine(last_day, time(23, 59), tzinfo=HONG_KONG),
        conditions=(
            ConditionTerms(
                "Official final transcript", "Sent to the office by your university", date(2026, 8, 31)
            ),
        ),
    )
    yield from _decide(case, DecisionTerms(offer=terms), office, checkers, decided)
    if outcome == "accepted":
        yield decided + timedelta(days=5), lambda at: accept_offer(case["own"].offer, by=me, at=at)
        yield from credits_acts(person, case, office, me, decided + timedelta(days=5, hours=1))
        if person["from"] == "HONG_KONG":
            yield (
                decided + timedelta(days=6),
                lambda at: give_identity_number(
                    case["own"], person["document"], person["number"], by=me, at=at
                ),
            )
    elif outcome == "declined":
        yield (
            decided + timedelta(days=6),
            lambda at: decline_offer(case["own"].offer, reason="", by=me, at=at),
        )
    elif outcome == "withdrawn":
        yield (
            decided + timedelta(days=4),
            lambda at: withdraw_application(
                case["own"],
                reason=WithdrawalReason.ANOTHER_PLACE,
                words="I have decided for a programme at home. Thank you for the offer.",
                by=me,
                at=at,
            ),
        )
    elif outcome == "lapsed":
        yield refused_from(terms.reply_by), lambda at: run_ticks(at=at)


def _describe(
    profile: Applicant, person: dict[str, Any], everybody: Cast, *, whole: bool, at: datetime
) -> None:
    """The answers of the profile: all of them, or the names only."""
    profile.family_name, profile.given_names = person["family"], person["given"]
    profile.chinese_name, profile.preferred_name = person.get("han", ""), person.get("preferred", "")
    profile.other_names = person.get("also", "")
    if not whole:
        profile.save()
        return
    degree = everybody.degrees[person["degree"]]
    home = person["home"]
    profile.date_of_birth, profile.phone = person["born"], person["phone"]
    profile.nationality = "CN" if home in ("HK", "CN", "MO") else home
    profile.identity_kind, profile.identity_start = person["document"], person["number_begins"]
    profile.address_1, profile.address_2 = person["address"]
    profile.country, profile.origin = home, person["from"]
    local = person["from"] == "HONG_KONG"
    profile.residence_status = person.get("status") or ("PERMANENT_RESIDENT" if local else "STUDENT_VISA")
    profile.residence_paper = "PERMANENT_CARD" if local else "NONE"
    profile.first_language_is_english = home in ("GH", "GB")
    profile.save()
    declare_residence(profile, at=at)
    Qualification.objects.create(
        applicant=profile,
        level="BACHELOR",
        title=degree["title"],
        institution=degree["institution"],
        university=degree.get("university", ""),
        country=degree["country"],
        honours=degree["honours"],
        teaching_language=degree["taught"],
        examination_language=degree["taught"],
        institution_medium=degree["medium"],
        status="AWARDED",
        completed_on=person["graduated"],
        relied_on=True,
    )
    describe_record(profile, person)
    if scores := person.get("english"):
        names = ("overall", "listening", "reading", "writing", "speaking")
        EnglishTest.objects.create(
            applicant=profile,
            kind="IELTS_ACADEMIC",
            taken_on=person["tested"],
            **{name: Decimal(str(score)) for name, score in zip(names, scores, strict=True)},
        )


def _choose(application: Application, person: dict[str, Any], me: Actor, at: datetime) -> None:
    """The choice within the programme, and what a research applicant answers to its questions."""
    chosen = [
        Specialisation.objects.get(track__programme__slug=person["apply"], number=number)
        for number in person.get("choose", ())
    ]
    application.specialisation, application.second_specialisation = (*chosen, None, None)[:2]
    application.save(update_fields=["specialisation", "second_specialisation", "updated_at"])
    if subject := person.get("plan"):
        typed = {
            "research_subject": [subject],
            "research_statement": [f"{subject}: what is known, what is not, and how to find out."],
            "supervisor-0-row": ["new-0"],
            "supervisor-0-name": ["Prof. Example (fictional)"],
            "supervisor-0-has_spoken": ["on"],
        }
        save_section(application, ProgrammeQuestions(), typed, by=me, at=at)


def _send_documents(application: Application, person: dict[str, Any], me: Actor, at: datetime) -> None:
    add_document(application, SlotCode.DEGREE, example_file("Certificate and transcript"), by=me, at=at)
    if person.get("english"):
        add_document(application, SlotCode.ENGLISH_TEST, example_file("IELTS test report form"), by=me, at=at)


def _check_documents(application: Application, office: Actor, at: datetime) -> None:
    for document in application.documents.all():
        verify_document(document, printed=as_in_profile(document), by=office, at=at)
