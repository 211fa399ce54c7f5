"""Every answer a person can give is a fact the engine knows, and the other way round."""

import pytest

from applications.applicants import choices
from eligibility.engine import facts


@pytest.mark.parametrize(
    ("ours", "engine"),
    [
        (choices.Origin, facts.Origin),
        (choices.DegreeLevel, facts.DegreeLevel),
        (choices.Honours, facts.Honours),
        (choices.Language, facts.Language),
        (choices.AwardStatus, facts.AwardStatus),
        (choices.StudyKind, facts.StudyKind),
        (choices.StudyMode, facts.StudyMode),
        (choices.EnglishTestKind, facts.EnglishTestKind),
    ],
    ids=lambda kind: kind.__name__,
)
def test_answers_and_facts_have_the_same_codes(ours, engine):
    assert set(ours.values) == {str(code) for code in engine}


def test_residence_has_the_engine_s_classes_and_not_being_sure():
    assert set(choices.ResidenceStatus.values) == {str(code) for code in facts.ResidenceStatus} | {"NOT_SURE"}
