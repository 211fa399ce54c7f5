"""Rounds as instants (HKU-08, HKU-09, UST-12, AMB-01, AMB-02, AMB-03)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from eligibility.engine import HKT, Origin, Outcome, Residence, ResidenceStatus, Round
from tests.eligibility.engine.people import MPHIL, ROUND_1, ROUND_2, ask

MET, NOT_MET, NA = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_APPLICABLE
LOCAL = Residence(ResidenceStatus.PERMANENT_RESIDENT, Origin.HONG_KONG)
NON_LOCAL = Residence(ResidenceStatus.STUDENT_VISA, Origin.OVERSEAS)
END_1 = datetime.fromisoformat("2026-03-31T16:00:00+00:00")  # 1 April 2026, 00:00 HKT
END_2 = datetime.fromisoformat("2026-05-31T16:00:00+00:00")
MINUTE, TICK = timedelta(minutes=1), timedelta(microseconds=1)
STRICT = {"AMB_01": "strict_minute"}

INSTANTS = [
    pytest.param(
        NON_LOCAL,
        END_1 - TICK,
        {},
        MET,
        "Round 1",
        NA,
        id="AMB-01 non-local in the last microsecond of 23:59",
    ),
    pytest.param(NON_LOCAL, END_1, {}, MET, "Round 2", NOT_MET, id="HKU-09 non-local at 00:00:00 is refused"),
    pytest.param(
        LOCAL, END_1 - TICK, {}, MET, "Round 1", NA, id="AMB-02 local before the end belongs to Round 1"
    ),
    pytest.param(
        LOCAL, END_1, {}, MET, "Round 2", MET, id="AMB-02 local late for Round 1 falls into Round 2"
    ),
    pytest.param(
        LOCAL, END_2 - TICK, {}, MET, "Round 2", MET, id="AMB-01 local in the last microsecond of Round 2"
    ),
    pytest.param(LOCAL, END_2, {}, NOT_MET, "Round 2", NA, id="AMB-01 closed for everyone"),
    pytest.param(
        NON_LOCAL, END_1 - MINUTE - TICK, STRICT, MET, "Round 1", NA, id="AMB-01 alternative: before 23:59:00"
    ),
    pytest.param(
        NON_LOCAL,
        END_1 - MINUTE,
        STRICT,
        MET,
        "Round 2",
        NOT_MET,
        id="AMB-01 alternative: at 23:59:00 too late",
    ),
    pytest.param(
        LOCAL,
        END_2 - MINUTE,
        STRICT,
        NOT_MET,
        "Round 2",
        NA,
        id="AMB-01 alternative: Round 2 at 23:59:00 closed",
    ),
]


@pytest.mark.parametrize(("residence", "at", "readings", "deadline", "name", "for_locals"), INSTANTS)
def test_instants(
    residence: Residence, at: datetime, readings: dict, deadline: Outcome, name: str, for_locals: Outcome
) -> None:
    found = ask(residence=residence, at=at, readings=readings)
    rule = found.finding("HKU-08")
    assert (rule.outcome, rule.needed["round"], found.finding("HKU-09").outcome) == (
        deadline,
        name,
        for_locals,
    )


def test_amb_01_a_round_may_carry_its_own_reading() -> None:
    own = replace(ROUND_1, strict_minute=True)
    assert ask(rounds=(own,), at=END_1 - MINUTE).finding("HKU-08").outcome is NOT_MET
    own = replace(ROUND_1, strict_minute=False)
    assert ask(rounds=(own,), at=END_1 - MINUTE, readings=STRICT).finding("HKU-08").outcome is MET


def test_amb_02_alternative_round_2_waits_for_its_opening_to_be_announced() -> None:
    waiting = {"AMB_02": "when_announced"}
    finding = ask(at=END_1, readings=waiting).finding("HKU-08")
    assert (finding.outcome, finding.reason) == (NA, "opening_not_announced")
    announced = replace(ROUND_2, opens_at=END_1)
    assert ask(rounds=(ROUND_1, announced), at=END_1, readings=waiting).finding("HKU-08").outcome is MET


def test_amb_03_the_instant_of_receipt_decides_whenever_it_is_asked() -> None:
    found = ask(residence=NON_LOCAL, received_at=END_1 - TICK, at=END_2 + timedelta(days=90))
    assert (found.finding("HKU-08").outcome, found.finding("HKU-09").outcome) == (MET, NA)


@pytest.mark.parametrize(
    ("residence", "outcome"),
    [
        pytest.param(Residence(ResidenceStatus.IANG), NOT_MET, id="AMB-04 IANG in Round 2"),
        pytest.param(
            Residence(ResidenceStatus.DEPENDANT_UNDER_18), MET, id="C2 dependant under 18 in Round 2"
        ),
        pytest.param(Residence(ResidenceStatus.OTHER), Outcome.REFER, id="AMB-04 unclear status in Round 2"),
        pytest.param(
            Residence(ResidenceStatus.OTHER, unsure=True), Outcome.REFER, id="UST-18 not sure in Round 2"
        ),
        pytest.param(None, Outcome.NEEDS_EVIDENCE, id="AMB-04b nothing declared in Round 2"),
    ],
)
def test_hku_09_by_status(residence: Residence | None, outcome: Outcome) -> None:
    assert ask(residence=residence, at=END_1).finding("HKU-09").outcome is outcome


def test_ust_12_no_closing_date_is_no_fault_of_the_applicant() -> None:
    for rounds in ((), (Round("Main round"),)):
        found = ask(MPHIL, rounds=rounds)
        assert (found.finding("UST-12").reason, found.verdict) == ("not_announced", "ELIGIBLE")


def test_rounds_that_nobody_asked_about() -> None:
    assert ask(rounds=None).finding("HKU-08").reason == "rounds_not_asked"
    assert ask(rounds=None).finding("HKU-09").reason == "rounds_not_asked"


def test_a_round_not_yet_open_says_when_it_opens() -> None:
    opens = datetime(2026, 4, 1, 9, tzinfo=HKT)
    finding = ask(MPHIL, rounds=(Round("Main round", END_2 - MINUTE, opens_at=opens),)).finding("UST-12")
    assert (finding.outcome, finding.reason, finding.needed["opens_at"]) == (
        NA,
        "not_yet_open",
        "2026-04-01T09:00:00+08:00",
    )


def test_a_round_for_locals_hides_no_round_for_everyone() -> None:
    first = Round(
        "Local round", ROUND_1.closes_at, local_only=True, opens_at=datetime(2026, 1, 1, tzinfo=HKT)
    )
    second = Round("General round", ROUND_2.closes_at, opens_at=datetime(2026, 1, 1, tzinfo=HKT))
    assert (
        ask(residence=NON_LOCAL, rounds=(first, second)).finding("HKU-08").needed["round"] == "General round"
    )
    assert ask(residence=LOCAL, rounds=(second, first)).finding("HKU-08").needed["round"] == "Local round"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        pytest.param(
            ResidenceStatus.DEPENDANT, "dependant_age_not_stated", id="C2 age when first issued unsaid"
        ),
        pytest.param(ResidenceStatus.EMPLOYMENT_VISA, "work_visa_full_time", id="C2 work visa, full-time"),
        pytest.param(ResidenceStatus.OTHER, "status_unclear", id="AMB-04 another status"),
        pytest.param(None, "status_not_declared", id="AMB-04 status not said"),
    ],
)
def test_hku_09_says_the_same_of_an_open_status_as_the_rule_about_it(
    status: ResidenceStatus | None, reason: str
) -> None:
    residence = Residence(status) if status else None
    found = ask(rounds=(ROUND_2,), residence=residence)
    in_round, of_status = found.finding("HKU-09"), found.finding("HKU-STATUS")
    assert (in_round.outcome, in_round.reason) == (of_status.outcome, reason)
    assert (of_status.reason, in_round.needed["round"]) == (reason, "Round 2")


@pytest.mark.parametrize(
    ("strict", "refused_from"), [(False, (2026, 4, 1, 0, 0)), (True, (2026, 3, 31, 23, 59))]
)
def test_amb_01_seconds_typed_with_the_minute_belong_to_it(
    strict: bool, refused_from: tuple[int, ...]
) -> None:
    closes = datetime(2026, 3, 31, 23, 59, 59, tzinfo=HKT)
    round_, moment = (
        Round("Round 1", closes_at=closes, strict_minute=strict),
        datetime(*refused_from, tzinfo=HKT),
    )
    before = ask(rounds=(round_,), received_at=moment - timedelta(microseconds=1)).finding("HKU-08")
    assert (before.outcome, ask(rounds=(round_,), received_at=moment).finding("HKU-08").outcome) == (
        Outcome.MET,
        Outcome.NOT_MET,
    )
