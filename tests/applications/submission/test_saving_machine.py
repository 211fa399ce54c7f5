"""Two pages of one draft typed into in any order: no text is lost unless somebody let go of it."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from applications.lifecycle.models import Application
from applications.submission.actions import save_section
from applications.submission.models import UnsavedText
from applications.submission.opened import OpenedPage, open_page
from applications.submission.sections import SAVED, TYPED, Filling, FormSection, Typed, section_named
from applications.submission.unsaved import keep_typed
from tests.factories.drafts import AT, own, ready_draft, research_offering

FULL = bool(os.environ.get("PORTAL_TEST_FULL"))
FIELDS = ["research_subject", "research_statement", "supervisor-0-name"]
clients, fields = st.sampled_from([0, 1]), st.sampled_from(FIELDS)


class Client:
    """One page of the section and how it talks to the server."""

    def __init__(self) -> None:
        self.opened: OpenedPage | None = None
        self.typed: Typed = {}
        self.shown: set[str] = set()
        self.number = 0

    @property
    def words(self) -> set[str]:
        return {value for values in self.typed.values() for value in values if value.startswith("word")}


class TwoClients(RuleBasedStateMachine):
    """`alive` are the words that somebody has handed over and nobody has let go of since."""

    draft: Application

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.clients = [Client(), Client()]
        self.alive: set[str] = set()
        self.words = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    @property
    def filling(self) -> Filling:
        return Filling(Application.objects.get(pk=self.draft.pk), at=AT)

    @property
    def section(self) -> FormSection:
        found = section_named(self.draft, "questions", at=AT)
        assert isinstance(found, FormSection)
        return found

    @rule(who=clients)
    def open(self, who: int) -> None:
        client, filling = self.clients[who], self.filling
        visit = filling.visits.get("questions")
        version = visit.version if visit else 0
        shown = next((text for text in self.section.unsaved(filling) if text.version == version), None)
        client.opened = open_page(self.section, filling, resumes=shown)
        client.typed = self.section.fill(filling, shown.typed if shown else None).typed()
        client.shown = client.words
        client.number = 0

    @rule(who=clients, name=fields)
    def type(self, who: int, name: str) -> None:
        client = self.clients[who]
        if client.opened is None:
            self.open(who)
        self.words += 1
        client.typed[name] = [f"word{self.words:04}"]

    @rule(who=clients)
    def autosave(self, who: int) -> None:
        client = self.clients[who]
        if client.opened is None:
            return
        client.number += 1
        keep_typed(client.opened, client.typed, at=AT, number=client.number)
        self.handed_over(client)

    @rule(who=clients)
    def save(self, who: int) -> None:
        client = self.clients[who]
        if client.opened is None:
            return
        filled = save_section(
            self.draft,
            self.section,
            client.typed,
            by=own(self.draft),
            at=AT,
            opened=client.opened,
            number=client.number,
        )
        self.handed_over(client)
        if not filled.is_held:
            client.opened = None

    @rule(data=st.data())
    def choose(self, data: Any) -> None:
        filling = self.filling
        waiting = self.section.unsaved(filling)
        if not waiting:
            return
        text = data.draw(st.sampled_from(waiting))
        both = self.section.compared(filling, text)
        choices = {each.name: data.draw(st.sampled_from([SAVED, TYPED])) for each in both.differences}
        # what was not chosen is let go of, by the person's own word
        for each in both.differences:
            let_go = each.typed if choices[each.name] == SAVED else each.saved
            self.alive -= {word for word in self.alive if word in let_go}
        save_section(
            self.draft,
            self.section,
            both.composed(choices),
            by=own(self.draft),
            at=AT,
            opened=open_page(self.section, filling, resumes=text),
        )

    def handed_over(self, client: Client) -> None:
        """What the page holds is the portal's to keep; a word goes only where the page had shown it, so that
        whoever typed over it knew."""
        self.alive = (self.alive - (client.shown - client.words)) | client.words
        client.shown |= client.words

    def words_kept(self) -> set[str]:
        kept = {*self.draft.answers.values_list("value", flat=True)}
        kept |= {*self.draft.supervisors.values_list("name", flat=True)}
        kept |= {v for values in self.section.fill(self.filling).typed().values() for v in values}
        for text in UnsavedText.objects.filter(applicant=self.draft.applicant):
            kept |= {value for values in text.typed.values() for value in values}
        return kept

    @invariant()
    def nothing_is_lost(self) -> None:
        assert self.alive - self.words_kept() == set()


@pytest.mark.django_db
def test_no_typed_text_is_ever_lost() -> None:
    TwoClients.draft = ready_draft(research_offering())
    run_state_machine_as_test(
        TwoClients,
        settings=settings(
            max_examples=150 if FULL else 12,
            stateful_step_count=30 if FULL else 15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
