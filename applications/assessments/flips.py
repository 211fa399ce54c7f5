"""What differs between two runs of the rules on one case: the findings that turned, in words for the
office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from eligibility.engine import Finding, Outcome, from_json, to_json
from eligibility.values import needed_text, supplied_text
from eligibility.wording import rule_title


class Flip(NamedTuple):
    """A whole rule whose outcome differs, as found before and after; None: there was no such rule."""

    code: str
    before: Finding | None
    after: Finding | None

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "before": to_json(self.before), "after": to_json(self.after)}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Flip:
        return from_json(cls, kept)


def flips_between(before: Iterable[Finding], after: Iterable[Finding]) -> list[Flip]:
    """Limbs count through their rule and sums through what they sum up, so neither is listed."""
    earlier, later = _whole(before), _whole(after)
    flips = [Flip(code, earlier.get(code), later.get(code)) for code in dict.fromkeys([*later, *earlier])]
    return [flip for flip in flips if _outcome(flip.before) != _outcome(flip.after)]


def _whole(findings: Iterable[Finding]) -> dict[str, Finding]:
    return {finding.code: finding for finding in findings if not finding.part_of and not finding.is_summary}


def _outcome(finding: Finding | None) -> Outcome | None:
    return finding.outcome if finding else None


@dataclass(frozen=True)
class FlipText:
    """A flip as `admin/assessments/_flips.html` shows it; outcomes are None where there was no such rule."""

    code: str
    title: str
    before: Outcome | None
    after: Outcome | None
    supplied: str
    needed_before: str
    needed_after: str


def tell_flip(flip: Flip) -> FlipText:
    """In the reader's language."""
    last = flip.after or flip.before
    return FlipText(
        flip.code,
        rule_title(flip.code),
        _outcome(flip.before),
        _outcome(flip.after),
        supplied_text(last) if last else "",
        needed_text(flip.before) if flip.before else "",
        needed_text(flip.after) if flip.after else "",
    )
