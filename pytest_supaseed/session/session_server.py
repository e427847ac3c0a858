"""The server of a session: a throwaway server of its run, an external one given by a URL, or that of another fixture.

:class:`SessionServer` opens the server for the first schema that a test needs, returns loaded schemas
(:meth:`~SessionServer.template`), which a :class:`SeedSession` holds, and finally drops the session's databases or
archives the cluster (:meth:`~SessionServer.close`).
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from pytest_supaseed import connecting
from pytest_supaseed.connecting import ServerAddress, server_url
from pytest_supaseed.errors import GoneError, SeedError, ServerError
from pytest_supaseed.fingerprint import CacheScope, Fingerprint, combine, package_fingerprint
from pytest_supaseed.libpq import Environment
from pytest_supaseed.planning.plan import Defaults
from pytest_supaseed.postgres.databases import maintenance
from pytest_supaseed.postgres.databases.database import Databases, OwnServer, PreparedClones
from pytest_supaseed.postgres.databases.templates import Templates, template_name
from pytest_supaseed.postgres.databases.watchdog import guard
from pytest_supaseed.postgres.server.external import (
    ExternalServer,
    ProcessFixture,
    ask_server,
    at_fault,
    described,
    fixture_url,
    given_url,
    variables_sentence,
)
from pytest_supaseed.postgres.server.launch import Launch
from pytest_supaseed.postgres.server.server import Server
from pytest_supaseed.postgres.server.space import is_shortage
from pytest_supaseed.reflection.snapshot_cache import Remembered
from pytest_supaseed.session.cluster_cache import ClusterCache, CodeRecords
from pytest_supaseed.session.template import (
    FingerprintedSource,
    Observer,
    SchemaTemplate,
    SharedServer,
    Terminal,
    Unobserved,
    value_of,
)
from pytest_supaseed.session.turn import Turn
from pytest_supaseed.settings import Run, Settings
from pytest_supaseed.sources.digest import source_fingerprint
from pytest_supaseed.sources.source import SchemaSource, UnimportableError, resolve
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.wording import redacted

if TYPE_CHECKING:
    from pytest_supaseed.planning.plan import Generators
    from pytest_supaseed.postgres.server.watchdog import Watchdog
    from pytest_supaseed.session.kept import Keeper, Retention, Shown


class SeedSession:
    """The schemas that a session has loaded, and the errors of those that could not be loaded.

    Args:
        base: the database that is cloned before a schema is loaded into the clone; None for an empty one.
    """

    def __init__(self, server: SharedServer, base: str | None = None) -> None:
        self.server = server
        self._base = base
        self._templates: dict[tuple[int, int], tuple[object, Generators, SchemaTemplate | SeedError]] = {}

    def known(self, schema: object, generators: Generators) -> SchemaTemplate | None:
        """Return a schema template that has been loaded, or None.

        Args:
            schema: the value of ``supaseed_schema``, which may differ between directories of tests.
            generators: the value of ``supaseed_generators``.

        Raises:
            SchemaError: it could not be loaded.
        """
        found = self._templates.get((id(schema), id(generators)))
        return None if found is None else value_of(found[2])

    def template(
        self,
        schema: object,
        generators: Generators,
        identified: FingerprintedSource,
        specs: Iterable[SeedSpec],
    ) -> SchemaTemplate:
        """Load a schema.

        Args:
            schema: the value of ``supaseed_schema``.
            generators: the value of ``supaseed_generators``.
            identified: what the value of ``supaseed_schema`` stands for.
            specs: of all tests of the session.

        Raises:
            SchemaError: it cannot be loaded.
        """
        found: SchemaTemplate | SeedError
        if self._base is not None:
            # A name does not tell the content of the base database.
            named = f"{self._base} {identified.source.description}"
            identified = replace(identified, fingerprint=Fingerprint(named, CacheScope.PROCESS))
        try:
            found = SchemaTemplate(self.server, identified, generators, self._base)
            found.plan_all(specs)
        except GoneError:
            raise
        except SeedError as error:
            found = error
        # The objects are kept, so that their ids are not reused.
        self._templates[id(schema), id(generators)] = schema, generators, found
        return value_of(found)

    def close(self) -> None:
        """Close the connections to shared databases."""
        for _, _, found in self._templates.values():
            if isinstance(found, SchemaTemplate):
                found.close()


@dataclass(frozen=True)
class SessionContext:
    """The test session, as its server needs to know it.

    Attributes:
        settings: of the session.
        run: what the processes of this run share.
        terminal: shows the progress of a long seed; None for nowhere.
        tell: takes a line for the end of the session's report.
        unimportable: errors of modules that could not be imported before the first test, by dotted path.
        loading: returns a context in which schemas are loaded.
        anew: whether schemas that earlier sessions have kept are loaded again.
        turn: which thread works on the server.
        retention: how much is kept of failing tests; None for nothing.
        show: takes what was kept, for the end of the session's report.
        observer: is told of the work on the server.
    """

    settings: Settings
    run: Run
    terminal: Terminal | None = None
    tell: Callable[[str], None] = lambda line: None
    unimportable: Mapping[str, SeedError] = field(default_factory=dict)
    loading: Callable[[], AbstractContextManager[None]] = nullcontext
    anew: bool = False
    turn: Turn = field(default_factory=Turn)
    retention: Retention | None = None
    show: Callable[[list[Shown]], None] = lambda shown: None
    observer: Observer = field(default_factory=Unobserved)


class SessionServer:
    """The server of a session and what the session has on it, from the first schema on.

    Args:
        launch: a throwaway server that is starting; None for an external server.
        process: what the fixture of ``fixture:NAME`` returned; None for another server.
        code: records of schemas that are code; None where nothing is kept.

    Attributes:
        turn: which thread works on it.
    """

    def __init__(
        self,
        context: SessionContext,
        launch: Launch | None,
        process: ProcessFixture | None,
        code: CodeRecords | None = None,
    ) -> None:
        self._context = context
        self._settings = context.settings
        self._run = context.run
        self._launch = launch
        self._process = process
        self._code = code
        self._unresolved: dict[int, tuple[object, SeedError]] = {}
        self._cluster_cache = ClusterCache(launch) if launch is not None else None
        self._session: SeedSession | None = None
        self._failure: SeedError | None = None
        self._server: Server | ExternalServer | None = None
        self.turn = context.turn
        # For the databases on an external server.
        self._watchdog: Watchdog | None = None
        if context.retention is not None:
            from pytest_supaseed.session.kept import drop_previous

            drop_previous(context.retention)

    @property
    def version(self) -> str:
        """PostgreSQL's version, after a schema has been loaded."""
        assert self._session is not None  # noqa: S101 for the type checker
        return self._session.server.databases.maintenance.version

    @property
    def keeper(self) -> Keeper | None:
        """What keeps databases of failing tests; None where none are kept, or no schema has been loaded."""
        return self._session.server.keeper if self._session is not None else None

    def serving(self, schema_template: SchemaTemplate) -> Server | ExternalServer:
        """Return the server, as pytest-postgresql's process fixtures describe theirs.

        Args:
            schema_template: the schema of its template database.
        """
        assert self._session is not None  # noqa: S101 for the type checker
        if self._server is None:
            databases = self._session.server.databases
            # For other fixtures to clone, and to connect to.
            template = databases.create(schema_template.template(), "tmpl")
            if self._launch is not None and self._launch.server is not None and not self._run.worker:
                self._server = self._launch.server
            else:
                place = databases.maintenance
                self._server = described(place.url, place.version, databases.prefix, template)
        return self._server

    def template(
        self, schema: object, generators: Generators, root: Path, specs: Iterable[SeedSpec]
    ) -> SchemaTemplate:
        """Return a schema template, which is loaded when first asked for.

        Args:
            schema: the value of ``supaseed_schema``.
            generators: the value of ``supaseed_generators``.
            root: pytest's rootdir.
            specs: of all tests of the session.

        Raises:
            SeedError: it cannot be loaded, or there is no server.
        """
        with self.turn:
            return self._template(schema, generators, root, specs)

    def _template(
        self, schema: object, generators: Generators, root: Path, specs: Iterable[SeedSpec]
    ) -> SchemaTemplate:
        if self._session is not None and (known := self._session.known(schema, generators)) is not None:
            return known
        if self._failure is not None:
            raise self._failure
        source = self._resolved(schema, root)
        try:
            session, fingerprint, unchanged = self._opened(source)
        except GoneError:
            raise
        except SeedError as error:
            # Without a server, the other tests need not try.
            self._failure = error
            raise
        try:
            identified = FingerprintedSource(source, fingerprint, unchanged, self._defaults(source))
            return session.template(schema, generators, identified, specs)
        except (psycopg2.Error, DBAPIError) as error:
            place = session.server.databases.maintenance
            if place.environment is Environment.NONE:
                raise
            self._failure = _unusable(place.url, place.environment, error)
            raise self._failure from error

    def _resolved(self, schema: object, root: Path) -> SchemaSource:
        if id(schema) in self._unresolved:
            raise self._unresolved[id(schema)][1]
        try:
            # Modules of the schema may connect while they are imported.
            with self.turn.load():
                return resolve(schema, root)
        except UnimportableError as error:
            # The error of the first attempt is the reason: the second has found some modules half imported.
            reason = self._context.unimportable.get(error.written, error)
            # The object is kept, so that its id is not reused.
            self._unresolved[id(schema)] = schema, reason
            raise reason from None

    def _defaults(self, source: SchemaSource) -> Defaults:
        """Return what a schema's source knows of its rows."""
        for part in (source, *source.parts):
            if part.project_kind is not None:
                return part.project_kind.defaults(dict(self._settings.project_options))
        return Defaults()

    def _opened(self, source: SchemaSource) -> tuple[SeedSession, Fingerprint, Callable[[], bool]]:
        """Return the session, the schema's fingerprint, and a check for after the load that the fingerprint holds."""
        launch = self._launch
        if launch is not None:
            fingerprint, unchanged = self._known(source, launch.version, launch.base + self._shown_settings)
            if self._session is None:
                with self._context.observer.timed("server", f"PostgreSQL {launch.version}"):
                    self._session = self._launched(launch, fingerprint)
            return self._session, fingerprint, unchanged
        if self._session is None:
            with self._context.observer.timed("server", self._settings.shown_postgres):
                self._session = self._opened_outside()
        place = self._session.server.databases.maintenance
        server = f"{place.version} {place.url.username}{self._shown_settings}"
        return self._session, *self._known(source, place.version, server)

    @property
    def _shown_settings(self) -> str:
        """The settings of all databases for a fingerprint; empty for none."""
        return "".join(f" {name}={value!r}" for name, value in self._settings.database)

    def _known(
        self, source: SchemaSource, version: str, server: str
    ) -> tuple[Fingerprint, Callable[[], bool]]:
        identify = partial(_fingerprint, source, version, server)
        fingerprint = identify()
        if self._context.anew:
            again = combine(fingerprint, Fingerprint("anew", CacheScope.RUN))
            return again, lambda: identify() == fingerprint
        if fingerprint.scope is not CacheScope.CONTENT and self._code is not None:
            found = self._code.fingerprint(
                source, _numbers(version), combine(package_fingerprint(), Fingerprint(server))
            )
            if found is not None:
                return found
        return fingerprint, lambda: identify() == fingerprint

    def _launched(self, launch: Launch, fingerprint: Fingerprint) -> SeedSession:
        if launch.initialising:
            # Imported while initdb runs, as the caller has nothing else to do and needs it afterwards.
            importlib.import_module("pytest_supaseed.pipeline")
        prefix = launch.dbname
        lasting = fingerprint.scope is CacheScope.CONTENT
        launch.finish(template_name(prefix, "tmpl", fingerprint.digest(self._run.token)) if lasting else None)
        own = f"{prefix}_{self._run.worker}" if self._run.worker else prefix
        server = OwnServer(own, prefix, launch.proof, launch.revive, launch.room)
        databases = Databases(_url(launch), server)
        assert self._cluster_cache is not None  # noqa: S101 for the type checker
        return self._new_session(databases, Templates(databases, self._cluster_cache.fetch), None)

    def _opened_outside(self) -> SeedSession:
        process = self._process
        url = fixture_url(process) if process is not None else given_url(self._settings.server_url or "")
        environment = self._settings.libpq_environment
        try:
            databases = Databases(url, environment=environment)
            # From here on the watchdog drops what is made there, whatever happens to this process.
            retention = self._context.retention
            self._watchdog = guard(databases, None if retention is None else retention.note_folder)
            templates = Templates(databases)
            templates.sweep()
        except psycopg2.Error as error:
            self._end_watchdog(dismissed=True)
            raise _unusable(url, environment, error) from error
        except SeedError:
            self._end_watchdog(dismissed=True)
            raise
        # What the process fixture has loaded into its template is the schema, or the beginning of it.
        base = process.template_dbname if process is not None else None
        return self._new_session(
            databases, templates, base if base is not None and databases.exists(base) else None
        )

    def _new_session(self, databases: Databases, templates: Templates, base: str | None) -> SeedSession:
        shared = SharedServer(
            databases,
            templates,
            PreparedClones(databases),
            Remembered(self._run.cache()),
            self._run.token,
            self._settings.hard,
            self._context.terminal,
            self._context.tell,
            self._loading,
            self._run.workers,
            self.turn,
            self._new_keeper(databases, templates),
            self._settings.driver,
            self._settings.database,
            self._context.observer,
        )
        return SeedSession(shared, base)

    def _new_keeper(self, databases: Databases, templates: Templates) -> Keeper | None:
        """Return what keeps databases of failing tests; None where none are kept."""
        retention = self._context.retention
        if retention is None:
            return None
        from pytest_supaseed.session.kept import Keeper

        if self._process is not None and hasattr(self._process, "stop"):
            self._context.tell(
                f"no database of a failing test is kept: the server of {self._settings.postgres} ends with the session"
            )
            return None
        keeper = Keeper(databases, templates, retention)
        keeper.drop_previous()
        return keeper

    @contextmanager
    def _loading(self, url: URL) -> Iterator[None]:
        observed = self._code.observed(url) if self._code is not None else nullcontext()
        with self._context.loading(), observed:
            yield

    def close(self) -> None:
        """End what the session has on its server, and stop a server that was started for this run.

        Raises:
            ServerError: something could not be dropped or removed.
        """
        session, launch = self._session, self._launch
        if launch is None:
            self._close_outside()
            return
        if session is not None:
            session.close()
        try:
            if session is not None:
                # A server that has ended by now is not started again only to drop databases.
                session.server.databases.maintenance.closing()
                if self._run.worker:
                    # Other workers go on, and memory is scarce.
                    session.server.drop()
        except GoneError:
            # The databases are gone with their server.
            self._tell_gone(session)
            session = None
        finally:
            self._leave(launch, session)

    def _close_outside(self) -> None:
        closed = stays = False
        try:
            if self._session is not None:
                self._session.close()
                stays = self._close_session_outside(self._session)
            closed = True
        finally:
            # If a drop has failed, the watchdog tries once more. If databases are kept, it waits for their time.
            self._end_watchdog(dismissed=closed and not stays)

    def _close_session_outside(self, session: SeedSession) -> bool:
        """End what the session has on an external server; return whether the watchdog will find a note of it."""
        keeper = session.server.keeper
        kept = keeper.finish(all_of_run=False) if keeper is not None else []
        _close_outside(session)
        if keeper is None or not kept:
            return False
        shown, noted = keeper.note(kept)
        self._show(keeper, shown)
        if noted and (self._watchdog is None or not self._watchdog.running):
            self._watchdog = guard(session.server.databases, keeper.retention.note_folder)
        return noted

    def _end_watchdog(self, *, dismissed: bool) -> None:
        watchdog, self._watchdog = self._watchdog, None
        if watchdog is not None:
            (watchdog.dismiss if dismissed else watchdog.leave)()

    def _leave(self, launch: Launch, session: SeedSession | None) -> None:
        alone, stays = launch.leave(), False
        try:
            if session is not None:
                session.server.clones.close(wait=alone)
                stays = alone and self._stays_up(launch, session.server.keeper)
                if alone and not stays and self._cluster_cache is not None:
                    databases = session.server.databases
                    self._cluster_cache.keep(databases, session.server.templates, launch.shut_down)
                session.server.databases.close()
        except GoneError:
            # The server is gone, so there is nothing to archive.
            self._tell_gone(session)
            return
        finally:
            launch.close()
            if alone and not stays:
                launch.stop()

    def _tell_gone(self, session: SeedSession | None) -> None:
        """Say that databases of failing tests are gone with their server."""
        keeper = session.server.keeper if session is not None else None
        if keeper is not None and keeper.kept:
            tests = ", ".join(sorted(keeper.kept))
            self._context.tell(f"what was kept of {tests} is gone, for the server has ended")

    def _stays_up(self, launch: Launch, keeper: Keeper | None) -> bool:
        """Leave a throwaway server running if the run has kept databases on it; return whether it is."""
        if keeper is None:
            return False
        shown = keeper.leave_running(launch)
        self._show(keeper, shown)
        return bool(shown)

    def _show(self, keeper: Keeper, shown: list[Shown]) -> None:
        self._context.show(shown)
        for line in keeper.notices:
            self._context.tell(line)

    def interruption(self, error: BaseException, in_test: bool) -> str | None:
        """Return the message on an event of the server that made a test or a fixture fail.

        Args:
            error: what was raised.
            in_test: whether the test itself raised it, so that the session has not queried the server since.

        Returns:
            None where the server is as it was.
        """
        if self._session is None:
            return None
        databases, launch = self._session.server.databases, self._launch
        if databases.room is not None and is_shortage(error):
            return str(databases.room.refusal("PostgreSQL could not write"))
        if not in_test or not databases.maintenance.lost():
            return None
        if launch is not None and not launch.running():
            return launch.end("Its connections have ended; it is started again for the next test.")
        return (
            "Connections to PostgreSQL have ended since the test began: by pg_terminate_backend(), a crash of a server "
            "process, or a restart of the server."
        )

    def proceed(self) -> None:
        """Advance the work in the background."""
        if self._session is not None:
            with self.turn:
                self._session.server.clones.proceed()


def check_server(settings: Settings) -> None:
    """Check that the server of a URL can be used, before any test needs it.

    Raises:
        ConfigError: the URL cannot be read.
        UnansweredError: there is no server.
        ServerError: it cannot be used, or does not know a setting of the tests' databases.
    """
    url, environment = given_url(settings.server_url or ""), settings.libpq_environment
    try:
        maintenance.check_server(url, environment, settings.database)
    except psycopg2.Error as error:
        raise _unusable(url, environment, error) from error


def _close_outside(session: SeedSession) -> None:
    """End what a session has on an external server."""
    try:
        session.server.close()
    except GoneError as error:
        raise GoneError(
            f"{error}\nThe databases that this session has made there, {session.server.databases.prefix}_*, are "
            "dropped by the next session that works on that server."
        ) from error


def _fingerprint(source: SchemaSource, version: str, server: str) -> Fingerprint:
    """Return the fingerprint of a schema that is loaded on a server."""
    return combine(source_fingerprint(source, _numbers(version)), package_fingerprint(), Fingerprint(server))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])


def _url(launch: Launch) -> URL:
    found = launch.found
    if found is None:
        assert launch.server is not None  # noqa: S101 for the type checker
        return fixture_url(launch.server)
    address = ServerAddress(*(found[name] for name in ("host", "port", "user", "password", "options")))
    return server_url(address, found["maintenance"])


def _unusable(url: URL, environment: Environment, error: Exception) -> ServerError:
    """Return the error for an external server that refuses what every session does first."""
    shown = url.set(drivername="postgresql").render_as_string()
    what = variables_sentence(at_fault(connecting.parameters(url, environment), environment, ask_server))
    return ServerError(f"{redacted(shown)} cannot be used: {str(error).strip()}\n{what}".rstrip())
