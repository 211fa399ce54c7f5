"""Applicants with a whole profile: a local with an honours degree taught in English, if not told else."""

from datetime import date
from decimal import Decimal

import factory

from applications.applicants.choices import (
    AwardStatus,
    DegreeLevel,
    EnglishTestKind,
    Honours,
    Language,
    Origin,
    ResidenceStatus,
    StudyKind,
    StudyMode,
)
from applications.applicants.identity import IdentityKind
from applications.applicants.models import (
    Applicant,
    EnglishTest,
    Experience,
    PostgraduateStudy,
    Qualification,
)
from tests.factories.accounts import UserFactory


class ApplicantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Applicant

    user = factory.SubFactory(UserFactory)
    family_name = "LAM"
    given_names = "Tsz Ching"
    chinese_name = "林芷晴"
    preferred_name = "Chloe"
    date_of_birth = date(1999, 8, 14)
    nationality = "CN"
    identity_kind = IdentityKind.HKID
    identity_start = "A123"
    phone = "+85221234567"
    address_1 = "Flat B, 12/F, Example House"
    address_2 = "1 Example Street"
    address_3 = "Sai Ying Pun, HONG KONG"
    country = "HK"
    residence_status = ResidenceStatus.PERMANENT_RESIDENT
    origin = Origin.HONG_KONG
    first_language_is_english = False

    class Params:
        mainland = factory.Trait(
            family_name="Lin",
            given_names="Yuhan",
            chinese_name="林雨涵",
            identity_kind=IdentityKind.MAINLAND_PERMIT,
            identity_start="C123",
            phone="+8613800138000",
            country="CN",
            residence_status=ResidenceStatus.STUDENT_VISA,
            origin=Origin.MAINLAND,
        )


class QualificationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Qualification

    applicant = factory.SubFactory(ApplicantFactory)
    level = DegreeLevel.BACHELOR
    title = "BSc in Biomedical Sciences"
    institution = "The University of Hong Kong"
    university = "hku"
    country = "HK"
    honours = Honours.SECOND_UPPER
    teaching_language = Language.ENGLISH
    examination_language = Language.ENGLISH
    institution_medium = Language.ENGLISH
    status = AwardStatus.AWARDED
    completed_on = date(2022, 11, 30)
    relied_on = True

    class Params:
        mainland = factory.Trait(
            institution="Example Medical University",
            university="",
            country="CN",
            honours=Honours.NONE_PRINTED,
            teaching_language=Language.OTHER,
            examination_language=Language.OTHER,
            institution_medium=Language.OTHER,
        )


class EnglishTestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EnglishTest

    applicant = factory.SubFactory(ApplicantFactory)
    kind = EnglishTestKind.IELTS_ACADEMIC
    taken_on = date(2025, 10, 12)
    overall = Decimal("6.5")
    listening = Decimal("7.0")
    reading = Decimal("6.5")
    writing = Decimal("6.0")
    speaking = Decimal("6.5")


class PostgraduateStudyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PostgraduateStudy

    applicant = factory.SubFactory(ApplicantFactory)
    kind = StudyKind.STUDY
    mode = StudyMode.FULL_TIME
    institution = "Example University"
    title = "MSc in Molecular Biology"
    started_on = date(2022, 9, 1)
    ended_on = date(2023, 8, 31)
    months = 12
    certified_normal_months = 12
    completed = True
    satisfactory = True


class ExperienceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Experience

    applicant = factory.SubFactory(ApplicantFactory)
    employer = "Example Laboratory"
    position = "Research technician"
    mode = StudyMode.FULL_TIME
    started_on = date(2023, 9, 1)
    duties = "Cell culture and sequencing."
