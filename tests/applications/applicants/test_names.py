import pytest
from django.core.exceptions import ValidationError

from applications.applicants.names import tidy, tidy_chinese, validate_chinese_name, validate_printable
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


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("  LAM   CHENG ", "LAM CHENG", id="spaces around and doubled"),
        pytest.param("Tsz\u3000Ching", "Tsz Ching", id="the wide space of a Chinese keyboard"),
        pytest.param("Tsz\u00a0Ching", "Tsz Ching", id="a no-break space"),
        pytest.param("ＬＡＭ Ｔｓｚ－Ｃｈｉｎｇ", "LAM Tsz-Ching", id="full-width letters"),
        pytest.param("Nguye\u0302\u0303n", "Nguyễn", id="accents apart from their letter"),
        pytest.param("O\u2019Neill", "O’Neill", id="a curly apostrophe stays"),
        pytest.param("D'Souza", "D'Souza", id="a straight one too"),
        pytest.param("Anne-Marie", "Anne-Marie", id="a hyphen"),
        pytest.param("van der Berg", "van der Berg", id="small particles"),
        pytest.param("lin YUHAN", "lin YUHAN", id="case as written"),
        pytest.param("Yu\u200bhan\ufeff", "Yuhan", id="unseen characters"),
        pytest.param("Müller\u00ad-Lüdenscheidt", "Müller-Lüdenscheidt", id="a soft hyphen"),
    ],
)
def test_a_pasted_name_is_read_as_it_was_meant(typed, meant):
    assert tidy(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("林 雨 涵", "林雨涵", id="spaces between the characters"),
        pytest.param("林\u3000雨涵", "林雨涵", id="a wide space"),
        pytest.param("艾力•买买提", "艾力·买买提", id="a bullet for the dot"),
        pytest.param("艾力・买买提", "艾力·买买提", id="a Japanese dot"),
        pytest.param("艾力．买买提", "艾力·买买提", id="a full-width stop"),
        pytest.param("阿依古丽‧吐尔逊", "阿依古丽·吐尔逊", id="a hyphenation point"),
        pytest.param("陳𠮷", "陳𠮷", id="a character beyond the first plane"),
        pytest.param("\uf929", "\uf929", id="a compatibility character stays itself"),
        pytest.param("葛\U000e0100", "葛", id="a variation selector asks for a drawing only"),
        pytest.param("⼭田", "山田", id="a radical copied from a PDF"),
    ],
)
def test_a_pasted_chinese_name_is_read_as_it_was_meant(typed, meant):
    assert tidy_chinese(typed) == meant
    validate_chinese_name(meant)
