"""Every cell of the table in docs/reference/stacks.md is a test that passes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2].joinpath("docs", "reference", "stacks.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in re.findall(r"^\|.*\|$", PAGE, re.MULTILINE)[2:]
]
FIXTURES = {row[0]: [re.findall(r"`([\w.]+)`", cell) for cell in row[1:3]] for row in ROWS}
HEAD = """
import asyncio, uuid
import pytest
from sqlalchemy import text
pytestmark = pytest.mark.seed(users=5, setups=8)
ROWS, CHANGE = "SELECT count(*) FROM setups", "DELETE FROM setups"
"""
# What a test does with the object of a fixture: it finds the rows, changes and commits.
SYNC = {
    "seeded_connection": """
    assert seeded_connection.scalar(text(ROWS)) == 8
    seeded_connection.execute(text(CHANGE))
    seeded_connection.commit()""",
    "seeded_session": """
    assert seeded_session.scalar(text(ROWS)) == 8
    seeded_session.execute(text(CHANGE))
    seeded_session.commit()""",
    "seeded_engine": """
    with seeded_engine.begin() as connection:
        assert connection.scalar(text(ROWS)) == 8
        connection.execute(text(CHANGE))""",
    "seeded_url": """
    from sqlalchemy import create_engine
    engine = create_engine(seeded_url)
    with engine.begin() as connection:
        assert connection.scalar(text(ROWS)) == 8
        connection.execute(text(CHANGE))
    engine.dispose()""",
    "seeded_db": """
    assert seeded_db.counts()["setups"] == 8
    with seeded_db.engine.begin() as connection:
        connection.execute(text(CHANGE))""",
    "seeded_psycopg": """
    assert seeded_psycopg.execute(ROWS).fetchone() == (8,)
    seeded_psycopg.execute(CHANGE)
    seeded_psycopg.commit()""",
    "seeded_address": """
    from sqlalchemy import create_engine
    engine = create_engine(seeded_address)
    with engine.begin() as connection:
        assert connection.scalar(text(ROWS)) == 8
        connection.execute(text(CHANGE))
    engine.dispose()""",
}
ASYNC = {
    "seeded_async_connection": """
    assert await seeded_async_connection.scalar(text(ROWS)) == 8
    await seeded_async_connection.execute(text(CHANGE))
    await seeded_async_connection.commit()""",
    "seeded_async_session": """
    assert await seeded_async_session.scalar(text(ROWS)) == 8
    await seeded_async_session.execute(text(CHANGE))
    await seeded_async_session.commit()""",
    "seeded_async_engine": """
    async with seeded_async_engine.begin() as connection:
        assert await connection.scalar(text(ROWS)) == 8
        await connection.execute(text(CHANGE))""",
    "seeded_async_psycopg": """
    cursor = await seeded_async_psycopg.execute(ROWS)
    assert await cursor.fetchone() == (8,)
    await seeded_async_psycopg.execute(CHANGE)
    await seeded_async_psycopg.commit()""",
}
# Where one fixture is used in another way than by its name alone.
OF_STACK = {
    ("psycopg 3", "seeded_dsn"): """
    import psycopg
    with psycopg.connect(seeded_dsn) as connection:
        assert connection.execute(ROWS).fetchone() == (8,)
        connection.execute(CHANGE)""",
    ("psycopg2", "seeded_dsn"): """
    import psycopg2
    connection = psycopg2.connect(seeded_dsn)
    with connection, connection.cursor() as cursor:
        cursor.execute(ROWS)
        assert cursor.fetchone() == (8,)
        cursor.execute(CHANGE)
    connection.close()""",
    ("psycopg2", "seeded_connection.connection"): """
    connection = seeded_connection.connection.driver_connection
    cursor = connection.cursor()
    cursor.execute(ROWS)
    assert cursor.fetchone() == (8,)
    cursor.execute(CHANGE)
    connection.commit()""",
    **{
        ("psycopg_pool", fixture): f"""
    import psycopg_pool
    check = psycopg_pool.ConnectionPool.check_connection
    with psycopg_pool.ConnectionPool({fixture}, min_size=0, max_size=2, check=check) as pool:
        for rows in (8, 0):
            with pool.connection() as connection:
                assert connection.execute(ROWS).fetchone() == (rows,)
                connection.execute(CHANGE)"""
        for fixture in ("seeded_dsn", "seeded_address.dsn")
    },
    **{
        ("peewee", fixture): f"""
    import peewee
    database = peewee.PostgresqlDatabase({fixture})
    with database.connection_context(), database.atomic():
        assert database.execute_sql(ROWS).fetchone() == (8,)
        database.execute_sql(CHANGE)"""
        for fixture in ("seeded_dsn", "seeded_address.dsn")
    },
    **{
        ("Tortoise ORM", fixture): f"""
    url = {fixture}.replace("postgresql:", "asyncpg:")
    await Tortoise.init(db_url=url, modules={{"models": [__name__]}})
    assert await Setup.all().count() == 8
    await Setup.all().delete()
    await Tortoise.close_connections()"""
        for fixture in ("seeded_dsn", "seeded_address.dsn")
    },
    ("asyncpg", "seeded_dsn"): """
    import asyncpg
    connection = await asyncpg.connect(seeded_dsn)
    assert await connection.fetchval(ROWS) == 8
    await connection.execute(CHANGE)
    await connection.close()""",
}
TORTOISE = """
from tortoise import Tortoise, fields
from tortoise.models import Model
class Setup(Model):
    id = fields.IntField(primary_key=True)
    class Meta:
        table = "setups"
"""
DRIVERS = {
    "SQLAlchemy": ("psycopg2", "seeded_engine.dialect.driver"),
    "SQLAlchemy with psycopg 3": ("psycopg", "seeded_engine.dialect.driver"),
    "async SQLAlchemy with asyncpg": ("asyncpg", "seeded_async_engine.dialect.driver"),
    "async SQLAlchemy with psycopg 3": ("psycopg", "seeded_async_engine.dialect.driver"),
}


def written(stack: str) -> str:
    """A module with two tests for each fixture: the second finds what the first has deleted."""
    parts = [HEAD]
    if stack == "SQLModel":
        parts.append("import sqlmodel")
    if stack == "Tortoise ORM":
        parts.append(TORTOISE)
    for fixture in [name for cell in FIXTURES[stack] for name in cell]:
        name = fixture.partition(".")[0]
        is_async = fixture in ASYNC or stack in ("asyncpg", "Tortoise ORM")
        body = OF_STACK.get((stack, fixture)) or ASYNC.get(fixture) or SYNC[fixture]
        for turn in ("first", "again"):
            mark = "@pytest.mark.asyncio\nasync " if is_async else ""
            parts.append(f"{mark}def test_{fixture.replace('.', '_')}_{turn}({name}):{body}")
    if stack in DRIVERS:
        driver, path = DRIVERS[stack]
        fixture = path.partition(".")[0]
        mark = "@pytest.mark.asyncio\nasync " if fixture in ASYNC else ""
        body = ASYNC.get(fixture) or SYNC[fixture]
        parts.append(f"{mark}def test_driver({fixture}):{body}\n    assert {path} == {driver!r}")
    if stack == "SQLModel":
        parts.append(
            "def test_kind(seeded_session):\n    assert isinstance(seeded_session, sqlmodel.Session)"
        )
    return "\n".join(parts)


# Stacks that ask for the same settings share a session, but for SQLModel, which gives all tests sessions of its own.
SESSIONS: dict[tuple[str, ...], list[str]] = {}
for row in ROWS:
    if row[0] != "Django":
        settings = re.findall(r"`(supaseed_\w+ = \w+)`", row[3])
        SESSIONS.setdefault((*settings, *(["SQLModel"] if row[0] == "SQLModel" else [])), []).append(row[0])


@pytest.mark.parametrize("stacks", SESSIONS.values(), ids=", ".join)
def test_every_fixture_of_a_stack_finds_its_rows_twice(project: pytest.Pytester, stacks: list[str]) -> None:
    settings = "\n".join(
        re.findall(r"`(supaseed_\w+ = \w+)`", next(row[3] for row in ROWS if row[0] in stacks))
    )
    project.makeini(
        f"[pytest]\nsupaseed_schema = schema.sql\nasyncio_default_fixture_loop_scope = function\n{settings}\n"
    )
    names = {f"test_{re.sub('[^a-z0-9]', '_', stack.lower())}": stack for stack in stacks}
    project.makepyfile(**{name: written(stack) for name, stack in names.items()})
    result = project.runpytest_subprocess("-p", "pytest_asyncio.plugin", "-W", "error", "-v")
    numbers = {
        name: 2 * sum(map(len, FIXTURES[stack])) + (stack in DRIVERS) + (stack == "SQLModel")
        for name, stack in names.items()
    }
    result.assert_outcomes(passed=sum(numbers.values()))
    assert {name: result.stdout.str().count(f"{name}.py::") for name in names} == numbers


def test_django_has_tests_and_a_page_of_its_own() -> None:
    assert FIXTURES["Django"] == [["db", "django.test.TestCase"], ["transactional_db", "live_server"]]
    tests = Path(__file__).parents[1]
    found = "\n".join(path.read_text(encoding="utf-8") for path in tests.glob("**/test_*django*.py"))
    for word in ("transactional_db", "live_server", "TestCase", "django_db"):
        assert word in found
    for page in re.findall(r"\]\(([\w-]+\.md)\)", PAGE):
        assert tests.parent.joinpath("docs", page).is_file(), page
