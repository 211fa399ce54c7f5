"""Columns a list of cases shows, added in the database so that a list costs the same at 3 and at 3,000
rows."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Avg, BooleanField, Count, F, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Round

from applications.assessments.models import Assessment
from applications.assessments.queries import STATUS_OPEN
from applications.lifecycle.models import Application
from applications.reviews.models import Review


def last_runs() -> QuerySet[Assessment]:
    """For a subquery over cases: the runs of the rules on each, the last first."""
    return Assessment.objects.filter(application=OuterRef("pk")).order_by("-at", "-id")


# The last run leaves the status in Hong Kong open, and no officer has recorded a finding on that.
_STATUS_TO_SETTLE = "strict $ ? (exists(@[*] ? ({open})) && !exists(@[*] ? ({found})))".format(
    open=" || ".join(f'@.reason == "{reason}"' for reason in STATUS_OPEN),
    found=" || ".join(f'@.params.own_reason == "{reason}"' for reason in STATUS_OPEN),
)


def status_is_to_settle() -> Func:
    """For a filter over cases: whether the status in Hong Kong waits for an officer (UST-18). Derived from
    the last run, so that an officer's finding or a settled status closes it."""
    return Func(
        Subquery(last_runs().values("findings")[:1]),
        Value(_STATUS_TO_SETTLE),
        template="coalesce(jsonb_path_exists(%(expressions)s::jsonpath), false)",
        output_field=BooleanField(),
    )


def annotate_listing(cases: QuerySet[Application]) -> QuerySet[Application]:
    """Adds `verdict` and `assessment_id` (the last run of the rules), `mean_score` (two decimals), `readers`,
    `family_name`, `given_names`, `chinese_name` and `origin` (as frozen at submission)."""
    last_run = last_runs()
    scores = Review.objects.filter(application=OuterRef("pk")).order_by().values("application")
    return cases.annotate(
        verdict=Subquery(last_run.values("verdict")[:1]),
        assessment_id=Subquery(last_run.values("pk")[:1]),
        mean_score=Subquery(scores.annotate(mean=Round(Avg("score"), 2)).values("mean")),
        readers=Coalesce(Subquery(scores.annotate(count=Count("pk")).values("count")), 0),
        **{
            name: KeyTextTransform(name, F("profile__data"))
            for name in ("family_name", "given_names", "chinese_name", "preferred_name", "origin")
        },
    )


def tallies_of(cases: Iterable[Application]) -> dict[int, dict[str, int]]:
    """For each listed case's last assessment: how many findings of each outcome. One query for a page of
    cases."""
    tallies: dict[int, dict[str, int]] = {}
    wanted = [case.assessment_id for case in cases if case.assessment_id]  # type: ignore[attr-defined]  # annotated
    for pk, findings in Assessment.objects.filter(pk__in=wanted).values_list("pk", "findings"):
        tally: dict[str, int] = {}
        for finding in findings:
            if not finding["part_of"]:
                tally[finding["outcome"]] = tally.get(finding["outcome"], 0) + 1
        tallies[pk] = tally
    return tallies
