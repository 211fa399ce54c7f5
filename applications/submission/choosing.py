"""What the study mode chosen means for this person: advice beside the choice, never a bar (C7, HKU-08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from applications.assessments.latest import what_rules_say
from applications.assessments.visa import VisaNeed, visa_need_of
from applications.lifecycle.models import Application
from eligibility.engine import Outcome
from eligibility.wording import Audience, explain
from programmes.models import Mode, Round

# What the engine finds on mode and status where there is nothing to advise, or nothing is known yet.
_SETTLED = frozenset({"local_part_time", "full_time"})
_UNSAID = frozenset({"status_not_declared", "dependant_age_not_stated", "origin_not_stated"})


@dataclass(frozen=True, slots=True)
class ChoiceAdvice:
    """Advice on a choice as it stands.

    `kind` is the note's shape, `label` says that a rule is not from the handbook, `visa` what a visa would
    need; `code`, `quote` and `notes` are the clause.
    """

    title: str
    sentences: tuple[str, ...]
    code: str
    quote: str
    notes: tuple[str, ...]
    kind: str = ""
    label: str = ""
    visa: tuple[str, ...] = ()


def advice_on_mode(
    application: Application, *, at: datetime, audience: Audience = Audience.APPLICANT
) -> ChoiceAdvice | None:
    """What part-time study means for this person, by the rules of the day and the status as declared now, or
    as frozen at submission. None where there is nothing to say.

    Recomputed at each look, so a change of status or mode changes it at once.
    """
    offering = application.offering
    if offering.mode != Mode.PART_TIME:
        return None
    said = what_rules_say(application, at=at)
    codes = {rule.code for rule in said.requirements.rules if rule.check == "MODE_AND_STATUS"}
    finding = next((each for each in said.findings if each.code in codes and not each.part_of), None)
    if finding is None or finding.reason in _SETTLED:
        return None
    text = explain(finding, said.requirements, audience=audience)
    advice = partial(ChoiceAdvice, code=finding.code, quote=text.quote, notes=text.notes)
    if finding.outcome is Outcome.NOT_MET:
        return advice(
            kind="evidence",
            title=_("Part-time study and your status in Hong Kong"),
            sentences=(
                text.text,
                _("You can submit all the same: the %(office)s decides, and tells you why.")
                % {"office": offering.programme.office.name},
                _(
                    "The study mode can be changed here as long as this is a draft; everything you have "
                    "written stays."
                ),
            ),
            # what the handbook says comes with its words
            label="" if text.quote else _("Not in the handbook"),
        )
    if finding.reason in _UNSAID:
        return advice(
            title=_("Part-time study can depend on your status in Hong Kong"),
            sentences=(_("Answer “Local or non-local”, and this page says what it means for you."),),
        )
    need = visa_need_of(application)
    is_unclear = finding.outcome is Outcome.REFER and need is VisaNeed.UNKNOWN
    return advice(
        kind="refer",
        title=_("You chose part-time study, and you may be non-local")
        if is_unclear
        else _("You chose part-time study as a non-local applicant"),
        sentences=(
            _("This is advice, and nothing keeps you from applying."),
            *_open_rounds(list(offering.rounds.all())),
            text.text,
            *filter(None, (text.assurance, offering.non_local_note)),
        ),
        visa=_what_a_visa_needs() if need is not VisaNeed.NO else (),
    )


def _open_rounds(rounds: list[Round]) -> tuple[str, ...]:
    """That a round takes everybody in this mode too (HKU-08)."""
    if everybody := next((each for each in rounds if not each.is_local_only), None):
        return (
            _("%(round)s is for everybody, local or not, in both study modes.") % {"round": everybody.title},
        )
    return ()


def _what_a_visa_needs() -> tuple[str, ...]:
    """DOMAIN C6, UST-17, UST-18, UST-20, UST-21: as far as it is published, and no further."""
    return (
        _("Nothing of this is needed now; it begins once you have accepted an offer."),
        _(
            "If you need a student visa or entry permit, you fill in form ID 995A and your sponsor, normally "
            "the university, form ID 995B."
        ),
        _(
            "With them go a photo, a copy of your travel document, the letter of acceptance and proof that "
            "you can pay; a copy of your Hong Kong identity card if you have one."
        ),
        _("It normally takes six to eight weeks. Study cannot begin before it is granted."),
        _(
            "Whether it is granted for part-time study, the Immigration Department alone decides: telephone "
            "2824 6111."
        ),
    )
