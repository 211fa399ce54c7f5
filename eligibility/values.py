"""What a finding was given and what it needs, as people write it: scores, degrees, days, lists.

Values come as a finding keeps them: JSON with the engine's codes. The sentences are made in `wording.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext, ngettext

from admissions_portal.support import dates
from eligibility import labels
from eligibility.engine import Finding
from eligibility.labels import LANGUAGES_GIVEN


def supplied_text(finding: Finding) -> str:
    """What the person gave; empty where the rule looks at nothing of theirs."""
    given = finding.supplied
    if "kind" in given:
        return describe_scores(given)
    if given.keys() & LANGUAGES_GIVEN.keys():
        return listed(str(words[given[name]]) for name, words in LANGUAGES_GIVEN.items() if name in given)
    if "earlier" in given:
        return _earlier_study(given["earlier"])
    if "course" in given:
        return _course(given)
    if "credits" in given:
        return credits_text(given["credits"])
    if "examination" in given:
        return str(labels.EXAMINATIONS[given["examination"]])
    if "level" in given:
        return degree_text(given)
    if "stretches" in given:
        return listed(_stretch(stretch) for stretch in given["stretches"])
    if "status" in given:
        parts = [labels.STATUSES.get(given["status"], ""), labels.MODES.get(given.get("mode", ""), "")]
        return listed(str(part) for part in parts if part)
    if "mode" in given:
        return str(labels.MODES[given["mode"]])
    if "at" in given:
        return moment_text(given["at"])
    return str(given.get("subject", ""))


def needed_text(finding: Finding) -> str:
    """What the rule asks; empty where there is no more to say than its title says."""
    needed = finding.needed
    if "routes" in needed:
        return gettext("; ").join(describe_minimum(row) for row in needed["routes"])
    if "kind" in needed:
        return describe_minimum(needed)
    if "honours" in needed:
        return gettext("Honours of this University, or a qualification it accepts as equivalent")
    if "bachelor" in needed:
        return gettext("A bachelor’s degree")
    if "indicator" in needed:
        return listed(str(labels.HONOURS[honours]) for honours in needed["indicator"])
    if "by" in needed:
        return gettext("Awarded by {day}").format(day=day_text(needed["by"]))
    if "full_time_months" in needed:
        return gettext("{full} months full-time, or {part} months part-time").format(
            full=needed["full_time_months"], part=needed["part_time_months"]
        )
    if "completed" in needed:
        window = needed["completed"]
        if not window:
            return ngettext(
                "Completed at most {n} year before admission",
                "Completed at most {n} years before admission",
                needed["years"],
            ).format(n=needed["years"])
        return gettext("Completed from {first} to {last}").format(
            first=day_text(window["from"]), last=day_text(window["to"])
        )
    if "years" in needed:
        years = needed["years"]
        return ngettext("Not older than {n} year", "Not older than {n} years", years).format(n=years)
    if "modes" in needed:
        return listed(str(labels.MODES[mode]) for mode in needed["modes"])
    if "examination" in needed:
        return str(labels.EXAMINATIONS[needed["examination"]])
    if "another_than" in needed:
        return gettext("Another programme than {programme}").format(
            programme=_programme(needed["another_than"])
        )
    if "credits" in needed:
        return gettext("At most {credits}").format(credits=credits_text(needed["credits"]))
    if "before" in needed:
        return gettext("Received before {day}").format(day=day_text(needed["before"]))
    if "unused" in needed:
        return gettext("Not counted towards a qualification")
    if "closes_at" in needed:
        return gettext("Submitted by {closes}").format(closes=moment_text(needed["closes_at"]))
    return ""


def describe_scores(given: Mapping[str, Any]) -> str:
    """`IELTS Academic: overall 6.5, Writing 5.0 (12 May 2025)` from a finding's values."""
    scores = listed(
        str(label).format(score=score_text(given["kind"], given[name]))
        for name, label in labels.SCORES.items()
        if name in given
    )
    test = _test_name(given)
    if scores:
        test = gettext("{test}: {scores}").format(test=test, scores=scores)
    if "taken_on" in given:
        return gettext("{test} ({day})").format(test=test, day=day_text(given["taken_on"]))
    return test


def describe_minimum(minimum: Mapping[str, Any]) -> str:
    """`IELTS Academic: overall 6.0 or more, no part below 5.5` from a finding's values."""
    figures = listed(
        str(label).format(score=score_text(minimum["kind"], minimum[name]))
        for name, label in labels.MINIMA.items()
        if name in minimum
    )
    return gettext("{test}: {scores}").format(test=_test_name(minimum), scores=figures)


def _test_name(given: Mapping[str, Any]) -> str:
    """The name of a test; one that an office added goes by its own."""
    return str(given.get("name") or labels.TESTS[given["kind"]])


def score_text(kind: str, score: str) -> str:
    """Half-point scales print one decimal (6.0), the others none."""
    if kind.startswith("IELTS") or (kind == "TOEFL_IBT_1_6" and len(score) < 2):
        return score if "." in score else f"{score}.0"
    return score


def degree_text(given: Mapping[str, Any]) -> str:
    """`BSc, The University of Hong Kong, First Class Honours` from a finding's values."""
    parts = [given.get("title") or str(labels.LEVELS[given["level"]]), given.get("institution", "")]
    if given.get("honours"):
        parts.append(str(labels.HONOURS[given["honours"]]))
    if given.get("status") == "EXPECTED":
        day = day_text(given.get("completed_on"))
        parts.append(gettext("expected on {day}").format(day=day) if day else gettext("expected"))
    return listed(part for part in parts if part)


def credits_text(number: int) -> str:
    """`12 credits`."""
    return ngettext("{n} credit", "{n} credits", number).format(n=number)


def _course(given: Mapping[str, Any]) -> str:
    """`Biostatistics, HKU, 6 credits, 30 June 2023` from a finding's values."""
    parts = [given["course"], given.get("institution", "")]
    if "credits" in given:
        parts.append(credits_text(given["credits"]))
    if day := given.get("completed_on", ""):
        parts.append(day_text(day) if len(day) > len("2021-08") else day)
    return listed(part for part in parts if part)


def _programme(given: Mapping[str, Any]) -> str:
    level = str(labels.PROGRAMME_LEVELS[given["level"]]) if given["level"] else ""
    return listed(part for part in (level, given["discipline"]) if part)


def _earlier_study(given: Mapping[str, Any]) -> str:
    """`PhD, Physics, required to withdraw for academic reasons` from a finding's values."""
    left = str(labels.LEAVINGS[given["leaving"]]) if given["leaving"] else ""
    return listed(part for part in (_programme(given), left) if part)


def _stretch(given: Mapping[str, Any]) -> str:
    months = given["months"]
    length = ngettext("{n} month", "{n} months", months).format(n=months) if months else ""
    return listed(
        part for part in (str(labels.MODES[given["mode"]]), length, given.get("institution", "")) if part
    )


def listed(parts: Iterable[str]) -> str:
    """Items of a list as one text, separated as the language does."""
    # Translators: what stands between the items of a list inside a sentence
    return gettext(", ").join(parts)


def day_text(value: str | None) -> str:
    """A day in ISO 8601 as `31 March 2026`; empty for None."""
    return dates.hong_kong_day(date.fromisoformat(value)) if value else ""


def moment_text(value: str | None) -> str:
    """An instant in ISO 8601 as `31 March 2026, 23:59 HKT`; empty for None."""
    return dates.hong_kong_time(datetime.fromisoformat(value)) if value else ""
