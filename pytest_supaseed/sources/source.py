"""Schema sources: the value of ``supaseed_schema``, resolved to what it names, and loaded into a database.

:func:`resolve` turns the value, such as a dotted path ``package.module:name``, a path, an object or a list of
these, into a :class:`SchemaSource` without connecting; :func:`load` creates its tables in an empty database.
:func:`import_early` imports the modules of dotted paths as soon as the tests have been collected.
"""

from __future__ import annotations

import importlib
import inspect
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from psycopg2.extensions import TRANSACTION_STATUS_INERROR
from sqlalchemy import URL, Connection, MetaData
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateSchema

from pytest_supaseed import connecting
from pytest_supaseed.errors import SchemaError, SeedError, did_you_mean
from pytest_supaseed.filesystem import exists
from pytest_supaseed.libpq import Environment
from pytest_supaseed.notation import notation
from pytest_supaseed.sources.migration_folders import read_folder
from pytest_supaseed.sources.projects import (
    FOLDERS,
    PROJECT_WORDS,
    WORDS,
    Project,
    ProjectKind,
    missing,
    named_project,
    read_project,
)
from pytest_supaseed.tracebacks import describe, is_users
from pytest_supaseed.wording import abbreviated


class UnimportableError(SchemaError):
    """A module that cannot be imported.

    Attributes:
        written: the dotted path.
    """

    def __init__(self, written: str, message: str) -> None:
        super().__init__(message)
        self.written = written


DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def split_dotted(written: str, root: Path) -> tuple[str, str] | None:
    """Split a dotted path into module and name; None for the path of a file or a folder.

    Example:
        >>> split_dotted("shop.models:Base", Path("/project")), split_dotted("schema.sql", Path("/project"))
        (('shop.models', 'Base'), None)
    """
    module, colon, name = written.partition(":")
    # C:\\ begins a path.
    dotted = DOTTED.fullmatch(module.strip()) and not name.startswith(("/", "\\"))
    if not colon or not dotted or os.path.exists(root / written):
        return None
    return module.strip(), name.strip()


def import_module(written: str, module: str, root: Path) -> object:
    """Import the module of a dotted path.

    Args:
        written: the dotted path, for messages.
        root: pytest's rootdir, which is put on ``sys.path``.

    Raises:
        UnimportableError: it cannot be imported.
    """
    put_on_path(root)
    try:
        found: object = importlib.import_module(module)
    except (Exception, SystemExit) as error:
        raise UnimportableError(
            written,
            f"{notation().schema} is {written!r}, and {module} cannot be imported: {describe(error)}\n"
            f"{root} and, if there is one, {root / 'src'} were put on sys.path.",
        ) from error
    return found


def import_early(schema: str, root: Path) -> Iterator[UnimportableError]:
    """Import the modules that a schema names, before the first test patches what they use.

    Args:
        schema: the ini option's value, of one line or several.

    Yields:
        The error of each module that cannot be imported.
    """
    for line in filter(None, map(str.strip, schema.splitlines())):
        found = split_dotted(line, root)
        # A dotted path without a name is refused by resolve().
        if found is not None and DOTTED.fullmatch(found[1]):
            try:
                import_module(line, found[0], root)
            except UnimportableError as error:
                yield error


def put_on_path(root: Path) -> None:
    """Put the rootdir and its ``src`` on ``sys.path``, so that the user's packages can be imported."""
    for folder in (root / "src", root):
        if folder.is_dir() and str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    importlib.invalidate_caches()


PLAIN_FUNCTION = "Give a plain function, which takes a SQLAlchemy Connection."


def load_object(source: SchemaSource, url: URL, environment: Environment = Environment.ALL) -> None:
    """Create the tables of a MetaData, or call the user's callable.

    Args:
        environment: which parameters of the connection libpq's environment may give.

    Raises:
        SchemaError: the tables could not be created.
    """
    engine = connecting.engine(url, environment, poolclass=NullPool)
    try:
        # Not engine.begin(), in which a callable could not execute anything after a commit of its own.
        with engine.connect() as connection:
            if source.kind == "metadata":
                create_all(source, connection)
            else:
                _call(source, connection)
            connection.commit()
    except SeedError:
        raise
    except (Exception, SystemExit) as error:
        reason = describe(error, getattr(engine.dialect, "server_version_info", None), missing)
        raise SchemaError(f"{source.description} could not be loaded: {reason}") from error
    finally:
        engine.dispose()


def _call(source: SchemaSource, connection: Connection) -> None:
    returned = source.target(connection)
    if inspect.isawaitable(returned):
        if inspect.iscoroutine(returned):
            # Else Python warns of it, far from here.
            returned.close()
        raise SchemaError(f"{source.description} returned an awaitable. {PLAIN_FUNCTION}")
    if connection.closed:
        raise SchemaError(
            f"{source.description} closed the connection that it was given, and what it did may be lost. Let "
            "it leave the connection open: it is committed and closed for it."
        )
    driver = connection.connection.driver_connection
    if driver is not None and driver.info.transaction_status == TRANSACTION_STATUS_INERROR:
        # PostgreSQL would roll back on COMMIT without an error.
        raise SchemaError(
            f"{source.description} caught an error of PostgreSQL and went on, and what it did in that "
            "transaction is lost. Let it try in a savepoint what may fail: with connection.begin_nested()."
        )


def create_all(source: SchemaSource, connection: Connection) -> None:
    """Create the tables of a MetaData, after the schemas that it names.

    Raises:
        SchemaError: the MetaData has no tables.
    """
    metadata: MetaData = source.target
    if not metadata.tables:
        raise SchemaError(
            f"{source.description} has no tables. Models add theirs when their modules are imported: import "
            f"those modules where it is defined, or let {notation().schema} name a callable, taking a SQLAlchemy "
            "Connection, that imports them and calls create_all."
        )
    columns = [column for table in metadata.tables.values() for column in table.columns]
    parts = [
        part for each in columns for part in (each.type, getattr(each.type, "item_type", None), each.default)
    ]
    owners = [*metadata.tables.values(), *parts]
    # An enum, also of an array's elements, or a sequence may be in another schema than its table.
    schemas = {schema for owner in owners if (schema := getattr(owner, "schema", None))}
    for schema in sorted(schemas):
        connection.execute(CreateSchema(schema, if_not_exists=True))
    metadata.create_all(connection)


Kind = Literal["none", "metadata", "callable", "file", "folder", "project", "alembic", "several"]
_CHOICES = f"""{{schema}} may be
  a dotted path package.module:name to one of the objects below,
  a .sql file, a folder of .sql files or of a migration tool, {FOLDERS}, or an
  alembic.ini, relative to {{root}},
  {WORDS},
  a MetaData, a declarative base or SQLModel,
  a callable that takes a SQLAlchemy Connection,
  or a list of these, which are loaded one after another."""


def _choices() -> str:
    return _CHOICES.format(schema=notation().schema, root=notation().root)


@dataclass(frozen=True)
class SchemaSource:
    """A source of a schema, which creates the tables in an empty database.

    Attributes:
        kind: of the source.
        description: what the user wrote, for messages and the report header.
        root: pytest's rootdir, which files are relative to.
        target: a ``MetaData``, a callable, or a project as its kind has read it.
        paths: the ``.sql`` files in their order, or the ``alembic.ini``.
        parts: the sources of ``"several"``, in their order.
        project_kind: of a ``"project"``.
        of_tool: whether the files of a ``"folder"`` are a migration tool's.
    """

    kind: Kind
    description: str
    root: Path
    target: Any = None
    paths: tuple[Path, ...] = ()
    parts: tuple[SchemaSource, ...] = ()
    project_kind: ProjectKind | None = None
    of_tool: bool = False

    @property
    def may_have_models(self) -> bool:
        """Whether SQLAlchemy's models may be found behind it."""
        own = self.kind in ("metadata", "callable", "alembic")
        return own or any(part.may_have_models for part in self.parts)


def resolve(value: object, root: Path) -> SchemaSource:
    """Resolve the value of ``supaseed_schema``, without connecting to a database.

    Args:
        value: of the ini option or the fixture; a string of several lines is a list of them.

    Returns:
        The source. A dotted path has been imported, files have been found.

    Raises:
        SchemaError: the value names nothing that can be loaded.

    Example:
        >>> resolve("database/migrations", Path("/project")).description  # doctest: +SKIP
        'database/migrations (12 files)'
    """
    try:
        return _resolved(value, root, ())
    except (Exception, SystemExit) as error:
        if isinstance(error, SchemaError) or not is_users(error):
            raise
        # The user's code raised it, such as a property of the object.
        raise SchemaError(
            f"{notation().schema} is {abbreviated(value)}, which cannot be read: {describe(error)}\n{_choices()}"
        ) from error


def _resolved(value: object, root: Path, within: tuple[object, ...]) -> SchemaSource:
    if isinstance(value, str):
        lines = [line.strip() for line in value.splitlines() if line.strip()]
        value = lines if len(lines) > 1 else "".join(lines)
    if isinstance(value, SchemaSource):
        return value
    if value is None or (isinstance(value, str) and not value):
        return SchemaSource("none", "no schema", root)
    if isinstance(value, list | tuple):
        if any(value is each for each in within):
            raise SchemaError(f"supaseed_schema is a list that contains itself.\n{_choices()}")
        found = (_resolved(each, root, (*within, value)) for each in value)
        parts = tuple(part for part in found if part.kind != "none")
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return SchemaSource("none", "no schema", root)
        return SchemaSource("several", ", ".join(part.description for part in parts), root, parts=parts)
    if isinstance(value, Path):
        return _from_path(str(value), root)
    if not isinstance(value, str):
        return _from_object(value, "", root)
    if value in PROJECT_WORDS:
        put_on_path(root)
        kind, project = named_project(value)
        return from_project(value, kind, project, root)
    dotted = split_dotted(value, root)
    if dotted is not None:
        return _from_object(_imported(value, *dotted, root), value, root)
    return _from_path(value, root)


def metadata_of(source: SchemaSource) -> tuple[MetaData, ...]:
    """Return the ``MetaData`` of which all of a schema is made; none where a part of it is made otherwise."""
    parts = source.parts or (source,)
    return tuple(each.target for each in parts) if all(each.kind == "metadata" for each in parts) else ()


def load(
    source: SchemaSource,
    url: URL,
    *,
    ours: bool = False,
    environment: Environment = Environment.ALL,
    tell: Callable[[str], None] = lambda line: None,
) -> None:
    """Create the schema in a database, which the caller drops after an error.

    Args:
        source: as :func:`resolve` returns it.
        ours: whether the server was started for this run, so that its roles may be altered.
        environment: which parameters of connections libpq's environment may give.
        tell: takes lines for the user.

    Raises:
        SchemaError: it could not be loaded; the message names file, line and cause.
    """
    # For all connections, those that the user's callable or env.py opens included.
    with connecting.absent(environment):
        _load(source, url, ours, environment, tell)


def _load(
    source: SchemaSource, url: URL, ours: bool, environment: Environment, tell: Callable[[str], None]
) -> None:
    # Imported late, as a cached schema needs none of them.
    from pytest_supaseed.sources import database_statements, extensions, migrations, script

    url = url.set(drivername="postgresql+psycopg2")
    for part in source.parts:
        _load(part, url, ours, environment, tell)
    parameters = connecting.parameters(url, environment)
    if source.kind in ("file", "folder"):
        known = extensions.Extensions()
        for path in source.paths:
            # A session for each file, as a dump sets the search_path of its session.
            script.run(
                script.read(path, source.root),
                parameters,
                known,
                last=path == source.paths[-1],
                migration=source.of_tool,
            )
    elif source.project_kind is not None:
        source.project_kind.load(source.target, source.root, parameters, ours=ours)
    elif source.kind == "alembic":
        put_on_path(source.root)
        address = connecting.Address(url, environment)
        with (
            database_statements.kept_in_engines(url, environment, source.description),
            extensions.stubbed_in_engines(source.description, tell),
        ):
            migrations.upgrade(source.paths[0], source.root, address, source.description, tell)
    elif source.kind in ("metadata", "callable"):
        with (
            database_statements.kept_in_engines(url, environment, source.description),
            extensions.stubbed_in_engines(source.description, tell),
        ):
            load_object(source, url, environment)


def from_project(written: str, kind: ProjectKind, project: Project, root: Path) -> SchemaSource:
    """Return the source for a project that its kind has read."""
    shown = f"{written} ({project.contents})"
    return SchemaSource("project", shown, root, project, project.paths, project_kind=kind)


def _from_object(value: object, written: str, root: Path) -> SchemaSource:
    """The source for an object; `written` is its dotted path, empty if it has none."""
    metadata = value if isinstance(value, MetaData) else getattr(value, "metadata", None)
    if isinstance(metadata, MetaData):
        name = "a MetaData" if metadata is value else _name(value)
        return SchemaSource("metadata", written or name, root, metadata)
    if inspect.isclass(value) or not callable(value):
        if inspect.iscoroutine(value):
            # Else Python warns of it, far from here.
            value.close()
        what = f"{written!r}, a {_name(type(value))}" if written else abbreviated(value)
        raise SchemaError(f"{notation().schema} is {what}, which creates no tables.\n{_choices()}")
    name = written or _name(value)
    if inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value):
        raise SchemaError(f"{notation().schema} is {name}, which is async. {PLAIN_FUNCTION}")
    if inspect.isgeneratorfunction(value):
        # A call would only create the generator.
        raise SchemaError(f"{notation().schema} is {name}, which is a generator. {PLAIN_FUNCTION}")
    try:
        inspect.signature(value).bind(object())
    except TypeError as error:
        raise SchemaError(
            f"{notation().schema} is {name}, which cannot be called with one argument, a SQLAlchemy Connection: "
            f"{error}."
        ) from error
    except ValueError:
        # A function of an extension module may have no signature.
        return SchemaSource("callable", name, root, value)
    return SchemaSource("callable", name, root, value)


def _name(value: object) -> str:
    qualified = getattr(value, "__qualname__", None)
    if qualified is None:
        return f"a {type(value).__qualname__}"
    return str(qualified) if value.__module__ == "builtins" else f"{value.__module__}.{qualified}"


def _from_path(written: str, root: Path) -> SchemaSource:
    try:
        return _found(written, root)
    except (OSError, RuntimeError, ValueError) as error:
        # An unreadable folder, an unknown ~user, or SQL in the place of a path.
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        raise SchemaError(
            f"{notation().schema} is {written!r}, and there nothing can be read: {reason}.\n{_choices()}"
        ) from error


def _found(written: str, root: Path) -> SchemaSource:
    path = (root / Path(written).expanduser()).resolve()
    there = exists(path)
    if path.is_dir():
        found = read_project(path)
        if found is not None:
            _, kind, project = found
            return from_project(written, kind, project, root)
        migrations = read_folder(path)
        files = migrations.paths
        if not files:
            below = next((each for each in sorted(path.glob("*/*")) if _is_sql(each)), None)
            instead = f" There are some in {below.parent}." if below else ""
            raise SchemaError(
                f"{notation().schema} is {written!r}, and there are no .sql files in {path}.{instead} Its "
                "subfolders are not looked into."
            )
        of_tool = f" of {migrations.tool}" if migrations.tool else ""
        count = f"1 file{of_tool}" if len(files) == 1 else f"{len(files)} files{of_tool}"
        return SchemaSource(
            "folder", f"{written} ({count})", root, paths=files, of_tool=bool(migrations.tool)
        )
    if path.is_file() and path.suffix.lower() == ".sql":
        return SchemaSource("file", written, root, paths=(path,))
    if path.is_file() and path.suffix.lower() == ".ini":
        return SchemaSource("alembic", written, root, paths=(path,))
    asked = f"{notation().schema} is {written!r}"
    if there:
        raise SchemaError(f"{asked}, which is a file of another kind.\n{_choices()}")
    if DOTTED.fullmatch(written) and "." in written and path.suffix.lower() not in (".sql", ".ini"):
        module, _, name = written.rpartition(".")
        raise SchemaError(f"{asked}. If it is an object in a module, a colon is missing: {module}:{name}")
    siblings = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
    raise SchemaError(
        f"{asked}, and there is no file or folder {path}{did_you_mean(path.name, siblings)}.\n{_choices()}"
    )


def _is_sql(path: Path) -> bool:
    # Hidden files are left out, as by *.sql: macOS adds a ._name to each file on other file systems.
    return path.suffix.lower() == ".sql" and not path.name.startswith(".") and path.is_file()


def _imported(written: str, module: str, name: str, root: Path) -> object:
    """The object that a dotted path names."""
    asked = f"{notation().schema} is {written!r}"
    if not DOTTED.fullmatch(name):
        raise SchemaError(f"{asked}, where a name is missing after the colon: package.module:name")
    found = import_module(written, module, root)
    for part in name.split("."):
        try:
            found = getattr(found, part)
        except AttributeError as error:
            if hasattr(type(found), part):
                raise SchemaError(f"{asked}, and its {part} cannot be read: {describe(error)}") from error
            near = did_you_mean(part, [each for each in dir(found) if not each.startswith("_")])
            raise SchemaError(f"{asked}, and {_name_of_holder(found)} has no {part}{near}.") from None
        except (Exception, SystemExit) as error:
            raise SchemaError(f"{asked}, and its {part} cannot be read: {describe(error)}") from error
    return found


def _name_of_holder(holder: object) -> str:
    return f"the module {holder.__name__}" if inspect.ismodule(holder) else _name(holder)
