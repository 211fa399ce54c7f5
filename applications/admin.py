"""Every subject's admin, gathered so that Django's autodiscovery finds it."""

from applications.casework.admin import ApplicationAdmin
from applications.casework.phase_admin import ReviewPhaseAdmin
from applications.decisions.admin import PreparedDecisionAdmin
from applications.late_entry.admin import AccessCodeAdmin
from applications.occasional.admin import OccasionalRequestAdmin
from applications.reviews.admin import RubricAdmin
from applications.shortlists.admin import ExportLogAdmin

__all__ = [
    "AccessCodeAdmin",
    "ApplicationAdmin",
    "ExportLogAdmin",
    "OccasionalRequestAdmin",
    "PreparedDecisionAdmin",
    "ReviewPhaseAdmin",
    "RubricAdmin",
]
