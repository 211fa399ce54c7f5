"""What a draft would change among open cases, before it is put in force (C12).

Every case is judged twice, as the rules and the register stand and as they would, both with the facts of now;
so what differs is the draft's doing. Nothing is written but the preview at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from admissions_portal.clock import HONG_KONG, day_of
from admissions_portal.jobs.actions import request_job
from admissions_portal.jobs.models import Job
from admissions_portal.jobs.runners import Progress
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from applications.assessments.facts import facts_of_many
from applications.assessments.flips import Flip, flips_between
from applications.assessments.queries import cases_considered, drafts_begun, in_chunks
from applications.assessments.register import AcceptanceRegister, Rulebook, acceptance_register
from applications.lifecycle.models import Application
from eligibility import engine
from eligibility.actions import keep_preview
from eligibility.engine import Verdict
from eligibility.models import AcceptedAward, PolicyPreview, PolicyVersion
from eligibility.permissions import check_can_edit_rules_of
from eligibility.queries import NoPolicy, RulesInForce, programmes_under
from programmes.models import Programme

KIND = "assessments.impact"
# cases listed; beyond them only the figures say how many
ROWS_KEPT = 2000


class ImpactRefused(Refusal):
    """There is no draft to try out, or it is no longer the one that was asked about."""


@dataclass(frozen=True)
class Trial:
    """A draft to try out: of a policy, or of the acceptance register."""

    version: PolicyVersion | None = None
    entry: AcceptedAward | None = None

    @classmethod
    def find(cls, kind: str, pk: int) -> Trial | None:
        """By the words of its address: `version` or `acceptance`."""
        if kind == "version":
            version = PolicyVersion.objects.select_related("policy").filter(pk=pk).first()
            return cls(version=version) if version else None
        entry = AcceptedAward.objects.filter(pk=pk).first() if kind == "acceptance" else None
        return cls(entry=entry) if entry else None

    @property
    def kind(self) -> str:
        return "version" if self.version else "acceptance"

    @property
    def thing(self) -> PolicyVersion | AcceptedAward:
        thing = self.version or self.entry
        assert thing is not None
        return thing

    @property
    def starts_on(self) -> date:
        """The first day (HKT) of receipt that it judges."""
        if self.version:
            return self.version.effective_from
        assert self.entry is not None
        return self.entry.in_force_from

    def programmes(self) -> list[Programme]:
        """Those whose cases it may concern, by name."""
        if self.version:
            return programmes_under([self.version.policy])[self.version.policy_id]
        assert self.entry is not None
        every = Programme.objects.filter(institution__code=self.entry.institution_code)
        if self.entry.programme_slug:
            every = every.filter(slug=self.entry.programme_slug)
        return list(every.select_related("institution", "school").order_by("name"))

    def preview(self) -> PolicyPreview | None:
        """The last one made of it, which may be of how it stood before it was changed."""
        return self.thing.previews.order_by("-at", "-id").first()


def request_impact(trial: Trial, *, by: Actor, at: datetime) -> Job:
    """Ask for a preview of what the draft would change; while the same is being made, that.

    Raises PermissionDenied without the right to edit the rules of every programme it concerns, ImpactRefused
    for what is in force already.
    """
    check_can_edit_rules_of(by, trial.programmes(), at)
    if not trial.thing.is_draft:
        raise ImpactRefused(_("This is in force already, so there is nothing to try out."))
    fingerprint = trial.thing.fingerprint
    params = {"kind": trial.kind, "pk": trial.thing.pk, "fingerprint": fingerprint, "by": by.id}
    return request_job(
        KIND, params=params, by=by, at=at, key=f"{KIND}/{trial.kind}/{trial.thing.pk}/{fingerprint}"
    )


def preview_impact(
    trial: Trial, *, fingerprint: str, by: Actor, at: datetime, progress: Progress
) -> PolicyPreview:
    """Judge every open case and every draft both ways, and keep what differs.

    A case goes by the rules of the day it was received; what nobody has sent yet, as if it were sent at `at`
    or, where that is later, as the draft takes force. Run twice it says the same again. Raises ImpactRefused
    where the draft was changed, published or discarded since it was asked about.
    """
    if not trial.thing.is_draft or trial.thing.fingerprint != fingerprint:
        raise ImpactRefused(_("The draft has been changed since. Ask for a preview of how it stands now."))
    programmes = [programme.pk for programme in trial.programmes()]
    considered, drafts = cases_considered(programmes), drafts_begun(programmes)
    total, done = considered.count() + drafts.count(), 0
    progress(0, total)
    worlds = _worlds(trial)
    cases, begun = _Tally(), _Tally()
    for chunk in in_chunks(considered, programmes):
        for case, change in _both_ways(chunk, worlds, at=at):
            cases.add(case, change)
        progress(done := done + len(chunk))
    sent_at = max(at, datetime.combine(trial.starts_on, time.min, tzinfo=HONG_KONG))
    for chunk in in_chunks(drafts, programmes):
        for case, change in _both_ways(chunk, worlds, at=sent_at, sent_at=sent_at):
            begun.add(case, change)
        progress(done := done + len(chunk))
    return keep_preview(
        trial.thing,
        fingerprint=fingerprint,
        counts={
            "cases": cases.seen,
            "changed": cases.changed,
            "programmes": cases.by_programme(),
            # of what nobody has sent the office learns two numbers and no more
            "drafts": {"seen": begun.seen, "changed": begun.changed},
        },
        rows=cases.rows,
        by=by,
        at=at,
    )


class World(NamedTuple):
    """Rules and register, as they stand or as they would."""

    rulebook: Rulebook
    register: AcceptanceRegister

    def rules_for(self, programme: Programme, on: date) -> RulesInForce | None:
        try:
            return self.rulebook.rules_for(programme, on)
        except NoPolicy:
            return None


class Change(NamedTuple):
    """What is said of a case now and what would be; None: no rules, so nothing."""

    now: engine.Assessment | None
    then: engine.Assessment | None

    @property
    def verdicts(self) -> tuple[Verdict | None, Verdict | None]:
        return self.now.verdict if self.now else None, self.then.verdict if self.then else None

    def flips(self) -> list[Flip]:
        """The findings that turn."""
        return flips_between(*(result.findings if result else () for result in self))


def _worlds(trial: Trial) -> tuple[World, World]:
    if trial.version:
        codes = [trial.version.policy.institution_code]
        register = acceptance_register(codes)
        return World(Rulebook(codes), register), World(Rulebook(codes, draft=trial.version), register)
    assert trial.entry is not None
    codes = [trial.entry.institution_code]
    rulebook = Rulebook(codes)
    tried = acceptance_register(codes, draft=trial.entry)
    return World(rulebook, acceptance_register(codes)), World(rulebook, tried)


def _both_ways(
    cases: Sequence[Application],
    worlds: tuple[World, World],
    *,
    at: datetime,
    sent_at: datetime | None = None,
) -> Iterator[tuple[Application, Change | None]]:
    """Each case with what changes; None where the draft does not touch what it is judged by."""
    now, then = worlds
    facts_now = facts_of_many(cases, at=at, received_at=sent_at, register=now.register)
    facts_then = facts_now
    if then.register is not now.register:
        facts_then = facts_of_many(cases, at=at, received_at=sent_at, register=then.register)
    for case, is_known, would_be_known in zip(cases, facts_now, facts_then, strict=True):
        day = day_of(sent_at or case.submitted_at or at)
        rules, would_be = (world.rules_for(case.offering.programme, day) for world in worlds)
        if rules == would_be and is_known == would_be_known:
            yield case, None
        else:
            yield case, Change(_said(is_known, rules, at), _said(would_be_known, would_be, at))


def _said(facts: engine.Facts, rules: RulesInForce | None, at: datetime) -> engine.Assessment | None:
    return engine.assess(facts, rules.requirements(), at=at) if rules else None


@dataclass
class _Tally:
    seen: int = 0
    moves: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, case: Application, change: Change | None) -> None:
        self.seen += 1
        if change is None or change.verdicts[0] == change.verdicts[1]:
            return
        before, after = (verdict.value if verdict else "" for verdict in change.verdicts)
        slug = case.offering.programme.slug
        self.moves[slug, before, after] += 1
        if len(self.rows) < ROWS_KEPT:
            self.rows.append(
                {
                    "application": str(case.pk),
                    "programme": slug,
                    "before": before,
                    "after": after,
                    "flips": [flip.to_json() for flip in change.flips()],
                }
            )

    @property
    def changed(self) -> int:
        return self.moves.total()

    def by_programme(self) -> list[dict[str, Any]]:
        return [
            {"programme": slug, "before": before, "after": after, "cases": number}
            for (slug, before, after), number in sorted(self.moves.items())
        ]
