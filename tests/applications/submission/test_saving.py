"""Nothing typed is lost: not by another tab, a session that ended, a connection or another device."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from admissions_portal import clock
from applications.applicants.models import Applicant, EnglishTest
from applications.lifecycle.models import Application
from applications.submission.models import SectionVisit, UnsavedText
from applications.submission.sections import Filling, section_named, sections_of
from applications.submission.sections.typed import MOST_ROWS
from applications.submission.unsaved import forget_left_texts
from tests.factories.accounts import UserFactory
from tests.factories.applicants import ExperienceFactory
from tests.factories.applications import DraftFactory
from tests.factories.drafts import AT, ready_draft


@pytest.fixture(autouse=True)
def now(monkeypatch):
    moment = {"at": AT}
    monkeypatch.setattr(clock, "now", lambda: moment["at"])
    return lambda at: moment.update(at=at)


def address(draft, key, name="section"):
    return reverse(f"applications:{name}", args=[draft.pk, key])


class Tab:
    """One open page of a section, as a browser without scripts holds it."""

    def __init__(self, draft, key, *, client=None, query=""):
        self.client = client or signed_in(draft.applicant.user)
        self.draft, self.key, self.url = draft, key, address(draft, key)
        self.read(self.client.get(self.url + query))

    def read(self, response):
        assert response.status_code == 200
        self.html = response.content.decode()
        self.opened = re.search(r'name="opened" value="([^"]+)"', self.html)[1]
        filled = response.context.get("filled")
        self.typed = filled.typed() if filled and filled.forms[0].is_bound else {}
        self.number = 0

    @property
    def words(self):
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.html)).split())

    def type(self, **answers):
        self.typed |= {name.replace("__", "-"): [value] for name, value in answers.items()}
        return self

    def save(self, **more):
        return self.client.post(
            self.url, {**self.typed, "opened": self.opened, "number": self.number, **more}
        )

    def autosave(self):
        self.number += 1
        data = {**self.typed, "opened": self.opened, "number": self.number}
        return self.client.post(address(self.draft, self.key, "autosave"), data)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def person(draft):
    return Applicant.objects.get(pk=draft.applicant_id)


# two tabs


def test_the_second_save_shows_both_texts_and_saves_neither_by_itself(draft):
    first, second = Tab(draft, "personal"), Tab(draft, "personal")
    first.type(preferred_name="Ada").save()
    response = second.type(preferred_name="Bea").save()
    assert response.url == f"{second.url}?text={UnsavedText.objects.get().page}"
    both = Tab(draft, "personal", query=response.url.removeprefix(second.url))
    assert re.findall(r"<legend>\s*(.*?)\s*</legend>", both.html) == ["Preferred name"]
    assert re.findall(r'class="pg-text">(.*?)<', both.html) == ["Ada", "Bea"]
    assert person(draft).preferred_name == "Ada"


@pytest.mark.parametrize(("kept", "name"), [("saved", "Ada"), ("typed", "Bea")])
def test_what_is_chosen_is_saved_and_the_rest_stays_as_it_is(draft, kept, name):
    first, second = Tab(draft, "personal"), Tab(draft, "personal")
    first.type(preferred_name="Ada").save()
    held = second.type(preferred_name="Bea").save()
    both = Tab(draft, "personal", query=held.url.removeprefix(second.url))
    response = both.save(choose="1", **{"keep-preferred_name": kept})
    assert response.url == f"{address(draft, 'residence')}?saved=personal"
    assert person(draft).preferred_name == name
    assert not UnsavedText.objects.exists()


def test_without_a_choice_both_are_kept_and_it_asks_again(draft):
    first, second = Tab(draft, "personal"), Tab(draft, "personal")
    first.type(preferred_name="Ada", address_2="1 New Road").save()
    held = second.type(preferred_name="Bea").save()
    both = Tab(draft, "personal", query=held.url.removeprefix(second.url))
    both.read(both.save(choose="1", **{"keep-preferred_name": "typed"}))
    assert "Choose once more" in both.words
    assert (person(draft).preferred_name, UnsavedText.objects.count()) == ("Ada", 1)
    both.save(choose="1", **{"keep-preferred_name": "typed", "keep-address_2": "saved"})
    assert (person(draft).preferred_name, person(draft).address_2) == ("Bea", "1 New Road")


def test_a_choice_is_asked_again_if_a_third_tab_saved_meanwhile(draft):
    first, second = Tab(draft, "personal"), Tab(draft, "personal")
    first.type(preferred_name="Ada").save()
    held = second.type(preferred_name="Bea").save()
    both = Tab(draft, "personal", query=held.url.removeprefix(second.url))
    third = Tab(draft, "personal")
    assert "Something else was typed here" in third.words
    third.type(preferred_name="Cleo").save()
    both.read(both.save(choose="1", **{"keep-preferred_name": "typed"}))
    assert re.findall(r'class="pg-text">(.*?)<', both.html) == ["Cleo", "Bea"]
    assert person(draft).preferred_name == "Cleo"


def test_a_section_about_the_person_is_compared_across_applications(draft, research):
    other = DraftFactory(applicant=draft.applicant, offering=research)
    first, second = Tab(draft, "personal"), Tab(other, "personal")
    first.type(preferred_name="Ada").save()
    response = second.type(preferred_name="Bea").save()
    assert "?text=" in response.url
    assert person(draft).preferred_name == "Ada"


def test_the_same_page_sent_again_asks_nothing(draft):
    tab = Tab(draft, "personal").type(preferred_name="Ada")
    tab.save()
    tab.type(preferred_name="Bea").save()
    assert (person(draft).preferred_name, UnsavedText.objects.count()) == ("Bea", 0)


def test_items_added_in_two_tabs_are_both_there(draft):
    query = "?add=test&kind=IELTS_ACADEMIC"
    first, second = Tab(draft, "english", query=query), Tab(draft, "english", query=query)
    first.type(
        first_language_is_english="False", test__0__kind="IELTS_ACADEMIC", test__0__overall="6.3"
    ).save()
    second.type(
        first_language_is_english="False", test__0__kind="IELTS_ACADEMIC", test__0__overall="7"
    ).save()
    shown = Tab(draft, "english")
    assert {shown.typed[f"test-{number}-overall"][0] for number in (0, 1)} == {"6.3", "7"}


def test_an_item_removed_in_another_tab_is_asked_about(draft):
    Tab(draft, "english", query="?add=test&kind=IELTS_ACADEMIC").type(
        first_language_is_english="False", test__0__kind="IELTS_ACADEMIC", test__0__report_number="R1"
    ).save()
    first, second = Tab(draft, "english"), Tab(draft, "english")
    first.save(remove="test:0")
    assert not EnglishTest.objects.exists()
    held = second.save()
    both = Tab(draft, "english", query=held.url.removeprefix(second.url))
    assert "Removed" in both.words
    assert "R1" in both.words
    both.save(choose="1", **{"keep-test-0": "typed"})
    assert EnglishTest.objects.get().report_number == "R1"


# typing


def test_what_is_typed_is_kept_unjudged_and_offered_on_another_device(draft):
    tab = Tab(draft, "english", query="?add=test&kind=IELTS_ACADEMIC")
    answer = tab.type(test__0__kind="IELTS_ACADEMIC", test__0__overall="6.3").autosave()
    assert answer.json()["said"].replace("\xa0", " ") == "Saved at 09:00:00 HKT."
    assert not EnglishTest.objects.exists()
    assert not SectionVisit.objects.exists()
    elsewhere = Tab(draft, "english")
    assert elsewhere.typed["test-0-overall"] == ["6.3"]
    assert "did not save it with the button below" in elsewhere.words
    assert 'class="pg-errors"' not in elsewhere.html
    elsewhere.save()
    assert not UnsavedText.objects.exists()


def test_nobody_reads_it_in_the_database(draft):
    Tab(draft, "personal").type(preferred_name="Zzyzx").autosave()
    assert "Zzyzx" not in UnsavedText.objects.get().sealed


def test_a_late_request_changes_nothing(draft):
    tab = Tab(draft, "personal")
    tab.type(preferred_name="Ada").autosave()
    tab.type(preferred_name="Adah").autosave()
    tab.number = 0
    assert tab.type(preferred_name="A").autosave().status_code == 200
    assert UnsavedText.objects.get().typed["preferred_name"] == ["Adah"]
    tab.number = 3
    tab.type(preferred_name="Adah").save()
    tab.number = 1
    tab.type(preferred_name="A").autosave()
    assert not UnsavedText.objects.exists()


def test_a_late_request_is_no_newer_text_after_another_tab_has_saved(draft):
    tab = Tab(draft, "personal")
    tab.number = 3
    tab.type(preferred_name="Adah").save()
    other = Tab(draft, "personal")
    other.type(preferred_name="Grace").save()
    tab.number = 1
    assert tab.type(preferred_name="A").autosave().status_code == 200
    assert not UnsavedText.objects.exists()
    tab.number = 3
    tab.type(preferred_name="Adaline").autosave()
    assert UnsavedText.objects.get().typed["preferred_name"] == ["Adaline"]


def test_leaving_it_out_shows_what_is_saved(draft):
    tab = Tab(draft, "personal")
    tab.type(preferred_name="Ada").autosave()
    again = Tab(draft, "personal")
    again.client.post(again.url, {"leave_out": f"{UnsavedText.objects.get().page}:1"})
    assert Tab(draft, "personal").typed["preferred_name"] == ["Chloe"]


def test_unsaved_text_keeps_the_application_from_being_sent_unseen(draft):
    Tab(draft, "personal").type(preferred_name="Ada").autosave()
    draft = Application.objects.get(pk=draft.pk)
    section, filling = section_named(draft, "personal", at=AT), Filling(draft, at=AT)
    assert section.state(filling).word == "In progress"
    assert [problem.field_id for problem in section.problems(filling)] == ["unsaved"]


# the session


def test_a_session_that_ended_gives_back_what_was_typed(draft):
    tab = Tab(draft, "personal").type(preferred_name="Ada")
    tab.client.logout()
    response = tab.save()
    assert response.url == f"{reverse('account_login')}?next={tab.url}"
    assert "You were signed out. What you typed is kept" in tab.client.get(response.url).content.decode()
    back = Tab(draft, "personal")
    assert back.typed["preferred_name"] == ["Ada"]
    back.save()
    assert (person(draft).preferred_name, UnsavedText.objects.count()) == ("Ada", 0)


def test_it_is_never_shown_to_another_account(draft, offering):
    tab = Tab(draft, "personal").type(preferred_name="Zzyzx")
    other = ready_draft(offering)
    tab.client.force_login(other.applicant.user)
    response = tab.save()
    assert response.url == reverse("applications:home")
    assert "Zzyzx" not in tab.client.get(response.url).content.decode()
    assert Tab(other, "personal", client=tab.client).typed["preferred_name"] == ["Chloe"]
    assert Tab(draft, "personal").typed["preferred_name"] == ["Zzyzx"]


def test_signing_in_again_elsewhere_does_not_cost_the_text(draft):
    client = Client(enforce_csrf_checks=True)
    client.force_login(draft.applicant.user)
    Tab(draft, "personal", client=client).type(preferred_name="Ada").save()
    assert person(draft).preferred_name == "Ada"


def test_without_seal_and_token_nothing_is_taken(draft):
    client = Client(enforce_csrf_checks=True)
    client.force_login(draft.applicant.user)
    forged = "x" * 40
    for opened in ({}, {"opened": forged}):
        response = client.post(address(draft, "personal"), {"preferred_name": "Eve", **opened})
        assert response.status_code == 403
        assert client.post(address(draft, "personal", "autosave"), opened).status_code == 409
    assert person(draft).preferred_name == "Chloe"
    assert not UnsavedText.objects.exists()


def test_a_page_of_one_draft_writes_into_no_other(draft, offering):
    tab = Tab(draft, "personal").type(preferred_name="Ada")
    other = ready_draft(offering)
    tab.client.force_login(other.applicant.user)
    url = address(other, "personal", "autosave")
    assert tab.client.post(url, {**tab.typed, "opened": tab.opened}).status_code == 409
    assert not UnsavedText.objects.exists()


def test_what_nobody_comes_back_for_is_forgotten_after_a_week(draft):
    tab = Tab(draft, "personal").type(preferred_name="Ada")
    tab.client.logout()
    tab.save()
    assert forget_left_texts(at=AT + timedelta(days=6)) == 0
    assert forget_left_texts(at=AT + timedelta(days=7)) == 1


def test_typing_when_signed_out_is_kept_and_says_so(draft):
    tab = Tab(draft, "personal").type(preferred_name="Ada")
    tab.client.logout()
    answer = tab.autosave()
    assert (answer.status_code, answer.json()["said"]) == (
        401,
        "You have been signed out. What you typed is kept.",
    )
    assert Tab(draft, "personal").typed["preferred_name"] == ["Ada"]


def test_the_session_is_the_servers_to_prolong(draft, settings):
    tab = Tab(draft, "personal")
    whole = settings.SESSION_COOKIE_AGE
    assert f'data-pg-session="{whole - 1}"' in tab.html or f'data-pg-session="{whole}"' in tab.html
    assert tab.autosave().json()["seconds"] <= whole
    assert (
        tab.client.post(
            address(draft, "personal", "autosave"),
            {**tab.typed, "opened": tab.opened, "number": 9, "stay": "1"},
        ).json()["seconds"]
        == whole
    )


# states


def test_each_state_of_a_section_is_told_from_the_others(offering):
    draft = DraftFactory(offering=offering, applicant=Applicant.objects.create(user=UserFactory()))
    tab = Tab(draft, "personal")

    def state():
        fresh = Application.objects.get(pk=draft.pk)
        stands = sections_of(fresh, at=AT)[0].state(Filling(fresh, at=AT))
        return stands.status, stands.word

    assert state() == ("todo", "Not started")
    tab.type(family_name="LIN").save()
    assert state() == ("part", "In progress")
    tab.type(phone="12").save()
    assert state() == ("warn", "6 to fix")


def test_two_tabs_that_fill_a_group_between_them_lose_no_row(draft):
    """More rows than may be added to one page: all of them are kept, and no more is added."""
    person = draft.applicant
    for number in range(MOST_ROWS + 5):
        ExperienceFactory(applicant=person, employer=f"Employer {number}")
    page, fresh = section_named(draft, "experience", at=AT), Application.objects.get(pk=draft.pk)
    filled = page.current(Filling(fresh, at=AT))
    typed = filled.typed()
    assert len([name for name in typed if name.endswith("-employer")]) == MOST_ROWS + 5
    both = page.fill(Filling(fresh, at=AT), typed, add="post")
    group = next(group for group in both.groups if group.group.key == "post")
    assert (len(group.forms), group.is_full) == (MOST_ROWS + 5, True)
