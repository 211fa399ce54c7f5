"""Every fact of the sources that concerns programmes, as the shipped catalogue gives it."""

from datetime import date
from decimal import Decimal

import pytest

from admissions_portal.clock import HONG_KONG
from programmes.models import (
    Agreement,
    DocumentTitle,
    Institution,
    Intake,
    Level,
    Mode,
    Offering,
    Office,
    Programme,
    Round,
    Specialisation,
    Statement,
    Track,
)
from programmes.queries import statements_about
from tests.factories.programmes import hkt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
FULL, PART = Mode.FULL_TIME, Mode.PART_TIME


def mmedsc() -> Programme:
    return Programme.objects.get(slug="hku-mmedsc")


def offering(mode: str) -> Offering:
    return Offering.objects.get(intake__programme__slug="hku-mmedsc", mode=mode)


def round_(mode: str, number: int) -> Round:
    return Round.objects.get(offering=offering(mode), number=number)


def statement(source: str, **more: object) -> Statement:
    return Statement.objects.get(source=source, **more)


def test_hku_01_one_programme_of_the_faculty_in_two_modes() -> None:
    programme = mmedsc()
    assert (programme.institution.name, programme.school and programme.school.name) == (
        "The University of Hong Kong",
        "LKS Faculty of Medicine",
    )
    assert (programme.name, programme.award, programme.level) == (
        "Master of Medical Sciences",
        "MMedSc",
        Level.TAUGHT_MASTER,
    )
    modes = (
        Offering.objects.filter(intake__programme=programme).order_by("mode").values_list("mode", flat=True)
    )
    assert list(modes) == [FULL, PART]


@pytest.mark.parametrize(
    ("mode", "duration", "pattern", "source"),
    [
        pytest.param(FULL, "1 year", "2 semesters over 1 year", "HKU-02", id="HKU-02 full-time"),
        pytest.param(
            PART, "2 years", "Day-release, 4 semesters over 2 years", "HKU-03", id="HKU-03 part-time"
        ),
    ],
)
def test_hku_02_and_03_duration_and_pattern(mode: str, duration: str, pattern: str, source: str) -> None:
    told = offering(mode)
    assert (told.duration, told.pattern, told.duration_source) == (duration, pattern, source)


@pytest.mark.parametrize(
    ("mode", "instalments", "source"),
    [
        pytest.param(FULL, 2, "HKU-04, AMB-21", id="HKU-04 full-time"),
        pytest.param(PART, 4, "HKU-05, AMB-21", id="HKU-05 part-time"),
    ],
)
def test_hku_04_and_05_fee_of_the_2026_intake(mode: str, instalments: int, source: str) -> None:
    told = offering(mode)
    assert (told.fee_amount, told.fee_currency, told.fee_funding) == (
        Decimal("198000.00"),
        "HKD",
        "self-funded",
    )
    assert (told.instalments, told.intake.code, told.fee_source) == (instalments, "2026", source)


@pytest.mark.parametrize("mode", [FULL, PART])
def test_hku_06_the_fee_is_provisional_and_says_why(mode: str) -> None:
    told = offering(mode)
    assert (told.fee_status, told.fee_note, told.fee_status_source) == (
        Offering.FeeStatus.PROVISIONAL,
        "subject to the University Council’s approval.",
        "HKU-06, AMB-21b",
    )


def test_hku_07_the_start_is_expected_not_confirmed() -> None:
    intake = Intake.objects.get(programme=mmedsc())
    assert (intake.expected_start_on, intake.is_start_confirmed, intake.source) == (
        date(2026, 9, 1),
        False,
        "HKU-07",
    )


@pytest.mark.parametrize("mode", [FULL, PART])
def test_hku_08_round_1_is_open_to_everyone_until_31_march(mode: str) -> None:
    first = round_(mode, 1)
    assert (first.audience, first.opens_at) == (Round.Audience.ANYONE, None)
    assert (first.closes_at, first.closed_from) == (hkt(2026, 3, 31, 23, 59), hkt(2026, 4, 1))
    assert first.closed_from is not None
    assert first.closed_from.isoformat() == "2026-03-31T16:00:00+00:00"


@pytest.mark.parametrize("mode", [FULL, PART])
def test_hku_09_round_2_is_for_local_applicants_until_31_may(mode: str) -> None:
    second = round_(mode, 2)
    assert (second.audience, second.opens_at, second.opens_reading) == (
        Round.Audience.LOCAL_ONLY,
        hkt(2026, 4, 1),
        "AMB-02",
    )
    assert second.closed_from is not None
    assert second.closed_from.isoformat() == "2026-05-31T16:00:00+00:00"
    assert second.closed_from.astimezone(HONG_KONG) == hkt(2026, 6, 1)


def test_hku_10_to_12_two_tracks_and_seven_specialisations() -> None:
    tracks = Track.objects.filter(programme=mmedsc()).order_by("position")
    assert [(t.number, t.name) for t in tracks] == [
        ("I", "Clinical Investigation"),
        ("II", "Genomics and Precision Medicine"),
    ]
    named = Specialisation.objects.order_by("number").values_list("track__number", "number", "name")
    assert list(named) == [
        ("I", 1, "Advanced Musculoskeletal Research and Practice"),
        ("I", 2, "Clinical and Molecular Pathology, Haematopathology, and Immunology"),
        ("I", 3, "Clinical Physics in Radiation Oncology and Medical Imaging"),
        ("I", 4, "Metabolic Medicine"),
        ("I", 5, "Pharmaceutical Science and Applications in Health Care"),
        ("II", 6, "Genetic Counselling"),
        ("II", 7, "Genomics and Bioinformatics"),
    ]


def test_hku_13_ranges_of_credits() -> None:
    parts = mmedsc().credits.order_by("position").values_list("name", "least", "most", "source")
    assert list(parts) == [
        ("Core Courses", 18, 24, "HKU-13"),
        ("Specialised Courses", 18, 24, "HKU-13"),
        ("Capstone Experience", 27, 27, "HKU-13"),
    ]


def test_hku_14_part_time_is_provided_for() -> None:
    assert offering(PART).source == "HKU-01, HKU-14"


def test_hku_15_occasional_students_are_information_only() -> None:
    assert statement("HKU-15").topic == Statement.Topic.OCCASIONAL
    assert not Programme.objects.filter(name__icontains="occasional").exists()


def test_hku_16_three_objectives() -> None:
    told = Statement.objects.filter(topic="OBJECTIVE").order_by("position").values_list("source", flat=True)
    assert list(told) == ["HKU-16(i)", "HKU-16(ii)", "HKU-16(iii)"]


def test_hku_17_three_document_titles() -> None:
    titles = DocumentTitle.objects.order_by("position").values_list("title", flat=True)
    assert list(titles) == ["Additional Information", "Regulations & Syllabuses", "Supporting Documents"]


def test_hku_18_the_office_has_two_telephones_and_an_address_and_nothing_else() -> None:
    office = Office.objects.get(code="mmedsc")
    assert (office.name, office.phones, office.address, office.email) == (
        "MMedSc Office",
        ["(+852) 3910 2821", "(+852) 3917 9155"],
        "3/F, William MW Mong Block, 21 Sassoon Road, Hong Kong",
        "",
    )


def test_hku_20_the_faculty_background() -> None:
    text = statement("HKU-20").text
    assert [word for word in ("1887", "5,000", " 8 ", " 5 ", " 16 ") if word in text] == [
        "1887", "5,000", " 8 ", " 5 ", " 16 ",
    ]  # fmt: skip


@pytest.mark.parametrize("clause", ["HKU-E1", "HKU-E2", "HKU-E3", "HKU-E4", "HKU-E5"])
def test_hku_entrance_requirements_carry_the_words_of_the_source(clause: str) -> None:
    told = statement(clause, topic="REQUIREMENT")
    assert told.programme == mmedsc()
    assert told.quote != ""


def test_ust_programmes_are_a_level_in_a_discipline() -> None:
    named = (
        Programme.objects.filter(institution__code="hkust")
        .order_by("name")
        .values_list("award", "discipline", "level")
    )
    assert list(named) == [
        ("PhD", "Atmospheric Environmental Science", Level.PHD),
        ("PhD", "Chemistry", Level.PHD),
        ("PhD", "Computer Science and Engineering", Level.PHD),
        ("MPhil", "Atmospheric Environmental Science", Level.MPHIL),
        ("MPhil", "Chemistry", Level.MPHIL),
        ("MPhil", "Computer Science and Engineering", Level.MPHIL),
    ]


def requirements(slug: str) -> list[str]:
    told = statements_about(Programme.objects.get(slug=slug)).filter(topic="REQUIREMENT")
    return [s.source for s in told]


def test_ust_01_to_10_requirements_follow_the_level() -> None:
    english = ["UST-06", "UST-07", "UST-08", "UST-09", "UST-10"]
    assert requirements("hkust-mphil-chemistry") == ["UST-01", "UST-02", *english]
    assert requirements("hkust-phd-chemistry") == ["UST-01", "UST-03", *english]
    assert requirements("hku-mmedsc") == ["HKU-E1", "HKU-E2", "HKU-E3", "HKU-E4", "HKU-E5"]


@pytest.mark.parametrize(
    ("clause", "topic"),
    [
        ("UST-04", "MERIT"), ("UST-05", "MERIT"), ("UST-11", "OPENING"), ("UST-13", "PROCESS"),
        ("UST-14", "PROCESS"),
        ("UST-15", "PROCESS"), ("UST-16", "VISA"), ("UST-17", "VISA"), ("UST-18", "VISA"), ("UST-19", "VISA"),
        ("UST-20", "VISA"), ("UST-21", "VISA"), ("UST-22", "VISA"), ("UST-23", "COSTS"),
        ("UST-24", "EMPLOYMENT"),
        ("UST-25", "DEFERRAL"), ("UST-26", "DEFERRAL"), ("UST-27", "READMISSION"), ("UST-28", "READMISSION"),
        ("UST-29", "READMISSION"),
    ],
)  # fmt: skip
def test_ust_statements_stand_for_every_research_programme(clause: str, topic: str) -> None:
    told = statement(clause)
    assert (told.topic, told.programme, told.level, told.institution.code) == (topic, None, "", "hkust")


def test_ust_12_early_application_is_advised_to_non_local_applicants_only() -> None:
    readers = Statement.objects.filter(source="UST-12").order_by("position").values_list("reader", flat=True)
    assert list(readers) == ["ANYONE", "NON_LOCAL"]


@pytest.mark.parametrize("clause", ["UST-16", "UST-17", "UST-22", "UST-23", "UST-24"])
def test_ust_advice_that_concerns_non_local_applicants_says_so(clause: str) -> None:
    assert statement(clause).reader == Statement.Reader.NON_LOCAL


def test_ust_no_date_and_no_fee_is_invented() -> None:
    offerings = Offering.objects.filter(intake__programme__institution__code="hkust")
    assert offerings.count() == 12
    assert list(offerings.exclude(fee_amount=None)) == []
    assert list(Round.objects.filter(offering__in=offerings)) == []
    assert (
        list(Intake.objects.filter(programme__institution__code="hkust").exclude(expected_start_on=None))
        == []
    )


def test_non_local_part_time_research_is_advice_from_outside_the_handbook() -> None:
    part_time = Offering.objects.filter(intake__programme__institution__code="hkust", mode=PART)
    assert {(o.is_closed_to_non_local, o.non_local_source) for o in part_time} == {(True, "B3")}
    assert {"not in the handbook" in o.non_local_note for o in part_time} == {True}
    assert not Offering.objects.filter(is_closed_to_non_local=True, mode=FULL).exists()
    assert offering(PART).is_closed_to_non_local is False


def test_ust_14_the_name_of_the_office_is_data() -> None:
    office = Office.objects.get(institution__code="hkust")
    assert (office.name, office.phones, office.address, office.email) == (
        "Office of Postgraduate Studies",
        [],
        "",
        "",
    )


def test_mou_01_to_05_is_a_dated_notice_with_its_condition() -> None:
    notice = Agreement.objects.get()
    assert (notice.signed_on, notice.as_of, notice.source) == (
        date(2025, 3, 11),
        date(2025, 3, 11),
        "MOU-01, MOU-02, MOU-03, MOU-04, MOU-05",
    )
    assert notice.condition == (
        "Subject, at that date, to the HKSAR Government’s approval of HKUST’s proposal to establish "
        "a medical school. No programme can be applied for under it."
    )
    assert not Programme.objects.filter(institution__code="hkust", name__icontains="medic").exists()


def test_every_text_of_ours_has_three_languages() -> None:
    texts = [
        (row.source, language)
        for row in [*Statement.objects.all()]
        for language in ("en", "zh_hant", "zh_hans")
        if not getattr(row, f"text_{language}")
    ]
    assert texts == []
    assert Institution.objects.get(code="hkust").name_zh_hant == "香港科技大學"
