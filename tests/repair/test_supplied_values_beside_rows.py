"""Rows that a table holds already take up unique keys: what finds no place beside them is refused beforehand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed import Rows, pipeline
from pytest_supaseed.errors import PlanError
from pytest_supaseed.markers import parse_seed
from pytest_supaseed.model.schema import Snapshot
from pytest_supaseed.spec import SeedSpec
from servers import schema_of

SCHEMA = """
CREATE TYPE kind AS ENUM ('a', 'b', 'c');
CREATE TABLE users (id serial PRIMARY KEY, name text);
CREATE TABLE gear (id serial PRIMARY KEY, name text);
INSERT INTO users (name) VALUES ('one'), ('two');
INSERT INTO gear (name) VALUES ('one'), ('two'), ('three');

CREATE TABLE plain (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users, kind kind NOT NULL);
ALTER TABLE plain ADD UNIQUE (user_id, kind);
INSERT INTO plain (user_id, kind) VALUES (1, 'a'), (1, 'b'), (2, 'a');

CREATE TABLE checked (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users, level int NOT NULL);
ALTER TABLE checked ADD UNIQUE (user_id, level), ADD CHECK (level BETWEEN 1 AND 3);
INSERT INTO checked (user_id, level) VALUES (1, 1), (1, 3), (2, 2);

CREATE TABLE open (id serial PRIMARY KEY, user_id int REFERENCES users, kind kind);
ALTER TABLE open ADD UNIQUE (user_id, kind);
INSERT INTO open (user_id, kind) VALUES (1, 'a'), (1, NULL), (NULL, 'a'), (NULL, NULL);

CREATE TABLE halfopen (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users, kind kind);
ALTER TABLE halfopen ADD UNIQUE (user_id, kind);
INSERT INTO halfopen (user_id, kind) VALUES (1, NULL), (1, NULL), (1, 'a');

CREATE TABLE partial (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users, kind kind);
CREATE UNIQUE INDEX one_of_a_kind ON partial (user_id, kind) WHERE kind IS NOT NULL;
CREATE UNIQUE INDEX one_of_none ON partial (user_id) WHERE kind IS NULL;
INSERT INTO partial (user_id, kind) VALUES (1, 'a'), (1, NULL), (2, 'c');

CREATE TABLE live (id serial PRIMARY KEY, kind kind NOT NULL, live boolean NOT NULL);
CREATE UNIQUE INDEX one_live ON live (kind) WHERE live;
INSERT INTO live (kind, live) VALUES ('a', true), ('b', false);

CREATE TABLE owners (user_id int REFERENCES users, gear_id int REFERENCES gear, PRIMARY KEY (user_id, gear_id));
INSERT INTO owners VALUES (1, 1), (1, 2), (2, 2);

CREATE TABLE ring (a int REFERENCES users, b int REFERENCES gear, kind kind, PRIMARY KEY (a, b));
ALTER TABLE ring ADD UNIQUE (b, kind), ALTER kind SET NOT NULL;
INSERT INTO ring VALUES (1, 1, 'a'), (2, 1, 'b');

CREATE TABLE slugs (id serial PRIMARY KEY, slug text UNIQUE, title text);
CREATE UNIQUE INDEX one_title ON slugs (lower(title));
INSERT INTO slugs (slug, title) VALUES ('a', 'A'), ('b', 'B');

CREATE TABLE members (tenant int, id int, PRIMARY KEY (tenant, id));
CREATE TABLE projects (tenant int, id int, PRIMARY KEY (tenant, id));
INSERT INTO members VALUES (1, 1), (2, 2), (1, 3);
INSERT INTO projects VALUES (1, 1), (2, 2);
CREATE TABLE tasks (
    tenant int NOT NULL, member int NOT NULL, project int NOT NULL, kind kind NOT NULL,
    FOREIGN KEY (tenant, member) REFERENCES members, FOREIGN KEY (tenant, project) REFERENCES projects,
    UNIQUE (member, project, kind)
);
INSERT INTO tasks VALUES (1, 1, 1, 'a'), (2, 2, 2, 'b');

CREATE TABLE badges (
    tenant int NOT NULL, member int NOT NULL, kind kind NOT NULL,
    FOREIGN KEY (tenant, member) REFERENCES members, UNIQUE (tenant, kind)
);
INSERT INTO badges VALUES (1, 1, 'a');
"""


@pytest.fixture(scope="module")
def connection(server_url: URL) -> Iterator[Connection]:
    name = f"beside_{os.getpid()}"
    maintenance = create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with maintenance.connect() as other:
        other.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
    with schema_of(server_url.set(database=name), SCHEMA) as connection:
        yield connection
    with maintenance.connect() as other:
        other.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    maintenance.dispose()


@pytest.fixture(scope="module")
def loaded(connection: Connection) -> Snapshot:
    return pipeline.read(connection)


def spec_of(tables: dict[str, Any]) -> SeedSpec:
    return SeedSpec(parse_seed((tables,), {})[0])


B_AND_C = {"kind": ["b", "c"]}
# The table, what else is asked of it, and the greatest total that finds a place beside its rows.
FULL: dict[str, tuple[str, dict[str, Any], int]] = {
    "an enum": ("plain", {}, 6),
    "a CHECK": ("checked", {}, 6),
    "given values, of which one is taken": ("plain", B_AND_C, 6),
    "given values that are taken": ("plain", {"kind": ["a"]}, 3),
    "given values of a CHECK": ("checked", {"level": [1, 2]}, 5),
    "a given value, where present rows have NULL": ("halfopen", B_AND_C, 7),
    "given values and NULLs that are distinct": ("open", {"kind": ["a"], "user_id": [1, 2]}, 5),
    "partial indexes by which NULLs are not distinct": ("partial", {}, 8),
    "a partial index over given values": ("live", {"kind": ["a"], "live": True}, 2),
    "two references": ("owners", {}, 6),
    "two keys": ("ring", {}, 6),
    "given values of one column": ("slugs", {"slug": ["a", "b", "c"]}, 3),
    "given values of an expression": ("slugs", {"title": ["a", "c", "d"]}, 4),
    "overlapping references": ("tasks", {}, 9),
    "overlapping references and given values": ("tasks", B_AND_C, 7),
    "a part of a reference": ("badges", {}, 6),
}


@pytest.mark.parametrize(("table", "columns", "most"), FULL.values(), ids=FULL)
def test_a_table_is_filled_to_the_last_and_more_is_refused_beforehand(
    connection: Connection, loaded: Snapshot, table: str, columns: dict[str, Any], most: int
) -> None:
    present = {name.name: number for name, number in loaded.contents.counts.items()}[table]
    for total in range(present + 1, most + 1):
        plan = pipeline.plan(connection, loaded, spec_of({table: Rows(total, columns=columns)}))
        savepoint = connection.begin_nested()
        try:
            pipeline.seed(connection, loaded.schema, plan)
        finally:
            savepoint.rollback()
    with pytest.raises(PlanError) as caught:
        pipeline.plan(connection, loaded, spec_of({table: Rows(most + 1, columns=columns)}))
    [problem] = caught.value.problems
    assert f"ask for at most {most}" in str(problem)


def test_postgresql_is_asked_only_where_rows_take_up_a_key_of_few(loaded: Snapshot) -> None:
    assert pipeline.asks(loaded, spec_of({"plain": 5}), {})
    assert pipeline.asks(loaded, spec_of({"slugs": 3, "owners": 4}), {})
    assert not pipeline.asks(loaded, spec_of({"slugs": 3, "users": 4}), {})
    assert pipeline.asks(loaded, spec_of({"slugs": Rows(3, columns={"slug": "c"})}), {})
    empty = Snapshot(loaded.schema)
    assert not pipeline.asks(empty, spec_of({"plain": 5, "owners": 4}), {})


def test_new_parents_make_room(connection: Connection, loaded: Snapshot) -> None:
    plan = pipeline.plan(connection, loaded, spec_of({"users": 3, "plain": Rows(6, columns=B_AND_C)}))
    assert [table.total for table in plan.tables] == [3, 6]
    pipeline.plan(connection, loaded, spec_of({"users": 3, "plain": Rows(8, columns=B_AND_C)}))
    with pytest.raises(PlanError, match="ask for at most 8, or for more of what is referenced"):
        pipeline.plan(connection, loaded, spec_of({"users": 3, "plain": Rows(9, columns=B_AND_C)}))
