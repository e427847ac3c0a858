"""Seeds one table of a loaded schema, with the parents that it needs, and tells what came of it."""

from __future__ import annotations

import re
import signal
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Literal

from psycopg2 import sql
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed import pipeline
from pytest_supaseed.command.survey import spec_for
from pytest_supaseed.errors import SeedError
from pytest_supaseed.model.schema import Schema, Snapshot, Table
from pytest_supaseed.reflection.queries import fetch, relation
from pytest_supaseed.spec import SeedSpec, TableSpec
from violations import Validation, quoted, run, validations, violations

Outcome = Literal["exact", "refused", "failed"]

PATIENCE_SECONDS = 60
_SEQUENCES = """
SELECT format('SELECT %L, last_value, is_called FROM %s', c.oid::regclass, c.oid::regclass) FROM pg_class c
WHERE c.relkind = 'S' AND c.relpersistence <> 't'
"""
# The marker that a message prints: users=5, "auth.users": 5.
_OF_A_ROW = re.compile(r"\s*(row|row tried|detail|in): |.*: PostgreSQL refuses a row: ")
_ADVICE = re.compile(r"""(?:"((?:[^"\\]|\\.)+)": |\b([^\W\d]\w*)=)(Rows\(add=)?(\d+)""")


class Hung(BaseException):
    """A table took too long; nothing that catches exceptions catches it."""


@dataclass(frozen=True)
class Attempt:
    """What came of seeding a table.

    Attributes:
        table: as a marker spells it.
        rows: that were asked for.
        outcome: of the three.
        asked: the marker.
        reason: why it is not exact.
        kind: of the reason, by which reasons are grouped.
        seconds: that it took.
    """

    table: str
    rows: int
    outcome: Outcome
    asked: str
    reason: str
    kind: str
    seconds: float


@dataclass(frozen=True)
class Opened:
    """A schema that has been loaded.

    Attributes:
        url: of its database.
        loaded: what is there.
        validations: of all its constraints.
        set_back: sets all sequences back to where they were.
    """

    url: URL
    loaded: Snapshot
    validations: Sequence[Validation]
    set_back: str

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """Connect, with a limit to the time of each statement."""
        engine = create_engine(self.url, poolclass=NullPool)
        try:
            with engine.connect() as connection:
                _limit(connection)
                yield connection
        finally:
            engine.dispose()

    @contextmanager
    def undone(self, kept: Connection | None = None) -> Iterator[Connection]:
        """Undo one seed.

        Args:
            kept: the connection of several seeds, which is left as a new one would be; None for one of its own.
        """
        with nullcontext(kept) if kept is not None else self.connected() as connection:
            try:
                yield connection
            finally:
                connection.rollback()
                connection.connection.rollback()
                # No rollback undoes the numbers that were taken.
                run(connection, self.set_back)
                connection.connection.commit()
                if kept is not None:
                    connection.commit()
                    _discard(kept)


def _limit(connection: Connection) -> None:
    run(connection, f"SET statement_timeout = '{PATIENCE_SECONDS}s'")
    # The driver's own: SQLAlchemy does not know what others have begun on it.
    connection.connection.commit()


def _discard(connection: Connection) -> None:
    """Discard what a session of PostgreSQL remembers, but for what it has read of the catalog."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.autocommit = True
    with raw.cursor() as cursor:
        cursor.execute("DISCARD ALL")
    raw.autocommit = False
    _limit(connection)


@contextmanager
def patience(seconds: int) -> Iterator[None]:
    """Raise an error in what takes longer."""

    def raise_it(number: int, frame: FrameType | None) -> None:
        raise Hung(f"took more than {seconds} s")

    before = signal.signal(signal.SIGALRM, raise_it)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def advised(spec: SeedSpec, error: SeedError, schema: Schema) -> SeedSpec | None:
    """Return the spec with the numbers of tables that a refusal proposes; None if it proposes no more rows."""
    lines = [line for line in str(error).splitlines() if not _OF_A_ROW.match(line)]
    found = _ADVICE.findall("\n".join(lines))
    numbers = {name or word: int(number) for name, word, _, number in found}
    numbers = {name: number for name, number in numbers.items() if schema.find(name) is not None}
    more = {name or word for name, word, add, _ in found if add}
    # Fewer rows than were asked for are no answer to what was asked for.
    asked = {table.name: table.count or table.add or 0 for table in spec.tables}
    numbers = {name: number for name, number in numbers.items() if number > asked.get(name, 0)}
    tables = {table.name: table for table in spec.tables}
    for name, number in numbers.items():
        tables[name] = TableSpec(name, add=number) if name in more else TableSpec(name, number)
    changed = SeedSpec(tuple(tables.values()), spec.seed, spec.locale, spec.limit)
    return changed if changed != spec else None


def seed(connection: Connection, opened: Opened, spec: SeedSpec) -> list[str]:
    """Seed and validate, and return what is wrong with the rows."""
    snapshot = opened.loaded
    plan = pipeline.plan(connection, snapshot, spec)
    counts = pipeline.seed(connection, snapshot.schema, plan)
    wrong = []
    for asked in spec.tables:
        table = snapshot.schema.find(asked.name)
        if table is None:
            wrong.append(f"no table {asked.name}")
            continue
        total = (
            asked.count
            if asked.count is not None
            else snapshot.schema.with_heirs(snapshot.contents.counts)[table.name] + (asked.add or 0)
        )
        [(held,)] = fetch(connection, sql.SQL("SELECT count(*) FROM {}").format(relation(table.name)))
        if held != total or counts[table.name] != total:
            wrong.append(f"{asked.name} holds {held} rows instead of {total}")
    filled = {(name.schema, name.name) for name, count in counts.items() if count}
    known = {(table.name.schema, table.name.name) for table in snapshot.schema.tables}
    # A partition, which is no table of the schema, may hold rows of a table that is.
    among = [each for each in opened.validations if each.table in filled or each.table not in known]
    return wrong + [f"broken: {broken}" for broken in violations(connection, among)]


def attempt(opened: Opened, table: Table, rows: int, advice: int, seconds: int = PATIENCE_SECONDS) -> Attempt:
    """Seed a table and its parents, and undo it; where that is refused, once more with more of filled parents."""
    spec = spec_for(opened.loaded, table, rows)
    found = attempted(opened, table, spec, rows, advice, seconds)
    fuller = spec_for(opened.loaded, table, rows, more=True)
    if found.outcome == "refused" and fuller != spec:
        again = attempted(opened, table, fuller, rows, advice, seconds)
        return again if again.outcome != "refused" else found
    return found


def attempted(
    opened: Opened, table: Table, spec: SeedSpec, rows: int, advice: int, seconds: int = PATIENCE_SECONDS
) -> Attempt:
    """Seed what is asked for, and undo it."""
    began = time.perf_counter()
    outcome: Outcome = "failed"
    try:
        for left in range(advice, -1, -1):
            try:
                with patience(seconds), opened.undone() as connection:
                    wrong = seed(connection, opened, spec)
                break
            except SeedError as error:
                changed = advised(spec, error, opened.loaded.schema) if left else None
                if changed is None:
                    raise
                spec = changed
        reason = "\n".join(wrong)
        kind = "another result" if wrong else ""
        outcome = "failed" if wrong else "exact"
    except SeedError as error:
        outcome, reason, kind = "refused", str(error), f"{type(error).__name__}: {general(str(error))}"
    except (Exception, Hung) as error:
        reason = "".join(traceback.format_exception(error))
        place = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__} in {Path(place.filename).name}: {general(str(error))}"
    return Attempt(table.label, rows, outcome, str(spec), reason, kind, time.perf_counter() - began)


def general(message: str) -> str:
    """Return the first line of a message without what is particular to a schema, to group by."""
    first = message.strip().split("\n")[0]
    first = re.sub(r"""'[^']*'|"[^"]*"|\([^()]*\)|\b\w*[_.]\w[\w.]*|\b\d+\b""", "…", first)
    return re.sub(r"^\S+ (?=asks|needs|cannot|holds|has|is)", "… ", first)[:150]


def opened_database(url: URL) -> Opened:
    """Read a schema, and what validates it: what the load itself has broken is not ours."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            snapshot = pipeline.read(connection)
            found = validations(connection)
            broken = violations(connection, found)
            queries = [row[0] for row in run(connection, _SEQUENCES)]
            sequences = run(connection, " UNION ALL ".join(queries)) if queries else []
    finally:
        engine.dispose()
    places = ", ".join(f"setval({quoted(name)}, {last}, {called})" for name, last, called in sequences)
    found = [each for each in found if each.label not in broken]
    return Opened(url, snapshot, found, f"SELECT {places}")
