"""The tests: the demo's engines, a private database, quick password hashes."""

import tempfile
from pathlib import Path

from admissions_portal import env

env.join_launcher(as_owner=True)  # the tests' database is made, filled and emptied
env.assume(
    PORTAL_SECRET_KEY="tests-only-" + "x" * 50,
    PORTAL_FIELD_KEYS="dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
)

try:
    from .demo import *  # noqa: F403  the tests run what the demo runs
except env.EnvironmentHint as hint:
    raise SystemExit(f"{hint}\nOr let the tests have services of their own: ./portal test") from None

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = Path(tempfile.gettempdir()) / "portal-test-files"
SENDFILE_ROOT = MEDIA_ROOT
STORAGES = {
    **STORAGES,  # noqa: F405  from base
    # no manifest: tests need no collectstatic
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# files are found where they lie, whether or not anybody collected them
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
