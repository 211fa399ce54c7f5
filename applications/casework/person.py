"""The person of a case in lines for an officer: which identity document, what status in Hong Kong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from admissions_portal.support.dates import hong_kong_day
from applications.applicants.choices import ResidencePaper, ResidenceStatus, label_of
from applications.applicants.identity import IdentityKind, masked
from applications.assessments.facts import iso_day
from applications.identity.queries import identity_number_of
from applications.lifecycle.models import Application


def identity_lines(application: Application, person: Mapping[str, Any]) -> list[str]:
    """The document's kind and what may be shown of its number: of the whole one once it is given (C7)."""
    applicant = application.applicant
    declared = person.get("identity_kind", "")
    given = identity_number_of(application)
    if given is None:
        shown = masked(applicant.identity_start, declared) if declared == applicant.identity_kind else ""
        return [label_of(IdentityKind, declared), shown]
    begun_otherwise = given.kind != declared or not given.number.startswith(applicant.identity_start)
    return [
        given.get_kind_display(),
        _("%(number)s, given on %(day)s") % {"number": given.shown, "day": hong_kong_day(given.given_at)},
        _("Another document than the one declared in the application") if begun_otherwise else "",
    ]


def residence_lines(application: Application, person: Mapping[str, Any]) -> list[str]:
    """The status as declared, its days and its paper; below it what officers settled, the last one counts."""
    since, until = (iso_day(person.get(f"residence_{name}")) for name in ("since", "until"))
    paper = person.get("residence_paper", "")
    return [
        label_of(ResidenceStatus, person["residence_status"]),
        _("Since %(day)s") % {"day": hong_kong_day(since)} if since else "",
        _("Until %(day)s") % {"day": hong_kong_day(until)} if until else "",
        _("Shown by: %(paper)s") % {"paper": label_of(ResidencePaper, paper)} if paper else "",
        *(
            _("Settled by %(who)s on %(day)s: %(status)s. %(reason)s")
            % {
                "who": settled.settled_by,
                "day": hong_kong_day(settled.settled_at),
                "status": settled.get_status_display(),
                "reason": settled.reason,
            }
            for settled in application.settled_statuses.all()
        ),
    ]
