"""Both sides draw the same form, and ours says as much to whoever does not see it. Nothing is timed."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest

from admissions_portal.clock.actions import start_clock_at
from tests.benchmarks import form_get
from tests.factories.drafts import AT, publish_policies, ready_draft, taught_offering

pytestmark = pytest.mark.django_db


class Controls(HTMLParser):
    """The inputs of a page by name, each with its label and the hint that describes it."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self._ids: dict[str, list[str]] = {}
        self._labels: dict[str, list[str]] = {}
        self._open: list[list[str]] = []
        self._inputs: dict[str, dict[str, str | None]] = {}
        self._legend: list[str] = []
        self._stack: list[tuple[str, list[str] | None]] = []
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        words: list[str] | None = None
        if place := given.get("id"):
            words = self._ids.setdefault(place, [])
        if tag == "label" and given.get("for"):
            words = self._labels.setdefault(str(given["for"]), [])
        if tag in ("input", "select", "textarea") and given.get("type") not in ("hidden", "submit"):
            self._inputs.setdefault(str(given["name"]), given)
        if tag not in ("input", "meta", "link", "br", "use", "hr", "img"):
            self._stack.append((tag, words))

    def handle_endtag(self, tag: str) -> None:
        while self._stack and self._stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _tag, words in self._stack:
            if words is not None:
                words.append(data)

    def label_of(self, name: str) -> str:
        return _words(self._labels.get(str(self._inputs[name].get("id")), []))

    def description_of(self, name: str) -> str:
        places = (self._inputs[name].get("aria-describedby") or "").split()
        return " ".join(_words(self._ids[place]) for place in places)

    @property
    def names(self) -> set[str]:
        return set(self._inputs)


def _words(parts: list[str]) -> str:
    return " ".join("".join(parts).replace("*", " ").replace("(optional)", " ").split())


@pytest.mark.parametrize("key", form_get.SECTIONS)
def test_both_sides_ask_the_same_and_describe_it_alike(key: str) -> None:
    publish_policies()
    start_clock_at(AT)
    draft = ready_draft(taught_offering())
    with form_get.both_sides():
        same, crispy, ours = (Controls(side()) for side in form_get.sides_of(draft, key).values())
    assert same.names == ours.names
    prefix = "" if key == "personal" else "degree-0-"
    for name in crispy.names - {"next"}:
        own = next((each for each in (f"{prefix}{name}", f"{prefix}{name}_day") if each in ours.names), "")
        if own.endswith("_day"):  # a date, asked for as three numbers in a named group
            continue
        if name == "relied_on":  # a single degree needs no mark
            continue
        assert own, name
        assert ours.label_of(own) == crispy.label_of(name)
        assert ours.description_of(own) == crispy.description_of(name)


def test_the_benchmark_prints_both_sides_and_the_goal(capsys: pytest.CaptureFixture[str]) -> None:
    publish_policies()
    start_clock_at(AT)
    form_get.measure(ready_draft(taught_offering()), rounds=1, times=1)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["side"] for line in lines if "side" in line] == [
        "crispy on the same page",
        "crispy on a plain page",
        "ours",
    ] * 2
    assert [line["goal"] for line in lines if "goal" in line] == ["at least 2.5 times as fast"] * 2
