"""Forms as the portal draws and words them: label, hint, error, input; sentences that say what is right.

Every form of the portal starts from `PortalForm` or `PortalModelForm`. `{{ form }}`, crispy's
`{% crispy form %}` and `{{ form.field.as_field_group }}` all draw a field with `_components/field.html`;
`{% errors form %}` gathers the problems.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, ClassVar, Final, Self

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.choices import BaseChoiceIterator, BlankChoiceIterator
from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext_lazy, override
from django.utils.translation import gettext as _
from django_countries import countries as listed_countries
from django_countries.fields import LazyTypedChoiceField  # type: ignore[attr-defined]  # theirs, untyped

from admissions_portal.support import drawing
from admissions_portal.support.dates import hong_kong_day
from admissions_portal.support.unseen import seen

# By class of field, then by code: what is wrong and what would be right, with the value where known.
SENTENCES: Final[Mapping[type[forms.Field], Mapping[str, str | Promise]]] = {
    forms.Field: {"required": gettext_lazy("An answer is needed here.")},
    forms.CharField: {
        "max_length": ngettext_lazy(
            "Shorten this to %(limit_value)d character; it has %(show_value)d.",
            "Shorten this to %(limit_value)d characters; it has %(show_value)d.",
            "limit_value",
        ),
        "min_length": ngettext_lazy(
            "Write at least %(limit_value)d character; there are %(show_value)d.",
            "Write at least %(limit_value)d characters; there are %(show_value)d.",
            "limit_value",
        ),
        "null_characters_not_allowed": gettext_lazy(
            "This text holds a character that cannot be kept. Type it again."
        ),
    },
    forms.IntegerField: {
        "invalid": gettext_lazy("Write a whole number in figures, for example 4."),
        "max_value": gettext_lazy("%(show_value)s is too high. The most possible is %(limit_value)s."),
        "min_value": gettext_lazy("%(show_value)s is too low. The least possible is %(limit_value)s."),
        "step_size": gettext_lazy("This goes in steps of %(limit_value)s."),
    },
    forms.FloatField: {"invalid": gettext_lazy("Write a number in figures, for example 6.5.")},
    forms.DecimalField: {
        "invalid": gettext_lazy("Write a number in figures, for example 6.5."),
        "max_decimal_places": ngettext_lazy(
            "Use no more than %(max)s decimal place.", "Use no more than %(max)s decimal places.", "max"
        ),
        "max_digits": ngettext_lazy(
            "Use no more than %(max)s digit.", "Use no more than %(max)s digits.", "max"
        ),
        "max_whole_digits": ngettext_lazy(
            "Use no more than %(max)s digit before the decimal point.",
            "Use no more than %(max)s digits before the decimal point.",
            "max",
        ),
    },
    forms.EmailField: {"invalid": gettext_lazy("Write the address in full, for example name@example.org.")},
    forms.URLField: {
        "invalid": gettext_lazy("Write the address in full, for example https://example.org/page.")
    },
    forms.DateField: {"invalid": gettext_lazy("Write a date that exists, for example 2024-10-12.")},
    forms.DateTimeField: {
        "invalid": gettext_lazy("Write a date and a time that exist, for example 2026-03-31 23:59.")
    },
    forms.TimeField: {"invalid": gettext_lazy("Write a time of the day, for example 14:30.")},
    forms.RegexField: {"invalid": gettext_lazy("This is not written as expected. The hint shows how.")},
    forms.ChoiceField: {
        "required": gettext_lazy("Choose one of the answers."),
        "invalid_choice": gettext_lazy("“%(value)s” is not among the answers. Choose one from the list."),
    },
    forms.MultipleChoiceField: {
        "required": gettext_lazy("Choose at least one of the answers."),
        "invalid_list": gettext_lazy("Choose the answers from the list."),
    },
    forms.ModelChoiceField: {
        "required": gettext_lazy("Choose one of the answers."),
        "invalid_choice": gettext_lazy("This answer is no longer offered. Choose one from the list."),
    },
    forms.ModelMultipleChoiceField: {
        "required": gettext_lazy("Choose at least one of the answers."),
        "invalid_choice": gettext_lazy("This answer is no longer offered. Choose from the list."),
        "invalid_pk_value": gettext_lazy("This answer is no longer offered. Choose from the list."),
    },
    forms.BooleanField: {"required": gettext_lazy("Tick the box to go on.")},
    forms.FileField: {
        "required": gettext_lazy("Choose a file."),
        "invalid": gettext_lazy("The file did not arrive. Choose it again and send it once more."),
        "missing": gettext_lazy("The file did not arrive. Choose it again and send it once more."),
        "empty": gettext_lazy("The file is empty. Choose the file again."),
        "max_length": ngettext_lazy(
            "Give the file a name of at most %(max)d character; it has %(length)d.",
            "Give the file a name of at most %(max)d characters; it has %(length)d.",
            "max",
        ),
    },
}


class FixedChoices(BaseChoiceIterator):
    """Choices as they were declared. All forms of a class share them: Django's own lists are copied, and read
    through for what might be lazy in them, for each form."""

    def __init__(self, choices: Iterable[Any]) -> None:
        self._choices = tuple(choices)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._choices)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


class PortalBoundField(BoundField):
    """A field that knows how it is drawn: Bootstrap's class for its widget, its width, its mark.

    What nobody sees in a text was not typed by anybody: it is left out before the text is judged.
    """

    @property
    def data(self) -> Any:
        posted = super().data
        is_text = isinstance(posted, str) and isinstance(self.field, forms.CharField)
        return seen(posted) if is_text and not isinstance(self.field.widget, forms.PasswordInput) else posted

    @cached_property
    def is_check(self) -> bool:
        """A single box with its label behind it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_marked_optional(self) -> bool:
        """Whether "(optional)" stands behind the label."""
        later = getattr(self.form, "needed_later", ())
        return not (self.field.required or self.is_check or later == "__all__" or self.name in later)

    @property
    def drawn(self) -> SafeString:
        """The whole field: label, hint, error, input."""
        return drawing.draw_field(self)

    def css_class(self) -> str:
        widget = self.field.widget
        if widget.use_fieldset:
            return ""
        if self.is_check:
            css = "form-check-input"
        else:
            css = "form-select" if isinstance(widget, forms.Select) else "form-control"
        if width := getattr(self.form, "widths", {}).get(self.name):
            css += f" pg-w-{width}"
        return f"{css} is-invalid" if self.errors else css

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        own = attrs.get("class") or self.field.widget.attrs.get("class", "")
        if css := " ".join(part for part in (str(own), self.css_class()) if part):
            attrs["class"] = css
        return attrs


class PortalFormRenderer(TemplatesSetting):
    """Draws every form of the portal and of its libraries in our order: label, hint, error, input."""

    form_template_name = "_components/form.html"
    formset_template_name = "_components/formset.html"
    field_template_name = "_components/field.html"
    bound_field_class = PortalBoundField

    def render(self, template_name: str, context: Any, request: HttpRequest | None = None) -> str:
        if draw := drawing.WIDGETS.get(template_name):
            return draw(context["widget"])
        return str(super().render(template_name, context, request))


class CountrySelect(forms.Select):
    """All countries, put together once for each language rather than for each page."""

    choices: Any = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        attrs = self.build_attrs(self.attrs, attrs)
        return drawing.draw_long_select(name, "" if value is None else str(value), attrs, countries())


class CountryField(forms.ChoiceField):
    """A country by its code; listing, checking and drawing 250 of them costs nothing a second time."""

    widget = CountrySelect
    choices = property(lambda self: countries(), lambda self, value: None)

    # ChoiceField's own copies the list for each form
    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return forms.Field.__deepcopy__(self, memo)  # type: ignore[attr-defined]  # the stubs forgot it

    def valid_value(self, value: Any) -> bool:
        return value in _codes()


def countries() -> tuple[tuple[str, str], ...]:
    """Code and name in the reader's language, those we hear from most first, before them “Choose one”."""
    return _countries(get_language() or settings.LANGUAGE_CODE)


@cache
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    with override(language):
        return (("", _("Choose one")), *((code, str(name)) for code, name in listed_countries))


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for code, _name in listed_countries)


class _PortalFormMixin:
    """Words, widths and layout shared by our forms."""

    # field → 2, 4 or 8: the length of answer expected
    widths: ClassVar[Mapping[str, int]] = {}
    # may stay empty now but not at submission ("__all__" for a whole draft): not marked optional
    needed_later: ClassVar[Collection[str]] = ()
    # opens each line of the error summary where a page has several forms of a kind ("Test 2")
    summary_label: str | Promise = ""
    # the browser's own bubbles speak another tone, and only one at a time
    use_required_attribute = False
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        _adapt_class(type(self))  # type: ignore[arg-type]  # a class is its own key
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if not hasattr(field, "is_adapted"):  # the form itself has added it
                self.fields[name] = _adapted(field)

    def add_field(self, name: str, field: forms.Field) -> None:
        """A field that depends on what the form is about, worded and drawn like those declared."""
        self.fields[name] = _adapted(field)

    @property
    def drawn(self) -> SafeString:
        """What is wrong with it as a whole, then its fields: `{% crispy form %}` without its templates."""
        return drawing.draw_form(self)

    @cached_property
    def helper(self) -> FormHelper:
        """Crispy's helper: no form tag, the page writes its own. Lay out with `form.helper.layout = …`."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        return helper


@cache
def _adapt_class(form: Any) -> None:
    """The fields as they were declared, so that each form drawn begins with adapted ones."""
    form.base_fields.update({name: _adapted(field) for name, field in form.base_fields.items()})


# before the answers of a list, where Django has a line of dashes
_CHOOSE_ONE = ("", gettext_lazy("Choose one"))


def _adapted(field: Any) -> Any:
    if isinstance(field, LazyTypedChoiceField):  # of a model's CountryField
        field = CountryField(required=field.required, label=field.label, help_text=field.help_text)
    reword(field)
    keep_what_is_typed(field)
    choices = getattr(field, "choices", None)
    # those of a model's field come with a line before them, added anew for each form
    given = choices.choices if isinstance(choices, BlankChoiceIterator) else choices
    if choices is not None and isinstance(given, list):
        field.choices = FixedChoices(_CHOOSE_ONE if each in BLANK_CHOICE_DASH else each for each in choices)
    field.is_adapted = True
    return field


def reword(field: forms.Field) -> None:
    """Replace Django's own error sentences by ours, leaving those a form has written for itself."""
    ours: dict[str, Any] = {}
    django: dict[str, Any] = {}
    for cls in reversed(type(field).__mro__):
        django.update(getattr(cls, "default_error_messages", {}))
        ours.update(SENTENCES.get(cls, {}))
    for code, sentence in ours.items():
        # max_length and its like are the validators' messages; a field of ours has none of its own for them
        if field.error_messages.get(code) == django.get(code):
            field.error_messages[code] = sentence


def keep_what_is_typed(field: forms.Field) -> None:
    """Let the browser hand over everything: a number input drops "6,5", maxlength cuts a paste, silently."""
    widget = field.widget
    if isinstance(widget, forms.NumberInput):
        widget.input_type = "text"
        widget.attrs.setdefault(
            "inputmode", "decimal" if isinstance(field, forms.DecimalField | forms.FloatField) else "numeric"
        )
        for bound in ("min", "max", "step"):
            widget.attrs.pop(bound, None)
    widget.attrs.pop("maxlength", None)


class PortalForm(_PortalFormMixin, forms.Form):
    """A form of the portal."""


class PortalModelForm(_PortalFormMixin, forms.ModelForm):
    """A form of the portal over one row."""


class DateInputs(forms.MultiWidget):
    """A date as three numbers: day, month, year. What was typed comes back as it was typed."""

    template_name = "_components/date_inputs.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            {
                "day": forms.TextInput(number),
                "month": forms.TextInput(number),
                "year": forms.TextInput(number),
            },
            attrs,
        )

    def decompress(self, value: date | None) -> list[Any]:
        return [value.day, value.month, value.year] if value else [None, None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        invalid = (attrs or {}).get("aria-invalid")
        for part, label in zip(
            context["widget"]["subwidgets"], (_("Day"), _("Month"), _("Year")), strict=True
        ):
            part["label"] = label
            part["attrs"]["class"] = "form-control is-invalid" if invalid else "form-control"
        return context


class PortalDateField(forms.Field):
    """A calendar day, asked for as day, month and year.

    Refuses a day that does not exist with a sentence that names it, and says which part is missing.
    Digits may be full-width, as Chinese keyboards write them.
    """

    widget = DateInputs

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        typed = [str(part or "").strip() for part in value]
        if not any(typed):
            return None
        if missing := [
            name
            for name, part in zip((_("the day"), _("the month"), _("the year")), typed, strict=True)
            if not part
        ]:
            raise ValidationError(
                _("A date needs day, month and year; %(missing)s is missing.") % {"missing": missing[0]},
                code="incomplete",
            )
        text = " ".join(typed)[:40]
        # a number too long for a date is too long for Python's own conversion as well
        if not all(part.isdecimal() and len(part) <= 4 for part in typed):
            raise ValidationError(
                _("“%(text)s” is not a date in numbers. Write it like 12 10 2024.") % {"text": text},
                code="not_numbers",
            )
        day, month, year = (int(part) for part in typed)
        if len(typed[2]) != 4 or year < 1900:
            raise ValidationError(
                _("Write the year with four digits, for example 2024; “%(year)s” is not one.")
                % {"year": typed[2]},
                code="year",
            )
        if not 1 <= month <= 12:
            raise ValidationError(
                _("Months go from 1 to 12; %(month)s is not one.") % {"month": month}, code="month"
            )
        try:
            return date(year, month, day)
        except ValueError:
            last = date(year, month, monthrange(year, month)[1])
            raise ValidationError(
                _("There is no day %(day)s in that month; it ends on %(last)s.")
                % {"day": day, "last": hong_kong_day(last)},
                code="day",
            ) from None

    def validate(self, value: date | None) -> None:
        if value is None and self.required:
            raise ValidationError(_("Give the date: day, month and year."), code="required")

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = initial if isinstance(initial, list) else DateInputs().decompress(initial)
        return [str(part or "") for part in before] != [
            str(part or "").strip() for part in data or ["", "", ""]
        ]
