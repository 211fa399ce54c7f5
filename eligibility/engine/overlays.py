"""What a School or programme asks beyond its university: a record that can only raise (UST-10, C5).

The office's form refuses a figure that would lower (`lowered`). Should one slip in all the same, `raise_by`
takes the stricter of the two, so that nobody is admitted whom the university's own rules refuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .facts import Honours
from .figures import minimum_for
from .records import FactsError, plain
from .requirements import Check, EnglishMinimum, Layer, Requirements, Rule
from .scales import PARTS, SCALES

LAYERS = (Layer.SCHOOL, Layer.PROGRAMME)
CLAUSES_FOR_OFFICERS = (Check.OFFICER_CONFIRMS, Check.SUBJECT_OF_RESEARCH)


@dataclass(frozen=True, slots=True)
class Overlay:
    """One layer above a university's policy.

    policy        code of the layer's own policy ("HKUST-SENG"); names its English finding where the base has
                  no rule for it
    layer         SCHOOL or PROGRAMME
    clause        where the School or programme says so
    english       higher English figures, test by test (UST-10)
    rules         further clauses, each for an officer to confirm ("an interview", "a portfolio")
    outstanding   classes that indicate an outstanding record here (AMB-20)
    Raises FactsError for another layer, a rule that is no officer's clause, a code or test named twice.
    """

    policy: str
    title: str
    layer: Layer
    clause: str = ""
    english: tuple[EnglishMinimum, ...] = ()
    rules: tuple[Rule, ...] = ()
    outstanding: tuple[Honours, ...] = ()

    def __post_init__(self) -> None:
        if self.layer not in LAYERS:
            raise FactsError("$.layer", "unknown_value", self.layer.value, "SCHOOL or PROGRAMME")
        tests = [(row.kind, row.name, row.reading) for row in self.english]
        for number, test in enumerate(tests):
            if tests.index(test) != number:
                raise FactsError(
                    f"$.english[{number}].kind", "recorded_twice", test[0].value, "each test once"
                )
        codes = [rule.code for rule in self.rules]
        for number, rule in enumerate(self.rules):
            if codes.index(rule.code) != number:
                raise FactsError(f"$.rules[{number}].code", "recorded_twice", rule.code, "each code once")
            if rule.check not in CLAUSES_FOR_OFFICERS:
                raise FactsError(
                    f"$.rules[{number}].check",
                    "unknown_value",
                    rule.check.value,
                    " or ".join(CLAUSES_FOR_OFFICERS),
                )
            if rule.part_of:  # a limb alone counts for nothing, so a clause is never one
                raise FactsError(f"$.rules[{number}].part_of", "unknown_field", rule.part_of, "nothing here")


def raise_by(requirements: Requirements, *overlays: Overlay) -> Requirements:
    """The policy with its layers on it, the School's first; of two figures the stricter always wins.

    A clause whose code stands below already adds nothing. Higher English figures are judged by the policy's
    own rule for them (UST-10), or by one that is added under the layer's code and clause.
    """
    for overlay in overlays:
        rules = [*requirements.rules]
        codes = {rule.code for rule in rules}
        if overlay.english and all(rule.check is not Check.ENGLISH_OVERLAY for rule in rules):
            own = Rule(
                overlay.policy, Check.ENGLISH_OVERLAY, overlay.clause, overlay.title, layer=overlay.layer
            )
            rules += [own] if own.code not in codes else []
        rules += [replace(rule, layer=overlay.layer) for rule in overlay.rules if rule.code not in codes]
        asked = requirements.degree.outstanding
        # classes narrow each other; where they share none, those below stand
        both = tuple(honours for honours in overlay.outstanding if honours in asked or not asked) or asked
        requirements = replace(
            requirements,
            rules=tuple(rules),
            english=replace(requirements.english, overlay=(*requirements.english.overlay, *overlay.english)),
            degree=replace(requirements.degree, outstanding=both),
        )
    return requirements


def lowered(requirements: Requirements, overlay: Overlay) -> tuple[FactsError, ...]:
    """Everything in `overlay` that would lower what `requirements` ask, each with its JSON path; empty if
    nothing.

    Problems: `lower_than_base` (figure, class or term of validity), `test_not_listed` (a test the base does
    not take), `recorded_twice` (a clause that stands below already).
    """
    return tuple(_lowered(requirements, overlay))


def _lowered(requirements: Requirements, overlay: Overlay) -> Iterator[FactsError]:
    for number, row in enumerate(overlay.english):
        path, base = f"$.english[{number}]", minimum_for(requirements, row.kind, row.name)
        if base is None:
            yield FactsError(f"{path}.kind", "test_not_listed", row.kind.value, "a test the base lists")
            continue
        figures = [(name, getattr(row, name), getattr(base, name)) for name in _FIGURES]
        for part in PARTS:
            least = [figure for figure in (base.parts.get(part), base.each_part) if figure is not None]
            figures.append((f"parts.{part}", row.parts.get(part), max(least, default=None)))
        for name, figure, least_ in figures:
            if figure is not None and least_ is not None and figure < least_:
                yield FactsError(
                    f"{path}.{name}", "lower_than_base", plain(figure), f"{plain(least_)} or more"
                )
        best_first = SCALES[row.kind].grades
        if row.grade and base.grade and best_first.index(row.grade) > best_first.index(base.grade):
            yield FactsError(f"{path}.grade", "lower_than_base", row.grade, f"{base.grade} or better")
        if row.never_expires and not base.never_expires:
            yield FactsError(f"{path}.never_expires", "lower_than_base", True, "false")
    codes = {rule.code for rule in requirements.rules}
    for number, rule in enumerate(overlay.rules):
        if rule.code in codes:
            yield FactsError(f"$.rules[{number}].code", "recorded_twice", rule.code, "a code of its own")
    asked = requirements.degree.outstanding
    for number, honours in enumerate(overlay.outstanding):
        if asked and honours not in asked:
            yield FactsError(
                f"$.outstanding[{number}]", "lower_than_base", honours.value, "one of " + ", ".join(asked)
            )


_FIGURES = ("overall", "each_part", "comparable", "band")
