"""English tests: which one serves best, and what the rules make of it (HKU-E5, UST-06…UST-10,
AMB-05…AMB-13, AMB-29).

A test is judged alone, in one sitting, whoever needs it; `exemption.py` says who does.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from .case import Case, Standing
from .documents import DocumentKind
from .exemption import REQUIRED, describe_exemption
from .facts import EnglishTest
from .figures import Asked, asked_of, minima, minimum_for
from .findings import (
    MET,
    NEEDS_EVIDENCE,
    NOT_APPLICABLE,
    NOT_MET,
    PENDING_OFFICER,
    REFER,
    SEVERITY,
    Finding,
    Outcome,
)
from .records import plain
from .requirements import EnglishMinimum, Rule, Treatment
from .scales import PARTS, SCALES, EnglishTestKind, TotalRule, last_valid_day, total_of

SCORE_REPORT = DocumentKind.SCORE_REPORT
# by names of their own, as outcomes are (`findings.py`)
IELTS_INDICATOR, IELTS_GENERAL_TRAINING, TOEFL_IBT_1_6, TOEFL_REVISED_PAPER = (
    EnglishTestKind.IELTS_INDICATOR,
    EnglishTestKind.IELTS_GENERAL_TRAINING,
    EnglishTestKind.TOEFL_IBT_1_6,
    EnglishTestKind.TOEFL_REVISED_PAPER,
)
ONE_DAY, NOUGHT = timedelta(days=1), Decimal(0)


class Validity(NamedTuple):
    """Whether a score still counts on the day that counts, and until when it does."""

    outcome: Outcome
    reason: str = ""
    reading: str = ""
    params: dict[str, Any] = {}
    last: date | None = None


class Sitting(NamedTuple):
    """What the rules make of one test."""

    test: EnglishTest
    outcome: Outcome
    reason: str
    reading: str = ""
    needed: dict[str, Any] = {}
    params: dict[str, Any] = {}
    valid: Validity | None = None

    @property
    def rank(self) -> tuple[Any, ...]:
        """Smallest serves best; ties go to fewer shortfalls, then the later test, then the content."""
        taken = self.test.taken_on
        return (
            SEVERITY[self.outcome],
            len(self.params.get("short", ())),
            -(taken.toordinal() if taken else 0),
            self.test.kind,
            repr(self.test),
        )


def sittings_of(case: Case, *, raised: bool = False) -> tuple[Sitting, ...]:
    """Every test judged alone, the one that serves best first: never two tests together (AMB-13).
    `raised`: against what the layers above the university ask."""
    sittings = [judge(case, test, raised=raised) for test in case.facts.english_tests]
    if len(sittings) > 1:
        sittings.sort(key=lambda sitting: sitting.rank)
    return tuple(sittings)


def judge(case: Case, test: EnglishTest, *, raised: bool = False) -> Sitting:
    """One test against the policy, on the day that counts."""
    policy, kind, scale = case.requirements.english, test.kind, SCALES[test.kind]
    treatment = Treatment.ACCEPT
    if kind is IELTS_INDICATOR:
        treatment, kind = policy.indicator, EnglishTestKind.IELTS_ACADEMIC
        if treatment is Treatment.REFUSE:
            return _no_route(case, test, NOT_MET, "indicator_refused", "AMB-13", raised=raised)
    if kind is IELTS_GENERAL_TRAINING:
        return _no_route(case, test, NOT_MET, "not_the_academic_module", raised=raised)
    asked = asked_of(case.requirements, kind, test.name, raised=raised)
    if scale.retired and case.reading("AMB-10") == "hidden":
        return _no_route(case, test, NOT_MET, "test_not_listed", "AMB-10", raised=raised)
    if asked is None:
        outcome = REFER if policy.unlisted is Treatment.REFER else NOT_MET
        return _no_route(case, test, outcome, "test_not_listed", raised=raised)
    minimum, needed = asked.minimum, asked.needed
    if test.booked:
        reason = "booked_day_passed" if test.taken_on and test.taken_on < case.today else "booked"
        return Sitting(test, NEEDS_EVIDENCE, reason, needed=needed)

    outcome, reason, reading, params = _scores(case, test, asked)
    if outcome is NOT_MET:
        return Sitting(test, outcome, reason, reading, needed, params)
    valid = _validity(case, test, minimum)
    params |= valid.params
    if outcome is NEEDS_EVIDENCE and valid.outcome is not NOT_MET:
        return Sitting(test, outcome, reason, reading, needed, params, valid)
    if valid.outcome is not MET:
        return Sitting(test, valid.outcome, valid.reason, valid.reading, needed, params, valid)
    if outcome is MET:
        if test.one_skill_retake:
            reading = "AMB-13"
        if test.one_skill_retake and case.reading("AMB-13") == "refer":
            outcome, reason = REFER, "one_skill_retake"
        elif test.home_edition and policy.home_edition is not Treatment.ACCEPT:
            refused = policy.home_edition is Treatment.REFUSE
            outcome, reason, reading = NOT_MET if refused else REFER, "home_edition", "AMB-13"
        elif treatment is Treatment.REFER:
            outcome, reason, reading = REFER, "indicator", "AMB-13"
    return Sitting(test, outcome, reason, reading or valid.reading, needed, params, valid)


def _no_route(
    case: Case, test: EnglishTest, outcome: Outcome, reason: str, reading: str = "", *, raised: bool
) -> Sitting:
    """A test that is none of those asked for; what is needed are those."""
    needed = {"routes": minima(case.requirements, raised=raised)}
    return Sitting(test, outcome, reason, reading, needed)


def _scores(case: Case, test: EnglishTest, asked: Asked) -> tuple[Outcome, str, str, dict[str, Any]]:
    """Outcome, reason, reading and parameters of the scores alone, without their date."""
    minimum = asked.minimum
    if minimum.grade:
        return _grades(test, minimum)
    scale, stated = SCALES[test.kind], minimum.scale
    parts = {name: getattr(test, name) for name in (PARTS if stated else scale.parts)}
    if stated and any(s is not None and not stated.has(s) for s in (test.overall, *parts.values())):
        return NEEDS_EVIDENCE, "off_the_stated_scale", "", {"scale": str(stated)}
    given = tuple([score for score in parts.values() if score is not None])
    overall: Decimal | None = test.overall
    if scale.parts and len(given) == len(scale.parts):
        computed = total_of(test.kind, given)
        if overall is not None and computed is not None and computed != overall:
            return NEEDS_EVIDENCE, "total_inconsistent", "", {"computed": plain(computed)}
        overall = overall if overall is not None else computed
    elif scale.total is TotalRule.SUM and overall is not None and sum(given, NOUGHT) > overall:
        return NEEDS_EVIDENCE, "total_inconsistent", "", {"computed": plain(sum(given, NOUGHT))}

    if test.kind is TOEFL_IBT_1_6:
        return _comparable(case, test, asked, overall)
    short, missing = [], []
    for name, least in asked.least:
        score = overall if name == "overall" else parts[name]
        if score is None:
            missing.append(name)
        elif score < least:
            short.append(name)
    reading = "AMB-11" if test.kind is TOEFL_REVISED_PAPER else "AMB-09" if minimum.reading else ""
    if short:
        return NOT_MET, "below_minimum", reading, {"short": short}
    if missing:
        return NEEDS_EVIDENCE, "score_missing", reading, {"missing": missing}
    return MET, "test_meets", reading, {}


def _comparable(
    case: Case, test: EnglishTest, asked: Asked, overall: Decimal | None
) -> tuple[Outcome, str, str, dict[str, Any]]:
    """TOEFL 1–6 by the comparable 0–120 total printed on the report, never by a conversion of ours
    (AMB-12)."""
    minimum, total = asked.minimum, test.comparable_total
    if minimum.overall is not None and overall is not None and overall < minimum.overall:
        return NOT_MET, "below_minimum", "AMB-12", {"short": ["overall"]}
    if total is not None and minimum.comparable is not None and total < minimum.comparable:
        return NOT_MET, "below_minimum", "AMB-12", {"short": ["comparable_total"]}
    if asked.parts_of_old_scale:
        # reports print no comparable score per part
        return REFER, "no_comparable_parts", "AMB-12", {}
    if minimum.overall is not None and overall is None:
        return NEEDS_EVIDENCE, "score_missing", "AMB-12", {"missing": ["overall"]}
    if total is not None:
        return MET, "test_meets", "AMB-12", {}
    if case.reading("AMB-12") == "band_accepted" and minimum.band is not None:
        if overall is None:
            return NEEDS_EVIDENCE, "score_missing", "AMB-12", {"missing": ["overall"]}
        if overall < minimum.band:
            return NOT_MET, "below_minimum", "AMB-12", {"short": ["overall"]}
        return MET, "test_meets", "AMB-12", {}
    return REFER, "comparable_total_missing", "AMB-12", {}


def _grades(test: EnglishTest, minimum: EnglishMinimum) -> tuple[Outcome, str, str, dict[str, Any]]:
    best_first = SCALES[test.kind].grades
    if not test.grade:
        return NEEDS_EVIDENCE, "score_missing", "", {"missing": ["grade"]}
    if test.grade.isdigit() is not minimum.grade.isdigit():
        return REFER, "grade_not_mapped", "", {}
    if best_first.index(test.grade) > best_first.index(minimum.grade):
        return NOT_MET, "below_minimum", "", {"short": ["grade"]}
    return MET, "test_meets", "", {}


def _validity(case: Case, test: EnglishTest, minimum: EnglishMinimum) -> Validity:
    """Two years from the test date (UST-09), by date arithmetic (AMB-05, AMB-05b, AMB-06, AMB-07, AMB-10)."""
    if test.taken_on is None:
        return Validity(MET) if minimum.never_expires else Validity(NEEDS_EVIDENCE, "test_date_missing")
    if test.taken_on > case.today:
        return Validity(NEEDS_EVIDENCE, "test_date_in_the_future")
    if minimum.never_expires:
        return Validity(MET)
    scale = SCALES[test.kind]
    if scale.began_on and test.taken_on < scale.began_on:
        return Validity(NEEDS_EVIDENCE, "scale_not_yet_used", params={"began_on": scale.began_on.isoformat()})
    by_issue = case.reading("AMB-05b") == "issue_date"
    if by_issue and test.issued_on is None:
        return Validity(NEEDS_EVIDENCE, "issue_date_missing", "AMB-05b")
    start = test.issued_on if by_issue and test.issued_on else test.taken_on
    years, leap_day = case.requirements.english.valid_years, (start.month, start.day) == (2, 29)
    last = last_valid_day(
        start,
        years,
        anniversary_inside=case.reading("AMB-06") == "anniversary_inside",
        leap_day_to_march=case.reading("AMB-07") == "1_march",
    )
    begins = case.facts.programme_starts_on
    at_start = case.reading("AMB-05") == "at_programme_start" and begins is not None
    day = begins if at_start and begins is not None else case.on
    params: dict[str, Any] = {"valid_until": last.isoformat()}
    at_the_edge = day in (last, last + ONE_DAY)
    if leap_day and at_the_edge:
        params["boundary"] = True  # an officer should see a case that one day decides (AMB-07)
    of_start = "AMB-05b" if by_issue else "AMB-05"
    reading = "AMB-07" if leap_day else "AMB-06" if at_the_edge else of_start
    if day > last:
        return Validity(
            NOT_MET,
            "expired_and_retired" if scale.retired else "expired",
            "AMB-10" if scale.retired else reading,
            params,
            last,
        )
    if scale.retired and (scale.ended_on is None or test.taken_on > scale.ended_on):
        return Validity(NOT_MET, "retired", "AMB-10", params, last)
    if begins is not None and last < begins:
        params["lapses_before"] = begins.isoformat()
    return Validity(MET, "valid", reading, params, last)


def describe_test(test: EnglishTest) -> dict[str, Any]:
    """The test as values for a finding; only what was given."""
    values: dict[str, Any] = {"kind": test.kind, **({"name": test.name} if test.name else {})}
    for name in ("overall", "comparable_total", *PARTS):
        score = getattr(test, name)
        if score is not None:
            values[name] = plain(score)
    if test.grade:
        values["grade"] = test.grade
    if test.taken_on:
        values["taken_on"] = test.taken_on.isoformat()
    return values


def english_requirement(case: Case, rule: Rule) -> Finding:
    """HKU-E5 and UST-06: exempt, or the best test decides. A test that meets the figures settles every
    doubt."""
    return _requirement(case, rule, case.sittings, raised=False)


def _requirement(case: Case, rule: Rule, sittings: tuple[Sitting, ...], *, raised: bool) -> Finding:
    exemption, sitting = case.exemption, sittings[0] if sittings else None
    assert exemption is not None  # set by `verdict.prepare` before any rule runs
    better = {"better_exempts": True} if case.better is not None and exemption.outcome is REQUIRED else {}
    if exemption.outcome is NOT_APPLICABLE:
        return _from_exemption(case, rule, exemption)
    if sitting is not None and sitting.outcome is MET:
        return _from_sitting(case, rule, sitting, exemption, _beside(case, sittings))
    if exemption.outcome is not REQUIRED:
        return _from_exemption(case, rule, exemption)
    if sitting is None:
        return rule.finds(
            NEEDS_EVIDENCE,
            "no_test",
            needed={"routes": minima(case.requirements, raised=raised)},
            params={"because": exemption.reason, **better},
            document=SCORE_REPORT,
        )
    finding = _from_sitting(case, rule, sitting, exemption, {**better, **_beside(case, sittings)})
    if finding.outcome is NOT_MET and case.reading("AMB-29") == "english_by_merit":
        return finding._replace(outcome=REFER, reading="AMB-29")
    return finding


def _from_exemption(case: Case, rule: Rule, exemption: Standing) -> Finding:
    return rule.finds(
        exemption.outcome,
        exemption.reason,
        reading=exemption.reading,
        supplied=describe_exemption(case),
        document=exemption.document,
    )


def _from_sitting(
    case: Case, rule: Rule, sitting: Sitting, exemption: Standing, extra: dict[str, Any]
) -> Finding:
    return rule.finds(
        sitting.outcome,
        sitting.reason,
        reading=sitting.reading,
        supplied=case.values(describe_test, sitting.test),
        needed=sitting.needed,
        params={**sitting.params, "because": exemption.reason, **extra},
        document=SCORE_REPORT,
    )


def _beside(case: Case, sittings: tuple[Sitting, ...]) -> dict[str, Any]:
    """The other tests and what the rules make of each: why the one shown was chosen."""
    if len(sittings) < 2:
        return {}
    return {
        "others": [
            {
                "supplied": case.values(describe_test, other.test),
                "outcome": other.outcome.value,
                "reason": other.reason,
                "params": other.params,
            }
            for other in sittings[1:]
        ]
    }


def english_route(case: Case, rule: Rule) -> Finding:
    """UST-07, UST-08: one of the tests that would do. A limb, so that a failed route beside a good one
    costs nothing."""
    assert case.exemption is not None
    if case.exemption.outcome is NOT_APPLICABLE:
        return rule.finds(NOT_APPLICABLE, "english_not_required")
    sitting = next((one for one in case.sittings if not rule.kinds or one.test.kind in rule.kinds), None)
    if sitting is None:
        return rule.finds(NOT_APPLICABLE, "no_test_of_this_route")
    return _from_sitting(case, rule, sitting, case.exemption, {})


def english_validity(case: Case, rule: Rule) -> Finding:
    """UST-09: whether the test that serves best is in date."""
    assert case.exemption is not None
    sitting = case.sitting
    if case.exemption.outcome is NOT_APPLICABLE:
        return rule.finds(NOT_APPLICABLE, "english_not_required")
    minimum = minimum_for(case.requirements, sitting.test.kind, sitting.test.name) if sitting else None
    if sitting is None or minimum is None or sitting.test.booked or minimum.never_expires:
        return rule.finds(NOT_APPLICABLE, "no_date_to_judge")
    valid = sitting.valid or _validity(case, sitting.test, minimum)
    return rule.finds(
        valid.outcome,
        valid.reason,
        reading=valid.reading,
        supplied=case.values(describe_test, sitting.test),
        needed={"years": case.requirements.english.valid_years},
        params=valid.params,
        document=SCORE_REPORT,
    )


def english_overlay(case: Case, rule: Rule) -> Finding:
    """UST-10: what the School or department asks beyond the university, where that is recorded.

    A finding of its own beside the university's, so that each cites whose figure it is.
    """
    assert case.exemption is not None
    if not case.requirements.english.overlay:
        return rule.finds(PENDING_OFFICER, "department_may_ask_more")
    if case.exemption.outcome is NOT_APPLICABLE:
        return rule.finds(NOT_APPLICABLE, "english_not_required")
    return _requirement(case, rule, sittings_of(case, raised=True), raised=True)
