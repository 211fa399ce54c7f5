"""The page of documents: several files at once, all refusals at once, nothing lost."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admissions_portal.history.queries import events_about
from applications.evidence.models import Document, SlotCode
from applications.evidence.parts import advice_on_parts
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.applicants import QualificationFactory
from tests.factories.applications import CaseFactory, DraftFactory, officer
from tests.factories.evidence import UPLOADED, DocumentFactory, archive, pdf, picture, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policies")]


@pytest.fixture
def draft():
    made = DraftFactory(offering__intake__programme__slug="hku-mmedsc")
    QualificationFactory(applicant=made.applicant)
    return made


@pytest.fixture
def page(client, draft):
    client.force_login(draft.applicant.user)
    return reverse("applications:documents", args=[draft.pk])


def texts(response):
    return [str(message) for message in response.context["messages"]]


def test_every_slot_has_an_input_to_which_problems_link(client, page):
    text = client.get(page).content.decode()
    for anchor in ("slot-degree", "slot-residence", "slot-other"):
        assert f'type="file" id="{anchor}" name="{anchor}" multiple' in text


def test_good_files_are_kept_and_bad_ones_named_all_at_once(client, page, draft):
    response = client.post(
        page,
        {
            "slot-degree": [
                upload(pdf(), "certificate.pdf"),
                upload(archive("word/document.xml"), "transcript.docx"),
            ],
            "slot-other": [upload(b"", "empty.pdf"), upload(picture(), "photo.jpg")],
        },
    )
    assert sorted(draft.documents.values_list("slot", "name")) == [
        ("DEGREE", "certificate.pdf"),
        ("OTHER", "photo.jpg"),
    ]
    form = response.context["form"]
    assert form.errors == {
        "slot-degree": [
            "“transcript.docx” is a Word, Excel or similar file. Save it as a PDF, and send that."
        ],
        "slot-other": ["“empty.pdf” is empty. Look at the file on your device, and send it again."],
    }
    assert texts(response) == ["2 files are kept."]
    text = response.content.decode()
    assert '<a href="#slot-degree">Degree certificate and transcript: “transcript.docx” is' in text
    assert '<a href="#slot-other">Another document: “empty.pdf” is' in text
    assert 'aria-describedby="slot-degree-hint slot-degree-errors" aria-invalid="true"' in text


def test_sending_leads_back_to_the_page_and_going_on_to_the_review(client, page, draft):
    sent = client.post(page, {"slot-degree": [upload(pdf())]})
    went_on = client.post(page, {"next": "1", "slot-other": [upload(pdf())]})
    assert (sent["Location"], went_on["Location"]) == (page, reverse("applications:review", args=[draft.pk]))
    assert draft.documents.count() == 2


def test_going_on_with_a_bad_file_stays_on_the_page(client, page):
    response = client.post(page, {"next": "1", "slot-other": [upload(b"text", "a.txt")]})
    assert (response.status_code, len(response.context["form"].errors)) == (200, 1)


def test_removing_one_keeps_the_files_chosen_meanwhile(client, page, draft):
    old = DocumentFactory(application=draft, name="old.pdf")
    response = client.post(
        page, {"remove": str(old.pk), "slot-degree": [upload(pdf(), "new.pdf")]}, follow=True
    )
    assert list(draft.documents.values_list("name", flat=True)) == ["new.pdf"]
    assert texts(response) == ["“new.pdf” is kept.", "“old.pdf” is removed."]


@pytest.mark.parametrize("chosen", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_removing_what_is_not_there_changes_nothing(client, page, chosen):
    assert client.post(page, {"remove": chosen})["Location"] == page


def test_the_remove_button_does_not_reach_another_persons_document(client, page):
    other = DocumentFactory(application=DraftFactory())
    client.post(page, {"remove": str(other.pk)})
    assert Document.objects.filter(pk=other.pk).exists()


def test_a_file_for_a_slot_that_is_not_asked_is_not_taken(client, page, draft):
    client.post(page, {"slot-english_test": [upload(pdf())]})
    assert draft.documents.count() == 0


def test_names_are_shown_as_text(client, page, draft):
    DocumentFactory(application=draft, name="<script>alert(1)</script>.pdf")
    text = client.get(page).content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_after_submitting_files_are_added_and_none_removed(client):
    case = CaseFactory(offering__intake__programme__slug="hku-mmedsc")
    kept = DocumentFactory(application=case)
    client.force_login(case.applicant.user)
    page = reverse("applications:documents", args=[case.pk])
    text = client.get(page).content.decode()
    assert 'name="remove"' not in text
    response = client.post(page, {"remove": str(kept.pk), "slot-degree": [upload(pdf())]}, follow=True)
    assert case.documents.count() == 2
    assert texts(response)[1].endswith(
        "your application was submitted with it. You may add another document beside it."
    )


def test_it_exists_for_its_applicant_alone(client, draft):
    page = reverse("applications:documents", args=[draft.pk])
    for somebody in (UserFactory(), officer(draft.offering.programme)):
        client.force_login(somebody)
        assert client.get(page).status_code == 404
        assert client.post(page, {"slot-degree": [upload(pdf())]}).status_code == 404
    assert draft.documents.count() == 0


def test_the_questions_to_the_database_do_not_grow_with_the_documents(client, page, draft):
    DocumentFactory.create_batch(3, application=draft)
    few = queries_of(client, page)
    DocumentFactory.create_batch(27, application=draft, slot=SlotCode.OTHER)
    assert queries_of(client, page) == few


def queries_of(client, page):
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    return len(asked)


def test_the_same_form_sent_again_after_a_lost_answer_makes_no_second_document(client, page, draft):
    key, content = "6f0c4d5e-1d1c-4f0e-9b1a-2f4f5a6b7c8d", pdf(2)
    said = [
        texts(client.post(page, {"upload_key": key, "slot-degree": [upload(content)]}, follow=True))
        for _n in range(2)
    ]
    assert said == [["“transcript.pdf” is kept."]] * 2
    assert draft.documents.count() == 1


def test_the_same_file_on_another_day_is_said_to_be_there(client, page, draft):
    content = pdf(2)
    client.post(page, {"slot-degree": [upload(content)], "upload_key": str(uuid4())}, follow=True)
    again = {"slot-degree": [upload(content, "again.pdf")], "upload_key": str(uuid4())}
    assert texts(client.post(page, again, follow=True)) == [
        "“transcript.pdf” was here already and is kept once."
    ]
    assert draft.documents.count() == 1


def test_every_opening_of_the_page_is_an_attempt_of_its_own(client, page):
    keys = {client.get(page).context["form"]["upload_key"].value() for _n in range(2)}
    assert len(keys) == 2


def test_a_file_that_could_not_be_read_is_held_and_said_so(client, page, draft, monkeypatch):
    monkeypatch.setattr("applications.evidence.files._parse", lambda sent: ({"held": True}, b""))
    response = client.post(page, {"slot-degree": [upload(pdf(2), "odd.pdf")]}, follow=True)
    held = draft.documents.get()
    assert (held.is_held, [message.level_tag for message in response.context["messages"]]) == (
        True,
        ["warning"],
    )
    assert texts(response)[0].startswith("“odd.pdf” is held: it could not be read safely")
    text = response.content.decode()
    assert f'"{reverse("applications:document", args=[held.pk])}"' not in text
    assert "Held: it could not be read safely." in text


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [("TRANSLATION", "TRANSLATION"), ("", "ORIGINAL"), ("GRADING_SCALE", "GRADING_SCALE")],
    ids=["a translation", "nothing said", "a scale"],
)
def test_files_are_kept_as_the_part_that_was_chosen(client, page, draft, chosen, kept):
    client.post(page, {"slot-degree-part": chosen, "slot-degree": [upload(pdf())]})
    assert draft.documents.get().part == kept


def test_a_part_that_the_slot_does_not_take_is_refused_at_its_input(client, page, draft):
    response = client.post(page, {"slot-residence-part": "GRADING_SCALE", "slot-residence": [upload(pdf())]})
    assert list(response.context["form"].errors) == ["slot-residence-part"]


ADVICE = {
    "an original in English": ([{"language": "ENGLISH"}], ""),
    "an original in another language": ([{"language": "OTHER"}], "A file is in another language"),
    "with its translation": ([{"language": "OTHER"}, {"part": "TRANSLATION"}], ""),
    "a translation alone": ([{"part": "TRANSLATION"}], "There is a translation without its original."),
    "an original that was turned down beside a translation": (
        [
            {"status": "REJECTED", "checked_at": UPLOADED, "checked_by": StaffFactory},
            {"part": "TRANSLATION"},
        ],
        "There is a translation without its original.",
    ),
}


@pytest.mark.parametrize(("files", "start"), ADVICE.values(), ids=ADVICE.keys())
def test_what_would_help_is_advised_and_never_demanded(draft, files, start):
    for facts in files:
        DocumentFactory(application=draft, **{name: v() if callable(v) else v for name, v in facts.items()})
    advice = advice_on_parts(list(draft.documents.all()))
    assert (advice.startswith(start), bool(advice)) == (True, bool(start))


# saying what a file is


def described(document):
    return reverse("applications:describe_document", args=[document.application_id, document.pk])


def test_a_translation_is_described_with_its_translator(client, page, draft):
    document = DocumentFactory(application=draft)
    said = {
        "part": "TRANSLATION",
        "language": "ENGLISH",
        "translated_by": " Example  Translations ",
        "is_certified": "on",
    }
    assert client.post(described(document), said)["Location"] == page
    document.refresh_from_db()
    assert (document.part, document.language, document.translated_by, document.is_certified) == (
        "TRANSLATION",
        "ENGLISH",
        "Example Translations",
        True,
    )
    assert "Translation · English · translated by Example Translations · certified by the translator" in (
        client.get(page).content.decode()
    )
    [event] = events_about(draft)
    assert (event.kind, event.data) == (
        "document.described",
        {"document": str(document.pk), "part": "TRANSLATION", "language": "ENGLISH"},
    )
    client.post(described(document), said)
    assert len(events_about(draft)) == 1


def test_only_a_translation_has_a_translator(client, page, draft):
    document = DocumentFactory(application=draft, part="TRANSLATION", translated_by="X", is_certified=True)
    client.post(described(document), {"part": "ORIGINAL", "translated_by": "X", "is_certified": "on"})
    document.refresh_from_db()
    assert (document.part, document.translated_by, document.is_certified) == ("ORIGINAL", "", False)


def test_what_the_office_has_checked_is_described_no_more(client, page, draft):
    document = DocumentFactory(
        application=draft, status="VERIFIED", checked_at=UPLOADED, checked_by=StaffFactory()
    )
    response = client.post(described(document), {"part": "TRANSLATION"})
    assert response.context["form"].non_field_errors() == [
        "“transcript.pdf” stays as it is described: the office has filed or checked it."
    ]


def test_nobody_describes_another_persons_file(client, page):
    assert client.get(described(DocumentFactory(application=DraftFactory()))).status_code == 404
