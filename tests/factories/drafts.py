"""Drafts with nothing left to put right, for HKU's taught master's or a PhD at HKUST."""

from __future__ import annotations

from typing import Any

from admissions_portal.support.actors import Actor
from applications.evidence.models import SlotCode
from applications.lifecycle.models import Application
from applications.submission.models import ProgrammeAnswer, ProposedSupervisor
from eligibility.loading import load_policies
from eligibility.models import Policy, PolicyVersion
from programmes.models import Offering, QuestionVersion, Specialisation
from programmes.questions.loading import load_questions
from tests.factories.applicants import ApplicantFactory, QualificationFactory
from tests.factories.applications import DraftFactory
from tests.factories.evidence import DocumentFactory
from tests.factories.programmes import (
    InstitutionFactory,
    LocalRoundFactory,
    OfferingFactory,
    RoundFactory,
    SpecialisationFactory,
    TrackFactory,
    hkt,
)

# A week before Round 1 of the factories closes.
AT = hkt(2026, 3, 24, 9, 0)
RESEARCH = {"research_subject": "Folding of proteins", "research_statement": "How, and why."}


_published: list[Policy | PolicyVersion] = []


def publish_policies() -> None:
    """The shipped rules, in force. The files are read once: parsing them takes longer than a test."""
    if not _published:
        load_policies(by=Actor.system(), at=hkt(2025, 9, 1))
        _published.extend([*Policy.objects.all(), *PolicyVersion.objects.all()])
        return
    for model in (Policy, PolicyVersion):
        model.objects.bulk_create([row for row in _published if isinstance(row, model)])


def taught_offering(**fields: Any) -> Offering:
    """HKU's: two specialisations of one track, Round 1 for everybody, Round 2 for locals."""
    made = OfferingFactory(
        intake__programme__slug="hku-mmedsc", intake__programme__number_prefix="MMS", **fields
    )
    track = TrackFactory(programme=made.programme, number="I", name="Clinical Investigation")
    SpecialisationFactory(track=track, number=1, name="Metabolic Medicine")
    SpecialisationFactory(track=track, number=2, name="Clinical Physics")
    RoundFactory(offering=made)
    LocalRoundFactory(offering=made)
    return made


def research_offering(**fields: Any) -> Offering:
    """HKUST's: no specialisations, its shipped questions, the same two rounds for the tests' sake."""
    InstitutionFactory()  # the factories' degree is from HKU, which the form must know
    made = OfferingFactory(
        intake__programme__research=True,
        intake__programme__institution__code="hkust",
        intake__programme__number_prefix="PHD",
        **fields,
    )
    RoundFactory(offering=made)
    LocalRoundFactory(offering=made)
    load_questions(by=Actor.system(), at=hkt(2025, 9, 1))
    return made


def ready_draft(offering: Offering, **person: Any) -> Application:
    """A draft that can be submitted; `person` are fields of the applicant."""
    applicant = ApplicantFactory(**person)
    QualificationFactory(applicant=applicant)
    programme = offering.programme
    draft = DraftFactory(
        applicant=applicant,
        offering=offering,
        specialisation=Specialisation.objects.filter(track__programme=programme).first(),
    )
    DocumentFactory(application=draft, slot=SlotCode.DEGREE)
    if programme.is_research:
        version = QuestionVersion.objects.get(set__code="hkust-research")
        ProgrammeAnswer.objects.bulk_create(
            ProgrammeAnswer(application=draft, version=version, key=key, value=value)
            for key, value in RESEARCH.items()
        )
        ProposedSupervisor.objects.create(
            application=draft, position=1, name="Prof. Example", has_spoken=True
        )
    return draft


def own(draft: Application) -> Actor:
    """The applicant, acting."""
    return Actor.of(draft.applicant.user)
