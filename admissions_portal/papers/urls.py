from django.urls import path

from admissions_portal.papers import views

app_name = "papers"
urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/<str:code>/", views.verify_code, name="verify_code"),
]
