"""Text that the database holds and nobody reads there: encrypted with the portal's own keys."""

from __future__ import annotations

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def seal(text: str) -> str:
    """`text` encrypted with the first of `FIELD_KEYS`."""
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed, whichever of the keys did it. Raises InvalidToken where none of them fits."""
    return _keys().decrypt(sealed.encode()).decode()


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])
