"""The case page shows what was written to the applicant; what failed goes once more, and twice is once."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.utils import timezone

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.history.models import Event
from admissions_portal.outbox.models import Message
from admissions_portal.papers.models import Paper
from applications.lifecycle.models import Application
from tests.applications.casework.test_case_page import NOW, desk, door
from tests.factories.accounts import StaffFactory
from tests.factories.applications import CaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(settings: Any, tmp_path: Any) -> Application:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    start_clock_at(NOW)
    return CaseFactory()


def written(case: Application, status: str = "QUEUED", **more: object) -> Message:
    fields = {
        "kind": "application_received",
        "to_user": case.applicant.user_id,
        "to_address": case.applicant.user.email,
        "language": "en",
        "subject": f"We have it ({status})",
        "body": "Dear LAM Tsz Ching,\n",
        "about_kind": "application",
        "about_id": str(case.pk),
        "queued_at": NOW,
        "due_at": NOW,
        "status": status,
        "sent_at": timezone.now() if status == "SENT" else None,
    }
    return Message.objects.create(**fields | more)


def paper(case: Application, status: str = "FAILED") -> Paper:
    return Paper.objects.create(
        kind="offer",
        number="OFF-1",
        about_kind="offer",
        about_id="1",
        template="letters/offer.html",
        context={},
        requested_at=NOW,
        status=status,
        error="RenderingFailed: no value",
    )


def test_each_message_stands_with_its_text_its_state_and_why(case: Application) -> None:
    letter = paper(case, "DUE")
    written(case, "SENT")
    written(case, "FAILED", error="SMTPRecipientsRefused 550")
    written(case, "QUEUED", subject="Your offer", paper=letter)
    written(case, to_user=StaffFactory().pk, subject="You have a case to read")
    page = desk(case).get(door(case, "change"))
    assert {each.title: (each.word, each.why, each.is_failed) for each in page.context["messages_sent"]} == {
        "We have it (SENT)": ("sent", "", False),
        "We have it (FAILED)": ("could not be sent", "SMTPRecipientsRefused 550", True),
        "Your offer": ("waiting", "It leaves when its letter is made.", False),
    }
    assert [each.thing.pk for each in page.context["letters"]] == [letter.pk]
    assert "Dear LAM Tsz Ching," in page.content.decode()


def test_a_failed_message_goes_again_and_a_second_click_changes_nothing(case: Application) -> None:
    office = desk(case)
    message = written(case, "FAILED", attempts=20, error="SMTPRecipientsRefused 550")
    answers = [office.post(door(case, "message_again", message.pk)) for _n in range(2)]
    assert [answer.url for answer in answers] == [door(case, "change") + "#messages"] * 2
    message.refresh_from_db()
    assert (message.status, message.attempts, message.error) == ("QUEUED", 0, "")
    assert list(Event.objects.filter(kind="message.resent").values_list("data", flat=True)) == [
        {"message": str(message.pk)}
    ]


def test_a_failed_letter_is_made_again_and_a_second_click_changes_nothing(case: Application) -> None:
    office, letter = desk(case), paper(case)
    written(case, paper=letter)
    for _n in range(2):
        office.post(door(case, "letter_again", letter.pk))
    letter.refresh_from_db()
    assert (letter.status, letter.error, Event.objects.filter(kind="letter.remade").count()) == ("DUE", "", 1)


def test_what_is_not_the_cases_or_not_ones_own_to_send_is_not_there(case: Application) -> None:
    message = written(case, "FAILED")
    other = written(case, "FAILED", about_id=str(uuid.uuid4()))
    letter = paper(case)
    assert desk(case, Role.REVIEWER).post(door(case, "message_again", message.pk)).status_code == 404
    assert desk(case).post(door(case, "message_again", other.pk)).status_code == 404
    assert desk(case).post(door(case, "letter_again", letter.pk)).status_code == 404
    assert Event.objects.filter(kind__in=["message.resent", "letter.remade"]).count() == 0
