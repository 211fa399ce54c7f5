"""Django's admin lists as tables that stack on a phone: `{% load office %}` in admin/change_list.html."""

import re
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qsl

from django import template
from django.contrib.admin.templatetags import admin_list
from django.contrib.admin.views.main import ALL_VAR, PAGE_VAR, ChangeList
from django.utils.html import conditional_escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

register = template.Library()

# Django shows a truth as a green or red picture; we say it.
_TRUTH: Final = re.compile(r'<img [^>]*alt="(True|False|None)"[^>]*>')
_WORDS: Final = {"True": _("Yes"), "False": _("No"), "None": _("Not known")}


def _cell(html: str, label: str) -> SafeString:
    """A cell as Django made and escaped it, with its role, the label a phone shows, and one inner block."""
    head, _sep, rest = html.partition(">")
    body, _sep, close = rest.rpartition("</")
    body = _TRUTH.sub(lambda found: str(_WORDS[found[1]]), body)
    is_row_head = head.startswith("<th")
    extra = format_html(' role="{}"', "rowheader" if is_row_head else "cell")
    if label and not is_row_head:
        extra += format_html(' data-label="{}"', label)
    if "action-checkbox" in head:
        return mark_safe(f"{head}{extra}>{body}</{close}")  # nosec B308 B703  escaped by Django, as above
    return mark_safe(f"{head}{extra}><div>{body}</div></{close}")  # nosec B308 B703  likewise


def _header(header: dict[str, Any]) -> dict[str, Any]:
    is_sorted = header.get("sortable") and header.get("sorted")
    text = conditional_escape(header["text"])
    return {
        "text": text,
        "is_toggle": "action-toggle" in text,
        "url": (header["url_toggle"] if is_sorted else header["url_primary"])
        if header.get("sortable")
        else "",
        "sorted": ("ascending" if header["ascending"] else "descending") if is_sorted else "",
        "label": "" if "action-toggle" in text else strip_tags(text),
    }


@register.inclusion_tag("admin/change_list_results.html")
def office_results(cl: ChangeList) -> dict[str, Any]:
    """The rows of a change list."""
    headers = [_header(header) for header in admin_list.result_headers(cl)]
    labels = [header["label"][:1].upper() + header["label"][1:] for header in headers]
    rows = [
        {
            "errors": result.form.non_field_errors() if result.form else "",
            "cells": [_cell(str(item), label) for item, label in zip(_visible(result), labels, strict=False)],
        }
        for result in admin_list.results(cl)
    ]
    return {
        "headers": headers,
        "rows": rows,
        "hidden_fields": list(admin_list.result_hidden_fields(cl)),
        "caption": cl.opts.verbose_name_plural,
        "empty": gettext("Nothing matches. Take a filter away, or search for fewer words.")
        if cl.has_active_filters or cl.query
        else gettext("There is nothing here yet."),
    }


def _visible(result: Any) -> list[str]:
    return [item for item in result if str(item).startswith(("<td", "<th"))]


@register.inclusion_tag("admin/pagination.html")
def office_pages(cl: ChangeList) -> dict[str, Any]:
    """Which rows these are, and the way to the others."""
    page = cl.paginator.get_page(cl.page_num)
    whole = cl.show_all or not cl.multi_page
    shown = len(cl.result_list)
    return {
        "first": 1 if whole else page.start_index(),
        "last": shown if whole else page.end_index(),
        "total": cl.result_count,
        "previous_url": ""
        if whole or not page.has_previous()
        else cl.get_query_string({PAGE_VAR: cl.page_num - 1}),
        "next_url": "" if whole or not page.has_next() else cl.get_query_string({PAGE_VAR: cl.page_num + 1}),
        "all_url": cl.get_query_string({ALL_VAR: ""})
        if cl.can_show_all and cl.multi_page and not cl.show_all
        else "",
    }


@register.filter
def query_pairs(query: str) -> list[tuple[str, str]]:
    """`?a=1&b=2` as pairs, for the hidden fields of a filter that is a form."""
    return parse_qsl(query.removeprefix("?"), keep_blank_values=True)


@register.filter
def date_input(value: date | str | None) -> str:
    """A day as a date input wants it, whatever the language of the page."""
    return value.isoformat() if isinstance(value, date) else value or ""
