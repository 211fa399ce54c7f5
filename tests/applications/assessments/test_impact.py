"""Before rules change, the office sees whose result they would change, and of drafts a number alone (C12)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.jobs.actions import run_due_job
from admissions_portal.jobs.models import Job
from applications.applicants.models import Applicant
from applications.assessments import queries
from applications.assessments.impact import ImpactRefused, Trial, preview_impact, request_impact
from applications.assessments.models import Assessment
from applications.lifecycle.conflicts import declare_conflict
from applications.lifecycle.models import Application, ConflictReason
from applications.lifecycle.states import State
from eligibility.models import PolicyPreview, PolicyVersion
from programmes.models import Appointment, Offering
from tests.applications.assessments.conftest import NOW, person
from tests.factories.applications import CaseFactory, DraftFactory, acting, officer
from tests.factories.policies import accepted, draft_raising_ielts, publish
from tests.factories.programmes import AppointmentFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
Make = Callable[..., Application]


@pytest.fixture
def coordinator(offering: Offering) -> User:
    return officer(offering.programme, Role.COORDINATOR)


@pytest.fixture
def draft(coordinator: User) -> PolicyVersion:
    """IELTS 6.5 instead of 6 for whoever was received in 2026."""
    return draft_raising_ielts("6.5", by=coordinator)


def ask(trial: Trial, by: User) -> PolicyPreview:
    """As the office does: ask, and let a worker run it."""
    request_impact(trial, by=acting(by), at=NOW)
    job = run_due_job()
    assert job is not None
    assert (job.status, job.error) == (Job.Status.DONE, "")
    preview = trial.preview()
    assert preview is not None
    return preview


def told(row: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """For each flip what was needed overall, before and after."""
    return {
        flip["code"]: tuple(flip[when]["needed"]["overall"] for when in ("before", "after"))
        for flip in row["flips"]
    }


def test_it_counts_and_lists_whose_result_changes_and_what_turns_it(
    received: Make, draft: PolicyVersion, coordinator: User
) -> None:
    turned = received("6.0")
    for overall in ("6.5", "7.0", "5.5"):
        received(overall)
    preview = ask(Trial(version=draft), coordinator)
    [run] = turned.assessments.all()
    assert preview.fingerprint == draft.fingerprint
    assert preview.counts == {
        "cases": 4,
        "changed": 1,
        "programmes": [{"programme": "hku-mmedsc", "before": run.verdict, "after": "INELIGIBLE", "cases": 1}],
        "drafts": {"seen": 0, "changed": 0},
    }
    [row] = preview.rows
    assert (row["application"], row["programme"]) == (str(turned.pk), "hku-mmedsc")
    assert (row["before"], row["after"]) == (run.verdict, "INELIGIBLE")
    assert told(row) == {"HKU-E5": ("6", "6.5")}


def test_looking_changes_nothing_of_any_case(received: Make, draft: PolicyVersion, coordinator: User) -> None:
    received("6.0")
    before = list(Assessment.objects.values())
    ask(Trial(version=draft), coordinator)
    assert list(Assessment.objects.values()) == before


@pytest.mark.parametrize(
    ("effective_from", "changed"),
    [
        pytest.param(date(2026, 3, 28), 1, id="from the day it was received"),
        pytest.param(date(2026, 3, 29), 0, id="from the day after"),
    ],
)
def test_a_case_goes_by_the_rules_of_the_day_it_was_received(
    received: Make, coordinator: User, effective_from: date, changed: int
) -> None:
    received("6.0")
    draft = draft_raising_ielts("6.5", by=coordinator, effective_from=effective_from)
    assert ask(Trial(version=draft), coordinator).counts["changed"] == changed


def test_a_draft_behind_a_later_version_touches_only_the_days_between(
    received: Make, coordinator: User
) -> None:
    received("6.0")
    publish(draft_raising_ielts("7.0", by=coordinator, effective_from=date(2026, 3, 1)))
    draft = draft_raising_ielts("6.5", by=coordinator, effective_from=date(2026, 1, 1))
    assert ask(Trial(version=draft), coordinator).counts["changed"] == 0


@pytest.mark.parametrize(
    ("state", "cases"),
    [
        pytest.param(state, int(state in ("SUBMITTED", "IN_REVIEW")), id=state)
        for state in State
        if state != "DRAFT"
    ],
)
def test_only_what_is_received_and_not_decided_is_open(
    received: Make, draft: PolicyVersion, coordinator: User, state: str, cases: int
) -> None:
    Application.objects.filter(pk=received("6.0").pk).update(state=state)
    counts = ask(Trial(version=draft), coordinator).counts
    assert (counts["cases"], counts["changed"]) == (cases, cases)


def test_drafts_are_counted_as_if_sent_when_the_rules_take_force_and_nobody_is_named(
    offering: Offering, coordinator: User
) -> None:
    for overall in ("6.0", "6.5"):
        DraftFactory(applicant=person(overall), offering=offering)
    # a score taken on 12 October 2025 has lapsed by 2028, so nothing is left for the rules to turn
    for effective_from, changed in ((date(2026, 5, 1), 1), (date(2028, 1, 1), 0)):
        PolicyVersion.objects.filter(published_at=None).delete()
        draft = draft_raising_ielts("6.5", by=coordinator, effective_from=effective_from)
        preview = ask(Trial(version=draft), coordinator)
        assert preview.counts["drafts"] == {"seen": 2, "changed": changed}
        assert (preview.counts["cases"], preview.rows) == (0, [])


def test_an_entry_of_the_register_is_tried_out_the_same_way(offering: Offering, coordinator: User) -> None:
    applicant = person("6.5")
    case = CaseFactory(applicant=applicant, offering=offering)
    CaseFactory(applicant=person("6.5", institution="Another University"), offering=offering)
    entry = accepted("EXAMPLE  Medical University", by=coordinator)
    preview = ask(Trial(entry=entry), coordinator)
    assert (preview.entry, preview.counts["cases"], preview.counts["changed"]) == (entry, 2, 1)
    [row] = preview.rows
    assert row["application"] == str(case.pk)
    assert {flip["code"] for flip in row["flips"]} == {"HKU-E3"}


def test_a_draft_changed_while_it_waits_is_refused_in_words(
    received: Make, draft: PolicyVersion, coordinator: User
) -> None:
    request_impact(Trial(version=draft), by=acting(coordinator), at=NOW)
    PolicyVersion.objects.filter(pk=draft.pk).update(effective_from=date(2026, 2, 1))
    job = run_due_job()
    assert job is not None
    assert (job.status, job.error) == (
        "FAILED",
        "The draft has been changed since. Ask for a preview of how it stands now.",
    )
    assert not PolicyPreview.objects.exists()


def test_asking_twice_is_one_job_and_what_is_in_force_is_not_tried_out(
    draft: PolicyVersion, coordinator: User
) -> None:
    by = acting(coordinator)
    asked = {request_impact(Trial(version=draft), by=by, at=NOW).pk for _n in range(2)}
    assert len(asked) == 1
    with pytest.raises(ImpactRefused, match="in force already"):
        request_impact(Trial(version=publish(draft)), by=by, at=NOW)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PROGRAMME_OFFICE])
def test_who_may_not_edit_the_rules_may_not_ask(offering: Offering, draft: PolicyVersion, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        request_impact(Trial(version=draft), by=acting(officer(offering.programme, role)), at=NOW)


def test_however_many_cases_there_are_a_chunk_costs_the_same(
    received: Make,
    draft: PolicyVersion,
    coordinator: User,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Any,
) -> None:
    for _n in range(6):
        received("6.0")
    trial, by = Trial(version=draft), acting(coordinator)
    steps: list[tuple[int, int | None]] = []

    def run() -> PolicyPreview:
        return preview_impact(
            trial,
            fingerprint=draft.fingerprint,
            by=by,
            at=NOW,
            progress=lambda done, total=None: steps.append((done, total)),
        )

    with django_assert_max_num_queries(40) as whole:
        run()
    monkeypatch.setattr(queries, "CHUNK", 2)
    with django_assert_max_num_queries(40 + 4 * 4) as split:
        assert run().counts["changed"] == 6
    # a chunk asks for its cases, what officers found, which statuses they settled and what they corrected
    assert len(split) - len(whole) == 4 * 2
    assert steps[-4:] == [(0, 6), (2, None), (4, None), (6, None)]


# the page


def page_of(kind: str, pk: int) -> str:
    return reverse("admin:eligibility_impact", args=[kind, pk])


def reading(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_page_lists_what_the_reader_may_open_and_counts_the_rest(
    received: Make, draft: PolicyVersion, coordinator: User
) -> None:
    turned, own = received("6.0"), received("6.0")
    Applicant.objects.filter(pk=own.applicant_id).update(user=coordinator)
    ask(Trial(version=draft), coordinator)
    response = reading(coordinator).get(page_of("version", draft.pk))
    assert [row.case for row in response.context["changed"]] == [turned]
    [move] = response.context["moves"]
    assert (move.cases, response.context["hidden"], response.context["unlisted"]) == (2, 1, 0)
    [flip] = response.context["changed"][0].flips
    assert flip.code == "HKU-E5"
    assert "6.5" in flip.needed_after
    assert "6.5" not in flip.needed_before
    assert own.number not in response.content.decode()


def test_a_case_closed_to_the_reader_is_in_neither_list_nor_figures(
    received: Make, draft: PolicyVersion, coordinator: User
) -> None:
    turned, closed = received("6.0"), received("6.0")
    ask(Trial(version=draft), coordinator)
    declare_conflict(closed, reason=ConflictReason.WORK, by=acting(coordinator), at=NOW)
    response = reading(coordinator).get(page_of("version", draft.pk))
    assert [row.case for row in response.context["changed"]] == [turned]
    [move] = response.context["moves"]
    counts = response.context["preview"].counts
    assert (move.cases, counts["cases"], counts["changed"]) == (1, 1, 1)
    assert (response.context["hidden"], response.context["unlisted"]) == (0, 0)
    kept = PolicyPreview.objects.get()
    assert (len(kept.rows), kept.counts["changed"]) == (2, 2)


def test_a_preview_of_an_earlier_draft_says_so(
    received: Make, draft: PolicyVersion, coordinator: User
) -> None:
    ask(Trial(version=draft), coordinator)
    client = reading(coordinator)
    stale = "This preview is of an earlier draft."
    assert stale not in client.get(page_of("version", draft.pk)).content.decode()
    PolicyVersion.objects.filter(pk=draft.pk).update(effective_from=date(2026, 2, 1))
    assert stale in client.get(page_of("version", draft.pk)).content.decode()


def test_asking_on_the_page_leads_to_the_job_and_back(draft: PolicyVersion, coordinator: User) -> None:
    client, page = reading(coordinator), page_of("version", draft.pk)
    response = client.post(page)
    assert response.url == reverse("jobs:progress", args=[Job.objects.get().pk])
    run_due_job()
    assert page in client.get(response.url).content.decode()


@pytest.mark.parametrize(("kind", "pk"), [("version", 0), ("acceptance", 0), ("nonsense", 1)])
def test_what_is_no_draft_is_not_found(coordinator: User, kind: str, pk: int) -> None:
    assert reading(coordinator).get(page_of(kind, pk)).status_code == 404


def test_nobody_from_elsewhere_finds_the_page(offering: Offering, draft: PolicyVersion) -> None:
    elsewhere = officer(ProgrammeFactory(institution__code="hkust"), Role.COORDINATOR)
    for user in (elsewhere, officer(offering.programme, Role.PROGRAMME_OFFICE)):
        for answer in (reading(user).get, reading(user).post):
            assert answer(page_of("version", draft.pk)).status_code == 404


def test_a_policy_of_two_programmes_asks_for_the_right_over_both(
    offering: Offering, draft: PolicyVersion, coordinator: User
) -> None:
    entry = accepted("Example University", by=coordinator)
    other = ProgrammeFactory(institution=offering.programme.institution)
    page = page_of("acceptance", entry.pk)
    assert reading(coordinator).get(page).status_code == 404
    AppointmentFactory(user=coordinator, programme=other, role=Role.COORDINATOR)
    assert reading(coordinator).get(page).status_code == 200
    assert Appointment.objects.filter(user=coordinator).count() == 2
