"""A School's or programme's layer as a form: only what may be raised, beside what stands below it, and
clauses of its own for officers to confirm."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from eligibility import labels
from eligibility.engine import (
    Check,
    EnglishMinimum,
    EnglishTestKind,
    FactsError,
    Honours,
    Layer,
    Overlay,
    Requirements,
    Rule,
    stricter,
)
from eligibility.forms.drafts import DraftForm
from eligibility.forms.english import EnglishRow, add_row, has_figures, minimum_from
from eligibility.layers import lowerings
from eligibility.models import Policy

# a code that can stand in an address and in a spreadsheet
_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.\-]{0,39}$")


@dataclass
class OwnClause:
    """One clause of the layer, for an officer to confirm for each applicant."""

    key: str
    title: str
    fields: list[BoundField]


class OverlayDraftForm(DraftForm):
    """What a School or programme asks beyond `below`: the rules that stand under it, one for each programme
    it speaks of where they differ."""

    def __init__(
        self,
        policy: Policy,
        overlay: Overlay,
        below: Sequence[Requirements],
        *,
        effective_from: date | None = None,
        reason: str = "",
        data: QueryDict | None = None,
        typed: QueryDict | None = None,
    ) -> None:
        super().__init__(effective_from=effective_from, reason=reason, data=data, typed=typed)
        self.policy, self.overlay, self.below = policy, overlay, below
        self.rows = self._rows()
        source = forms.CharField(
            label=_("Where the School or programme says so"), max_length=200, required=False
        )
        self.add("clause", source, overlay.clause)
        self.outstanding = self._outstanding()
        self.own_clauses = [self._own_clause(key) for key in self._clause_keys()]
        self.show_again()

    def lists(self) -> dict[str, list[str]]:
        return {"own_clause": [clause.key for clause in self.own_clauses]}

    def next_key(self) -> str:
        """A key no clause of this form has."""
        numbers = [int(clause.key) for clause in self.own_clauses if clause.key.isdigit()]
        return str(max(numbers, default=-1) + 1)

    def content(self) -> Overlay:
        """The layer as typed; call it once the form is valid. Raises FactsError as `Overlay` does."""
        old = {row.kind: row for row in self.overlay.english}
        asked = {row.kind for row in self.rows}
        # what the form does not show stays as it is
        rows = [row for row in self.overlay.english if row.kind not in asked]
        rows += [minimum_from(self, row, old.get(row.kind)) for row in self.rows if has_figures(self, row)]
        classes = self.cleaned_data.get("outstanding")
        return replace(
            self.overlay,
            clause=self.cleaned_data["clause"],
            english=tuple(rows),
            rules=tuple(self._rule_from(clause) for clause in self.own_clauses),
            outstanding=self.overlay.outstanding
            if classes is None
            else tuple(Honours(each) for each in classes),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._check_codes()
        if not self.errors:
            try:
                self._refuse_lowering(self.content())
            except FactsError as error:  # whatever the engine knows better than the fields
                self.add_error(None, str(error))
        return cleaned

    def _check_codes(self) -> None:
        seen: set[str] = set()
        for clause in self.own_clauses:
            name = f"own_{clause.key}_code"
            code = self.cleaned_data.get(name, "")
            if not code:
                continue
            if not _CODE.match(code):
                self.add_error(
                    name,
                    _("A code has letters, figures, stops and hyphens, as in SENG-1; “%(code)s” is not one.")
                    % {"code": code},
                )
            elif code in seen:
                self.add_error(
                    name, _("%(code)s is used twice here; give each clause a code.") % {"code": code}
                )
            seen.add(code)

    def _refuse_lowering(self, overlay: Overlay) -> None:
        """Each figure that would lower, at its field, in the words the action would refuse it with."""
        for error in lowerings(self.policy, overlay, self.cleaned_data["effective_from"]):
            name = self._place_of(error.path, overlay)
            self.add_error(name if name in self.fields else None, error.sentence)

    def _place_of(self, path: str, overlay: Overlay) -> str:
        """The field that a JSON path of the layer stands for."""
        if english := re.match(r"\$\.english\[(\d+)\]\.(?:parts\.)?(\w+)", path):
            kind = overlay.english[int(english[1])].kind
            row = next((row for row in self.rows if row.kind is kind), None)
            return f"{row.prefix}_{english[2]}" if row else ""
        if rule := re.match(r"\$\.rules\[(\d+)\]", path):
            return f"own_{self.own_clauses[int(rule[1])].key}_code"
        return "outstanding" if path.startswith("$.outstanding") else ""

    def _rows(self) -> list[EnglishRow]:
        """The tests that every set of rules below lists, with the strictest of what they ask."""
        own = {row.kind: row for row in self.overlay.english}
        listed = [_asked(requirements) for requirements in self.below]
        if not listed:
            return []
        rows = []
        for kind, first in listed[0].items():
            if kind is EnglishTestKind.OTHER or not all(kind in each for each in listed):
                continue
            strictest = first
            for each in listed[1:]:
                strictest = stricter(strictest, each[kind])
            rows.append(add_row(self, kind.value, own.get(kind), raises=replace(strictest, reading="")))
        return rows

    def _outstanding(self) -> BoundField | None:
        checks = {rule.check for requirements in self.below for rule in requirements.rules}
        if Check.OUTSTANDING_BACHELOR not in checks:
            return None
        box = forms.MultipleChoiceField(
            label=_("These classes indicate an outstanding record"),
            help_text=_("None ticked: as the layers below say."),
            choices=[(each.value, labels.HONOURS[each]) for each in Honours if each != "NONE_PRINTED"],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        return self.add("outstanding", box, [each.value for each in self.overlay.outstanding])

    def _clause_keys(self) -> list[str]:
        sent = self.rows_sent("own_clause")
        if sent is None:
            return [str(number) for number in range(len(self.overlay.rules))]
        return [key for key in sent if key.isdigit() and len(key) < 4]

    def _own_clause(self, key: str) -> OwnClause:
        number = int(key)
        rule = self.overlay.rules[number] if number < len(self.overlay.rules) else None
        boxes = {
            "code": forms.CharField(
                label=pgettext("clause", "Code"),
                help_text=_("Short, for lists and letters: SENG-1."),
                max_length=40,
            ),
            "title": forms.CharField(label=_("Title"), max_length=100),
            "clause": forms.CharField(label=_("Where it is written"), max_length=200),
            "quote": forms.CharField(
                label=_("Words of the source"),
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            ),
        }
        bound = [
            self.add(f"own_{key}_{name}", box, getattr(rule, name) if rule else "")
            for name, box in boxes.items()
        ]
        title = _("Clause %(number)s") % {"number": number + 1}
        for name, box in boxes.items():
            box.widget.attrs["class"] = {"code": "pg-w-4"}.get(name, "")
        return OwnClause(key, title, bound)

    def _rule_from(self, clause: OwnClause) -> Rule:
        number = int(clause.key)
        known = self.overlay.rules
        old = known[number] if number < len(known) else None
        texts: dict[str, Any] = {
            name: " ".join(str(self.cleaned_data[f"own_{clause.key}_{name}"]).split())
            for name in ("code", "title", "clause", "quote")
        }
        if old:
            return replace(old, **texts)
        return Rule(check=Check.OFFICER_CONFIRMS, layer=Layer(self.overlay.layer), **texts)


def _asked(requirements: Requirements) -> dict[Any, EnglishMinimum]:
    """What stands below for each test: the university's figure, raised by the layers between."""
    reading = requirements.reading("AMB-09")
    rows = {row.kind: row for row in requirements.english.minima if row.reading in ("", reading)}
    for row in requirements.english.overlay:
        if row.kind in rows:
            rows[row.kind] = stricter(rows[row.kind], row)
    return rows
