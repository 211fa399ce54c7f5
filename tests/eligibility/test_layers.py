"""University, School and programme: composed from the widest to the narrowest, and only ever raised."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from admissions_portal.support.actors import Actor
from eligibility import actions
from eligibility.actions import LoweringRefused, PolicyRefused
from eligibility.engine import (
    Check,
    EnglishMinimum,
    EnglishTestKind,
    Honours,
    Layer,
    Outcome,
    Overlay,
    Rule,
    assess,
    to_json,
)
from eligibility.models import Policy, PolicyVersion, fingerprint
from eligibility.queries import programmes_under, rules_for, rules_for_each, rules_of
from programmes.models import Programme, School
from tests.eligibility.engine.people import PHD, person
from tests.eligibility.offices import (
    AT,
    ielts,
    officer,
    policy,
    preview,
    publish,
    publish_draft,
    save,
    school_of_science,
    with_ielts,
)
from tests.factories.programmes import ProgrammeFactory

pytestmark = pytest.mark.django_db

ON = date(2026, 3, 25)
Place = tuple[School, Programme, Programme]


@pytest.fixture
def place() -> Place:
    return school_of_science()


@pytest.fixture
def by(place: Place) -> Actor:
    return officer(*place[1:])


@pytest.fixture
def draft(place: Place, by: Actor) -> PolicyVersion:
    """The School's layer, as yet empty."""
    return actions.draft_policy_layer(place[0], title="School of Science", by=by, at=AT)


def overlay(draft: PolicyVersion, **says: Any) -> Overlay:
    return replace(draft.overlay(), **says)


def codes(version_ids: tuple[int, ...]) -> list[str]:
    return [str(PolicyVersion.objects.get(pk=pk)) for pk in version_ids]


# composing


def test_a_school_raises_for_all_its_programmes_from_its_day_on(
    place: Place, draft: PolicyVersion, by: Actor
) -> None:
    _school, phd, mphil = place
    outside = ProgrammeFactory(research=True, institution=phd.institution)
    publish_draft(draft, by, overlay(draft, english=(ielts("6.5"),)), ON)
    assert codes(rules_for(phd, ON).ids) == ["HKUST-PHD 1", "HKUST-SCIENCE 1"]
    assert codes(rules_for(mphil, ON).ids) == ["HKUST-MPHIL 1", "HKUST-SCIENCE 1"]
    assert codes(rules_for(outside, ON).ids) == ["HKUST-PHD 1"]
    assert codes(rules_for(phd, date(2026, 3, 24)).ids) == ["HKUST-PHD 1"]


def test_layers_lie_from_the_widest_to_the_narrowest(place: Place, draft: PolicyVersion, by: Actor) -> None:
    school, phd, _mphil = place
    programme = actions.draft_policy_layer(phd, title="Chemistry", by=by, at=AT)
    level = actions.draft_policy_layer(school, title="Science, PhD", level="PHD", by=by, at=AT)
    for begun in (programme, level, draft):
        publish_draft(begun, by, begun.overlay(), ON)
    rules = rules_for(phd, ON)
    assert [version.policy.code for version in rules.versions] == [
        "HKUST-PHD",
        "HKUST-SCIENCE",
        "HKUST-SCIENCE-PHD",
        f"HKUST-{phd.number_prefix}",
    ]
    assert (str(rules.base), len(rules.overlays)) == ("HKUST-PHD 1", 3)
    assert rules_of(rules.ids).requirements() == rules.requirements()


def test_the_engine_judges_by_all_layers_together(place: Place, draft: PolicyVersion, by: Actor) -> None:
    _school, phd, _mphil = place
    before = rules_for(phd, ON).requirements()
    clause = Rule("SCI-1", Check.OFFICER_CONFIRMS, "School handbook 3", "Interview", layer=Layer.SCHOOL)
    publish_draft(draft, by, overlay(draft, english=(ielts("7"),), rules=(clause,)), ON)
    after = rules_for(phd, ON).requirements()
    outcomes = [
        {found.code: found.outcome for found in assess(person(PHD), rules, at=AT).findings}
        for rules in (before, after)
    ]
    assert set(outcomes[1]) - set(outcomes[0]) == {"SCI-1"}
    assert outcomes[1]["SCI-1"] is Outcome.PENDING_OFFICER
    assert (before.english.overlay, after.english.overlay) == ((), (ielts("7"),))


def test_complete_rules_of_its_own_come_before_those_of_the_level(place: Place) -> None:
    _school, phd, _mphil = place
    general = policy(PHD).versions.get()
    own = Policy.objects.create(
        code="OWN", title="Own", institution_code="hkust", level="PHD", programme_slug=phd.slug
    )
    content = {**general.content, "policy": "OWN"}
    PolicyVersion.objects.create(
        policy=own,
        number=1,
        effective_from=ON,
        content=content,
        sha256=fingerprint(content),
        published_at=AT,
    )
    assert codes(rules_for(phd, ON).ids) == ["OWN 1"]
    # before they take force, the level's still judge
    assert codes(rules_for(phd, date(2026, 3, 24)).ids) == ["HKUST-PHD 1"]
    assert phd not in programmes_under([policy(PHD)])[policy(PHD).pk]


def test_rules_are_composed_once_for_equal_contents(place: Place) -> None:
    _school, phd, _mphil = place
    assert rules_for(phd, ON).requirements() is rules_for(phd, date(2026, 9, 1)).requirements()


def test_rules_of_many_programmes_take_one_query(place: Place, draft: PolicyVersion, by: Actor) -> None:
    _school, phd, mphil = place
    publish_draft(draft, by, draft.overlay(), ON)
    counts = []
    for number in (2, 12):
        while Programme.objects.count() < number:
            ProgrammeFactory(research=True, institution=phd.institution, school=phd.school)
        programmes = list(Programme.objects.select_related("institution", "school"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rules = rules_for_each(programmes, ON)
            for each in rules.values():
                each.requirements()
        counts.append((len(rules), len(queries)))
    assert counts == [(2, 1), (12, 1)]
    assert mphil.pk in rules


# lowering


def too_low(written: str, asked: str, by: str = "HKUST-MPHIL") -> str:
    return (
        f"“{written}” is lower than “{asked}”, which {by} asks, and a School or programme can only raise. "
        "Write as much or more, or leave it empty."
    )


LOWER: list[Any] = [
    pytest.param(
        {"english": (ielts("5.5"),)},
        {
            "$.english[0].overall": too_low(
                "IELTS Academic: overall 5.5 or more", "IELTS Academic: overall 6.0 or more"
            )
        },
        id="UST-10 an overall score",
    ),
    pytest.param(
        {"english": (ielts(each_part=Decimal(5), parts={"writing": Decimal(5)}),)},
        {
            "$.english[0].each_part": too_low(
                "IELTS Academic: no part below 5.0", "IELTS Academic: no part below 5.5"
            ),
            "$.english[0].parts.writing": too_low(
                "IELTS Academic: Writing 5.0 or more", "IELTS Academic: Writing 5.5 or more"
            ),
        },
        id="UST-10 each part, and one part",
    ),
    pytest.param(
        {"english": (EnglishMinimum(EnglishTestKind.TOEFL_IBT, overall=Decimal(79)),)},
        {"$.english[0].overall": too_low("TOEFL iBT: overall 79 or more", "TOEFL iBT: overall 80 or more")},
        id="UST-10 a total",
    ),
    pytest.param(
        {"english": (EnglishMinimum(EnglishTestKind.TOEFL_IBT_1_6, band=Decimal("3.5")),)},
        {
            "$.english[0].band": too_low(
                "TOEFL iBT, 1–6 scale: overall 3.5 or more", "TOEFL iBT, 1–6 scale: overall 4.0 or more"
            )
        },
        id="UST-10 a band",
    ),
    pytest.param(
        {"english": (EnglishMinimum(EnglishTestKind.PTE_ACADEMIC, overall=Decimal(60)),)},
        {
            "$.english[0].kind": "HKUST-MPHIL does not take PTE Academic, and a School or programme adds no "
            "test. Remove that row."
        },
        id="UST-07 a test of its own",
    ),
    pytest.param(
        {"english": (ielts("7", never_expires=True),)},
        {
            "$.english[0].never_expires": "HKUST-MPHIL lets results of IELTS Academic lapse, and a School or "
            "programme can only ask for more. Let them lapse here too."
        },
        id="UST-09 a longer validity",
    ),
    pytest.param(
        {"rules": (Rule("UST-01", Check.OFFICER_CONFIRMS, "Handbook", "Interview"),)},
        {"$.rules[0].code": "UST-01 stands in HKUST-MPHIL already. Give this clause a code of its own."},
        id="a code that stands below",
    ),
]


@pytest.mark.parametrize(("says", "problems"), LOWER)
def test_a_layer_that_lowers_is_refused_with_a_sentence_for_each_figure(
    draft: PolicyVersion, by: Actor, says: dict[str, Any], problems: dict[str, str]
) -> None:
    with pytest.raises(LoweringRefused) as refused:
        save(draft, by, content=overlay(draft, **says))
    assert refused.value.problems == problems
    assert str(refused.value) == " ".join(problems.values())
    draft.refresh_from_db()
    assert (draft.overlay().english, draft.overlay().rules) == ((), ())


def test_of_several_rules_below_the_highest_figure_is_named(
    place: Place, draft: PolicyVersion, by: Actor
) -> None:
    publish(PHD, with_ielts(policy(PHD).versions.get().requirements(), "6.5"), ON, by)
    with pytest.raises(LoweringRefused) as refused:
        save(draft, by, content=overlay(draft, english=(ielts("5.5"),)), effective_from=ON)
    written, asked = (f"IELTS Academic: overall {figure} or more" for figure in ("5.5", "6.5"))
    assert str(refused.value) == too_low(written, asked, by="HKUST-PHD")


def test_as_much_and_more_are_taken(draft: PolicyVersion, by: Actor) -> None:
    for row in (ielts("6"), ielts("6.5", each_part=Decimal("5.5")), ielts(parts={"writing": Decimal(6)})):
        draft = save(draft, by, content=overlay(draft, english=(row,)))
        assert draft.overlay().english == (row,)


def test_a_programme_may_not_go_below_its_school(place: Place, draft: PolicyVersion, by: Actor) -> None:
    _school, phd, _mphil = place
    publish_draft(draft, by, overlay(draft, english=(ielts("6.5"),)), ON)
    begun = actions.draft_policy_layer(phd, title="Chemistry", by=by, at=AT)
    with pytest.raises(LoweringRefused, match=r"overall 6\.5 or more”, which HKUST-SCIENCE asks"):
        save(begun, by, content=replace(begun.overlay(), english=(ielts("6"),)), effective_from=ON)
    # before the School's takes force, nothing is lowered
    assert save(
        begun, by, content=replace(begun.overlay(), english=(ielts("6"),)), effective_from=date(2026, 3, 24)
    ).overlay().english == (ielts("6"),)


def test_classes_of_an_outstanding_record_are_only_narrowed(
    place: Place, draft: PolicyVersion, by: Actor
) -> None:
    _school, phd, mphil = place
    for code in ("HKUST-PHD", "HKUST-MPHIL"):
        base = rules_for(phd if code.endswith("PHD") else mphil, ON).base.requirements()
        named = replace(base, degree=replace(base.degree, outstanding=(Honours.FIRST, Honours.SECOND_UPPER)))
        publish(code, named, ON, by)
    with pytest.raises(LoweringRefused) as refused:
        save(draft, by, content=overlay(draft, outstanding=(Honours.FIRST, Honours.THIRD)), effective_from=ON)
    assert refused.value.problems == {
        "$.outstanding[1]": "“Third Class Honours” is not among the classes that HKUST-MPHIL takes for an "
        "outstanding record, and a School or programme can only narrow them. Remove it."
    }
    publish_draft(draft, by, overlay(draft, outstanding=(Honours.FIRST,)), ON)
    assert rules_for(phd, ON).requirements().degree.outstanding == (Honours.FIRST,)


def test_rules_raised_meanwhile_refuse_a_draft_that_is_now_lower(
    place: Place, draft: PolicyVersion, by: Actor
) -> None:
    draft = save(draft, by, content=overlay(draft, english=(ielts("6.5"),)), effective_from=ON)
    preview(draft, by)
    publish(PHD, with_ielts(policy(PHD).versions.get().requirements(), "7"), ON, by)
    with pytest.raises(LoweringRefused, match="which HKUST-PHD asks"):
        actions.publish_version(draft, by=by, at=AT)


def test_should_a_lower_one_slip_in_the_stricter_wins(place: Place, by: Actor) -> None:
    _school, phd, _mphil = place
    made = Policy.objects.create(
        code="LOW",
        title="Low",
        layer="PROGRAMME",
        institution_code="hkust",
        level="PHD",
        programme_slug=phd.slug,
    )
    content = to_json(Overlay("LOW", "Low", Layer.PROGRAMME, english=(ielts("4", each_part=Decimal(4)),)))
    PolicyVersion.objects.create(
        policy=made,
        number=1,
        effective_from=ON,
        content=content,
        sha256=fingerprint(content),
        published_at=AT,
    )
    low = person(PHD, first_language_is_english=False)
    plain, raised = (
        assess(low, rules_for(phd, day).requirements(), at=AT).verdict for day in (date(2026, 3, 24), ON)
    )
    assert codes(rules_for(phd, ON).ids) == ["HKUST-PHD 1", "LOW 1"]
    assert plain == raised


def test_a_layer_takes_force_only_over_rules_in_force(draft: PolicyVersion, by: Actor) -> None:
    with pytest.raises(PolicyRefused, match="the university has no rules in force here"):
        save(draft, by, effective_from=date(2020, 1, 1))


def test_each_kind_of_rules_is_read_as_what_it_is(draft: PolicyVersion) -> None:
    with pytest.raises(TypeError, match="is a layer, not complete rules"):
        draft.requirements()
    with pytest.raises(TypeError, match="is complete rules, not a layer"):
        policy(PHD).versions.get().overlay()
