"""Finding cases by what an officer types: a name in either script, a number, an e-mail address.

Every word of a search must be found, each by one of four indexes; a word finds by its beginning, so none is
looked for in the middle of everybody's text. A number on an identity document is not looked for here: it
stands in no address (`cases_of_number`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower

from admissions_portal.accounts.roles import Right
from admissions_portal.support.words import has_words
from applications.applicants.identity import IdentityKind, whole_number
from applications.applicants.searching import plain_word, split_search
from applications.identity.models import IdentityNumber
from applications.identity.queries import indexes_for
from applications.lifecycle.models import Application, number_alone, number_in_one
from applications.lifecycle.queries import applications_visible_to
from programmes.queries import programmes_of

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User

# more words are no search, and each is work
MOST_WORDS = 8
_NUMBER = re.compile(r"[A-Z0-9]+")
# no document's number has fewer
_FIGURES = 5


def searched(
    cases: QuerySet[Application], search: str, *, blind: Collection[int] = ()
) -> QuerySet[Application]:
    """Those of `cases` in which every word of `search` is found; those of programmes that are read `blind` by
    their numbers alone.

    By the beginning of a word of a name, frozen or corrected, whatever its case, accents and order; by any
    part of a name in Chinese characters, traditional or simplified; by the beginning of an e-mail address;
    by the beginning of an application's number, with its dash or without, or by its last figures alone.
    """
    for word in split_search(search)[:MOST_WORDS]:
        first, *others = [*_by_person(word, blind), *_by_number(word)]
        cases = cases.filter(pk__in=first.union(*others) if others else first)
    return cases


def _by_person(word: str, blind: Collection[int]) -> Iterator[QuerySet[Application, Any]]:
    seen = Application.objects.order_by()
    if blind:
        seen = seen.exclude(offering__intake__programme__in=blind)
    address = seen.alias(address=Lower("applicant__user__email"))
    yield address.filter(address__startswith=word.lower()).values("pk")
    if plain := plain_word(word):
        yield seen.filter(has_words("profile__words", [plain])).values("pk")
        corrected = seen.filter(corrections__profile=F("profile"))
        yield corrected.filter(has_words("corrections__words", [plain])).values("pk")


def _by_number(word: str) -> Iterator[QuerySet[Application, Any]]:
    written = word.upper().replace("-", "")
    if not _NUMBER.fullmatch(written):
        return
    numbered = Application.objects.order_by().alias(in_one=number_in_one(), alone=number_alone())
    yield numbered.filter(in_one__startswith=written).values("pk")
    if written.isdecimal():
        yield numbered.filter(alone=written.lstrip("0")).values("pk")


def cases_of_number(typed: str, *, user: User, on: date) -> list[UUID]:
    """The cases that hold this whole identity number, of those whose numbers `user` may see on that day; the
    one that gave it first. Nothing where it is no whole number of any kind of document.

    By the keyed index of each institution alone, so that nothing is ever found across them.
    """
    cases = applications_visible_to(user, on=on, right=Right.SEE_IDENTITY_NUMBERS)
    numbers = _numbers_in(typed)
    if not numbers:
        return []
    institutions = (
        programmes_of(user, Right.SEE_IDENTITY_NUMBERS, on)
        .order_by()
        .values_list("institution__code", flat=True)
    )
    held = Q(pk__in=())
    for code in set(institutions):
        held |= Q(
            index__in=[index for kind, number in numbers for index in indexes_for(code, kind, number)],
            application__offering__intake__programme__institution__code=code,
        )
    given = IdentityNumber.objects.filter(held, application__in=cases.order_by().values("pk"))
    return list(given.order_by("given_at", "id").values_list("application", flat=True))


def is_like_a_number(typed: str) -> bool:
    """Whether what was typed could be a number on an identity document, and no word or address."""
    return sum(map(str.isdigit, typed)) >= _FIGURES and bool(_numbers_in(typed))


def _numbers_in(typed: str) -> list[tuple[str, str]]:
    """What was typed as a whole number of each kind of document it could be."""
    found = []
    for kind in IdentityKind.values:
        if kind != IdentityKind.NONE:
            with suppress(ValidationError):
                found.append((kind, whole_number(typed, kind)))
    return found
