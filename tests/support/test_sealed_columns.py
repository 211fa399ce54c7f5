"""What the database keeps and cannot read: seals, their columns, and the index by which a text is found."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from admissions_portal.support.sealing import index_of, indexes_of
from applications.applicants.models import Applicant
from applications.submission.models import SectionVisit
from tests.factories.applicants import ApplicantFactory
from tests.factories.drafts import AT

OLD = "b2xkLWtleS1vbGQta2V5LW9sZC1rZXktb2xkLWtleTE="
NEW = "bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleTE="


def raw(table: str, column: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{table}"')
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_a_sealed_text_is_plain_to_the_portal_and_to_nobody_else() -> None:
    ApplicantFactory(identity_start="Q987")
    [kept] = raw("applications_applicant", "identity_start")
    assert "Q987" not in kept
    assert len(kept) >= 100
    assert Applicant.objects.get().identity_start == "Q987"


@pytest.mark.django_db
def test_equal_texts_are_sealed_differently_and_nothing_is_nothing() -> None:
    for start in ("Q987", "Q987", ""):
        ApplicantFactory(identity_start=start)
    one, other, nothing = sorted(raw("applications_applicant", "identity_start"), reverse=True)
    assert (one != other, nothing) == (True, "")


@pytest.mark.django_db
def test_an_update_in_the_database_is_sealed_too() -> None:
    ApplicantFactory()
    Applicant.objects.update(identity_start="Q987")
    assert "Q987" not in raw("applications_applicant", "identity_start")[0]
    assert Applicant.objects.get().identity_start == "Q987"


@pytest.mark.django_db
def test_what_was_typed_into_a_section_is_sealed() -> None:
    typed = {"identity_start": ["Q987"], "chinese_name": ["陳𠮷"]}
    SectionVisit.objects.create(applicant=ApplicantFactory(), section="personal", saved_at=AT, typed=typed)
    assert "Q987" not in raw("applications_sectionvisit", "typed")[0]
    assert SectionVisit.objects.get().typed == typed


@pytest.mark.django_db
def test_nothing_typed_stays_null() -> None:
    SectionVisit.objects.create(applicant=ApplicantFactory(), section="personal", saved_at=AT, typed=None)
    assert raw("applications_sectionvisit", "typed") == [None]
    assert SectionVisit.objects.filter(typed=None).get().typed is None


def test_one_text_has_one_index_within_one_owner(settings: Any) -> None:
    settings.FIELD_KEYS = [NEW]
    assert index_of("A1234563", within="hku") == index_of("A1234563", within="hku")
    assert len({index_of(text, within=whose) for text in ("A", "B") for whose in ("hku", "hkust")}) == 4
    assert "A1234563" not in index_of("A1234563", within="hku")


def test_after_the_keys_are_renewed_an_old_index_is_still_found(settings: Any) -> None:
    settings.FIELD_KEYS = [OLD]
    before = index_of("A1234563", within="hku")
    settings.FIELD_KEYS = [NEW, OLD]
    assert index_of("A1234563", within="hku") != before
    assert before in indexes_of("A1234563", within="hku")
