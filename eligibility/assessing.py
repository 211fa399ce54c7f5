"""Facts in, findings out, as JSON: what `manage.py assess` does, for one person or for a list of any length.

The rules are stored ones, or files beside which no database is needed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, Final, TextIO, TypeVar

from django.utils.translation import override

from eligibility.engine import (
    Assessment,
    CreditAssessment,
    CreditRequest,
    Facts,
    FactsError,
    Overlay,
    Requirements,
    assess,
    assess_advanced_standing,
    assess_credit_reuse,
    from_json,
    raise_by,
    schema_of,
    to_json,
)
from eligibility.models import Policy, PolicyVersion, fingerprint
from eligibility.policy_schema import policy_file_schema
from eligibility.queries import NoPolicy, rules_for
from eligibility.reading_json import JsonValues, NotJson
from eligibility.reading_yaml import FOR_THE_LOADER, PolicyError, read_policy_file, record_of
from eligibility.wording import explain, explain_verdict
from programmes.models import Programme

T = TypeVar("T")


class CannotAssess(Exception):
    """There are no rules to assess under, or nothing to assess; worded for whoever asked."""


@dataclass(frozen=True, slots=True)
class FindingWords:
    """One finding in sentences of the language asked for. Empty where there is nothing to say.

    title       the rule in a few words
    text        what was found
    supplied    what the person gave
    needed      what the rule asks
    advice      what can still be done
    assurance   what a person should know whose point an officer decides
    remarks     what else matters
    clause      where the rule stands
    quote       the source's own words, in its language
    notes       the reading used, and how sure the source is
    document    the paper that settles it
    """

    title: str
    text: str
    supplied: str
    needed: str
    advice: str
    assurance: str
    remarks: tuple[str, ...]
    clause: str
    quote: str
    notes: tuple[str, ...]
    document: str


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """The verdict in sentences. `guarantee` stands beside every positive one (UST-04)."""

    heading: str
    text: str
    guarantee: str


@dataclass(frozen=True)
class Rules:
    """Requirements, and the fingerprint that tells them from all others."""

    requirements: Requirements
    sha256: str

    @classmethod
    def of(cls, requirements: Requirements, *overlays: Overlay) -> Rules:
        composed = raise_by(requirements, *overlays)
        return cls(composed, fingerprint(to_json(composed)))


def rules_in_files(paths: Sequence[Path]) -> Rules:
    """The rules of policy files: the complete one first, then layers that raise it. Touches no database.

    Raises CannotAssess with the file, and for YAML the line, of what is wrong.
    """
    base, *overlays = paths
    return Rules.of(_record_in(base, Requirements), *(_record_in(overlay, Overlay) for overlay in overlays))


def _record_in(path: Path, kind: type[T]) -> T:
    try:
        if path.suffix == ".json":
            with path.open(encoding="utf-8-sig") as stream:
                return from_json(kind, _for_the_engine(next(iter(JsonValues(stream)), None)))
        tree = read_policy_file(path)
        return record_of(tree, kind)
    except OSError as error:
        raise CannotAssess(f"{path} cannot be read: {error.strerror}.") from error
    except PolicyError as error:
        raise CannotAssess(str(error)) from error
    except (NotJson, FactsError) as error:
        raise CannotAssess(f"{path}: {error}") from error


def _for_the_engine(data: Any) -> Any:
    if not isinstance(data, Mapping):
        return data
    return {name: value for name, value in data.items() if name not in FOR_THE_LOADER}


def stored_rules(code: str, *, on: date, number: int | None = None) -> Rules:
    """One stored policy alone: the version in force on a day (HKT), or the one with a number.

    Raises CannotAssess where there is none, or where it is a layer upon another.
    """
    versions = PolicyVersion.objects.filter(policy__code=code, published_at__isnull=False)
    if number is not None:
        version = versions.filter(number=number).select_related("policy").first()
        missing = f"{code} has no published version {number}."
    else:
        in_force = versions.filter(effective_from__lte=on).order_by("-effective_from", "-number")
        version = in_force.select_related("policy").first()
        missing = f"{code} has no version in force on {on.isoformat()}."
    if version is None:
        codes = list(Policy.objects.order_by("code").values_list("code", flat=True))
        if code not in codes:
            missing = f"There is no policy “{code}”. There are: {', '.join(codes) or 'none'}."
        raise CannotAssess(missing)
    if version.policy.is_overlay:
        raise CannotAssess(f"{code} is a layer upon another policy. Name a programme to have all its layers.")
    return Rules.of(version.requirements())


def rules_of_programme(slug: str, *, on: date) -> Rules:
    """All layers that judge a programme on a day (HKT). Raises CannotAssess where there are none."""
    programme = Programme.objects.select_related("institution", "school").filter(slug=slug).first()
    if programme is None:
        raise CannotAssess(f"There is no programme “{slug}”.")
    try:
        rules = rules_for(programme, on)
    except NoPolicy:
        raise CannotAssess(f"No policy is in force for “{slug}” on {on.isoformat()}.") from None
    return Rules.of(rules.requirements())


@dataclass(frozen=True, slots=True)
class Tally:
    """How many persons were assessed, and how many could not be read."""

    assessed: int = 0
    refused: int = 0


def assess_json(
    source: TextIO,
    rules: Rules,
    *,
    at: datetime,
    language: str,
    about: str = "admission",
    write: Callable[[str], object],
    refuse: Callable[[str], object],
) -> Tally:
    """Assess every person of a JSON text at `at` and write the results in the shape of the text: an object, a
    list, or JSON lines.

    One of several that cannot be read goes to `refuse` as a line with its JSON path, and then nothing is
    written at all. `about` is one of QUESTIONS. `language` adds sentences, "" none. Results wait on disk, so
    a list of any length needs little memory. Raises NotJson, and CannotAssess for one object alone that
    cannot be read.
    """
    values = JsonValues(source)
    assessed = refused = 0
    alone: FactsError | None = None  # one object is the root itself; that it stands alone is known at the end
    with SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8") as results:
        for number, data in enumerate(values):
            try:
                results.write(_answer(data, rules, about, at=at, language=language) + "\n")
                assessed += 1
            except FactsError as error:
                refused += 1
                if number or values.is_list:
                    refuse(line_of(error, number))
                else:
                    alone = error
            if number == 1 and alone is not None:
                refuse(line_of(alone, 0))
        if refused == 1 and not assessed and alone is not None:
            raise CannotAssess(line_of(alone))
        if not assessed and not refused and not values.is_list:
            raise CannotAssess("There are no facts: an object or a list of them is expected.")
        if not refused:
            results.seek(0)
            for piece in _shaped(results, assessed, is_list=values.is_list):
                write(piece)
    return Tally(assessed, refused)


IN_MEMORY = 1 << 20


def _shaped(lines: Iterable[str], count: int, *, is_list: bool) -> Iterator[str]:
    """One result indented for the eye; several one on each line."""
    if is_list:
        yield "["
        for number, line in enumerate(lines):
            yield ("," if number else "") + "\n" + line.rstrip("\n")
        yield "\n]\n" if count else "]\n"
    elif count == 1:
        yield json.dumps(json.loads("".join(lines)), ensure_ascii=False, indent=2) + "\n"
    else:
        yield from lines


QUESTIONS: Final[Mapping[str, tuple[type, Callable[..., Assessment | CreditAssessment]]]] = {
    "admission": (Facts, assess),
    "advanced-standing": (CreditRequest, assess_advanced_standing),
    "credit-reuse": (CreditRequest, assess_credit_reuse),
}
"""What can be asked: the record that is read, and the rules it is put to."""


def _answer(data: Any, rules: Rules, about: str, *, at: datetime, language: str) -> str:
    kind, ask = QUESTIONS[about]
    found = ask(from_json(kind, data), rules.requirements, at=at)
    answer: dict[str, Any] = {**to_json(found), "rules": rules.sha256}
    if language:
        with override(language):
            _add_words(answer, found, rules.requirements)
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise FactsError("$", "wrong_type", None, "text of whole characters") from None
    return text


def _add_words(
    answer: dict[str, Any], found: Assessment | CreditAssessment, requirements: Requirements
) -> None:
    names = [field.name for field in fields(FindingWords)]
    for finding, written in zip(found.findings, answer["findings"], strict=True):
        said = explain(finding, requirements)
        written["text"] = to_json(FindingWords(**{name: getattr(said, name) for name in names}))
    if isinstance(found, Assessment):
        verdict = explain_verdict(found.verdict, found.findings)
        answer["text"] = to_json(VerdictWords(verdict.heading, verdict.text, verdict.guarantee))


def line_of(error: FactsError, number: int | None = None) -> str:
    """A refusal as one line, of the person with this number in a list, counted from 0:
    `$[3].english_tests[0].overall: off scale; "6.3" given, 0 to 9 in steps of 0.5 expected`."""
    root = "$" if number is None else f"$[{number}]"
    line = f"{root}{error.path.removeprefix('$')}: {error.problem.replace('_', ' ')}"
    if error.value is not None:
        given = json.dumps(error.value, default=str)
        line += f"; {given if len(given) <= _SHORT else given[:_SHORT] + '…'} given"
    return line + (f", {error.expected} expected" if error.expected else "")


_SHORT = 60


def result_schema(kind: type = Assessment) -> dict[str, Any]:
    """The JSON Schema of one result: an `Assessment` or `CreditAssessment` as written, the fingerprint of its
    rules, and, where asked for, the sentences."""
    schema = schema_of(kind, written=True)
    schema["properties"]["rules"] = {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$",
        "description": "SHA-256 of the rules assessed under: the same rules and facts give the same findings",
    }
    schema["required"].append("rules")
    told: list[tuple[type, dict[str, Any]]] = [(FindingWords, schema["$defs"]["Finding"])]
    told += [(VerdictWords, schema)] if kind is Assessment else []
    for said, holder in told:
        words = schema_of(said, written=True)
        del words["$schema"]
        schema["$defs"][said.__name__] = words
        holder["properties"]["text"] = {"$ref": f"#/$defs/{said.__name__}"}
    return schema


SCHEMAS: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {
    "facts": lambda: schema_of(Facts),
    "result": result_schema,
    "credit-request": lambda: schema_of(CreditRequest),
    "credit-result": lambda: result_schema(CreditAssessment),
    "policy": lambda: schema_of(Requirements),
    "policy-file": policy_file_schema,
}
