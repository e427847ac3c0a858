"""Engines of an application that lead to a test's database for a while: :func:`rebound`.

An engine stays the object that the application has imported; its pool and its dialect are exchanged. On the connection
of a test that is rolled back, each connection of the engine is a savepoint: its commit releases the savepoint, its
rollback undoes what was done since, and the test's own work stays. On a database of the test's own they are plain
connections.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from sqlalchemy.pool import StaticPool

from pytest_supaseed.connecting import async_classes
from pytest_supaseed.errors import SeedError
from pytest_supaseed.session.seeded import SeededDatabase
from pytest_supaseed.wording import abbreviated

_NUMBERS = itertools.count(1)
_POSTGRESQL = "postgresql"
_TARGETS = (
    "an engine, a sessionmaker, a scoped_session, the async ones of these, or the db of Flask-SQLAlchemy"
)
_GIVEN = "seeded_connection, seeded_session, seeded_engine, seeded_db, or the async ones of these"


class _SavepointDialect:
    """A dialect whose transactions are savepoints; a base of one that has the state of another dialect."""

    savepoints: WeakKeyDictionary[Any, str]
    autocommit: bool

    def do_begin(self, connection: Any) -> None:
        name = self.savepoints[connection] = f"supaseed_rebound_{next(_NUMBERS)}"
        _run(connection, f"SAVEPOINT {name}")

    def do_commit(self, connection: Any) -> None:
        name = self.savepoints.pop(connection, None)
        if name is not None:
            _run(connection, f"RELEASE SAVEPOINT {name}")

    def do_rollback(self, connection: Any) -> None:
        name = self.savepoints.pop(connection, None)
        if name is not None:
            _run(
                connection,
                *([] if self.autocommit else [f"ROLLBACK TO SAVEPOINT {name}"]),
                f"RELEASE SAVEPOINT {name}",
            )

    def do_close(self, connection: Any) -> None:
        """Leave the connection open, which is that of the test."""

    def do_terminate(self, connection: Any) -> None:
        """Leave the connection open, which is that of the test."""


def _run(connection: Any, *statements: str) -> None:
    cursor = connection.cursor()
    try:
        for statement in statements:
            cursor.execute(statement)
    finally:
        cursor.close()


def _savepoint_dialect(of: Any, engine: Engine) -> Any:
    """Return a dialect whose transactions are savepoints.

    Args:
        of: the dialect of the test's connection, whose state it takes over.
        engine: of the application, whose JSON functions and isolation level count.
    """
    theirs = engine.dialect
    given = {
        name: _constant(getattr(theirs, name))
        for name in ("_json_serializer", "_json_deserializer")
        if getattr(theirs, name, None) is not None
    }
    attributes: dict[str, Any] = {
        **given,
        "supports_statement_cache": of.supports_statement_cache,
        "savepoints": WeakKeyDictionary(),
        "autocommit": getattr(theirs, "_on_connect_isolation_level", None) == "AUTOCOMMIT",
    }
    kind = type(f"Savepoint{type(of).__name__}", (_SavepointDialect, type(of)), attributes)
    made: Any = object.__new__(kind)
    vars(made).update(vars(of))
    return made


def _constant(value: Any) -> property:
    """Return a property that wins over the attribute of the object."""
    return property(lambda self: value)


def _sessionmakers() -> tuple[type[Any], ...]:
    return (sessionmaker, *async_classes("async_sessionmaker"))


def _scoped_sessions() -> tuple[type[Any], ...]:
    return (scoped_session, *async_classes("async_scoped_session"))


def engines_of(target: Any) -> list[Engine]:
    """Return the engines of what an application has.

    Raises:
        SeedError: it has none, and is none.
    """
    if isinstance(target, Engine):
        return [target]
    if isinstance(target, async_classes("AsyncEngine")):
        return [target.sync_engine]
    if isinstance(target, _sessionmakers()):
        binds = [target.kw.get("bind"), *(target.kw.get("binds") or {}).values()]
        return list(
            dict.fromkeys(engine for bind in binds if bind is not None for engine in engines_of(bind))
        )
    if isinstance(target, _scoped_sessions()):
        return engines_of(target.session_factory)
    if _is_flask(target):
        return [engines[None] for engines in target._app_engines.values() if None in engines]
    raise SeedError(f"rebind({abbreviated(target)}): give it {_TARGETS}")


def is_async(target: Any) -> bool:
    """Whether what an application has is async."""
    return isinstance(target, async_classes("AsyncEngine", "async_sessionmaker", "async_scoped_session"))


def _is_flask(target: Any) -> bool:
    module = sys.modules.get("flask_sqlalchemy")
    return module is not None and isinstance(target, module.SQLAlchemy)


@contextmanager
def rebound(targets: Iterable[Any], to: Any) -> Iterator[None]:
    """Let what an application has lead to a test's database within a block.

    Args:
        targets: engines, sessionmakers, scoped sessions, the async ones of these, the ``db`` of Flask-SQLAlchemy.
        to: what a fixture has given: a connection or a session of a test that is rolled back, an engine, or a
            :class:`~pytest_supaseed.SeededDatabase`.

    Raises:
        SeedError: one is of another kind, or of another driver or database system.
    """
    lead = _leading(to)
    with ExitStack() as restored:
        for target in targets:
            found = engines_of(target)
            for engine in found:
                restored.enter_context(lead(engine))
            factory = target.session_factory if isinstance(target, _scoped_sessions()) else target
            if isinstance(factory, _sessionmakers()) and not found:
                restored.enter_context(_configured(factory, to))
            if isinstance(target, scoped_session) and not _is_flask(target):
                # A session of this thread from before would go on with its old connection.
                target.remove()
                restored.callback(target.remove)
            if _is_flask(target):
                restored.enter_context(_later_engines(target, lead, restored))
        yield


Lead = Callable[[Engine], Any]


def _leading(to: Any) -> Lead:
    """Return what exchanges the pool and the dialect of an engine within a block."""
    if isinstance(to, async_classes("AsyncSession")):
        to = to.sync_session
    if isinstance(to, async_classes("AsyncConnection")):
        to = to.sync_connection
    if isinstance(to, Session):
        to = to.get_bind()
    if isinstance(to, Connection):
        connection = to
        return lambda engine: _on_connection(engine, connection)
    if isinstance(to, async_classes("AsyncEngine")):
        to = to.sync_engine
    if isinstance(to, SeededDatabase):
        to = to.engine
    if isinstance(to, Engine):
        own = to
        return lambda engine: _on_engine(engine, own)
    raise SeedError(f"rebind(..., to={abbreviated(to)}): give it {_GIVEN}")


@contextmanager
def _on_connection(engine: Engine, connection: Connection) -> Iterator[None]:
    of = connection.engine.dialect
    _check(engine, of)
    if engine.dialect.driver != of.driver:
        option = "supaseed_async_driver" if of.is_async else "supaseed_driver"
        raise SeedError(
            f"rebind(): the engine works with {engine.dialect.driver}, and the test's connection with {of.driver}: set "
            f"{option} = {engine.dialect.driver.removesuffix('_async')} in the ini, or let the test ask for seeded_db, "
            "whose database any driver connects to"
        )
    dialect = _savepoint_dialect(of, engine)

    def connected() -> Any:
        # It connects now if it has not; an async one within a greenlet.
        found = connection.connection.dbapi_connection
        # The dialect has learnt the version of the server from its first connection.
        vars(dialect).update(vars(of))
        return found

    pool = StaticPool(connected, reset_on_return=None, dialect=dialect)
    with _exchanged(engine, pool, dialect):
        yield


@contextmanager
def _on_engine(engine: Engine, own: Engine) -> Iterator[None]:
    _check(engine, own.dialect)
    if engine.dialect.driver == own.dialect.driver:
        with _exchanged(engine, own.pool, own.dialect):
            yield
        return
    if engine.dialect.is_async or own.dialect.is_async:
        raise SeedError(
            f"rebind(): the engine works with {engine.dialect.driver}, and what it is to lead to with "
            f"{own.dialect.driver}: set supaseed_async_driver = {engine.dialect.driver.removesuffix('_async')} in the "
            "ini"
        )
    made = create_engine(own.url.set(drivername=engine.url.drivername))
    try:
        with _exchanged(engine, made.pool, made.dialect):
            yield
    finally:
        made.dispose()


def _check(engine: Engine, dialect: Any) -> None:
    """Refuse an engine of another database system, or one that is async where the other is not."""
    if engine.dialect.name != _POSTGRESQL:
        raise SeedError(
            f"rebind(): the engine is one of {engine.dialect.name}, whose SQL the application would go on to write: "
            "let the application have a postgresql:// URL in tests; supaseed_env = DATABASE_URL in the ini gives it one"
        )
    if engine.dialect.is_async != dialect.is_async:
        kind, twin = (
            ("async", "seeded_async_session") if engine.dialect.is_async else ("not async", "seeded_session")
        )
        raise SeedError(f"rebind(): the engine is {kind}: give it {twin}, or another fixture that is {kind}")


@contextmanager
def _exchanged(engine: Engine, pool: Any, dialect: Any) -> Iterator[None]:
    """Let an engine have another pool and dialect within a block."""
    before = engine.pool, engine.dialect
    engine.pool, engine.dialect = pool, dialect
    try:
        yield
    finally:
        engine.pool, engine.dialect = before


@contextmanager
def _configured(maker: Any, to: Any) -> Iterator[None]:
    """Let a sessionmaker that has no engine make sessions on the test's database within a block."""
    sessions: tuple[type[Any], ...] = (Session, *async_classes("AsyncSession"))
    if isinstance(to, sessions):
        to = to.bind
    if isinstance(to, SeededDatabase):
        to = to.engine
    rolled_back = isinstance(to, (Connection, *async_classes("AsyncConnection")))
    mode: Mapping[str, Any] = {"join_transaction_mode": "create_savepoint"} if rolled_back else {}
    before = dict(maker.kw)
    maker.configure(bind=to, **mode)
    try:
        yield
    finally:
        maker.kw.clear()
        maker.kw.update(before)


@contextmanager
def _later_engines(db: Any, lead: Lead, restored: ExitStack) -> Iterator[None]:
    """Rebind the engines, too, of applications that are made within the block, as by an application factory."""
    made = db._make_engine

    def make(bind_key: str | None, *arguments: Any) -> Any:
        engine = made(bind_key, *arguments)
        if bind_key is None:
            restored.enter_context(lead(engine))
        return engine

    db._make_engine = make
    try:
        yield
    finally:
        del db._make_engine
