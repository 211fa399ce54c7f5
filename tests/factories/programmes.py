"""Example programmes for tests; the real ones come from `load_catalogue`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from admissions_portal.accounts.roles import Role
from admissions_portal.clock import HONG_KONG
from programmes.models import (
    Appointment,
    Institution,
    Intake,
    Level,
    Mode,
    Offering,
    Office,
    Programme,
    Round,
    Specialisation,
    Track,
    refused_from,
)
from tests.factories.accounts import StaffFactory


def hkt(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """An instant written in Hong Kong time."""
    return datetime(year, month, day, hour, minute, second, tzinfo=HONG_KONG)


class InstitutionFactory(DjangoModelFactory):
    class Meta:
        model = Institution
        django_get_or_create = ("code",)

    source = "HKU-01"
    code = "hku"
    short_name = factory.LazyAttribute(lambda o: o.code.upper())
    name = factory.LazyAttribute(lambda o: f"University {o.code.upper()}")
    brand = factory.SelfAttribute("code")


class OfficeFactory(DjangoModelFactory):
    class Meta:
        model = Office

    source = "HKU-18"
    institution = factory.SubFactory(InstitutionFactory)
    code = factory.Sequence(lambda n: f"office-{n}")
    name = factory.Sequence(lambda n: f"Office {n}")
    phones = ["(+852) 3910 0000"]


class ProgrammeFactory(DjangoModelFactory):
    """A taught master's; `ProgrammeFactory(research=True)` makes a PhD."""

    class Meta:
        model = Programme

    class Params:
        research = factory.Trait(
            level=Level.PHD, award="PhD", discipline=factory.Sequence(lambda n: f"Discipline {n}")
        )

    source = "HKU-01"
    institution = factory.SubFactory(InstitutionFactory)
    office = factory.SubFactory(OfficeFactory, institution=factory.SelfAttribute("..institution"))
    slug = factory.Sequence(lambda n: f"programme-{n}")
    number_prefix = factory.Sequence(lambda n: "T" + "".join(chr(65 + n // 26**i % 26) for i in (2, 1, 0)))
    level = Level.TAUGHT_MASTER
    name = factory.Sequence(lambda n: f"Master of Subject {n}")
    award = "MSubj"


class TrackFactory(DjangoModelFactory):
    class Meta:
        model = Track

    source = "HKU-11"
    programme = factory.SubFactory(ProgrammeFactory)
    number = factory.Sequence(lambda n: f"T{n}")
    name = factory.Sequence(lambda n: f"Theme {n}")


class SpecialisationFactory(DjangoModelFactory):
    class Meta:
        model = Specialisation

    source = "HKU-11"
    track = factory.SubFactory(TrackFactory)
    number = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Field {n}")


class IntakeFactory(DjangoModelFactory):
    class Meta:
        model = Intake

    source = "HKU-07"
    programme = factory.SubFactory(ProgrammeFactory)
    code = "2026"
    expected_start_on = date(2026, 9, 1)


class OfferingFactory(DjangoModelFactory):
    class Meta:
        model = Offering

    source = "HKU-01"
    intake = factory.SubFactory(IntakeFactory)
    mode = Mode.FULL_TIME
    duration = "1 year"
    fee_amount = 198000
    fee_source = "HKU-04"
    fee_status = Offering.FeeStatus.PROVISIONAL
    fee_note = "subject to the University Council’s approval."
    fee_status_source = "HKU-06"
    instalments = 2


class RoundFactory(DjangoModelFactory):
    """For everyone, closing 31 March 2026, 23:59 HKT; `closes_at=None` is a round not announced."""

    class Meta:
        model = Round

    source = "HKU-08, AMB-01"
    offering = factory.SubFactory(OfferingFactory)
    number = 1
    label = factory.LazyAttribute(lambda o: f"Round {o.number}")
    closes_at: Any = hkt(2026, 3, 31, 23, 59)
    closed_from = factory.LazyAttribute(lambda o: refused_from(o.closes_at) if o.closes_at else None)


class LocalRoundFactory(RoundFactory):
    """The second round: local applicants only, 1 April to 31 May 2026, 23:59 HKT."""

    source = "HKU-09, AMB-01"
    number = 2
    audience = Round.Audience.LOCAL_ONLY
    opens_at = hkt(2026, 4, 1)
    opens_reading = "AMB-02"
    closes_at = hkt(2026, 5, 31, 23, 59)


class AppointmentFactory(DjangoModelFactory):
    class Meta:
        model = Appointment

    user = factory.SubFactory(StaffFactory)
    role = Role.PROGRAMME_OFFICE
    programme = factory.SubFactory(ProgrammeFactory)
    from_on = date(2025, 9, 1)
