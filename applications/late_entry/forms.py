"""What the office fills in to let somebody in late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.clock import HONG_KONG
from admissions_portal.support.forms import PortalDateField, PortalForm
from applications.late_entry.actions import MOST_USES, CodeScope, CodeTerms
from programmes.models import Offering, Programme


class _UntilForm(PortalForm):
    """A form that asks for the last minute, in Hong Kong time."""

    def until(self) -> datetime:
        """The minute as printed. Call it once the form is valid."""
        return datetime.combine(
            self.cleaned_data["until_on"], self.cleaned_data["until_time"], tzinfo=HONG_KONG
        )


def _day() -> PortalDateField:
    return PortalDateField(label=gettext_lazy("Last day"), help_text=gettext_lazy("A day in Hong Kong."))


def _time() -> forms.TimeField:
    return forms.TimeField(
        label=gettext_lazy("Last minute of that day (HKT)"),
        help_text=gettext_lazy("The minute counts in full: 23:59 is until the day has ended."),
        initial=time(23, 59),
        input_formats=["%H:%M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off"}),
    )


class AccessCodeForm(_UntilForm):
    """A code: what it opens, until when, for how many."""

    scope = forms.ChoiceField(
        label=gettext_lazy("What it opens"),
        help_text=gettext_lazy("Rounds that have closed. A round for local applicants only stays theirs."),
    )
    until_on = _day()
    until_time = _time()
    most_uses = forms.IntegerField(
        label=gettext_lazy("Number of uses"),
        help_text=gettext_lazy("Each application that enters the code is one use."),
        min_value=1,
        max_value=MOST_USES,
        initial=1,
    )
    email = forms.EmailField(
        label=gettext_lazy("Only for the account with this e-mail address"),
        help_text=gettext_lazy("Left empty: whoever has the code may use it."),
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Internal note"),
        help_text=gettext_lazy("Why it is given. It stays in the office."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    widths: ClassVar[Mapping[str, int]] = {"most_uses": 2, "until_time": 2}

    def __init__(self, *args: Any, programmes: Iterable[Programme], **kwargs: Any) -> None:
        """`programmes`: those for which the reader may let people in late, with offerings and rounds."""
        super().__init__(*args, **kwargs)
        self._scopes: dict[str, CodeScope] = {}
        self.fields["scope"].choices = [  # type: ignore[attr-defined]
            ("", ""),
            *((programme.name, list(self._choices(programme))) for programme in programmes),
        ]

    def _choices(self, programme: Programme) -> Iterable[tuple[str, str]]:
        yield (
            self._known(f"programme-{programme.pk}", CodeScope(programme)),
            _("%(programme)s: every intake, mode and round") % {"programme": programme.name},
        )
        for intake in programme.intakes.all():
            for offering in intake.offerings.all():
                named = {"intake": intake.label, "mode": offering.get_mode_display()}
                yield (
                    self._known(f"offering-{offering.pk}", CodeScope(programme, offering)),
                    _("%(intake)s, %(mode)s: every round") % named,
                )
                for round_ in offering.rounds.all():
                    yield (
                        self._known(f"round-{round_.pk}", CodeScope(programme, offering, round_)),
                        _("%(intake)s, %(mode)s: %(round)s") % {**named, "round": round_.title},
                    )

    def _known(self, key: str, scope: CodeScope) -> str:
        self._scopes[key] = scope
        return key

    def scope_chosen(self) -> CodeScope:
        """What was chosen. Call it once the form is valid."""
        return self._scopes[self.cleaned_data["scope"]]

    def terms(self) -> CodeTerms:
        """What was written beside it. Call it once the form is valid."""
        given = {name: self.cleaned_data[name] for name in ("most_uses", "email", "note")}
        return CodeTerms(valid_until=self.until(), **given)


class ExtensionForm(_UntilForm):
    """More time for one person."""

    offering = forms.ChoiceField(label=gettext_lazy("Applied for"))
    email = forms.EmailField(
        label=gettext_lazy("Address the person signs in with"),
        help_text=gettext_lazy(
            "Whether there is a draft is the applicant’s alone; with one, the person is told by message."
        ),
    )
    until_on = _day()
    until_time = _time()
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It stays in the office."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    widths: ClassVar[Mapping[str, int]] = {"until_time": 2}

    def __init__(self, *args: Any, programmes: Iterable[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offerings: dict[str, Offering] = {}
        self.fields["offering"].choices = [  # type: ignore[attr-defined]
            ("", ""),
            *((programme.name, list(self._choices(programme))) for programme in programmes),
        ]

    def _choices(self, programme: Programme) -> Iterable[tuple[str, str]]:
        for intake in programme.intakes.all():
            for offering in intake.offerings.all():
                self._offerings[str(offering.pk)] = offering
                yield (
                    str(offering.pk),
                    _("%(intake)s, %(mode)s") % {"intake": intake.label, "mode": offering.get_mode_display()},
                )

    def offering_chosen(self) -> Offering:
        """Call it once the form is valid."""
        return self._offerings[self.cleaned_data["offering"]]
