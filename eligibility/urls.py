from django.urls import path

from eligibility import views

app_name = "eligibility"

urlpatterns = [
    path("", views.choose_programme, name="choose"),
    path("requirements/", views.requirements_page, name="requirements"),
    path("requirements/<str:code>/<int:number>/", views.requirements_version, name="requirements_version"),
    # last: a programme's address on the site is whatever the catalogue says
    path("<slug:slug>/", views.check, name="check"),
]
