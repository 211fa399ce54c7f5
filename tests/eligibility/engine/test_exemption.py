"""Who needs an English test: every row of DOMAIN A3 at both institutions, and the readings beside it."""

import pytest

from eligibility.engine import DegreeLevel, EnglishTestKind, Language, Outcome
from tests.eligibility.engine.people import MMEDSC, MPHIL, ask, degree, elsewhere, ielts

EN, XX, MIX = Language.ENGLISH, Language.OTHER, Language.MIXED
NOT_REQUIRED, REFER, EVIDENCE = Outcome.NOT_APPLICABLE, Outcome.REFER, Outcome.NEEDS_EVIDENCE
REQUIRED = "required"

# in Hong Kong, teaching, examination, institution's medium, first language English → HKU, HKUST
A3 = [
    pytest.param(
        True,
        EN,
        EN,
        EN,
        False,
        NOT_REQUIRED,
        NOT_REQUIRED,
        id="in HK, taught in English, first language other",
    ),
    pytest.param(
        True,
        EN,
        EN,
        EN,
        True,
        NOT_REQUIRED,
        NOT_REQUIRED,
        id="in HK, taught in English, first language English",
    ),
    pytest.param(
        True, XX, XX, XX, False, NOT_REQUIRED, REQUIRED, id="in HK, taught in Chinese, first language other"
    ),
    pytest.param(
        True,
        XX,
        XX,
        XX,
        True,
        NOT_REQUIRED,
        NOT_REQUIRED,
        id="in HK, taught in Chinese, first language English",
    ),
    pytest.param(
        False, EN, EN, EN, False, NOT_REQUIRED, NOT_REQUIRED, id="outside HK, English teaching and exam"
    ),
    pytest.param(
        False, EN, EN, EN, True, NOT_REQUIRED, NOT_REQUIRED, id="outside HK, English throughout, native"
    ),
    pytest.param(
        False, XX, XX, XX, False, REQUIRED, REQUIRED, id="outside HK, not English, first language other"
    ),
    pytest.param(
        False, XX, XX, XX, True, REQUIRED, NOT_REQUIRED, id="outside HK, not English, first language English"
    ),
    pytest.param(
        False,
        EN,
        XX,
        EN,
        False,
        REQUIRED,
        NOT_REQUIRED,
        id="outside HK, taught in English, examined in another",
    ),
    pytest.param(False, MIX, MIX, MIX, False, REFER, REFER, id="outside HK, bilingual"),
]


def english(code: str, basis: object, native: bool | None, tests: tuple = (), **readings: str) -> object:
    """What the English rule says: an outcome, or `required` where a missing test is all that is missing."""
    finding = ask(
        code, degrees=(basis,), first_language_is_english=native, english_tests=tests, readings=readings
    ).finding({MMEDSC: "HKU-E5", MPHIL: "UST-06"}[code])
    return REQUIRED if finding.reason == "no_test" else finding.outcome


@pytest.mark.parametrize(("in_hk", "taught", "examined", "medium", "native", "hku", "hkust"), A3)
def test_a3_at_both_institutions(
    in_hk: bool,
    taught: Language,
    examined: Language,
    medium: Language,
    native: bool,
    hku: object,
    hkust: object,
) -> None:
    basis = degree(
        institution_in_hong_kong=in_hk,
        teaching_language=taught,
        examination_language=examined,
        institution_medium=medium,
    )
    assert (english(MMEDSC, basis, native), english(MPHIL, basis, native)) == (hku, hkust)


@pytest.mark.parametrize(("in_hk", "taught", "examined", "medium", "native", "hku", "hkust"), A3)
def test_a3_a_good_test_settles_every_row(
    in_hk: bool,
    taught: Language,
    examined: Language,
    medium: Language,
    native: bool,
    hku: object,
    hkust: object,
) -> None:
    basis = degree(
        institution_in_hong_kong=in_hk,
        teaching_language=taught,
        examination_language=examined,
        institution_medium=medium,
    )
    for code, outcome in ((MMEDSC, hku), (MPHIL, hkust)):
        expected = NOT_REQUIRED if outcome is NOT_REQUIRED else Outcome.MET
        assert english(code, basis, native, (ielts(),)) == expected


CHANGES = [
    pytest.param(
        MMEDSC, {"teaching_language": None}, False, {}, EVIDENCE, id="HKU-E5 teaching language not said"
    ),
    pytest.param(
        MMEDSC, {"examination_language": None}, False, {}, EVIDENCE, id="HKU-E5 examination language not said"
    ),
    pytest.param(
        MMEDSC,
        {"teaching_language": XX, "examination_language": None},
        False,
        {},
        REQUIRED,
        id="HKU-E5 taught in another language, examination not said",
    ),
    pytest.param(MMEDSC, {"teaching_language": MIX}, False, {}, REFER, id="HKU-E5 AMB-08 bilingual teaching"),
    pytest.param(MMEDSC, {"institution_in_hong_kong": None}, False, {}, EVIDENCE, id="HKU-E5 place not said"),
    pytest.param(
        MMEDSC, {"institution_medium": XX}, False, {}, NOT_REQUIRED, id="HKU-E5 AMB-08b qualification counts"
    ),
    pytest.param(
        MMEDSC,
        {"institution_medium": XX},
        False,
        {"AMB_08b": "institution"},
        REFER,
        id="HKU-E5 AMB-08b institution counts",
    ),
    pytest.param(
        MMEDSC, {}, False, {"AMB_08b": "institution"}, NOT_REQUIRED, id="HKU-E5 AMB-08b English institution"
    ),
    pytest.param(MMEDSC, {}, None, {}, NOT_REQUIRED, id="HKU-E5 first language plays no part"),
    pytest.param(MPHIL, {}, None, {}, NOT_REQUIRED, id="UST-06 English medium, first language not said"),
    pytest.param(MPHIL, {"institution_medium": XX}, None, {}, EVIDENCE, id="UST-06 first language not said"),
    pytest.param(MPHIL, {"institution_medium": None}, False, {}, EVIDENCE, id="UST-06 medium not said"),
    pytest.param(
        MPHIL,
        {"institution_medium": XX},
        False,
        {},
        REFER,
        id="UST-06 AMB-08 English programme, other institution",
    ),
    pytest.param(
        MPHIL,
        {"institution_medium": XX},
        False,
        {"AMB_08": "programme"},
        NOT_REQUIRED,
        id="UST-06 AMB-08 programme counts",
    ),
    pytest.param(
        MPHIL,
        {"teaching_language": XX},
        False,
        {"AMB_08": "programme"},
        REQUIRED,
        id="UST-06 AMB-08 programme counts, not in English",
    ),
    pytest.param(
        MPHIL,
        {"teaching_language": XX},
        False,
        {},
        NOT_REQUIRED,
        id="UST-06 AMB-08 the institution's medium counts",
    ),
    pytest.param(
        MPHIL,
        {"institution_medium": XX, "teaching_language": XX, "institution_in_hong_kong": True},
        False,
        {},
        REQUIRED,
        id="UST-06 location plays no part",
    ),
]


@pytest.mark.parametrize(("code", "changes", "native", "readings", "expected"), CHANGES)
def test_doubt_and_readings(
    code: str, changes: dict, native: bool | None, readings: dict, expected: object
) -> None:
    basis = degree(**{"institution_in_hong_kong": False} | changes)
    assert english(code, basis, native, (), **readings) == expected


MASTERS = {"level": DegreeLevel.MASTER, "title": "MSc"}
SEVERAL = [
    pytest.param(
        MMEDSC,
        (elsewhere(relied_on=True), degree(**MASTERS)),
        {},
        "no_test",
        id="AMB-31 the bachelor's relied on needs a test",
    ),
    pytest.param(
        MMEDSC,
        (elsewhere(), degree(**MASTERS, relied_on=True)),
        {},
        "postgraduate_over_first_degree",
        id="AMB-31 a Hong Kong master's over a bachelor's in another language",
    ),
    pytest.param(
        MMEDSC,
        (degree(), degree(**MASTERS, relied_on=True)),
        {},
        "in_hong_kong",
        id="AMB-31 master's over an exempt bachelor's",
    ),
    pytest.param(
        MMEDSC,
        (elsewhere(relied_on=True), degree(**MASTERS)),
        {"AMB_31": "any_that_exempts"},
        "another_exempts",
        id="AMB-31 any that exempts",
    ),
    pytest.param(
        MPHIL,
        (elsewhere(), degree(**MASTERS)),
        {},
        "english_masters",
        id="UST-06 later FAQ on English master's",
    ),
    pytest.param(
        MPHIL,
        (elsewhere(), degree(**MASTERS)),
        {"AMB_31": "any_that_exempts"},
        "english_masters_exempts",
        id="UST-06 AMB-31 any that exempts",
    ),
    pytest.param(
        MPHIL,
        (elsewhere(), elsewhere(**MASTERS)),
        {},
        "no_test",
        id="UST-06 a master's from a non-English institution helps nobody",
    ),
]


@pytest.mark.parametrize(("code", "degrees", "readings", "reason"), SEVERAL)
def test_several_qualifications(code: str, degrees: tuple, readings: dict, reason: str) -> None:
    finding = ask(code, degrees=degrees, readings=readings).finding({MMEDSC: "HKU-E5", MPHIL: "UST-06"}[code])
    assert finding.reason == reason


def test_the_engine_says_when_another_qualification_serves_better() -> None:
    found = ask(degrees=(elsewhere(relied_on=True), degree(of_this_university=True, title="BA")))
    assert found.finding("HKU-E3").params["better"]["title"] == "BA"
    assert found.finding("HKU-E5").params["better_exempts"] is True


def test_a_failed_test_is_no_fault_of_somebody_who_needs_none() -> None:
    failed = ielts("4 4 4 4", kind=EnglishTestKind.IELTS_ACADEMIC)
    assert english(MMEDSC, degree(), False, (failed,)) is NOT_REQUIRED


@pytest.mark.parametrize(
    ("policy", "facts", "supplied"),
    [
        pytest.param(
            MMEDSC,
            {"degrees": (degree(),)},
            {
                "in_hong_kong": True,
                "examination_language": "ENGLISH",
                "teaching_language": "ENGLISH",
                "institution_medium": "ENGLISH",
            },
            id="HKU-E5 by place and languages of the qualification",
        ),
        pytest.param(
            MPHIL,
            {"degrees": (elsewhere(),), "first_language_is_english": True},
            {
                "first_language_is_english": True,
                "teaching_language": "OTHER",
                "institution_medium": "OTHER",
            },
            id="UST-06 by first language and medium",
        ),
        pytest.param(
            MPHIL,
            {"degrees": (), "first_language_is_english": False},
            {"first_language_is_english": False},
            id="UST-06 no degree yet",
        ),
    ],
)
def test_an_exemption_names_what_it_was_decided_by(policy, facts, supplied):
    code = "HKU-E5" if policy == MMEDSC else "UST-06"
    assert ask(policy, **facts).finding(code).supplied == supplied
