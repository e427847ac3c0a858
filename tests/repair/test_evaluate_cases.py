"""PostgreSQL accepts a row that is made after each branch of a CHECK."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import URL, Connection, text

from pytest_supaseed.constraints.cases import Case, cases_of_check
from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.constraints.domain import UNCONSTRAINED, ValueDomain, intersect, normalize
from pytest_supaseed.constraints.parser import deparse, parse
from pytest_supaseed.copy_text import text_of
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.reflection.catalog import reflect
from pytest_supaseed.repair.evaluate import Evaluation
from pytest_supaseed.rng import random_for
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.meanings.context import ValueSource
from tests.builders import FAKER
from tests.servers import schema_of

COLUMNS = """
    a int, b int, c int, d int, kind text, status text, t text, u text, flag boolean, public boolean,
    started timestamptz, ended timestamptz, day date, amount numeric(10,2), quantity int,
    price numeric(8,2), total numeric(14,2), x jsonb, tags text[], mood mood, other_mood mood
"""

CHECKS = """
status <> 'done' OR ended IS NOT NULL
(status = 'done') = (ended IS NOT NULL)
NOT (status = 'done' AND ended IS NULL)
(a IS NULL) = (b IS NULL)
(a IS NULL) <> (b IS NULL)
a IS NOT NULL OR b IS NOT NULL
NOT (a IS NOT NULL AND b IS NOT NULL)
public = (started IS NOT NULL)
(flag AND a IS NOT NULL) OR (NOT flag AND a IS NULL)
flag = public
flag <= public
flag IS DISTINCT FROM public
a IS DISTINCT FROM b
a IS NOT DISTINCT FROM b
kind IS DISTINCT FROM 'x' OR a = 1
num_nonnulls(a, b, c) = 1
num_nonnulls(a, b, c) <= 1
num_nonnulls(a, b, c) >= 1
num_nonnulls(a, b, c) > 2
num_nonnulls(a, b, c) < 2
num_nonnulls(a, b, c) IN (0, 3)
num_nonnulls(a, b) = num_nonnulls(c, d)
num_nulls(a, b, c) = 1
num_nulls(VARIADIC ARRAY[a, b, c]) >= 2
num_nonnulls(a, b, c, d, kind, status, t, u, flag) = 1
(a IS NOT NULL)::int + (b IS NOT NULL)::int = 1
(a IS NOT NULL)::int + (b IS NOT NULL)::int + (c IS NOT NULL)::int <= 1
CASE WHEN a IS NULL THEN 0 ELSE 1 END + CASE WHEN b IS NULL THEN 0 ELSE 1 END = 1
1 = (CASE WHEN a IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN b IS NOT NULL THEN 1 ELSE 0 END)
CASE WHEN kind = 'x' THEN a > 5 ELSE b IS NULL END
CASE kind WHEN 'x' THEN a IS NOT NULL WHEN 'y' THEN b IS NOT NULL ELSE false END
CASE WHEN flag THEN a IS NOT NULL AND b IS NULL WHEN public THEN b IS NOT NULL ELSE true END
CASE WHEN kind = 'x' THEN 1 WHEN kind = 'y' THEN 2 ELSE 3 END = a
COALESCE(a, b) IS NOT NULL
COALESCE(a, b, c) IS NULL
COALESCE(flag, false)
COALESCE(flag, false) OR a IS NOT NULL
COALESCE(a, 0) > 0
COALESCE(a, 0) + COALESCE(b, 0) > 0
COALESCE(t, '') <> '' OR COALESCE(u, '') <> ''
NULLIF(btrim(t), '') IS NOT NULL
NULLIF(a, 0) IS NULL OR b > 0
flag
NOT flag
flag IS TRUE
flag IS NOT TRUE
flag IS FALSE OR a IS NOT NULL
(a > 5) IS TRUE
(a > 5) IS NOT TRUE AND b IS NOT NULL
kind IN ('x', 'y')
kind NOT IN ('x', 'y') OR a IS NULL
lower(kind) IN ('x', 'y') AND a > 1
5 IN (a, b)
NOT (1 = ANY (ARRAY[a, b]))
kind = 'post' AND num_nonnulls(a, b) = 2 OR kind = 'comment' AND a IS NULL AND b IS NOT NULL
(kind = 'x' AND a IS NOT NULL AND b IS NULL) OR (kind = 'y' AND a IS NULL AND b IS NOT NULL)
kind <> 'x' OR (a IS NOT NULL AND b > 3)
(kind = 'x' AND a > 0) OR kind IN ('y', 'z')
(a, b) IS NOT NULL
(a, b) IS NULL
NOT ((a, b) IS NULL)
(a, b) = (c, d)
(a, b) < (c, d)
(a, b) <> (c, d)
(a, b) IN ((1, 2), (3, 4))
a BETWEEN 1 AND 5 AND b NOT BETWEEN 2 AND 1000000
a BETWEEN b AND c
a + b = c
a = b + c AND b = c * 2
a + b <= 100
a - b >= 10
a * 2 > 10
2 * a + 3 <= b
total = quantity * price
round(total, 2) = round(quantity * price, 2)
total = quantity * price - amount
amount <= total AND (total >= 0 OR amount IS NULL)
ended > started
ended IS NULL OR ended > started
ended > started + interval '1 hour'
ended - started <= interval '30 days'
started < ended AND ended < now() + interval '1000 years'
started::date = day
started AT TIME ZONE 'UTC' >= day
date_trunc('day', started) = day
EXTRACT(year FROM day) = a AND a BETWEEN 2000 AND 2030
a < b AND b < c AND c < d
upper(t) = t
t = lower(u)
lower(t) = lower(u)
t <> u
char_length(t) + char_length(u) > 0
COALESCE(char_length(t), 0) + COALESCE(char_length(u), 0) > 0
length(t) + length(u) <= 20
length(t || u) > 3
(t || u) <> ''
length(t) <= a
cardinality(tags) = a
GREATEST(a, b) <= c
LEAST(a, b) > 0
GREATEST(a, b, c) = 7
abs(a - b) <= 5
abs(a - b) > 5
a IS NOT NULL AND a > b OR a IS NULL
a > 0 AND b > 0 OR a < 0 AND b < 0
a % 2 = 0 AND b % 5 = 0
mood = 'sad' OR other_mood IS NOT NULL
mood = other_mood
mood <> 'sad' OR flag
mood::text <> 'ok' AND other_mood IN ('ok', 'happy')
tags IS NULL OR cardinality(tags) BETWEEN 1 AND 2
tags <@ ARRAY['x', 'y'] AND kind = ANY (ARRAY['x', 'y'])
t ~ '^[a-z]+$' OR u IS NULL
t LIKE 'a%' AND u NOT LIKE 'a%'
jsonb_typeof(x) = 'object'
jsonb_typeof(x) = 'array' OR a IS NULL
jsonb_typeof(x) IN ('object', 'array')
x ? 'key'
NOT x ? 'key' OR flag
x ?& ARRAY['k', 'l']
x ?| ARRAY['k', 'l']
x ->> 'type' = 'a'
(x ->> 'type') IN ('a', 'b') AND (x ->> 'type' <> 'a' OR x ? 'url')
x ->> 'type' IS NOT NULL
x -> 'deep' ->> 'er' = 'x' AND x #>> '{deep,also}' = 'y'
(x ->> 'n')::int >= 3
(x ->> 'n')::numeric BETWEEN 0 AND 1
(x ->> 'flag')::boolean
x @> '{"a": {"b": 1}, "c": "d"}'
NOT x @> '{"a": 1}'
jsonb_typeof(x -> 'items') = 'array' AND jsonb_array_length(x -> 'items') > 0
jsonb_array_length(x) BETWEEN 2 AND 3
x <> '{}'
x IS NULL OR kind = 'x' AND x ? 'x' OR kind = 'y' AND x ? 'y'
kind IS NOT NULL AND (kind <> 'x' OR x ->> 'v' ~ '^v[0-9]$')
((a = 1 OR b = 2) AND (c = 3 OR d = 4)) AND (a <> 1 OR c <> 3)
NOT (a = 1 OR (b = 2 AND NOT (c = 3)))
(status = 'a') <> (kind = 'b')
((status = 'a') IS TRUE) = (ended IS NOT NULL)
(status = 'open' AND started IS NULL AND ended IS NULL) OR (status = 'done' AND started < ended AND ended IS NOT NULL)
kind IN ('a', 'b') AND (kind <> 'a' OR a IS NOT NULL) AND (kind <> 'b' OR b IS NOT NULL) AND num_nonnulls(a, b) = 1
"""
TEXTS = CHECKS.strip().splitlines()
TIMES = 3


def ddl() -> str:
    tables = "\n".join(
        f"CREATE TABLE t{number:03} ({COLUMNS}, CONSTRAINT c CHECK ({check}));"
        for number, check in enumerate(TEXTS)
    )
    return f"CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');\n{tables}"


# By column and domain, which may hold what has no hash: all tables have the same columns.
SOURCES: dict[tuple[str, str], ValueSource] = {}


def source_of(table: Table, column: Column, domain: ValueDomain) -> ValueSource:
    key = (column.name, repr(domain))
    if key not in SOURCES:
        source = value_source(table, column, domain)
        assert source is not None
        SOURCES[key] = source
    return SOURCES[key]


def made(connection: Connection, bare: Table, case: Case, attempt: int) -> dict[str, Any]:
    """A row as a branch has it; its other columns have any values, and NULL from time to time."""
    row: dict[str, Any] = {}
    for column in bare.columns:
        random = random_for(attempt, str(bare.name), column.name)
        domain = normalize(
            intersect(value_domain(bare, column), case.domains.get(column.name, UNCONSTRAINED))
        )
        if domain.allowed == (None,) or (not domain.required and random.random() < 0.2):
            row[column.name] = None
            continue
        source = source_of(bare, column, domain)
        FAKER.factories[0].random = random
        row[column.name] = source.choose(FAKER.factories[0], row)
    evaluate = Evaluation(connection, bare)
    for assignment in case.assignments:
        step = {"<": -1, ">": 1}.get(assignment.operator, 0)
        [value] = evaluate.computed([row], assignment.column, assignment.expression, step)
        # A column that may be NULL was left at that.
        if row[assignment.column] is None or value is None:
            continue
        if assignment.operator != "<>":
            row[assignment.column] = value
        elif text_of(bare.column(assignment.column), row[assignment.column]) == value:
            # Equal by chance.
            return made(connection, bare, case, attempt + 100)
    return row


def shown(domains: Mapping[str, ValueDomain]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in domains.items())


def test_postgresql_accepts_a_row_of_each_branch(empty_database: URL) -> None:
    problems = []
    with schema_of(empty_database, ddl()) as connection:
        for table in reflect(connection).tables:
            [check] = table.checks
            found = cases_of_check(table, check.expression)
            assert found, check.expression
            assert all(case != Case() for case in found), check.expression
            # Without the CHECK, which its own cases alone are to keep.
            bare = Table(table.name, table.columns)
            tried = [(case, made(connection, bare, case, turn)) for case in found for turn in range(TIMES)]
            refused = Evaluation(connection, table).refused_by([row for _, row in tried], [check])
            for (case, row), refusing in zip(tried, refused, strict=True):
                if refusing:
                    used = {name: row[name] for name in check.columns}
                    problems.append(f"{check.expression}\n  {case}\n  {used}")
    assert not problems, f"{len(problems)}:\n" + "\n".join(problems[:20])


def test_an_expression_means_the_same_when_it_is_written_again(empty_database: URL) -> None:
    with schema_of(empty_database, ddl()) as connection:
        for table in reflect(connection).tables:
            [check] = table.checks
            again = deparse(parse(check.expression))
            assert parse(again) == parse(check.expression)
            connection.execute(
                text(f"ALTER TABLE {table.name} ADD CONSTRAINT again CHECK ({again})".replace(":", "\\:"))
            )
        printed = {
            (table.name, check.name): check.expression
            for table in reflect(connection).tables
            for check in table.checks
        }
    for (name, constraint), expression in printed.items():
        first = printed[name, "c"]
        # AND and OR are flat only where they are written without parentheses.
        assert re.sub("[()]", "", first) == re.sub("[()]", "", expression), constraint
