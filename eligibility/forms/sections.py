"""What stands under each rule of a policy's form: its figures as blanks in their sentences, its choices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility import labels
from eligibility.engine import Check, Honours, ResidenceStatus, Rule
from eligibility.forms.drafts import Fill
from eligibility.forms.english import EnglishRow, tests_to_add
from eligibility.questions import answers_to
from eligibility.regulation import ENGLISH_CHECKS, RESIDENCE, TREATMENTS, RuleSection, residence_of

if TYPE_CHECKING:
    from eligibility.forms.policies import PolicyDraftForm


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


def fill_section(form: PolicyDraftForm, section: FormSection, rule: Rule) -> None:
    """Add the fields that this rule's check reads; none for a rule without figures."""
    if rule.check in ENGLISH_CHECKS:
        _english(form, section, rule)
    elif rule.check in _FIELDS:
        _FIELDS[rule.check](form, section)


def _english(form: PolicyDraftForm, section: FormSection, rule: Rule) -> None:
    english = form.policy.english
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
        section.fills.append(form.fill(sentence, name, box, getattr(english, name).value))
    add = forms.ChoiceField(
        label=_("Another test"),
        required=False,
        choices=[("", _("Choose a test")), *tests_to_add({row.kind for row in form.rows})],
        widget=_select(),
    )
    section.addable = form.add("add_test", add)


def _honours(form: PolicyDraftForm, section: FormSection) -> None:
    section.fields.append(_classes(form, "honours", _("These classes count as “with honours”")))


def _outstanding(form: PolicyDraftForm, section: FormSection) -> None:
    box = _classes(form, "outstanding", _("These classes indicate an outstanding record"), required=False)
    section.fields.append(box)


def _classes(form: PolicyDraftForm, name: str, label: str, *, required: bool = True) -> BoundField:
    box = forms.MultipleChoiceField(
        label=label,
        choices=[(each.value, labels.HONOURS[each]) for each in Honours if each != "NONE_PRINTED"],
        required=required,
        widget=forms.CheckboxSelectMultiple,
    )
    return form.add(name, box, [each.value for each in getattr(form.policy.degree, name)])


def _award(form: PolicyDraftForm, section: FormSection) -> None:
    degree = form.policy.degree
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
        form.fill(gettext_lazy("Day {score}"), "award_by_day", day, degree.award_by_day),
        form.fill(gettext_lazy("Month {score}"), "award_by_month", month, str(degree.award_by_month or "")),
    ]


def _experience(form: PolicyDraftForm, section: FormSection) -> None:
    section.hint = _("Satisfactory postgraduate work counts from this length on, in either study mode.")
    sentences = {
        "full_time_months": gettext_lazy("Full-time: {score} months"),
        "part_time_months": gettext_lazy("Part-time: {score} months"),
    }
    names = {"full_time_months": _("Months full-time"), "part_time_months": _("Months part-time")}
    for name, sentence in sentences.items():
        box = forms.IntegerField(label=names[name], min_value=1, max_value=120, widget=_number())
        value = getattr(form.policy.experience, name)
        section.fills.append(form.fill(sentence, name, box, value))


def _validity(form: PolicyDraftForm, section: FormSection) -> None:
    box = forms.IntegerField(label=_("Years of validity"), min_value=1, max_value=20, widget=_number())
    sentence = gettext_lazy("A score counts for {score} years.")
    section.fills.append(form.fill(sentence, "valid_years", box, form.policy.english.valid_years))


def _modes(form: PolicyDraftForm, section: FormSection) -> None:
    box = forms.MultipleChoiceField(
        label=_("Offered study modes"),
        choices=list(labels.MODES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    section.fields.append(form.add("modes", box, [mode.value for mode in form.policy.modes]))


def _statuses(form: PolicyDraftForm, section: FormSection) -> None:
    for status in ResidenceStatus:
        box = forms.ChoiceField(
            label=str(labels.STATUSES[status]), choices=list(RESIDENCE.items()), widget=forms.Select
        )
        section.statuses.append(form.add(f"status_{status.value}", box, residence_of(status, form.policy)))


def _part_time(form: PolicyDraftForm, section: FormSection) -> None:
    residence = form.policy.residence
    box = forms.ChoiceField(
        label=_("Part-time study of a non-local applicant"),
        choices=list(TREATMENTS.items()),
        widget=_select(),
    )
    sentence = gettext_lazy("Part-time study of a non-local applicant: {score}")
    section.fills.append(form.fill(sentence, "part_time_non_local", box, residence.part_time_non_local.value))
    origins = forms.MultipleChoiceField(
        label=_("Where it is accepted, an officer decides for non-local applicants from"),
        choices=list(labels.ORIGINS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    values = [origin.value for origin in residence.part_time_refer_origins]
    section.fields.append(form.add("part_time_refer_origins", origins, values))


def _cap(form: PolicyDraftForm, section: FormSection) -> None:
    standing = form.policy.advanced_standing
    box = forms.IntegerField(
        label=_("Credits at most"), required=False, min_value=1, max_value=300, widget=_number()
    )
    section.hint = _("Left empty, no number of credits is laid down.")
    sentence = gettext_lazy("At most {score} credits may be granted")
    section.fills.append(
        form.fill(sentence, "most_credits", box, standing.most_credits if standing else None)
    )


def _standing_years(form: PolicyDraftForm, section: FormSection) -> None:
    _years(form, section, "standing_years", form.policy.advanced_standing)


def _reuse_years(form: PolicyDraftForm, section: FormSection) -> None:
    _years(form, section, "reuse_years", form.policy.credit_reuse)


def _years(form: PolicyDraftForm, section: FormSection, name: str, block: Any) -> None:
    box = forms.IntegerField(label=_("Years"), min_value=1, max_value=50, widget=_number())
    sentence = gettext_lazy("A course counts if it was completed no more than {score} years before.")
    section.fills.append(form.fill(sentence, name, box, block.years if block else None))


_FIELDS = {
    Check.BACHELOR_WITH_HONOURS: _honours,
    Check.DEGREE_IN_TIME: _award,
    Check.OUTSTANDING_BACHELOR: _outstanding,
    Check.POSTGRADUATE_EXPERIENCE: _experience,
    Check.ENGLISH_VALIDITY: _validity,
    Check.STUDY_MODE_OFFERED: _modes,
    Check.RESIDENCE_STATUS: _statuses,
    Check.MODE_AND_STATUS: _part_time,
    Check.CREDITS_WITHIN_CAP: _cap,
    Check.COURSE_COUNTS: _standing_years,
    Check.CREDITS_REUSED: _reuse_years,
}


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "pg-blank"})


def _number() -> forms.NumberInput:
    return forms.NumberInput(attrs={"class": "pg-blank", "autocomplete": "off"})
