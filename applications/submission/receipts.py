"""What a submission contains, its fingerprint, and the code under which anybody may check the receipt."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils import translation

from applications.applicants.models import ProfileSnapshot
from applications.evidence.queries import documents_of
from applications.lifecycle.models import Application
from applications.submission.declarations import Declaration
from applications.submission.models import ResearchPlan
from programmes.models import Round


@translation.override("en")  # a fingerprint does not depend on the language of the page
def content_of(
    application: Application,
    profile: ProfileSnapshot,
    round_: Round,
    *,
    number: str,
    declaration: Declaration,
    at: datetime,
) -> dict[str, Any]:
    """The whole application as plain JSON, as it is received at `at`.

    Its canonical form is what is hashed.
    """
    offering = application.offering
    return {
        "number": number,
        "received_at": at.astimezone(UTC).isoformat(),
        "institution": offering.programme.institution.code,
        "programme": offering.programme.slug,
        "intake": offering.intake.label,
        "mode": offering.mode,
        "round": round_.label,
        "specialisation": _name(application.specialisation),
        "second_specialisation": _name(application.second_specialisation),
        "profile": profile.data,
        "research": _research(application),
        "documents": [
            {"slot": document.slot, "name": document.name, "sha256": document.sha256}
            for document in documents_of(application)
        ],
        "declaration": declaration.declaration_version,
        "privacy_notice": declaration.privacy_version,
    }


def _name(specialisation: Any) -> str | None:
    return specialisation.name if specialisation is not None else None


def _research(application: Application) -> dict[str, Any] | None:
    plan = ResearchPlan.objects.filter(application=application).first()
    if plan is None:
        return None
    return {
        "title": plan.title,
        "summary": plan.summary,
        "supervisors": [
            {"name": row.name, "has_spoken": row.has_spoken} for row in plan.supervisors.order_by("position")
        ],
    }
