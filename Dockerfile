# One image for web, worker, beat and the preparing step; the compose file says which runs what.
FROM python:3.13-slim-bookworm

# Letters need Pango; the third one makes a Chinese letter thirty times faster.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/*

RUN useradd --uid 10001 --create-home portal \
 && install -d -o portal -g portal -m 700 /srv/files /srv/certificates
WORKDIR /srv/portal

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
ENV PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=admissions_portal.settings.production \
    PORTAL_VAR=/srv/portal-state \
    PORTAL_FILES=/srv/files
# Neither needs a database or a secret; the stand-ins live for these two lines only.
RUN python -m admissions_portal.launch.messages \
 && DJANGO_SETTINGS_MODULE=admissions_portal.settings.base PORTAL_SECRET_KEY=build PORTAL_FIELD_KEYS=build \
    DATABASE_URL=postgresql:///none REDIS_URL=redis://none python manage.py prepare static

USER portal
CMD ["gunicorn", "-c", "admissions_portal/deploy/gunicorn.py", "admissions_portal.wsgi"]
