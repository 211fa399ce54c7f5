"""What every page of the office about rules asks first: who is there, and which policies may they read or
change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property

from admissions_portal import clock
from admissions_portal.accounts.models import User
from admissions_portal.accounts.requests import user_of
from admissions_portal.accounts.roles import Right
from admissions_portal.clock import day_of
from admissions_portal.support.actors import Actor
from admissions_portal.support.refusals import Refusal
from eligibility.models import Policy
from eligibility.queries import programmes_under
from programmes.models import Programme
from programmes.queries import programmes_of


@dataclass
class Desk:
    """One request of the office: its person, its moment, and the policies within reach.

    Whoever opens cases of a programme may read the rules that judge it; who may edit the rules of every
    programme a policy judges may change it. Whatever is out of reach does not exist: 404.
    """

    request: HttpRequest
    at: datetime

    @classmethod
    def of(cls, request: HttpRequest) -> Desk:
        return cls(request, clock.now())

    @property
    def user(self) -> User:
        return user_of(self.request)

    @property
    def by(self) -> Actor:
        return Actor.of(self.user)

    @property
    def today(self) -> date:
        """The day in Hong Kong."""
        return day_of(self.at)

    @cached_property
    def seen(self) -> list[Programme]:
        """Programmes whose cases one may open."""
        return list(programmes_of(self.user, Right.SEE_CASES, self.today).select_related("school"))

    @cached_property
    def edited(self) -> list[Programme]:
        """Programmes whose rules one may change."""
        return list(programmes_of(self.user, Right.EDIT_POLICY, self.today).select_related("school"))

    @cached_property
    def _of_the_house(self) -> list[Policy]:
        codes = {programme.institution.code for programme in self.seen}
        return list(Policy.objects.filter(institution_code__in=codes))

    @cached_property
    def _under(self) -> dict[int, list[Programme]]:
        return programmes_under(self._of_the_house)

    @cached_property
    def policies(self) -> list[Policy]:
        """Those one may read, by institution and code."""
        seen, under = {programme.pk for programme in self.seen}, self._under
        return [policy for policy in self._of_the_house if seen & {each.pk for each in under[policy.pk]}]

    def programmes_of(self, policy: Policy) -> list[Programme]:
        """The programmes it judges, of the whole catalogue."""
        return self._under[policy.pk]

    def may_edit(self, policy: Policy) -> bool:
        """Whether one holds the right over every programme it judges."""
        judged = {programme.pk for programme in self._under[policy.pk]}
        return bool(judged) and judged <= {programme.pk for programme in self.edited}

    def policy(self, pk: int, *, edit: bool = False) -> Policy:
        """The policy, or 404 where it is out of reach."""
        found = next((policy for policy in self.policies if policy.pk == pk), None)
        if found is None or (edit and not self.may_edit(found)):
            raise Http404
        return found

    def page(self, title: str, **more: Any) -> dict[str, Any]:
        """The context of a page inside the admin."""
        return {
            **admin.site.each_context(self.request),
            "title": title,
            "opts": Policy._meta,
            "now": self.at,
            "today": self.today,
            **more,
        }

    def do(self, act: Callable[[], object], *, done: str = "") -> str:
        """One call into an action. "" when it was done, else the sentence with which it was refused."""
        try:
            act()
        except Refusal as refused:
            return str(refused)
        if done:
            messages.success(self.request, done)
        return ""
