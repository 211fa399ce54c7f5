"""Whatever happens can be told: every kind of event written anywhere has a sentence that its data fills."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from admissions_portal.history import wording
from admissions_portal.history.models import Event
from admissions_portal.history.wording import sentence_of
from applications.lifecycle.transitions import TRANSITIONS

ROOT = Path(__file__).parents[3]
# a literal first argument, or both branches of a condition
WRITTEN = re.compile(r'record_events?\(\s*"([a-z_.]+)"(?:\s+if\s+\w+\s+else\s+"([a-z_.]+)")?')
CALL = re.compile(r"(?<!def )record_events?\(")
PAST_PARTICIPLE = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")


def sources() -> list[str]:
    """The text of every module of ours but migrations."""
    return [
        path.read_text(encoding="utf-8")
        for app in ("admissions_portal", "programmes", "eligibility", "applications")
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def kinds_written() -> set[str]:
    found = {
        kind for text in sources() for match in WRITTEN.finditer(text) for kind in match.groups() if kind
    }
    return found | {transition.event for transition in TRANSITIONS.values()}


def test_every_call_names_its_kind_where_it_stands() -> None:
    calls = sum(len(CALL.findall(text)) for text in sources())
    # the one exception takes its kind from the table of transitions
    assert sum(len(WRITTEN.findall(text)) for text in sources()) == calls - 1


@pytest.mark.parametrize("kind", sorted(kinds_written()))
def test_every_kind_has_a_sentence(kind: str) -> None:
    assert PAST_PARTICIPLE.fullmatch(kind)
    assert kind in wording._sentences


def test_no_sentence_waits_for_an_event_nobody_writes() -> None:
    assert sorted(set(wording._sentences) - kinds_written()) == []


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_a_sentence_is_filled_from_its_data(language: str) -> None:
    event = Event(kind="finding.recorded", data={"code": "HKU-E1"})
    with override(language):
        assert "HKU-E1" in sentence_of(event)
