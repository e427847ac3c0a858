"""FORCE ROW LEVEL SECURITY under a role without BYPASSRLS, on a server of the user's."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg2
import pytest
from sqlalchemy import URL

from pytest_supaseed.postgres.databases.maintenance import libpq_url
from test_fixtures import passes

SCHEMA = """
CREATE TABLE tenants (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE notes (id serial PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants, body text NOT NULL);
CREATE TABLE words (id int PRIMARY KEY, word text NOT NULL UNIQUE);
INSERT INTO words VALUES (1, 'one'), (2, 'two');
CREATE TABLE days (day date NOT NULL, note text) PARTITION BY RANGE (day);
CREATE TABLE days_2020 PARTITION OF days FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE FUNCTION known() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT FROM words) THEN RAISE EXCEPTION 'no words'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER known BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION known();
DO $$ DECLARE name text; BEGIN
    FOREACH name IN ARRAY ARRAY['notes', 'words', 'days'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    END LOOP;
END $$;
-- An error where the setting was never made.
CREATE POLICY own ON notes USING (tenant_id = current_setting('app.tenant')::int);
"""


@pytest.fixture
def plain(
    project: pytest.Pytester, server_url: URL, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.Pytester]:
    """A project whose role may make databases, and nothing else."""
    connection = psycopg2.connect(libpq_url(server_url))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE owner_plain; CREATE ROLE plain_rows LOGIN CREATEDB PASSWORD 'plain'")
    url = server_url.set(username="plain_rows", password="plain")
    monkeypatch.setenv("SUPASEED_POSTGRES", libpq_url(url))
    project.path.joinpath("schema.sql").write_text(SCHEMA, encoding="utf-8")
    yield project
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE plain_rows; DROP ROLE owner_plain")
    connection.close()


def test_policies_that_are_forced_are_lifted_while_seeding(plain: pytest.Pytester) -> None:
    passes(
        plain,
        """
        import pytest
        from sqlalchemy import text

        pytestmark = pytest.mark.seed(tenants=3, notes=9, words=5, days=4)
        FORCED = "SELECT count(*) FROM pg_class WHERE relforcerowsecurity"

        def check(connection, tenant):
            connection.execute(text(f"SET app.tenant = '{tenant}'"))
            count = lambda table: connection.scalar(text(f"SELECT count(*) FROM {table}"))
            assert [count(table) for table in ("tenants", "notes", "words", "days")] == [3, 3, 0, 0]
            assert connection.scalar(text(FORCED)) == 3

        @pytest.mark.parametrize("tenant", [1, 2, 3])
        def test_shared(seeded_connection, tenant):
            check(seeded_connection, tenant)
            seeded_connection.execute(text("DELETE FROM notes"))
            seeded_connection.commit()

        def test_own(seeded_db):
            with seeded_db.engine.connect() as connection:
                check(connection, 1)
            with seeded_db.rolled_back():
                pass
            seeded_db.verify()

        def test_rows_of_the_load_count(seeded_session):
            seeded_session.execute(text("ALTER TABLE words NO FORCE ROW LEVEL SECURITY"))
            seeded_session.execute(text("ALTER TABLE days NO FORCE ROW LEVEL SECURITY"))
            assert seeded_session.scalar(text("SELECT count(*) FROM words")) == 5
            assert seeded_session.scalar(text("SELECT count(*) FROM days")) == 4

        @pytest.mark.seed(words=1)
        def test_too_few(seeded_db): ...
        """,
        passed=5,
        errors=1,
    )


def test_policies_that_cannot_be_lifted_are_the_reason_of_a_refusal(
    plain: pytest.Pytester, server_url: URL
) -> None:
    connection = psycopg2.connect(libpq_url(server_url))
    with connection, connection.cursor() as cursor:
        cursor.execute("ALTER ROLE plain_rows NOINHERIT; GRANT owner_plain TO plain_rows")
    connection.close()
    plain.path.joinpath("schema.sql").write_text(
        """
        CREATE SCHEMA app;
        SET search_path = app;
        CREATE TABLE free (id serial PRIMARY KEY);
        CREATE TABLE closed (id int PRIMARY KEY, what text NOT NULL);
        ALTER TABLE closed ENABLE ROW LEVEL SECURITY;
        GRANT ALL ON SCHEMA app TO owner_plain;
        ALTER TABLE closed OWNER TO owner_plain;
        SET ROLE owner_plain;
        GRANT ALL ON closed TO plain_rows;
        """,
        encoding="utf-8",
    )
    plain.makepyfile(
        """
        import pytest

        @pytest.mark.seed({"app.free": 3, "app.closed": 7})
        def test_closed(seeded_db): ...

        @pytest.mark.seed({"app.free": 3, "app.closed": 0})
        def test_free(seeded_db): ...
        """
    )
    result = plain.runpytest_inprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*app.closed has row-level security, which holds for the role that seeds it: it does not own the table, "
            "and lacks BYPASSRLS: have that role create the table, or be a member of its owner; or name a "
            "superuser, or a role with BYPASSRLS, in supaseed_postgres; or write *app.closed*: 0*"
        ]
    )
