"""The services as processes: what dies is started again, and the portal has no right beyond its rows."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from admissions_portal.launch import postgres, processes, system
from admissions_portal.launch.place import Place
from admissions_portal.launch.report import Halt
from admissions_portal.launch.supervisor import Child, Supervisor


def installation(major: int, origin: str = "system") -> postgres.Installation:
    return postgres.Installation(Path(f"/pg{major}/bin"), major, origin)


def test_data_already_there_decides_which_postgresql_runs(tmp_path: Path) -> None:
    (tmp_path / "pg15").mkdir()
    found = [installation(18, "wheel"), installation(15)]
    assert postgres.choose(found, Place(tmp_path)) == found[1]
    assert postgres.choose(found, Place(tmp_path / "fresh")) == found[0]


def test_without_any_postgresql_the_three_ways_out_are_named(tmp_path: Path) -> None:
    with pytest.raises(Halt, match="There is no PostgreSQL here") as halt:
        postgres.choose([], Place(tmp_path))
    assert str(halt.value).count("\n  - ") == 3


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Postgres]:
    place = Place(tmp_path_factory.mktemp("cluster")).open()
    server = postgres.Postgres(place, postgres.choose(postgres.installations(), place))
    server.start()
    yield server
    server.stop()
    place.delete()


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("CREATE TABLE mine (id int)", id="make a table"),
        pytest.param("TRUNCATE kept", id="empty a table"),
        pytest.param("ALTER TABLE kept DISABLE TRIGGER ALL", id="switch a trigger off"),
        pytest.param("DROP TABLE kept", id="drop a table"),
        pytest.param("COPY kept TO PROGRAM 'cat'", id="run a program"),
        pytest.param("CREATE DATABASE another", id="make a database"),
    ],
)
def test_the_portal_s_role_reads_and_writes_rows_and_nothing_else(
    cluster: postgres.Postgres, statement: str
) -> None:
    with psycopg2.connect(cluster.url(postgres.OWNER)) as owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
    owner.close()
    portal = psycopg2.connect(cluster.url(postgres.APP))
    portal.autocommit = True
    with portal.cursor() as cursor:
        cursor.execute("INSERT INTO kept VALUES (1)")
        cursor.execute("DELETE FROM kept")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(statement)
    portal.close()


def test_nobody_signs_in_without_a_password(cluster: postgres.Postgres) -> None:
    for role in (postgres.SUPERUSER, postgres.OWNER, postgres.APP):
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(host=str(cluster.sockets), user=role, password="", dbname="postgres")


def test_a_killed_server_starts_again_with_its_rows(cluster: postgres.Postgres) -> None:
    with psycopg2.connect(cluster.url(postgres.OWNER)) as owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE acknowledged (id int); INSERT INTO acknowledged VALUES (7)")
    owner.close()
    assert cluster.process is not None
    processes.signal_one(cluster.process.pid, signal.SIGKILL)
    cluster.process.wait()
    cluster.restart()
    again = psycopg2.connect(cluster.url(postgres.APP))
    with again.cursor() as cursor:
        cursor.execute("SELECT id FROM acknowledged")
        assert cursor.fetchall() == [(7,)]
    again.close()


def test_a_child_that_is_killed_is_started_again_and_ends_with_the_supervisor(tmp_path: Path) -> None:
    supervisor = Supervisor(Place(tmp_path).open())
    sleeper = Child(
        "sleeper", [sys.executable, "-c", "import time; time.sleep(60)"], os.environ, tmp_path / "log"
    )
    supervisor.start_child(sleeper)
    assert sleeper.process is not None
    first = sleeper.process.pid

    def kill_then_interrupt() -> None:
        processes.signal_one(first, signal.SIGKILL)
        system.wait_until(lambda: sleeper.process is not None and sleeper.process.pid != first, 10)
        os.kill(os.getpid(), signal.SIGINT)

    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    supervisor.take_signals()
    threading.Thread(target=kill_then_interrupt).start()
    try:
        with pytest.raises(KeyboardInterrupt):
            supervisor.watch()
        second = sleeper.process.pid
        assert second != first
        supervisor.stop()
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    assert processes.identity(first) is None
    assert processes.identity(second) is None


def test_what_a_killed_launcher_left_is_ended_but_nobody_else(tmp_path: Path) -> None:
    def sleeper() -> "processes.subprocess.Popen[bytes]":
        args = [sys.executable, "-c", "import time; time.sleep(60)"]
        return processes.spawn(args, env=os.environ, log=tmp_path / "log", cwd=tmp_path)

    left, other = sleeper(), sleeper()
    recorded = {
        "worker": [left.pid, processes.identity(left.pid)],
        "web": [other.pid, "another moment: the number was used again"],
    }
    threading.Thread(target=left.wait).start()
    assert processes.end_leftovers(recorded) == ["worker"]
    assert other.poll() is None
    processes.stop(other)
