"""Supabase project folders: migrations and seeds as ``supabase db reset`` takes them, loaded into a prepared database.

:func:`read_project` finds the files of a folder, :func:`load_project` prepares a database with Supabase's
roles, schemas, tables and extensions, and executes them. :func:`missing` advises on what a database of another kind
lacks of these. :data:`KIND` is what :mod:`pytest_supaseed.sources.projects` registers.
"""

from __future__ import annotations

import glob
import re
import sys
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from pytest_supaseed.errors import SchemaError, SupaseedWarning
from pytest_supaseed.notation import notation
from pytest_supaseed.sources import script
from pytest_supaseed.sources.extensions import GENERAL, Extensions
from pytest_supaseed.sources.projects import ProjectKind
from pytest_supaseed.supabase.users import project_defaults

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


_MIGRATION = re.compile(r"(?P<version>\d+)_(?P<name>.*)\.sql")
# As `supabase migration new` names files: elsewhere than in Supabase's folder, other numbers may be another
# tool's.
_TIMESTAMPED = re.compile(r"\d{14}_.*\.sql")
# The first file of an old CLI creates Supabase's own tables, which the prepared database has.
_OLD_INIT = re.compile(r"(?P<version>\d{14})_init\.sql")
_INIT_UNTIL = "20211209000000"
# Other tools have both directions of a migration in one file.
_BOTH_WAYS = re.compile(r"^-- *(?:migrate:up|\+goose|\+migrate)", re.MULTILINE)
_USUAL_NAME = "supabase"
_DEFAULT_SEEDS = ("./seed.sql",)


@dataclass(frozen=True)
class Project:
    """A Supabase project.

    Attributes:
        folder: with its ``config.toml`` or ``migrations/``.
        migrations: the files to execute first, in their order.
        seeds: the files to execute after them.
        declared: whether `migrations` are declarative schemas: the files of ``[db.migrations] schema_paths``
            or of ``schemas/``.
        unmatched: patterns of ``config.toml`` that match no file.
        skipped: files in ``migrations/`` that Supabase's CLI leaves out because of their names.
    """

    folder: Path
    migrations: tuple[Path, ...]
    seeds: tuple[Path, ...]
    declared: bool = False
    unmatched: tuple[str, ...] = ()
    skipped: tuple[Path, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files, in their order."""
        return self.migrations + self.seeds

    @property
    def contents(self) -> str:
        """The number of files, for messages."""
        what = "schema" if self.declared else "migration"
        found = [f"{len(self.migrations)} {what}{'' if len(self.migrations) == 1 else 's'}"]
        if self.seeds:
            found.append(f"{len(self.seeds)} seed{'' if len(self.seeds) == 1 else 's'}")
        if self.skipped:
            found.append(f"{len(self.skipped)} left out")
        return ", ".join(found)


def read_project(folder: Path) -> Project | None:
    """Return the Supabase project in a folder; None for any other folder.

    Raises:
        SchemaError: its ``config.toml`` cannot be read.
    """
    file = folder / "config.toml"
    configured = file.is_file()
    config = _table(_read(file), "db", file) if configured else {}
    migrations, seeds = _table(config, "migrations", file), _table(config, "seed", file)
    found, skipped = _migrations(folder, named=configured or folder.name == _USUAL_NAME)
    if not configured and (not found or _is_of_another_tool(folder, found)):
        return None
    unmatched: list[str] = []
    declared = False
    if not migrations.get("enabled", True):
        found = skipped = ()
    elif not found:
        found, missing = _matching(folder, _patterns(migrations, "schema_paths", (), file))
        if not found and not missing:
            # The CLI's default.
            found = tuple(sorted((folder / "schemas").rglob("*.sql")))
        declared, unmatched = bool(found), missing
    seed_files: tuple[Path, ...] = ()
    if seeds.get("enabled", True):
        seed_files, missing = _matching(folder, _patterns(seeds, "sql_paths", _DEFAULT_SEEDS, file))
        # The configuration of each new project names the default, whether there is a seed or not.
        unmatched += [pattern for pattern in missing if pattern not in _DEFAULT_SEEDS]
    return Project(folder, found, seed_files, declared, tuple(unmatched), skipped)


def version_of(path: Path) -> tuple[str, str]:
    """Return the version and the name of a migration.

    Example:
        >>> version_of(Path("20240102030405_users.sql"))
        ('20240102030405', 'users')
    """
    found = _MIGRATION.fullmatch(path.name)
    return (found["version"], found["name"]) if found else ("", path.stem)


def _migrations(folder: Path, *, named: bool) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """The migrations, and the files between them; `named` is whether the folder is known to be Supabase's."""
    pattern = _MIGRATION if named else _TIMESTAMPED
    place = folder / "migrations"
    files = sorted(place.iterdir(), key=lambda path: path.name) if place.is_dir() else []
    files = [path for path in files if path.suffix == ".sql" and not _is_old_init(path) and path.is_file()]
    found = tuple(path for path in files if pattern.fullmatch(path.name))
    return found, tuple(path for path in files if path not in found)


def _is_of_another_tool(folder: Path, migrations: tuple[Path, ...]) -> bool:
    """Whether a folder without a config.toml has plain .sql files, or migrations of dbmate, goose or migrate."""
    others = any(path.suffix == ".sql" and path.name != "seed.sql" for path in folder.iterdir())
    if (others and folder.name != _USUAL_NAME) or any(path.name.endswith(".down.sql") for path in migrations):
        return True
    return _BOTH_WAYS.search(migrations[0].read_text(encoding="utf-8", errors="replace")) is not None


def _is_old_init(path: Path) -> bool:
    found = _OLD_INIT.fullmatch(path.name)
    return found is not None and found["version"] < _INIT_UNTIL


def _matching(folder: Path, patterns: Iterable[str]) -> tuple[tuple[Path, ...], list[str]]:
    """The files that match patterns, each once and in the order of the patterns; and the patterns that match none."""
    found: dict[Path, None] = {}
    unmatched = []
    for pattern in patterns:
        names = glob.glob(pattern.removeprefix("./"), root_dir=folder, recursive=True)
        matches = [path for name in sorted(names) if (path := folder / name).is_file()]
        if not matches:
            unmatched.append(pattern)
        found.update(dict.fromkeys(matches))
    return tuple(found), unmatched


def _read(file: Path) -> Mapping[str, Any]:
    try:
        found: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        return found
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SchemaError(f"{file} cannot be read: {error}") from error


def _table(config: Mapping[str, Any], name: str, file: Path) -> Mapping[str, Any]:
    found = config.get(name, {})
    if not isinstance(found, Mapping):
        raise SchemaError(f"{file}: {name} is {found!r}, and should be a table: [db.{name}]")
    return found


def _patterns(config: Mapping[str, Any], name: str, default: tuple[str, ...], file: Path) -> tuple[str, ...]:
    found = config.get(name, default)
    if not isinstance(found, list | tuple) or not all(isinstance(each, str) and each for each in found):
        raise SchemaError(
            f"{file}: {name} is {found!r}, and should be a list of paths, such as ['./seed.sql']"
        )
    return tuple(found)


STUBS = (GENERAL, Path(__file__).parent / "stubs")
# With their schemas; all are created before the first migration.
EXTENSIONS = {
    "uuid-ossp": "extensions",
    "pgcrypto": "extensions",
    "pgjwt": "extensions",
    "pg_graphql": "graphql",
    "supabase_vault": "vault",
}
# Files of sql/ in this order; the extensions are created in between.
_FIRST = ("roles", "schemas")
_THEN = (
    *("claims", "auth", "auth_sessions", "auth_providers", "storage", "storage_functions", "realtime"),
    *("graphql", "functions", "migrations", "owners"),
)
_SEARCH_PATH = '"$user", public, extensions'


def load_project(project: Project, root: Path, parameters: dict[str, object], *, ours: bool) -> None:
    """Prepare a database, and execute a project's migrations and seeds in it.

    Args:
        root: pytest's rootdir, for messages.
        parameters: of :func:`psycopg2.connect`.
        ours: whether the server was started for this run, so that its roles may be altered.

    Raises:
        SchemaError: PostgreSQL refused a statement.
        SupaseedWarning: as a warning, about patterns of ``config.toml`` that match no file, and about files
            that Supabase's CLI leaves out because of their names.
    """
    if project.unmatched:
        warnings.warn(
            f"No file matches {', '.join(map(repr, project.unmatched))} of {project.folder / 'config.toml'}.",
            SupaseedWarning,
            stacklevel=2,
        )
    if project.skipped:
        names = ", ".join(path.name for path in project.skipped)
        warnings.warn(
            f"Left out of {project.folder / 'migrations'}, as Supabase's CLI leaves it out: {names}. The name of a "
            "migration is a number, _ and what it does, such as 20240102030405_users.sql.",
            SupaseedWarning,
            stacklevel=2,
        )
    extensions = Extensions(STUBS)
    connection = psycopg2.connect(**{**parameters, "client_encoding": "UTF8"})
    try:
        connection.autocommit = True
        _prepare(connection, extensions, ours=ours)
        for path in project.migrations:
            _run(connection, path, root, extensions)
        _remember(connection, project)
        for path in project.seeds:
            _run(connection, path, root, extensions)
    finally:
        connection.close()


def _prepare(connection: psycopg2.extensions.connection, extensions: Extensions, *, ours: bool) -> None:
    """Create what every Supabase database has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', %s, false)", [_SEARCH_PATH])
        try:
            for name in _FIRST:
                cursor.execute(_sql(name))
            for name, schema in EXTENSIONS.items():
                statement = f'CREATE EXTENSION IF NOT EXISTS "{name}" WITH SCHEMA {schema}'
                cursor.execute(extensions.understood(statement, cursor))
            for name in _THEN:
                cursor.execute(_sql(name))
            if ours:
                # As in Supabase. On a server of the user's no role is altered.
                cursor.execute(f"ALTER ROLE current_user SET search_path = {_SEARCH_PATH}")
        except psycopg2.Error as error:
            lines = (error.diag.message_primary or str(error).strip(), error.diag.message_hint or "")
            raise SchemaError(
                "The database could not be prepared for a Supabase project: " + "\n".join(filter(None, lines))
            ) from error


def _run(connection: psycopg2.extensions.connection, path: Path, root: Path, extensions: Extensions) -> None:
    """Execute a file as the CLI does: in one transaction, with the session's initial settings."""
    steps = script.read(path, root, tolerant=True)
    with connection.cursor() as cursor:
        cursor.execute("RESET ALL; RESET ROLE")
        cursor.execute("SELECT set_config('search_path', %s, false)", [_SEARCH_PATH])
    script.begun_together(connection, steps, always=True)
    began = script.execute(connection, steps, extensions)
    if began is not None:
        script.commit(connection, began)


def _remember(connection: psycopg2.extensions.connection, project: Project) -> None:
    """Record the executed migrations in the table in which the CLI does."""
    if project.declared:
        return
    with connection.cursor() as cursor:
        cursor.execute("RESET ALL; RESET ROLE")
        cursor.executemany(
            "INSERT INTO supabase_migrations.schema_migrations (version, name) VALUES (%s, %s) "
            "ON CONFLICT DO NOTHING",
            [version_of(path) for path in project.migrations],
        )


def _sql(name: str) -> str:
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")


# What the database of a Supabase project has, and a new database lacks.
_ROLES = (
    *("anon", "authenticated", "authenticator", "dashboard_user", "service_role"),
    *("supabase_admin", "supabase_auth_admin", "supabase_functions_admin", "supabase_realtime_admin"),
    "supabase_storage_admin",
)
_SCHEMAS = (
    *("auth", "extensions", "graphql", "graphql_public", "net", "pgsodium", "realtime"),
    *("storage", "supabase_functions", "supabase_migrations", "vault"),
)
_EXTENSIONS = ("pg_cron", "pgmq")
_NAMES = {"role": _ROLES, "schema": _SCHEMAS, "extension": _EXTENSIONS}


def missing(what: str, name: str, create: str) -> str:
    """Return advice on what a database lacks; an empty string where Supabase's databases lack it, too.

    Args:
        what: ``role``, ``schema`` or ``extension``.
        name: its name.
        create: the SQL that creates it.

    Example:
        >>> missing("role", "app", 'CREATE ROLE "app";')
        ''
    """
    if name not in _NAMES[what]:
        return ""
    if what == "extension":
        return f"In a Supabase project, as in {notation().schema_is('supabase')}, it is stood in for."
    return (
        "This is a schema for Supabase: it expects Supabase's roles (anon, authenticated, service_role) and "
        f"schemas (auth, extensions, storage) in the database. Let {notation().schema} name the project's folder, as "
        f"in {notation().schema_is('supabase')}, the one with config.toml and migrations/: then the database is "
        f"prepared for it. Or list a .sql file before this one that creates what it uses, such as this {what}: {create}"
    )


KIND = ProjectKind(
    read_project,
    load_project,
    STUBS,
    tuple(EXTENSIONS),
    project_defaults,
    missing,
    tables=frozenset(("auth.users", "auth.identities")),
)
