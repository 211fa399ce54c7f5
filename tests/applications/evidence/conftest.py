import pytest

from admissions_portal.support.actors import Actor
from eligibility.loading import load_policies
from tests.factories.programmes import hkt


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Every test keeps its files apart, and they go with it."""
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path


@pytest.fixture
def policies(db):
    load_policies(by=Actor.system(), at=hkt(2026, 1, 2))
