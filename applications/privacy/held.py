"""The inventory: every table that says something about an applicant, what it holds, and what of it is copied.

A test walks the database's relations: a table that leads to an applicant and stands in neither list fails.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import ForeignKey, Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.applicants.models import Applicant

# why something is not in the copy, in the words of its README
INSIDE = _(
    "What readers and officers write for a decision, and what that decision was weighed by: ask the office, "
    "which answers within 40 days."
)
OFFICE = _("What staff do in the course of their own work.")
SECRET = _("What opens your account: a password, a second step, a code.")
UPKEEP = _("Marks by which the portal keeps its own work in order; they say nothing more about you.")


@dataclass(frozen=True, slots=True)
class Held:
    """One table of the copy. `key` is its name in `record.json` and never changes; `label` is the model's.

    `left_out` names fields that are not copied, each with the reason.
    """

    key: str
    label: str
    meaning: str | Promise
    left_out: Mapping[str, str | Promise] = field(default_factory=dict)
    # the column that names the person by e-mail address, where no relation does
    address: str = ""

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label)


HELD: tuple[Held, ...] = (
    Held(
        "account",
        "accounts.User",
        _("Your account."),
        {"password": SECRET, "is_superuser": UPKEEP, "is_staff": UPKEEP},
    ),
    Held("addresses", "account.EmailAddress", _("Your e-mail addresses.")),
    Held("devices", "usersessions.UserSession", _("Where you are signed in."), {"session_key": SECRET}),
    Held("saved_programmes", "programmes.Bookmark", _("Programmes you saved.")),
    Held("profile", "applications.Applicant", _("Who you are, as you wrote it.")),
    Held("qualifications", "applications.Qualification", _("Degrees and other qualifications.")),
    Held("english_tests", "applications.EnglishTest", _("English tests taken or booked.")),
    Held("postgraduate_studies", "applications.PostgraduateStudy", _("Study and research after a degree.")),
    Held("experiences", "applications.Experience", _("Work.")),
    Held("earlier_studies", "applications.EarlierStudy", _("Earlier study at a university you apply to.")),
    Held("prior_courses", "applications.PriorCourse", _("Courses taken before.")),
    Held(
        "residence",
        "applications.ResidenceDeclaration",
        _("What you declared about your status in Hong Kong."),
    ),
    Held("contact_changes", "applications.ContactChange", _("Changes of your telephone number and address.")),
    Held(
        "profiles_frozen",
        "applications.ProfileSnapshot",
        _("Your profile as it stood when you submitted."),
        {"words": UPKEEP, "name_order": UPKEEP},
    ),
    Held(
        "applications",
        "applications.Application",
        _("Your applications, and where each stands."),
        {"origin": UPKEEP, "verdict": UPKEEP},
    ),
    Held("submissions", "applications.Submission", _("What you sent, exactly as it was sent.")),
    Held(
        "sections", "applications.SectionVisit", _("When you saved each section; mistakes as you typed them.")
    ),
    Held("unsaved", "applications.UnsavedText", _("Text you typed and have not saved."), {"sealed": UPKEEP}),
    Held("answers", "applications.ProgrammeAnswer", _("Your answers to questions of a programme.")),
    Held("supervisors", "applications.ProposedSupervisor", _("Supervisors you proposed.")),
    Held("documents", "applications.Document", _("Your files, and what the office made of each.")),
    Held(
        "evidence_requests",
        "applications.EvidenceRequest",
        _("What the office asked you for, and your answers."),
    ),
    Held("proposals", "applications.ChangeProposal", _("Changes you proposed, and what became of them.")),
    Held("corrections", "applications.Correction", _("Answers the office corrected."), {"words": UPKEEP}),
    Held(
        "settled_statuses",
        "applications.SettledStatus",
        _("What the office settled about your status in Hong Kong."),
        {"reason": INSIDE},
    ),
    Held(
        "shown_statuses",
        "applications.ShownStatus",
        _("What your papers show about your status in Hong Kong, as the office read them."),
    ),
    Held(
        "printed_identities",
        "applications.PrintedIdentity",
        _("Your name and date of birth as your documents print them."),
    ),
    Held(
        "printed_differences",
        "applications.PrintedDifference",
        _("Where a document prints another name or date of birth, and how the office settled it."),
        {"reason": INSIDE},
    ),
    Held("late_entries", "applications.AccessCodeUse", _("Codes for late entry that you used.")),
    Held(
        "extensions",
        "applications.Extension",
        _("More time that you were given."),
        # the office was promised that it stays there
        {"reason": INSIDE},
        address="email",
    ),
    Held(
        "access_codes",
        "applications.AccessCode",
        _("Codes for late entry made for your address."),
        {"note": INSIDE, "fingerprint": SECRET},
        address="email",
    ),
    Held("assessments", "applications.Assessment", _("What the rules made of your answers, run by run.")),
    Held(
        "decisions",
        "applications.Decision",
        _("What was decided, with the reason you were given."),
        {"note": INSIDE, "prepared": UPKEEP},
    ),
    Held("decision_reasons", "applications.DecisionReason", _("Why you were not offered a place.")),
    Held(
        "decisions_undone",
        "applications.DecisionUndo",
        _("Decisions that the office undid."),
        {"reason": INSIDE},
    ),
    Held("offers", "applications.Offer", _("Offers made to you, and your answers.")),
    Held("conditions", "applications.Condition", _("Conditions of those offers.")),
    Held(
        "identity_numbers",
        "applications.IdentityNumber",
        _("The number of your identity document, given after you accepted."),
        {"index": UPKEEP},
    ),
    Held("standing_requests", "applications.StandingRequest", _("Requests for advanced standing.")),
    Held(
        "course_claims", "applications.CourseClaim", _("The courses of those requests, and what was decided.")
    ),
    Held(
        "occasional_requests",
        "applications.OccasionalRequest",
        _("Requests to take courses as an occasional student."),
    ),
    Held("occasional_courses", "applications.WantedCourse", _("The courses of those requests.")),
    Held("occasional_files", "applications.OccasionalFile", _("Files you sent with them.")),
    Held("withdrawals", "applications.Withdrawal", _("What you said when you withdrew an application.")),
)

LEFT_OUT: Mapping[str, str | Promise] = {
    "applications.Review": INSIDE,
    "applications.ReviewAssignment": OFFICE,
    "applications.ReviewPutOff": OFFICE,
    "applications.EarlierReview": INSIDE,
    "applications.OfficerFinding": INSIDE,
    "applications.PreparedDecision": INSIDE,
    "applications.DecisionCheck": INSIDE,
    "applications.ReleaseItem": UPKEEP,
    "applications.Opening": OFFICE,
    "applications.Recusal": INSIDE,
    "applications.PersonJudgement": INSIDE,
    "applications.ComparedCase": UPKEEP,
    "applications.RecordKey": UPKEEP,
    "applications.LikelyPair": UPKEEP,
    "applications.SavedList": OFFICE,
    "applications.SectionCheck": INSIDE,
    "applications.WholeCase": UPKEEP,
    "applications.DraftReminder": UPKEEP,
    "applications.RequestReminder": UPKEEP,
    "applications.ClosedRoundNotice": UPKEEP,
    "applications.ReplyReminder": UPKEEP,
    # the archives themselves
    "applications.RecordCopy": UPKEEP,
    "account.EmailConfirmation": SECRET,
    "mfa.Authenticator": SECRET,
    "admin.LogEntry": OFFICE,
    "programmes.Appointment": OFFICE,
}


@cache
def path_to_person(model: type[Model]) -> str | None:
    """The lookup from a table to whose it is: `application__applicant__user`; "pk" for the account itself.

    None where no relation leads to an applicant or hangs on the account as `user`. Relations to staff, which
    end at the account under other names, are none. One that may be empty is followed only where no other
    leads there: a row without it would be nobody's.
    """
    if model is get_user_model():
        return "pk"
    return _path(model, through_empty=False) or _path(model, through_empty=True)


def _path(model: type[Model], *, through_empty: bool) -> str | None:
    waiting: deque[tuple[type[Model], str]] = deque([(model, "")])
    seen = {model}
    while waiting:
        here, path = waiting.popleft()
        if here is Applicant:
            return f"{path}user"
        for each in here._meta.concrete_fields:
            if not isinstance(each, ForeignKey) or (each.null and not through_empty):
                continue
            target = each.related_model
            assert not isinstance(target, str), "every relation is resolved once the apps are loaded"
            if target is get_user_model():
                if each.name == "user" and here is model:
                    return "user"
            elif target not in seen:
                seen.add(target)
                waiting.append((target, f"{path}{each.name}__"))
    return None
