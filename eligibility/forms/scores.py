"""A score as its report prints it: a number on the test's own scale, in its own steps (DOMAIN B5, B6)."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from eligibility.engine import SCALES, EnglishTestKind, FactsError, Range, check_score

_SCORE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,20})?")


def in_figures(text: str) -> str:
    """A number with the digits 0 to 9 and a point, however a keyboard writes them: full-width, Arabic,
    with the point or the comma of Chinese."""
    digits = (str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text.strip())
    return "".join(digits).translate(_POINTS)


_POINTS = str.maketrans({"．": ".", "，": ".", "。": ".", ",": ".", "٫": "."})


class ScoreField(forms.Field):
    """A score of one test. Raises ValidationError with the value and what the scale can give."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(
        self,
        *,
        kind: EnglishTestKind,
        part: str,
        said: str = "",
        scale: Range | None = None,
        **kwargs: Any,
    ) -> None:
        """`said`: what a refusal calls the score, where the label says more than that. `scale`: that of a
        test which only an office's rules know (kind OTHER)."""
        self.kind, self.part, self.said, self.scale = kind, part, said, scale
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        text = in_figures(str(value or ""))
        if not text:
            return None
        # Decimal() itself would take "1_0" and "1e1" for ten
        if not _SCORE.fullmatch(text):
            raise ValidationError(
                _("“%(text)s” is not a score in figures. Write it like 6.5.") % {"text": str(value)[:20]}
            )
        score = Decimal(text)
        try:
            check_score(self.kind, self.part, score)
        except FactsError:
            raise ValidationError(self._sentence(score, text)) from None
        if self.scale is not None and not self.scale.has(score):
            raise ValidationError(self._sentence(score, text))
        if score != round(score, 1):
            raise ValidationError(
                _("“%(text)s” has too many decimals. Write the score with one, as printed.")
                % {"text": text[:20]}
            )
        return score

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str("" if initial is None else initial) != str(data or "").strip()

    def _sentence(self, score: Decimal, text: str) -> str:
        """What is wrong with the score, with the score in it."""
        scale = SCALES[self.kind]
        printed = {"overall": scale.overall, "comparable_total": scale.comparable}.get(self.part, scale.part)
        allowed = self.scale or printed
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
