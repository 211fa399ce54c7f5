"""What every way of running the portal shares. Variables are read through env.py alone."""

from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from admissions_portal import env

from .logs import LOGGING as LOGGING

BASE_DIR = env.PROJECT_DIR
VAR_DIR = env.var_dir()

SECRET_KEY = env.text("PORTAL_SECRET_KEY")
# For the secrets of second steps. The first encrypts, all of them decrypt: a new one goes in front.
FIELD_KEYS = env.words("PORTAL_FIELD_KEYS")
DEBUG = False
# The demo's mailbox, its clock button and its labelled example data; production refuses it.
IS_DEMO = False
# A rule reaches every applicant, so a second person approves it before it takes force.
POLICIES_BY_TWO = env.flag("PORTAL_POLICIES_BY_TWO", True)
ALLOWED_HOSTS = env.words("PORTAL_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
PORTAL_ORIGIN = env.text("PORTAL_ORIGIN", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = [PORTAL_ORIGIN]

INSTALLED_APPS = [
    "modeltranslation",  # before the admin: it wraps ModelAdmin
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_include_bootstrap",
    "django_htmx",  # for its file; pages ask by themselves
    "django_countries",
    "phonenumber_field",
    "csp",
    "admissions_portal.support",
    "admissions_portal.clock",
    "admissions_portal.history",
    "admissions_portal.papers",
    "admissions_portal.jobs",
    "admissions_portal.outbox",
    "admissions_portal.health",
    "admissions_portal.accounts",
    "programmes",
    "eligibility",
    "applications",
]

MIDDLEWARE = [
    # first, so that no answer leaves without them: neither a redirect nor the error page of a wrong host
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "admissions_portal.accounts.middleware.SecondStepMiddleware",
]

ROOT_URLCONF = "admissions_portal.urls"
WSGI_APPLICATION = "admissions_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "admissions_portal.support.context_processors.portal",
            ],
        },
    }
]
FORM_RENDERER = "admissions_portal.support.forms.PortalFormRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

_database = dj_database_url.parse(env.database_url(), conn_max_age=60, conn_health_checks=True)
# to compile a statement for the processor takes PostgreSQL longer than any of ours takes to run
_database.setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DATABASES = {
    "default": {
        **_database,
        "TEST": {"NAME": env.text("PORTAL_TEST_DATABASE", "test_portal")},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The broker is only ever a broker: sign-in, limits and cache work while it is down.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        # Django keeps 300 and then drops a third: whoever floods us would drop the limits with them
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # where `{% cache %}` keeps what a page's head and foot say to everybody alike: in the process, which
    # knows its templates no longer than its code
    "template_fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "drawn"},
}

AUTH_USER_MODEL = "accounts.User"
# An address is unique whatever its capitals, by a constraint the check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
# One door: every sign-in, the office's too, passes allauth's limits and second step.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django_zxcvbn_password_validator.ZxcvbnPasswordValidator"},
]
PASSWORD_MINIMAL_STRENGTH = 2
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "admissions_portal.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# Codes, not links: they are typed where the page is open, so they work from another device and inside WeChat,
# no mail scanner can use them up, and no mail of ours teaches people to follow links.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 60 * 60  # seconds; mail to some places is slow
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 60 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_TIMEOUT = 60 * 60
# beside the limits allauth ships with: wrong codes for late entry
ACCOUNT_RATE_LIMITS = {"access_code": "10/h/user"}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {
    "login": "admissions_portal.accounts.forms.LoginForm",
    "signup": "admissions_portal.accounts.forms.SignupForm",
    "add_email": "admissions_portal.accounts.forms.AddEmailForm",
    "change_password": "admissions_portal.accounts.forms.ChangePasswordForm",
    "set_password": "admissions_portal.accounts.forms.SetPasswordForm",
    "reset_password": "admissions_portal.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "admissions_portal.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "admissions_portal.accounts.forms.ReauthenticateForm",
    "confirm_email_verification_code": "admissions_portal.accounts.forms.ConfirmEmailCodeForm",
    "confirm_password_reset_code": "admissions_portal.accounts.forms.ConfirmPasswordResetCodeForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("PORTAL_PROXIES", 0)
MFA_ADAPTER = "admissions_portal.accounts.adapters.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Postgraduate Admissions"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_FORMS = {
    "authenticate": "admissions_portal.accounts.forms.AuthenticateForm",
    "reauthenticate": "admissions_portal.accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "admissions_portal.accounts.forms.ActivateTOTPForm",
    "deactivate_totp": "admissions_portal.accounts.forms.DeactivateTOTPForm",
    "generate_recovery_codes": "admissions_portal.accounts.forms.GenerateRecoveryCodesForm",
    "login_webauthn": "admissions_portal.accounts.forms.LoginWebAuthnForm",
    "reauthenticate_webauthn": "admissions_portal.accounts.forms.ReauthenticateWebAuthnForm",
    "add_webauthn": "admissions_portal.accounts.forms.AddWebAuthnForm",
    "edit_webauthn": "admissions_portal.accounts.forms.EditWebAuthnForm",
}
# Whoever works in an office proves it by a second step before any page of the office opens.
STAFF_MUST_USE_MFA = True
COUNTRIES_FIRST = ["HK", "CN", "MO", "TW"]
COUNTRIES_OVERRIDE = {"HK": _("Hong Kong"), "MO": _("Macao"), "TW": _("Taiwan")}
PHONENUMBER_DEFAULT_REGION = "HK"
PHONENUMBER_DEFAULT_FORMAT = "INTERNATIONAL"

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("zh-hant", _("Traditional Chinese")),
    ("zh-hans", _("Simplified Chinese")),
]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en",)
LOCALE_PATHS = [BASE_DIR / "admissions_portal" / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Hong_Kong"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["admissions_portal.support.formats"]

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Source maps are read by developers only, and take the compressor longest.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
# Uploads are private: served only through views that ask permission.
MEDIA_ROOT = Path(env.text("PORTAL_FILES", str(VAR_DIR / "files")))
SENDFILE_BACKEND = env.text("PORTAL_SENDFILE", "django_sendfile.backends.simple")
SENDFILE_ROOT = MEDIA_ROOT
SENDFILE_URL = "/private"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# allauth's and our own mails become rows of the outbox; delivery is the worker's.
EMAIL_BACKEND = "admissions_portal.outbox.backend.OutboxEmailBackend"
DELIVERY_BACKEND = env.text("PORTAL_MAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env.text("PORTAL_MAIL_HOST", "localhost")
EMAIL_PORT = env.number("PORTAL_MAIL_PORT", 25)
EMAIL_HOST_USER = env.text("PORTAL_MAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("PORTAL_MAIL_PASSWORD", "")
EMAIL_USE_TLS = env.flag("PORTAL_MAIL_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("PORTAL_MAIL_FROM", "Postgraduate Admissions <admissions@example.hk>")

BROKER_URL = env.redis_url()

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# A day's work: whoever types is kept signed in, a page left open warns before the end (WCAG 2.2.1).
SESSION_ENGINE = "admissions_portal.accounts.sessions"
SESSION_COOKIE_AGE = 60 * env.number("PORTAL_SESSION_MINUTES", 12 * 60)  # seconds
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "admissions_portal.support.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        # the style sheet's own arrows and ticks are data: addresses
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "geolocation": [],
    "microphone": [],
    "camera": [],
    "payment": [],
}
