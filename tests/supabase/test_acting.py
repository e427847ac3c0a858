"""Acting as users, as nobody and with the secret key, on whatever a test works on."""

from __future__ import annotations

import pytest

PROJECT = {
    "supabase/config.toml": "",
    "supabase/migrations/20240101000000_setups.sql": """
        CREATE TABLE setups (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            user_id uuid NOT NULL DEFAULT auth.uid() REFERENCES auth.users,
            title text NOT NULL
        );
        ALTER TABLE setups ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON setups TO authenticated
            USING (user_id = (SELECT auth.uid())) WITH CHECK (user_id = (SELECT auth.uid()));
        CREATE TABLE secrets (id int PRIMARY KEY);
        ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
        CREATE POLICY second_factor ON secrets FOR SELECT TO authenticated USING (auth.jwt() ->> 'aal' = 'aal2');
        CREATE POLICY admin ON secrets FOR DELETE TO authenticated
            USING ((auth.jwt() -> 'app_metadata' ->> 'admin')::boolean);
        INSERT INTO secrets VALUES (1);
    """,
}
HEAD = """
import json
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session
from pytest_supaseed import SeedError, acting_as, acting_as_anon, acting_as_service_role

pytestmark = pytest.mark.seed({"auth.users": 3, "setups": 6})
STATE = text(
    "SELECT current_user, current_setting('role'), current_setting('request.jwt.claims', true), "
    "current_setting('request.jwt.claim.sub', true)"
)
COUNT = text("SELECT count(*) FROM setups")
ADD = text("INSERT INTO setups (user_id, title) VALUES (:user, 'x')")


def users(connection):
    return connection.scalars(text("SELECT id FROM auth.users ORDER BY id")).all()


def state(connection):
    return tuple(connection.execute(STATE).one())
"""


# What policies say.
POLICIES = """
def test_a_user_sees_only_their_own(seeded_connection):
    first, second, third = users(seeded_connection)
    with acting_as(seeded_connection, first):
        assert seeded_connection.scalar(text("SELECT auth.uid()")) == first
        assert set(seeded_connection.scalars(text("SELECT user_id FROM setups"))) == {first}
        assert seeded_connection.scalar(COUNT) == 2
    assert seeded_connection.scalar(COUNT) == 6

def test_a_user_adds_only_their_own(seeded_connection):
    first, second, third = users(seeded_connection)
    with acting_as(seeded_connection, str(first)):
        seeded_connection.execute(ADD, {"user": first})
        with pytest.raises(ProgrammingError, match='violates row-level security policy for table "setups"'):
            seeded_connection.execute(ADD, {"user": second})

def test_nobody_sees_nothing(seeded_connection):
    with acting_as_anon(seeded_connection):
        assert seeded_connection.scalar(COUNT) == 0
        assert seeded_connection.scalar(text("SELECT auth.uid()")) is None
        assert seeded_connection.scalar(text("SELECT auth.role()")) == "anon"

def test_the_secret_key_sees_all(seeded_connection):
    with acting_as_service_role(seeded_connection):
        assert seeded_connection.scalar(COUNT) == 6
        assert seeded_connection.scalar(text("SELECT current_user")) == "service_role"

def test_more_claims(seeded_connection):
    user = users(seeded_connection)[0]
    for claims, seen in (({}, 0), ({"aal": "aal2"}, 1)):
        with acting_as(seeded_connection, user, **claims):
            assert seeded_connection.scalar(text("SELECT count(*) FROM secrets")) == seen
    with acting_as(seeded_connection, user, aal="aal2", app_metadata={"admin": True}):
        assert seeded_connection.execute(text("DELETE FROM secrets")).rowcount == 1

def test_the_claims_are_those_of_the_user(seeded_connection):
    user, email = seeded_connection.execute(text("SELECT id, email FROM auth.users LIMIT 1")).one()
    with acting_as(seeded_connection, user):
        claims = seeded_connection.scalar(text("SELECT auth.jwt()"))
        assert seeded_connection.scalar(text("SELECT auth.email()")) == email
        setting = text("SELECT current_setting('request.jwt.claim.app_metadata')")
        assert json.loads(seeded_connection.scalar(setting)) == claims["app_metadata"]
    assert (claims["sub"], claims["role"], claims["aal"]) == (str(user), "authenticated", "aal1")
    assert claims["app_metadata"]["provider"] == "email"

def test_somebody_who_is_gone(seeded_connection):
    with acting_as(seeded_connection, "00000000-0000-0000-0000-00000000000a"):
        assert seeded_connection.scalar(COUNT) == 0
"""
# Afterwards all is as before.
AFTERWARDS = """
def test_after_an_error(seeded_connection):
    first, second, third = users(seeded_connection)
    before = state(seeded_connection)
    seeded_connection.execute(ADD, {"user": first})
    with pytest.raises(DBAPIError), acting_as(seeded_connection, first):
        seeded_connection.execute(ADD, {"user": second})
    assert state(seeded_connection)[:2] == before[:2]
    # What came before the block is still there.
    assert seeded_connection.scalar(COUNT) == 7

def test_nobody_has_set_anything_when_a_test_begins(seeded_connection):
    # Though the test before has.
    assert state(seeded_connection)[1:] == ("none", None, None)

def test_it_goes_on_after_an_error_that_was_expected(seeded_connection):
    first, second, third = users(seeded_connection)
    with acting_as(seeded_connection, first):
        with pytest.raises(DBAPIError), seeded_connection.begin_nested():
            seeded_connection.execute(ADD, {"user": second})
        assert seeded_connection.scalar(COUNT) == 2

def test_commits_and_rollbacks_inside(seeded_connection):
    first, second, third = users(seeded_connection)
    before = state(seeded_connection)
    with acting_as(seeded_connection, first):
        seeded_connection.execute(ADD, {"user": first})
        seeded_connection.commit()
        assert seeded_connection.scalar(COUNT) == 3
        seeded_connection.execute(ADD, {"user": first})
        seeded_connection.rollback()
        assert seeded_connection.scalar(COUNT) == 3
        seeded_connection.commit()
    assert state(seeded_connection)[:2] == before[:2]
    assert seeded_connection.scalar(COUNT) == 7

def test_an_error_after_a_commit(seeded_connection):
    first, second, third = users(seeded_connection)
    before = state(seeded_connection)
    with acting_as(seeded_connection, first):
        seeded_connection.execute(ADD, {"user": first})
        seeded_connection.commit()
        with pytest.raises(DBAPIError):
            seeded_connection.execute(ADD, {"user": second})
    assert state(seeded_connection)[:2] == before[:2]
    assert seeded_connection.scalar(COUNT) == 7

def test_one_inside_of_another(seeded_connection):
    first, second, third = users(seeded_connection)
    with acting_as(seeded_connection, first, department="x"):
        with acting_as_anon(seeded_connection):
            assert seeded_connection.scalar(text("SELECT auth.uid()")) is None
            assert seeded_connection.scalar(text("SELECT auth.email()")) is None
            assert not seeded_connection.scalar(text("SELECT current_setting('request.jwt.claim.department')"))
        assert seeded_connection.scalar(text("SELECT auth.uid()")) == first
        with acting_as(seeded_connection, second):
            assert seeded_connection.scalar(COUNT) == 2
        assert seeded_connection.scalar(text("SELECT auth.uid()")) == first
        assert seeded_connection.scalar(text("SELECT current_setting('request.jwt.claim.department')")) == "x"

def test_what_somebody_had_set(seeded_connection):
    user = users(seeded_connection)[0]
    seeded_connection.execute(text("SET LOCAL request.jwt.claims = '{}'"))
    seeded_connection.execute(text("SET LOCAL ROLE service_role"))
    before = state(seeded_connection)
    with acting_as(seeded_connection, user):
        assert seeded_connection.scalar(COUNT) == 2
    assert state(seeded_connection)[:3] == before[:3]
"""
# Sessions and databases act as well.
PLACES = """
def test_a_session(seeded_session):
    first, second, third = users(seeded_session)
    with acting_as(seeded_session, first):
        assert seeded_session.scalar(COUNT) == 2
        seeded_session.execute(ADD, {"user": first})
        seeded_session.commit()
        assert seeded_session.scalar(COUNT) == 3
        with pytest.raises(DBAPIError):
            seeded_session.execute(ADD, {"user": second})
        seeded_session.rollback()
        assert seeded_session.scalar(COUNT) == 3
    assert seeded_session.scalar(COUNT) == 7

def test_a_session_of_an_engine_takes_other_connections(seeded_engine):
    with Session(seeded_engine) as session:
        first, second, third = users(session)
        with acting_as(session, first):
            session.execute(ADD, {"user": first})
            session.commit()
            assert session.scalar(COUNT) == 3
        assert session.scalar(COUNT) == 7
        # It takes another connection again, and acts as nobody.
        session.commit()
        assert session.scalar(COUNT) == 7
        assert state(session)[1] == "none"

def test_a_database(seeded_db):
    first = seeded_db.rows("auth.users")[0]["id"]
    with acting_as(seeded_db, first) as connection:
        assert connection.scalar(COUNT) == 2
        connection.execute(ADD, {"user": first})
        connection.commit()
    assert seeded_db.counts()["setups"] == 7
    with seeded_db.engine.connect() as connection:
        assert state(connection)[1:] == ("none", None, None)

def test_a_connection_of_an_engine(seeded_engine):
    with seeded_engine.connect() as connection:
        first = users(connection)[0]
        with acting_as(connection, first):
            assert connection.scalar(COUNT) == 2
            connection.rollback()
            assert connection.scalar(COUNT) == 2
        assert connection.scalar(COUNT) == 6
    with seeded_engine.connect() as connection:
        # Another one: nobody has set anything.
        assert state(connection)[1:] == ("none", None, None)
"""
# What cannot be acted as is told.
REFUSALS = """
def test_no_id(seeded_connection):
    with pytest.raises(SeedError, match="'ann', which is no id of a user"), acting_as(seeded_connection, "ann"):
        pass
    assert seeded_connection.scalar(COUNT) == 6

def test_no_role(seeded_connection):
    user = users(seeded_connection)[0]
    with pytest.raises(SeedError, match="'nobody' cannot be acted as: role"), acting_as(
        seeded_connection, user, role="nobody"
    ):
        pass
    assert seeded_connection.scalar(COUNT) == 6

def test_no_role_on_a_connection_of_its_own(seeded_engine):
    with seeded_engine.connect() as connection:
        first = users(connection)[0]
    with pytest.raises(SeedError, match="'nobody' cannot be acted as: role"), acting_as(
        seeded_engine, first, role="nobody"
    ):
        pass
    # It does not get into the pool.
    with seeded_engine.connect() as connection:
        assert state(connection)[1:] == ("none", None, None)

def test_no_connection():
    with pytest.raises(SeedError, match="5 cannot act as somebody"), acting_as_anon(5):
        pass
"""


def test_on_a_project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, choice: str) -> None:
    # One session for all of it: most of its time goes into the server of a project.
    monkeypatch.delenv("CI", raising=False)
    for name, content in PROJECT.items():
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    pytester.makeini(f"[pytest]\nsupaseed_schema = supabase\nsupaseed_postgres = {choice}")
    tests = POLICIES + AFTERWARDS + PLACES + REFUSALS
    pytester.makepyfile(HEAD + tests)
    result = pytester.runpytest_inprocess("--strict-markers", "-W", "error")
    result.assert_outcomes(passed=tests.count("\ndef test_"))


def test_a_database_without_users(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest
        from pytest_supaseed import SeedError, acting_as

        def test_it(seeded_connection):
            with pytest.raises(SeedError, match="There is no table auth.users"):
                with acting_as(seeded_connection, "00000000-0000-0000-0000-00000000000a"):
                    pass
    """)
    project.runpytest_inprocess().assert_outcomes(passed=1)
