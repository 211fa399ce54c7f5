"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

# ./portal names the demo's settings; whoever names none gets those that refuse what is unsafe
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "admissions_portal.settings.production")

application = get_wsgi_application()
