"""What validates constraints again sees each kind of row that breaks one."""

from __future__ import annotations

import psycopg2
import pytest
from sqlalchemy import URL

from servers import run, schema_of
from violations import validations, violations

# The catalog is told that the constraint is not there, and afterwards that it was there all the time.
_HIDE = "UPDATE pg_index SET indisunique = false, indimmediate = true WHERE indrelid = 't'::regclass;"
_SHOW = "; UPDATE pg_index SET indisunique = true WHERE indrelid = 't'::regclass"
_REPLICA = "SET session_replication_role = replica;"
_VALIDATED = "; UPDATE pg_constraint SET convalidated = true"
_REFERENCE = "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (a int, b int,"
_REFERENCE += " CONSTRAINT r FOREIGN KEY (a, b) REFERENCES p {});"
_NULLS = "CREATE TABLE t (a int CONSTRAINT u UNIQUE {}); "

BROKEN: dict[str, tuple[str, list[str]]] = {
    "nothing": (
        "CREATE TABLE t (a int PRIMARY KEY CHECK (a > 0), b int UNIQUE, c int REFERENCES t, d text CHECK (d <> 'x'));"
        "INSERT INTO t VALUES (1, NULL, NULL, NULL), (2, NULL, 1, 'y')",
        [],
    ),
    "CHECK": (
        "CREATE TABLE t (n int); INSERT INTO t VALUES (9), (NULL);"
        f"ALTER TABLE t ADD CONSTRAINT small CHECK (n < 5) NOT VALID{_VALIDATED}",
        ["public.t: CHECK small"],
    ),
    "NOT NULL": (
        "CREATE TABLE t (m int, n int); INSERT INTO t VALUES (1, NULL);"
        "UPDATE pg_attribute SET attnotnull = true WHERE attrelid = 't'::regclass AND attname = 'n'",
        ["public.t: NOT NULL n"],
    ),
    "FOREIGN KEY": (
        f"{_REFERENCE.format('')} {_REPLICA} INSERT INTO t VALUES (1, 2), (NULL, 2)",
        ["public.t: FOREIGN KEY r"],
    ),
    "half a reference": (f"{_REFERENCE.format('')} {_REPLICA} INSERT INTO t VALUES (NULL, 2)", []),
    "half a reference, MATCH FULL": (
        f"{_REFERENCE.format('MATCH FULL')} {_REPLICA} INSERT INTO t VALUES (NULL, 2)",
        ["public.t: FOREIGN KEY r"],
    ),
    "no reference, MATCH FULL": (
        f"{_REFERENCE.format('MATCH FULL')} {_REPLICA} INSERT INTO t VALUES (NULL, NULL)",
        [],
    ),
    "UNIQUE": (
        f"{_NULLS.format('')} {_HIDE} INSERT INTO t VALUES (1), (1) {_SHOW}",
        ["public.t: UNIQUE u"],
    ),
    "two NULLs": (f"{_NULLS.format('')} INSERT INTO t VALUES (NULL), (NULL)", []),
    "a value of an inheriting table": (
        "CREATE TABLE t (a int UNIQUE); CREATE TABLE heir () INHERITS (t);"
        "INSERT INTO t VALUES (1); INSERT INTO heir VALUES (1)",
        [],
    ),
    "a unique expression": (
        f"CREATE TABLE t (a text); CREATE UNIQUE INDEX u ON t (lower(a)) WHERE a <> 'z'; {_HIDE}"
        f"INSERT INTO t VALUES ('A'), ('a') {_SHOW}",
        ["public.t: UNIQUE u"],
    ),
    "rows outside of a unique index": (
        "CREATE TABLE t (a text); CREATE UNIQUE INDEX u ON t (lower(a)) WHERE a <> 'z';"
        "INSERT INTO t VALUES ('z'), ('z')",
        [],
    ),
    "EXCLUDE": (
        "CREATE TABLE t (a int4range, CONSTRAINT e EXCLUDE USING gist (a WITH &&));"
        "UPDATE pg_index SET indisexclusion = false WHERE indrelid = 't'::regclass;"
        "INSERT INTO t VALUES ('[1,3]'), ('[3,4]');"
        "UPDATE pg_index SET indisexclusion = true WHERE indrelid = 't'::regclass",
        ["public.t: EXCLUDE e"],
    ),
    "a partition": (
        "CREATE TABLE p (a int NOT NULL) PARTITION BY LIST (a); CREATE TABLE t (a int NOT NULL);"
        "ALTER TABLE p ATTACH PARTITION t FOR VALUES IN (1); INSERT INTO p VALUES (1);"
        "UPDATE pg_class SET relispartition = false WHERE relname = 't'; INSERT INTO t VALUES (2);"
        "UPDATE pg_class SET relispartition = true WHERE relname = 't'",
        ["public.t: partition"],
    ),
}


@pytest.mark.parametrize(("statements", "expected"), BROKEN.values(), ids=list(BROKEN))
def test_broken(empty_database: URL, statements: str, expected: list[str]) -> None:
    with schema_of(empty_database, statements) as connection:
        assert violations(connection, validations(connection)) == expected


def test_two_nulls_that_are_one(empty_database: URL) -> None:
    with schema_of(empty_database, "SELECT 1") as connection:
        if run(connection, "SHOW server_version_num")[0][0] < "150000":
            pytest.skip("NULLS NOT DISTINCT is not there before PostgreSQL 15")
        run(
            connection,
            f"{_NULLS.format('NULLS NOT DISTINCT')} {_HIDE} INSERT INTO t VALUES (NULL), (NULL) {_SHOW}",
        )
        assert violations(connection, validations(connection)) == ["public.t: UNIQUE u"]


def test_a_domain(empty_database: URL) -> None:
    ddl = """CREATE DOMAIN small AS int; CREATE TABLE t (n small); INSERT INTO t VALUES (9);
        ALTER DOMAIN small ADD CONSTRAINT below CHECK (VALUE < 5) NOT VALID"""
    with (
        schema_of(empty_database, ddl) as connection,
        pytest.raises(psycopg2.errors.CheckViolation, match="below"),
    ):
        violations(connection, validations(connection))
