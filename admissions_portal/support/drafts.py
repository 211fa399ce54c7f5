"""Drafts that offices edit together: what somebody else did to one meanwhile is said, never overwritten."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext as _

from admissions_portal.support.refusals import Refusal


class Draft(Protocol):
    """A version that is edited until it is published; `edition` is another text after each saving."""

    number: Any
    drafted_by: Any

    @property
    def is_draft(self) -> bool: ...

    @property
    def edition(self) -> str: ...


D = TypeVar("D", bound=Draft)


def as_it_was_seen(found: D | None, *, seen: str, refusal: type[Refusal], published: str = "") -> D:
    """The draft as it stands, read under its lock. Raises `refusal` where it is gone, published (in the
    caller's own words, with %(number)s, if the usual ones do not fit) or, with `seen`, another edition than
    was looked at."""
    if found is None:
        raise refusal(_("This draft was discarded meanwhile, so nothing was saved."))
    if not found.is_draft:
        sentence = published or _(
            "This draft was published as version %(number)s meanwhile. Begin a new draft from it."
        )
        raise refusal(sentence % {"number": found.number})
    if seen and seen != found.edition:
        raise refusal(
            _(
                "%(person)s has saved this draft since you opened it. Your entries are still here and "
                "theirs are kept: compare the two, then save again."
            )
            % {"person": found.drafted_by or _("Somebody")}
        )
    return found
