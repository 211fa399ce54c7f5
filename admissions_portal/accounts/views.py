"""The pages about one's own account that allauth does not have."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse_lazy
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from admissions_portal.accounts.actions import choose_language
from admissions_portal.accounts.forms import LanguageForm
from admissions_portal.accounts.queries import has_second_step, may_lose_address


@require_POST
@never_cache
def stay(request: HttpRequest) -> JsonResponse:
    """The whole time of the session anew, asked for by a page that warned of its end.

    Answers JSON: `seconds`, how long the session lasts; 401 once it has ended.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"seconds": 0}, status=401)
    return JsonResponse({"seconds": request.session.renew(always=True)})  # type: ignore[attr-defined]


class AccountSettings(LoginRequiredMixin, FormView):
    """Addresses, password, second step, devices and language in one place."""

    template_name = "account/settings.html"
    form_class = LanguageForm
    success_url = reverse_lazy("accounts:settings")

    def get_initial(self) -> dict[str, Any]:
        return {"language": self.request.user.language}  # type: ignore[union-attr]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            **kwargs,
            addresses=EmailAddress.objects.filter(user_id=user.pk).order_by("-primary", "email"),
            may_lose_address=may_lose_address(user),  # type: ignore[arg-type]
            second_steps=Authenticator.objects.filter(user_id=user.pk)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
            .order_by("id"),
            device_count=len(UserSession.objects.purge_and_list(user)),
            staff_must_use_mfa=settings.STAFF_MUST_USE_MFA,
        )

    def form_valid(self, form: LanguageForm) -> HttpResponse:
        language = form.cleaned_data["language"]
        choose_language(self.request.user, language=language)  # type: ignore[arg-type]
        with translation.override(language):
            messages.success(self.request, _("Saved. Pages and mails come in this language."))
        response = super().form_valid(form)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
        return response


class SecondStep(LoginRequiredMixin, TemplateView):
    """Why the office is still shut, and the two ways to open it."""

    template_name = "account/second_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = self.request.GET.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(
            wanted, {self.request.get_host()}, require_https=self.request.is_secure()
        )
        return super().get_context_data(
            **kwargs,
            has_second_step=has_second_step(self.request.user),
            next=wanted if is_ours else "",
        )
