"""Refusals end soon, say what refuses the rows, and print a marker that was tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import URL, Connection

from pytest_supaseed import Rows, pipeline
from pytest_supaseed.errors import GenerateError, SeedError, WriteError
from pytest_supaseed.model.schema import Table
from pytest_supaseed.repair.evaluate import Evaluation
from pytest_supaseed.repair.patience import Patience
from pytest_supaseed.reports.text import plan_lines
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


def refusal(
    connection: Connection, tables: Mapping[str, Any], kind: type[SeedError] = WriteError
) -> list[str]:
    """Seed, and return the lines of the error; nothing is left of its trials."""
    snapshot = pipeline.read(connection)
    plan = pipeline.plan(connection, snapshot, asked(tables, limit=10_000))
    with pytest.raises(SeedError) as caught:
        pipeline.seed(connection, snapshot.schema, plan)
    assert type(caught.value) is kind
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
            "IF md5(new.kind || new.guest) <> 'no text has it' THEN RAISE 'bad'; END IF;",
            {"visits": 2},
            [
                "  nothing that was tried helps; not tried: values of yours, as in "
                "visits=Rows(2, columns={'kind': [...], 'guest': [...]}), or a function that takes (faker, row)"
            ],
        ),
        (
            "IF md5(current_setting('app.token', true)) = 'x' THEN RETURN new; END IF; RAISE 'no';",
            {"visits": 2},
            [
                "  it reads the setting app.token",
                "  it looks at none of the row's values: set what it accepts, as in "
                "@pytest.mark.seed_options(settings={'app.token': '...'}), or leave visits out",
            ],
        ),
        (
            "IF now() > '2000-01-01' THEN RAISE 'over'; END IF;",
            {"visits": 2},
            [
                "  it reads the clock",
                "  it looks at none of the row's values, so that no marker helps: leave visits out",
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
            # All members are tried, and other values than theirs cannot be.
            "  nothing that was tried helps: give members rows that it accepts, or leave shifts out",
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


@pytest.mark.parametrize(
    ("table", "asked_for"),
    [
        # Each kind of event needs a reference to one of two tables, neither of which every kind needs.
        ("events", {"issues": 3, "members": 3, "events": 3}),
        ("notes", {"issues": 3, "notes": 3}),
    ],
)
def test_references_that_checks_want_by_kind(
    empty_database: URL, table: str, asked_for: Mapping[str, int]
) -> None:
    ddl = """
    CREATE TABLE issues (id serial PRIMARY KEY, label text NOT NULL);
    CREATE TABLE members (id serial PRIMARY KEY, label text NOT NULL);
    CREATE TABLE events (
        id serial PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('opened', 'closed', 'joined', 'left')),
        issue_id int REFERENCES issues, member_id int REFERENCES members,
        CHECK (kind NOT IN ('opened', 'closed') OR (issue_id IS NOT NULL AND member_id IS NULL)),
        CHECK (kind NOT IN ('joined', 'left') OR (issue_id IS NULL AND member_id IS NOT NULL))
    );
    CREATE TABLE notes (
        id serial PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('a', 'b')),
        issue_id int REFERENCES issues, member_id int REFERENCES members,
        CHECK (kind <> 'a' OR issue_id IS NOT NULL), CHECK (kind <> 'b' OR issue_id IS NOT NULL)
    );
    """
    with schema_of(empty_database, ddl) as connection:
        last = refusal(connection, {table: 3})[-1]
    written = ", ".join(f"{name}={number}" for name, number in asked_for.items())
    assert last == f"  ask for rows that can be referenced: write @pytest.mark.seed({written})"


@pytest.mark.parametrize(
    ("asked_for", "advice"),
    [
        ({"orgs": 2}, "ask for rows there: write @pytest.mark.seed(scopes=Rows(add=2), orgs=2)"),
        (
            {"teams": 2, "orgs": 1},
            "ask for rows there: write @pytest.mark.seed(scopes=Rows(add=1), teams=2, orgs=1)",
        ),
        # No row of theirs can be of that kind.
        (
            {"strangers": 1},
            "have scopes filled with values of id, kind, as in scopes=Rows(..., columns={'kind': [...]})",
        ),
    ],
)
def test_rows_to_reference_beside_those_of_the_load(
    empty_database: URL, asked_for: Mapping[str, int], advice: str
) -> None:
    ddl = """
    CREATE TABLE scopes (
        id int PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('all', 'org')), UNIQUE (id, kind)
    );
    INSERT INTO scopes VALUES (1, 'all');
    CREATE TABLE orgs (
        id int PRIMARY KEY, scope_id int NOT NULL, kind text NOT NULL CHECK (kind = 'org'),
        FOREIGN KEY (scope_id, kind) REFERENCES scopes (id, kind)
    );
    CREATE TABLE teams (id int PRIMARY KEY, org_id int NOT NULL REFERENCES orgs);
    CREATE TABLE strangers (
        id int PRIMARY KEY, scope_id int NOT NULL, kind text NOT NULL CHECK (kind = 'none'),
        FOREIGN KEY (scope_id, kind) REFERENCES scopes (id, kind)
    );
    """
    with schema_of(empty_database, ddl) as connection:
        assert refusal(connection, asked_for, GenerateError)[-1].endswith(f": {advice}")


JUDGED = """
CREATE TABLE owners (id int PRIMARY KEY);
CREATE TABLE zones (id int PRIMARY KEY);
CREATE TABLE log (id serial PRIMARY KEY, owner_id int NOT NULL REFERENCES owners);
CREATE TABLE visits (id serial PRIMARY KEY, owner_id int NOT NULL, name text NOT NULL);
CREATE TABLE lines (id serial PRIMARY KEY, visit_id int NOT NULL REFERENCES visits);
CREATE FUNCTION judge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN new; END $$;
CREATE {when} EXECUTE FUNCTION judge();
"""
BEFORE, AFTER = (f"TRIGGER judges {when} INSERT ON visits FOR EACH ROW" for when in ("BEFORE", "AFTER"))
LATE = "CONSTRAINT TRIGGER judges AFTER INSERT ON visits DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
STATEMENT = "TRIGGER judges AFTER INSERT ON visits REFERENCING NEW TABLE AS added FOR EACH STATEMENT"


@pytest.mark.parametrize(
    ("body", "when", "asked_for", "last"),
    [
        (
            # What a trigger inserts elsewhere references.
            "INSERT INTO log (owner_id) VALUES (new.owner_id);",
            AFTER,
            {"visits": 3},
            ["  ask for rows there: write @pytest.mark.seed(owners=3, visits=3)"],
        ),
        (
            # A constant, whatever the row is: first as what is inserted, then beside a second reason.
            "INSERT INTO log (owner_id) VALUES (41);",
            AFTER,
            {"visits": 3},
            [
                "  ask for the row that it references: write "
                "@pytest.mark.seed(owners=Rows(1, columns={'id': 41}), visits=3)"
            ],
        ),
        (
            "INSERT INTO log (owner_id) VALUES (41); "
            "IF NOT EXISTS (SELECT FROM zones) THEN RAISE 'no zone'; END IF;",
            AFTER,
            {"visits": 3},
            [
                "  ask for the row that it references: write "
                "@pytest.mark.seed(zones=3, owners=Rows(1, columns={'id': 41}), visits=3)"
            ],
        ),
        (
            # Where the user asks for rows of that table, and none of them has it.
            "INSERT INTO log (owner_id) VALUES (41);",
            AFTER,
            {"visits": 3, "owners": 2},
            ["  no row of owners has id 41: give it to one, as in owners=Rows(2, columns={'id': [...]})"],
        ),
        (
            "IF NOT EXISTS (SELECT FROM owners WHERE id = new.owner_id) THEN RETURN NULL; END IF;",
            BEFORE,
            {"visits": 3},
            [
                "  it looks into owners, which has no rows",
                "  ask for rows there: write @pytest.mark.seed(owners=3, visits=3)",
            ],
        ),
        (
            "IF md5(new.name) <> 'x' THEN RAISE NOTICE 'no x in it: %', 7; RETURN NULL; END IF;",
            BEFORE,
            {"visits": 3},
            [
                "  it says: no x in it: 7",
                "  nothing that was tried helps; not tried: values of yours, as in "
                "visits=Rows(3, columns={'name': [...]}), or a function that takes (faker, row)",
            ],
        ),
        (
            "IF (SELECT count(*) FROM lines WHERE visit_id = new.id) < 2 THEN RAISE 'two lines'; END IF;",
            LATE,
            {"visits": 3, "lines": 3},
            [
                "  it looks into lines, which has 3 rows",
                "  ask for more rows there: write @pytest.mark.seed(visits=3, lines=6)",
            ],
        ),
        (
            "IF (SELECT count(*) FROM added WHERE md5(name) = 'x') = 0 THEN RAISE 'none'; END IF;",
            STATEMENT,
            {"visits": 3},
            ["  nothing that was tried helps: leave visits out"],
        ),
    ],
)
def test_what_a_trigger_needs_elsewhere(
    empty_database: URL, body: str, when: str, asked_for: Mapping[str, int], last: list[str]
) -> None:
    with schema_of(empty_database, JUDGED.format(body=body, when=when)) as connection:
        lines = refusal(connection, asked_for)
    assert [line for line in lines if line in last] == last
    assert lines[-1] == last[-1]


def test_the_column_is_named_whose_expression_raises_an_error(empty_database: URL) -> None:
    ddl = """
    CREATE FUNCTION judge(value text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
        $$ BEGIN IF md5(value) <> 'x' THEN RAISE 'no'; END IF; RETURN 1; END $$;
    CREATE TABLE visits (id serial PRIMARY KEY, kind text NOT NULL, n {});
    """
    with schema_of(empty_database, ddl.format("int GENERATED ALWAYS AS (judge(kind)) STORED")) as connection:
        lines = refusal(connection, {"visits": 2})
        assert "  in: n GENERATED AS judge(kind), PL/pgSQL function judge(text) line 1 at RAISE" in lines
        given = "visits=Rows(2, columns={'kind': [...]}), or a function that takes (faker, row)"
        assert lines[-1].endswith(given)
        # A column with such a default gets a value of ours.
        run(
            connection, "DROP TABLE visits; CREATE TABLE visits (id serial, n int NOT NULL DEFAULT judge(''))"
        )
        snapshot = pipeline.read(connection)
        plan = pipeline.plan(connection, snapshot, asked({"visits": 2}))
        assert [*pipeline.seed(connection, snapshot.schema, plan).values()] == [2]


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
    return RefusedRowError("no", Cause(place=place), None)


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


OTHERWISE = """
CREATE TABLE media (id int PRIMARY KEY, label text NOT NULL DEFAULT 'none');
CREATE TABLE films (id int PRIMARY KEY REFERENCES media, title text NOT NULL);
CREATE FUNCTION film() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM media WHERE id = new.id) THEN RAISE EXCEPTION 'medium % is taken', new.id; END IF;
    INSERT INTO media (id) SELECT new.id WHERE NOT EXISTS (SELECT FROM media WHERE id = new.id);
    RETURN new;
END $$;
CREATE TRIGGER film BEFORE INSERT ON films FOR EACH ROW EXECUTE FUNCTION film();
"""


def test_rows_that_triggers_make_in_the_place_of_refused_ones_are_told(empty_database: URL) -> None:
    told = []

    def replaced(table: Table, cause: Cause, tried: int) -> None:
        told.append((table.label, cause.named, tried > 0))

    with schema_of(empty_database, OTHERWISE) as connection:
        snapshot = pipeline.read(connection)
        plan = pipeline.plan(connection, snapshot, asked({"films": 3, "media": 3}))
        assert (
            "  films: where its triggers refuse id of rows of media that are there, they insert all of these"
            in (plan_lines(plan))
        )
        counts = pipeline.seed(connection, snapshot.schema, plan, pipeline.Listener(replaced=replaced))
    assert {str(name): count for name, count in counts.items()} == {"public.films": 3, "public.media": 3}
    assert told == [("films", "trigger film", True)]
