from django.urls import path

from admissions_portal.accounts.views import AccountSettings, SecondStep, stay

app_name = "accounts"
urlpatterns = [
    path("", AccountSettings.as_view(), name="settings"),
    path("second-step/", SecondStep.as_view(), name="second_step"),
    path("stay/", stay, name="stay"),
]
