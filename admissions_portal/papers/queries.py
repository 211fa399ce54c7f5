"""Reading papers. The bytes are left in the database unless asked for."""

from __future__ import annotations

from django.db import models

from admissions_portal.papers.kinds import private_kinds
from admissions_portal.papers.models import CODE_ALPHABET, Paper

# `error` of a paper that waits for a system library; no failure of the paper itself
NO_RENDERER = "NO_RENDERER"


def papers_waiting_for_renderer() -> models.QuerySet[Paper]:
    """Papers no worker can make because WeasyPrint's system libraries are missing.

    Staff see a banner while there are any.
    """
    return Paper.objects.filter(status=Paper.Status.DUE, error=NO_RENDERER).defer("pdf")


def paper_with_code(code: str) -> Paper | None:
    """The paper that carries the verification code, however it was typed.

    Case, spaces and hyphens do not matter. A draft's copy proves nothing and is none of them.
    """
    typed = "".join(code.split()).replace("-", "").upper()
    if not set(typed) <= set(CODE_ALPHABET):  # also a NUL, which no database takes
        return None
    return Paper.objects.filter(code=typed).exclude(kind__in=private_kinds()).defer("pdf", "context").first()
