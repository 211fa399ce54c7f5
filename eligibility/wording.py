"""A finding as sentences: what was found, given and needed, what to do, and the words of the source.

Findings are stored as codes and values; their text is made here when somebody reads it, in that language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from eligibility import labels
from eligibility.engine import (
    READINGS,
    Check,
    DocumentKind,
    Finding,
    Outcome,
    Requirements,
    Rule,
    Verdict,
    minima,
)
from eligibility.sentences import SENTENCES, Sentence
from eligibility.titles import SUMMARIES, TITLES
from eligibility.values import (
    day_text,
    degree_text,
    describe_minimum,
    listed,
    moment_text,
    needed_text,
    score_text,
    supplied_text,
)

NO_GUARANTEE = gettext_lazy("These are minimum requirements. Meeting them does not guarantee admission.")
"""UST-04, HKU's pages alike: stands beside every positive result."""

# What a reader should see first.
_WORST_FIRST = (
    Outcome.NOT_MET,
    Outcome.REFER,
    Outcome.NEEDS_EVIDENCE,
    Outcome.PENDING_OFFICER,
    Outcome.MET,
    Outcome.NOT_APPLICABLE,
)


class Audience(StrEnum):
    """Who reads: "refer" is reassurance for the one and work for the other."""

    APPLICANT = "APPLICANT"
    STAFF = "STAFF"


@dataclass(frozen=True)
class FindingText:
    """One finding, ready to be shown by `eligibility/_findings.html`. Empty strings are not shown.

    `document` proves or settles it; `paper` is the same where it is still to be settled, and by a paper.
    """

    code: str
    outcome: Outcome
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
    paper: str
    is_limb: bool


@dataclass(frozen=True)
class RuleText:
    """One rule as it is published, for people who look before they apply."""

    code: str
    title: str
    summary: str
    figures: tuple[str, ...]
    clause: str
    quote: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class VerdictText:
    """The verdict, ready to be shown by `eligibility/_verdict.html`."""

    verdict: Verdict
    heading: str
    text: str
    guarantee: str
    tally: tuple[tuple[Outcome, str], ...]


def outcome_label(outcome: Outcome | str) -> Promise:
    """`Needs evidence`."""
    return labels.OUTCOMES[str(outcome)]


def verdict_label(verdict: Verdict | str) -> Promise:
    """The verdict in a few words, for lists and exports."""
    return labels.VERDICTS[str(verdict)]


def rule_title(code: str) -> str:
    """The rule in a few words (`HKU-E1` → General Regulations); the code itself where no title is known."""
    return str(TITLES.get(code, code))


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Not met, refer, needs evidence, pending, met, not applicable; limbs follow the rule they belong to."""
    every = list(findings)
    codes = {finding.code for finding in every}
    whole = [finding for finding in every if finding.part_of not in codes]
    whole.sort(key=lambda finding: _WORST_FIRST.index(finding.outcome))
    return [
        shown
        for finding in whole
        for shown in (finding, *(limb for limb in every if limb.part_of == finding.code))
    ]


def explain_all(
    findings: Iterable[Finding], requirements: Requirements, *, audience: Audience = Audience.APPLICANT
) -> list[FindingText]:
    """Every finding as text, worst first."""
    return [explain(finding, requirements, audience=audience) for finding in worst_first(findings)]


def explain(
    finding: Finding, requirements: Requirements, *, audience: Audience = Audience.APPLICANT
) -> FindingText:
    """One finding as text, with the clause and the readings of the policy version it was made under."""
    sentence = SENTENCES.get(finding.reason, Sentence(finding.reason))
    values = _Values(finding)
    rule = _rule(requirements, finding)
    title = gettext(rule.title) if rule and rule.title else rule_title(finding.code)
    applicant = audience is Audience.APPLICANT
    advised = applicant and finding.severity in (1, 3) and not finding.part_of
    assurance = ""
    if applicant and finding.outcome is Outcome.REFER and not finding.is_summary:
        assurance = gettext("An officer decides this point; nothing is missing from you.")
    document = str(labels.DOCUMENTS[finding.document]) if finding.document else ""
    return FindingText(
        code=finding.code,
        outcome=finding.outcome,
        title=title,
        text=str(sentence.text).format_map(values),
        supplied=supplied_text(finding),
        needed=needed_text(finding),
        advice=str(sentence.advice).format_map(values) if advised else "",
        assurance=assurance,
        remarks=tuple(_remarks(finding)),
        clause=gettext(rule.clause) if rule and rule.clause else "",
        quote=rule.quote if rule else "",
        notes=tuple(_notes(finding, requirements, audience)),
        document=document,
        paper=document if _is_settled_by_paper(finding) else "",
        is_limb=bool(finding.part_of),
    )


def _is_settled_by_paper(finding: Finding) -> bool:
    """A limb is settled with its rule, and some points by an answer in the form."""
    open_ = finding.outcome in (Outcome.NEEDS_EVIDENCE, Outcome.REFER, Outcome.PENDING_OFFICER)
    return open_ and not finding.part_of and finding.document not in ("", DocumentKind.FORM_ANSWER)


_WITH_FIGURES = (Check.ENGLISH_BY_QUALIFICATION, Check.ENGLISH_BY_FIRST_LANGUAGE_AND_MEDIUM)


def explain_requirements(requirements: Requirements) -> list[RuleText]:
    """Every rule of a policy as published, in the policy's order; limbs stand within their rule."""
    return [
        RuleText(
            code=rule.code,
            title=gettext(rule.title) if rule.title else rule_title(rule.code),
            summary=str(SUMMARIES.get(rule.code, "")),
            figures=tuple(_figures(rule, requirements)),
            clause=gettext(rule.clause) if rule.clause else "",
            quote=rule.quote,
            notes=tuple(_cautions(rule)),
        )
        for rule in requirements.rules
        if not rule.part_of
    ]


def _rule(requirements: Requirements, finding: Finding) -> Rule | None:
    return next((rule for rule in requirements.every_rule if rule.code == finding.code), None)


def _figures(rule: Rule, requirements: Requirements) -> Iterable[str]:
    """The university's figures beside its rule, those of School and programme beside theirs (UST-10)."""
    if rule.check in _WITH_FIGURES:
        return map(describe_minimum, minima(requirements, raised=False))
    if rule.check is Check.ENGLISH_OVERLAY and requirements.english.overlay:
        return map(describe_minimum, minima(requirements))
    return ()


def explain_verdict(
    verdict: Verdict, findings: Sequence[Finding], *, audience: Audience = Audience.APPLICANT
) -> VerdictText:
    """Heading, one sentence, the count of each outcome; with a positive result the no-guarantee sentence."""
    counted = [finding for finding in findings if not finding.part_of and not finding.is_summary]
    count = {outcome: sum(f.outcome is outcome for f in counted) for outcome in _WORST_FIRST}
    applicant = audience is Audience.APPLICANT
    if verdict is Verdict.INELIGIBLE:
        number = count[Outcome.NOT_MET]
        heading = ngettext("{n} requirement is not met", "{n} requirements are not met", number).format(
            n=number
        )
        text = gettext("Each line below says what is needed and what can still be done.")
    elif verdict is Verdict.REFER:
        heading = gettext("An officer decides")
        text = (
            gettext(
                "The text leaves a point to the university’s judgement. Nothing is missing from you there."
            )
            if applicant
            else gettext(
                "The text leaves a point to judgement: record a finding for each line marked “Refer”."
            )
        )
    elif verdict is Verdict.NEEDS_EVIDENCE:
        heading = gettext("Evidence is still needed")
        text = gettext(
            "Nothing stands against admission so far. The lines below say what is still to be shown."
        )
    else:
        heading = gettext("The minimum requirements appear met")
        text = gettext("As declared; documents are checked before an offer.")
    return VerdictText(
        verdict=verdict,
        heading=heading,
        text=text,
        guarantee=str(NO_GUARANTEE) if verdict is Verdict.ELIGIBLE else "",
        tally=tuple((outcome, _tally_words(outcome, number)) for outcome, number in count.items() if number),
    )


def _tally_words(outcome: Outcome, number: int) -> str:
    words = {
        Outcome.MET: ngettext("{n} met", "{n} met", number),
        Outcome.NOT_MET: ngettext("{n} not met", "{n} not met", number),
        Outcome.REFER: ngettext("{n} refer", "{n} refer", number),
        Outcome.NEEDS_EVIDENCE: ngettext("{n} needs evidence", "{n} need evidence", number),
        Outcome.PENDING_OFFICER: ngettext("{n} pending officer", "{n} pending officer", number),
        Outcome.NOT_APPLICABLE: ngettext("{n} not applicable", "{n} not applicable", number),
    }
    return words[outcome].format(n=number)


def _remarks(finding: Finding) -> Iterable[str]:
    params = finding.params
    if finding.part_of:
        # the rest is said once, with the rule this belongs to
        if finding.severity:
            yield gettext("This is one way among several to meet {code}.").format(code=finding.part_of)
        return
    if "lapses_before" in params:
        yield gettext("The score lapses on {until}, before the programme starts. Plan a newer one.").format(
            until=day_text(params["valid_until"])
        )
    if params.get("boundary"):
        yield gettext("The test was on 29 February, and one day decides: an officer looks at the date.")
    if "better" in params:
        yield gettext("Another declared qualification would serve better: {degree}.").format(
            degree=degree_text(params["better"])
        )
    if params.get("named_by_applicant") is False:
        yield gettext(
            "Several qualifications are declared and none is named; this is the one that serves best."
        )
    for other in params.get("others", ()):
        beside = Finding(
            finding.code,
            Outcome(other["outcome"]),
            other["reason"],
            supplied=other["supplied"],
            params=other["params"],
        )
        yield gettext("Also declared: {given}. {finding}").format(
            given=supplied_text(beside),
            finding=str(SENTENCES[beside.reason].text).format_map(_Values(beside)),
        )
    if params.get("better_exempts"):
        yield gettext("Another declared qualification would need no test.")
    if "own_outcome" in params:
        own = SENTENCES.get(params["own_reason"], Sentence(""))
        yield gettext("The rule’s own finding was “{outcome}”: {text}").format(
            outcome=outcome_label(params["own_outcome"]), text=str(own.text).format_map(_Values(finding))
        )
    if finding.needed and finding.supplied and params.get("because"):
        yield str(SENTENCES[params["because"]].text)


def _notes(finding: Finding, requirements: Requirements, audience: Audience) -> Iterable[str]:
    """What stands beside the clause: the reading used, and how sure the source is."""
    name = finding.reading
    if name:
        text = (
            labels.READINGS[name, requirements.reading(name)]
            if name in READINGS
            else labels.FIXED_READINGS[name]
        )
        yield gettext("Reading {name}: {text}").format(name=name, text=text)
        if audience is Audience.STAFF and name in labels.STAFF_NOTES:
            yield str(labels.STAFF_NOTES[name])
    rule = _rule(requirements, finding)
    # what a rule below H does not apply to needs no caution about its figures
    if rule is not None and (finding.grade == "H" or finding.outcome is not Outcome.NOT_APPLICABLE):
        yield from _cautions(rule)


def _cautions(rule: Rule) -> Iterable[str]:
    """What a reader must know about the source; below H there is always something (DOMAIN)."""
    if rule.note:
        yield gettext(rule.note)
    elif rule.grade in labels.GRADES:
        yield str(labels.GRADES[rule.grade])


class _Values(dict[str, str]):
    """The placeholders of a finding's sentence, made when asked for; "" where it has no such value."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding

    def __missing__(self, name: str) -> str:
        found, params = self.finding, self.finding.params
        if name == "test":
            kind = found.supplied.get("kind") or found.needed.get("kind")
            own = found.supplied.get("name") or found.needed.get("name")
            return str(own or (labels.TESTS[kind] if kind else gettext("The test")))
        if name in ("short", "missing"):
            return listed(str(labels.PART_NAMES[part]) for part in params.get(name, ()))
        if name == "computed" and name in params:
            return score_text(found.supplied["kind"], params[name])
        if name == "scale":
            return str(params.get(name, ""))
        if name == "until":
            return day_text(params.get("valid_until"))
        if name == "round":
            return gettext(str(found.needed.get("round", "")) or "The round")
        if name in ("closes", "opens"):
            return moment_text(found.needed.get(f"{name}_at"))
        if name == "layers":
            return listed(
                str(labels.LAYERS[layer]).format(outcome=outcome_label(outcome))
                for layer, outcome in params.get("layers", {}).items()
            )
        return ""
