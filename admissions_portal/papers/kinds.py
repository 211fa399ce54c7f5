"""What each kind of paper is called. Apps register theirs in `AppConfig.ready()`."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_titles: dict[str, Promise | str] = {}


def register_titles(titles: Mapping[str, Promise | str]) -> None:
    """Add titles by kind: `{"offer": _("Offer of admission")}`."""
    _titles.update(titles)


def title_of(kind: str) -> str:
    """The kind in the reader's language; a kind nobody registered is a letter."""
    return str(_titles.get(kind, _("Letter")))
