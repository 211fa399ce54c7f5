"""Which rubric is used, which reviews a person may see, and what lists make of those."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Coalesce, Round

from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from applications.lifecycle.models import Application
from applications.lifecycle.recusals import is_recused
from applications.lifecycle.states import UNDER_CONSIDERATION
from applications.reviews.assignment import ReviewAssignment
from applications.reviews.models import EarlierReview, Review, Rubric
from applications.reviews.phases import OthersScores, ReviewPhase
from applications.reviews.rubric import Categories, fingerprint, mean_of
from programmes.models import Intake, Offering, Programme
from programmes.queries import programmes_of

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User

# No two totals are as far apart as this.
NEVER_APART = Decimal("9.99")
# A programme that has said nothing: more than one point between two readers is worth a second look.
USUAL_AGREEMENT = Decimal("1.00")
_SPREAD = Max("score") - Min("score")


def rubric_in_use(programme: Programme | int) -> Rubric | None:
    """The programme's rubric, the version used last; None where it is scored by `SINGLE_SCORE`."""
    return (
        Rubric.objects.filter(programme=programme, number__isnull=False)
        .select_related("programme")
        .order_by("-number")
        .first()
    )


# Whose scores may be seen ---------------------------------------------------------------------------------


def held_back(user: User, *, at: datetime, case: str = "") -> Q:
    """Of which cases this person may not see what others scored, for a filter over cases or, with the name of
    the relation to one and two underscores as `case`, over what hangs on them.

    A score is worth most where it owes nothing to another's. So whoever has yet to score a case sees nothing
    of the others: each reader of the programme, and of those who rank as well (`Right.SHORTLIST`) whoever the
    case was given to. Who ranks has to see the scores of all other cases, and whoever scores none has nothing
    to keep independent. One is held back until one's own review is in, an abstention as well, and, where a
    phase of review says so, until it has ended. It ends with the time in which one could score: when the case
    is decided, or the last phase of its intake is over.
    """
    on = day_of(at)
    ranking = programmes_of(user, Right.SHORTLIST, on).order_by().values("pk")
    scoring = programmes_of(user, Right.REVIEW, on).order_by().values("pk")
    given = ReviewAssignment.objects.filter(reader=user.pk, taken_back_at=None).order_by()
    own = Review.objects.filter(reviewer=user.pk).order_by()
    coming = ReviewPhase.objects.filter(closed_from__gt=at).order_by()
    silent = coming.filter(begins_at__lte=at, others_scores=OthersScores.AFTER_PHASE)
    unread = Intake.objects.exclude(pk__in=ReviewPhase.objects.order_by().values("intake")).order_by()
    offerings = Offering.objects.order_by()
    # each list is one for the whole statement, whatever the number of cases, and needs no join
    scored = offerings.filter(intake__programme__in=scoring)
    only_scored = scored.exclude(intake__programme__in=ranking)
    in_time = offerings.filter(Q(intake__in=unread) | Q(intake__in=coming.values("intake")))
    in_silence = offerings.filter(intake__in=silent.values("intake"))

    def where(**is_in: Any) -> Q:
        """The case's columns lie in these."""
        return Q(**{f"{case}{name}__in": values for name, values in is_in.items()})

    is_theirs_to_score = where(offering=only_scored.values("pk")) | (
        where(offering=scored.values("pk")) & where(pk=given.values("application"))
    )
    is_done = where(pk=own.values("application")) & ~where(offering=in_silence.values("pk"))
    return (
        where(state=sorted(UNDER_CONSIDERATION), offering=in_time.values("pk"))
        & is_theirs_to_score
        & ~is_done
    )


def reviews_visible_to(user: User, *, at: datetime) -> QuerySet[Review]:
    """The reviews this person may see on cases that are open to them: their own, and where they are not
    `held_back` everybody's. Case page, lists, shortlist, exports and the desk read reviews through this."""
    return Review.objects.filter(Q(reviewer=user.pk) | ~held_back(user, at=at, case="application__"))


def may_see_scores(user: User, application: Application, *, at: datetime) -> bool:
    """Whether this person may see what others scored on a case that is open to them."""
    return not Application.objects.filter(held_back(user, at=at), pk=application.pk).exists()


# What counts ----------------------------------------------------------------------------------------------


def counted(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """Those that make mean and spread: scores, no abstention, and none of a reader who has a conflict of
    interest with the case."""
    return reviews.filter(score__isnull=False).exclude(
        is_recused(OuterRef("reviewer"), application="application")
    )


def _totals_here(reviews: QuerySet[Review]) -> QuerySet[Review, Any]:
    """For a subquery over cases: one row with what is made of these of each."""
    return counted(reviews).filter(application=OuterRef("pk")).order_by().values("application")


def annotate_scores(
    cases: QuerySet[Application], *, user: User | None, at: datetime
) -> QuerySet[Application]:
    """Adds to cases, made of the reviews that `user` may see (None: of all, for the portal's own use):
    `mean_score` (of the totals from 1 to 5, two decimals), `readers` (how many scores make it), `spread` (the
    largest difference between two totals), `disagrees` (see there), and `is_held_back` (the others' scores
    are hidden from this person)."""
    hidden = Q(pk__in=()) if user is None else held_back(user, at=at)
    return cases.annotate(
        mean_score=mean_score(user=user, at=at),
        readers=Coalesce(_made_of(Count("pk"), user=user, at=at), 0),
        spread=_made_of(_SPREAD, user=user, at=at),
        disagrees=disagrees(user=user, at=at),
        is_held_back=Case(When(hidden, then=True), default=False),
    )


def mean_score(*, user: User | None, at: datetime) -> Subquery | Case:
    """For an order over cases: the column of `annotate_scores` alone."""
    return _made_of(Round(Avg("score"), 2), user=user, at=at)


def _made_of(aggregate: Combinable, *, user: User | None, at: datetime) -> Subquery | Case:
    """Whether somebody is held back is asked of the case, not of each of its reviews: then one's own score
    alone is left."""
    every = Subquery(_totals_here(Review.objects.all()).annotate(made=aggregate).values("made"))
    if user is None:
        return every
    own = _totals_here(Review.objects.filter(reviewer=user.pk)).annotate(made=aggregate)
    return Case(When(held_back(user, at=at), then=Subquery(own.values("made"))), default=every)


class ScoresSeen(NamedTuple):
    """What one person may know of the scores of a case; the columns of `annotate_scores`."""

    mean_score: Decimal | None
    readers: int
    spread: Decimal | None
    disagrees: bool
    is_held_back: bool


def scores_seen(user: User, application: Application, *, at: datetime) -> ScoresSeen:
    """Of one case that is open to this person. One query."""
    [row] = annotate_scores(
        Application.objects.filter(pk=application.pk).order_by(), user=user, at=at
    ).values_list(*ScoresSeen._fields)
    return ScoresSeen(*row)


def reviews_on_cases() -> QuerySet[Review]:
    """To be read with cases: every review with its rubric, what it replaced, and `is_recused`: its reader has
    a conflict of interest, so it does not count. Not scoped: `reviews_visible_to` says who sees which."""
    return (
        Review.objects.select_related("reviewer", "rubric")
        .annotate(is_recused=is_recused(OuterRef("reviewer"), application="application"))
        .prefetch_related(Prefetch("earlier", EarlierReview.objects.select_related("rubric")))
        .order_by("reviewed_at", "id")
    )


def disagrees(*, user: User | None, at: datetime) -> Exists | Case:
    """For a filter over few cases: whether two totals lie further apart than the programme's rubric calls
    agreement, of the reviews that `user` may see (None: of all, for the portal's own use)."""
    in_use = Rubric.objects.filter(
        programme=OuterRef(OuterRef("offering__intake__programme")), number__isnull=False
    ).order_by("-number")
    agreement = Coalesce(
        Subquery(in_use.values(most=Coalesce("agreement", NEVER_APART))[:1]), USUAL_AGREEMENT
    )
    apart = Exists(_totals_here(Review.objects.all()).annotate(spread=_SPREAD).filter(spread__gt=agreement))
    if user is None:
        return apart
    # one's own score is never apart from itself
    return Case(When(held_back(user, at=at), then=Value(False)), default=apart)


_APART = """
    SELECT application.id
      FROM ({spreads}) AS scored (application_id, spread)
      JOIN applications_application AS application ON application.id = scored.application_id
      JOIN programmes_offering AS offering ON offering.id = application.offering_id
      JOIN programmes_intake AS intake ON intake.id = offering.intake_id
      LEFT JOIN (SELECT DISTINCT ON (programme_id) programme_id, coalesce(agreement, %s) AS agreement
                   FROM applications_rubric WHERE number IS NOT NULL ORDER BY programme_id, number DESC
           ) AS in_use ON in_use.programme_id = intake.programme_id
     WHERE scored.spread > coalesce(in_use.agreement, %s)
"""


def cases_apart(*, user: User | None, at: datetime) -> Q:
    """For a filter over many cases: as `disagrees`, by one pass over all reviews."""
    spreads = counted(Review.objects.order_by()).values_list("application").annotate(spread=_SPREAD)
    sql, params = spreads.query.sql_with_params()
    # the text is ours, what is compared are parameters
    apart = Q(pk__in=RawSQL(_APART.format(spreads=sql), (*params, NEVER_APART, USUAL_AGREEMENT)))  # nosec B611
    return apart if user is None else apart & ~held_back(user, at=at)


@dataclass(frozen=True, slots=True)
class CategoryMeans:
    """Where all scores of a list are of the same categories: these, and of each case the mean points."""

    categories: Categories
    means: Mapping[UUID, Mapping[str, Decimal]]


def category_means(cases: Iterable[Application], *, user: User, at: datetime) -> CategoryMeans | None:
    """The mean points by category of these cases, two decimals, half up; None where their scores are of
    different categories, or of one category, whose points say no more than the total. One query."""
    reviews = (
        counted(reviews_visible_to(user, at=at))
        .filter(application__in=[case.pk for case in cases])
        .values_list("application", "rubric", "points")
    )
    by_case: dict[UUID, list[Mapping[str, str]]] = defaultdict(list)
    rubrics = set()
    for case, rubric, points in reviews:
        by_case[case].append(points)
        rubrics.add(rubric)
    if not rubrics or None in rubrics:
        return None
    found = {fingerprint(each.categories): each for each in Rubric.objects.filter(pk__in=rubrics)}
    if len(found) > 1:
        return None
    [only] = found.values()
    categories = only.record()
    if len(categories) < 2:
        return None
    return CategoryMeans(
        categories,
        {
            case: {each.key: mean_of([Decimal(points[each.key]) for points in given]) for each in categories}
            for case, given in by_case.items()
        },
    )
