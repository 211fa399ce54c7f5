"""The parts of the public check that stand once: first language, earlier study, study mode and status."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility import labels
from eligibility.forms.check_fields import (
    NOT_SURE,
    UNSURE,
    CheckForm,
    Choices,
    one_of,
    said,
    selected,
    truth,
    yes_no,
)


class LanguageForm(CheckForm):
    """The first language, for rules that look at it (UST-06)."""

    first_language = yes_no(
        gettext_lazy("Is English your first language?"), help_text=gettext_lazy("The one you grew up with.")
    )

    def fact(self) -> dict[str, Any]:
        return {"first_language_is_english": truth(self.cleaned_data.get("first_language"))}


class IntakeForm(CheckForm):
    """Study mode, intake and Hong Kong status."""

    mode = one_of(gettext_lazy("How do you want to study?"), [*labels.MODES.items(), NOT_SURE], short=True)
    intake = forms.ChoiceField(label=gettext_lazy("Which intake?"), required=False, widget=forms.RadioSelect)
    status = selected(
        gettext_lazy("What allows you, or will allow you, to be in Hong Kong?"),
        {
            **labels.STATUSES,
            "DEPENDANT": gettext_lazy("Dependant visa, not sure when it was first issued"),
            "STUDENT_VISA": gettext_lazy("Student visa or entry permit, held now or needed to study"),
            UNSURE: NOT_SURE[1],
        },
    )
    origin = one_of(gettext_lazy("Where do you live permanently?"), [*labels.ORIGINS.items(), NOT_SURE])
    widths: ClassVar = {"status": 8}

    def __init__(self, *args: Any, intakes: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [*intakes]
        wanted = {
            "mode": self.asked.mode,
            "intake": len(choices) > 1,
            "status": self.asked.residence,
            "origin": self.asked.origin,
        }
        self.keep_only(name for name, is_asked in wanted.items() if is_asked)
        if "intake" in self.fields:
            self.fields["intake"].choices = choices  # type: ignore[attr-defined]

    def fact(self) -> dict[str, Any]:
        given = self.cleaned_data
        status, origin = said(given.get("status")), said(given.get("origin"))
        return {
            "mode": said(given.get("mode")),
            "residence": {"status": status, "origin": origin} if status else None,
        }


class EarlierForm(CheckForm):
    """An earlier study at the same university that ended without its award (UST-27, UST-28, AMB-25)."""

    widths: ClassVar = {"level": 8, "discipline": 8}
    leaving = one_of(
        "",
        [
            ("NO", gettext_lazy("No")),
            ("WITHDREW", gettext_lazy("Yes, and withdrew by my own decision")),
            ("ACADEMIC_REASONS", gettext_lazy("Yes, and was required to withdraw for academic reasons")),
            ("AFTER_LEAVE", gettext_lazy("Yes, and did not meet the conditions for coming back from leave")),
            ("OTHER_REASONS", gettext_lazy("Yes, and was required to withdraw for other reasons")),
            NOT_SURE,
        ],
    )
    level = selected(gettext_lazy("Which degree did you study for then?"), {})
    discipline = selected(gettext_lazy("In which discipline?"), {})

    def __init__(
        self, *args: Any, institution_name: str, levels: Choices, disciplines: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leaving"].label = _(
            "Did you study for a degree at %(institution)s before, and leave without it?"
        ) % {"institution": institution_name}
        named = {"level": [*levels], "discipline": [(name, name) for name in disciplines]}
        for name, choices in named.items():
            self.fields[name].choices = [  # type: ignore[attr-defined]
                ("", _("Choose one")),
                *choices,
                *([("OTHER", _("Another discipline"))] if name == "discipline" else []),
                (UNSURE, NOT_SURE[1]),
            ]

    def fact(self) -> dict[str, Any]:
        given = self.cleaned_data
        leaving = given.get("leaving")
        if leaving in ("", "NO", None):
            return {"earlier_studies": []}
        discipline = said(given.get("discipline")) or ""
        return {
            "earlier_studies": [
                {
                    "leaving": said(leaving),
                    "level": said(given.get("level")),
                    "discipline": _("Another discipline") if discipline == "OTHER" else discipline,
                }
            ]
        }
