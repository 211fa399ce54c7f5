"""Whether two written names may be one person's, and why they look different (D6).

Pure: no person and no case are known here. Documents are compared with a profile by it, and readers with
the supervisors somebody names. Doubt is a difference: what is tolerated says what is written otherwise, so
that an officer can disagree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import combinations, islice, pairwise
from typing import Final, NamedTuple

from anyascii import anyascii
from opencc import OpenCC

from applications.applicants.names import tidy, tidy_chinese
from applications.applicants.names_spelled import READ_OTHERWISE, SPELLINGS, TITLES


class Agreement(StrEnum):
    SAME = "SAME"
    TOLERATED = "TOLERATED"
    DIFFERS = "DIFFERS"


class Why(StrEnum):
    """In what two names are written otherwise; the last four make them differ."""

    CAPITALS = "CAPITALS"
    ORDER = "ORDER"
    # spaces, hyphens, apostrophes, points
    SPACING = "SPACING"
    ACCENTS = "ACCENTS"
    # Leung and Leong, Lakshmi and Laxmi, Müller and Mueller
    SPELLING = "SPELLING"
    # the letters are the Mandarin reading of the Chinese name
    READING = "READING"
    # traditional, simplified or another form of the same characters
    CHARACTER_FORMS = "CHARACTER_FORMS"
    INITIALS = "INITIALS"
    # one has a part that the other leaves out: a middle name, a second family name, an English name
    PART_MISSING = "PART_MISSING"
    LETTERS_DIFFER = "LETTERS_DIFFER"
    CHARACTERS_DIFFER = "CHARACTERS_DIFFER"
    # too little stands on both to say that they are one name
    TOO_LITTLE = "TOO_LITTLE"
    NO_COMMON_SCRIPT = "NO_COMMON_SCRIPT"


class NamesCompared(NamedTuple):
    agreement: Agreement
    why: tuple[Why, ...] = ()

    @property
    def differ(self) -> bool:
        return self.agreement is Agreement.DIFFERS


@dataclass(frozen=True, slots=True)
class WrittenName:
    """A name as it is written somewhere. Where nobody says which part is the family's, all is `given`."""

    family: str = ""
    given: str = ""
    chinese: str = ""

    @classmethod
    def of_line(cls, line: str) -> WrittenName:
        """One line, such as “Prof. CHAN Tai Man 陳大文”: letters and Chinese characters apart."""
        han = _HAN_TITLES.sub("", "".join(_HAN.findall(line)))
        return cls(given=" ".join(_HAN.sub(" ", line).split()), chinese=tidy_chinese(han.strip(" ·・")))


_HAN_TITLES: Final = re.compile("(?<=..)(副?教授|講師|讲师|博士|先生|女士|小姐|[醫医]生)+$")
_HAN: Final = re.compile("[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·・]+")
# more words are no name; it keeps what somebody types from being work
_MOST_WORDS: Final = 10


def names_agree(one: WrittenName | str, other: WrittenName | str) -> bool:
    """Whether both may be one person's name: the same, or tolerably different."""
    return not compare_names(one, other).differ


@lru_cache(maxsize=20_000)
def name_keys(name: WrittenName | str) -> frozenset[str]:
    """Names that agree share one of these, so that one name is found among thousands without comparing each:
    the words of the name and what some of them are when written as one, in every usual spelling, and what
    Chinese characters are and how they are read."""
    written = WrittenName.of_line(name) if isinstance(name, str) else name
    words = _words_of(written)
    lengths = range(1, len(words) + 1) if len(words) <= _MOST_WORDS else (len(words),)
    keys: set[str] = set()
    for length in lengths:
        for some in combinations(words, length):
            keys |= {*_spellings_of("".join(word.text for word in some)), "".join(_pinyin(some))}
    if written.chinese:
        keys |= {_plain_characters(tidy_chinese(written.chinese)), *_spoken(written.chinese)}
    return frozenset(keys)


@cache
def _simplifier() -> OpenCC:
    return OpenCC("hk2s")


def compare_names(one: WrittenName | str, other: WrittenName | str) -> NamesCompared:
    """Compare two names, each a line or in parts. Neither order nor capitals, spacing, accents, forms of
    characters and usual spellings of a romanisation make a difference; nor do initials and parts left out
    while two whole words agree, the family's among them where it is known. An empty name agrees with
    nothing."""
    left = WrittenName.of_line(one) if isinstance(one, str) else one
    right = WrittenName.of_line(other) if isinstance(other, str) else other
    characters = _compare_characters(left.chinese, right.chinese) if left.chinese and right.chinese else None
    if characters and characters.differ:
        return characters
    words, others = _words_of(left), _words_of(right)
    letters = _compare_letters(words, others) if words and others else None
    if letters is None or letters.differ:
        # a certificate of a Mainland university has the Mandarin reading of what an identity card spells
        read = _reads(left.chinese, others) or _reads(right.chinese, words)
        if read and (letters or characters is None):
            letters = NamesCompared(Agreement.TOLERATED, (Why.READING,))
    found = [each for each in (letters, characters) if each]
    if not found:
        why = (
            Why.NO_COMMON_SCRIPT if (words or left.chinese) and (others or right.chinese) else Why.TOO_LITTLE
        )
        return NamesCompared(Agreement.DIFFERS, (why,))
    worst = max(found, key=lambda each: list(Agreement).index(each.agreement)).agreement
    return NamesCompared(worst, tuple(why for why in Why if any(why in each.why for each in found)))


def _compare_characters(one: str, other: str) -> NamesCompared:
    one, other = tidy_chinese(one), tidy_chinese(other)
    if one == other:
        return NamesCompared(Agreement.SAME)
    if _plain_characters(one) == _plain_characters(other):
        bare = re.sub("[· ]", "", one) == re.sub("[· ]", "", other)
        return NamesCompared(Agreement.TOLERATED, (Why.SPACING if bare else Why.CHARACTER_FORMS,))
    return NamesCompared(Agreement.DIFFERS, (Why.CHARACTERS_DIFFER,))


def _plain_characters(text: str) -> str:
    return str(_simplifier().convert(unicodedata.normalize("NFKC", re.sub("[· ]", "", text))))


class _Word(NamedTuple):
    """A piece of a name. Pieces that a hyphen joins are of one `group`; `place` is its place in the line."""

    text: str
    group: int
    place: int
    is_family: bool


def _words_of(name: WrittenName) -> tuple[_Word, ...]:
    """The words in letters, without titles and what stands where a name is missing; a single name that is
    printed twice, as some passports do, stands once."""
    words: list[_Word] = []
    group = 0
    for part, is_family in ((name.family, True), (name.given, False)):
        # “R.K. Narayan” has two initials; “O’Brien” and “Dela-Cruz” are words of two pieces
        for chunk in re.split(r"[\s,;/.()@]+", _HAN.sub(" ", tidy(part))):
            group += 1
            pieces = [piece for piece in re.split(r"[-‐‑–'’ʼ`]+", chunk) if any(map(str.isalpha, piece))]
            if len(pieces) == 1 and pieces[0].casefold() in TITLES:
                continue
            words += [_Word(piece, group, len(words) + at, is_family) for at, piece in enumerate(pieces)]
    if len(words) == 2 and words[0].text.casefold() == words[1].text.casefold():
        words.pop()
    return tuple(words)


def _compare_letters(one: tuple[_Word, ...], other: tuple[_Word, ...]) -> NamesCompared:
    if _shape(one) == _shape(other):
        return NamesCompared(Agreement.SAME)
    if max(len(one), len(other)) > _MOST_WORDS:
        return NamesCompared(Agreement.DIFFERS, (Why.LETTERS_DIFFER,))
    judged = (_judge(one, other, pairs) for pairs in _pairings(one, other))
    # those that pair most come first, and a name has few; a line made to have many is not worth the time
    return min(islice(judged, 500), key=_rank)


def _shape(words: tuple[_Word, ...]) -> list[tuple[str, bool]]:
    return [(word.text, at > 0 and words[at - 1].group == word.group) for at, word in enumerate(words)]


def _rank(compared: NamesCompared) -> tuple[int, int, int]:
    """The pairing that explains most is the one meant."""
    return (
        list(Agreement).index(compared.agreement),
        (Why.PART_MISSING in compared.why) + (Why.INITIALS in compared.why),
        len(compared.why),
    )


class _Pair(NamedTuple):
    """Words of one name that stand for words of the other; one side is a single word."""

    left: tuple[_Word, ...]
    right: tuple[_Word, ...]
    why: Why | None


def _pairings(one: tuple[_Word, ...], other: tuple[_Word, ...]) -> Iterator[list[_Pair]]:
    """Every way to pair the words of `one` with those of `other`; what is left over is in no pair."""
    if not one:
        yield []
        return
    tried = set()
    for taken, at, length in _spans(one, other):
        left, right = one[:taken], other[at : at + length]
        # equal words are exchangeable: trying each of them would only take time
        key = (taken, tuple(word.text for word in right))
        why = _difference(left, right)
        if key in tried or why is _NO:
            continue
        tried.add(key)
        for rest in _pairings(one[taken:], other[:at] + other[at + length :]):
            yield [_Pair(left, right, why), *rest]
    yield from _pairings(one[1:], other)


def _spans(one: tuple[_Word, ...], other: tuple[_Word, ...]) -> Iterator[tuple[int, int, int]]:
    """How many words from the front of `one` may stand for how many of `other` from where."""
    for at in range(len(other)):
        yield 1, at, 1
        yield from ((1, at, length) for length in range(2, len(other) - at + 1))
        yield from ((taken, at, 1) for taken in range(2, len(one) + 1))


_NO: Final = Why.LETTERS_DIFFER


def _difference(left: tuple[_Word, ...], right: tuple[_Word, ...]) -> Why | None:
    """What makes the two look different, None where nothing does, LETTERS_DIFFER where they are not one."""
    one, other = ("".join(word.text for word in side) for side in (left, right))
    if one == other:
        return None
    if one.casefold() == other.casefold():
        return Why.CAPITALS
    if _plain(one) == _plain(other):
        return Why.ACCENTS
    if _spellings_of(one) & _spellings_of(other):
        return Why.SPELLING
    if len(left) == len(right) == 1:
        short, long = sorted((_plain(one), _plain(other)), key=len)
        return Why.INITIALS if len(short) == 1 and long.startswith(short) else _NO
    # “TM Chan” for “Tai Man Chan”; a given name that happens to be two capitals is no word for others
    single, several = (one, right) if len(left) == 1 else (other, left)
    initials = "".join(_plain(word.text)[:1] for word in several)
    is_initials = single.isupper() and len(single) == len(several) and _plain(single) == initials
    return Why.INITIALS if is_initials and all(len(word.text) > 1 for word in several) else _NO


@cache
def _plain(text: str) -> str:
    """In small letters of the English alphabet."""
    return re.sub("[^a-z]", "", anyascii(unicodedata.normalize("NFC", text)).casefold())


_TWO_LETTERS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
# how passports and old machines write the ü of pinyin
_U_UMLAUT: Final = re.compile("^([ln])(?:yu|v|ue)(?=e?$)")


@cache
def _lines_of() -> Mapping[str, set[str]]:
    """By spelling the lines it stands in."""
    lines: dict[str, set[str]] = {}
    for line in SPELLINGS:
        for spelling in line.split():
            lines.setdefault(spelling, set()).add(line)
    return lines


@lru_cache(maxsize=50_000)
def _spellings_of(text: str) -> frozenset[str]:
    """The plain forms that are the same name written by another habit."""
    small = unicodedata.normalize("NFC", text).casefold()
    forms = frozenset({_plain(text), _plain(small.translate(_TWO_LETTERS))})
    forms |= {_U_UMLAUT.sub(r"\1u", form) for form in forms}
    return forms.union(*(_lines_of().get(form, set()) for form in forms))


def _judge(one: tuple[_Word, ...], other: tuple[_Word, ...], pairs: list[_Pair]) -> NamesCompared:
    """What one pairing makes of the two names."""
    left_over = [
        word
        for words, paired in ((one, [p.left for p in pairs]), (other, [p.right for p in pairs]))
        for word in words
        if not any(word in each for each in paired)
    ]
    on_both = any(word in one for word in left_over) and any(word in other for word in left_over)
    whole = [pair for pair in pairs if pair.why is not Why.INITIALS]
    if on_both or not whole:
        return NamesCompared(Agreement.DIFFERS, (Why.LETTERS_DIFFER,))
    families = [word for word in (*one, *other) if word.is_family]
    has_family = any(word.is_family for pair in whole for word in (*pair.left, *pair.right))
    if families and not has_family:
        return NamesCompared(Agreement.DIFFERS, (Why.LETTERS_DIFFER,))
    if left_over:
        # half of “Tai-Man” is another name; one word alone is too little to stand for two
        partly = any(
            word.group == lost.group
            for lost in left_over
            for word in (one if lost in one else other)
            if word not in left_over
        )
        if partly:
            return NamesCompared(Agreement.DIFFERS, (Why.LETTERS_DIFFER,))
        if sum(max(len(pair.left), len(pair.right)) for pair in whole) < 2:
            return NamesCompared(Agreement.DIFFERS, (Why.TOO_LITTLE,))
    why = {pair.why for pair in pairs if pair.why}
    if left_over:
        why.add(Why.PART_MISSING)
    if [p.right[0].place for p in pairs] != sorted(p.right[0].place for p in pairs):
        why.add(Why.ORDER)
    if any(len(p.left) != len(p.right) or _joins(p.left) != _joins(p.right) for p in pairs):
        why.add(Why.SPACING)
    if (
        not left_over
        and Why.ORDER not in why
        and _joined([p.left for p in pairs]) != _joined([p.right for p in pairs])
    ):
        why.add(Why.SPACING)
    return NamesCompared(
        Agreement.TOLERATED if why else Agreement.SAME, tuple(each for each in Why if each in why)
    )


def _joins(words: tuple[_Word, ...]) -> int:
    return len({word.group for word in words})


def _joined(sides: list[tuple[_Word, ...]]) -> list[bool]:
    """Between which of them a hyphen stands."""
    return [before[-1].group == after[0].group for before, after in pairwise(sides)]


def _reads(characters: str, words: tuple[_Word, ...]) -> bool:
    """Whether the words are the Mandarin reading of the characters, family first or last, perhaps beside a
    name of another kind (“Peter”)."""
    if not words or len(words) > _MOST_WORDS:
        return False
    line = _pinyin(words)
    spans = {
        "".join(line[start:end]) for start in range(len(line)) for end in range(start + 1, len(line) + 1)
    }
    return not spans.isdisjoint(_spoken(characters))


def _pinyin(words: Iterable[_Word]) -> list[str]:
    """The words in plain letters; ü is written v or yu, which nothing else is."""
    return [_U_UMLAUT.sub(r"\1u", _plain(word.text)) for word in words]


def _spoken(characters: str) -> set[str]:
    """The Mandarin readings of a name in characters, family first and last; none of a single character."""
    plain = _plain_characters(tidy_chinese(characters))
    if len(plain) < 2:
        return set()
    syllables = [_plain(character) for character in plain]
    first = {syllables[0], *READ_OTHERWISE.get(plain[0], "").split()}
    given = "".join(syllables[1:])
    return {f"{family}{given}" for family in first} | {f"{given}{family}" for family in first}
