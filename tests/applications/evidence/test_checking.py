"""A document moved to what it proves, filed by the office, in the place of another; a proof of residence that
contradicts what was declared (AMB-04b, UST-18)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from admissions_portal.history.models import Event
from admissions_portal.outbox.models import Message
from applications.applicants.choices import ResidenceStatus as R
from applications.assessments.actions import FindingRefused, assess_application, settle_status
from applications.assessments.facts import facts_of
from applications.assessments.models import ShownStatus
from applications.assessments.queries import findings_of, latest_assessment, requirements_of
from applications.assessments.shown import RulesSaid, StatusAsShown, contradicts, if_it_counted
from applications.evidence.actions import (
    DocumentRefused,
    EvidenceTerms,
    add_document,
    ask_for_evidence,
    file_document,
    reject_document,
    retype_document,
    verify_document,
)
from applications.evidence.files import read_bytes
from applications.evidence.models import Document, EvidenceRequest, RequestKind, RequestWants, SlotCode
from applications.evidence.printed import AsPrinted
from applications.lifecycle.states import State
from applications.worklists.piles import BY_KEY, Looking
from eligibility.engine import LocalStatus, Outcome
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.drafts import publish_policies, taught_offering
from tests.factories.evidence import DocumentFactory, pdf, picture
from tests.factories.programmes import LocalRoundFactory, ProgrammeFactory, hkt

pytestmark = pytest.mark.django_db
AT = hkt(2026, 4, 14, 9, 0)
SHOWN = AsPrinted("LAM Tsz Ching")


def by_of(case):
    return acting(officer(case.offering.programme))


@pytest.fixture
def case():
    publish_policies()
    made = CaseFactory(offering=taught_offering())
    assess_application(made, by=by_of(made), at=AT)
    return made


def kinds(case):
    return list(Event.objects.filter(about_id=str(case.pk)).order_by("pk").values_list("kind", flat=True))


# moved


def test_a_file_that_proves_another_thing_moves_there_and_the_applicant_hears_what_is_missing(case):
    by, document = by_of(case), DocumentFactory(application=case, part="VERIFICATION_REPORT")
    verify_document(document, printed=SHOWN, by=by, at=AT)
    moved = retype_document(document, slot=SlotCode.RESEARCH_STATEMENT, by=by, at=AT)
    assert (moved.slot, moved.part, moved.status, moved.checked_by) == (
        SlotCode.RESEARCH_STATEMENT,
        "ORIGINAL",
        "RECEIVED",
        None,
    )
    assert moved.printed.filter(superseded_at=None).count() == 0
    event = Event.objects.get(kind="document.retyped")
    assert (event.data["moved_from"], event.data["slot"]) == ("DEGREE", "RESEARCH_STATEMENT")
    [message] = Message.objects.all()
    assert message.kind == "document_retyped"
    assert "So this is still needed: Degree certificate and transcript." in message.body
    assert retype_document(moved, slot=SlotCode.RESEARCH_STATEMENT, by=by, at=AT) == moved
    assert kinds(case).count("document.retyped") == 1


def test_nobody_is_told_where_nothing_is_missing(case):
    DocumentFactory(application=case)
    document = DocumentFactory(application=case)
    retype_document(document, slot=SlotCode.OTHER, by=by_of(case), at=AT)
    assert not Message.objects.exists()


def test_a_request_whose_file_moves_away_waits_again(case):
    by = by_of(case)
    terms = EvidenceTerms(
        RequestKind.NOW, RequestWants.DOCUMENT, "Transcript", "All pages.", date(2026, 5, 1), SlotCode.DEGREE
    )
    request = ask_for_evidence(case, terms=terms, by=by, at=AT)
    me = acting(case.applicant.user)
    sent = add_document(case, SlotCode.DEGREE, read_bytes(pdf(), name="a.pdf"), request=request, by=me, at=AT)
    retype_document(sent, slot=SlotCode.OTHER, by=by, at=AT)
    request.refresh_from_db()
    assert (request.status, sent.request_id, Document.objects.get().request_id) == ("OPEN", request.pk, None)


def test_a_move_that_cannot_be_is_refused(case):
    by, document = by_of(case), DocumentFactory(application=case)
    with document.file.open() as file:
        DocumentFactory(application=case, slot=SlotCode.OTHER, content=file.read())
    with pytest.raises(DocumentRefused, match="The very same file is there already"):
        retype_document(document, slot=SlotCode.OTHER, by=by, at=AT)
    with pytest.raises(PermissionDenied):
        retype_document(document, slot=SlotCode.OTHER, by=acting(officer(ProgrammeFactory())), at=AT)
    reject_document(document, reason="Blurred.", by=by, at=AT)
    with pytest.raises(DocumentRefused, match="checked meanwhile"):
        retype_document(document, slot=SlotCode.ENGLISH_TEST, by=by_of(case), at=AT)


# in the place of another


def test_a_new_file_stands_in_the_place_of_the_one_not_accepted(case):
    by, me, refused = by_of(case), acting(case.applicant.user), DocumentFactory(application=case)
    reject_document(refused, reason="Page 2 is missing.", by=by, at=AT)
    first, second = (
        add_document(case, SlotCode.DEGREE, read_bytes(content, name="a"), by=me, at=AT)
        for content in (pdf(2), picture())
    )
    assert (first.replaces, second.replaces) == (refused, None)


# filed by the office


def test_the_office_files_what_the_issuing_body_sent(case):
    by, file = by_of(case), read_bytes(pdf(), name="report.pdf")
    filed = file_document(
        case, SlotCode.ENGLISH_TEST, file, sent_by_issuer_on=date(2026, 4, 10), by=by, at=AT
    )
    assert (filed.filed_by, filed.sent_by_issuer_on, filed.sent_by_issuer_by, filed.status) == (
        by.user,
        date(2026, 4, 10),
        by.user,
        "RECEIVED",
    )
    assert file_document(case, SlotCode.ENGLISH_TEST, file, by=by, at=AT) == filed
    assert kinds(case).count("document.filed") == 1


def test_a_filing_that_cannot_be_is_refused(case):
    by, file = by_of(case), read_bytes(pdf(), name="report.pdf")
    with pytest.raises(DocumentRefused, match="still to come"):
        file_document(case, SlotCode.OTHER, file, sent_by_issuer_on=date(2026, 4, 15), by=by, at=AT)
    with pytest.raises(PermissionDenied):
        file_document(case, SlotCode.OTHER, file, by=acting(case.applicant.user), at=AT)
    case.state = State.WITHDRAWN
    case.save()
    with pytest.raises(DocumentRefused, match="takes no documents"):
        file_document(case, SlotCode.OTHER, file, by=by, at=AT)


# a proof of residence


@pytest.mark.parametrize(
    ("declared", "shown", "since", "until", "contradicting"),
    [
        pytest.param(R.PERMANENT_RESIDENT, R.PERMANENT_RESIDENT, None, None, False, id="the same"),
        pytest.param(R.PERMANENT_RESIDENT, R.STUDENT_VISA, None, None, True, id="another status"),
        pytest.param(R.DEPENDANT, R.DEPENDANT_18_OR_OVER, None, None, False, id="C2 the age completes it"),
        pytest.param(R.DEPENDANT_UNDER_18, R.DEPENDANT_18_OR_OVER, None, None, True, id="C2 another age"),
        pytest.param(R.NOT_SURE, R.IANG, None, None, False, id="UST-18 not sure"),
        pytest.param(R.IANG, R.IANG, (2026, 4, 1), None, True, id="AMB-04b begun after receipt"),
        pytest.param(R.IANG, R.IANG, (2026, 3, 31), None, False, id="AMB-04b begun on the day"),
        pytest.param(R.IANG, R.IANG, None, (2026, 3, 30), True, id="AMB-04b ended before receipt"),
    ],
)
def test_what_contradicts_a_declaration(declared, shown, since, until, contradicting):
    days = [date(*day) if day else None for day in (since, until)]
    said = StatusAsShown(shown, *days)
    assert contradicts(said, declared, received_on=date(2026, 3, 31)) is contradicting


def prove(case, status, **days):
    document = DocumentFactory(application=case, slot=SlotCode.RESIDENCE, name="label.pdf")
    shows = StatusAsShown(status, **days)
    return verify_document(document, printed=SHOWN, shows=shows, by=by_of(case), at=AT)


def found(case, code="HKU-STATUS"):
    finding = next(each for each in findings_of(latest_assessment(case)) if each.code == code)
    return finding.outcome, finding.reason


def piled(case):
    return list(BY_KEY["status"].narrow(type(case).objects.all(), Looking(AT)))


def test_a_contradicting_proof_asks_the_applicant_and_waits_for_an_officer(case):
    assert found(case) == (Outcome.MET, "local")
    document = prove(case, R.STUDENT_VISA, since=date(2024, 9, 1))
    assert (found(case), piled(case)) == ((Outcome.REFER, "status_contradicted"), [case])
    [request] = EvidenceRequest.objects.all()
    assert (request.kind, request.wants, request.due_on, request.clause) == (
        "LATER_BLOCKING",
        "ANSWER",
        date(2026, 4, 28),
        "AMB-04b",
    )
    assert "You declared: Hong Kong permanent identity card." in request.words
    assert "since 1 September 2024" in request.words.replace("\u00a0", " ")
    # the very same once more asks nothing again
    verify_document(
        document,
        printed=SHOWN,
        shows=StatusAsShown(R.STUDENT_VISA, date(2024, 9, 1)),
        by=acting(document.checked_by),
        at=AT,
    )
    assert (EvidenceRequest.objects.count(), ShownStatus.objects.count()) == (1, 1)
    assert case.profile.data["residence_status"] == R.PERMANENT_RESIDENT
    settle_status(case, R.STUDENT_VISA, reason="The applicant agrees.", by=by_of(case), at=AT)
    assert (found(case), piled(case)) == ((Outcome.MET, "non_local"), [])
    assert kinds(case).count("status.contradicted") == 1


def test_a_proof_that_agrees_asks_nothing_and_one_turned_down_shows_nothing(case):
    prove(case, R.PERMANENT_RESIDENT)
    assert (found(case), EvidenceRequest.objects.count()) == ((Outcome.MET, "local"), 0)
    document = prove(case, R.STUDENT_VISA)
    assert found(case) == (Outcome.REFER, "status_contradicted")
    reject_document(document, reason="Another person’s.", by=acting(document.checked_by), at=AT)
    assert (found(case), piled(case)) == ((Outcome.MET, "local"), [])


def test_a_proof_that_says_nothing_usable_is_refused(case):
    with pytest.raises(FindingRefused, match="Choose the status"):
        prove(case, R.NOT_SURE)
    with pytest.raises(FindingRefused, match="cannot end before it begins"):
        prove(case, R.IANG, since=date(2026, 1, 2), until=date(2026, 1, 1))
    assert Document.objects.filter(status="VERIFIED").count() == 0


def test_what_another_status_would_mean_is_told_and_kept_nowhere(case):
    """HKU-09: received in a round for local applicants only, and not local by what is shown."""
    case.round = LocalRoundFactory(offering=case.offering, number=9)
    case.save()
    before = case.assessments.count()
    run = RulesSaid(facts_of(case, at=AT), requirements_of(latest_assessment(case)))
    meant = if_it_counted(case, R.STUDENT_VISA, counting=R.PERMANENT_RESIDENT, run=run, at=AT)
    assert (meant.local_status, meant.is_in_others_round) == (LocalStatus.NON_LOCAL, True)
    same = if_it_counted(case, R.QMAS, counting=R.PERMANENT_RESIDENT, run=run, at=AT)
    assert (same.local_status, same.is_in_others_round, same.flips) == (LocalStatus.LOCAL, False, [])
    assert case.assessments.count() == before
