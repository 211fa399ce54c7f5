"""The office changes a rule on paper that reads like the regulation: list, form, draft, publishing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from admissions_portal.accounts.roles import Role
from admissions_portal.clock import day_of
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.support.actors import Actor
from eligibility import actions
from eligibility.engine import READINGS, EnglishMinimum, EnglishTestKind, Range, Requirements
from eligibility.forms.drafts import merge
from eligibility.forms.policies import PolicyDraftForm
from eligibility.loading import read_policies
from eligibility.models import Policy, PolicyVersion
from eligibility.questions import ASKED_AT, QUESTIONS
from eligibility.regulation import sections_of
from eligibility.writing_yaml import policy_file_of
from programmes.models import Programme
from tests.eligibility.offices import (
    AT,
    LATER,
    ielts,
    officer,
    policy,
    preview,
    publish,
    save,
    school_of_science,
    with_ielts,
)
from tests.factories.programmes import ProgrammeFactory

pytestmark = pytest.mark.django_db
Typed = dict[str, Any]


@pytest.fixture
def programmes() -> tuple[Programme, Programme]:
    start_clock_at(AT)
    _school, phd, mphil = school_of_science()
    return phd, mphil


@pytest.fixture
def by(programmes: tuple[Programme, Programme]) -> Actor:
    return officer(*programmes)


@pytest.fixture
def office(by: Actor) -> Client:
    return signed_in(by)


@pytest.fixture
def draft(by: Actor) -> PolicyVersion:
    return actions.draft_version(policy("HKUST-PHD"), by=by, at=AT)


def signed_in(by: Actor) -> Client:
    client = Client()
    client.force_login(by.user)
    return client


def address(page: str, *args: Any) -> str:
    return reverse(f"admin:eligibility_{page}", args=args)


def opened(client: Client, of: Policy) -> Typed:
    """What the draft's form would send as it is opened."""
    context = client.get(address("policy_edit", of.pk)).context
    return {**context["form"].as_typed(), "was": context["was"], "act": "save"}


def send(client: Client, of: Policy, typed: Typed, **changes: Any) -> Any:
    return client.post(address("policy_edit", of.pk), {**typed, **changes})


def problems(response: Any) -> dict[str, list[str]]:
    return {name: [str(each) for each in errors] for name, errors in response.context["form"].errors.items()}


REASON = {"reason": "Senate, 12 March 2026"}
DAY = {"effective_from_day": "1", "effective_from_month": "9", "effective_from_year": "2026"}


# What the form is made of.


@pytest.mark.parametrize("file", read_policies(), ids=lambda file: file.requirements.policy)
def test_a_form_in_which_nothing_is_changed_changes_no_byte(file: Any) -> None:
    form = PolicyDraftForm(file.requirements, effective_from=date(2026, 9, 1), reason="Nothing")
    sent = PolicyDraftForm(file.requirements, data=as_sent(form.as_typed()))
    assert sent.errors == {}
    assert sent.content() == file.requirements


@pytest.mark.parametrize("name", READINGS)
def test_every_open_question_is_put_in_plain_words_where_its_rule_stands(name: str) -> None:
    assert str(QUESTIONS[name]).endswith("?")
    assert [check for check, names in ASKED_AT.items() if name in names] != []


@pytest.mark.parametrize("file", read_policies(), ids=lambda file: file.requirements.policy)
def test_every_question_that_a_shipped_policy_answers_can_be_answered_in_its_form(file: Any) -> None:
    form = PolicyDraftForm(file.requirements)
    assert [name for name in file.requirements.readings if f"reading_{name}" not in form.fields] == []


@pytest.mark.parametrize("file", read_policies(), ids=lambda file: file.requirements.policy)
def test_a_version_reads_rule_by_rule_with_every_figure_in_a_sentence(file: Any) -> None:
    sections = sections_of(file.requirements)
    assert [section.code for section in sections] == [rule.code for rule in file.requirements.every_rule]
    assert [section.code for section in sections if not section.lines and not section.quote] == []


def as_sent(typed: Mapping[str, list[str]]) -> Any:
    from django.http import QueryDict

    sent = QueryDict(mutable=True)
    for name, values in typed.items():
        sent.setlist(name, values)
    return sent


# Reading.


def test_the_list_says_what_is_in_force_what_comes_and_what_the_draft_waits_for(
    office: Client, by: Actor, draft: PolicyVersion
) -> None:
    phd = policy("HKUST-MPHIL")
    publish(phd.code, with_ielts(phd.versions.get().requirements(), "6.5"), date(2026, 9, 1), by)
    [(house, rows)] = office.get(address("policy_changelist")).context["houses"].items()
    assert house == "University HKUST"
    assert [
        (row.policy.code, row.in_force.number, [v.number for v in row.upcoming], row.waits_for)
        for row in rows
    ] == [("HKUST-MPHIL", 1, [2], ""), ("HKUST-PHD", 1, [], "Write the change")]


def test_rules_of_another_institution_do_not_exist(office: Client, draft: PolicyVersion) -> None:
    ProgrammeFactory(slug="hku-mmedsc")
    other = policy("HKU-MMEDSC")
    pages = [
        address(f"policy_{page}", other.pk) for page in ("change", "compare", "draft", "edit", "publish")
    ]
    pages.append(address("policyversion_change", other.versions.get().pk))
    pages += [address("policyversion_export", other.versions.get().pk, kind) for kind in ("json", "yaml")]
    assert [office.get(page).status_code for page in pages] == [404] * len(pages)
    acts = [address(f"policy_{act}", other.pk) for act in ("begin", "edit", "approve", "publish", "discard")]
    assert [office.post(act).status_code for act in acts] == [404] * len(acts)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PROGRAMME_OFFICE])
def test_whoever_opens_cases_reads_the_rules_and_changes_none(
    role: Role, programmes: tuple[Programme, Programme], draft: PolicyVersion
) -> None:
    reader = signed_in(officer(*programmes, role=role))
    pk = draft.policy_id
    reads = [reader.get(address(f"policy_{page}", pk)).status_code for page in ("change", "draft", "compare")]
    assert reads == [200, 200, 200]
    changes = ("begin", "edit", "approve", "publish", "discard")
    assert {reader.post(address(f"policy_{act}", pk)).status_code for act in changes} == {404}
    assert reader.get(address("policy_edit", pk)).status_code == 404


def test_the_right_over_one_programme_is_not_the_right_over_its_policy(
    programmes: tuple[Programme, Programme], draft: PolicyVersion
) -> None:
    ProgrammeFactory(research=True, institution=programmes[0].institution)
    one = signed_in(officer(programmes[0]))
    assert one.get(address("policy_draft", draft.policy_id)).status_code == 200
    assert one.get(address("policy_edit", draft.policy_id)).status_code == 404


def test_a_version_is_exported_as_it_is_kept(office: Client) -> None:
    version = policy("HKUST-PHD").versions.get()
    answers = [office.get(address("policyversion_export", version.pk, kind)) for kind in ("json", "yaml")]
    assert json.loads(answers[0].content) == version.content
    assert answers[1].content.decode() == policy_file_of(version)
    assert answers[1]["Content-Disposition"] == 'attachment; filename="hkust-phd-1.yaml"'
    assert office.get(address("policyversion_export", version.pk, "exe")).status_code == 404


def test_any_two_versions_are_compared_in_words(office: Client, by: Actor) -> None:
    phd = policy("HKUST-PHD")
    first = phd.versions.get()
    second = publish(phd.code, with_ielts(first.requirements(), "7"), date(2026, 9, 1), by)
    page = f"{address('policy_compare', phd.pk)}?from={first.pk}&to={second.pk}"
    assert [(c.rule, c.before, c.after) for c in office.get(page).context["changes"]] == [
        ("UST-08", "6.0", "7.0"),
        ("UST-08", "6.5", "7.0"),
    ]


# Writing.


def test_an_officer_raises_ielts_and_nothing_else_changes(office: Client, draft: PolicyVersion) -> None:
    before: Requirements = draft.requirements()
    typed = opened(office, draft.policy)
    answer = send(office, draft.policy, typed, en_IELTS_ACADEMIC_source_overall="6.5", **DAY, **REASON)
    assert answer["Location"] == address("policy_draft", draft.policy_id)
    saved = PolicyVersion.objects.get(pk=draft.pk)
    rows = [
        replace(row, overall=Decimal("6.5")) if row.reading == "source" else row
        for row in before.english.minima
    ]
    assert saved.requirements() == replace(before, english=replace(before.english, minima=tuple(rows)))
    assert (saved.effective_from, saved.reason) == (date(2026, 9, 1), "Senate, 12 March 2026")
    changes = office.get(answer["Location"]).context["changes"]
    assert [(c.rule, c.before, c.after) for c in changes] == [("UST-08", "6.0", "6.5")]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param(
            {"en_IELTS_ACADEMIC_source_overall": "6.3"},
            {
                "en_IELTS_ACADEMIC_source_overall": [
                    "The overall score goes in steps of 0.5; 6.3 cannot be a score."
                ]
            },
            id="a score the test cannot give",
        ),
        pytest.param(
            {"en_TOEFL_IBT_overall": ""},
            {"en_TOEFL_IBT_overall": ["Give at least one figure, or take this test off the list."]},
            id="a test that asks nothing",
        ),
        pytest.param(
            {"award_by_day": "31"},
            {"award_by_month": ["Give day and month together, or neither."]},
            id="a day without its month",
        ),
        pytest.param(
            {"award_by_day": "30", "award_by_month": "2"},
            {"award_by_day": ["There is no day 30 in February every year."]},
            id="a day no year has",
        ),
        pytest.param(
            {"effective_from_month": "13", "valid_years": "0"},
            {
                "effective_from": ["Months go from 1 to 12; 13 is not one."],
                "valid_years": ["0 is too low. The least possible is 1."],
            },
            id="two things at once",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    changes: Typed, told: dict[str, list[str]], office: Client, draft: PolicyVersion
) -> None:
    typed = {**opened(office, draft.policy), **REASON, **changes, "en_IELTS_ACADEMIC_source_each_part": "6"}
    answer = send(office, draft.policy, typed)
    assert problems(answer) == told
    again = answer.context["form"].as_typed()
    assert {name: again[name] for name in changes} == {name: [value] for name, value in changes.items()}
    assert again["en_IELTS_ACADEMIC_source_each_part"] == ["6"]
    assert PolicyVersion.objects.get(pk=draft.pk).content == draft.content


def test_a_reading_is_chosen_and_the_proposed_one_leaves_no_trace(
    office: Client, draft: PolicyVersion
) -> None:
    chosen = {"reading_AMB-05": "at_programme_start"}
    send(office, draft.policy, opened(office, draft.policy), **chosen, **REASON)
    assert PolicyVersion.objects.get(pk=draft.pk).requirements().readings == {"AMB-05": "at_programme_start"}
    send(office, draft.policy, opened(office, draft.policy), **{"reading_AMB-05": "at_submission"})
    assert PolicyVersion.objects.get(pk=draft.pk).content == draft.content


def test_the_words_of_the_source_follow_the_figures(office: Client, draft: PolicyVersion) -> None:
    words = "an overall score of 6.5\r\nwith no sub-score lower than 5.5"
    send(office, draft.policy, opened(office, draft.policy), **{"rule_UST-08_quote": words}, **REASON)
    rule = PolicyVersion.objects.get(pk=draft.pk).requirements().rule("UST-08")
    assert rule.quote == "an overall score of 6.5 with no sub-score lower than 5.5"


def test_a_test_is_added_with_what_was_typed_kept_and_nothing_saved(
    office: Client, draft: PolicyVersion
) -> None:
    typed = {**opened(office, draft.policy), "valid_years": "three", "add_test": "PTE_ACADEMIC"}
    answer = send(office, draft.policy, typed, act="add-test")
    form = answer.context["form"]
    assert [row.key for row in form.rows][-1] == "PTE_ACADEMIC"
    assert (form.as_typed()["valid_years"], form.is_bound) == (["three"], False)
    assert PolicyVersion.objects.get(pk=draft.pk).content == draft.content
    typed = {**form.as_typed(), "was": answer.context["was"], "valid_years": "2", **REASON}
    send(office, draft.policy, typed, en_PTE_ACADEMIC_overall="58", act="save")
    minima = PolicyVersion.objects.get(pk=draft.pk).requirements().english.minima
    assert minima[-1] == EnglishMinimum(EnglishTestKind.PTE_ACADEMIC, overall=Decimal(58))


def test_a_test_no_list_knows_comes_with_its_name_and_scale(office: Client, draft: PolicyVersion) -> None:
    typed = {**opened(office, draft.policy), "add_test": "OTHER"}
    form = send(office, draft.policy, typed, act="add-test").context["form"]
    own = {"name": "LanguageCert", "low": "0", "high": "100", "step": "1", "overall": "70"}
    typed = {**typed, **form.as_typed(), **REASON, **{f"en_OTHER-1_{name}": own[name] for name in own}}
    off = send(office, draft.policy, {**typed, "en_OTHER-1_overall": "70.5"}, act="save")
    assert problems(off) == {
        "en_OTHER-1_overall": ["This test goes from 0 to 100 in steps of 1; 70.5 is no score."]
    }
    send(office, draft.policy, typed, act="save")
    assert PolicyVersion.objects.get(pk=draft.pk).requirements().english.minima[-1] == EnglishMinimum(
        EnglishTestKind.OTHER,
        overall=Decimal(70),
        name="LanguageCert",
        scale=Range(Decimal(0), Decimal(100)),
    )


def test_a_test_is_taken_off_the_list(office: Client, draft: PolicyVersion) -> None:
    typed = opened(office, draft.policy)
    answer = send(office, draft.policy, typed, act="remove-test:TOEFL_PAPER")
    typed = {**answer.context["form"].as_typed(), "was": answer.context["was"], **REASON}
    send(office, draft.policy, typed, act="save")
    kinds = [row.kind for row in PolicyVersion.objects.get(pk=draft.pk).requirements().english.minima]
    assert kinds == [
        row.kind for row in draft.requirements().english.minima if row.kind != EnglishTestKind.TOEFL_PAPER
    ]


# Two at one draft.


def test_a_save_that_meets_anothers_shows_both_and_keeps_both(
    office: Client, draft: PolicyVersion, programmes: tuple[Programme, Programme]
) -> None:
    mine = opened(office, draft.policy)
    other = officer(*programmes)
    theirs = replace(draft.requirements(), readings={"AMB-06": "ends_day_before"})
    saved = save(draft, other, content=with_ielts(theirs, "7"), at=LATER)
    mine |= {"en_IELTS_ACADEMIC_source_overall": "6.5", "valid_years": "3", "reason": "Mine"}
    answer = send(office, draft.policy, mine)
    form = answer.context["form"]
    typed = form.as_typed()
    both = ("en_IELTS_ACADEMIC_source_overall", "valid_years", "reading_AMB-06", "reason")
    assert {name: typed[name] for name in both} == {
        "en_IELTS_ACADEMIC_source_overall": ["6.5"],
        "valid_years": ["3"],
        "reading_AMB-06": ["ends_day_before"],
        "reason": ["Mine"],
    }
    meanwhile = answer.context["meanwhile"]
    assert meanwhile.who == str(other.user)
    assert [(field.name, text) for field, text in meanwhile.clashes] == [
        ("en_IELTS_ACADEMIC_source_overall", "7"),
        ("reason", "Senate, paper 7"),
    ]
    assert PolicyVersion.objects.get(pk=draft.pk).content == saved.content
    send(office, draft.policy, {**typed, "was": answer.context["was"]}, act="save")
    kept = PolicyVersion.objects.get(pk=draft.pk).requirements()
    assert (kept.english.valid_years, kept.reading("AMB-06")) == (3, "ends_day_before")


def test_what_was_typed_into_a_draft_published_meanwhile_goes_on_in_a_new_one(
    office: Client, by: Actor, draft: PolicyVersion
) -> None:
    mine = opened(office, draft.policy)
    draft = save(draft, by)
    preview(draft, by)
    actions.publish_version(draft, by=by, at=AT, out_of_order=True)
    answer = send(office, draft.policy, {**mine, "valid_years": "3", "reason": "Mine"})
    assert answer.context["told"].startswith("The draft you had open was published or discarded.")
    typed = answer.context["form"].as_typed()
    assert (typed["valid_years"], typed["reason"]) == (["3"], ["Mine"])
    fresh = PolicyVersion.objects.get(policy=draft.policy, published_at=None)
    assert (fresh.pk != draft.pk, fresh.requirements().english.valid_years) == (True, 2)


def test_a_row_taken_away_by_one_and_one_added_by_the_other_both_count() -> None:
    was = {"test": ["TOEFL_IBT", "DUOLINGO"]}
    mine = as_sent({"test": ["TOEFL_IBT", "DUOLINGO", "PTE_ACADEMIC"]})
    assert merge(was, {"test": ["TOEFL_IBT"]}, mine).data.getlist("test") == ["TOEFL_IBT", "PTE_ACADEMIC"]


# A School's layer.


@pytest.fixture
def layer(by: Actor, office: Client, programmes: tuple[Programme, Programme]) -> PolicyVersion:
    school = programmes[0].school
    assert school is not None
    given = {"about": f"school:{school.pk}", "title": "School of Science", "level": "", "clause": "Handbook"}
    answer = office.post(address("policy_add"), given)
    made = Policy.objects.get(layer="SCHOOL")
    assert answer["Location"] == address("policy_edit", made.pk)
    return made.versions.get()


def test_a_school_asks_only_for_what_stands_beside_the_figures_below(
    office: Client, layer: PolicyVersion
) -> None:
    form = office.get(address("policy_edit", layer.policy_id)).context["form"]
    rows = {row.key: row.base for row in form.rows}
    assert rows["IELTS_ACADEMIC"] == "IELTS Academic: overall 6.0 or more, no part below 5.5"
    assert [name for name in form.fields if name.startswith(("reading_", "status_", "rule_"))] == []


def test_a_school_that_would_lower_is_refused_with_the_sentence_at_its_field(
    office: Client, layer: PolicyVersion
) -> None:
    typed = {**opened(office, layer.policy), **REASON, "en_IELTS_ACADEMIC_overall": "5.5"}
    answer = send(office, layer.policy, typed, en_IELTS_ACADEMIC_writing="7")
    [sentence] = problems(answer)["en_IELTS_ACADEMIC_overall"]
    assert sentence.startswith(
        "“IELTS Academic: overall 5.5 or more” is lower than “IELTS Academic: overall 6.0"
    )
    assert list(problems(answer)) == ["en_IELTS_ACADEMIC_overall"]
    assert PolicyVersion.objects.get(pk=layer.pk).overlay().english == ()


def test_a_school_raises_one_part_and_asks_for_an_interview(office: Client, layer: PolicyVersion) -> None:
    typed = opened(office, layer.policy)
    answer = send(office, layer.policy, typed, act="add-clause:0")
    own = {"code": "SCI-1", "title": "Interview", "clause": "Handbook, 3", "quote": "an interview is held"}
    typed = {**answer.context["form"].as_typed(), "was": answer.context["was"], **REASON}
    typed |= {f"own_0_{name}": text for name, text in own.items()} | {"en_IELTS_ACADEMIC_writing": "7,0"}
    send(office, layer.policy, typed, act="save")
    saved = PolicyVersion.objects.get(pk=layer.pk).overlay()
    assert saved.english == (ielts(parts={"writing": Decimal("7.0")}),)
    [rule] = saved.rules
    assert (rule.code, rule.title, rule.clause, rule.quote) == tuple(own.values())


def test_a_clause_under_a_code_of_the_university_is_refused(office: Client, layer: PolicyVersion) -> None:
    answer = send(office, layer.policy, opened(office, layer.policy), act="add-clause:0")
    typed = {**answer.context["form"].as_typed(), "was": answer.context["was"], **REASON}
    typed |= {"own_0_code": "UST-06", "own_0_title": "English", "own_0_clause": "Handbook"}
    assert list(problems(send(office, layer.policy, typed, act="save"))) == ["own_0_code"]


# Putting it in force.


def test_the_draft_leads_from_writing_over_the_preview_to_publishing(
    office: Client, by: Actor, draft: PolicyVersion, settings: Any
) -> None:
    settings.POLICIES_BY_TWO = False
    page = address("policy_draft", draft.policy_id)

    def step() -> str:
        return str(office.get(page).context["step"].title)

    steps = [step()]
    draft = save(draft, by, content=with_ielts(draft.requirements(), "7"))
    steps.append(step())
    preview(draft, by)
    steps.append(step())
    save(draft, by, reason="Senate, paper 8", content=with_ielts(draft.requirements(), "7.5"))
    steps.append(step())
    assert steps == ["Write the change", "See what would change", "Publish", "See what would change"]


def test_publishing_names_what_the_preview_found_and_is_confirmed(
    office: Client, by: Actor, draft: PolicyVersion, settings: Any
) -> None:
    settings.POLICIES_BY_TWO = False
    draft = save(draft, by, content=with_ielts(draft.requirements(), "7"))
    page = address("policy_publish", draft.policy_id)
    refused = office.post(page, {"seen": draft.edition})
    assert refused.context["refused"].startswith("Nobody has looked at what this draft would change")
    actions.keep_preview(
        draft,
        fingerprint=draft.fingerprint,
        counts={"cases": 4, "changed": 1, "drafts": {"seen": 2, "changed": 1}},
        rows=[],
        by=by,
        at=AT,
    )
    assert office.get(page).context["count_lines"] == [
        "Results that change: 1 of 4 open applications.",
        "Of what is not sent yet: 1 of 2 drafts.",
    ]
    answer = office.post(page, {"seen": draft.edition})
    published = PolicyVersion.objects.get(pk=draft.pk)
    assert (published.number, published.published_by) == (2, by.user)
    assert answer["Location"] == f"{address('policyversion_change', draft.pk)}?published"


@pytest.mark.parametrize(
    ("later", "is_said"), [pytest.param(0, True, id="from today"), pytest.param(1, False, id="from tomorrow")]
)
def test_publishing_says_when_cases_already_received_are_judged_too(
    later: int, is_said: bool, office: Client, by: Actor, draft: PolicyVersion
) -> None:
    draft = save(draft, by, effective_from=day_of(AT) + timedelta(days=later))
    preview(draft, by)
    page = office.get(address("policy_publish", draft.policy_id)).content.decode()
    assert ("cases already received since" in page) is is_said


def test_publishing_before_a_later_version_is_confirmed_once_more(
    office: Client, by: Actor, draft: PolicyVersion, settings: Any
) -> None:
    settings.POLICIES_BY_TWO = False
    draft = save(draft, by, effective_from=date(2025, 9, 1))
    preview(draft, by)
    page = address("policy_publish", draft.policy_id)
    answer = office.post(page, {"seen": draft.edition})
    assert answer.context["refused"].startswith("Version 1 takes force on the same day")
    assert PolicyVersion.objects.get(pk=draft.pk).is_draft
    office.post(page, {"seen": draft.edition, "out_of_order": "1"})
    assert PolicyVersion.objects.get(pk=draft.pk).number == 2


def test_where_two_are_asked_for_a_colleague_approves(
    office: Client, by: Actor, draft: PolicyVersion, programmes: tuple[Programme, Programme], settings: Any
) -> None:
    settings.POLICIES_BY_TWO = True
    draft = save(draft, by)
    preview(draft, by)
    page, colleague = address("policy_draft", draft.policy_id), signed_in(officer(*programmes))
    own, other = (client.get(page).context["step"] for client in (office, colleague))
    assert [(step.title, step.is_post) for step in (own, other)] == [
        ("A second person approves", False),
        ("Approve the draft", True),
    ]
    approve = address("policy_approve", draft.policy_id)
    office.post(approve, {"seen": draft.edition})
    assert not PolicyVersion.objects.get(pk=draft.pk).is_approved
    colleague.post(approve, {"seen": draft.edition})
    assert PolicyVersion.objects.get(pk=draft.pk).is_approved
    assert office.get(page).context["step"].title == "Publish"


def test_a_draft_is_discarded_and_what_is_in_force_stays(office: Client, draft: PolicyVersion) -> None:
    answer = office.post(address("policy_discard", draft.policy_id))
    assert answer["Location"] == address("policy_change", draft.policy_id)
    assert [version.number for version in draft.policy.versions.all()] == [1]
