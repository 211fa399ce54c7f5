"""What differs between two versions of the rules, in words an office reads: which rule, what, from, to.

Complete by construction: every field of every record is walked, so two versions that differ have at least
one change, and a field the engine adds later shows by its own name until it has a label here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from eligibility import labels
from eligibility.engine import (
    PARTS,
    READINGS,
    Check,
    EnglishMinimum,
    Overlay,
    Range,
    Requirements,
    Rule,
    plain,
)
from eligibility.questions import ASKED_AT, QUESTIONS
from eligibility.regulation import (
    ENGLISH_CHECKS,
    GRADES,
    LAYERS,
    TREATMENTS,
    day_of_year,
    name_of_test,
    row_text,
)
from eligibility.values import listed, score_text


@dataclass(frozen=True)
class Change:
    """One difference. `rule` is a code, or empty where the policy as a whole is meant; `before` and `after`
    are empty where there was or is nothing."""

    rule: str
    clause: str
    what: str
    before: str
    after: str


def compare(before: Requirements | Overlay, after: Requirements | Overlay) -> list[Change]:
    """Every difference, in the order of the policy's parts; empty for equal rules.

    Raises TypeError where complete rules and a layer are compared, which say different kinds of things.
    """
    if type(before) is not type(after):
        raise TypeError("complete rules and a layer cannot be compared")
    return list(_Comparison(before, after).of_records(before, after))


# What each field is called, and the checks whose rule it is a figure of.
_Words = tuple[Promise, tuple[Check, ...]]
FIELDS: Final[Mapping[tuple[str, str], _Words]] = {
    ("Requirements", "policy"): (_("Code of the policy"), ()),
    ("Requirements", "title"): (_("Title"), ()),
    ("Requirements", "levels"): (_("Degrees applied for"), ()),
    ("Requirements", "modes"): (_("Study modes offered"), (Check.STUDY_MODE_OFFERED,)),
    ("Requirements", "rules"): (_("Rules"), ()),
    ("Requirements", "readings"): (_("Readings"), ()),
    ("Requirements", "english"): (_("English"), ()),
    ("Requirements", "degree"): (_("Degree"), ()),
    ("Requirements", "experience"): (_("Postgraduate work"), ()),
    ("Requirements", "residence"): (_("Local or non-local"), ()),
    ("Requirements", "advanced_standing"): (_("Advanced standing"), (Check.CREDITS_WITHIN_CAP,)),
    ("Requirements", "credit_reuse"): (_("Credits of an earlier study"), (Check.CREDITS_REUSED,)),
    ("Overlay", "policy"): (_("Code of the policy"), ()),
    ("Overlay", "title"): (_("Title"), ()),
    ("Overlay", "layer"): (_("Layer"), ()),
    ("Overlay", "clause"): (_("Clause"), ()),
    ("Overlay", "english"): (_("English tests"), ()),
    ("Overlay", "rules"): (_("Clauses for officers"), ()),
    ("Overlay", "outstanding"): (_("Classes that indicate an outstanding record"), ()),
    ("EnglishRequirements", "minima"): (_("English tests"), ENGLISH_CHECKS),
    ("EnglishRequirements", "overlay"): (
        _("English tests, as the School or department asks"),
        (Check.ENGLISH_OVERLAY,),
    ),
    ("EnglishRequirements", "valid_years"): (_("Years that a score is valid"), (Check.ENGLISH_VALIDITY,)),
    ("EnglishRequirements", "home_edition"): (_("TOEFL iBT Home Edition"), ENGLISH_CHECKS),
    ("EnglishRequirements", "indicator"): (_("IELTS Indicator"), ENGLISH_CHECKS),
    ("EnglishRequirements", "unlisted"): (_("Tests that are not listed"), ENGLISH_CHECKS),
    ("EnglishRequirements", "english_medium_masters"): (
        _("English-taught master’s instead of an English-taught bachelor’s"),
        (Check.ENGLISH_BY_FIRST_LANGUAGE_AND_MEDIUM,),
    ),
    ("DegreeRequirements", "honours"): (_("Classes with honours"), (Check.BACHELOR_WITH_HONOURS,)),
    ("DegreeRequirements", "outstanding"): (
        _("Classes that indicate an outstanding record"),
        (Check.OUTSTANDING_BACHELOR,),
    ),
    ("DegreeRequirements", "award_by"): (
        _("Last day of the admission year for an award still to come"),
        (Check.DEGREE_IN_TIME,),
    ),
    ("DegreeRequirements", "by_qualification"): (
        _("Judged by the qualification relied on, not by the bachelor’s degree"),
        (),
    ),
    ("ExperienceRequirements", "full_time_months"): (
        _("Months of postgraduate work, full-time"),
        (Check.POSTGRADUATE_EXPERIENCE,),
    ),
    ("ExperienceRequirements", "part_time_months"): (
        _("Months of postgraduate work, part-time"),
        (Check.POSTGRADUATE_EXPERIENCE,),
    ),
    ("ResidenceRequirements", "non_local"): (_("Non-local"), (Check.RESIDENCE_STATUS,)),
    ("ResidenceRequirements", "unclear"): (_("Decided by an officer"), (Check.RESIDENCE_STATUS,)),
    ("ResidenceRequirements", "local_part_time_only"): (
        _("Local for part-time study only"),
        (Check.RESIDENCE_STATUS,),
    ),
    ("ResidenceRequirements", "part_time_non_local"): (
        _("Part-time study of a non-local applicant"),
        (Check.MODE_AND_STATUS,),
    ),
    ("ResidenceRequirements", "part_time_refer_origins"): (
        _("Origins of non-local applicants whose part-time study an officer decides"),
        (Check.MODE_AND_STATUS,),
    ),
    ("CreditRequirements", "rules"): (_("Rules"), ()),
    ("CreditRequirements", "years"): (
        _("Years within which a course was completed"),
        (Check.COURSE_COUNTS, Check.CREDITS_REUSED),
    ),
    ("CreditRequirements", "most_credits"): (_("Credits at most"), (Check.CREDITS_WITHIN_CAP,)),
    ("Rule", "check"): (_("What is checked"), ()),
    ("Rule", "clause"): (_("Clause"), ()),
    ("Rule", "title"): (_("Title"), ()),
    ("Rule", "quote"): (_("Words of the source"), ()),
    ("Rule", "grade"): (_("How sure the source is"), ()),
    ("Rule", "layer"): (_("Who asks"), ()),
    ("Rule", "note"): (_("Note on the source"), ()),
    ("Rule", "kinds"): (_("Tests of this route"), ()),
    ("Rule", "part_of"): (_("Part of the rule"), ()),
    ("EnglishMinimum", "overall"): (_("overall score"), ()),
    ("EnglishMinimum", "each_part"): (_("every part"), ()),
    ("EnglishMinimum", "parts"): (_("parts"), ()),
    ("EnglishMinimum", "comparable"): (_("comparable total printed on the report"), ()),
    ("EnglishMinimum", "band"): (_("overall score from 1 to 6 where no comparable total is printed"), ()),
    ("EnglishMinimum", "grade"): (_("grade"), ()),
    ("EnglishMinimum", "scale"): (_("scale of the test"), ()),
    ("EnglishMinimum", "never_expires"): (_("never out of date"), ()),
}
# What a rule looks at, for the rare change of it.
CHECKS: Final[Mapping[Check, Promise]] = {
    Check.OFFICER_CONFIRMS: _("An officer confirms it"),
    Check.SUBJECT_OF_RESEARCH: _("An officer confirms the subject of research"),
    Check.INSTITUTION_RECOGNISED: _("The institution is recognised"),
    Check.QUALIFYING_EXAMINATION: _("The qualifying examination, if required, is passed"),
    Check.BACHELOR_WITH_HONOURS: _("A bachelor’s degree with honours, or an accepted qualification"),
    Check.BACHELOR_OR_EQUIVALENT: _("A bachelor’s degree, or an accepted qualification"),
    Check.OUTSTANDING_OR_EXPERIENCED: _("An outstanding record, or postgraduate work"),
    Check.OUTSTANDING_BACHELOR: _("A bachelor’s degree with an outstanding record"),
    Check.POSTGRADUATE_EXPERIENCE: _("Postgraduate work of some length"),
    Check.INDIVIDUAL_MERIT: _("Other qualifications are considered on individual merit"),
    Check.DEGREE_IN_TIME: _("The degree is awarded in time"),
    Check.ENGLISH_BY_QUALIFICATION: _("English, by where the qualification is from and its language"),
    Check.ENGLISH_BY_FIRST_LANGUAGE_AND_MEDIUM: _("English, by first language and medium of instruction"),
    Check.ENGLISH_ROUTE: _("One of the English tests"),
    Check.ENGLISH_VALIDITY: _("The English test is in date"),
    Check.ENGLISH_OVERLAY: _("The higher English figures of the School or department"),
    Check.STUDY_MODE_OFFERED: _("The study mode is offered"),
    Check.RESIDENCE_STATUS: _("The applicant is local or non-local"),
    Check.MODE_AND_STATUS: _("Study mode and visa agree"),
    Check.ROUND_OPEN: _("The application arrives while a round is open"),
    Check.ROUND_FOR_LOCALS: _("A round for local applicants is used by them alone"),
    Check.EARLIER_WITHDRAWAL: _("An earlier withdrawal is no bar"),
    Check.READMISSION_BAR: _("Nobody required to withdraw returns to the same programme"),
    Check.ALL_LAYERS: _("University, programme and English requirements are all met"),
    Check.CREDITS_WITHIN_CAP: _("Credits asked for are within the limit"),
    Check.COURSE_COUNTS: _("A course was passed, is equivalent and recent"),
    Check.BOARD_DECIDES: _("The board decides"),
    Check.REQUESTED_IN_TIME: _("The request arrives in time"),
    Check.CREDITS_REUSED: _("Earlier credits are recent and used for no award"),
}
_ENUMS: Final[Mapping[str, Mapping[Any, Promise]]] = {
    "Check": CHECKS,
    "EnglishTestKind": labels.TESTS,
    "Honours": labels.HONOURS,
    "Layer": LAYERS,
    "Origin": labels.ORIGINS,
    "ProgrammeLevel": labels.PROGRAMME_LEVELS,
    "ResidenceStatus": labels.STATUSES,
    "StudyMode": labels.MODES,
    "Treatment": TREATMENTS,
}


class _Comparison:
    def __init__(self, before: Requirements | Overlay, after: Requirements | Overlay) -> None:
        self.policies = (after, before)

    def of_records(self, before: Any, after: Any, rule: str = "", clause: str = "") -> Iterator[Change]:
        """Field by field, of two records of one kind."""
        kind = type(before).__name__
        for name in dict.fromkeys(_AS_ONE.get(field.name, field.name) for field in fields(before)):
            old, new = _value(before, name), _value(after, name)
            if old == new:
                continue
            if name == "readings":
                yield from self._of_readings(old, new)
            elif any(isinstance(item, Rule) for item in _items(old, new)):
                yield from self._of_rules(kind, name, old, new)
            elif any(isinstance(item, EnglishMinimum) for item in _items(old, new)):
                yield from self._of_minima(kind, name, old, new)
            elif is_dataclass(old) and is_dataclass(new):
                yield from self.of_records(old, new, rule, clause)
            else:
                what, at = self._named(kind, name)
                yield Change(
                    rule or at[0], clause or at[1], what, _text(kind, name, old), _text(kind, name, new)
                )

    def _of_readings(self, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
        for name in READINGS:
            if before.get(name) != after.get(name):
                checks = tuple(check for check, names in ASKED_AT.items() if name in names)
                code, clause = self._rule_with(checks)
                what = gettext("{reading}: {question}").format(reading=name, question=QUESTIONS.get(name, ""))
                yield Change(code, clause, what, _reading(name, before), _reading(name, after))

    def _of_rules(
        self, kind: str, name: str, before: tuple[Rule, ...], after: tuple[Rule, ...]
    ) -> Iterator[Change]:
        old, new = ({rule.code: rule for rule in rules} for rules in (before, after))
        for code in [*old, *(code for code in new if code not in old)]:
            was, is_ = old.get(code), new.get(code)
            if was and is_:
                yield from self.of_records(was, is_, code, _said(is_.clause))
            elif was:
                yield Change(code, _said(was.clause), gettext("Rule removed"), _rule_text(was), "")
            elif is_:
                yield Change(code, _said(is_.clause), gettext("Rule added"), "", _rule_text(is_))
        orders = [[code for code in rules if code in old and code in new] for rules in (old, new)]
        if orders[0] != orders[1]:
            yield self._of_order(kind, name, *orders)

    def _of_minima(
        self, kind: str, name: str, before: tuple[EnglishMinimum, ...], after: tuple[EnglishMinimum, ...]
    ) -> Iterator[Change]:
        old, new = _rows(before), _rows(after)
        for key in [*old, *(key for key in new if key not in old)]:
            was, is_ = old.get(key), new.get(key)
            code, clause = self._test_at(kind, name, (is_ or was or before[0]).kind)
            if was and is_:
                yield from self._of_row(was, is_, code, clause)
            elif was:
                yield Change(code, clause, gettext("Test removed"), row_text(was), "")
            elif is_:
                yield Change(code, clause, gettext("Test added"), "", row_text(is_))
        orders = [[key for key in rows if key in old and key in new] for rows in (old, new)]
        if orders[0] != orders[1]:
            before_, after_ = ([_test(old[key]) for key in order] for order in orders)
            yield self._of_order(kind, name, before_, after_)

    def _of_row(
        self, before: EnglishMinimum, after: EnglishMinimum, code: str, clause: str
    ) -> Iterator[Change]:
        test = _test(after)
        for name in (field.name for field in fields(after) if field.name != "parts"):
            old, new = getattr(before, name), getattr(after, name)
            if old != new:
                what = gettext("{test}: {figure}").format(
                    test=test, figure=self._named("EnglishMinimum", name)[0]
                )
                yield Change(code, clause, what, _figure(after, old), _figure(after, new))
        for part in PARTS:
            old, new = before.parts.get(part), after.parts.get(part)
            if old != new:
                what = gettext("{test}: {figure}").format(test=test, figure=labels.PART_NAMES[part])
                yield Change(code, clause, what, _figure(after, old), _figure(after, new))

    def _of_order(self, kind: str, name: str, before: list[str], after: list[str]) -> Change:
        what, (code, clause) = self._named(kind, name)
        return Change(code, clause, gettext("{what}: order").format(what=what), listed(before), listed(after))

    def _named(self, kind: str, name: str) -> tuple[str, tuple[str, str]]:
        """What a field is called, and the rule and clause whose figure it is."""
        if (kind, name) not in FIELDS:
            return name.replace("_", " "), ("", "")
        label, checks = FIELDS[kind, name]
        return str(label), self._rule_with(checks)

    def _test_at(self, kind: str, name: str, test: Any) -> tuple[str, str]:
        """The rule that asks for a test: its route, or the rule that holds those no route names."""
        if (kind, name) != ("EnglishRequirements", "minima"):
            return self._named(kind, name)[1]
        for policy in self.policies:
            for rule in policy.rules:
                if rule.check is Check.ENGLISH_ROUTE and test in rule.kinds:
                    return rule.code, _said(rule.clause)
        return self._rule_with(ENGLISH_CHECKS)

    def _rule_with(self, checks: tuple[Check, ...]) -> tuple[str, str]:
        """Code and clause of the first rule that runs one of the checks, as the later version has it."""
        for policy in self.policies:
            if isinstance(policy, Overlay):
                return "", _said(policy.clause)
            for rule in policy.every_rule:
                if rule.check in checks:
                    return rule.code, _said(rule.clause)
        return "", ""


# Two fields that say one thing.
_AS_ONE: Final = {"award_by_month": "award_by", "award_by_day": "award_by"}


def _value(record: Any, name: str) -> Any:
    if name == "award_by":
        return record.award_by_month, record.award_by_day
    return getattr(record, name)


def _items(*values: Any) -> Iterator[Any]:
    for value in values:
        if isinstance(value, tuple):
            yield from value


def _rows(rows: tuple[EnglishMinimum, ...]) -> dict[tuple[str, str, str, int], EnglishMinimum]:
    """Rows by test and whose figures they are; a second row of one test is another."""
    seen: Counter[tuple[str, str, str]] = Counter()
    keyed = {}
    for row in rows:
        test = (row.kind.value, row.name, row.reading)
        keyed[*test, seen[test]] = row
        seen[test] += 1
    return keyed


def _test(row: EnglishMinimum) -> str:
    return row.name or name_of_test(row.kind, row.reading)


def _reading(name: str, readings: Mapping[str, str]) -> str:
    if name in readings:
        return str(labels.READINGS[name, readings[name]])
    return gettext("{text} (as proposed)").format(text=labels.READINGS[name, READINGS[name][0]])


def _rule_text(rule: Rule) -> str:
    return gettext("{title}: {check}").format(title=_said(rule.title) or rule.code, check=CHECKS[rule.check])


def _figure(row: EnglishMinimum, figure: Any) -> str:
    if isinstance(figure, Decimal):
        return score_text(row.kind.value, plain(figure))
    return _plain_text(figure)


def _text(kind: str, name: str, value: Any) -> str:
    if name == "award_by":
        month, day = value
        return day_of_year(month, day) if month else _plain_text(None)
    if (kind, name) == ("Rule", "grade"):
        return str(GRADES.get(value, value))
    if isinstance(value, str) and not isinstance(value, Enum) and name in ("title", "clause", "note"):
        return _said(value)
    return _plain_text(value)


def _plain_text(value: Any) -> str:
    if value is None or value == "":
        return gettext("nothing laid down")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, Enum):
        return str(_ENUMS.get(type(value).__name__, {}).get(value, value.value))
    if isinstance(value, tuple):
        return listed(_plain_text(item) for item in value) or gettext("none")
    if isinstance(value, Range):
        return gettext("{low} to {high} in steps of {step}").format(
            low=plain(value.low), high=plain(value.high), step=plain(value.step)
        )
    if is_dataclass(value):
        return gettext("laid down")
    return str(value)


def _said(text: str) -> str:
    """A text of the policy in the reader's language, where the catalogues know it."""
    return gettext(text) if text else ""
