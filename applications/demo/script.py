"""What one fictional person and the office did, act by act, each by the house's own action at its moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from admissions_portal.accounts.models import User
from admissions_portal.support.actors import Actor
from applications.applicants.actions import declare_residence, open_profile
from applications.applicants.models import Applicant, EnglishTest, Qualification
from applications.checklists.actions import check_section
from applications.checklists.models import CheckState
from applications.demo.afterwards import ask_for_change, send_again
from applications.demo.cast import OPENING, Cast
from applications.demo.deciding import deciding_acts
from applications.demo.papers import example_file
from applications.demo.playing import Act, Part
from applications.demo.reading import reading_acts
from applications.demo.records import describe_record
from applications.demo.requests import request_acts
from applications.evidence.actions import add_document, reject_document, verify_document
from applications.evidence.models import SlotCode
from applications.evidence.printed import AsPrinted, as_in_profile
from applications.lifecycle.actions import start_application
from applications.lifecycle.conflicts import declare_conflict
from applications.lifecycle.models import Application, ConflictReason
from applications.submission.actions import save_section, submit_application
from applications.submission.declarations import in_force
from applications.submission.sections import ProgrammeQuestions
from programmes.models import Offering, Specialisation

# how far somebody got; whoever is named nowhere else came to a decision
_ORDER = ("begun", "half", "ready", "submitted", "checked", "reviewed", "decided")
# from the first answer to the last click
TO_SUBMIT = timedelta(days=3, minutes=41, seconds=7)


def acts_of(part: Part, everybody: Cast) -> Iterator[Act]:
    """Everything that one person does, and what the office does about them. Each act stands at its moment; of
    one person they come in order."""
    person, case, me, office = part.person, part.case, part.me, part.office
    reached = _ORDER.index(person["acts"] if person["acts"] in _ORDER else "decided")
    began: datetime = person["began"]

    def begin(at: datetime) -> None:
        profile = open_profile(part.user)
        _describe(profile, person, everybody, whole=reached >= _ORDER.index("half"), at=at)
        offering = Offering.objects.get(intake__programme__slug=person["apply"], mode=person["mode"])
        case["own"] = start_application(profile, offering, by=me, at=at)
        _choose(case["own"], person, me, at)

    yield began, begin
    if reached >= _ORDER.index("ready"):
        yield began + timedelta(days=2), lambda at: _send_documents(case["own"], person, me, at)
    if reached < _ORDER.index("submitted"):
        return
    received = began + TO_SUBMIT
    yield (
        received,
        lambda at: submit_application(case["own"], declaration=in_force(on=at.date()), by=me, at=at),
    )
    if person.get("again"):
        yield received + timedelta(days=2, hours=3), lambda at: send_again(case["own"], person, me, at)
    if person.get("asks"):
        yield OPENING - timedelta(hours=14), lambda at: ask_for_change(case["own"], person, me, at)
    if reached >= _ORDER.index("checked"):
        yield received + timedelta(days=4), lambda at: _check_documents(part, at)
        yield from request_acts(person, case, office, me)
    if looked := person.get("looked"):
        yield received + timedelta(days=5), lambda at: _look_through(case["own"], looked, office, at)
    if key := person.get("conflict"):
        yield received + timedelta(days=5, hours=2), lambda at: _declare(case["own"], part.staff[key], at)
    scores = person.get("scores") or ([4.0] if reached == _ORDER.index("decided") else [])
    yield from reading_acts(part, received, scores)
    if reached == _ORDER.index("decided"):
        yield from deciding_acts(part, received)


def _describe(
    profile: Applicant, person: Mapping[str, Any], everybody: Cast, *, whole: bool, at: datetime
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


def _choose(application: Application, person: Mapping[str, Any], me: Actor, at: datetime) -> None:
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
            "supervisor-0-name": [person.get("supervisor", "Prof. Example (fictional)")],
            "supervisor-0-has_spoken": ["on"],
        }
        save_section(application, ProgrammeQuestions(), typed, by=me, at=at)


def _send_documents(application: Application, person: Mapping[str, Any], me: Actor, at: datetime) -> None:
    add_document(application, SlotCode.DEGREE, example_file("Certificate and transcript"), by=me, at=at)
    if person.get("english"):
        add_document(application, SlotCode.ENGLISH_TEST, example_file("IELTS test report form"), by=me, at=at)


def _check_documents(part: Part, at: datetime) -> None:
    """Verified, the degree under the name it prints; whose scan cannot be read is told so."""
    application, office = part.case["own"], part.office
    for document in application.documents.all():
        if document.slot == SlotCode.DEGREE and (why := part.person.get("rejected")):
            reject_document(document, reason=why, by=office, at=at)
            continue
        printed = as_in_profile(document)
        if document.slot == SlotCode.DEGREE and (name := part.person.get("printed")):
            printed = AsPrinted(name=name)
        verify_document(document, printed=printed, by=office, at=at)


def _look_through(application: Application, looked: dict[str, str], office: Actor, at: datetime) -> None:
    """The checklist as far as the office got: what is not in order says what there is to do."""
    for section, said in looked.items():
        in_order = said == "In order"
        state = CheckState.IN_ORDER if in_order else CheckState.TO_DO
        check_section(application, section, state=state, comment="" if in_order else said, by=office, at=at)


def _declare(application: Application, reader: User, at: datetime) -> None:
    words = "I taught the applicant in a summer course (example)."
    declare_conflict(application, reason=ConflictReason.TEACHING, words=words, by=Actor.of(reader), at=at)
