"""Which round takes an application: declared status × institution × instant, both sides of every boundary."""

import pytest

from applications.applicants.choices import ResidenceStatus as R
from applications.submission.rounds import (
    requirements_of,
    round_receiving,
    status_of,
    status_under,
    why_none_receives,
)
from eligibility.engine import LocalStatus
from programmes.models import CloseReading, Mode
from tests.factories.drafts import AT, ready_draft, research_offering, taught_offering
from tests.factories.programmes import OfferingFactory, RoundFactory, hkt

NBSP = "\N{NO-BREAK SPACE}"
# the printed minute counts in full (AMB-01)
ROUND_1_PRINTED = hkt(2026, 3, 31, 23, 59)
ROUND_1_LAST = hkt(2026, 3, 31, 23, 59, 59).replace(microsecond=999_999)
ROUND_2_FIRST = hkt(2026, 4, 1)
ROUND_2_LAST = hkt(2026, 5, 31, 23, 59, 59).replace(microsecond=999_999)
ALL_OVER = hkt(2026, 6, 1)

LOCAL, NON_LOCAL, UNCLEAR, UNSAID = (
    LocalStatus.LOCAL,
    LocalStatus.NON_LOCAL,
    LocalStatus.UNCLEAR,
    LocalStatus.UNSAID,
)
# DOMAIN C2 and AMB-04 for HKU (full-time), UST-16 for HKUST: entering for study on a visa or permit
DEFINITIONS = {
    R.PERMANENT_RESIDENT: (LOCAL, LOCAL),
    R.RIGHT_OF_ABODE_OR_LAND: (LOCAL, LOCAL),
    R.UNCONDITIONAL_STAY: (LOCAL, LOCAL),
    R.ONE_WAY_PERMIT: (LOCAL, LOCAL),
    R.DEPENDANT_UNDER_18: (LOCAL, LOCAL),
    R.DEPENDANT_18_OR_OVER: (NON_LOCAL, LOCAL),
    R.DEPENDANT: (UNCLEAR, LOCAL),
    R.EMPLOYMENT_VISA: (UNCLEAR, LOCAL),
    R.QMAS: (LOCAL, LOCAL),
    R.CAPITAL_INVESTMENT: (LOCAL, LOCAL),
    R.SECOND_GENERATION: (LOCAL, LOCAL),
    R.IANG: (NON_LOCAL, LOCAL),
    R.STUDENT_VISA: (NON_LOCAL, NON_LOCAL),
    R.VISITOR: (NON_LOCAL, NON_LOCAL),
    R.OTHER: (UNCLEAR, UNCLEAR),
    R.NOT_SURE: (UNCLEAR, UNCLEAR),
    "": (UNSAID, UNSAID),
}


@pytest.fixture
def taking():
    """The number of the round that takes `status` at `at`, or None."""

    def number(offering, status, at):
        taken = round_receiving(offering.rounds.all(), status, at=at)
        return taken.number if taken else None

    return number


@pytest.mark.parametrize("make", [taught_offering, research_offering], ids=["hku", "hkust"])
def test_each_institution_defines_for_itself_who_is_local(make):
    offering = make()
    requirements = requirements_of(offering, at=AT)
    column = 0 if make is taught_offering else 1
    assert {declared: status_under(declared, offering, requirements) for declared in DEFINITIONS} == {
        declared: row[column] for declared, row in DEFINITIONS.items()
    }
    assert set(DEFINITIONS) == {*R, ""}


def test_at_hku_a_work_visa_is_local_for_part_time_study_alone():
    offering = taught_offering(mode=Mode.PART_TIME)
    assert status_under(R.EMPLOYMENT_VISA, offering, requirements_of(offering, at=AT)) is LOCAL


@pytest.mark.parametrize(
    ("at", "local", "unclear", "non_local", "unsaid"),
    [
        pytest.param(ROUND_1_PRINTED, 1, 1, 1, 1, id="the printed minute begins: Round 1 takes everybody"),
        pytest.param(ROUND_1_LAST, 1, 1, 1, 1, id="its last microsecond: still Round 1"),
        pytest.param(ROUND_2_FIRST, 2, 2, None, None, id="midnight: Round 2, not for non-locals"),
        pytest.param(ROUND_2_LAST, 2, 2, None, None, id="the last microsecond of Round 2"),
        pytest.param(ALL_OVER, None, None, None, None, id="after that nothing takes anybody"),
    ],
)
def test_a_round_is_chosen_by_the_instant_and_the_status(
    offering, taking, at, local, unclear, non_local, unsaid
):
    assert [taking(offering, status, at) for status in (LOCAL, UNCLEAR, NON_LOCAL, UNSAID)] == [
        local,
        unclear,
        non_local,
        unsaid,
    ]


def test_where_the_strict_reading_is_chosen_the_printed_minute_is_too_late(taking):
    offering = OfferingFactory()
    round_ = RoundFactory.build(offering=offering)
    round_.set_close(ROUND_1_PRINTED, CloseReading.STRICT)
    round_.save()
    assert taking(offering, LOCAL, hkt(2026, 3, 31, 23, 58, 59)) == 1
    assert taking(offering, LOCAL, ROUND_1_PRINTED) is None


def test_of_two_open_rounds_the_first_to_close_takes_the_application(taking):
    offering = OfferingFactory()
    RoundFactory(offering=offering, number=1, closes_at=hkt(2026, 5, 1, 12))
    RoundFactory(offering=offering, number=2, closes_at=hkt(2026, 4, 1, 12))
    assert taking(offering, NON_LOCAL, AT) == 2


@pytest.mark.parametrize(
    ("status", "at", "sentence"),
    [
        pytest.param(
            NON_LOCAL,
            ROUND_2_FIRST,
            "Round 2 is for local applicants only, and by this university’s definition you are non-local. "
            f"Round 1, for everybody, closed on 31{NBSP}March{NBSP}2026, 23:59{NBSP}HKT. "
            "If your status in Hong Kong is another one, correct it under “Local or non-local”; "
            "otherwise ask the office about the next intake. Your draft is kept.",
            id="a non-local in Round 2",
        ),
        pytest.param(
            UNSAID,
            ROUND_2_FIRST,
            "Round 2 is for local applicants only, and you have not said clearly what allows you to be "
            "in Hong Kong. "
            "Answer it under “Local or non-local”. If you are not sure, ask the Immigration Department, "
            "telephone 2824 6111.",
            id="somebody unsure in Round 2",
        ),
        pytest.param(
            LOCAL,
            ALL_OVER,
            f"Round 2 closed on 31{NBSP}May{NBSP}2026, 23:59{NBSP}HKT, and no later round is announced. "
            "Your draft is kept; ask the programme’s office about the next intake.",
            id="after the last round",
        ),
    ],
)
def test_a_refusal_says_why_and_what_can_be_done(offering, status, at, sentence):
    assert why_none_receives(offering.rounds.all(), status, at=at) == sentence


def test_a_round_to_come_is_named_with_its_opening():
    offering = OfferingFactory()
    RoundFactory(offering=offering, opens_at=hkt(2026, 3, 25, 10))
    assert why_none_receives(offering.rounds.all(), NON_LOCAL, at=AT) == (
        f"Round 1 opens on 25{NBSP}March{NBSP}2026, 10:00{NBSP}HKT. "
        "Your draft is kept until then; submit it after that."
    )


def test_without_an_announced_date_nothing_can_be_submitted(taking):
    offering = OfferingFactory()
    RoundFactory(offering=offering, closes_at=None)
    assert taking(offering, LOCAL, AT) is None
    assert why_none_receives(offering.rounds.all(), LOCAL, at=AT) == (
        "No closing date has been announced for this programme, so nothing can be submitted yet. "
        "Your draft is kept; look at the programme’s page or ask its office when it opens."
    )


def test_the_status_is_the_one_declared_now(offering):
    draft = ready_draft(offering, residence_status=R.IANG)
    assert status_of(draft, at=AT) is NON_LOCAL
    draft.applicant.residence_status = R.QMAS
    assert status_of(draft, at=AT) is LOCAL
