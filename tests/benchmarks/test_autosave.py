"""Both sides of the autosave's benchmark answer, and one of them keeps what is typed. Nothing is timed."""

import json

import pytest
from django.test import override_settings

from applications.submission.models import UnsavedText
from tests.benchmarks import autosave
from tests.factories.drafts import AT, ready_draft, taught_offering

pytestmark = pytest.mark.django_db


def test_both_sides_answer_and_the_text_is_kept() -> None:
    draft = ready_draft(taught_offering())
    with override_settings(ROOT_URLCONF=autosave.addresses()):
        assert [side() for side in autosave.sides_of(draft, at=AT).values()] == [200, 200]
    assert UnsavedText.objects.get().typed["preferred_name"] == [draft.applicant.preferred_name]


def test_the_benchmark_prints_both_sides_and_the_goal(capsys: pytest.CaptureFixture[str]) -> None:
    autosave.measure(ready_draft(taught_offering()), at=AT, rounds=1, times=1)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["side"] for line in lines if "side" in line] == ["trivial view", "autosave"]
    assert [line["goal"] for line in lines if "goal" in line] == ["at most 12 times the CPU"]
