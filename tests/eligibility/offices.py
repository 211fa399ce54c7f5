"""Rules in force, officers who may change them, and drafts on the way to being published by the real acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from admissions_portal.accounts.roles import Role
from admissions_portal.support.actors import Actor
from eligibility import actions
from eligibility.engine import EnglishMinimum, EnglishTestKind, Overlay, Requirements
from eligibility.models import AcceptedAward, Policy, PolicyPreview, PolicyVersion
from programmes.models import Programme, School
from tests.factories.accounts import StaffFactory
from tests.factories.drafts import AT, publish_policies
from tests.factories.programmes import AppointmentFactory, InstitutionFactory, ProgrammeFactory

LATER = AT + timedelta(days=1)
IELTS = EnglishTestKind.IELTS_ACADEMIC


def rules_in_force() -> None:
    """The shipped rules, published once."""
    if not Policy.objects.exists():
        publish_policies()


def school_of_science() -> tuple[School, Programme, Programme]:
    """HKUST's rules in force, and a School of it with a PhD and an MPhil."""
    rules_in_force()
    hkust = InstitutionFactory(code="hkust", short_name="HKUST")
    school = School.objects.create(institution=hkust, code="science", name="School of Science", source="S2")
    phd = ProgrammeFactory(research=True, institution=hkust, school=school, slug="hkust-phd-chemistry")
    mphil = ProgrammeFactory(
        research=True, level="MPHIL", institution=hkust, school=school, slug="hkust-mphil-chemistry"
    )
    return school, phd, mphil


def mmedsc() -> Programme:
    """HKU's taught master's, with its rules in force."""
    rules_in_force()
    programme: Programme = ProgrammeFactory(slug="hku-mmedsc")
    return programme


def officer(*programmes: Programme, role: Role = Role.COORDINATOR) -> Actor:
    """Somebody new with the role over these programmes."""
    user = StaffFactory()
    for programme in programmes:
        AppointmentFactory(user=user, programme=programme, role=role)
    return Actor.of(user)


def policy(code: str) -> Policy:
    return Policy.objects.get(code=code)


def ielts(overall: str | None = None, **figures: Any) -> EnglishMinimum:
    return EnglishMinimum(IELTS, overall=Decimal(overall) if overall else None, **figures)


def with_ielts(requirements: Requirements, overall: str) -> Requirements:
    """The same rules with another overall score of IELTS."""
    rows: Iterable[EnglishMinimum] = requirements.english.minima
    minima = tuple(replace(row, overall=Decimal(overall)) if row.kind == IELTS else row for row in rows)
    return replace(requirements, english=replace(requirements.english, minima=minima))


def save(draft: PolicyVersion, by: Actor, *, at: datetime = AT, **changes: Any) -> PolicyVersion:
    """The draft saved with what is named changed, and a reason."""
    values: dict[str, Any] = {
        "content": draft.record(),
        "effective_from": draft.effective_from,
        "reason": "Senate, paper 7",
        "seen": draft.edition,
    }
    return actions.save_draft(draft, **values | changes, by=by, at=at)


def preview(thing: PolicyVersion | AcceptedAward, by: Actor, *, at: datetime = AT) -> PolicyPreview:
    """As the job that counts keeps it: nobody affected."""
    return actions.keep_preview(
        thing, fingerprint=thing.fingerprint, counts={"cases": 0}, rows=[], by=by, at=at
    )


def publish_draft(
    draft: PolicyVersion, by: Actor, content: Requirements | Overlay, effective_from: date
) -> PolicyVersion:
    """The draft written, looked at and published in one go."""
    draft = save(draft, by, content=content, effective_from=effective_from)
    preview(draft, by)
    return actions.publish_version(draft, by=by, at=AT)


def publish(code: str, content: Requirements | Overlay, effective_from: date, by: Actor) -> PolicyVersion:
    """A version begun, written, looked at and published in one go."""
    return publish_draft(actions.draft_version(policy(code), by=by, at=AT), by, content, effective_from)
