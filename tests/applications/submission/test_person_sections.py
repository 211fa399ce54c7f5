"""Who somebody is and what allows them to be in Hong Kong: what both sections keep, refuse, remember."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from applications.applicants.actions import freeze_profile
from applications.applicants.choices import ResidenceStatus as R
from applications.applicants.models import Applicant, ResidenceDeclaration
from applications.submission.models import SectionVisit
from applications.submission.sections import Filling, section_named
from tests.applications.submission.test_sections import fresh, save, sentences, state
from tests.factories.drafts import AT, ready_draft
from tests.factories.programmes import hkt


def person(draft):
    return Applicant.objects.get(pk=draft.applicant_id)


def on(name, day):
    """A date as its three inputs post it."""
    parts = (day.day, day.month, day.year) if day else ("", "", "")
    return {
        f"residence_{name}_{part}": str(value)
        for part, value in zip(("day", "month", "year"), parts, strict=True)
    }


# names and addresses


def test_what_is_pasted_is_kept_as_it_was_meant(draft):
    made = save(
        draft,
        "personal",
        family_name="ＬＡＭ\u3000ＣＨＥＮＧ",
        given_names="Yuet  Ngor",
        chinese_name="林鄭 月娥",
        other_names="CHENG Yuet Ngor\u00a0(maiden name)",
        address_1="１２/F, Example House",
    )
    kept = person(draft)
    assert sentences(made) == []
    assert (kept.family_name, kept.given_names) == ("LAM CHENG", "Yuet Ngor")
    assert (kept.chinese_name, kept.other_names) == ("林鄭月娥", "CHENG Yuet Ngor (maiden name)")
    assert kept.address_1 == "12/F, Example House"


@pytest.mark.parametrize(
    ("answers", "called"),
    [
        pytest.param({"family_name": "", "given_names": "Sukarno"}, "Sukarno", id="given name alone"),
        pytest.param({"family_name": "Sukarno", "given_names": ""}, "Sukarno", id="family name alone"),
        pytest.param({"family_name": "O’Neill", "given_names": "D'Arcy"}, "O’Neill D'Arcy", id="apostrophes"),
        pytest.param({"family_name": "LAM", "given_names": "Tsz-Ching"}, "LAM Tsz-Ching", id="hyphen"),
        pytest.param(
            {"family_name": "MARTÍNEZ GARCÍA", "given_names": "Sofía"}, "MARTÍNEZ GARCÍA Sofía", id="two"
        ),
    ],
)
def test_a_name_is_accepted_and_its_order_kept(draft, answers, called):
    assert sentences(save(draft, "personal", **answers)) == []
    assert person(draft).full_name == called


def test_a_country_with_postcodes_keeps_one_and_needs_none(draft):
    assert sentences(save(draft, "personal", country="GB", postcode="EC1Y 8SD")) == []
    assert person(draft).postcode == "EC1Y 8SD"
    assert sentences(save(draft, "personal", country="GB", postcode="")) == []


# the identity document


def test_c7_only_the_beginning_of_the_number_is_kept_even_where_the_whole_is_typed(draft):
    """Not in its column, not as typed beside a mistake, not in the page that comes back."""
    made = save(draft, "personal", identity_start="Q987654(3)", phone="12")
    assert sentences(made) == [
        "Telephone: A Hong Kong number has eight figures. Check it, or begin with the other country’s code."
    ]
    assert person(draft).identity_start == "Q987"
    assert SectionVisit.objects.get().typed["identity_start"] == ["Q987"]
    assert "Q98765" not in str(made.form)


def test_the_review_shows_three_characters(draft):
    save(draft, "personal", identity_start="q987")
    section = section_named(draft, "personal", at=AT)
    [block] = section.answers(Filling(fresh(draft), at=AT))
    shown = {answer.label: answer.value for answer in block.answers}
    assert shown["Identity document"] == "Hong Kong identity card"
    assert shown["First four characters of its number"] == "Q98…(•)"


def test_whoever_holds_no_document_yet_says_so(draft):
    assert sentences(save(draft, "personal", identity_kind="NONE", identity_start="")) == []
    assert state(draft, "personal") == "Complete"


def test_the_frozen_profile_holds_no_part_of_the_number(draft):
    save(draft, "personal", identity_start="q987")
    frozen = freeze_profile(person(draft), at=AT)
    assert frozen.data["identity_kind"] == "HKID"
    assert "Q98" not in str(frozen.data)


# the status in Hong Kong

BORN = date(1999, 8, 14)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        pytest.param(
            {**on("since", date(2026, 5, 1)), "residence_status": R.IANG},
            "First issued, or held since: 1 May 2026 is still to come. Write what you hold today.",
            id="begins later",
        ),
        pytest.param(
            {**on("since", date(1999, 8, 13)), "residence_status": R.IANG},
            "First issued, or held since: This day lies before your date of birth. Check both.",
            id="before birth",
        ),
        pytest.param(
            {**on("until", date(2026, 3, 23)), "residence_status": R.IANG},
            "Valid until: This ended on 23 March 2026. Write what you hold today; if you have asked for an "
            "extension, leave the date out.",
            id="ended yesterday",
        ),
        pytest.param(
            {**on("since", date(2026, 3, 1)), **on("until", date(2026, 2, 1)), "residence_status": R.IANG},
            "Valid until: It cannot end before it began. Check both dates.",
            id="ends before it began",
        ),
        pytest.param(
            {**on("until", date(2030, 1, 1)), "residence_status": R.PERMANENT_RESIDENT},
            "Valid until: This status does not end: leave the date out.",
            id="what is for good does not end",
        ),
        pytest.param(
            {"residence_paper": "PERMANENT_CARD", "residence_status": R.STUDENT_VISA},
            "What shows it: A permanent identity card shows a right of abode, and above you chose another "
            "status. Correct one of the two.",
            id="a paper that contradicts the status",
        ),
        pytest.param(
            {**on("since", date(2017, 8, 14)), "residence_status": R.DEPENDANT_UNDER_18},
            "First issued, or held since: You were 18 on that day. Correct the date, or choose above: "
            "Dependant visa, first issued when you were 18 or older.",
            id="C2 on the 18th birthday",
        ),
        pytest.param(
            {**on("since", date(2017, 8, 13)), "residence_status": R.DEPENDANT_18_OR_OVER},
            "First issued, or held since: You were 17 on that day. Correct the date, or choose above: "
            "Dependant visa, first issued before you were 18.",
            id="C2 the day before",
        ),
        pytest.param(
            {**on("since", date(2016, 1, 1)), "residence_status": R.DEPENDANT},
            "First issued, or held since: You were 16 on that day. Correct the date, or choose above: "
            "Dependant visa, first issued before you were 18.",
            id="C2 not sure, yet the date says it",
        ),
    ],
)
def test_dates_and_papers_that_cannot_be_are_refused(draft, answers, sentence):
    assert sentences(save(draft, "residence", **answers)) == [sentence]


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({**on("until", date(2026, 3, 24)), "residence_status": R.IANG}, id="ends today"),
        pytest.param({**on("since", date(2026, 3, 24)), "residence_status": R.IANG}, id="begins today"),
        pytest.param(
            {**on("since", date(2017, 8, 13)), "residence_status": R.DEPENDANT_UNDER_18}, id="17 on the day"
        ),
        pytest.param(
            {**on("since", date(2017, 8, 14)), "residence_status": R.DEPENDANT_18_OR_OVER}, id="18 on the day"
        ),
        pytest.param({"residence_status": R.DEPENDANT}, id="dependant, day not known"),
        pytest.param({"residence_status": R.STUDENT_VISA, "residence_paper": "NONE"}, id="none held yet"),
        pytest.param(
            {"residence_status": R.NOT_SURE, "residence_paper": "PERMANENT_CARD"}, id="not sure, with a card"
        ),
        pytest.param({"residence_status": R.NOT_SURE}, id="not sure"),
    ],
)
def test_what_may_be_is_complete(draft, answers):
    assert sentences(save(draft, "residence", **answers)) == []
    assert state(draft, "residence") == "Complete"


def declared(draft):
    rows = ResidenceDeclaration.objects.filter(applicant=draft.applicant_id)
    return list(rows.values_list("status", "since", "paper"))


def test_until_something_is_submitted_a_correction_takes_the_place_of_what_it_corrects(draft):
    save(draft, "residence", residence_status=R.IANG)
    save(draft, "residence", residence_status=R.QMAS, **on("since", date(2024, 1, 2)), residence_paper="VISA")
    assert declared(draft) == [(R.QMAS, date(2024, 1, 2), "VISA")]


def test_after_that_a_change_is_a_row_more_and_the_frozen_one_stays(draft):
    save(draft, "residence", residence_status=R.IANG)
    frozen = freeze_profile(person(draft), at=hkt(2026, 3, 25, 9))
    save(draft, "residence", residence_status=R.PERMANENT_RESIDENT)
    assert [status for status, _since, _paper in declared(draft)] == [R.IANG, R.PERMANENT_RESIDENT]
    assert frozen.data["residence_status"] == R.IANG


def test_saying_the_same_again_adds_nothing(draft):
    save(draft, "residence", residence_status=R.IANG)
    freeze_profile(person(draft), at=hkt(2026, 3, 25, 9))
    save(draft, "residence")
    assert [status for status, _since, _paper in declared(draft)] == [R.IANG]


def test_nothing_said_is_no_declaration(offering):
    draft = ready_draft(offering, residence_status="")
    save(draft, "residence", residence_status="", origin="HONG_KONG")
    assert declared(draft) == []


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
@pytest.mark.parametrize("key", ["personal", "residence"])
def test_both_sections_are_drawn_in_every_language(draft, key, language):
    with translation.override(language):
        filled = section_named(draft, key, at=AT).fill(Filling(fresh(draft), at=AT))
        assert filled.problems == []
        assert str(filled.form)
