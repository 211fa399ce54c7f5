"""What people change about their own account; addresses, passwords and second steps are allauth's."""

from __future__ import annotations

from admissions_portal.accounts.models import User


def choose_language(user: User, *, language: str) -> None:
    """Write to `user` in `language` (a code of settings.LANGUAGES) from now on."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
