"""Databases of failing tests that outlive the session.

:class:`Keeper` keeps them while tests run: such a database gets the test's name, and a comment that tells other
sessions what it is, so that all workers of a run count alike. At the end of the session :meth:`Keeper.finish` gives
them the time at which they go, and :class:`Shown` says how each is looked into. :func:`drop_kept` drops what the
earlier sessions of a rootdir have kept, on servers that stay up for it and on those of the user's.

What is kept is described by a :class:`~pytest_supaseed.postgres.server.kept.Note`. On a server of the user's the
comments say the same, also after the note was lost.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2
from psycopg2 import sql
from sqlalchemy import URL, make_url

from pytest_supaseed import clock
from pytest_supaseed.connecting import without_password
from pytest_supaseed.errors import SeedError, ServerError
from pytest_supaseed.libpq import Environment
from pytest_supaseed.postgres.databases.database import Databases
from pytest_supaseed.postgres.databases.maintenance import LEAVING, MARK, SHARED_PREFIX, libpq_url
from pytest_supaseed.postgres.databases.templates import KEPT, CreatedDatabase, Templates
from pytest_supaseed.postgres.server.kept import (
    PASSWORD_FILE,
    KeptDatabase,
    Note,
    notes,
    notes_folder,
    remember_folder,
    remembered_folders,
    remove_note,
    remove_server,
    remove_server_soon,
    write_note,
)
from pytest_supaseed.session.cluster_cache import drop_others

if TYPE_CHECKING:
    from pytest_supaseed.postgres.server.launch import Launch

_LOCK = "kept"
_SLUG = re.compile(r"[^a-z0-9]+")
# With the prefix and a number below PostgreSQL's limit of 63 bytes.
_MOST_LETTERS = 40
_ATTEMPTS = 1000
_CONNECT_SECONDS = "5"
# Of a client's key; psql asks for it.
_SECRET = "sslpassword"  # noqa: S105 a name


@dataclass(frozen=True)
class Retention:
    """How long, and how much, a run keeps of its failing tests.

    Attributes:
        root: pytest's rootdir, whose next run that keeps takes the place of this one.
        run: token of this run, equal in all its processes.
        most: how many databases all processes of the run keep together.
        seconds: for how long after the session.
        cache: the folder that the sessions of the rootdir share; None for none.
        worker: the name of this worker of pytest-xdist; empty without pytest-xdist.
    """

    root: str
    run: str
    most: int
    seconds: float
    cache: Path | None = None
    worker: str = ""

    @property
    def note_folder(self) -> Path:
        """The folder for the note of what this process keeps on a server of the user's."""
        return notes_folder() / "-".join(filter(None, (self.run, self.worker)))


def database_name(test: str, number: int = 1) -> str:
    """Return the name of a database that is kept.

    Args:
        test: the id of the test.
        number: of the attempt: from the second on it is a part of the name.

    Example:
        >>> database_name("tests/test_login.py::TestLogin::test_admin[Ann O'Hara]")
        'supaseed_kept_test_admin_ann_o_hara'
    """
    path, bracket, parameters = test.partition("[")
    function = path.rpartition("::")[2]
    slug = _SLUG.sub("_", (function + bracket + parameters).lower()).strip("_")
    last = "" if number == 1 else f"_{number}"
    return f"{SHARED_PREFIX}_kept_{slug[:_MOST_LETTERS].strip('_') or 'test'}{last}"


class Keeper:
    """What one session keeps of its databases.

    Args:
        databases: of the session.
        templates: of all sessions there.
        retention: how much is kept, and for how long.

    Attributes:
        retention: how much is kept, and for how long.
        kept: ids of tests of which a database was kept.
        refused: ids of tests of which no database was kept, as there were enough.
        failures: why others were not kept, by test.
        notices: lines for the end of the session's report.
    """

    def __init__(self, databases: Databases, templates: Templates, retention: Retention) -> None:
        self._databases = databases
        self._maintenance = databases.maintenance
        self._templates = templates
        self.retention = retention
        self.kept: set[str] = set()
        self.refused: set[str] = set()
        self.failures: dict[str, str] = {}
        self.notices: list[str] = []

    @property
    def full(self) -> bool:
        """Whether the run has kept as many databases as it may."""
        return len(self._of_run()) >= self.retention.most

    def refuses(self, test: str) -> bool:
        """Whether a database of a test is refused, as there are enough; that is noted."""
        full = self.full
        if full:
            self.refused.add(test)
        return full

    def keep(self, name: str, test: str, state: str) -> bool:
        """Keep a database that this session has created, and that no test uses any more.

        Args:
            name: of the database.
            test: the id of the test that has failed.
            state: in words, what it holds.

        Returns:
            Whether it is kept; otherwise it has to be dropped, and :attr:`refused` or :attr:`failures` says why.
        """
        self._databases.check_created(name)
        try:
            with self._maintenance.locked(_LOCK):
                if self.refuses(test):
                    return False
                self._databases.mark(name, {KEPT: self._notes(test, state)})
                self._rename(name, test)
        except (psycopg2.Error, SeedError) as error:
            self.failures[test] = str(error).strip()
            return False
        self._databases.forget(name)
        self.kept.add(test)
        return True

    def _notes(self, test: str, state: str) -> dict[str, object]:
        until = clock.now() + self.retention.seconds
        return {
            "root": self.retention.root,
            "run": self.retention.run,
            "until": until,
            "test": test,
            "state": state,
        }

    def _rename(self, name: str, test: str) -> None:
        self._templates.end_connections(name)
        for number in range(1, _ATTEMPTS):
            new = database_name(test, number)
            statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            try:
                self._maintenance.query(
                    statement.format(sql.Identifier(name), sql.Identifier(new)),
                    done=lambda: not self._databases.exists(name),
                )
            except psycopg2.errors.DuplicateDatabase:
                continue
            return
        raise ServerError(f"there are {_ATTEMPTS} databases of the name {database_name(test)}")

    def withdraw(self, test: str) -> None:
        """Drop what was kept of a test that is run once more."""
        self.kept.discard(test)
        for each in self._of_run():
            if each.notes is not None and each.notes[KEPT]["test"] == test:
                self._databases.drop_unused(each.name)

    def finish(self, *, all_of_run: bool) -> list[KeptDatabase]:
        """Give what is kept the time at which it goes, and return it, in the order of the tests.

        Args:
            all_of_run: whether this is the last session of the run; otherwise only what this session has kept, or one
                that was killed.
        """
        present = self._maintenance.present()
        found = [
            each
            for each in self._of_run()
            if all_of_run or each.session == self._databases.prefix or MARK + each.session not in present
        ]
        kept = []
        for each in sorted(found, key=lambda database: database.oid):
            assert each.notes is not None  # noqa: S101 for the type checker
            noted = each.notes[KEPT]
            if self._databases.foreign:
                self._databases.mark(each.name, {KEPT: self._notes(noted["test"], noted["state"])})
            kept.append(KeptDatabase(each.name, noted["test"], noted["state"]))
        return kept

    def leave_running(self, launch: Launch) -> list[Shown]:
        """Leave a throwaway server running with what its run has kept, and nothing else, for the retention's time.

        Args:
            launch: of the server, which no other process uses any more.

        Returns:
            How each database is looked into; none where none is kept, and the server is to be stopped.
        """
        kept = self.finish(all_of_run=True)
        if not kept:
            return []
        # What a test has left in a way that it cannot be dropped only takes room.
        with suppress(ServerError, psycopg2.Error):
            drop_others(self._databases, self._templates, {each.name for each in kept})
        retention, url, until = self.retention, self._maintenance.url, clock.now() + self.retention.seconds
        sockets, folder = launch.socket_folder(), launch.note_folder
        note = Note(retention.root, until, tuple(kept), launch.folders)
        place = place_of(url, Environment.NONE, sockets=sockets, psql=launch.program("psql"), folder=folder)
        if place.tcp is not None and not launch.draws_password:
            place = replace(place, tcp=without_password(place.tcp))
        try:
            launch.keep(note, password_line(url) if place.password_file is not None else None)
        except OSError as error:
            self.notices.append(f"{_names(kept)}, of failing tests, cannot be kept: {error}")
            return []
        remember_folder(retention.cache, folder)
        if os.getpid() == 1:
            self.notices.append("these databases go with this container, whose first process pytest is")
        return shown(kept, place)

    def note(self, kept: Sequence[KeptDatabase]) -> tuple[list[Shown], bool]:
        """Note what was kept on a server of the user's, for the watchdog and for later sessions.

        Args:
            kept: what :meth:`finish` has returned.

        Returns:
            How each database is looked into, and whether the note could be written.
        """
        retention, url, until = self.retention, self._maintenance.url, clock.now() + self.retention.seconds
        environment, folder = self._maintenance.environment, retention.note_folder
        address = without_password(url).render_as_string()
        note = Note(retention.root, until, tuple(kept), url=address, libpq=environment.name)
        place = place_of(url, environment, folder=folder)
        try:
            write_note(folder, note, password=password_line(url))
        except OSError as error:
            self.notices.append(
                f"{_names(kept)}, of failing tests, cannot be noted ({error}): a later session on that server drops "
                "what is kept there"
            )
            return shown(kept, replace(place, password_file=None)), False
        remember_folder(retention.cache, folder)
        return shown(kept, place), True

    def _of_run(self) -> list[CreatedDatabase]:
        return [
            each
            for each in self._templates.kept()
            if each.notes is not None and each.notes[KEPT].get("run") == self.retention.run
        ]

    def drop_previous(self) -> None:
        """Drop what earlier sessions of the rootdir have kept on this server, if it is the user's."""
        if self._databases.foreign:
            _drop_marked(self._databases, self._templates, self.retention.root, self.retention.run)


def _names(kept: Iterable[KeptDatabase]) -> str:
    return ", ".join(each.name for each in kept)


@dataclass(frozen=True)
class Place:
    """The server on which databases are kept, as a person connects to it.

    Attributes:
        url: of any database on it, without a password.
        password_file: in libpq's form; None where no password is needed, or the user's own environment has it.
        psql: the program.
        unset: environment variables that would lead psql elsewhere, or change what it reads.
        tcp: the URL for programs that know no Unix socket; empty where there is none.
    """

    url: URL
    password_file: Path | None = None
    psql: str = "psql"
    unset: tuple[str, ...] = ()
    tcp: URL | None = None

    def psql_line(self, database: str) -> str:
        """Return the command that opens a database, as it can be pasted into a shell.

        Example:
            >>> url = URL.create("postgresql", "postgres", query={"host": "/tmp/a b", "port": "5432"})
            >>> Place(url).psql_line("shop")
            "psql -h '/tmp/a b' -p 5432 -U postgres -d shop"
        """
        unset = [word for name in self.unset for word in ("-u", name)]
        given = [] if self.password_file is None else [f"PGPASSFILE={self.password_file}"]
        words = [*(["env", *unset] if unset else []), *given]
        return " ".join(map(shlex.quote, [*words, self.psql, *self._arguments(database)]))

    def _arguments(self, database: str) -> list[str]:
        query = dict(self.url.query)
        host, port = query.pop("host", self.url.host), query.pop("port", self.url.port)
        if query or isinstance(host, tuple) or isinstance(port, tuple):
            # More than the options of psql can say.
            return [libpq_url(self.url.set(database=database))]
        options = {"-h": host, "-p": port, "-U": self.url.username, "-d": database}
        return [word for option, value in options.items() if value for word in (option, str(value))]


def place_of(
    url: URL,
    environment: Environment,
    *,
    sockets: str = "",
    psql: Path | None = None,
    folder: Path | None = None,
) -> Place:
    """Return how a person connects to a server.

    Args:
        url: of a database on it, with the password.
        environment: which parameters libpq's environment may give for it.
        sockets: the folder of its Unix socket, which needs no password; empty for the user's own server.
        psql: where PostgreSQL's own program is, which is named if the system has none.
        folder: for the file with the password.
    """
    shown = without_password(url).set(drivername="postgresql").difference_update_query([_SECRET])
    file = folder / PASSWORD_FILE if folder is not None and url.password and not sockets else None
    tcp = None
    if sockets:
        tcp = shown.set(password=url.password) if url.host else None
        port = str(url.port or url.query.get("port", ""))
        shown = URL.create("postgresql", url.username, query={"host": sockets, "port": port})
    ours = psql is not None and shutil.which("psql") is None and psql.exists()
    unset = environment.present()
    if file is not None and "PGPASSWORD" in os.environ:
        # It would win over the file.
        unset = (*unset, "PGPASSWORD")
    return Place(shown, file, str(psql) if ours else "psql", unset, tcp)


def password_line(url: URL) -> str | None:
    r"""Return the line for libpq's password file with the password of a URL; None if it has none.

    Example:
        >>> password_line(URL.create("postgresql", "me", "a:b"))
        '*:*:*:*:a\\:b\n'
    """
    if not url.password:
        return None
    escaped = str(url.password).replace("\\", "\\\\").replace(":", "\\:")
    return f"*:*:*:*:{escaped}\n"


@dataclass(frozen=True)
class Shown:
    """A database that was kept, as the end of the report shows it.

    Attributes:
        name: of the database.
        test: the id of the test.
        state: in words, what it holds.
        line: the command that opens it.
        url: for programs that know no Unix socket; empty for none.
    """

    name: str
    test: str
    state: str
    line: str
    url: str


def shown(kept: Iterable[KeptDatabase], place: Place) -> list[Shown]:
    """Return how databases that were kept are looked into."""
    return [
        Shown(
            each.name,
            each.test,
            each.state,
            place.psql_line(each.name),
            "" if place.tcp is None else libpq_url(place.tcp.set(database=each.name)),
        )
        for each in kept
    ]


def drop_kept(
    root: str, cache: Path | None, url: URL | None = None, environment: Environment = Environment.ALL
) -> Iterator[str]:
    """Drop what the sessions of a rootdir have kept.

    Args:
        root: pytest's rootdir.
        cache: the folder that its sessions share; None for none.
        url: of the server of the user's that is set now; None for none.
        environment: which parameters libpq's environment may give for it.

    Yields:
        A line for each database that was dropped.

    Raises:
        ServerError: a server cannot be connected to, or something could not be dropped or removed; the rest was.
    """
    errors: list[ServerError] = []
    for folder, note in notes(remembered_folders(cache)):
        if note.root != root:
            continue
        try:
            if note.folders:
                remove_server(folder, note)
                yield from (f"{each.name}, of {each.test}" for each in note.databases)
            else:
                yield from _drop_noted(folder, note)
        except ServerError as error:
            errors.append(error)
    if url is not None:
        try:
            yield from _drop_there(url, environment, root)
        except ServerError as error:
            errors.append(error)
    if errors:
        raise ServerError("\n".join(map(str, errors)))


def _drop_noted(folder: Path, note: Note) -> list[str]:
    """Drop what was kept on a server of the user's, with its note."""
    url, file = make_url(note.url), folder / PASSWORD_FILE
    if file.exists():
        url = url.update_query_dict({"passfile": str(file)})
    if "connect_timeout" not in url.query:
        # That server may be gone.
        url = url.update_query_dict({"connect_timeout": _CONNECT_SECONDS})
    dropped = _drop_there(url, Environment[note.libpq], note.root)
    remove_note(folder)
    return dropped


def _drop_there(url: URL, environment: Environment, root: str) -> list[str]:
    """Drop what the sessions of a rootdir have kept on a server of the user's."""
    databases = Databases(url, environment=environment, name=LEAVING)
    try:
        return _drop_marked(databases, Templates(databases), root)
    finally:
        databases.close()


def _drop_marked(databases: Databases, templates: Templates, root: str, but: str = "") -> list[str]:
    """Drop the databases whose comments say that a rootdir has kept them, except those of sessions that still run.

    Args:
        but: the token of a run whose databases stay.
    """
    present = databases.maintenance.present()
    dropped = []
    for each in templates.kept():
        if each.notes is None or MARK + each.session in present:
            continue
        noted = each.notes[KEPT]
        if noted.get("root") == root and noted.get("run") != but:
            databases.drop_unused(each.name)
            dropped.append(f"{each.name}, of {noted.get('test', 'a test')}")
    return dropped


def drop_previous(retention: Retention) -> None:
    """Drop what earlier sessions of a rootdir have kept, if they have left notes of it.

    Servers are stopped and removed in the background.
    """
    for folder, note in notes(remembered_folders(retention.cache)):
        # Other workers of this run may have kept something already.
        if note.root != retention.root or folder.name.startswith(retention.run):
            continue
        if note.folders:
            remove_server_soon(folder, note)
        else:
            with suppress(SeedError):  # that server may be gone; else it is done when their time is up
                _drop_noted(folder, note)
