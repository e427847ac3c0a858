"""A database cluster: created by initdb, served by postgres.

:class:`Cluster` is what both need to know. It creates the data folder, writes the configuration, builds the
server's command line, watches postmaster.pid for readiness, and makes the error of a failed start.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pytest_supaseed import clock, filesystem
from pytest_supaseed.errors import NoRoomError, ServerError
from pytest_supaseed.postgres.server import initdb, programs, space
from pytest_supaseed.postgres.server.account import SOCKETS, Account, check_known, hand_over
from pytest_supaseed.postgres.server.guardian import DATA
from pytest_supaseed.postgres.server.programs import Installation
from pytest_supaseed.postgres.server.proof import SETTING, Proof
from pytest_supaseed.rng import token

_START_SECONDS = 120.0
_POLL_SECONDS = 0.001
_LOG_LINES = 15
_MOST_LOG_BYTES = 1 << 16
_MOST_LOCK_BYTES = 1 << 12
_LOCK = "postmaster.pid"
# Line numbers of postmaster.pid, from 0: the port, the folder of the first socket, and the server's status,
# which pg_ctl polls as well.
_PORT, _SOCKET_FOLDER, _STATUS = 3, 4, 7


@dataclass(frozen=True)
class Cluster:
    """The parameters of a cluster and of the server on it.

    Its folder belongs to the current user, and the server's user can only traverse it: see
    :mod:`pytest_supaseed.filesystem`. It holds the server's whole configuration and its log, and two folders
    that the server's user owns, for the data and for the socket.

    Attributes:
        folder: holds everything else.
        account: the user that the server runs as; None for the current one.
        user: the superuser.
        password: of the superuser, for TCP; None for none.
        listen_address: for TCP, with password authentication; empty for no TCP.
        address_chosen: whether the user has chosen that address or the port.
        socket_folder: for one more Unix socket; empty for none.
        port: for TCP and all sockets.
        postgres_options: additional words for the command line of ``postgres``, with shell quoting.
        settings: additional PostgreSQL settings.
        secret: a random value that :attr:`proof` asks the server for.
    """

    folder: Path
    account: Account | None
    user: str
    password: str | None = field(repr=False)
    listen_address: str
    address_chosen: bool
    socket_folder: str
    port: int
    postgres_options: str
    settings: Mapping[str, str] = field(default_factory=dict)
    secret: str = field(default_factory=lambda: token(16), repr=False)

    @property
    def proof(self) -> Proof:
        """The identity check for the server on this cluster."""
        return Proof(self.datadir, self.secret)

    @property
    def datadir(self) -> Path:
        """The data folder."""
        return self.folder / DATA

    @property
    def log(self) -> Path:
        """The output of initdb and the server."""
        return self.folder / "server.log"

    @property
    def own_sockets(self) -> Path | None:
        """The folder of the cluster's own Unix socket; None on Windows."""
        return None if os.name == "nt" else self.folder / SOCKETS

    @property
    def owner(self) -> int | None:
        """The user ID of the data folder's owner; None on Windows."""
        return filesystem.user() if self.account is None else self.account.uid

    @property
    def _configuration(self) -> Path:
        return self.folder / "supaseed.conf"

    @property
    def _password_file(self) -> Path:
        return self.folder / "password"

    def make_folders(self) -> None:
        """Create the folder of the cluster's own socket.

        Raises:
            OSError: it exists, or cannot be created.
        """
        if self.own_sockets is not None:
            self.own_sockets.mkdir(mode=0o700)
            hand_over(self.own_sockets, self.account)

    def initialise(self, installation: Installation) -> initdb.Initialisation:
        """Start initdb; :meth:`initialised` waits for it.

        Args:
            installation: programs that the account can run.

        Raises:
            OSError: it cannot be run, or its files cannot be written.
            ServerError: initdb would refuse the current user.
        """
        check_known()
        self.datadir.mkdir(mode=0o700)
        hand_over(self.datadir, self.account)
        password_file = None
        if self.password and self.own_sockets is None:
            # Elsewhere the password is set through the socket, as an archived cluster has no password.
            password_file = self._password_file
            filesystem.write_file(password_file, f"{self.password}\n", group=self._group)
        commands = initdb.commands(
            installation,
            str(self.datadir),
            user=self.user,
            password_file=password_file,
            authentication="scram-sha-256" if password_file else "trust",
        )
        return initdb.Initialisation(
            commands,
            lambda command: programs.run(command, self.folder, self.log, self.account),
            lambda: "invalid locale" in self.end_of_log(),
        )

    def initialised(self, installation: Installation, running: initdb.Initialisation) -> None:
        """Wait for initdb.

        Raises:
            ServerError: initdb failed.
        """
        status = running.wait()
        self._password_file.unlink(missing_ok=True)
        if status != 0:
            raise self.failure(installation, f"initdb exited with status {status}")

    @property
    def _group(self) -> int | None:
        return self.account.gid if self.account is not None else None

    def configure(self, major: int) -> None:
        """Write the configuration and the host-based authentication rules.

        Raises:
            OSError: they cannot be written.
        """
        hba, ident = self.folder / "pg_hba.conf", self.folder / "pg_ident.conf"
        rules = initdb.host_based_authentication(self.listen_address, chosen=self.address_chosen)
        sockets = [str(each) for each in (self.own_sockets, self.socket_folder) if each]
        settings = {
            **initdb.found_out(self.datadir, self.owner),
            **self.settings,
            "hba_file": str(hba),
            "ident_file": str(ident),
            "listen_addresses": self.listen_address,
            "unix_socket_directories": initdb.quoted_folders(sockets),
            "port": str(self.port),
            SETTING: self.secret,
        }
        filesystem.write_file(hba, rules, group=self._group)
        filesystem.write_file(ident, "", group=self._group)
        written = initdb.configuration(major, settings)
        filesystem.write_file(self._configuration, written, group=self._group)

    def command(self, installation: Installation) -> list[str]:
        """Return the command line of the server: the path of ``postgres`` and its arguments.

        Args:
            installation: programs that the account can run.

        Raises:
            ServerError: `postgres_options` has an unbalanced quote, or would change the data folder or the
                configuration.
        """
        try:
            options = shlex.split(self.postgres_options, posix=os.name != "nt")
        except ValueError as error:
            raise self.failure(installation, f"its options cannot be split into words: {error}") from error
        for word in initdb.steering(options):
            what = (
                f"{word!r} would have it serve other data, or read other settings, than those of this session"
            )
            raise self.failure(installation, what)
        # The last of contradicting options wins. The settings in the data folder are not used: an archive may
        # contain any.
        ours = {"data_directory": self.datadir, "config_file": self._configuration}
        last = [word for name, path in ours.items() for word in ("-c", f"{name}={path}")]
        return [str(installation.bin / "postgres"), *options, "-D", str(self.datadir), *last]

    def wait_until_ready(self, installation: Installation, process: subprocess.Popen[bytes]) -> int:
        """Wait until the server accepts connections.

        Args:
            installation: for the message.
            process: of :meth:`command`.

        Returns:
            The port, which `postgres_options` may have changed.

        Raises:
            ServerError: the server ended, or the time limit is over.
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
        """Return the port of this server if it accepts connections, else None; other servers on that port do not count.

        Args:
            pid: of the server, to ignore the lock file of a killed predecessor; None for any.
        """
        lines = self._lock_lines()
        if len(lines) <= _STATUS or lines[_STATUS].strip() != "ready" or not lines[_PORT].isdecimal():
            return None
        return int(lines[_PORT]) if pid is None or lines[0].strip() == str(pid) else None

    def _lock_lines(self) -> list[str]:
        """The lines of postmaster.pid; none where there is no such file."""
        try:
            with filesystem.opened_folder(self.datadir, owner=self.owner) as folder:
                path = _LOCK if folder is not None else self.datadir / _LOCK
                content = filesystem.read_file(path, _MOST_LOCK_BYTES, owner=self.owner, folder=folder)
        except FileNotFoundError:
            return []
        return content.decode("utf-8", "replace").splitlines()

    def socket_in_use(self) -> str:
        """Return the folder of the running server's first Unix socket; empty where it has none.

        `postgres_options` may have changed it.
        """
        lines = self._lock_lines()
        return lines[_SOCKET_FOLDER].strip() if len(lines) > _SOCKET_FOLDER else ""

    def unlock(self) -> None:
        """Remove the lock files of a killed server that has no processes left.

        PostgreSQL does so itself, unless a process with the same ID exists: one of another program, or the
        killed postmaster as a zombie until its parent reaps it.

        Raises:
            OSError: they cannot be removed.
        """
        lines = self._lock_lines()
        port = lines[_PORT] if len(lines) > _PORT else ""
        for socket_folder in (self.own_sockets, Path(self.socket_folder) if self.socket_folder else None):
            if socket_folder is not None and port.isdecimal():
                self._unlock_socket(socket_folder, f".s.PGSQL.{port}.lock")
        with filesystem.opened_folder(self.datadir, owner=self.owner) as folder, suppress(FileNotFoundError):
            os.unlink(_LOCK if folder is not None else self.datadir / _LOCK, dir_fd=folder)

    def _unlock_socket(self, socket_folder: Path, name: str) -> None:
        with filesystem.opened_folder(socket_folder, owner=None) as folder, suppress(FileNotFoundError):
            path = name if folder is not None else socket_folder / name
            content = filesystem.read_file(path, _MOST_LOCK_BYTES, owner=self.owner, folder=folder)
            # Another server may use the same port in a folder of the user's choice by now.
            if content.splitlines()[1:2] == [os.fsencode(self.datadir)]:
                os.unlink(path, dir_fd=folder)

    def end_of_log(self) -> str:
        """Return the last lines of the log, indented; empty where there is no log."""
        try:
            with open(filesystem.open_file(self.log, owner=filesystem.user()), "rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - _MOST_LOG_BYTES))
                lines = file.read(_MOST_LOG_BYTES).decode("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return ""
        return "".join(f"\n  {line}" for line in lines[-_LOG_LINES:])

    def failure(self, installation: Installation, what: str) -> ServerError:
        """Return the error for a server that does not start, with the end of its log and advice.

        Args:
            what: went wrong.
        """
        log, kind = self.end_of_log(), ServerError
        if space.is_shortage(what) or space.is_shortage(log):
            kind, found = NoRoomError, space.shortage(self.folder, self.datadir)
            advice = found[0].upper() + found[1:]
        elif self.postgres_options:
            advice = (
                f"Its command line has postgresql_postgres_options, {self.postgres_options!r}: correct them, "
                "or leave them out."
            )
        elif self.listen_address and self.address_chosen:
            advice = (
                f"It was to listen on {self.listen_address}, port {self.port}: choose another "
                "postgresql_host or postgresql_port, or give neither, and it has a Unix socket."
            )
        elif self.listen_address:
            advice = (
                f"It was to listen on {self.listen_address}, port {self.port}: run pytest again for another "
                "port, or leave supaseed_tcp out, and it has a Unix socket."
            )
        else:
            advice = (
                "Try another server: --supaseed-postgres=embedded or system, or the path of a folder with "
                "postgres and initdb."
            )
        return kind(
            f"PostgreSQL {installation.version} ({installation.origin}) did not start: {what}."
            f"{' The end of its log:' if log else ''}{log}\n{advice}"
        )
