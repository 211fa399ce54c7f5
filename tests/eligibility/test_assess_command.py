"""`manage.py assess` as its user runs it: JSON in, JSON out, and one line for whatever is wrong."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tracemalloc
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from jsonschema import Draft202012Validator

from admissions_portal import clock
from admissions_portal.support.actors import Actor
from eligibility import assessing
from eligibility.engine import HKT, Assessment, Facts, Finding, schema_of, to_json
from eligibility.loading import POLICIES, load_policies, read_policies
from tests.eligibility.engine.people import elsewhere, ielts, person

ROOT = Path(__file__).parents[2]
MMEDSC = str(POLICIES / "hku-mmedsc.yaml")
MPHIL = str(POLICIES / "hkust-mphil.yaml")
AT = "2026-03-24T09:00:00+08:00"

KAREN: dict[str, Any] = to_json(person())
"""Of this University with honours, local: everything that can be known is met."""
YUKI: dict[str, Any] = to_json(person(degrees=(elsewhere(),), english_tests=(ielts("6 6 5.5 6"),)))
"""A degree from elsewhere in another language, and a test that just reaches the minimum."""


class Ran:
    """What a run of the command wrote."""

    def __init__(self, *arguments: str, given: object = None, text: str | None = None, at: str = AT) -> None:
        out, err = io.StringIO(), io.StringIO()
        text = json.dumps(given) if text is None else text
        stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(text.encode()))
        self.code = 0
        try:
            call_command("assess", *arguments, *(["--at", at] if at else []), stdout=out, stderr=err)
        except CommandError as error:
            self.code, self.refused = error.returncode, str(error)
        finally:
            sys.stdin = stdin
        self.out, self.errors = out.getvalue(), err.getvalue().splitlines()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def refused(given: object = None, *arguments: str, **how: Any) -> str:
    """The one line that tells why nothing was assessed, after checking that nothing was."""
    ran = Ran(*(arguments or ("--policy", MMEDSC)), given=given, **how)
    assert (ran.code, ran.out) == (2, "")
    assert ran.errors == []
    return ran.refused


def schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(Ran("--schema", name, at="").json)


# --- one person, a list, lines ------------------------------------------------------------------------------


def test_one_person_in_one_result_out() -> None:
    ran = Ran("--policy", MMEDSC, given=KAREN)
    assert (ran.code, ran.errors) == (0, [])
    assert (ran.json["policy"], ran.json["verdict"], ran.json["at"]) == ("HKU-MMEDSC", "ELIGIBLE", AT)
    assert [finding["code"] for finding in ran.json["findings"]][:3] == ["HKU-E1", "HKU-E2", "HKU-E3"]


def test_a_list_in_a_list_out_in_the_same_order() -> None:
    ran = Ran("--policy", MMEDSC, given=[KAREN, YUKI, KAREN])
    assert [result["verdict"] for result in ran.json] == ["ELIGIBLE", "REFER", "ELIGIBLE"]
    assert ran.json[0] == ran.json[2] == Ran("--policy", MMEDSC, given=KAREN).json


def test_lines_in_lines_out() -> None:
    lines = "\n".join(json.dumps(facts) for facts in (KAREN, YUKI))
    ran = Ran("--policy", MMEDSC, text=lines)
    assert [json.loads(line)["verdict"] for line in ran.out.splitlines()] == ["ELIGIBLE", "REFER"]


def test_an_empty_list_has_no_results() -> None:
    assert Ran("--policy", MMEDSC, given=[]).json == []


def test_facts_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text("\ufeff" + json.dumps(KAREN), encoding="utf-8")
    assert Ran(str(file), "--policy", MMEDSC).json == Ran("--policy", MMEDSC, given=KAREN).json


def test_the_same_question_gives_the_same_bytes() -> None:
    assert Ran("--policy", MMEDSC, given=[YUKI]).out == Ran("--policy", MMEDSC, given=[YUKI]).out


# --- the README ---------------------------------------------------------------------------------------------

README = (ROOT / "eligibility" / "README.md").read_text(encoding="utf-8")


def test_the_worked_example_is_what_the_command_answers() -> None:
    facts, finding = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", README, re.DOTALL))
    result = Ran("--policy", MMEDSC, given=facts).json
    assert result["verdict"] == "REFER"
    assert finding == next(each for each in result["findings"] if each["code"] == "HKU-E5")


@pytest.mark.parametrize("kind", [Facts, Finding, Assessment], ids=lambda kind: kind.__name__)
def test_every_field_is_documented(kind: type) -> None:
    properties = schema_of(kind)["properties"]
    assert [name for name in properties if f"`{name}`" not in README] == []


# --- what people read ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "title"), [("en", "General Regulations"), ("zh-hant", None), ("zh-hans", None)]
)
def test_sentences_are_added_in_the_language_asked_for(language: str, title: str | None) -> None:
    result = Ran("--policy", MMEDSC, "--text", language, given=KAREN).json
    first = result["findings"][0]["text"]
    if title:
        assert (first["title"], result["text"]["heading"]) == (title, "The minimum requirements appear met")
    else:
        assert not result["text"]["guarantee"].isascii()


def test_a_positive_result_says_that_it_guarantees_nothing() -> None:
    text = Ran("--policy", MMEDSC, "--text", "en", given=[KAREN, YUKI]).json
    assert text[0]["text"]["guarantee"] == (
        "These are minimum requirements. Meeting them does not guarantee admission."
    )
    assert text[1]["text"]["guarantee"] == ""


def test_without_a_language_there_are_no_sentences() -> None:
    result = Ran("--policy", MMEDSC, given=KAREN).json
    assert "text" not in result
    assert not any("text" in finding for finding in result["findings"])


def test_a_name_in_chinese_stays_as_it_is() -> None:
    facts = KAREN | {"degrees": [KAREN["degrees"][0] | {"institution": "北京大學"}]}
    assert "北京大學" in Ran("--policy", MMEDSC, given=facts).out


# --- schemas ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", [(), ("--text", "en"), ("--text", "zh-hant")], ids=str)
def test_results_satisfy_the_schema_of_results(language: tuple[str, ...]) -> None:
    validator = schema("result")
    for code in ("hku-mmedsc", "hkust-mphil", "hkust-phd"):
        level = {"hku-mmedsc": "TAUGHT_MASTER", "hkust-mphil": "MPHIL", "hkust-phd": "PHD"}[code]
        given = [facts | {"programme_level": level} for facts in (KAREN, YUKI)]
        for result in Ran("--policy", str(POLICIES / f"{code}.yaml"), *language, given=given).json:
            assert [error.message for error in validator.iter_errors(result)] == []


@pytest.mark.parametrize("name", list(assessing.SCHEMAS))
def test_each_schema_is_one_of_its_dialect(name: str) -> None:
    printed = Ran("--schema", name, at="").json
    Draft202012Validator.check_schema(printed)
    assert printed["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_facts_that_are_assessed_satisfy_the_schema_of_facts() -> None:
    validator = schema("facts")
    assert [error.message for facts in (KAREN, YUKI) for error in validator.iter_errors(facts)] == []


@pytest.mark.parametrize(
    ("about", "policy", "outcome"),
    [("advanced-standing", MMEDSC, "PENDING_OFFICER"), ("credit-reuse", MPHIL, "PENDING_OFFICER")],
)
def test_requests_for_credits_are_assessed_too(about: str, policy: str, outcome: str) -> None:
    course = {"name": "Biostatistics", "credits": 6, "passed": True, "completed_on": "2023-06-30"}
    course |= {"used_for_qualification": False}
    request = {"courses": [course], "received_at": AT, "starts_on": "2026-09-01"}
    assert [error.message for error in schema("credit-request").iter_errors(request)] == []
    result = Ran("--policy", policy, "--about", about, "--text", "en", given=request).json
    assert [error.message for error in schema("credit-result").iter_errors(result)] == []
    assert (result["claimed"], result["outcome"]) == (6, outcome)
    assert all(finding["text"]["text"] for finding in result["findings"])


def test_a_policy_without_rules_about_credits_is_told() -> None:
    line = '$.policy: unknown value; "HKUST-MPHIL" given, a policy with rules about credits expected'
    assert refused({}, "--policy", MPHIL, "--about", "advanced-standing") == line


# --- refusals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "line"),
    [
        pytest.param({"age": 30}, "$.age: unknown field; 30 given, one of ", id="an unknown field"),
        pytest.param(
            {"degrees": [{"level": "BACHELOR", "completed_on": "2025-02-30"}]},
            '$.degrees[0].completed_on: impossible date; "2025-02-30" given, a date as YYYY-MM-DD expected',
            id="30 February",
        ),
        pytest.param(
            {"english_tests": [{"kind": "IELTS_ACADEMIC", "overall": 6.3}]},
            '$.english_tests[0].overall: off scale; "6.3" given, 0 to 9 in steps of 0.5 expected',
            id="a score off the scale",
        ),
        pytest.param(
            {"programme_level": "PHD"},
            '$.programme_level: unknown value; "PHD" given, one of TAUGHT_MASTER expected',
            id="another level than the policy's",
        ),
        pytest.param(
            {"mode": True},
            "$.mode: unknown value; true given, one of FULL_TIME, PART_TIME expected",
            id="a wrong type",
        ),
        pytest.param(
            {"degrees": {"level": "BACHELOR"}},
            '$.degrees: wrong type; {"level": "BACHELOR"} given, a list expected',
            id="an object for a list",
        ),
    ],
)
def test_what_cannot_be_a_fact_is_refused_by_its_path(change: dict[str, Any], line: str) -> None:
    assert refused(KAREN | change).startswith(line)


def test_every_bad_item_of_a_list_is_told_and_no_good_one_is_printed() -> None:
    bad_score = KAREN | {"english_tests": [{"kind": "TOEFL_IBT", "overall": 121}]}
    ran = Ran("--policy", MMEDSC, given=[KAREN, bad_score, KAREN, {}, 7])
    assert (ran.code, ran.out) == (2, "")
    assert ran.errors == [
        '$[1].english_tests[0].overall: off scale; "121" given, 0 to 120 in steps of 1 expected',
        "$[3].programme_level: missing field",
        "$[4]: wrong type; 7 given, an object expected",
    ]
    assert ran.refused == "3 of 5 cannot be assessed; none was."


def test_bad_lines_are_counted_from_the_first() -> None:
    ran = Ran("--policy", MMEDSC, text=f"{{}}\n{json.dumps(KAREN)}\n{{}}")
    assert ran.errors == ["$[0].programme_level: missing field", "$[2].programme_level: missing field"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("", "There are no facts: an object or a list of them is expected.", id="nothing"),
        pytest.param("{", "Line 1 is not JSON: Expecting property name enclosed in double quotes.", id="cut"),
        pytest.param('[\n{},\n{"a" 1}\n]', "Line 3 is not JSON: Expecting ':' delimiter.", id="a colon"),
        pytest.param("[{}", "Line 1 is not JSON: “,” or “]” expected.", id="an open list"),
        pytest.param("[] []", "Line 1 is not JSON: nothing may follow the list.", id="two lists"),
        pytest.param('{"mode": NaN}', "Line 1 is not JSON: NaN is no number.", id="NaN"),
        pytest.param(
            '{"mode": null, "mode": null}',
            "Line 1 is not JSON: “mode” stands twice in one object.",
            id="a name twice",
        ),
        pytest.param("[" * 200_000, "Line 1 is not JSON: too many brackets within brackets.", id="brackets"),
    ],
)
def test_broken_json_is_refused_by_its_line(text: str, line: str) -> None:
    ran = Ran("--policy", MMEDSC, text=text)
    assert (ran.code, ran.out, ran.refused) == (2, "", line)


def test_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_bytes('{"chosen_subject": "é"}'.encode("latin-1"))
    assert refused(None, str(file), "--policy", MMEDSC) == "The text is not UTF-8."


def test_half_a_character_is_refused() -> None:
    facts = json.dumps(KAREN | {"degrees": [{"level": "BACHELOR", "title": "\ud800"}]})
    assert refused(text=facts) == "$: wrong type, text of whole characters expected"


def test_a_missing_file_is_named() -> None:
    assert refused(None, "no-facts.json", "--policy", MMEDSC) == (
        "no-facts.json cannot be read: No such file or directory."
    )
    assert refused(KAREN, "--policy", "no-policy.yaml") == (
        "no-policy.yaml cannot be read: No such file or directory."
    )


def test_rules_must_be_named_and_named_once() -> None:
    name_one = "Name the rules: --policy with a code or a file, or --programme."
    assert refused(KAREN, "--text", "en") == name_one
    assert refused(KAREN, "--policy", MMEDSC, "--programme", "hku-mmedsc") == name_one
    assert refused(KAREN, "--policy", MMEDSC, "--version", "1") == (
        "A policy file is one version: leave out --on and --version."
    )


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--at", "2026-03-24T09:00"), "is no instant with its offset, as 2026-03-24T09:00+08:00"),
        (("--on", "24 March"), "is no day as 2026-03-24"),
        (("--text", "fr"), "invalid choice: 'fr'"),
    ],
)
def test_an_option_that_says_nothing_is_refused(arguments: tuple[str, ...], reason: str) -> None:
    with pytest.raises(CommandError) as error:
        call_command("assess", "--policy", MMEDSC, *arguments)
    assert reason in str(error.value)


# --- policy files -------------------------------------------------------------------------------------------


def test_a_policy_may_be_json_as_it_is_stored(tmp_path: Path) -> None:
    stored = {file.requirements.policy: to_json(file.requirements) for file in read_policies()}["HKU-MMEDSC"]
    file = tmp_path / "mmedsc.json"
    file.write_text(json.dumps(stored), encoding="utf-8")
    assert Ran("--policy", str(file), given=YUKI).json == Ran("--policy", MMEDSC, given=YUKI).json
    assert [error.message for error in schema("policy").iter_errors(stored)] == []


def test_a_mistake_in_a_policy_file_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("policy: X\ntitle: X\nlevels: [PHD]\nrules: []\nenglish:\n  minima: []\n  valid: 2\n")
    assert refused(KAREN, "--policy", str(file)).startswith(
        f"{file}:7: $.english.valid: unknown field; 2 given"
    )
    broken = tmp_path / "policy.json"
    broken.write_text('{"policy": "X",}')
    assert refused(KAREN, "--policy", str(broken)).startswith(f"{broken}: Line 1 is not JSON")


def test_a_second_file_raises_what_the_first_asks(tmp_path: Path) -> None:
    layer = tmp_path / "faculty.json"
    layer.write_text(
        json.dumps(
            {
                "policy": "HKU-MED",
                "title": "Faculty of Medicine",
                "layer": "SCHOOL",
                "english": [{"kind": "IELTS_ACADEMIC", "overall": 7}],
            }
        )
    )
    alone, raised = (
        Ran("--policy", MMEDSC, *more, given=YUKI).json for more in ((), ("--policy", str(layer)))
    )
    assert (alone["verdict"], raised["verdict"]) == ("REFER", "INELIGIBLE")
    assert alone["rules"] != raised["rules"]


# --- stored policies ----------------------------------------------------------------------------------------


@pytest.fixture
def policies(db: None) -> None:
    load_policies(by=Actor.system(), at=datetime(2026, 1, 2, tzinfo=HKT))


@pytest.mark.usefixtures("policies")
def test_a_stored_policy_answers_as_its_file() -> None:
    assert Ran("--policy", "HKU-MMEDSC", given=YUKI).json == Ran("--policy", MMEDSC, given=YUKI).json
    assert Ran("--policy", "HKU-MMEDSC", "--version", "1", given=YUKI).json["policy"] == "HKU-MMEDSC"


@pytest.mark.usefixtures("policies")
def test_without_a_moment_the_portal_s_clock_is_asked() -> None:
    before = clock.now()
    at = datetime.fromisoformat(Ran("--policy", "HKU-MMEDSC", given=KAREN, at="").json["at"])
    assert before <= at <= clock.now()


def test_with_a_file_and_without_a_moment_the_real_time_counts_and_is_said() -> None:
    before = datetime.now(HKT)
    at = datetime.fromisoformat(Ran("--policy", MMEDSC, given=KAREN, at="").json["at"])
    assert before <= at <= datetime.now(HKT)


@pytest.mark.usefixtures("policies")
@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ("--policy", "HKU-LAW"),
            "There is no policy “HKU-LAW”. There are: HKU-MMEDSC, HKUST-MPHIL, HKUST-PHD.",
        ),
        (
            ("--policy", "HKU-MMEDSC", "--on", "2020-01-01"),
            "HKU-MMEDSC has no version in force on 2020-01-01.",
        ),
        (("--policy", "HKU-MMEDSC", "--version", "9"), "HKU-MMEDSC has no published version 9."),
        (("--programme", "no-such"), "There is no programme “no-such”."),
    ],
)
def test_rules_that_are_not_stored_are_told(arguments: tuple[str, ...], line: str) -> None:
    assert refused(KAREN, *arguments) == line


# --- as a process -------------------------------------------------------------------------------------------


def _environment(**changes: str) -> dict[str, str]:
    return os.environ | {"DJANGO_SETTINGS_MODULE": "admissions_portal.settings.test"} | changes


def test_with_a_policy_file_no_database_is_needed() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "assess", "--policy", MMEDSC, "--at", AT],
        cwd=ROOT,
        input=json.dumps([KAREN]),
        env=_environment(DATABASE_URL="postgresql://nobody@127.0.0.1:1/nowhere"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == Ran("--policy", MMEDSC, given=[KAREN]).json


def test_a_stored_policy_without_a_database_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody_answers() -> datetime:
        raise OperationalError("connection refused\n")

    monkeypatch.setattr(clock, "now", nobody_answers)
    assert refused(KAREN, "--policy", "HKU-MMEDSC", at="") == (
        "The database cannot be reached: connection refused"
    )


def test_a_reader_that_stops_early_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "many.json"
    file.write_text(json.dumps([KAREN] * 60))
    with subprocess.Popen(
        [sys.executable, "manage.py", "assess", str(file), "--policy", MMEDSC],
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "[\n"
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_a_long_list_takes_the_memory_of_a_short_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assessing, "IN_MEMORY", 1 << 14)
    peaks = []
    for size in (100, 400):
        file = tmp_path / f"{size}.json"
        file.write_text(json.dumps([YUKI] * size))
        Ran(str(file), "--policy", MMEDSC)  # whatever is made once is made
        with open(os.devnull, "w") as nowhere:
            tracemalloc.start()
            call_command("assess", str(file), "--policy", MMEDSC, "--at", AT, stdout=nowhere)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < peaks[0] * 2
