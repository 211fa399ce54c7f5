"""The addresses of every subject; each has its own namespace below this one."""

from django.urls import URLPattern, URLResolver

from applications.changes.urls import urlpatterns as changes
from applications.evidence.urls import urlpatterns as evidence
from applications.home.urls import urlpatterns as home
from applications.identity.urls import urlpatterns as identity
from applications.occasional.urls import urlpatterns as occasional
from applications.offers.urls import urlpatterns as offers
from applications.privacy.urls import urlpatterns as privacy
from applications.standing.urls import urlpatterns as standing
from applications.submission.urls import urlpatterns as submission
from applications.withdrawals.urls import urlpatterns as withdrawals

app_name = "applications"
urlpatterns: list[URLPattern | URLResolver] = [
    *home,
    *identity,
    *evidence,
    *occasional,
    *offers,
    *standing,
    *withdrawals,
    *privacy,
    *changes,
    # last: a section's address takes any word
    *submission,
]
