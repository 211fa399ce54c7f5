"""A case as a blind reader sees it: what was studied and written, the scores, nothing that tells whose it is.

This page is a list of what is shown, never the whole page with parts left out: what is not named here is not
shown. Scans cannot be blind, so none is opened; the page says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from applications.applicants import choices
from applications.applicants.choices import label_of
from applications.casework.claims import Claim, scores_of
from applications.casework.conflicts import conflicts_on
from applications.casework.readers import readers_on
from applications.casework.reading import CaseReading
from applications.casework.reviews import reviews_on
from applications.lifecycle.queries import person_of
from applications.submission.questions import answers_of


def blind_parts_of(reading: CaseReading) -> dict[str, Any]:
    """All names of the blind page. The verdict of the rules is shown, not the findings: they name places."""
    verdict = reading.assessment.verdict if reading.assessment else None
    return {
        "claims": blind_claims(reading),
        "verdict": verdict,
        **reviews_on(reading),
        **readers_on(reading),
        **conflicts_on(reading),
    }


def blind_claims(reading: CaseReading) -> list[Claim]:
    """Degrees without place or date (a date tells an age), tests by their scores, answers as written."""
    person = person_of(reading.case)
    claims = [
        Claim(_("Degree relied on") if row["relied_on"] else _("Degree"), _degree_lines(row))
        for row in person["qualifications"]
    ]
    for row in person["english_tests"]:
        kind = row["name"] or label_of(choices.EnglishTestKind, row["kind"])
        claims.append(Claim(_("English test"), [kind, scores_of(row)]))
    for row in person["postgraduate_studies"]:
        claims.append(
            Claim(_("Postgraduate study"), [row["title"], label_of(choices.StudyKind, row["kind"])])
        )
    claims += [Claim(_("Experience"), [row["position"]]) for row in person["experiences"]]
    claims += [Claim(each.question.title, [each.words]) for each in answers_of(reading.case, on=reading.on)]
    if supervisors := [row.name for row in reading.case.supervisors.all()]:
        claims.append(Claim(_("Proposed supervisors"), supervisors))
    for claim in claims:
        claim.lines = [line for line in claim.lines if line]
    return claims


def _degree_lines(row: Mapping[str, Any]) -> list[str]:
    result = filter(None, (label_of(choices.Honours, row["honours"]), row["result"]))
    return [
        row["title"],
        label_of(choices.DegreeLevel, row["level"]),
        _(", ").join(result),
        label_of(choices.AwardStatus, row["status"]),
    ]
