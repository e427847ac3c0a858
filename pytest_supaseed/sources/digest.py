"""Digest of what loading a schema executes: equal digests mean equal schemas, so that a loaded one can be reused.

:func:`source_digest` reads ``.sql`` files, or compiles the DDL of a MetaData (:func:`ddl_of`);
:func:`source_fingerprint` also gives a fingerprint to sources that have no digest, with a narrower cache scope.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path
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

from pytest_supaseed import clock
from pytest_supaseed.errors import SchemaError
from pytest_supaseed.fingerprint import CacheScope, Fingerprint, combine, fingerprint_of
from pytest_supaseed.libpq import set_variables
from pytest_supaseed.sources.extensions import GENERAL, without_stubs
from pytest_supaseed.sources.inputs import depends_on_outside, depends_on_time, hashed, is_suspect
from pytest_supaseed.sources.source import SchemaSource, create_all


def source_digest(source: SchemaSource, server_version: tuple[int, ...] | None = None) -> str | None:
    """Return a digest of everything that loading a source executes.

    It depends on the content only, not on the project's path. The digest of a schema that reads the clock
    changes each day, in UTC, the server's time zone, as its rows or partitions depend on the date.

    Args:
        source: as :func:`pytest_supaseed.sources.source.resolve` returns it.
        server_version: of PostgreSQL, such as ``(18, 6)``; models have no digest without it.

    Returns:
        64 hexadecimal digits; None where the load depends on more than was read: a function of the user's,
        Alembic's migrations, files of the server, extensions that are not PostgreSQL's own; or where a file
        cannot be read, for which loading raises the error.

    Example:
        >>> source_digest(resolve("schema.sql", Path("/project")))  # doctest: +SKIP
        '3fdba35f04dc8c462986c992bcf875546257113072a909c162f7e470e581e278'
    """
    # The variables set how a session reads literals. A service's parameters are in a file that is not read
    # here.
    variables = [each for each in set_variables() if each.for_sessions and os.environ[each.name]]
    if any(each.keyword == "service" for each in variables):
        return None
    settings = (f"{each.name}={os.environ[each.name]}" for each in variables)
    content = _content(source, server_version)
    if content is None:
        return None
    return hashed((source.kind, *settings, content))


def source_fingerprint(source: SchemaSource, server_version: tuple[int, ...]) -> Fingerprint:
    """Return the fingerprint of a source: its digest, else what identifies it within the run or the process.

    Args:
        source: as :func:`pytest_supaseed.sources.source.resolve` returns it.
        server_version: of PostgreSQL, such as ``(18, 6)``.
    """
    digest = source_digest(source, server_version)
    if digest is not None:
        return Fingerprint(digest)
    if source.kind == "several":
        return combine(*(source_fingerprint(part, server_version) for part in source.parts))
    if source.kind == "callable":
        return fingerprint_of(source.target)
    # The workers of a run import the same modules and read the same files, so that a dotted path or a file
    # identifies a source within it.
    named = source.kind != "metadata" or ":" in source.description
    which = source.description if named else id(source.target)
    return Fingerprint(
        f"{source.root} {source.kind} {which} {source.paths}", CacheScope.RUN if named else CacheScope.PROCESS
    )


def _content(source: SchemaSource, server_version: tuple[int, ...] | None) -> str | None:
    if source.kind == "none":
        return ""
    if source.kind == "several":
        parts = [_content(part, server_version) for part in source.parts]
        known = [part for part in parts if part is not None]
        return hashed(known) if len(known) == len(parts) else None
    if source.kind in ("file", "folder"):
        return _of_files(source.paths, source.root)
    if source.project_kind is not None and source.project_kind.digest is not None:
        deciding = source.project_kind.digest(source.target, source.root)
        return None if deciding is None else hashed(deciding)
    if source.project_kind is not None:
        return _of_files(source.paths, source.root, source.project_kind.stubs)
    if source.kind == "metadata" and server_version is not None:
        return _of_models(source, server_version)
    return None


def _of_files(paths: Iterable[Path], root: Path, stubs: tuple[Path, ...] = (GENERAL,)) -> str | None:
    parts: list[bytes | str] = []
    for path in paths:
        try:
            content = path.read_bytes()
            texts = list(_executed(path, root, stubs)) if is_suspect(_known(content, stubs)) else [content]
        except (OSError, SchemaError):
            return None  # loading raises the error
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        parts += ["file", name, *texts, *_day(texts)]
    return hashed(parts)


def _known(text: bytes, stubs: tuple[Path, ...]) -> bytes:
    """A text without the creation of extensions that have stubs."""
    if b"extension" not in text.lower():
        return text
    decoded = text.decode("utf-8", "surrogateescape")
    return without_stubs(decoded, stubs).encode("utf-8", "surrogateescape")


def _executed(path: Path, root: Path, stubs: tuple[Path, ...]) -> Iterator[bytes]:
    """The statements of a file and of the files that it includes, for one that has to be split."""
    with warnings.catch_warnings():
        # Loading warns of the same.
        warnings.simplefilter("ignore")
        from pytest_supaseed.sources import script

        steps = script.read(path, root)
    for step in steps:
        statement = step.statement
        text = statement.text.encode("utf-8", "surrogateescape")
        if depends_on_outside(_known(text, stubs)):
            raise SchemaError(f"{step} reads what is outside of the database")
        yield statement.kind.encode()
        yield text
        yield statement.data.encode("utf-8", "surrogateescape")


def _of_models(source: SchemaSource, server_version: tuple[int, ...]) -> str | None:
    ddl = ddl_of(source, server_version)
    if ddl is None:
        return None
    texts = [statement.encode("utf-8", "surrogatepass") for statement in ddl.statements]
    if any(depends_on_outside(text) for text in texts):
        return None
    return hashed([*texts, *(() if ddl.plain else _day(texts))])


def _day(texts: Iterable[bytes]) -> list[str]:
    """Today's date where a text reads the clock, else nothing."""
    return [_today().isoformat()] if any(depends_on_time(text) for text in texts) else []


def _today() -> date:
    return clock.today()


# DDL that inserts no rows and evaluates no default.
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
# SQLAlchemy keeps them in sets, whose order differs between processes.
_UNORDERED = {AddConstraint, CreateIndex, SetConstraintComment}


@dataclass(frozen=True)
class Ddl:
    """The statements that create a MetaData.

    Attributes:
        statements: in their order, as PostgreSQL gets them.
        plain: whether all are DDL that inserts no rows.
    """

    statements: tuple[str, ...]
    plain: bool


class _UnknownError(Exception):
    """The statements of a load cannot be determined."""


def ddl_of(source: SchemaSource, server_version: tuple[int, ...]) -> Ddl | None:
    """Return the statements that loading a ``MetaData`` executes.

    Args:
        source: of the kind ``"metadata"``.
        server_version: of PostgreSQL, as SQLAlchemy's dialect has it, such as ``(18, 6)``.

    Returns:
        The statements; None where they cannot be compiled, or where a function of the user's takes part in
        executing them, which might do anything.
    """
    engine = create_engine(URL.create("postgresql+psycopg2"), poolclass=NullPool)
    _prepare(engine.dialect, server_version)
    recorder = _Recorder(engine.dialect)
    try:
        # Loading warns of the same.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _check_engine(engine)
            _check_conditions(source.target)
            create_all(source, cast("Connection", recorder))
    except Exception:
        return None  # loading raises the error
    finally:
        engine.dispose()
    statements: list[str] = [f"-- SQLAlchemy {sqlalchemy.__version__}, PostgreSQL {server_version}"]
    for kind, executed in groupby(recorder.executed, key=lambda each: each[0]):
        texts = [text for _, text in executed]
        statements += sorted(texts) if kind in _UNORDERED else texts
    return Ddl(tuple(statements), all(kind in _PLAIN for kind, _ in recorder.executed))


def _prepare(dialect: Dialect, server_version: tuple[int, ...]) -> None:
    """Set what a dialect learns from a server on connecting, as far as compilation depends on it."""
    known: Any = dialect
    known.server_version_info = server_version
    known.default_schema_name = "public"
    known.supports_virtual_generated_columns = server_version >= (18,)
    known._backslash_escapes = False


class _Recorder(MockConnection):
    """A mock connection that records statements, and lets no function of the user's be called."""

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
    """Whether a listener is a statement whose execution depends on the dialect only."""
    return (
        isinstance(listener, ExecutableDDLElement)
        and type(listener).__call__ is ExecutableDDLElement.__call__
        and not _is_conditional(listener)
    )


def _is_of_a_type(listener: object) -> bool:
    """Whether a listener is SQLAlchemy's own method that creates a column's type, such as an enum."""
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
    """Refuse listeners to all engines, which can change a statement or set up a connection."""
    for dispatch, events in (
        (engine.dispatch, ConnectionEvents),
        (engine.pool.dispatch, PoolEvents),
        (engine.dialect.dispatch, DialectEvents),
    ):
        for name in vars(events):
            if name.startswith("_") or name == "dispatch":
                continue
            # Listeners of the class. Those of this engine are SQLAlchemy's own, as it was created here.
            if found := tuple(getattr(dispatch, name).parent_listeners):
                raise _UnknownError(f"{found!r} are called on {name}")
