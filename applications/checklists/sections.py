"""The sections of a case as its officers name them, and what each holds. Derived from the form's own list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.applicants.models import CONTACT_FIELDS
from applications.assessments.corrections import person_now
from applications.lifecycle.contacts import contact_of
from applications.lifecycle.models import Application
from applications.submission.sections import FormSection, Section, sections_of

# Where the form speaks to the applicant, the office says it otherwise.
_TITLES: Mapping[str, str | Promise] = {
    "personal": _("Person"),
    "residence": _("Status in Hong Kong"),
    "questions": _("Statement and questions"),
}


def title_of(section: Section) -> str | Promise:
    return _TITLES.get(section.key, section.title)


def content_of_sections(application: Application, *, at: datetime) -> dict[str, str]:
    """The fingerprint of what each section of a submitted case holds, by its key, in the order of the form.

    It is another one as soon as the applicant submits again, proposes a change that is accepted, gives
    another address or adds a file, and the same one whatever the office does. No question where all that was
    read with the case.
    """
    return {
        section.key: sha256(
            json.dumps(_content(section, application), cls=DjangoJSONEncoder, sort_keys=True).encode()
        ).hexdigest()
        for section in sections_of(application, at=at)
    }


def _content(section: Section, application: Application) -> Any:
    if section.key == "choice":
        return [application.specialisation_id, application.second_specialisation_id, application.offering_id]
    if section.key == "documents":
        return sorted(document.sha256 for document in application.documents.all())
    if section.key == "questions":
        return [
            {answer.key: answer.value for answer in application.answers.all()},
            [[row.name, row.has_spoken] for row in application.supervisors.all()],
        ]
    if not isinstance(section, FormSection):
        return None
    person = dict(person_now(application))
    person |= {name: contact_of(application).values[name] for name in CONTACT_FIELDS}
    own = section.form_class._meta.fields or () if section.form_class is not None else ()
    return {name: person.get(name) for name in (*own, *(group.relation for group in section.groups))}
