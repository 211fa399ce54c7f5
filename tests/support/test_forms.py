"""Forms: order, words, and nothing typed is lost."""

import re
from datetime import date

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from admissions_portal.support.forms import PortalDateField, PortalForm, PortalModelForm
from applications.applicants.choices import CourseLevel
from applications.applicants.models import PriorCourse


class EnglishTestForm(PortalForm):
    summary_label = "Test 2"
    widths = {"writing": 2}
    needed_later = {"remark"}

    taken_on = PortalDateField(label="Test date", help_text="As printed on the report form")
    writing = forms.DecimalField(label="Writing", max_value=9, decimal_places=1)
    mode = forms.ChoiceField(
        label="Mode", widget=forms.RadioSelect, choices=[("FT", "Full-time"), ("PT", "Part-time")]
    )
    nickname = forms.CharField(label="Preferred name", required=False, max_length=5)
    remark = forms.CharField(label="Remark", required=False)
    true = forms.BooleanField(label="What I have given is true.")

    def clean(self) -> dict[str, object]:
        if self.data.get("nickname") == "two":
            raise forms.ValidationError("All parts come from one sitting.")
        return self.cleaned_data


GOOD = {
    "taken_on_day": "12",
    "taken_on_month": "10",
    "taken_on_year": "2024",
    "writing": "6.5",
    "mode": "FT",
    "true": "on",
}


def drawn(source: str, **context: object) -> str:
    html = Template("{% load portal crispy_forms_tags %}" + source).render(
        Context({"request": RequestFactory().get("/")} | context)
    )
    return re.sub(r"\s+", " ", html)


def date_error(day: str, month: str, year: str) -> str:
    form = EnglishTestForm(GOOD | {"taken_on_day": day, "taken_on_month": month, "taken_on_year": year})
    return " ".join(form.errors.get("taken_on", [])).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        pytest.param(
            ("31", "2", "2024"),
            "There is no day 31 in that month; it ends on 29 February 2024.",
            id="leap year",
        ),
        pytest.param(
            ("31", "4", "2025"), "There is no day 31 in that month; it ends on 30 April 2025.", id="30 days"
        ),
        pytest.param(
            ("0", "4", "2025"), "There is no day 0 in that month; it ends on 30 April 2025.", id="day nought"
        ),
        pytest.param(("1", "13", "2024"), "Months go from 1 to 12; 13 is not one.", id="month 13"),
        pytest.param(
            ("1", "2", "24"),
            "Write the year with four digits, for example 2024; “24” is not one.",
            id="two-digit year",
        ),
        pytest.param(
            ("1", "", "2024"), "A date needs day, month and year; the month is missing.", id="month left out"
        ),
        pytest.param(
            ("1", "Oct", "2024"),
            "“1 Oct 2024” is not a date in numbers. Write it like 12 10 2024.",
            id="words",
        ),
        pytest.param(("", "", ""), "Give the date: day, month and year.", id="nothing"),
        pytest.param(("12", "10", "2024"), "", id="a date"),
    ],
)
def test_a_date_is_refused_in_a_sentence_that_names_it(typed: tuple[str, str, str], error: str) -> None:
    assert date_error(*typed) == error


def test_full_width_digits_are_digits() -> None:
    form = EnglishTestForm(
        GOOD | {"taken_on_day": "１２", "taken_on_month": "１０", "taken_on_year": "２０２４"}
    )
    assert form.is_valid()
    assert form.cleaned_data["taken_on"] == date(2024, 10, 12)


def test_an_optional_date_may_be_empty() -> None:
    assert PortalDateField(required=False).clean(["", "", ""]) is None


def test_a_date_changes_only_when_it_changes() -> None:
    field = PortalDateField()
    assert field.has_changed(date(2024, 10, 12), ["12", "10", "2024"]) is False
    assert field.has_changed(date(2024, 10, 12), ["13", "10", "2024"]) is True
    assert field.has_changed(None, None) is False


def test_what_was_typed_comes_back_as_typed() -> None:
    html = drawn(
        "{{ form }}",
        form=EnglishTestForm(GOOD | {"taken_on_day": "31", "taken_on_month": "2", "writing": "6,5x"}),
    )
    assert 'name="taken_on_day" value="31"' in html
    assert '<input type="text" name="writing" value="6,5x" inputmode="decimal"' in html


def test_the_browser_cuts_nothing() -> None:
    html = drawn("{{ form }}", form=EnglishTestForm())
    assert "maxlength" not in html
    assert 'type="number"' not in html


def test_label_then_hint_then_error_then_input() -> None:
    html = drawn("{{ form.taken_on.as_field_group }}", form=EnglishTestForm({}))
    marks = ["<legend>Test date", 'id="id_taken_on_helptext"', 'id="id_taken_on_error"', 'id="id_taken_on_0"']
    places = [html.index(mark) for mark in marks]
    assert places == sorted(places)
    assert 'aria-describedby="id_taken_on_helptext id_taken_on_error"' in html
    assert html.count('aria-invalid="true"') == 3


def test_crispy_draws_the_same() -> None:
    form = EnglishTestForm({})
    fields = r'<(?:fieldset|div) class="pg-(?:set|field)".*'
    plainly, crispy = (
        re.search(fields, drawn(source, form=form)) for source in ("{{ form }}", "{% crispy form %}")
    )
    assert plainly
    assert crispy
    assert re.sub(r"\s", "", crispy.group()).removesuffix("</div>") == re.sub(
        r"\s", "", plainly.group()
    ).removesuffix("</div>")


def test_only_what_may_stay_empty_for_good_is_marked_optional() -> None:
    form = EnglishTestForm()
    assert [field.name for field in form if field.is_marked_optional] == ["nickname"]


def test_all_problems_are_listed_at_once_each_with_its_link() -> None:
    form = EnglishTestForm({"writing": "9.5", "nickname": "two", "mode": "XX"})
    html = drawn("{% errors form %}", form=form)
    assert re.findall(r'<a href="#([^"]+)">(.*?)</a>', html) == [
        ("form-errors", "Test 2: All parts come from one sitting."),
        ("id_taken_on_0", "Test 2, Test date: Give the date: day, month and year."),
        ("id_writing", "Test 2, Writing: 9.5 is too high. The most possible is 9."),
        ("id_mode_0", "Test 2, Mode: “XX” is not among the answers. Choose one from the list."),
        ("id_true", "Test 2, What I have given is true: Tick the box to go on."),
    ]
    assert "5 things to put right" in html


def test_every_link_of_the_summary_has_its_target() -> None:
    form = EnglishTestForm({"nickname": "two"})
    html = drawn("{% errors form %}{{ form }}", form=form)
    for target in re.findall(r'<a href="#([^"]+)">', html):
        assert f'id="{target}"' in html


def test_nothing_is_summed_up_where_nothing_is_wrong() -> None:
    assert (
        drawn("{% errors form unbound %}", form=EnglishTestForm(GOOD), unbound=EnglishTestForm()).strip()
        == ""
    )


class Everything(PortalForm):
    text = forms.CharField(max_length=3)
    whole = forms.IntegerField(min_value=1)
    decimal = forms.DecimalField(max_digits=3, decimal_places=1)
    email = forms.EmailField()
    url = forms.URLField(assume_scheme="https")
    day = forms.DateField()
    many = forms.MultipleChoiceField(choices=[("a", "A")])
    file = forms.FileField()
    own = forms.CharField(error_messages={"required": "Write how you heard of us."})


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {
            "text": "long text",
            "whole": "x",
            "decimal": "1.234",
            "email": "a@",
            "url": ":",
            "day": "31/31/3",
            "many": "z",
        },
        {"whole": "0", "decimal": "1234"},
    ],
    ids=["nothing", "nonsense", "out of bounds"],
)
def test_errors_neither_beg_nor_call_names(typed: dict[str, str]) -> None:
    sentences = [sentence for errors in Everything(typed).errors.values() for sentence in errors]
    assert sentences
    for sentence in sentences:
        assert not re.search(r"invalid|please|ensure|required|valid", sentence, re.IGNORECASE), sentence
        assert sentence.endswith("."), sentence


def test_a_form_keeps_its_own_sentences() -> None:
    assert Everything({}).errors["own"] == ["Write how you heard of us."]


def test_a_text_too_long_says_by_how_much() -> None:
    assert Everything({"text": "abcde"}).errors["text"] == ["Shorten this to 3 characters; it has 5."]


def test_a_list_begins_with_a_word_not_with_dashes() -> None:
    class Level(PortalModelForm):
        class Meta:
            model = PriorCourse
            fields = ("level",)

    for _once_more in range(2):
        drawn = str(Level()["level"])
        assert drawn.count("<option") == 1 + len(CourseLevel.choices)
        assert '<option value="" selected>Choose one</option>' in drawn
