from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "admissions_portal.accounts"
    label = "accounts"
