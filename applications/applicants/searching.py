"""How a person is found by name: the words a name is kept under, and what a search asks for.

Pure. A word of letters is found by its beginning, in any order, whatever its case, accents and signs; Chinese
characters by any part of the name, in traditional or simplified form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from anyascii import anyascii
from opencc import OpenCC

# blocks, because Python's own tables lag behind Unicode
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(f"(?P<han>[{_HAN}][{_HAN}·]*)|[^{_HAN}]+")
_SIGNS = re.compile(r"[^a-z0-9]+")
# names whose parts are also written as one word: “Tsz Ching” as “Tszching”
_JOINED = ("family_name", "given_names", "preferred_name")
_NAMES = (*_JOINED, "chinese_name", "other_names")
# PostgreSQL keeps words of up to 2046 bytes
_LONGEST = 500


def name_words(person: Mapping[str, Any]) -> list[str]:
    """Every word a person is found under, of a frozen profile or of a correction of one."""
    words: set[str] = set()
    for field in _NAMES:
        text = person.get(field) or ""
        for run, is_han in _runs(text):
            words.update(_endings(run) if is_han else _letters(run))
        if field in _JOINED:
            words.add(_plain("".join(run for run, is_han in _runs(text) if not is_han)))
    return sorted(word[:_LONGEST] for word in words if word)


def split_search(search: str) -> list[str]:
    """The words of a search as they were typed, each of one script: `AU嘉 ka` is three."""
    return [run.strip() for part in search.split() for run, _is_han in _runs(part)]


def plain_word(word: str) -> str:
    """A word of a search as it begins one of a person's `name_words`; "" where it is no part of a name."""
    found = [_simple(run) if is_han else _plain(run) for run, is_han in _runs(word)]
    return "".join(found)[:_LONGEST]


def name_order(person: Mapping[str, Any]) -> str:
    """What a list by name is ordered by: family name, then given names, in small plain letters."""
    romanised = f"{person.get('family_name') or ''} {person.get('given_names') or ''}"
    text = anyascii(romanised).lower().strip() or anyascii(person.get("chinese_name") or "").lower()
    return text[:_LONGEST]


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    for found in _RUNS.finditer(text):
        yield found[0], found["han"] is not None


def _letters(text: str) -> Iterator[str]:
    for word in text.split():
        yield _plain(word)
        yield from _SIGNS.split(anyascii(word).lower())


def _endings(text: str) -> Iterator[str]:
    """From every character to the end, so that any part of the name is the beginning of one of them."""
    simple = _simple(text)
    return (simple[start:] for start in range(len(simple)))


def _plain(text: str) -> str:
    return _SIGNS.sub("", anyascii(text).lower())


def _simple(text: str) -> str:
    # one by one: what a character becomes must not depend on its neighbours
    return "".join(_simplified(character) for character in text if character != "·")


@cache
def _simplified(character: str) -> str:
    return _simplifier().convert(character)


@cache
def _simplifier() -> OpenCC:
    return OpenCC("hk2s")
