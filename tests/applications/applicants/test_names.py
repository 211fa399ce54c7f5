import pytest
from django.core.exceptions import ValidationError

from applications.applicants.names import validate_chinese_name, validate_printable
from tests.factories.applicants import ApplicantFactory


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("林雨涵", id="three characters"),
        pytest.param("陳𠮷", id="extension B"),
        pytest.param("黃𰻞", id="extension G"),
        pytest.param("㗎", id="extension A"),
        pytest.param("艾力·买买提", id="a dot between the parts"),
        pytest.param("林鄭 月娥", id="a space"),
    ],
)
def test_a_chinese_name_may_hold_any_han_character(name):
    validate_chinese_name(name)


@pytest.mark.parametrize("name", ["Lin 雨涵", "林1", "リン", "林<b>", ""])
def test_a_chinese_name_holds_nothing_else(name):
    with pytest.raises(ValidationError, match="Chinese characters only"):
        validate_chinese_name(name)


@pytest.mark.parametrize("text", ["a\u202eb", "a\x07b", "a\nb"], ids=["reversed", "bell", "line break"])
def test_a_name_with_a_hidden_character_is_refused(text):
    with pytest.raises(ValidationError, match="cannot be printed"):
        validate_printable(text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("family", "given", "full"),
    [
        ("LAM CHENG", "Yuet Ngor", "LAM CHENG Yuet Ngor"),
        ("van der Berg", "Anne-Marie", "van der Berg Anne-Marie"),
        ("", "Suharto", "Suharto"),
        ("Sukarno", "", "Sukarno"),
        ("lin", "YUHAN", "lin YUHAN"),
    ],
    ids=[
        "married-name prefix",
        "particles and hyphen",
        "given name alone",
        "family name alone",
        "case as written",
    ],
)
def test_a_name_stays_as_written_with_the_family_name_first(family, given, full):
    applicant = ApplicantFactory(family_name=family, given_names=given)
    applicant.refresh_from_db()
    assert applicant.full_name == full


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("names", "greeting"),
    [
        ({}, "Chloe"),
        ({"preferred_name": ""}, "LAM Tsz Ching"),
        ({"preferred_name": "", "family_name": "", "given_names": ""}, "林芷晴"),
    ],
    ids=["preferred", "full", "only Chinese"],
)
def test_a_letter_greets_by_the_preferred_name_first(names, greeting):
    assert ApplicantFactory(**names).greeting_name == greeting
