"""Adding, removing, verifying and turning down a document, and who may read one."""

import hashlib
import os
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from admissions_portal.accounts.roles import Role
from admissions_portal.history.queries import events_about
from admissions_portal.outbox.models import Message
from applications.evidence import files
from applications.evidence.actions import (
    MOST_IN_A_SLOT,
    DocumentRefused,
    add_document,
    record_provenance,
    reject_document,
    release_document,
    remove_document,
    verify_document,
)
from applications.evidence.files import FileRefused, read_bytes, read_upload
from applications.evidence.models import Document, DocumentStatus, FileKind, SlotCode
from applications.evidence.printed import AsPrinted
from applications.lifecycle.models import Application
from applications.lifecycle.states import CONCLUDED, RUNNING, State
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import CaseFactory, DraftFactory, acting, officer
from tests.factories.evidence import DocumentFactory, pdf, picture, upload
from tests.factories.programmes import ProgrammeFactory, hkt

pytestmark = pytest.mark.django_db
AT = hkt(2026, 3, 24, 9, 0)
LATER = hkt(2026, 4, 2, 10, 40)


def owner(application: Application):
    return acting(application.applicant.user)


def kept_files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def add(application, content=None, slot=SlotCode.DEGREE, name="transcript.pdf", **who):
    return add_document(
        application,
        slot,
        read_upload(upload(content or pdf(2), name)),
        **{"by": owner(application), "at": AT, **who},
    )


def events(application):
    return [event.kind for event in events_about(application)]


# adding


def test_a_document_is_kept_with_its_facts_under_a_path_that_says_nothing():
    draft = DraftFactory()
    content = pdf(2)
    document = add(draft, content, name="LAM Tsz Ching 成績單.pdf")
    assert (document.kind, document.pages, document.size, document.name) == (
        FileKind.PDF,
        2,
        len(content),
        "LAM Tsz Ching 成績單.pdf",
    )
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert document.file.name == f"evidence/{document.pk.hex[:2]}/{document.pk.hex}"
    assert [path.read_bytes() for path in kept_files()] == [content]
    assert kept_files()[0].stat().st_mode & 0o077 == 0


def test_its_history_holds_no_file_name():
    draft = DraftFactory()
    document = add(draft, name="LAM Tsz Ching.pdf")
    [event] = events_about(draft)
    assert (event.kind, event.data) == (
        "document.added",
        {"document": str(document.pk), "slot": "DEGREE", "sha256": document.sha256},
    )


def test_the_same_file_twice_in_a_slot_is_one_document():
    draft, content = DraftFactory(), pdf(2)
    first, second = add(draft, content), add(draft, content, name="again.pdf")
    assert (first, len(kept_files()), events(draft)) == (second, 1, ["document.added"])


def test_the_same_file_proves_two_things():
    draft, content = DraftFactory(), pdf(2)
    add(draft, content)
    add(draft, content, slot=SlotCode.OTHER)
    assert Document.objects.count() == 2


def test_a_refused_file_leaves_nothing():
    draft = DraftFactory()
    with pytest.raises(FileRefused):
        add(draft, b"no document")
    assert (Document.objects.count(), kept_files(), events(draft)) == (0, [], [])


def test_the_very_file_that_was_turned_down_is_not_taken_again():
    case, content = CaseFactory(), pdf(2)
    document = add(case, content)
    reject_document(document, reason="Page 2 is cut.", by=acting(officer(case.offering.programme)), at=LATER)
    with pytest.raises(DocumentRefused, match=r"not accepted: Page 2 is cut\. Send another one\."):
        add(case, content)


def test_a_full_slot_says_how_many_it_takes():
    draft = DraftFactory()
    DocumentFactory.create_batch(MOST_IN_A_SLOT, application=draft)
    with pytest.raises(DocumentRefused, match="20 files is the most"):
        add(draft)


def test_nobody_adds_to_another_persons_application():
    draft = DraftFactory()
    stranger, office = UserFactory(), officer(draft.offering.programme)
    for actor in (stranger, office):
        with pytest.raises(PermissionDenied):
            add(draft, by=acting(actor))
    assert kept_files() == []


@pytest.mark.parametrize("state", sorted(set(State) - {State.DRAFT}))
def test_a_case_takes_documents_until_it_has_ended(state):
    case = CaseFactory(state=state)
    if state in CONCLUDED:
        with pytest.raises(DocumentRefused, match="has ended"):
            add(case)
    else:
        assert state in RUNNING
        assert add(case).application == case


def test_a_transaction_that_fails_after_the_file_was_written_takes_the_file_with_it(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    draft = DraftFactory()
    monkeypatch.setattr("applications.evidence.actions.documents.record_event", fail)
    with pytest.raises(RuntimeError):
        add(draft)
    assert (Document.objects.count(), kept_files()) == (0, [])


def test_the_bytes_lie_on_disk_before_the_row_is_written(monkeypatch):
    seen = []
    save = Document.save

    def watching(self, *args, **kwargs):
        seen.append([path.read_bytes() for path in kept_files()])
        save(self, *args, **kwargs)

    monkeypatch.setattr(Document, "save", watching)
    content = pdf(2)
    add(DraftFactory(), content)
    assert seen == [[content]]


# removing


@pytest.mark.django_db(transaction=True)
def test_removing_from_a_draft_deletes_row_and_bytes_once_it_is_committed():
    draft = DraftFactory()
    document = add(draft)
    with transaction.atomic():
        remove_document(document, by=owner(draft), at=AT)
        assert len(kept_files()) == 1
    assert (Document.objects.count(), kept_files(), events(draft)) == (
        0,
        [],
        ["document.added", "document.removed"],
    )


@pytest.mark.django_db(transaction=True)
def test_a_removal_that_rolls_back_keeps_the_bytes():
    draft = DraftFactory()
    document = add(draft)
    with transaction.atomic():
        remove_document(document, by=owner(draft), at=AT)
        transaction.set_rollback(True)
    assert (Document.objects.count(), len(kept_files())) == (1, 1)


def test_removing_twice_is_removing_once():
    draft = DraftFactory()
    document = add(draft)
    again = Document.objects.get(pk=document.pk)
    remove_document(document, by=owner(draft), at=AT)
    remove_document(again, by=owner(draft), at=AT)
    assert events(draft) == ["document.added", "document.removed"]


def test_what_was_submitted_stays():
    document = DocumentFactory(application=CaseFactory())
    with pytest.raises(DocumentRefused, match="was submitted with it"):
        remove_document(document, by=owner(document.application), at=AT)
    assert Document.objects.filter(pk=document.pk).exists()


def test_nobody_removes_another_persons_document():
    document = DocumentFactory(application=DraftFactory())
    with pytest.raises(PermissionDenied):
        remove_document(document, by=acting(UserFactory()), at=AT)


# what a crash leaves


def test_files_without_a_row_are_removed_after_a_day_and_no_others():
    kept = add(DraftFactory())
    folder = Path(settings.MEDIA_ROOT) / "evidence" / "ab"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "abandoned").write_bytes(b"old")
    (folder / "on-its-way").write_bytes(b"new")
    for path in (folder / "abandoned", Path(kept.file.path)):
        os.utime(path, (1, 1))
    call_command("remove_orphaned_files", stdout=(said := StringIO()))
    assert said.getvalue() == "1 file without a document removed.\n"
    assert sorted(path.name for path in kept_files()) == sorted(["on-its-way", kept.pk.hex])


# checking


def test_an_officer_verifies_once():
    document = DocumentFactory()
    office = officer(document.application.offering.programme)
    first = verify_document(document, printed=AsPrinted(), by=acting(office), at=LATER)
    second = verify_document(
        document,
        printed=AsPrinted(),
        by=acting(officer(document.application.offering.programme)),
        at=hkt(2026, 4, 3),
    )
    assert (first.status, second.checked_by, second.checked_at) == (DocumentStatus.VERIFIED, office, LATER)
    assert events(document.application) == ["document.verified"]


def test_of_two_officers_at_one_document_the_first_is_heard():
    document = DocumentFactory()
    programme = document.application.offering.programme
    verify_document(document, printed=AsPrinted(), by=acting(officer(programme)), at=LATER)
    with pytest.raises(DocumentRefused, match="checked meanwhile: it is “Verified”"):
        reject_document(document, reason="Blurred.", by=acting(officer(programme)), at=LATER)
    assert Document.objects.get().status == DocumentStatus.VERIFIED
    assert not Message.objects.exists()


def test_an_officer_may_think_again():
    document = DocumentFactory()
    by = acting(officer(document.application.offering.programme))
    verify_document(document, printed=AsPrinted(), by=by, at=LATER)
    reject_document(document, reason="Page 2 is another person’s.", by=by, at=LATER)
    assert verify_document(document, printed=AsPrinted(), by=by, at=LATER).reason == ""
    assert events(document.application) == ["document.verified", "document.rejected", "document.verified"]


@pytest.mark.parametrize("state", sorted(CONCLUDED))
def test_nobody_checks_documents_of_a_case_that_has_ended(state):
    document = DocumentFactory(application=CaseFactory(state=state))
    by = acting(officer(document.application.offering.programme))
    for act in (verify_document, lambda d, **k: reject_document(d, reason="No.", **k)):
        with pytest.raises(DocumentRefused, match="has ended"):
            act(document, by=by, at=LATER)
    assert not Message.objects.exists()


def test_a_document_turned_down_is_told_to_the_applicant_with_the_reason():
    document = DocumentFactory(name="scan.pdf")
    case = document.application
    turned_down = reject_document(
        document, reason="  Page 2\nis missing.  ", by=acting(officer(case.offering.programme)), at=LATER
    )
    assert (turned_down.status, turned_down.reason) == (DocumentStatus.REJECTED, "Page 2 is missing.")
    assert events(case) == ["document.rejected"]
    message = Message.objects.get()
    assert (message.kind, message.to_user, message.about_id) == (
        "document_rejected",
        case.applicant.user_id,
        str(case.pk),
    )
    assert message.subject == f"Send another document ({case.number})"
    assert "The reason: Page 2 is missing." in message.body
    assert reverse("applications:documents", args=[case.pk]) in message.body


def test_pressing_twice_writes_one_mail():
    document = DocumentFactory()
    by = acting(officer(document.application.offering.programme))
    for _n in range(2):
        reject_document(document, reason="Unreadable.", by=by, at=LATER)
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("reason", "sentence"), [("  ", "Write why"), ("x" * 501, "500")], ids=["none", "too long"]
)
def test_turning_down_needs_a_reason_that_fits(reason, sentence):
    document = DocumentFactory()
    with pytest.raises(DocumentRefused, match=sentence):
        reject_document(
            document, reason=reason, by=acting(officer(document.application.offering.programme)), at=LATER
        )


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_only_the_programme_office_checks_documents(role):
    document = DocumentFactory()
    somebody = officer(document.application.offering.programme, role)
    for act in (verify_document, lambda d, **k: reject_document(d, reason="No.", **k)):
        with pytest.raises(PermissionDenied):
            act(document, by=acting(somebody), at=LATER)


def test_the_office_of_another_programme_checks_nothing_here():
    document = DocumentFactory()
    with pytest.raises(PermissionDenied):
        verify_document(document, printed=AsPrinted(), by=acting(officer(ProgrammeFactory())), at=LATER)


# held: neither read nor refused


@pytest.fixture
def unreadable(monkeypatch):
    """The parser comes back without an answer until `unreadable()` lets it read again."""
    parse = files._parse
    monkeypatch.setattr(files, "_parse", lambda sent: ({"held": True}, b""))
    return lambda: monkeypatch.setattr(files, "_parse", parse)


def test_a_held_file_is_kept_as_it_came_and_shown_to_nobody(client, unreadable):
    case, content = CaseFactory(), pdf(2)
    document = add(case, content)
    assert (document.is_held, document.status, events(case)) == (True, "RECEIVED", ["document.held"])
    assert [path.read_bytes() for path in kept_files()] == [content]
    for reader in (case.applicant.user, officer(case.offering.programme)):
        client.force_login(reader)
        assert client.get(address(document)).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("content", [pdf(2), picture()], ids=["a PDF", "a picture"])
def test_a_held_file_sent_again_is_read_then(unreadable, content):
    draft = DraftFactory()
    held = add(draft, content)
    unreadable()
    document = add(draft, content)
    kept = read_upload(upload(content))
    assert (document.pk, document.is_held, document.kind, document.sha256) == (
        held.pk,
        False,
        kept.kind,
        kept.sha256,
    )
    assert [path.read_bytes() for path in kept_files()] == [kept.content]
    assert events(draft) == ["document.held", "document.released"]


def test_an_officer_looks_again_and_turns_it_down_but_cannot_verify_it(unreadable):
    case, content = CaseFactory(), pdf(2)
    document, by = add(case, content), acting(officer(case.offering.programme))
    with pytest.raises(DocumentRefused, match="nobody has seen it"):
        verify_document(document, printed=AsPrinted(), by=by, at=LATER)
    with pytest.raises(DocumentRefused, match="still cannot be read"):
        release_document(document, read_bytes(content, name="x"), by=by, at=LATER)
    assert reject_document(document, reason="Send it as a PDF.", by=by, at=LATER).is_rejected
    unreadable()
    other = DocumentFactory(application=case, kind=FileKind.UNKNOWN)
    released = release_document(other, read_bytes(content, name="x"), by=by, at=LATER)
    assert (released.is_held, verify_document(released, printed=AsPrinted(), by=by, at=LATER).status) == (
        False,
        "VERIFIED",
    )


def test_the_database_holds_no_verified_file_that_nobody_examined():
    with pytest.raises(IntegrityError, match="a_held_document_is_not_verified"):
        DocumentFactory(kind=FileKind.UNKNOWN, status="VERIFIED", checked_at=LATER, checked_by=StaffFactory())


# the paper behind the file


def test_an_officer_records_the_original_and_the_issuing_body_and_takes_it_back():
    document = DocumentFactory()
    office = officer(document.application.offering.programme)
    days = {"original_sighted_on": date(2026, 4, 1), "sent_by_issuer_on": date(2026, 4, 2)}
    known = record_provenance(document, **days, by=acting(office), at=LATER)
    assert (known.original_sighted_on, known.original_sighted_by) == (date(2026, 4, 1), office)
    assert (known.sent_by_issuer_on, known.sent_by_issuer_by) == (date(2026, 4, 2), office)
    record_provenance(document, **days, by=acting(office), at=LATER)
    days["original_sighted_on"] = None
    known = record_provenance(document, **days, by=acting(office), at=LATER)
    assert (known.original_sighted_on, known.original_sighted_by, known.sent_by_issuer_by) == (
        None,
        None,
        office,
    )
    assert events(document.application) == [
        "document.original_sighted",
        "document.sent_by_issuer",
        "document.original_sighted_withdrawn",
    ]


def test_nobody_has_seen_an_original_tomorrow():
    document = DocumentFactory()
    by = acting(officer(document.application.offering.programme))
    with pytest.raises(DocumentRefused, match=r"3.April.2026 is still to come"):
        record_provenance(
            document, original_sighted_on=date(2026, 4, 3), sent_by_issuer_on=None, by=by, at=LATER
        )


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_only_the_programme_office_records_what_is_known_of_the_paper(role):
    document = DocumentFactory()
    by = acting(officer(document.application.offering.programme, role))
    with pytest.raises(PermissionDenied):
        record_provenance(document, original_sighted_on=None, sent_by_issuer_on=None, by=by, at=LATER)


# reading


def address(document):
    return reverse("applications:document", args=[document.pk])


def test_the_applicant_reads_the_bytes_as_what_they_are(client):
    case, content = CaseFactory(), pdf(2)
    document = add(case, content, name='成績單".exe')
    client.force_login(case.applicant.user)
    response = client.get(address(document))
    assert (response.status_code, b"".join(response)) == (200, content)
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == (
        "inline; filename=\".pdf\"; filename*=UTF-8''%E6%88%90%E7%B8%BE%E5%96%AE.pdf"
    )
    assert "no-store" in response["Cache-Control"]


def test_a_picture_is_shown_in_a_sandbox(client):
    case = CaseFactory()
    document = add(case, picture(), name="photo.jpg")
    client.force_login(case.applicant.user)
    response = client.get(address(document))
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Security-Policy"].endswith("; sandbox")


@pytest.mark.parametrize("role", Role)
def test_staff_appointed_to_the_programme_read_it_once_it_is_submitted(client, role):
    document = DocumentFactory()
    client.force_login(officer(document.application.offering.programme, role))
    assert client.get(address(document)).status_code == 200


STRANGERS = {
    "another applicant": lambda document: ApplicantFactory().user,
    "staff without an appointment": lambda document: StaffFactory(),
    **{
        f"{role.label} of another programme": lambda document, role=role: officer(ProgrammeFactory(), role)
        for role in Role
    },
    "somebody appointed last year": lambda document: _appointed_until_last_year(document),
}


def _appointed_until_last_year(document):
    user = officer(document.application.offering.programme)
    user.appointments.update(until_on="2025-12-31")
    return user


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS.keys())
def test_for_everybody_else_it_does_not_exist(client, stranger):
    document = DocumentFactory()
    client.force_login(stranger(document))
    assert client.get(address(document)).status_code == 404


@pytest.mark.parametrize("role", Role)
def test_a_draft_belongs_to_its_applicant_alone(client, role):
    document = DocumentFactory(application=DraftFactory())
    client.force_login(officer(document.application.offering.programme, role))
    assert client.get(address(document)).status_code == 404


def test_without_signing_in_there_is_only_the_way_to_sign_in(client):
    response = client.get(address(DocumentFactory()))
    assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_the_files_have_no_address_of_their_own(client):
    document = DocumentFactory()
    for start in ("/", "/media/", "/files/", "/static/", "/private/"):
        assert client.get(f"{start}{document.file.name}").status_code == 404
