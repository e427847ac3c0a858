"""Databases that are there: seeded exactly, or left as they were."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, text
from sqlalchemy.pool import NullPool

from pytest_supaseed.command.main import DONE, INTERRUPTED, REFUSED, UNUSABLE, main
from pytest_supaseed.command.standing import is_local
from tests.servers import run, schema_of

SCHEMA = """
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE setups (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id int NOT NULL REFERENCES users,
    title text NOT NULL);
CREATE TABLE log (id serial PRIMARY KEY, title text);
CREATE FUNCTION logged() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO log (title) VALUES (new.title); RETURN new; END $$;
CREATE TRIGGER logged AFTER INSERT ON setups FOR EACH ROW EXECUTE FUNCTION logged();
INSERT INTO users (email) VALUES ('there@example.com');
CREATE MATERIALIZED VIEW titles AS SELECT title FROM setups;
"""
POSITIONS = " UNION ALL ".join(f"SELECT last_value FROM {name}_id_seq" for name in ("users", "setups", "log"))


@pytest.fixture
def database(empty_database: URL) -> URL:
    with schema_of(empty_database, SCHEMA) as connection:
        connection.connection.commit()
    return empty_database


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration of ours is read."""
    monkeypatch.chdir(tmp_path)
    # The server of the tests is on a socket, or on a port of this machine.
    monkeypatch.delenv("SUPASEED_POSTGRES", raising=False)


def ask(database: URL, query: str) -> list[Any]:
    engine = create_engine(database, poolclass=NullPool)
    with engine.connect() as connection:
        return [row[0] for row in connection.execute(text(query))]


def counts(database: URL) -> list[int]:
    return [ask(database, f"SELECT count(*) FROM {table}")[0] for table in ("users", "setups", "log")]


@pytest.fixture
def seed(database: URL) -> Callable[..., int]:
    url = database.set(drivername="postgresql").render_as_string(hide_password=False)
    return lambda *words: main(["seed", url, *words])


def test_counts_are_totals_and_rows_that_are_there_stay(
    database: URL, seed: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert seed("users=5", "--yes", "setups=8") == DONE
    assert counts(database) == [5, 8, 8]
    assert "there@example.com" in ask(database, "SELECT email FROM users")
    assert ask(database, "SELECT count(*) FROM titles") == [0]
    said = capsys.readouterr().out
    assert "12 new rows, in one transaction; rows that are there stay." in said
    assert "Materialized views are not refreshed (--refresh does it): public.titles." in said
    assert said.endswith("Done: users=5 setups=8.\n")
    # The application's next rows have numbers of their own.
    assert ask(database, "SELECT nextval('users_id_seq')") == [6]
    assert seed("users=5", "setups=8", "--yes") == DONE
    assert "There is nothing to do" in capsys.readouterr().out
    assert seed("users=+1", "setups=9", "--yes", "--refresh") == DONE
    assert counts(database) == [6, 9, 9]
    assert ask(database, "SELECT count(*) FROM titles") == [9]


def test_nothing_is_done_without_being_asked_to(
    database: URL,
    seed: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert seed("users=5", "--dry-run") == DONE
    assert "Nothing was done (--dry-run)." in capsys.readouterr().out
    assert seed("users=5") == UNUSABLE
    assert "there is no terminal to ask on" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for answer, code, rows in (("", REFUSED, 1), ("no", REFUSED, 1), (" Y ", DONE, 5)):
        monkeypatch.setattr("builtins.input", lambda prompt, answer=answer: answer)
        assert seed("users=5") == code
        assert counts(database)[0] == rows


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["userz=5"], REFUSED, "userz is no table (did you mean 'users'?)"),
        (["users=0"], REFUSED, "users holds 1 row"),
        (["users=2000"], UNUSABLE, "users=2000 asks for 2000 rows in all, 1000 above the limit of 1000"),
        ([], UNUSABLE, "there is no table: write how many rows each table shall hold"),
        (["setups=5", "--max-records=5"], UNUSABLE, None),
        (["users=5", "--max-records=0"], UNUSABLE, "above the limit of 0"),
    ],
)
def test_mistakes_change_nothing(
    database: URL,
    seed: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    said: str | None,
) -> None:
    if said is None:
        assert seed("setups=6", "--yes") == DONE
        before = counts(database)
        code = UNUSABLE
        said = "and may be in production: nothing was done. If it is a database for development, add --i-know"
        words = ["users=2", "--max-records=5"]
    else:
        before = counts(database)
    assert seed(*words, "--yes") == code
    assert said in capsys.readouterr().err
    assert counts(database) == before
    if "production" in said:
        assert seed(*words, "--yes", "--i-know") == DONE


def test_what_cannot_be_finished_is_undone_with_its_numbers(
    database: URL, seed: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    with schema_of(
        database,
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF (SELECT count(*) FROM setups) > 5 THEN RAISE EXCEPTION 'full'; END IF; RETURN new; END $$;"
        "CREATE TRIGGER no BEFORE INSERT ON setups FOR EACH ROW EXECUTE FUNCTION no();",
    ) as connection:
        connection.connection.commit()
    before = counts(database), ask(database, POSITIONS)
    assert seed("users=5", "setups=20", "--yes") == REFUSED
    assert "full" in capsys.readouterr().err
    assert (counts(database), ask(database, POSITIONS)) == before


@pytest.mark.parametrize("late", [False, True])
def test_an_interrupt_is_told_for_what_it_was(
    database: URL,
    seed: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    late: bool,
) -> None:
    from pytest_supaseed import pipeline
    from pytest_supaseed.command import standing

    before = counts(database), ask(database, POSITIONS)
    # The last step before the commit, and the step that ends with it.
    place: Any = (standing.StandingDatabase, "seed") if late else (pipeline, "validate")
    step = getattr(*place)

    def interrupted(*args: Any, **options: Any) -> None:
        step(*args, **options)
        # As Python raises it in the main thread.
        raise KeyboardInterrupt

    monkeypatch.setattr(*place, interrupted)
    code = seed("users=5", "setups=8", "--yes")
    said = capsys.readouterr()
    if late:
        assert code == DONE
        assert said.out.endswith("Done: users=5 setups=8.\n")
        assert counts(database) == [5, 8, 8]
    else:
        assert code == INTERRUPTED
        assert said.err == "supaseed: interrupted, and nothing was changed\n"
        assert (counts(database), ask(database, POSITIONS)) == before


def test_other_sessions_do_not_write_meanwhile(
    database: URL, seed: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that another session inserts after the plan make the command say so; later ones wait for it."""
    from pytest_supaseed.command import standing

    original = standing._lock
    waited: list[threading.Thread] = []

    def insert(email: str) -> None:
        engine = create_engine(database, poolclass=NullPool)
        with engine.begin() as connection:
            run(connection, f"INSERT INTO users (email) VALUES ('{email}')")
        engine.dispose()

    def lock(connection: Any, tables: Any) -> None:
        original(connection, tables)
        waited.append(threading.Thread(target=insert, args=("late@example.com",)))
        waited[-1].start()

    monkeypatch.setattr(standing, "_lock", lock)
    assert seed("users=5", "--yes") == DONE
    waited[-1].join(timeout=30)
    assert counts(database)[0] == 6

    def change(connection: Any, tables: Any) -> None:
        insert("meanwhile@example.com")
        original(connection, tables)

    monkeypatch.setattr(standing, "_lock", change)
    assert seed("users=9", "--yes") == REFUSED
    assert counts(database)[0] == 7


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("", True),
        ("/var/run/postgresql", True),
        ("localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost,127.0.0.2", True),
        ("db", False),
        ("localhost,db.example.com", False),
        ("192.168.1.5", False),
        ("127.0.0.1.example.com", False),
    ],
)
def test_a_host_of_this_machine_is_local(host: str, local: bool) -> None:
    assert is_local(host) is local


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "postgresql://me:secret@db.example.com/dev",
            "postgresql://me:***@db.example.com/dev is on another machine",
        ),
        ("mysql://localhost/dev", "'mysql://localhost/dev' is no URL of a database: only PostgreSQL will do"),
        ("dev", "'dev' is no URL of a database: write postgresql://"),
        ("postgresql://localhost:1/dev", "postgresql://localhost:1/dev cannot be used: "),
    ],
)
def test_addresses_that_cannot_be_used(url: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seed", url, "users=5"]) in (REFUSED, UNUSABLE)
    error = capsys.readouterr().err
    assert said in error
    assert "secret" not in error


def test_rows_of_others_that_a_policy_hides_are_an_error(
    database: URL, seed: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    """A count of the rows that a role may see would be wrong without a word."""
    role = f"reader_{database.database}"
    with schema_of(
        database,
        f"CREATE ROLE {role} LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}; "
        f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}; ALTER TABLE users ENABLE ROW LEVEL SECURITY; "
        "CREATE POLICY none ON users USING (false)",
    ) as connection:
        connection.connection.commit()
    try:
        url = database.set(drivername="postgresql", username=role).render_as_string(hide_password=False)
        assert main(["seed", url, "users=5", "--yes"]) == REFUSED
        assert "PostgreSQL refuses, and nothing was changed: " in capsys.readouterr().err
        assert counts(database)[0] == 1
    finally:
        with schema_of(database, f"DROP OWNED BY {role}; DROP ROLE {role}") as connection:
            connection.connection.commit()
