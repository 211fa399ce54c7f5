"""Two people enter a code at the same moment and one use is left: one of them gets it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from applications.late_entry.actions import (
    CodeRefused,
    CodeScope,
    CodeTerms,
    make_access_code,
    use_access_code,
)
from tests.applications.late_entry.test_late_entry import LATE, UNTIL
from tests.factories.drafts import own, ready_draft

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("uses", [1, 3])
def test_of_many_at_once_as_many_get_in_as_there_are_uses(offering, office, uses):
    code, text = make_access_code(
        CodeScope(offering.programme), CodeTerms(UNTIL, most_uses=uses), by=office, at=LATE
    )
    drafts = [ready_draft(offering) for _n in range(4)]
    together = Barrier(len(drafts))

    def enter(draft):
        try:
            together.wait()
            use_access_code(draft, text, by=own(draft), at=LATE)
            return "in"
        except CodeRefused as refused:
            return str(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(drafts)) as pool:
        answers = sorted(pool.map(enter, drafts), reverse=True)
    office_name = code.programme.office.name
    refused = f"This code has been used as often as it may be. Ask the {office_name} for another one."
    assert answers == ["in"] * uses + [refused] * (len(drafts) - uses)
    assert code.uses.count() == uses


def test_one_person_in_two_tabs_makes_one_use(offering, office, draft):
    code, text = make_access_code(
        CodeScope(offering.programme), CodeTerms(UNTIL, most_uses=2), by=office, at=LATE
    )

    def enter(_tab):
        try:
            return use_access_code(draft, text, by=own(draft), at=LATE).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(enter, range(2)))) == 1
    assert code.uses.count() == 1
