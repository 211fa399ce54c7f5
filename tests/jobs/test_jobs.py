"""A job is a row, runs once at a time, shows how far it is, and outlives its worker."""

from datetime import timedelta

import pytest
from django.utils import timezone

from admissions_portal.jobs import actions
from admissions_portal.jobs.actions import request_job, run_due_job
from admissions_portal.jobs.models import Job
from admissions_portal.jobs.runners import JobLost, Runner, register_runners
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from tests.factories.accounts import UserFactory
from tests.factories.papers import AT

pytestmark = pytest.mark.django_db


def ask(by=None, **changes):
    return request_job("sample", by=by or Actor.system(), at=AT, **changes)


def test_asking_writes_a_row_and_runs_nothing(runner):
    runner(lambda params, progress: pytest.fail("ran"))
    job = ask(by=Actor.of(user := UserFactory()), params={"programme": 7})
    job.refresh_from_db()
    assert (job.status, job.params, job.actor_kind, job.actor_id) == (
        "QUEUED",
        {"programme": 7},
        "USER",
        str(user.pk),
    )


def test_a_job_runs_with_its_params_and_keeps_its_result(runner):
    seen = []

    def run(params, progress):
        progress(0, total=3)
        seen.append((params, Job.objects.get().percent))
        progress(2)
        seen.append(Job.objects.get().percent)
        return {"url": "/exports/1/", "text": "3 rows"}

    runner(run)
    job = ask(params={"x": 1})
    assert run_due_job() == job
    assert run_due_job() is None
    job.refresh_from_db()
    assert seen == [({"x": 1}, 0), 66]
    assert (job.status, job.result, job.percent, job.error) == (
        "DONE",
        {"url": "/exports/1/", "text": "3 rows"},
        100,
        "",
    )
    assert job.finished_at >= job.started_at


def test_a_job_that_never_counted_is_done_without_a_count(runner):
    runner(lambda params, progress: None)
    ask()
    job = run_due_job()
    assert (job.status, job.done, job.total, job.percent, job.result) == ("DONE", 0, None, None, None)


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        pytest.param(Refusal("Choose a programme."), "Choose a programme.", id="a refusal is for the reader"),
        pytest.param(RuntimeError("secret detail"), "", id="a bug keeps its details to the log"),
    ],
)  # fmt: skip
def test_what_the_reader_learns_of_a_failure(runner, failure, error):
    def run(params, progress):
        raise failure

    runner(run)
    ask()
    job = run_due_job()
    assert (job.status, job.error, job.result) == ("FAILED", error, None)


def test_jobs_run_in_the_order_they_were_asked_for(runner):
    order = []
    runner(lambda params, progress: order.append(params["n"]))
    request_job("sample", params={"n": 2}, by=Actor.system(), at=AT + timedelta(minutes=1))
    request_job("sample", params={"n": 1}, by=Actor.system(), at=AT)
    while run_due_job():
        pass
    assert order == [1, 2]


def test_an_open_job_with_the_same_key_is_not_asked_for_twice(runner):
    runner(lambda params, progress: None)
    first, again = ask(key="report/7"), ask(key="report/7")
    assert first == again
    run_due_job()
    assert ask(key="report/7") != first


def test_a_job_whose_worker_died_is_run_by_another_at_most_three_times(runner):
    runs = []
    runner(lambda params, progress: runs.append(1))
    job = ask()
    actions._claim()  # a worker takes it and dies
    assert run_due_job() is None
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    run_due_job()
    job.refresh_from_db()
    assert (job.status, job.attempts, runs) == ("DONE", 2, [1])


def test_a_job_that_kills_every_worker_is_given_up(runner):
    runner(lambda params, progress: pytest.fail("ran"))
    job = ask()
    Job.objects.update(status="RUNNING", attempts=3, leased_until=timezone.now() - timedelta(seconds=1))
    assert run_due_job() is None
    job.refresh_from_db()
    assert (job.status, job.error) == ("FAILED", "")


def test_a_worker_that_lost_its_job_stops_and_writes_nothing(runner):
    def run(params, progress):
        # slow: the lease ran out, and another worker finished it
        Job.objects.update(
            attempts=2, status="DONE", finished_at=timezone.now(), result={"text": "the other's"}
        )
        with pytest.raises(JobLost):
            progress(1)
        progress(1)

    runner(run)
    job = ask()
    run_due_job()
    job.refresh_from_db()
    assert (job.status, job.result) == ("DONE", {"text": "the other's"})


def test_a_kind_without_a_runner_is_a_bug(runner):
    with pytest.raises(LookupError, match="'unheard-of'"):
        request_job("unheard-of", by=Actor.system(), at=AT)
    runner(lambda params, progress: None)
    with pytest.raises(ValueError, match="'sample'"):
        register_runners(Runner("sample", "Another", lambda params, progress: None))


class TestPage:
    @pytest.fixture
    def user(self, client):
        user = UserFactory()
        client.force_login(user)
        return user

    @pytest.fixture
    def job(self, runner, user):
        runner(lambda params, progress: {"url": "/exports/1/", "text": "3 rows"})
        return ask(by=Actor.of(user))

    def test_an_open_job_asks_again_with_and_without_scripts(self, client, job):
        Job.objects.update(status="RUNNING", done=2, total=3, leased_until=timezone.now())
        page = client.get(f"/jobs/{job.pk}/").content.decode()
        assert "Sample job" in page
        assert "2 of 3" in page
        assert '<progress id="job-bar" class="d-block w-100" max="3" value="2">66 %</progress>' in page
        assert f'hx-get="/jobs/{job.pk}/" hx-trigger="every 1s" hx-swap="outerHTML"' in page
        assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page

    def test_htmx_gets_the_part_that_changes(self, client, job):
        part = client.get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"}).content.decode()
        assert part.lstrip().startswith('<div id="job-progress"')
        assert "<html" not in part

    def test_a_finished_job_rests_and_links_its_result(self, client, job):
        run_due_job()
        page = client.get(f"/jobs/{job.pk}/").content.decode()
        assert 'href="/exports/1/"' in page
        assert "3 rows" in page
        assert "hx-get" not in page
        assert "http-equiv" not in page

    @pytest.mark.parametrize(
        ("status", "words"),
        [
            pytest.param("QUEUED", "Waiting for its turn.", id="waiting"),
            pytest.param("RUNNING", "Running. How much there is to do is being counted.", id="uncounted"),
            pytest.param("FAILED", "This could not be finished.", id="failed"),
        ],
    )
    def test_each_state_is_said_in_words(self, client, job, status, words):
        Job.objects.update(status=status)
        assert words in client.get(f"/jobs/{job.pk}/").content.decode()

    def test_another_persons_job_is_not_there(self, client, job):
        client.force_login(UserFactory())
        assert client.get(f"/jobs/{job.pk}/").status_code == 404

    def test_whoever_is_not_signed_in_is_asked_to(self, client, job):
        client.logout()
        assert client.get(f"/jobs/{job.pk}/").status_code == 302
