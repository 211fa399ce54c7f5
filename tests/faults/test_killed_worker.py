"""kill -9 of a worker at its worst moment leads to one letter and one mail."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from admissions_portal import clock
from admissions_portal.outbox.models import Message
from admissions_portal.papers.actions import request_paper
from admissions_portal.papers.models import Paper
from tests.factories.accounts import UserFactory
from tests.factories.papers import offer_context
from tests.faults.conftest import kill, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def offer_letter_with_mail():
    at = clock.now()
    paper = request_paper(
        "offer",
        number="OFF-2026-00731",
        template="letters/offer.html",
        context=offer_context(),
        about=UserFactory(),
        at=at,
    )
    return paper, Message.objects.create(
        kind="sample",
        to_address="lin@example.org",
        language="en",
        subject="You have an offer",
        body="Read it.",
        paper=paper,
        attach_paper=True,
        queued_at=at,
        due_at=at,
    )


@pytest.mark.parametrize(
    ("hold", "attempts"),
    [
        pytest.param("admissions_portal.papers.press:Press.print", (2, 1), id="while rendering"),
        pytest.param(
            "django.core.mail.backends.filebased:EmailBackend.write_message", (1, 2), id="while sending"
        ),
    ],
)
def test_a_worker_killed_at_work_leads_to_one_letter_and_one_mail(hold, attempts, celery, mails, tmp_path):
    paper, message = offer_letter_with_mail()
    celery("beat")
    victim = celery("worker", hold=hold)
    wait_until((tmp_path / "held").exists, "the worker reaches the moment")
    kill(victim)
    message.refresh_from_db()
    assert (message.status, mails.read()) == ("QUEUED", [])

    # the leases run out
    past = timezone.now() - timedelta(seconds=1)
    Paper.objects.update(leased_until=past)
    Message.objects.update(leased_until=past)
    celery("worker")
    wait_until(Message.objects.filter(status="SENT").exists, "the mail is sent")

    paper, message = Paper.objects.get(), Message.objects.get()
    assert (paper.status, message.status) == ("RENDERED", "SENT")
    assert (paper.attempts, message.attempts) == attempts
    assert paper.sha256 == hashlib.sha256(bytes(paper.pdf)).hexdigest()
    [mail] = mails.read()
    assert f"Message-ID: <{message.pk}@127.0.0.1>" in mail
    assert 'filename="OFF-2026-00731-v1.pdf"' in mail
