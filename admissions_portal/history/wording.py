"""A sentence for each kind of event. Apps register theirs in `AppConfig.ready()`."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from admissions_portal.history.models import Event

_sentences: dict[str, Promise | str] = {}


def register_sentences(sentences: Mapping[str, Promise | str]) -> None:
    """Add sentences by kind of event; they may use the event's data as `%(name)s`."""
    _sentences.update(sentences)


def sentence_of(event: Event) -> str:
    """What happened, in the reader's language. A kind nobody registered is shown by its code, not hidden."""
    return str(_sentences.get(event.kind, event.kind)) % _shown(event)


def _shown(event: Event) -> dict[str, object]:
    return {key: "" if value is None else value for key, value in event.data.items()}


def actor_label(event: Event) -> str:
    """Who did it when no name may be shown: `by itself` for the portal."""
    return str({"SYSTEM": _("by itself"), "TOKEN": _("by link"), "USER": _("by a person")}[event.actor_kind])
