import pytest

from admissions_portal.support.actors import Actor
from applications.evidence.models import SlotCode
from applications.lifecycle.models import Application
from eligibility.loading import load_policies
from tests.factories.applicants import ApplicantFactory, QualificationFactory
from tests.factories.applications import DraftFactory
from tests.factories.evidence import DocumentFactory
from tests.factories.programmes import (
    LocalRoundFactory,
    OfferingFactory,
    RoundFactory,
    SpecialisationFactory,
    TrackFactory,
    hkt,
)

# A week before Round 1 of the factories closes.
AT = hkt(2026, 3, 24, 9, 0)


@pytest.fixture(autouse=True)
def policies(db):
    load_policies(by=Actor.system(), at=hkt(2025, 1, 1))


@pytest.fixture
def offering():
    """HKU's taught master's, full-time: a track with two specialisations, Round 1 for all, Round 2 for locals."""
    made = OfferingFactory(intake__programme__slug="hku-mmedsc", intake__programme__number_prefix="MMS")
    track = TrackFactory(programme=made.programme, number="I", name="Clinical Investigation")
    SpecialisationFactory(track=track, number=1, name="Metabolic Medicine")
    SpecialisationFactory(track=track, number=2, name="Clinical Physics")
    RoundFactory(offering=made)
    LocalRoundFactory(offering=made)
    return made


def ready_draft(offering, **person) -> Application:
    """A draft with nothing left to put right."""
    applicant = ApplicantFactory(**person)
    QualificationFactory(applicant=applicant)
    draft = DraftFactory(
        applicant=applicant,
        offering=offering,
        specialisation=SpecialisationFactory._meta.model.objects.filter(track__programme=offering.programme).first(),
    )
    DocumentFactory(application=draft, slot=SlotCode.DEGREE)
    return draft


@pytest.fixture
def draft(offering):
    return ready_draft(offering)


def own(draft: Application) -> Actor:
    return Actor.of(draft.applicant.user)
