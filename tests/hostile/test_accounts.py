"""Users that PostgreSQL refuses: a user ID without an entry in the password database, and a root without privileges."""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from namespaces import Machine, Session
from pytest_supaseed.postgres.server import account

UNKNOWN = 54_321
NSS_WRAPPER = tuple(
    Path(path).resolve() for pattern in account._LIBRARIES for path in sorted(glob.glob(pattern))
)

TESTS = """
import os
import pytest
from sqlalchemy import text

@pytest.mark.seed(users=5)
def test_shared(seeded_connection, tmp_path):
    assert seeded_connection.scalar(text("SELECT count(*) FROM users")) == 5

@pytest.mark.seed(users=2)
def test_own(seeded_db, supaseed_postgres):
    assert seeded_db.counts() == {"users": 2}
    print("folder", supaseed_postgres.unixsocketdir, os.stat(supaseed_postgres.unixsocketdir).st_uid)

@pytest.mark.seed(users=2)
def test_again(seeded_db): ...
"""


@pytest.fixture
def suite(choice: str) -> Iterator[Path]:
    """A project that every user can read, and nobody but root write."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    for name, content in {
        "schema.sql": "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL UNIQUE);",
        "pytest.ini": f"[pytest]\nsupaseed_schema = schema.sql\nsupaseed_postgres = {choice}\n",
        "test_it.py": TESTS,
    }.items():
        (folder / name).write_text(content, "utf-8")
        (folder / name).chmod(0o644)
    yield folder
    shutil.rmtree(folder)


def run(
    machine: Machine, suite: Path, *arguments: str, initdb: bool = True, **environment: str | None
) -> tuple[str, list[str]]:
    """Run the project's tests on a machine; return the output, and what they left there."""
    reason = machine.reason_to_skip()
    if reason:
        pytest.skip(reason)
    variables = {"SUPASEED_POSTGRES": None, "LD_PRELOAD": None, "PYTHONPATH": os.getcwd(), **environment}
    listing = "echo left:; ls -A /dev/shm /mnt"
    printed = machine.run(
        Session(("-rP", *arguments), initdb=initdb), listing, environment=variables, folder=suite
    )
    output, _, left = printed.partition("left:\n")
    return output, [line for line in left.splitlines() if "supaseed" in line]


def small(**properties: object) -> Machine:
    """A machine whose folders for temporary files are its own."""
    return Machine(shared_memory="64m", temporary="300m", **properties)  # type: ignore[arg-type]


SERVED = {
    "nss_wrapper": small(uid=UNKNOWN, gid=0, user_namespaces=False),
    "user namespace": small(uid=UNKNOWN, hidden=NSS_WRAPPER),
    "one user": small(one_user=True),
    "no capabilities": small(without=("all",)),
    "no setuid": small(without=("setuid",)),
    "no chown": small(without=("chown",)),
    "no network": small(network=False),
}


# Whose initdb runs as that of a root without capabilities does.
COPIED = ("no setuid", "no chown", "no network")


@pytest.mark.parametrize("name", SERVED)
def test_a_user_whom_postgresql_refuses_is_served(name: str, suite: Path) -> None:
    machine = SERVED[name]
    if machine.uid is not None and not machine.user_namespaces and not NSS_WRAPPER:
        pytest.skip("nss_wrapper is not installed")
    output, left = run(machine, suite, initdb=name not in COPIED, HOME=None)
    assert "3 passed" in output, output
    assert not left


EVERY_OTHER = small(uid=UNKNOWN, hidden=NSS_WRAPPER, user_namespaces=False)


def test_a_user_id_without_a_name_is_told_what_helps(suite: Path) -> None:
    output, left = run(EVERY_OTHER, suite)
    assert f"pytest runs as the user ID {UNKNOWN}, of which the password database (/etc/passwd)" in output
    for advice in (
        "apt-get install libnss-wrapper",
        f"echo 'pytest:x:{UNKNOWN}:{UNKNOWN}::/tmp:/bin/sh' >> /etc/passwd",
        "docker run --volume /etc/passwd:/etc/passwd:ro",
        "--supaseed-postgres=postgresql://",
    ):
        assert advice in output
    assert "did not start" not in output
    assert "Traceback" not in output
    assert not left


def test_the_line_that_a_user_id_is_told_to_have_helps(suite: Path, tmp_path: Path) -> None:
    passwd = tmp_path / "passwd"
    line = f"pytest:x:{UNKNOWN}:{UNKNOWN}::/tmp:/bin/sh\n"
    passwd.write_text(Path("/etc/passwd").read_text("utf-8") + line, "utf-8")
    passwd.chmod(0o644)
    machine = small(
        uid=UNKNOWN,
        hidden=NSS_WRAPPER,
        user_namespaces=False,
        replaced=((Path("/etc/passwd"), passwd),),
    )
    output, _ = run(machine, suite)
    assert "3 passed" in output, output


@pytest.mark.parametrize(
    ("without", "lacks", "added"),
    [
        (("setuid",), "root lacks CAP_SETUID;", "docker run --cap-add=SETUID"),
        # Each that is missing is enough.
        (("dac_override",), "root lacks CAP_DAC_OVERRIDE;", "docker run --cap-add=DAC_OVERRIDE"),
        (("kill",), "root lacks CAP_KILL;", "docker run --cap-add=KILL"),
        (("chown", "kill"), "root lacks CAP_CHOWN, CAP_KILL;", "docker run --cap-add=CHOWN --cap-add=KILL"),
        (("all",), "root lacks CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_KILL,", "--cap-add=SETUID"),
    ],
)
def test_a_root_without_privileges_is_told_what_is_missing(
    suite: Path, without: tuple[str, ...], lacks: str, added: str
) -> None:
    output, left = run(small(without=without, user_namespaces=False), suite)
    assert lacks in output, output
    assert added in output
    assert "Run pytest as an ordinary user: docker run --user postgres" in output
    assert "Traceback" not in output
    assert not left


def test_the_ordinary_user_that_root_is_told_to_run_as_is_served(suite: Path) -> None:
    import pwd

    try:
        uid = pwd.getpwnam("postgres").pw_uid
    except KeyError:
        pytest.skip("there is no user postgres")
    machine = small(uid=uid, user_namespaces=False, hidden=NSS_WRAPPER)
    output, _ = run(machine, suite, initdb=False)
    assert "3 passed" in output, output


@pytest.mark.parametrize(
    ("uid_map", "mapped"),
    [("", True), ("0 0 4294967295", True), ("0 1000 1", False), ("0 1000 1\n1 100000 65536", True)],
)
def test_a_user_is_there_where_it_is_mapped(tmp_path: Path, uid_map: str, mapped: bool) -> None:
    (tmp_path / "uid_map").write_text(uid_map, "ascii")
    assert account._is_mapped(101, str(tmp_path / "uid_map")) is mapped
