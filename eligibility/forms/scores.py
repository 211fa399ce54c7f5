"""A score as its report prints it: a number on the test's own scale, in its own steps (DOMAIN B5, B6)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from eligibility.engine import SCALES, EnglishTestKind, FactsError, check_score


class ScoreField(forms.Field):
    """A score of one test. Raises ValidationError with the value and what the scale can give."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, *, kind: EnglishTestKind, part: str, said: str = "", **kwargs: Any) -> None:
        """`said`: what a refusal calls the score, where the label says more than that."""
        self.kind, self.part, self.said = kind, part, said
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        # int() and Decimal() read full-width digits; the point and comma of Chinese keyboards they do not
        text = str(value or "").strip().replace("．", ".").replace("，", ",").replace(",", ".")
        if not text:
            return None
        try:
            score = Decimal(text)
        except InvalidOperation:
            score = Decimal("NaN")
        if not score.is_finite():
            raise ValidationError(
                _("“%(text)s” is not a score in figures. Write it like 6.5.") % {"text": str(value)[:20]}
            )
        try:
            check_score(self.kind, self.part, score)
        except FactsError:
            raise ValidationError(self._sentence(score, text)) from None
        return score

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str("" if initial is None else initial) != str(data or "").strip()

    def _sentence(self, score: Decimal, text: str) -> str:
        """What is wrong with the score, with the score in it."""
        scale = SCALES[self.kind]
        allowed = {"overall": scale.overall, "comparable_total": scale.comparable}.get(self.part, scale.part)
        words = {"part": self.said or str(self.label), "score": text[:20]}
        if allowed is None:
            return _("This test prints no %(part)s score; leave it empty.") % words
        if not allowed.low <= score <= allowed.high:
            limits = {"low": f"{allowed.low.normalize():f}", "high": f"{allowed.high.normalize():f}"}
            return _("%(part)s goes from %(low)s to %(high)s; %(score)s cannot be a score.") % {
                **words,
                **limits,
            }
        return _("%(part)s goes in steps of %(step)s; %(score)s cannot be a score.") % {
            **words,
            "step": f"{allowed.step.normalize():f}",
        }
