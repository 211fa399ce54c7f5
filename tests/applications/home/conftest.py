import pytest

from tests.factories.drafts import publish_policies


@pytest.fixture
def policies(db):
    publish_policies()
