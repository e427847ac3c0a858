"""Role and claims of a request, on the connection that a test gave."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool, QueuePool

from pytest_supaseed.errors import SeedError
from pytest_supaseed.postgres.databases.maintenance import libpq_url
from pytest_supaseed.postgres.databases.psycopg2_connection import TestConnection
from pytest_supaseed.supabase.acting import acting_as, acting_as_anon, claims_of, service_claims, signed_in
from servers import run

ANN, BEN = (UUID(int=number) for number in (1, 2))
GONE = UUID(int=9)
SCHEMA = f"""
CREATE SCHEMA auth;
CREATE TABLE auth.users (
    id uuid PRIMARY KEY, aud text, role text, email text, phone text,
    raw_app_meta_data jsonb, raw_user_meta_data jsonb, is_anonymous boolean
);
INSERT INTO auth.users VALUES
    ('{ANN}', 'mobile', 'pg_monitor', 'ann@example.com', '+1', '{{"admin": true}}', '{{"name": "Ann"}}', true),
    ('{BEN}', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
GRANT USAGE ON SCHEMA auth TO PUBLIC;
CREATE TABLE notes (a int);
GRANT INSERT, SELECT ON notes TO PUBLIC;
"""
# Roles that every server has.
ROLE = "pg_monitor"


@pytest.fixture(scope="module")
def users_url(create_database: Callable[[], URL]) -> URL:
    """The URL of a database with the users of Supabase Auth."""
    url = create_database()
    with closing(psycopg2.connect(libpq_url(url))) as connection:
        connection.cursor().execute(SCHEMA)
        connection.commit()
    return url


@pytest.fixture
def engine(users_url: URL) -> Iterator[Engine]:
    """An engine with one connection that is used again."""
    engine = create_engine(users_url, poolclass=QueuePool, pool_size=1, max_overflow=0)
    yield engine
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE notes"))
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def setting(connection: Connection | Session, name: str) -> Any:
    return connection.scalar(text(f"SELECT current_setting('{name}', true)"))


def role(connection: Connection | Session) -> Any:
    return setting(connection, "role")


def claims(connection: Connection | Session) -> Any:
    return json.loads(setting(connection, "request.jwt.claims") or "null")


def test_the_claims_of_a_user_are_those_of_the_row(connection: Connection) -> None:
    assert claims_of(connection, ANN, {"aal": "aal2", "more": 1}) == {
        "aud": "mobile",
        "sub": str(ANN),
        "email": "ann@example.com",
        "phone": "+1",
        "app_metadata": {"admin": True},
        "user_metadata": {"name": "Ann"},
        "role": ROLE,
        "aal": "aal2",
        "is_anonymous": True,
        "more": 1,
    }
    for user in (BEN, str(GONE)):
        assert claims_of(connection, user, {}) == {
            "aud": "authenticated",
            "sub": str(user),
            "email": "",
            "phone": "",
            "app_metadata": {},
            "user_metadata": {},
            "role": "authenticated",
            "aal": "aal1",
            "is_anonymous": False,
        }
    assert service_claims("anon", {"aal": "aal1"}) == {"role": "anon", "aal": "aal1"}


def test_who_is_no_user_is_told(connection: Connection, empty_database: URL) -> None:
    with pytest.raises(
        SeedError, match=r"^acting_as was given 'ann', which is no id of a user: give a UUID$"
    ):
        claims_of(connection, "ann", {})
    engine = create_engine(empty_database, poolclass=NullPool)
    with engine.connect() as other, pytest.raises(SeedError, match=r"^There is no table auth\.users: "):
        claims_of(other, ANN, {})


def test_role_and_claims_are_settings_of_the_transaction(connection: Connection) -> None:
    with acting_as(connection, ANN, levels=[1, 2], **{"no name": "x"}) as acting:
        assert acting is connection
        assert role(connection) == ROLE
        assert claims(connection)["levels"] == [1, 2]
        assert claims(connection)["no name"] == "x"
        # A text as it is, and all else as JSON.
        assert setting(connection, "request.jwt.claim.email") == "ann@example.com"
        assert setting(connection, "request.jwt.claim.levels") == "[1, 2]"
    assert role(connection) == "none"
    assert not claims(connection)
    assert not setting(connection, "request.jwt.claim.email")


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_they_are_set_again_in_each_transaction(connection: Connection, end: str) -> None:
    with acting_as(connection, ANN):
        for _ in range(3):
            connection.execute(text("INSERT INTO notes VALUES (1)"))
            getattr(connection, end)()
            assert (role(connection), claims(connection)["sub"]) == (ROLE, str(ANN))
        savepoint = connection.begin_nested()
        connection.execute(text("SET LOCAL ROLE none"))
        savepoint.rollback()
        assert role(connection) == ROLE
    assert role(connection) == "none"
    # Also in the transactions that follow.
    connection.commit()
    assert role(connection) == "none"
    assert connection.scalar(text("SELECT count(*) FROM notes")) == (3 if end == "commit" else 0)


def test_an_error_does_not_end_it_before_the_rollback(connection: Connection) -> None:
    with acting_as(connection, ANN):
        with pytest.raises(DBAPIError):
            connection.execute(text("SELECT 1 / 0"))
        with pytest.raises(DBAPIError, match="current transaction is aborted"):
            role(connection)
        connection.rollback()
        assert role(connection) == ROLE
    assert role(connection) == "none"


@pytest.mark.parametrize("commits", [False, True])
def test_after_an_error_what_came_before_the_block_stays(connection: Connection, commits: bool) -> None:
    connection.execute(text("INSERT INTO notes VALUES (1)"))
    with acting_as(connection, ANN):
        if commits:
            connection.commit()
        connection.execute(text("INSERT INTO notes VALUES (2)"))
        with pytest.raises(DBAPIError):
            connection.execute(text("SELECT 1 / 0"))
    assert role(connection) == "none"
    assert connection.scalars(text("SELECT a FROM notes")).all() == [1]


def test_one_within_another_hides_its_claims(connection: Connection) -> None:
    with acting_as(connection, ANN, department="x"):
        with acting_as(connection, BEN, role="pg_read_all_data"):
            assert (role(connection), claims(connection)["sub"]) == ("pg_read_all_data", str(BEN))
            assert setting(connection, "request.jwt.claim.department") == ""
        assert (role(connection), claims(connection)["sub"]) == (ROLE, str(ANN))
        assert setting(connection, "request.jwt.claim.department") == "x"
        # Who may not be found is not acted as, and the outer role stays.
        with pytest.raises(SeedError), acting_as(connection, "ann"):
            pass
        assert role(connection) == ROLE


def test_settings_of_the_test_are_restored(connection: Connection) -> None:
    run(connection, "SET LOCAL ROLE pg_read_all_stats; SET LOCAL request.jwt.claims = '{\"a\": 1}'")
    with acting_as(connection, ANN):
        assert role(connection) == ROLE
        assert setting(connection, "request.jwt.claim.a") == ""
    assert (role(connection), claims(connection)) == ("pg_read_all_stats", {"a": 1})


def test_a_role_that_cannot_be_taken_is_told(connection: Connection) -> None:
    connection.execute(text("INSERT INTO notes VALUES (1)"))
    with pytest.raises(SeedError) as caught, acting_as(connection, ANN, role="nobody"):
        pass
    assert str(caught.value).startswith("The role 'nobody' cannot be acted as: ")
    assert "does not exist. It is one of a Supabase project's database, " in str(caught.value)
    assert connection.scalar(text("SELECT count(*) FROM notes")) == 1
    assert role(connection) == "none"


def test_what_was_not_set_before_does_not_get_into_the_pool(engine: Engine) -> None:
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        with acting_as(connection, ANN):
            pass
    with engine.connect() as connection:
        assert connection.connection.driver_connection is not driver
        assert setting(connection, "request.jwt.claims") is None
        # Where all was set before, nothing is left, and the connection can be used again.
        names = ("s", *(f".{name}" for name in claims_of(connection, ANN, {})))
        driver = connection.connection.driver_connection
        for name in names:
            connection.execute(text(f"SET request.jwt.claim{name} = ''"))
        connection.commit()
        with acting_as(connection, ANN):
            pass
        connection.commit()
    with engine.connect() as connection:
        assert connection.connection.driver_connection is driver


def test_the_connection_of_a_test_is_made_anew_for_the_next(users_url: URL) -> None:
    arguments = {"connection_factory": TestConnection}
    engine = create_engine(users_url, poolclass=NullPool, connect_args=arguments)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, TestConnection)
        with acting_as(connection, ANN):
            assert not driver.rolled_back.spoilt
        assert driver.rolled_back.spoilt
        assert not connection.closed
        assert connection.connection.driver_connection is driver


@pytest.mark.parametrize("how", ["close", "invalidate"])
def test_a_connection_that_is_gone_needs_no_end(engine: Engine, how: str) -> None:
    with engine.connect() as connection, acting_as(connection, ANN):
        getattr(connection, how)()
    with engine.connect() as connection:
        assert role(connection) == "none"


def test_a_session_may_take_another_connection(users_url: URL) -> None:
    engine = create_engine(users_url, poolclass=NullPool)
    with Session(engine) as session:
        with acting_as(session, ANN) as acting:
            assert acting is session
            assert role(session) == ROLE
            session.commit()
            assert (role(session), claims(session)["sub"]) == (ROLE, str(ANN))
            session.rollback()
            assert role(session) == ROLE
        assert role(session) == "none"
        # Nobody listens any more.
        session.commit()
        assert role(session) == "none"


def test_an_engine_gives_a_connection_of_its_own(engine: Engine) -> None:
    with acting_as(engine, ANN) as acting:
        assert isinstance(acting, Connection)
        assert role(acting) == ROLE
        acting.execute(text("INSERT INTO notes VALUES (1)"))
        acting.commit()
    assert acting.closed
    with engine.connect() as connection:
        assert setting(connection, "request.jwt.claims") is None
        assert connection.scalar(text("SELECT count(*) FROM notes")) == 1


def test_what_is_no_place_to_act_is_told() -> None:
    with (
        pytest.raises(SeedError, match=r"^5 cannot act as somebody: give seeded_connection, "),
        acting_as_anon(
            5  # type: ignore[arg-type]
        ),
    ):
        pass


@pytest.mark.parametrize(("number", "user"), [(0, ANN), (1, BEN), (2, ANN), (5, BEN)])
def test_one_user_after_another_is_signed_in(connection: Connection, number: int, user: UUID) -> None:
    with signed_in(connection, number) as found:
        assert found
        assert claims(connection) == claims_of(connection, user, {})
        assert role(connection) == "none"
        request = [
            setting(connection, f"request.{name}") for name in ("headers", "method", "path", "cookies")
        ]
        assert request == ["{}", "POST", "/", "{}"]
    assert not claims(connection)


@pytest.mark.parametrize(("number", "user"), [(0, BEN), (1, ANN), (2, BEN), (5, ANN)])
def test_one_of_some_users_after_another_is_signed_in(
    connection: Connection, number: int, user: UUID
) -> None:
    with signed_in(connection, number, [BEN, ANN]) as found:
        assert found
        assert claims(connection)["sub"] == str(user)


def test_without_users_none_is_signed_in(connection: Connection) -> None:
    run(connection, "TRUNCATE auth.users")
    with signed_in(connection, 3) as found:
        assert not found
        assert not claims(connection)
        assert not setting(connection, "request.method")
