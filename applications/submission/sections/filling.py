"""One application being written, with what its sections read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from django.db import models

from admissions_portal.clock import day_of
from admissions_portal.support.together import kept_while
from applications.applicants.models import Applicant
from applications.assessments.register import AcceptanceRegister, acceptance_register
from applications.lifecycle.models import Application
from applications.submission.models import SectionVisit, UnsavedText
from eligibility.engine import Requirements
from eligibility.queries import rules_for_each
from programmes.models import Institution, Specialisation

T = TypeVar("T")


class Filling:
    """One application being written, seen at one moment. What several sections read is read once."""

    def __init__(self, application: Application, *, at: datetime) -> None:
        self.application = application
        self.at = at
        # what `reading.written_in_full` has read with it; asked for where it is wanted otherwise
        self._read: dict[str, Any] = getattr(application, "read_with_it", {})
        self._kept: dict[str, Any] = {}

    def once(self, name: str, ask: Callable[[], T]) -> T:
        """What `ask` answers, asked once while this filling lasts."""
        if name not in self._kept:
            self._kept[name] = ask()
        return self._kept[name]

    def published(self, name: str, ask: Callable[[], T]) -> T:
        """What `ask` answers from what the offices have published for the programme as of today.

        Kept from one page to the next while nothing of it is written.
        """
        key = name, self.application.offering.intake.programme_id, self.today
        stamp = self._read.get("stamp")
        return ask() if stamp is None else kept_while(stamp, key, ask)

    @property
    def applicant(self) -> Applicant:
        return self.application.applicant

    @property
    def today(self) -> date:
        """The calendar day in Hong Kong."""
        return day_of(self.at)

    @cached_property
    def visits(self) -> dict[str, SectionVisit]:
        own = models.Q(application=self.application) | models.Q(application=None)
        read = self._read.get("visits")
        visits = self.applicant.section_visits.filter(own) if read is None else read
        return {visit.section: visit for visit in visits}

    @cached_property
    def unsaved_texts(self) -> list[UnsavedText]:
        """What was typed into open pages and not saved, the newest first."""
        if "unsaved_texts" in self._read:
            return self._read["unsaved_texts"]
        if getattr(self.application, "has_unsaved_text", None) is False:
            return []
        own = models.Q(application=self.application) | models.Q(application=None)
        return list(self.applicant.unsaved_texts.filter(own).order_by("-typed_at", "page"))

    @cached_property
    def specialisations(self) -> list[Specialisation]:
        """Of the programme applied for, in the order they are numbered (HKU-11, HKU-12)."""
        if "specialisations" in self._read:
            return self._read["specialisations"]
        programme = self.application.offering.intake.programme_id
        return list(
            Specialisation.objects.filter(track__programme=programme)
            .select_related("track")
            .order_by("number")
        )

    @cached_property
    def rules(self) -> Requirements | None:
        """Those in force today for the programme applied for; None where it has none yet."""
        programme = self.application.offering.programme
        found = self.published("rules", lambda: rules_for_each([programme], self.today)).get(programme.pk)
        return found.requirements() if found is not None else None

    @cached_property
    def register(self) -> AcceptanceRegister:
        """The qualifications that the university has accepted (C15)."""
        institution = self.application.offering.programme.institution
        return self.published("register", lambda: acceptance_register([institution.code]))

    @cached_property
    def universities(self) -> list[tuple[str, str]]:
        """Those that take applications here: their own graduates are told from others (HKU-E3)."""
        rows = self._read.get("institutions")
        if rows is not None:
            return sorted(((row.code, row.name) for row in rows), key=lambda pair: pair[1])
        return list(Institution.objects.order_by("name").values_list("code", "name"))
