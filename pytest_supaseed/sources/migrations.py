"""Alembic migrations, run in the throwaway database and in no other.

Begin with :func:`upgrade`. ``env.py`` may connect in any way: :mod:`pytest_supaseed.sources.redirection`
redirects its connections, and afterwards the version table is searched for, so that migrations that ran
elsewhere are an error.
"""

from __future__ import annotations

import logging.config
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, String, column, select, table, text
from sqlalchemy.pool import NullPool

from pytest_supaseed import connecting
from pytest_supaseed.errors import SchemaError, SeedError
from pytest_supaseed.libpq import Environment
from pytest_supaseed.sources.projects import missing
from pytest_supaseed.sources.redirection import DRIVERS, GIVEN, redirected
from pytest_supaseed.tracebacks import describe

# env.py may rename the table alembic_version, but not its column.
_VERSION_TABLES = text("""
SELECT n.nspname AS schema, c.relname AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'version_num' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
""")


def upgrade(
    ini: Path,
    root: Path,
    url: URL,
    description: str,
    environment: Environment = Environment.ALL,
    tell: Callable[[str], None] = lambda line: None,
) -> None:
    """Run ``alembic upgrade heads`` as in the folder of the ``alembic.ini``.

    Connections that ``env.py`` opens, to whatever database, are redirected to this one.

    Args:
        root: pytest's rootdir, in which it runs if the scripts are found only from there.
        url: of the database, for psycopg2.
        description: of the source, for messages.
        environment: which parameters of connections libpq's environment may give.
        tell: takes a line about each redirection.

    Raises:
        SchemaError: Alembic is not installed, a migration failed, or none reached the database.
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
        with (
            _working_folder(ini.parent if beside else root),
            _logging_kept(),
            redirected(url, description, environment) as redirection,
        ):
            scripts = ScriptDirectory.from_config(config)
            revisions = {each.revision for each in scripts.walk_revisions()}
            if not revisions:
                raise SchemaError(
                    f"{description}: there are no revisions in {scripts.versions}. Make one with alembic "
                    "revision, or let supaseed_schema name the models' MetaData."
                )
            with engine.connect() as connection:
                config.attributes["connection"] = connection
                try:
                    command.upgrade(config, "heads")
                finally:
                    for place in redirection.replaced:
                        tell(
                            f"{description}: env.py's connections to {place} were redirected to the throwaway database"
                        )
                connection.commit()
        with engine.connect() as connection:
            migrated = not revisions.isdisjoint(_versions(connection))
    except SeedError:
        raise
    except (Exception, SystemExit) as error:
        reason = describe(error, getattr(engine.dialect, "server_version_info", None), missing)
        advice = _advice(error)
        raise SchemaError(
            f"{description}: alembic upgrade heads failed: {reason}{advice and chr(10) + advice}"
        ) from error
    finally:
        engine.dispose()
    if not migrated:
        # env.py may have caught the error of a refused connection, and gone on.
        raise redirection.refusal or SchemaError(
            f"{description}: alembic upgrade heads ran, and nothing of it is in the database that it was "
            "given: env.py connects somewhere else, not by SQLAlchemy, or commits nothing. " + GIVEN
        )


def _advice(error: BaseException) -> str:
    """Advice about an ``env.py`` whose application lacks a driver or a setting; empty where there is none."""
    if isinstance(error, ModuleNotFoundError) and error.name in DRIVERS:
        return (
            f"env.py's URL is for the driver {error.name}, which is not installed: pip install {error.name}"
        )
    unset = ""
    if isinstance(error, KeyError) and error.__traceback__ is not None:
        frames = traceback.extract_tb(error.__traceback__)
        if frames[-1].filename in (os.__file__, "<frozen os>") and error.args:
            unset = f"The environment variable {error.args[0]} is not set"
    elif type(error).__module__.partition(".")[0].startswith("pydantic") and "type=missing" in str(error):
        unset = "Settings of the application are not set"
    return (
        f"{unset}. Set what env.py needs before it is run, as in a conftest.py: the address of a database may be any, "
        "such as postgresql://localhost/app, for its connections are redirected to the throwaway database."
        if unset
        else ""
    )


def _driver(written: str) -> str:
    """The driver that ``env.py`` is written for, which may be an asynchronous one."""
    # Not make_url, which fails on variables in the rest of the URL, such as %(port)s.
    found = re.match(r"postgresql\+\w+(?=:)", written)
    return found[0] if found else "postgresql+psycopg2"


def _versions(connection: Connection) -> set[str]:
    """The revisions in the database, from every version table, whatever its name."""
    number = column("version_num", String)
    tables = [table(name, number, schema=schema) for schema, name in connection.execute(_VERSION_TABLES)]
    return {found for each in tables for found in connection.scalars(select(number).select_from(each))}


@contextmanager
def _working_folder(folder: Path) -> Iterator[None]:
    """Run in a folder, from which the relative paths of ``alembic.ini`` and ``env.py`` are resolved."""
    before, path = os.getcwd(), list(sys.path)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        sys.path[:] = path
        # The cached finder of "." is that of the other folder.
        sys.path_importer_cache.pop(".", None)


@contextmanager
def _logging_kept() -> Iterator[None]:
    """Keep ``env.py`` from configuring the logging of the tests."""
    loggers = [logging.root, *logging.root.manager.loggerDict.values()]
    before = [
        (each, each.level, each.disabled, each.propagate, list(each.handlers))
        for each in loggers
        if isinstance(each, logging.Logger)
    ]
    configure = logging.config.fileConfig
    # Undoing fileConfig afterwards is not enough: it closes all handlers, that of pytest's log file included.
    logging.config.fileConfig = lambda *arguments, **options: None
    try:
        yield
    finally:
        logging.config.fileConfig = configure
        for logger, level, disabled, propagate, handlers in before:
            logger.setLevel(level)
            logger.disabled, logger.propagate, logger.handlers = disabled, propagate, handlers
