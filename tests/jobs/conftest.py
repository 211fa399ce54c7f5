import pytest

from admissions_portal.jobs import runners
from admissions_portal.jobs.runners import Runner, register_runners


@pytest.fixture
def runner(monkeypatch):
    """`runner(function)` registers a runner called "sample" for one test."""
    monkeypatch.setattr(runners, "_runners", dict(runners._runners))

    def register(run):
        register_runners(Runner("sample", "Sample job", run))

    return register
