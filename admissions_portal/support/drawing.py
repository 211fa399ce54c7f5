"""Fields and inputs as HTML, put together in Python in a tenth of the time that templates take.

The renderer of our forms asks here for what Django's widget templates would draw, and
`_components/field.html` for the whole field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from admissions_portal.support.forms import PortalBoundField

Context = Mapping[str, Any]


def draw_form(form: Any) -> SafeString:
    """What is wrong with the form as a whole, then its fields as its helper's layout groups them."""
    wrong = (
        render_to_string("_components/form_errors.html", {"form": form}) if form.non_field_errors() else ""
    )
    layout = form.helper.layout if "helper" in vars(form) else None
    drawn = wrong + _draw_layout(form, layout.fields if layout else form.fields)
    return mark_safe(drawn)  # nosec B308 B703  every text in it is escaped below


def _draw_layout(form: Any, parts: Iterable[Any]) -> str:
    return "".join(
        draw_field(form[part])
        if isinstance(part, str)
        else f'<div class="{_text(part.css_class)}">{_draw_layout(form, part.fields)}</div>'
        for part in parts
    )


def draw_field(field: PortalBoundField) -> SafeString:
    """Label, hint, error, input, in this order; a single box has its label behind it."""
    control = field.as_widget()
    if field.is_hidden:
        return control
    place, label, hint = field.auto_id, _text(field.label), _text(field.help_text)
    hint = f'<div class="form-text" id="{place}_helptext">{hint}</div>' if hint else ""
    wrong = "<br>".join(map(_text, field.errors))
    above = hint + (f'<p class="invalid-feedback" id="{place}_error">{wrong}</p>' if wrong else "")
    if field.is_check:
        return mark_safe(  # nosec B308 B703  every text in it is escaped above
            f'<div class="pg-field" id="{place}_field">{above}<div class="form-check">{control}'
            f'<label class="form-check-label" for="{field.id_for_label}">{label}</label></div></div>'
        )
    if field.is_marked_optional:
        label += f' <span class="pg-optional">{_text(_("(optional)"))}</span>'
    if field.use_fieldset:
        described = field.aria_describedby
        by = f' aria-describedby="{described}"' if described else ""
        return mark_safe(  # nosec B308 B703  every text in it is escaped above
            f'<fieldset class="pg-set" id="{place}_field"{by}><legend>{label}</legend>{above}{control}'
            "</fieldset>"
        )
    return mark_safe(  # nosec B308 B703  every text in it is escaped above
        f'<div class="pg-field" id="{place}_field">'
        f'<label class="form-label" for="{field.id_for_label}">{label}</label>{above}{control}</div>'
    )


def draw_long_select(
    name: str, value: str, attrs: Mapping[str, Any], options: tuple[tuple[str, str], ...]
) -> SafeString:
    """A list that is the same for everybody: put together once, the answer marked in it."""
    chosen = f'<option value="{escape(value)}"'
    listed = _options(options).replace(f"{chosen}>", f"{chosen} selected>", 1)
    drawn = f'<select name="{escape(name)}"{_attributes(attrs)}>{listed}</select>'
    return mark_safe(drawn)  # nosec B308 B703  escaped piece by piece


@cache
def _options(options: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in options)


def _input(widget: Context) -> str:
    value, name = widget["value"], _text(widget["name"])
    given = "" if value is None else f' value="{_text(value)}"'
    return f'<input type="{widget["type"]}" name="{name}"{given}{_attributes(widget["attrs"])}>'


def _textarea(widget: Context) -> str:
    text = _text(widget["value"]) if widget["value"] else ""
    # the first line end belongs to the mark-up
    return f'<textarea name="{_text(widget["name"])}"{_attributes(widget["attrs"])}>\n{text}</textarea>'


def _select(widget: Context) -> str:
    parts = []
    for group, options, _index in widget["optgroups"]:
        listed = "\n".join(map(_option, options))
        parts.append(f'<optgroup label="{_text(group)}">{listed}</optgroup>' if group else listed)
    inside = "\n".join(parts)
    return f'<select name="{_text(widget["name"])}"{_attributes(widget["attrs"])}>{inside}</select>'


def _option(option: Context) -> str:
    value, label = _text(option["value"]), _text(option["label"])
    return f'<option value="{value}"{_attributes(option["attrs"])}>{label}</option>'


def _choices(widget: Context) -> str:
    """Radio buttons and boxes, a line each with the label behind; fieldset and legend are the field's."""
    own = widget["attrs"]
    lines = []
    for group, options, _index in widget["optgroups"]:
        if group:
            lines.append(f'<p class="pg-choice-group">{_text(group)}</p>')
        lines += [f'<div class="form-check">{_choice(option)}</div>' for option in options]
    place = f' id="{_text(own["id"])}"' if own.get("id") else ""
    css = f"pg-choices {_text(own['class'])}" if own.get("class") else "pg-choices"
    return f'<div{place} class="{css}">{"".join(lines)}</div>'


def _choice(option: Context) -> str:
    box = _input({**option, "attrs": {**option["attrs"], "class": "form-check-input"}})
    if not option["wrap_label"]:
        return box
    place = option["attrs"].get("id", "")
    return f'{box}<label class="form-check-label" for="{place}">{_text(option["label"])}</label>'


def _date(widget: Context) -> str:
    """Three numbers with a label each."""
    parts = "".join(
        f'<div><label for="{part["attrs"]["id"]}">{_text(part["label"])}</label>{_input(part)}</div>'
        for part in widget["subwidgets"]
    )
    return f'<div class="pg-date">{parts}</div>'


def _attributes(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{_text(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _text(value: object) -> str:
    text = str(value)
    return text if isinstance(text, SafeString) else escape(text)


INPUTS = "text number email url password hidden checkbox date datetime time search tel file"
WIDGETS: Final[Mapping[str, Callable[[Context], str]]] = {
    "_components/date_inputs.html": _date,
    **{
        f"django/forms/widgets/{name}.html": draw
        for draw, names in (
            (_input, f"input {INPUTS}"),
            (_textarea, "textarea"),
            (_select, "select"),
            (_choices, "radio checkbox_select multiple_input"),
            (_choice, "radio_option checkbox_option input_option"),
        )
        for name in names.split()
    },
}
"""What is drawn here, by the name of the template it stands for."""
