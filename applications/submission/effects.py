"""What saving a section changed in the rules' view, as advice: calm, with what to do, and never a block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from applications.assessments.latest import RulesSay, what_rules_say
from applications.lifecycle.models import Application
from eligibility.engine import Finding, Outcome
from eligibility.queries import NoPolicy
from eligibility.wording import FindingText, explain

# code → outcome and reason: what was found before, small enough for a session
Before = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Effect:
    """One rule that now says something else: a sentence, why, and what can be done."""

    sentence: str
    finding: FindingText


def found_now(application: Application, *, at: datetime) -> Before:
    """What every whole rule says of the draft as it is saved; nothing where no rules are in force yet."""
    try:
        said = what_rules_say(application, at=at)
    except NoPolicy:
        return {}
    return {found.code: [found.outcome.value, found.reason] for found in _whole(said.findings)}


def effects_since(before: Before, said: RulesSay) -> list[Effect]:
    """The rules whose finding differs from `before`, in the order of the policy."""
    return [
        _effect(found, said)
        for found in _whole(said.findings)
        if found.code in before and list(before[found.code]) != [found.outcome.value, found.reason]
    ]


def _whole(findings: Iterable[Finding]) -> list[Finding]:
    """A limb is told with its rule, and a summary says only what the others do."""
    return [found for found in findings if not found.part_of and not found.is_summary]


def _effect(found: Finding, said: RulesSay) -> Effect:
    text = explain(found, said.requirements)
    words = {"code": text.code, "title": text.title}
    sentence = {
        Outcome.MET: _("%(title)s (%(code)s) now appears met by what you wrote."),
        Outcome.NOT_MET: _("%(title)s (%(code)s) is not met by what you wrote. You can still submit."),
        Outcome.REFER: _("%(title)s (%(code)s) is for an officer to decide; nothing is missing from you."),
        Outcome.NEEDS_EVIDENCE: _("%(title)s (%(code)s) is open: something is still to be shown."),
        Outcome.PENDING_OFFICER: _("%(title)s (%(code)s) is settled by the office; nothing is asked of you."),
        Outcome.NOT_APPLICABLE: _("%(title)s (%(code)s) asks nothing of you."),
    }[found.outcome]
    return Effect(sentence % words, text)
