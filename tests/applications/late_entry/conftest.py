import pytest

from tests.factories.applications import acting, officer
from tests.factories.drafts import publish_policies, ready_draft, taught_offering


@pytest.fixture(autouse=True)
def policies(db):
    publish_policies()


@pytest.fixture
def offering():
    return taught_offering()


@pytest.fixture
def draft(offering):
    return ready_draft(offering)


@pytest.fixture
def office(offering):
    """Somebody of the programme office, acting."""
    return acting(officer(offering.programme))
