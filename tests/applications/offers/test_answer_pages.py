"""Who may no longer answer is led to the page that says why, not to a button that would refuse."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from admissions_portal import clock
from tests.applications.offers.test_answering import an_offer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["offer_accept", "offer_decline"])
@pytest.mark.parametrize(
    ("minutes", "status"),
    [
        pytest.param(-1, 200, id="in the last minute"),
        pytest.param(0, 302, id="after it"),
    ],
)
def test_the_page_to_answer_opens_while_an_answer_counts(
    monkeypatch: pytest.MonkeyPatch, page: str, minutes: int, status: int
) -> None:
    offer = an_offer()
    monkeypatch.setattr(clock, "now", lambda: offer.closed_from + timedelta(minutes=minutes))
    client = Client()
    client.force_login(offer.application.applicant.user)
    response = client.get(reverse(f"applications:{page}", args=[offer.pk]))
    assert response.status_code == status
    if status == 302:
        assert response["Location"] == reverse("applications:offer", args=[offer.pk])
