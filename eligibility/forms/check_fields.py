"""What the forms of the public check share: how a question is put, what the engine is told of its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalForm
from eligibility.forms.check_asked import Asked

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

UNSURE: Final = "UNSURE"
NOT_SURE = (UNSURE, gettext_lazy("I am not sure"))
Choices = Iterable[tuple[str, Any]]


def one_of(
    label: str | _StrPromise, choices: Choices, *, help_text: str | _StrPromise = "", short: bool = False
) -> forms.ChoiceField:
    """A question answered by one of a few radio buttons, or not at all; `short` answers share a line."""
    widget = forms.RadioSelect(attrs={"class": "pg-few"} if short else None)
    return forms.ChoiceField(
        label=label, choices=[*choices], help_text=help_text, required=False, widget=widget
    )


def yes_no(label: str | _StrPromise, *, help_text: str | _StrPromise = "") -> forms.ChoiceField:
    return one_of(
        label,
        [("YES", gettext_lazy("Yes")), ("NO", gettext_lazy("No")), NOT_SURE],
        help_text=help_text,
        short=True,
    )


def selected(
    label: str | _StrPromise,
    choices: Mapping[str, Any],
    *,
    help_text: str | _StrPromise = "",
    required: bool = False,
) -> forms.ChoiceField:
    """A question with a longer list of answers."""
    return forms.ChoiceField(
        label=label,
        choices=[("", gettext_lazy("Choose one")), *choices.items()],
        help_text=help_text,
        required=required,
    )


def said(value: Any) -> Any:
    """An answer as the engine is told it: not sure, or no answer, is None."""
    return None if value in ("", UNSURE, None) else value


def truth(value: Any) -> bool | None:
    """A yes or no as the engine is told it."""
    return {"YES": True, "NO": False}.get(value)


class CheckForm(PortalForm):
    """A part of the check. Nothing is stored, so nothing has to be answered: no field is marked optional."""

    needed_later = "__all__"

    def __init__(self, *args: Any, asked: Asked, today: date, **kwargs: Any) -> None:
        self.asked, self.today = asked, today
        super().__init__(*args, **kwargs)

    def keep_only(self, names: Iterable[str]) -> None:
        """Leave out the questions that no rule reads."""
        wanted = set(names)
        for name in [name for name in self.fields if name not in wanted]:
            del self.fields[name]

    def fact(self) -> dict[str, Any]:
        """The answers as JSON of the engine's record; of a valid form only."""
        raise NotImplementedError
