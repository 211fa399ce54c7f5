from django.urls import path

from admissions_portal.jobs import views

app_name = "jobs"
urlpatterns = [path("jobs/<uuid:pk>/", views.progress, name="progress")]
