"""Writing to the applicant about a case: one way, whatever is said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from admissions_portal.outbox.actions import queue_message
from admissions_portal.outbox.models import Message
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
    offering = application.offering
    programme = offering.programme
    return queue_message(
        kind,
        to=application.applicant.user,
        sender=programme.office.name,
        context={
            "application": application,
            "offering": offering,
            "programme": programme,
            "institution": programme.institution,
            "office": programme.office,
            "name": greeting_of(application),
            **context,
        },
        about=application,
        at=at,
        key=key,
        paper=paper,
    )
