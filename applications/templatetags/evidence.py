"""What the office's pages show of documents."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template

from applications.casework.evidence_forms import offered
from applications.evidence.models import Document

register = template.Library()


@register.inclusion_tag("admin/cases/_as_printed.html")
def as_printed(document: Document) -> dict[str, Any]:
    """What “Verify” says that the document prints and shows, as the form's own inputs: as it was read, else
    as the applicant says. A status nobody is sure of is not offered, and the form asks for it."""
    known = offered(document)
    sent: list[tuple[str, object]] = []
    for name, value in known.items():
        if isinstance(value, date):
            sent += [(f"{name}_{part}", getattr(value, part)) for part in ("day", "month", "year")]
        elif value:
            sent.append((name, "on" if value is True else value))
    return {"known": known, "sent": sent}
