from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    name = "applications"
    label = "applications"
    verbose_name = _("Applications")

    def ready(self) -> None:
        """Register sentences of events, kinds of messages and runners of jobs, subject by subject."""
        from admissions_portal.history.wording import register_sentences
        from admissions_portal.jobs.runners import register_runners
        from admissions_portal.outbox.kinds import register_kinds
        from admissions_portal.papers.kinds import register_private, register_proofs, register_titles
        from applications.assessments import wording as assessments
        from applications.assessments.jobs import RUNNERS
        from applications.casework.jobs import RUNNERS as CASE_RUNNERS
        from applications.changes import wording as changes
        from applications.checklists import wording as checklists
        from applications.decisions import wording as decisions
        from applications.demo.jobs import RUNNERS as DEMO_RUNNERS
        from applications.duplicates import wording as duplicates
        from applications.evidence import wording as evidence
        from applications.exports import wording as exports
        from applications.identity import wording as identity
        from applications.late_entry import wording as late_entry
        from applications.lifecycle import wording as lifecycle
        from applications.occasional import wording as occasional
        from applications.offers import wording as offers
        from applications.privacy import wording as privacy
        from applications.privacy.jobs import RUNNERS as PRIVACY_RUNNERS
        from applications.reviews import assignment_wording as review_assignment
        from applications.reviews import wording as reviews
        from applications.standing import wording as standing
        from applications.submission import wording as submission
        from applications.withdrawals import wording as withdrawals

        for subject in (
            changes,
            lifecycle,
            assessments,
            identity,
            evidence,
            reviews,
            review_assignment,
            offers,
            exports,
            decisions,
            standing,
            withdrawals,
            privacy,
            late_entry,
            occasional,
            checklists,
            duplicates,
        ):
            register_sentences(subject.SENTENCES)
        for subject in (
            changes,
            submission,
            assessments,
            evidence,
            review_assignment,
            offers,
            decisions,
            standing,
            withdrawals,
            privacy,
            late_entry,
            occasional,
        ):
            register_kinds(*subject.KINDS)
        register_titles({**offers.PAPERS, **submission.PAPERS, **decisions.PAPERS})
        register_proofs(submission.PROOFS)
        register_private("draft_copy", "offer_preview")
        register_runners(*RUNNERS, *PRIVACY_RUNNERS, *CASE_RUNNERS, *DEMO_RUNNERS)
