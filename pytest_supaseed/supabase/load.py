"""Preparing a database as a Supabase project's is, and running the project's files in it."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import psycopg2

from pytest_supaseed.errors import SchemaError, SupaseedWarning
from pytest_supaseed.loading import script
from pytest_supaseed.loading.extensions import GENERAL, Extensions
from pytest_supaseed.supabase.project import Project, version_of

STAND_INS = (GENERAL, Path(__file__).parent / "standins")
# With their schemas; all are there before the first migration.
EXTENSIONS = {
    "uuid-ossp": "extensions",
    "pgcrypto": "extensions",
    "pgjwt": "extensions",
    "pg_graphql": "graphql",
    "supabase_vault": "vault",
}
# In this order, each in one go.
_FIRST = ("roles", "schemas")
_THEN = (
    *("claims", "auth", "auth_sessions", "auth_providers", "storage", "storage_functions", "realtime"),
    *("graphql", "functions", "migrations", "owners"),
)
_SEARCH_PATH = '"$user", public, extensions'
# What no transaction takes, so that its file is run statement by statement.
_ALONE = re.compile(
    r"\s*(?:VACUUM\b|ALTER\s+SYSTEM\b|(?:CREATE|DROP)\s+TABLESPACE\b"
    r"|(?:CREATE\s+(?:UNIQUE\s+)?|DROP\s+|RE)INDEX\b[^;]*?\bCONCURRENTLY\b)",
    re.IGNORECASE,
)


def load_project(project: Project, root: Path, parameters: dict[str, object], *, ours: bool) -> None:
    """Prepare a database, and run a project's migrations and seeds in it.

    Args:
        project: the project.
        root: pytest's rootdir, for messages.
        parameters: of :func:`psycopg2.connect`.
        ours: whether the server was started for this run, so that its roles are ours to change.

    Raises:
        SchemaError: PostgreSQL refused a statement.
        SupaseedWarning: as a warning, about patterns of ``config.toml`` that no file matches, and about files that
            Supabase's CLI leaves out for their names.
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
    extensions = Extensions(STAND_INS)
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
    """Make what every project finds in its database."""
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
                # As Supabase has it; of a server that is somebody else's no role is changed.
                cursor.execute(f"ALTER ROLE current_user SET search_path = {_SEARCH_PATH}")
        except psycopg2.Error as error:
            lines = (error.diag.message_primary or str(error).strip(), error.diag.message_hint or "")
            raise SchemaError(
                "The database could not be prepared for a Supabase project: " + "\n".join(filter(None, lines))
            ) from error


def _run(connection: psycopg2.extensions.connection, path: Path, root: Path, extensions: Extensions) -> None:
    """Run a file as the CLI does: in one transaction, with settings as they are at first."""
    steps = script.read(path, root, tolerant=True)
    with connection.cursor() as cursor:
        cursor.execute("RESET ALL; RESET ROLE")
        cursor.execute("SELECT set_config('search_path', %s, false)", [_SEARCH_PATH])
        together = not any(_ALONE.match(step.statement.text) for step in steps)
        if together:
            cursor.execute("BEGIN")
        began = script.execute(connection, steps, extensions)
        if began is not None:
            try:
                cursor.execute("COMMIT")
            except psycopg2.Error as error:
                # A constraint or a trigger that has waited until then.
                raise SchemaError(f"{steps[-1].file}: {str(error).strip()}") from error


def _remember(connection: psycopg2.extensions.connection, project: Project) -> None:
    """List the migrations that were run, where the CLI does."""
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
