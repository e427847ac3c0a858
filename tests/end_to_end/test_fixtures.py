"""What a test gets from each fixture, and what it leaves behind: nothing."""

from __future__ import annotations

import pytest


def passes(project: pytest.Pytester, source: str, *args: str, **outcomes: int) -> pytest.RunResult:
    """Run tests, and compare how they come out."""
    project.makepyfile(source)
    result = project.runpytest_inprocess(*args)
    result.assert_outcomes(**outcomes)
    return result


def test_what_a_test_commits_is_undone(project: pytest.Pytester) -> None:
    passes(
        project,
        """
        import pytest
        from sqlalchemy import text

        pytestmark = pytest.mark.seed(users=5, setups=8)
        ADD = text("INSERT INTO setups (user_id, title, category) VALUES (1, 'x', 'van-life') RETURNING id")
        COUNT = text("SELECT count(*) FROM setups")

        @pytest.mark.parametrize("turn", range(3))
        def test_connection(seeded_connection, turn):
            assert seeded_connection.scalar(COUNT) == 8
            # The next number is the same in every test.
            assert seeded_connection.scalar(ADD) == 9
            seeded_connection.commit()
            seeded_connection.execute(text("DELETE FROM setups"))
            seeded_connection.rollback()
            assert seeded_connection.scalar(COUNT) == 9

        @pytest.mark.parametrize("turn", range(2))
        def test_blocks(seeded_connection, turn):
            with seeded_connection.begin():
                seeded_connection.execute(text("DELETE FROM setups WHERE id = 1"))
            with pytest.raises(ZeroDivisionError), seeded_connection.begin():
                seeded_connection.execute(text("DELETE FROM setups"))
                raise ZeroDivisionError
            assert seeded_connection.scalar(COUNT) == 7

        @pytest.mark.parametrize("turn", range(2))
        def test_session(seeded_session, turn):
            assert seeded_session.scalar(COUNT) == 8
            assert seeded_session.scalar(ADD) == 9
            seeded_session.commit()
            seeded_session.execute(text("DELETE FROM setups"))
            seeded_session.rollback()
            assert seeded_session.scalar(COUNT) == 9

        def test_session_and_connection_are_one(seeded_session, seeded_connection):
            seeded_connection.execute(ADD)
            assert seeded_session.scalar(COUNT) == 9
            seeded_session.execute(text("DELETE FROM setups"))
            seeded_session.rollback()
            assert seeded_connection.scalar(COUNT) == 9

        def test_at_last(seeded_connection):
            assert seeded_connection.scalar(COUNT) == 8
        """,
        passed=9,
    )


def test_an_error_does_not_end_the_tests_transaction(project: pytest.Pytester) -> None:
    passes(
        project,
        """
        import pytest
        from sqlalchemy import text
        from sqlalchemy.exc import IntegrityError

        @pytest.mark.seed(users=5, setups=8)
        def test_error(seeded_session):
            seeded_session.execute(text("DELETE FROM setups WHERE id = 1"))
            seeded_session.commit()
            with pytest.raises(IntegrityError):
                seeded_session.execute(text("DELETE FROM users"))
            seeded_session.rollback()
            assert seeded_session.scalar(text("SELECT count(*) FROM setups")) == 7

        @pytest.mark.seed(users=5, setups=8)
        def test_next(seeded_session):
            assert seeded_session.scalar(text("SELECT count(*) FROM setups")) == 8
        """,
        passed=2,
    )


def test_constraints_that_wait_for_a_commit_are_checked_at_it(project: pytest.Pytester) -> None:
    project.path.joinpath("schema.sql").write_text(
        "CREATE TABLE users (id serial PRIMARY KEY);"
        "CREATE TABLE posts (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users INITIALLY DEFERRED);"
    )
    passes(
        project,
        """
        import pytest
        from sqlalchemy import text
        from sqlalchemy.exc import IntegrityError

        pytestmark = pytest.mark.seed(users=2, posts=3)

        @pytest.mark.parametrize("turn", range(2))
        def test_refused(seeded_connection, turn):
            seeded_connection.execute(text("DELETE FROM users"))
            with pytest.raises(IntegrityError):
                seeded_connection.commit()
            seeded_connection.rollback()
            assert seeded_connection.scalar(text("SELECT count(*) FROM users")) == 2

        def test_still_deferred_after_a_commit(seeded_connection):
            for number in (7, 8):
                seeded_connection.execute(text(f"INSERT INTO posts (user_id) VALUES ({number})"))
                seeded_connection.execute(text(f"INSERT INTO users VALUES ({number})"))
                seeded_connection.commit()
            assert seeded_connection.scalar(text("SELECT count(*) FROM posts")) == 5
        """,
        passed=3,
    )


def test_what_no_rollback_undoes_is_undone_too(project: pytest.Pytester) -> None:
    passes(
        project,
        """
        import pytest
        from sqlalchemy import text

        @pytest.mark.parametrize("turn", range(2))
        def test_state(seeded_connection, turn):
            def one(query):
                return seeded_connection.scalar(text(query))

            assert one("SHOW work_mem") != "7MB"
            assert one("SELECT current_user = session_user")
            assert one("SELECT to_regclass('pg_temp.scratch')") is None
            assert one("SELECT count(*) FROM pg_prepared_statements") == 0
            assert one("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0
            assert one("SELECT count(*) FROM pg_listening_channels()") == 0
            for statement in (
                "SET work_mem = '7MB'", "SET ROLE pg_read_all_data", "RESET ROLE", "CREATE TEMP TABLE scratch ()",
                "PREPARE question AS SELECT 1", "SELECT pg_advisory_lock(7)", "LISTEN news",
                "SET ROLE pg_read_all_data",
            ):
                seeded_connection.execute(text(statement))
            seeded_connection.commit()
        """,
        passed=2,
    )


def test_a_test_that_leaves_the_transaction_is_named_and_the_next_does_not_notice(
    project: pytest.Pytester,
) -> None:
    result = passes(
        project,
        """
        import pytest
        from sqlalchemy import text

        pytestmark = pytest.mark.seed(users=5, setups=8)

        def test_leaves(seeded_connection):
            seeded_connection.execute(text("DELETE FROM setups"))
            seeded_connection.execute(text("COMMIT"))

        def test_next(seeded_connection):
            assert seeded_connection.scalar(text("SELECT count(*) FROM setups")) == 8

        @pytest.mark.parametrize(
            ("level", "message"), [("AUTOCOMMIT", "has no AUTOCOMMIT"), ("SERIALIZABLE", "keeps its isolation level")]
        )
        def test_cannot_leave_it_by_an_option(seeded_connection, level, message):
            with pytest.raises(Exception, match=f"so it {message}: let the test ask for seeded_engine or seeded_url"):
                seeded_connection.execution_options(isolation_level=level)
        """,
        passed=4,
        warnings=1,
    )
    result.stdout.fnmatch_lines(
        "*SupaseedWarning: *::test_leaves ended the transaction that was to be undone after it, by a COMMIT or "
        "ROLLBACK in SQL; the database was replaced. Use the methods commit() and rollback(), *"
    )


@pytest.mark.parametrize(
    "end", ["close()", "engine.dispose()", "connection.driver_connection.close()", "invalidate()"]
)
def test_a_connection_may_be_closed(project: pytest.Pytester, end: str) -> None:
    passes(
        project,
        f"""
        import pytest
        from sqlalchemy import text

        pytestmark = pytest.mark.seed(users=5, setups=8)

        def test_closes(seeded_connection):
            assert seeded_connection.scalar(text("SELECT nextval('setups_id_seq')")) == 9
            seeded_connection.execute(text("DELETE FROM setups"))
            seeded_connection.commit()
            seeded_connection.{end}

        def test_next(seeded_connection):
            assert seeded_connection.scalar(text("SELECT count(*) FROM setups")) == 8
            assert seeded_connection.scalar(text("SELECT nextval('setups_id_seq')")) == 9
        """,
        passed=2,
    )


def test_a_connection_may_be_lost(project: pytest.Pytester) -> None:
    passes(
        project,
        """
        import pytest
        from sqlalchemy import text

        pytestmark = pytest.mark.seed(users=5, setups=8)

        def test_loses(seeded_connection):
            with pytest.raises(Exception, match="terminat"):
                seeded_connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

        def test_next(seeded_connection):
            assert seeded_connection.scalar(text("SELECT count(*) FROM setups")) == 8
        """,
        passed=2,
    )


def test_a_database_of_its_own(project: pytest.Pytester) -> None:
    passes(
        project,
        """
        import pytest
        import psycopg2
        from sqlalchemy import text
        from pytest_supaseed import SeedError, SeededDatabase

        pytestmark = pytest.mark.seed({"public.users": 5}, setups=8)
        names = []

        @pytest.mark.parametrize("turn", range(2))
        def test_database(seeded_db, seeded_engine, seeded_url, turn):
            assert isinstance(seeded_db, SeededDatabase)
            assert seeded_db.url == seeded_url == seeded_engine.url
            # Tables are called as the marker calls them.
            assert seeded_db.counts() == {"countries": 2, "setups": 8, "public.users": 5}
            assert seeded_db.spread("setups", "users").keys() == {1, 2, 3, 4, 5}
            assert sorted(seeded_db.spread("setups", "user_id").values()) == [1, 1, 2, 2, 2]
            assert [row["code"] for row in seeded_db.rows("countries")] == ["DE", "FR"]
            assert str(seeded_db.spec) == 'seed({"public.users": 5}, setups=8)'
            assert [table.total for table in seeded_db.plan.tables] == [5, 8]
            seeded_db.verify()
            with seeded_engine.begin() as connection:
                connection.execute(text("DELETE FROM setups WHERE id < 3"))
            # Another driver, and a transaction that really ends.
            with psycopg2.connect(seeded_db.dsn) as connection:
                cursor = connection.cursor()
                cursor.execute("SELECT count(*) FROM setups")
                assert cursor.fetchone() == (6,)
            connection.close()
            with pytest.raises(SeedError) as error:
                seeded_db.verify()
            assert "  setups            8       6  <--" in str(error.value).splitlines()
            names.append(seeded_url.database)
            assert len(set(names)) == turn + 1

        def test_connection_and_session_are_opened_on_it(seeded_connection, seeded_session, seeded_db):
            assert seeded_connection.engine.url == seeded_session.get_bind().engine.url == seeded_db.url
            seeded_session.execute(text("DELETE FROM setups"))
            seeded_session.commit()
            assert seeded_db.counts()["setups"] == 0

        @pytest.mark.parametrize(
            ("ask", "message"),
            [
                (lambda db: db.rows("setup"), "There is no table 'setup' (did you mean 'setups'?)"),
                (lambda db: db.spread("setups", "user"), "does not reference user (did you mean 'users'?)"),
                (lambda db: db.spread("users", "setups"), "users references no other table"),
            ],
        )
        def test_mistakes(seeded_db, ask, message):
            with pytest.raises(SeedError) as error:
                ask(seeded_db)
            assert message in str(error.value)
        """,
        passed=6,
    )


def test_connections_that_a_test_leaves_are_ended_and_named(project: pytest.Pytester) -> None:
    result = passes(
        project,
        """
        import psycopg2
        import pytest
        from sqlalchemy import create_engine, text

        pytestmark = pytest.mark.seed(users=2)
        left = []

        def test_left(seeded_db):
            left.append(psycopg2.connect(seeded_db.dsn, application_name="my app"))
            left[0].cursor().execute("SELECT 41 + 1")

        def test_left_in_our_engine(seeded_engine):
            left.append(seeded_engine.connect())

        def test_closed(seeded_db, seeded_engine):
            application = create_engine(seeded_db.url)
            with application.connect() as one, application.connect() as other, seeded_engine.connect() as ours:
                for connection in (one, other, ours):
                    assert connection.scalar(text("SELECT count(*) FROM users")) == 2
            application.dispose()

        def test_the_next_one_has_lost_its(seeded_db):
            with pytest.raises(psycopg2.OperationalError):
                while True:
                    left[0].cursor().execute("SELECT")
        """,
        passed=4,
        warnings=2,
    )
    result.stdout.fnmatch_lines(
        [
            "*test_left left 1 connection to its database open, which was ended: my app (SELECT 41 + 1). Close*",
            "*test_left_in_our_engine left * to its database open, *",
        ]
    )


def test_a_database_is_made_ahead_for_each_seed(project: pytest.Pytester) -> None:
    passes(
        project,
        """
        import pytest

        @pytest.mark.parametrize("turn", range(3))
        @pytest.mark.parametrize("users", [pytest.param(n, marks=pytest.mark.seed(users=n)) for n in (1, 2, 3)])
        def test_counts(seeded_db, users, turn):
            assert seeded_db.counts()["users"] == users

        @pytest.mark.seed(users=7)
        def test_other(seeded_session): ...

        @pytest.mark.seed(users=2)
        def test_skipped(seeded_db): pytest.skip()
        """,
        passed=10,
        skipped=1,
    )


def test_many_seeds_take_turns_with_few_shared_databases(project: pytest.Pytester) -> None:
    passes(
        project,
        """
        import pytest
        from sqlalchemy import text

        @pytest.mark.parametrize("turn", range(2))
        @pytest.mark.parametrize("users", [pytest.param(n, marks=pytest.mark.seed(users=n)) for n in range(1, 21)])
        def test_counts(seeded_session, users, turn):
            assert seeded_session.scalar(text("SELECT count(*) FROM users")) == users
            seeded_session.execute(text("DELETE FROM users"))
            seeded_session.commit()
            ours = seeded_session.scalar(text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE split_part(current_database(), '_', 1) || '%'"
            ))
            assert ours <= 16 + 3
        """,
        passed=40,
    )


def test_a_marker_without_a_fixture_is_seeded_and_checked(project: pytest.Pytester) -> None:
    passes(
        project,
        """
        import unittest
        import pytest

        @pytest.mark.seed(users=5)
        def test_fine(): ...

        @pytest.mark.seed(setups=5)
        def test_refused(): ...

        class TestCase(unittest.TestCase):
            @pytest.mark.seed(setups=5)
            def test_method(self): ...

        @pytest.mark.seed(users=5)
        def test_asks_late(request):
            assert request.getfixturevalue("seeded_db").counts()["users"] == 5
        """,
        passed=2,
        errors=2,
    )


def test_a_fixture_without_a_marker_gives_the_schema_as_it_was_loaded(project: pytest.Pytester) -> None:
    passes(
        project,
        """
        from sqlalchemy import text

        def test_database(seeded_db):
            assert seeded_db.counts() == {"countries": 2, "setups": 0, "users": 0}

        def test_connection(seeded_connection):
            assert seeded_connection.scalar(text("SELECT count(*) FROM countries")) == 2
        """,
        passed=2,
    )


def test_asking_for_a_database_after_the_connection_is_an_error_that_says_what_to_do(
    project: pytest.Pytester,
) -> None:
    result = passes(
        project,
        """
        import pytest

        @pytest.mark.seed(users=5)
        def test_late(seeded_connection, request):
            request.getfixturevalue("seeded_engine")
        """,
        failed=1,
    )
    result.stdout.fnmatch_lines(
        "seeded_connection was opened on the shared database before this test asked for *"
    )


def test_sqlmodels_session_is_given_to_those_who_use_it(project: pytest.Pytester) -> None:
    project.makepyfile(
        models="""
        from sqlmodel import Field, SQLModel

        class Hero(SQLModel, table=True):
            id: int | None = Field(default=None, primary_key=True)
            name: str
        """
    )
    project.makeini("[pytest]\nsupaseed_schema = models:SQLModel")
    project.makepyfile("""
        import pytest
        from sqlmodel import select
        from models import Hero

        @pytest.mark.seed(hero=3)
        def test_heroes(seeded_session):
            assert len(seeded_session.exec(select(Hero)).all()) == 3
    """)
    # SQLModel's metadata is one for the process.
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_schema_and_generators_can_be_overridden_for_a_folder(project: pytest.Pytester) -> None:
    project.mkpydir("shop").joinpath("conftest.py").write_text(
        "import pytest\n"
        "from sqlalchemy import text\n"
        "@pytest.fixture(scope='session')\n"
        "def supaseed_schema():\n"
        "    return lambda connection: connection.execute(text('CREATE TABLE goods (id serial, name text NOT NULL)'))\n"
        "@pytest.fixture(scope='session')\n"
        "def supaseed_generators():\n"
        "    return {'goods.name': lambda faker: 'rope'}\n"
    )
    project.path.joinpath("shop/test_shop.py").write_text(
        "import pytest\n"
        "@pytest.mark.seed(goods=3)\n"
        "def test_goods(seeded_db):\n"
        "    assert [row['name'] for row in seeded_db.rows('goods')] == ['rope'] * 3\n"
    )
    passes(
        project,
        """
        import pytest

        @pytest.mark.seed(users=3)
        def test_users(seeded_db):
            assert seeded_db.counts()["users"] == 3
        """,
        passed=2,
    )


FACTORIES = """
    import pytest
    from sqlalchemy import text
    from pytest_supaseed import Rows, seeded_database

    camp = seeded_database(users=5, setups=Rows(8, columns={"is_public": False}), scope="module", seed=3)
    fresh = seeded_database({"public.users": 2})

    @pytest.fixture
    def owner(camp):
        return camp.rows("users")[0]

    def test_reads(camp):
        assert camp.counts() == {"countries": 2, "setups": 8, "users": 5}
        assert not any(row["is_public"] for row in camp.rows("setups"))
        assert camp.spec.seed == 3

    def test_reads_through_a_fixture(owner, fresh):
        assert owner["email"] and fresh.counts()["public.users"] == 2
"""


def test_a_factory_gives_a_database_of_any_scope(project: pytest.Pytester) -> None:
    passes(project, FACTORIES, passed=2)


def test_a_factorys_database_is_counted_before_each_test(project: pytest.Pytester) -> None:
    result = passes(
        project,
        FACTORIES
        + """
    def test_deletes(owner, camp):
        with camp.engine.begin() as connection:
            connection.execute(text("DELETE FROM setups WHERE id = 1"))

    def test_does_not_use_it(fresh): ...

    def test_notices(owner): ...

    def test_notices_as_well(camp): ...
""",
        passed=4,
        errors=2,
    )
    assert [line for line in result.outlines if line.startswith("It changed after ")] == [
        "It changed after test_a_factorys_database_is_counted_before_each_test.py::test_deletes. A test that writes "
        "wants a database of its own: seeded_db, or a seeded_database(...) of scope function; or let camp be a "
        "seeded_database(...) that has rolled_back=True, or check=False where tests may change it for others."
    ] * 2
    result.stdout.fnmatch_lines(
        [
            "camp: seed(users=5, setups=Rows(8, columns={'is_public': False})) is no longer what the database holds:",
            "  table      expected  actual",
            "  setups            8       7  <--",
        ]
    )


def test_a_factory_that_is_only_asked_for_late_says_what_to_do(project: pytest.Pytester) -> None:
    result = passes(
        project,
        """
        from pytest_supaseed import seeded_database

        camp = seeded_database(users=5)

        def test_late(request):
            request.getfixturevalue("camp")
        """,
        failed=1,
    )
    result.stdout.fnmatch_lines(
        "camp, which *:3 declares, is not among the arguments of a test or of a fixture, *"
    )


def test_pytest_postgresqls_client_fixture_works_on_our_server(project: pytest.Pytester) -> None:
    passes(
        project,
        """
        from pytest_postgresql import factories

        client = factories.postgresql("supaseed_postgres")

        def test_client(client):
            assert client.execute("SELECT count(*) FROM countries").fetchone() == (2,)
        """,
        passed=1,
    )


def test_what_is_made_up_fits_what_is_given(project: pytest.Pytester) -> None:
    project.path.joinpath("schema.sql").write_text(
        "CREATE TABLE ranges (lo int NOT NULL, hi int NOT NULL, CHECK (hi >= lo));"
        "CREATE TABLE notes (created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, title text,"
        " slug text, CHECK (updated_at >= created_at));",
        encoding="utf-8",
    )
    result = passes(
        project,
        """
        from datetime import datetime, timezone

        import pytest
        from pytest_supaseed import Rows

        DAY = datetime(2000, 1, 1, tzinfo=timezone.utc)

        @pytest.mark.seed(ranges={"count": 5, "hi": [0, -7]}, notes={"count": 5, "updated_at": DAY})
        def test_supplied_values(seeded_db):
            assert all(row["lo"] <= row["hi"] <= 0 for row in seeded_db.rows("ranges"))
            assert all(row["created_at"] <= DAY for row in seeded_db.rows("notes"))

        @pytest.mark.seed(notes=Rows(2, columns={"title": lambda faker, row: row["tilte"]}))
        def test_misspelt(): ...

        @pytest.mark.seed(
            notes=Rows(2, columns={"title": lambda faker, row: "t", "slug": lambda faker, row: row["title"]})
        )
        def test_both_take_the_row(): ...
        """,
        passed=1,
        errors=2,
    )
    result.stdout.fnmatch_lines(
        [
            "notes.title: columns={'title': ...}, <lambda>, raised KeyError: 'tilte'",
            "notes.slug: columns={'slug': ...}, <lambda>, raised KeyError: 'title': its row has created_at, "
            "updated_at, and no column that takes the row, too",
        ]
    )
