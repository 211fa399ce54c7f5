"""The kinds of messages around a submission."""

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.kinds import MessageKind

KINDS = (
    MessageKind("application_received", _("Receipt of the application"), "application"),
    MessageKind("draft_reminder", _("Reminder to submit"), "application"),
)
