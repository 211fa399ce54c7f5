"""`python -m tests.benchmarks.form_get`: a section of the form, beside the same page with its form by crispy.

The goal is judged on what an applicant waits for: the same fields on the same portal page with the same
sections judged, the form drawn by us or by default crispy-bootstrap5 through Django's own templates. So what
both sides share counts on both, and the ratio is that of the whole page, not of the drawing alone.

Beside it, without a goal, the plain page that a team writes first: a ModelForm over the row with the same
fields, labels and hints under the same head and foot, which judges nothing and knows nothing of the other
sections, of saving while somebody types, or of a second tab. All run through all the middleware, signed in;
CPU of this process, the database's own apart.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from uuid import UUID

from tests.benchmarks import measuring

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

AT_LEAST = 2.5
SAME = "crispy on the same page"
# the longest forms there are: the person, with lists of all countries, and a degree
SECTIONS = ("personal", "qualifications")
PAGE = """{% extends "base.html" %}{% load crispy_forms_tags %}{% block content %}<h1>{{ title }}</h1>
<form method="post" novalidate>{% csrf_token %}{% crispy form %}
<button type="submit" class="btn btn-primary">Save and continue</button></form>{% endblock %}"""


def stock_form(ours: Any) -> type[Any]:
    """The fields of one of our forms that are columns, as Django and crispy have them without us."""
    from django import forms
    from django.forms.renderers import DjangoTemplates

    meta = ours._meta
    columns = {column.name for column in meta.model._meta.fields}
    made = forms.modelform_factory(
        meta.model,
        fields=[name for name in meta.fields if name in columns],
        labels={**meta.labels, **{name: field.label for name, field in ours.declared_fields.items()}},
        help_texts=meta.help_texts,
        widgets=meta.widgets,
    )
    made.default_renderer = DjangoTemplates()
    for name in getattr(ours, "needed", ()):
        made.base_fields[name].required = True
    return made


def by_crispy(form: Any) -> Any:
    """One of our forms, drawn without us."""
    from crispy_forms.helper import FormHelper
    from crispy_forms.utils import render_crispy_form
    from django import forms
    from django.forms.renderers import DjangoTemplates

    from admissions_portal.support.forms import CountrySelect, DateInputs, countries

    form.renderer = DjangoTemplates()
    for field in form.fields.values():
        if isinstance(field.widget, CountrySelect):
            field.widget = forms.Select(field.widget.attrs, choices=countries())
        if isinstance(field.widget, DateInputs):
            field.widget.template_name = "django/forms/widgets/multiwidget.html"
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.field_template = "field.html"
    return render_crispy_form(form, helper)


def addresses() -> ModuleType:
    """The portal's own, and that of the other side."""
    from crispy_forms.helper import FormHelper
    from django.contrib.auth.decorators import login_required
    from django.http import HttpResponse
    from django.shortcuts import get_object_or_404
    from django.template import engines
    from django.urls import include, path

    from admissions_portal.support import drawing
    from applications.lifecycle.models import Application
    from applications.submission import section_views
    from applications.submission.sections import SECTIONS as ALL

    sections: dict[str, Any] = {section.key: section for section in ALL}
    ours = {key: sections[key].form_class or sections[key].groups[0].form_class for key in SECTIONS}
    forms = {key: stock_form(form) for key, form in ours.items()}
    page = engines["django"].from_string(PAGE)

    def same(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
        with patch.object(drawing, "draw_form", by_crispy):
            return section_views.section(request, pk, key)

    @login_required
    def stock(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
        application = get_object_or_404(
            Application.objects.select_related("applicant"), pk=pk, applicant__user=request.user.pk
        )
        section, person = sections[key], application.applicant
        row = person if section.form_class else section.groups[0].rows(person)[0]
        form = forms[key](request.POST or None, instance=row)
        form.helper = FormHelper()
        form.helper.form_tag = False
        form.helper.disable_csrf = True
        form.helper.field_template = "field.html"
        return HttpResponse(page.render({"form": form, "title": section.title}, request))

    made = ModuleType("addresses")
    made.urlpatterns = [  # type: ignore[attr-defined]
        path("stock/<uuid:pk>/<slug:key>/", stock),
        path("same/<uuid:pk>/<slug:key>/", same),
        path("", include("admissions_portal.urls")),
    ]
    return made


@contextmanager
def both_sides() -> Iterator[None]:
    """Their addresses beside ours, and crispy-bootstrap5's own `field.html` under its bare name."""
    import crispy_bootstrap5
    from crispy_forms.templatetags.crispy_forms_filters import uni_form_template
    from crispy_forms.templatetags.crispy_forms_tags import whole_uni_form_template
    from crispy_forms.utils import default_field_template
    from django.conf import settings
    from django.test.utils import override_settings

    (engine,) = deepcopy(settings.TEMPLATES)
    engine["DIRS"].append(Path(crispy_bootstrap5.__file__).parent / "templates" / "bootstrap5")
    # crispy keeps its templates with the engine that first read them
    for kept in (default_field_template, uni_form_template, whole_uni_form_template):
        kept.cache_clear()
    with override_settings(TEMPLATES=[engine]), override_settings(ROOT_URLCONF=addresses()):
        yield
    for kept in (default_field_template, uni_form_template, whole_uni_form_template):
        kept.cache_clear()


def sides_of(draft: Any, key: str) -> dict[str, Callable[[], bytes]]:
    """Each side answers one request with its page."""
    from django.conf import settings
    from django.test import Client, RequestFactory
    from django.test.client import ClientHandler
    from django.urls import reverse

    client = Client()
    client.force_login(draft.applicant.user)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    handler, factory = ClientHandler(), RequestFactory(SERVER_NAME="127.0.0.1")

    def get(address: str) -> bytes:
        answer = handler(factory.get(address, headers={"cookie": cookie}).META)
        assert answer.status_code == 200, (address, answer.status_code)
        return bytes(answer.content)

    ours = reverse("applications:section", args=[draft.pk, key])
    return {
        SAME: lambda: get(f"/same/{draft.pk}/{key}/"),
        "crispy on a plain page": lambda: get(f"/stock/{draft.pk}/{key}/"),
        "ours": lambda: get(ours),
    }


def measure(draft: Any, *, rounds: int = 21, times: int = 10) -> None:
    with both_sides():
        for key in SECTIONS:
            name = f"form get, {key}"
            seconds = measuring.cpu_seconds(sides_of(draft, key), rounds=rounds, times=times)
            measuring.say_sides(name, seconds, per="request")
            measuring.say_goal(name, seconds["ours"], seconds[SAME], against=SAME, at_least=AT_LEAST)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "admissions_portal.settings.test")
    import django
    from django.test.utils import setup_databases, teardown_databases

    django.setup()  # no test environment: it watches every template, which nobody does in production
    kept = setup_databases(verbosity=0, interactive=False)
    try:
        from admissions_portal.clock.actions import start_clock_at
        from tests.factories.drafts import AT, publish_policies, ready_draft, taught_offering

        publish_policies()
        start_clock_at(AT)
        measure(ready_draft(taught_offering()))
    finally:
        teardown_databases(kept, verbosity=0)


if __name__ == "__main__":
    main()
