"""Rows read together are the rows that Django would have read one kind at a time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from applications.applicants.models import EnglishTest
from applications.lifecycle.models import Application
from applications.submission.models import SectionVisit
from applications.submission.reading import written_in_full
from applications.submission.sections import Filling, sections_of
from tests.factories.accounts import UserFactory
from tests.factories.drafts import AT, ready_draft, research_offering, taught_offering

pytestmark = pytest.mark.django_db


def filled_draft(offering: object) -> Application:
    draft = ready_draft(offering, phone="+85221234567", date_of_birth=date(1999, 8, 14), country="HK")
    EnglishTest.objects.create(
        applicant=draft.applicant, kind="IELTS_ACADEMIC", taken_on=date(2025, 1, 2), overall=Decimal("6.5")
    )
    SectionVisit.objects.create(
        applicant=draft.applicant, section="personal", saved_at=AT, typed={"a": ["嗨", "6.5"]}, made={"b": 1}
    )
    return draft


def columns(row: Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize("offering", [taught_offering, research_offering])
def test_every_row_has_the_values_and_types_that_the_database_gives_one_by_one(offering: object) -> None:
    draft = filled_draft(offering())  # type: ignore[operator]
    read = written_in_full(draft.applicant.user, draft.pk)
    assert read is not None
    person, own, programme = read.applicant, read.offering, read.offering.intake.programme
    rows: list[Model] = [read, person, own, own.intake, programme, programme.institution]
    rows += [*own.rounds.all(), *person.qualifications.all(), *person.english_tests.all()]
    rows += [*read.supervisors.all(), *read.answers.all(), *Filling(read, at=AT).specialisations]
    rows += Filling(read, at=AT).visits.values()
    assert len(rows) > 9
    for row in rows:
        one = type(row)._default_manager.get(pk=row.pk)
        assert columns(row) == columns(one)
        assert [type(value) for value in columns(row).values()] == [type(v) for v in columns(one).values()]


def test_a_form_read_together_stands_where_it_stands_otherwise() -> None:
    draft = filled_draft(taught_offering())
    read = written_in_full(draft.applicant.user, draft.pk)
    assert read is not None
    plain = Application.objects.get(pk=draft.pk)
    assert [section.state(Filling(read, at=AT)) for section in sections_of(read, at=AT)] == [
        section.state(Filling(plain, at=AT)) for section in sections_of(plain, at=AT)
    ]


def test_it_takes_one_question_and_nothing_that_was_read_is_asked_again() -> None:
    draft = filled_draft(taught_offering())
    with CaptureQueriesContext(connection) as queries:
        read = written_in_full(draft.applicant.user, draft.pk)
        assert read is not None
        list(read.applicant.qualifications.all()[0].applicant.qualifications.all())
        str(read.offering.rounds.all()[0].offering.intake.programme.institution)
        assert read.specialisation is not None
        str(read.specialisation.track)
    assert len(queries) == 1


def test_somebody_elses_application_is_not_read() -> None:
    draft = filled_draft(taught_offering())
    assert written_in_full(UserFactory(), draft.pk) is None
    assert written_in_full(draft.applicant.user, uuid4()) is None


@pytest.mark.parametrize("what", ["programme", "institution"])
def test_what_is_kept_of_the_rules_is_forgotten_where_their_programme_is_written(what: str) -> None:
    """Its institution, School and level choose among the policies."""

    def stamp() -> str:
        read = written_in_full(draft.applicant.user, draft.pk)
        assert read is not None
        return str(read.read_with_it["stamp"])

    draft = ready_draft(taught_offering())
    before = stamp()
    assert stamp() == before
    programme = draft.offering.programme
    (programme if what == "programme" else programme.institution).save()
    assert stamp() != before
