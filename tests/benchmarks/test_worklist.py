"""Both sides list and find the same cases, at a small size. Nothing is timed."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest

from admissions_portal.clock.actions import start_clock_at
from applications.lifecycle.models import Application
from tests.benchmarks import worklist
from tests.benchmarks.many_cases import RARE, fill
from tests.factories.drafts import AT

pytestmark = pytest.mark.django_db


class Nodes(HTMLParser):
    """How many elements a page has."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.count = 0
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.count += 1


def test_both_sides_list_and_find_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    start_clock_at(AT)
    officer = worklist.officer_of_all(fill(120))
    read = worklist.reader_of(officer)
    with worklist.both_sides() as site:
        default, ours = (read(address).decode() for address in worklist.pages().values())
        numbers = Application.objects.values_list("number", flat=True)
        assert sorted(n for n in numbers if n in ours) == sorted(n for n in numbers if f">{n}<" in default)
        found = {side: find() for side, find in worklist.searches(site, officer, RARE[0].lower()).items()}
        assert found["ours"] == found["search_fields"] == (1, found["ours"][1])
        for query in ("", "state=IN_REVIEW", "q=chan+ka", "pile=documents", "order=name", "order=-score"):
            page = worklist.pages(query)["ours"]
            read(page)  # what is kept between requests is filled
            assert worklist.queries_of(lambda page=page: read(page)) <= worklist.MOST_QUERIES, query  # type: ignore[misc]
        full = read(worklist.pages()["ours"])
    assert (len(full) <= 150_000, Nodes(full).count <= 1_500) == (True, True), (len(full), Nodes(full).count)
    assert full.count(b"</tr>") == 51
    # each case's own columns are those of the rows they follow from
    for case in Application.objects.select_related("profile"):
        last = case.assessments.order_by("-at", "-id").first()
        assert last is not None
        assert (case.verdict, case.origin) == (last.verdict, case.profile.data["origin"])


def test_the_benchmark_prints_both_sides_and_the_goals(capsys: pytest.CaptureFixture[str]) -> None:
    start_clock_at(AT)
    worklist.measure(60, rounds=1)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["side"] for line in lines if "side" in line} == {"ours", "default admin", "search_fields"}
    assert {line["goal"] for line in lines if "goal" in line} == {
        "at most 8 queries",
        "at most 0.6 of the default admin",
        "at least 20 times as fast",
    }
