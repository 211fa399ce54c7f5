"""Reading what the checklists leave to do."""

from __future__ import annotations

from django.db.models import QuerySet

from applications.checklists.models import CheckState, SectionCheck
from applications.lifecycle.states import CONCLUDED


def sections_to_do(section: str = "") -> QuerySet[SectionCheck]:
    """What an officer found to be done on cases that have not ended, in one section where it is named, the
    longest waiting first."""
    checks = SectionCheck.objects.filter(is_current=True, state=CheckState.TO_DO)
    if section:
        checks = checks.filter(section=section)
    return checks.exclude(application__state__in=CONCLUDED).order_by("checked_at", "id")
