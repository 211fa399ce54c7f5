"""Identity numbers: how they are read, checked, cut and masked (DOMAIN C1, C7)."""

from __future__ import annotations

import contextlib
import string

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from applications.applicants.identity import (
    IdentityKind,
    check_digit,
    masked,
    plain,
    printed,
    start_of,
    whole_number,
)

HKID, PASSPORT = IdentityKind.HKID, IdentityKind.PASSPORT


# the check digit


@pytest.mark.parametrize(
    ("letters", "digits", "right"),
    [
        pytest.param("A", "123456", "3", id="one letter"),
        pytest.param("D", "288754", "2", id="another letter"),
        pytest.param("AB", "987654", "3", id="two letters: counting A as 1 would give 2"),
        pytest.param("G", "123456", "A", id="ten is written A"),
        pytest.param("Y", "123004", "0", id="nothing left over is 0, not 11"),
        pytest.param("WX", "123456", check_digit("WX", "123456"), id="two late letters"),
    ],
)
def test_c1_the_check_digit(letters: str, digits: str, right: str) -> None:
    assert check_digit(letters, digits) == right


def shortcut(letters: str, digits: str) -> str:
    """The popular rule: A counts 1, and where there is one letter nothing stands before it."""
    values = [*(ord(letter) - 64 for letter in letters), *map(int, digits)]
    weights = range(len(values) + 1, 1, -1)
    rest = sum(weight * value for weight, value in zip(weights, values, strict=True)) % 11
    return {0: "0", 1: "A"}.get(rest, str(11 - rest))


def test_the_ab987654_trap_the_popular_shortcut_is_wrong_for_two_letters_alone() -> None:
    assert (shortcut("A", "123456"), check_digit("A", "123456")) == ("3", "3")
    assert (shortcut("AB", "987654"), check_digit("AB", "987654")) == ("2", "3")


letters = st.text(string.ascii_uppercase, min_size=1, max_size=2)
digits = st.text(string.digits, min_size=6, max_size=6)


@given(letters, digits)
def test_the_weighted_sum_with_its_check_digit_is_divisible_by_eleven(letters: str, digits: str) -> None:
    values = [36] * (2 - len(letters)) + [string.ascii_uppercase.index(each) + 10 for each in letters]
    last = check_digit(letters, digits)
    total = sum(w * v for w, v in zip(range(9, 1, -1), [*values, *map(int, digits)], strict=True))
    assert (total + (10 if last == "A" else int(last))) % 11 == 0


@given(letters, digits, st.integers(0, 5), st.sampled_from(string.digits))
def test_one_figure_mistyped_is_always_noticed(letters: str, digits: str, place: int, figure: str) -> None:
    number = letters + digits + check_digit(letters, digits)
    mistyped = f"{letters}{digits[:place]}{figure}{digits[place + 1 :]}{number[-1]}"
    if mistyped == number:
        assert whole_number(mistyped, HKID) == number
    else:
        with pytest.raises(ValidationError, match="does not belong to the letters and figures"):
            whole_number(mistyped, HKID)


# what people type


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("A123456(3)", "A1234563", id="as printed"),
        pytest.param("A1234563", "A1234563", id="without brackets"),
        pytest.param("a123456(3)", "A1234563", id="lower case"),
        pytest.param(" A 123456 (3) ", "A1234563", id="with spaces"),
        pytest.param("Ａ１２３４５６（３）", "A1234563", id="full width, as a Chinese keyboard gives"),
        pytest.param("A-123456-3", "A1234563", id="hyphens"),
        pytest.param("ab987654[3]", "AB9876543", id="two letters, square brackets"),
        pytest.param("G123456(a)", "G123456A", id="check character a"),
        pytest.param("\u200eA123456(3)\u200f", "A1234563", id="pasted with direction marks"),
    ],
)
def test_a_card_number_is_read_however_it_is_written(typed: str, kept: str) -> None:
    assert whole_number(typed, HKID) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param("A123456(4)", "does not belong to the letters and figures before it", id="wrong check"),
        pytest.param("AB987654(2)", "does not belong", id="the shortcut's answer for AB987654"),
        pytest.param("Y123004(1)", "does not belong", id="remainder 0"),
        pytest.param("A123456", "character in brackets at the end is missing", id="no check digit"),
        pytest.param("AB987654", "character in brackets at the end is missing", id="no check, two letters"),
        pytest.param("A123456(B)", "stands a figure or the letter A", id="a letter that is no check digit"),
        pytest.param("1234567", "begins with one or two letters", id="no letter"),
        pytest.param("ABC123456(3)", "begins with one or two letters", id="three letters"),
        pytest.param("Ä123456(3)", "begins with one or two letters", id="a letter with an accent"),
        pytest.param("甲123456(3)", "begins with one or two letters", id="a Chinese character"),
        pytest.param("A12345(3)", "character in brackets at the end is missing", id="a figure short"),
        pytest.param("A1234(3)", "six figures and one character in brackets", id="two figures short"),
        pytest.param("A1234567(3)", "six figures and one character in brackets", id="a figure too many"),
        pytest.param("A12B456(3)", "six figures and one character in brackets", id="a letter in the middle"),
        pytest.param("", "begins with one or two letters", id="nothing"),
    ],
)
def test_a_wrong_card_number_is_told_which_part_to_look_at(typed: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        whole_number(typed, HKID)


@pytest.mark.parametrize("wrong", [digit for digit in "0124567 89A" if digit.strip()])
def test_the_right_check_digit_is_never_told(wrong: str) -> None:
    with pytest.raises(ValidationError) as refused:
        whole_number(f"A123456({wrong})", HKID)
    assert "3" not in "".join(refused.value.messages)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("e 1234 5678", "E12345678", id="spaces, lower case"),
        pytest.param("CC1234567", "CC1234567", id="two letters"),
        pytest.param("12345", "12345", id="the shortest"),
    ],
)
def test_another_document_has_letters_and_figures(typed: str, kept: str) -> None:
    assert whole_number(typed, PASSPORT) == kept


@pytest.mark.parametrize("typed", ["1234", "A" * 21, "E1234护照", ""])
def test_another_documents_number_has_5_to_20_of_them(typed: str) -> None:
    with pytest.raises(ValidationError, match="from 5 to 20 of them"):
        whole_number(typed, PASSPORT)


# the beginning


@pytest.mark.parametrize(
    ("typed", "kind", "kept"),
    [
        pytest.param("a123", HKID, "A123", id="one letter, lower case"),
        pytest.param("AB98", HKID, "AB98", id="two letters"),
        pytest.param("A123456(3)", HKID, "A123", id="the whole number typed: the rest is dropped"),
        pytest.param("e123", PASSPORT, "E123", id="passport"),
        pytest.param("1234", PASSPORT, "1234", id="a passport of figures"),
    ],
)
def test_c7_only_the_beginning_is_kept(typed: str, kind: str, kept: str) -> None:
    assert start_of(typed, kind) == kept


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("1234", HKID),
        ("ABC1", HKID),
        ("A12", HKID),
        ("", HKID),
        ("E12", PASSPORT),
        ("护照12", PASSPORT),
    ],
)
def test_what_begins_no_number_is_refused(typed: str, kind: str) -> None:
    with pytest.raises(ValidationError, match="first four"):
        start_of(typed, kind)


# what is shown


@pytest.mark.parametrize(
    ("number", "kind", "shown", "whole"),
    [
        pytest.param("A1234563", HKID, "A12…(•)", "A123456(3)", id="card"),
        pytest.param("AB9876543", HKID, "AB9…(•)", "AB987654(3)", id="card with two letters"),
        pytest.param("A123", HKID, "A12…(•)", "A12(3)", id="its beginning"),
        pytest.param("E12345678", PASSPORT, "E12…", "E12345678", id="passport"),
        pytest.param("", HKID, "", "", id="none"),
    ],
)
def test_a_page_shows_three_characters(number: str, kind: str, shown: str, whole: str) -> None:
    assert masked(number, kind) == shown
    if len(number) != 4:
        assert printed(number, kind) == whole


@given(st.text())
def test_whatever_is_typed_is_read_or_refused_and_never_breaks(text: str) -> None:
    plain(text)
    for kind in (HKID, PASSPORT):
        for read in (whole_number, start_of):
            with contextlib.suppress(ValidationError):
                assert read(text, kind).isascii()
