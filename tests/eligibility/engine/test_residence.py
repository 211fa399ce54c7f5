"""Local and non-local, and the study mode (HKU-09, UST-16, AMB-04, DOMAIN B3, C2, C3)."""

import pytest

from eligibility.engine import (
    LocalStatus,
    Origin,
    Outcome,
    Residence,
    ResidenceStatus,
    StudyMode,
    local_status,
)
from tests.eligibility.engine.people import MMEDSC, MPHIL, ask, policy

S, FT, PT = ResidenceStatus, StudyMode.FULL_TIME, StudyMode.PART_TIME
LOCAL, NON_LOCAL, UNCLEAR, UNSAID = (
    LocalStatus.LOCAL,
    LocalStatus.NON_LOCAL,
    LocalStatus.UNCLEAR,
    LocalStatus.UNSAID,
)

STATUSES = [
    (S.PERMANENT_RESIDENT, LOCAL, LOCAL),
    (S.RIGHT_OF_ABODE_OR_LAND, LOCAL, LOCAL),
    (S.ONE_WAY_PERMIT, LOCAL, LOCAL),
    (S.UNCONDITIONAL_STAY, LOCAL, LOCAL),
    (S.EMPLOYMENT_VISA, UNCLEAR, LOCAL),
    (S.DEPENDANT_UNDER_18, LOCAL, LOCAL),
    (S.DEPENDANT_18_OR_OVER, NON_LOCAL, LOCAL),
    (S.DEPENDANT, UNSAID, LOCAL),
    (S.QMAS, LOCAL, LOCAL),
    (S.CAPITAL_INVESTMENT, LOCAL, LOCAL),
    (S.SECOND_GENERATION, LOCAL, LOCAL),
    (S.IANG, NON_LOCAL, LOCAL),
    (S.STUDENT_VISA, NON_LOCAL, NON_LOCAL),
    (S.VISITOR, NON_LOCAL, NON_LOCAL),
    (S.OTHER, UNCLEAR, UNCLEAR),
]


def test_every_status_is_in_the_table() -> None:
    assert [status for status, _, _ in STATUSES] == list(ResidenceStatus)


@pytest.mark.parametrize(("status", "hku", "hkust"), STATUSES, ids=lambda value: str(value))
def test_amb_04_each_institution_by_its_own_definition(
    status: S, hku: LocalStatus, hkust: LocalStatus
) -> None:
    both = [local_status(Residence(status), FT, policy(code)) for code in (MMEDSC, MPHIL)]
    assert both == [hku, hkust]


@pytest.mark.parametrize(("status", "hku", "hkust"), STATUSES, ids=lambda value: str(value))
def test_amb_04_alternative_the_student_visa_alone_decides(
    status: S, hku: LocalStatus, hkust: LocalStatus
) -> None:
    assert local_status(Residence(status), FT, policy(MMEDSC, AMB_04="student_visa_only")) is hkust


def test_c2_a_work_visa_is_local_for_part_time_study() -> None:
    assert local_status(Residence(S.EMPLOYMENT_VISA), PT, policy(MMEDSC)) is LOCAL


FINDINGS = [
    pytest.param(Residence(S.PERMANENT_RESIDENT), Outcome.MET, "local", id="UST-16 local"),
    pytest.param(Residence(S.STUDENT_VISA), Outcome.MET, "non_local", id="UST-16 non-local is no fault"),
    pytest.param(Residence(S.OTHER), Outcome.REFER, "status_unclear", id="AMB-04 unclear"),
    pytest.param(
        Residence(S.EMPLOYMENT_VISA), Outcome.REFER, "work_visa_full_time", id="C2 work visa, full-time"
    ),
    pytest.param(
        Residence(S.DEPENDANT),
        Outcome.NEEDS_EVIDENCE,
        "dependant_age_not_stated",
        id="C2 dependant, age not said",
    ),
    pytest.param(None, Outcome.NEEDS_EVIDENCE, "status_not_declared", id="AMB-04b nothing declared"),
    pytest.param(
        Residence(S.OTHER, unsure=True),
        Outcome.REFER,
        "status_not_sure",
        id="UST-18 not sure is for an officer",
    ),
    pytest.param(
        Residence(S.PERMANENT_RESIDENT, contradicted=True),
        Outcome.REFER,
        "status_contradicted",
        id="AMB-04b a paper shows another status",
    ),
]


@pytest.mark.parametrize(("residence", "outcome", "reason"), FINDINGS)
def test_status_finding(residence: Residence | None, outcome: Outcome, reason: str) -> None:
    finding = ask(residence=residence).finding("HKU-STATUS")
    assert (finding.outcome, finding.reason) == (outcome, reason)


@pytest.mark.parametrize("code", [MMEDSC, MPHIL])
@pytest.mark.parametrize("status", S)
def test_ust_18_who_is_not_sure_is_neither_local_nor_not_whatever_the_status_says(
    code: str, status: S
) -> None:
    residence = Residence(status, unsure=True)
    assert {local_status(residence, mode, policy(code)) for mode in (FT, PT)} == {UNCLEAR}


def test_ust_18_who_is_not_sure_has_supplied_no_status() -> None:
    finding = ask(residence=Residence(S.OTHER, Origin.HONG_KONG, unsure=True)).finding("HKU-STATUS")
    assert finding.supplied == {"status": "", "mode": "FULL_TIME", "origin": "HONG_KONG"}


MODES = [
    pytest.param(
        MPHIL, FT, S.STUDENT_VISA, Origin.MAINLAND, Outcome.NOT_APPLICABLE, id="B3 full-time concerns nobody"
    ),
    pytest.param(
        MPHIL, PT, S.STUDENT_VISA, Origin.OVERSEAS, Outcome.NOT_MET, id="B3 non-local part-time MPhil"
    ),
    pytest.param(MPHIL, PT, S.IANG, Origin.MAINLAND, Outcome.MET, id="B3 IANG is not non-local at HKUST"),
    pytest.param(MPHIL, PT, S.OTHER, Origin.OVERSEAS, Outcome.REFER, id="B3 unclear status part-time"),
    pytest.param(MMEDSC, PT, S.PERMANENT_RESIDENT, Origin.HONG_KONG, Outcome.MET, id="C3 local part-time"),
    pytest.param(MMEDSC, PT, S.STUDENT_VISA, Origin.MAINLAND, Outcome.REFER, id="C3 Mainland, part-time"),
    pytest.param(MMEDSC, PT, S.STUDENT_VISA, Origin.MACAO, Outcome.REFER, id="C3 Macao, part-time"),
    pytest.param(MMEDSC, PT, S.STUDENT_VISA, Origin.TAIWAN, Outcome.REFER, id="C3 Taiwan, part-time"),
    pytest.param(MMEDSC, PT, S.STUDENT_VISA, Origin.OVERSEAS, Outcome.MET, id="C3 overseas, part-time"),
    pytest.param(MMEDSC, PT, S.STUDENT_VISA, None, Outcome.NEEDS_EVIDENCE, id="C3 origin not said"),
    pytest.param(
        MMEDSC, None, S.PERMANENT_RESIDENT, None, Outcome.NEEDS_EVIDENCE, id="HKU-01 no mode chosen"
    ),
]


@pytest.mark.parametrize(("code", "mode", "status", "origin", "outcome"), MODES)
def test_mode_and_status(
    code: str, mode: StudyMode | None, status: S, origin: Origin | None, outcome: Outcome
) -> None:
    rule = {MMEDSC: "HKU-MODE", MPHIL: "UST-MODE"}[code]
    assert ask(code, mode=mode, residence=Residence(status, origin)).finding(rule).outcome is outcome


def test_hku_01_both_modes_are_offered() -> None:
    assert {ask(mode=mode).finding("HKU-01").outcome for mode in (FT, PT)} == {Outcome.MET}


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (S.STUDENT_VISA, "part_time_visa_needed"),
        (S.VISITOR, "part_time_visa_needed"),
        (S.IANG, "part_time_open"),
        (S.DEPENDANT_18_OR_OVER, "part_time_open"),
    ],
)
def test_c2_a_non_local_who_needs_no_student_visa_is_not_told_to_get_one(status: S, reason: str) -> None:
    finding = ask(mode=PT, residence=Residence(status, Origin.OVERSEAS)).finding("HKU-MODE")
    assert (finding.outcome, finding.reason) == (Outcome.MET, reason)
