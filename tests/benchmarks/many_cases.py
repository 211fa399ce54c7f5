"""Many cases for benchmarks: people with names in both scripts, cases in every state, their runs, scores and
documents, written in bulk."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

FAMILY = (
    ("CHAN", "陳"), ("WONG", "黃"), ("LEE", "李"), ("CHEUNG", "張"), ("LAM", "林"), ("HO", "何"),
    ("NG", "吳"), ("LEUNG", "梁"), ("WANG", "王"), ("ZHANG", "张"), ("LIU", "刘"), ("CHEN", "陈"),
    ("YANG", "杨"),
    ("HUANG", "黄"), ("ZHAO", "赵"), ("OUYANG", "歐陽"), ("Singh", ""), ("Kumar", ""), ("Nguyen", "阮"),
    ("Müller", ""),
)  # fmt: skip
GIVEN = (
    ("Ka", "嘉"), ("Wing", "穎"), ("Man", "文"), ("Chi", "志"), ("Hoi", "海"), ("Yan", "欣"), ("Tsz", "子"),
    ("Ming", "明"), ("Ching", "晴"), ("Yu", "雨"), ("Han", "涵"), ("Xin", "馨"), ("Wei", "偉"), ("Jie", "傑"),
    ("Lok", "樂"), ("Yin", "然"), ("Shan", "珊"), ("Pui", "沛"), ("Kit", "潔"), ("Fung", "鋒"),
)  # fmt: skip
# one person among all of them has this name
RARE = ("Wojciechowska", "Żaneta", "魏曉禎")
_STATES = (
    ["SUBMITTED"] * 4
    + ["IN_REVIEW"] * 6
    + ["OFFERED"] * 2
    + ["REFUSED"] * 5
    + ["ACCEPTED"] * 2
    + ["WITHDRAWN"]
)
_VERDICTS = ["ELIGIBLE"] * 6 + ["REFER", "NEEDS_EVIDENCE", "INELIGIBLE", "REFER"]
_ORIGINS = ["HONG_KONG", "MAINLAND", "MAINLAND", "MACAO", "ELSEWHERE"]
AT_ONCE = 2000


def fill(count: int) -> Sequence[Any]:
    """`count` submitted cases over four offerings of one institution, of whom one person has the RARE name;
    the offerings."""
    from tests.factories.drafts import publish_policies, taught_offering
    from tests.factories.programmes import LocalRoundFactory, OfferingFactory, RoundFactory

    publish_policies()
    first = taught_offering()
    offerings = [first, OfferingFactory(intake=first.intake, mode="PART_TIME")]
    other = OfferingFactory(intake__programme__institution=first.programme.institution)
    offerings += [other, OfferingFactory(intake=other.intake, mode="PART_TIME")]
    for offering in offerings[1:]:
        RoundFactory(offering=offering)
        LocalRoundFactory(offering=offering)
    chance = random.Random(26)
    for numbers in _in_batches(range(count)):
        _write(numbers, offerings, chance, rare=count // 2)
    return offerings


def _in_batches(numbers: Iterable[int]) -> Iterator[list[int]]:
    each = iter(numbers)
    while batch := list(islice(each, AT_ONCE)):
        yield batch


def _write(numbers: Sequence[int], offerings: Sequence[Any], chance: random.Random, *, rare: int) -> None:
    from admissions_portal.accounts.models import User
    from applications.applicants.models import Applicant, ProfileSnapshot
    from applications.assessments.models import Assessment
    from applications.evidence.models import Document, FileKind, SlotCode
    from applications.lifecycle.models import Application
    from applications.reviews.models import Recommendation, Review
    from eligibility.models import PolicyVersion
    from programmes.models import Round, Specialisation
    from tests.factories.applications import RECEIVED

    rounds = {each.pk: list(Round.objects.filter(offering=each).order_by("number")) for each in offerings}
    special = list(Specialisation.objects.filter(track__programme=offerings[0].programme).order_by("number"))
    version = PolicyVersion.objects.order_by("pk").first()
    readers = _readers()
    names = [RARE if number == rare else _name(chance) for number in numbers]
    users = User.objects.bulk_create(
        User(email=f"{given.split()[0].lower()}{number}@example.com", password="!")
        for number, (_family, given, _chinese) in zip(numbers, names, strict=True)
    )
    people = Applicant.objects.bulk_create(
        Applicant(user=user, family_name=family, given_names=given, chinese_name=chinese)
        for user, (family, given, chinese) in zip(users, names, strict=True)
    )
    frozen = ProfileSnapshot.objects.bulk_create(
        ProfileSnapshot(
            applicant=person,
            data=_profile(person, chance.choice(_ORIGINS)),
            sha256="0" * 64,
            taken_at=RECEIVED,
        )
        for person in people
    )
    cases = []
    for number, profile in zip(numbers, frozen, strict=True):
        offering = offerings[chance.choices(range(4), (5, 3, 2, 1))[0]]
        received = RECEIVED - timedelta(minutes=chance.randrange(40_000))
        cases.append(
            Application(
                number=f"BEN26-{number:06d}",
                applicant=profile.applicant,
                offering=offering,
                specialisation=chance.choice(special) if offering in offerings[:2] else None,
                state=chance.choice(_STATES),
                state_since=received + timedelta(minutes=chance.randrange(20_000)),
                started_at=received,
                submitted_at=received,
                round=chance.choice(rounds[offering.pk]),
                profile=profile,
            )
        )
    Application.objects.bulk_create(cases)
    Assessment.objects.bulk_create(
        Assessment(
            application=case,
            policy_version=version,
            at=case.submitted_at + timedelta(days=again),
            verdict=chance.choice(_VERDICTS),
            facts={},
            findings=_findings(chance),
        )
        for again in (0, 1)
        for case in cases
        if not again or chance.random() < 0.1
    )
    Review.objects.bulk_create(
        Review(
            application=case,
            reviewer=reader,
            score=f"{chance.randrange(2, 11) / 2:.1f}",
            recommendation=Recommendation.OFFER,
            reviewed_at=case.submitted_at,
        )
        for case in cases
        if case.state != "SUBMITTED"
        for reader in readers[: chance.randrange(3)]
    )
    Document.objects.bulk_create(
        Document(
            application=case,
            slot=SlotCode.DEGREE,
            file="evidence/none",
            name="degree.pdf",
            kind=FileKind.PDF,
            size=1000,
            sha256="0" * 64,
            sent_sha256="0" * 64,
            uploaded_at=case.submitted_at,
            status="RECEIVED",
        )
        for case in cases
        if case.state == "SUBMITTED"
    )


def _readers() -> Sequence[Any]:
    from admissions_portal.accounts.models import User

    return [
        User.objects.get_or_create(email=f"reader{number}@office.example", defaults={"is_staff": True})[0]
        for number in range(2)
    ]


def _name(chance: random.Random) -> tuple[str, str, str]:
    family, surname = chance.choice(FAMILY)
    parts = chance.sample(GIVEN, chance.choice((1, 2, 2)))
    given = " ".join(each for each, _han in parts)
    return family, given, surname + "".join(han for _each, han in parts) if surname else ""


def _profile(person: Any, origin: str) -> dict[str, Any]:
    """As `profile_data` freezes somebody with a degree, a test and a post; made without asking for each."""
    from applications.applicants.queries import fields_of

    return {
        **{name: value for name, value in fields_of(person).items() if value is not None},
        "origin": origin,
        "email": person.user.email,
        "qualifications": [
            {
                "institution": "The University of Hong Kong", "award": "Bachelor of Science", "country": "HK",
                "relied_on": True, "level": "BACHELOR", "honours": "SECOND_UPPER", "awarded_on": "2023-11-30",
                "began_on": "2019-09-01", "language": "English", "grade": "3.62", "scale": "4.30",
            }
        ],
        "english_tests": [{"kind": "IELTS", "overall": "7.0", "taken_on": "2025-06-14", "report": "9042-1"}],
        "experiences": [{"employer": "Example Hospital", "post": "Assistant", "began_on": "2024-01-08"}],
        "postgraduate_studies": [], "earlier_studies": [], "prior_courses": [],
    }  # fmt: skip


def _findings(chance: random.Random) -> list[dict[str, Any]]:
    """Fifteen, as the engine's own are stored."""
    outcomes = (
        ["MET"] * 9 + ["NOT_APPLICABLE"] * 2 + ["NEEDS_EVIDENCE", "REFER", "NOT_MET", "PENDING_OFFICER"]
    )
    return [
        {
            "code": f"HKU-E{number}", "outcome": chance.choice(outcomes), "reason": "stated",
            "params": {"given": "3.62", "needed": "3.00"}, "part_of": "" if number < 12 else "HKU-E3",
        }
        for number in range(15)
    ]  # fmt: skip
