"""Doctoral admission: an outstanding bachelor's, or a year or two of postgraduate work (UST-03, UST-05,
AMB-18…AMB-20)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from .case import Case
from .degree import A_BACHELORS, CERTIFICATE, TRANSCRIPT, bachelor_or_equivalent, better, describe
from .documents import DocumentKind
from .facts import AwardStatus, PostgraduateStudy, ProgrammeLevel, StudyKind, StudyMode
from .findings import MET, NEEDS_EVIDENCE, NOT_APPLICABLE, NOT_MET, REFER, Finding, Outcome
from .officers import recorded
from .requirements import Check, Rule


def outstanding_bachelor(case: Case, rule: Rule) -> Finding:
    """UST-03 (a): no figure is stated, so an officer judges; a class may only indicate (AMB-20)."""
    degree, classes = case.first_degree, case.requirements.degree.outstanding
    if degree is None:
        return rule.finds(
            NOT_MET, "no_first_degree", supplied=case.values(describe, case.qualification), needed=A_BACHELORS
        )
    needed = {"indicator": list(classes)} if classes else {}
    if degree.status is AwardStatus.EXPECTED:
        return rule.finds(
            REFER,
            "outstanding_to_be_judged",
            reading="AMB-20",
            supplied=case.values(describe, degree),
            needed=needed,
            document=TRANSCRIPT,
        )
    indicated = degree.honours in classes
    if classes and case.reading("AMB-20") == "indicator_decides":
        outcome, reason = (MET, "indicator_met") if indicated else (NOT_MET, "indicator_not_met")
        supplied = case.values(describe, degree)
        return rule.finds(outcome, reason, reading="AMB-20", supplied=supplied, needed=needed)
    return rule.finds(
        REFER,
        "outstanding_indicated" if indicated else "outstanding_to_be_judged",
        reading="AMB-20",
        supplied=case.values(describe, degree),
        needed=needed,
        document=TRANSCRIPT,
    )


def postgraduate_experience(case: Case, rule: Rule) -> Finding:
    """UST-03 (b): one year full-time or two years part-time of satisfactory work, not added up across modes
    (AMB-19)."""
    policy = case.requirements.experience
    needed = {"full_time_months": policy.full_time_months, "part_time_months": policy.part_time_months}
    stretches = case.facts.postgraduate_study
    if not stretches:
        return rule.finds(NOT_APPLICABLE, "no_postgraduate_study", needed=needed)
    supplied = {"stretches": sorted((describe_study(study) for study in stretches), key=repr)}
    judged = [_long_enough(case, study) for study in stretches]
    for outcome, reason in (
        (MET, "postgraduate_work"),
        (NEEDS_EVIDENCE, "result_not_stated"),
        (NEEDS_EVIDENCE, "length_not_stated"),
        (NEEDS_EVIDENCE, "postgraduate_work_to_come"),
        (REFER, "research_assistantship"),
    ):
        if (outcome, reason) in judged:
            return rule.finds(
                outcome,
                reason,
                reading="AMB-19",
                supplied=supplied,
                needed=needed,
                document=DocumentKind.POSTGRADUATE_TRANSCRIPT,
            )
    counted = [study for study in stretches if study.satisfactory is not False]
    if sum(_length(case, study) or 0 for study in counted) >= 1:
        # enough only when added up, which the text does not say may be done
        return rule.finds(
            REFER,
            "only_added_up",
            reading="AMB-19",
            supplied=supplied,
            needed=needed,
            document=DocumentKind.POSTGRADUATE_TRANSCRIPT,
        )
    failed = (NOT_MET, "too_short") not in judged
    reason = "not_satisfactory" if failed else "too_short"
    return rule.finds(NOT_MET, reason, reading="AMB-19", supplied=supplied, needed=needed)


def describe_study(study: PostgraduateStudy) -> dict[str, Any]:
    """One stretch as values for a finding."""
    return {
        "mode": study.mode,
        "kind": study.kind,
        "months": study.months if study.months is not None else study.certified_normal_months or 0,
        "institution": study.institution,
    }


def _long_enough(case: Case, study: PostgraduateStudy) -> tuple[Outcome, str]:
    if study.satisfactory is False:
        return NOT_MET, "not_satisfactory"
    length = _length(case, study)
    if length is None:
        return NEEDS_EVIDENCE, "length_not_stated"
    if length < 1:
        return NOT_MET, "too_short"
    if study.kind is StudyKind.RESEARCH_ASSISTANTSHIP:
        return REFER, "research_assistantship"
    if (_length(case, _so_far(case, study)) or 0) < 1:
        return NEEDS_EVIDENCE, "postgraduate_work_to_come"
    if study.satisfactory is None:
        return NEEDS_EVIDENCE, "result_not_stated"
    return MET, "postgraduate_work"


def _so_far(case: Case, study: PostgraduateStudy) -> PostgraduateStudy:
    """The stretch without what is still to come: nobody presents evidence of work not yet done (UST-03 b)."""
    if study.ended_on is None or study.ended_on <= case.today:
        return study
    begun = study.started_on is not None and study.started_on <= case.today
    return replace(
        study,
        completed=False,
        started_on=study.started_on if begun else None,
        ended_on=case.today if begun else None,
    )


def _length(case: Case, study: PostgraduateStudy) -> Fraction | None:
    """Length as a share of what the mode asks (1 = enough), None where nothing tells it."""
    policy = case.requirements.experience
    asked = policy.full_time_months if study.mode is StudyMode.FULL_TIME else policy.part_time_months
    if case.reading("AMB-19") == "calendar_days":
        if study.started_on is None or study.ended_on is None:
            return None
        return Fraction(((study.ended_on - study.started_on).days + 1) * 12, 365 * asked)
    months = [study.months] if study.months is not None else []
    if study.completed and study.certified_normal_months is not None:
        months.append(study.certified_normal_months)
    if study.started_on is not None and study.ended_on is not None:
        months.append(_whole_months(study.started_on, study.ended_on))
    return Fraction(max(months), asked) if months else None


def _whole_months(first: date, last: date) -> int:
    """Whole calendar months from the first day to the last, both included (1 September to 31 August = 12)."""
    after = last + timedelta(days=1)
    return (after.year - first.year) * 12 + after.month - first.month - (after.day < first.day)


def outstanding_or_experienced(case: Case, rule: Rule) -> Finding:
    """UST-03: (a) or (b), whichever serves better; (b) alone, without a bachelor's, is for an officer
    (AMB-18)."""
    limbs = {limb.check: limb for limb in case.requirements.rules if limb.part_of == rule.code}
    a, b = (
        recorded(case, judge(case, limbs.get(check, rule)))
        for check, judge in (
            (Check.OUTSTANDING_BACHELOR, outstanding_bachelor),
            (Check.POSTGRADUATE_EXPERIENCE, postgraduate_experience),
        )
    )
    degree = case.first_degree
    supplied = case.values(describe, degree or case.qualification)
    if b.outcome is MET:
        if degree is not None:
            return rule.finds(b.outcome, b.reason, reading=b.reading, supplied=b.supplied, needed=b.needed)
        if case.reading("AMB-18") == "bachelor_needed":
            return rule.finds(
                NOT_MET,
                "bachelor_needed",
                reading="AMB-18",
                supplied=supplied or b.supplied,
                needed=A_BACHELORS,
            )
        return rule.finds(REFER, "experience_without_bachelor", reading="AMB-18", supplied=b.supplied)
    chosen = b if b.severity < a.severity and b.outcome is not NOT_APPLICABLE else a
    if degree is None and chosen.outcome is NOT_MET:
        if not case.facts.degrees:
            return rule.finds(NEEDS_EVIDENCE, "no_qualification", document=CERTIFICATE)
        return rule.finds(REFER, "no_first_degree", supplied=supplied, document=TRANSCRIPT)
    return rule.finds(
        chosen.outcome,
        chosen.reason,
        reading=chosen.reading,
        supplied=chosen.supplied,
        needed=chosen.needed,
        params={**chosen.params, **better(case)},
        document=chosen.document,
    )


MERIT_REASONS = frozenset(
    {"no_first_degree", "experience_without_bachelor", "bachelor_needed", "indicator_not_met"}
)


def individual_merit(case: Case, rule: Rule) -> Finding:
    """UST-05: another qualification is considered on individual merit; it never bars anyone from applying."""
    doctoral = case.facts.programme_level is ProgrammeLevel.PHD
    check = Check.OUTSTANDING_OR_EXPERIENCED if doctoral else Check.BACHELOR_OR_EQUIVALENT
    # by the policy's own rule, so that what officers recorded about it and its limbs counts here too
    asked = next((other for other in case.requirements.rules if other.check is check), rule)
    academic = (outstanding_or_experienced if doctoral else bachelor_or_equivalent)(case, asked)
    if academic.reason in MERIT_REASONS and recorded(case, academic).outcome is not MET:
        supplied = case.values(describe, case.qualification)
        return rule.finds(REFER, "considered_on_merit", supplied=supplied, document=TRANSCRIPT)
    return rule.finds(NOT_APPLICABLE, "merit_not_needed")
