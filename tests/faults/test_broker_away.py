"""While the broker is away nothing is lost: the rows wait, and the mail follows when it is back."""

import re

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
    # a tick that had left before may still carry this one out: what counts is that it goes, and once
    queue("lin@example.org")
    report = client.get("/health/ready/")
    assert (report.status_code, report.json()["broker"], report.json()["database"]) == (503, False, True)

    broker.start()
    queue("chan@example.org")
    wait_until(lambda: Message.objects.filter(status="SENT").count() == 2, "both mails follow")
    recipients = sorted(re.search(r"^To: (\S+)", mail, re.M)[1] for mail in mails.read())
    assert recipients == ["chan@example.org", "lin@example.org"]
