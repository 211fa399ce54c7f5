"""A mail is plain text of 64 columns, in which an address stays whole and a row stays a row."""

import pytest
import wcwidth

from admissions_portal.outbox.wording import wrap_text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("short\n", "short\n", id="short"),
        pytest.param(
            "We are glad to offer you a place, and hope that you will answer before the date below.",
            "We are glad to offer you a place, and hope that you will answer\nbefore the date below.\n",
            id="a sentence",
        ),
        pytest.param(
            "  Fee             HK$198,000, in 2 instalments. Provisional: "
            "subject to the University Council’s approval",
            "  Fee             HK$198,000, in 2 instalments. Provisional:\n"
            "                  subject to the University Council’s approval\n",
            id="a row hangs under its value",
        ),
        pytest.param(
            "Read the letter here: https://admissions.example.hk/" + "a" * 60,
            "Read the letter here: https://admissions.example.hk/" + "a" * 60 + "\n",
            id="an address stays whole",
        ),
        pytest.param("a\n\n\n\nb", "a\n\nb\n", id="no double gaps"),
        pytest.param("Don't & won't <see>", "Don't & won't <see>\n", id="nothing escaped"),
        pytest.param("half-time " * 7, "half-time " * 5 + "half-time\nhalf-time\n", id="no break at hyphens"),
    ],
)
def test_lines_are_folded(text, folded):
    assert wrap_text(text) == folded


def test_han_characters_take_two_columns():
    lines = wrap_text(
        "學費為港幣十九萬八千元，分兩期繳付，有待大學校務委員會批准。請於限期前登入系統回覆，逾期作廢。"
    ).splitlines()
    assert max(wcwidth.width(line) for line in lines) == 64
    assert len(lines) == 2
