"""What a submission contains, of which the fingerprint is taken, and the receipt as a mail."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils import translation

from admissions_portal.outbox.models import Message
from admissions_portal.support.templatetags.portal import grouped
from applications.applicants.models import ProfileSnapshot
from applications.evidence.queries import documents_of
from applications.lifecycle.messages import write_to_applicant
from applications.lifecycle.models import Application
from applications.submission.declarations import Declared
from applications.submission.models import Submission
from programmes.models import Round


def content_of(
    application: Application,
    profile: ProfileSnapshot,
    round_: Round,
    answers: list[dict[str, Any]],
    *,
    number: str,
    declared: Declared,
    at: datetime,
) -> dict[str, Any]:
    """The whole application as plain JSON, as it is received at `at`, with the very texts that were declared.
    `answers` are those to the programme's questions.

    Its canonical form is what is hashed.
    """
    offering = application.offering
    with translation.override("en"):  # a fingerprint does not depend on the language of the page
        return {
            "number": number,
            "received_at": at.astimezone(UTC).isoformat(),
            "institution": offering.programme.institution.code,
            "programme": offering.programme.slug,
            "intake": offering.intake.label,
            "mode": offering.mode,
            "round": round_.label,
            "specialisation": _name(application.specialisation),
            "second_specialisation": _name(application.second_specialisation),
            "profile": profile.data,
            "answers": answers,
            "supervisors": [
                {"name": row.name, "has_spoken": row.has_spoken}
                for row in application.supervisors.order_by("position")
            ],
            "documents": [
                {
                    "slot": document.slot,
                    "question": document.question,
                    "name": document.name,
                    "sha256": document.sha256,
                }
                for document in documents_of(application)
            ],
            **declared.content(),
        }


def send_receipt(submission: Submission) -> Message:
    """Queue the receipt in the applicant's language; one for each submission, whatever happens."""
    application = submission.application
    return write_to_applicant(
        application,
        "application_received",
        at=submission.submitted_at,
        key=f"application_received/{application.pk}/{submission.sequence}",
        submission=submission,
        # two lines of a mail's 64 columns
        fingerprint=[grouped(submission.sha256[:32]), grouped(submission.sha256[32:])],
        code=grouped(submission.receipt_code),
    )


def _name(specialisation: Any) -> str | None:
    return specialisation.name if specialisation is not None else None
