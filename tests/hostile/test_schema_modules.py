"""Modules of the schema are imported, and schemas loaded, before the fixtures of a test replace what they look at."""

from __future__ import annotations

import pytest

MODELS = """
import datetime
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

print("models are imported")

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime.datetime]

def create(connection):
    with open("loads", "a") as file:
        print(datetime.datetime.now().year, file=file)
    Base.metadata.create_all(connection)
"""
USING = """
import pytest

@pytest.mark.seed(users=2)
def test_rows(seeded_connection):
    assert seeded_connection.exec_driver_sql("SELECT count(*) FROM users").scalar_one() == 2
"""
FROZEN = """
import freezegun
import pytest

@pytest.fixture(autouse=True)
def frozen():
    with freezegun.freeze_time("2001-02-03"):
        yield
"""
FAKE_FILES = """
import builtins
import os
import pytest

@pytest.fixture(autouse=True)
def nothing_is_there(monkeypatch):
    def missing(*arguments, **options):
        raise FileNotFoundError("a test has taken the files away")

    monkeypatch.setattr(builtins, "open", missing)
    monkeypatch.setattr(os, "environ", {})
"""


def configure(project: pytest.Pytester, schema: str, *more: str) -> None:
    lines = ["[pytest]", f"supaseed_schema = {schema}", "addopts = --strict-markers -W default", *more]
    project.makeini("\n".join(lines))


@pytest.fixture
def shop(project: pytest.Pytester) -> pytest.Pytester:
    project.path.joinpath("shop_models.py").write_text(MODELS, encoding="utf-8")
    project.makepyfile(USING)
    configure(project, "shop_models:Base")
    return project


@pytest.mark.parametrize("name", ["Base", "create"])
def test_a_frozen_clock_does_not_stand_still_for_the_schema(shop: pytest.Pytester, name: str) -> None:
    configure(shop, f"shop_models:{name}")
    shop.makeconftest(FROZEN)
    shop.runpytest_inprocess().assert_outcomes(passed=1)
    if name == "create":
        [year] = shop.path.joinpath("loads").read_text(encoding="utf-8").split()
        assert year != "2001"


@pytest.mark.parametrize("kind", ["function", "class", "module"])
def test_fixtures_narrower_than_the_session_come_after_the_load(shop: pytest.Pytester, kind: str) -> None:
    configure(shop, "shop_models:create")
    shop.makeconftest(FROZEN.replace("autouse=True", f"autouse=True, scope={kind!r}"))
    shop.runpytest_inprocess().assert_outcomes(passed=1)
    assert shop.path.joinpath("loads").read_text(encoding="utf-8").strip() != "2001"


def test_fixtures_of_the_session_come_before_it(shop: pytest.Pytester) -> None:
    configure(shop, "shop_models:create")
    shop.makeconftest(FROZEN.replace("autouse=True", "autouse=True, scope='session'"))
    shop.runpytest_inprocess().assert_outcomes(passed=1)
    assert shop.path.joinpath("loads").read_text(encoding="utf-8").strip() == "2001"


def test_files_that_a_test_takes_away_are_there_for_the_schema(shop: pytest.Pytester) -> None:
    configure(shop, "shop_models:create")
    shop.makeconftest(FAKE_FILES)
    shop.runpytest_inprocess().assert_outcomes(passed=1)


def test_what_modules_print_is_not_shown(shop: pytest.Pytester) -> None:
    result = shop.runpytest_inprocess()
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*models are imported*")


@pytest.mark.parametrize("option", ["--collect-only", "--setup-plan", "--fixtures", "--fixtures-per-test"])
def test_nothing_is_imported_where_nothing_is_run(shop: pytest.Pytester, option: str) -> None:
    shop.path.joinpath("shop_models.py").write_text(
        "open('imported', 'w').close()\n" + MODELS, encoding="utf-8"
    )
    assert shop.runpytest_inprocess(option).ret == 0
    assert not shop.path.joinpath("imported").exists()


@pytest.mark.parametrize("tests", ["def test_plain():\n    pass\n", USING], ids=["plain", "another schema"])
def test_nothing_is_imported_that_no_test_uses(shop: pytest.Pytester, tests: str) -> None:
    configure(shop, "shop_models:Base")
    shop.path.joinpath("shop_models.py").write_text("open('imported', 'w').close()\n", encoding="utf-8")
    shop.makepyfile(tests)
    shop.makeconftest("""
        import pytest

        @pytest.fixture(scope="session")
        def supaseed_schema():
            return "schema.sql"
    """)
    shop.path.joinpath("schema.sql").write_text("CREATE TABLE users (id int)", encoding="utf-8")
    shop.runpytest_inprocess().assert_outcomes(passed=1)
    assert not shop.path.joinpath("imported").exists()


def test_a_module_that_cannot_be_imported_is_an_error_of_its_tests(shop: pytest.Pytester) -> None:
    shop.path.joinpath("shop_models.py").write_text(
        "with open('imports', 'a') as file:\n    file.write('x')\nraise ValueError('no shop today')\n",
        encoding="utf-8",
    )
    shop.makepyfile(USING, test_others="def test_plain():\n    pass\n")
    shop.makepyfile(test_more=USING.replace("test_rows", "test_more"))
    result = shop.runpytest_inprocess()
    result.assert_outcomes(passed=1, errors=2)
    result.stdout.fnmatch_lines([
        "supaseed_schema is 'shop_models:Base', and shop_models cannot be imported: ValueError: no shop today",
        "  at */shop_models.py:3, in <module>",
    ])  # fmt: skip
    result.stdout.no_fnmatch_line("*INTERNALERROR*")
    # When the tests have been collected, and for the first that needs it.
    assert shop.path.joinpath("imports").read_text(encoding="utf-8") == "xx"


def test_what_a_fixture_of_the_session_sets_may_be_needed(
    shop: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOP_NAME", raising=False)
    shop.path.joinpath("shop_models.py").write_text(
        "import os\nos.environ['SHOP_NAME']\n" + MODELS, encoding="utf-8"
    )
    shop.makeconftest("""
        import os
        import pytest

        @pytest.fixture(scope="session", autouse=True)
        def settings():
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("SHOP_NAME", "a")
                yield
    """)
    shop.runpytest_inprocess().assert_outcomes(passed=1)


def test_the_first_reason_is_told(shop: pytest.Pytester) -> None:
    # The second attempt meets the table that the first has left in the MetaData.
    shop.path.joinpath("shop_base.py").write_text(
        "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase):\n    pass\n",
        encoding="utf-8",
    )
    shop.path.joinpath("shop_models.py").write_text(
        "from shop_base import Base\nfrom sqlalchemy import Column, Integer, Table\n"
        "Table('users', Base.metadata, Column('id', Integer))\nraise KeyError('SHOP_NAME')\n",
        encoding="utf-8",
    )
    result = shop.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*shop_models cannot be imported: KeyError: 'SHOP_NAME'"])


def test_a_test_that_its_fixture_skips_is_skipped_whatever_the_schema(shop: pytest.Pytester) -> None:
    shop.path.joinpath("shop_models.py").write_text("raise ValueError('no shop today')\n", encoding="utf-8")
    shop.makeconftest("""
        import pytest

        @pytest.fixture(autouse=True)
        def skipping():
            pytest.skip("not here")
    """)
    shop.runpytest_inprocess().assert_outcomes(skipped=1)


def test_each_parameter_is_seeded(shop: pytest.Pytester) -> None:
    shop.makepyfile("""
        import pytest

        @pytest.mark.parametrize("count", [
            pytest.param(number, marks=pytest.mark.seed(users=number)) for number in (1, 2, 2, 3)
        ])
        def test_rows(count, seeded_connection, request):
            found = seeded_connection.exec_driver_sql("SELECT count(*) FROM users").scalar_one()
            assert found == count
    """)
    shop.makeconftest(FROZEN)
    shop.runpytest_inprocess().assert_outcomes(passed=4)


ENV = """
from alembic import context
from sqlalchemy import create_engine, pool

URL = "postgresql+psycopg2://app:secret@production.invalid/app"
with create_engine(URL, poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
REVISION = """
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE users (id int PRIMARY KEY)")
"""
REDIRECTED = (
    "supaseed: alembic.ini: env.py's connections to 'app' at production.invalid were redirected to the throwaway "
    "database"
)


@pytest.mark.parametrize("arguments", [(), ("-n", "2"), ("-q",)], ids=["alone", "workers", "quiet"])
def test_the_report_says_once_what_was_redirected(shop: pytest.Pytester, arguments: tuple[str, ...]) -> None:
    configure(shop, "alembic.ini")
    shop.path.joinpath("alembic.ini").write_text(
        "[alembic]\nscript_location = %(here)s/moves\n", encoding="utf-8"
    )
    versions = shop.path / "moves" / "versions"
    versions.mkdir(parents=True)
    versions.joinpath("one.py").write_text(REVISION, encoding="utf-8")
    versions.parent.joinpath("env.py").write_text(ENV, encoding="utf-8")
    shop.makepyfile(USING, test_more=USING.replace("test_rows", "test_more"))
    run = shop.runpytest_subprocess if "-n" in arguments else shop.runpytest_inprocess
    result = run(*arguments)
    assert result.ret == 0
    assert [line for line in result.outlines if "were redirected" in line] == [REDIRECTED]
    assert "secret" not in result.stdout.str() + result.stderr.str()
