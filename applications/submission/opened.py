"""One drawing of a section's form: whose it is, which version it shows, and the seal that proves it.

The seal travels in the form. It says that the portal gave this page to this account, so a text that comes
back with it belongs to that account, even where the session has ended meanwhile.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing

from applications.lifecycle.models import Application
from applications.submission.models import UnsavedText
from applications.submission.sections import Filling, FormSection, section_named

SALT = "applications.submission.opened"
# What a page posts besides its answers.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "opened", "number", "add", "remove", "leave_out", "choose"})
# Seconds for which a page may still leave its text without a session.
LONGEST = 14 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """`version` is the section's when the page was drawn; `resumes` the unsaved text it shows, and how far
    that had counted."""

    user: int
    application: UUID
    section: str
    version: int
    resumes: UUID | None = None
    resumes_number: int = 0
    page: UUID = field(default_factory=uuid.uuid4)

    def seal(self) -> str:
        resumes = self.resumes.hex if self.resumes else ""
        return signing.dumps(
            [
                self.user,
                self.application.hex,
                self.section,
                self.version,
                resumes,
                self.resumes_number,
                self.page.hex,
            ],
            salt=SALT,
        )

    def is_of(self, application: UUID, section: str) -> bool:
        return (self.application, self.section) == (application, section)


def open_page(page: FormSection, filling: Filling, *, resumes: UnsavedText | None = None) -> OpenedPage:
    """A new drawing of the section as it stands, for its applicant."""
    visit = filling.visits.get(page.key)
    return OpenedPage(
        user=filling.applicant.user_id,
        application=filling.application.pk,
        section=page.key,
        version=visit.version if visit is not None else 0,
        resumes=resumes.page if resumes is not None else None,
        resumes_number=resumes.number if resumes is not None else 0,
    )


def read_seal(sealed: str, *, recent: bool = False) -> OpenedPage | None:
    """The page that carries the seal; None where it is none of ours, or, if it must be `recent`, too old."""
    try:
        user, application, section, version, resumes, number, page = signing.loads(
            sealed, salt=SALT, max_age=LONGEST if recent else None
        )
    except signing.BadSignature:
        return None
    return OpenedPage(
        user, UUID(application), section, version, UUID(resumes) if resumes else None, number, UUID(page)
    )


def typed_in(posted: Any) -> dict[str, list[str]]:
    """The answers among what was posted, as they were typed."""
    return {name: posted.getlist(name) for name in posted if name not in NOT_TYPED}


def number_in(posted: Any) -> int:
    """How many times the page has sent something; 0 without scripts."""
    number = posted.get("number", "")
    return int(number) if number.isdecimal() and len(number) < 9 else 0


def form_section(application: Application, key: str, *, at: datetime) -> FormSection | None:
    section = section_named(application, key, at=at)
    return section if isinstance(section, FormSection) else None
