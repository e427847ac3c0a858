"""The throwaway PostgreSQL server of one session: made, started, stopped and removed.

To whoever uses it, it is pytest-postgresql's executor, so that its client factories work on it. What differs
is how it starts: as root through an unprivileged user, ``postgres`` itself rather than ``pg_ctl``, and with
settings for data that nobody will miss.
"""

from __future__ import annotations

import atexit
import os
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
from contextlib import suppress
from dataclasses import dataclass

from pytest_supaseed.errors import ServerError
from pytest_supaseed.server import programs
from pytest_supaseed.server.binaries import Installation
from pytest_supaseed.server.cluster import Cluster
from pytest_supaseed.server.folders import make, new_folder, server_account
from pytest_supaseed.server.guardian import Guardian

try:
    from pytest_postgresql.executors import PostgreSQLExecutor
except ModuleNotFoundError:  # its module's name before pytest-postgresql 9
    from pytest_postgresql.executor import PostgreSQLExecutor  # type: ignore[import-not-found,no-redef]

_LOOPBACK = "127.0.0.1"
# In a folder of our own every port is free.
_SOCKET_PORT = 5432
_STOP_SECONDS = 10.0


@dataclass(frozen=True)
class ServerSettings:
    """What the user gave to pytest-postgresql's options; None for what was not given.

    Attributes:
        user: the name of the superuser.
        password: of the superuser.
        dbname: the name of the tests' database.
        options: libpq's ``options`` for the clients' connections.
        host: the address to listen on; without it and `port` there is a Unix socket instead.
        port: the port to listen on.
        unixsocketdir: the folder for the Unix socket.
        postgres_options: more of the command line of ``postgres``.
    """

    user: str | None = None
    password: str | None = None
    dbname: str | None = None
    options: str | None = None
    host: str | None = None
    port: int | None = None
    unixsocketdir: str | None = None
    postgres_options: str | None = None

    @property
    def tcp(self) -> bool:
        """Whether clients connect through TCP: as they were told, or for want of Unix sockets."""
        return self.host is not None or self.port is not None or os.name == "nt"


_NOTHING_GIVEN = ServerSettings()


class Server(PostgreSQLExecutor):
    """A PostgreSQL server that lives as long as the session, with everything that is in it.

    Args:
        installation: the programs to run.
        settings: what the user wants of it.

    Attributes:
        installation: the programs, where they were found.
        folder: where its data, its log and its socket are; nobody else can enter it.

    Raises:
        ServerError: there is no folder for it, or no user to run it as.
    """

    # The base class says less about its own.
    host: str
    port: int
    user: str
    password: str | None
    dbname: str
    options: str

    def __init__(self, installation: Installation, settings: ServerSettings) -> None:
        self.installation = installation
        # A forked process has a copy of this object, and must leave the server alone.
        self._owner = os.getpid()
        self._guardian: Guardian | None = None
        account = server_account()
        own_socket = not settings.tcp and settings.unixsocketdir is None
        self.folder = new_folder(account, sockets=own_socket)
        self._programs = (
            new_folder(account, programs=True) if programs.must_move(installation, account) else None
        )
        password = settings.password or (secrets.token_urlsafe(24) if settings.tcp else None)
        self._cluster = Cluster(
            folder=self.folder,
            account=account,
            user=settings.user or "postgres",
            password=password,
            listen_address=(settings.host or _LOOPBACK) if settings.tcp else "",
            socket_folder=settings.unixsocketdir or ("" if settings.tcp else str(self.folder)),
            port=settings.port or (_SOCKET_PORT if own_socket else _free_port()),
            postgres_options=settings.postgres_options or "",
        )
        super().__init__(
            # It makes a command of these, which is not ours, and not every path survives that.
            executable="pg_ctl",
            datadir="",
            unixsocketdir="",
            logfile="",
            startparams="",
            host=self._cluster.listen_address or self._cluster.socket_folder,
            port=self._cluster.port,
            user=self._cluster.user,
            password=password or "",
            dbname=settings.dbname or "tests",
            options=settings.options or "",
        )
        self.password = password
        self.executable = str(installation.bin / "pg_ctl")
        self.datadir = str(self._cluster.datadir)
        self.unixsocketdir = self._cluster.socket_folder
        self.logfile = str(self._cluster.log)
        self.postgres_options = self._cluster.postgres_options

    @property
    def version(self) -> str:
        """PostgreSQL's version, such as ``"18.6"``."""
        return self.installation.version

    @property
    def template_dbname(self) -> str:
        """The name of the database with the loaded schema, of which the tests' databases are copies."""
        return f"{self.dbname}_tmpl"

    @property
    def maintenance_dbname(self) -> str:
        """The name of the database to connect to in order to create and drop others."""
        return "postgres"

    def start(self) -> Server:
        """Make the server and start it.

        Returns:
            The server, which accepts connections.

        Raises:
            ServerError: it did not start; the message has the end of its log. Nothing stays behind.
        """
        if self.process is not None:
            return self
        folders = [self.folder] if self._programs is None else [self.folder, self._programs]
        atexit.register(self.stop)
        installation = self.installation
        try:
            # First of all: from here on somebody cleans up, whatever happens to this process.
            self._guardian = Guardian(folders)
            make(folders, self._cluster.account)
            if self._programs is not None:
                installation = programs.move(installation, self._programs, self._cluster.account)
            self._cluster.initialise(installation)
            command = self._cluster.command(installation)
            self.command, self.command_parts = shlex.join(command), command
            self.process = programs.run(command, self.folder, self._cluster.log, self._cluster.account)
            self.port = self._cluster.wait_until_ready(installation, self.process)
        except (OSError, subprocess.TimeoutExpired) as error:
            failure = self._cluster.failure(installation, str(error))
            self.stop()
            raise failure from error
        except BaseException:
            self.stop()
            raise
        return self

    def pre_start_check(self) -> bool:
        """Tell whether the server accepts connections already.

        Returns:
            Whether it does.
        """
        return self.after_start_check()

    def after_start_check(self) -> bool:
        """Tell whether the server accepts connections.

        Returns:
            Whether it does.
        """
        return self._cluster.ready_port() is not None

    def running(self) -> bool:
        """Tell whether the server's process is there.

        Returns:
            Whether it is.
        """
        if os.getpid() != self._owner:
            return self.after_start_check()  # only its parent can wait for a process
        return self.process is not None and self.process.poll() is None

    def stop(self, sig: int | None = None, exp_sig: int | None = None) -> Server:
        """Stop the server and remove everything that it has written; in a forked process do nothing.

        Args:
            sig: the signal to stop it with; None for an immediate shutdown.
            exp_sig: has no meaning here, where every exit status will do.

        Returns:
            The stopped server.

        Raises:
            ServerError: something could not be removed; the message says where it is.
        """
        if os.getpid() != self._owner or self._guardian is None:
            return self
        guardian, process = self._guardian, self.process
        if process is not None:
            process.send_signal(sig if sig is not None else _immediate_shutdown())
            with suppress(subprocess.TimeoutExpired):  # the guardian has stronger means
                process.wait(_STOP_SECONDS)
            if process.returncode is not None:
                for folder in guardian.folders:
                    shutil.rmtree(folder, ignore_errors=True)
        if not any(map(os.path.lexists, guardian.folders)):
            guardian.dismiss()
        elif not guardian.clean_up():
            left = ", ".join(map(str, guardian.folders))
            raise ServerError(
                f"PostgreSQL {self.version} could not be stopped or removed. Remove it yourself: {left}"
            )
        if process is not None:
            process.wait()
        self._guardian = self.process = None
        atexit.unregister(self.stop)
        return self

    def kill(self, wait: bool = True, sig: int | None = None) -> Server:
        """Do what :meth:`stop` does: nothing of a killed server is worth keeping.

        Args:
            wait: has no meaning here; its end is always waited for.
            sig: has no meaning here.

        Returns:
            The stopped server.
        """
        return self.stop()

    def clean_directory(self) -> None:
        """Do what :meth:`stop` does."""
        self.stop()

    def __del__(self) -> None:
        # atexit holds what has started, and stops it; the base class would do it in forked processes, too.
        return


def _immediate_shutdown() -> int:
    return int(getattr(signal, "SIGQUIT", signal.SIGTERM))


def _free_port() -> int:
    """A TCP port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])


def start_server(installation: Installation, settings: ServerSettings = _NOTHING_GIVEN) -> Server:
    """Start a throwaway server.

    Args:
        installation: the programs to run, as :func:`pytest_supaseed.binaries.find` finds them.
        settings: what the user gave to pytest-postgresql's options.

    Returns:
        The server, which accepts connections. :meth:`Server.stop` removes it, and so does the end of this
        process, whichever way it comes.

    Raises:
        ServerError: it could not be started.

    Example:
        >>> with start_server(find("embedded")) as server:  # doctest: +SKIP
        ...     server.user, server.dbname
        ('postgres', 'tests')
    """
    return Server(installation, settings).start()
