"""What was written to the applicant, on the case page: each message with text and state, each letter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from admissions_portal.accounts.roles import Right
from admissions_portal.outbox.models import Message
from admissions_portal.outbox.queries import messages_about
from admissions_portal.papers.kinds import title_of
from admissions_portal.papers.models import Paper
from admissions_portal.papers.queries import NO_RENDERER
from admissions_portal.support.dates import hong_kong_time
from applications.casework.reading import CaseReading
from applications.lifecycle.models import Application


@dataclass(frozen=True, slots=True)
class Writing:
    """A message or a letter: what it is, icon and words of its state, and whether it may be tried again."""

    thing: Message | Paper
    title: str
    status: str
    word: str
    why: str = ""
    is_failed: bool = False


def messages_on(reading: CaseReading) -> dict[str, Any]:
    """The latest first. Letters are those that messages carry or that stand on the case itself."""
    messages = list(messages_to_applicant(reading.case).order_by("-queued_at", "-id"))
    own = [offer.letter] if (offer := getattr(reading.case, "offer", None)) is not None else []
    letters = {paper.pk: paper for paper in [*own, *(each.paper for each in messages if each.paper)]}
    return {
        "messages_sent": [_message(each) for each in messages],
        "letters": [_letter(each) for each in _latest_first(letters.values())],
        "may_resend": reading.may(Right.VERIFY_EVIDENCE),
    }


def messages_to_applicant(application: Application) -> QuerySet[Message]:
    """What was written to the applicant about the case; not what its readers were told."""
    return (
        messages_about(application)
        .filter(to_user=application.applicant.user_id, is_sign_in=False)
        .select_related("paper")
        .defer("paper__pdf", "paper__context")
    )


def _latest_first(papers: Iterable[Paper]) -> list[Paper]:
    return sorted(papers, key=lambda paper: paper.requested_at, reverse=True)


def _message(message: Message) -> Writing:
    status, why = "PENDING_OFFICER", ""
    if message.status == Message.Status.SENT:
        status = "MET"
    elif message.status == Message.Status.FAILED:
        status, why = "NOT_MET", message.error
    elif message.status in (Message.Status.HELD, Message.Status.SKIPPED):
        status = "NOT_APPLICABLE"
    elif message.paper is not None and not message.paper.is_rendered:
        why = _("It leaves when its letter is made.")
    elif message.error:
        why = _("The last attempt failed (%(error)s); it is tried again.") % {"error": message.error}
    elif message.due_at > message.queued_at:
        why = _("It leaves on %(when)s.") % {"when": hong_kong_time(message.due_at)}
    is_failed = message.status == Message.Status.FAILED
    return Writing(message, message.subject, status, str(message.get_status_display()), why, is_failed)


def _letter(paper: Paper) -> Writing:
    status = {Paper.Status.RENDERED: "MET", Paper.Status.FAILED: "NOT_MET"}.get(
        Paper.Status(paper.status), "PENDING_OFFICER"
    )
    why = _("A system library is missing on the server.") if paper.error == NO_RENDERER else paper.error
    if not paper.is_in_force:
        why = _("A later version replaced it.") if paper.superseded_by_id else _("It is no longer valid.")
    title = _("%(title)s %(number)s, version %(version)s") % {
        "title": title_of(paper.kind),
        "number": paper.number,
        "version": paper.version,
    }
    is_failed = paper.status == Paper.Status.FAILED
    return Writing(paper, title, status, str(paper.get_status_display()), why, is_failed)
