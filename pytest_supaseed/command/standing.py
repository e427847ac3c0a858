"""A standing database, such as the one for development, seeded exactly and in one transaction, or left as it was.

:func:`look` reads the database and makes the plan, :func:`seed` carries it out. Between the two the command asks. The
transaction keeps other sessions from writing to the tables meanwhile, and makes the numbers that are drawn from
sequences a part of itself, so that a rollback takes them back.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from threading import current_thread, main_thread

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from pytest_supaseed import connecting, pipeline
from pytest_supaseed.command.arguments import Asked
from pytest_supaseed.errors import ConfigError, SeedError, ServerError
from pytest_supaseed.libpq import Environment
from pytest_supaseed.model.schema import Snapshot, TableName
from pytest_supaseed.planning.plan import Defaults, Plan
from pytest_supaseed.postgres.server.external import given_url
from pytest_supaseed.reflection.queries import execute, fetch, read_as_usual, relation
from pytest_supaseed.rows.steps import Progress
from pytest_supaseed.settings import url_problem
from pytest_supaseed.sources.projects import kind_of_database
from pytest_supaseed.wording import redacted, redacted_url, shortened
from pytest_supaseed.writing.materialized_views import refresh

_LOCAL = frozenset(("", "localhost", "ip6-localhost"))
# What the statistics say: counting the rows of a large database takes long.
_ESTIMATE = """
SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""
# A sequence that ALTER SEQUENCE has set belongs to the transaction from then on, its numbers included. Who does not own
# it may not, and one at its end cannot be set.
_SEQUENCES = """
SELECT s.schemaname, s.sequencename, p.last
FROM pg_sequences s JOIN pg_class c ON c.oid = format('%I.%I', s.schemaname, s.sequencename)::regclass
CROSS JOIN LATERAL (SELECT coalesce(s.last_value + s.increment_by, s.start_value)::bigint AS last) p
WHERE c.relpersistence <> 't' AND pg_has_role(c.relowner, 'USAGE')
  AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
  )
  AND p.last BETWEEN s.min_value AND s.max_value
ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Look:
    """What was found in a standing database, and what would be done there.

    Attributes:
        plan: the plan.
        version: of PostgreSQL.
        views: the materialized views, which are not refreshed unless the command is told to.
    """

    plan: Plan
    version: str
    views: tuple[str, ...]


class StandingDatabase:
    """A standing database at a URL.

    Args:
        written: the URL, as the user gave it.
        asked: what the command asks for.

    Attributes:
        committed: whether the rows are there to stay.

    Raises:
        ConfigError: it is not a valid URL.
    """

    def __init__(self, written: str, asked: Asked) -> None:
        problem = url_problem(written)
        if problem:
            raise ConfigError(f"{shortened(redacted_url(written))} is no URL of a database: {problem}")
        self._url = given_url(written)
        self._asked = asked
        self.committed = False

    @property
    def shown(self) -> str:
        """The URL without its password."""
        return redacted(self._url.set(drivername="postgresql").render_as_string())

    def check_local(self) -> None:
        """Check that the server runs on this machine.

        Raises:
            ConfigError: it does not, or it cannot be told.
        """
        host = str(connecting.parameters(self._url, Environment.ALL).get("host") or "")
        if not is_local(host):
            raise ConfigError(
                f"{self.shown} is on another machine, {host}, and may be in production: nothing was done. If it is a "
                "database for development, add --i-know"
            )

    def look(self, *, any_size: bool) -> Look:
        """Read the database, and plan what is asked for, without writing anything.

        Args:
            any_size: whether the database may hold more rows than the limit.

        Raises:
            SeedError: it cannot be reached, holds too many rows, or cannot hold what is asked for.
        """
        with self._connected() as connection:
            if not any_size:
                [(estimate,)] = fetch(connection, sql.SQL(_ESTIMATE))
                self._check_size(estimate)
            snapshot = pipeline.read(connection, ours=False)
            if not any_size:
                self._check_size(sum(snapshot.contents.counts.values()))
            found = self._plan(connection, snapshot)
            views = fetch(
                connection,
                sql.SQL(
                    "SELECT format('%I.%I', schemaname, matviewname) FROM pg_matviews WHERE ispopulated ORDER BY 1"
                ),
            )
            connection.rollback()
            version = connection.connection.dbapi_connection.info.parameter_status("server_version")  # type: ignore[union-attr] # psycopg2's
            return Look(found, str(version).partition(" ")[0], tuple(view for (view,) in views))

    def seed(self, seen: Look, progress: Progress, *, refresh_views: bool) -> Mapping[TableName, int]:
        """Make the rows of a plan, in one transaction, and commit it.

        Args:
            seen: what :meth:`look` has found, and the user has agreed to.
            progress: called while rows are made.
            refresh_views: whether materialized views are refreshed.

        Returns:
            The rows of each table afterwards.

        Raises:
            SeedError: the database has changed meanwhile, or a row cannot be made; nothing was changed.
        """
        with self._connected() as connection:
            _lock(connection, [table.table.name for table in seen.plan.tables])
            snapshot = pipeline.read(connection, ours=False)
            found = self._plan(connection, snapshot)
            if _numbers(found) != _numbers(seen.plan):
                raise SeedError(
                    "the database has changed since the plan was made, and nothing was done: run the command again"
                )
            _bind_sequences(connection)
            counts = pipeline.seed(
                connection,
                snapshot.schema,
                found,
                pipeline.Listener(progress),
                self._defaults(snapshot),
                ours=False,
            )
            if refresh_views:
                refresh(connection)
            with _uninterrupted():
                connection.commit()
                self.committed = True
            return counts

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """Connect, in a transaction that is rolled back unless it has been committed."""
        engine = connecting.engine(
            self._url, Environment.ALL, connect_args={"client_encoding": "UTF8"}, poolclass=NullPool
        )
        try:
            try:
                connection = engine.connect()
            except DBAPIError as error:
                raise ServerError(
                    f"{self.shown} cannot be used: {str(error.orig).strip()}\nWrite the URL of a database that is "
                    "there, such as postgresql://user:password@localhost:5432/name"
                ) from error
            try:
                read_as_usual(connection.connection.driver_connection)
                # Policies would hide rows, and counts be wrong without a word: PostgreSQL raises an error instead.
                connection.exec_driver_sql("SET LOCAL row_security = off")
                yield connection
            except (psycopg2.Error, DBAPIError) as error:
                reason = str(getattr(error, "orig", None) or error).strip()
                raise SeedError(
                    f"PostgreSQL refuses, and nothing was changed: {reason}{_advice(error)}"
                ) from error
            finally:
                connection.close()
        finally:
            engine.dispose()

    def _check_size(self, rows: int) -> None:
        if rows > self._asked.limit:
            raise ConfigError(
                f"{self.shown} holds some {rows} rows, more than {self._asked.limit}, and may be in production: "
                f"nothing was done. If it is a database for development, add --i-know, or --max-records {2 * rows}"
            )

    def _defaults(self, snapshot: Snapshot) -> Defaults:
        kind = kind_of_database(frozenset(str(table.name) for table in snapshot.schema.tables))
        return Defaults() if kind is None else kind.defaults(dict(self._asked.settings.project_options))

    def _plan(self, connection: Connection, snapshot: Snapshot) -> Plan:
        found = pipeline.plan(
            connection, snapshot, self._asked.spec, defaults=self._defaults(snapshot), ours=False
        )
        self._asked.check_limit(found.asked)
        return found


def is_local(host: str) -> bool:
    """Return whether a host is this machine: a socket's folder, a loopback address, or none.

    Example:
        >>> is_local("/var/run/postgresql"), is_local("127.0.0.1"), is_local("db.example.com")
        (True, True, False)
    """
    # libpq takes several hosts, and tries one after another.
    for each in host.split(","):
        try:
            local = ip_address(each.strip("[]")).is_loopback
        except ValueError:
            local = each.startswith(("/", "@")) or each.lower() in _LOCAL
        if not local:
            return False
    return True


def _numbers(plan: Plan) -> Sequence[tuple[TableName, int, int]]:
    return [(table.table.name, table.present, table.total) for table in plan.tables]


def _lock(connection: Connection, tables: Sequence[TableName]) -> None:
    """Keep other sessions from writing to the tables until the transaction ends; they may read."""
    if not tables:
        return
    connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
    names = sql.SQL(", ").join(relation(name) for name in sorted(tables, key=str))
    execute(connection, sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(names))


def _bind_sequences(connection: Connection) -> None:
    """Make the numbers of sequences a part of the transaction, each as it stands."""
    for schema, name, following in fetch(connection, sql.SQL(_SEQUENCES)):
        restart = sql.SQL("ALTER SEQUENCE {} RESTART WITH {}")
        execute(connection, restart.format(sql.Identifier(schema, name), sql.Literal(following)))


def _advice(error: BaseException) -> str:
    """What to do about an error of PostgreSQL's."""
    code = getattr(getattr(error, "orig", error), "pgcode", None)
    if code == "55P03":
        return "\nAnother session works on these tables: end it, or run the command again later"
    if code == "42501":
        return "\nConnect as the owner of the tables, or as a superuser"
    return ""


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put an interrupt off while the transaction is committed: it is whole, or not there at all."""
    if current_thread() is not main_thread():
        # Only the main thread is interrupted.
        yield
        return
    interrupted = []
    before = signal.signal(signal.SIGINT, lambda number, frame: interrupted.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
