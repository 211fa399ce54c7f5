"""An access code as text: drawn, shown in groups, and known again by its fingerprint."""

from __future__ import annotations

from django.conf import settings
from django.utils.crypto import salted_hmac

from admissions_portal.papers.models import new_code

_SALT = "applications.late_entry.codes"


def draw_code() -> tuple[str, str]:
    """A new code as it is shown, `7KQ2-M9TX-4HBD`, and the fingerprint to keep."""
    code = new_code()
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4)), _fingerprint(
        code, settings.SECRET_KEY
    )


def fingerprints_of(typed: str) -> list[str]:
    """What a typed code may be kept as, under the present secret and those before it."""
    return [
        _fingerprint(plain(typed), key)
        for key in map(str, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
    ]


def plain(typed: str) -> str:
    """Capitals, spaces and hyphens make no difference; O and 0, and I, L and 1 are easily taken for each
    other, and only the figures are ever used."""
    text = "".join(character for character in typed.upper() if character.isalnum())
    return text.translate(str.maketrans("OIL", "011"))


def _fingerprint(code: str, key: str) -> str:
    return salted_hmac(_SALT, code, secret=key, algorithm="sha256").hexdigest()
