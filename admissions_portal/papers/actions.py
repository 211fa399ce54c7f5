"""Issuing papers. Every act writes rows; only `render_due_papers` makes PDFs, and only a worker calls it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from admissions_portal.papers import press
from admissions_portal.papers.models import Paper
from admissions_portal.papers.preflight import PaperRefused, made_printable, preflight
from admissions_portal.papers.queries import NO_RENDERER

logger = logging.getLogger(__name__)

# Longer than the slowest batch takes; a killed worker's papers are taken up after it.
LEASE = timedelta(seconds=120)
# Some papers kill their worker; they must not do so for ever.
MAX_ATTEMPTS = 5
BATCH = 20


@transaction.atomic
def request_paper(
    kind: str,
    *,
    number: str,
    template: str,
    context: Mapping[str, Any],
    about: models.Model,
    at: datetime,
    language: str = "en",
    supersedes: Paper | None = None,
    is_copy: bool = False,
) -> Paper:
    """Write down that a paper is to be made, with its context frozen; a worker makes it after the commit.

    `template` is the name of a template that extends `letters/base.html`, `context` takes JSON values only.
    `supersedes` replaces an earlier version of the same number: the new one counts from then on. Raises
    PaperRefused, with one sentence per problem, where a character has no glyph, a placeholder has no value or
    a text is too long: whoever asks learns it now, not the worker later. A copy of what somebody wrote is
    refused nothing: `is_copy` prints □ where no font has the character.
    """
    if is_copy:
        context = made_printable(context)
    elif problems := preflight(template, context, language=language):
        raise PaperRefused(problems)
    paper = Paper.objects.create(
        kind=kind,
        number=number,
        version=supersedes.version + 1 if supersedes else 1,
        template=template,
        context=dict(context),
        about_kind=about._meta.model_name or "",
        about_id=str(about.pk),
        language=language,
        requested_at=at,
    )
    if supersedes is not None:
        Paper.objects.filter(pk=supersedes.pk).update(superseded_by=paper)
    return paper


def void_paper(paper: Paper, *, at: datetime) -> None:
    """The paper no longer counts (an offer lapsed, was withdrawn).

    The verification page says so from now on. Twice changes nothing.
    """
    Paper.objects.filter(pk=paper.pk, voided_at=None).update(voided_at=at)


def render_due_papers(*, limit: int = BATCH) -> int:
    """Claim up to `limit` papers that wait and make them; return how many were claimed.

    Safe to run anywhere, twice, at once and to be killed: a claim is a lease in real time, and the bytes are
    written by a conditional update, so whoever comes second changes nothing. One paper, one set of bytes.
    """
    if not Paper.objects.filter(_claimable()).exists():
        return 0
    if not press.is_available():
        Paper.objects.filter(status=Paper.Status.DUE).exclude(error=NO_RENDERER).update(error=NO_RENDERER)
        return 0
    papers = _claim(limit)
    for paper, failure in _render(papers) if papers else ():
        _note_failure(paper, failure)
    return len(papers)


def retry_paper(paper: Paper) -> None:
    """Try a paper that failed once more, from the first attempt on."""
    Paper.objects.filter(pk=paper.pk, status=Paper.Status.FAILED).update(
        status=Paper.Status.DUE, attempts=0, leased_until=None, error=""
    )


def _claimable() -> Q:
    return Q(status=Paper.Status.DUE) & (Q(leased_until=None) | Q(leased_until__lt=timezone.now()))


@transaction.atomic
def _claim(limit: int) -> list[Paper]:
    papers = list(
        Paper.objects.select_for_update(skip_locked=True)
        .filter(_claimable())
        .defer("pdf")
        .order_by("requested_at", "id")[:limit]
    )
    worn_out = [paper.pk for paper in papers if paper.attempts >= MAX_ATTEMPTS]
    if worn_out:
        # each of its attempts took the worker with it, so nobody was left to write down why
        Paper.objects.filter(pk__in=worn_out).update(
            status=Paper.Status.FAILED, leased_until=None, error="The worker died each time it was made."
        )
        papers = [paper for paper in papers if paper.pk not in worn_out]
    Paper.objects.filter(pk__in=[paper.pk for paper in papers]).update(
        leased_until=timezone.now() + LEASE, attempts=F("attempts") + 1
    )
    return papers


def _render(papers: Sequence[Paper]) -> list[tuple[Paper, Exception]]:
    """Make each paper and write its bytes; what could not be made is handed back with the reason."""
    sheets = [_sheet_of(paper) for paper in papers]
    try:
        run = press.Press(sheets)
    except Exception as failure:
        if len(papers) == 1:
            return [(papers[0], failure)]
        # one of them cannot even be composed: apart, the others can be made
        return [found for paper in papers for found in _render([paper])]
    failures: list[tuple[Paper, Exception]] = []
    for paper, sheet in zip(papers, sheets, strict=True):
        try:
            printed = run.print(sheet)
        except Exception as failure:
            failures.append((paper, failure))
        else:
            _keep(paper, printed)
    return failures


def _sheet_of(paper: Paper) -> press.Sheet:
    return press.Sheet(paper.template, paper.context | _imprint(paper), paper.language)


def _imprint(paper: Paper) -> dict[str, Any]:
    """What only the paper itself knows and every template may print."""
    return {
        "number": paper.number,
        "version": paper.version,
        "code": paper.code,
        "verify_url": press.verify_url(paper.code),
    }


def _keep(paper: Paper, printed: press.Printed) -> None:
    kept = Paper.objects.filter(pk=paper.pk, status=Paper.Status.DUE).update(
        status=Paper.Status.RENDERED,
        pdf=printed.pdf,
        sha256=hashlib.sha256(printed.pdf).hexdigest(),
        pages=printed.pages,
        template_version=printed.template_version,
        rendered_at=timezone.now(),
        leased_until=None,
        error="",
    )
    if not kept:
        logger.info("paper was made by another worker meanwhile", extra={"paper": str(paper.pk)})


def _note_failure(paper: Paper, failure: Exception) -> None:
    """Try again after a pause that doubles; give up after the last attempt."""
    final = paper.attempts + 1 >= MAX_ATTEMPTS
    logger.error("paper was not made", extra={"paper": str(paper.pk), "final": final}, exc_info=failure)
    Paper.objects.filter(pk=paper.pk, status=Paper.Status.DUE).update(
        status=Paper.Status.FAILED if final else Paper.Status.DUE,
        leased_until=None if final else timezone.now() + timedelta(seconds=15 * 2**paper.attempts),
        error=f"{type(failure).__name__}: {failure}"[:300],
    )
