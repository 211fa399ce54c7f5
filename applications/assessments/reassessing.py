"""Running the rules again over every open case, in chunks that a killed worker can leave off between.

One chunk is one transaction: cases locked, facts read, rules run, rows and history written by COPY, the place
reached noted. So no case is assessed twice by one run, and none is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_events
from admissions_portal.jobs.actions import request_job
from admissions_portal.jobs.models import Job
from admissions_portal.support.actors import Actor
from admissions_portal.support.copying import copy_rows
from admissions_portal.support.memory import rubbish_left_lying
from applications.assessments.facts import facts_of_many
from applications.assessments.judging import findings_text, judge
from applications.assessments.models import Assessment, Reassessment
from applications.assessments.queries import CHUNK, cases_left, first_chunk, offerings_of
from applications.assessments.register import Rulebook, acceptance_register
from applications.lifecycle.models import Application
from eligibility.engine import Facts
from eligibility.queries import NoPolicy
from programmes.queries import programmes_of

Row = tuple[object, ...]
KIND = "assessments.reassess"
_COLUMNS = (
    "application",
    "policy_version",
    "overlays",
    "engine",
    "inputs",
    "at",
    "verdict",
    "changed_from",
    "facts",
    "findings",
    "reassessment",
)


@transaction.atomic
def request_reassessment(*, by: Actor, at: datetime) -> Job:
    """Ask for the rules to be run again over every open case of the programmes whose rules `by` may edit.

    While one such job of theirs waits or runs, that is returned. Raises PermissionDenied without the right.
    """
    programmes = sorted(programmes_of(by.user, Right.EDIT_POLICY, on=day_of(at)).values_list("pk", flat=True))
    if not programmes:
        raise PermissionDenied
    run = Reassessment.objects.create(requested_by=by.user, requested_at=at, programmes=programmes)
    job = request_job(KIND, params={"run": run.pk}, by=by, at=at, key=f"{KIND}/{by.id}")
    if job.params["run"] != run.pk:
        run.delete()
    return job


@transaction.atomic
@rubbish_left_lying()
def reassess_next(run: Reassessment, *, at: datetime) -> Reassessment:
    """Assess the next chunk of open cases under the rules in force on the day each was received.

    A case whose last assessment was asked the very same (engine, versions, facts) is left alone. Returns the
    run as it now stands; `finished` once no case is left. Nothing is written to any applicant.
    """
    run = Reassessment.objects.select_for_update().get(pk=run.pk)
    if run.finished:
        return run
    # locked by primary key, one case after the other, as every act on a case locks it first
    left = cases_left(run).select_for_update(of=("self",), no_key=True)
    cases = first_chunk(left, offerings_of(run.programmes))
    made: list[Row] = []
    copy_rows(Assessment, _COLUMNS, _remembered(_assess(run, cases, at=at), made))
    record_events(
        "application.reassessed",
        [(row[0], {"verdict": row[6], "policy": row[1], "run": run.pk}) for row in made],
        model=Application,
        by=Actor.of(run.requested_by),
        at=at,
    )
    run.seen += len(cases)
    run.assessed += len(made)
    run.changed += sum(row[7] != "" for row in made)
    run.finished = len(cases) < CHUNK
    run.after = cases[-1].pk if cases else run.after
    run.save(update_fields=["seen", "assessed", "changed", "finished", "after"])
    return run


def _assess(run: Reassessment, cases: list[Application], *, at: datetime) -> Iterator[Row]:
    """A row of `_COLUMNS` for each case that must be assessed anew. What they need is read at once; while the
    rows are made nothing is asked."""
    institutions = {case.offering.programme.institution.code for case in cases}
    facts_of_all = facts_of_many(cases, at=at, register=acceptance_register(institutions))
    last = last_runs(case.pk for case in cases)
    return _rows(run, zip(cases, facts_of_all, strict=True), Rulebook(institutions), last, at=at)


def _rows(
    run: Reassessment,
    cases: Iterable[tuple[Application, Facts]],
    rulebook: Rulebook,
    last: Mapping[UUID, tuple[str, str, datetime]],
    *,
    at: datetime,
) -> Iterator[Row]:
    for case, facts in cases:
        try:
            rules = rulebook.rules_for(case.offering.programme, day_of(case.submitted_at or at))
        except NoPolicy:
            continue  # nothing to assess by; what was found before stands
        asked = judge(facts, rules)
        inputs, verdict, last_at = last.get(case.pk, ("", "", at))
        if inputs == asked.inputs:
            continue
        # an act that read its clock later and committed earlier must not look later than this one
        result = asked.result(at=max(at, last_at))
        yield (
            case.pk,
            rules.ids[0],
            rules.ids[1:],
            result.engine,
            asked.inputs,
            result.at,
            result.verdict,
            verdict if verdict not in ("", result.verdict) else "",
            asked.facts_text,
            findings_text(result.findings),
            run.pk,
        )


def _remembered(rows: Iterable[Row], made: list[Row]) -> Iterator[Row]:
    """The rows as they pass, kept in `made`."""
    for row in rows:
        made.append(row)
        yield row


def last_runs(cases: Iterable[UUID]) -> dict[UUID, tuple[str, str, datetime]]:
    """Inputs, verdict and instant of the last run on each case. One question."""
    rows = (
        Assessment.objects.filter(application__in=list(cases))
        .order_by("application_id", "-at", "-id")
        .distinct("application_id")
        .values_list("application", "inputs", "verdict", "at")
    )
    return {case: (inputs, verdict, at) for case, inputs, verdict, at in rows}
