"""Reading decisions, prepared and released."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from admissions_portal.accounts.roles import Right
from admissions_portal.history.models import Event
from applications.decisions.models import (
    OPEN_PREPARED,
    CheckLevel,
    ChecksAsked,
    DecisionCheck,
    DecisionChecks,
    ItemStatus,
    PreparedDecision,
    PreparedStatus,
    Release,
    ReleaseItem,
)
from applications.lifecycle.models import Application
from applications.lifecycle.queries import RELATED, applications_visible_to
from programmes.models import Level, Programme

if TYPE_CHECKING:
    from admissions_portal.accounts.models import User

# Events about a case that change nothing a decision rests on: somebody looked, or worked on the decision.
# Their kinds begin so.
_BESIDE = ("identity.seen", "identity.exported", "decision.")
# Where a source says who looks at a decision before it is released: at HKUST the School endorses what is
# recommended for a research degree, then the graduate school clears it (its guidance for programmes, B5).
_PUBLISHED = {("hkust", True): ChecksAsked.BOTH}
_PROGRAMME = "application__offering__intake__programme"
_WITH = (
    *(f"application__{name}" for name in RELATED),
    "application__offering__intake__programme__office",
    "application__offering__intake__programme__school",
    "prepared_by",
    "changed_by",
)


def published_checks(programme: Programme) -> ChecksAsked:
    """What the sources say of checks for this programme; NONE where they say nothing."""
    return _PUBLISHED.get((programme.institution.code, programme.is_research), ChecksAsked.NONE)


def checks_asked_by_each(programmes: Iterable[Programme]) -> dict[int, ChecksAsked]:
    """What each asks for before a release, by primary key. One question, however many."""
    every = list(programmes)
    rows = DecisionChecks.objects.filter(programme__in=[programme.pk for programme in every])
    own = dict(rows.values_list("programme_id", "asked"))
    return {each.pk: ChecksAsked(own.get(each.pk, published_checks(each))) for each in every}


def checks_asked_by(programme: Programme) -> ChecksAsked:
    """What the programme asks for: what was set, else what is published, else nothing."""
    return checks_asked_by_each([programme])[programme.pk]


def prepared_of(application: Application) -> PreparedDecision | None:
    """The decision that the office is preparing on this case, or None."""
    return _with_all(
        PreparedDecision.objects.filter(application=application, status__in=OPEN_PREPARED)
    ).first()


def prepared_visible_to(user: User, *, on: date, right: Right = Right.DECIDE) -> QuerySet[PreparedDecision]:
    """Open prepared decisions on cases where this member of staff holds `right` on the day: the earliest
    first. A case one is recused from has none."""
    cases = applications_visible_to(user, on=on, right=right)
    return _with_all(
        PreparedDecision.objects.filter(
            status__in=OPEN_PREPARED, application__in=cases.order_by().values("pk")
        )
    ).order_by("prepared_at", "id")


def _with_all(prepared: QuerySet[PreparedDecision]) -> QuerySet[PreparedDecision]:
    return prepared.select_related(*_WITH).prefetch_related("checks__checked_by")


def awaiting_check(level: CheckLevel, *, by: User | None) -> QuerySet[PreparedDecision]:
    """Prepared decisions that wait for this level and that `by` may check: the levels before have, nothing
    has changed since, and `by` has neither prepared nor checked it. Whose cases they are is the caller's
    question; without `by` it is what anybody may."""
    waiting = _unchanged().filter(_asks_for(level)).exclude(_is_given(level))
    for earlier in CheckLevel:
        if earlier is level:
            break
        waiting = waiting.filter(_is_given(earlier))
    if by is None:
        return waiting
    mine = Q(prepared_by=by.pk) | Q(changed_by=by.pk)
    return waiting.exclude(mine).exclude(Exists(_given().filter(checked_by=by.pk)))


def ready_to_release() -> QuerySet[PreparedDecision]:
    """Prepared decisions with every check their programme asks for, unchanged since and in no release yet."""
    ready = _unchanged().exclude(_is_in_a_release())
    for level in CheckLevel:
        ready = ready.filter(~_asks_for(level) | Q(_is_given(level)))
    return ready


def sent_back_or_changed() -> QuerySet[PreparedDecision]:
    """Prepared decisions that the office must look at again: sent back, or their case has changed since."""
    return PreparedDecision.objects.filter(
        Q(status=PreparedStatus.SENT_BACK) | Q(has_changed_since()), status__in=OPEN_PREPARED
    )


def _unchanged() -> QuerySet[PreparedDecision]:
    return PreparedDecision.objects.filter(~has_changed_since(), status=PreparedStatus.PREPARED)


def _given() -> QuerySet[DecisionCheck]:
    return DecisionCheck.objects.filter(prepared=OuterRef("pk"), revision=OuterRef("revision"), is_given=True)


def _is_given(level: CheckLevel) -> Exists:
    return Exists(_given().filter(level=level))


def _is_in_a_release() -> Exists:
    return Exists(ReleaseItem.objects.filter(prepared=OuterRef("pk"), status=ItemStatus.WAITING))


def _asks_for(level: CheckLevel) -> Q:
    """Does the programme ask for this level: by its own setting, else as published?"""
    asking = [asked for asked in ChecksAsked if level in asked.levels]
    own = DecisionChecks.objects.filter(programme=OuterRef(_PROGRAMME))
    published = Q(pk__in=[])
    for (code, is_research), checks in _PUBLISHED.items():
        if level in checks.levels:
            taught = Q(**{f"{_PROGRAMME}__level": Level.TAUGHT_MASTER})
            published |= Q(**{f"{_PROGRAMME}__institution__code": code}) & (
                ~taught if is_research else taught
            )
    return Q(Exists(own.filter(asked__in=asking))) | (~Q(Exists(own)) & published)


def has_changed_since() -> Exists:
    """Of a prepared decision in a list: whether anything has happened to its case since it was looked at."""
    return Exists(
        _changes(
            Event.objects.filter(
                about_kind="application",
                about_id=Cast(OuterRef("application_id"), CharField()),
                pk__gt=OuterRef("version"),
            )
        )
    )


def changed_among(prepared: Iterable[PreparedDecision]) -> set[UUID]:
    """Those whose case has changed since the office looked at it. One question."""
    return set(
        PreparedDecision.objects.filter(has_changed_since(), pk__in=[each.pk for each in prepared])
        .order_by()
        .values_list("pk", flat=True)
    )


def changes_since(prepared: PreparedDecision) -> list[Event]:
    """What has happened to the case since the office looked at it for this decision, the earliest first."""
    return list(
        _changes(
            Event.objects.filter(
                about_kind="application", about_id=str(prepared.application_id), pk__gt=prepared.version
            )
        ).order_by("at", "id")
    )


def _changes(events: QuerySet[Event]) -> QuerySet[Event]:
    for beginning in _BESIDE:
        events = events.exclude(kind__startswith=beginning)
    return events


def version_of_case(application: Application) -> int:
    """The last event in the history of the case."""
    last = (
        Event.objects.filter(about_kind="application", about_id=str(application.pk))
        .order_by("pk")
        .values_list("pk", flat=True)
        .last()
    )
    return last or 0


def releases_visible_to(user: User, *, on: date) -> QuerySet[Release]:
    """Releases with at least one case on which this member of staff may decide, the latest first."""
    return (
        Release.objects.filter(Exists(items_visible_to(user, on=on).filter(release=OuterRef("pk"))))
        .select_related("made_by", "called_off_by")
        .order_by("-made_at", "id")
    )


def items_visible_to(user: User, *, on: date) -> QuerySet[ReleaseItem]:
    """What of any release is about cases on which this member of staff may decide."""
    cases = applications_visible_to(user, on=on, right=Right.DECIDE)
    return (
        ReleaseItem.objects.filter(prepared__application__in=cases.order_by().values("pk"))
        .select_related("release", "prepared", *(f"prepared__application__{name}" for name in RELATED))
        .order_by("pk")
    )


def items_due(at: datetime) -> QuerySet[ReleaseItem]:
    """Items whose moment has come, the earliest moment first."""
    return ReleaseItem.objects.filter(status=ItemStatus.WAITING, release__release_at__lte=at).order_by(
        F("release__release_at").asc(), "pk"
    )
