"""What one English test must show, and which of two such minima is the stricter (UST-10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from .records import FactsError, plain
from .scales import PARTS, SCALES, EnglishTestKind, Range, check_score


@dataclass(frozen=True, slots=True)
class EnglishMinimum:
    """What one test must show. `reading` binds the row to a choice of AMB-09; "" means whatever is chosen.

    comparable   for TOEFL 1–6: least 0–120 total printed on the report; band: what AMB-12's alternative
                 accepts
    grade        for GCE, IGCSE, CPE: least letter grade; no source limits their age: `never_expires`
    name, scale  for kind OTHER: a test that an office adds, and the scores its report can show
    Raises FactsError for a figure that no report of the test could show, and for a row that asks nothing.
    """

    kind: EnglishTestKind
    overall: Decimal | None = None
    each_part: Decimal | None = None
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    comparable: Decimal | None = None
    band: Decimal | None = None
    grade: str = ""
    reading: str = ""
    never_expires: bool = False
    name: str = ""
    scale: Range | None = None

    def __post_init__(self) -> None:
        added = self.kind is EnglishTestKind.OTHER
        for field_, value in (("name", self.name), ("scale", self.scale)):
            if added and not value:
                raise FactsError(f"$.{field_}", "missing_field", None, "name and scale of the added test")
            if value and not added:
                raise FactsError(f"$.{field_}", "unknown_field", str(value), "nothing here for a known test")
        for name in self.parts:
            if name not in PARTS:
                raise FactsError(f"$.parts.{name}", "unknown_field", name, "one of " + ", ".join(PARTS))
        self._check_figures()

    def _check_figures(self) -> None:
        """A minimum that no report could show would refuse everybody, so it is no minimum."""
        scale = SCALES[self.kind]
        some_part = scale.parts[0] if scale.parts else "listening"
        figures: list[tuple[str, str, Decimal | str | None]] = [
            ("overall", "overall", self.overall),
            ("each_part", some_part, self.each_part),
            ("comparable", "comparable_total", self.comparable),
            ("band", "overall", self.band),
            ("grade", "grade", self.grade or None),
            *((f"parts.{name}", name, figure) for name, figure in self.parts.items()),
        ]
        if all(figure is None for _, _, figure in figures):
            raise FactsError("$.overall", "missing_field", None, "at least one figure")
        for name, part, figure in figures:
            if figure is None:
                continue
            try:
                check_score(self.kind, part, figure)
            except FactsError as error:
                raise FactsError(f"$.{name}", error.problem, error.value, error.expected) from None
            if self.scale and isinstance(figure, Decimal) and not self.scale.has(figure):
                raise FactsError(f"$.{name}", "off_scale", plain(figure), str(self.scale))


def stricter(base: EnglishMinimum, overlay: EnglishMinimum) -> EnglishMinimum:
    """The stricter of two minima for one test, part by part; an overlay can raise and never lower
    (UST-10)."""

    def higher(one: Decimal | None, other: Decimal | None) -> Decimal | None:
        given = [figure for figure in (one, other) if figure is not None]
        return max(given) if given else None

    names = [name for name in PARTS if name in base.parts or name in overlay.parts]
    best_first = SCALES[base.kind].grades
    grades = [grade for grade in (base.grade, overlay.grade) if grade]
    return replace(
        base,
        overall=higher(base.overall, overlay.overall),
        each_part=higher(base.each_part, overlay.each_part),
        comparable=higher(base.comparable, overlay.comparable),
        band=higher(base.band, overlay.band),
        parts={
            name: figure
            for name in names
            if (figure := higher(base.parts.get(name), overlay.parts.get(name))) is not None
        },
        grade=min(grades, key=best_first.index) if grades else "",
    )
