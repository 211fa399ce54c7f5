from pathlib import Path

import pytest

from admissions_portal.outbox import kinds
from admissions_portal.outbox.kinds import MessageKind, register_kinds

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def sample_kind(monkeypatch, settings):
    """A kind of message that only the tests know, with templates of its own."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    register_kinds(MessageKind("sample", "Sample", "user"))
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], TEMPLATES]}]
