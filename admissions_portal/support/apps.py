from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    name = "admissions_portal.support"
    label = "support"

    def ready(self) -> None:
        from django.contrib import admin

        admin.site.site_header = _("Admissions office")
        admin.site.site_title = _("Admissions office")
        admin.site.index_title = _("Admissions office")
        # the office has its own first page; a tree of every table beside each page helps nobody
        admin.site.enable_nav_sidebar = False
