import pytest

from admissions_portal.support.actors import Actor
from eligibility.loading import load_policies
from tests.factories.programmes import hkt


@pytest.fixture
def policies(db):
    load_policies(by=Actor.system(), at=hkt(2026, 1, 2))
