"""What differs between two versions: in words, and complete."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.comparing import CHECKS, FIELDS, Change, compare
from eligibility.engine import (
    READINGS,
    Check,
    EnglishMinimum,
    EnglishTestKind,
    Honours,
    Layer,
    Overlay,
    Requirements,
    ResidenceStatus,
    Rule,
    to_json,
)
from eligibility.engine.requirements import Treatment
from eligibility.questions import QUESTIONS
from tests.eligibility.engine.people import MMEDSC, PHD, shipped
from tests.eligibility.offices import ielts
from tests.eligibility.rules_at_random import EITHER, OVERLAYS, REQUIREMENTS, copy_of

HKU, UST = shipped()[MMEDSC], shipped()[PHD]
E5 = ("HKU-E5", "Entrance requirement 5")
U8 = ("UST-08", "English Language Requirement for Admission, 2")
SCHOOL = Overlay("SCI", "School of Science", Layer.SCHOOL, "School handbook 2")


def english(policy: Requirements, **says: Any) -> Requirements:
    return replace(policy, english=replace(policy.english, **says))


def row(policy: Requirements, kind: EnglishTestKind, **says: Any) -> Requirements:
    """The policy with the first row of a test changed."""
    minima = list(policy.english.minima)
    number = [row.kind for row in minima].index(kind)
    minima[number] = replace(minima[number], **says)
    return english(policy, minima=tuple(minima))


def rule(policy: Requirements, code: str, **says: Any) -> Requirements:
    changed = tuple(replace(rule, **says) if rule.code == code else rule for rule in policy.rules)
    return replace(policy, rules=changed)


CHANGES: list[Any] = [
    pytest.param(
        HKU,
        row(HKU, EnglishTestKind.IELTS_ACADEMIC, overall=Decimal("6.5")),
        [Change(*E5, "IELTS Academic: overall score", "6.0", "6.5")],
        id="a score raised",
    ),
    pytest.param(
        UST,
        row(UST, EnglishTestKind.IELTS_ACADEMIC, each_part=None, parts={"writing": Decimal(6)}),
        [
            Change(*U8, "IELTS Academic (figures of the source): every part", "5.5", "nothing laid down"),
            Change(*U8, "IELTS Academic (figures of the source): Writing", "nothing laid down", "6.0"),
        ],
        id="parts, under the rule of their route",
    ),
    pytest.param(
        HKU,
        english(
            HKU,
            minima=(
                *HKU.english.minima[1:],
                EnglishMinimum(EnglishTestKind.PTE_ACADEMIC, overall=Decimal(60)),
            ),
        ),
        [
            Change(*E5, "Test removed", "TOEFL iBT: overall 80 or more", ""),
            Change(*E5, "Test added", "", "PTE Academic: overall 60 or more"),
        ],
        id="a test for another",
    ),
    pytest.param(
        HKU,
        english(HKU, valid_years=3, home_edition=Treatment.ACCEPT),
        [
            Change("HKU-E5-VALIDITY", "Entrance requirement 5", "Years that a score is valid", "2", "3"),
            Change(*E5, "TOEFL iBT Home Edition", "decided by an officer", "accepted"),
        ],
        id="validity and treatment",
    ),
    pytest.param(
        UST,
        replace(UST, readings={"AMB-05": "at_programme_start"}),
        [
            Change(
                "UST-09",
                "English Language Requirement for Admission",
                "AMB-05: A score is valid for some years. On which day must it still be valid?",
                "A score must be valid on the day of submission. (as proposed)",
                "A score must still be valid when the programme starts.",
            )
        ],
        id="AMB-05 read otherwise",
    ),
    pytest.param(
        HKU,
        replace(HKU, degree=replace(HKU.degree, award_by_month=7, award_by_day=15)),
        [
            Change(
                "HKU-E3-AWARD",
                "Entrance requirement 3",
                "Last day of the admission year for an award still to come",
                "31 August",
                "15 July",
            )
        ],
        id="the day of an award still to come, as one thing",
    ),
    pytest.param(
        HKU,
        replace(HKU, residence=replace(HKU.residence, non_local=(ResidenceStatus.STUDENT_VISA,))),
        [
            Change(
                "HKU-STATUS",
                "Local and non-local applicants",
                "Non-local",
                "Student visa or entry permit, Visitor, Dependant visa, first issued at the age of 18 or "
                "over, Immigration Arrangements for Non-local Graduates (IANG)",
                "Student visa or entry permit",
            )
        ],
        id="who is non-local",
    ),
    pytest.param(
        HKU,
        rule(HKU, "HKU-E1", title="Regulations", grade="M"),
        [
            Change("HKU-E1", "Entrance requirement 1", "Title", "General Regulations", "Regulations"),
            Change(
                "HKU-E1",
                "Entrance requirement 1",
                "How sure the source is",
                "The text itself was read",
                "Reported by university units or older pages; the text itself was not seen",
            ),
        ],
        id="title and grade of a rule",
    ),
    pytest.param(
        HKU,
        replace(HKU, rules=HKU.rules[1:]),
        [
            Change(
                "HKU-E1",
                "Entrance requirement 1",
                "Rule removed",
                "General Regulations: An officer confirms it",
                "",
            )
        ],
        id="a rule removed",
    ),
    pytest.param(
        SCHOOL,
        replace(
            SCHOOL,
            english=(ielts("7"),),
            rules=(Rule("SCI-1", Check.OFFICER_CONFIRMS, "School handbook 3", "Interview"),),
            outstanding=(Honours.FIRST,),
        ),
        [
            Change("", "School handbook 2", "Test added", "", "IELTS Academic: overall 7.0 or more"),
            Change("SCI-1", "School handbook 3", "Rule added", "", "Interview: An officer confirms it"),
            Change(
                "",
                "School handbook 2",
                "Classes that indicate an outstanding record",
                "none",
                "First Class Honours",
            ),
        ],
        id="what a School asks beyond",
    ),
    pytest.param(
        HKU,
        english(HKU, minima=tuple(reversed(HKU.english.minima[:2])) + HKU.english.minima[2:]),
        [
            Change(
                *E5,
                "English tests: order",
                "TOEFL iBT, TOEFL iBT, 1–6 scale, IELTS Academic, Overseas GCE or IGCSE English Language, "
                "Cambridge C2 Proficiency (CPE), TOEFL paper-based test",
                "TOEFL iBT, 1–6 scale, TOEFL iBT, IELTS Academic, Overseas GCE or IGCSE English Language, "
                "Cambridge C2 Proficiency (CPE), TOEFL paper-based test",
            )
        ],
        id="the order of the tests",
    ),
]


@pytest.mark.parametrize(("before", "after", "changes"), CHANGES)
def test_a_change_is_told_in_words_under_its_rule(
    before: Requirements | Overlay, after: Requirements | Overlay, changes: list[Change]
) -> None:
    with translation.override("en"):
        assert compare(before, after) == changes


@pytest.mark.parametrize("policy", [HKU, UST], ids=[MMEDSC, PHD])
def test_equal_rules_have_no_change(policy: Requirements) -> None:
    assert compare(policy, copy_of(policy, to_json(policy))) == []


def test_complete_rules_and_a_layer_are_not_compared() -> None:
    with pytest.raises(TypeError):
        compare(HKU, SCHOOL)


@settings(max_examples=80, deadline=None)
@given(REQUIREMENTS, REQUIREMENTS)
def test_any_two_rules_that_differ_have_a_change_and_equal_ones_none(
    before: Requirements, after: Requirements
) -> None:
    assert bool(compare(before, after)) == (before != after)


@settings(max_examples=50, deadline=None)
@given(OVERLAYS, OVERLAYS)
def test_any_two_layers_that_differ_have_a_change_and_equal_ones_none(
    before: Overlay, after: Overlay
) -> None:
    assert bool(compare(before, after)) == (before != after)


@settings(max_examples=80, deadline=None)
@given(EITHER, EITHER, st.data())
def test_one_field_changed_anywhere_has_a_change(
    before: Requirements | Overlay, other: Requirements | Overlay, data: st.DataObject
) -> None:
    """Of two that differ everywhere a gap would go unnoticed; here one part alone is taken over."""
    if type(before) is not type(other):
        return
    after = _with_one_part_of(before, other, data)
    assert bool(compare(before, after)) == (before != after)
    assert compare(before, copy_of(before, to_json(before))) == []


def _with_one_part_of(record: Any, other: Any, data: st.DataObject) -> Any:
    name = data.draw(st.sampled_from([field.name for field in fields(record)]))
    mine, theirs = getattr(record, name), getattr(other, name)
    if is_dataclass(mine) and is_dataclass(theirs):
        return replace(record, **{name: _with_one_part_of(mine, theirs, data)})
    if name in ("award_by_month", "award_by_day"):
        names = ("award_by_month", "award_by_day")
        return replace(record, **{name: getattr(other, name) for name in names})
    return replace(record, **{name: theirs})


def test_every_field_the_engine_reads_has_a_name_here() -> None:
    known, seen = [Requirements, Overlay], set()
    named = {(kind, {"award_by": "award_by_month"}.get(name, name)) for kind, name in FIELDS}
    missing = set()
    while known:
        kind = known.pop()
        seen.add(kind)
        hints = get_type_hints(kind)
        for field in fields(kind):
            if (kind.__name__, field.name) not in named:
                missing.add((kind.__name__, field.name))
            inside = (hints[field.name], *get_args(hints[field.name]))
            known += [part for part in inside if isinstance(part, type) and is_dataclass(part)]
        known = [kind for kind in known if kind not in seen]
    # told by the row or the rule itself
    assert missing == {
        ("DegreeRequirements", "award_by_day"),
        ("EnglishMinimum", "kind"),
        ("EnglishMinimum", "name"),
        ("EnglishMinimum", "reading"),
        ("Range", "high"),
        ("Range", "low"),
        ("Range", "step"),
        ("Rule", "code"),
    }


def test_every_check_and_every_reading_has_words_here() -> None:
    assert set(CHECKS) == set(Check)
    assert set(QUESTIONS) == set(READINGS)
