"""Columns a list of cases shows, added in the database so that a list costs the same at 3 and at 3,000
rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Case,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform

from admissions_portal.clock import day_of
from applications.assessments.models import Assessment
from applications.assessments.status import status_is_left_open
from applications.lifecycle.blind import programmes_read_blind
from applications.lifecycle.models import Application
from applications.reviews.queries import annotate_scores, mean_score

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User


def last_runs() -> QuerySet[Assessment]:
    """For a subquery over cases: the runs of the rules on each, the last first."""
    return Assessment.objects.filter(application=OuterRef("pk")).order_by("-at", "-id")


def status_is_to_settle() -> Q:
    """For a filter over cases: whether the status in Hong Kong waits for an officer (UST-18). Derived from
    the last run, so that an officer's finding or a settled status closes it."""
    last = Assessment.objects.filter(application=OuterRef("application")).order_by("-at", "-id")
    left_open = Assessment.objects.filter(status_is_left_open(), pk=Subquery(last.values("pk")[:1]))
    return Q(pk__in=left_open.order_by().values("application"))


# what tells whose case it is, as frozen at submission
_PERSON = ("family_name", "given_names", "chinese_name", "preferred_name")


def read_blind_by(user: User | None, *, at: datetime) -> frozenset[int]:
    """The keys of the programmes whose cases `user` reads blind: asked once for a page, and nearly always
    none, so that what lists ask of the database stays plain. One query."""
    if user is None:
        return frozenset()
    return frozenset(programmes_read_blind(user, on=day_of(at)).order_by().values_list("pk", flat=True))


def annotate_listing(
    cases: QuerySet[Application], *, user: User | None, at: datetime, blind: Collection[int] | None = None
) -> QuerySet[Application]:
    """Adds `assessment_id` (the last run of the rules), `family_name`, `given_names`, `chinese_name`,
    `preferred_name` and `name_order` (as frozen at submission), `email`, and what `annotate_scores` says; all
    as `user` may see it (None: the portal, for its own use). `blind`: see `read_blind_by`, which is asked
    where nobody has.

    A case whose person the user may not see has none of the person's columns, so that it is neither shown nor
    found nor ordered by them. Lists search and order by these columns and no other way.
    """
    blind = read_blind_by(user, at=at) if blind is None else blind
    return annotate_scores(
        cases.annotate(
            assessment_id=Subquery(last_runs().values("pk")[:1]),
            **columns_of_person(blind),
        ),
        user=user,
        at=at,
    )


def annotate_order(
    cases: QuerySet[Application],
    column: str,
    *,
    user: User | None,
    at: datetime,
    blind: Collection[int] | None,
) -> QuerySet[Application]:
    """Adds `column` where it is one of `annotate_listing`'s and missing: thousands of cases are put in order
    without joining what is shown of a page."""
    if column in cases.query.annotations:
        return cases
    if column == "name_order":
        seen = columns_of_person(read_blind_by(user, at=at) if blind is None else blind)
        return cases.annotate(name_order=seen["name_order"])
    if column == "mean_score":
        return cases.annotate(mean_score=mean_score(user=user, at=at))
    return cases


def columns_of_person(blind: Collection[int]) -> dict[str, Any]:
    """Name and address as columns over cases; empty for the programmes that are read `blind`."""
    columns: dict[str, Any] = {name: KeyTextTransform(name, F("profile__data")) for name in _PERSON}
    columns["email"] = F("applicant__user__email")
    columns["name_order"] = F("profile__name_order")
    if not blind:
        return columns
    hidden = When(offering__intake__programme__in=blind, then=Value(None))
    return {name: Case(hidden, default=column, output_field=TextField()) for name, column in columns.items()}


def home_seen(blind: Collection[int]) -> Case | F:
    """For a filter over cases: the permanent home, empty for the programmes that are read `blind`."""
    if not blind:
        return F("origin")
    hidden = When(offering__intake__programme__in=blind, then=Value(""))
    return Case(hidden, default=F("origin"), output_field=TextField())


def tallies_of(cases: Iterable[Application]) -> dict[int, dict[str, int]]:
    """For each listed case's last assessment: how many findings of each outcome. One query for a page of
    cases."""
    wanted = [case.assessment_id for case in cases if case.assessment_id]  # type: ignore[attr-defined]  # annotated
    runs = Assessment.objects.filter(pk__in=wanted).values_list("pk", "findings")
    return {pk: tally_of(findings) for pk, findings in runs}


def tally_of(findings: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many findings of each outcome, without those that are parts of another."""
    return Counter(finding["outcome"] for finding in findings if not finding["part_of"])
