"""Reminders of what the office asked for, 3 and 1 days before the day ends, each once, however often or late
it runs."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from applications.evidence.models import EvidenceRequest, RequestReminder, RequestStatus
from applications.lifecycle.messages import write_to_applicant
from applications.lifecycle.queries import RELATED_TO_MESSAGES
from applications.lifecycle.states import CONCLUDED

DAYS_BEFORE = (3, 1)

# One statement decides for every open request: of the reminders that are due only the nearest goes, so what
# an outage passed over never follows; the unique row is why nobody is reminded twice. One that fell due
# before the request was made is none.
_DECIDE = """
    INSERT INTO applications_requestreminder (request_id, days_before, decided_at)
    SELECT request.id, min(days), %(at)s
      FROM applications_evidencerequest AS request
      JOIN applications_application AS application ON application.id = request.application_id
      CROSS JOIN unnest(%(days)s::int[]) AS days
     WHERE request.status = %(open)s AND request.closed_from > %(at)s
       AND application.state <> ALL (%(ended)s)
       AND request.closed_from - make_interval(days => days) <= %(at)s
       AND request.closed_from - make_interval(days => days) > request.asked_at
     GROUP BY request.id
    ON CONFLICT (request_id, days_before) DO NOTHING
    RETURNING id, request_id
"""


@transaction.atomic
def remind_of_requests(*, at: datetime) -> int:
    """Queue the reminders due at `at`; says how many messages. Safe to run twice, late and at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            _DECIDE,
            {
                "at": at,
                "days": list(DAYS_BEFORE),
                "open": RequestStatus.OPEN,
                "ended": [str(state) for state in CONCLUDED],
            },
        )
        due = dict(cursor.fetchall())
    requests = EvidenceRequest.objects.select_related(
        *(f"application__{name}" for name in RELATED_TO_MESSAGES)
    ).in_bulk(due.values())
    reminders = list(RequestReminder.objects.filter(pk__in=due))
    for reminder in reminders:
        request = requests[reminder.request_id]
        reminder.message = write_to_applicant(
            request.application, "evidence_request_reminder", at=at, request=request
        )
    RequestReminder.objects.bulk_update(reminders, ["message"], batch_size=500)
    return len(reminders)
