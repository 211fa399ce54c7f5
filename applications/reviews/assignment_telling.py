"""Telling readers that cases wait for their score: what was given, once a day at most, and that a phase ends.

Both are safe to run as often, as late and in as many processes as one likes: the rows are unique, and what an
outage passed over is not sent after it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, F, Max, Min, OuterRef

from admissions_portal.clock import day_of
from admissions_portal.outbox.actions import queue_message
from applications.reviews.assignment import ReviewAssignment, ReviewNotice
from applications.reviews.assignment_queries import scores_to_give
from applications.reviews.phases import ReviewPhase

# an officer who gives out cases one by one is done before the mail leaves
QUIET = timedelta(minutes=10)
DAYS_BEFORE = (3, 1)

_PROGRAMME = F("application__offering__intake__programme")


@transaction.atomic
def tell_readers(*, at: datetime) -> int:
    """Queue one mail to each reader whom cases were given to, in each programme, ten minutes after the last
    was and once their phase has begun; says how many. One a day: what comes later waits for tomorrow's."""
    today = ReviewNotice.objects.filter(
        reader=OuterRef("reader"), programme=OuterRef("programme"), on=day_of(at), phase=None
    )
    new = scores_to_give(at=at).filter(notice=None).annotate(programme=_PROGRAMME)
    groups = (
        new.filter(~Exists(today))
        .order_by()
        .values("reader", "programme")
        .annotate(last=Max("given_at"))
        .filter(last__lte=at - QUIET)
    )
    told = _write(
        [
            ReviewNotice(
                reader_id=group["reader"], programme_id=group["programme"], on=day_of(at), decided_at=at
            )
            for group in groups
        ],
        kind="reviews_given",
        at=at,
    )
    for notice in told:
        rows = new.filter(reader=notice.reader_id, programme=notice.programme_id)
        ReviewAssignment.objects.filter(pk__in=rows.order_by().values("pk")).update(notice=notice)
    return len(told)


@transaction.atomic
def remind_readers(*, at: datetime) -> int:
    """Queue one mail to each reader who has not scored all that was given to them, 3 and 1 days before the
    phase ends; says how many. Of those due only the nearest goes; one that fell due before the phase began,
    or before the cases were given, is none. An end that was moved is reminded of anew."""
    ending = ReviewPhase.objects.filter(
        begins_at__lte=at, closed_from__gt=at, closed_from__lte=at + timedelta(days=max(DAYS_BEFORE))
    )
    wanted: list[ReviewNotice] = []
    for phase in ending.select_related("intake"):
        days = min(days for days in DAYS_BEFORE if phase.closed_from - timedelta(days=days) <= at)
        due_at = phase.closed_from - timedelta(days=days)
        if due_at <= phase.begins_at:
            continue
        sent = ReviewNotice.objects.filter(
            reader=OuterRef("reader"), phase=phase, closed_from=phase.closed_from, days_before__lte=days
        )
        late = (
            scores_to_give(at=at)
            .filter(~Exists(sent), application__offering__intake=phase.intake_id, given_at__lt=due_at)
            .order_by("reader")
            .values_list("reader", flat=True)
            .distinct()
        )
        wanted += [
            ReviewNotice(
                reader_id=reader,
                programme_id=phase.intake.programme_id,
                on=day_of(at),
                phase=phase,
                closed_from=phase.closed_from,
                days_before=days,
                decided_at=at,
            )
            for reader in late
        ]
    return len(_write(wanted, kind="reviews_ending", at=at))


def _write(wanted: list[ReviewNotice], *, kind: str, at: datetime) -> list[ReviewNotice]:
    """Keep the notices that nobody else keeps at the same moment, and queue their mails."""
    if not wanted:
        return []
    ReviewNotice.objects.bulk_create(wanted, ignore_conflicts=True)
    # whoever was second waits for the first at the unique row, and finds its mails queued
    notices = list(
        ReviewNotice.objects.select_for_update(of=("self",))
        .filter(message=None, phase__isnull=kind == "reviews_given")
        .select_related("reader", "programme__office", "programme__institution", "phase")
        .order_by("pk")
    )
    waiting = {
        (row["reader"], row["programme"]): row
        for row in scores_to_give(at=at)
        .filter(reader__in=[notice.reader_id for notice in notices])
        .order_by()
        .values("reader", programme=_PROGRAMME)
        .annotate(count=Count("pk"), until=Min("phase__ends_at"))
    }
    for notice in notices:
        row = waiting.get((notice.reader_id, notice.programme_id), {"count": 0, "until": None})
        notice.message = queue_message(
            kind,
            to=notice.reader,
            sender=notice.programme.office.name,
            context={
                "programme": notice.programme,
                "institution": notice.programme.institution,
                "office": notice.programme.office,
                "name": str(notice.reader),
                "count": row["count"],
                "until": notice.phase.ends_at if notice.phase else row["until"],
            },
            about=notice,
            at=at,
        )
    ReviewNotice.objects.bulk_update(notices, ["message"], batch_size=500)
    return notices
