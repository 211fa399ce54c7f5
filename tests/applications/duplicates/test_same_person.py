"""Two records of one person at an institution: found, listed, joined, told apart, undone."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.history.models import Event
from applications.applicants.models import ContactChange
from applications.duplicates.actions import PairRefused, join_records, tell_apart, undo_judgement
from applications.duplicates.comparing import compare_cases
from applications.duplicates.models import ComparedCase, LikelyPair, RecordKey
from applications.duplicates.queries import contacts_shared, others_beside, pairs_listed, pairs_to_judge
from applications.identity.models import IdentityNumber
from applications.lifecycle.conflicts import declare_conflict
from applications.lifecycle.limits import why_one_too_many
from applications.lifecycle.models import Application, ConflictReason, Ground, Recusal
from applications.lifecycle.permissions import can_with
from applications.lifecycle.same_person import PersonJudgement
from applications.worklists.filters import Narrowing
from applications.worklists.piles import BY_KEY, Looking
from programmes.models import Institution, Offering
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.desks import Desk, latest_version
from tests.factories.drafts import publish_policies
from tests.factories.programmes import OfferingFactory, hkt

pytestmark = pytest.mark.django_db
NOW = hkt(2026, 5, 5, 9, 0)
ON = date(2026, 5, 5)
HOW = "Both showed the same identity card at the counter."
CHAN = {"family_name": "CHAN", "given_names": "Tai Man", "chinese_name": "陳大文", "preferred_name": ""}
HO = {
    "family_name": "HO",
    "given_names": "Ka Yan",
    "chinese_name": "何嘉欣",
    "preferred_name": "",
    "date_of_birth": date(1990, 2, 2),
    "phone": "+85298765432",
    "address_1": "Flat 9",
}


def case_of(offering: Offering | None = None, **person: Any) -> Application:
    fields: dict[str, Any] = {f"applicant__{name}": value for name, value in {**CHAN, **person}.items()}
    if offering is not None:
        return CaseFactory(offering=offering, **fields)
    return CaseFactory(offering__intake__programme__slug="hku-mmedsc", **fields)


@pytest.fixture
def pair() -> tuple[Application, Application]:
    """One person with two accounts, compared."""
    one = case_of()
    other = case_of(one.offering, given_names="Tai-man", phone="+85290001111", address_1="Elsewhere 5")
    compare_cases(at=NOW)
    return one, other


def listed(user: User) -> list[set[str]]:
    pairs = pairs_listed(user, on=ON)
    return [{each.application.number or "", each.other.number or ""} for each in pairs]


def test_what_is_compared_once_is_compared_again_only_when_it_changes(
    pair: tuple[Application, Application],
) -> None:
    one, other = pair
    office = officer(one.offering.programme)
    assert LikelyPair.objects.values_list("reasons", flat=True)[0] == ["NAME", "BORN"]
    assert listed(office) == [{one.number, other.number}]
    assert compare_cases(at=NOW) == 0
    third = case_of(one.offering, **HO)
    assert compare_cases(at=NOW) == 1
    assert listed(office) == [{one.number, other.number}]
    # the number of one document, given for two cases
    for each in (one, third):
        IdentityNumber.objects.create(
            application=each, kind="HKID", number="A1234563", index="i", given_at=NOW
        )
    assert compare_cases(at=NOW) == 2
    reasons = LikelyPair.objects.get(application=one, other=third).reasons
    assert reasons == ["NUMBER"]
    assert len(listed(office)) == 2
    # an e-mail address that leads to the same mailbox
    user = third.applicant.user
    user.email = other.applicant.user.email.replace("@", "+again@").upper()
    user.save()
    assert compare_cases(at=NOW) == 1
    assert not LikelyPair.objects.filter(application=other, other=third).exists()  # a family's mailbox
    assert contacts_shared(other, office, on=ON) == [("MAILBOX", 1)]
    # a telephone number that changed since
    ContactChange.objects.create(
        applicant=third.applicant, changed_at=NOW, before={}, after={"phone": "+85290001111"}
    )
    assert compare_cases(at=NOW) == 1
    assert contacts_shared(other, office, on=ON) == [("PHONE", 1), ("MAILBOX", 1)]
    # nothing readable is kept
    kept = " ".join(RecordKey.objects.values_list("key", flat=True))
    assert [said for said in ("CHAN", "chan", "90001111", "1999") if said in kept] == []
    assert ComparedCase.objects.count() == 3


def test_an_agents_telephone_is_shared_and_nobody_is_taken_for_another() -> None:
    first = case_of()
    people = [
        case_of(first.offering, **{**HO, "given_names": given, "date_of_birth": date(1990, 1, day)})
        for day, given in enumerate(("Ka Yan", "Siu Ling", "Wing Sze", "Mei Fong", "Chi Ho"), 1)
    ]
    compare_cases(at=NOW)
    office = officer(first.offering.programme)
    assert LikelyPair.objects.count() == 0
    assert contacts_shared(people[0], office, on=ON) == [("PHONE", 4), ("ADDRESS", 4)]
    assert contacts_shared(first, office, on=ON) == []


def test_both_sides_must_be_open_to_whoever_looks(pair: tuple[Application, Application]) -> None:
    one, other = pair
    programme = one.offering.programme
    office, coordinator = officer(programme), officer(programme, Role.COORDINATOR)
    reader = officer(programme, Role.REVIEWER)
    elsewhere = officer(CaseFactory().offering.programme)
    numbers = [{one.number, other.number}]
    assert (listed(office), listed(coordinator)) == (numbers, numbers)
    assert (listed(reader), listed(elsewhere)) == ([], [])
    # a conflict of interest with one side: the pair is gone with it, from either side
    declare_conflict(other, reason=ConflictReason.RELATION, by=acting(coordinator), at=NOW)
    assert listed(coordinator) == []
    assert not pairs_to_judge(coordinator, on=ON).exists()
    assert others_beside(one, coordinator, on=ON) == []
    with pytest.raises(PermissionDenied):
        join_records(one, other, because=HOW, by=acting(coordinator), at=NOW)
    with pytest.raises(PermissionDenied):
        join_records(one, other, because=HOW, by=acting(reader), at=NOW)
    # one's own account is nobody's to judge for oneself
    me = one.applicant.user
    me.is_staff = True
    me.save()
    programme.appointments.create(user=me, role=Role.PROGRAMME_OFFICE, from_on=date(2025, 1, 1))
    assert listed(me) == []
    assert PersonJudgement.objects.count() == 0


def test_neither_institution_learns_that_the_person_applied_to_the_other() -> None:
    here = case_of()
    there = CaseFactory(
        offering__intake__programme__slug="hkust-canary",
        offering__intake__programme__institution__code="hkust",
        applicant__user__email="canary.person@example.com",
        number="CANARY-1",
        **{f"applicant__{name}": value for name, value in CHAN.items()},
    )
    assert here.offering.programme.institution_id != there.offering.programme.institution_id
    for each in (here, there):
        IdentityNumber.objects.create(
            application=each, kind="HKID", number="A1234563", index="i", given_at=NOW
        )
    compare_cases(at=NOW)
    assert LikelyPair.objects.count() == 0
    keys = [
        set(RecordKey.objects.filter(application=each).values_list("key", flat=True))
        for each in (here, there)
    ]
    assert keys[0] & keys[1] == set()
    start_clock_at(NOW)
    publish_policies()
    user = officer(here.offering.programme)
    desk = Desk()
    desk.force_login(user)
    assert contacts_shared(here, user, on=ON) == []
    pages = [
        reverse("admin:applications_application_same_people"),
        reverse("admin:applications_application_change", args=[here.pk]),
        reverse("admin:index"),
    ]
    for page in pages:
        body = desk.get(page).content.decode()
        assert [said for said in ("CANARY-1", "canary.person") if said in body] == []
    between = reverse("admin:applications_application_same_person", args=[here.pk, there.pk])
    assert (desk.get(between).status_code, desk.post(between, {"act": "join"}).status_code) == (404, 404)
    # not even somebody appointed at both
    both = officer(here.offering.programme)
    there.offering.programme.appointments.create(
        user=both, role=Role.PROGRAMME_OFFICE, from_on=date(2025, 1, 1)
    )
    assert can_with("MERGE_PEOPLE", there, by=acting(both), at=NOW)
    with pytest.raises(PermissionDenied):
        join_records(here, there, because=HOW, by=acting(both), at=NOW)
    desk.force_login(both)
    assert desk.get(between).status_code == 404


def test_joined_they_count_as_one_and_an_undo_gives_back_what_was(
    pair: tuple[Application, Application],
) -> None:
    one, other = pair
    programme, institution = one.offering.programme, one.offering.programme.institution
    by = acting(officer(programme))
    kin = officer(programme, Role.REVIEWER)
    declare_conflict(one, reason=ConflictReason.RELATION, by=acting(kin), at=NOW)
    Institution.objects.filter(pk=institution.pk).update(most_applications=2)
    more = Offering.objects.get(pk=one.offering.pk)
    assert why_one_too_many(other.applicant, more) == ""
    before = list(Application.objects.order_by("pk").values())

    made = join_records(one, other, because=HOW, by=by, at=NOW)
    assert join_records(other, one, because="Again.", by=by, at=NOW) == made
    assert listed(by.user) == []
    assert "yours" in why_one_too_many(other.applicant, more)
    assert "yours" in why_one_too_many(one.applicant, more)
    # each shows the other
    assert [others_beside(one, by.user, on=ON), others_beside(other, by.user, on=ON)] == [[other], [one]]
    # whoever has a conflict with one has it with the other
    assert not can_with("SEE_CASES", other, by=acting(kin), at=NOW)
    assert [each.ground for each in other.recusals.all()] == [Ground.SAME_PERSON]
    # of another institution, nothing: its limit and its cases are what they were
    elsewhere = CaseFactory(applicant=other.applicant, offering__intake__programme__institution__code="hkust")
    CaseFactory(applicant=one.applicant, offering=elsewhere.offering)
    Institution.objects.exclude(pk=institution.pk).update(most_applications=2)
    assert why_one_too_many(other.applicant, elsewhere.offering) == ""
    # history says that it was, and nothing of why or whom
    told = Event.objects.filter(kind="same_person.joined")
    assert {event.about_id for event in told} == {str(one.pk), str(other.pk)}
    assert [event.data for event in told] == [{"judgement": made.pk}] * 2

    with pytest.raises(PairRefused, match="how you know"):
        undo_judgement(one, other, because="  ", by=by, at=NOW)
    assert undo_judgement(one, other, because="Twins after all.", by=by, at=NOW) == made
    assert undo_judgement(one, other, because="Twins after all.", by=by, at=NOW) is None
    made.refresh_from_db()
    assert (made.undone_at, made.undone_by, made.undone_because) == (NOW, by.user, "Twins after all.")
    assert why_one_too_many(other.applicant, more) == ""
    assert can_with("SEE_CASES", other, by=acting(kin), at=NOW)
    assert not can_with("SEE_CASES", one, by=acting(kin), at=NOW)
    assert listed(by.user) == [{one.number, other.number}]
    assert list(Application.objects.exclude(offering=elsewhere.offering).order_by("pk").values()) == before
    # joined once more, the conflict is drawn once more
    join_records(one, other, because=HOW, by=by, at=NOW)
    assert not can_with("SEE_CASES", other, by=acting(kin), at=NOW)


def test_staff_who_are_the_other_record_find_nothing_of_it(pair: tuple[Application, Application]) -> None:
    one, other = pair
    programme = one.offering.programme
    me = one.applicant.user
    me.is_staff = True
    me.save()
    programme.appointments.create(user=me, role=Role.PROGRAMME_OFFICE, from_on=date(2025, 1, 1))
    assert can_with("SEE_CASES", other, by=acting(me), at=NOW)
    by = acting(officer(programme))
    join_records(one, other, because=HOW, by=by, at=NOW)
    assert not can_with("SEE_CASES", other, by=acting(me), at=NOW)
    undo_judgement(one, other, because="Not them.", by=by, at=NOW)
    assert can_with("SEE_CASES", other, by=acting(me), at=NOW)


def test_told_apart_they_are_never_listed_again(pair: tuple[Application, Application]) -> None:
    one, other = pair
    by = acting(officer(one.offering.programme))
    with pytest.raises(PairRefused, match="how you know"):
        tell_apart(one, other, because="", by=by, at=NOW)
    made = tell_apart(other, one, because="Twins; both came.", by=by, at=NOW)
    assert tell_apart(one, other, because="Twins; both came.", by=by, at=NOW) == made
    assert listed(by.user) == []
    # neither a new likeness nor another application of theirs brings the pair back
    for each in (one, other):
        IdentityNumber.objects.create(
            application=each, kind="HKID", number="A1234563", index="i", given_at=NOW
        )
    part_time = OfferingFactory(intake=one.offering.intake, mode="PART_TIME")
    CaseFactory(applicant=one.applicant, offering=part_time)
    assert compare_cases(at=NOW) == 3
    assert LikelyPair.objects.count() == 4
    assert listed(by.user) == []
    with pytest.raises(PairRefused, match="Two different people"):
        join_records(one, other, because=HOW, by=by, at=NOW)
    undo_judgement(one, other, because="One card.", by=by, at=NOW)
    assert len(listed(by.user)) == 2


def test_a_third_record_is_joined_to_each_and_the_last_joining_is_undone_first() -> None:
    first = case_of()
    second, third, fourth = (case_of(first.offering, phone=f"+8529000111{n}") for n in range(3))
    by = acting(officer(first.offering.programme))
    join_records(first, second, because=HOW, by=by, at=NOW)
    join_records(third, second, because=HOW, by=by, at=NOW)
    assert PersonJudgement.objects.count() == 3
    with pytest.raises(PairRefused, match="afterwards"):
        undo_judgement(first, second, because="No.", by=by, at=NOW)
    with pytest.raises(PairRefused, match="joined to a third"):
        undo_judgement(first, third, because="No.", by=by, at=NOW)
    tell_apart(fourth, first, because="Their father.", by=by, at=NOW)
    with pytest.raises(PairRefused, match="told apart"):
        join_records(fourth, third, because=HOW, by=by, at=NOW)
    undo_judgement(second, third, because="No.", by=by, at=NOW)
    standing = PersonJudgement.objects.filter(undone_at=None, verdict="SAME")
    assert [(each.one_id, each.other_id) for each in standing] == [(first.applicant_id, second.applicant_id)]
    undo_judgement(first, second, because="No.", by=by, at=NOW)
    assert not PersonJudgement.objects.filter(undone_at=None, verdict="SAME").exists()


def text_of(response: Any) -> str:
    body = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_pages_from_the_desk_to_the_undo(pair: tuple[Application, Application]) -> None:
    one, other = pair
    start_clock_at(NOW)
    publish_policies()
    user, colleague = officer(one.offering.programme), officer(one.offering.programme)
    desk, second = Desk(), Desk()
    desk.force_login(user)
    second.force_login(colleague)
    assert "2 Perhaps the same person" in text_of(desk.get(reverse("admin:index")))
    pile = BY_KEY["same_person"]
    visible = Application.objects.filter(pk__in=[one.pk, other.pk])
    assert set(pile.narrow(visible, Looking(NOW, user))) == {one, other}
    assert Narrowing.read({"pile": "same_person"}).pile == "same_person"
    every = text_of(desk.get(reverse("admin:applications_application_same_people")))
    assert "The same name; The same date of birth" in every
    page = reverse("admin:applications_application_change", args=[one.pk])
    shown = text_of(desk.get(page))
    assert f"CHAN Tai-man {other.number}" in shown
    assert "Side by side, and decide" in shown
    reader = Desk()
    reader.force_login(officer(one.offering.programme, Role.REVIEWER))
    assert "Perhaps the same person" not in text_of(reader.get(page))

    between = reverse("admin:applications_application_same_person", args=[one.pk, other.pk])
    preview = text_of(desk.get(between))
    assert "Given names Tai Man Tai-man differs" in preview
    assert "Date of birth 14 August 1999 14 August 1999 the same" in preview
    assert f"{one.number} and {other.number} show each other on their pages" in preview
    assert "no other institution learns of it" in preview
    seen = {"seen": latest_version(one.pk), "seen_other": latest_version(other.pk)}
    assert "An answer is needed here." in text_of(desk.post(between, {"act": "join", "because": "", **seen}))
    assert desk.post(between, {"act": "nonsense", "because": HOW, **seen}).status_code == 200
    assert PersonJudgement.objects.count() == 0
    # two officers at once, from either side: the second looks again, and nothing typed is lost
    back = reverse("admin:applications_application_same_person", args=[other.pk, one.pk])
    turned = {"seen": seen["seen_other"], "seen_other": seen["seen"]}
    assert second.post(back, {"act": "apart", "because": "Twins.", **turned}).status_code == 302
    held = text_of(desk.post(between, {"act": "join", "because": HOW, **seen}))
    assert "This case has changed since you opened it" in held
    assert HOW in held
    assert [each.verdict for each in PersonJudgement.objects.all()] == ["DIFFERENT"]
    seen = {"seen": latest_version(one.pk), "seen_other": latest_version(other.pk)}
    # the other case alone has changed: that counts as well
    stale = {**seen, "seen_other": "0"}
    assert "changed since you opened it" in text_of(
        desk.post(between, {"act": "undo", "because": "x", **stale})
    )
    assert desk.post(between, {"act": "undo", "because": "One card.", **seen}).status_code == 302
    seen = {"seen": latest_version(one.pk), "seen_other": latest_version(other.pk)}
    assert desk.post(between, {"act": "join", "because": HOW, **seen}).status_code == 302
    shown = text_of(desk.get(page))
    assert f"Joined by {user}, 5 May 2026: {HOW}" in shown
    assert "Side by side, or undo it" in shown
    assert "Joined with another record of the same person" in shown
    assert "0 Perhaps" not in text_of(desk.get(reverse("admin:index")))


def test_the_list_and_the_case_ask_no_more_for_thirty_pairs_than_for_three() -> None:
    start_clock_at(NOW)
    publish_policies()
    first = case_of()
    desk = Desk()
    desk.force_login(officer(first.offering.programme))
    counts = []
    for more in (2, 6):
        for _each in range(more):
            case_of(first.offering)
        compare_cases(at=NOW)
        asked = []
        for page in (
            reverse("admin:applications_application_same_people"),
            reverse("admin:applications_application_change", args=[first.pk]),
        ):
            desk.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(page).status_code == 200
            asked.append(len(queries))
        counts.append(asked)
    assert counts[0] == counts[1]
    assert counts[0][0] <= 10
    assert counts[0][1] <= 25
    assert Recusal.objects.count() == 0
