"""Why a change to the rules is refused, each worded for whoever asked."""

from __future__ import annotations

from collections.abc import Sequence

from admissions_portal.support.refusals import Refusal


class PolicyRefused(Refusal):
    """The draft cannot be saved, approved or published as it stands; the sentence says what to do."""


class DraftChanged(PolicyRefused):
    """Somebody else saved, published or discarded the draft since this one was opened. Theirs is kept."""


class LoweringRefused(PolicyRefused):
    """A School's or programme's figures would lower what stands below. `problems` has a sentence for each,
    by JSON path of the overlay."""

    def __init__(self, sentence: str, problems: dict[str, str]) -> None:
        super().__init__(sentence)
        self.problems = problems


class PreviewMissing(PolicyRefused):
    """Nobody has looked at what this very draft would change (C12)."""


class SecondPersonMissing(PolicyRefused):
    """Two persons are asked for (`POLICIES_BY_TWO`), and one alone has handled it."""


class OutOfOrder(PolicyRefused):
    """A published version takes force on the same day or later; saying so lets it be published all the
    same."""


class RegisterRefused(Refusal):
    """The entry cannot be saved, put in force or withdrawn; `problems` are all the sentences."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = tuple(problems)
