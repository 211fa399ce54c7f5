"""What a reader may say about a case: points for each category, or that they cannot judge it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalForm
from applications.reviews.actions import RUBRIC_CHANGED
from applications.reviews.models import Recommendation, Review, Rubric
from applications.reviews.rubric import SINGLE_SCORE, Category

# up to so many points all lie open; a longer scale is a list to choose from
MOST_RADIOS = 11


class CaseReviewForm(PortalForm):
    """A field for each category of `rubric`; the score on its common scale is reckoned, never typed. A form
    drawn under another version of the rubric comes back with what is scored now."""

    recommendation = forms.ChoiceField(
        label=gettext_lazy("Recommendation"), choices=[("", ""), *Recommendation.choices]
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    rubric = forms.CharField(required=False, widget=forms.HiddenInput)
    widths = {"recommendation": 8}

    def __init__(self, *args: Any, scored: Rubric | None, own: Review | None = None, **kwargs: Any) -> None:
        self.scored, self.categories = scored, SINGLE_SCORE if scored is None else scored.record()
        kwargs["initial"] = {"rubric": self._edition, **_said_in(own, scored)}
        super().__init__(*args, **kwargs)
        points = {category.key: _points_field(category) for category in self.categories}
        for name, field in points.items():
            self.add_field(name, field)
        self.order_fields([*points, "recommendation", "comment", "rubric"])

    @property
    def _edition(self) -> str:
        return str(self.scored.pk) if self.scored else ""

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("rubric") != self._edition:
            # drawn again, it says what is scored now
            self.data = {**self.data, "rubric": self._edition}
            self.add_error(None, RUBRIC_CHANGED)
        return self.cleaned_data

    def said(self) -> dict[str, Any]:
        """What `give_review` takes."""
        return {
            "points": {category.key: self.cleaned_data[category.key] for category in self.categories},
            "rubric": self.scored,
            "recommendation": self.cleaned_data["recommendation"],
            "comment": self.cleaned_data["comment"],
        }


class CaseAbstainForm(PortalForm):
    """Why a reader cannot judge a case."""

    reason = forms.CharField(
        label=gettext_lazy("Why you cannot judge this case"),
        help_text=gettext_lazy("It stays on the file. The case counts as done for you, and gets no score."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="abstain-%s", **kwargs)
        self.summary_label = _("I cannot judge this case")


def _points_field(category: Category) -> forms.Field:
    choices = [(str(points), _in_words(category, points)) for points in category.scale]
    is_short = len(choices) <= MOST_RADIOS
    return forms.TypedChoiceField(
        label=category.title,
        help_text=category.hint,
        coerce=Decimal,
        choices=choices if is_short else [("", ""), *choices],
        widget=forms.RadioSelect if is_short else forms.Select,
    )


def _in_words(category: Category, points: Decimal) -> str:
    words = category.said_of(points)
    if not words:
        return str(points)
    return _("%(points)s: %(words)s") % {"points": points, "words": words}


def _said_in(own: Review | None, scored: Rubric | None) -> dict[str, Any]:
    """One's own review as it stands; its points only where they are points of the same rubric."""
    if own is None or own.abstained:
        return {}
    points = own.points if own.rubric_id == (scored and scored.pk) else {}
    return {**points, "recommendation": own.recommendation, "comment": own.comment}
