"""Copies of records in words: sentences of history, the kind of message."""

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.kinds import MessageKind

SENTENCES = {
    "record.copy_requested": _("Copy of the record asked for"),
    "record.copy_made": _("Copy of the record made"),
    "record.copy_taken": _("Copy of the record downloaded"),
}
KINDS = (MessageKind("record_copy", _("Copy of the record ready"), "recordcopy"),)
