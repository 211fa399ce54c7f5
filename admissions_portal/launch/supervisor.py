"""Keeps web, worker, beat and their services alive until it is told to stop."""

import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from admissions_portal.env import PROJECT_DIR

from . import packages, processes, system
from .place import Place
from .postgres import Postgres
from .report import Halt, warn
from .valkey import Valkey

LONGEST_PAUSE = 10.0  # seconds between two attempts to restart a child
CALM = 30.0  # seconds after which a child counts as well again
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
READY_WITHIN = 90.0  # seconds until the first page


@dataclass
class Child:
    """A process of ours that is started again whenever it dies."""

    name: str
    args: list[str | Path]
    env: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        self.process = processes.spawn(self.args, env=self.env, log=self.log, cwd=PROJECT_DIR)

    def restart(self) -> None:
        """Start it again, and end what the dead one left behind first."""
        if self.process:
            processes.end_group(self.process.pid)
        self.start()

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            processes.signal_one(self.process.pid, signal.SIGTERM)


@dataclass
class _Health:
    started: float
    failures: int = 0
    again_at: float | None = None


@dataclass
class Supervisor:
    """Services first in, last out; the rest beside each other."""

    place: Place
    services: dict[str, Postgres | Valkey] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)
    _health: dict[str, _Health] = field(default_factory=dict)

    def take_signals(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal all mean: stop in order."""

        def interrupt(number: int, frame: object) -> None:
            raise KeyboardInterrupt

        for each in STOP_SIGNALS:
            signal.signal(each, interrupt)

    def start_service(self, name: str, service: Postgres | Valkey) -> None:
        """Start a service and remember it, so that the next start finds it if we are killed."""
        self.services[name] = service
        service.start()
        self._started(name)

    def start_child(self, child: Child) -> None:
        self.children[child.name] = child
        child.start()
        self._started(child.name)

    def wait_for_page(self, port: int) -> None:
        """Until the web child answers. Raises Halt with the end of its log where it dies or never does."""
        web = self.children["web"]

        def ended() -> bool:
            return web.process is None or web.process.poll() is not None

        if not system.wait_until(lambda: ended() or answers(port), READY_WITHIN) or ended():
            raise Halt(f"The web server does not answer. {web.log} ends:\n\n{packages.tail(web.log, 30)}")

    def watch(self) -> None:
        """Restart what dies, with growing pauses, until interrupted."""
        while True:
            for name, each in {**self.services, **self.children}.items():
                self._look_after(name, each)
            time.sleep(0.2)

    def stop(self) -> None:
        """Web, worker and beat at once; then the broker; then the database. A second Ctrl-C is ignored."""
        for each in STOP_SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        for child in self.children.values():
            child.ask_to_stop()
        for child in self.children.values():
            if child.process:
                processes.finish(child.process, seconds=10)
        for service in reversed(self.services.values()):
            service.stop()
        self.children, self.services = {}, {}
        self._record()

    def _look_after(self, name: str, each: Postgres | Valkey | Child) -> None:
        health, now = self._health[name], time.monotonic()
        if each.process and each.process.poll() is None:
            if now - health.started > CALM:
                health.failures = 0
            return
        if health.again_at is None:
            pause = min(0.5 * 2**health.failures, LONGEST_PAUSE) if health.failures else 0.0
            health.again_at, health.failures = now + pause, health.failures + 1
            warn(f"{name} ended; starting it again{f' in {pause:.0f} s' if pause >= 1 else ''}.")
        if now < health.again_at:
            return
        try:
            each.restart()
        except Halt as halt:
            warn(str(halt))
            health.again_at = time.monotonic() + LONGEST_PAUSE
            return
        failures = health.failures
        self._started(name)
        self._health[name].failures = failures

    def _started(self, name: str) -> None:
        self._health[name] = _Health(time.monotonic())
        self._record()

    def _record(self) -> None:
        """Write down who runs, so that a start after kill -9 can end what is left."""
        running = {**self.services, **self.children}
        pids = {name: each.process.pid for name, each in running.items() if each.process}
        self.place.write("running.json", {name: [pid, processes.identity(pid)] for name, pid in pids.items()})


def answers(port: int) -> bool:
    """Whether a page comes back, whatever it says."""

    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/health/")
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
