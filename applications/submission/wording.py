"""Submission in words: the kinds of its messages, and the receipt as a mail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.actions import queue_message
from admissions_portal.outbox.kinds import MessageKind
from admissions_portal.outbox.models import Message
from admissions_portal.support.templatetags.portal import grouped
from applications.lifecycle.queries import greeting_of
from applications.submission.models import Submission

KINDS = (
    MessageKind("application_received", _("Receipt of the application"), "application"),
    MessageKind("draft_reminder", _("Reminder to submit"), "application"),
)


def send_receipt(submission: Submission) -> Message:
    """Queue the receipt in the applicant's language; one for each application, whatever happens."""
    application = submission.application
    programme = application.offering.programme
    return queue_message(
        "application_received",
        to=application.applicant.user,
        context={
            "application": application,
            "offering": application.offering,
            "programme": programme,
            "office": programme.office,
            "institution": programme.institution,
            "submission": submission,
            # two lines of a mail's 64 columns
            "fingerprint": [grouped(submission.sha256[:32]), grouped(submission.sha256[32:])],
            "code": grouped(submission.receipt_code),
            "name": greeting_of(application),
        },
        about=application,
        at=submission.submitted_at,
        key=f"application_received/{application.pk}",
        sender=programme.office.name,
    )
