"""What some people of the demonstration did after they had submitted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from admissions_portal.support.actors import Actor
from applications.changes.actions import ProposedChange, propose_change
from applications.changes.places import Place
from applications.demo.papers import example_file
from applications.lifecycle.models import Application
from applications.submission.actions import submit_application
from applications.submission.amendments import begin_amendment
from applications.submission.declarations import in_force
from programmes.models import Specialisation


def send_again(case: Application, person: Mapping[str, Any], me: Actor, at: datetime) -> None:
    """The specialisation is changed while the round is open, and the application submitted again."""
    case.refresh_from_db()
    draft = begin_amendment(case, by=me, at=at)
    draft.specialisation = Specialisation.objects.get(
        track__programme=case.offering.programme, number=person["again"]
    )
    draft.save(update_fields=["specialisation", "updated_at"])
    submit_application(draft, declaration=in_force(on=at.date()), by=me, at=at)


def ask_for_change(case: Application, person: Mapping[str, Any], me: Actor, at: datetime) -> None:
    """A name written otherwise on the identity card, proposed with its proof; the office has not answered."""
    case.refresh_from_db()
    assert case.profile is not None, "it was submitted"
    asked = person["asks"]
    name = {"given_names": asked["given"]}
    old = {"given_names": case.profile.data["given_names"]}
    change = ProposedChange(Place("personal", "Your details"), old, name, asked["why"])
    propose_change(case, change, proof=example_file("Identity card, copy"), by=me, at=at)
