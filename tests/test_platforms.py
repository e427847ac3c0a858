"""What differs on Windows and macOS, as far as that can be simulated on another system."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_supaseed.command.main import write_exactly
from pytest_supaseed.postgres.server import watchdog
from pytest_supaseed.postgres.server.account import SOCKET_PATH_BYTES
from pytest_supaseed.postgres.server.watchdog import FAST_SHUTDOWN, IMMEDIATE_SHUTDOWN, KILL, signal_server

# Imports what the package depends on; takes away what Windows lacks; and imports all modules of the package.
WITHOUT_POSIX = """
import importlib, os, pkgutil, signal, socket, sys
import faker, pytest, pytest_postgresql.plugin, psycopg, psycopg2, sqlalchemy.dialects.postgresql, tqdm
import asyncio, sqlalchemy.ext.asyncio, multiprocessing, subprocess, tarfile, tempfile

for name in ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
for name in (
    "chown", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getpgid", "getuid", "killpg",
    "register_at_fork", "setsid", "statvfs", "sysconf", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "ST_NOEXEC",
):
    delattr(os, name)
for name in ("SIGALRM", "SIGHUP", "SIGKILL", "SIGQUIT", "SIGUSR1", "alarm", "setitimer"):
    delattr(signal, name)
del socket.AF_UNIX
import pytest_supaseed

failed = []
for module in pkgutil.walk_packages(pytest_supaseed.__path__, "pytest_supaseed."):
    if module.name.endswith("__main__"):
        continue
    try:
        importlib.import_module(module.name)
    except Exception as error:
        failed.append(f"{module.name}: {error!r}")
print("\\n".join(failed))
"""


def test_no_module_needs_at_import_what_windows_lacks() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_POSIX],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == ("", 0), done.stderr


class Pipe(io.BytesIO):
    """The pipe on which a server of Windows listens for signals."""

    def read(self, size: int | None = -1) -> bytes:
        return self.getvalue()


@pytest.fixture
def pipes(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[bytes]]:
    """By the name of each pipe that exists, what was written to it."""
    written: dict[str, list[bytes]] = {}

    def opened(path: str, mode: str, buffering: int) -> Pipe:
        assert (mode, buffering) == ("r+b", 0)
        if path not in written:
            raise FileNotFoundError(path)
        if written[path] == [b"busy"]:
            raise OSError(231, "all instances of the pipe are busy")
        pipe = Pipe()
        pipe.close = lambda: written[path].append(pipe.getvalue())  # type: ignore[method-assign]
        return pipe

    monkeypatch.setattr(watchdog, "open", opened, raising=False)
    return written


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The processes that were ended, and the signals that did it."""
    found: list[tuple[int, int]] = []

    def kill(pid: int, number: int) -> None:
        if pid == 404:
            raise OSError(22, "the parameter is incorrect")
        found.append((pid, number))

    monkeypatch.setattr(os, "kill", kill)
    return found


@pytest.mark.parametrize("number", [FAST_SHUTDOWN, IMMEDIATE_SHUTDOWN])
def test_on_windows_a_server_gets_a_signal_by_its_pipe(
    pipes: dict[str, list[bytes]], killed: list[tuple[int, int]], number: int
) -> None:
    pipes[r"\\.\pipe\pgsignal_7"] = []
    signal_server(7, number, windows=True)
    assert (pipes[r"\\.\pipe\pgsignal_7"], killed) == ([bytes((number,))], [])


def test_on_windows_a_server_without_a_pipe_is_ended(
    pipes: dict[str, list[bytes]], killed: list[tuple[int, int]]
) -> None:
    signal_server(7, FAST_SHUTDOWN, windows=True)
    pipes[r"\\.\pipe\pgsignal_8"] = []
    signal_server(8, KILL, windows=True)
    assert killed == [(7, signal.SIGTERM), (8, signal.SIGTERM)]
    assert pipes == {r"\\.\pipe\pgsignal_8": []}


def test_on_windows_a_pipe_that_is_busy_ends_nothing(
    pipes: dict[str, list[bytes]], killed: list[tuple[int, int]]
) -> None:
    pipes[r"\\.\pipe\pgsignal_7"] = [b"busy"]
    signal_server(7, FAST_SHUTDOWN, windows=True)
    assert killed == []


def test_on_windows_a_process_that_has_ended_is_known_as_one(
    pipes: dict[str, list[bytes]], killed: list[tuple[int, int]]
) -> None:
    with pytest.raises(ProcessLookupError, match="404"):
        signal_server(404, KILL, windows=True)


def test_elsewhere_a_signal_is_a_signal(killed: list[tuple[int, int]]) -> None:
    for number in (FAST_SHUTDOWN, IMMEDIATE_SHUTDOWN, KILL):
        signal_server(7, number, windows=False)
    assert killed == [(7, signal.SIGINT), (7, signal.SIGQUIT), (7, signal.SIGKILL)]


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("kind", "written"), [(io.TextIOWrapper, "'ł\n☃';\n".encode()), (Terminal, b"'\\u0142\r\n\\u2603';\r\n")]
)
def test_sql_is_written_in_utf_8_with_its_own_line_breaks(
    kind: type[io.TextIOWrapper], written: bytes
) -> None:
    binary = io.BytesIO()
    stream = kind(binary, encoding="cp1252", errors="backslashreplace", newline="\r\n")
    write_exactly("'ł\n☃';\n", stream)
    stream.flush()
    assert binary.getvalue() == written


def test_a_text_stream_without_bytes_gets_the_text() -> None:
    stream = io.StringIO()
    write_exactly("'ł';\n", stream)
    assert stream.getvalue() == "'ł';\n"


def test_a_folder_for_temporary_files_of_macos_is_short_enough_for_a_socket() -> None:
    folder = "/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T"
    socket = f"{folder}/supaseed-0123456789abcdef/socket/.s.PGSQL.65535"
    # macOS has room for 104 bytes with the one that ends the path.
    assert len(socket) <= SOCKET_PATH_BYTES < 104
