"""The mailbox page exists in the demonstration alone: elsewhere there is no such address."""

from django.conf import settings
from django.urls import path

from admissions_portal.outbox import views

app_name = "outbox"
urlpatterns = (
    [
        path("mailbox/", views.mailbox, name="mailbox"),
        path("mailbox/<uuid:pk>/", views.message, name="message"),
    ]
    if settings.IS_DEMO
    else []
)
