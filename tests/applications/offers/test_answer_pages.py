"""Who may no longer answer is led to the page that says why, not to a button that would refuse."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from admissions_portal import clock
from applications.offers.actions import lapse_offers
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


@pytest.mark.parametrize("lapsed", [False, True], ids=["open", "lapsed"])
def test_a_condition_waits_only_while_the_place_can_still_be_had(lapsed: bool) -> None:
    offer = an_offer()
    if lapsed:
        assert lapse_offers(at=offer.closed_from) == 1
    client = Client()
    client.force_login(offer.application.applicant.user)
    page = client.get(reverse("applications:offer", args=[offer.pk])).content.decode()
    assert ("Waiting for you" in page) is not lapsed
    assert ("the whole day counts" in page) is not lapsed
    assert ("Conditions it had" in page) is lapsed
