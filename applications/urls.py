"""The addresses of every subject; each has its own namespace below this one."""

from django.urls import URLPattern, URLResolver

from applications.offers.urls import urlpatterns as offers

app_name = "applications"
urlpatterns: list[URLPattern | URLResolver] = [*offers]
