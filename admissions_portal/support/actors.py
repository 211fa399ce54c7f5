"""Who acts: a person signed in, the portal by itself, or somebody holding a token."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


class ActorKind(StrEnum):
    USER = "USER"
    SYSTEM = "SYSTEM"
    TOKEN = "TOKEN"


@dataclass(frozen=True, slots=True)
class Actor:
    """The one in whose name an action runs; `id` is text so that every kind fits one column."""

    kind: ActorKind
    id: str = ""
    user: Any = None

    @classmethod
    def of(cls, user: AbstractBaseUser | AnonymousUser) -> Actor:
        """The signed-in person. Raises ValueError for an anonymous one: a door must have asked first."""
        if user.pk is None:
            raise ValueError("An anonymous visitor is no actor.")
        return cls(ActorKind.USER, str(user.pk), user)

    @classmethod
    def system(cls) -> Actor:
        return cls(ActorKind.SYSTEM)
