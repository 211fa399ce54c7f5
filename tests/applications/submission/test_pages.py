"""The applicant's pages: whose they are, what they show, where they lead, how often they ask the database."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admissions_portal import clock
from applications.applicants.choices import ResidenceStatus as R
from applications.applicants.models import Applicant, EnglishTest
from applications.lifecycle.models import Application
from applications.submission import views
from applications.submission.actions import submit_application
from applications.submission.declarations import in_force
from applications.submission.models import Submission
from applications.submission.sections.study import QualificationForm
from tests.factories.accounts import UserFactory
from tests.factories.applicants import EnglishTestFactory, ExperienceFactory, QualificationFactory
from tests.factories.applications import DraftFactory
from tests.factories.drafts import AT, own, ready_draft
from tests.factories.programmes import OfferingFactory, RoundFactory, hkt

DECLARED = {"declared": "on", "read": "on", "declaration_version": "1", "privacy_version": "1"}
SECTION_KEYS = ["personal", "residence", "choice", "qualifications", "english", "experience"]


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """The clock stands where the test puts it."""
    moment = {"at": AT}
    monkeypatch.setattr(clock, "now", lambda: moment["at"])
    return lambda at: moment.update(at=at)


@pytest.fixture
def browser(client, draft):
    client.force_login(draft.applicant.user)
    return client


def page(name, draft, *args):
    return reverse(f"applications:{name}", args=[draft.pk, *args])


def text_of(response):
    """What a reader reads."""
    body = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def received(draft, at=AT):
    return submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=at)


# beginning


def test_a_visitor_signs_in_first_and_comes_back_to_begin(client, offering):
    url = reverse("applications:start", args=[offering.pk])
    for response in (client.get(url), client.post(url)):
        assert response.status_code == 302
        assert response.url == f"{reverse('account_login')}?next={url}"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        pytest.param(False, "You have begun this application", id="a draft is opened, not begun again"),
        pytest.param(True, "You have sent this application", id="nothing is sent twice"),
    ],
)
def test_who_has_an_application_already_is_led_to_it(browser, draft, sent, words):
    if sent:
        received(draft)
    response = browser.get(reverse("applications:start", args=[draft.offering.pk]))
    assert words in text_of(response)
    assert f'href="{page("overview", draft)}"' in response.content.decode()
    assert "Begin the application" not in text_of(response)


def test_an_example_date_says_so_on_every_page_of_the_applicant_that_prints_it(browser, draft):
    draft.offering.rounds.update(is_example=True)
    for shown in (
        text_of(browser.get(reverse("applications:start", args=[draft.offering.pk]))),
        text_of(browser.get(reverse("applications:home"))),
        text_of(browser.get(page("section", draft, "personal"))),
    ):
        assert "This date is an example." in shown
    assert "31 March 2026, 23:59 HKT (example date)" in text_of(browser.get(page("review", draft)))
    assert "The closing dates of this programme are examples of the demonstration." in text_of(
        browser.get(page("findings", draft))
    )
    received(draft)
    assert "Round 1, closes 31 March 2026, 23:59 HKT (example date)" in text_of(
        browser.get(page("receipt", draft))
    )


def test_beginning_asks_once_more_and_then_makes_one_draft_however_often(client, offering):
    user = UserFactory()
    client.force_login(user)
    url = reverse("applications:start", args=[offering.pk])
    assert "Begin the application" in text_of(client.get(url))
    assert Application.objects.count() == 0
    for _again in range(2):
        response = client.post(url)
        assert response.url == page("section", Application.objects.get(), "personal")


@pytest.mark.parametrize(
    ("closes_at", "sentence"),
    [
        (None, "No closing date has been announced for this intake, so it cannot be applied for yet."),
        (hkt(2026, 3, 1, 23, 59), "Every round of this intake has closed, and no later one is announced."),
    ],
    ids=["not announced", "closed"],
)
def test_what_cannot_be_applied_for_is_not_begun(client, closes_at, sentence):
    offering = OfferingFactory(intake__programme__slug="hku-mmedsc")
    RoundFactory(offering=offering, closes_at=closes_at)
    client.force_login(UserFactory())
    url = reverse("applications:start", args=[offering.pk])
    response = client.get(url)
    assert sentence in text_of(response)
    assert "Begin the application" not in text_of(response)
    assert client.post(url).status_code == 409
    assert Application.objects.count() == 0


def test_a_programme_without_published_requirements_is_not_begun(client):
    offering = RoundFactory(offering__intake__programme__slug="new-in-the-admin").offering
    client.force_login(UserFactory())
    url = reverse("applications:start", args=[offering.pk])
    assert "The entrance requirements of this programme are not published here yet" in text_of(
        client.get(url)
    )
    assert (client.post(url).status_code, Application.objects.count()) == (409, 0)


def test_what_is_not_published_does_not_exist(client):
    offering = OfferingFactory(intake__programme__is_published=False)
    client.force_login(UserFactory())
    assert client.get(reverse("applications:start", args=[offering.pk])).status_code == 404


# whose


@pytest.mark.parametrize("name", ["review", "findings", "receipt", "submit", *SECTION_KEYS])
def test_somebody_elses_application_does_not_exist(client, draft, name):
    client.force_login(UserFactory())
    url = page("section", draft, name) if name in SECTION_KEYS else page(name, draft)
    assert (client.post(url, DECLARED) if name == "submit" else client.get(url)).status_code == 404
    if name in SECTION_KEYS:
        assert client.post(url, {"family_name": "THEIRS"}).status_code == 404
    assert Applicant.objects.get(pk=draft.applicant_id).family_name == "LAM"


def test_a_submitted_application_of_somebody_else_does_not_exist_either(client, draft):
    received(draft)
    client.force_login(UserFactory())
    assert client.get(page("receipt", draft)).status_code == 404


def test_a_section_the_programme_does_not_have_does_not_exist(browser, draft):
    assert browser.get(page("section", draft, "questions")).status_code == 404
    assert browser.get(page("section", draft, "nonsense")).status_code == 404


# filling in


@pytest.mark.parametrize("key", SECTION_KEYS)
def test_every_section_opens_and_names_the_deadline(browser, draft, key):
    assert "Round 1 closes on 31 March 2026, 23:59 HKT (in 7 days)." in text_of(
        browser.get(page("section", draft, key))
    )


def test_an_untouched_section_complains_of_nothing(browser, offering, draft):
    Applicant.objects.filter(pk=draft.applicant_id).update(residence_status="", origin="")
    assert "put right" not in text_of(browser.get(page("section", draft, "residence")))


def test_saving_leads_on_where_nothing_is_wrong_and_back_where_something_is(browser, draft):
    url = page("section", draft, "residence")
    wrong = browser.post(url, {"residence_status": R.QMAS})
    assert wrong.url == f"{url}?saved=residence"
    shown = text_of(browser.get(wrong.url))
    assert "One thing to put right Where you live permanently: Choose one of the answers." in shown
    assert "Saved at 09:00:00 HKT. Mistakes are kept as you typed them." in shown
    right = browser.post(url, {"residence_status": R.QMAS, "origin": "HONG_KONG"})
    assert right.url == f"{page('section', draft, 'choice')}?saved=residence"
    assert "Saved. What the rules say so far:" in text_of(browser.get(right.url))


def test_every_problem_links_to_an_input_that_is_there(browser, draft):
    browser.post(page("section", draft, "personal"), {"date_of_birth_day": "31", "phone": "1"})
    body = browser.get(page("section", draft, "personal")).content.decode()
    summary = body[body.index('class="pg-errors"') : body.index("</ul>", body.index('class="pg-errors"'))]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert len(targets) == 7
    assert [target for target in targets if f'id="{target}"' not in body] == []


def test_add_and_remove_are_buttons_that_work_without_scripts(browser, draft):
    url = page("section", draft, "english")
    added = browser.post(
        url, {"first_language_is_english": "False", "add": "test", "test-new-kind": "TOEFL_IBT"}
    )
    assert added.url == f"{url}?add=test&kind=TOEFL_IBT#added"
    body = browser.get(added.url).content.decode()
    assert "Test 1: TOEFL iBT, total from 0 to 120" in unescape(body)
    assert 'name="test-0-speaking"' in body
    typed = {"first_language_is_english": "False", "test-0-kind": "TOEFL_IBT", "test-0-overall": "90"}
    browser.post(url, typed)
    assert 'value="90"' in browser.get(url).content.decode()
    row = EnglishTest.objects.get()
    assert browser.post(url, typed | {"test-0-row": str(row.pk), "remove": "test:0"}).url == url
    assert 'name="test-0-overall"' not in browser.get(url).content.decode()


@pytest.mark.parametrize(
    "query", ["add=test", "add=test&kind=NONSENSE", "add=nonsense", "kind=IELTS_ACADEMIC"]
)
def test_an_address_that_asks_for_a_strange_row_gets_none(browser, draft, query):
    assert (
        'name="test-0-' not in browser.get(page("section", draft, "english") + f"?{query}").content.decode()
    )


@pytest.mark.parametrize("key", SECTION_KEYS)
def test_a_submitted_form_leads_to_its_receipt(browser, draft, key):
    received(draft)
    url = page("section", draft, key)
    assert browser.get(url).url == page("receipt", draft)
    assert browser.post(url, {"family_name": "LATE"}).url == page("receipt", draft)
    assert Applicant.objects.get(pk=draft.applicant_id).family_name == "LAM"


# reviewing and submitting


def test_the_review_shows_every_answer_with_its_way_back(browser, draft):
    EnglishTestFactory(applicant=draft.applicant)
    response = browser.get(page("review", draft))
    shown = text_of(response)
    for answer in (
        "LAM",
        "林芷晴",
        "14 August 1999",
        "+852 2123 4567",
        "Metabolic Medicine",
        "BSc in Biomedical Sciences",
        "6.5",
    ):
        assert answer in shown
    assert "HK$198,000 , 2 instalments. Provisional: subject to the University Council’s approval." in shown
    assert f'href="{page("section", draft, "personal")}#id_family_name"' in response.content.decode()


def test_the_review_names_a_university_as_people_do(browser, draft):
    draft.applicant.qualifications.update(university=draft.offering.programme.institution.code)
    shown = text_of(browser.get(page("review", draft)))
    asked = str(QualificationForm.base_fields["university"].label)
    assert f"{asked} {draft.offering.programme.institution.name} " in shown


def test_a_draft_with_problems_lists_them_with_links(browser, draft):
    draft.documents.all().delete()
    shown = text_of(browser.get(page("review", draft)))
    assert "Not ready yet 6 of 7 sections complete" in shown
    assert "Documents: Add the document: Degree certificate and transcript" in shown


def test_submitting_leads_to_the_receipt_as_often_as_it_is_pressed(browser, draft):
    for _again in range(2):
        assert browser.post(page("submit", draft), DECLARED).url == page("receipt", draft)
    assert Submission.objects.count() == 1


def test_both_boxes_are_asked_for_and_the_page_stays(browser, draft):
    shown = text_of(browser.post(page("submit", draft), DECLARED | {"declared": "", "read": ""}))
    assert "2 things to put right" in shown
    assert "Tick this box to declare it; without it nothing can be submitted." in shown
    assert Submission.objects.count() == 0


def test_an_incomplete_draft_is_refused_with_every_line_a_link(browser, draft):
    draft.documents.all().delete()
    response = browser.post(page("submit", draft), DECLARED)
    assert (
        "Not submitted The application is not complete yet. Each line below leads to what is missing."
        in text_of(response)
    )
    assert f'href="{page("documents", draft)}#' in response.content.decode()


def test_round_2_tells_a_non_local_why_and_what_next(client, offering, now):
    draft = ready_draft(offering, residence_status=R.STUDENT_VISA)
    client.force_login(draft.applicant.user)
    now(hkt(2026, 4, 1))
    sentence = "Round 2 is for local applicants only, and by this university’s definition you are non-local."
    assert sentence in text_of(client.get(page("review", draft)))
    response = client.post(page("submit", draft), DECLARED)
    assert (response.status_code, Submission.objects.count()) == (409, 0)
    assert sentence in text_of(response)


def test_the_moment_that_counts_is_after_the_request_is_in(browser, draft, monkeypatch):
    """A slow upload is late when it has arrived, not when it began (AMB-03)."""
    seen = []
    monkeypatch.setattr(views, "submit_application", lambda *a, at, **k: seen.append(at))
    browser.post(page("submit", draft), DECLARED)
    assert seen == [AT]


def test_the_receipt_shows_what_was_received_when(browser, draft):
    submission = received(draft, at=hkt(2026, 3, 28, 9, 41, 7))
    shown = text_of(browser.get(page("receipt", draft)))
    for words in (
        "Your application has been received",
        "Application number MMS26-000001",
        "LAM Tsz Ching 林芷晴",
        "28 March 2026, 09:41:07 HKT",
        "Round 1, closes 31 March 2026, 23:59 HKT",
        " ".join(submission.sha256[start : start + 4] for start in range(0, 64, 4)),
        " ".join(submission.receipt_code[start : start + 4] for start in range(0, 12, 4)),
    ):
        assert words in shown


def test_a_draft_has_no_receipt_yet(browser, draft):
    assert browser.get(page("receipt", draft)).url == page("review", draft)


def test_the_findings_are_of_the_draft_now_and_of_the_case_as_it_was_received(browser, draft):
    shown = text_of(browser.get(page("findings", draft)))
    assert "The minimum requirements appear met" in shown
    assert "Meeting them does not guarantee admission." in shown
    received(draft)
    draft.applicant.qualifications.all().delete()
    assert text_of(browser.get(page("findings", draft))).count("BSc in Biomedical Sciences") >= 1


# the public check of a receipt


def test_anybody_can_check_a_receipt_and_learns_nothing_about_the_person(client, draft):
    submission = received(draft)
    spelt = " ".join(submission.receipt_code[start : start + 4].lower() for start in range(0, 12, 4))
    # the address of old receipts leads to the one page that answers for letters too
    response = client.get(
        reverse("applications:verify_receipt"), {"number": " mms26-000001", "code": spelt}, follow=True
    )
    shown = text_of(response)
    assert "Genuine and in force." in shown
    assert " ".join(submission.sha256[start : start + 4] for start in range(0, 64, 4)) in shown
    assert "24 March 2026, 09:00:00 HKT" in shown
    for private in ("LAM", "Tsz Ching", "林芷晴", draft.applicant.user.email, "Metabolic"):
        assert private not in shown


@pytest.mark.parametrize(
    "changed", [{"number": "MMS26-000002"}, {"code": "0000 0000 0000"}], ids=["number", "code"]
)
def test_number_and_code_must_belong_together(client, draft, changed):
    submission = received(draft)
    given = {"number": "MMS26-000001", "code": submission.receipt_code} | changed
    shown = text_of(client.get(reverse("applications:verify_receipt"), given, follow=True))
    assert "Genuine" not in shown
    assert "We issued no letter and no receipt with this number and this code." in shown


# how often the database is asked


@pytest.mark.parametrize("key", SECTION_KEYS)
def test_a_section_asks_a_fixed_number_of_times(browser, draft, key, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        browser.get(page("section", draft, key))


def test_pages_ask_no_more_for_many_rows_than_for_one(browser, draft):
    def count(url):
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(url).status_code == 200
        return len(asked)

    urls = [page("review", draft), page("section", draft, "english"), page("findings", draft)]
    EnglishTestFactory(applicant=draft.applicant)
    count(urls[1])  # what offices publish is kept from one page to the next
    before = [count(url) for url in urls]
    assert before[1] <= 12
    for _n in range(9):
        EnglishTestFactory(applicant=draft.applicant)
        ExperienceFactory(applicant=draft.applicant)
        QualificationFactory(applicant=draft.applicant, relied_on=False)
    assert [count(url) for url in urls] == before


def test_a_draft_of_nothing_can_be_reviewed(client, offering):
    draft = DraftFactory(offering=offering, applicant=Applicant.objects.create(user=UserFactory()))
    client.force_login(draft.applicant.user)
    for name in ("review", "findings"):
        assert client.get(page(name, draft)).status_code == 200
