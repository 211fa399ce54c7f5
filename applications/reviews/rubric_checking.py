"""What keeps a rubric from being used, in sentences for whoever wrote it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from applications.reviews.rubric import BEST, KEY, WORST, Categories, Category, plain

MOST_CATEGORIES = 20
MOST_POINTS = 101
LONGEST_LABEL, LONGEST_HELP, LONGEST_WORDS = 120, 600, 200
# names that a review's form has for itself
RESERVED = frozenset({"recommendation", "comment", "rubric", "csrfmiddlewaretoken", "seen"})


def problems_in(categories: Categories) -> list[str]:
    """Everything that cannot be scored as it is written."""
    if not len(categories):
        return [_("Write at least one category.")]
    if len(categories) > MOST_CATEGORIES:
        return [_("Write at most %(most)s categories.") % {"most": MOST_CATEGORIES}]
    problems = [problem for category in categories for problem in _problems_with(category)]
    for key, times in Counter(category.key for category in categories).items():
        if times > 1:
            problems.append(_("Two categories have the short name “%(key)s”.") % {"key": key})
    return problems


def problems_with_agreement(agreement: Decimal | None) -> list[str]:
    """Totals lie between 1 and 5, so no two are more than 4 apart."""
    if agreement is None or 0 <= agreement < BEST - WORST:
        return []
    return [_("The largest difference that is still agreement lies between 0 and 3.99.")]


def _problems_with(category: Category) -> Iterator[str]:
    name = category.label.get("en") or category.key
    if not category.label.get("en"):
        yield _("Each category needs a name in English.")
    if not KEY.fullmatch(category.key) or category.key in RESERVED:
        yield _("“%(key)s” cannot be a short name. Choose another.") % {"key": category.key}
    if category.weight <= 0:
        yield _("%(category)s: the weight is more than 0.") % {"category": name}
    if problem := problem_with_scale(category.lowest, category.highest, category.step):
        yield _("%(category)s: %(problem)s") % {"category": name, "problem": problem}
    elif stray := [plain(points) for points in category.words if points not in category.scale]:
        yield _("%(category)s: %(points)s is not on the scale, so it needs no words.") % {
            "category": name,
            "points": _(", ").join(stray),
        }


def problem_with_scale(lowest: Decimal, highest: Decimal, step: Decimal) -> str:
    """Why this is no scale; "" where it is one."""
    if step <= 0:
        return _("The step is more than 0.")
    if lowest >= highest:
        return _("The best points are more than the weakest.")
    if (highest - lowest) % step:
        return _("From %(lowest)s in steps of %(step)s one does not arrive at %(highest)s.") % {
            "lowest": plain(lowest),
            "step": plain(step),
            "highest": plain(highest),
        }
    if (highest - lowest) / step + 1 > MOST_POINTS:
        return _("A scale has at most %(most)s numbers of points.") % {"most": MOST_POINTS}
    return ""
