"""Kinds of messages a decision sends."""

from django.utils.translation import gettext_lazy as _

from admissions_portal.outbox.kinds import MessageKind

KINDS = (MessageKind("application_refused", _("Decision"), "application"),)
