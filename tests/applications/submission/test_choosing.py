"""The choice within a programme: specialisations, study mode, advice on it, and answers carried over."""

import re
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from admissions_portal import clock
from admissions_portal.history.models import Event
from applications.applicants.choices import Origin
from applications.applicants.choices import ResidenceStatus as R
from applications.evidence.actions import remove_document
from applications.evidence.models import Document, DocumentStatus, SlotCode
from applications.lifecycle.actions import start_application
from applications.lifecycle.limits import TooManyApplications
from applications.lifecycle.mode import ModeRefused, change_mode
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.submission.actions import submit_application
from applications.submission.carrying import CarryOverRefused, carry_over, plan_of_carrying
from applications.submission.choosing import advice_on_mode
from applications.submission.declarations import in_force
from programmes.models import Institution, Specialisation
from tests.factories.applications import DraftFactory
from tests.factories.drafts import AT, own, ready_draft, research_offering
from tests.factories.evidence import DocumentFactory
from tests.factories.programmes import OfferingFactory, ProgrammeFactory, RoundFactory, SpecialisationFactory


@pytest.fixture(autouse=True)
def place(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def browser(client, draft):
    client.force_login(draft.applicant.user)
    return client


@pytest.fixture
def part_time(offering):
    """The other mode of the intake, in the same first round."""
    made = OfferingFactory(intake=offering.intake, mode="PART_TIME", pattern="Day-release")
    RoundFactory(offering=made)
    return made


def text_of(response):
    body = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def submitted(draft):
    submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=AT)
    return Application.objects.get(pk=draft.pk)


def choice(draft):
    return reverse("applications:section", args=[draft.pk, "choice"])


# specialisations


def test_the_same_specialisation_is_not_chosen_twice(browser, draft):
    first = draft.specialisation
    response = browser.post(
        choice(draft), {"specialisation": first.pk, "second_specialisation": first.pk}, follow=True
    )
    assert f"“{first.name}” is already your first choice. Choose another one, or none." in text_of(response)


def test_a_specialisation_of_another_programme_is_no_answer(browser, draft):
    other = SpecialisationFactory()
    response = browser.post(
        choice(draft), {"specialisation": other.pk, "second_specialisation": ""}, follow=True
    )
    assert "is not among the answers" in text_of(response)
    assert Application.objects.get(pk=draft.pk).specialisation_id != other.pk


# the mode


def test_the_modes_stand_side_by_side_with_what_each_means(browser, draft, part_time):
    text = text_of(browser.get(choice(draft)))
    assert "Expected duration" in text
    assert "Day-release" in text
    assert "Choose part-time" in text


def test_changing_the_mode_keeps_everything_else(browser, draft, part_time):
    before = Application.objects.values().get(pk=draft.pk)
    url = reverse("applications:change_mode", args=[draft.pk])
    response = browser.post(url, {"offering": part_time.pk}, follow=True)
    assert "The application is for part-time study now. Everything you have written is kept." in text_of(
        response
    )
    after = Application.objects.values().get(pk=draft.pk)
    assert {key for key in before if before[key] != after[key]} == {"offering_id", "updated_at"}
    assert draft.documents.count() == 1
    assert Event.objects.get(kind="application.mode_changed").data == {"offering": part_time.pk}


def test_a_mode_with_an_application_of_its_own_is_not_taken(draft, part_time):
    DraftFactory(applicant=draft.applicant, offering=part_time)
    with pytest.raises(ModeRefused) as refused:
        change_mode(draft, part_time, by=own(draft), at=AT)
    assert str(refused.value) == (
        "You have another application for part-time study of this intake. Open that one, or delete it first."
    )


def test_another_intake_is_no_mode_and_what_is_submitted_stays(draft, part_time):
    with pytest.raises(ModeRefused, match="This is another intake or programme"):
        change_mode(draft, OfferingFactory(), by=own(draft), at=AT)
    case = submitted(draft)
    with pytest.raises(ModeRefused, match="This application has been submitted for its study mode"):
        change_mode(case, part_time, by=own(draft), at=AT)


def test_nobody_else_changes_the_mode(draft, part_time):
    with pytest.raises(PermissionDenied):
        change_mode(draft, part_time, by=own(ready_draft(part_time)), at=AT)


# advice on it

PART_TIME_AT_HKU = [
    pytest.param(R.PERMANENT_RESIDENT, Origin.HONG_KONG, None, False, id="a local is told nothing"),
    pytest.param(R.EMPLOYMENT_VISA, Origin.OVERSEAS, None, False, id="a work permit counts as local"),
    pytest.param(
        R.STUDENT_VISA,
        Origin.OVERSEAS,
        "You chose part-time study as a non-local applicant",
        True,
        id="overseas",
    ),
    pytest.param(
        R.STUDENT_VISA,
        Origin.MAINLAND,
        "You chose part-time study as a non-local applicant",
        True,
        id="Mainland",
    ),
    pytest.param(
        R.IANG,
        Origin.OVERSEAS,
        "You chose part-time study as a non-local applicant",
        False,
        id="IANG: non-local, no student visa",
    ),
    pytest.param(
        "", "", "Part-time study can depend on your status in Hong Kong", False, id="nothing said yet"
    ),
]


@pytest.mark.parametrize(("status", "origin", "title", "needs_visa"), PART_TIME_AT_HKU)
def test_day_release_is_advised_on_and_open_to_all(part_time, status, origin, title, needs_visa):
    draft = ready_draft(part_time, residence_status=status, origin=origin)
    advice = advice_on_mode(draft, at=AT)
    assert (advice.title if advice else None) == title
    assert bool(advice and advice.visa) == needs_visa
    if title and status:
        assert advice.sentences[:2] == (
            "This is advice, and nothing keeps you from applying.",
            "Round 1 is for everybody, local or not, in both study modes.",
        )
        assert submitted(draft).state == State.SUBMITTED


def test_full_time_needs_no_advice(draft):
    draft.applicant.residence_status = R.STUDENT_VISA
    assert advice_on_mode(draft, at=AT) is None


def test_what_a_visa_would_need_is_said_as_far_as_it_is_published(part_time):
    draft = ready_draft(part_time, residence_status=R.STUDENT_VISA, origin=Origin.OVERSEAS)
    advice = advice_on_mode(draft, at=AT)
    assert advice.visa == (
        "Nothing of this is needed now; it begins once you have accepted an offer.",
        "If you need a student visa or entry permit, you fill in form ID 995A and your sponsor, normally the "
        "university, form ID 995B.",
        "With them go a photo, a copy of your travel document, the letter of acceptance and proof that you "
        "can pay; a copy of your Hong Kong identity card if you have one.",
        "It normally takes six to eight weeks. Study cannot begin before it is granted.",
        "Whether it is granted for part-time study, the Immigration Department alone decides: telephone "
        "2824 6111.",
    )


@pytest.mark.parametrize(
    ("status", "concerned"),
    [
        pytest.param(R.STUDENT_VISA, True, id="a non-local is told"),
        pytest.param(R.PERMANENT_RESIDENT, False, id="a local is not concerned"),
    ],
)
def test_part_time_research_is_a_rule_that_is_not_in_the_handbook(status, concerned):
    offering = research_offering(mode="PART_TIME")
    draft = ready_draft(offering, residence_status=status, origin=Origin.OVERSEAS)
    advice = advice_on_mode(draft, at=AT)
    if not concerned:
        assert advice is None
        return
    assert (advice.label, advice.code, advice.visa) == ("Not in the handbook", "UST-MODE", ())
    assert advice.notes == ("The graduate school’s pages say so; the handbook does not.",)
    assert advice.sentences == (
        "Non-local applicants may not take this programme part-time.",
        f"You can submit all the same: the {offering.programme.office.name} decides, and tells you why.",
        "The study mode can be changed here as long as this is a draft; everything you have written stays.",
    )


def test_advice_follows_a_change_at_once_and_stands_in_the_review(client, part_time):
    draft = ready_draft(part_time, residence_status=R.STUDENT_VISA, origin=Origin.OVERSEAS)
    client.force_login(draft.applicant.user)
    title = "You chose part-time study as a non-local applicant"
    review = reverse("applications:review", args=[draft.pk])
    assert [title in text_of(client.get(url)) for url in (choice(draft), review)] == [True, True]
    draft.applicant.residence_status = R.PERMANENT_RESIDENT
    draft.applicant.save()
    assert [title in text_of(client.get(url)) for url in (choice(draft), review)] == [False, False]


# carrying over


def carried(source, target):
    return carry_over(source, target, by=own(source), at=AT)


def test_answers_of_a_draft_go_into_one_for_the_other_mode(draft, part_time, tmp_path):
    draft.second_specialisation = Specialisation.objects.exclude(pk=draft.specialisation_id).first()
    draft.save()
    made, told = carried(draft, part_time)
    assert (made.specialisation, made.second_specialisation) == (
        draft.specialisation,
        draft.second_specialisation,
    )
    assert told.carried == (
        "What you wrote about yourself, your studies and your tests: it is in your profile.",
        "Your choice of specialisation.",
        "1 file. It need not be sent again; the office checks it anew.",
    )
    assert told.left == ()
    assert Application.objects.get(pk=draft.pk).is_draft
    assert Event.objects.get(kind="application.carried_over").data == {
        "source": str(draft.pk),
        "documents": 1,
    }


def test_nothing_of_the_decision_goes_along(draft, part_time):
    case = submitted(draft)
    Document.objects.update(status=DocumentStatus.VERIFIED)
    Application.objects.filter(pk=case.pk).update(state=State.REFUSED)
    case.refresh_from_db()
    made, told = carried(case, part_time)
    assert (made.state, made.number, made.round, made.profile) == (State.DRAFT, None, None, None)
    assert [document.status for document in made.documents.all()] == [DocumentStatus.RECEIVED]
    assert told.left[-1] == "Nothing of the earlier decision, its scores or its letters."


def test_a_research_plan_goes_to_another_research_programme_of_the_university(research):
    source = ready_draft(research)
    target = OfferingFactory(
        intake__programme=ProgrammeFactory(research=True, institution=research.programme.institution)
    )
    RoundFactory(offering=target)
    made, _told = carried(source, target)
    assert [each.name for each in made.supervisors.all()] == [each.name for each in source.supervisors.all()]
    assert sorted(made.answers.values_list("key", "value")) == sorted(
        source.answers.values_list("key", "value")
    )


def test_what_fits_nowhere_stays_and_is_named(research, offering):
    source = ready_draft(research)
    DocumentFactory(application=source, slot=SlotCode.OTHER)
    DocumentFactory(application=source, slot=SlotCode.RESIDENCE, status=DocumentStatus.REJECTED)
    told = plan_of_carrying(source, offering, at=AT)
    answers = source.answers.count()
    assert told.left == (
        *([f"{answers} answers to questions that are not asked here."] if answers > 1 else []),
        "The supervisors you proposed: they are not asked for here, or are of another university.",
        "2 files that prove nothing asked here, or were not accepted.",
    )
    made, told_after = carried(source, offering)
    assert (made.supervisors.count(), made.answers.count(), made.documents.count()) == (0, 0, 1)
    assert told_after == told


def test_a_file_is_referred_to_and_outlives_the_removal_of_either(
    draft, part_time, django_capture_on_commit_callbacks
):
    made, _told = carried(draft, part_time)
    first, second = draft.documents.get(), made.documents.get()
    assert first.file.name == second.file.name
    with django_capture_on_commit_callbacks(execute=True):
        remove_document(first, by=own(draft), at=AT)
    assert second.file.storage.exists(second.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        remove_document(second, by=own(draft), at=AT)
    assert not second.file.storage.exists(second.file.name)


def test_what_is_with_the_office_is_not_carried(draft, part_time):
    with pytest.raises(CarryOverRefused, match="This application is with the office"):
        carried(submitted(draft), part_time)


def test_an_application_that_is_there_is_not_written_over(draft, part_time):
    DraftFactory(applicant=draft.applicant, offering=part_time)
    with pytest.raises(CarryOverRefused) as refused:
        carried(draft, part_time)
    assert str(refused.value) == (
        f"You have an application for “{part_time}” already. Open it, and write your answers there."
    )


def test_the_page_shows_what_fits_before_it_is_done(browser, draft, part_time):
    url = reverse("applications:carry_over", args=[draft.pk])
    assert "What still fits goes into a new draft" in text_of(browser.get(url))
    assert "Your choice of specialisation." in text_of(browser.get(f"{url}?to={part_time.pk}"))
    response = browser.post(url, {"to": part_time.pk}, follow=True)
    assert "Carried over: What you wrote about yourself" in text_of(response)
    assert Application.objects.filter(offering=part_time).count() == 1


# how many at a time


def limit(most):
    Institution.objects.filter(code="hku").update(most_applications=most)


def test_the_limit_ships_off(draft, part_time):
    assert Institution.objects.get(code="hku").most_applications is None
    submitted(draft)
    assert submitted(ready_draft_of(draft.applicant, part_time)).state == State.SUBMITTED


def ready_draft_of(applicant, offering):
    made = DraftFactory(
        applicant=applicant,
        offering=offering,
        specialisation=Specialisation.objects.filter(track__programme=offering.programme).first(),
    )
    DocumentFactory(application=made, slot=SlotCode.DEGREE)
    return made


ONE_AT_A_TIME = (
    "University HKU takes 1 application of a person at a time, and yours is with it. Withdraw it if you "
    "would rather have this one, or wait until it is decided. A draft is kept meanwhile."
)


def test_at_the_limit_neither_begun_nor_submitted_and_told_what_to_do(draft, part_time):
    limit(1)
    second = ready_draft_of(draft.applicant, part_time)
    submitted(draft)
    with pytest.raises(TooManyApplications) as refused:
        submitted(second)
    assert str(refused.value) == ONE_AT_A_TIME
    third = OfferingFactory(intake__programme__institution=Institution.objects.get(code="hku"))
    with pytest.raises(TooManyApplications) as refused:
        start_application(draft.applicant, third, by=own(draft), at=AT)
    assert str(refused.value) == ONE_AT_A_TIME


@pytest.mark.parametrize("state", [State.REFUSED, State.DECLINED, State.LAPSED, State.WITHDRAWN])
def test_what_has_ended_does_not_count(draft, part_time, state):
    limit(1)
    case = submitted(draft)
    Application.objects.filter(pk=case.pk).update(state=state)
    assert submitted(ready_draft_of(draft.applicant, part_time)).state == State.SUBMITTED


def test_only_the_institution_itself_counts(draft, research):
    limit(1)
    submitted(draft)
    Institution.objects.filter(code="hkust").update(most_applications=1)
    assert start_application(draft.applicant, research, by=own(draft), at=AT).is_draft


def test_the_start_page_says_why_not(browser, draft, part_time):
    limit(1)
    submitted(draft)
    response = browser.post(reverse("applications:start", args=[part_time.pk]))
    assert response.status_code == 409
    assert ONE_AT_A_TIME in text_of(response)
