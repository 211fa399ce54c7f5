"""`python -m tests.benchmarks.reassess`: the rules run again over every open case, on a database of its own.

Every side reads the same cases, asks the same engine the same questions and writes the same rows:

- this portal: what cases share is read once a chunk, rows and history are written by COPY;
- ORM and bulk_create: one query set with all that is needed selected and prefetched, what was asked last
  compared as it is stored, rows and history by bulk_create, a thousand cases to a transaction;
- ORM, row by row: what assesses one case, for each case of a sample;
- load only: what we read, made into facts, and nothing else.

The clock on the wall counts, for half of the work is the database's.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.db.models import Q

from tests.benchmarks.measuring import FULL, say, say_goal

AT_ONCE = 1000
SAMPLE = 300


def fill(count: int) -> Any:
    """`count` open cases of one programme, each assessed once, and a version of the rules published since
    that asks more; the run that is to assess them under it."""
    from admissions_portal.accounts.models import User
    from admissions_portal.accounts.roles import Role
    from applications.applicants.models import Applicant, ProfileSnapshot
    from applications.assessments.models import Reassessment
    from applications.lifecycle.models import Application
    from tests.factories.applications import RECEIVED, officer
    from tests.factories.drafts import publish_policies, taught_offering
    from tests.factories.policies import draft_raising_ielts, publish

    publish_policies()
    offering = taught_offering()
    profiles = _profiles()
    for start in range(0, count, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, count))
        users = User.objects.bulk_create(User(email=f"{number}@example.com") for number in numbers)
        people = Applicant.objects.bulk_create(Applicant(user=user) for user in users)
        frozen = ProfileSnapshot.objects.bulk_create(
            ProfileSnapshot(
                applicant=person, data=profiles[n % len(profiles)], sha256="0" * 64, taken_at=RECEIVED
            )
            for n, person in enumerate(people)
        )
        Application.objects.bulk_create(
            Application(
                number=f"BEN26-{number:06d}",
                applicant=profile.applicant,
                offering=offering,
                state="SUBMITTED",
                state_since=RECEIVED,
                started_at=RECEIVED,
                # over a month, as cases come
                submitted_at=RECEIVED - timedelta(minutes=number % 40_000),
                round=offering.rounds.first(),
                profile=profile,
            )
            for number, profile in zip(numbers, frozen, strict=True)
        )
    coordinator = officer(offering.programme, Role.COORDINATOR)
    first, second = (
        Reassessment.objects.create(
            requested_by=coordinator, requested_at=RECEIVED, programmes=[offering.programme.pk]
        )
        for _n in range(2)
    )
    ours(first)
    publish(draft_raising_ielts("6.5", by=coordinator))
    return undo(second)


def _profiles() -> list[dict[str, Any]]:
    """Twenty people of every kind, as a profile is frozen."""
    from applications.applicants.queries import profile_data
    from tests.factories.applicants import (
        ApplicantFactory,
        EnglishTestFactory,
        ExperienceFactory,
        PostgraduateStudyFactory,
        QualificationFactory,
    )

    made = []
    for number in range(20):
        applicant = ApplicantFactory(mainland=number % 2 == 0)
        QualificationFactory(applicant=applicant, mainland=number % 3 != 0)
        if number % 4 == 0:
            QualificationFactory(applicant=applicant, relied_on=False, level="MASTER")
            PostgraduateStudyFactory(applicant=applicant)
        overall = ("5.5", "6.0", "6.5", "7.0")[number % 4]
        parts = ("overall", "listening", "reading", "writing", "speaking")
        EnglishTestFactory(applicant=applicant, **dict.fromkeys(parts, overall))
        ExperienceFactory(applicant=applicant)
        applicant.refresh_from_db()
        made.append(profile_data(applicant))
    return made


def ours(run: Any, note: Callable[[int], object] = lambda done: None) -> None:
    """As the job does it; `note` is told how far it is."""
    from applications.assessments.reassessing import reassess_next

    while not run.finished:
        run = reassess_next(run, at=moment())
        note(run.seen)


def by_bulk_create(run: Any) -> None:
    from django.db import transaction
    from django.db.models import Prefetch

    from admissions_portal.clock import day_of
    from admissions_portal.history.models import Event
    from applications.assessments.facts import facts_of_many
    from applications.assessments.models import Assessment
    from applications.assessments.queries import cases_considered
    from eligibility import engine
    from eligibility.queries import rules_for

    cases = (
        cases_considered(run.programmes)
        .select_related("offering__intake__programme__institution", "offering__intake__programme__school")
        .prefetch_related(
            "offering__rounds", Prefetch("assessments", Assessment.objects.order_by("-at", "-id"))
        )
    )
    in_force: dict[Any, Any] = {}
    for batch in in_batches(cases.iterator(chunk_size=AT_ONCE)):
        runs, events = [], []
        for case, facts in zip(batch, facts_of_many(batch, at=moment()), strict=True):
            programme, day = case.offering.programme, day_of(case.submitted_at)
            if (programme.pk, day) not in in_force:
                rules = rules_for(programme, on=day)
                in_force[programme.pk, day] = rules, rules.requirements()
            rules, requirements = in_force[programme.pk, day]
            last = next(iter(case.assessments.all()), None)
            told = engine.to_json(facts)
            if (
                last
                and last.versions == rules.ids
                and last.facts == told
                and last.engine == engine.ENGINE_VERSION
            ):
                continue
            result = engine.assess(facts, requirements, at=moment())
            base, *overlays = rules.ids
            runs.append(
                Assessment(
                    application=case,
                    policy_version_id=base,
                    overlays=overlays,
                    engine=result.engine,
                    at=moment(),
                    verdict=result.verdict,
                    changed_from=last.verdict if last and last.verdict != result.verdict else "",
                    facts=told,
                    findings=engine.to_json(result.findings),
                    reassessment=run,
                )
            )
            events.append(
                Event(
                    kind="application.reassessed",
                    about_kind="application",
                    about_id=str(case.pk),
                    at=moment(),
                    actor_kind="USER",
                    actor_id=str(run.requested_by_id),
                    data={"verdict": result.verdict, "policy": base, "run": run.pk},
                )
            )
        with transaction.atomic():
            Assessment.objects.bulk_create(runs)
            Event.objects.bulk_create(events)


def row_by_row(run: Any) -> None:
    from admissions_portal.support.actors import Actor
    from applications.assessments.actions import assess_application
    from applications.assessments.queries import cases_considered

    by = Actor.of(run.requested_by)
    for case in cases_considered(run.programmes)[:SAMPLE]:
        assess_application(case, by=by, at=moment())


def load_only(run: Any) -> None:
    from applications.assessments.facts import facts_of_many
    from applications.assessments.queries import cases_considered, in_chunks
    from applications.assessments.reassessing import last_runs

    for chunk in in_chunks(cases_considered(run.programmes), run.programmes):
        last_runs(case.pk for case in chunk)
        facts_of_many(chunk, at=moment())


def in_batches(cases: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(cases, AT_ONCE)):
        yield batch


def moment() -> datetime:
    from tests.factories.programmes import hkt

    return hkt(2026, 5, 4, 9)


def undo(run: Any) -> Any:
    """As before the run, so that the next side finds the same."""
    from django.db import connection

    from applications.assessments.models import Assessment, Reassessment

    Assessment.objects.filter(Q(reassessment=run) | Q(reassessment=None)).delete()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE history_event")
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    Reassessment.objects.filter(pk=run.pk).update(after=None, seen=0, assessed=0, changed=0, finished=False)
    return Reassessment.objects.get(pk=run.pk)


def written(run: Any) -> list[tuple[Any, ...]]:
    """What a side wrote, without keys and fingerprint, which only we keep."""
    from admissions_portal.history.models import Event
    from applications.assessments.models import Assessment

    runs = (
        Assessment.objects.filter(reassessment=run)
        .order_by("application")
        .values_list(
            "application",
            "policy_version",
            "overlays",
            "engine",
            "at",
            "verdict",
            "changed_from",
            "facts",
            "findings",
        )
    )
    events = Event.objects.order_by("about_id").values_list("kind", "about_id", "at", "actor_id", "data")
    return [*runs, *events]


def resident() -> float:
    """Megabytes of memory this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def seconds_of(side: Callable[[Any], object], run: Any) -> tuple[float, float]:
    """On the wall and of this process's CPU."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    side(run)
    return time.perf_counter() - wall, time.process_time() - cpu


SIDES: Mapping[str, Callable[[Any], object]] = {
    "this portal": ours,
    "ORM and bulk_create": by_bulk_create,
    "ORM, row by row": row_by_row,
    "load only": load_only,
}


def measure(count: int, rounds: int) -> None:
    """One line for each side and each goal."""
    run = fill(count)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in SIDES}
    for _n in range(rounds):
        for name, side in SIDES.items():
            taken[name].append(seconds_of(side, run))
            run = undo(run)
    per = {}
    for name, values in taken.items():
        cases = min(SAMPLE, count) if side_is_sampled(name) else count
        wall, cpu = (sum(value) / len(values) / cases for value in zip(*values, strict=True))
        per[name] = wall
        say(
            benchmark="reassess",
            side=name,
            cases=cases,
            cases_per_second=round(1 / wall),
            wall_microseconds=round(wall * 1e6, 1),
            cpu_microseconds=round(cpu * 1e6, 1),
            per="case",
        )
    say_goal(
        "reassess", per["this portal"], per["ORM and bulk_create"], against="ORM and bulk_create", at_least=4
    )
    of_load = per["this portal"] / per["load only"]
    say(
        benchmark="reassess",
        against="load only",
        ratio=round(of_load, 2),
        goal="at most 3 times load only",
        reached=of_load <= 3,
    )
    held: dict[int, float] = {}
    ours(run, lambda done: held.update({done: resident()}))
    early, late = held[min(max(count // 10, AT_ONCE), count)], max(held.values())
    say(
        benchmark="reassess",
        megabytes_at_a_tenth=round(early),
        megabytes_at_most=round(late),
        goal="flat: at most a tenth more",
        reached=late <= early * 1.1,
    )
    undo(run)


def side_is_sampled(name: str) -> bool:
    return SIDES[name] is row_by_row


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "admissions_portal.settings.test")
    import django
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    django.setup()
    setup_test_environment()
    kept = setup_databases(verbosity=0, interactive=False)
    try:
        measure(100_000 if FULL else 5_000, rounds=1 if FULL else 3)
    finally:
        teardown_databases(kept, verbosity=0)


if __name__ == "__main__":
    main()
