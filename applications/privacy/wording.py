"""Copies of records in words: sentences of history, the kind of message."""

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.kinds import MessageKind

SENTENCES = {
    "record_copy.requested": _("Copy of the record asked for"),
    "record_copy.made": _("Copy of the record made"),
    "record_copy.taken": _("Copy of the record downloaded"),
}
KINDS = (MessageKind("record_copy", _("Copy of the record ready"), "recordcopy"),)
