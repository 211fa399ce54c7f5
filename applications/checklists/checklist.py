"""The checklist of a case: each section of the form with the look at it that counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from applications.checklists.models import CheckState, SectionCheck
from applications.checklists.sections import content_of_sections, title_of
from applications.lifecycle.models import Application
from applications.submission.sections import Section, sections_of


@dataclass(frozen=True, slots=True)
class CheckedSection:
    """A section, the look at it that counts (None: nobody has looked), those before, and whether the
    applicant changed it since."""

    section: Section
    title: str
    check: SectionCheck | None = None
    earlier: list[SectionCheck] = field(default_factory=list)
    is_changed: bool = False

    @property
    def state(self) -> CheckState:
        return CheckState(self.check.state) if self.check else CheckState.OPEN

    @property
    def is_settled(self) -> bool:
        """In order or not needed, and nothing is new in it."""
        return self.state in (CheckState.IN_ORDER, CheckState.NOT_NEEDED) and not self.is_changed


def checklist_of(application: Application, *, at: datetime) -> list[CheckedSection]:
    """Every section of a submitted case in the order of the form.

    No question where `section_checks` and what the sections hold were read with the case.
    """
    content = content_of_sections(application, at=at)
    checks = list(application.section_checks.all())
    return [
        _checked(section, [check for check in checks if check.section == section.key], content[section.key])
        for section in sections_of(application, at=at)
    ]


def _checked(section: Section, checks: Iterable[SectionCheck], content: str) -> CheckedSection:
    title = str(title_of(section))
    earlier = sorted(checks, key=lambda check: (check.checked_at, check.pk), reverse=True)
    last = next((check for check in earlier if check.is_current), None)
    if last is None:
        return CheckedSection(section, title)
    earlier.remove(last)
    is_changed = last.state != CheckState.OPEN and last.content != content
    return CheckedSection(section, title, last, earlier, is_changed)
