import pytest

from tests.factories.drafts import publish_policies, ready_draft, research_offering, taught_offering


@pytest.fixture(autouse=True)
def policies(db):
    publish_policies()


@pytest.fixture
def offering():
    return taught_offering()


@pytest.fixture
def research():
    return research_offering()


@pytest.fixture
def draft(offering):
    return ready_draft(offering)
