"""Where a text can be read in two ways (DOMAIN A5): every choice that changes a result, by its name.

A policy chooses; what it does not choose is read as proposed. `eligibility/labels.py` has each in words.
"""

from __future__ import annotations

from collections.abc import Mapping

# The choices of each, the proposed one first.
READINGS: Mapping[str, tuple[str, ...]] = {
    "AMB-01": ("whole_minute", "strict_minute"),
    "AMB-02": ("from_end_of_previous_round", "when_announced"),
    "AMB-03": ("completed_submission", "submit_click"),
    "AMB-04": ("own_definition", "student_visa_only"),
    "AMB-04b": ("at_submission", "at_registration"),
    "AMB-05": ("at_submission", "at_programme_start"),
    "AMB-05b": ("test_date", "issue_date"),
    "AMB-06": ("anniversary_inside", "ends_day_before"),
    "AMB-07": ("28_february", "1_march"),
    "AMB-08": ("institution", "programme"),
    "AMB-08b": ("qualification", "institution"),
    "AMB-09": ("source", "later_papers"),
    "AMB-10": ("listed", "hidden"),
    "AMB-12": ("printed_comparable_score", "band_accepted"),
    "AMB-13": ("refer", "accept"),
    "AMB-14": ("programme_start", "offer_date", "registration_date"),
    "AMB-15": ("result_published", "last_class"),
    "AMB-16": ("cap_the_grant", "reject_the_request"),
    "AMB-17": ("start_date", "first_class"),
    "AMB-18": ("bachelor_not_needed", "bachelor_needed"),
    "AMB-19": ("certified_length", "calendar_days"),
    "AMB-20": ("officer_judges", "indicator_decides"),
    "AMB-22": ("may_be_expected", "must_hold_at_submission"),
    "AMB-24": ("refer", "accept"),
    "AMB-25": ("discipline_and_level", "discipline_only"),
    "AMB-28": ("residence_and_nationality", "residence_only"),
    "AMB-29": ("english_not_by_merit", "english_by_merit"),
    "AMB-31": ("relied_on", "any_that_exempts"),
}
