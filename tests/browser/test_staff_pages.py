"""Every page of the office that anybody appointed may open, on a telephone: nothing against accessibility in
light or dark, nothing refused by the Content-Security-Policy, nothing sticking out.

The pages are those of the table of access, so a new one is looked at once it has its line there. What needs a
mouse, a desk's width or a second person is looked at where it is tested.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from admissions_portal.jobs import runners
from admissions_portal.jobs.runners import Runner
from tests.access.addresses import addresses, filled
from tests.access.table import EXPECTED, MODELS, OWN_PAGES
from tests.access.world import World, make_world
from tests.browser.chromium import PHONE, SIDEWAYS, TOO_WIDE, Reader

# files, data for scripts, and the page that ends the visit
NO_PAGES = {
    "admin:applications_application_letter",
    "admin:applications_application_sent",
    "admin:eligibility_policyversion_export",
    "admin:jsi18n",
    "admin:logout",
}
# whoever may open most pages comes first
WALKERS = ("programme_office", "coordinator", "administrator", "superuser")
# Django's own pages look alike for every model: one model's are enough to go through rule by rule
STANDS_FOR_ALL = "programmes_round"


@pytest.fixture
def world(transactional_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    sample = Runner("sample", "Sample", lambda params, progress: None)
    monkeypatch.setattr(runners, "_runners", {**runners._runners, "sample": sample})
    return make_world()


def pages_of(walker: str) -> Iterator[str]:
    """The pages that this one opens and nobody before them."""
    for name in addresses():
        opens = [each for each in WALKERS if EXPECTED[name][each] == 200]
        if name.startswith("admin:") and name not in NO_PAGES and opens[:1] == [walker]:
            yield name


def is_one_of_many(name: str) -> bool:
    model = name.removeprefix("admin:").rpartition("_")[0]
    return model in MODELS and model not in OWN_PAGES and model != STANDS_FOR_ALL


def test_every_staff_page_keeps_every_rule(reader: Callable[..., Reader], world: World) -> None:
    wrong = {}
    for walker in WALKERS:
        someone = reader(width=PHONE, user=world.people[walker])
        for name in pages_of(walker):
            try:
                look_at(someone, name, filled(name, world))
            except AssertionError as complaint:  # all of them at once: a walk is long
                wrong[name] = str(complaint)
                someone.watch.problems.clear()
    assert wrong == {}


def look_at(someone: Reader, name: str, address: str) -> None:
    if not is_one_of_many(name):
        someone.open(address)
        return
    someone.page.goto(address)
    wide = someone.page.evaluate(SIDEWAYS)
    assert wide <= 0, f"scrolls {wide} px sideways: {someone.page.evaluate(TOO_WIDE)}"
    assert someone.watch.unforgiven == []
