"""What would spoil a letter is said before it is made, with the field and the character."""

import pytest

from admissions_portal.papers.preflight import PaperRefused, preflight
from tests.factories.papers import offer_context

OFFER = "letters/offer.html"


def test_a_whole_letter_has_no_problem():
    assert preflight(OFFER, offer_context()) == []


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("林雨涵", id="traditional"),
        pytest.param("陈张刘", id="simplified characters that the traditional font lacks"),
        pytest.param("裏説衞峯𨋢", id="Hong Kong's own characters"),
        pytest.param("O’Brien-Nuñez Đặng Łukasz", id="latin with marks"),
        pytest.param("O'Brien & <Sons>", id="apostrophe and angle brackets"),
        pytest.param("Мария Ελένη", id="cyrillic and greek"),
        pytest.param("a\u00adb\u200bc\u00a0d", id="soft hyphen, zero-width space, no-break space"),
    ],
)
def test_names_of_our_applicants_can_be_printed(name):
    assert preflight(OFFER, offer_context(addressee__name=name)) == []


@pytest.mark.parametrize(
    ("character", "shown"),
    [
        pytest.param("😀", "“😀” (U+1F600)", id="emoji"),
        pytest.param("ก", "“ก” (U+0E01)", id="a script without a font here"),
        pytest.param("\u202e", "an invisible character (U+202E)", id="turns the reading direction"),
        pytest.param("\x07", "an invisible character (U+0007)", id="control character"),
        pytest.param("\ue000", "an invisible character (U+E000)", id="private use"),
    ],
)
def test_a_character_without_a_glyph_is_named_with_its_field(character, shown):
    problems = preflight(OFFER, offer_context(conditions__0__text=f"Transcript {character}"))
    assert problems == [
        (
            "conditions.1.text",
            f"“conditions.1.text” holds {shown}, which our fonts cannot print. Replace it.",
        )
    ]


@pytest.mark.parametrize("value", [pytest.param(None, id="nothing"), pytest.param("", id="empty text")])
def test_a_placeholder_without_a_value_is_named(value):
    assert preflight(OFFER, offer_context(reply_by=value)) == [
        ("reply_by", "“reply_by” has no value, and the letter needs one.")
    ]


def test_a_placeholder_left_out_altogether_is_named():
    context = offer_context()
    del context["head"]["office"]
    assert [problem.field for problem in preflight(OFFER, context)] == ["head.office"]


def test_what_is_optional_may_be_absent():
    assert (
        preflight(OFFER, offer_context(fee=None, conditions=[], addressee__lines=[], addressee__han="")) == []
    )


def test_a_text_too_long_is_refused_with_its_length():
    problems = preflight(OFFER, offer_context(programme="word " * 400))
    assert problems == [
        ("programme", "“programme” is 2000 characters long; a letter holds at most 1500. Shorten it.")
    ]


def test_a_word_wider_than_the_letter_is_refused():
    problems = preflight(OFFER, offer_context(programme="W" * 61))
    assert problems == [
        (
            "programme",
            "“programme” has a word of 61 characters, too wide for a line: WWWWWWWWWWWWWWWWWWWW…",
        )
    ]


def test_a_long_chinese_text_is_no_long_word():
    assert preflight(OFFER, offer_context(programme="林雨涵" * 40)) == []


def test_too_many_rows_are_refused():
    rows = offer_context()["conditions"] * 61
    assert preflight(OFFER, offer_context(conditions=rows)) == [
        ("conditions", "“conditions” has 61 entries; a letter holds at most 60.")
    ]


def test_a_refusal_reads_as_sentences():
    refusal = PaperRefused(preflight(OFFER, offer_context(reply_by="", date="")))
    assert str(refusal) == (
        "“date” has no value, and the letter needs one. “reply_by” has no value, and the letter needs one."
    )
