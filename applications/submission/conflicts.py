"""Conflicts of interest that the portal finds by itself (PRODUCT E5).

A case is compared with everybody ever appointed at its institution when it is submitted, in that transaction;
a person with every case of the institution once they are appointed there, or are called or reached otherwise.
Whoever is found does not see the case until somebody lifts it as a coincidence; then it is not found again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from admissions_portal.accounts.models import User
from applications.applicants.names_compared import name_keys, names_agree
from applications.lifecycle.conflicts import record_found, said_of_person
from applications.lifecycle.models import Application, ComparedPerson, Ground, Recusal
from applications.lifecycle.states import KNOWN_TO_OFFICE
from applications.submission.mail_domains import telling_domain
from applications.submission.models import ProposedSupervisor
from programmes.models import Appointment, Office

# A domain from which so many colleagues sign in is the institution's own, though none of its offices says so.
MANY_COLLEAGUES = 3
# any number, the same for both sides
_LOCK = 5_105


def find_conflicts(application: Application, *, at: datetime) -> list[Recusal]:
    """Compare a case that is being submitted with everybody appointed at its institution."""
    institution = application.offering.programme.institution_id
    # many at once, but none while people are compared: what one side does not see yet, the other does
    _lock("pg_advisory_xact_lock_shared")
    people = [each for each in _people_of(institution) if each.pk != application.applicant.user_id]
    domain = telling_domain(application.applicant.user.email, own=_own_domains(institution, people))
    named = list(application.supervisors.order_by("position").values_list("name", flat=True))
    names = _Names(people if named else ())
    found = [
        *((application, each, Ground.SUPERVISOR, name) for name in named for each in names.called(name)),
        *(
            (application, each, Ground.DOMAIN, domain)
            for each in people
            if domain and _is_at(domain, each.email)
        ),
        *((application, each, Ground.SAME_PERSON, "") for each in said_of_person(application)),
    ]
    return record_found(found, at=at)


@transaction.atomic
def compare_new_people(*, at: datetime) -> list[Recusal]:
    """Compare whoever was appointed, renamed or is reached elsewhere since with all cases of the house."""
    if not _not_compared().exists():
        return []
    _lock("pg_advisory_xact_lock")
    waiting: dict[int, list[User]] = defaultdict(list)
    for appointment in _not_compared().select_related("user", "programme"):
        people = waiting[appointment.programme.institution_id]
        if appointment.user not in people:
            people.append(appointment.user)
    made = []
    for institution, people in waiting.items():
        made += record_found(_found_for(people, institution), at=at)
        ComparedPerson.objects.bulk_create(
            [
                ComparedPerson(
                    person=each, institution_id=institution, name=each.name, email=each.email, compared_at=at
                )
                for each in people
            ],
            update_conflicts=True,
            unique_fields=["person", "institution"],
            update_fields=["name", "email", "compared_at"],
        )
    return made


def _found_for(people: list[User], institution: int) -> Iterator[tuple[Application, User, Ground, str]]:
    cases = (
        Application.objects.filter(
            state__in=KNOWN_TO_OFFICE, offering__intake__programme__institution=institution
        )
        .select_related("applicant")
        .order_by("pk")
    )
    names, named = _Names(people), dict[str, list[User]]()
    proposed = ProposedSupervisor.objects.filter(application__in=cases.order_by().values("pk"))
    for supervisor in proposed.select_related("application__applicant").order_by("pk").iterator():
        if supervisor.name not in named:
            named[supervisor.name] = names.called(supervisor.name)
        for each in named[supervisor.name]:
            if each.pk != supervisor.application.applicant.user_id:
                yield supervisor.application, each, Ground.SUPERVISOR, supervisor.name
    own = _own_domains(institution, _people_of(institution))
    for each in people:
        if domain := telling_domain(each.email, own=own):
            for case in cases.filter(applicant__user__email__iendswith=f"@{domain}"):
                if case.applicant.user_id != each.pk:
                    yield case, each, Ground.DOMAIN, domain


class _Names:
    """People by what their names have in common with others': thousands of names are not compared one by
    one."""

    def __init__(self, people: Iterable[User]) -> None:
        self._people: dict[str, list[User]] = defaultdict(list)
        for each in people:
            for key in name_keys(each.name) if each.name else ():
                self._people[key].append(each)

    def called(self, name: str) -> list[User]:
        """Those whose name may be this one."""
        near = {each.pk: each for key in name_keys(name) for each in self._people.get(key, ())}
        return [near[pk] for pk in sorted(near) if names_agree(near[pk].name, name)]


def _is_at(domain: str, address: str) -> bool:
    return address.rpartition("@")[2].lower() == domain


def _people_of(institution: int) -> list[User]:
    """Everybody ever appointed there: whose time has not come, or has passed, may be appointed again."""
    held = Appointment.objects.filter(user=OuterRef("pk"), programme__institution=institution)
    return list(User.objects.filter(Exists(held)).order_by("pk"))


def _own_domains(institution: int, people: Iterable[User]) -> set[str]:
    """The domains of the institution's offices, and those from which many colleagues sign in."""
    written = Office.objects.filter(institution=institution).exclude(email="").order_by("pk")
    count = Counter(each.email.rpartition("@")[2].lower() for each in people)
    return {
        *(email.rpartition("@")[2].lower() for email in written.values_list("email", flat=True)),
        *(domain for domain, colleagues in count.items() if colleagues >= MANY_COLLEAGUES),
    }


def _not_compared() -> QuerySet[Appointment]:
    compared = ComparedPerson.objects.filter(
        person=OuterRef("user"),
        institution=OuterRef("programme__institution"),
        name=OuterRef("user__name"),
        email=OuterRef("user__email"),
    )
    return Appointment.objects.filter(~Exists(compared)).order_by("pk")


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_LOCK])
