"""kill -9 of a worker in the midst of a release: each decision goes out once, the rest with the next."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from admissions_portal import clock
from admissions_portal.outbox.models import Message
from applications.decisions.actions import plan_release
from applications.decisions.models import Decision, ReleaseItem
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.decisions import REFUSAL, prepared
from tests.faults.conftest import kill, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_worker_killed_in_a_release_leads_to_each_decision_once(celery: Any, tmp_path: Path) -> None:
    at = clock.now()
    first = CaseFactory()
    office = acting(officer(first.offering.programme))
    cases = [first, *(CaseFactory(offering=first.offering) for _n in range(3))]
    made = [prepared(case, REFUSAL, by=office, at=at) for case in cases]
    plan_release({each.pk: 1 for each in made}, release_at=at, count=4, by=office, at=at)
    celery("beat")
    # killed with the second decision written and not committed
    victim = celery("worker", hold="applications.decisions.models:ReleaseItem.save#2")
    wait_until((tmp_path / "held").exists, "the worker reaches the moment")
    kill(victim)
    assert sorted(ReleaseItem.objects.values_list("status", flat=True)) == ["RELEASED", *["WAITING"] * 3]
    assert Decision.objects.count() == 1

    ReleaseItem.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    celery("worker")
    wait_until(
        lambda: Message.objects.filter(kind="application_refused", status="SENT").count() == 4,
        "the mails are sent",
    )
    assert set(ReleaseItem.objects.values_list("status", flat=True)) == {"RELEASED"}
    assert (Decision.objects.count(), Message.objects.count()) == (4, 4)
    assert set(Application.objects.values_list("state", flat=True)) == {State.REFUSED}
