from collections.abc import Iterator
from datetime import datetime

import pytest
from django.utils import translation

from admissions_portal import clock
from programmes.loading import load_catalogue


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A page read in Chinese leaves its language in the thread; the next test starts in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def catalogue(db: None) -> None:
    """The real catalogue, loaded."""
    load_catalogue()


@pytest.fixture
def at_moment(db: None):
    """Set the portal's clock, as the demonstration does: `at_moment(hkt(2026, 3, 24, 9))`."""
    from admissions_portal.clock.models import Offset

    def set_to(moment: datetime) -> None:
        Offset.objects.all().delete()
        Offset.objects.create(id=1, offset=moment - clock.now())

    return set_to
