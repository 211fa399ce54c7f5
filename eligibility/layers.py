"""A layer can only raise (UST-10): what one would lower, in sentences for whoever wrote it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from eligibility import labels
from eligibility.engine import FactsError, Overlay, lowered
from eligibility.models import Policy
from eligibility.queries import RulesInForce, rules_below
from eligibility.values import describe_minimum


class Lowering(FactsError):
    """Something in an overlay that the rules below forbid; `sentence` says what, in the reader's language."""

    def __init__(self, error: FactsError, overlay: Overlay, below: RulesInForce) -> None:
        super().__init__(error.path, error.problem, error.value, error.expected)
        self.sentence = _sentence(error, overlay, below.versions[-1].policy)


def lowerings(policy: Policy, overlay: Overlay, effective_from: date) -> list[Lowering]:
    """Everything the overlay would lower for any programme it speaks of; each figure once, against the
    highest that stands below."""
    found: dict[str, Lowering] = {}
    for below in rules_below(policy, effective_from):
        for error in lowered(below.requirements(), overlay):
            known = found.get(error.path)
            if known is None or _least(error) > _least(known):
                found[error.path] = Lowering(error, overlay, below)
    return list(found.values())


def _least(error: FactsError) -> Decimal:
    """The figure that would have been enough; 0 where it is no figure."""
    try:
        return Decimal(error.expected.partition(" ")[0])
    except InvalidOperation:
        return Decimal(0)


def _sentence(error: FactsError, overlay: Overlay, below: Policy) -> str:
    if error.path.startswith("$.english"):
        row = overlay.english[_index(error.path)]
        of_test = {"kind": row.kind.value, **({"name": row.name} if row.name else {})}
        test = row.name or str(labels.TESTS[row.kind])
        if error.problem == "test_not_listed":
            return _(
                "%(policy)s does not take %(test)s, and a School or programme adds no test. Remove that row."
            ) % {"policy": below, "test": test}
        figure = error.path.rpartition(".")[2]
        if figure == "never_expires":
            return _(
                "%(policy)s lets results of %(test)s lapse, and a School or programme can only ask for more. "
                "Let them lapse here too."
            ) % {"policy": below, "test": test}
        name = "overall" if figure == "band" else figure
        least = error.expected.partition(" ")[0]
        return _(
            "“%(written)s” is lower than “%(asked)s”, which %(policy)s asks, and a School or programme can "
            "only raise. Write as much or more, or leave it empty."
        ) % {
            "written": describe_minimum({**of_test, name: str(error.value)}),
            "asked": describe_minimum({**of_test, name: least}),
            "policy": below,
        }
    if error.path.startswith("$.outstanding"):
        return _(
            "“%(honours)s” is not among the classes that %(policy)s takes for an outstanding record, and a "
            "School or programme can only narrow them. Remove it."
        ) % {"honours": labels.HONOURS[str(error.value)], "policy": below}
    return _("%(code)s stands in %(policy)s already. Give this clause a code of its own.") % {
        "code": error.value,
        "policy": below,
    }


def _index(path: str) -> int:
    found = re.search(r"\[(\d+)\]", path)
    assert found is not None, path
    return int(found[1])
