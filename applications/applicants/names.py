"""What a name may be. Names are kept as written: never re-cased, split, joined or swapped (C4)."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Every Han block, extensions and compatibility forms included, with the iteration mark, zero and the dots
# that stand between the parts of a transcribed name. Blocks, because Python's own tables lag behind Unicode.
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CHINESE_NAME = re.compile(f"[{_HAN}\u3005\u3007\u00b7\u2027\u30fb\uff0e ]+")


def full_name(family_name: str, given_names: str, chinese_name: str) -> str:
    """Family name first, as written; one name alone is complete, a Chinese one too (DOMAIN C4)."""
    return " ".join(filter(None, (family_name, given_names))) or chinese_name


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


_DIRECTION = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
