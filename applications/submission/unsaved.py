"""Keeping what was typed and is not saved, and forgetting it: cheap enough to happen while typing."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from admissions_portal.support.refusals import Refusal
from admissions_portal.support.sealing import seal
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.submission.models import UnsavedText
from applications.submission.opened import OpenedPage
from applications.submission.sections import SECTIONS, Typed

# Characters of one section; nobody types more, and a page of megabytes is an attack.
MOST_TEXT = 200_000
# Open pages of one section whose text is kept.
MOST_PAGES = 30
# How long a text waits that was left without a session.
LEFT_FOR = timedelta(days=7)
IN_PROFILE = frozenset(section.key for section in SECTIONS if section.in_profile)

# One statement asks whose the draft is and writes: it runs every few seconds for everybody who types. A late
# request with an older text changes nothing, neither after a newer one nor after the page has saved.
KEEP = """
INSERT INTO applications_unsavedtext AS kept
       (page, applicant_id, application_id, section, version, number, sealed, typed_at, forget_at)
SELECT %(page)s, draft.applicant_id, %(about)s, %(section)s, %(version)s, %(number)s, %(sealed)s, %(at)s,
       %(forget_at)s
  FROM applications_application draft
  JOIN applications_applicant person ON person.id = draft.applicant_id
 WHERE draft.id = %(application)s AND person.user_id = %(user)s AND draft.state = %(state)s
   AND (SELECT count(*) FROM applications_unsavedtext other
         WHERE other.applicant_id = person.id AND other.section = %(section)s AND other.page <> %(page)s
       ) < %(most)s
   AND NOT EXISTS (SELECT FROM applications_sectionvisit visit
                    WHERE visit.applicant_id = person.id AND visit.section = %(section)s
                      AND (visit.numbers -> (%(page)s)::text ->> 1)::int >= %(number)s AND %(number)s > 0)
ON CONFLICT (page) DO UPDATE
   SET number = excluded.number, sealed = excluded.sealed, typed_at = excluded.typed_at,
       forget_at = excluded.forget_at
 WHERE kept.applicant_id = excluded.applicant_id AND kept.number <= excluded.number
"""


class TextNotKept(Refusal):
    """The text cannot be kept beside the form; it stays where it was typed."""


def keep_typed(
    opened: OpenedPage, typed: Typed, *, at: datetime, number: int = 0, left: bool = False
) -> None:
    """Keep what was typed into the page as it is, judged by nobody, and offer it again on any device.

    The page's seal is the permission: its text goes to the account it was drawn for, and to no other.
    `number` counts what the page has sent. `left`: the session had ended; the text then waits a week. Raises
    TextNotKept where the draft is none any more, or for more text than anybody types.
    """
    text = json.dumps(storable(typed), ensure_ascii=False)
    if len(text) > MOST_TEXT:
        raise TextNotKept(_("This is too long to be kept while you type. Shorten it, then save."))
    with connection.cursor() as cursor:
        cursor.execute(
            KEEP,
            {
                "page": opened.page,
                "application": opened.application,
                "about": None if opened.section in IN_PROFILE else opened.application,
                "user": opened.user,
                "section": opened.section,
                "version": opened.version,
                "number": number,
                "sealed": seal(text),
                "at": at,
                "forget_at": at + LEFT_FOR if left else None,
                "state": State.DRAFT,
                "most": MOST_PAGES,
            },
        )
        written = cursor.rowcount
    if written:
        forget_shown(opened)
    elif not _has_newer(opened, number):
        raise TextNotKept(
            _("This cannot be kept while you type. Press the button below to save it; nothing is lost here.")
        )


def forget_shown(opened: OpenedPage) -> None:
    """The unsaved text that the page shows is the page's own now; what was typed later elsewhere stays."""
    if opened.resumes is not None:
        UnsavedText.objects.filter(pk=opened.resumes, number=opened.resumes_number).delete()


def forget_typed(application: Application, page: str, number: int) -> None:
    """Leave out a text, as the person who typed it asked; what came after the one that was shown stays."""
    UnsavedText.objects.filter(applicant=application.applicant_id, pk=page, number=number).delete()


def forget_left_texts(*, at: datetime) -> int:
    """Texts that were left without a session and that nobody came back for; how many."""
    return UnsavedText.objects.filter(forget_at__lte=at).delete()[0]


def storable(typed: Typed) -> Typed:
    """Without NUL, the one character no column takes; nobody types it."""
    return {name: [value.replace("\x00", "") for value in values] for name, values in typed.items()}


def _has_newer(opened: OpenedPage, number: int) -> bool:
    """Whether the page has sent something later that arrived before."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT EXISTS (SELECT FROM applications_unsavedtext
                               WHERE page = %(page)s AND number > %(number)s)
                   OR EXISTS (SELECT FROM applications_sectionvisit
                               WHERE applicant_id IN (SELECT id FROM applications_applicant
                                                       WHERE user_id = %(user)s)
                                 AND section = %(section)s
                                 AND (numbers -> (%(page)s)::text ->> 1)::int >= %(number)s)""",
            {"page": opened.page, "user": opened.user, "section": opened.section, "number": number},
        )
        return bool(cursor.fetchone()[0])
