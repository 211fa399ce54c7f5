"""A person's copy of their record: what is in it, whose it is, and when it is gone."""

import io
import json
import tracemalloc
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile

from admissions_portal.accounts.models import User
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.history.queries import events_about
from admissions_portal.jobs.actions import run_due_job
from admissions_portal.jobs.models import Job
from admissions_portal.outbox.models import Message
from admissions_portal.support.actors import Actor
from applications.applicants.models import Applicant
from applications.evidence.models import Document, FileKind
from applications.late_entry.actions import extend_deadline
from applications.lifecycle.models import Application
from applications.privacy.actions import KEPT, forget_copies, make_copy, request_copy
from applications.privacy.held import HELD, LEFT_OUT, path_to_person
from applications.privacy.models import RecordCopy
from applications.privacy.record import rows_of, schema, write_record
from applications.reviews.actions import give_review
from applications.reviews.models import Recommendation
from applications.standing.models import CourseClaim
from applications.submission.actions import submit_application
from applications.submission.declarations import in_force
from tests.factories.accounts import UserFactory
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import CaseFactory, DraftFactory, acting, officer
from tests.factories.drafts import AT, own, publish_policies, ready_draft, taught_offering
from tests.factories.evidence import DocumentFactory, pdf
from tests.factories.programmes import OfferingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path


def quietly(done, total=None):
    """Nobody watches."""


def archive_of(user, at=AT):
    out = io.BytesIO()
    write_record(out, user, at=at, progress=quietly)
    return zipfile.ZipFile(out)


def record_of(user, at=AT):
    return json.loads(archive_of(user, at).read("record.json"))


def said_of(user):
    """Every byte of text in the archive."""
    with archive_of(user) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")


# the inventory


def reached():
    """Every table that leads to an applicant, or hangs on an account as its user."""
    return {model._meta.label for model in apps.get_models() if path_to_person(model)}


def test_every_table_about_a_person_is_copied_or_has_a_reason_not_to_be():
    known = {held.label for held in HELD} | set(LEFT_OUT)
    assert sorted(reached() - known) == []


def test_no_table_is_both_copied_and_left_out_and_none_is_only_named():
    copied = [held.label for held in HELD]
    assert sorted(set(copied) & set(LEFT_OUT)) == []
    assert len(copied) == len(set(copied))
    by_address = {held.label for held in HELD if held.address}
    assert (
        sorted((set(copied) | set(LEFT_OUT)) - by_address - reached() - {"account.EmailConfirmation"}) == []
    )


def test_keys_are_stable_and_none_stands_twice():
    keys = [held.key for held in HELD]
    assert len(keys) == len(set(keys))
    # a program somebody wrote for last year's copy reads this year's
    assert {"account", "profile", "qualifications", "applications", "submissions", "documents", "offers"} <= (
        set(keys)
    )


PATHS = {
    User: "pk",
    Applicant: "user",
    Application: "applicant__user",
    Document: "application__applicant__user",
    # not by the course in the profile, which may be gone
    CourseClaim: "request__application__applicant__user",
}


@pytest.mark.parametrize(("model", "path"), PATHS.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_whose_a_row_is_is_read_off_the_relations(model, path):
    assert path_to_person(model) == path


def test_staff_who_touched_a_case_are_not_whose_it_is():
    document = DocumentFactory()
    document.checked_by, document.checked_at = officer(document.application.offering.programme), AT
    document.save()
    held = next(held for held in HELD if held.label == "applications.Document")
    assert list(rows_of(held, document.checked_by)) == []
    assert list(rows_of(held, document.application.applicant.user)) == [document]


# what is in it


@pytest.fixture
def submitted():
    publish_policies()
    draft = ready_draft(taught_offering())
    submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=AT)
    return Application.objects.get(pk=draft.pk)


def test_it_holds_answers_files_messages_history_and_a_guide(submitted):
    document = submitted.documents.get()
    with archive_of(submitted.applicant.user) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        record = json.loads(archive.read("record.json"))
        path = f"files/document/{str(document.pk)[:8]}-transcript.pdf"
        with document.file.open() as kept:
            assert archive.read(path) == kept.read()
    assert {name.split("/")[0] for name in names} >= {
        "record.json",
        "schema.json",
        "README.txt",
        "files",
        "messages",
    }
    assert [row["number"] for row in record["applications"]] == [submitted.number]
    assert record["profile"][0]["family_name"] == "LAM"
    assert record["documents"][0]["file"] == path
    assert record["messages"][0]["subject"] == Message.objects.get().subject
    assert "Application submitted" in [row["what"] for row in record["history"]]
    assert record["about"]["format"] == "admissions-portal-record/1"


def test_every_key_and_field_of_the_record_is_described(submitted):
    record, described = record_of(submitted.applicant.user), schema()
    assert set(record) - {"about", "history", "messages", "letters"} == set(described["tables"])
    for key, rows in record.items():
        if key in described["tables"] and rows:
            assert set(rows[0]) - {"typed"} == set(described["tables"][key]["fields"])
    assert described["tables"]["profile"]["fields"]["origin"]["codes"]["MAINLAND"] == "Mainland"


def test_what_a_reader_wrote_and_who_it_was_stay_inside(submitted):
    reader = officer(submitted.offering.programme, "REVIEWER", name="Dr Canary Reader")
    give_review(
        submitted,
        points={"score": Decimal("3.5")},
        recommendation=Recommendation.WAIT,
        comment="Canary comment",
        by=acting(reader),
        at=AT,
    )
    text = said_of(submitted.applicant.user)
    assert ("Canary comment" in text, "Canary Reader" in text, reader.email in text) == (False,) * 3


def test_nothing_of_another_applicant_is_in_it(submitted):
    other = CaseFactory(
        applicant=ApplicantFactory(family_name="Zzyzxfamily", user__email="canary.other@example.com"),
        offering=submitted.offering,
    )
    DocumentFactory(application=other, name="canary-file.pdf")
    text = said_of(submitted.applicant.user)
    assert [
        word for word in ("Zzyzxfamily", "canary.other", "canary-file", other.number) if word in text
    ] == []
    assert "Zzyzxfamily" in said_of(other.applicant.user)


def given_more_time(email):
    offering = OfferingFactory()
    extend_deadline(
        offering,
        email=email,
        valid_until=AT + timedelta(days=1),
        reason="Canary: in hospital",
        by=acting(officer(offering.programme)),
        at=AT,
    )


def test_more_time_is_in_it_without_what_the_office_noted():
    user = UserFactory(email="Wong.Nga@example.com")
    given_more_time("wong.nga@example.com")
    [row] = record_of(user)["extensions"]
    assert (row["email"], "reason" in row) == ("wong.nga@example.com", False)
    assert "Canary" not in said_of(user)


@pytest.mark.parametrize(("verified", "rows"), [(False, 0), (True, 1)], ids=["typed in", "proven"])
def test_another_address_opens_what_was_given_to_it_once_it_is_proven(verified, rows):
    user = UserFactory()
    EmailAddress.objects.create(user=user, email="victim@example.com", verified=verified)
    given_more_time("victim@example.com")
    assert len(record_of(user)["extensions"]) == rows


def test_neither_password_nor_session_is_in_it(submitted):
    user = submitted.applicant.user
    user.set_password("Canary-password-77")
    user.save()
    assert user.password not in said_of(user)
    assert record_of(user)["account"] == [
        {
            key: value
            for key, value in record_of(user)["account"][0].items()
            if key not in ("password", "is_staff", "is_superuser")
        }
    ]


def test_an_encrypted_answer_is_in_it_as_it_was_typed():
    applicant = ApplicantFactory(identity_kind="HKID", identity_start="A123")
    assert record_of(applicant.user)["profile"][0]["identity_start"] == "A123"


def test_a_held_file_is_named_and_stays_behind():
    document = DocumentFactory(kind=FileKind.UNKNOWN, name="odd.bin")
    with archive_of(document.application.applicant.user) as archive:
        record = json.loads(archive.read("record.json"))
        assert [name for name in archive.namelist() if name.startswith("files/")] == []
    assert (record["documents"][0]["name"], record["documents"][0]["file"]) == ("odd.bin", None)


def test_a_name_cannot_lead_out_of_the_archive():
    document = DocumentFactory(name="../../etc/passwd")
    with archive_of(document.application.applicant.user) as archive:
        [name] = [name for name in archive.namelist() if name.startswith("files/")]
    assert name == f"files/document/{str(document.pk)[:8]}-....etcpasswd.pdf"


def test_somebody_who_has_only_an_account_gets_a_copy_too():
    record = record_of(UserFactory(email="new@example.com"))
    assert (record["account"][0]["email"], record["profile"], record["applications"]) == (
        "new@example.com",
        [],
        [],
    )


def test_large_files_are_not_gathered_in_memory(tmp_path):
    draft = DraftFactory()
    for _n in range(4):
        document = DocumentFactory(application=draft)
        document.file.save("x", ContentFile(b"0" * (12 << 20)))
    with (tmp_path / "out.zip").open("wb") as out:
        tracemalloc.start()
        write_record(out, draft.applicant.user, at=AT, progress=quietly)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (tmp_path / "out.zip").stat().st_size > 48 << 20
    assert peak < 8 << 20


# asking for it, taking it, and its end


@pytest.fixture
def clock(db):
    start_clock_at(AT)


def asked(client, user):
    client.force_login(user)
    return client.post("/my/record/")


@pytest.mark.usefixtures("clock")
def test_asked_for_on_the_page_it_is_made_and_taken(client):
    user = DraftFactory().applicant.user
    response = asked(client, user)
    job = Job.objects.get()
    assert response.url == f"/jobs/{job.pk}/"
    assert run_due_job().status == Job.Status.DONE
    copy = RecordCopy.objects.get()
    text = client.get("/my/record/").content.decode()
    assert f'href="/my/record/{copy.pk}/"' in text
    answer = client.get(f"/my/record/{copy.pk}/")
    body = b"".join(answer.streaming_content)
    assert (answer.status_code, answer["Content-Type"], len(body)) == (200, "application/zip", copy.size)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert zipfile.ZipFile(io.BytesIO(body)).testzip() is None
    assert [event.kind for event in events_about(user)] == [
        "record.copy_requested",
        "record.copy_made",
        "record.copy_taken",
    ]
    assert [(m.kind, m.subject) for m in Message.objects.all()] == [
        ("record_copy", "The copy of your record is ready")
    ]


@pytest.mark.usefixtures("clock")
def test_asked_for_twice_it_is_one_job(client):
    user = UserFactory()
    assert asked(client, user).url == asked(client, user).url
    assert Job.objects.count() == 1


def test_nobody_asks_for_somebody_else():
    user = UserFactory()
    for by in (acting(UserFactory()), Actor.system()):
        with pytest.raises(PermissionDenied):
            request_copy(user, by=by, at=AT)


@pytest.mark.usefixtures("clock")
def test_for_everybody_but_its_owner_it_does_not_exist(client):
    case = CaseFactory()
    copy = make_copy(case.applicant.user, at=AT, progress=quietly)
    for user in (UserFactory(), officer(case.offering.programme), UserFactory(is_superuser=True)):
        client.force_login(user)
        assert client.get(f"/my/record/{copy.pk}/").status_code == 404


def on_disk():
    folder = django_settings.MEDIA_ROOT / "copies"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.mark.usefixtures("clock")
def test_after_its_days_it_is_gone_with_its_bytes(client):
    user = UserFactory()
    copy = make_copy(user, at=AT, progress=quietly)
    last = AT + KEPT - timedelta(microseconds=1)
    assert (forget_copies(at=last), on_disk()) == (0, [copy.pk.hex])
    assert (forget_copies(at=AT + KEPT), on_disk(), RecordCopy.objects.count()) == (1, [], 0)
    assert forget_copies(at=AT + KEPT) == 0


@pytest.mark.usefixtures("clock")
def test_past_its_days_it_cannot_be_taken_even_before_the_tick(client):
    user = UserFactory()
    copy = make_copy(user, at=AT - KEPT, progress=quietly)
    client.force_login(user)
    assert client.get(f"/my/record/{copy.pk}/").status_code == 404
    assert "Your copy is ready" not in client.get("/my/record/").content.decode()


def test_a_later_copy_takes_the_place_of_the_earlier():
    user = UserFactory()
    make_copy(user, at=AT, progress=quietly)
    later = make_copy(user, at=AT + timedelta(hours=1), progress=quietly)
    assert (on_disk(), list(RecordCopy.objects.all())) == ([later.pk.hex], [later])


def test_a_copy_that_failed_is_offered_to_nobody_and_goes(client, monkeypatch):
    user, case = UserFactory(), CaseFactory()
    document = DocumentFactory(application=case, content=pdf())
    document.file.storage.delete(document.file.name)
    with pytest.raises(FileNotFoundError):
        make_copy(case.applicant.user, at=AT, progress=quietly)
    assert (RecordCopy.objects.count(), on_disk(), Message.objects.count()) == (1, [], 0)
    make_copy(user, at=AT, progress=quietly)
    assert forget_copies(at=AT + KEPT) == 2
    assert (RecordCopy.objects.count(), on_disk()) == (0, [])
