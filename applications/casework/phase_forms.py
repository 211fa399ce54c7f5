"""What is set of a phase of review, and whom cases are spread over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.accounts.models import User
from admissions_portal.clock import HONG_KONG
from admissions_portal.support.forms import PortalDateField, PortalForm
from applications.reviews.assignment_sheet import MOST_BYTES
from applications.reviews.phases import MOST_READERS, OthersScores, ReviewPhase, WhoScores
from applications.reviews.phases_actions import PhaseTerms
from programmes.models import Intake, Programme


def _minute(label: Any, hint: Any, initial: time) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        help_text=hint,
        initial=initial,
        input_formats=["%H:%M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off"}),
    )


class ReviewPhaseForm(PortalForm):
    """A phase: of which intake, from when until when, who scores, how openly."""

    intake = forms.ChoiceField(label=gettext_lazy("Programme and intake"))
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("As readers see it, for example “First reading”."),
        max_length=120,
    )
    begins_on = PortalDateField(label=gettext_lazy("First day"))
    begins_time = _minute(gettext_lazy("First minute of that day (HKT)"), "", time(0, 0))
    ends_on = PortalDateField(label=gettext_lazy("Last day"))
    ends_time = _minute(
        gettext_lazy("Last minute of that day (HKT)"),
        gettext_lazy("The minute counts in full: 23:59 is until the day has ended."),
        time(23, 59),
    )
    who_scores = forms.ChoiceField(
        label=gettext_lazy("Who scores"),
        choices=WhoScores.choices,
        initial=WhoScores.EVERY_READER,
        widget=forms.RadioSelect,
    )
    readers_needed = forms.IntegerField(
        label=gettext_lazy("Readers each case needs"), min_value=1, max_value=MOST_READERS, initial=2
    )
    others_scores = forms.ChoiceField(
        label=gettext_lazy("When readers see each other’s scores"),
        choices=OthersScores.choices,
        initial=OthersScores.AFTER_OWN,
        widget=forms.RadioSelect,
    )
    asks_third_reader = forms.BooleanField(
        label=gettext_lazy("One more reader where the scores lie apart"),
        help_text=gettext_lazy("How far apart they may lie is said by the rubric of the programme."),
        required=False,
    )
    widths: ClassVar[Mapping[str, int]] = {"begins_time": 2, "ends_time": 2, "readers_needed": 2}

    def __init__(
        self,
        *args: Any,
        programmes: Iterable[Programme] = (),
        phase: ReviewPhase | None = None,
        **kwargs: Any,
    ) -> None:
        """`programmes` whose phases one may set up, with their intakes; `phase` is one to change, whose
        intake stays."""
        if phase is not None:
            kwargs["initial"] = _as_answers(phase)
        super().__init__(*args, **kwargs)
        self._intakes: dict[str, Intake] = {}
        if phase is not None:
            del self.fields["intake"]
            return
        self.fields["intake"].choices = [  # type: ignore[attr-defined]
            ("", ""),
            *((programme.name, list(self._choices(programme))) for programme in programmes),
        ]

    def _choices(self, programme: Programme) -> Iterable[tuple[str, str]]:
        for intake in programme.intakes.all():
            # the intake's programme is read already
            intake.programme = programme
            self._intakes[str(intake.pk)] = intake
            yield str(intake.pk), intake.label

    def intake_chosen(self) -> Intake:
        """Call it once the form is valid."""
        return self._intakes[self.cleaned_data["intake"]]

    def terms(self) -> PhaseTerms:
        """What was set. Call it once the form is valid."""
        said = self.cleaned_data
        return PhaseTerms(
            name=said["name"].strip(),
            begins_at=datetime.combine(said["begins_on"], said["begins_time"], tzinfo=HONG_KONG),
            ends_at=datetime.combine(said["ends_on"], said["ends_time"], tzinfo=HONG_KONG),
            who_scores=said["who_scores"],
            readers_needed=said["readers_needed"],
            others_scores=said["others_scores"],
            asks_third_reader=said["asks_third_reader"],
        )


def _as_answers(phase: ReviewPhase) -> dict[str, Any]:
    begins, ends = (at.astimezone(HONG_KONG) for at in (phase.begins_at, phase.ends_at))
    return {
        **{
            name: getattr(phase, name)
            for name in PhaseTerms.__slots__
            if name not in ("begins_at", "ends_at")
        },
        "begins_on": begins.date(),
        "begins_time": begins.time(),
        "ends_on": ends.date(),
        "ends_time": ends.time(),
    }


class ReadersForm(PortalForm):
    """Readers to choose from, each with what they have already."""

    readers = forms.MultipleChoiceField(label=gettext_lazy("Readers"), widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, readers: Iterable[User], loads: Mapping[int, int] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._readers = {str(reader.pk): reader for reader in readers}
        self.fields["readers"].choices = [  # type: ignore[attr-defined]
            (pk, reader if loads is None else _with_load(reader, loads[reader.pk]))
            for pk, reader in self._readers.items()
        ]

    def chosen(self) -> list[User]:
        """Call it once the form is valid."""
        return [self._readers[pk] for pk in self.cleaned_data["readers"]]


def _with_load(reader: User, load: int) -> str:
    return _("%(reader)s (has %(load)s)") % {"reader": reader, "load": load}


class ReaderListForm(PortalForm):
    """A list of cases and readers, as a file or written below it. What stands below counts unless a file is
    sent."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "Two columns: the number of the application and the reader’s e-mail address, as any spreadsheet "
            "saves them."
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    lines = forms.CharField(
        label=gettext_lazy("Or the lines themselves"),
        help_text=gettext_lazy("One line for each: number, comma, address."),
        required=False,
        max_length=MOST_BYTES,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )
