"""The public pages of requirements: in force, earlier and announced, with the tests no longer offered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admissions_portal.clock.actions import start_clock_at
from eligibility.models import Policy, PolicyLayer, PolicyVersion, fingerprint
from tests.factories.checks import programmes_to_check
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db
NOW = hkt(2026, 3, 24, 9)
PAGE = "/eligibility/requirements/"


def text_of(client: Client, address: str = PAGE) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return page.content.decode()


def published(code: str, number: int, effective_from: date, **changes: Any) -> PolicyVersion:
    """One version more of a shipped policy, differing in what is named."""
    policy = Policy.objects.get(code=code)
    content = policy.versions.get(number=1).content | changes
    return PolicyVersion.objects.create(
        policy=policy,
        number=number,
        effective_from=effective_from,
        content=content,
        sha256=fingerprint(content),
        published_at=NOW,
    )


def ielts_of(code: str, overall: str) -> dict[str, Any]:
    english = Policy.objects.get(code=code).versions.get(number=1).content["english"]
    minima = [
        {**row, "overall": overall} if row["kind"] == "IELTS_ACADEMIC" else row for row in english["minima"]
    ]
    return {**english, "minima": minima}


@pytest.fixture
def _shipped() -> None:
    programmes_to_check()
    start_clock_at(NOW)


@pytest.mark.usefixtures("_shipped")
def test_the_page_shows_every_rule_with_its_clause_and_no_promise(client: Client) -> None:
    text = text_of(client)
    assert reverse("eligibility:requirements") == PAGE
    assert all(f"({code})" in text for code in ("HKU-E1", "HKU-E5", "UST-02", "UST-03", "UST-06", "UST-10"))
    assert "Meeting them does not guarantee admission." in text
    assert "IELTS Academic: overall 6.0 or more, no part below 5.5" in text
    assert "regulation itself was not seen" in text
    assert reverse("eligibility:choose") in text


@pytest.mark.usefixtures("_shipped")
def test_amb_10_tests_no_longer_offered_stand_apart_with_their_figures(client: Client) -> None:
    text = text_of(client)
    older = [part.partition("</ul>")[0] for part in text.split("Older tests the text still lists.")[1:]]
    assert ["TOEFL paper-based test: overall 550 or more" in part for part in older] == [True] * 3
    assert ["TOEFL revised paper-delivered test: overall 60 or more" in part for part in older] == [
        False,  # HKU's units list the paper test alone
        True,
        True,
    ]


@pytest.mark.usefixtures("_shipped")
def test_an_earlier_version_stays_readable_with_its_figures_and_its_days(client: Client) -> None:
    published("HKUST-MPHIL", 2, date(2026, 3, 1), english=ielts_of("HKUST-MPHIL", "6.5"))
    text = text_of(client)
    assert "IELTS Academic: overall 6.5 or more, no part below 5.5" in text
    earlier = reverse("eligibility:requirements_version", args=["HKUST-MPHIL", 1])
    assert (
        f'<a href="{earlier}">Version 1</a>: In force here from 1\xa0September\xa02025 until 28\xa0' in text
    )
    old = text_of(client, earlier)
    assert "These rules are no longer in force." in old
    assert "IELTS Academic: overall 6.0 or more, no part below 5.5" in old
    assert "from 1\xa0September\xa02025 until 28\xa0February\xa02026" in old
    version = PolicyVersion.objects.get(policy__code="HKUST-MPHIL", number=1)
    assert version.sha256[:4] in old


@pytest.mark.usefixtures("_shipped")
def test_an_announced_version_is_named_with_its_day_and_not_yet_used(client: Client) -> None:
    published("HKUST-MPHIL", 2, date(2026, 9, 1), english=ielts_of("HKUST-MPHIL", "6.5"))
    text = text_of(client)
    assert "IELTS Academic: overall 6.5" not in text
    assert "Version 2</a>: Takes force here on 1\xa0September\xa02026" in text
    coming = text_of(client, reverse("eligibility:requirements_version", args=["HKUST-MPHIL", 2]))
    assert "These rules are not in force yet." in coming


@pytest.mark.usefixtures("_shipped")
def test_a_version_replaced_on_its_first_day_says_so(client: Client) -> None:
    published("HKUST-MPHIL", 2, date(2025, 9, 1), title="Other words")
    assert "Version 1</a>: Replaced on the day it took force, 1\xa0September\xa02025." in text_of(client)


@pytest.mark.usefixtures("_shipped")
def test_ust_10_what_a_school_asks_beyond_stands_beneath_the_universitys_rules(client: Client) -> None:
    school = Policy.objects.create(
        code="HKUST-SCI",
        title="School of Science",
        layer=PolicyLayer.SCHOOL,
        institution_code="hkust",
        level="PHD",
        school_code="science",
    )
    content = {
        "policy": "HKUST-SCI",
        "title": "School of Science",
        "layer": "SCHOOL",
        "clause": "Admission page of the School",
        "english": [{"kind": "IELTS_ACADEMIC", "overall": "7"}],
        "rules": [
            {
                "code": "SCI-1",
                "check": "OFFICER_CONFIRMS",
                "title": "Interview",
                "clause": "Admission page of the School",
            }
        ],
    }
    PolicyVersion.objects.create(
        policy=school,
        number=1,
        effective_from=date(2026, 1, 1),
        content=content,
        sha256=fingerprint(content),
        published_at=NOW,
    )
    text = text_of(client)
    assert text.count("What Schools and programmes ask beyond") == 1  # the doctoral rules only
    beyond = text.partition("What Schools and programmes ask beyond")[2].partition("</dl>")[0]
    assert "IELTS Academic: overall 7.0 or more" in beyond
    assert "Interview: an officer confirms it." in beyond
    assert "Admission page of the School" in beyond


@pytest.mark.usefixtures("_shipped")
@pytest.mark.parametrize("address", ["HKUST-MPHIL/9/", "NOBODY/1/"])
def test_a_version_that_was_never_published_is_not_there(client: Client, address: str) -> None:
    assert client.get(f"{PAGE}{address}").status_code == 404


def test_the_page_says_so_where_nothing_is_published(client: Client) -> None:
    assert "No requirements are published yet." in text_of(client)


@pytest.mark.usefixtures("_shipped")
def test_the_page_asks_the_database_equally_often_however_many_versions(client: Client) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE)
        return len(asked)

    few = questions()
    for number in range(2, 6):
        published("HKUST-MPHIL", number, date(2026, 1, number), title=f"Title {number}")
    assert (questions(), few <= 4) == (few, True)
