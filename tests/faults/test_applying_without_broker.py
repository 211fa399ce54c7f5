"""The broker is away on the last day: signing in, submitting and the receipt work, and the mail follows."""

import pytest
from django.urls import reverse

from admissions_portal.celery import app
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.outbox.models import Message
from applications.lifecycle.models import Application
from applications.submission.declarations import in_force
from tests.factories.accounts import PASSWORD
from tests.factories.drafts import AT, publish_policies, ready_draft, taught_offering
from tests.faults.conftest import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def test_whoever_applies_does_not_notice(broker, celery, mails, client, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    settings.BROKER_URL = broker.url
    monkeypatch.setattr(app.conf, "broker_url", broker.url)
    publish_policies()
    start_clock_at(AT)
    draft = ready_draft(taught_offering(), user__email="lin@example.org")
    broker.kill()

    signed_in = client.post(reverse("account_login"), {"login": "lin@example.org", "password": PASSWORD})
    assert (signed_in.status_code, client.session["_auth_user_id"]) == (302, str(draft.applicant.user_id))
    declaration = in_force(on=AT.date())
    ticked = {
        "declared": "on",
        "read": "on",
        "declaration_version": declaration.declaration_version,
        "privacy_version": declaration.privacy_version,
    }
    sent = client.post(reverse("applications:submit", args=[draft.pk]), ticked)
    assert sent.status_code == 302, sent.content.decode()
    receipt = client.get(sent["Location"])
    case = Application.objects.get(pk=draft.pk)
    assert (receipt.status_code, case.state) == (200, "SUBMITTED")
    assert case.number in receipt.content.decode()
    message = Message.objects.get(kind="application_received")
    assert (message.status, message.to_address, message.attempts) == ("QUEUED", "lin@example.org", 0)

    broker.start()
    celery("beat")
    celery("worker")
    wait_until(Message.objects.filter(pk=message.pk, status="SENT").exists, "the receipt is sent")
    [mail] = mails.read()
    assert "To: lin@example.org" in mail
    assert case.number in mail
