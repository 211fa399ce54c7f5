"""Local or non-local, by the institution's own definition, and what it means for the study mode (AMB-04,
UST-16, C2, C3)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from .case import Case
from .documents import DocumentKind
from .facts import Origin, Residence, ResidenceStatus, StudyMode
from .findings import MET, NEEDS_EVIDENCE, NOT_APPLICABLE, NOT_MET, REFER, Finding
from .requirements import Requirements, Rule, Treatment

STATUS_PROOF = DocumentKind.RESIDENCE_PROOF

# AMB-04's alternative: whoever enters, or must enter, for study; dependants and IANG holders are then not
# non-local
_STUDENT_VISA_ONLY = (ResidenceStatus.STUDENT_VISA, ResidenceStatus.VISITOR)


class LocalStatus(StrEnum):
    """UNCLEAR: an officer decides. UNSAID: the person has not said enough."""

    LOCAL = "LOCAL"
    NON_LOCAL = "NON_LOCAL"
    UNCLEAR = "UNCLEAR"
    UNSAID = "UNSAID"


LOCAL, NON_LOCAL, UNCLEAR, UNSAID = LocalStatus


def local_status(
    residence: Residence | None, mode: StudyMode | None, requirements: Requirements
) -> LocalStatus:
    """Status for admission, as declared; it says nothing about the visa needed or the fee (DOMAIN C2)."""
    if residence is None:
        return UNSAID
    if residence.unsure or residence.contradicted:
        return UNCLEAR  # an officer settles it, and until then it keeps nobody out (UST-18, AMB-04b)
    policy, status = requirements.residence, residence.status
    if requirements.reading("AMB-04") == "student_visa_only":
        if status in _STUDENT_VISA_ONLY:
            return NON_LOCAL
        return UNCLEAR if status is ResidenceStatus.OTHER else LOCAL
    if status in policy.non_local:
        return NON_LOCAL
    if status in policy.unclear:
        return UNCLEAR
    if status is ResidenceStatus.DEPENDANT and ResidenceStatus.DEPENDANT_18_OR_OVER in policy.non_local:
        return UNSAID  # the age when first issued decides, and was not said
    if status in policy.local_part_time_only and mode is not StudyMode.PART_TIME:
        return UNCLEAR
    return LOCAL


def residence_that_counts(case: Case) -> Residence | None:
    """As declared at submission, or at registration where that is read and known (AMB-04b)."""
    later = case.facts.residence_at_registration
    return later if later and case.reading("AMB-04b") == "at_registration" else case.facts.residence


def status_reading(case: Case) -> str:
    """Which reading named the status: that of its day where a later one counts, else that of the words."""
    return "AMB-04" if case.residence is case.facts.residence else "AMB-04b"


def describe_residence(case: Case) -> dict[str, Any]:
    """Status, origin and mode as values for a finding."""
    return case.values(_describe, case)


def _describe(case: Case) -> dict[str, Any]:
    residence, mode = case.residence, case.facts.mode
    known = residence.status if residence and not residence.unsure else ""
    values = {"status": known, "mode": mode if mode else ""}
    if residence and residence.origin:
        values["origin"] = residence.origin
    return values


def unsettled(case: Case, rule: Rule, status: LocalStatus) -> Finding:
    """What a rule finds where the status is for an officer, or more must be said."""
    if status is UNCLEAR:
        return rule.finds(
            REFER,
            _why_unclear(case.residence),
            reading=status_reading(case),
            supplied=describe_residence(case),
            document=STATUS_PROOF,
        )
    reason = "status_not_declared" if case.residence is None else "dependant_age_not_stated"
    return rule.finds(
        NEEDS_EVIDENCE,
        reason,
        reading=status_reading(case),
        supplied=describe_residence(case),
        document=STATUS_PROOF,
    )


def _why_unclear(residence: Residence | None) -> str:
    if residence is not None and residence.unsure:
        return "status_not_sure"
    if residence is not None and residence.contradicted:
        return "status_contradicted"
    work = residence is not None and residence.status is ResidenceStatus.EMPLOYMENT_VISA
    return "work_visa_full_time" if work else "status_unclear"


def residence_status(case: Case, rule: Rule) -> Finding:
    """UST-16, AMB-04: which of the two the person is; being either is never a fault."""
    status = local_status(case.residence, case.facts.mode, case.requirements)
    if status in (UNCLEAR, UNSAID):
        return unsettled(case, rule, status)
    return rule.finds(
        MET,
        status.lower(),
        reading=status_reading(case),
        supplied=describe_residence(case),
        document=STATUS_PROOF,
    )


def study_mode_offered(case: Case, rule: Rule) -> Finding:
    """HKU-01: whether the programme is offered in the mode applied for."""
    modes, mode = case.requirements.modes, case.facts.mode
    needed = {"modes": list(modes)}
    if not modes:
        return rule.finds(NOT_APPLICABLE, "modes_not_limited")
    if mode is None:
        return rule.finds(NEEDS_EVIDENCE, "mode_not_chosen", needed=needed, document=DocumentKind.FORM_ANSWER)
    outcome = MET if mode in modes else NOT_MET
    return rule.finds(
        outcome,
        "mode_offered" if outcome is MET else "mode_not_offered",
        supplied={"mode": mode},
        needed=needed,
    )


def mode_and_status(case: Case, rule: Rule) -> Finding:
    """Part-time study and non-local status: refused, referred or free, as the policy says (DOMAIN B3, C3)."""
    policy, mode, residence = case.requirements.residence, case.facts.mode, case.residence
    if mode is None:
        return rule.finds(NEEDS_EVIDENCE, "mode_not_chosen", document=DocumentKind.FORM_ANSWER)
    if mode is StudyMode.FULL_TIME:
        return rule.finds(NOT_APPLICABLE, "full_time", supplied=describe_residence(case))
    status = local_status(residence, mode, case.requirements)
    if status is LOCAL:
        return rule.finds(MET, "local_part_time", supplied=describe_residence(case))
    if status is not NON_LOCAL:
        return unsettled(case, rule, status)
    if policy.part_time_non_local is not Treatment.ACCEPT:
        refused = policy.part_time_non_local is Treatment.REFUSE
        return rule.finds(
            NOT_MET if refused else REFER,
            "part_time_non_local",
            supplied=describe_residence(case),
            needed={"modes": [StudyMode.FULL_TIME]},
        )
    origin = residence.origin if residence else None
    if policy.part_time_refer_origins and origin is None:
        return rule.finds(
            NEEDS_EVIDENCE,
            "origin_not_stated",
            supplied=describe_residence(case),
            document=STATUS_PROOF,
        )
    # dependants and IANG holders may be non-local and need no student visa (DOMAIN C2, C3)
    enters_to_study = residence is not None and residence.status in _STUDENT_VISA_ONLY
    part_time = "part_time_visa_needed" if enters_to_study else "part_time_open"
    by_nationality = case.reading("AMB-28") == "residence_and_nationality"
    foreign = residence is not None and residence.chinese_national is False
    if origin in (Origin.MACAO, Origin.TAIWAN) and foreign and by_nationality:
        # a foreign national living there needs a student visa, as people from elsewhere do
        return rule.finds(MET, part_time, reading="AMB-28", supplied=describe_residence(case))
    if origin in policy.part_time_refer_origins:
        return rule.finds(
            REFER,
            "part_time_origin",
            reading="AMB-28" if origin in (Origin.MACAO, Origin.TAIWAN) else "",
            supplied=describe_residence(case),
            needed={"origins": list(policy.part_time_refer_origins)},
        )
    return rule.finds(MET, part_time, supplied=describe_residence(case))
