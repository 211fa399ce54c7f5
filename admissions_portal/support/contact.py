"""Whom to ask, for pages of the ground floor.

Offices are facts of the catalogue, so the catalogue registers where they come from.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import DatabaseError, transaction


@dataclass(frozen=True, slots=True)
class OfficeContact:
    """An office as the source gives it; what the source leaves out is empty, never guessed (HKU-18)."""

    name: str
    institution: str
    phones: tuple[str, ...] = ()
    address: str = ""
    email: str = ""


_providers: list[Callable[[], Iterable[OfficeContact]]] = []


def register_offices(provider: Callable[[], Iterable[OfficeContact]]) -> None:
    """For an upper app's `AppConfig.ready()`: `provider` lists offices in the order they are shown."""
    _providers.append(provider)


def offices() -> list[OfficeContact]:
    """Every office known; none while the database does not answer, so that error pages can ask too."""
    try:
        with transaction.atomic():  # a failed query must not spoil the page's own transaction
            return [office for provider in _providers for office in provider()]
    except DatabaseError:
        return []
