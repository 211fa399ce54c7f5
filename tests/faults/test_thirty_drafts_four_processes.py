"""Thirty drafts, each submitted by four processes at once: thirty submissions, thirty receipts, no gap."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from admissions_portal.history.models import Event
from admissions_portal.outbox.models import Message
from applications.applicants.models import ProfileSnapshot
from applications.assessments.models import Assessment
from applications.lifecycle.models import Application
from applications.submission.models import Submission
from tests.factories.drafts import publish_policies, ready_draft, taught_offering

pytestmark = pytest.mark.django_db(transaction=True)
DRAFTS, PROCESSES = 30, 4


def test_each_is_received_once_and_every_process_sees_the_same_receipt():
    publish_policies()
    offering = taught_offering()
    drafts = [str(ready_draft(offering).pk) for _n in range(DRAFTS)]
    environment = os.environ | {
        "FAULTS_DATABASE": connection.settings_dict["NAME"],
        "FAULTS_BROKER": "redis://127.0.0.1:1/0",  # a web process never talks to it
        "FAULTS_MAILS": os.devnull,
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.submitter", *drafts],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _n in range(PROCESSES)
    ]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * PROCESSES
    answers = []
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        answers.append(process.communicate(timeout=120)[0].splitlines())
    assert [process.returncode for process in processes] == [0] * PROCESSES

    assert len(answers[0]) == DRAFTS
    assert answers == [answers[0]] * PROCESSES
    assert sorted(Application.objects.filter(state="SUBMITTED").values_list("number", flat=True)) == [
        f"MMS26-{number:06d}" for number in range(1, DRAFTS + 1)
    ]
    assert {
        "submissions": Submission.objects.count(),
        "receipts": Message.objects.filter(kind="application_received").count(),
        "messages": Message.objects.count(),
        "frozen profiles": ProfileSnapshot.objects.count(),
        "assessments": Assessment.objects.count(),
        "events": Event.objects.filter(kind="application.submitted").count(),
    } == dict.fromkeys(
        ["submissions", "receipts", "messages", "frozen profiles", "assessments", "events"], DRAFTS
    )
