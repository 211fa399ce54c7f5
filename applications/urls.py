"""The addresses of every subject; each has its own namespace below this one."""

from django.urls import URLPattern, URLResolver

from applications.evidence.urls import urlpatterns as evidence
from applications.offers.urls import urlpatterns as offers
from applications.submission.urls import urlpatterns as submission

app_name = "applications"
urlpatterns: list[URLPattern | URLResolver] = [*evidence, *offers, *submission]
