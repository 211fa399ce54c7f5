"""The letters and receipts made for an applicant, gathered from the subjects that issue them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from admissions_portal.papers.kinds import title_of
from admissions_portal.papers.models import Paper
from applications.lifecycle.models import Application
from applications.submission.models import Submission


@dataclass(frozen=True, slots=True)
class Letter:
    """One paper and where its PDF is; `application` is whose it is about."""

    title: str
    paper: Paper
    url: str
    application: Application

    @property
    def at(self) -> datetime:
        return self.paper.requested_at


def letters_of(cases: Iterable[Application], submissions: Iterable[Submission]) -> list[Letter]:
    """The newest first. `cases` carry their offers with letters; `submissions` their receipts."""
    by_id = {case.pk: case for case in cases}
    letters = [
        Letter(
            title_of(case.offer.letter.kind),
            case.offer.letter,
            reverse("applications:offer_letter", args=[case.offer.pk]),
            case,
        )
        for case in by_id.values()
        if hasattr(case, "offer")
    ]
    letters += [
        Letter(
            title_of(sent.paper.kind),
            sent.paper,
            reverse("applications:receipt_pdf", args=[sent.application_id, sent.sequence]),
            by_id[sent.application_id],
        )
        for sent in submissions
        if sent.application_id in by_id
    ]
    return sorted(letters, key=lambda letter: letter.at, reverse=True)
