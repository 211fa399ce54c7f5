"""A paper is asked for in the action's transaction and made once, whoever else tries."""

import hashlib
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from admissions_portal.papers import actions, press
from admissions_portal.papers.actions import (
    render_due_papers,
    request_paper,
    retry_paper,
    void_paper,
)
from admissions_portal.papers.downloads import PaperDamaged, paper_response
from admissions_portal.papers.models import CODE_ALPHABET, Paper
from admissions_portal.papers.preflight import PaperRefused
from admissions_portal.papers.queries import papers_waiting_for_renderer
from tests.factories.accounts import UserFactory
from tests.factories.papers import AT, PaperFactory, offer_context

pytestmark = pytest.mark.django_db
OFFER = "letters/offer.html"


def ask(number="OFF-2026-00001", **changes):
    return request_paper(
        "offer",
        number=number,
        template=OFFER,
        context=offer_context(),
        at=AT,
        **{"about": UserFactory(), **changes},
    )


def made(paper):
    """The paper once a worker has looked at what waits."""
    render_due_papers()
    paper.refresh_from_db()
    return paper


@pytest.fixture
def quick_press(monkeypatch):
    """Prints stand-in bytes at once; `.texts` are the numbers printed."""

    class QuickPress:
        printed = []

        def __init__(self, sheets):
            list(sheets)

        def print(self, sheet):
            number = sheet.context["number"]
            self.printed.append(number)
            return press.Printed(f"%PDF {number}".encode(), 2, "v")

    QuickPress.printed = []
    monkeypatch.setattr(press, "Press", QuickPress)
    return QuickPress


def test_asking_writes_a_row_and_makes_nothing():
    about = UserFactory()
    paper = ask(about=about)
    paper.refresh_from_db()
    assert (paper.status, paper.version, paper.pdf, paper.attempts) == (Paper.Status.DUE, 1, None, 0)
    assert paper.context == offer_context()
    assert (paper.about_kind, paper.about_id, paper.requested_at) == ("user", str(about.pk), AT)
    assert len(paper.code) == 12
    assert set(paper.code) <= set(CODE_ALPHABET)


def test_a_letter_that_would_come_out_spoilt_is_refused_when_asked_for():
    with pytest.raises(PaperRefused, match="U\\+1F600"):
        request_paper(
            "offer",
            number="1",
            template=OFFER,
            context=offer_context(programme="😀"),
            about=UserFactory(),
            at=AT,
        )
    assert not Paper.objects.exists()


def test_nothing_is_asked_for_when_the_action_fails():
    class Failure(Exception):
        pass

    @transaction.atomic
    def act():
        ask()
        raise Failure

    with pytest.raises(Failure):
        act()
    assert not Paper.objects.exists()


def test_the_bytes_their_hash_and_pages_are_kept():
    paper = made(ask())
    assert paper.status == Paper.Status.RENDERED
    assert bytes(paper.pdf).startswith(b"%PDF-1.7")
    assert paper.sha256 == hashlib.sha256(bytes(paper.pdf)).hexdigest()
    assert paper.pages == 2
    assert paper.template_version == press.template_version(OFFER)
    assert paper.error == ""


def test_a_paper_is_made_once(quick_press):
    paper = ask()
    assert render_due_papers() == 1
    assert render_due_papers() == 0
    made(paper)
    assert quick_press.printed == ["OFF-2026-00001"]


def test_the_second_worker_to_finish_changes_nothing(quick_press):
    paper = ask()
    late = Paper.objects.get(pk=paper.pk)
    made(paper)
    first = Paper.objects.get(pk=paper.pk)
    actions._keep(late, press.Printed(b"%PDF another", 9, "v2"))
    again = Paper.objects.get(pk=paper.pk)
    assert (bytes(again.pdf), again.pages, again.rendered_at) == (
        b"%PDF OFF-2026-00001",
        2,
        first.rendered_at,
    )


def test_a_leased_paper_is_left_to_its_worker_until_the_lease_runs_out(quick_press):
    paper = ask()
    Paper.objects.update(leased_until=timezone.now() + timedelta(minutes=1))
    assert render_due_papers() == 0
    Paper.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert render_due_papers() == 1
    paper.refresh_from_db()
    assert (paper.status, paper.leased_until, paper.attempts) == (Paper.Status.RENDERED, None, 1)


def test_one_bad_paper_does_not_spoil_its_batch(monkeypatch, quick_press):
    good, bad, fine = (PaperFactory(number=number) for number in ("A", "B", "C"))
    plain = quick_press.print

    def choke(self, sheet):
        if sheet.context["number"] == "B":
            raise press.RenderingFailed("no")
        return plain(self, sheet)

    monkeypatch.setattr(quick_press, "print", choke)
    assert render_due_papers() == 3
    for paper in (good, bad, fine):
        paper.refresh_from_db()
    assert [paper.status for paper in (good, bad, fine)] == ["RENDERED", "DUE", "RENDERED"]
    assert bad.error == "RenderingFailed: no"
    assert bad.leased_until > timezone.now()


def test_one_paper_that_cannot_be_composed_does_not_spoil_its_batch():
    good, bad, fine = (
        PaperFactory(number=number, template=template)
        for number, template in (("A", OFFER), ("B", "letters/gone.html"), ("C", OFFER))
    )
    assert render_due_papers() == 3
    for paper in (good, bad, fine):
        paper.refresh_from_db()
    assert [paper.status for paper in (good, bad, fine)] == ["RENDERED", "DUE", "RENDERED"]
    assert bad.error == "TemplateDoesNotExist: letters/gone.html"


@pytest.mark.parametrize(
    ("attempts", "status"),
    [pytest.param(3, "DUE", id="fourth attempt"), pytest.param(4, "FAILED", id="fifth and last attempt")],
)
def test_attempts_are_capped(attempts, status, monkeypatch, quick_press):
    paper = PaperFactory(attempts=attempts)

    def choke(self, sheet):
        raise press.RenderingFailed("no")

    monkeypatch.setattr(quick_press, "print", choke)
    render_due_papers()
    paper.refresh_from_db()
    assert (paper.status, paper.attempts) == (status, attempts + 1)


def test_a_paper_that_kills_every_worker_is_given_up(quick_press):
    paper = PaperFactory(attempts=5)
    render_due_papers()
    paper.refresh_from_db()
    assert (paper.status, paper.error) == ("FAILED", "The worker died each time it was made.")
    assert quick_press.printed == []
    retry_paper(paper)
    assert render_due_papers() == 1
    paper.refresh_from_db()
    assert paper.status == "RENDERED"


def test_without_the_system_library_papers_wait_and_staff_can_see_it(monkeypatch, quick_press):
    paper = ask()
    monkeypatch.setattr(press, "is_available", lambda: False)
    assert render_due_papers() == 0
    paper.refresh_from_db()
    assert (paper.status, paper.attempts) == ("DUE", 0)
    assert list(papers_waiting_for_renderer()) == [paper]
    monkeypatch.setattr(press, "is_available", lambda: True)
    assert render_due_papers() == 1
    assert list(papers_waiting_for_renderer()) == []


def test_a_new_version_keeps_the_number_and_replaces_the_old():
    about = UserFactory()
    first = ask(about=about)
    second = ask(about=about, supersedes=first)
    first.refresh_from_db()
    assert (second.number, second.version) == (first.number, 2)
    assert first.superseded_by == second
    assert (first.is_in_force, second.is_in_force) == (False, True)


def test_a_voided_paper_keeps_the_first_date():
    paper = ask()
    void_paper(paper, at=AT + timedelta(days=1))
    void_paper(paper, at=AT + timedelta(days=2))
    paper.refresh_from_db()
    assert (paper.is_in_force, paper.voided_at) == (False, AT + timedelta(days=1))


def test_a_download_is_the_file_under_its_number(quick_press):
    paper = made(ask())
    response = paper_response(paper)
    assert response.content == bytes(paper.pdf)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="OFF-2026-00001-v1.pdf"'
    assert response["Cache-Control"] == "private, no-store"


def test_changed_bytes_are_never_shown(quick_press):
    paper = made(ask())
    Paper.objects.update(pdf=b"%PDF forged")
    paper.refresh_from_db()
    with pytest.raises(PaperDamaged):
        paper_response(paper)
