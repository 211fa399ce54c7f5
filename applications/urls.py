"""The addresses of every subject; each has its own namespace below this one."""

from django.urls import URLPattern, URLResolver

from applications.evidence.urls import urlpatterns as evidence
from applications.home.urls import urlpatterns as home
from applications.offers.urls import urlpatterns as offers
from applications.submission.urls import urlpatterns as submission
from applications.withdrawals.urls import urlpatterns as withdrawals

app_name = "applications"
urlpatterns: list[URLPattern | URLResolver] = [*home, *evidence, *offers, *submission, *withdrawals]
