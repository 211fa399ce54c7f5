"""While the broker is away nothing is lost: the rows wait, and the mail follows when it is back."""

import pytest

from admissions_portal import clock
from admissions_portal.health.models import Pulse
from admissions_portal.outbox.models import Message
from tests.faults.conftest import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def queue(address):
    at = clock.now()
    return Message.objects.create(
        kind="sample", to_address=address, language="en", subject="Received", queued_at=at, due_at=at
    )


def test_the_mail_follows_when_the_broker_returns(broker, celery, mails, client, settings):
    settings.BROKER_URL = broker.url
    celery("beat")
    celery("worker")
    wait_until(Pulse.objects.filter(part="WORKER").exists, "a tick is carried out")
    assert client.get("/health/ready/").json()["broker"] is True

    broker.kill()
    queue("lin@example.org")
    report = client.get("/health/ready/")
    assert (report.status_code, report.json()["broker"], report.json()["database"]) == (503, False, True)
    assert Message.objects.get().status == "QUEUED"

    broker.start()
    wait_until(Message.objects.filter(status="SENT").exists, "the mail follows")
    [mail] = mails.read()
    assert "To: lin@example.org" in mail
