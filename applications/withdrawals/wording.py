"""Withdrawals in words: a sentence of history, the kind of message."""

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.kinds import MessageKind

SENTENCES = {"withdrawal.noted": _("The office has seen the withdrawal")}
KINDS = (MessageKind("application_withdrawn", _("Application withdrawn"), "application"),)
