"""Telephone and address change at once, for every running case; the office sees that they did."""

import pytest
from django.urls import reverse

from admissions_portal.clock.actions import start_clock_at
from admissions_portal.history.models import Event
from applications.applicants.models import ContactChange
from applications.casework.claims import claims_of
from applications.lifecycle.contacts import contact_of, take_over_contact
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.offers.letter import left_out_of_letter
from applications.submission.actions import submit_application
from applications.submission.declarations import in_force
from tests.factories.drafts import AT, own
from tests.factories.programmes import hkt

pytestmark = pytest.mark.django_db

LATER = hkt(2026, 5, 2, 9, 30)


@pytest.fixture
def case(draft):
    submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=AT)
    return Application.objects.get()


def move(case, **fields):
    for name, value in fields.items():
        setattr(case.applicant, name, value)
    case.applicant.save()
    return take_over_contact(case.applicant, by=own(case), at=LATER)


def test_a_new_address_counts_at_once_and_the_frozen_one_stays(case):
    move(case, address_1="9/F, Other House")
    case.refresh_from_db()
    assert contact_of(case).values["address_1"] == "9/F, Other House"
    assert (contact_of(case).changed, contact_of(case).changed_at) == (("address_1",), LATER)
    assert case.profile.data["address_1"] == "Flat B, 12/F, Example House"


def test_an_office_whose_case_has_ended_learns_no_later_address(case):
    """A change is for running cases; to the others it would be another institution's data (I9, DPP3)."""
    move(case, address_1="9/F, Other House")
    Application.objects.filter(pk=case.pk).update(state=State.REFUSED, state_since=LATER)
    change = ContactChange.objects.get()
    after = {**change.after, "address_1": "10/F, Third House"}
    ContactChange.objects.create(
        applicant=case.applicant, changed_at=hkt(2026, 6, 1), before=change.after, after=after
    )
    assert contact_of(Application.objects.get()).values["address_1"] == "9/F, Other House"


def test_history_says_which_field_and_never_what(case):
    move(case, phone="+85221230001")
    assert Event.objects.get(kind="contact.changed").data == {"fields": ["phone"]}


def test_the_same_again_is_no_change(case):
    assert move(case, phone="+85221230001") is not None
    assert move(case, phone="+85221230001") is None
    assert ContactChange.objects.count() == 1


def test_what_is_half_written_is_not_taken_over(case):
    assert move(case, address_1="") is None
    assert contact_of(case).values["address_1"] == "Flat B, 12/F, Example House"


def test_before_anything_is_submitted_nothing_is_kept_twice(draft):
    assert move(draft, address_1="9/F, Other House") is None


def test_what_is_submitted_again_later_is_the_newest(case):
    move(case, address_1="9/F, Other House")
    move(case, address_1="10/F, Third House")
    assert contact_of(case).values["address_1"] == "10/F, Third House"
    assert [change.before["address_1"] for change in ContactChange.objects.all()] == [
        "Flat B, 12/F, Example House",
        "9/F, Other House",
    ]


def test_the_letter_goes_to_the_new_address(case):
    move(case, address_1="9/F, Other House \U0002a6d0")
    assert left_out_of_letter(case) == ["9/F, Other House \U0002a6d0"]


def test_the_office_sees_that_it_changed_and_since_when(case):
    move(case, phone="+85221230001")
    claims = claims_of(case, [], on=LATER.date())
    lines = next(claim.lines for claim in claims if claim.title == "Reached at")
    assert lines[-1].replace("\N{NO-BREAK SPACE}", " ") == (
        "Changed since submission, on 2 May 2026, 09:30 HKT."
    )


def test_an_email_address_that_changed_in_the_account_is_said_to_have(case):
    case.applicant.user.email = "new@example.com"
    assert contact_of(case).changed == ("email",)


def test_the_page_saves_or_keeps_what_was_typed(client, case):
    start_clock_at(LATER)
    client.force_login(case.applicant.user)
    address = reverse("applications:contact_details")
    typed = {"phone": "12", "address_1": "9/F, Other House", "country": "HK"}
    response = client.post(address, typed)
    assert 'value="9/F, Other House"' in response.content.decode()
    assert not ContactChange.objects.exists()
    assert client.post(address, typed | {"phone": "2123 0001"}).status_code == 302
    assert contact_of(Application.objects.get()).values["phone"] == "+85221230001"


def test_whoever_has_begun_nothing_is_led_home(client, django_user_model):
    client.force_login(django_user_model.objects.create(email="nobody@example.com"))
    assert client.get(reverse("applications:contact_details"))["Location"] == reverse("applications:home")
