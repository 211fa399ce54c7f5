"""What each kind of paper is called, and what the public page says of it. Apps register theirs in
`AppConfig.ready()`."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_titles: dict[str, Promise | str] = {}
_proofs: dict[str, str] = {}
_private: set[str] = set()


def register_titles(titles: Mapping[str, Promise | str]) -> None:
    """Add titles by kind: `{"offer": _("Offer of admission")}`."""
    _titles.update(titles)


def register_proofs(templates: Mapping[str, str]) -> None:
    """Add, by kind, the template with what a genuine paper of it proves: it is given the `paper`, and says
    nothing about the person."""
    _proofs.update(templates)


def register_private(*kinds: str) -> None:
    """These prove nothing to anybody: the public page does not know them."""
    _private.update(kinds)


def title_of(kind: str) -> str:
    """The kind in the reader's language; a kind nobody registered is a letter."""
    return str(_titles.get(kind, _("Letter")))


def proof_of(kind: str) -> str:
    """The template that says what a paper of the kind proves, or ""."""
    return _proofs.get(kind, "")


def private_kinds() -> frozenset[str]:
    return frozenset(_private)
