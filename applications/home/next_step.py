"""What the applicant should do next, chosen from everything that waits: the soonest date decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from admissions_portal.clock import HONG_KONG, day_of
from admissions_portal.support.dates import hong_kong_day, hong_kong_time
from applications.assessments.visa import safe_reply_day
from applications.evidence.models import Document, EvidenceRequest, SlotCode
from applications.identity.queries import awaits_identity_number
from applications.late_entry.models import AccessCode, Extension
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.occasional.models import OccasionalRequest
from applications.offers.models import ConditionStatus
from applications.submission.late_rounds import late_entry_among
from applications.submission.models import ClosedRoundNotice, ClosedRoundOutcome
from applications.submission.rounds import may_use, round_receiving, why_none_receives
from eligibility.engine import LocalStatus

# What the office asks for without a date is done within a week by whoever wants an answer soon.
UNDATED = timedelta(days=7)


class Step(StrEnum):
    REPLY_TO_OFFER = "REPLY_TO_OFFER"
    ANSWER_REQUEST = "ANSWER_REQUEST"
    SEND_DOCUMENT = "SEND_DOCUMENT"
    CONTINUE_DRAFT = "CONTINUE_DRAFT"
    SUBMIT_AGAIN = "SUBMIT_AGAIN"
    GIVE_IDENTITY_NUMBER = "GIVE_IDENTITY_NUMBER"
    MEET_CONDITION = "MEET_CONDITION"
    SEND_OCCASIONAL = "SEND_OCCASIONAL"
    WAIT_FOR_ROUND = "WAIT_FOR_ROUND"
    SEE_WHY_CLOSED = "SEE_WHY_CLOSED"
    LEAVE_CHANGES = "LEAVE_CHANGES"


# only worth knowing: nothing is lost by leaving it
UNHURRIED = frozenset({Step.WAIT_FOR_ROUND, Step.SEE_WHY_CLOSED, Step.LEAVE_CHANGES, Step.SEND_OCCASIONAL})


@dataclass(frozen=True, slots=True)
class Known:
    """What several subjects know about one person's cases, each read once for all of them."""

    statuses: Mapping[UUID, LocalStatus] = field(default_factory=dict)
    # what the office has asked for and still waits for
    requests: Mapping[UUID, Sequence[EvidenceRequest]] = field(default_factory=dict)
    # what each draft was last told about a round that closed on it
    told: Mapping[UUID, ClosedRoundNotice] = field(default_factory=dict)
    # what lets a draft in after its round, the latest end first
    late: Mapping[UUID, Sequence[AccessCode | Extension]] = field(default_factory=dict)
    # since when the first change that was proposed waits for the office
    proposed: Mapping[UUID, datetime] = field(default_factory=dict)
    occasional: Sequence[OccasionalRequest] = ()

    def status_of(self, case: Application) -> LocalStatus:
        return self.statuses.get(case.pk, LocalStatus.UNSAID)


@dataclass(frozen=True, slots=True)
class Todo:
    """Something the applicant can do: what, why, where, by when. `due_at` is the minute as printed; None
    where no date was set. `application` is None for what belongs to no application."""

    step: Step
    application: Application | None
    title: str
    text: str
    url: str
    button: str
    due_at: datetime | None = None

    @property
    def is_pressing(self) -> bool:
        """Something is lost by leaving it; the rest is only worth knowing."""
        return self.step not in UNHURRIED


def todos_of(cases: Iterable[Application], known: Known, *, at: datetime) -> list[Todo]:
    """Everything that waits for the applicant, the soonest due first; what cannot be hurried comes last."""
    todos = [todo for case in cases for todo in _todos(case, known, at)]
    todos += [_occasional(request) for request in known.occasional if request.is_draft]
    return sorted(todos, key=lambda todo: (not todo.is_pressing, todo.due_at or at + UNDATED))


def _todos(case: Application, known: Known, at: datetime) -> list[Todo]:
    if case.is_draft:
        return [_draft(case, known, at)]
    if case.has_ended:
        return []
    asked = [_request(case, request, at) for request in known.requests.get(case.pk, ())]
    if case.state == State.OFFERED and case.offer.is_open and at < case.offer.closed_from:
        return [_reply(case), *asked]
    if case.state == State.ACCEPTED:
        number = [_identity_number(case)] if awaits_identity_number(case) else []
        return [*asked, *number, *_conditions(case)]
    if case.is_considered:
        return [*asked, *_documents(case), *_amendment(case, at)]
    return asked


def _draft(case: Application, known: Known, at: datetime) -> Todo:
    rounds, status = list(case.offering.rounds.all()), known.status_of(case)
    url = reverse("applications:review", args=[case.pk])
    if taking := round_receiving(rounds, status, at=at):
        text = _("%(round)s closes at the time below. What you have written is kept.") % {
            "round": taking.title
        }
        told = known.told.get(case.pk)
        if told is not None and told.outcome == ClosedRoundOutcome.MOVED:
            text = _(
                "%(closed)s closed before you submitted, so your draft has moved to %(round)s. It closes at "
                "the time below. What you have written is kept."
            ) % {"closed": told.round.title, "round": taking.title}
        return Todo(
            Step.CONTINUE_DRAFT,
            case,
            _("Finish and submit your application"),
            f"{text} {_('This date is an example.')}" if taking.is_example else text,
            url,
            _("Continue the application"),
            taking.closes_at,
        )
    if late := late_entry_among(known.late.get(case.pk, ()), rounds, status, at=at):
        return Todo(
            Step.CONTINUE_DRAFT,
            case,
            _("Finish and submit your application"),
            _("No round is open to you, but the office lets you in late, until the time below."),
            url,
            _("Continue the application"),
            late.closes_at,
        )
    if any(round_.is_to_come(at) and may_use(round_, status) for round_ in rounds):
        step, title = Step.WAIT_FOR_ROUND, _("Your draft waits for its round")
    else:
        step, title = Step.SEE_WHY_CLOSED, _("Your draft cannot be submitted now")
    return Todo(step, case, title, why_none_receives(rounds, status, at=at), url, _("Look at the draft"))


def _amendment(case: Application, at: datetime) -> list[Todo]:
    """Changes begun and not submitted: until the round closes they can be, after it they are left."""
    amendment = getattr(case, "amendment", None)
    if amendment is None or case.round is None:
        return []
    if case.round.closes_at and not case.round.is_closed(at):
        return [
            Todo(
                Step.SUBMIT_AGAIN,
                case,
                _("Submit your changes, or leave them out"),
                _(
                    "You have begun to change this application. Until you submit it again the office "
                    "works on what it received."
                ),
                reverse("applications:review", args=[amendment.pk]),
                _("Look at the changes"),
                case.round.closes_at,
            )
        ]
    return [
        Todo(
            Step.LEAVE_CHANGES,
            case,
            _("Your changes were not submitted in time"),
            _(
                "%(round)s has closed, and the application stands as it was received. You can still "
                "propose a change to the office."
            )
            % {"round": case.round.title},
            reverse("applications:review", args=[amendment.pk]),
            _("Look at the changes"),
        )
    ]


def _request(case: Application, request: EvidenceRequest, at: datetime) -> Todo:
    due_at = datetime.combine(request.due_on, time(23, 59), HONG_KONG)
    text = request.words
    if request.is_overdue(at):
        text = _("%(words)s This was due; send it now, the office still takes it.") % {"words": request.words}
    return Todo(
        Step.ANSWER_REQUEST,
        case,
        request.title,
        text,
        reverse("applications:request", args=[case.pk, request.pk]),
        _("Send a document") if request.wants_document else _("Write the answer"),
        due_at,
    )


def _reply(case: Application) -> Todo:
    text = _("A place is offered to you. Without a reply the offer lapses after the time below.")
    if (safe_on := safe_reply_day(case)) and safe_on < day_of(case.offer.reply_by):
        text = _("%(text)s To leave time for your visa, reply by %(day)s.") % {
            "text": text,
            "day": hong_kong_day(safe_on),
        }
    return Todo(
        Step.REPLY_TO_OFFER,
        case,
        _("Reply to the offer"),
        text,
        reverse("applications:offer", args=[case.offer.pk]),
        _("Read and answer the offer"),
        case.offer.reply_by,
    )


def _identity_number(case: Application) -> Todo:
    return Todo(
        Step.GIVE_IDENTITY_NUMBER,
        case,
        _("Give the number of your identity document"),
        _("You have accepted the offer, and registration needs the whole number. No date is set."),
        reverse("applications:identity_number", args=[case.pk]),
        _("Give the number"),
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
    """Points for which the office turned every file down; what answers a request is told by the request."""
    refused: dict[str, list[Document]] = {}
    for document in case.documents.all():
        if document.request_id is None:
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


def _occasional(request: OccasionalRequest) -> Todo:
    return Todo(
        Step.SEND_OCCASIONAL,
        None,
        _("Finish your request for single courses"),
        _("Occasional student, %(programme)s. It has not been sent. No closing date is published.")
        % {"programme": request.programme.name},
        reverse("applications:occasional_form", args=[request.pk]),
        _("Continue the request"),
    )


def summary_of(case: Application, known: Known, *, at: datetime) -> str:
    """One line about a case that asks nothing: who has it, since when, and what comes next."""
    office = case.offering.programme.office.name
    if case.is_draft:
        return _draft_summary(case, known, at)
    if since := known.proposed.get(case.pk):
        return _("You proposed a change on %(day)s. %(office)s has not answered it yet.") % {
            "day": hong_kong_day(since),
            "office": office,
        }
    if case.is_considered and case.submitted_at:
        return _("Received %(when)s. %(office)s has it, and nothing is asked of you.") % {
            "when": hong_kong_time(case.submitted_at),
            "office": office,
        }
    if case.state == State.ACCEPTED:
        return _("You have accepted the offer. %(office)s writes to you about what follows.") % {
            "office": office
        }
    if case.state == State.OFFERED:
        return _("The time to reply to the offer is over.")
    return _("Ended on %(when)s.") % {"when": hong_kong_time(case.state_since)}


def _draft_summary(case: Application, known: Known, at: datetime) -> str:
    taking = round_receiving(list(case.offering.rounds.all()), known.status_of(case), at=at)
    if taking is None or taking.closes_at is None:
        return _("No round takes it at present.")
    closes = {"round": taking.title, "when": hong_kong_time(taking.closes_at)}
    if taking.is_example:
        return _("%(round)s closes on %(when)s (example date).") % closes
    return _("%(round)s closes on %(when)s.") % closes
