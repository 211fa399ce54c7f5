"""Every subject's admin, gathered so that Django's autodiscovery finds it."""

from applications.casework.admin import ApplicationAdmin
from applications.shortlists.admin import ExportLogAdmin

__all__ = ["ApplicationAdmin", "ExportLogAdmin"]
