"""Dates, names, money and states as the portal writes them: `{% load portal %}`.

`hkt` writes a moment in Hong Kong time; what is left until then needs `now`, which every page has.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Final

from django import template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from admissions_portal.clock import HONG_KONG
from admissions_portal.support import contact, dates

register = template.Library()

# Outcome of a rule, or state of a thing: icon (its shape), class (its colour), word.
STATUSES: Final[dict[str, tuple[str, str, str | Promise]]] = {
    "MET": ("met", "met", _("Met")),
    "NOT_MET": ("notmet", "notmet", _("Not met")),
    "NEEDS_EVIDENCE": ("evidence", "evidence", _("Needs evidence")),
    "REFER": ("refer", "refer", _("Refer")),
    "PENDING_OFFICER": ("pending", "pending", _("Pending officer")),
    "NOT_APPLICABLE": ("na", "na", _("Not applicable")),
    "TODO": ("todo", "na", _("Not begun")),
    "PART": ("part", "na", _("In progress")),
    "WARN": ("warn", "evidence", _("Attention")),
    "INFO": ("info", "na", _("Note")),
}
_ALIASES: Final = {
    "NOTMET": "NOT_MET",
    "EVIDENCE": "NEEDS_EVIDENCE",
    "PENDING": "PENDING_OFFICER",
    "NA": "NOT_APPLICABLE",
}

_HAN: Final = re.compile(
    r"[\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·]*"
    r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)


@register.filter(expects_localtime=False)
def hkt(at: datetime | None) -> str:
    """`31 March 2026, 23:59 HKT`; nothing for None."""
    return dates.hong_kong_time(at) if at else ""


@register.filter(expects_localtime=False)
def hkt_seconds(at: datetime | None) -> str:
    """`28 March 2026, 09:41:07 HKT`, for receipts."""
    return dates.hong_kong_time(at, seconds=True) if at else ""


@register.filter(expects_localtime=False)
def hktime(at: datetime | None) -> str:
    """`09:41:07 HKT`, where the day is plain."""
    return dates.time_of_day(at) if at else ""


@register.filter(expects_localtime=False)
def hkday(on: date | datetime | None) -> str:
    """`31 March 2026`."""
    return dates.hong_kong_day(on) if on else ""


@register.filter(expects_localtime=False)
def hkday_short(on: date | datetime | None) -> str:
    """`7 Apr`."""
    return dates.short_day(on) if on else ""


@register.filter(expects_localtime=False)
def countdown(until: datetime | None, now: datetime) -> str:
    """`in 6 days`, `in 5 hours`, `closed 10 days ago`, unbroken: `{{ round.closes_at|countdown:now }}`."""
    return dates.time_left(until, now).replace(" ", dates.NBSP) if until else ""


@register.filter(expects_localtime=False)
def ago(at: datetime | None, now: datetime) -> str:
    """`10 days ago`: `{{ event.at|ago:now }}`."""
    return dates.time_since(at, now) if at else ""


@register.simple_tag
def gap() -> str:
    """What stands between two sentences: a space; nothing behind the full-width punctuation of Chinese."""
    return "" if (get_language() or "").startswith("zh") else " "


@register.simple_tag
def moment(at: datetime | None, seconds: bool = False) -> str:
    """The instant as `<time>`; a script adds the reader's own zone: `{% moment offer.reply_by %}`."""
    if not at:
        return ""
    return format_html(
        '<time datetime="{}" data-pg-moment>{}</time>',
        at.astimezone(HONG_KONG).isoformat(timespec="seconds" if seconds else "minutes"),
        dates.hong_kong_time(at, seconds=seconds),
    )


@register.simple_tag
def due(at: datetime | None, now: datetime) -> str:
    """A date that binds, absolute and relative: `31 March 2026, 23:59 HKT (in 6 days)`."""
    if not at:
        return ""
    return format_html(
        '{} <small class="pg-nowrap" data-pg-countdown="{}">{}</small>',
        moment(at),
        at.isoformat(timespec="seconds"),
        _("(%(left)s)") % {"left": dates.time_left(at, now)},
    )


@register.simple_tag
@cache
def icon(name: str, css_class: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers: the word beside it carries the meaning."""
    return format_html(
        '<svg class="pg-icon{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {css_class}" if css_class else "",
        static("images/icons.svg"),
        name,
    )


@register.simple_tag
def steps_list(steps: Iterable[Any]) -> SafeString:
    """The list in `steps.html`, which shows it in two places; a step without `url` is not yet open."""
    return format_html(
        '<ol class="pg-steps">{}</ol>',
        format_html_join(
            "",
            '<li><{0}{1}><span>{2}</span><span class="pg-state">{3}{4}</span></{0}></li>',
            (
                (
                    "a" if step.url else "span",
                    _place_of(step),
                    step.title,
                    icon(step.status) if step.status else "",
                    step.word,
                )
                for step in steps
            ),
        ),
    )


def _place_of(step: Any) -> SafeString:
    if not step.url:
        return SafeString(' class="pg-step-shut"')
    return format_html(
        ' href="{}"{}', step.url, SafeString(' aria-current="step"') if step.is_current else ""
    )


def _status_of(outcome: object) -> tuple[str, str, str | Promise]:
    key = (
        str(outcome.value if isinstance(outcome, Enum) else outcome)
        .upper()
        .replace("-", "_")
        .replace(" ", "_")
    )
    return STATUSES[_ALIASES.get(key, key)]


@register.simple_tag
def status(outcome: object, word: object = None) -> SafeString:
    """Shape, word and colour: `{% status finding.outcome %}`, `{% status "met" _("Checked") %}`.

    Raises KeyError for a name that has no shape: a state without one would be told by colour alone.
    """
    shape, colour, own_word = _status_of(outcome)
    return format_html('<span class="pg-status pg-is-{}">{}{}</span>', colour, icon(shape), word or own_word)


@register.simple_tag
def glyph(outcome: object, count: object = "") -> SafeString:
    """The short form for dense tables: shape and number, the word for screen readers and on hover. One
    element, its shape drawn by the style sheet: a list holds hundreds."""
    _shape, colour, word = _status_of(outcome)
    return format_html(
        '<span class="pg-g pg-g-{}" role="img" title="{}" aria-label="{}">{}</span>',
        colour,
        word,
        _("%(word)s: %(count)s") % {"word": word, "count": count},
        count,
    )


@register.filter
def han(text: object) -> SafeString:
    """Han characters marked as Chinese, so that they are read and drawn as such; all is escaped."""
    plain = "" if text is None else str(text)
    if (get_language() or "").startswith("zh"):  # the page says so already, and which of the two
        return format_html("{}", plain)
    parts, last = [], 0
    for match in _HAN.finditer(plain):
        parts += [
            plain[last : match.start()],
            format_html('<span class="pg-han" lang="zh">{}</span>', match.group()),
        ]
        last = match.end()
    parts.append(plain[last:])
    return format_html_join("", "{}", ((part,) for part in parts))


@register.filter
def person(who: Any) -> SafeString:
    """Names as written: family, given, Chinese (`LIN Yuhan 林雨涵`). One name alone is complete.

    `who` has `family_name`, `given_names` and `chinese_name`, any of which may be empty. Nothing is swapped
    or re-cased.
    """
    names = [getattr(who, field, "") or "" for field in ("family_name", "given_names", "chinese_name")]
    return han(" ".join(name.strip() for name in names if name.strip()))


@register.filter
def money(amount: Decimal | int | None, currency: str = "HKD") -> str:
    """`HK$198,000`; cents only where there are any. A fee has a status: use `_components/fee.html`."""
    if amount is None:
        return ""
    value = Decimal(amount)
    figures = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
    return f"HK${figures}" if currency == "HKD" else f"{currency}{dates.NBSP}{figures}"


@register.filter
def grouped(code: object, size: int = 4) -> str:
    """A fingerprint in groups of four, so that people can compare it."""
    text = "" if code is None else str(code)
    return " ".join(text[start : start + size] for start in range(0, len(text), size))


@register.filter
def filesize_words(size: int | None) -> str:
    """`1.4 MB` in decimal units, as phones and file managers show them."""
    if size is None:
        return ""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}{dates.NBSP}kB"
    return f"{size / 1_000_000:.1f}{dates.NBSP}MB"


@register.simple_tag
def crumbs(*pairs: object) -> SafeString:
    """Where the page stands, less itself, address and words by turns: `{% crumbs url _("Programmes") %}`."""
    items = format_html_join("", '<li><a href="{}">{}</a></li>', zip(pairs[::2], pairs[1::2], strict=True))
    return format_html('<nav class="pg-crumbs" aria-label="{}"><ol>{}</ol></nav>', _("You are here"), items)


@register.inclusion_tag("_components/offices.html")
def offices() -> dict[str, Any]:
    """Whom to ask, with telephone and address; nothing while the database does not answer."""
    return {"offices": contact.offices()}


@register.filter
def telephone_link(phone: str) -> str:
    """`(+852) 3910 2821` as the `tel:` address a telephone dials."""
    return "tel:" + re.sub(r"[^\d+]", "", phone)


@register.filter
def first_target(field: BoundField) -> str:
    """The id a link in the error summary points to: the first input of the field."""
    if field.field.widget.use_fieldset and field.subwidgets:
        first = field.subwidgets[0].data
        inner = first.get("subwidgets") or [first]
        return str(inner[0]["attrs"].get("id", field.auto_id))
    return str(field.id_for_label or field.auto_id)


def _forms_in(sources: Iterable[Any]) -> Iterable[BaseForm]:
    for source in sources:
        if source is None or source == "":
            continue
        if isinstance(source, BaseForm):
            yield source
        else:  # a formset, or a list of either
            yield from _forms_in(source)


@register.inclusion_tag("_components/errors.html")
def errors(*sources: Any) -> dict[str, Any]:
    """All problems of the given forms, formsets and lists of them at once, each a link to its field.

    `{% errors form %}`, `{% errors form tests_formset %}`. Nothing is shown where nothing is wrong.
    A form may name itself with `summary_label` ("Test 2"), which then opens each of its lines.
    """
    problems: list[dict[str, Any]] = []
    for source in sources:
        if hasattr(source, "non_form_errors") and source.is_bound:
            problems += [
                {"target": f"{source.prefix}-errors", "where": "", "message": m}
                for m in source.non_form_errors()
            ]
    for form in _forms_in(sources):
        if not form.is_bound or not form.errors:
            continue
        own = str(getattr(form, "summary_label", "") or "")
        for message in form.non_field_errors():
            problems.append({"target": f"{form.prefix or 'form'}-errors", "where": own, "message": message})
        for field in form:
            # a question mark or full stop of the label does not stand before the colon
            label = "" if field.is_hidden else str(field.label).rstrip("?？.。:： ")
            where = gettext(", ").join([own, label]) if own and label else own or label
            problems += [{"target": first_target(field), "where": where, "message": m} for m in field.errors]
    return {"problems": problems}
