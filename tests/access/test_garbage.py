"""Garbage in the fields of every form, and in the words of every address: a sentence or a page that is not
there, never a fault."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client

from tests.access.addresses import addresses, filled
from tests.access.forms_found import Form, Offered
from tests.access.world import World, appointed

pytestmark = pytest.mark.django_db

# a kind of garbage a field; every field and every kind in the bigger run
FULL = bool(os.environ.get("PORTAL_TEST_FULL"))
GARBAGE = {
    "nothing": "",
    "NUL": "a\0b",
    "a number too big": "9" * 40,
    "below nothing": "-1",
    "no number": "NaN",
    "a fraction": "1e400",
    "no day": "2026-13-45",
    "long": "一" * 5000,
    "marks": "%s{{x}}<script>'\";--\u202e",
}
# leave the session, or the machine, for good: nothing to look at
LEFT_OUT = ("logout", "/i18n/")


def garbled(form: Form, kinds: Iterator[str]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The form with one field after the other spoiled, and once with nothing at all."""
    yield "no fields", []
    # every third field, another kind each; all of them in the bigger run
    for name in form.names if FULL else form.names[::3]:
        if name == "csrfmiddlewaretoken":
            continue
        kind = next(kinds)
        kept = [(key, value) for key, value in form.values if key != name]
        yield f"{name}: {kind}", [*kept, (name, GARBAGE[kind])]


def faults(client: Client, world: World) -> dict[str, str]:
    """What answered with a fault: by address and field, the fault."""
    found: dict[str, str] = {}
    kinds = cycle(GARBAGE)

    def look(method: str, address: str, said: str, data: Any) -> str:
        before = transaction.savepoint()
        answer = getattr(client, method)(address, data)
        # what is streamed is made while it is read
        body = b"".join(answer) if answer.streaming else answer.content
        transaction.savepoint_rollback(before)
        if answer.status_code >= 500 and answer.exc_info:
            found[f"{method} {address} {said}"] = repr(answer.exc_info[1])
        return body.decode(errors="replace")

    def send(method: str, address: str, values: list[tuple[str, str]], said: str) -> None:
        data: dict[str, list[str]] = {}
        for name, value in values:
            data.setdefault(name, []).append(value)
        look(method, address, said, data)

    forms: dict[tuple[str, str, tuple[str, ...]], Form] = {}
    words: dict[str, dict[str, str]] = {}
    for name in addresses():
        if any(part in name for part in LEFT_OUT):
            continue
        address = filled(name, world)
        page = Offered(address, look("get", address, "", {}))
        for form in page.forms:
            form.action = urlsplit(form.action).path
            forms.setdefault((form.action, form.method, tuple(form.names)), form)
        for path, used in page.words.items():
            words.setdefault(path, {}).update(used)
        # whoever answers to POST alone is asked without a form as well
        look("post", address, "no form", {"seen": "x", "act": "remove:x"})
    for path, used in words.items():
        forms[path, "get", tuple(sorted(used))] = Form(path, "get", sorted(used.items()))
    for form in forms.values():
        if any(part in form.action for part in LEFT_OUT):
            continue
        for _turn in range(len(GARBAGE) if FULL else 1):
            for said, values in garbled(form, kinds):
                send(form.method, form.action, values, said)
            next(kinds)
    return found


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("visitor", ["owner", "everybody of the programme"])
def test_garbage_is_answered(visitor: str, world: World) -> None:
    client = Client(raise_request_exception=False)
    # one person with every role there is
    client.force_login(world.people.get(visitor) or appointed(world.case.offering.programme))
    assert faults(client, world) == {}
