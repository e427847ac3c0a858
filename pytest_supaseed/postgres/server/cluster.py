"""A database cluster: created by initdb, served by postgres.

:class:`Cluster`, the place to begin reading, is what both need to know. It creates the data folder, writes the
configuration, builds the server's command line, watches postmaster.pid for readiness, and makes the error of a failed
start. :func:`initdb_commands` and :class:`Initialisation` run initdb; :func:`configuration_file` and
:func:`host_based_authentication` return postgresql.conf and pg_hba.conf, and :func:`steering` finds options of the
user's that would bypass them.

A secret in the configuration, a custom setting, identifies the server: before anything is created on a server that
answers, :meth:`Proof.require` reads the secret back.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from pytest_supaseed import clock, filesystem
from pytest_supaseed.errors import NoRoomError, ServerError
from pytest_supaseed.filesystem import opened_folder, read_file
from pytest_supaseed.notation import notation
from pytest_supaseed.postgres.server import programs, space
from pytest_supaseed.postgres.server.account import SOCKETS, Account, check_known, hand_over
from pytest_supaseed.postgres.server.programs import Installation
from pytest_supaseed.postgres.server.watchdog import DATA
from pytest_supaseed.rng import token

# The same collation on every machine; the later ones are for systems that lack the earlier.
_LOCALES = (["--locale=C.UTF-8"], ["--locale=C", "--lc-ctype=en_US.UTF-8"], ["--locale=C"])
_INITDB_SECONDS = 120.0
_PATIENCE_SECONDS = 5.0
# Settings that initdb determines from the machine or the locale, with values that need no escapes.
_FOUND_OUT = re.compile(
    r"^(shared_buffers|autovacuum_worker_slots|lc_messages|lc_monetary|lc_numeric|lc_time)"
    r"[ \t]*=[ \t]*'?([A-Za-z0-9_.@+-]+)'?(?=[ \t]|$)",
    re.MULTILINE,
)
_MOST_FILE_BYTES = 1 << 20
# The options of postgres that take a value, as in its getopt() string.
_WITH_VALUE = frozenset("BCcDdfhklNprStW-")
# Options and settings that change the data folder or the configuration, or print a setting instead of
# serving.
_STEERING_OPTIONS = frozenset("CD")
_STEERING_SETTINGS = frozenset(("data_directory", "config_file"))
_OURS = "supaseed."
# What initdb would write, fixed to be the same on every machine.
_SETTINGS_OF_INITDB = {
    "datestyle": "iso, mdy",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "default_text_search_config": "pg_catalog.english",
    # 64 WAL segments, which have 1 MB here.
    "max_wal_size": "64MB",
}
# Durability is of no use to throwaway data.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Recycled WAL segments would only take memory.
    "min_wal_size": "2MB",
    # Enough for all workers of a run and the connection pools of the tested code.
    "max_connections": "400",
    "autovacuum": "off",
    # JIT compilation takes longer than any query of a test.
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "logging_collector": "off",
    "log_destination": "stderr",
    # Other users must not use a socket in a folder of the user's choice.
    "unix_socket_permissions": "0700",
    # Where huge pages are offered but fail on access, as in some containers, the server crashes.
    "huge_pages": "off",
}


def initdb_commands(
    installation: Installation,
    datadir: str,
    *,
    user: str,
    authentication: str,
    password_file: Path | None = None,
) -> Iterator[list[str]]:
    """Yield initdb command lines, each with a fallback locale for a system that lacks the previous one's.

    Args:
        installation: the programs.
        datadir: the data folder, empty or not yet there.
        user: the superuser.
        authentication: the method for all connections, such as ``"trust"``.
        password_file: holds the superuser's password; None for no password.

    Example:
        >>> next(initdb_commands(find(), "/data", user="me", authentication="trust"))  # doctest: +SKIP
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
        command.append("--no-data-checksums")  # on by default since version 18
    for locale in _LOCALES:
        yield command + locale


class Initialisation:
    """A running initdb.

    Args:
        commands: from :func:`initdb_commands`.
        run: starts a command.
        unknown_locale: whether the command that has just failed did so for lack of its locale.

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
        """Wait for the end of initdb, trying the other locales if needed, and return the exit status.

        Raises:
            OSError: it cannot be run, or exceeds the time limit.
        """
        try:
            while (status := clock.wait_for(self._process, _INITDB_SECONDS)) != 0:
                if status is None:
                    raise TimeoutError(f"initdb has not ended within {_INITDB_SECONDS:.0f} seconds")
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
        """Wait a little for initdb to end, then kill it."""
        # A killed initdb leaves shared memory of its child processes behind.
        if clock.wait_for(self._process, _PATIENCE_SECONDS) is None:
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()


def found_out(datadir: Path, owner: int | None) -> dict[str, str]:
    """Return the settings that initdb has determined for this machine, from postgresql.conf in the data folder.

    The rest of that file, which may come from an archived cluster, is not used.

    Args:
        datadir: the data folder.
        owner: the user ID of its owner.

    Returns:
        Settings; none where the file is not as initdb writes it.
    """
    name = "postgresql.conf"
    try:
        with opened_folder(datadir, owner=owner) as folder:
            path = name if folder is not None else datadir / name
            content = read_file(path, _MOST_FILE_BYTES, owner=owner, folder=folder)
    except OSError:
        return {}
    return dict(_FOUND_OUT.findall(content.decode("utf-8", "replace")))


def configuration_file(major: int, settings: Mapping[str, str]) -> str:
    """Return the complete configuration file of a server.

    The settings are not on the command line, so that the user's command line and ``ALTER SYSTEM`` take
    precedence.

    Args:
        major: PostgreSQL's major version.
        settings: those that differ between servers.

    Example:
        >>> configuration_file(18, {"port": "5432"}).splitlines()[-1]
        "port = '5432'"
    """
    everything = {**_SETTINGS_OF_INITDB, **_SETTINGS}
    if os.name != "nt":
        # Other types leave segments in /dev/shm when a server is killed.
        everything["dynamic_shared_memory_type"] = "mmap"
    if major >= 18:
        everything["io_method"] = "sync"  # starts no worker processes
    return "".join(f"{name} = {_quoted(value)}\n" for name, value in {**everything, **settings}.items())


def steering(options: Iterable[str]) -> Iterator[str]:
    """Yield the options of a ``postgres`` command line that would change the data folder or the configuration.

    Example:
        >>> list(steering(["-F", "-c", "work_mem=1MB", "-c", "Config-File=/etc/x", "-eD/data", "--supaseed.launch=1"]))
        ['Config-File=/etc/x', '-eD/data', '--supaseed.launch=1']
    """
    words = iter(options)
    for word in words:
        if not word.startswith("-") or word in ("-", "--"):
            continue
        letters = word[1:]
        place = next((number for number, letter in enumerate(letters) if letter in _WITH_VALUE), None)
        if place is None:
            continue
        letter, value, whole = letters[place], letters[place + 1 :], word
        if not value:
            value = next(words, "")
            whole = f"{word} {value}" if letter in _STEERING_OPTIONS else value
        name = value.partition("=")[0].strip().lower().replace("-", "_")
        if letter in _STEERING_OPTIONS or (
            letter in "c-" and (name in _STEERING_SETTINGS or name.startswith(_OURS))
        ):
            yield whole


def host_based_authentication(listen_address: str, *, chosen: bool, drawn: bool = False) -> str:
    """Return the content of ``pg_hba.conf``.

    A Unix socket is trusted: its folder and mode already restrict who can open it. TCP connections are
    rejected, whatever the server listens on, unless a setting of this package asks for them; then they need
    the password, which is sent as it is where it was drawn for this server and cannot leave the machine.

    Args:
        listen_address: the address asked for; empty for none.
        chosen: whether the user has chosen the address.
        drawn: whether the password was drawn for this server alone, and the address was not chosen.

    Example:
        >>> host_based_authentication("", chosen=False).splitlines()[-1]
        'host all all all reject'
    """
    lines = ["local all all trust", "local replication all trust"]
    if listen_address:
        # The chosen address may be that of a container's network, which is no loopback address.
        networks = ("127.0.0.1/32", "samehost") if chosen or os.name == "nt" else ("127.0.0.1/32",)
        # What was drawn for this server is of no use to others, and only root can read along on the loopback interface.
        # asyncpg takes 5 ms to derive SCRAM's keys, and pgjdbc refuses SCRAM with fewer iterations than 4096.
        method = "password" if drawn and os.name != "nt" else "scram-sha-256"
        for network in networks:
            lines += [f"host {name} all {network} {method}" for name in ("all", "replication")]
    lines += ["host replication all all reject", "host all all all reject"]
    if os.name == "nt":
        del lines[:2]
    return "".join(f"{line}\n" for line in lines)


def quoted_folders(folders: Iterable[Path | str]) -> str:
    """Return folders as a value of ``unix_socket_directories``, quoted for names with commas.

    Example:
        >>> quoted_folders(["/tmp/a, b", "/run"])
        '"/tmp/a, b", "/run"'
    """
    return ", ".join('"' + str(folder).replace('"', '""') + '"' for folder in folders)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n") + "'"


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
        password_drawn: whether the password was drawn for this server, and neither it nor the address was given.
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
    password_drawn: bool = False

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

    def initialise(self, installation: Installation) -> Initialisation:
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
        commands = initdb_commands(
            installation,
            str(self.datadir),
            user=self.user,
            password_file=password_file,
            authentication="scram-sha-256" if password_file else "trust",
        )
        return Initialisation(
            commands,
            lambda command: programs.run(command, self.folder, self.log, self.account),
            lambda: "invalid locale" in self.end_of_log(),
        )

    def initialised(self, installation: Installation, running: Initialisation) -> None:
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
        rules = host_based_authentication(
            self.listen_address, chosen=self.address_chosen, drawn=self.password_drawn
        )
        sockets = [str(each) for each in (self.own_sockets, self.socket_folder) if each]
        settings = {
            **found_out(self.datadir, self.owner),
            **self.settings,
            "hba_file": str(hba),
            "ident_file": str(ident),
            "listen_addresses": self.listen_address,
            "unix_socket_directories": quoted_folders(sockets),
            "port": str(self.port),
            SETTING: self.secret,
        }
        filesystem.write_file(hba, rules, group=self._group)
        filesystem.write_file(ident, "", group=self._group)
        written = configuration_file(major, settings)
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
        for word in steering(options):
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
                f"Try another server: {notation().switch('postgres', 'embedded')} or system, or the path of a "
                "folder with postgres and initdb."
            )
        return kind(
            f"PostgreSQL {installation.version} ({installation.origin}) did not start: {what}."
            f"{' The end of its log:' if log else ''}{log}\n{advice}"
        )


# A custom setting of the throwaway server: PostgreSQL accepts unknown settings that have a prefix.
SETTING = "supaseed.launch"
_SHOWN = "SELECT current_setting(%s, true), current_setting('data_directory')"
_ADDRESS = "SELECT host(inet_server_addr()), inet_server_port()"


@dataclass(frozen=True)
class Proof:
    """What identifies the started server.

    Attributes:
        datadir: its data folder.
        secret: a random value in its configuration.
    """

    datadir: Path
    secret: str = field(repr=False)

    def require(self, connection: Any) -> None:
        """Refuse a connection to another server.

        Args:
            connection: of psycopg2, in autocommit mode.

        Raises:
            ServerError: another server has answered.
        """
        with connection.cursor() as cursor:
            try:
                cursor.execute(_SHOWN, [SETTING])
                [(secret, datadir)] = cursor.fetchall()
            except psycopg2.Error:
                # The started server shows every setting to its superuser, so this is another server.
                secret, datadir = None, ""
            if secret == self.secret and os.path.realpath(datadir) == os.path.realpath(self.datadir):
                return
            cursor.execute(_ADDRESS)
            [(address, port)] = cursor.fetchall()
        info = connection.info
        version = info.parameter_status("server_version")
        place = f"{address}, port {port}" if address else f"the Unix socket in {info.host}, port {info.port}"
        folder = f"works in {datadir}" if datadir else "does not say in which folder it works"
        raise ServerError(
            f"Another server has answered in the place of the one that was started for these tests: PostgreSQL "
            f"{version} at {place} {folder}, and ours works in {self.datadir}. Nothing was created there. "
            "Run the tests again; if it stays so, look which of libpq's environment variables are set, and which "
            "server listens at that place."
        )
