"""The pages of an occasional student and of the office."""

import re
from html import unescape

import pytest
from django.urls import reverse

from admissions_portal.accounts.roles import Role
from applications.occasional.models import OccasionalFile, OccasionalRequest, OccasionalStatus
from tests.applications.occasional.stories import begun, sent, written
from tests.factories.accounts import UserFactory
from tests.factories.applications import officer
from tests.factories.evidence import pdf, upload
from tests.factories.programmes import ProgrammeFactory


@pytest.fixture
def browser(client, person):
    client.force_login(person.user)
    return client


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def posted(**changed):
    return {
        "family_name": "LAM",
        "given_names": "Tsz Ching",
        "chinese_name": "林芷晴",
        "preferred_name": "Chloe",
        "phone": "+852 2123 4567",
        "why": "For my work.",
        "courses-TOTAL_FORMS": "3",
        "courses-INITIAL_FORMS": "0",
        "courses-0-title": "Statistics",
        "courses-0-kind": "CORE",
        **changed,
    }


def test_the_page_says_what_is_not_known_and_anybody_reads_it(client, programme):
    response = client.get(reverse("applications:occasional_about", args=["mmedsc"]))
    text = text_of(response)
    assert "No list of courses is held here" in text
    assert "No fee, no closing date and no entrance rule is published" in text
    assert "Sign in to begin" in text


def test_another_programme_has_no_such_page(client, db):
    other = ProgrammeFactory()
    assert client.get(reverse("applications:occasional_about", args=[other.slug])).status_code == 404


def test_begin_leads_to_the_form_and_again_to_the_same(browser, programme):
    url = reverse("applications:occasional_begin", args=["mmedsc"])
    first, second = browser.post(url), browser.post(url)
    made = OccasionalRequest.objects.get()
    assert first.url == second.url == reverse("applications:occasional_form", args=[made.pk])


def test_what_is_typed_is_kept_and_looked_over_before_it_is_sent(browser, programme, person):
    made = begun(person, programme)
    url = reverse("applications:occasional_form", args=[made.pk])
    response = browser.post(url, {**posted(), "check": "1", "attached": upload(pdf(), "certificate.pdf")})
    assert response.url == reverse("applications:occasional_send", args=[made.pk])
    text = text_of(browser.get(response.url))
    assert all(words in text for words in ("Statistics", "(Core course)", "For my work.", "certificate.pdf"))
    assert OccasionalRequest.objects.get().is_draft
    assert browser.post(response.url).url == reverse("applications:occasional", args=[made.pk])
    assert OccasionalRequest.objects.get().status == OccasionalStatus.RECEIVED


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param(
            {"why": "x" * 2001}, "Shorten this to 2000 characters; it has 2001.", id="a text too long"
        ),
        pytest.param(
            {"courses-1-kind": "CORE"},
            "Course 2, Course, by title or code: Name the course, or set its kind back to “Not sure”.",
            id="a kind without a course",
        ),
    ],
)
def test_a_mistake_is_said_and_nothing_typed_is_lost(browser, programme, person, changed, sentence):
    made = begun(person, programme)
    data = posted(**{"courses-2-title": "Immunology", **changed})
    response = browser.post(reverse("applications:occasional_form", args=[made.pk]), data)
    assert (response.status_code, sentence in text_of(response)) == (200, True)
    assert 'value="Immunology"' in response.content.decode()
    assert data["why"] in response.content.decode()


def test_what_is_sent_after_the_session_has_ended_is_there_after_the_sign_in(client, programme, person):
    made = begun(person, programme)
    url = reverse("applications:occasional_form", args=[made.pk])
    response = client.post(url, posted(why="", **{"courses-2-title": "Immunology"}))
    assert response.url == f"{reverse('account_login')}?next={url}"
    assert "Immunology" not in str(dict(client.session))
    assert "What you typed is kept" in text_of(client.get(response.url))
    stranger = UserFactory()
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    client.logout()
    client.post(url, posted(why="", **{"courses-2-title": "Immunology"}))
    client.force_login(person.user)
    shown = client.get(url).content.decode()
    assert 'value="Immunology"' in shown
    assert ("had not saved yet" in shown, made.courses.count()) == (True, 0)
    assert client.post(url, {"as_saved": "1"}).url == url
    assert 'value="Immunology"' not in client.get(url).content.decode()


def typing(url, **changed):
    """What the page of the form posts while somebody types: its mark, a count, every answer."""
    return {**posted(**changed), "opened": url.context["opened"], "number": "1"}


def test_what_is_typed_is_kept_before_it_is_saved_and_goes_into_no_profile(browser, programme, person):
    made = begun(person, programme)
    form, keep = (reverse(f"applications:occasional_{page}", args=[made.pk]) for page in ("form", "typed"))
    typed = typing(browser.get(form), family_name="L", why="For")
    answer = browser.post(keep, typed)
    assert (answer.status_code, answer.json()["said"]) == (
        200,
        "Kept at 10:00:00\xa0HKT. “Save” puts it into your draft.",
    )
    assert 0 < answer.json()["seconds"] <= 12 * 60 * 60
    person.refresh_from_db()
    made.refresh_from_db()
    assert (person.family_name == "L", made.why, made.courses.count()) == (False, "", 0)
    assert "Statistics" not in str(dict(browser.session))
    late = {**typed, "number": "0", "why": "F"}
    assert browser.post(keep, late).status_code == 200
    for _twice in range(2):  # looking at it does not use it up
        again = browser.get(form)
        assert [words in again.content.decode() for words in ('value="Statistics"', ">\nFor<", "F</t")] == [
            True,
            True,
            False,
        ]
    browser.post(form, typing(again, why="For my work."))
    assert "had not saved yet" not in text_of(browser.get(form))
    made.refresh_from_db()
    assert made.why == "For my work."


def test_a_page_that_another_tab_has_overtaken_is_told_so_and_keeps_its_text(browser, programme, person):
    made = begun(person, programme)
    form, keep = (reverse(f"applications:occasional_{page}", args=[made.pk]) for page in ("form", "typed"))
    old = typing(browser.get(form), why="The older text")
    assert browser.post(keep, old).status_code == 200
    browser.post(form, typing(browser.get(form), why="The newer text"))
    answer = browser.post(keep, old)
    assert (answer.status_code, "saved or sent in another tab" in answer.json()["said"]) == (409, True)
    assert "The newer text" in browser.get(form).content.decode()


def test_what_is_typed_after_the_session_has_ended_waits_for_the_sign_in(client, programme, person):
    made = begun(person, programme)
    form, keep = (reverse(f"applications:occasional_{page}", args=[made.pk]) for page in ("form", "typed"))
    answer = client.post(keep, posted(why="Typed too late"))
    assert (answer.status_code, answer.json()["said"]) == (
        401,
        "You have been signed out. What you typed is kept.",
    )
    client.force_login(UserFactory())
    assert client.get(form).status_code == 404
    assert client.post(keep, posted()).status_code == 404
    client.logout()
    client.post(keep, posted(why="Typed too late"))
    client.force_login(person.user)
    assert "Typed too late" in client.get(form).content.decode()
    too_long = {**typing(client.get(form)), "why": "x" * 50_001}
    assert client.post(keep, too_long).status_code == 409


def test_a_file_that_cannot_be_kept_is_named_and_the_rest_is_kept(browser, programme, person):
    made = begun(person, programme)
    data = {**posted(), "attached": upload(b"not a document", "notes.txt")}
    response = browser.post(reverse("applications:occasional_form", args=[made.pk]), data)
    assert "“notes.txt” is no PDF, JPEG, PNG or HEIC file" in text_of(response)
    made.refresh_from_db()
    assert (made.why, made.courses.count()) == ("For my work.", 1)


def test_an_incomplete_request_is_not_sent_and_each_gap_is_a_link(browser, programme, person):
    made = written(person, programme, courses=(), why="")
    response = browser.post(reverse("applications:occasional_send", args=[made.pk]))
    form = reverse("applications:occasional_form", args=[made.pk])
    assert re.findall(rf'href="{form}#([^"]+)"', response.content.decode()) == [
        "id_courses-0-title",
        "id_why",
    ]
    assert OccasionalRequest.objects.get().is_draft


def test_who_waits_for_the_office_is_asked_nothing_at_home(browser, programme, person):
    sent(person, programme)
    text = text_of(browser.get(reverse("applications:home")))
    assert f"{programme.office.name} has your request for single courses" in text
    assert ("Nothing is asked of you now" in text, "Choose a programme" in text) == (True, False)


def test_a_file_is_its_senders_and_the_offices(browser, client, programme, person, settings):
    made = begun(person, programme)
    url = reverse("applications:occasional_form", args=[made.pk])
    browser.post(url, {**posted(), "attached": upload(pdf(), "certificate.pdf")})
    file = reverse("applications:occasional_file", args=[OccasionalFile.objects.get().pk])
    assert browser.get(file).status_code == 200
    client.force_login(officer(programme))
    assert client.get(file).status_code == 404  # a draft exists for its writer alone
    client.force_login(person.user)
    client.post(reverse("applications:occasional_send", args=[made.pk]))
    client.force_login(officer(programme))
    assert client.get(file).status_code == 200
    client.force_login(officer(ProgrammeFactory(institution=programme.institution)))
    assert client.get(file).status_code == 404


def test_the_office_decides_on_the_page_and_reads_the_history(client, programme, person):
    made = sent(person, programme)
    client.force_login(officer(programme))
    listed = client.get(reverse("admin:applications_occasionalrequest_changelist"))
    assert all(words in text_of(listed) for words in ("MMSO26-000001", "LAM Tsz Ching", "MMED 7002"))
    page = reverse("admin:applications_occasionalrequest_change", args=[made.pk])
    refused = client.post(page, {"approved": [], "reason": ""})
    assert "Write why a course is not approved: the person reads it." in text_of(refused)
    first = made.courses.first()
    assert client.post(page, {"approved": [first.pk], "reason": "The other is full."}).url == page
    text = text_of(client.get(page))
    assert all(words in text for words in ("Approved", "Not approved", "The other is full.", "Request sent"))
    assert client.post(page, {"approved": [first.pk], "reason": ""}).status_code == 200


def test_lists_narrow_to_a_state(client, programme, person):
    sent(person, programme)
    client.force_login(officer(programme))
    url = reverse("admin:applications_occasionalrequest_changelist")
    assert "MMSO26-000001" in text_of(client.get(f"{url}?status=RECEIVED"))
    assert "No such requests." in text_of(client.get(f"{url}?status=APPROVED"))
    assert "MMSO26-000001" in text_of(client.get(f"{url}?status=ALL"))


def test_the_desk_counts_what_waits_for_ones_own_decision(client, programme, person):
    sent(person, programme)
    desk, url = reverse("admin:index"), reverse("admin:applications_occasionalrequest_changelist")
    pile = f'<a href="{url}?status=DECIDE"><span class="pg-num">1</span> Single courses to decide</a>'
    client.force_login(officer(programme))
    assert pile in client.get(desk).content.decode()
    listed = text_of(client.get(f"{url}?status=DECIDE"))
    assert [words in listed for words in ("MMSO26-000001", "For you to decide")] == [True, True]
    client.force_login(officer(programme, Role.REVIEWER))
    assert "Single courses to decide" not in text_of(client.get(desk))
    assert "For you to decide" not in text_of(client.get(f"{url}?status=DECIDE"))
    client.force_login(officer(ProgrammeFactory(institution=programme.institution)))
    assert "Single courses to decide" not in text_of(client.get(desk))
    assert "Nothing waits." in text_of(client.get(f"{url}?status=DECIDE"))
