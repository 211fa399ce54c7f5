"""A paper as an HTTP answer. Who may read it is the owner's question: ask before calling."""

import hashlib

from django.http import Http404, HttpResponse

from admissions_portal.papers.models import Paper


class PaperDamaged(Exception):
    """The bytes are not the ones that were made: a bug or an intruder, never shown as a letter."""


def paper_response(paper: Paper) -> HttpResponse:
    """The PDF under its number, never cached.

    Raises Http404 while it is being made, PaperDamaged where its hash does not fit.
    """
    if paper.pdf is None:
        raise Http404
    pdf = bytes(paper.pdf)
    if hashlib.sha256(pdf).hexdigest() != paper.sha256:
        raise PaperDamaged(str(paper.pk))
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{paper.filename}"',
            "Cache-Control": "private, no-store",
        },
    )
