"""Alembic's migrations: they reach our database and no other, and leave the process as it was."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed.connecting import Address
from pytest_supaseed.errors import SchemaError
from pytest_supaseed.sources import migrations
from pytest_supaseed.sources.source import load, resolve

Query = Callable[[str], list[tuple[Any, ...]]]
Upgrade = Callable[..., None]

GIVEN = """Let env.py use what it is given, one of
    connection = config.attributes["connection"]
    url = config.get_main_option("sqlalchemy.url")"""
ELSEWHERE = (
    "alembic.ini: alembic upgrade heads ran, and nothing of it is in the database that it was given: "
    f"env.py connects somewhere else, not by SQLAlchemy, or commits nothing. {GIVEN}"
)

INI = """\
[alembic]
script_location = migrations
path_separator = os
sqlalchemy.url = {url}

[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys =

[logger_root]
level = CRITICAL
handlers = console

[handler_console]
class = StreamHandler
args = (sys.stderr,)
"""

BEGINNING = """\
from logging.config import fileConfig

from alembic import context
from sqlalchemy import create_engine, engine_from_config, pool

config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name)


def migrate(connection, **options):
    context.configure(connection=connection, **options)
    with context.begin_transaction():
        context.run_migrations()


"""
# Each is an env.py.
FROM_CONNECTION = BEGINNING + 'migrate(config.attributes["connection"])\n'
FROM_CONNECTION_CLOSED = (
    BEGINNING + 'with config.attributes["connection"] as connection:\n    migrate(connection)\n'
)
FROM_URL = (
    BEGINNING
    + """\
url = config.get_main_option("sqlalchemy.url")
with create_engine(url, poolclass=pool.NullPool).connect() as connection:
    migrate(connection)
"""
)
# The end of an env.py: writes a variable of it down, beside its folder.
NOTES = """
from pathlib import Path

Path(__file__).parents[1].joinpath("noted").write_text({})
"""
# As alembic init writes it.
FROM_SECTION = (
    BEGINNING
    + """\
section = config.get_section(config.config_ini_section, {})
connectable = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
with connectable.connect() as connection:
    migrate(connection)
"""
)

FIRST = """\
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))
"""
SECOND = """\
from alembic import op

revision = "b2"
down_revision = "a1"


def upgrade():
    op.execute("CREATE TABLE setups (user_id int REFERENCES users)")
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a project, in which nobody works."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    root = tmp_path / "project"
    root.mkdir()
    path, modules = list(sys.path), set(sys.modules)
    yield root
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.fixture
def upgrade(empty_database: URL, root: Path) -> Upgrade:
    def upgrade(ini: str = "alembic.ini", url: URL | None = None) -> None:
        load(resolve(ini, root), url or empty_database)

    return upgrade


@pytest.fixture
def query(empty_database: URL) -> Query:
    def query(sql: str) -> list[tuple[Any, ...]]:
        engine = create_engine(empty_database, poolclass=NullPool)
        with engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]

    return query


def project(
    folder: Path,
    env: str = FROM_CONNECTION,
    revisions: tuple[str, ...] = (FIRST, SECOND),
    url: str = "driver://user:pass@localhost/dbname",
    ini: str = INI,
) -> None:
    """Write what ``alembic init`` and ``alembic revision`` write."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text(ini.replace("{url}", url))
    (folder / "migrations" / "env.py").write_text(env)
    for number, content in enumerate(revisions):
        (versions / f"r{number}.py").write_text(content)


def failure(upgrade: Upgrade, *arguments: Any) -> str:
    with pytest.raises(SchemaError) as caught:
        upgrade(*arguments)
    return str(caught.value)


def tables(query: Query) -> list[str]:
    return [
        name
        for [name] in query("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    ]


MIGRATED = ["alembic_version", "setups", "users"]
ENVIRONMENTS = {
    "connection": FROM_CONNECTION,
    "connection, closed": FROM_CONNECTION_CLOSED,
    "URL": FROM_URL,
    "section": FROM_SECTION,
}


@pytest.mark.parametrize("env", ENVIRONMENTS.values(), ids=ENVIRONMENTS.keys())
def test_upgrade(env: str, root: Path, upgrade: Upgrade, query: Query) -> None:
    project(root, env)
    upgrade()
    assert tables(query) == MIGRATED
    assert query("SELECT version_num FROM alembic_version") == [("b2",)]


URLS = {
    "missing": "",
    "of the default": "driver://user:pass@localhost/dbname",
    "of another database": "postgresql://app:secret@production.example/app",
    "of another system": "sqlite:///app.db",
    "for another driver": "postgresql+psycopg://localhost/app",
    "made of variables": "%(SCHEME)s://%(USER)s@localhost:%(PORT)s/app",
    "made of variables, for a driver": "postgresql+psycopg://%(USER)s@localhost:%(PORT)s/app",
}


@pytest.mark.parametrize("env", [FROM_CONNECTION, FROM_SECTION], ids=["connection", "section"])
@pytest.mark.parametrize("url", URLS.values(), ids=URLS.keys())
def test_the_url_of_the_ini_is_replaced(
    env: str, url: str, root: Path, upgrade: Upgrade, query: Query
) -> None:
    project(root, env, url=url)
    upgrade()
    assert tables(query) == MIGRATED


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("postgresql+psycopg://localhost/app", "psycopg"),
        ("postgresql+psycopg://%(USER)s@localhost:%(PORT)s/app", "psycopg"),
        ("postgresql://localhost/app", "psycopg2"),
        ("sqlite:///app.db", "psycopg2"),
    ],
)
def test_env_py_gets_the_driver_that_it_is_made_for(
    url: str, driver: str, root: Path, upgrade: Upgrade
) -> None:
    project(root, FROM_URL + NOTES.format("url"), url=url)
    upgrade()
    assert (root / "noted").read_text().startswith(f"postgresql+{driver}://")


def test_a_project_without_a_url(root: Path, upgrade: Upgrade, query: Query) -> None:
    project(root, FROM_URL, ini=INI.replace("sqlalchemy.url = {url}\n", ""))
    upgrade()
    assert tables(query) == MIGRATED


def test_an_asynchronous_env_py(root: Path, upgrade: Upgrade, query: Query) -> None:
    pytest.importorskip("greenlet")
    env = (
        BEGINNING
        + """\
import asyncio
from sqlalchemy.ext.asyncio import async_engine_from_config


async def run():
    section = config.get_section(config.config_ini_section, {})
    connectable = async_engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    async with connectable.connect() as connection:
        await connection.run_sync(migrate)
    await connectable.dispose()


asyncio.run(run())
"""
    )
    project(root, env, url="postgresql+psycopg://localhost/app")
    upgrade()
    assert tables(query) == MIGRATED


def test_a_percent_sign_in_the_url(root: Path, upgrade: Upgrade, empty_database: URL, query: Query) -> None:
    asking = """
with create_engine(url, poolclass=pool.NullPool).connect() as connection:
    name = connection.exec_driver_sql("SHOW application_name").scalar_one()
"""
    project(root, FROM_URL + asking + NOTES.format("name"))
    upgrade("alembic.ini", empty_database.update_query_dict({"application_name": "5 %(a)s"}))
    assert (root / "noted").read_text() == "5 %(a)s"
    assert tables(query) == MIGRATED


def test_another_version_table_in_another_schema(root: Path, upgrade: Upgrade, query: Query) -> None:
    env = FROM_CONNECTION.replace(
        "migrate(config",
        'config.attributes["connection"].exec_driver_sql("CREATE SCHEMA \\"Meta\\"")\nmigrate(config',
    ).replace('"connection"])\n', '"connection"], version_table="Versions", version_table_schema="Meta")\n')
    env = env.replace("context.run_migrations()", "context.run_migrations()\n    connection.commit()")
    project(root, env)
    upgrade()
    assert query('SELECT version_num FROM "Meta"."Versions"') == [("b2",)]


def test_branches(root: Path, upgrade: Upgrade, query: Query) -> None:
    other = SECOND.replace("b2", "c3").replace("setups", "gear")
    project(root, revisions=(FIRST, SECOND, other))
    upgrade()
    assert query("SELECT version_num FROM alembic_version ORDER BY 1") == [("b2",), ("c3",)]


def test_revisions_see_the_modules_of_the_project(root: Path, upgrade: Upgrade, query: Query) -> None:
    for folder, name in (("src", "shop_src"), (".", "shop_root"), ("backend", "shop_beside")):
        (root / folder).mkdir(exist_ok=True)
        (root / folder / f"{name}.py").write_text(f"table = '{name}'\n")
    imports = "import shop_src, shop_root, shop_beside\n"
    using = (
        "for each in (shop_src, shop_root, shop_beside):\n        op.execute(f'CREATE TABLE {each.table} ()')"
    )
    second = imports + SECOND.replace(
        'op.execute("CREATE TABLE setups (user_id int REFERENCES users)")', using
    )
    ini = INI.replace("path_separator", "prepend_sys_path = .\npath_separator")
    project(root / "backend", revisions=(FIRST, second), ini=ini)
    upgrade("backend/alembic.ini")
    assert tables(query) == ["alembic_version", "shop_beside", "shop_root", "shop_src", "users"]


@pytest.mark.parametrize("location", ["migrations", "%(here)s/migrations", "backend/migrations"])
def test_the_scripts_are_found(location: str, root: Path, upgrade: Upgrade, query: Query) -> None:
    # Beside the ini, or in the folder from which the ini is used.
    ini = INI.replace("script_location = migrations", f"script_location = {location}")
    project(root / "backend", ini=ini)
    upgrade("backend/alembic.ini")
    assert tables(query) == MIGRATED


@pytest.mark.parametrize(("location", "folder"), [("migrations", "backend"), ("backend/migrations", ".")])
def test_the_working_folder_is_that_of_the_project(
    location: str, folder: str, root: Path, upgrade: Upgrade
) -> None:
    asserting = f"import os\nassert os.getcwd() == {str((root / folder).resolve())!r}, os.getcwd()\n"
    ini = INI.replace("script_location = migrations", f"script_location = {location}")
    project(root / "backend", asserting + FROM_CONNECTION, ini=ini)
    upgrade("backend/alembic.ini")


CHANGES = """
import logging
import os
import sys
logging.getLogger().setLevel(logging.CRITICAL)
logging.getLogger("shop.kept").disabled = True
logging.getLogger("shop.kept").propagate = False
logging.getLogger("shop.kept").handlers.clear()
logging.getLogger().addHandler(logging.NullHandler())
os.chdir("/")
sys.path.append("/nowhere")
"""


@pytest.mark.parametrize("end", ["", "raise RuntimeError\n"], ids=["well", "badly"])
def test_the_process_is_left_as_it_was(end: str, root: Path, upgrade: Upgrade) -> None:
    logger, handler = logging.getLogger("shop.kept"), logging.NullHandler()
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    before = (logging.root.level, list(logging.root.handlers), logging.config.fileConfig)
    folder, path = os.getcwd(), list(sys.path)
    project(root, FROM_CONNECTION + CHANGES + end)
    if end:
        assert "RuntimeError" in failure(upgrade)
    else:
        upgrade()
    assert (logging.root.level, logging.root.handlers, logging.config.fileConfig) == before
    assert (logger.level, logger.disabled, logger.propagate) == (logging.INFO, False, True)
    assert logger.handlers == [handler]
    logger.removeHandler(handler)
    assert os.getcwd() == folder
    # The packages of the project stay importable, for its tests.
    assert sys.path == [str(root), *path]


def test_handlers_are_not_closed(root: Path, upgrade: Upgrade) -> None:
    class Handler(logging.Handler):
        closed = False

        def emit(self, record: logging.LogRecord) -> None: ...

        def close(self) -> None:
            self.closed = True
            super().close()

    handler = Handler()
    project(root)
    logging.root.addHandler(handler)
    try:
        upgrade()
        # fileConfig closes whatever there is.
        assert not handler.closed
        assert handler in logging.root.handlers
    finally:
        logging.root.removeHandler(handler)


def test_connections_may_be_made_again_afterwards(root: Path, upgrade: Upgrade, server_url: URL) -> None:
    project(root)
    upgrade()
    engine = create_engine(server_url, poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1


def connecting(url: str, **options: Any) -> str:
    given = "".join(f", {name}={value!r}" for name, value in options.items())
    connect = f"with create_engine({url!r}, poolclass=pool.NullPool{given}).connect() as connection:\n"
    return f"{BEGINNING}{connect}    migrate(connection)\n"


ASYNC = (
    BEGINNING
    + """\
import asyncio
from sqlalchemy.ext.asyncio import create_async_engine


async def run():
    connectable = create_async_engine({url!r}{options})
    async with connectable.connect() as connection:
        await connection.run_sync(migrate)
        await connection.commit()


asyncio.run(run())
"""
)


def told_by(root: Path, database: URL) -> list[str]:
    lines: list[str] = []
    migrations.upgrade(root / "alembic.ini", root, Address(database), "alembic.ini", tell=lines.append)
    return lines


def redirected(place: str) -> list[str]:
    return [f"alembic.ini: env.py's connections to {place} were redirected to the throwaway database"]


APP = "postgresql+psycopg2://app:secret@production.invalid/app"
ELSEWHERES: dict[str, tuple[str, dict[str, Any], str]] = {
    "host": (APP, {}, "'app' at production.invalid"),
    "port": (APP.replace("invalid", "invalid:6543"), {}, "'app' at production.invalid:6543"),
    "psycopg": (APP.replace("psycopg2", "psycopg"), {}, "'app' at production.invalid"),
    "defaults": ("postgresql+psycopg2://", {}, "the default database at the default host"),
    "socket": ("postgresql+psycopg2:///app", {}, "'app' at the default host"),
    "another socket": ("postgresql:///app?host=/nowhere&port=1", {}, "'app' at /nowhere:1"),
    "several hosts": (
        "postgresql:///app?host=a.invalid:1&host=b.invalid:2",
        {},
        "'app' at a.invalid,b.invalid:1,2",
    ),
    "hostaddr": (APP + "?hostaddr=192.0.2.1", {}, "'app' at 192.0.2.1"),
    "service": ("postgresql:///?service=production", {}, "the default database at production"),
    "TLS": (APP + "?sslmode=verify-full&sslrootcert=/nowhere.crt", {}, "'app' at production.invalid"),
    "session attributes": (APP + "?target_session_attrs=standby", {}, "'app' at production.invalid"),
    "authentication": (APP + "?require_auth=scram-sha-256", {}, "'app' at production.invalid"),
    "channel binding": (APP + "?channel_binding=require", {}, "'app' at production.invalid"),
    "options of a pooler": (APP + "?options=endpoint%3Dep-1", {}, "'app' at production.invalid"),
    "arguments": (
        "postgresql+psycopg2://",
        {"connect_args": {"host": "production.invalid", "dbname": "app", "sslmode": "require"}},
        "'app' at production.invalid",
    ),
    "a dsn": (
        "postgresql+psycopg2://",
        {"connect_args": {"dsn": "host=production.invalid dbname=app password=secret"}},
        "'app' at production.invalid",
    ),
    "a dsn that is a URL": (
        "postgresql+psycopg2://",
        {"connect_args": {"dsn": "postgresql://app:secret@production.invalid/app"}},
        "'app' at production.invalid",
    ),
}


@pytest.mark.parametrize(("url", "options", "named"), ELSEWHERES.values(), ids=ELSEWHERES.keys())
def test_a_connection_of_env_py_is_redirected(
    url: str, options: dict[str, Any], named: str, root: Path, empty_database: URL, query: Query
) -> None:
    project(root, connecting(url, **options))
    assert told_by(root, empty_database) == redirected(named)
    assert tables(query) == MIGRATED


ASYNC_ELSEWHERES = {
    "asyncpg": ("postgresql+asyncpg://app:secret@production.invalid/app", ""),
    "asyncpg, TLS": (
        "postgresql+asyncpg://app:secret@production.invalid/app?ssl=require",
        ", connect_args={'ssl': __import__('ssl').create_default_context(), 'direct_tls': True}",
    ),
    "asyncpg, attributes": (
        "postgresql+asyncpg://app:secret@production.invalid/app?target_session_attrs=standby",
        ", connect_args={'passfile': '/nowhere', 'statement_cache_size': 0, 'server_settings': {'jit': 'off'}}",
    ),
    "asyncpg, a dsn": (
        "postgresql+asyncpg://",
        ", connect_args={'dsn': 'postgresql://app:secret@production.invalid/app'}",
    ),
    "psycopg": ("postgresql+psycopg://app:secret@production.invalid/app?sslmode=require", ""),
    "psycopg, no pool": (
        "postgresql+psycopg_async://app:secret@production.invalid/app",
        ", poolclass=pool.NullPool",
    ),
}


@pytest.mark.parametrize(("url", "options"), ASYNC_ELSEWHERES.values(), ids=ASYNC_ELSEWHERES.keys())
def test_an_asynchronous_connection_of_env_py_is_redirected(
    url: str, options: str, root: Path, empty_database: URL, query: Query
) -> None:
    pytest.importorskip("greenlet")
    pytest.importorskip("asyncpg")
    project(root, ASYNC.replace("{url!r}", repr(url)).replace("{options}", options))
    assert told_by(root, empty_database) == redirected("'app' at production.invalid")
    assert tables(query) == MIGRATED


def test_pg8000_is_redirected(root: Path, empty_database: URL, query: Query) -> None:
    pytest.importorskip("pg8000")
    project(root, connecting("postgresql+pg8000://app:secret@production.invalid/app"))
    assert told_by(root, empty_database) == redirected("'app' at production.invalid")
    assert tables(query) == MIGRATED


def test_settings_of_the_connection_are_kept(root: Path, empty_database: URL, query: Query) -> None:
    url = APP + "?options=-csearch_path%3Dshop%20endpoint%3Dep-1&application_name=shop"
    shop = "from alembic import op\nrevision = 'a0'\ndown_revision = None\n\n\ndef upgrade():\n    pass\n"
    project(
        root,
        connecting(url).replace(
            "    migrate(connection)\n",
            '    assert connection.exec_driver_sql("SHOW application_name").scalar_one() == "shop"\n'
            '    connection.exec_driver_sql("CREATE SCHEMA shop")\n'
            "    connection.commit()\n"
            "    migrate(connection)\n",
        ),
        revisions=(shop, FIRST.replace("down_revision = None", "down_revision = 'a0'")),
    )
    told_by(root, empty_database)
    assert query("SELECT schemaname::text, tablename::text FROM pg_tables WHERE tablename = 'users'") == [
        ("shop", "users")
    ]


def test_another_database_of_the_same_server_is_elsewhere(
    root: Path, empty_database: URL, server_url: URL, query: Query
) -> None:
    project(root, connecting(server_url.render_as_string(hide_password=False)))
    host, port = server_url.query["host"], server_url.query["port"]
    assert told_by(root, empty_database) == redirected(f"{server_url.database!r} at {host}:{port}")
    assert tables(query) == MIGRATED


def test_what_env_py_is_given_is_not_redirected(root: Path, empty_database: URL) -> None:
    project(root, FROM_SECTION)
    assert told_by(root, empty_database) == []


def test_listeners_of_an_engine_lead_nowhere_else(root: Path, empty_database: URL, query: Query) -> None:
    listening = """
from sqlalchemy import event

engine = create_engine("postgresql+psycopg2://production.invalid/app", poolclass=pool.NullPool)


@event.listens_for(engine, "do_connect")
def token(dialect, record, arguments, parameters):
    parameters["host"] = "elsewhere.invalid"


with engine.connect() as connection:
    migrate(connection)
"""
    project(root, BEGINNING + listening)
    assert told_by(root, empty_database) == redirected("'app' at production.invalid")
    assert tables(query) == MIGRATED


def of_the_application(root: Path, url: str, options: str = "") -> None:
    """Let env.py use an engine of the application, which lives on."""
    (root / "shop_database.py").write_text(
        f"from sqlalchemy import create_engine\n\nengine = create_engine({url!r}{options})\n"
    )
    project(
        root,
        BEGINNING
        + "from shop_database import engine\n\nwith engine.connect() as connection:\n    migrate(connection)\n",
    )


def test_an_engine_that_lives_on_keeps_no_connection_to_ours(
    root: Path, empty_database: URL, server_url: URL, upgrade: Upgrade, query: Query
) -> None:
    of_the_application(root, server_url.render_as_string(hide_password=False))
    upgrade()
    assert tables(query) == MIGRATED
    assert query("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()") == [(1,)]
    with sys.modules["shop_database"].engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT current_database()").scalar_one()
    sys.modules["shop_database"].engine.dispose()
    assert found == server_url.database


def test_an_engine_that_was_connected_before_is_refused(
    root: Path, server_url: URL, upgrade: Upgrade, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_the_application(root, server_url.render_as_string(hide_password=False))
    monkeypatch.syspath_prepend(root)
    import shop_database  # type: ignore[import-not-found]

    with shop_database.engine.connect():
        pass
    assert failure(upgrade) == (
        "alembic.ini: env.py uses an engine that was connected to a database before, and its connections cannot "
        "be redirected to the throwaway database. Let nothing connect while modules are imported, or call "
        f"dispose() on the engine where that is done. It was stopped. {GIVEN}"
    )
    shop_database.engine.dispose()
    upgrade()
    assert tables(query) == MIGRATED
    shop_database.engine.dispose()


CREATORS = {
    "creator": "create_engine('postgresql+psycopg2://', creator=lambda: psycopg2.connect(URL))",
    "a pool": "create_engine('postgresql+psycopg2://', pool=pool.QueuePool(lambda: psycopg2.connect(URL)))",
}


@pytest.mark.parametrize("engine", CREATORS.values(), ids=CREATORS.keys())
def test_a_function_that_connects_is_refused(
    engine: str, root: Path, server_url: URL, upgrade: Upgrade, query: Query
) -> None:
    url = server_url.set(drivername="postgresql").render_as_string(hide_password=False)
    connect = (
        f"import psycopg2\nURL = {url!r}\nwith {engine}.connect() as connection:\n    migrate(connection)\n"
    )
    project(root, BEGINNING + connect)
    assert failure(upgrade) == (
        "alembic.ini: env.py's engine opens its connections by a function (creator=, async_creator=, pool=), and "
        f"they cannot be redirected to the throwaway database. It was stopped. {GIVEN}"
    )
    assert tables(query) == []


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
def test_an_asynchronous_function_that_connects_is_refused(
    driver: str, root: Path, server_url: URL, upgrade: Upgrade, query: Query
) -> None:
    pytest.importorskip("greenlet")
    pytest.importorskip(driver)
    host, port, user = server_url.query["host"], server_url.query["port"], server_url.username
    connect = {
        "asyncpg": f"connect(host={host!r}, port={port}, user={user!r}, database='postgres')",
        "psycopg": f"AsyncConnection.connect('host={host} port={port} user={user} dbname=postgres')",
    }[driver]
    options = f", async_creator=lambda: __import__('{driver}').{connect}"
    project(root, ASYNC.replace("{url!r}", repr(f"postgresql+{driver}://")).replace("{options}", options))
    assert "opens its connections by a function (creator=, async_creator=, pool=)" in failure(upgrade)
    assert tables(query) == []


def test_a_file_of_sqlite_is_refused(root: Path, upgrade: Upgrade) -> None:
    project(root, connecting("sqlite:///shop.db"))
    message = failure(upgrade)
    assert re.match(
        r"alembic\.ini: env\.py was about to connect to '.*shop\.db' at the default host with ", message
    )
    assert message.endswith(
        "with sqlite+pysqlite. Only connections of PostgreSQL's drivers psycopg2, psycopg, asyncpg, pg8000 can be "
        f"redirected to the throwaway database. It was stopped. {GIVEN}"
    )
    assert not (root / "shop.db").exists()


def test_two_databases_cannot_be_one(root: Path, upgrade: Upgrade, query: Query) -> None:
    # As alembic init --template multidb connects, before any of them commits.
    two = """
engines = [create_engine(f"postgresql://app:secret@{name}.invalid/{name}") for name in ("one", "two")]
for engine in engines:
    with engine.connect() as connection:
        migrate(connection)
"""
    project(root, BEGINNING + two)
    assert failure(upgrade) == (
        "alembic.ini: env.py connects to several databases, 'one' at one.invalid and 'two' at two.invalid, and "
        f"there is one throwaway database. It was stopped. {GIVEN}"
    )


def test_env_py_that_goes_on_when_it_is_stopped(root: Path, upgrade: Upgrade) -> None:
    trying = connecting("sqlite:///shop.db").replace("with create_engine", "try:\n  with create_engine")
    project(root, f"{trying}except Exception:\n    pass\n")
    assert "with sqlite+pysqlite. Only connections of PostgreSQL" in failure(upgrade)


@pytest.mark.parametrize(("env", "says"), [
    ("import os\nurl = os.environ['SHOP_DSN']\n", "The environment variable SHOP_DSN is not set. Set"),
    (
        "import pydantic\n\nclass Settings(pydantic.BaseModel):\n    url: str\n\nSettings()\n",
        "Settings of the application are not set. Set",
    ),
])  # fmt: skip
def test_a_setting_that_env_py_lacks(env: str, says: str, root: Path, upgrade: Upgrade) -> None:
    project(root, env)
    assert failure(upgrade).splitlines()[-1] == (
        f"{says} what env.py needs before it is run, as in a conftest.py: the address of a database may be any, such "
        "as postgresql://localhost/app, for its connections are redirected to the throwaway database."
    )


def test_a_driver_that_is_not_installed(
    root: Path, upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    project(
        root,
        ASYNC.replace("{url!r}", repr("postgresql+asyncpg://app@h.invalid/app")).replace("{options}", ""),
    )
    assert failure(upgrade).splitlines()[-1] == (
        "env.py's URL is for the driver asyncpg, which is not installed: pip install asyncpg"
    )


def test_env_py_that_migrates_nothing(root: Path, upgrade: Upgrade) -> None:
    project(root, BEGINNING)
    assert failure(upgrade) == ELSEWHERE


def test_env_py_that_rolls_back(root: Path, upgrade: Upgrade) -> None:
    project(
        root, FROM_CONNECTION.replace("run_migrations()", "run_migrations()\n        connection.rollback()")
    )
    assert failure(upgrade) == ELSEWHERE


def test_no_revisions(root: Path, upgrade: Upgrade) -> None:
    project(root, revisions=())
    assert failure(upgrade) == (
        f"alembic.ini: there are no revisions in {root / 'migrations' / 'versions'}. Make one with alembic "
        "revision, or let supaseed_schema name the models' MetaData."
    )


def test_a_migration_that_fails(root: Path, upgrade: Upgrade, query: Query) -> None:
    project(root, revisions=(FIRST, SECOND.replace("users", "nobody")))
    message = failure(upgrade)
    assert message.startswith(
        'alembic.ini: alembic upgrade heads failed: UndefinedTable: relation "nobody" does not exist'
    )
    assert message.endswith(f"\n  at {root / 'migrations' / 'versions' / 'r1.py'}:8, in upgrade")
    assert tables(query) == []


def test_a_migration_that_fails_with_our_advice(root: Path, upgrade: Upgrade) -> None:
    second = SECOND.replace(
        "CREATE TABLE setups (user_id int REFERENCES users)", "CREATE TABLE auth.users ()"
    )
    project(root, FROM_URL, revisions=(FIRST, second))
    message = failure(upgrade)
    assert 'failed: InvalidSchemaName: schema "auth" does not exist' in message
    assert message.splitlines()[-1].startswith("This is a schema for Supabase: it expects")


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ("raise RuntimeError('DATABASE_URL is not set')\n", "RuntimeError: DATABASE_URL is not set"),
        ("raise SystemExit('DATABASE_URL is not set')\n", "SystemExit: DATABASE_URL is not set"),
    ],
)
def test_env_py_that_raises(env: str, says: str, root: Path, upgrade: Upgrade) -> None:
    project(root, env)
    assert failure(upgrade) == (
        f"alembic.ini: alembic upgrade heads failed: {says}\n"
        f"  at {root / 'migrations' / 'env.py'}:1, in <module>"
    )


def test_revisions_that_lead_nowhere(root: Path, upgrade: Upgrade) -> None:
    project(root, revisions=(SECOND,))
    message = failure(upgrade)
    assert message.startswith("alembic.ini: alembic upgrade heads failed: ")
    assert "a1" in message


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            "[pytest]\n",
            "it has no script_location. If it is Flask-Migrate's, its env.py needs your application",
        ),
        ("x", "alembic upgrade heads failed: MissingSectionHeaderError: File cont"),
    ],
)
def test_an_ini_that_is_not_alembic_s(content: str, says: str, root: Path, upgrade: Upgrade) -> None:
    (root / "other.ini").write_text(content)
    assert failure(upgrade, "other.ini").startswith(f"other.ini: {says}")


def test_alembic_is_not_installed(root: Path, upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch) -> None:
    project(root)
    for name in [name for name in sys.modules if name.partition(".")[0] == "alembic"]:
        monkeypatch.delitem(sys.modules, name)

    class Missing:
        def find_spec(self, name: str, path: object = None, target: object = None) -> None:
            if name.partition(".")[0] == "alembic":
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    assert failure(upgrade) == (
        "supaseed_schema is 'alembic.ini', and No module named 'alembic'. pip install alembic"
    )


def test_messages_name_the_source_as_it_was_written(root: Path, empty_database: URL) -> None:
    project(root, revisions=())
    with pytest.raises(SchemaError, match=r"^db migrations: there are no revisions in "):
        migrations.upgrade(root / "alembic.ini", root, Address(empty_database), "db migrations")
