"""A stretch of time in a repeated item: from `started_on` until `ended_on`."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from admissions_portal.support.dates import hong_kong_day
from applications.submission.sections.rows import RowForm


def check_order(form: RowForm, today: date) -> None:
    """It ends after it begins and began before today."""
    begun, ended = form.cleaned_data.get("started_on"), form.cleaned_data.get("ended_on")
    if begun and begun > today:
        form.add_error(
            "started_on", _("%(day)s is in the future. Check the year.") % {"day": hong_kong_day(begun)}
        )
    if begun and ended and ended < begun:
        form.add_error(
            "ended_on",
            _("%(end)s is before %(begin)s, when it began. Check both dates.")
            % {"end": hong_kong_day(ended), "begin": hong_kong_day(begun)},
        )
