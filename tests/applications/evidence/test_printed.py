"""Names and birth dates as documents print them: recorded, compared, settled (D6)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from admissions_portal.history.models import Event
from applications.assessments.actions import correct_answers
from applications.evidence.actions import (
    DocumentRefused,
    compare_again,
    reject_document,
    reopen_difference,
    settle_difference,
    verify_document,
)
from applications.evidence.models import PrintedDifference, SettledAs, SlotCode, WhatDiffers
from applications.evidence.printed import AsPrinted, as_in_profile, is_made_out
from applications.evidence.queries import names_to_settle, unsettled_name_differences
from applications.lifecycle.states import State
from applications.offers.actions import OfferRefused, make_offer
from applications.offers.terms import OfferTerms
from applications.worklists.piles import BY_KEY, Looking
from tests.factories.applications import CaseFactory, acting, officer
from tests.factories.evidence import DocumentFactory
from tests.factories.programmes import ProgrammeFactory, hkt

pytestmark = pytest.mark.django_db
AT = hkt(2026, 4, 2, 9, 0)
BORN = date(1999, 8, 14)


@pytest.fixture
def case():
    return CaseFactory()


@pytest.fixture
def by(case):
    return acting(officer(case.offering.programme))


def read(case, by, name="LAM Tsz Ching", chinese="", born=None, slot=SlotCode.DEGREE):
    """A document of the case, verified as printing this."""
    document = DocumentFactory(application=case, slot=slot, name=f"{name}.pdf")
    return verify_document(document, printed=AsPrinted(name, chinese, born), by=by, at=AT)


def open_ones(case):
    return [(each.printed.name, each.what) for each in unsettled_name_differences(case)]


def settle(difference, by, settled_as=SettledAs.ALIAS, reason="Maiden name, told by telephone.", **more):
    return settle_difference(difference, settled_as=settled_as, reason=reason, **more, by=by, at=AT)


@pytest.mark.parametrize(
    ("name", "chinese", "born", "differs"),
    [
        pytest.param("LAM Tsz Ching", "", None, [], id="the same"),
        pytest.param("Tsz-Ching LAM", "", BORN, [], id="another order, and the birth date"),
        pytest.param("Lin Zhiqing", "林芷晴", None, [], id="the Mandarin reading with the characters"),
        pytest.param("", "", None, [], id="none printed"),
        pytest.param("LEE Mei", "", None, ["NAME"], id="another name"),
        pytest.param("LAM Tsz Ching", "林子晴", None, ["NAME"], id="other characters"),
        pytest.param("LAM Tsz Ching", "", date(1999, 8, 15), ["DATE_OF_BIRTH"], id="another day"),
        pytest.param("LEE Mei", "", date(1998, 8, 14), ["NAME", "DATE_OF_BIRTH"], id="another person"),
    ],
)
def test_what_differs_from_the_profile_waits_for_an_officer(case, by, name, chinese, born, differs):
    read(case, by, name, chinese, born)
    assert [what for _name, what in open_ones(case)] == differs
    assert list(names_to_settle()) == list(PrintedDifference.objects.all())


def test_a_name_that_differs_holds_an_offer_until_it_is_settled(case, by):
    read(case, by, "LEE Mei")
    terms = OfferTerms(hkt(2026, 4, 20, 23, 59))
    with pytest.raises(OfferRefused, match=r"another name .*: LEE Mei\.pdf\. Settle each"):
        make_offer(case, terms=terms, by=by, at=AT)
    settle(PrintedDifference.objects.get(), by)
    assert make_offer(case, terms=terms, by=by, at=AT).application == case
    kinds = Event.objects.filter(kind__startswith="document.difference").values_list("kind", "data")
    assert [(kind, data["what"]) for kind, data in kinds] == [
        ("document.difference_found", "NAME"),
        ("document.difference_settled", "NAME"),
    ]
    assert "LEE" not in str(list(Event.objects.values_list("data", flat=True)))


def test_an_alias_is_known_from_then_on_and_no_longer_once_taken_back(case, by):
    read(case, by, "LEE Mei")
    read(case, by, "Mei Lee", slot=SlotCode.ENGLISH_TEST)
    assert open_ones(case) == [("LEE Mei", "NAME"), ("Mei Lee", "NAME")]
    first = PrintedDifference.objects.first()
    settle(first, by)
    assert open_ones(case) == []
    read(case, by, "LEE Mei", slot=SlotCode.POSTGRADUATE_STUDY)
    assert open_ones(case) == []
    reopen_difference(first, by=by, at=AT)
    assert sorted(open_ones(case)) == [("LEE Mei", "NAME"), ("LEE Mei", "NAME"), ("Mei Lee", "NAME")]


def test_an_explanation_is_of_one_document_alone(case, by):
    read(case, by, "LEE Mei")
    settle(PrintedDifference.objects.get(), by, SettledAs.EXPLANATION, "A misprint, says the registry.")
    read(case, by, "LEE Mei", slot=SlotCode.ENGLISH_TEST)
    assert len(open_ones(case)) == 1


def test_two_proofs_that_agree_with_the_profile_and_not_with_each_other():
    case = CaseFactory(
        applicant__family_name="García López", applicant__given_names="María José", applicant__chinese_name=""
    )
    by = acting(officer(case.offering.programme))
    read(case, by, "María García")
    assert open_ones(case) == []
    read(case, by, "José López", slot=SlotCode.ENGLISH_TEST)
    assert open_ones(case) == [("José López", "NAME")]


def test_a_document_read_again_is_compared_anew(case, by):
    document = read(case, by, "LEE Mei")
    verify_document(document, printed=AsPrinted("LAM Tsz Ching"), by=by, at=AT)
    assert (open_ones(case), document.printed.count()) == ([], 2)
    verify_document(document, printed=AsPrinted("LEE Mei"), by=by, at=AT)
    reject_document(document, reason="Another person’s.", by=by, at=AT)
    assert (open_ones(case), document.printed.filter(superseded_at=None).count()) == ([], 0)


def test_a_profile_that_is_corrected_may_be_what_the_documents_print(case, by):
    read(case, by, "LAM Mei Ling")
    assert len(open_ones(case)) == 1
    correct_answers(case, group="", row=None, values={"given_names": "Mei Ling"}, by=by, at=AT)
    compare_again(case, by=by, at=AT)
    assert open_ones(case) == []


def test_a_changed_name_needs_its_deed_among_the_documents_of_the_case(case, by):
    read(case, by, "LEE Mei")
    difference = PrintedDifference.objects.get()
    stranger = DocumentFactory()
    for deed in (None, stranger):
        with pytest.raises(DocumentRefused, match="Choose the document that shows the change"):
            settle(difference, by, SettledAs.DEED, deed=deed)
    deed = DocumentFactory(application=case, slot=SlotCode.OTHER)
    settled = settle(difference, by, SettledAs.DEED, deed=deed)
    assert (settled.deed, settled.settled_at) == (deed, AT)


@pytest.mark.parametrize(
    ("what", "settled_as", "reason", "match"),
    [
        pytest.param(WhatDiffers.NAME, SettledAs.ALIAS, " ", "Write the reason", id="no reason"),
        pytest.param(WhatDiffers.NAME, SettledAs.ALIAS, "x" * 501, "up to 500", id="too long"),
        pytest.param(WhatDiffers.NAME, "", "Seen.", "Choose how", id="no way"),
        pytest.param(WhatDiffers.DATE_OF_BIRTH, SettledAs.ALIAS, "x", "two dates of birth", id="a day"),
    ],
)
def test_a_settlement_that_cannot_be_is_refused(case, by, what, settled_as, reason, match):
    read(case, by, "LEE Mei", born=date(1990, 1, 1))
    with pytest.raises(DocumentRefused, match=match):
        settle(PrintedDifference.objects.get(what=what), by, settled_as, reason)
    with pytest.raises(PermissionDenied):
        settle(PrintedDifference.objects.first(), acting(officer(ProgrammeFactory())))
    case.state = State.WITHDRAWN
    case.save()
    with pytest.raises(DocumentRefused, match="has ended"):
        settle(PrintedDifference.objects.get(what="NAME"), by)
    assert (len(open_ones(case)), names_to_settle().count()) == (2, 0)


def test_a_document_made_out_to_somebody_is_not_verified_unread(case, by):
    degree, letter = DocumentFactory(application=case), DocumentFactory(application=case, slot=SlotCode.OTHER)
    with pytest.raises(DocumentRefused, match="Write the name as “transcript"):
        verify_document(degree, by=by, at=AT)
    with pytest.raises(DocumentRefused, match="still to come"):
        verify_document(degree, printed=AsPrinted("LAM", date_of_birth=date(2030, 1, 1)), by=by, at=AT)
    assert verify_document(letter, by=by, at=AT).status == "VERIFIED"
    assert [is_made_out(each) for each in (degree, letter)] == [True, False]


@pytest.mark.parametrize(
    ("slot", "born"), [(SlotCode.DEGREE, None), (SlotCode.ENGLISH_TEST, BORN), (SlotCode.RESIDENCE, BORN)]
)
def test_what_is_offered_is_the_profile(case, slot, born):
    document = DocumentFactory(application=case, slot=slot)
    assert as_in_profile(document) == AsPrinted("LAM Tsz Ching", "", born)


def test_the_pile_of_names_to_settle(case, by):
    read(case, by, "LEE Mei")
    pile = BY_KEY["names"].narrow(type(case).objects.all(), Looking(AT))
    assert list(pile) == [case]
