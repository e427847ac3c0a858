"""A database cluster, as PostgreSQL calls the data of one server: made by initdb, served by postgres."""

from __future__ import annotations

import os
import shlex
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pytest_supaseed import clock
from pytest_supaseed.errors import ServerError
from pytest_supaseed.server import initdb, programs
from pytest_supaseed.server.binaries import Installation
from pytest_supaseed.server.folders import Account
from pytest_supaseed.server.guardian import DATA

_START_SECONDS = 120.0
_POLL_SECONDS = 0.001
_LOG_LINES = 15
# Lines of postmaster.pid, from 0: the port, the folder of the socket, and what the server says of itself, for which
# pg_ctl waits, too.
_PORT, _SOCKET_FOLDER, _STATUS = 3, 4, 7


@dataclass(frozen=True)
class Cluster:
    """What is needed to make a cluster and to start a server on it.

    Attributes:
        folder: what it lives in; the log and usually the socket are there, too.
        account: the user whom the server runs as; None for the present one.
        user: the name of the superuser.
        password: of the superuser.
        listen_address: for TCP, which asks for the password; empty for none.
        socket_folder: for the Unix socket, which trusts whoever can open it; empty for none.
        port: for both.
        postgres_options: more of the command line of ``postgres``, as one would write it.
    """

    folder: Path
    account: Account | None
    user: str
    password: str | None
    listen_address: str
    socket_folder: str
    port: int
    postgres_options: str

    @property
    def datadir(self) -> Path:
        """The data folder."""
        return self.folder / DATA

    @property
    def log(self) -> Path:
        """The file with all that initdb and the server say."""
        return self.folder / "server.log"

    def initialise(self, installation: Installation) -> initdb.Initialisation:
        """Begin to make the data folder.

        Args:
            installation: programs that can be run by the account.

        Returns:
            What runs; :meth:`initialised` waits for it.

        Raises:
            OSError: it cannot be run, or its files cannot be written.
        """
        if self.password:
            initdb.write_password_file(self._password_file, self.password, self.account)
        commands = initdb.commands(
            installation,
            str(self.datadir),
            user=self.user,
            password_file=self._password_file if self.password else None,
            authentication="scram-sha-256" if self.listen_address else "trust",
        )
        return initdb.Initialisation(
            commands,
            lambda command: programs.run(command, self.folder, self.log, self.account),
            lambda: "invalid locale" in self.end_of_log(),
        )

    def initialised(self, installation: Installation, running: initdb.Initialisation) -> None:
        """Wait until the data folder has been made.

        Args:
            installation: the programs, for the message.
            running: what :meth:`initialise` returned.

        Raises:
            ServerError: initdb failed.
        """
        status = running.wait()
        if status != 0:
            raise self.failure(installation, f"initdb exited with status {status}")
        if self.password:
            self._password_file.unlink()
        initdb.include_configuration(self.datadir, password=bool(self.listen_address))

    @property
    def _password_file(self) -> Path:
        return self.folder / "password"

    def configure(self, major: int) -> None:
        """Write the settings of this server.

        Args:
            major: PostgreSQL's major version.

        Raises:
            OSError: they cannot be written.
        """
        initdb.write_configuration(
            self.datadir,
            major,
            self.account,
            listen_addresses=self.listen_address,
            unix_socket_directories=self.socket_folder,
            port=str(self.port),
        )

    def command(self, installation: Installation) -> list[str]:
        """Give the command line of the server.

        Args:
            installation: programs that can be run by the account.

        Returns:
            The path of ``postgres`` and its arguments.

        Raises:
            ServerError: `postgres_options` has an unbalanced quote.
        """
        try:
            options = shlex.split(self.postgres_options, posix=os.name != "nt")
        except ValueError as error:
            raise self.failure(installation, f"its options cannot be split into words: {error}") from error
        return [str(installation.bin / "postgres"), "-D", str(self.datadir), *options]

    def wait_until_ready(self, installation: Installation, process: subprocess.Popen[bytes]) -> int:
        """Wait until the server accepts connections.

        Args:
            installation: the programs, for the message.
            process: what runs :meth:`command`.

        Returns:
            The port, which `postgres_options` may have changed.

        Raises:
            ServerError: it ended, or takes longer than anybody would wait.
        """
        until = clock.monotonic() + _START_SECONDS
        while (port := self.ready_port(process.pid)) is None:
            if process.poll() is not None:
                raise self.failure(installation, f"postgres exited with status {process.returncode}")
            if clock.monotonic() > until:
                what = f"postgres did not accept connections within {_START_SECONDS:.0f} seconds"
                raise self.failure(installation, what)
            clock.sleep(_POLL_SECONDS)
        return port

    def ready_port(self, pid: int | None = None) -> int | None:
        """Tell whether the server accepts connections: this one, not another one that has the same port.

        Args:
            pid: of the server, which another one may have preceded that was killed; None for any.

        Returns:
            Its port; None while it does not.
        """
        try:
            lines = (self.datadir / "postmaster.pid").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return None
        if (
            len(lines) <= _STATUS
            or lines[_STATUS].strip() != "ready"
            or (pid and lines[0].strip() != str(pid))
        ):
            return None
        return int(lines[_PORT])

    def unlock(self) -> None:
        """Remove the lock files of a server that was killed, of which no process is left.

        PostgreSQL would do it, unless there is a process of the same number: that of another program, or the dead one
        itself, as long as its parent has not taken note of its end.

        Raises:
            OSError: they cannot be removed.
        """
        lock = self.datadir / "postmaster.pid"
        with suppress(FileNotFoundError):
            lines = lock.read_text("utf-8").splitlines()
            socket_folder, port = lines[_SOCKET_FOLDER].strip(), lines[_PORT].strip()
            if socket_folder:
                with suppress(FileNotFoundError):
                    socket_lock = Path(socket_folder, f".s.PGSQL.{port}.lock")
                    # Another server may have the same port in a folder of the user's choice by now.
                    if socket_lock.read_text("utf-8").splitlines()[1:2] == [str(self.datadir)]:
                        socket_lock.unlink()
            lock.unlink()

    def end_of_log(self) -> str:
        """Give the last lines of the log.

        Returns:
            Them, indented, or nothing where there is no log.
        """
        try:
            lines = self.log.read_text("utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return ""
        return "".join(f"\n  {line}" for line in lines[-_LOG_LINES:])

    def failure(self, installation: Installation, what: str) -> ServerError:
        """Make the error for a server that does not start.

        Args:
            installation: the programs.
            what: what went wrong.

        Returns:
            The error, to be raised: with the end of the log, and what to do.
        """
        log = self.end_of_log()
        if self.postgres_options:
            advice = (
                f"Its command line has postgresql_postgres_options, {self.postgres_options!r}: correct them, "
                "or leave them out."
            )
        elif self.listen_address:
            advice = (
                f"It was to listen on {self.listen_address}, port {self.port}: choose another "
                "postgresql_host or postgresql_port, or give neither, and it has a Unix socket."
            )
        else:
            advice = (
                "Try another server: --supaseed-postgres=embedded or system, or the path of a folder with "
                "postgres and initdb."
            )
        return ServerError(
            f"PostgreSQL {installation.version} ({installation.origin}) did not start: {what}."
            f"{' The end of its log:' if log else ''}{log}\n{advice}"
        )
