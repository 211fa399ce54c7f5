"""Reading what the rules and the officers said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import BooleanField, F, OuterRef, QuerySet, Subquery, Value
from django.utils.translation import gettext

from applications.assessments.models import (
    Assessment,
    OfficerFinding,
    Reassessment,
    SettledStatus,
    ShownStatus,
)
from applications.lifecycle.models import Application
from applications.lifecycle.states import OPEN_TO_APPLICANT, UNDER_CONSIDERATION
from eligibility.engine import Finding, Outcome, Requirements, from_json
from eligibility.models import PolicyVersion
from eligibility.queries import RulesInForce, rules_of
from programmes.models import Offering

# Cases read, judged and written at a time.
CHUNK = 1000
# What an officer may record for a clause.
RESULTS = (Outcome.MET, Outcome.NOT_MET, Outcome.NEEDS_EVIDENCE, Outcome.NOT_APPLICABLE)


def latest_assessment(application: Application) -> Assessment | None:
    """The last run of the rules over the case."""
    return application.assessments.order_by("-at", "-id").first()


def latest_assessments(cases: Iterable[UUID]) -> dict[UUID, Assessment]:
    """The last run on each of these cases, by case; its facts are left in the database. One question."""
    runs = Assessment.objects.filter(application__in=list(cases)).defer("facts")
    ordered = runs.order_by("application_id", "-at", "-id").distinct("application_id")
    return {run.application_id: run for run in ordered}


def officer_findings_of(cases: Iterable[UUID]) -> dict[UUID, list[OfficerFinding]]:
    """Every finding of an officer on these cases, the earliest first; cases without any are left out. One
    question."""
    found: dict[UUID, list[OfficerFinding]] = {}
    if not (asked := list(cases)):
        return found
    rows = OfficerFinding.objects.filter(application__in=asked)
    for row in rows.order_by("application_id", "found_at", "id"):
        found.setdefault(row.application_id, []).append(row)
    return found


class Statuses(NamedTuple):
    """What officers settled about the status in Hong Kong, by case; and the cases whose last proof shows
    another status than the one that counts, which nobody has settled since (AMB-04b)."""

    settled: dict[UUID, str]
    contradicted: set[UUID]


def statuses_of(cases: Iterable[UUID]) -> Statuses:
    """Of these cases, as the last word on each has it. One question, none where nobody is asked about."""
    found = Statuses({}, set())
    if not (asked := list(cases)):
        return found
    columns = ("application_id", "said_at", "row", "status", "contradicts")
    settled = SettledStatus.objects.filter(application__in=asked).annotate(
        said_at=F("settled_at"), row=F("pk"), contradicts=Value(None, BooleanField())
    )
    shown = ShownStatus.objects.filter(application__in=asked).annotate(said_at=F("recorded_at"), row=F("pk"))
    rows = settled.order_by().values_list(*columns).union(shown.order_by().values_list(*columns), all=True)
    # of the same moment the officer's word is the last
    for pk, _at, _row, status, contradicts in sorted(rows, key=lambda row: (row[1], row[4] is None, row[2])):
        if contradicts is None:
            found.settled[pk] = status
        if contradicts:
            found.contradicted.add(pk)
        else:
            found.contradicted.discard(pk)
    return found


def runs_before(assessments: Iterable[Assessment]) -> dict[int, Assessment]:
    """The run before each of these, by the later one's primary key. Two questions."""
    earlier = Assessment.objects.filter(application=OuterRef("application"), pk__lt=OuterRef("pk"))
    pairs = dict(
        Assessment.objects.filter(pk__in=[assessment.pk for assessment in assessments])
        .annotate(before=Subquery(earlier.order_by("-at", "-id").values("pk")[:1]))
        .values_list("pk", "before")
    )
    found = Assessment.objects.defer("facts").in_bulk(pairs.values())
    return {pk: found[before] for pk, before in pairs.items() if before}


def findings_of(assessment: Assessment) -> tuple[Finding, ...]:
    """The stored findings as the engine gave them, for `eligibility.wording`."""
    return from_json(tuple[Finding, ...], assessment.findings)


def rules_under(assessment: Assessment) -> RulesInForce:
    """The versions it pins, the University's first. One question."""
    return rules_of(assessment.versions)


def requirements_of(assessment: Assessment) -> Requirements:
    """The rules it was made under, built again from the versions it pins."""
    return rules_under(assessment).requirements()


def rules_of_each(assessments: Sequence[Assessment]) -> dict[tuple[int, ...], RulesInForce]:
    """The rules of many assessments, by the versions they pin. One question, however many."""
    wanted = {assessment.versions for assessment in assessments}
    rows = PolicyVersion.objects.select_related("policy").in_bulk({pk for pks in wanted for pk in pks})
    return {pks: RulesInForce(tuple(rows[pk] for pk in pks)) for pks in wanted}


def clauses_for_officers(application: Application) -> list[tuple[str, str]]:
    """Code and title of each clause an officer may record a result for."""
    assessment = latest_assessment(application)
    if assessment is None:
        return []
    recorded = application.officer_findings.all()
    return titled(requirements_of(assessment), left_to_officers(findings_of(assessment), recorded))


def clauses_to_override(application: Application) -> list[tuple[str, str]]:
    """Code and title of each rule whose result may be overridden."""
    assessment = latest_assessment(application)
    if assessment is None:
        return []
    return titled(requirements_of(assessment), open_to_override(findings_of(assessment)))


def left_to_officers(findings: Iterable[Finding], recorded: Iterable[OfficerFinding]) -> list[str]:
    """Codes left pending, referred, or recorded before; what is overridden waits until that is withdrawn."""
    before = {row.code for row in recorded if not row.overrides}
    return [
        finding.code
        for finding in findings
        if (finding.is_for_officer or finding.code in before) and not finding.params.get("overridden")
    ]


def open_to_override(findings: Iterable[Finding]) -> list[str]:
    """Codes of whole rules: neither limbs, which count through theirs, nor sums."""
    return [finding.code for finding in findings if not finding.part_of and not finding.is_summary]


def titled(requirements: Requirements, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Each code with its rule's title, in the reader's language."""
    return [(code, gettext(requirements.rule(code).title)) for code in codes]


def cases_considered(programmes: Iterable[int]) -> QuerySet[Application]:
    """Received and not yet decided, of these programmes, by primary key: what a change of rules may concern.
    With the profile as frozen."""
    return _of(programmes).filter(state__in=UNDER_CONSIDERATION).select_related("profile")


def drafts_begun(programmes: Iterable[int]) -> QuerySet[Application]:
    """What nobody has sent yet, of these programmes, by primary key, with the profile as it stands. For
    counting alone: a draft is not the office's to see."""
    return (
        _of(programmes)
        .filter(state__in=OPEN_TO_APPLICANT)
        .select_related("applicant__user")
        .prefetch_related(*(f"applicant__{part}" for part in _PARTS_OF_PROFILE))
    )


_PARTS_OF_PROFILE = ("qualifications", "english_tests", "postgraduate_studies", "experiences")


def _of(programmes: Iterable[int]) -> QuerySet[Application]:
    return Application.objects.filter(offering__intake__programme__in=list(programmes)).order_by("pk")


def cases_left(run: Reassessment) -> QuerySet[Application]:
    """The open cases a re-assessment has not come to yet."""
    cases = cases_considered(run.programmes)
    return cases if run.after is None else cases.filter(pk__gt=run.after)


def first_chunk(cases: QuerySet[Application], offerings: Mapping[int, Offering]) -> list[Application]:
    """The first CHUNK of cases, each with its offering from `offerings`: one object for all cases of an
    offering, so that nothing is asked of the database for each."""
    chunk = list(cases[:CHUNK])
    for case in chunk:
        case.offering = offerings[case.offering_id]
    return chunk


def in_chunks(cases: QuerySet[Application], programmes: Iterable[int]) -> Iterator[list[Application]]:
    """All of them, chunk by chunk: however many there are, one chunk is in memory."""
    offerings, left = offerings_of(programmes), cases
    while chunk := first_chunk(left, offerings):
        yield chunk
        left = cases.filter(pk__gt=chunk[-1].pk)


def offerings_of(programmes: Iterable[int]) -> dict[int, Offering]:
    """Offerings with all that facts are made from, by primary key. Two questions."""
    return (
        Offering.objects.filter(intake__programme__in=list(programmes))
        .select_related("intake__programme__institution", "intake__programme__school")
        .prefetch_related("rounds")
        .in_bulk()
    )
