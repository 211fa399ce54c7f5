"""The demo's mailbox, the verification of a letter and the progress of a job, as a reader meets them."""

from collections.abc import Callable

import pytest

from admissions_portal.jobs.actions import request_job, run_due_job
from admissions_portal.jobs.models import Job
from admissions_portal.support.actors import Actor
from tests.browser.chromium import Reader, go
from tests.factories.accounts import UserFactory
from tests.factories.papers import AT, PaperFactory
from tests.jobs.conftest import runner  # noqa: F401  a fixture
from tests.outbox.conftest import sample_kind  # noqa: F401  a fixture
from tests.outbox.test_mailbox import queue

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_mail_is_found_by_its_address_and_read(anyone: Reader) -> None:
    queue("lin@example.org")
    queue("chan@example.org")
    page = anyone.open("/mailbox/")
    page.get_by_label("Address or subject").fill("lin@")
    go(page.get_by_role("button", name="Search"))
    anyone.check()
    go(page.locator(".pg-mails a"))
    assert page.locator(".pg-facts dd").first.inner_text() == "lin@example.org"
    anyone.check()


def test_a_letter_is_verified_with_what_stands_on_it(anyone: Reader) -> None:
    PaperFactory(number="OFF-2026-00731", code="7K3MQ9XZ2TNB")
    page = anyone.open("/verify/")
    page.get_by_label("Number").fill("OFF-2026-00731")
    page.get_by_label("Code").fill("wrong")
    go(page.get_by_role("button", name="Check the document"))
    anyone.check()
    assert page.get_by_label("Number").input_value() == "OFF-2026-00731"
    page.get_by_label("Code").fill("7k3m q9xz 2tnb")
    go(page.get_by_role("button", name="Check the document"))
    anyone.check()
    assert page.get_by_text("Genuine and in force.").count() == 1


def test_progress_moves_on_by_itself(reader: Callable[..., Reader], runner: Callable[..., None]) -> None:  # noqa: F811
    runner(lambda params, progress: {"text": "3 rows", "url": "/verify/"})
    user = UserFactory()
    job = request_job("sample", by=Actor.of(user), at=AT)
    page = (someone := reader(user=user)).open(f"/jobs/{job.pk}/")
    Job.objects.update(total=3, done=2)
    page.get_by_text("2 of 3").wait_for()
    someone.check()
    run_due_job()
    page.get_by_role("link", name="Open the result").wait_for()
    someone.check()
