"""The throwaway server: its process, from the creation of its files to their removal, and the user's options for it.

:class:`Server`, a pytest-postgresql executor, combines :class:`ServerSettings`, the folders, the cluster and its
process; :func:`start_server` starts one for one process. :class:`ServerProcess` runs initdb and the postmaster;
whichever of its methods fails, nothing stays behind. :func:`start_again`, :func:`halt_of_another` and
:func:`remove_of_another` restart, stop and remove a server of any process.
"""

from __future__ import annotations

import atexit
import os
import shlex
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_supaseed import clock
from pytest_supaseed.errors import ConfigError, ServerError
from pytest_supaseed.libpq import Environment
from pytest_supaseed.postgres.server import programs
from pytest_supaseed.postgres.server.account import (
    Account,
    folder_problem,
    hand_over,
    make,
    new_folder,
    server_account,
    temporary_folders,
)
from pytest_supaseed.postgres.server.archive import ClusterArchive, DamagedArchiveError
from pytest_supaseed.postgres.server.cluster import Cluster, Initialisation, Proof
from pytest_supaseed.postgres.server.programs import Installation
from pytest_supaseed.postgres.server.space import OVERFLOWING, SHARED_MEMORY, Room
from pytest_supaseed.postgres.server.watchdog import (
    FAST_SHUTDOWN,
    IMMEDIATE_SHUTDOWN,
    KILL,
    ServerWatchdog,
    SharedFolders,
    is_locked,
    remove,
    remove_segments,
    servers,
    signal_server,
)
from pytest_supaseed.postgres.wire.authentication import scram_verifier
from pytest_supaseed.rng import token
from pytest_supaseed.wording import printable

_STOP_SECONDS = 10.0
# The time for the children of a killed postmaster to notice its end.
_ORPHAN_SECONDS = 5.0
_SIGNAL_SECONDS = 0.25
_POLL_SECONDS = 0.002


class ServerProcess:
    """A throwaway server's process.

    Args:
        installation: the programs to run.
        cluster: its data and configuration.
        programs_folder: where the programs are copied to; None where they can be run in place.
        shared: the folders by which other processes know the server.
        overflow: the folder on disk for databases that do not fit into memory; None for none.

    Attributes:
        cluster: its data and configuration.
        folders: removed in the end.
        command: its command line.
        process: the postmaster; None before and after.
    """

    def __init__(
        self,
        installation: Installation,
        cluster: Cluster,
        programs_folder: Path | None,
        shared: SharedFolders,
        overflow: Path | None = None,
    ) -> None:
        self.cluster = cluster
        folders = (cluster.folder, programs_folder, overflow)
        self.folders = tuple(folder for folder in folders if folder is not None)
        self.command: list[str] = []
        self.process: subprocess.Popen[bytes] | None = None
        self._installation = installation
        self._programs_folder = programs_folder
        self._shared = shared
        self._overflow = overflow
        # A forked process has a copy of this object, and must leave the server alone.
        self._owner = os.getpid()
        self._watchdog: ServerWatchdog | None = None
        self._initialisation: Initialisation | None = None

    @property
    def initialising(self) -> bool:
        """Whether initdb is running."""
        return self._initialisation is not None

    @property
    def owned(self) -> bool:
        """Whether this process has begun the server, and is not a forked copy of the one that has."""
        return os.getpid() == self._owner and self._watchdog is not None

    def begin(self, archive: ClusterArchive | None = None) -> None:
        """Start the server from an archive, or begin with initdb, which runs in the background.

        Args:
            archive: an archived cluster, replaced by initdb if it is damaged; None for a new cluster.

        Raises:
            ServerError: it cannot be started. Nothing stays behind.
        """
        if self._shared.rendezvous is None:
            # For a shared server, the watchdog waits for the last of its users.
            atexit.register(self.stop)
        with self._or_nothing():
            # The watchdog comes first: from here on it cleans up, whatever happens to this process.
            self._watchdog = ServerWatchdog(self.folders, self._shared)
            make(self.folders, self.cluster.account)
            self.cluster.make_folders()
            if self._overflow is not None:
                databases = self._overflow / OVERFLOWING
                databases.mkdir(mode=0o700)
                hand_over(databases, self.cluster.account)
            if self._programs_folder is not None:
                self._installation = programs.move(
                    self._installation, self._programs_folder, self.cluster.account
                )
            self._fill(archive)

    def _fill(self, archive: ClusterArchive | None) -> None:
        if archive is not None and self._extracted(archive):
            self.run()
        else:
            self._initialisation = self.cluster.initialise(self._installation)

    def _extracted(self, archive: ClusterArchive) -> bool:
        folder = self.cluster.datadir
        try:
            folder.mkdir(mode=0o700)
            # Templates are extracted when they are needed.
            later = tuple(f"base/{oid}/" for oid in archive.templates)
            archive.extract(folder, self.cluster.account, wanted=lambda path: not path.startswith(later))
            hand_over(folder, self.cluster.account)
        except (DamagedArchiveError, OSError):
            # initdb will report an error of the disk.
            remove(folder)
            return False
        return True

    def begin_again(self, archive: ClusterArchive | None) -> None:
        """Replace the cluster.

        Args:
            archive: an archived cluster; None for a new one.

        Raises:
            ServerError: it cannot be started. Nothing stays behind.
        """
        with self._or_nothing():
            if not self._halt(IMMEDIATE_SHUTDOWN):
                what = f"the server in its place did not stop within {_STOP_SECONDS:.0f} seconds"
                raise self.cluster.failure(self._installation, what)
            # Before the lock file goes, which tells the segment of a server that was killed while it started.
            remove_segments([self.cluster.folder])
            remove(self.cluster.datadir)
            self._fill(archive)

    def initialised(self) -> bool:
        """Wait for initdb.

        Returns:
            Whether it has created the cluster; False where the cluster came from an archive.

        Raises:
            ServerError: it failed. Nothing stays behind.
        """
        if self._initialisation is None:
            return False
        with self._or_nothing():
            self.cluster.initialised(self._installation, self._initialisation)
        self._initialisation = None
        return True

    def run(self) -> None:
        """Run the server; :meth:`ready` waits for it.

        Raises:
            ServerError: it cannot be run. Nothing stays behind.
        """
        with self._or_nothing():
            self.cluster.configure(self._installation.major)
            self.command = self.cluster.command(self._installation)
            self.process = programs.run(
                self.command, self.cluster.folder, self.cluster.log, self.cluster.account
            )

    def comes_up(self) -> bool:
        """Wait until the server accepts connections or has ended.

        Returns:
            Whether it accepts connections; if not, :meth:`begin_again` tries another cluster.

        Raises:
            ServerError: a file of the cluster cannot be read safely. Nothing stays behind.
        """
        with self._or_nothing():
            assert self.process is not None  # noqa: S101 for the type checker
            try:
                self.cluster.wait_until_ready(self._installation, self.process)
            except ServerError:
                return False
            return True

    def ready(self) -> int:
        """Wait until the server accepts connections, and return its port.

        Raises:
            ServerError: it did not start. Nothing stays behind.
        """
        with self._or_nothing():
            assert self.process is not None  # noqa: S101 for the type checker
            return self.cluster.wait_until_ready(self._installation, self.process)

    @contextmanager
    def _or_nothing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            failure = self.cluster.failure(self._installation, str(error))
            self.stop()
            raise failure from error
        except BaseException:
            self.stop()
            raise

    def stop(self, sig: int | None = None) -> None:
        """Stop the server and remove everything that it has written; in a forked process do nothing.

        Args:
            sig: the signal to stop it with; None for an immediate shutdown.

        Raises:
            ServerError: something could not be removed; the message says where it is.
        """
        if not self.owned or self._watchdog is None:
            return
        watchdog, process = self._watchdog, self.process
        halted = self._halt(sig if sig is not None else IMMEDIATE_SHUTDOWN)
        if halted:
            _remove_stopped(watchdog.folders)
        if not any(map(os.path.lexists, watchdog.folders)):
            watchdog.dismiss()
        elif not watchdog.clean_up():
            left = ", ".join(map(str, watchdog.folders))
            raise ServerError(
                f"PostgreSQL {self._installation.version} could not be stopped or removed. Remove it yourself: {left}"
            )
        if process is not None:
            process.wait()
        self._forget()

    def shut_down(self) -> bool:
        """Shut the server down cleanly and keep its data; return whether it stopped in time."""
        return self._halt(FAST_SHUTDOWN)

    def _halt(self, sig: int) -> bool:
        if self._initialisation is not None:
            self._initialisation.end()
            self._initialisation = None
        process = self.process
        if process is None:
            return True
        if process.poll() is not None and self._shared.rendezvous is not None:
            # The postmaster was killed, and another process may have restarted it.
            return halt_of_another(self.folders, sig)
        until = clock.monotonic() + _STOP_SECONDS
        while process.returncode is None and clock.monotonic() < until:
            # Repeated: started in the background of a shell, postgres ignores signals until it has set its
            # own handlers.
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    signal_server(process.pid, sig)
            # After a timeout, the watchdog kills the processes.
            clock.wait_for(process, _SIGNAL_SECONDS)
        return process.returncode is not None

    def run_again(self) -> None:
        """Restart the server, which was killed, on its data; :meth:`ready` waits for it.

        Raises:
            OSError: it cannot be executed.
            ServerError: processes of the killed one still work on its data.
        """
        self.process = start_again(self.cluster, self.command, self.folders)

    def leave(self) -> None:
        """Leave the server to the other processes that use it: the last of them, or a watchdog, stops it."""
        if self._watchdog is None or self.process is None:
            return
        if not self._watchdog.running:
            # It was killed, and a server that databases are kept on would have none.
            self._watchdog = ServerWatchdog(self.folders, self._shared)
        self._watchdog.leave()
        # Popen would warn of a running child: this process ends before it and cannot reap it.
        self.process.returncode = 0
        self._forget()

    def _forget(self) -> None:
        self._watchdog = self.process = self._initialisation = None
        atexit.unregister(self.stop)


def start_again(cluster: Cluster, command: Sequence[str], folders: Sequence[Path]) -> subprocess.Popen[bytes]:
    """Restart a server whose postmaster was killed; PostgreSQL recovers from its WAL.

    Although nothing was synced, what PostgreSQL has handed to the system outlives its processes. The
    transactions of at most the last half second, which were not handed over, may be lost. No existing
    database depends on them, as CREATE DATABASE waits until its WAL is handed over.

    Raises:
        OSError: the command cannot be executed.
        ServerError: processes of the killed server still work on its data.
    """
    # Backends notice the postmaster's end late, and until then no other server may use the data folder.
    if not halt_of_another(folders, IMMEDIATE_SHUTDOWN, _ORPHAN_SECONDS) and not halt_of_another(
        folders, KILL, _ORPHAN_SECONDS
    ):
        raise ServerError("processes of the server that was killed still work on its data")
    # The segment must go before the lock file, which identifies it; a server that fails to start removes no
    # segment.
    remove_segments(folders)
    cluster.unlock()
    return programs.run(command, cluster.folder, cluster.log, cluster.account)


def halt_of_another(
    folders: Sequence[Path], sig: int = FAST_SHUTDOWN, seconds: float = _STOP_SECONDS
) -> bool:
    """Stop a server that any process has started.

    Args:
        folders: of that server.
        sig: the signal to stop it with; the default shuts it down cleanly.
        seconds: the time limit.

    Returns:
        Whether it stopped in time.
    """
    names = [str(folder) for folder in folders]
    for pid in servers(names):
        with suppress(ProcessLookupError):
            signal_server(pid, sig)
    until = clock.monotonic() + seconds
    while servers(names):
        if clock.monotonic() > until:
            return False
        clock.sleep(_POLL_SECONDS)
    return True


def remove_of_another(folders: Sequence[Path]) -> None:
    """Stop a server that any process has started, and remove everything that it has written.

    Args:
        folders: of that server, and the rendezvous folder of its users.

    Raises:
        ServerError: something could not be removed; the message says where it is.
    """
    if halt_of_another(folders, IMMEDIATE_SHUTDOWN):
        _remove_stopped(folders)
    if any(map(os.path.lexists, folders)):
        ServerWatchdog(folders).clean_up()
    left = [str(folder) for folder in folders if os.path.lexists(folder)]
    if left:
        raise ServerError(
            f"PostgreSQL could not be stopped or removed. Remove it yourself: {', '.join(left)}"
        )


def _remove_stopped(folders: Sequence[Path]) -> None:
    """Remove the folders of a server that has stopped; those of a killed one stay for the watchdog program.

    Only that program also removes its shared memory, and what is left of its processes.
    """
    if not any(map(is_locked, folders)):
        for folder in folders:
            remove(folder)


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
        stays_up: ``supaseed_keep``: whether the server may stay up after the session, and is on disk.
        keep_folder: ``supaseed_keep_folder``: the folder for such a server; None for one for temporary files.
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
    stays_up: bool = False
    keep_folder: Path | None = None

    @property
    def tcp(self) -> bool:
        """Whether clients connect through TCP: by an option, or for lack of Unix sockets."""
        return self.loopback or self.host is not None or self.port is not None or os.name == "nt"

    @property
    def secret(self) -> bool:
        """Whether the password is drawn, and the server listens on the loopback address only."""
        return not self.password and self.host is None and self.port is None


try:
    from pytest_postgresql.executors import PostgreSQLExecutor
except ModuleNotFoundError:  # its module's name before pytest-postgresql 9
    from pytest_postgresql.executor import PostgreSQLExecutor  # type: ignore[import-not-found,no-redef]


_LOOPBACK = "127.0.0.1"
# In a socket folder of the server's own, every port is free.
_SOCKET_PORT = 5432
# 4096 iterations slow down guesses of a password that a person has chosen, and each connection by 2 to 5 ms.
_ITERATIONS = 1
# Whether the initial databases exist, in the catalog and as folders, and the current role is a superuser.
_WHOLE = """
SELECT count(*) = 3 AND bool_and(EXISTS (SELECT FROM pg_ls_dir('base') name WHERE name = oid::text))
  AND (SELECT rolsuper FROM pg_authid WHERE rolname = current_user)
FROM pg_database WHERE datname IN ('postgres', 'template0', 'template1')
"""
_DEFAULT_SETTINGS = ServerSettings()
_ALONE = SharedFolders()


class Server(PostgreSQLExecutor):
    """A throwaway PostgreSQL server, which is removed with its data at the end of the session.

    Args:
        installation: the programs to run.
        settings: the user's options.
        shared: the folders by which other processes know the server.
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
        shared: SharedFolders = _ALONE,
        seeds: int = 0,
    ) -> None:
        self.installation = installation
        account = server_account()
        own_socket = not settings.tcp and settings.unixsocketdir is None
        bases = _bases(settings, account) if settings.stays_up else None
        self.folder = new_folder(account, sockets=os.name != "nt", seeds=seeds, bases=bases)
        overflow = _overflow(account) if self.folder.parent == SHARED_MEMORY else None
        self.room = Room.measured(self.folder, overflow and overflow / OVERFLOWING, seeds)
        moved = new_folder(account, programs=True) if programs.must_move(installation, account) else None
        password = settings.password or (token(24) if settings.tcp else None)
        self._cluster = Cluster(
            folder=self.folder,
            account=account,
            user=settings.user or "postgres",
            password=password,
            password_drawn=settings.secret,
            listen_address=(settings.host or _LOOPBACK) if settings.tcp else "",
            address_chosen=settings.host is not None or settings.port is not None,
            socket_folder=settings.unixsocketdir or "",
            port=settings.port or (_SOCKET_PORT if own_socket else _free_port()),
            postgres_options=settings.postgres_options or "",
            settings=self.room.settings(),
        )
        sockets = settings.unixsocketdir or ("" if settings.tcp else str(self._cluster.own_sockets))
        self.lifecycle = ServerProcess(installation, self._cluster, moved, shared, overflow)
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
            self.proof.require(connection)

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
                # With a verifier, the password itself is in no statement and no log.
                if self._cluster.password_drawn:
                    verifier = scram_verifier(password, _ITERATIONS)
                else:
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
        return new_folder(account, bases=temporary_folders())
    except ServerError:
        # The server works without the additional space.
        return None


def _bases(settings: ServerSettings, account: Account | None) -> list[Path]:
    """The folders to choose from for a server that may stay up.

    Raises:
        ConfigError: the folder that the user has chosen cannot be used.
    """
    folder = settings.keep_folder
    if folder is None:
        return list(temporary_folders())
    problem = folder_problem(folder, account, sockets=os.name != "nt")
    if problem is not None:
        raise ConfigError(
            f"supaseed_keep_folder is {printable(str(folder))}: {problem}: choose another folder, or leave "
            "it out for one below TMPDIR"
        )
    return [folder]


def _free_port() -> int:
    """An unused TCP port."""
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])


def start_server(installation: Installation, settings: ServerSettings = _DEFAULT_SETTINGS) -> Server:
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
