"""Warnings before an offer lapses: 7, 3 and 1 days before, each once."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from applications.lifecycle.queries import RELATED_TO_MESSAGES
from applications.offers.messages import write_about_offer
from applications.offers.models import Offer, OfferStatus, ReplyReminder
from applications.submission.models import ReminderStatus

DAYS_BEFORE = (7, 3, 1)

# One statement decides for every open offer: the nearest warning that is due is sent, those passed over while
# nothing ran are kept as skipped, and the unique row is why nobody is warned twice. A warning that fell due
# before the offer was made, or opened again, is none.
_DECIDE = """
    INSERT INTO applications_replyreminder (offer_id, days_before, status, due_at, decided_at)
    SELECT offer.id, days,
           CASE WHEN days = min(days) OVER (PARTITION BY offer.id) THEN %(queued)s ELSE %(skipped)s END,
           offer.closed_from - make_interval(days => days), %(at)s
      FROM applications_offer AS offer CROSS JOIN unnest(%(days)s::int[]) AS days
     WHERE offer.status = %(open)s AND offer.closed_from > %(at)s
       AND offer.closed_from - make_interval(days => days) <= %(at)s
       AND offer.closed_from - make_interval(days => days) > offer.opened_at
    ON CONFLICT (offer_id, days_before) DO NOTHING
    RETURNING id, offer_id, status
"""


@transaction.atomic
def remind_of_replies(*, at: datetime) -> int:
    """Queue the warnings due at `at`; says how many messages. Safe to run as often as one likes."""
    with connection.cursor() as cursor:
        cursor.execute(
            _DECIDE,
            {
                "at": at,
                "days": list(DAYS_BEFORE),
                "open": OfferStatus.OPEN,
                "queued": ReminderStatus.QUEUED,
                "skipped": ReminderStatus.SKIPPED,
            },
        )
        due = {pk: offer for pk, offer, status in cursor.fetchall() if status == ReminderStatus.QUEUED}
    offers = Offer.objects.select_related(*(f"case__{name}" for name in RELATED_TO_MESSAGES)).in_bulk(
        due.values()
    )
    reminders = list(ReplyReminder.objects.filter(pk__in=due))
    for reminder in reminders:
        reminder.message = write_about_offer(
            offers[reminder.offer_id],
            "offer_reply_reminder",
            at=at,
            key=f"offer_reply_reminder/{reminder.pk}",
        )
    ReplyReminder.objects.bulk_update(reminders, ["message"], batch_size=500)
    return len(reminders)
