"""Tells how far the rows of whole schemas are believable: how many of them keep rules that no constraint states.

Run it by hand, in a virtualenv with ``pip install -e ".[embedded]"``::

    python benchmarks/believable.py tests/schemas/stories --rows 8

Each ``NAME.sql`` in the folder is loaded into a database of its own on a throwaway server, and all its tables get
``--rows`` rows, with nothing configured. ``NAME.rules`` beside it has a table of rules about these rows, which know
nothing of how values are made::

    [stages]
    orders: status = 'pending' => shipped_at IS NULL
    [children]
    orders: created_at >= (SELECT created_at FROM customers WHERE id = r.customer_id)

A rule is a table and a boolean expression of SQL over one of its rows, which is called ``r``. It holds for a row where
it is true, and does not concern a row where it is NULL, nor one for which what stands before ``=>`` is not true. What
stands in brackets is the subject under which the rules below it are counted.

Printed are, by subject and schema, the rows that keep the rules, of those that rules concern; with ``--broken`` each
rule that some row breaks, with such a row; and with ``--samples`` values of the columns that no rule names, at which a
person has to look: no rule can tell whether a text is of its subject. ``--texts ROWS`` counts distinct long texts.
``--with postseed`` does the same with the rows of that program, where it is installed.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg2 import sql
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed import pipeline
from pytest_supaseed.errors import PlanError, SupaseedWarning
from pytest_supaseed.model.schema import Schema, TableName
from pytest_supaseed.model.type_families import has_string_category
from pytest_supaseed.postgres.databases.database import Databases
from pytest_supaseed.postgres.server.external import fixture_url
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import start_server
from pytest_supaseed.reflection.queries import fetch, relation
from pytest_supaseed.sources.source import load, resolve
from pytest_supaseed.spec import DEFAULT_LIMIT, SeedSpec, TableSpec

_SAMPLES = 4
_LONG_TEXT = 40
_SUBJECT = re.compile(r"\[(\w+)\]")
_AT_MOST = re.compile(r"(\S+) asks for \d+ rows, .*ask for at most (\d+)")
_RULE = re.compile(r"([\w.]+):\s+(?:(.+?)\s+=>\s+)?(.+)")


@dataclass(frozen=True)
class Rule:
    """What the rows of a table have to be like.

    Attributes:
        subject: under which it is counted.
        table: as a marker spells it.
        expression: a boolean of SQL over one row, which is called ``r``.
    """

    subject: str
    table: str
    expression: str


@dataclass(frozen=True)
class Verdict:
    """How many rows keep a rule.

    Attributes:
        rule: the rule.
        kept: the rows for which it is true.
        concerned: the rows for which it is not NULL.
        breaking: one of the rows that break it, as text; empty if none does.
    """

    rule: Rule
    kept: int
    concerned: int
    breaking: str


def parse_rules(text: str) -> list[Rule]:
    r"""Read a table of rules.

    Raises:
        ValueError: a line is neither a subject nor a rule; with the number of the line.

    Example:
        >>> parse_rules("[order]\nterms: ends_on > starts_on")
        [Rule(subject='order', table='terms', expression='ends_on > starts_on')]
    """
    subject, found = "", []
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        heading, rule = _SUBJECT.fullmatch(stripped), _RULE.fullmatch(stripped)
        if heading is not None:
            subject = heading[1]
        elif rule is not None and subject:
            expression = rule[3] if rule[2] is None else f"CASE WHEN {rule[2]} THEN {rule[3]} END"
            found.append(Rule(subject, rule[1], expression))
        else:
            raise ValueError(
                f"line {number}: neither [subject] nor a rule below one, as in orders: paid_at > placed_at"
            )
    return found


def judge(connection: Connection, schema: Schema, rule: Rule) -> Verdict:
    """Count the rows that keep a rule."""
    table = schema.find(rule.table)
    if table is None:
        raise ValueError(f"{rule.table}: no such table")
    holds, rows = sql.SQL(rule.expression), relation(table.name)
    query = sql.SQL(
        "SELECT count(*) FILTER (WHERE {0}), count(*) FILTER (WHERE ({0}) IS NOT NULL) FROM {1} r"
    )
    [(kept, concerned)] = fetch(connection, query.format(holds, rows))
    query = sql.SQL("SELECT to_jsonb(r)::text FROM {} r WHERE NOT ({}) LIMIT 1").format(rows, holds)
    breaking = fetch(connection, query) if kept < concerned else []
    return Verdict(rule, kept, concerned, breaking[0][0] if breaking else "")


def seeded(connection: Connection, url: URL, rows: int) -> Schema:
    """Give all tables of a database rows of the plugin's, in the connection's transaction."""
    del url
    snapshot = pipeline.read(connection)
    counts = dict.fromkeys((table.label for table in snapshot.schema.tables), rows)
    try:
        seed_plan = pipeline.plan(connection, snapshot, _spec(counts))
    except PlanError as error:
        # A table of a few codes has no more rows than codes.
        counts |= {table: int(most) for table, most in _AT_MOST.findall(str(error))}
        seed_plan = pipeline.plan(connection, snapshot, _spec(counts))
    pipeline.seed(connection, snapshot.schema, seed_plan)
    return snapshot.schema


def _spec(counts: Mapping[str, int]) -> SeedSpec:
    tables = tuple(TableSpec(table, count) for table, count in counts.items())
    return SeedSpec(tables, limit=max(DEFAULT_LIMIT, sum(counts.values())))


def seeded_by_postseed(connection: Connection, url: URL, rows: int) -> Schema:
    """Give all tables of a database rows of ``postseed``'s.

    Raises:
        RuntimeError: it is not installed, or has refused the schema.
    """
    program = shutil.which("postseed")
    if program is None:
        raise RuntimeError("postseed is not installed: pip install postseed")
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    command = [program, "insert", "--url", address, "--rows", str(rows), "--seed", "1", "--yes"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"postseed: {done.stderr.strip() or done.stdout.strip()}")
    return pipeline.read(connection).schema


SEEDERS: Mapping[str, Callable[[Connection, URL, int], Schema]] = {
    "pytest-supaseed": seeded,
    "postseed": seeded_by_postseed,
}


@contextmanager
def rows_of(databases: Databases, path: Path, seeder: str, rows: int) -> Iterator[tuple[Connection, Schema]]:
    """Load a schema into a database of its own, and give its tables rows."""
    name = databases.create()
    try:
        url = databases.url(name)
        load(resolve(path, path.parent), url)
        engine = create_engine(url, poolclass=NullPool)
        try:
            with engine.connect() as connection:
                yield connection, SEEDERS[seeder](connection, url, rows)
        finally:
            engine.dispose()
    finally:
        databases.drop(name)


def unnamed_columns(connection: Connection, schema: Schema, rules: Sequence[Rule]) -> Iterator[str]:
    """Yield values of each column that no rule of its table names, and that is no key, in a line."""
    for table in schema.tables:
        text = " ".join(rule.expression for rule in rules if rule.table == table.label)
        keys = {name for key in (*table.foreign_keys, *table.uniques) for name in key.columns}
        for column in table.columns:
            if column.name in keys and not has_string_category(column.type):
                continue
            if re.search(rf"\b{re.escape(column.name)}\b", text):
                continue
            query = sql.SQL("SELECT {}::text FROM {} LIMIT %s").format(
                sql.Identifier(column.name), relation(table.name)
            )
            values = [value for (value,) in fetch(connection, query, [_SAMPLES])]
            yield f"  {table.label}.{column.name}: " + " | ".join(map(str, values))


def long_texts(connection: Connection, schema: Schema) -> Iterator[tuple[TableName, str, int, int]]:
    """Yield table, column, distinct values and values of each column of long texts."""
    for table in schema.tables:
        for column in table.columns:
            if not has_string_category(column.type) or column.type.array or column.type.labels:
                continue
            query = sql.SQL("SELECT count(DISTINCT {0}), count({0}), avg(length({0}::text)) FROM {1}").format(
                sql.Identifier(column.name), relation(table.name)
            )
            [(distinct, count, length)] = fetch(connection, query)
            if length is not None and length >= _LONG_TEXT:
                yield table.name, column.name, distinct, count


def share(kept: int, concerned: int) -> str:
    """Return a share of rows in words."""
    return f"{kept} of {concerned}, {100 * kept / concerned:.0f} %" if concerned else "-"


def by_subject(verdicts: Sequence[Verdict]) -> dict[str, str]:
    """Return, by subject, the share of rows that keep the rules."""
    found: dict[str, list[int]] = {}
    for verdict in verdicts:
        both = found.setdefault(verdict.rule.subject, [0, 0])
        both[0] += verdict.kept
        both[1] += verdict.concerned
    return {subject: share(*both) for subject, both in found.items()}


def table_lines(columns: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Yield the lines of a table with a column for each name, and a line for each subject."""
    subjects = list(dict.fromkeys(subject for column in columns.values() for subject in column))
    yield "| subject      | " + " | ".join(f"{name:>20}" for name in columns) + " |"
    yield "|--------------|-" + "-|-".join("-" * 19 + ":" for _ in columns) + "-|"
    for subject in subjects:
        cells = (column.get(subject, "-") for column in columns.values())
        yield f"| {subject:<12} | " + " | ".join(f"{cell:>20}" for cell in cells) + " |"


def report(databases: Databases, arguments: argparse.Namespace, seeder: str) -> Iterator[str]:
    """Seed all schemas, and yield what is printed."""
    columns: dict[str, Mapping[str, str]] = {}
    everything: list[Verdict] = []
    details: list[str] = []
    for path in sorted(arguments.folder.resolve().glob("*.sql")):
        if arguments.only and path.stem not in arguments.only:
            continue
        rules = parse_rules(path.with_suffix(".rules").read_text(encoding="utf-8"))
        try:
            with rows_of(databases, path, seeder, arguments.rows) as (connection, schema):
                verdicts = [judge(connection, schema, rule) for rule in rules]
                if arguments.samples:
                    details.append(f"\n{path.stem}: columns that no rule names")
                    details += unnamed_columns(connection, schema, rules)
        except RuntimeError as error:
            details.append(f"\n{path.stem}: {error}")
            continue
        columns[path.stem] = by_subject(verdicts)
        everything += verdicts
        for verdict in verdicts:
            if arguments.broken and verdict.kept < verdict.concerned:
                rule = verdict.rule
                details.append(f"\n{path.stem}, {rule.subject}: {share(verdict.kept, verdict.concerned)}")
                details.append(f"  {rule.table}: {rule.expression}\n  {verdict.breaking}")
        if arguments.texts:
            with rows_of(databases, path, seeder, arguments.texts) as (connection, schema):
                details.append(f"\n{path.stem}: distinct long texts of {arguments.texts} rows")
                details += (
                    f"  {name}.{column}: {distinct} of {count}"
                    for name, column, distinct, count in long_texts(connection, schema)
                )
    yield f"\n{seeder}, {arguments.rows} rows in each table: rows that keep the rules\n"
    yield from table_lines({**columns, "all": by_subject(everything)})
    yield from details


def main() -> None:
    """Seed and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="with NAME.sql and NAME.rules")
    parser.add_argument("--rows", type=int, default=8, help="of each table (default: 8)")
    parser.add_argument("--only", action="append", help="a schema, without .sql; repeatable")
    parser.add_argument("--broken", action="store_true", help="print the rules that rows break")
    parser.add_argument("--samples", action="store_true", help="print values of columns that no rule names")
    parser.add_argument(
        "--texts", type=int, default=0, metavar="ROWS", help="count distinct long texts of so many rows"
    )
    parser.add_argument(
        "--with",
        dest="beside",
        action="append",
        choices=["postseed"],
        default=[],
        help="a program to compare with",
    )
    parser.add_argument("--postgres", default="embedded", help="auto, embedded, system or a bin folder")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore", SupaseedWarning)
    with start_server(find(arguments.postgres)) as server:
        databases = Databases(fixture_url(server))
        try:
            print(f"PostgreSQL {server.version}, Python {sys.version.split()[0]}", flush=True)
            for seeder in ["pytest-supaseed", *arguments.beside]:
                for text in report(databases, arguments, seeder):
                    print(text, flush=True)
        finally:
            databases.close()


if __name__ == "__main__":
    main()
