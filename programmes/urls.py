from django.urls import path

from programmes import views

app_name = "programmes"

urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("compare/", views.compare, name="compare"),
    path("saved/", views.saved, name="saved"),
    path("programmes/open-rounds.json", views.open_rounds_feed, name="open_rounds"),
    path("programmes/<slug:slug>/", views.programme_page, name="programme"),
    path("programmes/<slug:slug>/deadlines.ics", views.deadlines_calendar, name="calendar"),
    path("programmes/<slug:slug>/save/", views.save, name="save"),
    path("programmes/<slug:slug>/forget/", views.forget, name="forget"),
]
