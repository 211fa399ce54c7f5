"""The kinds of messages there are.

Apps register theirs in `AppConfig.ready()`; a kind nobody registered is a bug.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class MessageKind(NamedTuple):
    """`name` is also the name of its templates: `emails/<name>.subject.txt` and `emails/<name>.body.txt`."""

    name: str
    # what staff read in lists: "Offer made"
    title: str | Promise
    # the model name of what it is about: "offer"; empty where any or none will do
    about: str = ""


ACCOUNT = MessageKind("account", _("Sign-in and account"))

_kinds: dict[str, MessageKind] = {}


def register_kinds(*kinds: MessageKind) -> None:
    """Make kinds known.

    Registering the same again changes nothing; another of the same name raises ValueError.
    """
    for kind in kinds:
        if _kinds.setdefault(kind.name, kind) != kind:
            raise ValueError(f"Two kinds of message are called {kind.name!r}.")


def kind_named(name: str) -> MessageKind:
    """The registered kind. Raises LookupError for a name nobody registered."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(
            f"No kind of message is called {name!r}; register it in AppConfig.ready()."
        ) from None
