"""One applicant's things in one programme, and everybody who might look at them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Any

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.jobs.actions import request_job
from admissions_portal.outbox.models import Message
from admissions_portal.papers.models import Paper
from admissions_portal.support.actors import Actor
from applications.applicants.models import PriorCourse
from applications.assessments.models import Reassessment
from applications.decisions.actions import offer_place
from applications.decisions.models import PreparedDecision, Release, ReleaseItem
from applications.evidence.actions import EvidenceTerms, ask_for_evidence
from applications.evidence.files import read_bytes
from applications.evidence.models import Document, RequestKind, RequestWants, SlotCode
from applications.exports.models import ExportFormat, ExportLog
from applications.late_entry.actions import CodeScope, CodeTerms, extend_deadline, make_access_code
from applications.late_entry.models import AccessCode
from applications.lifecycle.models import Application
from applications.occasional.actions import (
    CourseTerms,
    RequestTerms,
    add_file,
    save_request,
    send_request,
    start_request,
)
from applications.occasional.models import OccasionalRequest
from applications.offers.models import Offer
from applications.offers.terms import ConditionTerms, OfferTerms
from applications.privacy.actions import make_copy
from applications.privacy.models import RecordCopy
from applications.reviews.actions import give_review
from applications.reviews.models import Recommendation
from applications.reviews.phases import ReviewPhase
from applications.reviews.rubric_actions import draft_rubric
from applications.standing.actions import request_standing
from applications.submission.actions import submit_application
from applications.submission.declarations import in_force
from eligibility.actions import AcceptanceTerms, draft_acceptance, draft_version
from eligibility.models import AcceptedAward, Policy
from programmes.models import (
    Agreement,
    CreditComponent,
    DocumentTitle,
    Programme,
    QuestionSet,
    School,
    Statement,
)
from programmes.questions.actions import begin_questions, draft_questions, publish_questions, save_questions
from programmes.questions.content import Questions
from tests.factories.accounts import StaffFactory
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import DraftFactory, acting, officer
from tests.factories.drafts import AT, own, publish_policies, ready_draft, taught_offering
from tests.factories.evidence import DocumentFactory, PrintedDifferenceFactory, pdf
from tests.factories.programmes import AppointmentFactory, OfferingFactory, ProgrammeFactory, hkt
from tests.factories.reviewing import AssignmentFactory, PhaseFactory
from tests.factories.rubrics import use

MADE = hkt(2026, 4, 20, 10, 0)
NOW = hkt(2026, 5, 5, 9, 0)
# Stand in the case and nowhere else: no outsider's page may hold one of them.
CANARIES = (
    "Zzyzxfamily",
    "Qwghlmgiven",
    "甪端",
    "canary.person@example.com",
    "canary-transcript",
    "Canary Road 77",
)


@dataclass(eq=False)
class World:
    """One applicant's things in one programme, and everybody who might look at them."""

    case: Application
    draft: Application
    document: Document
    own_document: Document
    offer: Offer
    message: Message
    export: ExportLog
    record_copy: RecordCopy
    job: Any
    people: dict[str, User | None]

    @cached_property
    def things(self) -> dict[str, int | str]:
        """The primary keys of the programme's rows, by model, for the admin's addresses."""
        programme = self.case.offering.programme
        rows: dict[str, Any] = {
            "accounts_user": self.case.applicant.user,
            "account_emailaddress": self.case.applicant.user.emailaddress_set.get(),
            "programmes_institution": programme.institution,
            "programmes_school": programme.school,
            "programmes_office": programme.office,
            "programmes_agreement": Agreement.objects.get(),
            "programmes_programme": programme,
            "programmes_track": self.case.specialisation.track,
            "programmes_specialisation": self.case.specialisation,
            "programmes_creditcomponent": CreditComponent.objects.get(),
            "programmes_documenttitle": DocumentTitle.objects.get(),
            "programmes_statement": Statement.objects.get(),
            "programmes_intake": self.case.offering.intake,
            "programmes_offering": self.case.offering,
            "programmes_round": self.case.round,
            "programmes_appointment": programme.appointments.first(),
            "programmes_questionset": QuestionSet.objects.get(),
            "applications_rubric": programme,
            "applications_reviewphase": ReviewPhase.objects.get(),
            "eligibility_policyversion": self.case.assessments.first().policy_version,
            "eligibility_policy": self.case.assessments.first().policy_version.policy,
            "eligibility_acceptedaward": AcceptedAward.objects.get(),
            "applications_exportlog": self.export,
            "applications_accesscode": AccessCode.objects.get(),
            "applications_occasionalrequest": OccasionalRequest.objects.get(),
        }
        return {model: row.pk for model, row in rows.items()}


def make_world() -> World:
    """A programme with a case that has everything, made through the real actions."""
    publish_policies()
    start_clock_at(NOW)
    offering = taught_offering()
    programme = offering.programme
    programme.school = School.objects.create(
        institution=programme.institution, name="Example School", code="x", source="HKU-01"
    )
    programme.save()
    _rest_of_the_catalogue(programme)
    case = ready_draft(
        offering,
        family_name=CANARIES[0],
        given_names=CANARIES[1],
        chinese_name=CANARIES[2],
        address_2=CANARIES[5],
        user__email=CANARIES[3],
    )
    document = case.documents.get()
    Document.objects.update(name=f"{CANARIES[4]}.pdf")
    submit_application(case, declaration=in_force(on=AT.date()), by=own(case), at=AT)
    staff = {role.value: officer(programme, role) for role in Role}
    give_review(
        case,
        points={"score": Decimal("4.5")},
        recommendation=Recommendation.OFFER,
        by=acting(staff[Role.REVIEWER]),
        at=MADE,
    )
    # a rubric that is used, and a draft of the next
    use(programme, at=MADE)
    draft_rubric(programme, by=acting(staff[Role.COORDINATOR]), at=MADE)
    phase = PhaseFactory(intake=offering.intake)
    AssignmentFactory(application=case, reader=staff[Role.REVIEWER], phase=phase)
    _asked_of(case, acting(staff[Role.PROGRAMME_OFFICE]), acting(staff[Role.ADMINISTRATOR]))
    terms = OfferTerms(
        hkt(2026, 5, 29, 23, 59), (ConditionTerms("Transcript", "Sent by post", date(2026, 8, 31)),)
    )
    offer_place(case, terms=terms, by=acting(staff[Role.PROGRAMME_OFFICE]), at=MADE)
    # found since: it would have held the offer
    PrintedDifferenceFactory(printed__document=document)
    release = Release.objects.create(release_at=MADE, made_at=MADE, made_by=staff[Role.PROGRAMME_OFFICE])
    prepared = PreparedDecision.objects.get()
    ReleaseItem.objects.create(release=release, prepared=prepared, revision=1, status="RELEASED")
    Paper.objects.update(
        status=Paper.Status.RENDERED,
        pdf=b"%PDF-1.7",
        sha256=sha256(b"%PDF-1.7").hexdigest(),
        pages=1,
        rendered_at=MADE,
    )
    draft = DraftFactory(
        applicant=case.applicant, offering=OfferingFactory(intake=offering.intake, mode="PART_TIME")
    )
    PriorCourse.objects.create(
        applicant=case.applicant, title="canary-transcript", institution="Example", credits=6, passed=True
    )
    request_standing(case, statement="The same.", by=own(case), at=MADE)
    _rules_being_written(acting(staff[Role.COORDINATOR]))
    _late_and_occasional(case, acting(staff[Role.PROGRAMME_OFFICE]))
    Reassessment.objects.create(
        requested_by=staff[Role.COORDINATOR], requested_at=MADE, programmes=[programme.pk]
    )
    export = ExportLog.objects.create(
        exported_by=staff[Role.COORDINATOR],
        exported_at=MADE,
        kind="shortlist",
        format=ExportFormat.CSV,
        rows=1,
    )
    people: dict[str, User | None] = {
        "anonymous": None,
        "owner": case.applicant.user,
        "another applicant": ApplicantFactory().user,
        **{role.lower(): user for role, user in staff.items()},
        # every role at once: whoever holds fewer sees no more
        "staff of another programme": appointed(ProgrammeFactory(institution=programme.institution)),
        "staff of another institution": appointed(ProgrammeFactory(institution__code="hkust")),
        "superuser": StaffFactory(is_superuser=True),
    }
    return World(
        case=Application.objects.get(pk=case.pk),
        draft=draft,
        document=document,
        own_document=DocumentFactory(application=draft, slot=SlotCode.DEGREE, name="mine.pdf"),
        offer=case.offer,
        message=Message.objects.filter(to_user=case.applicant.user_id).earliest("queued_at"),
        export=export,
        record_copy=make_copy(case.applicant.user, at=NOW, progress=lambda done, total=None: None),
        job=request_job("sample", by=own(case), at=MADE),
        people=people,
    )


def _rest_of_the_catalogue(programme: Programme) -> None:
    """A row of each kind that the factories do not make."""
    house = programme.institution
    Agreement.objects.create(
        code="mou",
        institution=house,
        title="Agreement",
        signed_on=date(2025, 1, 1),
        as_of=date(2025, 1, 2),
        source="MOU-01",
    )
    CreditComponent.objects.create(programme=programme, name="Core", least=60, most=60, source="HKU-10")
    DocumentTitle.objects.create(programme=programme, title="Calendar", source="HKU-17")
    Statement.objects.create(
        institution=house, programme=programme, topic=Statement.Topic.OCCASIONAL, text="Text", source="HKU-15"
    )


def _asked_of(case: Application, office: Actor, administrator: Actor) -> None:
    """A request of the office, and a published set of questions with a draft."""
    terms = EvidenceTerms(
        kind=RequestKind.LATER_NON_BLOCKING,
        wants=RequestWants.DOCUMENT,
        title="Passport",
        words="canary-request",
        due_on=date(2026, 6, 1),
    )
    ask_for_evidence(case, terms=terms, by=office, at=MADE)
    draft = begin_questions(case.offering.programme, by=administrator, at=MADE)
    asked = Questions({"en": "More"}, {"en": ""}, ())
    draft = save_questions(
        draft,
        content=asked,
        effective_from=MADE.date(),
        reason="First",
        seen=draft.edition,
        by=administrator,
        at=MADE,
    )
    publish_questions(draft, seen=draft.edition, by=administrator, at=MADE)
    draft_questions(draft.set, by=administrator, at=MADE)


def _rules_being_written(by: Actor) -> None:
    """A draft of the programme's rules, and one of an entry of its register."""
    draft_version(Policy.objects.get(code="HKU-MMEDSC"), by=by, at=MADE)
    terms = AcceptanceTerms("hku", ["Example University"], "COMPARABLE", MADE.date(), "Seen by the Board")
    draft_acceptance(replace(terms, programme_slug="hku-mmedsc"), by=by, at=MADE)


def _late_and_occasional(case: Application, office: Actor) -> None:
    """A code and more time for the person, and the person's request for a course, with a file."""
    offering, email = case.offering, case.applicant.user.email
    scope, terms = CodeScope(offering.programme, offering), CodeTerms(hkt(2026, 6, 30, 23, 59), email=email)
    make_access_code(scope, terms, by=office, at=MADE)
    extend_deadline(offering, email=email, valid_until=terms.valid_until, reason="Ill.", by=office, at=MADE)
    me, person = own(case), case.applicant
    request = start_request(person, offering.programme, by=me, at=MADE)
    add_file(request, read_bytes(pdf(), name=f"{CANARIES[4]}.pdf"), by=me, at=MADE)
    said = RequestTerms({}, (CourseTerms("Statistics"),), "For my work.")
    send_request(save_request(request, said, by=me, at=MADE), by=me, at=MADE)


def appointed(programme: Programme) -> User:
    user = StaffFactory()
    for role in Role:
        AppointmentFactory(user=user, programme=programme, role=role)
    return user
