"""What the office's pages show of documents."""

from __future__ import annotations

from typing import Any

from django import template

from applications.casework.evidence_forms import offered
from applications.evidence.models import Document, SlotCode

register = template.Library()


@register.inclusion_tag("admin/cases/_as_printed.html")
def as_printed(document: Document) -> dict[str, Any]:
    """What “Verify” says that the document prints and shows: as it was read, else as the applicant says.
    `is_known` is false where nothing can be offered: a status the applicant was not sure of."""
    known = offered(document)
    return {
        "known": known,
        "is_known": document.slot != SlotCode.RESIDENCE or bool(known["status"]),
    }
