from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from applications.applicants.actions import freeze_profile, open_profile
from applications.applicants.models import (
    Applicant,
    EnglishTest,
    Experience,
    PostgraduateStudy,
    ProfileSnapshot,
    Qualification,
)
from applications.applicants.queries import fingerprint_of, profile_data
from tests.factories.accounts import UserFactory
from tests.factories.applicants import (
    ApplicantFactory,
    EnglishTestFactory,
    ExperienceFactory,
    PostgraduateStudyFactory,
    QualificationFactory,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 24, 1, 0, tzinfo=UTC)


@pytest.fixture
def applicant():
    applicant = ApplicantFactory(user__email="chloe@example.com")
    QualificationFactory(applicant=applicant)
    EnglishTestFactory(applicant=applicant)
    PostgraduateStudyFactory(applicant=applicant)
    ExperienceFactory(applicant=applicant)
    return applicant


def test_a_profile_is_plain_data(applicant):
    data = profile_data(Applicant.objects.get(pk=applicant.pk))
    person = {key: value for key, value in data.items() if not isinstance(value, list)}
    assert person == {
        "email": "chloe@example.com",
        "family_name": "LAM",
        "given_names": "Tsz Ching",
        "chinese_name": "林芷晴",
        "preferred_name": "Chloe",
        "other_names": "",
        "date_of_birth": "1999-08-14",
        "nationality": "CN",
        "identity_kind": "HKID",
        "phone": "+85221234567",
        "address_1": "Flat B, 12/F, Example House",
        "address_2": "1 Example Street",
        "address_3": "Sai Ying Pun, HONG KONG",
        "postcode": "",
        "country": "HK",
        "residence_status": "PERMANENT_RESIDENT",
        "residence_since": None,
        "residence_until": None,
        "residence_paper": "",
        "origin": "HONG_KONG",
        "first_language_is_english": False,
    }
    assert data["english_tests"] == [
        {
            "kind": "IELTS_ACADEMIC",
            "name": "",
            "booked": False,
            "taken_on": "2025-10-12",
            "issued_on": None,
            "report_expected_on": None,
            "overall": "6.5",
            "listening": "7.0",
            "reading": "6.5",
            "writing": "6.0",
            "speaking": "6.5",
            "comparable_total": None,
            "grade": "",
            "one_skill_retake": False,
            "home_edition": False,
            "report_number": "",
        }
    ]


@pytest.mark.parametrize(
    ("model", "part"),
    [
        (Qualification, "qualifications"),
        (EnglishTest, "english_tests"),
        (PostgraduateStudy, "postgraduate_studies"),
        (Experience, "experiences"),
    ],
)
def test_every_field_of_every_part_is_frozen(applicant, model, part):
    fields = {field.name for field in model._meta.concrete_fields}
    [row] = profile_data(applicant)[part]
    assert fields - set(row) == {"id", "applicant", "created_at", "updated_at"}


def test_a_frozen_profile_stays_while_the_profile_goes_on(applicant):
    snapshot = freeze_profile(applicant, at=AT)
    Applicant.objects.filter(pk=applicant.pk).update(preferred_name="Clo")
    applicant.english_tests.all().delete()
    snapshot.refresh_from_db()
    assert (snapshot.taken_at, snapshot.data["preferred_name"], len(snapshot.data["english_tests"])) == (
        AT,
        "Chloe",
        1,
    )
    assert snapshot.sha256 == fingerprint_of(snapshot.data)


def test_what_is_frozen_is_what_the_database_holds_not_what_somebody_still_types(applicant):
    applicant.preferred_name = "typed, not saved"
    assert freeze_profile(applicant, at=AT).data["preferred_name"] == "Chloe"


def test_equal_profiles_have_equal_fingerprints_and_a_change_another(applicant):
    first, second = freeze_profile(applicant, at=AT), freeze_profile(applicant, at=AT)
    Applicant.objects.filter(pk=applicant.pk).update(date_of_birth=date(1999, 8, 15))
    third = freeze_profile(applicant, at=AT)
    assert first.sha256 == second.sha256
    assert third.sha256 != first.sha256
    assert ProfileSnapshot.objects.filter(applicant=applicant).count() == 3


def test_a_score_is_frozen_as_printed_whatever_way_it_was_typed(applicant):
    EnglishTest.objects.filter(applicant=applicant).update(overall=Decimal("7"))
    assert profile_data(applicant)["english_tests"][0]["overall"] == "7.0"


def test_only_one_qualification_is_relied_on(applicant):
    with pytest.raises(IntegrityError, match="one_qualification_relied_on"), transaction.atomic():
        QualificationFactory(applicant=applicant)


def test_a_profile_is_opened_once():
    user = UserFactory()
    assert open_profile(user) == open_profile(user)
    assert Applicant.objects.filter(user=user).count() == 1
