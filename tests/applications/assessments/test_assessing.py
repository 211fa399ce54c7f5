"""The rules are run on a case and kept with their version; officers find what is left to them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Role
from admissions_portal.history.queries import events_about
from admissions_portal.support.actors import Actor
from applications.applicants.models import Applicant
from applications.assessments.actions import (
    FindingRefused,
    assess_application,
    record_finding,
)
from applications.assessments.latest import what_rules_say
from applications.assessments.models import Assessment, OfficerFinding
from applications.assessments.queries import (
    RESULTS,
    clauses_for_officers,
    findings_of,
    latest_assessment,
)
from applications.lifecycle.models import Application
from applications.submission.actions import submit_application
from applications.submission.declarations import in_force
from eligibility import engine
from eligibility.engine import Outcome
from eligibility.models import PolicyVersion
from tests.factories.applications import acting, officer
from tests.factories.drafts import AT, own, publish_policies, ready_draft, taught_offering
from tests.factories.programmes import ProgrammeFactory, hkt

pytestmark = pytest.mark.django_db
LATER = hkt(2026, 4, 7, 11, 0)


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path


@pytest.fixture
def case() -> Application:
    publish_policies()
    made = ready_draft(taught_offering())
    submit_application(made, declaration=in_force(on=AT.date()), by=own(made), at=AT)
    return made


def find(
    case: Application, code: str = "HKU-E1", outcome: Any = Outcome.MET, **changes: Any
) -> OfficerFinding:
    office = officer(case.offering.programme)
    return record_finding(
        case, code, outcome, **{"reason": "Checked the file.", "by": acting(office), "at": LATER, **changes}
    )


def outcome_of(case: Application, code: str) -> Outcome:
    run = latest_assessment(case)
    assert run is not None
    return {finding.code: finding.outcome for finding in findings_of(run)}[code]


def test_a_finding_is_kept_with_its_reason_and_the_rules_run_again(case: Application) -> None:
    assert outcome_of(case, "HKU-E1") == Outcome.PENDING_OFFICER
    found = find(case, reason="  Graduation verified by telephone.  ")
    assert (found.code, found.outcome, found.reason, found.found_at) == (
        "HKU-E1",
        Outcome.MET,
        "Graduation verified by telephone.",
        LATER,
    )
    assert Assessment.objects.count() == 2
    assert outcome_of(case, "HKU-E1") == Outcome.MET
    assert [event.kind for event in events_about(case)][-2:] == ["finding.recorded", "application.assessed"]


def test_history_holds_neither_the_reason_nor_a_name(case: Application) -> None:
    find(case, reason="Graduation verified by telephone.")
    told = str([event.data for event in events_about(case)])
    assert [word for word in ("telephone", "LAM", "Chloe") if word in told] == []


def test_the_latest_finding_counts_and_the_earlier_stays_on_the_file(case: Application) -> None:
    find(case)
    find(case, outcome=Outcome.NOT_MET, at=LATER + timedelta(hours=1))
    assert outcome_of(case, "HKU-E1") == Outcome.NOT_MET
    assert list(OfficerFinding.objects.values_list("outcome", flat=True)) == ["MET", "NOT_MET"]


@pytest.mark.parametrize("reason", ["", "  \n "], ids=["none", "blanks"])
def test_a_finding_needs_a_reason(case: Application, reason: str) -> None:
    with pytest.raises(FindingRefused, match="reason"):
        find(case, reason=reason)
    assert (OfficerFinding.objects.count(), Assessment.objects.count()) == (0, 1)


@pytest.mark.parametrize("code", ["HKU-E3", "UST-02", "nonsense", ""])
def test_a_clause_the_rules_decide_or_do_not_know_is_refused(case: Application, code: str) -> None:
    assert code not in dict(clauses_for_officers(case))
    with pytest.raises(FindingRefused):
        find(case, code)
    assert not OfficerFinding.objects.exists()


@pytest.mark.parametrize("outcome", [*sorted({*Outcome} - {*RESULTS}), "nonsense", ""])
def test_what_is_no_result_is_refused(case: Application, outcome: Any) -> None:
    with pytest.raises(FindingRefused):
        find(case, outcome=outcome)
    assert not OfficerFinding.objects.exists()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_only_the_programme_office_records_findings(case: Application, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        find(case, by=acting(officer(case.offering.programme, role)))


def test_nobody_outside_records_findings(case: Application) -> None:
    for by in (acting(officer(ProgrammeFactory())), own(case), Actor.system()):
        with pytest.raises(PermissionDenied):
            find(case, by=by)


def test_a_clause_once_judged_can_be_judged_again(case: Application) -> None:
    before = dict(clauses_for_officers(case))
    find(case)
    assert dict(clauses_for_officers(case)) == before
    assert {"HKU-E1", "HKU-E2", "HKU-E4"} <= set(before)


def test_a_pending_clause_never_lowers_the_verdict_and_a_recorded_result_counts(case: Application) -> None:
    before = latest_assessment(case)
    assert before is not None
    assert outcome_of(case, "HKU-E2") == Outcome.PENDING_OFFICER
    assert before.verdict == "ELIGIBLE"
    find(case, "HKU-E2", Outcome.NOT_MET)
    after = latest_assessment(case)
    assert after is not None
    assert after.verdict == "INELIGIBLE"


def test_what_was_found_on_the_examination_counts_in_its_clause(case: Application) -> None:
    find(case, "HKU-E4", Outcome.NOT_MET)
    assert outcome_of(case, "HKU-E4") == Outcome.NOT_MET


# which policy


def later_version(case: Application, effective_from: Any, content: Any = None) -> PolicyVersion:
    """Another version of the rules, the same if not told else, published after the case was received."""
    now = case.assessments.get().policy_version
    return PolicyVersion.objects.create(
        policy=now.policy,
        number=now.number + 1,
        content=content or now.content,
        sha256="0" * 64,
        effective_from=effective_from,
        published_at=LATER,
    )


def test_the_policy_in_force_when_the_case_was_received_is_kept_for_good(case: Application) -> None:
    received_under = case.assessments.get().policy_version
    later_version(case, hkt(2026, 4, 1).date())
    find(case)
    assert {run.policy_version for run in Assessment.objects.all()} == {received_under}


def test_a_draft_is_previewed_under_the_policy_of_the_day_and_nothing_is_kept(case: Application) -> None:
    content = case.assessments.get().policy_version.content
    later_version(case, hkt(2026, 4, 1).date(), {**content, "rules": content["rules"][:1]})
    draft = ready_draft(case.offering)
    counts = [len(what_rules_say(draft, at=at).findings) for at in (AT, LATER)]
    assert counts[1] < counts[0]
    assert not draft.assessments.exists()


def test_assessing_again_reads_the_frozen_profile(case: Application) -> None:
    before = case.assessments.get()
    Applicant.objects.update(origin="MAINLAND", residence_status="STUDENT_VISA")
    again = assess_application(Application.objects.get(pk=case.pk), by=Actor.system(), at=LATER)
    assert engine.from_json(engine.Facts, again.facts) == engine.from_json(engine.Facts, before.facts)
    assert again.findings == before.findings
