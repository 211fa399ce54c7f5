import re

import pytest
from django.core.cache import cache

from admissions_portal.outbox.models import Message


@pytest.fixture(autouse=True)
def fresh_limits(request):
    """Limits are counted in the cache, which outlives a test's transaction only by its process."""
    yield
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        cache.clear()


@pytest.fixture(autouse=True)
def outbox(settings):
    """Django's test run puts mails into a list; here they become rows, as everywhere else."""
    settings.EMAIL_BACKEND = "admissions_portal.outbox.backend.OutboxEmailBackend"


@pytest.fixture
def mails():
    """The mails queued so far, oldest first."""

    def read() -> list[Message]:
        return list(Message.objects.order_by("queued_at", "id"))

    return read


@pytest.fixture
def code_in():
    """The code a mail carries, alone on its line."""

    def find(mail: Message) -> str:
        [code] = re.findall(r"^ {2}([A-Z]{4}-[A-Z]{4})$", mail.body, re.MULTILINE)
        return code

    return find
