"""An entry of the acceptance register as a form: what is accepted, as what, for whom, since when, why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from admissions_portal.support.forms import PortalDateField, PortalForm
from eligibility import labels
from eligibility.actions import AcceptanceTerms
from eligibility.models import AcceptedAward
from programmes.models import Programme

KINDS: Mapping[str, Any] = {
    "RECOGNISED": gettext_lazy("The institution is recognised: its degrees count as degrees"),
    "COMPARABLE": gettext_lazy(
        "The institution is comparable: its bachelor’s degrees count as this university’s own"
    ),
    "EQUIVALENT": gettext_lazy("The award is of equivalent standard to what the rules ask"),
}


class Spellings(forms.Field):
    """Several spellings, one a line; the value is a list, each once, in the order written."""

    widget = forms.Textarea

    def __init__(self, *, most: int = 30, **options: Any) -> None:
        super().__init__(**options)
        self.most = most

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        lines = [" ".join(line.split()) for line in str(value or "").splitlines()]
        return list(dict.fromkeys(filter(None, lines)))

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if len(value) > self.most:
            raise forms.ValidationError(
                _("Write at most %(most)d spellings; there are %(given)d.")
                % {"most": self.most, "given": len(value)}
            )
        for line in value:
            ProhibitNullCharactersValidator()(line)
            if len(line) > 200:
                raise forms.ValidationError(
                    _("One line has %(given)d characters; a name has at most 200.") % {"given": len(line)}
                )


class AcceptanceForm(PortalForm):
    """An entry; whom it is for is chosen among what one may edit."""

    scope = forms.ChoiceField(label=gettext_lazy("Accepted by"))
    names = Spellings(
        label=gettext_lazy("Names of the institution"),
        help_text=gettext_lazy(
            "One spelling a line, in each language. Names are compared as spelt, never guessed; capitals, "
            "spaces and punctuation make no difference."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country or region"),
        help_text=gettext_lazy("Left open: wherever the institution is."),
        required=False,
    )
    titles = Spellings(
        label=gettext_lazy("Titles of the award"),
        help_text=gettext_lazy("One spelling a line. Left open: any award of the institution."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    level = forms.ChoiceField(
        label=gettext_lazy("Level of the award"),
        help_text=gettext_lazy("Left open: any level."),
        required=False,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Accepted as"), choices=list(KINDS.items()), widget=forms.RadioSelect
    )
    in_force_from = PortalDateField(
        label=gettext_lazy("For applications received from"),
        help_text=gettext_lazy("This day in Hong Kong and later."),
    )
    until = PortalDateField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("The last day. Left empty: without an end."),
        required=False,
    )
    why = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Who decided it, when, and on what evidence."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    # another officer may save meanwhile: which edition this form was opened on
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    widths: ClassVar[Mapping[str, int]] = {"country": 8, "level": 8, "scope": 8}

    def __init__(
        self, *args: Any, programmes: Iterable[Programme], whole: Iterable[str], **kwargs: Any
    ) -> None:
        """`programmes`: those one may edit the rules of; `whole`: institutions one may edit them all of."""
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = scopes(programmes, set(whole))  # type: ignore[attr-defined]
        self.fields["country"].choices = [("", _("Anywhere")), *countries]  # type: ignore[attr-defined]
        self.fields["level"].choices = [("", _("Any level")), *labels.LEVELS.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("in_force_from"), cleaned.get("until")
        if starts and ends and ends < starts:
            self.add_error("until", _("The last day lies before the first. Change one of the two."))
        return cleaned

    @staticmethod
    def initial_of(entry: AcceptedAward) -> dict[str, Any]:
        """An entry as the form shows it."""
        plain = ("names", "country", "titles", "level", "kind", "in_force_from", "until", "why")
        return {
            **{name: getattr(entry, name) for name in plain},
            "scope": f"{entry.institution_code}/{entry.programme_slug}",
            "seen": entry.edition,
        }

    def terms(self) -> AcceptanceTerms:
        """What was written; call it once the form is valid."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("scope", "seen")}
        institution_code, _slash, programme_slug = self.cleaned_data["scope"].partition("/")
        return AcceptanceTerms(institution_code=institution_code, programme_slug=programme_slug, **given)


class WithdrawalForm(PortalForm):
    """Why an entry is withdrawn."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is withdrawn"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def scopes(programmes: Iterable[Programme], whole: set[str]) -> list[tuple[str, str]]:
    """`hku/` for every programme of an institution one may edit all of, `hku/mmedsc` for one programme."""
    programmes = list(programmes)
    found: dict[str, str] = {}
    for programme in programmes:
        house = programme.institution
        if house.code in whole:
            found[f"{house.code}/"] = _("%(institution)s, every programme") % {"institution": house.name}
    for programme in programmes:
        found[f"{programme.institution.code}/{programme.slug}"] = programme.name
    return list(found.items())
