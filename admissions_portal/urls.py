"""Every address of the portal, app by app."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("programmes.urls")),
    path("", include("applications.urls")),
    path("eligibility/", include("eligibility.urls")),
    path("account/", include("admissions_portal.accounts.urls")),
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("admissions_portal.support.urls")),
    path("", include("admissions_portal.papers.urls")),
    path("", include("admissions_portal.outbox.urls")),
    path("", include("admissions_portal.jobs.urls")),
    path("health/", include("admissions_portal.health.urls")),
    path("office/", admin.site.urls),
]
if settings.IS_DEMO:
    urlpatterns.append(path("demo/", include("applications.demo.urls")))

handler400 = "admissions_portal.support.views.bad_request"
handler403 = "admissions_portal.support.views.permission_denied"
handler404 = "admissions_portal.support.views.page_not_found"
handler500 = "admissions_portal.support.views.server_error"
