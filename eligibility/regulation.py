"""A policy as people read it: rule by rule, with the source's words, the figures in sentences, the readings
chosen. For the office's pages; what an applicant reads is `wording.explain_requirements`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from eligibility import labels
from eligibility.engine import (
    PARTS,
    READINGS,
    Check,
    EnglishMinimum,
    EnglishTestKind,
    Overlay,
    Requirements,
    ResidenceStatus,
    Rule,
    Treatment,
    plain,
)
from eligibility.questions import QUESTIONS, questions_at
from eligibility.titles import SUMMARIES
from eligibility.values import describe_minimum, listed
from eligibility.wording import rule_title

GRADES: Final[Mapping[str, Promise]] = {
    "H": gettext_lazy("The text itself was read"),
    "M": gettext_lazy("Reported by university units or older pages; the text itself was not seen"),
    "L": gettext_lazy("Reported by others; confirm it before relying on it"),
}
LAYERS: Final[Mapping[str, Promise]] = {
    "UNIVERSITY": gettext_lazy("University"),
    "SCHOOL": gettext_lazy("School"),
    "PROGRAMME": gettext_lazy("Programme"),
    "ENGLISH": gettext_lazy("English"),
    "INTAKE": gettext_lazy("Intake"),
}
TREATMENTS: Final[Mapping[str, Promise]] = {
    "ACCEPT": gettext_lazy("accepted"),
    "REFER": gettext_lazy("decided by an officer"),
    "REFUSE": gettext_lazy("not accepted"),
}
# whose figures a row of AMB-09 holds
FIGURES_OF: Final[Mapping[str, Promise]] = {
    "source": gettext_lazy("figures of the source"),
    "later_papers": gettext_lazy("figures of later papers"),
}
# what residence means for admission, exclusive and in the engine's order
RESIDENCE: Final[Mapping[str, Promise]] = {
    "LOCAL": gettext_lazy("Local"),
    "NON_LOCAL": gettext_lazy("Non-local"),
    "UNCLEAR": gettext_lazy("An officer decides"),
    "LOCAL_PART_TIME": gettext_lazy("Local for part-time study; an officer decides for full-time"),
}
ENGLISH_CHECKS: Final = (Check.ENGLISH_BY_QUALIFICATION, Check.ENGLISH_BY_FIRST_LANGUAGE_AND_MEDIUM)


@dataclass(frozen=True)
class ReadingText:
    """What was chosen for one open question."""

    name: str
    question: str
    chosen: str
    is_proposed: bool


@dataclass(frozen=True)
class RuleSection:
    """One rule of a policy, ready to be read. `is_limb`: one way among several to meet the rule before it."""

    code: str
    title: str
    layer: str
    clause: str
    quote: str
    grade: str
    note: str
    lines: tuple[str, ...]
    readings: tuple[ReadingText, ...]
    is_limb: bool

    @property
    def has_own_readings(self) -> bool:
        """Whether a question is answered otherwise than proposed."""
        return not all(reading.is_proposed for reading in self.readings)


def sections_of(content: Requirements | Overlay) -> list[RuleSection]:
    """Every rule in the policy's order. An overlay's figures open the list, under its own clause."""
    if isinstance(content, Overlay):
        return list(_of_overlay(content))
    return [section_of(rule, content) for rule in content.every_rule]


def section_of(rule: Rule, policy: Requirements) -> RuleSection:
    """One rule of a policy, ready to be read."""
    return _section(rule, tuple(lines_of(rule, policy)), tuple(readings_at(rule, policy)))


def lines_of(rule: Rule, policy: Requirements) -> Iterator[str]:
    """What the policy's figures make of this rule, a sentence each."""
    if rule.check in ENGLISH_CHECKS or rule.check is Check.ENGLISH_ROUTE:
        for row in english_rows(rule, policy):
            is_used = row.reading in ("", policy.reading("AMB-09"))
            yield (
                row_text(row) if is_used else gettext("Not used now: {figures}").format(figures=row_text(row))
            )
        if rule.check in ENGLISH_CHECKS:
            yield from _treatments(rule, policy)
    elif rule.check in _LINES:
        yield from _LINES[rule.check](policy)
    elif rule.code in SUMMARIES:
        yield str(SUMMARIES[rule.code])


def english_rows(rule: Rule, policy: Requirements) -> list[EnglishMinimum]:
    """The tests that stand under this rule: a route's own, else those that no route names."""
    routes = [other.kinds for other in policy.rules if other.check is Check.ENGLISH_ROUTE]
    taken = {kind for kinds in routes for kind in kinds}
    if rule.check is Check.ENGLISH_ROUTE:
        return [row for row in policy.english.minima if row.kind in rule.kinds]
    return [row for row in policy.english.minima if row.kind not in taken]


def row_text(row: EnglishMinimum) -> str:
    """`IELTS Academic: overall 6.5 or more, no part below 5.5`."""
    figures = {
        "overall": row.overall,
        "comparable": row.comparable,
        "each_part": row.each_part,
        **{part: row.parts.get(part) for part in PARTS},
    }
    values = {name: plain(figure) for name, figure in figures.items() if figure is not None}
    known = {"kind": row.kind.value, "name": row.name, "grade": row.grade}
    text = describe_minimum({name: value for name, value in (known | values).items() if value})
    if row.reading:
        return gettext("{test} ({whose})").format(test=text, whose=FIGURES_OF[row.reading])
    return text


def name_of_test(kind: EnglishTestKind | str, reading: str = "") -> str:
    """`IELTS Academic`, and whose figures where the policy holds two."""
    title = str(labels.TESTS[str(kind)])
    if reading:
        return gettext("{test} ({whose})").format(test=title, whose=FIGURES_OF[reading])
    return title


def residence_of(status: ResidenceStatus, policy: Requirements) -> str:
    """A key of RESIDENCE: what the policy makes of one class."""
    residence = policy.residence
    if status in residence.non_local:
        return "NON_LOCAL"
    if status in residence.unclear:
        return "UNCLEAR"
    return "LOCAL_PART_TIME" if status in residence.local_part_time_only else "LOCAL"


def readings_at(rule: Rule, policy: Requirements) -> Iterator[ReadingText]:
    """The open questions that this rule raises, and how the policy answers each."""
    for name in questions_at(rule.check, policy):
        choice = policy.reading(name)
        yield ReadingText(
            name, str(QUESTIONS[name]), str(labels.READINGS[name, choice]), choice == READINGS[name][0]
        )


def day_of_year(month: int, day: int) -> str:
    """`31 August`, as the language writes it."""
    # Translators: a day without its year, in Django's date format
    return date_format(date(2000, month, day), gettext("j F"))


def _section(rule: Rule, lines: tuple[str, ...], readings: tuple[ReadingText, ...] = ()) -> RuleSection:
    known = rule_title(rule.code)
    return RuleSection(
        code=rule.code,
        title=gettext(rule.title) if known == rule.code and rule.title else known,
        layer=str(LAYERS[rule.layer]),
        clause=gettext(rule.clause) if rule.clause else "",
        quote=rule.quote,
        grade=str(GRADES.get(rule.grade, rule.grade)),
        note=gettext(rule.note) if rule.note else "",
        lines=lines,
        readings=readings,
        is_limb=bool(rule.part_of),
    )


def _of_overlay(overlay: Overlay) -> Iterator[RuleSection]:
    lines = [row_text(row) for row in overlay.english]
    if overlay.outstanding:
        lines.append(_outstanding(overlay.outstanding))
    layer = str(LAYERS[overlay.layer])
    if lines:
        clause = gettext(overlay.clause) if overlay.clause else ""
        title = gettext("Asked beyond the university’s own requirements")
        yield RuleSection(overlay.policy, title, layer, clause, "", "", "", tuple(lines), (), is_limb=False)
    for rule in overlay.rules:
        yield _section(rule, (gettext("An officer confirms it for each applicant."),))


def _outstanding(classes: tuple[str, ...]) -> str:
    if not classes:
        return gettext("No class of honours is named as outstanding.")
    return gettext("An outstanding record is indicated by: {classes}.").format(classes=_classes(classes))


def _classes(classes: tuple[str, ...]) -> str:
    return _apart(str(labels.HONOURS[honours]) for honours in classes)


def _apart(parts: Iterable[str]) -> str:
    """A list whose items hold commas of their own."""
    # Translators: what stands between the items of a list whose items hold commas
    return gettext("; ").join(parts)


def _treatments(rule: Rule, policy: Requirements) -> Iterator[str]:
    english = policy.english
    sentences = {
        gettext("TOEFL iBT Home Edition: {treatment}."): english.home_edition,
        gettext("IELTS Indicator: {treatment}."): english.indicator,
        gettext("Any test not named here: {treatment}."): english.unlisted,
    }
    if rule.check is Check.ENGLISH_BY_FIRST_LANGUAGE_AND_MEDIUM:
        text = gettext("An English-taught master’s instead of an English-taught bachelor’s: {treatment}.")
        sentences[text] = english.english_medium_masters
    for sentence, treatment in sentences.items():
        yield sentence.format(treatment=TREATMENTS[treatment])


def _honours(policy: Requirements) -> Iterator[str]:
    yield gettext("Counts as “with honours”: {classes}.").format(classes=_classes(policy.degree.honours))


def _award(policy: Requirements) -> Iterator[str]:
    month, day = policy.degree.award_by_month, policy.degree.award_by_day
    if month is None or day is None:
        yield gettext("A degree still to come is awarded before the programme starts; no day is laid down.")
    else:
        yield gettext("A degree still to come is awarded by {day} of the year of admission.").format(
            day=day_of_year(month, day)
        )


def _validity(policy: Requirements) -> Iterator[str]:
    years = policy.english.valid_years
    yield ngettext(
        "A score counts for {n} year from the test.", "A score counts for {n} years from the test.", years
    ).format(n=years)
    lasting = [name_of_test(row.kind) for row in policy.english.minima if row.never_expires]
    if lasting:
        yield gettext("Never out of date: {tests}.").format(tests=listed(lasting))


def _experience(policy: Requirements) -> Iterator[str]:
    yield gettext("{full} months full-time, or {part} months part-time").format(
        full=policy.experience.full_time_months, part=policy.experience.part_time_months
    )


def _modes(policy: Requirements) -> Iterator[str]:
    if not policy.modes:
        yield gettext("No study mode is ruled out.")
    else:
        yield gettext("Offered: {modes}.").format(
            modes=listed(str(labels.MODES[mode]) for mode in policy.modes)
        )


def _residence(policy: Requirements) -> Iterator[str]:
    for key, label in RESIDENCE.items():
        classes = [
            str(labels.STATUSES[status]) for status in ResidenceStatus if residence_of(status, policy) == key
        ]
        if classes:
            yield gettext("{outcome}: {classes}.").format(outcome=label, classes=_apart(classes))


def _part_time(policy: Requirements) -> Iterator[str]:
    residence = policy.residence
    yield gettext("Part-time study of a non-local applicant: {treatment}.").format(
        treatment=TREATMENTS[residence.part_time_non_local]
    )
    if residence.part_time_non_local is Treatment.ACCEPT and residence.part_time_refer_origins:
        yield gettext("Decided by an officer for non-local applicants from: {origins}.").format(
            origins=listed(str(labels.ORIGINS[origin]) for origin in residence.part_time_refer_origins)
        )


def _one_of_two(policy: Requirements) -> Iterator[str]:
    yield gettext("One of the two ways below is enough.")


def _round(policy: Requirements) -> Iterator[str]:
    yield gettext("An application arrives while a round is open.")


def _cap(policy: Requirements) -> Iterator[str]:
    most = policy.advanced_standing.most_credits if policy.advanced_standing else None
    if most is None:
        yield gettext("No number of credits is laid down.")
    else:
        yield ngettext(
            "{n} credit may be granted at most.", "{n} credits may be granted at most.", most
        ).format(n=most)


def _years_back(years: int) -> str:
    return ngettext(
        "A course counts if it was completed no more than {n} year before.",
        "A course counts if it was completed no more than {n} years before.",
        years,
    ).format(n=years)


def _standing(policy: Requirements) -> Iterator[str]:
    if policy.advanced_standing:
        yield _years_back(policy.advanced_standing.years)


def _reuse(policy: Requirements) -> Iterator[str]:
    if policy.credit_reuse:
        yield _years_back(policy.credit_reuse.years)


def _record(policy: Requirements) -> Iterator[str]:
    yield _outstanding(policy.degree.outstanding)


_LINES: Final = {
    Check.OUTSTANDING_OR_EXPERIENCED: _one_of_two,
    Check.ROUND_OPEN: _round,
    Check.BACHELOR_WITH_HONOURS: _honours,
    Check.DEGREE_IN_TIME: _award,
    Check.OUTSTANDING_BACHELOR: _record,
    Check.POSTGRADUATE_EXPERIENCE: _experience,
    Check.ENGLISH_VALIDITY: _validity,
    Check.STUDY_MODE_OFFERED: _modes,
    Check.RESIDENCE_STATUS: _residence,
    Check.MODE_AND_STATUS: _part_time,
    Check.CREDITS_WITHIN_CAP: _cap,
    Check.COURSE_COUNTS: _standing,
    Check.CREDITS_REUSED: _reuse,
}
