"""Who may open what: every address of the portal × every kind of visitor × somebody's own things.

An address nobody has thought about has no line in `EXPECTED` and fails. Whoever is outside sees 404, as if
there were nothing, or the sign-in page; never 403, which would say that there is something.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.jobs import runners
from admissions_portal.jobs.actions import request_job
from admissions_portal.jobs.runners import Runner
from admissions_portal.outbox.models import Message
from admissions_portal.papers.models import Paper
from admissions_portal.support.actors import Actor
from applications.applicants.models import PriorCourse
from applications.assessments.models import Reassessment
from applications.decisions.actions import offer_place
from applications.evidence.actions import EvidenceTerms, ask_for_evidence
from applications.evidence.files import read_bytes
from applications.evidence.models import Document, EvidenceRequest, RequestKind, RequestWants, SlotCode
from applications.exports.models import ExportFormat, ExportLog
from applications.late_entry.actions import CodeScope, CodeTerms, extend_deadline, make_access_code
from applications.late_entry.models import AccessCode, Extension
from applications.lifecycle.models import Application
from applications.occasional.actions import (
    CourseTerms,
    RequestTerms,
    add_file,
    save_request,
    send_request,
    start_request,
)
from applications.occasional.models import OccasionalFile, OccasionalRequest
from applications.offers.models import Offer
from applications.offers.terms import ConditionTerms, OfferTerms
from applications.privacy.actions import make_copy
from applications.privacy.models import RecordCopy
from applications.reviews.actions import give_review
from applications.reviews.models import Recommendation
from applications.standing.actions import request_standing
from applications.standing.models import CourseClaim
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
    QuestionVersion,
    School,
    Statement,
)
from programmes.questions.actions import begin_questions, draft_questions, publish_questions, save_questions
from programmes.questions.content import Questions
from tests.factories.accounts import StaffFactory
from tests.factories.applicants import ApplicantFactory
from tests.factories.applications import DraftFactory, acting, officer
from tests.factories.drafts import AT, own, publish_policies, ready_draft, taught_offering
from tests.factories.evidence import DocumentFactory, pdf
from tests.factories.programmes import AppointmentFactory, OfferingFactory, ProgrammeFactory, hkt

pytestmark = pytest.mark.django_db

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


@dataclass
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

    def thing(self, model: str) -> int | str:
        """The primary key of the programme's row of a model, for the admin's addresses."""
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
            "eligibility_policyversion": self.case.assessments.first().policy_version,
            "eligibility_policy": self.case.assessments.first().policy_version.policy,
            "eligibility_acceptedaward": AcceptedAward.objects.get(),
            "applications_exportlog": self.export,
            "applications_accesscode": AccessCode.objects.get(),
            "applications_occasionalrequest": OccasionalRequest.objects.get(),
        }
        return rows[model].pk


@pytest.fixture
def world(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
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
        score=Decimal("4.5"),
        recommendation=Recommendation.OFFER,
        by=acting(staff[Role.REVIEWER]),
        at=MADE,
    )
    _asked_of(case, acting(staff[Role.PROGRAMME_OFFICE]), acting(staff[Role.ADMINISTRATOR]))
    terms = OfferTerms(
        hkt(2026, 5, 29, 23, 59), (ConditionTerms("Transcript", "Sent by post", date(2026, 8, 31)),)
    )
    offer_place(case, terms=terms, by=acting(staff[Role.PROGRAMME_OFFICE]), at=MADE)
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
    monkeypatch.setattr(
        runners, "_runners", {"sample": Runner("sample", "Sample", lambda params, progress: None)}
    )
    people: dict[str, User | None] = {
        "anonymous": None,
        "owner": case.applicant.user,
        "another applicant": ApplicantFactory().user,
        **{role.lower(): user for role, user in staff.items()},
        # every role at once: whoever holds fewer sees no more
        "staff of another programme": _appointed(ProgrammeFactory(institution=programme.institution)),
        "staff of another institution": _appointed(ProgrammeFactory(institution__code="hkust")),
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


def _appointed(programme: Programme) -> User:
    user = StaffFactory()
    for role in Role:
        AppointmentFactory(user=user, programme=programme, role=role)
    return user


LOGIN = "sign in"
VISITORS = (
    "anonymous",
    "owner",
    "another applicant",
    "reviewer",
    "programme_office",
    "coordinator",
    "administrator",
    "staff of another programme",
    "staff of another institution",
    "superuser",
)
OUTSIDERS = ("another applicant", "staff of another programme", "staff of another institution", "superuser")
# models of which the admin shows pages of ours and none of its own
OWN_PAGES = {
    "applications_application",
    "applications_accesscode",
    "applications_occasionalrequest",
    "programmes_questionset",
    *(f"eligibility_{m}" for m in ("policy", "policyversion", "acceptedaward")),
}
MODELS = {
    f"{model._meta.app_label}_{model._meta.model_name}": kind for model, kind in admin.site._registry.items()
}
Answer = int | str


def answers(
    staff: Answer, *, anonymous: Answer = LOGIN, applicants: Answer | None = None, **others: Answer
) -> dict[str, Answer]:
    """What each visitor gets; `others` name those who get something else, `outside` the staff of
    elsewhere."""
    outside = others.pop("outside", staff)
    given = dict.fromkeys(VISITORS, staff)
    given |= dict.fromkeys(("owner", "another applicant"), staff if applicants is None else applicants)
    given |= dict.fromkeys(("staff of another programme", "staff of another institution"), outside)
    return {**given, "anonymous": anonymous, **others}


PUBLIC = answers(200, anonymous=200)
SIGNED_IN = answers(200)
THE_OWNER = answers(404, owner=200)
EVERY_OFFICE = answers(200, applicants=LOGIN)
NOBODY = answers(403, applicants=LOGIN)
SUPERUSER = answers(403, applicants=LOGIN, superuser=200)
THE_PROGRAMMES_STAFF = answers(200, applicants=LOGIN, outside=404, superuser=404)
# whoever may rank and export, each their own programmes
COORDINATORS = answers(403, applicants=LOGIN, coordinator=200, outside=200)
# whoever may change the rules of the programme, and rules somewhere
RULE_EDITORS = answers(404, applicants=LOGIN, coordinator=200, administrator=200)
RULE_EDITORS_ANYWHERE = {**RULE_EDITORS, **{who: 200 for who in VISITORS if who.startswith("staff")}}
# the address takes a POST and says so, whoever asks and whatever stands in it
POST_ONLY = answers(405, applicants=LOGIN)

EXPECTED: dict[str, dict[str, Answer]] = {
    **dict.fromkeys(
        [
            "programmes:catalogue",
            "programmes:open_rounds",
            "programmes:programme",
            "programmes:calendar",
            "programmes:compare",
            "eligibility:choose",
            "eligibility:check",
            "eligibility:requirements",
            "eligibility:requirements_version",
            "papers:verify",
            "papers:verify_code",
            "outbox:mailbox",
            "outbox:message",
            "support:privacy",
            "support:accessibility",
            "support:contact",
            "support:robots",
            "health:live",
            "account_inactive",
            "account_reset_password",
            "account_password_reset_completed",
        ],
        PUBLIC,
    ),
    **dict.fromkeys(
        [
            "programmes:saved",
            "applications:home",
            "applications:messages",
            "applications:record",
            "applications:start",
            "accounts:settings",
            "accounts:second_step",
            "account_reauthenticate",
            "account_email",
            "account_change_password",
            "mfa_index",
            "mfa_list_webauthn",
            "usersessions_list",
        ],
        SIGNED_IN,
    ),
    # late entry, and a request of an occasional student
    "applications:change_mode": answers(405),
    "applications:occasional_about": PUBLIC,
    "applications:occasional_begin": answers(302),
    **dict.fromkeys(
        ["applications:occasional_form", "applications:occasional_send"], answers(404, owner=302)
    ),
    "applications:occasional_withdraw": answers(405),
    "applications:occasional_file": answers(200, outside=404, superuser=404) | {"another applicant": 404},
    **dict.fromkeys(
        [
            "admin:applications_accesscode_changelist",
            "admin:applications_accesscode_add",
            "admin:applications_extension_add",
        ],
        answers(404, applicants=LOGIN, programme_office=200, outside=200),
    ),
    "admin:applications_accesscode_change": answers(404, applicants=LOGIN, programme_office=200),
    **dict.fromkeys(
        ["admin:applications_accesscode_revoke", "admin:applications_extension_revoke"], POST_ONLY
    ),
    "admin:applications_occasionalrequest_changelist": answers(200, applicants=LOGIN, superuser=404),
    "admin:applications_occasionalrequest_change": THE_PROGRAMMES_STAFF,
    **dict.fromkeys(
        [
            "applications:access_code",
            "applications:carry_over",
            "applications:occasional",
            "applications:overview",
            "applications:withdraw",
            "applications:discard",
            "applications:record_file",
            "applications:message",
            "applications:offer",
            "applications:offer_accept",
            "applications:offer_decline",
            "applications:offer_letter",
            "applications:documents",
            "applications:describe_document",
            "applications:request",
            "applications:review",
            "applications:findings",
            "applications:receipt",
            "applications:draft_copy",
            "applications:changes",
            "applications:section",
            "applications:standing",
            "jobs:progress",
        ],
        THE_OWNER,
    ),
    # once it is submitted the programme's staff read it too
    "applications:document": answers(200, outside=404, superuser=404) | {"another applicant": 404},
    "applications:submit": answers(405),
    **{f"applications:{page}": answers(405) for page in ("amend", "leave_out", "withdraw_change")},
    # made by a worker, which none is; and a change is of something, which the address does not say
    **{f"applications:{page}": answers(404) for page in ("draft_copy_pdf", "propose_change")},
    "applications:receipt_pdf": THE_OWNER,
    # whoever has begun an application is reached somewhere
    "applications:contact_details": answers(302, owner=200),
    "applications:verify_receipt": answers(301, anonymous=301),
    "applications:autosave": answers(405, anonymous=405),
    "applications:check": answers(405, anonymous=405),
    "accounts:stay": answers(405, anonymous=405),
    "support:theme": answers(405, anonymous=405),
    **dict.fromkeys(("programmes:save", "programmes:forget"), answers(405, anonymous=405)),
    "support:favicon": answers(302, anonymous=302),
    "set_language": answers(302, anonymous=302),
    "health:ready": answers(503, anonymous=503),  # no worker beats during the tests
    # no place is accepted in the case, so there is no page that asks for a number (C7)
    "applications:identity_number": answers(404),
    # one's own account: whoever is signed in is led on, whoever is not is led to the sign-in page
    **dict.fromkeys(("account_login", "account_signup"), answers(302, anonymous=200)),
    "account_logout": answers(200, anonymous=302),
    "account_complete_password_reset": answers(302, anonymous=302),
    "account_confirm_password_reset_code": answers(LOGIN),
    **dict.fromkeys(
        [
            "account_email_verification_sent",
            "account_set_password",
            "account_confirm_login_code",
            "mfa_authenticate",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_generate_recovery_codes",
            "mfa_add_webauthn",
            "mfa_reauthenticate_webauthn",
            "mfa_remove_webauthn",
            "mfa_edit_webauthn",
            "mfa_login_webauthn",
        ],
        answers(302),
    ),
    **dict.fromkeys(
        ["mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes"], answers(404)
    ),
    # the office
    **dict.fromkeys(
        [
            "admin:index",
            "admin:password_change_done",
            "admin:jsi18n",
            "demo:clock",
            "admin:applications_application_changelist",
        ],
        EVERY_OFFICE,
    ),
    "admin:login": answers(302, applicants=403),
    "admin:logout": answers(200, anonymous=302, applicants=302),
    "admin:password_change": answers(302, applicants=LOGIN),
    "admin:autocomplete": NOBODY,
    "admin:view_on_site": answers(404, applicants=LOGIN),
    "/office/(?P<url>.*)$": answers(404, applicants=LOGIN),
    "admin:app_list": answers(200, applicants=LOGIN, superuser=404),
    "admin:auth_user_password_change": SUPERUSER,
    # a case
    **dict.fromkeys(
        ("admin:applications_application_change", "admin:applications_application_letter"),
        THE_PROGRAMMES_STAFF,
    ),
    "admin:applications_application_provenance": answers(404, applicants=LOGIN, programme_office=200),
    **dict.fromkeys(
        (
            "admin:applications_application_ask",
            "admin:applications_application_offer",
            "admin:applications_application_refuse",
        ),
        answers(404, applicants=LOGIN, programme_office=200),
    ),
    **dict.fromkeys(
        [
            "admin:applications_application_review",
            "admin:applications_application_finding",
            "admin:applications_application_document",
            "admin:applications_application_document_again",
            "admin:applications_application_condition",
            "admin:applications_application_course",
            "admin:applications_application_request",
            "admin:shortlist_export",
        ],
        POST_ONLY,
    ),
    "admin:applications_application_runs": THE_PROGRAMMES_STAFF,
    "admin:applications_application_override": POST_ONLY,
    "admin:applications_application_status": POST_ONLY,
    "admin:applications_application_identity": POST_ONLY,
    "admin:applications_application_withdrawal": POST_ONLY,
    "admin:applications_application_change_proposal": POST_ONLY,
    "admin:applications_application_sent": THE_PROGRAMMES_STAFF,
    "admin:applications_application_withdrawn": POST_ONLY,
    # whoever records findings, each on cases of their own
    "admin:applications_application_findings": answers(
        403, applicants=LOGIN, programme_office=200, outside=200
    ),
    # what a change of rules does to open cases
    "admin:eligibility_impact": RULE_EDITORS,
    "admin:eligibility_reassess": RULE_EDITORS_ANYWHERE,
    "admin:eligibility_reassessment": RULE_EDITORS,
    # questions of programmes: read by whoever opens its cases, written by whoever edits its catalogue
    "admin:programmes_questionset_changelist": EVERY_OFFICE | {"superuser": 200},
    "admin:programmes_questionset_add": answers(
        404, applicants=LOGIN, administrator=200, outside=200, superuser=200
    ),
    **dict.fromkeys(
        [
            "admin:programmes_questionset_change",
            "admin:programmes_questionset_draft",
            "admin:programmes_questionset_version",
        ],
        THE_PROGRAMMES_STAFF | {"superuser": 200},
    ),
    "admin:programmes_questionset_edit": answers(404, applicants=LOGIN, administrator=200, superuser=200),
    **dict.fromkeys(
        [f"admin:programmes_questionset_{act}" for act in ("begin", "publish", "discard")], POST_ONLY
    ),
    # admission rules and the acceptance register
    **dict.fromkeys(
        ["admin:eligibility_policy_changelist", "admin:eligibility_acceptedaward_changelist"], EVERY_OFFICE
    ),
    **dict.fromkeys(
        [
            "admin:eligibility_policy_change",
            "admin:eligibility_policy_compare",
            "admin:eligibility_policy_draft",
            "admin:eligibility_policyversion_change",
            "admin:eligibility_policyversion_export",
            "admin:eligibility_acceptedaward_change",
        ],
        THE_PROGRAMMES_STAFF,
    ),
    **dict.fromkeys(
        [
            "admin:eligibility_policy_edit",
            "admin:eligibility_policy_publish",
            "admin:eligibility_acceptedaward_edit",
        ],
        RULE_EDITORS,
    ),
    **dict.fromkeys(
        ["admin:eligibility_policy_add", "admin:eligibility_acceptedaward_add"], RULE_EDITORS_ANYWHERE
    ),
    **dict.fromkeys(
        [
            *(f"admin:eligibility_policy_{act}" for act in ("begin", "approve", "discard")),
            *(f"admin:eligibility_acceptedaward_{act}" for act in ("force", "withdraw", "discard")),
        ],
        POST_ONLY,
    ),
    "admin:shortlist": COORDINATORS,
    # who took which list out: each their own; "302" is the admin's way of saying that there is no such row
    "admin:applications_exportlog_changelist": COORDINATORS,
    "admin:applications_exportlog_change": COORDINATORS
    | {who: 302 for who in VISITORS if who.startswith("staff")},
    "admin:applications_exportlog_history": answers(302, applicants=LOGIN, coordinator=200),
}
OF_A_PROGRAMME = [
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
]
OF_AN_INSTITUTION = ["institution", "school", "office", "agreement"]
for model in OF_A_PROGRAMME:
    pages = f"admin:programmes_{model}"
    EXPECTED |= {
        f"{pages}_changelist": answers(403, applicants=LOGIN, administrator=200, outside=200, superuser=200),
        f"{pages}_add": answers(403, applicants=LOGIN, administrator=200, outside=200, superuser=200),
        f"{pages}_change": answers(403, applicants=LOGIN, administrator=200, outside=302, superuser=200),
        f"{pages}_history": answers(302, applicants=LOGIN, administrator=200, superuser=200),
    }
EXPECTED["admin:programmes_programme_add"] = SUPERUSER
for model in OF_AN_INSTITUTION:
    EXPECTED |= {f"admin:programmes_{model}_{page}": SUPERUSER for page in ("changelist", "add", "change")}
    EXPECTED[f"admin:programmes_{model}_history"] = answers(302, applicants=LOGIN, superuser=200)
for model in ("accounts_user", "account_emailaddress"):
    EXPECTED |= {f"admin:{model}_{page}": SUPERUSER for page in ("changelist", "add", "change", "history")}
EXPECTED["admin:applications_exportlog_add"] = NOBODY
for model in MODELS.keys() - OWN_PAGES:
    EXPECTED[f"admin:{model}_delete"] = NOBODY
    EXPECTED[f"/office/{model.replace('_', '/')}/<path:object_id>/"] = answers(302, applicants=LOGIN)


def addresses(
    resolver: URLResolver | None = None, spaces: tuple[str, ...] = (), prefix: str = ""
) -> Iterator[str]:
    """Every address there is, by its full name, or by its route where it has none."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, (*spaces, *filter(None, [pattern.namespace])), route)
        else:
            yield ":".join((*spaces, pattern.name)) if pattern.name else f"/{route}"


def filled(name: str, world: World) -> str:
    """The address with the applicant's own things in it."""
    if name == "/office/(?P<url>.*)$":
        return "/office/no/such/page/"
    if name.startswith("/"):
        app, model = name.split("/")[2:4]
        return f"/office/{app}/{model}/{world.thing(f'{app}_{model}')}/"
    model, _line, page = name.removeprefix("admin:").rpartition("_")
    if model in MODELS and model != "applications_application" and page in ("change", "history", "delete"):
        return reverse(name, args=[world.thing(model)])
    case, draft, offer = [world.case.pk], [world.draft.pk], [world.offer.pk]
    given: dict[str, list[Any]] = {
        **{
            f"programmes:{page}": [world.case.offering.programme.slug]
            for page in ("programme", "calendar", "save", "forget")
        },
        "eligibility:check": [world.case.offering.programme.slug],
        "eligibility:requirements_version": ["HKU-MMEDSC", 1],
        **{f"applications:{page}": case for page in ("overview", "receipt", "standing", "withdraw")},
        **{f"applications:{page}": case for page in ("changes", "propose_change", "amend")},
        **{f"applications:{page}": draft for page in ("draft_copy", "draft_copy_pdf", "leave_out")},
        "applications:receipt_pdf": [world.case.pk, 1],
        "admin:applications_application_sent": [world.case.pk, 1],
        "applications:identity_number": case,
        "applications:withdraw_change": [world.case.pk, world.case.pk],
        "admin:applications_application_change_proposal": [world.case.pk, world.case.pk],
        **{f"applications:{page}": draft for page in ("documents", "review", "findings", "submit")},
        **{
            f"applications:{page}": offer
            for page in ("offer", "offer_accept", "offer_decline", "offer_letter")
        },
        "applications:discard": draft,
        **{f"applications:{page}": draft for page in ("access_code", "carry_over", "change_mode")},
        **{
            f"applications:occasional{page}": [OccasionalRequest.objects.get().pk]
            for page in ("", "_form", "_send", "_withdraw")
        },
        **{
            f"applications:occasional_{page}": [world.case.offering.programme.slug]
            for page in ("about", "begin")
        },
        "applications:occasional_file": [OccasionalFile.objects.get().pk],
        "admin:applications_accesscode_revoke": [AccessCode.objects.get().pk],
        "admin:applications_extension_revoke": [Extension.objects.get().pk],
        "applications:record_file": [world.record_copy.pk],
        "applications:section": [world.draft.pk, "personal"],
        **{f"applications:{page}": [world.draft.pk, "personal"] for page in ("autosave", "check")},
        "applications:message": [world.message.pk],
        "applications:document": [world.document.pk],
        "applications:start": [world.case.offering.pk],
        **{f"mfa_{page}_webauthn": [1] for page in ("remove", "edit")},
        "papers:verify_code": [world.offer.letter.code],
        "outbox:message": [world.message.pk],
        "jobs:progress": [world.job.pk],
        "admin:view_on_site": [1, 1],
        "admin:auth_user_password_change": [world.case.applicant.user_id],
        "applications:describe_document": [world.draft.pk, world.own_document.pk],
        "applications:request": [world.case.pk, EvidenceRequest.objects.get().pk],
        "admin:applications_application_request": [world.case.pk, EvidenceRequest.objects.get().pk],
        **{
            f"admin:programmes_questionset_{page}": [QuestionSet.objects.get().pk]
            for page in ("change", "begin", "draft", "edit", "publish", "discard")
        },
        "admin:programmes_questionset_version": [
            QuestionSet.objects.get().pk,
            QuestionVersion.objects.get(number=1).pk,
        ],
        **{
            f"admin:applications_application_{page}": [world.case.pk, world.document.pk]
            for page in ("document", "document_again", "provenance")
        },
        "admin:applications_application_condition": [world.case.pk, world.offer.conditions.get().pk],
        "admin:applications_application_withdrawal": [world.case.pk, 1],
        "admin:applications_application_course": [world.case.pk, CourseClaim.objects.get().pk],
        "admin:eligibility_impact": ["acceptance", world.thing("eligibility_acceptedaward")],
        "admin:eligibility_reassessment": [Reassessment.objects.get().pk],
        "admin:shortlist_export": ["CSV"],
        **{
            f"admin:eligibility_policy_{page}": [world.thing("eligibility_policy")]
            for page in ("compare", "begin", "draft", "edit", "approve", "publish", "discard")
        },
        "admin:eligibility_policyversion_export": [world.thing("eligibility_policyversion"), "yaml"],
        **{
            f"admin:eligibility_acceptedaward_{page}": [world.thing("eligibility_acceptedaward")]
            for page in ("edit", "force", "withdraw", "discard")
        },
        "admin:app_list": ["applications"],
        **{
            f"admin:applications_application_{page}": case
            for page in (
                "change",
                "review",
                "finding",
                "override",
                "status",
                "identity",
                "runs",
                "offer",
                "letter",
                "refuse",
                "ask",
                "withdrawn",
            )
        },
    }
    return reverse(name, args=given.get(name, []))


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def ask(client: Client, method: str, address: str) -> tuple[Answer, str]:
    """Status and body; a way to the sign-in page is called so. Nothing that was changed stays."""
    before = transaction.savepoint()
    response = getattr(client, method)(address)
    body = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
    transaction.savepoint_rollback(before)
    if response.status_code == 302 and response["Location"].startswith(("/account/login/", "/office/login/")):
        return LOGIN, ""
    return response.status_code, body.decode(errors="replace")


@pytest.fixture
def _quiet() -> Iterator[None]:
    """Thousands of refusals are not worth a line each."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def test_every_address_has_a_line_in_the_table() -> None:
    assert sorted(set(addresses()) ^ set(EXPECTED)) == []


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("visitor", VISITORS)
def test_every_address_answers_as_the_table_says(visitor: str, world: World) -> None:
    client = signed_in(world.people[visitor])
    wrong, leaks = {}, {}
    for name in addresses():
        status, body = ask(client, "get", filled(name, world))
        if status != EXPECTED[name][visitor]:
            wrong[name] = status
        shown = [canary for canary in CANARIES if canary in body]
        if shown and visitor in OUTSIDERS and name not in MAY_SHOW:
            leaks[name] = shown
    assert wrong == {}
    assert leaks == {}


# The demonstration's mailbox is open to everybody; accounts are the superuser's to look after.
MAY_SHOW = {
    "outbox:mailbox",
    "outbox:message",
    *(
        f"admin:account{model}_{page}"
        for model in ("s_user", "_emailaddress")
        for page in ("changelist", "change", "history")
    ),
    "admin:auth_user_password_change",
}
ACTS = (
    "applications:access_code",
    "applications:carry_over",
    "applications:change_mode",
    *(f"applications:occasional_{page}" for page in ("form", "send", "withdraw")),
    "admin:applications_accesscode_revoke",
    "admin:applications_extension_revoke",
    "admin:applications_occasionalrequest_change",
    "applications:documents",
    "applications:describe_document",
    "applications:request",
    "applications:section",
    "applications:standing",
    "applications:submit",
    "applications:offer_accept",
    "applications:offer_decline",
    "applications:withdraw",
    "applications:discard",
    *(
        f"admin:applications_application_{page}"
        for page in (
            *("review", "finding", "override", "withdrawal", "status", "identity"),
            *("document", "condition", "course", "offer", "refuse", "withdrawn", "ask", "request"),
        )
    ),
)


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("visitor", ["anonymous", *OUTSIDERS])
def test_nobody_outside_acts_on_somebodys_case(visitor: str, world: World) -> None:
    client = signed_in(world.people[visitor])
    is_applicant = visitor == "another applicant"
    before = Application.objects.values_list("state", "updated_at").get(pk=world.case.pk)
    got = {name: ask(client, "post", filled(name, world))[0] for name in ACTS}
    assert got == {
        name: LOGIN if visitor == "anonymous" or (is_applicant and name.startswith("admin:")) else 404
        for name in ACTS
    }
    assert Application.objects.values_list("state", "updated_at").get(pk=world.case.pk) == before


# the doors of a case: who of its own staff may open which
DOORS = {
    "review": {"reviewer", "coordinator"},
    "finding": {"programme_office"},
    "status": {"programme_office"},
    "identity": {"programme_office"},
    "override": {"coordinator"},
    "document": {"programme_office"},
    "document_again": {"programme_office"},
    "provenance": {"programme_office"},
    "condition": {"programme_office"},
    "course": {"programme_office"},
    "offer": {"programme_office"},
    "ask": {"programme_office"},
    "request": {"programme_office"},
    "refuse": {"programme_office"},
}


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("role", [role.lower() for role in Role])
def test_staff_of_the_programme_open_the_doors_their_role_gives(role: str, world: World) -> None:
    client = signed_in(world.people[role])
    opened = {
        door
        for door in DOORS
        if ask(client, "post", filled(f"admin:applications_application_{door}", world))[0] != 404
    }
    assert opened == {door for door, roles in DOORS.items() if role in roles}


@pytest.mark.parametrize(
    "visitor", ["superuser", "staff of another programme", "reviewer", "programme_office"]
)
def test_without_the_right_nothing_is_exported(visitor: str, world: World) -> None:
    status, body = ask(
        signed_in(world.people[visitor]), "post", reverse("admin:shortlist_export", args=["CSV"])
    )
    # whoever may export elsewhere gets a file without this case
    assert status == (200 if visitor == "staff of another programme" else 403)
    assert [canary for canary in CANARIES if canary in body] == []


def test_a_superuser_opens_a_case_once_appointed(world: World) -> None:
    root = world.people["superuser"]
    assert root is not None
    client, page = signed_in(root), filled("admin:applications_application_change", world)
    assert client.get(page).status_code == 404
    AppointmentFactory(user=root, programme=world.case.offering.programme, role=Role.REVIEWER)
    assert client.get(page).status_code == 200


@pytest.mark.parametrize(
    "ends",
    [pytest.param(date(2026, 5, 4), id="ended yesterday"), pytest.param(None, id="begins tomorrow")],
)
def test_an_appointment_of_another_day_opens_nothing(ends: date | None, world: World) -> None:
    user = StaffFactory()
    begins = date(2025, 9, 1) if ends else date(2026, 5, 6)
    AppointmentFactory(user=user, programme=world.case.offering.programme, from_on=begins, until_on=ends)
    client = signed_in(user)
    assert client.get(filled("admin:applications_application_change", world)).status_code == 404
    assert client.get(filled("applications:document", world)).status_code == 404


def test_a_draft_is_nobodys_but_the_applicants(world: World) -> None:
    office = signed_in(world.people["programme_office"])
    assert (
        office.get(reverse("admin:applications_application_change", args=[world.draft.pk])).status_code == 404
    )
    assert office.get(reverse("applications:document", args=[world.own_document.pk])).status_code == 404
    assert office.get(filled("applications:document", world)).status_code == 200


@pytest.mark.parametrize("role", Role.values)
def test_nobody_in_an_office_handles_an_application_of_their_own(role: str, world: World) -> None:
    owner = world.case.applicant.user
    owner.is_staff = True
    owner.save()
    AppointmentFactory(user=owner, programme=world.case.offering.programme, role=role)
    client = signed_in(owner)
    assert client.get(filled("admin:applications_application_change", world)).status_code == 404
    assert client.get(filled("applications:overview", world)).status_code == 200
    assert client.get(filled("applications:document", world)).status_code == 200
