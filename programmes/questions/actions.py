"""Writing and publishing what a programme asks: one draft a set, worth nothing until it is published."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from admissions_portal.clock import day_of
from admissions_portal.history.actions import record_event
from admissions_portal.support.actors import Actor
from admissions_portal.support.dates import hong_kong_day
from admissions_portal.support.drafts import as_it_was_seen
from admissions_portal.support.refusals import Refusal
from programmes.models import Institution, Kind, Programme, QuestionSet, QuestionVersion
from programmes.questions.checking import problems_in
from programmes.questions.content import Questions, fingerprint, from_json, to_json
from programmes.questions.permissions import check_can_edit_questions

LONGEST_REASON = 2000
_NOTHING = Questions({"en": ""}, {"en": ""}, ())


class QuestionsRefused(Refusal):
    """The questions cannot be kept or published as they are."""


class QuestionsChanged(QuestionsRefused):
    """Somebody saved, published or discarded the draft meanwhile; theirs stands."""


@transaction.atomic
def begin_questions(about: Programme | Institution, *, by: Actor, at: datetime) -> QuestionVersion:
    """Begin the questions of one programme, or of all research programmes of an institution: the set with an
    empty draft. Where the set is there already, as `draft_questions` does. Raises PermissionDenied."""
    if isinstance(about, Programme):
        target = {"institution": about.institution, "kind": about.kind, "programme": about}
        code = about.slug
    else:
        target = {"institution": about, "kind": Kind.RESEARCH, "programme": None}
        code = f"{about.code}-research"
    questions = QuestionSet.objects.filter(**target).first() or QuestionSet(code=code[:60], **target)
    check_can_edit_questions(by, questions, at)
    if questions.pk is None:
        questions.save()
    return draft_questions(questions, by=by, at=at)


@transaction.atomic
def draft_questions(questions: QuestionSet, *, by: Actor, at: datetime) -> QuestionVersion:
    """Begin a draft: a copy of the version published last, in force from today. Where there is a draft, that
    one. Raises PermissionDenied."""
    check_can_edit_questions(by, questions, at)
    questions = QuestionSet.objects.select_for_update().get(pk=questions.pk)
    if draft := questions.versions.filter(published_at__isnull=True).first():
        return draft
    last = questions.versions.order_by("-effective_from", "-number").first()
    plain = last.content if last is not None else to_json(_NOTHING)
    draft = QuestionVersion.objects.create(
        set=questions,
        effective_from=max(day_of(at), last.effective_from) if last is not None else day_of(at),
        content=plain,
        sha256=fingerprint(plain),
        drafted_by=by.user,
        drafted_at=at,
    )
    record_event("questions.drafted", about=questions, by=by, at=at, set=questions.code)
    return draft


@transaction.atomic
def save_questions(
    draft: QuestionVersion,
    *,
    content: Questions,
    effective_from: date,
    reason: str,
    seen: str,
    by: Actor,
    at: datetime,
) -> QuestionVersion:
    """Keep what was written. `seen` is the draft's `edition` when its form was opened.

    Raises PermissionDenied; QuestionsChanged where somebody saved, published or discarded it meanwhile, and
    keeps theirs; QuestionsRefused with a sentence for each thing that cannot be asked so.
    """
    check_can_edit_questions(by, draft.set, at)
    draft = _locked(draft, seen=seen)
    if problems := problems_in(content):
        raise QuestionsRefused(" ".join(problems))
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise QuestionsRefused(
            _("The reason is longer than %(most)s characters. Shorten it.") % {"most": LONGEST_REASON}
        )
    plain = to_json(content)
    wanted = (plain, effective_from, reason)
    if (draft.content, draft.effective_from, draft.reason) == wanted:
        return draft
    draft.content, draft.effective_from, draft.reason = wanted
    draft.sha256 = fingerprint(plain)
    draft.drafted_by, draft.drafted_at = by.user, at
    draft.save()
    record_event(
        "questions.draft_saved", about=draft.set, by=by, at=at, set=draft.set.code, sha256=draft.sha256
    )
    return draft


@transaction.atomic
def publish_questions(draft: QuestionVersion, *, seen: str, by: Actor, at: datetime) -> QuestionVersion:
    """Publish a draft for good: applicants' drafts are asked it from its day on and keep what they answered
    to a question of the same key; a submitted application keeps the version it answered.

    Raises PermissionDenied; QuestionsChanged where it is not the draft that was looked at; QuestionsRefused
    without a reason, without a question where none was published before, for a day that has passed, or for a
    key that another set asks the same programmes by.
    """
    check_can_edit_questions(by, draft.set, at)
    # one publication at a time in an institution, so that two sets cannot take the same key
    Institution.objects.select_for_update().get(pk=draft.set.institution_id)
    draft = _locked(draft, seen=seen)
    if not draft.reason.strip():
        raise QuestionsRefused(
            _("Write the reason for this change in the draft: it is kept with the version.")
        )
    if draft.effective_from < day_of(at):
        raise QuestionsRefused(
            _("The day from which it is in force, %(day)s, has passed. Choose today or a later day.")
            % {"day": hong_kong_day(draft.effective_from)}
        )
    content = draft.record()
    if problems := problems_in(content, is_published=True):
        raise QuestionsRefused(" ".join(problems))
    if taken := _asked_elsewhere(draft.set, content):
        raise QuestionsRefused(
            _("Another set of questions for the same programmes already uses: %(keys)s. Rename yours.")
            % {"keys": ", ".join(sorted(taken))}
        )
    published = draft.set.versions.filter(published_at__isnull=False)
    draft.number = (published.aggregate(last=Max("number"))["last"] or 0) + 1
    draft.published_by, draft.published_at = by.user, at
    draft.save(update_fields=["number", "published_by", "published_at"])
    record_event(
        "questions.published",
        about=draft.set,
        by=by,
        at=at,
        set=draft.set.code,
        number=draft.number,
        sha256=draft.sha256,
        effective_from=draft.effective_from.isoformat(),
    )
    return draft


@transaction.atomic
def discard_questions(draft: QuestionVersion, *, by: Actor, at: datetime) -> None:
    """Throw a draft away; a set that never asked anything goes with it. Discarded twice is once.

    Raises PermissionDenied, and QuestionsChanged where it was published meanwhile.
    """
    check_can_edit_questions(by, draft.set, at)
    questions = QuestionSet.objects.select_for_update().filter(pk=draft.set_id).first()
    if questions is None or not QuestionVersion.objects.filter(pk=draft.pk).exists():
        return
    _locked(draft).delete()
    record_event("questions.draft_discarded", about=questions, by=by, at=at, set=questions.code)
    if not questions.versions.exists():
        questions.delete()


def _locked(draft: QuestionVersion, *, seen: str = "") -> QuestionVersion:
    """The draft as it stands, its set locked until the transaction ends."""
    QuestionSet.objects.select_for_update().get(pk=draft.set_id)
    found = (
        QuestionVersion.objects.select_related("set__institution", "set__programme", "drafted_by")
        .filter(pk=draft.pk)
        .first()
    )
    return as_it_was_seen(found, seen=seen, refusal=QuestionsChanged)


def _asked_elsewhere(questions: QuestionSet, content: Questions) -> set[str]:
    """Keys of the content that another set of the same programmes has published: an answer has one place."""
    others = QuestionSet.objects.filter(institution=questions.institution_id, kind=questions.kind).exclude(
        pk=questions.pk
    )
    if questions.programme_id is not None:
        others = others.filter(programme=None)
    elsewhere = QuestionVersion.objects.filter(set__in=others.order_by(), published_at__isnull=False)
    used = {question.key for version in elsewhere for question in from_json(version.content).questions}
    return used & {question.key for question in content.questions}
