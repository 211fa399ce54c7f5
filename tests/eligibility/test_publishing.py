"""Publishing rules: looked at first, by two where asked, in order, and never changed afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from admissions_portal.history.models import Event
from admissions_portal.history.wording import sentence_of
from admissions_portal.support.actors import Actor
from eligibility import actions
from eligibility.actions import DraftChanged, OutOfOrder, PolicyRefused, PreviewMissing, SecondPersonMissing
from eligibility.models import PolicyPreview, PolicyVersion
from eligibility.queries import NoPolicy, rules_for, rules_of
from programmes.models import Programme
from tests.eligibility.offices import LATER, mmedsc, officer, policy, preview, publish, save, with_ielts
from tests.factories.drafts import AT
from tests.factories.programmes import ProgrammeFactory

pytestmark = pytest.mark.django_db

MMEDSC = "HKU-MMEDSC"
FROM = date(2026, 9, 1)


@pytest.fixture
def programme() -> Programme:
    return mmedsc()


@pytest.fixture
def by(programme: Programme) -> Actor:
    return officer(programme)


@pytest.fixture
def draft(by: Actor) -> PolicyVersion:
    """IELTS 6.5 from 1 September, with its reason, as yet looked at by nobody."""
    begun = actions.draft_version(policy(MMEDSC), by=by, at=AT)
    return save(begun, by, content=with_ielts(begun.requirements(), "6.5"), effective_from=FROM)


def test_a_published_version_has_a_number_and_judges_from_its_day_on(
    draft: PolicyVersion, by: Actor, programme: Programme
) -> None:
    preview(draft, by)
    made = actions.publish_version(draft, by=by, at=LATER)
    assert (made.number, made.published_by, made.published_at, str(made)) == (
        2,
        by.user,
        LATER,
        "HKU-MMEDSC 2",
    )
    numbers = [rules_for(programme, on=day).base.number for day in (date(2026, 8, 31), FROM)]
    assert numbers == [1, 2]
    event = Event.objects.get(kind="policy.published", about_id=str(made.policy_id), data__number=2)
    assert sentence_of(event) == "Version 2 of HKU-MMEDSC was published."
    assert event.data == {
        "policy": MMEDSC,
        "number": 2,
        "sha256": made.sha256,
        "effective_from": "2026-09-01",
    }


def test_nothing_is_published_that_nobody_looked_at(draft: PolicyVersion, by: Actor) -> None:
    with pytest.raises(PreviewMissing) as refused:
        actions.publish_version(draft, by=by, at=AT)
    assert str(refused.value) == (
        "Nobody has looked at what this draft would change as it stands now. Preview its effects first."
    )


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param({"effective_from": date(2026, 9, 2)}, id="another day"),
        pytest.param({"content": None}, id="another figure"),
    ],
)
def test_an_edit_after_the_preview_asks_for_another(
    draft: PolicyVersion, by: Actor, edit: dict[str, Any]
) -> None:
    preview(draft, by)
    if "content" in edit:
        edit = {"content": with_ielts(draft.requirements(), "7")}
    save(draft, by, **edit)
    with pytest.raises(PreviewMissing):
        actions.publish_version(draft, by=by, at=AT)


def test_a_better_reason_after_the_preview_asks_for_none(draft: PolicyVersion, by: Actor) -> None:
    preview(draft, by)
    save(draft, by, reason="Senate, paper 7, revised")
    assert actions.publish_version(draft, by=by, at=AT).is_published


def test_nothing_is_published_without_a_reason(draft: PolicyVersion, by: Actor) -> None:
    preview(draft, by)
    save(draft, by, reason="")
    with pytest.raises(PolicyRefused, match="Write the reason for this change"):
        actions.publish_version(draft, by=by, at=AT)


def test_what_was_saved_since_the_page_was_opened_is_not_published_unseen(
    draft: PolicyVersion, by: Actor, programme: Programme
) -> None:
    colleague = officer(programme)
    changed = save(draft, colleague, content=with_ielts(draft.requirements(), "9"))
    preview(changed, colleague)
    for act in (actions.publish_version, actions.approve_draft):
        with pytest.raises(DraftChanged):
            act(draft, by=by, at=AT, seen=draft.edition)


def test_only_whoever_may_change_the_rules_publishes_them(draft: PolicyVersion, by: Actor) -> None:
    preview(draft, by)
    stranger = officer(ProgrammeFactory())
    for act in (actions.publish_version, actions.approve_draft):
        with pytest.raises(PermissionDenied):
            act(draft, by=stranger, at=AT)


def test_published_twice_is_refused_with_its_number(draft: PolicyVersion, by: Actor) -> None:
    preview(draft, by)
    actions.publish_version(draft, by=by, at=AT)
    with pytest.raises(DraftChanged, match="published as version 2 meanwhile"):
        actions.publish_version(draft, by=by, at=AT)


def test_the_policy_takes_the_title_of_its_new_version(draft: PolicyVersion, by: Actor) -> None:
    titled = save(draft, by, content=replace(draft.requirements(), title="Master of Medical Science"))
    preview(titled, by)
    actions.publish_version(titled, by=by, at=AT)
    assert policy(MMEDSC).title == "Master of Medical Science"


# two persons


@pytest.fixture
def by_two(settings: LazySettings) -> None:
    settings.POLICIES_BY_TWO = True


@pytest.mark.usefixtures("by_two")
def test_where_two_are_asked_for_one_alone_publishes_nothing(draft: PolicyVersion, by: Actor) -> None:
    preview(draft, by)
    with pytest.raises(SecondPersonMissing) as refused:
        actions.publish_version(draft, by=by, at=AT)
    assert str(refused.value) == "A second person must approve this draft before it can be published."
    with pytest.raises(SecondPersonMissing) as refused:
        actions.approve_draft(draft, by=by, at=AT)
    assert str(refused.value) == (
        "You saved this draft last, so somebody else must approve it. Ask a colleague."
    )


@pytest.mark.usefixtures("by_two")
def test_approved_by_another_the_drafter_publishes(
    draft: PolicyVersion, by: Actor, programme: Programme
) -> None:
    second = officer(programme)
    approved = actions.approve_draft(draft, by=second, at=AT, seen=draft.edition)
    assert (approved.approved_by, approved.approved_at) == (second.user, AT)
    assert actions.approve_draft(draft, by=officer(programme), at=LATER).approved_by == second.user
    preview(draft, by)
    made = actions.publish_version(draft, by=by, at=LATER)
    assert (made.drafted_by, made.approved_by, made.published_by) == (by.user, second.user, by.user)


@pytest.mark.usefixtures("by_two")
def test_an_approval_is_of_the_draft_as_it_stood(
    draft: PolicyVersion, by: Actor, programme: Programme
) -> None:
    second = officer(programme)
    actions.approve_draft(draft, by=second, at=AT)
    changed = save(draft, second, content=with_ielts(draft.requirements(), "7"))
    preview(changed, by)
    assert not changed.is_approved
    with pytest.raises(SecondPersonMissing):
        actions.publish_version(draft, by=by, at=AT)
    with pytest.raises(SecondPersonMissing):
        actions.approve_draft(draft, by=second, at=AT)
    assert actions.approve_draft(draft, by=by, at=AT).approved_by == by.user


# order


def test_a_version_of_the_same_day_is_published_once_it_is_said_and_the_higher_number_counts(
    draft: PolicyVersion, by: Actor, programme: Programme
) -> None:
    preview(draft, by)
    actions.publish_version(draft, by=by, at=AT)
    again = actions.draft_version(policy(MMEDSC), by=by, at=AT)
    again = save(again, by, content=with_ielts(draft.requirements(), "7"), effective_from=FROM)
    preview(again, by)
    with pytest.raises(OutOfOrder) as refused:
        actions.publish_version(again, by=by, at=AT)
    assert str(refused.value).replace("\xa0", " ") == (
        "Version 2 takes force on the same day, 1 September 2026. Published, this one replaces it from that "
        "day on, for the higher number counts. Confirm that this is meant, or choose a later day."
    )
    actions.publish_version(again, by=by, at=AT, out_of_order=True)
    assert rules_for(programme, on=FROM).base.number == 3


def test_a_version_before_one_that_waits_counts_until_then(
    draft: PolicyVersion, by: Actor, programme: Programme
) -> None:
    preview(draft, by)
    actions.publish_version(draft, by=by, at=AT)
    early = actions.draft_version(policy(MMEDSC), by=by, at=AT)
    early = save(early, by, content=with_ielts(draft.requirements(), "7"), effective_from=date(2026, 4, 1))
    preview(early, by)
    with pytest.raises(OutOfOrder) as refused:
        actions.publish_version(early, by=by, at=AT)
    assert str(refused.value).replace("\xa0", " ") == (
        "Version 2 takes force later, on 1 September 2026. Published, this one counts only until then. "
        "Confirm that this is meant, or choose a later day."
    )
    actions.publish_version(early, by=by, at=AT, out_of_order=True)
    days = (date(2026, 3, 31), date(2026, 4, 1), date(2026, 8, 31), FROM)
    assert [rules_for(programme, on=day).base.number for day in days] == [1, 3, 3, 2]


# pinned, and kept


def test_rules_pinned_earlier_are_built_again_after_later_versions(by: Actor, programme: Programme) -> None:
    before = rules_for(programme, on=AT.date())
    said = before.requirements()
    publish(MMEDSC, with_ielts(said, "7"), date(2026, 3, 25), by)
    assert rules_of(before.ids).requirements() == said
    assert rules_for(programme, on=date(2026, 3, 25)).requirements() == with_ielts(said, "7")


def test_rules_that_were_never_stored_cannot_be_built(programme: Programme) -> None:
    with pytest.raises(PolicyVersion.DoesNotExist):
        rules_of([0])


def test_a_programme_without_rules_has_none() -> None:
    with pytest.raises(NoPolicy, match="no published eligibility policy for programme"):
        rules_for(ProgrammeFactory(research=True), on=FROM)


COLUMNS = [
    ("number", "9"),
    ("effective_from", "'2020-01-01'"),
    ("content", "'{}'"),
    ("sha256", f"'{'0' * 64}'"),
    ("is_shipped", "true"),
    ("reason", "'another'"),
    ("drafted_at", "now()"),
    ("approved_by_id", "drafted_by_id"),
    ("published_at", "NULL"),
    ("published_by_id", "NULL"),
]


@pytest.mark.parametrize(("column", "value"), COLUMNS, ids=[column for column, _ in COLUMNS])
def test_no_column_of_a_published_version_changes_by_any_way(
    draft: PolicyVersion, by: Actor, column: str, value: str
) -> None:
    preview(draft, by)
    made = actions.publish_version(draft, by=by, at=AT)
    with (
        pytest.raises(DatabaseError, match="is published and never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE eligibility_policyversion SET {column} = {value} WHERE id = %s", [made.pk])


def test_no_published_version_is_deleted_by_any_way(draft: PolicyVersion, by: Actor) -> None:
    preview(draft, by)
    made = actions.publish_version(draft, by=by, at=AT)
    for sql in (
        "DELETE FROM eligibility_policypreview WHERE version_id = %s",
        "UPDATE eligibility_policypreview SET rows = '[]' WHERE version_id = %s",
        "DELETE FROM eligibility_policyversion WHERE id = %s",
    ):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            connection.cursor().execute(sql, [made.pk])
    assert PolicyPreview.objects.get().version == made


def test_a_preview_never_changes_even_while_its_draft_may(draft: PolicyVersion, by: Actor) -> None:
    preview(draft, by)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        PolicyPreview.objects.update(counts={"cases": 7})


def test_the_database_itself_keeps_one_draft_for_a_policy(draft: PolicyVersion) -> None:
    with pytest.raises(DatabaseError, match="one_draft_per_policy"), transaction.atomic():
        PolicyVersion.objects.create(
            policy=draft.policy, effective_from=FROM, content=draft.content, sha256=draft.sha256
        )
