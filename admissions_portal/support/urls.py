"""Pages that belong to nobody else: notices, the reader's theme, what robots may read."""

from django.urls import path

from admissions_portal.support import views

app_name = "support"
urlpatterns = [
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("contact/", views.contact, name="contact"),
    path("theme/", views.choose_theme, name="theme"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]
