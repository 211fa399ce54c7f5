"""What the operating system alone can give: libraries for letters, a browser, a free port, a user."""

import ctypes
import os
import platform
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from admissions_portal.env import PROJECT_DIR

LETTERS = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
# a bare Debian lacks the last two, which the driver of the browser needs
BROWSER = ["chromium-headless-shell", "libatomic1", "libstdc++6"]
FIRST_PORT = 8000

_LIBRARIES = {
    "libpango-1.0-0": ("libpango-1.0.so.0", "libpango-1.0.0.dylib"),
    "libpangoft2-1.0-0": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.0.dylib"),
    "libharfbuzz-subset0": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
}
_BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
)
_INSTALLERS = {
    # system: command, its names for what letters need, for the browser, for python's venv
    "apt": ("apt-get install -y", " ".join(LETTERS), " ".join(BROWSER), "python3-venv"),
    "dnf": ("dnf install -y", "pango harfbuzz", "chromium-headless", "python3"),
    "apk": ("apk add", "pango harfbuzz-subset", "chromium", "python3"),
    "brew": ("brew install", "pango harfbuzz", "--cask chromium", "python"),
}


def missing_for_letters() -> list[str]:
    """The libraries for letters that are not there, by Debian's names."""
    return [name for name, files in _LIBRARIES.items() if not any(map(_loads, files))]


def find_browser() -> Path | None:
    """A Chromium: PORTAL_CHROMIUM, one on PATH, or one that playwright downloaded earlier."""
    chosen = os.environ.get("PORTAL_CHROMIUM")
    if chosen:
        return Path(chosen)
    for name in _BROWSERS:
        if found := shutil.which(name):
            return Path(found)
    application = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    downloads = (Path.home() / folder / "ms-playwright" for folder in (".cache", "Library/Caches"))
    downloaded = (path for folder in downloads for path in sorted(folder.glob("chromium*/chrome-*/*")))
    names = ("chrome", "headless_shell", "chrome-headless-shell")
    candidates = [application, *(path for path in downloaded if path.name in names)]
    return next((path for path in candidates if path.is_file()), None)


def may_apt() -> bool:
    """Whether we may install Debian packages: root, apt-get there, and PORTAL_NO_SYSTEM not set."""
    forbidden = os.environ.get("PORTAL_NO_SYSTEM", "0") not in ("", "0")
    return os.geteuid() == 0 and shutil.which("apt-get") is not None and not forbidden


def apt_install(names: Sequence[str], log: Path) -> bool:
    """Install Debian packages where we may; whether they are there now."""
    process = start_apt(names, log)
    return process is not None and process.wait() == 0


def start_apt(names: Sequence[str], log: Path) -> "subprocess.Popen[bytes] | None":
    """The same, under way. The lists are fetched first only where they are missing or too old."""
    if not names or not may_apt():
        return None
    install = "apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 " + " ".join(names)
    script = f"{install} || {{ apt-get update -qq && {install}; }}"
    if not any(Path("/var/lib/apt/lists").glob("*_Packages*")):
        script = f"apt-get update -qq; {install}"
    with log.open("ab") as output:
        return subprocess.Popen(
            ["/bin/sh", "-c", script],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )


def install_command(names: Sequence[str], *, as_word: str = "") -> str:
    """What a person types here to install: `names` are Debian's, the sentence is this system's."""
    kind = _installer()
    command, letters, browser, venv = _INSTALLERS[kind]
    if kind == "apt":
        what = as_word or " ".join(names)
    elif as_word:
        what = venv
    else:
        what = browser if names[0] in BROWSER else letters
    return f"{'' if kind == 'brew' or os.geteuid() == 0 else 'sudo '}{command} {what}"


def free_port(wanted: int) -> int:
    """The first port from `wanted` on that nobody listens on, on this machine's loopback."""
    for port in range(wanted, min(wanted + 200, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port from {wanted} on")


def become_owner_of_checkout(finish: Callable[[], object] | None = None) -> None:
    """As root in somebody's checkout, become that user: what we make must be theirs, and PostgreSQL could not
    enter their folders from its namespace. `finish` is called before, if we must start anew for it."""
    owner = PROJECT_DIR.stat().st_uid
    if os.geteuid() != 0 or owner == 0:
        return
    try:
        user = pwd.getpwuid(owner)
    except KeyError:
        return
    # root's own Python may lie where that user may not look; ./portal then finds another
    anew = not _may_run(user, sys.executable)
    if anew and finish:
        finish()
    os.initgroups(user.pw_name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.environ.update(HOME=user.pw_dir, USER=user.pw_name, LOGNAME=user.pw_name)
    if anew:
        os.execv(PROJECT_DIR / "portal", ["./portal", *sys.argv[1:]])


def _may_run(user: pwd.struct_passwd, program: str) -> bool:
    """Whether that user can start that program."""
    try:
        done = subprocess.run([program, "-c", ""], user=user.pw_uid, group=user.pw_gid, extra_groups=[])
    except OSError:
        return False
    return done.returncode == 0


def wait_until(done: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    """Call `done` until it is true; whether it became so in time."""
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            return False
        time.sleep(pause)
    return True


def _loads(library: str) -> bool:
    folders = ["", "/opt/homebrew/lib/", "/usr/local/lib/"] if sys.platform == "darwin" else [""]
    for folder in folders:
        try:
            ctypes.CDLL(folder + library)
        except OSError:
            continue
        return True
    return False


def _installer() -> str:
    if platform.system() == "Darwin":
        return "brew"
    commands = {"apt": "apt-get", "dnf": "dnf", "apk": "apk"}
    return next((kind for kind, command in commands.items() if shutil.which(command)), "apt")
