"""Running Alembic's migrations, in our database and in no other."""

from __future__ import annotations

import logging
import logging.config
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    String,
    column,
    event,
    select,
    table,
    text,
)
from sqlalchemy.pool import NullPool

from pytest_supaseed import connecting
from pytest_supaseed.errors import SchemaError, SeedError
from pytest_supaseed.libpq import Environment
from pytest_supaseed.loading.frames import describe

_GIVEN = """Let env.py use what it is given, one of
    connection = config.attributes["connection"]
    url = config.get_main_option("sqlalchemy.url")
and not a URL of its own, such as that of an environment variable."""

# env.py may have chosen another name than alembic_version; the column is always this one.
_VERSION_TABLES = text("""
SELECT n.nspname AS schema, c.relname AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'version_num' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
""")


def upgrade(
    ini: Path, root: Path, url: URL, description: str, environment: Environment = Environment.ALL
) -> None:
    """Run ``alembic upgrade heads`` as it runs in the folder of the ``alembic.ini``.

    Args:
        ini: the ``alembic.ini``.
        root: pytest's rootdir, the folder to run in if the scripts are found only from there.
        url: of the database, for psycopg2.
        description: of the source, for messages.
        environment: which parameters of our own connection libpq's environment may give.

    Raises:
        SchemaError: Alembic is not installed, a migration failed, or ``env.py`` did not use our database.
    """
    try:
        from alembic import command
        from alembic.config import Config
        from alembic.script import ScriptDirectory
    except ModuleNotFoundError as error:
        raise SchemaError(f"supaseed_schema is {description!r}, and {error}. pip install alembic") from error
    engine = connecting.engine(url, environment, poolclass=NullPool)
    try:
        config = Config(str(ini))
        given = url.set(
            drivername=_driver(config.file_config.get("alembic", "sqlalchemy.url", raw=True, fallback=""))
        )
        config.set_main_option(
            "sqlalchemy.url", given.render_as_string(hide_password=False).replace("%", "%%")
        )
        location = config.get_main_option("script_location") or ""
        beside = (ini.parent / location).exists() or not (root / location).exists()
        with _working_folder(ini.parent if beside else root), _logging_kept(), _only(url, description):
            scripts = ScriptDirectory.from_config(config)
            revisions = {each.revision for each in scripts.walk_revisions()}
            if not revisions:
                raise SchemaError(
                    f"{description}: there are no revisions in {scripts.versions}. Make one with alembic "
                    "revision, or let supaseed_schema name the models' MetaData."
                )
            with engine.connect() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "heads")
                connection.commit()
        with engine.connect() as connection:
            migrated = not revisions.isdisjoint(_versions(connection))
    except SeedError:
        raise
    except (Exception, SystemExit) as error:
        reason = describe(error, getattr(engine.dialect, "server_version_info", None))
        raise SchemaError(f"{description}: alembic upgrade heads failed: {reason}") from error
    finally:
        engine.dispose()
    if not migrated:
        raise SchemaError(
            f"{description}: alembic upgrade heads ran, and nothing of it is in the database that it was "
            f"given: env.py connects somewhere else, or commits nothing. {_GIVEN}"
        )


def _driver(written: str) -> str:
    """The driver that the project's ``env.py`` is made for, which may be an asynchronous one."""
    # Not make_url: the rest may be made of variables, such as %(port)s.
    found = re.match(r"postgresql\+\w+(?=:)", written)
    return found[0] if found else "postgresql+psycopg2"


def _versions(connection: Connection) -> set[str]:
    """The revisions that the database has, whatever its version table is called."""
    number = column("version_num", String)
    tables = [table(name, number, schema=schema) for schema, name in connection.execute(_VERSION_TABLES)]
    return {found for each in tables for found in connection.scalars(select(number).select_from(each))}


@contextmanager
def _only(url: URL, description: str) -> Iterator[None]:
    """Stop whoever is about to connect to another database: it may be one that the user needs."""
    ours = _place(url.get_dialect()().create_connect_args(url)[1])

    def check(dialect: object, record: object, arguments: list[Any], given: dict[str, Any]) -> None:
        there = _place(given, arguments)
        if there != ours:
            raise SchemaError(
                f"{description}: env.py was about to connect to {_named(there)}, and was given "
                f"{_named(ours)}. It was stopped. {_GIVEN}"
            )

    event.listen(Engine, "do_connect", check)
    try:
        yield
    finally:
        event.remove(Engine, "do_connect", check)


def _place(parameters: Mapping[str, Any], arguments: Sequence[Any] = ()) -> tuple[str, str, str]:
    """Database, host and port of a connection, as the parameters of any driver say them."""
    # Only SQLite's file comes as an argument.
    database = parameters.get("dbname") or parameters.get("database") or next(iter(arguments), "")
    host = parameters.get("host") or ""
    port = parameters.get("port") or ""
    host, port = ((each[0] if isinstance(each, list | tuple) else each) for each in (host, port))
    return str(database), str(host), str(port)


def _named(place: tuple[str, str, str]) -> str:
    database, host, port = place
    # What is before an @ is a part of a password that a URL should have percent-encoded.
    host = host.rpartition("@")[2]
    return f"the database {database!r} at {host or 'the default host'}{port and ':' + port}"


@contextmanager
def _working_folder(folder: Path) -> Iterator[None]:
    """Run in a folder, as the relative paths of an ``alembic.ini`` and of an ``env.py`` expect."""
    before, path = os.getcwd(), list(sys.path)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        sys.path[:] = path
        # What was found in "." is of the other folder.
        sys.path_importer_cache.pop(".", None)


@contextmanager
def _logging_kept() -> Iterator[None]:
    """Keep an ``env.py`` from configuring the logging of the tests."""
    loggers = [logging.root, *logging.root.manager.loggerDict.values()]
    before = [
        (each, each.level, each.disabled, each.propagate, list(each.handlers))
        for each in loggers
        if isinstance(each, logging.Logger)
    ]
    configure = logging.config.fileConfig
    # Not only undone afterwards: it closes all handlers that there are, pytest's log file among them.
    logging.config.fileConfig = lambda *arguments, **options: None
    try:
        yield
    finally:
        logging.config.fileConfig = configure
        for logger, level, disabled, propagate, handlers in before:
            logger.setLevel(level)
            logger.disabled, logger.propagate, logger.handlers = disabled, propagate, handlers
