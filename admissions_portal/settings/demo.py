"""The demo on one's own machine: debug off, plain http on loopback only, its clock can be moved."""

from admissions_portal import env

env.join_launcher(as_owner=env.flag("PORTAL_AS_OWNER"))

from .base import *  # noqa: E402, F403  every setting is shared unless named here

IS_DEMO = True
# One visitor, signed in as one officer, can follow a rule from draft to publication.
POLICIES_BY_TWO = env.flag("PORTAL_POLICIES_BY_TWO", False)
# Mails stay in the outbox and are shown on the mailbox page; none leaves the machine.
DELIVERY_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
# The demonstration's people sign in with a password alone, and their account page says so.
STAFF_MUST_USE_MFA = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
