"""Refusals end soon, say what refuses the rows, and print a marker that was tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import URL, Connection

from pytest_supaseed import Rows, pipeline
from pytest_supaseed.errors import SeedError
from pytest_supaseed.repair.evaluate import Evaluation
from pytest_supaseed.repair.patience import Patience
from pytest_supaseed.writing.refusals import Cause, RefusedRowError
from tests.builders import asked
from tests.servers import run, schema_of

TABLES = """
CREATE TABLE hosts (id serial PRIMARY KEY);
CREATE TABLE guests (name text PRIMARY KEY, host_id int NOT NULL REFERENCES hosts);
CREATE TABLE stays (id serial PRIMARY KEY);
CREATE TABLE visits (id serial PRIMARY KEY, guest text NOT NULL, day date NOT NULL, kind text NOT NULL);
CREATE FUNCTION app_value(name text) RETURNS text LANGUAGE plpgsql
    AS $$ BEGIN RETURN nullif(current_setting(name, true), ''); END $$;
"""


def trigger(body: str, when: str = "BEFORE INSERT ON visits FOR EACH ROW") -> str:
    return (
        f"{TABLES}CREATE FUNCTION judge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN new; END $$;"
        f"CREATE TRIGGER judges {when} EXECUTE FUNCTION judge();"
    )


def refusal(connection: Connection, tables: Mapping[str, Any]) -> list[str]:
    """Seed, and return the lines of the error; nothing is left of its trials."""
    snapshot = pipeline.read(connection)
    plan = pipeline.plan(connection, snapshot, asked(tables, limit=10_000))
    with pytest.raises(SeedError) as caught:
        pipeline.seed(connection, snapshot.schema, plan)
    assert type(caught.value).__name__ == "WriteError"
    return str(caught.value).splitlines()


def tried(lines: list[str]) -> int:
    """How many other rows were tried."""
    found = [line.split()[6] for line in lines if line.startswith("  nor does it take any of ")]
    return int(found[0]) if found else 0


@pytest.mark.parametrize(
    ("body", "asked_for", "last"),
    [
        (
            "IF NOT EXISTS (SELECT FROM guests WHERE name = new.guest) THEN RAISE 'no guest %', new.guest; END IF;",
            {"visits": 7},
            [
                "  it looks into guests, which has no rows",
                "  ask for rows there: write @pytest.mark.seed(guests=7, hosts=7, visits=7)",
            ],
        ),
        (
            "IF NOT EXISTS (SELECT FROM stays) THEN RAISE 'no stay'; END IF;",
            {"visits": 3},
            [
                "  it looks into stays, which has no rows",
                "  ask for rows there: write @pytest.mark.seed(stays=3, visits=3)",
            ],
        ),
        (
            # One table after the other.
            "IF NOT EXISTS (SELECT FROM stays) THEN RAISE 'no stay'; END IF; "
            "IF NOT EXISTS (SELECT FROM hosts) THEN RAISE 'no host'; END IF;",
            {"visits": 2},
            [
                "  it looks into stays, which has no rows and hosts, which has no rows",
                "  ask for rows there: write @pytest.mark.seed(stays=2, hosts=2, visits=2)",
            ],
        ),
        (
            "IF (SELECT count(*) FROM visits) >= 3 THEN RAISE 'full'; END IF;",
            {"visits": 7},
            ["  ask for at most 3: write @pytest.mark.seed(visits=3)"],
        ),
        (
            "IF coalesce(current_setting('app.mode', true), '') <> 'load' THEN RAISE 'not now'; END IF;",
            {"visits": 2},
            [
                "  it reads the setting app.mode",
                "  set it: write @pytest.mark.seed_options(settings={'app.mode': 'load'})",
            ],
        ),
        (
            "IF current_setting('app.tenant', true)::uuid IS NULL THEN RAISE 'no tenant'; END IF;",
            {"visits": 2},
            [
                "  it reads the setting app.tenant",
                "  set it: write @pytest.mark.seed_options(settings={'app.tenant': "
                "'00000000-0000-4000-8000-000000000001'})",
            ],
        ),
        (
            # By functions: what they are called with is the setting's name, and one of the two settings is enough.
            "IF app_value('app.mode') IS NULL THEN RAISE 'no mode, stay %', app_value('app.stay'); END IF;",
            {"visits": 2},
            [
                "  it reads the settings app.mode, app.stay",
                "  set it: write @pytest.mark.seed_options(settings={'app.mode': '1'})",
            ],
        ),
        (
            "RAISE 'closed';",
            {"visits": 50},
            ["  it looks at none of the row's values, so that no marker helps: leave visits out"],
        ),
        (
            "IF current_user = session_user THEN RAISE 'not you'; END IF;",
            {"visits": 1},
            ["  it looks at none of the row's values, so that no marker helps: leave visits out"],
        ),
        (
            # Filled, it refuses as well: that is no advice.
            "PERFORM 1 FROM stays; RAISE 'closed';",
            {"visits": 2},
            [
                "  it looks into stays, which has no rows",
                "  it looks at none of the row's values, so that no marker helps: leave visits out",
            ],
        ),
        (
            "IF (SELECT count(*) FROM stays) < 50 THEN RAISE 'too few'; END IF;",
            {"stays": 3, "visits": 2},
            [
                "  it looks into stays, which has 3 rows",
                "  it looks at none of the row's values: give stays rows that it accepts, or leave visits out",
            ],
        ),
        (
            # Neither the tables nor the settings are in the text of the trigger's function.
            "DECLARE held int; BEGIN EXECUTE format('SELECT count(*) FROM %I', 'stays') INTO held; "
            "IF held = 0 THEN RAISE 'no stay'; END IF; END;",
            {"visits": 2},
            [
                "  it looks into stays, which has no rows",
                "  ask for rows there: write @pytest.mark.seed(stays=2, visits=2)",
            ],
        ),
        (
            "IF md5(new.kind) <> 'no text has it' THEN RAISE 'bad kind %', new.kind; END IF;",
            {"visits": 7},
            [
                "  nothing that was tried helps; not tried: values of yours, as in "
                "visits=Rows(7, columns={'kind': [...]}), or a function that takes (faker, row)"
            ],
        ),
        (
            # The value in the message tells the column.
            "IF new.id < 0 OR md5(new.guest) <> 'x' THEN RAISE '% is nobody', new.guest; END IF;",
            {"visits": 2},
            [
                "  nothing that was tried helps; not tried: values of yours, as in "
                "visits=Rows(2, columns={'guest': [...]}), or a function that takes (faker, row)"
            ],
        ),
    ],
)
def test_the_last_lines_say_what_helps(
    empty_database: URL, body: str, asked_for: Mapping[str, int], last: list[str]
) -> None:
    with schema_of(empty_database, trigger(body)) as connection:
        lines = refusal(connection, asked_for)
        assert lines[-len(last) :] == last
        assert "  in: trigger judges, PL/pgSQL function judge() line 1 at RAISE" in lines
        assert tried(lines) <= 64
        if "none of the row's values" in last[-1]:
            assert tried(lines) <= 3


@pytest.mark.parametrize(
    ("body", "asked_for", "last"),
    [
        (
            # What the row does not reference.
            "IF new.kind IN ('a', 'b') AND new.team_id IS NULL THEN RAISE 'no team'; END IF;",
            {"members": 2, "shifts": 3},
            "  ask for rows that can be referenced: write @pytest.mark.seed(teams=3, members=2, shifts=3)",
        ),
        (
            # What the row does not reference that it references.
            "IF (SELECT team_id FROM members WHERE id = new.member_id) IS NULL THEN RAISE 'no team'; END IF;",
            {"members": 2, "shifts": 3},
            "  ask for rows that can be referenced: write @pytest.mark.seed(teams=3, members=2, shifts=3)",
        ),
        (
            # The load has a row there.
            "IF (SELECT town_id FROM members WHERE id = new.member_id) < 2 THEN RAISE 'no town'; END IF;",
            {"members": 2, "shifts": 3},
            "  ask for rows that can be referenced: write @pytest.mark.seed(towns=Rows(add=3), members=2, shifts=3)",
        ),
        (
            "IF (SELECT team_id FROM members WHERE id = new.member_id) IS NULL THEN RAISE 'no team'; END IF; "
            "RAISE 'closed';",
            {"members": 2, "shifts": 3},
            "  nothing that was tried helps; not tried: values of yours, as in "
            "shifts=Rows(3, columns={'member_id': [...]}), or a function that takes (faker, row)",
        ),
    ],
)
def test_references_that_are_missing(
    empty_database: URL, body: str, asked_for: Mapping[str, int], last: str
) -> None:
    ddl = f"""
    CREATE TABLE teams (id serial PRIMARY KEY, label text NOT NULL);
    CREATE TABLE towns (id serial PRIMARY KEY, label text NOT NULL);
    INSERT INTO towns (label) VALUES ('first');
    CREATE TABLE members (id serial PRIMARY KEY, team_id int REFERENCES teams, town_id int REFERENCES towns);
    CREATE TABLE shifts (
        id serial PRIMARY KEY, member_id int NOT NULL REFERENCES members, team_id int REFERENCES teams,
        kind text NOT NULL CHECK (kind IN ('a', 'b'))
    );
    CREATE FUNCTION judge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN new; END $$;
    CREATE TRIGGER judges BEFORE INSERT ON shifts FOR EACH ROW EXECUTE FUNCTION judge();
    """
    with schema_of(empty_database, ddl) as connection:
        lines = refusal(connection, asked_for)
    assert lines[-1] == last


def test_the_printed_marker_works(empty_database: URL) -> None:
    body = "IF NOT EXISTS (SELECT FROM guests WHERE name = new.guest) THEN RAISE 'no guest'; END IF;"
    with schema_of(empty_database, trigger(body)) as connection:
        snapshot = pipeline.read(connection)
        spec = asked({"guests": 7, "hosts": 7, "visits": 7})
        pipeline.seed(connection, snapshot.schema, pipeline.plan(connection, snapshot, spec))
        assert run(connection, "SELECT count(*) FROM visits JOIN guests ON name = guest") == [(7,)]


@pytest.mark.parametrize(
    "column", ["text NOT NULL CHECK (is_guest(guest))", "guest_name NOT NULL"], ids=["table", "domain"]
)
def test_a_check_that_looks_into_an_empty_table_says_so(empty_database: URL, column: str) -> None:
    ddl = f"""
    CREATE TABLE guests (name text PRIMARY KEY);
    CREATE FUNCTION is_guest(wanted text) RETURNS boolean LANGUAGE sql STABLE
        AS $$ SELECT EXISTS (SELECT FROM guests WHERE name = wanted) $$;
    CREATE DOMAIN guest_name AS text CHECK (is_guest(VALUE));
    CREATE TABLE visits (id serial PRIMARY KEY, guest {column});
    """
    with schema_of(empty_database, ddl) as connection:
        lines = refusal(connection, {"visits": 3})
    assert any("is_guest" in line for line in lines)
    assert lines[-2:] == [
        "  it looks into guests, which has no rows",
        "  ask for rows there: write @pytest.mark.seed(guests=3, visits=3)",
    ]


def test_values_that_a_marker_gives_are_kept_in_the_advice(empty_database: URL) -> None:
    body = "IF (SELECT count(*) FROM visits WHERE kind = new.kind) >= 2 THEN RAISE 'enough'; END IF;"
    with schema_of(empty_database, trigger(body)) as connection:
        lines = refusal(connection, {"visits": Rows(5, columns={"kind": "x"})})
    assert lines[-1] == "  ask for at most 2: write @pytest.mark.seed(visits=Rows(2, columns={'kind': 'x'}))"


def test_a_check_that_no_row_satisfies_is_refused_by_its_first_row(empty_database: URL) -> None:
    ddl = """
    CREATE FUNCTION secret(value text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT md5(value) = 'x' $$;
    CREATE TABLE t (id serial PRIMARY KEY, kind text NOT NULL CHECK (secret(kind)));
    """
    with schema_of(empty_database, ddl) as connection:
        snapshot = pipeline.read(connection)
        plan = pipeline.plan(connection, snapshot, asked({"t": 500}, limit=1_000))
        evaluated = []
        found = Evaluation.refused_by

        def counted(self: Any, rows: Any, checks: Any) -> Any:
            evaluated.append(len(rows))
            return found(self, rows, checks)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Evaluation, "refused_by", counted)
            with pytest.raises(SeedError):
                pipeline.seed(connection, snapshot.schema, plan)
    assert sum(evaluated) < 2 * 500


def refused(place: str) -> RefusedRowError:
    return RefusedRowError("no", Cause(place=place), "")


def attempts(patience: Patience, sources: list[list[str]]) -> list[str]:
    """The places at which rows were tried, each row being refused at the place that it names."""
    found = []
    for row in patience.rows([lambda rows=rows: [{"place": place} for place in rows] for rows in sources]):
        found.append(row["place"])
        patience.refused(refused(row["place"]))
    return found


def test_a_source_ends_where_its_refusals_tell_nothing_new() -> None:
    found = attempts(Patience(refused("a")), [["a"] * 100, ["a"] * 5, ["b"]])
    assert found == ["a"] * 16 + ["a"] * 5 + ["b"]


def test_another_place_is_progress() -> None:
    found = attempts(Patience(refused("a")), [["a"] * 15 + ["b"] + ["a"] * 100])
    assert found == ["a"] * 15 + ["b"] + ["a"] * 16


def test_all_sources_end_after_a_number_of_refusals() -> None:
    assert len(attempts(Patience(refused("a")), [["a"] * 100] * 20)) == 64
    patience = Patience(refused("a"), row_matters=False)
    assert len(attempts(patience, [["a"] * 100] * 20)) == 3
    assert patience.tried == 3


def test_a_marker_that_fills_the_refused_table_is_said_where_another_one_is_refused_then(
    empty_database: URL,
) -> None:
    schema = trigger("IF NOT EXISTS (SELECT FROM stays) THEN RAISE 'no stay'; END IF;") + (
        "CREATE TABLE reports (id serial PRIMARY KEY, visit_id int NOT NULL REFERENCES visits);"
        "CREATE FUNCTION closed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'closed'; END $$;"
        "CREATE TRIGGER closed BEFORE INSERT ON reports FOR EACH ROW EXECUTE FUNCTION closed();"
    )
    with schema_of(empty_database, schema) as connection:
        lines = refusal(connection, {"visits": 2, "reports": 3})
    assert lines[0] == "visits: PostgreSQL refuses a row: no stay"
    assert lines[-1] == (
        "  with these, visits is filled, and reports is refused next: write "
        "@pytest.mark.seed(stays=2, visits=2, reports=3)"
    )
