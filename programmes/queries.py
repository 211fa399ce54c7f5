"""Reading the catalogue and the appointments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Prefetch, Q, QuerySet

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import RIGHTS_OF, Right, Role, roles_with
from admissions_portal.support.contact import OfficeContact
from programmes.listing import ProgrammeShown, show_programme
from programmes.models import (
    Agreement,
    Appointment,
    Bookmark,
    Office,
    Programme,
    Round,
    Statement,
)


def published_programmes() -> QuerySet[Programme]:
    """What the public may see, with all a catalogue row needs in a fixed number of queries."""
    return _with_all_shown(Programme.objects.filter(is_published=True))


def _with_all_shown(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    general = Statement.objects.filter(programme__isnull=True).order_by("position", "id")
    return (
        programmes.select_related("institution", "school", "office")
        .prefetch_related(
            "intakes__offerings__rounds",
            "tracks__specialisations",
            Prefetch(
                "institution__statements",
                general.filter(topic=Statement.Topic.OPENING, reader=Statement.Reader.ANYONE),
                to_attr="openings",
            ),
        )
        .order_by("institution__short_name", "name")
    )


def programmes_saved_by(user: User, *, at: datetime) -> list[ProgrammeShown]:
    """The person's own list as it stands at `at`, the latest first, for `programmes/_saved.html`.

    A programme that has left the catalogue stays on it, so that nobody looks for it in vain. The number of
    queries does not grow with the list.
    """
    saved = list(
        Bookmark.objects.filter(user=user).order_by("-saved_at", "-id").values_list("programme", flat=True)
    )
    known = _with_all_shown(Programme.objects.all()).in_bulk(saved)
    return [show_programme(known[pk], at) for pk in saved]


def saved_ids(user: User | AnonymousUser) -> frozenset[int]:
    """Keys of the programmes the person has saved; none for an anonymous visitor."""
    if not user.is_authenticated:
        return frozenset()
    return frozenset(Bookmark.objects.filter(user=user).order_by().values_list("programme", flat=True))


def appointments_on(on: date) -> QuerySet[Appointment]:
    """Appointments that hold on the day (HKT), both ends included."""
    return Appointment.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on), from_on__lte=on
    ).order_by("programme", "role", "user")


def programmes_of(user: User | AnonymousUser, right: Right, on: date) -> QuerySet[Programme]:
    """Where `user` holds `right` on the day (HKT): by appointment, and nowhere as an applicant.

    A superuser edits the catalogue and appoints people everywhere, and opens no case without an appointment.
    """
    programmes = Programme.objects.select_related("institution").order_by("institution__short_name", "name")
    if not user.is_active or not user.is_staff:
        return programmes.none()
    if user.is_superuser and right == Right.EDIT_CATALOGUE:
        return programmes
    held = appointments_on(on).filter(user=user, role__in=roles_with(right))
    return programmes.filter(pk__in=held.values("programme"))


def has_right(user: User | AnonymousUser, right: Right, programme: Programme, on: date) -> bool:
    """Whether `user` holds `right` for the programme on the day (HKT)."""
    return programmes_of(user, right, on).filter(pk=programme.pk).exists()


def rights_somewhere(user: User | AnonymousUser, on: date) -> frozenset[Right]:
    """Every right `user` holds for some programme on the day (HKT); `programmes_of` says for which."""
    if not user.is_active or not user.is_staff:
        return frozenset()
    held = appointments_on(on).filter(user=user).order_by().values_list("role", flat=True).distinct()
    everywhere = {Right.EDIT_CATALOGUE} if user.is_superuser else set()
    return frozenset(everywhere).union(*(RIGHTS_OF[Role(role)] for role in held))


def rights_over(user: User | AnonymousUser, programme: Programme, on: date) -> frozenset[Right]:
    """Every right that appointments give `user` on one programme on the day (HKT)."""
    if not user.is_active or not user.is_staff:
        return frozenset()
    held = appointments_on(on).filter(user=user, programme=programme).values_list("role", flat=True)
    return frozenset().union(*(RIGHTS_OF[Role(role)] for role in held))


def people_with(right: Right, programme: Programme, on: date) -> QuerySet[User]:
    """Active staff appointed to the programme with that right on the day; superusers are not meant."""
    held = appointments_on(on).filter(programme=programme, role__in=roles_with(right))
    return User.objects.filter(is_active=True, is_staff=True, pk__in=held.values("user")).order_by(
        "name", "email"
    )


def open_rounds(at: datetime, *, local: bool | None = None) -> QuerySet[Round]:
    """Rounds that accept an application received at `at`, soonest to close first.

    The comparison of AMB-01 as a query; `local` as in `Offering.rounds_open_to`.
    """
    rounds = (
        Round.objects.filter(
            Q(opens_at__isnull=True) | Q(opens_at__lte=at),
            closed_from__gt=at,
            offering__intake__programme__is_published=True,
        )
        .select_related("offering__intake__programme__institution")
        .order_by(F("closed_from").asc(), "offering__intake__programme__name", "offering__mode", "number")
    )
    return rounds.exclude(audience=Round.Audience.LOCAL_ONLY) if local is False else rounds


def statements_about(programme: Programme) -> QuerySet[Statement]:
    """What is said about the programme itself, about its level, and about the institution's in general."""
    return (
        Statement.objects.filter(institution_id=programme.institution_id)
        .filter(Q(programme=programme) | Q(programme__isnull=True, level__in=["", programme.level]))
        .order_by("position", "id")
    )


def occasional_routes(programmes: Iterable[Programme]) -> QuerySet[Statement]:
    """Courses without an award: information only, for the programme's rules do not apply (HKU-15)."""
    return (
        Statement.objects.filter(topic=Statement.Topic.OCCASIONAL, programme__in=list(programmes))
        .select_related("programme__institution", "programme__office")
        .order_by("programme__name", "position", "id")
    )


def agreements() -> QuerySet[Agreement]:
    """Dated notices. None of them is a programme, and nothing can be applied for under them (MOU-04)."""
    return Agreement.objects.select_related("institution").order_by("-signed_on", "code")


def office_contacts() -> list[OfficeContact]:
    """Whom to ask, by institution, for letters, error pages and the contact page (HKU-18)."""
    offices = Office.objects.select_related("institution").order_by("institution__short_name", "name")
    return [
        OfficeContact(
            name=office.name,
            institution=office.institution.name,
            phones=tuple(office.phones),
            address=office.address,
            email=office.email,
        )
        for office in offices
    ]
