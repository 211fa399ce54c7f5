"""The documents: what must be shown follows from the case, and evidence's own page takes the files."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.evidence.queries import slots_of
from applications.evidence.slots import DocumentSlot
from applications.lifecycle.models import Application
from applications.submission.sections.answers import Answer, AnswerBlock
from applications.submission.sections.base import Problem, Section, SectionState
from applications.submission.sections.filling import Filling


class Documents(Section):
    key = "documents"
    title = gettext_lazy("Documents")

    def url(self, application: Application) -> str:
        return reverse("applications:documents", args=[application.pk])

    def has_begun(self, filling: Filling) -> bool:
        return any(slot.documents for slot in self._slots(filling))

    def problems(self, filling: Filling) -> list[Problem]:
        return [
            Problem(self.key, slot.anchor, _("Add the document: %(title)s") % {"title": slot.title})
            for slot in self._slots(filling)
            if slot.is_missing
        ]

    def state(self, filling: Filling) -> SectionState:
        if missing := len(self.problems(filling)):
            word = ngettext("%(count)d to add", "%(count)d to add", missing) % {"count": missing}
            return SectionState("part" if self.has_begun(filling) else "todo", word)
        return SectionState("met", _("Complete"))

    def answers(self, filling: Filling) -> list[AnswerBlock]:
        return [
            AnswerBlock(
                "",
                tuple(
                    Answer(
                        slot.title,
                        _(", ").join(document.name for document in slot.documents),
                        slot.anchor,
                        _("This document is still to be added.") if slot.is_missing else "",
                    )
                    for slot in self._slots(filling)
                    if slot.documents or slot.is_missing
                ),
            )
        ]

    def _slots(self, filling: Filling) -> list[DocumentSlot]:
        return filling.once(
            "slots",
            lambda: slots_of(
                filling.application, at=filling.at, rules=filling.rules, register=filling.register
            ),
        )
