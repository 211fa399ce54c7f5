"""Where a case stands, as the applicant reads it: what was, what is, what is to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admissions_portal.history.models import Event
from admissions_portal.support.dates import hong_kong_day, hong_kong_time
from applications.evidence.models import DocumentStatus, EvidenceRequest
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.offers.models import ConditionStatus


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of the timeline. `state` is done, now, or "" for what is to come."""

    title: str
    text: str
    state: str = ""


def timeline_of(
    case: Application, events: Sequence[Event], requests: Sequence[EvidenceRequest] = ()
) -> list[Stage]:
    """The stages of a case; a future one without a date says so. `events`: its history, oldest first;
    `requests`: what the office still waits for, the soonest due first."""
    first = {event.kind: event.at for event in reversed(events)}
    last = {event.kind: event.at for event in events}
    if case.is_draft:
        return [
            Stage(_("Draft"), _("begun on %(day)s") % {"day": hong_kong_day(case.started_at)}, "now"),
            Stage(_("Submission"), _("When you send it, you get a receipt with number and time.")),
            *_to_come(case),
        ]
    received = first.get("application.submitted") or case.submitted_at or case.state_since
    stages = [Stage(_("Submitted"), hong_kong_time(received), "done")]
    if again := last.get("application.submitted_again"):
        stages.append(Stage(_("Changed and submitted again"), hong_kong_time(again), "done"))
    if checked := _documents_checked(case):
        stages.append(Stage(_("Documents checked"), hong_kong_day(checked), "done"))
    if case.is_considered:
        if case.state == State.IN_REVIEW:
            now, text = _("In review"), _("since %(day)s.") % {"day": hong_kong_day(case.state_since)}
        else:
            now, text = _("With the office"), _("It is read in the order of the office’s lists.")
        if requests:
            text = _("%(stands)s %(asked)s") % {"stands": text, "asked": _asked(requests)}
        return [*stages, Stage(now, text, "now"), *_to_come(case)[1:]]
    if begun := last.get("application.review_begun"):
        stages.append(Stage(_("Reviewed"), _("from %(day)s") % {"day": hong_kong_day(begun)}, "done"))
    return [*stages, *_decided(case)]


def _to_come(case: Application) -> list[Stage]:
    return [
        Stage(_("Review"), _("The office reads your application and checks your documents.")),
        Stage(_("Decision"), _("The office has given no date. You are told by e-mail and here.")),
        *_start(case),
    ]


def _decided(case: Application) -> list[Stage]:
    if case.state == State.REFUSED:
        return [Stage(_("Not offered a place"), hong_kong_day(case.state_since), "now")]
    if case.state == State.WITHDRAWN:
        return [*_given_up(case), Stage(_("Withdrawn by you"), hong_kong_time(case.state_since), "now")]
    offer = case.offer
    made = Stage(_("Offer made"), hong_kong_day(offer.made_at), "done")
    if case.state == State.OFFERED:
        reply = Stage(_("Your reply"), _("by %(when)s") % {"when": hong_kong_time(offer.reply_by)}, "now")
        return [made, reply, *_start(case)]
    answer = Stage(str(State(case.state).label), hong_kong_time(case.state_since), "now")
    return [made, answer] if case.has_ended else [made, answer, *_open_conditions(case), *_start(case)]


def _asked(requests: Sequence[EvidenceRequest]) -> str:
    return ngettext(
        "The office asked for %(count)d thing, due %(day)s.",
        "The office asked for %(count)d things, the first due %(day)s.",
        len(requests),
    ) % {"count": len(requests), "day": hong_kong_day(requests[0].due_on)}


def _open_conditions(case: Application) -> list[Stage]:
    """What an accepted offer still asks for."""
    due = sorted(each.due_on for each in case.offer.conditions.all() if each.status == ConditionStatus.OPEN)
    if not due:
        return []
    text = ngettext(
        "%(count)d is open, due %(day)s.", "%(count)d are open, the first due %(day)s.", len(due)
    ) % {"count": len(due), "day": hong_kong_day(due[0])}
    return [Stage(_("Conditions"), text)]


def _given_up(case: Application) -> list[Stage]:
    """What the applicant had before withdrawing."""
    offer = getattr(case, "offer", None)
    if offer is None:
        return []
    made = [Stage(_("Offer made"), hong_kong_day(offer.made_at), "done")]
    if offer.answered_at:
        made.append(Stage(str(State.ACCEPTED.label), hong_kong_time(offer.answered_at), "done"))
    return made


def _start(case: Application) -> list[Stage]:
    """Expected unless confirmed (HKU-07); left out where no date is known."""
    intake = case.offering.intake
    if intake.expected_start_on is None:
        return []
    title = _("Start of the programme") if intake.is_start_confirmed else _("Expected start")
    return [Stage(title, hong_kong_day(intake.expected_start_on))]


def _documents_checked(case: Application) -> datetime | None:
    """When the last document was verified; None while one waits, or a point has nothing that was accepted."""
    documents = case.documents.all()
    verified = [each for each in documents if each.status == DocumentStatus.VERIFIED]
    points = {each.slot for each in documents}
    if any(each.status == DocumentStatus.RECEIVED for each in documents) or points - {
        each.slot for each in verified
    }:
        return None
    return max((each.checked_at for each in verified if each.checked_at), default=None)
