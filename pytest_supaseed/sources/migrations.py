"""Alembic migrations, run in the throwaway database and in no other.

Begin with :func:`upgrade`. ``env.py`` may connect in any way, whatever its URLs say: :func:`redirected` redirects the
connections that SQLAlchemy opens, and afterwards the version table is searched for, so that migrations that ran
elsewhere are an error. A redirected engine keeps its driver, and the arguments that only concern the client. The target
is replaced as a whole, so that no host, service, TLS context or function that connects is left of it.
"""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import psycopg2
from psycopg2.extensions import parse_dsn
from sqlalchemy import URL, Connection, Dialect, Engine, String, column, event, select, table, text
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, Pool

from pytest_supaseed import connecting
from pytest_supaseed.errors import SchemaError, SeedError
from pytest_supaseed.libpq import Environment
from pytest_supaseed.notation import notation
from pytest_supaseed.sources.projects import missing
from pytest_supaseed.tracebacks import describe

if TYPE_CHECKING:
    from alembic.config import Config

# env.py may rename the table alembic_version, but not its column.
_VERSION_TABLES = text("""
SELECT n.nspname AS schema, c.relname AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'version_num' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
""")
# Flask-Migrate runs Alembic itself, and its env.py asks the application that is at work for its engine.
_NO_LOCATION = """\
{0}: it has no script_location. If it is Flask-Migrate's, its env.py needs your application: write a function that \
runs the migrations, and let {1} name it, as in {2}

    from flask_migrate import upgrade
    from pytest_supaseed import rebind

    def load(connection):
        app = create_app()
        with app.app_context(), rebind(db, to=connection.engine):
            upgrade()

Otherwise add script_location = %(here)s, or the folder with env.py, to its section [alembic]."""


def upgrade(
    ini: Path,
    root: Path,
    address: connecting.Address,
    description: str,
    tell: Callable[[str], None] = lambda line: None,
) -> None:
    """Run ``alembic upgrade heads`` as in the folder of the ``alembic.ini``.

    Connections that ``env.py`` opens, to whatever database, are redirected to this one.

    Args:
        root: pytest's rootdir, in which it runs if the scripts are found only from there.
        address: of the database.
        description: of the source, for messages.
        tell: takes a line about each redirection.

    Raises:
        SchemaError: Alembic is not installed, a migration failed, or none reached the database.
    """
    try:
        import alembic.command  # noqa: F401 whether it is installed
    except ModuleNotFoundError as error:
        raise SchemaError(
            f"{notation().schema} is {description!r}, and {error}. pip install alembic"
        ) from error
    url, environment = address.url, address.environment
    engine = connecting.engine(url, environment, poolclass=NullPool)
    try:
        config, folder = _configured(ini, root, url)
        with (
            _working_folder(folder),
            _logging_kept(),
            redirected(url, description, environment) as redirection,
        ):
            revisions = _revisions(config, description)
            try:
                _run(config, engine)
            finally:
                for place in redirection.replaced:
                    tell(
                        f"{description}: env.py's connections to {place} were redirected to the throwaway database"
                    )
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


def _configured(ini: Path, root: Path, url: URL) -> tuple[Config, Path]:
    """Return the configuration of an ``alembic.ini`` with our URL, and the folder in which its scripts are found."""
    from alembic.config import Config

    config = Config(str(ini))
    written = config.file_config.get("alembic", "sqlalchemy.url", raw=True, fallback="")
    given = url.set(drivername=_driver(written))
    config.set_main_option("sqlalchemy.url", given.render_as_string(hide_password=False).replace("%", "%%"))
    location = config.get_main_option("script_location") or ""
    beside = (ini.parent / location).exists() or not (root / location).exists()
    return config, ini.parent if beside else root


def _revisions(config: Config, description: str) -> frozenset[str]:
    """Return the revisions of the migrations.

    Raises:
        SchemaError: there are none, or the configuration does not say where.
    """
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        scripts = ScriptDirectory.from_config(config)
    except CommandError as error:
        if "script_location" not in str(error):
            raise
        raise SchemaError(
            _NO_LOCATION.format(description, notation().schema, notation().schema_is("shop.testing:load"))
        ) from error
    found = frozenset(each.revision for each in scripts.walk_revisions())
    if not found:
        raise SchemaError(
            f"{description}: there are no revisions in {scripts.versions}. Make one with alembic "
            f"revision, or let {notation().schema} name the models' MetaData."
        )
    return found


def _run(config: Config, engine: Engine) -> None:
    """Run all migrations, and commit what they left uncommitted on the connection that ``env.py`` may take over."""
    from alembic import command

    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "heads")
        connection.commit()


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
    # Imported here, as it imports much, and few sessions run migrations.
    import logging.config

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


DRIVERS = ("psycopg2", "psycopg", "asyncpg", "pg8000")
GIVEN = """Let env.py use what it is given, one of
    connection = config.attributes["connection"]
    url = config.get_main_option("sqlalchemy.url")"""
_LIBPQ = frozenset((
    *("application_name", "client_encoding", "connect_timeout", "tcp_user_timeout"),
    *("keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval"),
))  # fmt: skip
# Arguments of each driver that are kept, as they do not affect the target.
_KEPT: Mapping[str, frozenset[str]] = {
    "psycopg2": _LIBPQ | {"connection_factory", "cursor_factory"},
    "psycopg": _LIBPQ | {"autocommit", "context", "cursor_factory", "prepare_threshold", "row_factory"},
    "asyncpg": frozenset((
        *("command_timeout", "connection_class", "max_cacheable_statement_size", "max_cached_statement_lifetime"),
        *("prepared_statement_cache_size", "prepared_statement_name_func", "record_class"),
        *("statement_cache_size", "timeout"),
    )),
    "pg8000": frozenset(("application_name", "tcp_keepalive", "timeout")),
}  # fmt: skip
# asyncpg takes these from a dsn only.
_TLS = ("sslmode", "sslcert", "sslkey", "sslpassword", "sslrootcert", "sslcrl", "sslnegotiation")
_WITHOUT_TLS = ("", "disable", "allow", "prefer")
_WORD = re.compile(r"(?:\\.|\S)+", re.DOTALL)
_SETTING = re.compile(r"(?:-c|--)[\w.-]+=", re.ASCII)
_IN_FORCE: list[Redirection] = []


@dataclass(frozen=True)
class Place:
    """The target of a connection; a password is no part of it.

    Attributes:
        database: its name; empty for the driver's default.
        host: a name, an address, the folder of a socket, or a service; empty for the driver's default.
        port: the port; empty for the driver's default.
    """

    database: str
    host: str
    port: str

    def __str__(self) -> str:
        database = repr(self.database) if self.database else "the default database"
        return f"{database} at {self.host or 'the default host'}{self.port and ':' + self.port}"


@dataclass
class Redirection:
    """A redirection in force, and what it has redirected.

    Attributes:
        description: of the source that connects, for messages.
        parameters: of the database that all connections reach, with libpq's names.
        environment: which of them libpq's environment may give.
        replaced: the original targets, in their order, without the database itself.
        refusal: the error about the first connection that could not be redirected; None while there is none.
    """

    description: str
    parameters: Mapping[str, Any]
    environment: Environment
    replaced: list[Place] = field(default_factory=list)
    refusal: SchemaError | None = None
    _made: list[tuple[Any, ConnectionPoolEntry]] = field(default_factory=list)

    def connect(
        self,
        dialect: Dialect,
        record: ConnectionPoolEntry,
        arguments: Sequence[Any],
        given: Mapping[str, Any],
    ) -> Any:
        """Open a connection to the database in the place of another one: a listener of ``do_connect``."""
        there = place_of(given, arguments)
        if dialect.name != "postgresql" or dialect.driver not in _KEPT:
            raise self._refused(
                f"env.py was about to connect to {there} with {dialect.name}+{dialect.driver}. Only connections of "
                f"PostgreSQL's drivers {', '.join(DRIVERS)} can be redirected to the throwaway database."
            )
        if there != place_of(self.parameters) and there not in self.replaced:
            if self.replaced:
                raise self._refused(
                    f"env.py connects to several databases, {self.replaced[0]} and {there}, and there is one "
                    "throwaway database."
                )
            self.replaced.append(there)
        # Returned here, the connection is final: later listeners, of the user's engine, could change its
        # target.
        with connecting.absent(self.environment):
            connection = dialect.connect(**_parameters(dialect.driver, self.parameters, given))
        self._made.append((connection, record))
        return connection

    def connected(self, connection: Any, record: ConnectionPoolEntry) -> None:
        """Refuse a connection that a function of the user's has opened: a listener of a pool's ``connect``."""
        if not self._is_made(connection):
            connection.close()
            raise self._refused(
                "env.py's engine opens its connections by a function (creator=, async_creator=, pool=), and they "
                "cannot be redirected to the throwaway database."
            )

    def checked_out(self, connection: Any, record: ConnectionPoolEntry, proxy: Any) -> None:
        """Refuse a connection that was opened before the redirection: a listener of a pool's ``checkout``."""
        # SQLAlchemy closes a connection that is refused here, and a SQLite database in memory would be lost
        # with it.
        if not self._is_made(connection) and "sqlite" not in type(connection).__module__:
            raise self._refused(
                "env.py uses an engine that was connected to a database before, and its connections cannot be "
                "redirected to the throwaway database. Let nothing connect while modules are imported, or call "
                "dispose() on the engine where that is done."
            )

    def _is_made(self, connection: Any) -> bool:
        return any(each is connection for each, _ in self._made)

    def _refused(self, why: str) -> SchemaError:
        error = SchemaError(f"{self.description}: {why} It was stopped. {GIVEN}")
        self.refusal = self.refusal or error
        return error

    def returned(self, connection: Any, record: ConnectionPoolEntry) -> None:
        """Close a redirected connection, which its pool would keep: a listener of ``checkin``."""
        if self._is_made(connection):
            record.invalidate()

    def release(self) -> None:
        """Have redirected connections that are still in use closed when they are returned."""
        for connection, record in self._made:
            if record.dbapi_connection is connection:
                record.invalidate(soft=True)
        self._made.clear()


@contextmanager
def redirected(url: URL, description: str, environment: Environment) -> Iterator[Redirection]:
    """Redirect all connections that SQLAlchemy opens in the block.

    Args:
        url: of the database, for psycopg2.
        description: of the source that connects, for messages.
        environment: which parameters of connections libpq's environment may give.
    """
    redirection = Redirection(description, connecting.parameters(url, environment), environment)
    listeners = (
        (Engine, "do_connect", redirection.connect),
        (Pool, "connect", redirection.connected),
        (Pool, "checkout", redirection.checked_out),
        (Pool, "checkin", redirection.returned),
    )
    for target, name, listener in listeners:
        event.listen(target, name, listener, insert=True)
    _IN_FORCE.append(redirection)
    try:
        yield redirection
    finally:
        _IN_FORCE.remove(redirection)
        for target, name, listener in listeners:
            event.remove(target, name, listener)
        redirection.release()


def is_redirecting() -> bool:
    """Whether a redirection is in force, so that all connections that SQLAlchemy opens reach its database."""
    return bool(_IN_FORCE)


def place_of(given: Mapping[str, Any], arguments: Sequence[Any] = ()) -> Place:
    """Return the target of the arguments of any driver."""
    dsn = given.get("dsn") or next((each for each in arguments if each), "")
    written: Mapping[str, Any] = {}
    if dsn:
        try:
            written = parse_dsn(str(dsn))
        except psycopg2.ProgrammingError:
            # The positional argument is SQLite's file.
            written = {"dbname": dsn if "=" not in str(dsn) and "://" not in str(dsn) else ""}

    def first(*names: str) -> str:
        found = next((value for name in names if (value := given.get(name) or written.get(name))), "")
        return ",".join(map(str, found)) if isinstance(found, list | tuple) else str(found)

    return Place(
        first("dbname", "database"), first("hostaddr", "host", "unix_sock", "service"), first("port")
    )


def _parameters(driver: str, ours: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments for a driver to reach the database, with the kept ones of those that it was given."""
    kept = {name: value for name, value in given.items() if name in _KEPT[driver]}
    options = " ".join(filter(None, (str(ours.get("options") or ""), _settings(given.get("options")))))
    if driver == "asyncpg":
        theirs = dict(given.get("server_settings") or {})
        return {**kept, **_for_asyncpg({**ours, "options": options}, theirs)}
    if driver == "pg8000":
        return {**kept, **_for_pg8000(ours)}
    return {**ours, **kept, **({"options": options} if options else {})}


def _settings(options: object) -> str:
    """The settings in libpq's ``options``, without what a pooler or a hosted server reads there.

    Example:
        >>> _settings("-csearch_path=app endpoint=ep-1 -c jit=off")
        '-csearch_path=app -c jit=off'
    """
    words = iter(_WORD.findall(str(options or "")))
    found = []
    for word in words:
        whole = f"-c {next(words, '')}" if word == "-c" else word
        if _SETTING.match(whole.replace("-c ", "-c", 1)):
            found.append(whole)
    return " ".join(found)


def _for_asyncpg(ours: Mapping[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    hosts = str(ours.get("hostaddr") or ours.get("host") or "").split(",")
    ports = [int(port) for port in str(ours.get("port") or 5432).split(",")]
    sent = {
        name: str(ours[name]) for name in ("application_name", "client_encoding", "options") if ours.get(name)
    }
    found: dict[str, Any] = {
        "host": hosts if len(hosts) > 1 else hosts[0] or None,
        "port": ports if len(ports) > 1 else ports[0],
        "user": ours.get("user"),
        "password": ours.get("password"),
        "database": ours.get("dbname"),
        "server_settings": {**sent, **settings},
    }
    if ours.get("passfile"):
        found["passfile"] = ours["passfile"]
    if ours.get("target_session_attrs"):
        found["target_session_attrs"] = ours["target_session_attrs"]
    # Zero, libpq's value for no limit, is an immediate timeout to asyncpg.
    if (seconds := float(ours.get("connect_timeout") or 0)) > 0:
        found["timeout"] = seconds
    tls = {name: ours[name] for name in _TLS if ours.get(name)}
    if tls:
        found["dsn"] = f"postgresql://?{urlencode(tls)}"
    return found


def _for_pg8000(ours: Mapping[str, Any]) -> dict[str, Any]:
    host, port = str(ours.get("hostaddr") or ours.get("host") or "localhost"), int(ours.get("port") or 5432)
    found = {"user": ours.get("user") or "", "password": ours.get("password"), "database": ours.get("dbname")}
    if host.startswith("/"):
        return {**found, "unix_sock": f"{host}/.s.PGSQL.{port}"}
    if str(ours.get("sslmode") or "") not in _WITHOUT_TLS:
        raise SchemaError(
            f"env.py connects with pg8000, and the server of {notation().server_setting} asks for TLS, for which the "
            "two have no words in common: let env.py use psycopg, psycopg2 or asyncpg."
        )
    return {**found, "host": host, "port": port}
