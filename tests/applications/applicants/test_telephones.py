"""Telephones from anywhere: kept as E.164, shown grouped, refused in a sentence (DOMAIN C4)."""

from __future__ import annotations

import contextlib

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from applications.applicants.models import Applicant
from applications.applicants.telephones import grouped, read_telephone
from tests.factories.applicants import ApplicantFactory


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        pytest.param("2123 4567", "+85221234567", "+852 2123 4567", id="Hong Kong needs no code"),
        pytest.param("+852 2123-4567", "+85221234567", "+852 2123 4567", id="Hong Kong with its code"),
        pytest.param("852 2123 4567", "+85221234567", "+852 2123 4567", id="the plus forgotten"),
        pytest.param("(852) 91234567", "+85291234567", "+852 9123 4567", id="brackets"),
        pytest.param("８５２２１２３４５６７", "+85221234567", "+852 2123 4567", id="full width"),
        pytest.param("+852 41234567", "+85241234567", "+852 4123 4567", id="a new range: only counted"),
        pytest.param("+86 138 0013 8000", "+8613800138000", "+86 138 0013 8000", id="Mainland"),
        pytest.param("+853 6612 3456", "+85366123456", "+853 6612 3456", id="Macao"),
        pytest.param("+886 912 345 678", "+886912345678", "+886 912 345 678", id="Taiwan"),
        pytest.param("+44 20 7946 0958", "+442079460958", "+44 20 7946 0958", id="London"),
        pytest.param("+1 (202) 555-0123", "+12025550123", "+1 202-555-0123", id="Washington"),
        pytest.param("001 86 138 0013 8000", "+8613800138000", "+86 138 0013 8000", id="dialled from here"),
        pytest.param("\u202a+852 2123 4567\u202c", "+85221234567", "+852 2123 4567", id="pasted marks"),
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str, kept: str, shown: str) -> None:
    assert (read_telephone(typed).as_e164, grouped(kept)) == (kept, shown)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param("123", "A Hong Kong number has eight figures", id="too short for Hong Kong"),
        pytest.param("138 0013 8000", "begin with the other country’s code", id="Mainland without its code"),
        pytest.param("+852 123 4567", "A Hong Kong number has eight figures", id="seven figures"),
        pytest.param("+44 12", "not a telephone number we can call", id="too short for its country"),
        pytest.param("+999 1234 5678", "not a telephone number we can call", id="no such country"),
        pytest.param("call me", "not a telephone number we can call", id="words"),
        pytest.param("+852 2123 4567 ext. 12", "Leave the extension out", id="an extension"),
    ],
)
def test_a_number_nobody_can_call_is_refused_with_what_to_do(typed: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        read_telephone(typed)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused_and_never_breaks(text: str) -> None:
    with contextlib.suppress(ValidationError):
        assert read_telephone(text).as_e164.startswith("+")


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["+85221234567", "+85241234567", "+8613800138000"])
def test_the_column_holds_e164_and_nothing_else(number: str) -> None:
    person = ApplicantFactory(phone=number)
    person.full_clean(exclude=["user"])
    assert Applicant.objects.filter(phone=number).count() == 1
    assert Applicant.objects.get(pk=person.pk).phone.as_e164 == number
