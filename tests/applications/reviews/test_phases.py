"""Phases of review: when one may score, who, and what a change of them does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from admissions_portal.accounts.roles import Role
from admissions_portal.history.queries import events_about
from applications.lifecycle.models import Application
from applications.reviews.actions import abstain_from_review
from applications.reviews.models import Review
from applications.reviews.phases import OthersScores, ReviewPhase, WhoScores
from applications.reviews.phases_actions import (
    PhaseRefused,
    PhaseTerms,
    change_phase,
    edition_of,
    make_phase,
    remove_phase,
)
from applications.reviews.phases_effects import effects_of
from applications.reviews.phases_queries import ScoringClosed, why_not_scored_now
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.programmes import IntakeFactory, ProgrammeFactory, hkt
from tests.factories.reviewing import AssignmentFactory, PhaseFactory, score

pytestmark = pytest.mark.django_db
AT = hkt(2026, 3, 20, 10, 0)
TERMS = PhaseTerms("First reading", hkt(2026, 4, 1), hkt(2026, 4, 30, 23, 59))


@pytest.fixture
def case() -> Application:
    return CaseFactory(offering__intake__programme__office__name="MMedSc Office")


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        pytest.param(
            hkt(2026, 3, 31, 23, 59, 59), "Reviewing begins on 1 April 2026, 00:00 HKT.", id="before"
        ),
        pytest.param(hkt(2026, 4, 1), "", id="from its first instant"),
        pytest.param(hkt(2026, 4, 30, 23, 59, 59), "", id="to the end of its last minute"),
        pytest.param(hkt(2026, 5, 1), "Reviewing begins on 10 May 2026, 09:00 HKT.", id="between two phases"),
        pytest.param(
            hkt(2026, 5, 10, 9, 0),
            "In “Second reading” a case is scored by those it was given to. Ask the MMedSc Office to give it "
            "to you.",
            id="a phase for assigned readers",
        ),
        pytest.param(
            hkt(2026, 5, 12),
            "Reviewing ended on 11 May 2026, 23:59 HKT. Ask the MMedSc Office whether your score is still "
            "needed.",
            id="after the last",
        ),
    ],
)
def test_a_score_is_given_while_a_phase_runs(case: Application, at: datetime, sentence: str) -> None:
    PhaseFactory(intake=case.offering.intake)
    PhaseFactory(
        intake=case.offering.intake,
        name="Second reading",
        begins_at=hkt(2026, 5, 10, 9, 0),
        ends_at=hkt(2026, 5, 11, 23, 59),
        who_scores=WhoScores.ASSIGNED,
    )
    reader = officer(case.offering.programme, Role.REVIEWER)
    if not sentence:
        assert score(case, reader, at=at).reviewed_at == at
        return
    for act in (
        lambda: score(case, reader, at=at),
        lambda: abstain_from_review(case, reason="My student.", by=acting(reader), at=at),
    ):
        with pytest.raises(ScoringClosed) as refused:
            act()
        assert str(refused.value).replace("\N{NO-BREAK SPACE}", " ") == sentence
    assert not Review.objects.exists()


def test_those_to_whom_a_case_was_given_score_it_until_it_is_taken_back(case: Application) -> None:
    PhaseFactory(intake=case.offering.intake, who_scores=WhoScores.ASSIGNED)
    reader, other = (officer(case.offering.programme, Role.REVIEWER) for _ in range(2))
    AssignmentFactory(application=case, reader=reader)
    AssignmentFactory(application=case, reader=other, taken_back_at=AT, taken_back_by=reader)
    assert score(case, reader, at=hkt(2026, 4, 3)).reviewer == reader
    with pytest.raises(ScoringClosed):
        score(case, other, at=hkt(2026, 4, 3))


def test_without_a_phase_every_reader_scores_at_any_time(case: Application) -> None:
    PhaseFactory()  # another intake's
    assert why_not_scored_now(case, [], is_given=False, at=AT) == ""
    assert score(case, officer(case.offering.programme, Role.COORDINATOR), at=AT).reviewed_at == AT


def test_a_phase_is_made_changed_and_removed_on_record() -> None:
    intake = IntakeFactory()
    by = acting(officer(intake.programme, Role.COORDINATOR))
    phase = make_phase(intake, replace(TERMS, name="  First reading "), by=by, at=AT)
    assert (phase.name, phase.closed_from, phase.is_running(hkt(2026, 4, 30, 23, 59, 59))) == (
        "First reading",
        hkt(2026, 5, 1),
        True,
    )
    later = replace(TERMS, ends_at=hkt(2026, 5, 2, 12, 0), who_scores=WhoScores.ASSIGNED, readers_needed=3)
    seen = edition_of(phase)
    changed = change_phase(phase, later, seen=seen, by=by, at=AT)
    assert (changed.closed_from, changed.readers_needed) == (hkt(2026, 5, 2, 12, 1), 3)
    assert change_phase(phase, later, seen="an earlier page", by=by, at=AT) == changed  # nothing changes
    with pytest.raises(PhaseRefused, match="Somebody else changed this phase"):
        change_phase(phase, TERMS, seen=seen, by=by, at=AT)
    assert [(event.kind, event.data.get("readers")) for event in events_about(phase)] == [
        ("phase.made", 2),
        ("phase.changed", 3),
    ]
    remove_phase(phase, by=by, at=AT)
    remove_phase(phase, by=by, at=AT)
    assert [event.kind for event in events_about(phase)][2:] == ["phase.removed"]
    with pytest.raises(PhaseRefused, match="was removed a moment ago"):
        change_phase(phase, TERMS, seen=edition_of(changed), by=by, at=AT)


def test_a_phase_in_which_cases_were_given_stays_on_record() -> None:
    given = AssignmentFactory(phase=PhaseFactory())
    by = acting(officer(given.phase.programme))
    with pytest.raises(PhaseRefused, match="stays on record"):
        remove_phase(given.phase, by=by, at=AT)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"ends_at": hkt(2026, 3, 19, 23, 59), "begins_at": hkt(2026, 3, 1)},
            "19 March 2026, 23:59 HKT has passed",
        ),
        ({"ends_at": hkt(2026, 3, 31, 23, 59)}, "before it begins on 1 April 2026, 00:00 HKT"),
        ({"readers_needed": 0}, "A case needs 1 to 9 readers; 0 is not in between."),
        ({"readers_needed": 10}, "A case needs 1 to 9 readers; 10 is not in between."),
        ({"ends_at": hkt(2026, 6, 1, 0, 0)}, "“Committee” runs from 1 June 2026, 00:00 HKT"),
        ({"begins_at": hkt(2026, 6, 30, 23, 59), "ends_at": hkt(2026, 7, 9)}, "“Committee” runs from"),
        ({"ends_at": hkt(2026, 5, 31, 23, 59)}, ""),
        ({"begins_at": hkt(2026, 7, 1), "ends_at": hkt(2026, 7, 9)}, ""),
    ],
    ids=[
        "over",
        "backwards",
        "nobody",
        "too many",
        "a minute into the next",
        "from the last minute of it",
        "up to it",
        "from its end",
    ],
)
def test_what_a_phase_may_be(changes: dict[str, Any], sentence: str) -> None:
    other = PhaseFactory(name="Committee", begins_at=hkt(2026, 6, 1), ends_at=hkt(2026, 6, 30, 23, 59))
    by, terms = acting(officer(other.programme)), replace(TERMS, **changes)
    if not sentence:
        assert make_phase(other.intake, terms, by=by, at=AT).intake == other.intake
        return
    with pytest.raises(PhaseRefused) as refused:
        make_phase(other.intake, terms, by=by, at=AT)
    assert sentence in str(refused.value).replace("\N{NO-BREAK SPACE}", " ")


def test_the_database_lets_no_two_phases_of_an_intake_overlap() -> None:
    phase = PhaseFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        PhaseFactory(intake=phase.intake, begins_at=hkt(2026, 4, 30, 23, 59), ends_at=hkt(2026, 5, 9))
    PhaseFactory(intake=phase.intake, begins_at=hkt(2026, 5, 1), ends_at=hkt(2026, 5, 9))
    PhaseFactory()


def test_phases_are_set_by_whoever_assigns_readers_in_that_programme() -> None:
    phase = PhaseFactory()
    strangers = [
        officer(phase.programme, Role.REVIEWER),
        officer(phase.programme, Role.ADMINISTRATOR),
        officer(ProgrammeFactory(), Role.COORDINATOR),
    ]
    for by in map(acting, strangers):
        with pytest.raises(PermissionDenied):
            make_phase(phase.intake, TERMS, by=by, at=AT)
        with pytest.raises(PermissionDenied):
            change_phase(phase, TERMS, seen=edition_of(phase), by=by, at=AT)
        with pytest.raises(PermissionDenied):
            remove_phase(phase, by=by, at=AT)
    assert list(ReviewPhase.objects.all()) == [phase]


def test_what_a_phase_does_is_said_before_it_is_saved(case: Application) -> None:
    intake, programme = case.offering.intake, case.offering.programme
    first, second = (officer(programme, Role.REVIEWER, name=name) for name in ("Prof. LAM", "Dr. KAUR"))
    CaseFactory(offering=case.offering)
    score(case, first, at=AT)

    def told(terms: PhaseTerms, before: ReviewPhase | None = None, at: datetime = AT) -> list[str]:
        said = effects_of(intake, terms, before=before, at=at)
        return [sentence.replace("\N{NO-BREAK SPACE}", " ") for sentence in said]

    assert told(replace(TERMS, others_scores=OthersScores.AFTER_PHASE)) == [
        "2 cases of this intake are under consideration.",
        "2 of them need readers: 3 in all.",
        "Readers can score now; they then cannot before 1 April 2026, 00:00 HKT.",
        "2 readers of the programme can score every case.",
        "No reader sees what others scored before the phase has ended.",
        "Scores that are in stay as they are.",
    ]
    phase = PhaseFactory(intake=intake)
    AssignmentFactory(application=case, reader=second, phase=phase)
    during = hkt(2026, 4, 20)
    stricter = replace(
        TERMS,
        ends_at=hkt(2026, 4, 19, 23, 59),
        who_scores=WhoScores.ASSIGNED,
        others_scores=OthersScores.AFTER_PHASE,
    )
    assert told(stricter, phase, during) == [
        "2 cases of this intake are under consideration.",
        "1 of them needs readers: 2 in all.",
        "Scoring ends at once.",
        "1 score is still awaited; it is then due by 19 April 2026, 23:59 HKT.",
        "These readers have no case, so they can score none: Prof. LAM.",
        "1 reader who has scored no longer sees what others scored, until the phase ends.",
        "Scores that are in stay as they are.",
    ]
    score(case, second, "2.0", at=during)
    assert "The scores of 1 case lie apart: it needs one more reader." in told(
        replace(TERMS, asks_third_reader=True), phase, during
    )
