"""Drafts of rules: who may write one, that one alone exists, that nobody's edit is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from admissions_portal.accounts.roles import Role
from admissions_portal.history.models import Event
from admissions_portal.history.wording import sentence_of
from admissions_portal.support.actors import Actor
from eligibility import actions
from eligibility.actions import DraftChanged, PolicyRefused
from eligibility.engine import Layer, Overlay
from eligibility.models import Policy, PolicyPreview, PolicyVersion, fingerprint
from eligibility.queries import latest_preview, policies_visible_to, version_before
from programmes.models import Programme
from tests.eligibility.offices import (
    LATER,
    mmedsc,
    officer,
    policy,
    preview,
    publish,
    save,
    school_of_science,
    with_ielts,
)
from tests.factories.accounts import StaffFactory
from tests.factories.drafts import AT
from tests.factories.programmes import ProgrammeFactory

pytestmark = pytest.mark.django_db

MMEDSC = "HKU-MMEDSC"


@pytest.fixture
def programme() -> Programme:
    return mmedsc()


@pytest.fixture
def by(programme: Programme) -> Actor:
    return officer(programme)


@pytest.fixture
def draft(by: Actor) -> PolicyVersion:
    return actions.draft_version(policy(MMEDSC), by=by, at=AT)


def sentences() -> list[str]:
    return [sentence_of(event) for event in Event.objects.filter(kind__startswith="policy").order_by("id")]


# beginning


def test_a_draft_is_a_copy_of_what_is_in_force_from_tomorrow_on_without_a_number(
    draft: PolicyVersion, by: Actor
) -> None:
    first = policy(MMEDSC).versions.get(number=1)
    assert (draft.content, draft.sha256) == (first.content, first.sha256)
    assert (draft.number, draft.published_at, draft.effective_from) == (None, None, date(2026, 3, 25))
    assert (draft.drafted_by, draft.drafted_at) == (by.user, AT)
    assert str(draft) == "HKU-MMEDSC, draft"
    assert version_before(draft) == first


def test_a_draft_begins_after_a_version_that_waits_to_take_force(by: Actor) -> None:
    waiting = publish(MMEDSC, policy(MMEDSC).versions.get().record(), date(2026, 9, 1), by)
    second = actions.draft_version(policy(MMEDSC), by=by, at=AT)
    assert (second.effective_from, version_before(second)) == (date(2026, 9, 2), waiting)


def test_a_policy_has_one_draft_at_a_time(draft: PolicyVersion, by: Actor, programme: Programme) -> None:
    assert actions.draft_version(policy(MMEDSC), by=officer(programme), at=LATER) == draft


def test_a_draft_judges_nobody(draft: PolicyVersion, by: Actor) -> None:
    saved = save(draft, by, content=with_ielts(draft.requirements(), "9"), effective_from=date(2025, 9, 1))
    assert version_before(saved) == policy(MMEDSC).versions.get(number=1)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PROGRAMME_OFFICE])
def test_rules_are_not_for_everybody_to_change(programme: Programme, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        actions.draft_version(policy(MMEDSC), by=officer(programme, role=role), at=AT)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_coordinator_and_administrator_may_change_rules(programme: Programme, role: Role) -> None:
    assert actions.draft_version(policy(MMEDSC), by=officer(programme, role=role), at=AT).is_draft


def test_an_appointment_that_has_ended_gives_no_right(programme: Programme) -> None:
    by = officer(programme)
    by.user.appointments.update(until_on=AT.date() - timedelta(days=1))
    with pytest.raises(PermissionDenied):
        actions.draft_version(policy(MMEDSC), by=by, at=AT)


def test_rules_of_a_level_need_the_right_over_every_programme_of_it() -> None:
    _school, phd, _mphil = school_of_science()
    other = ProgrammeFactory(research=True, institution=phd.institution)
    with pytest.raises(PermissionDenied):
        actions.draft_version(policy("HKUST-PHD"), by=officer(phd), at=AT)
    assert actions.draft_version(policy("HKUST-PHD"), by=officer(phd, other), at=AT).is_draft


def test_rules_that_judge_no_programme_are_nobodys_to_change(by: Actor) -> None:
    with pytest.raises(PermissionDenied):
        actions.draft_version(policy("HKUST-PHD"), by=by, at=AT)


def test_the_portal_itself_writes_no_draft(programme: Programme) -> None:
    with pytest.raises(PermissionDenied):
        actions.draft_version(policy(MMEDSC), by=Actor.system(), at=AT)


def test_policies_are_shown_to_whoever_may_edit_rules_of_a_programme_under_them(by: Actor) -> None:
    _school, phd, _mphil = school_of_science()
    at_both = officer(phd)
    on = AT.date()
    assert [str(shown) for shown in policies_visible_to(by.user, on)] == [MMEDSC]
    assert [str(shown) for shown in policies_visible_to(at_both.user, on)] == ["HKUST-PHD"]
    assert policies_visible_to(StaffFactory(), on) == []


# saving


def test_saving_keeps_what_was_written_and_its_fingerprint(draft: PolicyVersion, by: Actor) -> None:
    content = with_ielts(draft.requirements(), "6.5")
    save(draft, by, content=content, effective_from=date(2026, 9, 1), reason="  Senate, paper 7 ")
    kept = PolicyVersion.objects.get(pk=draft.pk)
    assert (kept.requirements(), kept.effective_from, kept.reason) == (
        content,
        date(2026, 9, 1),
        "Senate, paper 7",
    )
    assert kept.sha256 == fingerprint(kept.content) != draft.sha256
    assert kept.edition != draft.edition


def test_of_two_officers_at_one_draft_the_second_is_told_and_the_first_kept(
    draft: PolicyVersion, by: Actor, programme: Programme
) -> None:
    second = officer(programme)
    first_text = with_ielts(draft.requirements(), "6.5")
    save(draft, by, content=first_text)
    with pytest.raises(DraftChanged) as refused:
        save(draft, second, content=with_ielts(draft.requirements(), "7"))
    assert str(refused.value) == (
        f"{by.user} has saved this draft since you opened it. Your entries are still here and theirs are "
        "kept: compare the two, then save again."
    )
    kept = PolicyVersion.objects.get(pk=draft.pk)
    assert (kept.requirements(), kept.drafted_by) == (first_text, by.user)


def test_a_reason_alone_is_an_edit_that_is_not_lost(draft: PolicyVersion, by: Actor) -> None:
    save(draft, by, reason="Senate, paper 7")
    with pytest.raises(DraftChanged):
        save(draft, by, reason="")


def test_saving_the_same_again_changes_nothing(draft: PolicyVersion, by: Actor, programme: Programme) -> None:
    once = save(draft, by)
    again = save(once, officer(programme), at=LATER)
    assert (again.drafted_by, again.drafted_at) == (by.user, AT)
    assert sentences()[-1] == "The draft of HKU-MMEDSC was changed."
    assert Event.objects.filter(kind="policy.draft_saved").count() == 1


WRONG: list[Any] = [
    pytest.param({"policy": "HKUST-PHD"}, "These are not the rules of HKU-MMEDSC.", id="another policy's"),
    pytest.param({"title": " "}, "Give these rules a title.", id="no title"),
    pytest.param({"levels": ()}, "These rules are not for Taught master’s.", id="another level"),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG)
def test_content_that_is_not_the_policys_is_refused(
    draft: PolicyVersion, by: Actor, change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(PolicyRefused) as refused:
        save(draft, by, content=replace(draft.requirements(), **change))
    assert str(refused.value) == sentence


def test_a_layer_is_no_complete_policy(draft: PolicyVersion, by: Actor) -> None:
    with pytest.raises(PolicyRefused, match="not the rules of HKU-MMEDSC"):
        save(draft, by, content=Overlay(policy=MMEDSC, title="x", layer=Layer.SCHOOL))


def test_a_reason_has_an_end(draft: PolicyVersion, by: Actor) -> None:
    with pytest.raises(PolicyRefused, match="longer than 2000 characters"):
        save(draft, by, reason="x" * 2001)


# discarding


def test_a_discarded_draft_is_gone_with_its_previews(draft: PolicyVersion, by: Actor) -> None:
    preview(draft, by)
    actions.discard_draft(draft, by=by, at=AT)
    assert (policy(MMEDSC).versions.count(), PolicyPreview.objects.count()) == (1, 0)
    actions.discard_draft(draft, by=by, at=AT)
    assert sentences()[-3:] == [
        "A draft of HKU-MMEDSC was begun.",
        "The effects of the draft of HKU-MMEDSC were looked at. Cases that change: 0.",
        "The draft of HKU-MMEDSC was discarded.",
    ]


def test_whoever_saves_a_discarded_draft_is_told(draft: PolicyVersion, by: Actor) -> None:
    actions.discard_draft(draft, by=by, at=AT)
    with pytest.raises(DraftChanged, match="was discarded meanwhile"):
        save(draft, by)


def test_a_published_version_is_neither_saved_nor_discarded(by: Actor) -> None:
    first = policy(MMEDSC).versions.get()
    with pytest.raises(DraftChanged, match="was published as version 1 meanwhile"):
        save(first, by)
    with pytest.raises(DraftChanged):
        actions.discard_draft(first, by=by, at=AT)


# previews


def test_a_preview_belongs_to_the_draft_as_it_stood(draft: PolicyVersion, by: Actor) -> None:
    kept = preview(draft, by)
    assert latest_preview(draft) == kept
    saved = save(draft, by, effective_from=date(2026, 9, 1))
    assert latest_preview(saved) is None
    back = save(saved, by, effective_from=draft.effective_from)
    assert latest_preview(back) == kept


def test_a_preview_of_a_draft_that_is_gone_is_not_kept(draft: PolicyVersion, by: Actor) -> None:
    actions.discard_draft(draft, by=by, at=AT)
    with pytest.raises(DraftChanged, match="put in force or discarded while its effects were counted"):
        preview(draft, by)


def test_a_preview_is_kept_for_those_alone_who_may_change_the_rules(draft: PolicyVersion) -> None:
    with pytest.raises(PermissionDenied):
        preview(draft, officer(ProgrammeFactory()))
    assert preview(draft, Actor.system()).version == draft


# layers


def test_a_school_begins_its_layer_with_an_empty_draft() -> None:
    school, phd, mphil = school_of_science()
    by = officer(phd, mphil)
    draft = actions.draft_policy_layer(school, title="School of Science", by=by, at=AT)
    made = Policy.objects.get(code="HKUST-SCIENCE")
    assert (made.layer, made.institution_code, made.school_code, made.level) == (
        "SCHOOL",
        "hkust",
        "science",
        "",
    )
    assert draft.overlay() == Overlay("HKUST-SCIENCE", "School of Science", Layer.SCHOOL)
    assert actions.draft_policy_layer(school, title="", by=by, at=AT) == draft


def test_a_school_may_begin_a_layer_for_one_level() -> None:
    school, phd, _mphil = school_of_science()
    draft = actions.draft_policy_layer(school, title="Science, PhD", level="PHD", by=officer(phd), at=AT)
    assert (draft.policy.code, draft.policy.level) == ("HKUST-SCIENCE-PHD", "PHD")


def test_a_programme_begins_its_layer() -> None:
    _school, phd, _mphil = school_of_science()
    draft = actions.draft_policy_layer(phd, title="Chemistry", clause="Handbook", by=officer(phd), at=AT)
    made = draft.policy
    assert (made.code, made.layer, made.level, made.programme_slug) == (
        f"HKUST-{phd.number_prefix}",
        "PROGRAMME",
        "PHD",
        "hkust-phd-chemistry",
    )
    assert draft.overlay().clause == "Handbook"


def test_a_layer_of_a_school_needs_the_right_over_all_its_programmes() -> None:
    school, phd, _mphil = school_of_science()
    with pytest.raises(PermissionDenied):
        actions.draft_policy_layer(school, title="School of Science", by=officer(phd), at=AT)
    assert not Policy.objects.filter(layer="SCHOOL").exists()


def test_a_layer_needs_a_title_and_rules_below() -> None:
    _school, phd, _mphil = school_of_science()
    stray = ProgrammeFactory(research=True, institution__code="elsewhere")
    with pytest.raises(PolicyRefused, match="Give these rules a title"):
        actions.draft_policy_layer(phd, title=" ", by=officer(phd), at=AT)
    with pytest.raises(PolicyRefused, match="nothing to raise"):
        actions.draft_policy_layer(stray, title="Stray", by=officer(stray), at=AT)


def test_a_layer_that_never_said_anything_goes_with_its_discarded_draft() -> None:
    _school, phd, _mphil = school_of_science()
    by = officer(phd)
    draft = actions.draft_policy_layer(phd, title="Chemistry", by=by, at=AT)
    actions.discard_draft(draft, by=by, at=AT)
    assert not Policy.objects.filter(layer="PROGRAMME").exists()
