"""Warnings before an offer lapses: 7, 3 and 1 days before, each once."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from applications.offers.models import Offer, ReplyReminder
from applications.offers.wording import tell_applicant

DAYS_BEFORE = (7, 3, 1)

# One statement decides for every open offer: the nearest warning that is due is sent, those passed over while
# nothing ran are kept as skipped, and the unique row is why nobody is warned twice. A warning that fell due
# before the offer was made is none.
_DECIDE = """
INSERT INTO applications_replyreminder (offer_id, days_before, skipped, due_at, decided_at)
SELECT offer.id, days, days > min(days) OVER (PARTITION BY offer.id),
       offer.closed_from - make_interval(days => days),
       %(at)s
FROM applications_offer AS offer CROSS JOIN unnest(%(days)s) AS days
WHERE offer.status = 'OPEN' AND offer.closed_from > %(at)s
  AND offer.closed_from - make_interval(days => days) <= %(at)s
  AND offer.closed_from - make_interval(days => days) > offer.made_at
ON CONFLICT (offer_id, days_before) DO NOTHING
RETURNING id, offer_id, skipped
"""


@transaction.atomic
def remind_of_replies(*, at: datetime) -> int:
    """Queue the warnings due at `at`; says how many messages. Safe to run as often as one likes."""
    with connection.cursor() as cursor:
        cursor.execute(_DECIDE, {"at": at, "days": list(DAYS_BEFORE)})
        due = [(pk, offer_id) for pk, offer_id, skipped in cursor.fetchall() if not skipped]
    offers = (
        Offer.objects.select_related("application__applicant__user", "application__profile")
        .defer("letter__pdf")
        .in_bulk([offer_id for _pk, offer_id in due])
    )
    for pk, offer_id in due:
        message = tell_applicant(
            offers[offer_id], "offer_reply_reminder", at=at, key=f"offer_reply_reminder/{pk}"
        )
        ReplyReminder.objects.filter(pk=pk).update(message=message)
    return len(due)
