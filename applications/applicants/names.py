"""What a name may be. Names are kept as written: never re-cased, split, joined or swapped (C4)."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from admissions_portal.support.unseen import seen

# Every Han block, extensions and compatibility forms included, with the iteration mark, zero and the dots
# that stand between the parts of a transcribed name. Blocks, because Python's own tables lag behind Unicode.
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# A variation selector only asks for one drawing of a character among several.
_VARIANT = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Letters, figures and signs of the full width, which a Chinese keyboard gives, and radicals standing in for
# characters, which a PDF gives. Only these are folded: compatibility characters of a name stay.
_WIDE = re.compile("[\u2e80-\u2fdf\uff01-\uff5e]")
# Joined piece by piece: over the whole text NFC would exchange compatibility characters too.
_ACCENTED = re.compile(r"[^\W\d_][\u0300-\u036f]+")
_DOTS = re.compile("[\u2022\u2027\u22c5\u30fb\uff0e\uff65]")
_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}]) (?=[{_HAN}])")
_CHINESE_NAME = re.compile(f"[{_HAN}\u3005\u3007\u00b7\u2027\u30fb\uff0e ]+")


def full_name(family_name: str, given_names: str, chinese_name: str) -> str:
    """Family name first, as written; one name alone is complete, a Chinese one too (DOMAIN C4)."""
    return " ".join(filter(None, (family_name, given_names))) or chinese_name


def tidy(text: str) -> str:
    """`text` as it was meant: no unseen characters, one space where several or odd ones stood, letters of the
    usual width, an accent joined to its letter. Case, order and every hyphen and apostrophe stay (C4)."""
    usual = _WIDE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), _VARIANT.sub("", seen(text)))
    return _ACCENTED.sub(lambda found: unicodedata.normalize("NFC", found[0]), " ".join(usual.split()))


def tidy_chinese(text: str) -> str:
    """A Chinese name likewise: no spaces within it, one dot, ·, between the parts of a transcribed one."""
    return _BETWEEN_HAN.sub("", _DOTS.sub("\u00b7", tidy(_DOTS.sub("\u00b7", text))))


class NameInput(forms.CharField):
    """A name, or a line of an address, as it was meant."""

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")


class ChineseNameInput(forms.CharField):
    def to_python(self, value: Any) -> str:
        return tidy_chinese(super().to_python(value) or "")


def validate_chinese_name(name: str) -> None:
    """Raise ValidationError where `name` holds anything but Chinese characters and the dot between them."""
    if not _CHINESE_NAME.fullmatch(name):
        raise ValidationError(
            _("Write the name in Chinese characters only; a name in letters goes into the fields above."),
            code="not_chinese",
        )


def validate_printable(text: str) -> None:
    """Raise ValidationError where `text` holds unseen characters that could disguise it in a letter."""
    if any(unicodedata.category(character) in {"Cc", "Cs"} or character in _DIRECTION for character in text):
        raise ValidationError(
            _("This holds a character that cannot be printed. Type it again instead of pasting it."),
            code="unprintable",
        )


_DIRECTION = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
