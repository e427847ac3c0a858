"""What ``create_all`` would execute, without a database."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from types import MethodType
from typing import Any, cast

import sqlalchemy
from sqlalchemy import URL, Connection, Dialect, Engine, MetaData, create_engine
from sqlalchemy.dialects.postgresql import CreateDomainType, CreateEnumType
from sqlalchemy.engine.events import ConnectionEvents, DialectEvents
from sqlalchemy.engine.mock import MockConnection
from sqlalchemy.pool import NullPool
from sqlalchemy.pool.events import PoolEvents
from sqlalchemy.schema import (
    AddConstraint,
    CreateIndex,
    CreateSchema,
    CreateSequence,
    CreateTable,
    ExecutableDDLElement,
    SetColumnComment,
    SetTableComment,
)
from sqlalchemy.sql.ddl import SetConstraintComment
from sqlalchemy.types import SchemaType

from pytest_supaseed.loading.objects import create_all
from pytest_supaseed.loading.source import SchemaSource

# They make no rows, and evaluate no default.
_PLAIN = {
    *(
        AddConstraint,
        CreateDomainType,
        CreateEnumType,
        CreateIndex,
        CreateSchema,
        CreateSequence,
        CreateTable,
    ),
    *(SetColumnComment, SetConstraintComment, SetTableComment),
}
# SQLAlchemy keeps them in sets, whose order is another one in every process.
_UNORDERED = {AddConstraint, CreateIndex, SetConstraintComment}


@dataclass(frozen=True)
class Ddl:
    """Statements.

    Attributes:
        statements: in their order, as PostgreSQL gets them.
        plain: whether none of them makes rows.
    """

    statements: tuple[str, ...]
    plain: bool


class _UnknownError(Exception):
    """What will be executed cannot be told."""


def ddl_of(source: SchemaSource, server_version: tuple[int, ...]) -> Ddl | None:
    """Find out what loading a ``MetaData`` would execute.

    Args:
        source: of the kind ``"metadata"``.
        server_version: of PostgreSQL, as SQLAlchemy's dialect has it, such as ``(18, 6)``.

    Returns:
        The statements; None where they cannot be compiled, or where functions of the user's take part in
        executing them, which might do anything.
    """
    engine = create_engine(URL.create("postgresql+psycopg2"), poolclass=NullPool)
    _prepare(engine.dialect, server_version)
    recorder = _Recorder(engine.dialect)
    try:
        # Loading will warn of the same.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _check_engine(engine)
            _check_conditions(source.target)
            create_all(source, cast("Connection", recorder))
    except Exception:
        return None  # whatever it is, loading will tell
    finally:
        engine.dispose()
    statements: list[str] = [f"-- SQLAlchemy {sqlalchemy.__version__}, PostgreSQL {server_version}"]
    for kind, together in groupby(recorder.executed, key=lambda each: each[0]):
        texts = [text for _, text in together]
        statements += sorted(texts) if kind in _UNORDERED else texts
    return Ddl(tuple(statements), all(kind in _PLAIN for kind, _ in recorder.executed))


def _prepare(dialect: Dialect, server_version: tuple[int, ...]) -> None:
    """Tell a dialect what it would learn from a server, as far as compiling depends on it."""
    known: Any = dialect
    known.server_version_info = server_version
    known.default_schema_name = "public"
    known.supports_virtual_generated_columns = server_version >= (18,)
    known._backslash_escapes = False


class _Recorder(MockConnection):
    """A connection that keeps what it is to execute, and lets no function of the user's be called."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__(dialect, self._record)
        self.executed: list[tuple[type, str]] = []

    def _record(self, statement: object, parameters: object) -> None:
        if not isinstance(statement, ExecutableDDLElement) or parameters:
            raise _UnknownError(f"{statement!r} is no DDL")
        compiled = statement.compile(dialect=self.dialect)
        self.executed.append((type(statement), str(compiled)))

    def _run_ddl_visitor(self, visitorcallable: Any, element: Any, **kwargs: Any) -> None:
        class Watched(visitorcallable):  # type: ignore[misc]
            @contextmanager
            def with_ddl_events(self, target: Any, **options: Any) -> Iterator[None]:
                _check_listeners(target)
                with super().with_ddl_events(target, **options):
                    yield

        if not hasattr(visitorcallable, "with_ddl_events"):
            raise _UnknownError(f"{visitorcallable!r} calls listeners in a way that is not known")
        super()._run_ddl_visitor(Watched, element, **kwargs)


def _check_listeners(target: Any) -> None:
    for name in ("before_create", "after_create"):
        for listener in getattr(target.dispatch, name):
            if not (_is_ddl(listener) or _is_of_a_type(listener)):
                raise _UnknownError(f"{listener!r} is called {name} of {target!r}")


def _is_ddl(listener: object) -> bool:
    """Whether a listener is a statement, which nothing but the dialect decides about."""
    return (
        isinstance(listener, ExecutableDDLElement)
        and type(listener).__call__ is ExecutableDDLElement.__call__
        and not _is_conditional(listener)
    )


def _is_of_a_type(listener: object) -> bool:
    """Whether a listener is SQLAlchemy's own method that creates the type of a column, such as an enum."""
    function = listener.func if isinstance(listener, partial) else listener
    if isinstance(function, MethodType):
        owner, name = function.__self__, function.__name__
    elif _is_sqlalchemys(type(function)):  # SQLAlchemy 2.0 has a class for it
        owner, name = getattr(function, "target", None), getattr(function, "name", "")
    else:
        return False
    return isinstance(owner, SchemaType) and _is_sqlalchemys(getattr(type(owner), name, None))


def _is_sqlalchemys(function: object) -> bool:
    return str(getattr(function, "__module__", "")).partition(".")[0] == "sqlalchemy"


def _is_conditional(element: object) -> bool:
    """Whether ``ddl_if`` or ``execute_if`` was given a function."""
    condition = getattr(element, "_ddl_if", None)
    return getattr(condition, "callable_", None) is not None


def _check_conditions(metadata: MetaData) -> None:
    for table in metadata.tables.values():
        for element in (table, *table.columns, *table.constraints, *table.indexes):
            if _is_conditional(element):
                raise _UnknownError(f"a function decides about {element!r}")


def _check_engine(engine: Engine) -> None:
    """Refuse listeners to all engines: they can change a statement, or prepare a connection in their way."""
    for dispatch, events in (
        (engine.dispatch, ConnectionEvents),
        (engine.pool.dispatch, PoolEvents),
        (engine.dialect.dispatch, DialectEvents),
    ):
        for name in vars(events):
            if name.startswith("_") or name == "dispatch":
                continue
            # Those of its class; the others are SQLAlchemy's own, for nobody else knows this engine.
            if found := tuple(getattr(dispatch, name).parent_listeners):
                raise _UnknownError(f"{found!r} are called on {name}")
