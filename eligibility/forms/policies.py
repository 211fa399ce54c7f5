"""A university's policy as a form that reads like its regulation: under each rule its figures, the readings
of its open questions, and the words of its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from eligibility.engine import (
    Check,
    FactsError,
    Honours,
    Origin,
    Requirements,
    ResidenceStatus,
    Rule,
    StudyMode,
    Treatment,
)
from eligibility.forms.drafts import DraftForm
from eligibility.forms.english import (
    EnglishRow,
    add_row,
    check_rows,
    keys_of,
    known_key,
    minimum_from,
    tests_to_add,
)
from eligibility.forms.sections import FormSection, Question, fill_section
from eligibility.questions import QUESTIONS, answers_to, questions_at
from eligibility.regulation import (
    ENGLISH_CHECKS,
    GRADES,
    RuleSection,
    section_of,
)

# parts of a rule's text that an office may correct; code, check and title are the portal's
_TEXTS = ("clause", "quote", "note", "grade")


class PolicyDraftForm(DraftForm):
    """All that an office may change in complete rules. What the form does not ask stays as it is."""

    def __init__(
        self,
        policy: Requirements,
        *,
        effective_from: date | None = None,
        reason: str = "",
        data: QueryDict | None = None,
        typed: QueryDict | None = None,
    ) -> None:
        super().__init__(effective_from=effective_from, reason=reason, data=data, typed=typed)
        self.policy = policy
        self.rows = self._rows()
        self.sections = [self._section(rule) for rule in policy.every_rule]
        self.show_again()

    @property
    def rules_shown(self) -> list[RuleSection]:
        """The rules, for the list that leads to them."""
        return [section.rule for section in self.sections]

    def lists(self) -> dict[str, list[str]]:
        return {"test": [row.key for row in self.rows]}

    def content(self) -> Requirements:
        """The policy as typed; call it once the form is valid. Raises FactsError for what the engine refuses
        and no field foresaw."""
        policy, cleaned = self.policy, self.cleaned_data
        old = keys_of(policy.english.minima)
        minima = tuple(minimum_from(self, row, old.get(row.key)) for row in self.rows)
        english = {name: cleaned[name] for name in ("valid_years",) if name in cleaned}
        for name in ("home_edition", "indicator", "unlisted", "english_medium_masters"):
            if name in cleaned:
                english[name] = Treatment(cleaned[name])
        degree: dict[str, Any] = {
            name: in_old_order(Honours, cleaned[name], getattr(policy.degree, name))
            for name in ("honours", "outstanding")
            if name in cleaned
        }
        if "award_by_month" in cleaned:
            month, day = cleaned["award_by_month"], cleaned["award_by_day"]
            degree |= {"award_by_month": int(month) if month else None, "award_by_day": day}
        months = {name: cleaned[name] for name in ("full_time_months", "part_time_months") if name in cleaned}
        changed: dict[str, Any] = {}
        if "modes" in cleaned:
            changed["modes"] = in_old_order(StudyMode, cleaned["modes"], policy.modes)
        for name, block in self._credits().items():
            changed[name] = block
        return replace(
            policy,
            rules=tuple(self._rule_from(rule) for rule in policy.rules),
            english=replace(policy.english, minima=minima, **english),
            degree=replace(policy.degree, **degree),
            experience=replace(policy.experience, **months),
            residence=replace(policy.residence, **self._residence()),
            readings=self._readings(),
            **changed,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_rows(self, self.rows)
        if "test" in self.fields and not self.rows:
            self.add_error("test", _("Keep at least one test: without any, nobody could meet this rule."))
        day, month = cleaned.get("award_by_day"), cleaned.get("award_by_month")
        if "award_by_day" in self.fields and not self.errors.keys() & {"award_by_day", "award_by_month"}:
            self._check_award_day(day, month)
        if not self.errors:
            try:
                self.content()
            except FactsError as error:  # whatever the engine knows better than the fields
                self.add_error(None, str(error))
        return cleaned

    def _check_award_day(self, day: int | None, month: str | None) -> None:
        if (day is None) != (not month):
            name = "award_by_day" if day is None else "award_by_month"
            self.add_error(name, _("Give day and month together, or neither."))
        elif day is not None and month:
            try:
                date(2001, int(month), day)  # any common year, so that the day exists in each
            except ValueError:
                sentence = _("There is no day %(day)s in %(month)s every year.")
                self.add_error("award_by_day", sentence % {"day": day, "month": MONTHS[int(month)]})

    def _rows(self) -> list[EnglishRow]:
        old = keys_of(self.policy.english.minima)
        sent = self.rows_sent("test")
        keys = list(old)
        if sent is not None:  # a page lists them by rule; they keep the order they stood in
            keys = [key for key in old if key in sent]
            keys += [key for key in sent if key not in old and _is_new(key)]
        rows = [add_row(self, key, old.get(key)) for key in keys]
        for row in rows:
            row.is_used = row.reading in ("", self.policy.reading("AMB-09"))
        return rows

    def _section(self, rule: Rule) -> FormSection:
        section = FormSection(section_of(rule, self.policy))
        routes = [r.kinds for r in self.policy.rules if r.check is Check.ENGLISH_ROUTE]
        if rule.check is Check.ENGLISH_ROUTE:
            section.rows = [row for row in self.rows if row.kind in rule.kinds]
        elif rule.check in ENGLISH_CHECKS:
            taken = {kind for kinds in routes for kind in kinds}
            section.rows = [row for row in self.rows if row.kind not in taken]
        fill_section(self, section, rule)
        for name in questions_at(rule.check, self.policy):
            section.questions.append(self._question(name))
        section.texts = self._texts(rule)
        return section

    def _credits(self) -> dict[str, Any]:
        """The two blocks of rules about credits, where the policy has them."""
        changed: dict[str, Any] = {}
        for name, figures in (
            ("advanced_standing", {"years": "standing_years", "most_credits": "most_credits"}),
            ("credit_reuse", {"years": "reuse_years"}),
        ):
            block = getattr(self.policy, name)
            if block is not None:
                given = {
                    figure: self.cleaned_data[box] for figure, box in figures.items() if box in self.fields
                }
                rules = tuple(self._rule_from(rule) for rule in block.rules)
                changed[name] = replace(block, rules=rules, **given)
        return changed

    def _question(self, name: str) -> Question:
        field_name = f"reading_{name}"
        if field_name not in self.fields:
            proposed = _("proposed")
            choices = [
                (
                    answer.choice,
                    _("%(answer)s (%(proposed)s)") % {"answer": answer.text, "proposed": proposed}
                    if answer.is_proposed
                    else answer.text,
                )
                for answer in answers_to(name)
            ]
            label = _("%(name)s: %(question)s") % {"name": name, "question": QUESTIONS[name]}
            box = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
            self.add(field_name, box, self.policy.reading(name))
        return Question(name, str(QUESTIONS[name]), self[field_name])

    def _texts(self, rule: Rule) -> list[BoundField]:
        prefix = f"rule_{rule.code}"
        boxes: dict[str, forms.Field] = {
            "clause": forms.CharField(label=_("Clause"), max_length=200),
            "quote": forms.CharField(
                label=_("Words of the source"),
                help_text=_("Short, and exactly as the source has them."),
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
            ),
            "note": forms.CharField(
                label=_("What a reader must know about the source"), max_length=500, required=False
            ),
            "grade": forms.ChoiceField(label=_("How sure the source is"), choices=list(GRADES.items())),
        }
        bound = []
        for name, box in boxes.items():
            bound.append(self.add(f"{prefix}_{name}", box, getattr(rule, name)))
            box.label = _("%(rule)s, %(field)s") % {"rule": rule.code, "field": box.label}
        return bound

    def _rule_from(self, rule: Rule) -> Rule:
        # browsers send \r\n; the source's words hold no line breaks of ours
        texts: dict[str, Any] = {
            name: " ".join(str(self.cleaned_data[f"rule_{rule.code}_{name}"]).split()) for name in _TEXTS
        }
        return replace(rule, **texts)

    def _residence(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        changed: dict[str, Any] = {}
        if f"status_{ResidenceStatus.OTHER.value}" in cleaned:
            chosen = {status: cleaned[f"status_{status.value}"] for status in ResidenceStatus}
            groups = {
                "non_local": "NON_LOCAL",
                "unclear": "UNCLEAR",
                "local_part_time_only": "LOCAL_PART_TIME",
            }
            changed |= {
                name: in_old_order(
                    ResidenceStatus,
                    [status for status, key in chosen.items() if key == group],
                    getattr(self.policy.residence, name),
                )
                for name, group in groups.items()
            }
        if "part_time_non_local" in cleaned:
            changed["part_time_non_local"] = Treatment(cleaned["part_time_non_local"])
            changed["part_time_refer_origins"] = in_old_order(
                Origin, cleaned["part_time_refer_origins"], self.policy.residence.part_time_refer_origins
            )
        return changed

    def _readings(self) -> dict[str, str]:
        """Only what differs from the proposed reading is kept, so that equal policies are equal."""
        readings = dict(self.policy.readings)
        for name, choice in self._chosen():
            if choice == answers_to(name)[0].choice:
                readings.pop(name, None)
            else:
                readings[name] = choice
        return readings

    def _chosen(self) -> Iterator[tuple[str, str]]:
        for name, choice in self.cleaned_data.items():
            if name.startswith("reading_"):
                yield name.removeprefix("reading_"), choice


def _is_new(key: str) -> bool:
    found = known_key(key)
    return found is not None and not found[1] and found[0].value in dict(tests_to_add(set()))


def in_old_order(kind: Any, codes: Iterable[str], old: tuple[Any, ...]) -> tuple[Any, ...]:
    """What is ticked, in the order it stood in before: a form that changes nothing changes no byte."""
    chosen = {kind(code) for code in codes}
    return (*(each for each in old if each in chosen), *(e for e in kind if e in chosen and e not in old))
