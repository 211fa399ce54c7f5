"""Inputs put together in Python are what Django's templates make of them; nothing typed becomes mark-up."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import override

from admissions_portal.support.forms import CountryField, PortalForm, PortalFormRenderer, countries

HOSTILE = "\"><script>alert('1')</script>&amp;\n"
GROUPED = [("", "Choose one"), ("Track <I>", [("1", "One & only"), (HOSTILE, HOSTILE)]), (3, "Three")]


@pytest.mark.parametrize("value", [None, "", "1", 3, HOSTILE, mark_safe("<b>")], ids=repr)
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput({"autocomplete": "tel", "disabled": True, "hidden": False, "title": HOSTILE}),
        forms.EmailInput(),
        forms.PasswordInput(),
        forms.HiddenInput(),
        forms.FileInput(),
        forms.CheckboxInput(),
        forms.Textarea({"rows": 4}),
        forms.Select(choices=GROUPED),
        forms.SelectMultiple(choices=GROUPED),
    ],
    ids=lambda widget: type(widget).__name__,
)
def test_an_input_is_what_djangos_template_makes_of_it(widget: forms.Widget, value: object) -> None:
    ours, djangos = (
        re.sub(r"(?<=>)\s+(?=<)", "", widget.render("name", value, {"id": "id_name"}, renderer).strip())
        for renderer in (PortalFormRenderer(), DjangoTemplates())
    )
    assert ours == djangos


class Hostile(PortalForm):
    one = forms.ChoiceField(label=HOSTILE, help_text=HOSTILE, choices=GROUPED, widget=forms.RadioSelect)
    two = forms.CharField(label=HOSTILE, help_text=HOSTILE)
    three = forms.BooleanField(label=HOSTILE)


def test_nothing_that_was_written_becomes_mark_up() -> None:
    html = str(Hostile({"one": HOSTILE, "two": HOSTILE}))
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert '<p class="invalid-feedback" id="id_three_error">' in html


class Passport(PortalForm):
    country = CountryField(label="Country", required=False)


def test_countries_are_listed_in_the_readers_language_and_the_answer_is_marked() -> None:
    html = str(Passport({"country": "HK"}))
    assert '<option value="HK" selected>Hong Kong</option>' in html
    assert html.count(" selected") == 1
    assert countries()[:3] == (("", "Choose one"), ("HK", "Hong Kong"), ("CN", "China"))
    with override("zh-hant"):
        assert '<option value="JP">日本</option>' in str(Passport())


@pytest.mark.parametrize(("code", "right"), [("HK", True), ("", True), ("XX", False), (HOSTILE, False)])
def test_only_a_country_that_exists_is_an_answer(code: str, right: bool) -> None:
    form = Passport({"country": code})
    assert form.is_valid() is right
    assert "<script" not in str(form)
