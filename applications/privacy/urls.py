from django.urls import path

from applications.privacy import views

urlpatterns = [
    path("my/record/", views.record, name="record"),
    path("my/record/<uuid:pk>/", views.record_file, name="record_file"),
]
