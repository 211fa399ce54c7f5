"""Keeping, naming, ordering and forgetting one's own lists. They are notes of their owner: no history."""

from __future__ import annotations

from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from admissions_portal.accounts.models import User
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.worklists.filters import Narrowing
from applications.worklists.models import SavedList

# each is counted on the desk
MOST_LISTS = 20
LONGEST_NAME = 60


class ListRefused(Refusal):
    """No name, a name that another list has, or too many lists."""


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


@transaction.atomic
def save_list(narrowing: Narrowing, *, name: str, by: Actor) -> SavedList:
    """Keep a list under a name, after those kept before. Raises ListRefused for a name that is empty, too
    long or taken, and beyond MOST_LISTS."""
    lists = _lists_of(by)
    name = _free_name(name, lists)
    if len(lists) >= MOST_LISTS:
        raise ListRefused(
            _("You keep %(count)s lists, as many as the desk shows. Delete one, then save this one.")
            % {"count": MOST_LISTS}
        )
    position = max((each.position for each in lists), default=0) + 1
    return SavedList.objects.create(user=_user(by), name=name, query=narrowing.query(), position=position)


@transaction.atomic
def rename_list(saved: SavedList, *, name: str, by: Actor) -> SavedList:
    """Raises ListRefused for a name that is empty, too long or taken."""
    saved, lists = _own(saved, by)
    saved.name = _free_name(name, [each for each in lists if each.pk != saved.pk])
    saved.save(update_fields=["name"])
    return saved


@transaction.atomic
def delete_list(saved: SavedList, *, by: Actor) -> None:
    """Forget the list. The cases in it are not touched."""
    _own(saved, by)[0].delete()


@transaction.atomic
def move_list(saved: SavedList, direction: Direction, *, by: Actor) -> None:
    """One place up or down; at either end nothing happens."""
    saved, lists = _own(saved, by)
    place = lists.index(saved)
    other = place + (1 if direction == Direction.DOWN else -1)
    if not 0 <= other < len(lists):
        return
    lists[place], lists[other] = lists[other], lists[place]
    for position, each in enumerate(lists, start=1):
        each.position = position
    SavedList.objects.bulk_update(lists, ["position"])


@transaction.atomic
def open_first(saved: SavedList | None, *, by: Actor) -> None:
    """The list of cases opens with this one from now on; None: with all of them."""
    SavedList.objects.filter(user=_user(by), is_first=True).update(is_first=False)
    if saved is not None:
        saved, _lists = _own(saved, by)
        saved.is_first = True
        saved.save(update_fields=["is_first"])


def _user(by: Actor) -> User:
    if by.user is None:
        raise PermissionDenied
    return by.user


def _lists_of(by: Actor) -> list[SavedList]:
    """All of one's own, locked by the row of their owner: two tabs do not give one place twice."""
    owner = User.objects.select_for_update(no_key=True).get(pk=_user(by).pk)
    return list(SavedList.objects.filter(user=owner).order_by("position", "id"))


def _own(saved: SavedList, by: Actor) -> tuple[SavedList, list[SavedList]]:
    """The row as it is now, and all of its owner's. Raises PermissionDenied where that is somebody else."""
    lists = _lists_of(by)
    found = next((each for each in lists if each.pk == saved.pk), None)
    if found is None:
        raise PermissionDenied
    return found, lists


def _free_name(name: str, others: list[SavedList]) -> str:
    name = " ".join(name.replace("\0", "").split())
    if not name:
        raise ListRefused(_("Write a name for the list, for example “PhD, documents to check”."))
    if len(name) > LONGEST_NAME:
        raise ListRefused(_("Write a name of at most %(most)s characters.") % {"most": LONGEST_NAME})
    if name in {each.name for each in others}:
        raise ListRefused(_("You have a list of this name already. Write another one."))
    return name
