"""What each visitor gets at each address.

An address nobody has thought about has no line in `EXPECTED` and fails. Whoever is outside sees 404, as if
there were nothing, or the sign-in page; never 403, which would say that there is something.
"""

from __future__ import annotations

from django.contrib import admin

from admissions_portal.accounts.roles import Role

LOGIN = "sign in"
VISITORS = (
    "anonymous",
    "owner",
    "another applicant",
    "reviewer",
    "programme_office",
    "coordinator",
    "school",
    "graduate_school",
    "administrator",
    "staff of another programme",
    "staff of another institution",
    "superuser",
)
OUTSIDERS = ("another applicant", "staff of another programme", "staff of another institution", "superuser")
# models of which the admin shows pages of ours and none of its own
OWN_PAGES = {
    "applications_application",
    "applications_accesscode",
    "applications_occasionalrequest",
    "applications_prepareddecision",
    "programmes_questionset",
    "applications_rubric",
    "applications_reviewphase",
    *(f"eligibility_{m}" for m in ("policy", "policyversion", "acceptedaward")),
}
MODELS = {
    f"{model._meta.app_label}_{model._meta.model_name}": kind for model, kind in admin.site._registry.items()
}
Answer = int | str


def answers(
    staff: Answer, *, anonymous: Answer = LOGIN, applicants: Answer | None = None, **others: Answer
) -> dict[str, Answer]:
    """What each visitor gets; `others` name those who get something else, `outside` the staff of
    elsewhere."""
    outside = others.pop("outside", staff)
    given = dict.fromkeys(VISITORS, staff)
    given |= dict.fromkeys(("owner", "another applicant"), staff if applicants is None else applicants)
    given |= dict.fromkeys(("staff of another programme", "staff of another institution"), outside)
    return {**given, "anonymous": anonymous, **others}


PUBLIC = answers(200, anonymous=200)
SIGNED_IN = answers(200)
THE_OWNER = answers(404, owner=200)
EVERY_OFFICE = answers(200, applicants=LOGIN)
NOBODY = answers(403, applicants=LOGIN)
SUPERUSER = answers(403, applicants=LOGIN, superuser=200)
THE_PROGRAMMES_STAFF = answers(200, applicants=LOGIN, outside=404, superuser=404)
# whoever may rank and export, each their own programmes
COORDINATORS = answers(403, applicants=LOGIN, coordinator=200, outside=200)
# whoever may change the rules of the programme, and rules somewhere
RULE_EDITORS = answers(404, applicants=LOGIN, coordinator=200, administrator=200)
RULE_EDITORS_ANYWHERE = {**RULE_EDITORS, **{who: 200 for who in VISITORS if who.startswith("staff")}}
# the address takes a POST and says so, whoever asks and whatever stands in it
POST_ONLY = answers(405, applicants=LOGIN)

EXPECTED: dict[str, dict[str, Answer]] = {
    **dict.fromkeys(
        [
            "programmes:catalogue",
            "programmes:open_rounds",
            "programmes:programme",
            "programmes:calendar",
            "programmes:compare",
            "eligibility:choose",
            "eligibility:check",
            "eligibility:requirements",
            "eligibility:requirements_version",
            "papers:verify",
            "papers:verify_code",
            "outbox:mailbox",
            "outbox:message",
            "support:privacy",
            "support:accessibility",
            "support:contact",
            "support:robots",
            "health:live",
            "account_inactive",
            "account_reset_password",
            "account_password_reset_completed",
        ],
        PUBLIC,
    ),
    **dict.fromkeys(
        [
            "programmes:saved",
            "applications:home",
            "applications:messages",
            "applications:record",
            "applications:start",
            "accounts:settings",
            "accounts:second_step",
            "account_reauthenticate",
            "account_email",
            "account_change_password",
            "mfa_index",
            "mfa_list_webauthn",
            "usersessions_list",
        ],
        SIGNED_IN,
    ),
    # late entry, and a request of an occasional student
    "applications:change_mode": answers(405),
    "applications:occasional_about": PUBLIC,
    "applications:occasional_begin": answers(302),
    **dict.fromkeys(
        ["applications:occasional_form", "applications:occasional_send"], answers(404, owner=302)
    ),
    "applications:occasional_typed": answers(405, anonymous=405),
    "applications:occasional_withdraw": answers(405),
    "applications:occasional_file": answers(200, outside=404, superuser=404) | {"another applicant": 404},
    **dict.fromkeys(
        [
            "admin:applications_accesscode_changelist",
            "admin:applications_accesscode_add",
            "admin:applications_extension_add",
        ],
        answers(404, applicants=LOGIN, programme_office=200, outside=200),
    ),
    "admin:applications_accesscode_change": answers(404, applicants=LOGIN, programme_office=200),
    **dict.fromkeys(
        ["admin:applications_accesscode_revoke", "admin:applications_extension_revoke"], POST_ONLY
    ),
    "admin:applications_occasionalrequest_changelist": answers(200, applicants=LOGIN, superuser=404),
    "admin:applications_occasionalrequest_change": THE_PROGRAMMES_STAFF,
    **dict.fromkeys(
        [
            "applications:access_code",
            "applications:carry_over",
            "applications:occasional",
            "applications:overview",
            "applications:withdraw",
            "applications:discard",
            "applications:record_file",
            "applications:message",
            "applications:offer",
            "applications:offer_accept",
            "applications:offer_decline",
            "applications:offer_letter",
            "applications:documents",
            "applications:describe_document",
            "applications:request",
            "applications:review",
            "applications:findings",
            "applications:receipt",
            "applications:draft_copy",
            "applications:changes",
            "applications:section",
            "applications:standing",
            "jobs:progress",
        ],
        THE_OWNER,
    ),
    # once it is submitted the programme's staff read it too
    "applications:document": answers(200, outside=404, superuser=404) | {"another applicant": 404},
    "applications:submit": answers(405),
    **{f"applications:{page}": answers(405) for page in ("amend", "leave_out", "withdraw_change")},
    # made by a worker, which none is; and a change is of something, which the address does not say
    **{f"applications:{page}": answers(404) for page in ("draft_copy_pdf", "propose_change")},
    "applications:receipt_pdf": THE_OWNER,
    # whoever has begun an application is reached somewhere
    "applications:contact_details": answers(302, owner=200),
    "applications:verify_receipt": answers(301, anonymous=301),
    "applications:autosave": answers(405, anonymous=405),
    "applications:check": answers(405, anonymous=405),
    "accounts:stay": answers(405, anonymous=405),
    "support:theme": answers(405, anonymous=405),
    **dict.fromkeys(("programmes:save", "programmes:forget"), answers(405, anonymous=405)),
    "support:favicon": answers(302, anonymous=302),
    "set_language": answers(302, anonymous=302),
    "health:ready": answers(503, anonymous=503),  # no worker beats during the tests
    # no place is accepted in the case, so there is no page that asks for a number (C7)
    "applications:identity_number": answers(404),
    # one's own account: whoever is signed in is led on, whoever is not is led to the sign-in page
    **dict.fromkeys(("account_login", "account_signup"), answers(302, anonymous=200)),
    "account_logout": answers(200, anonymous=302),
    "account_complete_password_reset": answers(302, anonymous=302),
    "account_confirm_password_reset_code": answers(LOGIN),
    **dict.fromkeys(
        [
            "account_email_verification_sent",
            "account_set_password",
            "account_confirm_login_code",
            "mfa_authenticate",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_generate_recovery_codes",
            "mfa_add_webauthn",
            "mfa_reauthenticate_webauthn",
            "mfa_remove_webauthn",
            "mfa_edit_webauthn",
            "mfa_login_webauthn",
        ],
        answers(302),
    ),
    **dict.fromkeys(
        ["mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes"], answers(404)
    ),
    # the office
    **dict.fromkeys(
        [
            "admin:index",
            "admin:password_change_done",
            "admin:jsi18n",
            "demo:clock",
            "admin:applications_application_changelist",
        ],
        EVERY_OFFICE,
    ),
    "admin:login": answers(302, applicants=403),
    "admin:logout": answers(200, anonymous=302, applicants=302),
    "admin:password_change": answers(302, applicants=LOGIN),
    "admin:autocomplete": NOBODY,
    "admin:view_on_site": answers(404, applicants=LOGIN),
    "/office/(?P<url>.*)$": answers(404, applicants=LOGIN),
    "admin:app_list": answers(200, applicants=LOGIN, superuser=404),
    "admin:auth_user_password_change": SUPERUSER,
    # a case
    **dict.fromkeys(
        ("admin:applications_application_change", "admin:applications_application_letter"),
        THE_PROGRAMMES_STAFF,
    ),
    **dict.fromkeys(
        ("admin:applications_application_provenance", "admin:applications_application_file"),
        answers(404, applicants=LOGIN, programme_office=200),
    ),
    # shown to whoever may check it
    "admin:applications_application_document": answers(404, applicants=LOGIN, programme_office=200),
    **dict.fromkeys(
        (
            "admin:applications_application_ask",
            "admin:applications_application_offer",
            "admin:applications_application_refuse",
        ),
        answers(404, applicants=LOGIN, programme_office=200),
    ),
    **dict.fromkeys(
        [
            "admin:applications_application_review",
            "admin:applications_application_abstain",
            "admin:applications_application_finding",
            "admin:applications_application_document_again",
            "admin:applications_application_document_slot",
            "admin:applications_application_difference",
            "admin:applications_application_condition",
            "admin:applications_application_course",
            "admin:applications_application_request",
            "admin:applications_application_check",
            "admin:applications_application_message_again",
            "admin:applications_application_letter_again",
            "admin:applications_application_whole",
            "admin:applications_application_conflict",
            "admin:applications_application_conflict_of_colleague",
            "admin:applications_application_conflict_lifted",
            "admin:shortlist_export",
        ],
        POST_ONLY,
    ),
    # a prepared decision, for whoever prepares, checks or undoes one; none is prepared, so back to the case
    "admin:applications_application_prepared": answers(
        404, applicants=LOGIN, programme_office=302, coordinator=302, school=302, graduate_school=302
    ),
    "admin:applications_application_preview": answers(404, applicants=LOGIN),
    "admin:applications_application_undo": answers(404, applicants=LOGIN, coordinator=200),
    # decisions released together, each on cases of one's own; the checks of the programmes one administers
    "admin:applications_prepareddecision_changelist": answers(
        403, applicants=LOGIN, programme_office=200, outside=200
    ),
    "admin:applications_release_add": POST_ONLY,
    "admin:applications_release_change": answers(403, applicants=LOGIN, programme_office=200, outside=404),
    "admin:applications_decisionchecks": answers(
        403, applicants=LOGIN, administrator=200, outside=200, superuser=200
    ),
    # made for one person, and for none of these
    "admin:applications_application_whole_file": answers(404, applicants=LOGIN),
    "admin:applications_application_runs": THE_PROGRAMMES_STAFF,
    "admin:applications_application_override": POST_ONLY,
    "admin:applications_application_status": POST_ONLY,
    "admin:applications_application_identity": POST_ONLY,
    "admin:applications_application_withdrawal": POST_ONLY,
    "admin:applications_application_change_proposal": POST_ONLY,
    "admin:applications_application_sent": THE_PROGRAMMES_STAFF,
    "admin:applications_application_withdrawn": POST_ONLY,
    # one's own lists: whoever opens cases has a page of them, and nobody opens another's
    "admin:applications_application_lists": EVERY_OFFICE,
    **dict.fromkeys(
        ["admin:applications_application_search", "admin:applications_application_saved_list"], POST_ONLY
    ),
    # whoever records findings, each on cases of their own
    "admin:applications_application_findings": answers(
        403, applicants=LOGIN, programme_office=200, outside=200
    ),
    # whoever keeps the record of conflicts of interest, each of cases of their own
    "admin:applications_application_conflicts": answers(
        404, applicants=LOGIN, coordinator=200, administrator=200, outside=200
    ),
    # whoever may join two records of one person, each of cases of their own
    "admin:applications_application_same_people": answers(
        404, applicants=LOGIN, programme_office=200, coordinator=200, outside=200
    ),
    # no record stands beside itself; other records: tests/applications/duplicates
    "admin:applications_application_same_person": answers(404, applicants=LOGIN),
    # what a change of rules does to open cases
    "admin:eligibility_impact": RULE_EDITORS,
    "admin:eligibility_reassess": RULE_EDITORS_ANYWHERE,
    "admin:eligibility_reassessment": RULE_EDITORS,
    # questions of programmes: read by whoever opens its cases, written by whoever edits its catalogue
    "admin:programmes_questionset_changelist": EVERY_OFFICE | {"superuser": 200},
    "admin:programmes_questionset_add": answers(
        404, applicants=LOGIN, administrator=200, outside=200, superuser=200
    ),
    **dict.fromkeys(
        [
            "admin:programmes_questionset_change",
            "admin:programmes_questionset_draft",
            "admin:programmes_questionset_version",
        ],
        THE_PROGRAMMES_STAFF | {"superuser": 200},
    ),
    "admin:programmes_questionset_edit": answers(404, applicants=LOGIN, administrator=200, superuser=200),
    **dict.fromkeys(
        [f"admin:programmes_questionset_{act}" for act in ("begin", "publish", "discard")], POST_ONLY
    ),
    # what readers score: read by whoever opens the programme's cases, written by whoever assigns readers
    "admin:applications_rubric_changelist": EVERY_OFFICE,
    **dict.fromkeys(
        [f"admin:applications_rubric_{page}" for page in ("change", "draft", "version")],
        THE_PROGRAMMES_STAFF,
    ),
    "admin:applications_rubric_edit": answers(404, applicants=LOGIN, coordinator=200, programme_office=200),
    **dict.fromkeys([f"admin:applications_rubric_{act}" for act in ("begin", "use", "discard")], POST_ONLY),
    # phases of review and cases given to readers: whoever assigns readers, each in programmes of their own
    **dict.fromkeys(
        [
            *(f"admin:applications_reviewphase_{page}" for page in ("changelist", "add", "reader_list")),
            "admin:applications_application_readers",
        ],
        answers(404, applicants=LOGIN, coordinator=200, programme_office=200, outside=200),
    ),
    **dict.fromkeys(
        [f"admin:applications_reviewphase_{page}" for page in ("change", "spread")],
        answers(404, applicants=LOGIN, coordinator=200, programme_office=200),
    ),
    "admin:applications_reviewphase_remove": POST_ONLY,
    **dict.fromkeys([f"admin:applications_application_{act}" for act in ("later", "reader_back")], POST_ONLY),
    # a reader's own work
    "admin:applications_application_my_reviews": answers(
        404, applicants=LOGIN, reviewer=200, coordinator=200, outside=200
    ),
    "admin:applications_application_next_review": answers(
        404, applicants=LOGIN, reviewer=302, coordinator=302, outside=302
    ),
    # admission rules and the acceptance register
    **dict.fromkeys(
        ["admin:eligibility_policy_changelist", "admin:eligibility_acceptedaward_changelist"], EVERY_OFFICE
    ),
    **dict.fromkeys(
        [
            "admin:eligibility_policy_change",
            "admin:eligibility_policy_compare",
            "admin:eligibility_policy_draft",
            "admin:eligibility_policyversion_change",
            "admin:eligibility_policyversion_export",
            "admin:eligibility_acceptedaward_change",
        ],
        THE_PROGRAMMES_STAFF,
    ),
    **dict.fromkeys(
        [
            "admin:eligibility_policy_edit",
            "admin:eligibility_policy_publish",
            "admin:eligibility_acceptedaward_edit",
        ],
        RULE_EDITORS,
    ),
    **dict.fromkeys(
        ["admin:eligibility_policy_add", "admin:eligibility_acceptedaward_add"], RULE_EDITORS_ANYWHERE
    ),
    **dict.fromkeys(
        [
            *(f"admin:eligibility_policy_{act}" for act in ("begin", "approve", "discard")),
            *(f"admin:eligibility_acceptedaward_{act}" for act in ("force", "withdraw", "discard")),
        ],
        POST_ONLY,
    ),
    "admin:shortlist": COORDINATORS,
    # who took which list out: each their own; "302" is the admin's way of saying that there is no such row
    "admin:applications_exportlog_changelist": COORDINATORS,
    "admin:applications_exportlog_change": COORDINATORS
    | {who: 302 for who in VISITORS if who.startswith("staff")},
    "admin:applications_exportlog_history": answers(302, applicants=LOGIN, coordinator=200),
}
OF_A_PROGRAMME = [
    "programme",
    "track",
    "creditcomponent",
    "documenttitle",
    "specialisation",
    "statement",
    "intake",
    "offering",
    "round",
    "appointment",
]
OF_AN_INSTITUTION = ["institution", "school", "office", "agreement"]
for model in OF_A_PROGRAMME:
    pages = f"admin:programmes_{model}"
    EXPECTED |= {
        f"{pages}_changelist": answers(403, applicants=LOGIN, administrator=200, outside=200, superuser=200),
        f"{pages}_add": answers(403, applicants=LOGIN, administrator=200, outside=200, superuser=200),
        f"{pages}_change": answers(403, applicants=LOGIN, administrator=200, outside=302, superuser=200),
        f"{pages}_history": answers(302, applicants=LOGIN, administrator=200, superuser=200),
    }
EXPECTED["admin:programmes_programme_add"] = SUPERUSER
for model in OF_AN_INSTITUTION:
    EXPECTED |= {f"admin:programmes_{model}_{page}": SUPERUSER for page in ("changelist", "add", "change")}
    EXPECTED[f"admin:programmes_{model}_history"] = answers(302, applicants=LOGIN, superuser=200)
for model in ("accounts_user", "account_emailaddress"):
    EXPECTED |= {f"admin:{model}_{page}": SUPERUSER for page in ("changelist", "add", "change", "history")}
EXPECTED["admin:applications_exportlog_add"] = NOBODY
for model in MODELS.keys() - OWN_PAGES:
    EXPECTED[f"admin:{model}_delete"] = NOBODY
    EXPECTED[f"/office/{model.replace('_', '/')}/<path:object_id>/"] = answers(302, applicants=LOGIN)

# The demonstration's mailbox is open to everybody; accounts are the superuser's to look after.
MAY_SHOW = {
    "outbox:mailbox",
    "outbox:message",
    *(
        f"admin:account{model}_{page}"
        for model in ("s_user", "_emailaddress")
        for page in ("changelist", "change", "history")
    ),
    "admin:auth_user_password_change",
}
ACTS = (
    "applications:access_code",
    "applications:carry_over",
    "applications:change_mode",
    *(f"applications:occasional_{page}" for page in ("form", "send", "withdraw")),
    "admin:applications_accesscode_revoke",
    "admin:applications_extension_revoke",
    "admin:applications_occasionalrequest_change",
    "applications:documents",
    "applications:describe_document",
    "applications:request",
    "applications:section",
    "applications:standing",
    "applications:submit",
    "applications:offer_accept",
    "applications:offer_decline",
    "applications:withdraw",
    "applications:discard",
    *(
        f"admin:applications_application_{page}"
        for page in (
            *("review", "abstain", "finding", "override", "withdrawal", "status", "identity"),
            *("document", "condition", "course", "offer", "refuse", "withdrawn", "ask", "request"),
            *("conflict", "conflict_of_colleague", "conflict_lifted", "prepared", "undo"),
            "same_person",
            *("later", "reader_back", "check", "message_again", "letter_again", "whole"),
        )
    ),
)
# the doors of a case: who of its own staff may open which
DOORS = {
    "review": {"reviewer", "coordinator"},
    "abstain": {"reviewer", "coordinator"},
    "finding": {"programme_office"},
    "status": {"programme_office"},
    "identity": {"programme_office"},
    "override": {"coordinator"},
    "document": {"programme_office"},
    "document_again": {"programme_office"},
    "document_slot": {"programme_office"},
    "difference": {"programme_office"},
    "file": {"programme_office"},
    "provenance": {"programme_office"},
    "condition": {"programme_office"},
    "course": {"programme_office"},
    "offer": {"programme_office"},
    "ask": {"programme_office"},
    "request": {"programme_office"},
    "prepared": {"programme_office", "coordinator", "school", "graduate_school"},
    "undo": {"coordinator"},
    "refuse": {"programme_office"},
    "later": {"reviewer", "coordinator"},
    "reader_back": {"programme_office", "coordinator"},
    "check": {"programme_office"},
    "whole": {"programme_office", "coordinator"},
    "conflict": {role.lower() for role in Role},
    "conflict_of_colleague": {"coordinator", "administrator"},
}
