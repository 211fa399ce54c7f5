"""A proposal as people read it: what it is about, each answer old and new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from applications.changes.forms import RefusalOfChangeForm
from applications.changes.models import ChangeProposal
from applications.changes.places import Frozen, Line, Place, item_title, labels_of, lines_of, model_of
from applications.lifecycle.models import Application
from applications.submission.sections import Filling
from applications.submission.sections.rows import SectionForm


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposal in words, in the reader's language."""

    proposal: ChangeProposal
    title: str
    act: str
    lines: list[Line]

    @property
    def is_taken_out(self) -> bool:
        """A whole item goes: there is nothing to say of each of its answers."""
        return self.proposal.new is None and not self.proposal.words

    @property
    def refusal_form(self) -> RefusalOfChangeForm:
        """For the office; its inputs are named after the proposal, so that several stand on one page."""
        return RefusalOfChangeForm(prefix=str(self.proposal.pk))


def proposals_shown(
    application: Application, proposals: Iterable[ChangeProposal], *, at: datetime
) -> list[ShownProposal]:
    """Each proposal with its answers, old and new, side by side."""
    proposals = list(proposals)
    if not proposals or application.profile is None:
        return []
    frozen = Frozen(application, Filling(application, at=at))
    return [_shown(each, frozen) for each in proposals]


def _shown(proposal: ChangeProposal, frozen: Frozen) -> ShownProposal:
    section = frozen.section(proposal.section)
    title = str(section.title) if section is not None else proposal.section
    place = Place(proposal.section, title, proposal.group, proposal.row)
    act = _("Change")
    form_class: type[SectionForm] | None = None
    if proposal.group and (group := frozen.group(place)) is not None:
        form_class = group.form_class
        values = proposal.old or proposal.new or {}
        title = item_title(group, values, proposal.row if proposal.row is not None else -1)
        if proposal.row is None:
            title, act = str(group.add), _("Add")
        elif proposal.new is None:
            act = _("Take out")
    elif not proposal.words and (form := frozen.form(place)) is not None:
        form_class = type(form)
    if form_class is None:
        lines = [Line(_("In the applicant’s words"), "", proposal.words)]
    else:
        lines = lines_of(model_of(form_class), labels_of(form_class), proposal.old, proposal.new)
    return ShownProposal(proposal, title, act, lines)
