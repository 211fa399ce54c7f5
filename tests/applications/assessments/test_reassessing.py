"""After rules changed, every open case can be run again: once, resumably, and without a word to anybody."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.history.models import Event
from admissions_portal.history.queries import events_about
from admissions_portal.jobs.actions import run_due_job
from admissions_portal.jobs.models import Job
from admissions_portal.outbox.models import Message
from admissions_portal.support.actors import Actor
from applications.assessments import queries, reassessing
from applications.assessments.actions import assess_application
from applications.assessments.facts import facts_of
from applications.assessments.judging import facts_text, findings_text, rerun_all
from applications.assessments.models import Assessment, Reassessment
from applications.assessments.queries import findings_of, latest_assessment, requirements_of
from applications.assessments.reassessing import reassess_next, request_reassessment
from applications.lifecycle.conflicts import declare_conflict
from applications.lifecycle.models import Application, ConflictReason
from applications.lifecycle.states import State
from eligibility import engine
from programmes.models import Offering
from tests.applications.assessments.conftest import NOW
from tests.factories.applications import acting, officer
from tests.factories.policies import accepted, draft_raising_ielts, publish
from tests.factories.programmes import ProgrammeFactory, hkt

pytestmark = pytest.mark.django_db
Make = Callable[..., Application]


@pytest.fixture
def coordinator(offering: Offering) -> User:
    return officer(offering.programme, Role.COORDINATOR)


def raise_rules(by: User) -> None:
    """IELTS 6.5 instead of 6 for whoever was received in 2026, published after the cases came."""
    publish(draft_raising_ielts("6.5", by=by))


def run_all(by: User) -> Reassessment:
    """As the office does: ask, and let a worker run it."""
    request_reassessment(by=acting(by), at=NOW)
    job = run_due_job()
    assert job is not None
    assert (job.status, job.error) == (Job.Status.DONE, "")
    return Reassessment.objects.get(pk=job.params["run"])


def counts(run: Reassessment) -> tuple[int, int, int, bool]:
    return run.seen, run.assessed, run.changed, run.finished


def test_every_open_case_is_judged_by_the_rules_of_the_day_it_was_received(
    received: Make, coordinator: User
) -> None:
    before, turned = received("6.0", submitted_at=hkt(2025, 12, 30, 9)), received("6.0")
    raise_rules(coordinator)
    assert counts(run_all(coordinator)) == (2, 1, 1, True)
    assert before.assessments.count() == 1
    last = latest_assessment(turned)
    assert last is not None
    assert (last.verdict, last.at >= NOW) == ("INELIGIBLE", True)
    assert last.changed_from == turned.assessments.earliest("pk").verdict


def test_what_it_writes_is_what_assessing_one_case_writes(received: Make, coordinator: User) -> None:
    """Two cases of the same facts, one by COPY and one by the ORM: equal columns, equal history."""
    in_bulk, singly = received("6.0"), received("6.0")
    raise_rules(coordinator)
    assess_application(Application.objects.get(pk=singly.pk), by=acting(coordinator), at=NOW)
    made = latest_assessment(singly)
    assert run_all(coordinator).assessed == 1  # the other had been asked the very same
    copied = latest_assessment(in_bulk)
    assert copied is not None
    assert made is not None
    ours = {"id", "application", "at", "reassessment"}
    fields = [field.name for field in Assessment._meta.fields if field.name not in ours]
    assert {name: getattr(copied, name) for name in fields} == {name: getattr(made, name) for name in fields}
    event = events_about(in_bulk).last()
    assert event is not None
    assert (event.kind, event.actor_id, event.data) == (
        "application.reassessed",
        str(coordinator.pk),
        {"verdict": "INELIGIBLE", "policy": copied.policy_version_id, "run": copied.reassessment_id},
    )


def test_run_twice_it_writes_once(received: Make, coordinator: User) -> None:
    received("6.0")
    raise_rules(coordinator)
    assert counts(run_all(coordinator)) == (1, 1, 1, True)
    assert counts(run_all(coordinator)) == (1, 0, 0, True)
    assert Assessment.objects.count() == 2


def test_of_two_officers_who_ask_at_once_the_second_finds_nothing_left(
    received: Make, coordinator: User, offering: Offering
) -> None:
    case, another = received("6.0"), officer(offering.programme, Role.COORDINATOR)
    raise_rules(coordinator)
    asked = [
        request_reassessment(by=acting(by), at=NOW + timedelta(seconds=number)).params["run"]
        for number, by in enumerate((coordinator, another))
    ]
    assert (run_due_job(), run_due_job()) != (None, None)
    first, second = (Reassessment.objects.get(pk=pk) for pk in asked)
    assert (counts(first), counts(second)) == ((1, 1, 1, True), (1, 0, 0, True))
    assert case.assessments.count() == 2


def test_a_job_taken_up_by_a_second_worker_goes_on_where_the_first_died(
    received: Make, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = sorted(received("6.0").pk for _n in range(5))
    raise_rules(coordinator)
    for module in (queries, reassessing):
        monkeypatch.setattr(module, "CHUNK", 2)
    request_reassessment(by=acting(coordinator), at=NOW)
    died: list[Reassessment] = []

    def die_in_the_second_chunk(*args: Any, **kwargs: Any) -> Any:
        if died:
            raise SystemExit
        died.append(reassess_next(*args, **kwargs))
        return died[0]

    with monkeypatch.context() as dying:
        dying.setattr("applications.assessments.jobs.reassess_next", die_in_the_second_chunk)
        with pytest.raises(SystemExit):
            run_due_job()
    assert set(Assessment.objects.exclude(reassessment=None).values_list("application", flat=True)) == set(
        cases[:2]
    )
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    job = run_due_job()
    assert job is not None
    assert (job.status, job.attempts, job.done, job.total) == ("DONE", 2, 5, 5)
    assert counts(Reassessment.objects.get()) == (5, 5, 5, True)
    done = Assessment.objects.exclude(reassessment=None).order_by("pk")
    assert list(done.values_list("application", flat=True)) == cases
    assert Event.objects.filter(kind="application.reassessed").count() == 5


@pytest.mark.parametrize(
    "state", [state for state in State if state not in ("DRAFT", "SUBMITTED", "IN_REVIEW")]
)
def test_what_is_decided_stays_as_it_is(received: Make, coordinator: User, state: str) -> None:
    Application.objects.filter(pk=received("6.0").pk).update(state=state)
    raise_rules(coordinator)
    assert counts(run_all(coordinator)) == (0, 0, 0, True)


def test_an_entry_put_in_force_reaches_the_cases_that_wait(received: Make, coordinator: User) -> None:
    case = received("6.5")
    entry = accepted(
        "Example Medical University", by=coordinator, put_in_force_by=coordinator, put_in_force_at=NOW
    )
    assert counts(run_all(coordinator))[:2] == (1, 1)
    last = latest_assessment(case)
    assert last is not None
    assert [degree["acceptance_reference"] for degree in last.facts["degrees"]] == [entry.reference]


def test_only_programmes_whose_rules_one_may_edit_are_run(received: Make, coordinator: User) -> None:
    received("6.0")
    raise_rules(coordinator)
    elsewhere = officer(ProgrammeFactory(institution__code="hkust"), Role.ADMINISTRATOR)
    assert counts(run_all(elsewhere)) == (0, 0, 0, True)
    with pytest.raises(PermissionDenied):
        request_reassessment(by=acting(officer(coordinator.appointments.get().programme)), at=NOW)


def test_nobody_is_written_to(received: Make, coordinator: User) -> None:
    received("6.0")
    raise_rules(coordinator)
    run_all(coordinator)
    assert not Message.objects.exists()


def test_an_act_that_read_its_clock_later_does_not_look_later(received: Make, coordinator: User) -> None:
    case = received("6.0")
    Assessment.objects.update(at=hkt(2027, 1, 1))
    raise_rules(coordinator)
    run = run_all(coordinator)
    last = latest_assessment(case)
    assert last is not None
    assert last.reassessment == run


def test_asking_while_one_waits_is_the_same_job(received: Make, coordinator: User) -> None:
    jobs = {request_reassessment(by=acting(coordinator), at=NOW).pk for _n in range(2)}
    assert (len(jobs), Reassessment.objects.count()) == (1, 1)


# the report


def test_the_report_names_what_turned_and_says_that_nothing_was_mailed(
    received: Make, coordinator: User
) -> None:
    turned = received("6.0")
    received("7.0")
    raise_rules(coordinator)
    run = run_all(coordinator)
    client = Client()
    client.force_login(coordinator)
    response = client.get(reverse("admin:eligibility_reassessment", args=[run.pk]))
    [row] = response.context["changed"]
    assert (row.case, [flip.code for flip in row.flips]) == (turned, ["HKU-E5"])
    assert [(move.cases, move.after) for move in response.context["moves"]] == [(1, row.after)]
    assert response.context["hidden"] == 0
    assert "Nothing was written or mailed to any applicant." in response.content.decode()


def test_the_page_says_how_many_are_open_and_lists_earlier_runs(received: Make, coordinator: User) -> None:
    received("6.0")
    run = run_all(coordinator)
    client = Client()
    client.force_login(coordinator)
    response = client.get(reverse("admin:eligibility_reassess"))
    assert (response.context["cases"], list(response.context["runs"])) == (1, [run])
    assert client.post(reverse("admin:eligibility_reassess")).url == reverse(
        "jobs:progress", args=[Job.objects.get(status="QUEUED").pk]
    )


def test_a_run_of_elsewhere_is_not_found(received: Make, coordinator: User) -> None:
    run = run_all(coordinator)
    client = Client()
    client.force_login(officer(ProgrammeFactory(institution__code="hkust"), Role.COORDINATOR))
    assert client.get(reverse("admin:eligibility_reassessment", args=[run.pk])).status_code == 404


# old assessments still explain themselves


def test_after_the_rules_changed_an_old_assessment_still_needs_the_old_figure(
    received: Make, coordinator: User
) -> None:
    case = received("6.0")
    raise_rules(coordinator)
    run_all(coordinator)
    new, old = case.assessments.all()
    needed = [
        next(finding for finding in findings_of(run) if finding.code == "HKU-E5").needed["overall"]
        for run in (old, new)
    ]
    assert needed == ["6", "6.5"]
    assert requirements_of(old) != requirements_of(new)


def test_every_stored_assessment_says_the_same_again_and_one_tampered_with_does_not(
    received: Make, coordinator: User, capsys: pytest.CaptureFixture[str]
) -> None:
    case = received("6.0")
    raise_rules(coordinator)
    run_all(coordinator)
    assert (rerun_all().same, rerun_all().differing) == (2, [])
    old = case.assessments.earliest("pk")
    Assessment.objects.filter(pk=old.pk).update(verdict="REFER" if old.verdict != "REFER" else "ELIGIBLE")
    Assessment.objects.exclude(pk=old.pk).update(engine="0")
    found = rerun_all()
    assert (found.same, found.of_another_engine, found.differing) == (0, 1, [old.pk])
    with pytest.raises(CommandError, match=f"1 differ: {old.pk}"):
        call_command("rerun_assessments")


def test_the_system_assesses_with_the_same_inputs_whatever_the_moment(received: Make) -> None:
    case = received("6.0")
    again = assess_application(Application.objects.get(pk=case.pk), by=Actor.system(), at=hkt(2026, 4, 1))
    assert again.inputs == case.assessments.earliest("pk").inputs
    assert date(2026, 4, 1) == again.at.astimezone(NOW.tzinfo).date()


def test_what_is_written_fast_is_what_the_engine_writes(received: Make) -> None:
    for overall in ("5.5", "6.0"):
        facts = facts_of(received(overall), at=NOW)
        result = engine.assess(facts, requirements_of(Assessment.objects.latest("pk")), at=NOW)
        assert json.loads(facts_text(facts)) == engine.to_json(facts)
        assert json.loads(findings_text(result.findings)) == engine.to_json(result.findings)


def test_a_case_closed_to_the_reader_is_in_no_figure_of_a_run(received: Make, coordinator: User) -> None:
    received("6.0")
    closed = received("6.0")
    raise_rules(coordinator)
    run = run_all(coordinator)
    assert counts(run) == (2, 2, 2, True)
    declare_conflict(closed, reason=ConflictReason.WORK, by=acting(coordinator), at=NOW)
    client = Client()
    client.force_login(coordinator)
    shown = client.get(reverse("admin:eligibility_reassessment", args=[run.pk])).context
    assert (counts(shown["run"]), len(shown["changed"]), shown["hidden"]) == ((1, 1, 1, True), 1, 0)
    listed = client.get(reverse("admin:eligibility_reassess")).context
    assert ([counts(each) for each in listed["runs"]], listed["cases"]) == ([(1, 1, 1, True)], 1)
