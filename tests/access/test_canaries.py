"""Two whole worlds: whoever works for one takes all its doors give, and nothing of the other is in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit
from zipfile import ZipFile, is_zipfile

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from admissions_portal.accounts.models import User
from admissions_portal.accounts.roles import Role
from admissions_portal.jobs.actions import run_due_job
from admissions_portal.outbox.models import Message
from applications.decisions.models import Decision
from applications.duplicates.models import LikelyPair
from applications.exports.models import WholeCase
from applications.identity.models import IdentityNumber
from applications.identity.queries import indexes_for
from applications.lifecycle.models import Application
from applications.lifecycle.states import State
from applications.reviews.models import Review
from applications.reviews.phases import ReviewPhase
from applications.ticks import run_ticks
from eligibility.models import Policy
from tests.access.forms_found import Offered
from tests.access.test_access import signed_in
from tests.access.world import CANARIES, NOW, World, appointed
from tests.factories.applications import CaseFactory, acting
from tests.factories.decisions import REFUSAL, prepared
from tests.factories.evidence import DocumentFactory
from tests.factories.programmes import OfferingFactory, ProgrammeFactory, hkt
from tests.factories.reviewing import AssignmentFactory, PhaseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_quiet")]

NUMBER, PHONE = "A1234563", "+85298765432"
LIST = "/office/applications/application/"
# rules and catalogue are one for all and hold nothing of a case
_ELSEWHERE = ("/office/eligibility/", "/office/programmes/", "/office/logout/", "/office/jsi18n/")


def text_of(content: bytes) -> str:
    """All that can be read in a file or page."""
    if content.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as packed:
            return "\n".join(packed.read(name).decode(errors="replace") for name in packed.namelist())
    return unescape(content.decode(errors="replace"))


@dataclass
class Taking:
    """Somebody with a bag: what each door gave, by its address."""

    client: Client
    bag: dict[str, str] = field(default_factory=dict)

    def take(self, address: str, data: dict[str, Any] | None = None, name: str = "") -> str:
        answer = (
            self.client.get(address, follow=True)
            if data is None
            else self.client.post(address, data, follow=True)
        )
        assert answer.status_code < 500, address
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        said = text_of(body) + str(answer.headers)
        self.bag[name or address] = said
        return said

    def walk(self, *begin: str) -> None:
        """Every page and file that can be reached from these by links and by forms that only ask."""
        waiting, known = list(begin), set(map(path_of, begin))
        while waiting:
            address = waiting.pop(0)
            for way in ways_from(address, self.take(address)):
                if path_of(way) not in known:
                    known.add(path_of(way))
                    waiting.append(way)


def path_of(address: str) -> str:
    return urlsplit(address).path


def ways_from(address: str, page: str) -> Iterator[str]:
    if "<html" not in page:
        return
    offered = Offered(address, page)
    found = [form.action for form in offered.forms if form.method == "get"]
    found += [urljoin(address, part.split('"', 1)[0]) for part in page.split('href="')[1:]]
    for way in found:
        path = path_of(way)
        if path.startswith(("/office/", "/applications/")) and not path.startswith(_ELSEWHERE):
            yield urldefrag(way)[0]


@dataclass
class Other:
    """Somebody with every role in another programme, with a case of their own there."""

    user: User
    case: Application
    phase: ReviewPhase


def world_of(user: User, world: World, institution: str) -> Other:
    """As full as the first, and as like it as may be: its person has the same number and telephone."""
    programme = user.appointments.earliest("pk").programme
    offering = OfferingFactory(intake__programme=programme)
    phase = PhaseFactory(
        intake=offering.intake, ends_at=hkt(2026, 5, 30), closed_from=hkt(2026, 5, 31), asks_third_reader=True
    )
    case = CaseFactory(offering=offering, state=State.IN_REVIEW, applicant__phone=PHONE)
    DocumentFactory(application=case)
    AssignmentFactory(application=case, reader=user, phase=phase)
    for each, code in ((world.case, "hku"), (case, institution)):
        index = indexes_for(code, "HKID", NUMBER)[0]
        IdentityNumber.objects.create(application=each, kind="HKID", number=NUMBER, index=index, given_at=NOW)
    return Other(user, case, phase)


@pytest.fixture
def canaries(world: World) -> list[str]:
    """What stands in the first programme's case and nowhere else."""
    Review.objects.update(comment="canary-comment")
    Decision.objects.update(note="canary-note")
    staff = [world.people[role.lower()] for role in Role]
    return [
        *CANARIES,
        "canary-comment",
        "canary-note",
        "canary-request",
        str(world.case.number),
        world.offer.letter.code,
        *(user.email for user in staff if user is not None),
    ]


@pytest.mark.parametrize("institution", ["hku", "hkust"], ids=["another programme", "another institution"])
def test_nothing_of_one_world_is_in_anything_that_the_other_gives(
    institution: str, world: World, canaries: list[str], settings: Any
) -> None:
    programme = ProgrammeFactory(institution__code=institution, research=institution == "hkust")
    # at HKU the rules of one programme are lent to the other
    Policy.objects.filter(code="HKU-MMEDSC").update(programme_slug="")
    other = world_of(appointed(programme), world, institution)
    theirs, own, elsewhere = world.case, other.case, world.case.offering.programme
    decision = prepared(own, REFUSAL, by=acting(other.user), at=NOW)
    run_ticks(at=NOW)
    taking = Taking(signed_in(other.user))
    page = reverse("admin:applications_application_change", args=[own.pk])
    shortlist, readers = reverse("admin:shortlist"), reverse("admin:applications_application_readers")
    lists = reverse("admin:applications_application_lists")

    # what leads to the other programme's case if anything does: searches, filters, orders, piles, places
    for said in (f"programme={elsewhere.pk}", "q=Zzyzx", "q=canary", "q=甪", f"q={theirs.number}", "all=1"):
        for door in (LIST, shortlist, readers, reverse("admin:applications_application_findings")):
            taking.take(f"{door}?{said}", name=f"{door} {said}")
    taking.take(f"{page}?in=order%3Dname&place=2")
    reader = world.people["reviewer"]
    assert reader is not None
    chosen = {"case": str(theirs.pk), "readers": str(other.user.pk), "code": "HKU-E2", "outcome": "MET"}
    taking.take(readers, chosen, name="readers")
    taking.take(
        reverse("admin:applications_application_findings"), chosen | {"reason": "So."}, name="finding"
    )
    lines = {"lines": f"{theirs.number},{other.user.email}\n{own.number},{reader.email}"}
    said = taking.take(reverse("admin:applications_reviewphase_reader_list"), lines, name="lines")
    # what was typed stands in the box again, and nothing else is known of it
    taking.bag["lines"] = said.replace(theirs.number or "", "").replace(reader.email, "")
    taking.take(lists, {"name": "All", "query": f"programme={elsewhere.pk}"}, name="list")
    search = reverse("admin:applications_application_search")
    for typed in (NUMBER, PHONE, "Zzyzxfamily"):
        said = taking.take(search, {"q": typed}, name=f"search {typed}")
        taking.bag[f"search {typed}"] = said.replace(typed, "") if typed != NUMBER else said
    release = reverse("admin:applications_release_add")
    taking.take(release, {"decision": f"{decision.pk}:1", "when": "now"}, name="release")
    # every file
    for kind in ("CSV", "XLSX"):
        for said in ("", f"programme={elsewhere.pk}", "order=-score"):
            export = f"{reverse('admin:shortlist_export', args=[kind])}?{said}"
            taking.take(export, {"identity_numbers": "1"}, name=f"{kind} {said}")
    taking.take(page + "whole/", {}, name="asked whole")
    while run_due_job():
        pass
    whole = WholeCase.objects.get()
    taking.take(reverse("admin:applications_application_whole_file", args=[own.pk, whole.pk]), name="whole")
    taking.walk(
        "/office/", page, LIST, lists, shortlist, reverse("admin:applications_reviewphase_changelist")
    )
    mails = Message.objects.filter(to_user=other.user.pk)
    taking.bag |= {f"mail {mail.pk}": f"{mail.subject} {mail.body}" for mail in mails}

    # it has taken its own, so the bag is full
    full = {door for door, said in taking.bag.items() if str(own.number) in said}
    assert {page, LIST, "CSV ", "XLSX ", "release", "whole"} <= full
    leaks = {door: [each for each in canaries if each in said] for door, said in taking.bag.items()}
    searched = {door: found for door, found in leaks.items() if found and " q=" not in door}
    assert searched == {}
    echoed = {
        door: found
        for door, found in leaks.items()
        if " q=" in door and found not in ([], [door.split("q=")[1]])
    }
    assert echoed == {}
    across = LikelyPair.objects.filter(application=own, other=theirs).exists()
    assert across is (institution == "hku")
