"""No list costs more questions to the database at 30 rows than at 3, and none costs more than its budget."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import cycle
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.history.actions import record_event
from admissions_portal.outbox.models import Message
from admissions_portal.support.actors import Actor
from applications.applicants.models import Applicant
from applications.assessments.actions import assess_application
from applications.assessments.models import Assessment, OfficerFinding, Reassessment
from applications.evidence.models import SlotCode
from applications.exports.models import ExportFormat, ExportLog
from applications.lifecycle.models import Application, Opened
from applications.lifecycle.openings import note_opening
from applications.lifecycle.states import State
from applications.offers.actions import make_offer
from applications.offers.terms import ConditionTerms, OfferTerms
from eligibility.engine import Layer, Overlay, to_json
from eligibility.models import AcceptedAward, Policy, PolicyPreview, PolicyVersion, fingerprint
from programmes.models import CreditComponent, DocumentTitle, Programme, Statement
from programmes.questions.actions import begin_questions
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import CaseFactory, DraftFactory, ReviewFactory, acting, officer
from tests.factories.drafts import publish_policies
from tests.factories.evidence import DocumentFactory
from tests.factories.policies import draft_raising_ielts
from tests.factories.programmes import (
    AppointmentFactory,
    InstitutionFactory,
    OfferingFactory,
    OfficeFactory,
    ProgrammeFactory,
    RoundFactory,
    SpecialisationFactory,
    TrackFactory,
    hkt,
)

pytestmark = pytest.mark.django_db
NOW = hkt(2026, 3, 30, 9, 0)


@pytest.fixture(autouse=True)
def _here_and_now(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    publish_policies()
    start_clock_at(NOW)


def asked(client: Client, address: str) -> list[str]:
    """The questions of one reading of a page, after one reading that fills what is kept between requests."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address)
    return [query["sql"] for query in queries]


def hold_at_most(most: int, user: User | None, address: str, grow: Callable[[int], object]) -> None:
    """As many questions with 3 rows as with 30, at most `most` beside those for session and user."""
    client = Client()
    if user is not None:
        client.force_login(user)
    grow(3)
    few = asked(client, address)
    grow(27)
    many = asked(client, address)
    assert len(many) == len(few), "\n".join(sql[:300] for sql in many if many.count(sql) != few.count(sql))
    own = sum(
        "django_session" in sql or 'FROM "accounts_user" WHERE "accounts_user"."id"' in sql for sql in many
    )
    assert len(many) - own <= most, "\n".join(sql[:200] for sql in many)


def programme_in_full() -> Programme:
    offering = OfferingFactory()
    RoundFactory(offering=offering)
    SpecialisationFactory(track=TrackFactory(programme=offering.programme))
    return offering.programme


def test_the_catalogue() -> None:
    hold_at_most(10, None, "/", lambda count: [programme_in_full() for _n in range(count)])


def test_the_feed_of_open_rounds() -> None:
    hold_at_most(
        4, None, reverse("programmes:open_rounds"), lambda count: [programme_in_full() for _n in range(count)]
    )


def test_a_programme_with_many_parts() -> None:
    programme = programme_in_full()
    Programme.objects.update(slug="many")

    def grow(count: int) -> None:
        for n in range(count):
            SpecialisationFactory(track=TrackFactory(programme=programme))
            clause = f"HKU-15.{Statement.objects.count()}"
            Statement.objects.create(
                institution=programme.institution,
                programme=programme,
                topic="ENTRANCE" if n % 2 else "OCCASIONAL",
                text="Text",
                source=clause,
            )

    hold_at_most(12, None, "/programmes/many/", grow)


def things_of(applicant: Applicant, count: int) -> None:
    """Drafts, cases and messages of one person."""
    states = cycle([None, State.SUBMITTED, State.IN_REVIEW])
    for _n, state in zip(range(count), states, strict=False):
        offering = OfferingFactory()
        RoundFactory(offering=offering)
        case = (
            CaseFactory(applicant=applicant, offering=offering, state=state)
            if state
            else DraftFactory(applicant=applicant, offering=offering)
        )
        DocumentFactory(application=case)
        Message.objects.create(
            kind="receipt",
            to_user=applicant.user_id,
            to_address=applicant.user.email,
            language="en",
            subject="Received",
            body="x",
            about_kind="application",
            about_id=str(case.pk),
            queued_at=NOW,
            due_at=NOW,
        )


def test_the_sets_of_questions() -> None:
    administrator = StaffFactory()

    def grow(count: int) -> None:
        for _n in range(count):
            programme = ProgrammeFactory()
            AppointmentFactory(user=administrator, programme=programme, role=Role.ADMINISTRATOR)
            begin_questions(programme, by=acting(administrator), at=NOW)

    hold_at_most(8, administrator, reverse("admin:programmes_questionset_changelist"), grow)


def test_the_applicants_home() -> None:
    applicant = ApplicantFactory()
    hold_at_most(19, applicant.user, reverse("applications:home"), lambda count: things_of(applicant, count))


def a_case() -> Application:
    return CaseFactory(offering__intake__programme__slug="hku-mmedsc")


def an_offer() -> Application:
    case = a_case()
    terms = OfferTerms(
        hkt(2026, 4, 29, 23, 59),
        tuple(ConditionTerms(f"Condition {n}", "By post", date(2026, 8, 31)) for n in range(5)),
    )
    make_offer(case, terms=terms, by=acting(officer(case.offering.programme)), at=NOW)
    return Application.objects.get(pk=case.pk)


def much_about(case: Application, count: int) -> None:
    """Documents, reviews, findings and events, each by somebody else."""
    for slot in zip(range(count), cycle(set(SlotCode) - {SlotCode.PROGRAMME})):
        somebody = StaffFactory()
        DocumentFactory(
            application=case, slot=slot[1], status="VERIFIED", checked_by=somebody, checked_at=NOW
        )
        ReviewFactory(application=case, reviewer=somebody)
        OfficerFinding.objects.create(
            application=case, code="HKU-E1", outcome="MET", reason="Seen", found_by=somebody, found_at=NOW
        )
        record_event("review.given", about=case, by=acting(somebody), at=NOW)
        note_opening(case.pk, Opened.CASE, by=somebody, at=NOW)


@pytest.mark.parametrize("role", [Role.PROGRAMME_OFFICE, Role.REVIEWER, Role.COORDINATOR])
def test_a_case_with_much_in_it(role: Role) -> None:
    case = a_case()
    assess_application(case, by=Actor.system(), at=NOW)
    address = reverse("admin:applications_application_change", args=[case.pk])
    hold_at_most(23, officer(case.offering.programme, role), address, lambda count: much_about(case, count))


def test_a_case_with_an_offer() -> None:
    case = an_offer()
    address = reverse("admin:applications_application_change", args=[case.pk])
    hold_at_most(22, officer(case.offering.programme), address, lambda count: much_about(case, count))


@pytest.mark.parametrize("page", ["overview", "documents"])
def test_the_applicants_page_of_a_case(page: str) -> None:
    case = an_offer()
    address = reverse(f"applications:{page}", args=[case.pk])

    def grow(count: int) -> None:
        much_about(case, count)
        Message.objects.bulk_create(
            Message(
                kind="receipt",
                to_user=case.applicant.user_id,
                to_address="x@example.com",
                language="en",
                subject="Received",
                body="x",
                about_kind="application",
                about_id=str(case.pk),
                queued_at=NOW,
                due_at=NOW,
            )
            for _n in range(count)
        )

    hold_at_most(25, case.applicant.user, address, grow)


def cases_for(programme: Programme, count: int) -> None:
    """Cases with an assessment, two reviews, a specialisation and a document each."""
    offering = programme.intakes.get().offerings.get()
    specialisation = SpecialisationFactory(track=TrackFactory(programme=programme))
    version = PolicyVersion.objects.first()
    for _n in range(count):
        case = CaseFactory(offering=offering, specialisation=specialisation)
        Assessment.objects.create(
            application=case,
            policy_version=version,
            at=NOW,
            verdict="ELIGIBLE",
            facts={},
            findings=[{"code": "HKU-E1", "outcome": "MET", "reason": "officer_recorded", "part_of": ""}],
        )
        ReviewFactory(application=case)
        ReviewFactory(application=case)


@pytest.mark.parametrize(
    ("most", "role", "name"),
    [
        pytest.param(8, Role.PROGRAMME_OFFICE, "applications_application_changelist", id="the office's list"),
        pytest.param(8, Role.COORDINATOR, "shortlist", id="the shortlist"),
        pytest.param(8, Role.COORDINATOR, "index", id="the office's first page"),
    ],
)
def test_lists_of_cases(most: int, role: Role, name: str) -> None:
    programme = programme_in_full()
    hold_at_most(
        most, officer(programme, role), reverse(f"admin:{name}"), lambda count: cases_for(programme, count)
    )


@pytest.mark.parametrize("file_format", ExportFormat.values)
def test_an_export(file_format: str) -> None:
    programme = programme_in_full()
    client = Client()
    client.force_login(officer(programme, Role.COORDINATOR))
    counts = []
    for rows in (3, 27):
        cases_for(programme, rows)
        with CaptureQueriesContext(connection) as queries:
            assert client.post(reverse("admin:shortlist_export", args=[file_format])).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_mailbox() -> None:
    def grow(count: int) -> None:
        for n in range(count):
            case = CaseFactory()
            Message.objects.create(
                kind="receipt",
                to_user=case.applicant.user_id,
                to_address=f"{n}@example.com",
                language="en",
                subject="Received",
                body="x",
                about_kind="application",
                about_id=str(case.pk),
                queued_at=NOW + timedelta(minutes=n),
                due_at=NOW,
            )

    hold_at_most(8, None, reverse("outbox:mailbox"), grow)


def test_the_log_of_exports() -> None:
    coordinator = officer(ProgrammeFactory(), Role.COORDINATOR)

    def grow(count: int) -> None:
        for _n in range(count):
            ExportLog.objects.create(
                exported_by=coordinator, exported_at=NOW, kind="shortlist", format="CSV", rows=3
            )

    hold_at_most(8, coordinator, reverse("admin:applications_exportlog_changelist"), grow)


def programmes(count: int) -> None:
    for n in range(count):
        programme = programme_in_full()
        AppointmentFactory(programme=programme)
        CreditComponent.objects.create(programme=programme, name="Core", least=60, most=60, source="HKU-10")
        DocumentTitle.objects.create(programme=programme, title="Calendar", source="HKU-17")
        Statement.objects.create(
            institution=programme.institution,
            programme=programme,
            topic="OCCASIONAL",
            text=str(n),
            source="HKU-15",
        )
        OfficeFactory(institution=InstitutionFactory(code=f"house-{Programme.objects.count()}"))


@pytest.mark.parametrize(
    "model",
    [
        "institution",
        "office",
        "programme",
        "track",
        "creditcomponent",
        "documenttitle",
        "specialisation",
        "statement",
        "intake",
        "offering",
        "round",
        "appointment",
    ],
)
def test_the_catalogues_lists(model: str) -> None:
    root = UserFactory(is_staff=True, is_superuser=True)
    hold_at_most(8, root, reverse(f"admin:programmes_{model}_changelist"), programmes)


@pytest.mark.parametrize("name", ["accounts_user", "account_emailaddress"])
def test_the_lists_of_accounts(name: str) -> None:
    root = UserFactory(is_staff=True, is_superuser=True)
    address = reverse(f"admin:{name}_changelist")
    hold_at_most(8, root, address, lambda count: UserFactory.create_batch(count))


def layer_in_full(user: User) -> Policy:
    """A programme with rules of its own: two versions and a draft that was looked at."""
    programme = ProgrammeFactory(research=True, institution__code="hkust")
    AppointmentFactory(user=user, programme=programme, role=Role.COORDINATOR)
    policy = Policy.objects.create(
        code=programme.slug.upper(),
        title=programme.name,
        layer="PROGRAMME",
        institution_code="hkust",
        level=programme.level,
        programme_slug=programme.slug,
    )
    overlay = to_json(Overlay(policy=policy.code, title=policy.title, layer=Layer.PROGRAMME))
    for number in (1, 2, None):
        version = PolicyVersion.objects.create(
            policy=policy,
            number=number,
            effective_from=date(2026, 1, number or 3),
            content=overlay,
            sha256=fingerprint(overlay),
            reason="The department asks for more.",
            drafted_by=user,
            drafted_at=NOW,
            published_at=NOW if number else None,
        )
    version.previews.create(fingerprint=version.fingerprint, at=NOW, counts={}, rows=[])
    return policy


def test_the_list_of_rules() -> None:
    coordinator = StaffFactory()
    page = reverse("admin:eligibility_policy_changelist")
    hold_at_most(10, coordinator, page, lambda count: [layer_in_full(coordinator) for _n in range(count)])


def test_a_policy_with_many_versions() -> None:
    coordinator = StaffFactory()
    policy = layer_in_full(coordinator)
    content = policy.versions.first().content

    def grow(count: int) -> None:
        for _n in range(count):
            last = policy.versions.latest("effective_from")
            PolicyVersion.objects.create(
                policy=policy,
                number=(policy.versions.exclude(number=None).latest("number").number or 0) + 1,
                effective_from=last.effective_from + timedelta(days=1),
                content=content,
                sha256=fingerprint(content),
                published_by=StaffFactory(),
                published_at=NOW,
            )

    hold_at_most(11, coordinator, reverse("admin:eligibility_policy_change", args=[policy.pk]), grow)


def test_the_acceptance_register() -> None:
    programme = ProgrammeFactory(slug="hku-mmedsc")
    coordinator = officer(programme, Role.COORDINATOR)

    def grow(count: int) -> None:
        for n in range(count):
            AcceptedAward.objects.create(
                institution_code="hku",
                names=[f"University {n}"],
                kind="COMPARABLE",
                in_force_from=date(2026, 1, 1),
                why="Seen by the Board",
                drafted_by=StaffFactory(),
                drafted_at=NOW,
            )

    hold_at_most(6, coordinator, reverse("admin:eligibility_acceptedaward_changelist"), grow)


def changed_cases(programme: Programme, run: Reassessment, draft: PolicyVersion, count: int) -> None:
    """Cases whose result changed: in a run, and in a preview of a draft."""
    cases_for(programme, count)
    cases = Application.objects.filter(offering__intake__programme=programme)
    for case in cases.filter(assessments__isnull=False).distinct()[:count]:
        again = case.assessments.latest("pk")
        again.pk, again.reassessment, again.changed_from = None, run, "INELIGIBLE"
        again.save()
    rows = [
        {
            "application": str(case.pk),
            "programme": programme.slug,
            "before": "INELIGIBLE",
            "after": "ELIGIBLE",
            "flips": [],
        }
        for case in cases
    ]
    PolicyPreview.objects.create(
        version=draft,
        fingerprint=draft.fingerprint,
        at=NOW,
        counts={
            "cases": len(rows),
            "changed": len(rows),
            "programmes": [],
            "drafts": {"seen": 0, "changed": 0},
        },
        rows=rows,
    )


@pytest.mark.parametrize("page", ["impact", "reassessment", "reassess"])
def test_the_pages_of_what_rules_change(page: str) -> None:
    offering = OfferingFactory(intake__programme__slug="hku-mmedsc")
    RoundFactory(offering=offering)
    coordinator = officer(offering.programme, Role.COORDINATOR)
    draft = draft_raising_ielts("6.5", by=coordinator)
    run = Reassessment.objects.create(
        requested_by=coordinator, requested_at=NOW, programmes=[offering.programme.pk]
    )
    args = {"impact": ["version", draft.pk], "reassessment": [run.pk], "reassess": []}[page]
    hold_at_most(
        14,
        coordinator,
        reverse(f"admin:eligibility_{page}", args=args),
        lambda count: changed_cases(offering.programme, run, draft, count),
    )


def test_every_run_of_the_rules_on_a_case() -> None:
    case = a_case()
    hold_at_most(
        16,
        officer(case.offering.programme),
        reverse("admin:applications_application_runs", args=[case.pk]),
        lambda count: [assess_application(case, by=Actor.system(), at=NOW) for _n in range(count)],
    )


def test_a_finding_for_several_cases() -> None:
    programme = programme_in_full()
    address = reverse("admin:applications_application_findings") + "?all=1"
    hold_at_most(8, officer(programme), address, lambda count: cases_for(programme, count))
