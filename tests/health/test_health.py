"""What an operator, a load balancer and the reminders learn about the portal's health."""

from datetime import timedelta

import pytest
from celery.signals import after_task_publish
from django.db import OperationalError
from django.utils import timezone

from admissions_portal.clock.models import Offset
from admissions_portal.health import views
from admissions_portal.health.actions import note_pulse
from admissions_portal.health.models import Outage, Pulse
from admissions_portal.health.queries import is_alive, is_worker_alive, outages_between
from admissions_portal.outbox.models import Message
from admissions_portal.papers.queries import NO_RENDERER
from tests.factories.papers import AT, PaperFactory

pytestmark = pytest.mark.django_db
WORKER, BEAT = Pulse.Part.WORKER, Pulse.Part.BEAT


def silent_for(seconds, part=WORKER):
    """As if the last pulse had been `seconds` ago, in real time and in the domain's."""
    ago = timedelta(seconds=seconds)
    pulse = Pulse.objects.get(part=part)
    Pulse.objects.filter(part=part).update(at=pulse.at - ago, clock_at=pulse.clock_at - ago)


@pytest.fixture
def broker_up(monkeypatch):
    monkeypatch.setattr(views, "_broker_is_up", lambda: True)


def test_a_pulse_is_noted_in_both_times():
    Offset.objects.create(id=1, offset=timedelta(days=-200))
    note_pulse(WORKER)
    pulse = Pulse.objects.get()
    assert abs(pulse.at - timezone.now()) < timedelta(seconds=10)
    assert abs(pulse.at - pulse.clock_at - timedelta(days=200)) < timedelta(seconds=10)


@pytest.mark.parametrize(
    ("seconds", "is_outage"),
    [pytest.param(55, False, id="a restart"), pytest.param(65, True, id="more than a minute")],
)
def test_a_long_silence_of_the_worker_is_an_outage(seconds, is_outage):
    note_pulse(WORKER)
    silent_for(seconds)
    before = Pulse.objects.get()
    outage = note_pulse(WORKER)
    assert [*Outage.objects.all()] == ([outage] if is_outage else [])
    if is_outage:
        after = Pulse.objects.get()
        assert (outage.started_at, outage.ended_at) == (before.at, after.at)
        assert (outage.clock_started_at, outage.clock_ended_at) == (before.clock_at, after.clock_at)


def test_moving_the_demos_clock_is_no_outage():
    note_pulse(WORKER)
    Offset.objects.create(id=1, offset=timedelta(days=7))
    assert note_pulse(WORKER) is None


def test_the_silence_of_beat_alone_is_no_outage():
    note_pulse(BEAT)
    silent_for(600, BEAT)
    assert note_pulse(BEAT) is None


def test_outages_are_found_by_the_domains_time():
    hour = timedelta(hours=1)
    for start in (AT, AT + 10 * hour):
        Outage.objects.create(
            started_at=start,
            ended_at=start + hour,
            clock_started_at=start + 24 * hour,
            clock_ended_at=start + 25 * hour,
        )
    first, second = Outage.objects.order_by("started_at")
    assert list(outages_between(AT + 24 * hour, AT + 48 * hour)) == [first, second]
    assert list(outages_between(AT + 24.5 * hour, AT + 30 * hour)) == [first]
    assert list(outages_between(AT, AT + 24 * hour)) == []


def test_the_worker_is_alive_for_half_a_minute_after_a_pulse():
    assert is_worker_alive() is False
    note_pulse(WORKER)
    assert is_worker_alive() is True
    silent_for(31)
    assert is_worker_alive() is False


def test_a_published_tick_is_the_pulse_of_beat():
    after_task_publish.send(sender="health.note_pulse", headers={}, body=())
    assert is_alive(BEAT) is True
    assert is_alive(WORKER) is False


def test_other_tasks_are_no_pulse():
    after_task_publish.send(sender="outbox.deliver_due", headers={}, body=())
    assert is_alive(BEAT) is False


def test_live_asks_the_database_alone(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get("/health/")
    assert (response.status_code, response.json()) == (200, {"database": True})


def test_ready_when_everything_works(client, broker_up):
    note_pulse(WORKER)
    note_pulse(BEAT)
    response = client.get("/health/ready/")
    assert (response.status_code, response.json()) == (
        200,
        {
            "database": True,
            "broker": True,
            "worker": True,
            "beat": True,
            "oldest_message_seconds": 0,
            "papers_waiting_for_renderer": 0,
        },
    )


def test_not_ready_without_a_worker(client, broker_up):
    note_pulse(BEAT)
    response = client.get("/health/ready/")
    assert response.status_code == 503
    assert (response.json()["worker"], response.json()["beat"]) == (False, True)


def test_what_waits_is_counted(client, broker_up):
    from admissions_portal import clock

    at = clock.now()
    for minutes, status in ((5, "QUEUED"), (9, "HELD"), (-5, "QUEUED")):
        due = at - timedelta(minutes=minutes)
        Message.objects.create(
            kind="x",
            to_address="a@example.org",
            language="en",
            subject="x",
            queued_at=due,
            due_at=due,
            status=status,
        )
    PaperFactory(error=NO_RENDERER)
    PaperFactory()
    report = client.get("/health/ready/").json()
    assert 300 <= report["oldest_message_seconds"] < 310
    assert report["papers_waiting_for_renderer"] == 1


def test_a_broker_that_does_not_answer_is_said_so_within_its_second(client, settings):
    settings.BROKER_URL = "redis://127.0.0.1:1/0"
    response = client.get("/health/ready/")
    assert (response.status_code, response.json()["broker"]) == (503, False)


@pytest.mark.parametrize("address", ["/health/", "/health/ready/"])
def test_a_database_that_does_not_answer_is_said_so(client, address, monkeypatch):
    class Gone:
        def cursor(self):
            raise OperationalError("server closed the connection")

    monkeypatch.setattr(views, "connection", Gone())
    monkeypatch.setattr(views, "_broker_is_up", lambda: True)
    response = client.get(address)
    assert (response.status_code, response.json()["database"]) == (503, False)
