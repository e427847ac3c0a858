"""The transaction of a test, whose commits are savepoints and which is undone: :class:`RolledBackTransaction`.

It is a state machine without a connection. Its operations, such as :meth:`~RolledBackTransaction.enter` and
:meth:`~RolledBackTransaction.commit`, are generators: they yield a :class:`Request`, the statements to run, and are
sent the rows of its query, or have the driver's error thrown in. :func:`perform` and :func:`perform_async` run them
with a function of the driver. So the rules are written once, for drivers that block and for those that are awaited.

A driver's connection is a :class:`RolledBackConnection`. To the test it is an ordinary one that begins, commits and
rolls back. Its cursors tell the transaction which effects a statement may have (:mod:`~.effects`): a commit imitates
the end of these effects, or records that it differs from a real one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from psycopg2 import sql

from pytest_supaseed.postgres.databases.driver_errors import can_go_on, sqlstate
from pytest_supaseed.postgres.databases.effects import (
    CURSORS,
    DEFERS,
    DEFINES,
    LABELS,
    LISTENS,
    LOCKS,
    NO_EFFECTS,
    SESSION_LOCKS,
    UNNAMED_LASTING,
    UNNAMED_TABLES,
    Effects,
)
from pytest_supaseed.reflection.queries import as_text

Result = TypeVar("Result")
Row = Sequence[Any]


@dataclass(frozen=True)
class Request:
    """Statements that a driver runs without parameters, in one round trip or in as few as it can.

    Attributes:
        statements: what is run, in this order.
        query: run after them; its rows are the answer. None for no answer.
        begins: whether a transaction begins before the first statement.
        ends: whether no transaction is open after the last statement.
        texts: whether the rows hold texts, and not only numbers and truth values.
    """

    statements: tuple[str, ...] = ()
    query: str | None = None
    begins: bool = False
    ends: bool = False
    texts: bool = False

    @property
    def script(self) -> str:
        """The statements and the query as one text."""
        return "; ".join((*self.statements, *([] if self.query is None else [self.query])))


Rows = Sequence[Row]
Operation = Generator[Request, Rows, Result]


def perform(operation: Operation[Result], run: Callable[[Request], Rows]) -> Result:
    """Run an operation to its end, and return its result.

    Args:
        run: runs a request on the driver's connection, and returns the rows of its query.
    """
    try:
        request = next(operation)
        while True:
            try:
                rows = run(request)
            except BaseException as error:
                request = operation.throw(error)
            else:
                request = operation.send(rows)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return] # of the generator's type


async def perform_async(operation: Operation[Result], run: Callable[[Request], Awaitable[Rows]]) -> Result:
    """Run an operation to its end, as :func:`perform` does, with a function that is awaited."""
    try:
        request = next(operation)
        while True:
            try:
                rows = await run(request)
            except BaseException as error:
                request = operation.throw(error)
            else:
                request = operation.send(rows)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return] # of the generator's type


class RolledBackConnection(Protocol):
    """What a driver's connection has to be able to do, so that tests on it are rolled back.

    The methods are called while no other statement runs. Those of a connection that is awaited are called within a
    greenlet of SQLAlchemy, where they wait for the connection's own coroutines.

    Attributes:
        rolled_back: the state of the test's transaction.
        deallocate: a statement that drops the statements that the test has prepared.
    """

    rolled_back: RolledBackTransaction
    deallocate: str

    @property
    def ended(self) -> bool:
        """Whether the connection is closed, or known to be broken."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open on the server, failed or not."""

    @property
    def version(self) -> int:
        """The server's version, such as 180001."""

    def perform(self, operation: Operation[Result]) -> Result:
        """Run an operation, and return its result."""

    def leave_autocommit(self) -> None:
        """Have statements begin transactions, where a fixture has chosen otherwise."""

    def drop(self) -> None:
        """Close the connection without waiting and without undoing anything."""


_LEFT = frozenset(("3B001", "25P01"))  # invalid_savepoint_specification, no_active_sql_transaction
_FAILED = "25P02"  # in_failed_sql_transaction
_SAVEPOINT = "supaseed_test"
_ENTER = f"SAVEPOINT {_SAVEPOINT}"
_ROLL_BACK = f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}"
_RELEASE = f"RELEASE SAVEPOINT {_SAVEPOINT}"
# Of a block within a test that is undone; a block within a block has a savepoint of the same name.
_BLOCK = "supaseed_block"
_UNDO_BLOCK = (f"ROLLBACK TO SAVEPOINT {_BLOCK}", f"RELEASE SAVEPOINT {_BLOCK}")
_CHECK = "SET CONSTRAINTS ALL IMMEDIATE"
# The constraints are looked up anew, because the test may have dropped or made some.
_DEFER = """
DO $supaseed$ DECLARE names text; BEGIN
    SELECT pg_catalog.string_agg(pg_catalog.format('%I.%I', n.nspname, c.conname), ', ') INTO names
    FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace WHERE c.condeferred;
    IF names IS NOT NULL THEN EXECUTE 'SET CONSTRAINTS ' || names || ' DEFERRED'; END IF;
END $supaseed$
"""
# All names first, because a loop over a query is a cursor itself.
_CLOSE_CURSORS = """
DO $supaseed$ DECLARE names text[]; each text; BEGIN
    SELECT pg_catalog.array_agg(name) INTO names FROM pg_catalog.pg_cursors WHERE NOT is_holdable;
    FOREACH each IN ARRAY COALESCE(names, '{}') LOOP EXECUTE pg_catalog.format('CLOSE %I', each); END LOOP;
END $supaseed$
"""
# A commit does not check who owns a table: these statements run as the connection's role, not as one that was set.
_END_TABLES = """
DO $supaseed$ DECLARE
    found text; role text := pg_catalog.current_setting('role'); login text := session_user;
BEGIN
    SELECT pg_catalog.string_agg(pg_catalog.format('pg_temp.%I', c.relname), ', ') INTO found
    FROM pg_catalog.pg_class c WHERE c.relnamespace = pg_catalog.pg_my_temp_schema() AND c.relkind IN ('r', 'p')
        AND c.relname = ANY ({names}::text[]);
    IF found IS NULL THEN RETURN; END IF;
    PERFORM pg_catalog.set_config('session_authorization', NULL, true), pg_catalog.set_config('role', 'none', true);
    EXECUTE {statement} || found || {also};
    IF login <> session_user THEN PERFORM pg_catalog.set_config('session_authorization', login, true); END IF;
    IF role <> 'none' THEN PERFORM pg_catalog.set_config('role', role, true); END IF;
END $supaseed$
"""
# What RESET ALL does not reset.
_NOT_RESET = frozenset(("role", "session_authorization"))
# Queries that run with a commit in one round trip. A row made by this transaction is no older than it; labels made
# together with their type, by one command, can be used.
_NEW_LABELS = """(
    SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
    FROM pg_catalog.pg_enum e
    WHERE pg_catalog.age(e.xmin) <= pg_catalog.age(pg_catalog.pg_current_xact_id_if_assigned()::xid)
        AND EXISTS (
            SELECT FROM pg_catalog.pg_enum o
            WHERE o.enumtypid = e.enumtypid AND (pg_catalog.age(o.xmin) > pg_catalog.age(e.xmin)
                OR o.xmin = e.xmin AND o.cmin::text::bigint < e.cmin::text::bigint)
        )
)"""
_HELD_LOCKS = """(
    SELECT 'advisory' FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid() LIMIT 1
)"""
_NEW_TABLES = """(
    SELECT pg_catalog.string_agg(c.relname, ', ') FROM pg_catalog.pg_class c
    WHERE c.relnamespace = pg_catalog.pg_my_temp_schema() AND c.relkind = 'r'
)"""
# Differences from a real commit, by the kind of effect whose query finds them.
_DIFFERENCES = {
    LABELS: "the labels {} were added to an enum, and cannot be used before the transaction ends (error 55P04)",
    LOCKS: "pg_advisory_xact_lock() was called, and its lock is held until the test ends",
    LISTENS: "LISTEN was run, which begins when the transaction ends: notifications do not arrive",
    UNNAMED_TABLES: "temporary tables are left ({}), and the function that makes them with ON COMMIT tells no name",
    UNNAMED_LASTING: "settings that functions make both for the transaction and for the session are kept ({})",
}
# Nothing of the transaction stays.
END = Request(("ROLLBACK",), ends=True)

# What a connection that works inside a transaction cannot do, and what it says instead.
REFUSALS = {
    "autocommit": "has no AUTOCOMMIT",
    "isolation_level": "keeps its isolation level",
    "readonly": "stays one that may write (SET TRANSACTION READ ONLY is for one transaction)",
    "deferrable": "is not deferrable",
    "two-phase": "has no two-phase commits",
}


def _row(first: str, *script: str, begins: bool = False, ends: bool = False) -> Operation[Row]:
    """Run a statement and a script; return the row of the script's last statement, an empty one without a script."""
    if not script:
        yield Request((first,), begins=begins, ends=ends)
        return ()
    *statements, query = script
    [row] = yield Request((first, *statements), query, begins=begins, ends=ends)
    return row


class RolledBackTransaction:
    """The state of the transaction in which a test works.

    Attributes:
        may_defer: whether the schema has deferrable constraints.
        inside: whether a test has begun: commits are savepoints.
        left: whether the test has ended the transaction by a statement of its own.
        undone: whether everything since :meth:`enter` is known to be undone.
        lazy: whether a rollback may wait for the next statement, which may never come.
        waiting: whether a rollback waits: :meth:`catch_up` is due before the next statement.
        spoilt: whether the connection has settings that no rollback resets, so that the next test needs another.
        transactions: the number of transactions that the test has ended, as it sees them.
        differences: how the test's commits differed from real ones.
        advice: what a test asks for instead, whose transactions have to be real.
    """

    def __init__(self) -> None:
        self.advice = "let the test ask for seeded_engine or seeded_url, which have a database of their own"
        self.may_defer = False
        self.inside = False
        self.left = False
        self.undone = True
        self.lazy = False
        self.waiting = False
        self.spoilt = False
        self.transactions = 0
        self.differences: dict[str, None] = {}
        # Possible effects: of the schema's functions alone, and with those of the test's statements so far.
        self._schema = self._seen = NO_EFFECTS
        # Settings that functions defined by the test make for the session.
        self._defined: frozenset[str] = frozenset()
        # Values that a commit restores: those before the test, those of the last commit, and those that the present
        # transaction has found or made.
        self._initial: Mapping[str, str | None] = {}
        self._settings_before: dict[str, str | None] = {}
        self._learnt: dict[str, str | None] = {}
        # Settings of which it is known whether they had been made.
        self._met: frozenset[str] = frozenset()
        # Those of the last commit before each block.
        self._blocks: list[dict[str, str | None]] = []

    def expect(self, effects: Effects, settings: Mapping[str, str | None]) -> None:
        """Set the effects of the schema's functions.

        Args:
            effects: those that end with a transaction.
            settings: the settings that they make for it, with their values outside of it.
        """
        self._schema, self._initial = effects, settings
        self._begin_watching()

    def _begin_watching(self) -> None:
        self._seen, self._settings_before, self._defined = self._schema, dict(self._initial), frozenset()
        self._learnt.clear()
        self._blocks.clear()
        self.differences.clear()

    def enter(self, *script: str) -> Operation[Row]:
        """Begin the transaction that is undone: from now on a commit is a savepoint.

        Args:
            script: statements that run in the same round trip; the last is a query, whose row is returned.
        """
        row = yield from _row(_ENTER, *script, begins=True)
        self.inside, self.left, self.undone, self.lazy, self.waiting = True, False, False, False, False
        self._begin_watching()
        return row

    def undo(self, *script: str) -> Operation[Row | None]:
        """Undo everything since :meth:`enter`, unless the test has left the transaction, and return to real commits.

        Args:
            script: statements that run in the same round trip; the last is a query, whose row is returned, or None if
                the test has left the transaction.
        """
        row = None
        self.inside = self.waiting = False
        self.transactions += 1
        made = {name for name in {*self._settings_before, *self._learnt} if name not in self._initial}
        # After a rollback, a setting that did not exist is empty instead of undefined.
        if any(self._learnt.get(name, self._settings_before.get(name)) is None for name in made):
            self.spoilt = True
        if not self.left:
            try:
                row = yield from _row(f"{_ROLL_BACK}; ROLLBACK", *script, ends=True)
            except Exception as error:
                if sqlstate(error) in _LEFT:
                    self.left = True
                else:
                    if can_go_on(error):
                        yield END
                    raise
        if self.left:
            yield END
        self.undone = not self.left
        return row

    def catch_up(self) -> Operation[None]:
        """Run a rollback that was deferred."""
        if self.waiting:
            self.waiting = False
            yield from self._within(Request((_ROLL_BACK,)))

    def ask(self, *script: str) -> Operation[Rows]:
        """Return the rows of a query, which runs in a transaction of its own; not within a test.

        Args:
            script: statements; the last is the query.
        """
        *statements, query = script
        try:
            return (yield Request(tuple(statements), query, begins=True, texts=True))
        finally:
            yield END

    def end(self) -> Operation[None]:
        """Commit what was done outside of a test; where it has failed, that is a rollback."""
        yield Request(("COMMIT",), ends=True)

    def has_written(self) -> Operation[bool]:
        """Whether the test has changed anything since :meth:`enter`, committed or not, or has failed."""
        yield from self.catch_up()
        try:
            [[unchanged]] = yield Request((), "SELECT pg_catalog.pg_current_xact_id_if_assigned() IS NULL")
        except Exception as error:
            if sqlstate(error) != _FAILED:
                raise
            return True
        return not unchanged

    def commit(self) -> Operation[None]:
        """Commit as the test sees it."""
        yield from self.catch_up()
        statements = self._end_of_transaction()
        asked = self._questions()
        query = f"SELECT {', '.join(asked.values())}" if asked else None
        try:
            rows = yield from self._within(Request(tuple(statements), query, texts=True))
        except Exception as error:
            if sqlstate(error) == _FAILED:
                # PostgreSQL, too, treats COMMIT of a failed transaction as ROLLBACK.
                yield from self.rollback()
                return
            if can_go_on(error):
                yield from self.rollback()
            raise
        self.transactions += 1
        self._settings_before.update(self._learnt)
        self._learnt.clear()
        for row in rows:
            for kind, value in zip(asked, row, strict=True):
                if value is not None:
                    self.differences[_DIFFERENCES[kind].format(value)] = None

    def begin_block(self, query: str) -> Operation[Rows]:
        """Begin a block within a test that :meth:`end_block` undoes; what was done before counts as committed.

        Args:
            query: runs in the same round trip; its rows are returned.
        """
        yield from self.catch_up()
        rows = yield from self._within(Request((_RELEASE, f"SAVEPOINT {_BLOCK}", _ENTER), query, texts=True))
        self.transactions += 1
        self._settings_before.update(self._learnt)
        self._learnt.clear()
        self._blocks.append(dict(self._settings_before))
        return rows

    def end_block(self, query: str) -> Operation[None]:
        """Undo a block, unless the test has left the transaction.

        Args:
            query: runs in the same round trip.
        """
        self.waiting = False
        self.transactions += 1
        self._settings_before = self._blocks.pop()
        self._learnt.clear()
        yield from self._within(Request((*_UNDO_BLOCK, _ENTER), query))

    def keep(self, *savepoints: str) -> Operation[str]:
        """Commit what the test has done for good, and begin another transaction that is undone.

        Args:
            savepoints: names of those that the test's code has set, which are set again; the outermost first.

        Returns:
            Why only what had been done at the test's last commit is committed; empty if all of it is.
        """
        yield from self.catch_up()
        reason = ""
        try:
            yield Request((_CHECK,))
        except Exception as error:
            if not can_go_on(error):
                raise
            failed = sqlstate(error) == _FAILED
            reason = "a statement had failed after it" if failed else str(error).strip().partition("\n")[0]
            yield Request((_ROLL_BACK,))
        yield Request(("COMMIT",), ends=True)
        self.transactions += 1
        self._learnt.clear()
        again = (as_text(sql.SQL("SAVEPOINT {}").format(sql.Identifier(name))) for name in savepoints)
        yield Request((_ENTER, *again), begins=True)
        return reason

    def rollback(self) -> Operation[None]:
        """Roll back to the test's last commit."""
        self._learnt.clear()
        self.transactions += 1
        self.waiting = self.lazy
        if not self.lazy:
            yield from self._within(Request((_ROLL_BACK,)))

    def _within(self, request: Request) -> Operation[Rows]:
        """Run a request that needs the savepoint, note whether the test has left it, and return the rows."""
        try:
            return (yield request)
        except Exception as error:
            if sqlstate(error) not in _LEFT:
                raise
        self.left = True
        yield END
        yield Request((_ENTER,), begins=True)
        return ()

    def before(self, effects: Effects) -> Operation[None]:
        """Prepare for a statement: read settings before it makes them for the transaction."""
        if effects is NO_EFFECTS or not self.inside:
            return
        self._seen |= effects
        if DEFINES in effects.kinds:
            self._defined |= effects.lasting
        try:
            yield from self._learn(effects.local - self._settings_before.keys() - self._learnt.keys())
            yield from self._meet(effects.lasting)
        except Exception as error:
            # In a failed transaction the statement itself tells that.
            if sqlstate(error) != _FAILED:
                raise

    def after(self, effects: Effects) -> Operation[None]:
        """Read settings that an executed statement has made for the session, so that a commit keeps them."""
        if effects.lasting and self.inside:
            known = self._settings_before.keys() | self._learnt.keys()
            yield from self._learn(
                known - _NOT_RESET if "all" in effects.lasting else effects.lasting & known
            )

    def _learn(self, names: AbstractSet[str]) -> Operation[None]:
        if names:
            self._learnt.update((yield from self._values(names)))

    def _meet(self, names: AbstractSet[str]) -> Operation[None]:
        """Note whether a statement makes a setting for the session that had never been made."""
        known = self._met | self._settings_before.keys() | self._learnt.keys()
        # Only a name with a dot may be one that the server does not know.
        new = {name for name in names if "." in name} - known
        if new and not self.spoilt:
            self._met |= new
            self.spoilt = None in (yield from self._values(new)).values()

    @staticmethod
    def _values(names: AbstractSet[str]) -> Operation[dict[str, str | None]]:
        ordered = sorted(names)
        calls = [
            sql.SQL("pg_catalog.current_setting({}, true)").format(sql.Literal(name)) for name in ordered
        ]
        query = as_text(sql.SQL("SELECT {}").format(sql.SQL(", ").join(calls)))
        [values] = yield Request((), query, texts=True)
        return dict(zip(ordered, values, strict=True))

    def refusal(self, name: str) -> str:
        """Return why a characteristic of transactions cannot be changed now; empty where it can.

        Args:
            name: a key of :data:`REFUSALS`.
        """
        if not self.inside:
            return ""
        return (
            "this connection works inside a transaction that is rolled back after the test, so it "
            f"{REFUSALS[name]}: {self.advice}"
        )

    def _end_of_transaction(self) -> list[str]:
        """Return statements that imitate a commit as far as possible, and begin the next transaction."""
        # The test may have made the first deferrable constraint.
        may_defer = self.may_defer or DEFERS in self._seen.kinds
        statements = [_CHECK] if may_defer else []
        settings = {**self._settings_before, **self._learnt}
        calls = [
            sql.SQL(
                "CASE WHEN pg_catalog.current_setting({name}, true) IS DISTINCT FROM {value} "
                "THEN pg_catalog.set_config({name}, {text}, true) END"
            ).format(name=sql.Literal(name), value=sql.Literal(value), text=sql.Literal(value or ""))
            # The role first: the present one may lack privileges.
            for name, value in sorted(settings.items(), key=lambda each: (each[0] != "role", each[0]))
            if name not in self._unclear
        ]
        if calls:
            statements.append(as_text(sql.SQL("SELECT {}").format(sql.SQL(", ").join(calls))))
        if CURSORS in self._seen.kinds:
            statements.append(_CLOSE_CURSORS)
        statements += [_RELEASE, _ENTER]
        # After the release, which ends SET TRANSACTION READ ONLY. Then another savepoint, because a rollback also
        # undoes which constraints are deferred.
        later = [
            as_text(
                sql.SQL(_END_TABLES).format(
                    names=sql.Literal(names), statement=sql.Literal(statement), also=sql.Literal(also)
                )
            )
            # CASCADE, because a commit also drops the views on a table.
            for statement, also, drop in (("DROP TABLE ", " CASCADE", True), ("TRUNCATE ", "", False))
            if (names := sorted(name for name, dropped in self._seen.tables if dropped is drop))
        ]
        if may_defer:
            later.append(_DEFER)
        return [*statements, *later, *([_RELEASE, _ENTER] if later else [])]

    @property
    def _unclear(self) -> AbstractSet[str]:
        """Settings that functions make, or may make, both for the transaction and for the session."""
        if UNNAMED_LASTING in self._schema.kinds:
            return self._seen.local
        return self._seen.local & (self._schema.lasting | self._defined)

    def _questions(self) -> dict[str, str]:
        """Return the queries for differences from a real commit, by kind of effect."""
        kinds = self._seen.kinds
        questions = {}
        if LABELS in kinds:
            questions[LABELS] = _NEW_LABELS
        if LOCKS in kinds and SESSION_LOCKS not in kinds:
            questions[LOCKS] = _HELD_LOCKS
        if LISTENS in kinds:
            questions[LISTENS] = "'news'"
        if UNNAMED_TABLES in kinds:
            questions[UNNAMED_TABLES] = _NEW_TABLES
        if self._unclear:
            changed = [
                sql.SQL(
                    "CASE WHEN pg_catalog.current_setting({name}, true) IS DISTINCT FROM {value} THEN {name} END"
                ).format(
                    name=sql.Literal(name),
                    value=sql.Literal(self._learnt.get(name, self._settings_before.get(name))),
                )
                for name in sorted(self._unclear)
            ]
            joined = sql.SQL("NULLIF(pg_catalog.concat_ws(', ', {}), '')").format(sql.SQL(", ").join(changed))
            questions[UNNAMED_LASTING] = as_text(joined)
        return questions
