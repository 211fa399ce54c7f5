"""An occasional student's request: written, sent once, withdrawn, decided; none of the degree's rules."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from admissions_portal.accounts.roles import Role
from admissions_portal.history.models import Event
from admissions_portal.outbox.models import Message
from applications.applicants.models import Applicant
from applications.evidence.files import read_bytes
from applications.lifecycle.models import Application
from applications.occasional.actions import (
    RequestIncomplete,
    RequestRefused,
    add_file,
    decide_request,
    remove_file,
    remove_orphaned_files,
    save_request,
    send_request,
    start_request,
    withdraw_request,
)
from applications.occasional.models import OccasionalRequest, OccasionalStatus, WantedCourse
from applications.occasional.queries import requests_visible_to, waiting_requests
from programmes.models import Statement
from tests.applications.occasional.stories import AT, begun, own, sent, terms, written
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import acting, officer
from tests.factories.evidence import pdf
from tests.factories.programmes import AppointmentFactory, ProgrammeFactory


@pytest.fixture
def office(programme):
    return acting(officer(programme))


def decide(request, approved, office, reason=""):
    titles = {course.title: course.pk for course in request.courses.all()}
    return decide_request(
        request, approved=[titles[title] for title in approved], reason=reason, by=office, at=AT
    )


# beginning and writing


def test_a_second_click_makes_no_second_request(programme, person):
    assert begun(person, programme) == begun(person, programme)
    assert OccasionalRequest.objects.count() == 1


def test_a_programme_that_says_nothing_of_it_takes_no_request(person):
    with pytest.raises(RequestRefused) as refused:
        start_request(person, ProgrammeFactory(), by=own(person), at=AT)
    assert str(refused.value) == "This programme says nothing about occasional students. Ask its office."


def test_a_draft_keeps_what_is_written_however_little(programme, person):
    request = written(person, programme, courses=(), why="")
    save_request(
        request, terms(person, person={"preferred_name": "Chloe L."}, why="Half"), by=own(person), at=AT
    )
    request.refresh_from_db()
    assert (request.why, request.courses.count(), request.status) == ("Half", 2, OccasionalStatus.DRAFT)
    assert Applicant.objects.get(pk=person.pk).preferred_name == "Chloe L."


# sending


def test_sending_gives_number_receipt_and_history_and_keeps_only_the_person(programme, person):
    request = sent(person, programme)
    assert (request.status, request.number, request.sent_at) == (
        OccasionalStatus.RECEIVED,
        "MMSO26-000001",
        AT,
    )
    assert request.person == {
        "family_name": "LAM",
        "given_names": "Tsz Ching",
        "chinese_name": "林芷晴",
        "preferred_name": "Chloe",
        "phone": "+852 2123 4567",
        "email": person.user.email,
    }
    message = Message.objects.get()
    assert message.subject == "Received: your request for courses, MMSO26-000001"
    assert "  1. Statistics for biologists (Core course)\n  2. MMED 7002\n" in message.body
    kinds = [event.kind for event in Event.objects.order_by("id")]
    assert kinds == ["occasional.started", "occasional.sent"]


def test_no_round_rule_or_fee_of_the_degree_is_asked(programme, person):
    assert not programme.intakes.exists()
    assert sent(person, programme).is_waiting
    assert Application.objects.count() == 0


def test_sent_again_it_is_the_same_request(programme, person):
    request = sent(person, programme)
    assert send_request(request, by=own(person), at=AT) == request
    assert Message.objects.count() == 1


MISSING = [
    pytest.param(
        {"person": {"family_name": "", "given_names": "", "chinese_name": ""}},
        [("id_family_name", "Write your name; one name alone is complete.")],
        id="no name at all",
    ),
    pytest.param({"person": {"family_name": ""}}, [], id="one name alone"),
    pytest.param(
        {"person": {"phone": ""}},
        [("id_phone", "Write a telephone number the office can reach you at.")],
        id="no telephone",
    ),
    pytest.param(
        {"courses": ()},
        [("id_courses-0-title", "Name at least one course, by its title or code.")],
        id="no course",
    ),
    pytest.param(
        {"why": "  "},
        [("id_why", "Write in a few words why you want to take the courses.")],
        id="no reason",
    ),
]


@pytest.mark.parametrize(("changed", "problems"), MISSING)
def test_what_is_missing_is_said_with_its_field(programme, person, changed, problems):
    request = written(person, programme, **changed)
    if not problems:
        assert send_request(request, by=own(person), at=AT).is_waiting
        return
    with pytest.raises(RequestIncomplete) as refused:
        send_request(request, by=own(person), at=AT)
    assert refused.value.problems == problems


def test_what_is_sent_stays_as_it_is(programme, person):
    request = sent(person, programme)
    with pytest.raises(RequestRefused) as refused:
        save_request(request, terms(person, why="Other"), by=own(person), at=AT)
    assert str(refused.value) == (
        "This request has been sent, so it stays as it is. "
        f"Write to the {programme.office.name} to change it."
    )


# files


def test_a_file_is_kept_once_and_goes_with_its_removal(
    programme, person, tmp_path, django_capture_on_commit_callbacks
):
    request = begun(person, programme)
    file = read_bytes(pdf(), name="certificate.pdf")
    kept = add_file(request, file, by=own(person), at=AT)
    assert add_file(request, file, by=own(person), at=AT) == kept
    on_disk = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(on_disk) == 1
    with django_capture_on_commit_callbacks(execute=True):
        remove_file(request, kept.pk, by=own(person), at=AT)
    assert (request.files.count(), [path for path in tmp_path.rglob("*") if path.is_file()]) == (0, [])


def test_more_than_four_files_are_refused(programme, person):
    request = begun(person, programme)
    for pages in range(1, 5):
        add_file(request, read_bytes(pdf(pages), name=f"{pages}.pdf"), by=own(person), at=AT)
    with pytest.raises(RequestRefused) as refused:
        add_file(request, read_bytes(pdf(5), name="5.pdf"), by=own(person), at=AT)
    assert str(refused.value) == "“5.pdf” was not kept: 4 files is the most. Put pages together into one PDF."


# withdrawing


def test_a_sent_request_is_withdrawn_and_another_may_follow(programme, person):
    request = sent(person, programme)
    for _twice in range(2):
        assert withdraw_request(request, by=own(person), at=AT).status == OccasionalStatus.WITHDRAWN
    assert Event.objects.filter(kind="occasional.withdrawn").count() == 1
    assert begun(person, programme).pk != request.pk


def test_a_draft_that_is_given_up_goes_with_its_files(
    programme, person, tmp_path, django_capture_on_commit_callbacks
):
    request = begun(person, programme)
    for pages in (1, 2):
        add_file(request, read_bytes(pdf(pages), name="a.pdf"), by=own(person), at=AT)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_request(request, by=own(person), at=AT)
    assert OccasionalRequest.objects.count() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_another_tab_does_to_a_deleted_draft_is_refused_in_words(programme, person):
    request = begun(person, programme)
    tab = OccasionalRequest.objects.get(pk=request.pk)
    withdraw_request(request, by=own(person), at=AT)
    for act in (
        lambda: save_request(tab, terms(person), by=own(person), at=AT),
        lambda: send_request(tab, by=own(person), at=AT),
    ):
        with pytest.raises(RequestRefused) as refusal:
            act()
        assert str(refusal.value) == (
            "This draft was deleted in another tab. Begin another one if you want to."
        )


def test_what_is_decided_is_not_withdrawn(programme, person, office):
    request = decide(sent(person, programme), [], office, reason="Full.")
    with pytest.raises(RequestRefused) as refused:
        withdraw_request(request, by=own(person), at=AT)
    assert str(refused.value) == (
        "The office has decided on this request: “Not approved”. "
        f"Tell the {programme.office.name} if you no longer want it."
    )


# deciding

DECISIONS = [
    pytest.param(
        ["Statistics for biologists", "MMED 7002"], "", "APPROVED", id="all approved, no reason needed"
    ),
    pytest.param(["MMED 7002"], "The other is full.", "APPROVED", id="one of two approved"),
    pytest.param([], "Both are full.", "DECLINED", id="none approved"),
]


@pytest.mark.parametrize(("approved", "reason", "status"), DECISIONS)
def test_one_decision_names_the_courses_and_is_told(programme, person, office, approved, reason, status):
    request = decide(sent(person, programme), approved, office, reason)
    assert (request.status, request.reason, request.decided_at) == (status, reason, AT)
    by_title = dict(WantedCourse.objects.values_list("title", "is_approved"))
    assert {title for title, is_approved in by_title.items() if is_approved} == set(approved)
    assert None not in by_title.values()
    message = Message.objects.get(kind="occasional_decided")
    lines = re.findall(r"^  \d\. (.+): (approved|not approved)$", message.body, re.M)
    assert lines == [
        (title, "approved" if title in approved else "not approved")
        for title in ("Statistics for biologists", "MMED 7002")
    ]
    assert not reason or reason in message.body
    event = Event.objects.get(kind=f"occasional.{status.lower()}")
    assert event.data == {"approved": len(approved), "wanted": 2}


def test_without_a_reason_no_course_is_turned_down(programme, person, office):
    request = sent(person, programme)
    with pytest.raises(RequestRefused) as refused:
        decide(request, ["MMED 7002"], office)
    assert str(refused.value) == "Write why a course is not approved: the person reads it."
    assert OccasionalRequest.objects.get().is_waiting


def test_a_decision_is_made_once(programme, person, office):
    request = sent(person, programme)
    decide(request, [], office, reason="Full.")
    with pytest.raises(RequestRefused) as refused:
        decide(request, ["MMED 7002"], office)
    assert str(refused.value) == (
        "This request has moved on: it is now “Not approved”. Reload the page to see by whom."
    )


def test_courses_of_another_request_are_not_decided_here(programme, person, office):
    request, other = sent(person, programme), sent(ApplicantFactory(), programme)
    with pytest.raises(RequestRefused, match="One of the courses is not in this request"):
        decide_request(request, approved=[other.courses.first().pk], reason="", by=office, at=AT)


# whose it is


@pytest.mark.parametrize("role", Role)
def test_staff_see_what_was_sent_to_their_programme_and_no_draft(programme, person, role):
    user = officer(programme, role)
    begun(ApplicantFactory(), programme)
    request = sent(person, programme)
    sent(person, elsewhere())
    assert list(requests_visible_to(user, on=AT.date())) == [request]
    decides = role == Role.PROGRAMME_OFFICE
    assert list(waiting_requests(user, on=AT.date())) == ([request] if decides else [])
    if not decides:
        with pytest.raises(PermissionDenied):
            decide(request, [], acting(user), reason="x")


def elsewhere():
    """Another programme of the same institution that takes occasional students."""
    made = ProgrammeFactory()
    Statement.objects.create(
        institution=made.institution,
        programme=made,
        topic=Statement.Topic.OCCASIONAL,
        text="x",
        source="HKU-15",
    )
    return made


def test_nobody_decides_on_a_request_of_their_own(programme, person):
    person.user.is_staff = True
    person.user.save()
    AppointmentFactory(user=person.user, programme=programme, role=Role.PROGRAMME_OFFICE)
    with pytest.raises(PermissionDenied):
        decide(sent(person, programme), [], own(person), reason="x")


@pytest.mark.parametrize(
    "act",
    [
        lambda request, by: save_request(request, terms(request.applicant), by=by, at=AT),
        lambda request, by: add_file(request, read_bytes(pdf(), name="a.pdf"), by=by, at=AT),
        lambda request, by: remove_file(request, request.pk, by=by, at=AT),
        lambda request, by: send_request(request, by=by, at=AT),
        lambda request, by: withdraw_request(request, by=by, at=AT),
    ],
    ids=["save", "add a file", "remove a file", "send", "withdraw"],
)
def test_a_request_is_nobody_elses(programme, person, act):
    request = written(person, programme)
    with pytest.raises(PermissionDenied):
        act(request, own(ApplicantFactory()))


def test_history_holds_no_name_and_no_words(programme, person, office):
    decide(sent(person, programme), [], office, reason="Because of LAM")
    told = json.dumps(list(Event.objects.values_list("data", flat=True)))
    assert [word for word in ("LAM", person.user.email, "Statistics", "work") if word in told] == []


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_send_one_request(programme, person):
    request = written(person, programme)

    def send(_click):
        try:
            return send_request(request, by=own(person), at=AT).number
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, range(2))) == ["MMSO26-000001"] * 2
    assert Message.objects.count() == 1


def test_a_file_that_a_crash_left_without_a_row_is_found(programme, person, tmp_path):
    kept = add_file(begun(person, programme), read_bytes(pdf(), name="a.pdf"), by=own(person), at=AT)
    left = tmp_path / "occasional" / "00" / "left"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"x")
    later = timezone.now() + timedelta(days=2)
    assert (remove_orphaned_files(older_than=later), left.exists()) == (1, False)
    assert kept.file.storage.exists(kept.file.name)
