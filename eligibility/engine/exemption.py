"""Who must show an English test at all: DOMAIN A3, where the two institutions exempt different people.

HKU looks at the qualification relied on: outside Hong Kong, and taught or examined in another language. First
language plays no part. HKUST looks at the person and the institution: first language not English, and the
institution's medium of instruction not English. Place plays no part.
"""

from __future__ import annotations

from typing import Any

from .case import Case, Standing
from .documents import DocumentKind
from .facts import AwardStatus, Degree, DegreeLevel, Language
from .findings import NEEDS_EVIDENCE, NOT_APPLICABLE, NOT_MET, REFER
from .requirements import Treatment

LETTER = DocumentKind.MEDIUM_LETTER

REQUIRED = NOT_MET
"""As the outcome of an exemption: not exempt, a test is needed."""


def by_qualification(case: Case, degree: Degree) -> Standing:
    """HKU-E5 on one qualification: NOT_APPLICABLE = no test, REQUIRED, NEEDS_EVIDENCE or REFER (AMB-08,
    AMB-08b)."""
    if degree.institution_in_hong_kong:
        return Standing(NOT_APPLICABLE, "in_hong_kong")
    if degree.institution_in_hong_kong is None:
        return Standing(NEEDS_EVIDENCE, "place_not_stated", document=DocumentKind.DEGREE_CERTIFICATE)
    languages = (degree.teaching_language, degree.examination_language)
    if Language.OTHER in languages:
        return Standing(REQUIRED, "taught_or_examined_in_another_language")
    if None in languages:
        return Standing(NEEDS_EVIDENCE, "language_not_stated", "AMB-08", LETTER)
    if Language.MIXED in languages:
        return Standing(REFER, "bilingual", "AMB-08", LETTER)
    if case.reading("AMB-08b") == "institution" and degree.institution_medium is not Language.ENGLISH:
        return Standing(REFER, "english_programme_elsewhere", "AMB-08b", LETTER)
    decided = degree.institution_medium in (Language.OTHER, Language.MIXED)
    return Standing(NOT_APPLICABLE, "taught_and_examined_in_english", "AMB-08b" if decided else "", LETTER)


def hku_exemption(case: Case, degree: Degree | None) -> Standing:
    """HKU-E5 on the qualification relied on, and what an earlier one still says (AMB-31)."""
    if degree is None:
        return Standing(NEEDS_EVIDENCE, "no_qualification", document=DocumentKind.DEGREE_CERTIFICATE)
    own = by_qualification(case, degree)
    if case.reading("AMB-31") == "any_that_exempts":
        exempt = any(by_qualification(case, d).outcome is NOT_APPLICABLE for d in case.facts.degrees)
        if exempt and own.outcome is not NOT_APPLICABLE:
            return Standing(NOT_APPLICABLE, "another_exempts", "AMB-31")
        return own
    if own.outcome is NOT_APPLICABLE and degree.is_postgraduate:
        first = [
            by_qualification(case, other).outcome for other in case.facts.degrees if other.is_first_degree
        ]
        if first and NOT_APPLICABLE not in first:
            # a Hong Kong master's over a bachelor's in another language: the text does not say
            return Standing(REFER, "postgraduate_over_first_degree", "AMB-31")
    return own


def by_first_language_and_medium(case: Case, degree: Degree | None) -> Standing:
    """UST-06 on one bachelor's or equivalent; either an English first language or an English medium
    exempts."""
    if case.facts.first_language_is_english:
        return Standing(NOT_APPLICABLE, "first_language_english")
    if degree is None:
        return Standing(NEEDS_EVIDENCE, "no_qualification", document=DocumentKind.DEGREE_CERTIFICATE)
    by_programme = case.reading("AMB-08") == "programme"
    medium = degree.teaching_language if by_programme else degree.institution_medium
    if medium is Language.ENGLISH:
        return Standing(NOT_APPLICABLE, "medium_english", "AMB-08" if by_programme else "", LETTER)
    if case.facts.first_language_is_english is None:
        return Standing(NEEDS_EVIDENCE, "first_language_not_stated", document=DocumentKind.FORM_ANSWER)
    if medium is None:
        return Standing(NEEDS_EVIDENCE, "medium_not_stated", "AMB-08", LETTER)
    if medium is Language.MIXED:
        return Standing(REFER, "bilingual", "AMB-08", LETTER)
    if degree.teaching_language is Language.ENGLISH:
        return Standing(REFER, "english_programme_elsewhere", "AMB-08", LETTER)
    return Standing(REQUIRED, "first_language_and_medium_not_english")


def hkust_exemption(case: Case) -> Standing:
    """UST-06, and the later FAQ that exempts holders of a master's from an English-medium institution
    (DOMAIN A3)."""
    own = by_first_language_and_medium(case, case.first_degree or case.qualification)
    if own.outcome is not REQUIRED:
        return own
    treatment = case.requirements.english.english_medium_masters
    if case.reading("AMB-31") == "any_that_exempts":
        treatment = Treatment.ACCEPT
    if treatment is Treatment.REFUSE or not any(_is_english_masters(degree) for degree in case.facts.degrees):
        return own
    if treatment is Treatment.ACCEPT:
        return Standing(NOT_APPLICABLE, "english_masters_exempts", "AMB-31", LETTER)
    return Standing(REFER, "english_masters", "AMB-31", LETTER)


def _is_english_masters(degree: Degree) -> bool:
    return (
        degree.level in (DegreeLevel.MASTER, DegreeLevel.RESEARCH_MASTER, DegreeLevel.DOCTORATE)
        and degree.status is AwardStatus.AWARDED
        and degree.institution_medium is Language.ENGLISH
    )


def describe_exemption(case: Case) -> dict[str, Any]:
    """What the exemption was decided by, as values for a finding: place and languages of the qualification
    (HKU-E5), or first language and the institution's medium (UST-06). Only what was given."""
    by_place = case.requirements.degree.by_qualification
    degree = case.qualification if by_place else case.first_degree or case.qualification
    given: dict[str, Any] = {}
    if not by_place:
        given["first_language_is_english"] = case.facts.first_language_is_english
    if degree is not None:
        if by_place:
            given["in_hong_kong"] = degree.institution_in_hong_kong
            given["examination_language"] = degree.examination_language
        given["teaching_language"] = degree.teaching_language
        given["institution_medium"] = degree.institution_medium
    return {name: value for name, value in given.items() if value is not None}
