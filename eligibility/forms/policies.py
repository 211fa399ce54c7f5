"""A university's policy as a form that reads like its regulation: under each rule its figures, the readings
of its open questions, and the words of its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility import labels
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
from eligibility.forms.drafts import DraftForm, Fill
from eligibility.forms.english import (
    EnglishRow,
    add_row,
    check_rows,
    keys_of,
    known_key,
    minimum_from,
    tests_to_add,
)
from eligibility.questions import QUESTIONS, answers_to, questions_at
from eligibility.regulation import (
    ENGLISH_CHECKS,
    GRADES,
    RESIDENCE,
    TREATMENTS,
    RuleSection,
    residence_of,
    section_of,
)

_WHOLE = {"class": "pg-blank", "inputmode": "numeric", "autocomplete": "off"}
# parts of a rule's text that an office may correct; code, check and title are the portal's
_TEXTS = ("clause", "quote", "note", "grade")


@dataclass
class Question:
    """An open question with its readings, the proposed one marked."""

    name: str
    text: str
    field: BoundField


@dataclass
class FormSection:
    """One rule: its text, and the fields that stand in it."""

    rule: RuleSection
    rows: list[EnglishRow] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    fields: list[BoundField] = field(default_factory=list)
    statuses: list[BoundField] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    texts: list[BoundField] = field(default_factory=list)
    addable: BoundField | None = None
    hint: str = ""

    @property
    def anchor(self) -> str:
        return f"rule-{self.rule.code}"

    @property
    def has_own_readings(self) -> bool:
        """Whether a question is answered otherwise than proposed, or not at all."""
        proposed = (
            (question.field.value(), answers_to(question.name)[0].choice) for question in self.questions
        )
        return any(chosen != choice for chosen, choice in proposed)

    @property
    def has_text_errors(self) -> bool:
        return any(bound.errors for bound in self.texts)

    @property
    def is_text_only(self) -> bool:
        """Nothing in it is a figure."""
        return not (self.rows or self.fills or self.fields or self.statuses)


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
            self._english(section, rule)
        elif rule.check in _FIELDS:
            _FIELDS[rule.check](self, section)
        for name in questions_at(rule.check, self.policy):
            section.questions.append(self._question(name))
        section.texts = self._texts(rule)
        return section

    def _english(self, section: FormSection, rule: Rule) -> None:
        english = self.policy.english
        sentences = {
            "home_edition": gettext_lazy("TOEFL iBT Home Edition: {score}"),
            "indicator": gettext_lazy("IELTS Indicator: {score}"),
            "unlisted": gettext_lazy("Any test not named here: {score}"),
        }
        if rule.check is Check.ENGLISH_BY_FIRST_LANGUAGE_AND_MEDIUM:
            sentences["english_medium_masters"] = gettext_lazy(
                "An English-taught master’s instead of an English-taught bachelor’s: {score}"
            )
        choices = list(TREATMENTS.items())
        for name, sentence in sentences.items():
            label = str(sentence).partition("{score}")[0].rstrip(":： ")
            # a list that may be longer is referred to an officer, never simply accepted: nothing compares it
            offered = [pair for pair in choices if name != "unlisted" or pair[0] != "ACCEPT"]
            box = forms.ChoiceField(label=label, choices=offered, widget=_select())
            section.fills.append(self.fill(sentence, name, box, getattr(english, name).value))
        add = forms.ChoiceField(
            label=_("Another test"),
            required=False,
            choices=[("", _("Choose a test")), *tests_to_add({row.kind for row in self.rows})],
            widget=_select(),
        )
        section.addable = self.add("add_test", add)

    def _honours(self, section: FormSection) -> None:
        section.fields.append(self._classes("honours", _("These classes count as “with honours”")))

    def _outstanding(self, section: FormSection) -> None:
        box = self._classes("outstanding", _("These classes indicate an outstanding record"), required=False)
        section.fields.append(box)

    def _classes(self, name: str, label: str, *, required: bool = True) -> BoundField:
        box = forms.MultipleChoiceField(
            label=label,
            choices=[(each.value, labels.HONOURS[each]) for each in Honours if each != "NONE_PRINTED"],
            required=required,
            widget=forms.CheckboxSelectMultiple,
        )
        return self.add(name, box, [each.value for each in getattr(self.policy.degree, name)])

    def _award(self, section: FormSection) -> None:
        degree = self.policy.degree
        section.hint = _(
            "A degree still to come is awarded by this day of the year of admission. "
            "Leave both empty where no day is laid down."
        )
        day = forms.IntegerField(
            label=_("Day of the award"), required=False, min_value=1, max_value=31, widget=_number()
        )
        month = forms.ChoiceField(
            label=_("Month of the award"),
            required=False,
            choices=[("", "–"), *((str(n), name) for n, name in MONTHS.items())],
            widget=_select(),
        )
        section.fills += [
            self.fill(gettext_lazy("Day {score}"), "award_by_day", day, degree.award_by_day),
            self.fill(
                gettext_lazy("Month {score}"), "award_by_month", month, str(degree.award_by_month or "")
            ),
        ]

    def _experience(self, section: FormSection) -> None:
        section.hint = _("Satisfactory postgraduate work counts from this length on, in either study mode.")
        sentences = {
            "full_time_months": gettext_lazy("Full-time: {score} months"),
            "part_time_months": gettext_lazy("Part-time: {score} months"),
        }
        names = {"full_time_months": _("Months full-time"), "part_time_months": _("Months part-time")}
        for name, sentence in sentences.items():
            box = forms.IntegerField(label=names[name], min_value=1, max_value=120, widget=_number())
            value = getattr(self.policy.experience, name)
            section.fills.append(self.fill(sentence, name, box, value))

    def _validity(self, section: FormSection) -> None:
        box = forms.IntegerField(label=_("Years of validity"), min_value=1, max_value=20, widget=_number())
        sentence = gettext_lazy("A score counts for {score} years.")
        section.fills.append(self.fill(sentence, "valid_years", box, self.policy.english.valid_years))

    def _modes(self, section: FormSection) -> None:
        box = forms.MultipleChoiceField(
            label=_("Offered study modes"),
            choices=list(labels.MODES.items()),
            widget=forms.CheckboxSelectMultiple,
        )
        section.fields.append(self.add("modes", box, [mode.value for mode in self.policy.modes]))

    def _statuses(self, section: FormSection) -> None:
        for status in ResidenceStatus:
            box = forms.ChoiceField(
                label=labels.STATUSES[status], choices=list(RESIDENCE.items()), widget=forms.Select
            )
            section.statuses.append(
                self.add(f"status_{status.value}", box, residence_of(status, self.policy))
            )

    def _part_time(self, section: FormSection) -> None:
        residence = self.policy.residence
        box = forms.ChoiceField(
            label=_("Part-time study of a non-local applicant"),
            choices=list(TREATMENTS.items()),
            widget=_select(),
        )
        sentence = gettext_lazy("Part-time study of a non-local applicant: {score}")
        section.fills.append(
            self.fill(sentence, "part_time_non_local", box, residence.part_time_non_local.value)
        )
        origins = forms.MultipleChoiceField(
            label=_("Where it is accepted, an officer decides for non-local applicants from"),
            choices=list(labels.ORIGINS.items()),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        values = [origin.value for origin in residence.part_time_refer_origins]
        section.fields.append(self.add("part_time_refer_origins", origins, values))

    def _cap(self, section: FormSection) -> None:
        standing = self.policy.advanced_standing
        box = forms.IntegerField(
            label=_("Credits at most"), required=False, min_value=1, max_value=300, widget=_number()
        )
        section.hint = _("Left empty, no number of credits is laid down.")
        sentence = gettext_lazy("At most {score} credits may be granted")
        section.fills.append(
            self.fill(sentence, "most_credits", box, standing.most_credits if standing else None)
        )

    def _standing_years(self, section: FormSection) -> None:
        self._years(section, "standing_years", self.policy.advanced_standing)

    def _reuse_years(self, section: FormSection) -> None:
        self._years(section, "reuse_years", self.policy.credit_reuse)

    def _years(self, section: FormSection, name: str, block: Any) -> None:
        box = forms.IntegerField(label=_("Years"), min_value=1, max_value=50, widget=_number())
        sentence = gettext_lazy("A course counts if it was completed no more than {score} years before.")
        section.fills.append(self.fill(sentence, name, box, block.years if block else None))

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
        texts = {name: self.cleaned_data[f"rule_{rule.code}_{name}"] for name in _TEXTS}
        # browsers send \r\n; the source's words hold no line breaks of ours
        return replace(rule, **{name: " ".join(str(text).split()) for name, text in texts.items()})

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


_FIELDS = {
    Check.BACHELOR_WITH_HONOURS: PolicyDraftForm._honours,
    Check.DEGREE_IN_TIME: PolicyDraftForm._award,
    Check.OUTSTANDING_BACHELOR: PolicyDraftForm._outstanding,
    Check.POSTGRADUATE_EXPERIENCE: PolicyDraftForm._experience,
    Check.ENGLISH_VALIDITY: PolicyDraftForm._validity,
    Check.STUDY_MODE_OFFERED: PolicyDraftForm._modes,
    Check.RESIDENCE_STATUS: PolicyDraftForm._statuses,
    Check.MODE_AND_STATUS: PolicyDraftForm._part_time,
    Check.CREDITS_WITHIN_CAP: PolicyDraftForm._cap,
    Check.COURSE_COUNTS: PolicyDraftForm._standing_years,
    Check.CREDITS_REUSED: PolicyDraftForm._reuse_years,
}


def _is_new(key: str) -> bool:
    found = known_key(key)
    return found is not None and not found[1] and found[0].value in dict(tests_to_add(set()))


def in_old_order(kind: Any, codes: Iterable[str], old: tuple[Any, ...]) -> tuple[Any, ...]:
    """What is ticked, in the order it stood in before: a form that changes nothing changes no byte."""
    chosen = {kind(code) for code in codes}
    return (*(each for each in old if each in chosen), *(e for e in kind if e in chosen and e not in old))


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "pg-blank"})


def _number() -> forms.NumberInput:
    return forms.NumberInput(attrs={"class": "pg-blank", "autocomplete": "off"})
