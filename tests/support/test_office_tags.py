"""Cells of the office's lists."""

from datetime import date

import pytest

from admissions_portal.support.templatetags import office


@pytest.mark.parametrize(
    ("django", "ours"),
    [
        pytest.param(
            '<td class="field-name">LIN &amp; Co</td>',
            '<td class="field-name" role="cell" data-label="Name"><div>LIN &amp; Co</div></td>',
            id="a cell shows its column on a phone",
        ),
        pytest.param(
            '<th class="field-email"><a href="1/">a@example.com</a></th>',
            '<th class="field-email" role="rowheader"><div><a href="1/">a@example.com</a></div></th>',
            id="the first cell heads its row",
        ),
        pytest.param(
            '<td class="field-is_staff"><img src="/static/admin/img/icon-yes.svg" alt="True"></td>',
            '<td class="field-is_staff" role="cell" data-label="Name"><div>Yes</div></td>',
            id="a truth is a word",
        ),
        pytest.param(
            '<td class="action-checkbox"><input type="checkbox"></td>',
            '<td class="action-checkbox" role="cell" data-label="Name"><input type="checkbox"></td>',
            id="the box to select is bare",
        ),
    ],
)
def test_a_cell_of_the_list(django: str, ours: str) -> None:
    assert office._cell(django, "Name") == ours


def test_a_filter_that_is_a_form_keeps_the_other_filters() -> None:
    assert office.query_pairs("?is_staff__exact=1&q=lin+yu&empty=") == [
        ("is_staff__exact", "1"),
        ("q", "lin yu"),
        ("empty", ""),
    ]


@pytest.mark.parametrize(
    ("value", "shown"), [(date(2026, 3, 1), "2026-03-01"), ("2026-03-01", "2026-03-01"), (None, "")]
)
def test_a_date_input_is_filled_in_iso(value: date | str | None, shown: str) -> None:
    assert office.date_input(value) == shown
