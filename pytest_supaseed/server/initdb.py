"""What a throwaway server's data folder is made with, and what its configuration says."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from pytest_supaseed import clock
from pytest_supaseed.server.binaries import Installation
from pytest_supaseed.server.folders import Account

# The same order of texts on every machine; the later ones are for systems that lack the earlier.
_LOCALES = (["--locale=C.UTF-8"], ["--locale=C", "--lc-ctype=en_US.UTF-8"], ["--locale=C"])

_SECONDS = 120.0
_PATIENCE_SECONDS = 5.0
# Our settings, apart from those of the file that includes it: they differ between servers on one cluster.
_CONFIGURATION = "supaseed.conf"

# For data that nobody will miss.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Memory for segments that nobody will write again.
    "min_wal_size": "2MB",
    # For all workers of a run, and the pools of what they test.
    "max_connections": "400",
    "autovacuum": "off",
    # Compiling a query takes longer than any query of a test.
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "logging_collector": "off",
    "log_destination": "stderr",
    # Nobody else may use a socket that is in a folder of the user's choice.
    "unix_socket_permissions": "0700",
    # Where allocating them is tried and fails late, as in some containers, the server dies.
    "huge_pages": "off",
}


def commands(
    installation: Installation,
    datadir: str,
    *,
    user: str,
    authentication: str,
    password_file: Path | None = None,
) -> Iterator[list[str]]:
    """Give the commands that make a data folder; each is for where the locale of the one before is unknown.

    Args:
        installation: the programs.
        datadir: the folder, which does not exist.
        user: the name of the superuser.
        authentication: the method for all connections, such as ``"trust"``.
        password_file: a file with the superuser's password.

    Returns:
        Command lines, of which one has to succeed.

    Example:
        >>> next(commands(find(), "/data", user="me", authentication="trust"))  # doctest: +SKIP
        ['/usr/lib/postgresql/15/bin/initdb', '--pgdata=/data', '--username=me', ...]
    """
    command = [
        str(installation.bin / "initdb"),
        f"--pgdata={datadir}",
        f"--username={user}",
        f"--auth={authentication}",
        "--encoding=UTF8",
        "--wal-segsize=1",
        "--no-sync",
        "--no-instructions",
    ]
    if password_file is not None:
        command.append(f"--pwfile={password_file}")
    if installation.major >= 17:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if installation.major >= 18:
        command.append("--no-data-checksums")  # they became the default
    for locale in _LOCALES:
        yield command + locale


def write_password_file(path: Path, password: str, account: Account | None) -> None:
    """Write a password where initdb reads it.

    Args:
        path: a file that does not exist.
        password: the superuser's.
        account: the user who is to read it; None for the present one.

    Raises:
        OSError: it cannot be written.
    """
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(f"{password}\n", encoding="utf-8")
    if account is not None:
        os.chown(path, account.uid, account.gid)


class Initialisation:
    """An initdb that runs while its caller does something else.

    Args:
        commands: those of :func:`commands`.
        run: starts one.
        unknown_locale: tells whether the one that has just failed did so for want of its locale.

    Raises:
        OSError: it cannot be run.
    """

    def __init__(
        self,
        commands: Iterator[list[str]],
        run: Callable[[list[str]], subprocess.Popen[bytes]],
        unknown_locale: Callable[[], bool],
    ) -> None:
        self._commands = commands
        self._run = run
        self._unknown_locale = unknown_locale
        self._process = run(next(commands))

    def wait(self) -> int:
        """Wait for its end.

        Returns:
            The exit status.

        Raises:
            OSError: it cannot be run, or takes longer than initdb ever does.
        """
        try:
            while (status := clock.wait_for(self._process, _SECONDS)) != 0:
                if status is None:
                    raise TimeoutError(f"initdb has not ended within {_SECONDS:.0f} seconds")
                if not self._unknown_locale():
                    break
                command = next(self._commands, None)
                if command is None:
                    break
                self._process = self._run(command)
        except BaseException:
            self.end()
            raise
        return status

    def end(self) -> None:
        """Give it a little time to end, then end it."""
        # When it is killed, the programs that it runs leave shared memory behind.
        if clock.wait_for(self._process, _PATIENCE_SECONDS) is None:
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()


def include_configuration(datadir: Path, *, password: bool) -> None:
    """Have a new data folder's configuration include ours.

    It is a file, not the command line, so that the user's own command line and ``ALTER SYSTEM`` win over it.

    Args:
        datadir: the folder.
        password: whether the server listens to other machines, which have to give a password.

    Raises:
        OSError: it cannot be written.
    """
    with open(datadir / "postgresql.conf", "a", encoding="utf-8") as file:
        file.write(f"include '{_CONFIGURATION}'\n")
    if password:
        with open(datadir / "pg_hba.conf", "a", encoding="utf-8") as file:
            # initdb permits loopback only, and the address of a container's network is none.
            file.write("host all all samehost scram-sha-256\n")


def write_configuration(datadir: Path, major: int, account: Account | None, **settings: str) -> None:
    """Write the part of a data folder's configuration that is ours.

    Args:
        datadir: the folder.
        major: PostgreSQL's major version.
        account: the user who is to read it; None for the present one.
        settings: the settings that differ between servers.

    Raises:
        OSError: it cannot be written.
    """
    everything = {**_SETTINGS, **settings}
    if os.name != "nt":
        # Otherwise segments stay behind in /dev/shm when a server is killed.
        everything["dynamic_shared_memory_type"] = "mmap"
    if major >= 18:
        everything["io_method"] = "sync"  # starts no worker processes
    path = datadir / _CONFIGURATION
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"{name} = {_quoted(value)}\n" for name, value in everything.items())
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
