"""Text that the database holds and nobody reads there: encrypted with the portal's own keys."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def seal(text: str) -> str:
    """`text` encrypted with the first of `FIELD_KEYS`."""
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed, whichever of the keys did it. Raises InvalidToken where none of them fits."""
    return _keys().decrypt(sealed.encode()).decode()


def index_of(text: str, *, within: str) -> str:
    """What finds `text` again among what is sealed: a keyed hash, 64 hexadecimal digits.

    `within` names whose index it is; the same text has another index in another's, so that two of them laid
    side by side tell nothing.
    """
    return indexes_of(text, within=within)[0]


def indexes_of(text: str, *, within: str) -> list[str]:
    """All that `text` may stand under, one for each of `FIELD_KEYS`: an index made before the keys were
    renewed is still found."""
    return [
        hmac.new(f"{within}\0{key}".encode(), text.encode(), hashlib.sha256).hexdigest()
        for key in settings.FIELD_KEYS
    ]


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])
