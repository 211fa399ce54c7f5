"""Finding programmes by words: whatever a reader would type for what a programme says of itself.

The catalogue is short and read whole for every page, so words are compared here: no index falls behind an
edit, and Chinese, which puts no spaces, needs no dictionary.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from django.conf import settings
from django.db.models import Model
from django.utils.translation import override

from programmes.models import Kind, Level, Mode, Programme, Statement

LONGEST = 80  # characters of a search that are read


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The text without case, accents, width and punctuation: `Ｍaster’s – Génomics` → `masters genomics`."""
    signs = (sign for sign in unicodedata.normalize("NFKD", text).casefold() if sign not in "'’‘")
    plain = (sign if sign.isalnum() else " " for sign in signs if not unicodedata.combining(sign))
    return " ".join("".join(plain).split())


def words_of(typed: str) -> list[str]:
    """The words looked for, each once, in the order typed."""
    return list(dict.fromkeys(fold(typed).split()))


def has_words(programme: Programme, words: list[str]) -> bool:
    """Whether every word stands somewhere in the programme's texts, in any of the three languages.

    What an institution says of all its programmes is left out: it would find them all. Expects `statements`,
    `tracks__specialisations` and `intakes__offerings` prefetched.
    """
    if not words:
        return True
    told = "\n".join(fold(text) for text in _texts(programme) if text)
    return all(word in told for word in words)


def _texts(programme: Programme) -> Iterator[str | None]:
    institution = programme.institution
    yield from (
        programme.name,
        programme.award,
        programme.discipline,
        programme.slug,
        programme.number_prefix,
    )
    yield from (institution.short_name, institution.code, *_in_each_language(institution, "name"))
    yield programme.school.name if programme.school else None
    yield from (*_words_for(programme.kind), *_words_for(Level(programme.level)))
    for track in programme.tracks.all():
        yield from (track.name, *(specialisation.name for specialisation in track.specialisations.all()))
    for statement in programme.statements.all():
        if statement.topic != Statement.Topic.BACKGROUND:  # which counts other programmes
            yield from _in_each_language(statement, "text")
    for intake in programme.intakes.all():
        for offering in intake.offerings.all():
            yield from (*_words_for(Mode(offering.mode)), *_in_each_language(offering, "pattern"))


def _in_each_language(thing: Model, name: str) -> list[str | None]:
    return [getattr(thing, f"{name}_{code.replace('-', '_')}") for code, _name in settings.LANGUAGES]


@cache  # the catalogues of texts do not change while the portal runs
def _words_for(choice: Kind | Level | Mode) -> tuple[str, ...]:
    """What the choice is called in each language."""
    told = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            told.append(str(choice.label))
    return tuple(told)
