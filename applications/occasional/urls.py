from django.urls import path

from applications.occasional import views

urlpatterns = [
    path("occasional/<slug:slug>/", views.about, name="occasional_about"),
    path("occasional/<slug:slug>/begin/", views.begin, name="occasional_begin"),
    path("my/occasional/<uuid:pk>/", views.overview, name="occasional"),
    path("my/occasional/<uuid:pk>/form/", views.form, name="occasional_form"),
    path("my/occasional/<uuid:pk>/typed/", views.typed, name="occasional_typed"),
    path("my/occasional/<uuid:pk>/send/", views.send, name="occasional_send"),
    path("my/occasional/<uuid:pk>/withdraw/", views.withdraw, name="occasional_withdraw"),
    path("occasional-files/<uuid:pk>/", views.file, name="occasional_file"),
]
