"""The throwaway server as a pytest-postgresql executor, and the user's options for it.

:func:`start_server` starts a server for one process; :class:`Server` combines :class:`ServerSettings`, the
folders, the cluster and its process.
"""

from __future__ import annotations

import os
import shlex
import socket
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_supaseed.errors import ServerError
from pytest_supaseed.libpq import Environment
from pytest_supaseed.postgres.server import programs
from pytest_supaseed.postgres.server.account import Account, new_folder, server_account
from pytest_supaseed.postgres.server.cluster import Cluster
from pytest_supaseed.postgres.server.process import ServerProcess
from pytest_supaseed.postgres.server.programs import Installation
from pytest_supaseed.postgres.server.proof import Proof
from pytest_supaseed.postgres.server.space import OVERFLOWING, SHARED_MEMORY, Room
from pytest_supaseed.rng import token


@dataclass(frozen=True)
class ServerSettings:
    """The options of pytest-postgresql and of this package; None for those that were not given.

    Attributes:
        user: the superuser.
        password: of the superuser.
        dbname: the name of the tests' database.
        options: libpq's ``options`` for the clients' connections.
        host: the address to listen on; without it and `port` the server has a Unix socket instead.
        port: the port to listen on.
        unixsocketdir: the folder for the Unix socket.
        postgres_options: additional words for the command line of ``postgres``.
        loopback: ``supaseed_tcp``: whether the server listens on the loopback address besides its Unix
            socket.
    """

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    dbname: str | None = None
    options: str | None = None
    host: str | None = None
    port: int | None = None
    unixsocketdir: str | None = None
    postgres_options: str | None = None
    loopback: bool = False

    @property
    def tcp(self) -> bool:
        """Whether clients connect through TCP: by an option, or for lack of Unix sockets."""
        return self.loopback or self.host is not None or self.port is not None or os.name == "nt"


try:
    from pytest_postgresql.executors import PostgreSQLExecutor
except ModuleNotFoundError:  # its module's name before pytest-postgresql 9
    from pytest_postgresql.executor import PostgreSQLExecutor  # type: ignore[import-not-found,no-redef]


_LOOPBACK = "127.0.0.1"
# In a socket folder of the server's own, every port is free.
_SOCKET_PORT = 5432
# Whether the initial databases exist, in the catalog and as folders, and the current role is a superuser.
_WHOLE = """
SELECT count(*) = 3 AND bool_and(EXISTS (SELECT FROM pg_ls_dir('base') name WHERE name = oid::text))
  AND (SELECT rolsuper FROM pg_authid WHERE rolname = current_user)
FROM pg_database WHERE datname IN ('postgres', 'template0', 'template1')
"""
_NOTHING_GIVEN = ServerSettings()


class Server(PostgreSQLExecutor):
    """A throwaway PostgreSQL server, which is removed with its data at the end of the session.

    Args:
        installation: the programs to run.
        settings: the user's options.
        meeting: the rendezvous folder of the processes that share the server; None for a server of one
            process.
        seeds: how many different seeds it will hold.

    Attributes:
        installation: the programs, where they were found.
        lifecycle: its process.
        folder: holds its data, log and socket; only the current user and the server's can enter it.
        room: the memory and disk space that it may take.

    Raises:
        ServerError: there is no folder for it, or no user to run it as.
    """

    # Narrower types than in the base class.
    host: str
    port: int
    user: str
    password: str | None
    dbname: str
    options: str

    def __init__(
        self,
        installation: Installation,
        settings: ServerSettings,
        meeting: Path | None = None,
        seeds: int = 0,
    ) -> None:
        self.installation = installation
        account = server_account()
        own_socket = not settings.tcp and settings.unixsocketdir is None
        self.folder = new_folder(account, sockets=os.name != "nt", seeds=seeds)
        overflow = _overflow(account) if self.folder.parent == SHARED_MEMORY else None
        self.room = Room.measured(self.folder, overflow and overflow / OVERFLOWING, seeds)
        moved = new_folder(account, programs=True) if programs.must_move(installation, account) else None
        password = settings.password or (token(24) if settings.tcp else None)
        self._cluster = Cluster(
            folder=self.folder,
            account=account,
            user=settings.user or "postgres",
            password=password,
            listen_address=(settings.host or _LOOPBACK) if settings.tcp else "",
            address_chosen=settings.host is not None or settings.port is not None,
            socket_folder=settings.unixsocketdir or "",
            port=settings.port or (_SOCKET_PORT if own_socket else _free_port()),
            postgres_options=settings.postgres_options or "",
            settings=self.room.settings(),
        )
        sockets = settings.unixsocketdir or ("" if settings.tcp else str(self._cluster.own_sockets))
        self.lifecycle = ServerProcess(installation, self._cluster, moved, meeting, overflow)
        super().__init__(
            # The base class makes an unused command of these, which not every path survives.
            executable="pg_ctl",
            datadir="",
            unixsocketdir="",
            logfile="",
            startparams="",
            host=self._cluster.listen_address or sockets,
            port=self._cluster.port,
            user=self._cluster.user,
            password=password or "",
            dbname=settings.dbname or "tests",
            options=settings.options or "",
        )
        self.password = password
        self.executable = str(installation.bin / "pg_ctl")
        self.datadir = str(self._cluster.datadir)
        self.unixsocketdir = sockets
        self.logfile = str(self._cluster.log)
        self.postgres_options = self._cluster.postgres_options

    @property
    def version(self) -> str:
        """PostgreSQL's version, such as ``"18.6"``."""
        return self.installation.version

    @property
    def template_dbname(self) -> str:
        """The database with the loaded schema, which the tests' databases are clones of."""
        return f"{self.dbname}_tmpl"

    @property
    def maintenance_dbname(self) -> str:
        """The database to connect to in order to create and drop others."""
        return "postgres"

    def start(self) -> Server:
        """Create and start the server, unless it is running, and return it once it accepts connections.

        Raises:
            ServerError: it did not start, with the end of its log in the message; or another server answers
                in its place. Nothing stays behind.
        """
        if self.process is None:
            self.lifecycle.begin()
            self.lifecycle.initialised()
            self.lifecycle.run()
            self.ready()
            try:
                self._prove()
            except BaseException:
                self.stop()
                raise
        return self

    @property
    def proof(self) -> Proof:
        """The identity check of this server."""
        return self._cluster.proof

    def _prove(self) -> None:
        """Check that connections to this server's address reach it and no other server."""
        # Imported late: importing SQLAlchemy takes as long as the server takes to start.
        import psycopg2

        from pytest_supaseed.connecting import connect
        from pytest_supaseed.postgres.server.external import fixture_url

        try:
            connection = connect(fixture_url(self), Environment.NONE)
        except psycopg2.Error as error:
            raise ServerError(
                f"PostgreSQL {self.version} was started, and cannot be connected to: {str(error).strip()}"
            ) from error
        with closing(connection):
            connection.autocommit = True
            self.proof.demand(connection)

    def ready(self) -> None:
        """Wait until the server, which runs, accepts connections; then set its password and its attributes.

        Raises:
            ServerError: it did not start. Nothing stays behind.
        """
        self.port = self.lifecycle.ready()
        sockets = self._cluster.socket_in_use()
        if not self._cluster.listen_address and sockets not in ("", str(self._cluster.own_sockets)):
            # The user's postgres_options have changed the socket folder.
            self.host = self.unixsocketdir = sockets
        self._set_password()
        self.process = self.lifecycle.process
        self.command, self.command_parts = shlex.join(self.lifecycle.command), self.lifecycle.command

    def _set_password(self) -> None:
        """Set the superuser's password for TCP through the Unix socket: an archived cluster has none."""
        sockets, password = self._cluster.socket_in_use(), self.password
        if not sockets or not password:
            return
        import psycopg2
        from psycopg2 import extensions, sql

        try:
            connection = self._connect(sockets, self.port)
            try:
                # With a verifier made by libpq, the password itself is in no statement and no log.
                verifier = extensions.encrypt_password(password, self.user, connection, "scram-sha-256")
                with connection, connection.cursor() as cursor:
                    statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
                    cursor.execute(statement.format(sql.Identifier(self.user), sql.Literal(verifier)))
            finally:
                connection.close()
        except psycopg2.Error as error:
            failure = self._cluster.failure(self.installation, f"its password could not be set: {error}")
            self.stop()
            raise failure from error

    def _connect(self, sockets: str, port: int) -> Any:
        import psycopg2

        # Empty values keep libpq from reading files, and no environment variable counts.
        with Environment.NONE.absent():
            return psycopg2.connect(
                host=sockets, port=port, user=self.user, password="", dbname="postgres",
                hostaddr="", options="", passfile="", sslmode="disable", client_encoding="UTF8",
            )  # fmt: skip

    def is_whole(self) -> bool:
        """Whether the server, which accepts connections, has the initial databases and a superuser.

        False after a start from an archive that is incomplete although its checksums are right.
        """
        sockets, port = self._cluster.socket_in_use(), self._cluster.ready_port()
        if not sockets or port is None:
            return True  # no socket, and no password for TCP yet
        import psycopg2

        try:
            with closing(self._connect(sockets, port)) as connection, connection.cursor() as cursor:
                cursor.execute(_WHOLE)
                return bool(cursor.fetchall() == [(True,)])
        except psycopg2.Error:
            return False

    def pre_start_check(self) -> bool:
        """Whether the server accepts connections already."""
        return self.after_start_check()

    def after_start_check(self) -> bool:
        """Whether the server accepts connections."""
        return self._cluster.ready_port() is not None

    def running(self) -> bool:
        """Whether the server's process is running."""
        if not self.lifecycle.owned:
            return self.after_start_check()  # only the parent can poll a process
        return self.process is not None and self.process.poll() is None

    def stop(self, sig: int | None = None, exp_sig: int | None = None) -> Server:
        """Stop the server and remove everything that it has written; in a forked process do nothing.

        Args:
            sig: the signal to stop it with; None for an immediate shutdown.
            exp_sig: unused: any exit status is accepted.

        Returns:
            This server.

        Raises:
            ServerError: something could not be removed; the message says where it is.
        """
        self.lifecycle.stop(sig)
        self.process = self.lifecycle.process
        return self

    def kill(self, wait: bool = True, sig: int | None = None) -> Server:
        """Do what :meth:`stop` does: nothing of a killed server is worth keeping.

        Args:
            wait: unused: the end is always waited for.
            sig: unused.

        Returns:
            This server.
        """
        return self.stop()

    def clean_directory(self) -> None:
        """Do what :meth:`stop` does."""
        self.stop()

    def __del__(self) -> None:
        # atexit stops a started server; the base class would also stop it in forked processes.
        return


def _overflow(account: Account | None) -> Path | None:
    """The path of a folder on disk for databases that do not fit into memory; None where there is no such folder."""
    try:
        return new_folder(account, in_memory=False)
    except ServerError:
        # The server works without the additional space.
        return None


def _free_port() -> int:
    """An unused TCP port."""
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])


def start_server(installation: Installation, settings: ServerSettings = _NOTHING_GIVEN) -> Server:
    """Start a throwaway server of one process.

    Args:
        installation: the programs to run, from :func:`pytest_supaseed.postgres.server.programs.find`.
        settings: the user's options.

    Returns:
        The server, which accepts connections. :meth:`Server.stop` removes it, and so does the end of this
        process, however it ends.

    Raises:
        ServerError: it could not be started.

    Example:
        >>> with start_server(find("embedded")) as server:  # doctest: +SKIP
        ...     server.user, server.dbname
        ('postgres', 'tests')
    """
    return Server(installation, settings).start()
