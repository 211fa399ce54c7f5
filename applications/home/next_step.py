"""What the applicant should do next, chosen from everything that waits: the soonest date decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from admissions_portal.clock import HONG_KONG
from admissions_portal.support.dates import hong_kong_time
from applications.evidence.models import Document, SlotCode
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.offers.models import ConditionStatus
from applications.submission.rounds import may_use, round_receiving, why_none_receives
from eligibility.engine import LocalStatus

# What the office asks for without a date is done within a week by whoever wants an answer soon.
UNDATED = timedelta(days=7)


class Step(StrEnum):
    REPLY_TO_OFFER = "REPLY_TO_OFFER"
    SEND_DOCUMENT = "SEND_DOCUMENT"
    CONTINUE_DRAFT = "CONTINUE_DRAFT"
    MEET_CONDITION = "MEET_CONDITION"
    WAIT_FOR_ROUND = "WAIT_FOR_ROUND"
    SEE_WHY_CLOSED = "SEE_WHY_CLOSED"


@dataclass(frozen=True, slots=True)
class Todo:
    """Something the applicant can do. `due_at` is the minute as printed; None where no date was set."""

    step: Step
    application: Application
    title: str
    text: str
    url: str
    button: str
    due_at: datetime | None = None

    @property
    def is_pressing(self) -> bool:
        """Something is lost by leaving it; the rest is only worth knowing."""
        return self.step not in (Step.WAIT_FOR_ROUND, Step.SEE_WHY_CLOSED)


def todos_of(
    cases: Iterable[Application], statuses: Mapping[UUID, LocalStatus], *, at: datetime
) -> list[Todo]:
    """Everything that waits for the applicant, the soonest due first; what cannot be hurried comes last."""
    todos = [todo for case in cases for todo in _todos(case, statuses, at)]
    return sorted(todos, key=lambda todo: (not todo.is_pressing, todo.due_at or at + UNDATED))


def _todos(case: Application, statuses: Mapping[UUID, LocalStatus], at: datetime) -> list[Todo]:
    if case.is_draft:
        return [_draft(case, statuses.get(case.pk, LocalStatus.UNSAID), at)]
    if case.state == State.OFFERED and case.offer.is_open and at < case.offer.closed_from:
        return [_reply(case)]
    if case.state == State.ACCEPTED:
        return _conditions(case)
    if case.is_considered:
        return _documents(case)
    return []


def _draft(case: Application, status: LocalStatus, at: datetime) -> Todo:
    rounds = list(case.offering.rounds.all())
    url = reverse("applications:review", args=[case.pk])
    if taking := round_receiving(rounds, status, at=at):
        text = _("%(round)s closes at the time below. What you have written is kept.") % {
            "round": taking.title
        }
        return Todo(
            Step.CONTINUE_DRAFT,
            case,
            _("Finish and submit your application"),
            f"{text} {_('This date is an example.')}" if taking.is_example else text,
            url,
            _("Continue the application"),
            taking.closes_at,
        )
    if any(round_.is_to_come(at) and may_use(round_, status) for round_ in rounds):
        step, title = Step.WAIT_FOR_ROUND, _("Your draft waits for its round")
    else:
        step, title = Step.SEE_WHY_CLOSED, _("Your draft cannot be submitted now")
    return Todo(step, case, title, why_none_receives(rounds, status, at=at), url, _("Look at the draft"))


def _reply(case: Application) -> Todo:
    return Todo(
        Step.REPLY_TO_OFFER,
        case,
        _("Reply to the offer"),
        _("A place is offered to you. Without a reply the offer lapses after the time below."),
        reverse("applications:offer", args=[case.offer.pk]),
        _("Read and answer the offer"),
        case.offer.reply_by,
    )


def _conditions(case: Application) -> list[Todo]:
    """Open conditions of an accepted offer; the whole day counts."""
    return [
        Todo(
            Step.MEET_CONDITION,
            case,
            _("Show that a condition is met"),
            _("%(condition)s: %(evidence)s") % {"condition": condition.text, "evidence": condition.evidence},
            reverse("applications:documents", args=[case.pk]),
            _("Send a document"),
            datetime.combine(condition.due_on, time(23, 59), HONG_KONG),
        )
        for condition in case.offer.conditions.all()
        if condition.status == ConditionStatus.OPEN
    ]


def _documents(case: Application) -> list[Todo]:
    """Points for which the office turned every file down."""
    refused: dict[str, list[Document]] = {}
    for document in case.documents.all():
        refused.setdefault(document.slot, []).append(document)
    return [
        Todo(
            Step.SEND_DOCUMENT,
            case,
            _("Send another document: %(title)s") % {"title": SlotCode(slot).label},
            _("The office could not accept what you sent: %(reason)s") % {"reason": documents[-1].reason},
            reverse("applications:documents", args=[case.pk]) + f"#slot-{slot.lower()}",
            _("Send another document"),
        )
        for slot, documents in refused.items()
        if all(document.is_rejected for document in documents)
    ]


def summary_of(case: Application, statuses: Mapping[UUID, LocalStatus], *, at: datetime) -> str:
    """One line about a case among others: where it stands and what binds it."""
    if not case.is_draft:
        return (
            _("Received %(when)s.") % {"when": hong_kong_time(case.submitted_at)} if case.submitted_at else ""
        )
    rounds = list(case.offering.rounds.all())
    taking = round_receiving(rounds, statuses.get(case.pk, LocalStatus.UNSAID), at=at)
    if taking is None or taking.closes_at is None:
        return _("No round takes it at present.")
    closes = {"round": taking.title, "when": hong_kong_time(taking.closes_at)}
    if taking.is_example:
        return _("%(round)s closes on %(when)s (example date).") % closes
    return _("%(round)s closes on %(when)s.") % closes
