"""Real processes that can be killed: a broker, workers and beat on the tests' own database."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import redis
from django.db import connection

from admissions_portal.launch import valkey

PATIENCE = 180  # seconds; a condition is waited for, never a time


def wait_until(condition, what):
    """Ask until it is true, and give up with a sentence."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"Waited {PATIENCE} s in vain: {what}.")
        time.sleep(0.05)
    return answer


class Broker:
    """Valkey on a private socket, with its queue kept on disk."""

    def __init__(self, folder):
        self.folder = folder
        self.socket = folder / "v.sock"
        self.url = f"redis+socket://{self.socket}?virtual_host=0"
        self.process = None

    def start(self):
        binary = valkey.binary()
        assert binary is not None, "./portal test installs one"
        self.process = subprocess.Popen(
            [
                binary,
                "--port",
                "0",
                "--unixsocket",
                self.socket,
                "--dir",
                self.folder,
                "--appendonly",
                "yes",
                "--save",
                "",
            ],
            stdout=subprocess.DEVNULL,
        )
        wait_until(self.answers, "the broker answers")

    def answers(self):
        try:
            with redis.Redis(unix_socket_path=str(self.socket)) as client:
                return client.ping()
        except redis.RedisError:
            return False

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture
def broker():
    folder = Path(tempfile.mkdtemp(prefix="pv-"))  # a socket's path must be short
    server = Broker(folder)
    server.start()
    yield server
    server.kill()
    shutil.rmtree(folder)


class Mails(list):
    """What reached the mail server, as text; read anew at each call."""

    def __init__(self, folder):
        self.folder = folder

    def read(self):
        text = "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))
        return [mail for mail in text.split("-" * 79 + "\n") if mail.strip()]


@pytest.fixture
def mails(tmp_path):
    folder = tmp_path / "mails"
    folder.mkdir()
    return Mails(folder)


@pytest.fixture
def celery(broker, mails, tmp_path):
    """`celery("worker")`, `celery("beat")`.

    A process in a group of its own; `hold=` where it waits to be killed.
    """
    started = []

    def start(*args, hold=""):
        env = {
            **os.environ,
            "FAULTS_DATABASE": connection.settings_dict["NAME"],
            "FAULTS_BROKER": broker.url,
            "FAULTS_MAILS": str(mails.folder),
            "FAULTS_HOLD": hold,
            "FAULTS_MARK": str(tmp_path / "held"),
        }
        options = {
            "worker": [
                "worker",
                "--concurrency",
                "1",
                "--loglevel",
                "WARNING",
                "--without-gossip",
                "--without-mingle",
            ],
            "beat": [
                "beat",
                "--scheduler",
                "celery.beat:Scheduler",
                "--pidfile",
                "",
                "--loglevel",
                "WARNING",
            ],
        }
        log = (tmp_path / "celery.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker", *options[args[0]]],
            env=env, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        log.close()
        started.append(process)
        return process

    yield start
    for process in started:
        kill(process)


def kill(process):
    """kill -9 of the process and all its children."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
