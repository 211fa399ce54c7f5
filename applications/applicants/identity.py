"""Numbers of identity documents: how they are read, checked, cut and masked (DOMAIN C1, C7).

Until an offer is accepted only the first characters are asked for and kept; the whole number comes later
and stands in `applications.identity`.
"""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class IdentityKind(models.TextChoices):
    """The document a person is told apart by. Whoever has no Hong Kong identity card shows another."""

    HKID = "HKID", gettext_lazy("Hong Kong identity card")
    PASSPORT = "PASSPORT", gettext_lazy("Passport")
    MAINLAND_PERMIT = (
        "MAINLAND_PERMIT",
        gettext_lazy("Exit-entry Permit for Travelling to and from Hong Kong and Macao"),
    )
    OTHER = "OTHER", gettext_lazy("Another travel or identity document")
    NONE = "NONE", gettext_lazy("I hold none of these yet")


# How many characters are asked for before an offer is accepted: enough to tell namesakes apart.
START = 4
# How many of them a page shows.
SHOWN = 3
LONGEST = 20

_HKID = re.compile(r"([A-Z]{1,2})([0-9]{6})([0-9A])")
_HKID_START = re.compile(r"[A-Z][0-9]{3}|[A-Z]{2}[0-9]{2}")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2)
_SPACE = 36


def check_digit(letters: str, digits: str) -> str:
    """The character in brackets of a Hong Kong identity card: 0 to 9, or A for ten (C1).

    Letters count from A=10 to Z=35 and an absent first one as a space, 36; right-aligned to eight places
    with the weights 9 to 2. Counting A as 1 and leaving the space out is right for one letter only.
    """
    values = [_SPACE] * (2 - len(letters)) + [ord(letter) - ord("A") + 10 for letter in letters]
    values += [int(digit) for digit in digits]
    remainder = -sum(weight * value for weight, value in zip(_WEIGHTS, values, strict=True)) % 11
    return "A" if remainder == 10 else str(remainder)


def plain(number: str) -> str:
    """Capital letters and figures alone: `ａ123456（3）`, `A 123456 (3)` and `a1234563` are one number."""
    folded = unicodedata.normalize("NFKC", number).upper()
    return "".join(character for character in folded if character.isalnum())


def start_of(number: str, kind: str) -> str:
    """The first characters of what was typed, and never more. Raises ValidationError where they cannot begin
    a number of this kind."""
    start = plain(number)[:START]
    if kind == IdentityKind.HKID and not _HKID_START.fullmatch(start):
        raise ValidationError(
            _(
                "A Hong Kong identity card begins with one or two letters, then figures. Write the first "
                "four characters, for example A123 or AB98."
            ),
            code="not_a_start",
        )
    if len(start) < START or not start.isascii():
        raise ValidationError(
            _("Write the first four letters or figures of the number, without spaces."), code="not_a_start"
        )
    return start


def whole_number(number: str, kind: str) -> str:
    """The whole number as it is kept: `A1234563`. Raises ValidationError that says which part to look at;
    it never says what the right character would be, for then anybody could make a number up."""
    text = plain(number)
    if kind == IdentityKind.HKID:
        return _whole_hkid(text)
    if not text.isascii() or not START < len(text) <= LONGEST:
        raise ValidationError(
            _("Write the whole number as the document prints it: letters and figures, from 5 to 20 of them."),
            code="not_a_number",
        )
    return text


def _whole_hkid(text: str) -> str:
    letters = re.match(r"[A-Z]*", text)
    first = letters[0] if letters else ""
    rest = text[len(first) :]
    if len(first) not in (1, 2):
        raise ValidationError(
            _("The number of a Hong Kong identity card begins with one or two letters from A to Z."),
            code="letters",
        )
    figures = re.match(r"[0-9]*", rest)
    count = len(figures[0]) if figures else 0
    if count == 6 and len(rest) == 6:
        raise ValidationError(
            _("The character in brackets at the end is missing. Write it too, for example A123456(3)."),
            code="no_check_digit",
        )
    if count < 6 or len(rest) > 7:
        raise ValidationError(
            _(
                "After the letters stand six figures and one character in brackets; compare how many you "
                "have written."
            ),
            code="length",
        )
    if not (found := _HKID.fullmatch(text)):
        raise ValidationError(
            _("In brackets at the end stands a figure or the letter A. Look at that character again."),
            code="check_character",
        )
    if check_digit(found[1], found[2]) != found[3]:
        raise ValidationError(
            _(
                "The character in brackets does not belong to the letters and figures before it, so one of "
                "them is mistyped. Compare each with your card: the letters first, then the six figures, "
                "then the one in brackets."
            ),
            code="check_digit",
        )
    return text


def masked(number: str, kind: str) -> str:
    """What a page may show of a number or of its beginning: `A12…(•)`; "" for none."""
    if not number:
        return ""
    return f"{number[:SHOWN]}…(•)" if kind == IdentityKind.HKID else f"{number[:SHOWN]}…"


def printed(number: str, kind: str) -> str:
    """A whole number as its document prints it: `A123456(3)`."""
    return f"{number[:-1]}({number[-1]})" if number and kind == IdentityKind.HKID else number
