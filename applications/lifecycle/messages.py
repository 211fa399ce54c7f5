"""Writing to the applicant about a case: one way, whatever is said."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings

from admissions_portal.outbox.actions import queue_message
from admissions_portal.outbox.models import Message
from admissions_portal.outbox.wording import render_subject_and_body
from admissions_portal.papers.models import Paper
from applications.lifecycle.models import Application
from applications.lifecycle.queries import greeting_of


def write_to_applicant(
    application: Application,
    kind: str,
    *,
    at: datetime,
    key: str | None = None,
    paper: Paper | None = None,
    **context: Any,
) -> Message:
    """Queue a message of this kind in the applicant's language, from the programme's office, about the case.

    Every template knows the case, the offering, the programme, its institution and office, and the name to
    greet by; `context` is what this kind says beside them. `key` and `paper` as in `queue_message`.
    """
    return queue_message(
        kind,
        to=application.applicant.user,
        sender=application.offering.programme.office.name,
        context={**_known(application), **context},
        about=application,
        at=at,
        key=key,
        paper=paper,
    )


class Drafted(NamedTuple):
    """A message as it would be sent now; nothing is queued."""

    language: str
    subject: str
    body: str


def drafted_to_applicant(application: Application, kind: str, *, at: datetime, **context: Any) -> Drafted:
    """What `write_to_applicant` would send, in the applicant's language."""
    language = application.applicant.user.language or settings.LANGUAGE_CODE
    known = {**_known(application), "at": at, **context}
    return Drafted(language, *render_subject_and_body(kind, language, known))


def _known(application: Application) -> dict[str, Any]:
    offering = application.offering
    programme = offering.programme
    return {
        "application": application,
        "offering": offering,
        "programme": programme,
        "institution": programme.institution,
        "office": programme.office,
        "name": greeting_of(application),
    }
