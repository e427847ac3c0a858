"""The stages of seeding, usable without pytest: read, plan, seed.

:func:`read` takes a snapshot of a database, :func:`plan` makes a plan from it and a spec, and :func:`seed` makes the
rows, writes them and verifies the counts, all in the transaction of one connection. Begin with :func:`seed`.

A table is filled in stages, each of which gets what the one before has decided (:func:`fill`): its state is read, the
plan writes an allocation request, the request is allocated, rows are made of the allocation, and COPY writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import TYPE_CHECKING

from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.allocation.allocate import NothingToReferenceError, allocate
from pytest_supaseed.allocation.allocation import Allocation, AllocationRequest
from pytest_supaseed.allocation.constraints import has_few_combinations
from pytest_supaseed.clock import monotonic
from pytest_supaseed.constraints.functions import may_change, may_write, reads_unseen, triggers_of
from pytest_supaseed.constraints.meaning import meant
from pytest_supaseed.errors import CountError, GenerateError, PlanError, SeedError, WriteError
from pytest_supaseed.model.declared import NOTHING_DECLARED, Declarations
from pytest_supaseed.model.references import shares_columns
from pytest_supaseed.model.schema import Schema, Snapshot, Table, TableName
from pytest_supaseed.notation import Amount, notation
from pytest_supaseed.planning.capacity import unallocated
from pytest_supaseed.planning.order import brought_forward
from pytest_supaseed.planning.plan import (
    Completion,
    Defaults,
    Generators,
    Plan,
    Supplier,
    TablePlan,
    TableState,
    calls_user_code,
    supplied_by,
)
from pytest_supaseed.planning.planner import make_plan
from pytest_supaseed.planning.requests import allocation_request, later_request
from pytest_supaseed.reflection.catalog import reflect
from pytest_supaseed.reflection.queries import execute, fetch
from pytest_supaseed.repair.advice import NoneThereError, advised, with_rows_there
from pytest_supaseed.repair.amounts import Attempts, no_amount, write_fitting
from pytest_supaseed.repair.climbing import (
    FEW_ATTEMPTS,
    MOST_ATTEMPTS,
    LooksUpUnfilledError,
    Replaced,
    Surroundings,
)
from pytest_supaseed.repair.evaluate import Evaluation
from pytest_supaseed.repair.exclusions import apart
from pytest_supaseed.repair.insert import in_order, insert_solved
from pytest_supaseed.repair.lookups import read_by_functions
from pytest_supaseed.repair.propose import Proposals
from pytest_supaseed.repair.signing_in import plain_sign_in
from pytest_supaseed.repair.solve import all_checks, solve
from pytest_supaseed.repair.sums import Sums
from pytest_supaseed.repair.supplied_values import refused_values
from pytest_supaseed.repair.validation import insert_validated, validate
from pytest_supaseed.repair.watching import Watcher, late_refusals, tables_looked_up
from pytest_supaseed.rows.blocks import all_rows, make_rows, unique_rows
from pytest_supaseed.rows.cells import Generated
from pytest_supaseed.rows.recipe import rule_of_later
from pytest_supaseed.rows.steps import MakeContext, Progress, Row
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.writing.aggregates import (
    Digest,
    Room,
    digest,
    make_room,
    take_room_back,
    write_totals,
)
from pytest_supaseed.writing.bulk_check import begin, finish, fire_deferred, fired_at_once, widen_search_path
from pytest_supaseed.writing.copy import (
    move_sequences,
    new_rows,
    rows_without,
    set_mutual_references,
    set_references,
)
from pytest_supaseed.writing.counts import Reason, check_counts, row_counts
from pytest_supaseed.writing.foreseen import Foreseen, read_foreseen, waiting_keys
from pytest_supaseed.writing.materialized_views import refresh
from pytest_supaseed.writing.read import apart_and_together, present, read_contents, read_state, read_targets
from pytest_supaseed.writing.refusals import RefusedRowError, late_refusal
from pytest_supaseed.writing.row_security import lifted
from pytest_supaseed.writing.sequences import last_numbers, positions, set_back

if TYPE_CHECKING:
    from faker import Faker


@dataclass(frozen=True)
class Seeding:
    """What all tables of one seed share.

    Attributes:
        connection: in the transaction of the whole seed.
        context: what rows are made with.
        surroundings: the schema, the plans, and who can be signed in.
        ours: whether the database is one that this package has made.
        filled: called with each table once it is filled.
        foreseen: what rows reference that are inserted before the rows they reference, where it is known.
    """

    connection: Connection
    context: MakeContext
    surroundings: Surroundings
    ours: bool = True
    filled: Callable[[Table], None] = lambda table: None
    foreseen: Foreseen = field(default_factory=Foreseen)

    def rows(self, unwritten: _Unwritten) -> Generated:
        """Make the rows of a table lazily."""
        table_plan = unwritten.plan
        generated = make_rows(table_plan, unwritten.state, unwritten.allocation, self.context)
        table = table_plan.table
        for targets in read_targets(self.connection, self.surroundings.schema, table):
            generated = targets.given(table, generated)
        return self.foreseen.given(table, generated)

    @property
    def quiet(self) -> Seeding:
        """The same without progress, for rows whose progress has been reported."""
        return replace(self, context=replace(self.context, progress=lambda rows: None))

    def before(self, unfilled: frozenset[TableName], *, quiet: bool) -> Seeding:
        """The same with tables that get their rows later, and without progress if ``quiet``."""
        found = self.quiet if quiet else self
        return replace(found, surroundings=replace(self.surroundings, unfilled=unfilled))

    def with_plan(self, seed_plan: Plan) -> Seeding:
        """Return the same for the tables of another plan."""
        plans = {table_plan.table.name: table_plan for table_plan in seed_plan.tables}
        return replace(self, surroundings=replace(self.surroundings, plans=plans))


# Trials of other specs begin no later than after so many seconds, or after as long as the refused seed took; and other
# rows are tried in them no longer than twice as long.
_TRIAL_SECONDS = 4.0


@dataclass(frozen=True)
class Listener:
    """What is told while a seed is made.

    Attributes:
        progress: called with the number of rows that were made since the last call.
        replaced: called for each row that PostgreSQL has refused, and in whose place another one was inserted.
    """

    progress: Progress = lambda rows: None
    replaced: Replaced = lambda table, cause, tried: None


_SILENT = Listener()
# How often the tables are filled: triggers may add rows to those that have been filled before.
_ATTEMPTS = 3


def read(connection: Connection, *, ours: bool = True) -> Snapshot:
    """Return a snapshot of a database, its schema and contents, without writing anything that stays.

    Args:
        ours: whether the database is one that this package has made, in which row-level security may be lifted.
    """
    schema = reflect(connection)
    with lifted(connection, schema, ours=ours):
        return Snapshot(schema, read_contents(connection, schema))


def read_loaded(connection: Connection) -> Snapshot:
    """Return a snapshot of a database of the plugin's own after a load, which may have left views unpopulated."""
    snapshot = read(connection)
    if snapshot.schema.has_materialized_views:
        refresh(connection, unpopulated=True)
    return snapshot


def asks(
    snapshot: Snapshot,
    spec: SeedSpec,
    generators: Generators,
    declared: Declarations = NOTHING_DECLARED,
) -> bool:
    """Whether planning a spec needs PostgreSQL: to check supplied values, or to read rows that new ones depend on.

    Args:
        snapshot: the snapshot that :func:`read` returned.
        spec: the spec.
        generators: the user's ``supaseed_generators``.
        declared: what the application's models declare.
    """
    names = [
        name
        for table in spec.tables
        for name in (table.lookup.names if table.lookup else ()) or (table.name,)
    ]
    tables = [table for name in names if (table := snapshot.schema.find(name)) is not None]
    if any(snapshot.contents.counts.get(table.name) and has_few_combinations(table) for table in tables):
        return True
    if any(snapshot.schema.find(name) in tables for name, _ in declared.limits):
        return True
    supplied = [value for table in spec.tables for _, value in table.columns]
    # The values of functions and factories are checked when they are generated.
    return any(not callable(value) for value in (*supplied, *generators.values()))


def plan(
    connection: Connection | None,
    snapshot: Snapshot,
    spec: SeedSpec,
    generators: Generators | None = None,
    *,
    defaults: Defaults | None = None,
    hard: bool = False,
    ours: bool = True,
) -> Plan:
    """Plan a seed, and have PostgreSQL check the supplied values.

    Args:
        connection: to the database, in which nothing is written; None where :func:`asks` is false.
        snapshot: the snapshot that :func:`read` returned.
        spec: the spec.
        generators: the user's ``supaseed_generators``.
        defaults: what the schema's source knows of its rows; None for nothing.
        hard: whether the limit was given on the command line, for the message.
        ours: whether the database is one that this package has made, in which row-level security may be lifted.

    Raises:
        PlanError: the schema cannot hold the rows.
    """
    found = make_plan(spec, snapshot, generators, defaults=defaults, hard=hard)
    if not ours:
        found = found.sparing_triggers
    problems = []
    if connection is not None:
        with lifted(connection, snapshot.schema, ours=ours):
            problems = refused_values(connection, found)
    if problems:
        raise PlanError(problems)
    return found


def seed(
    connection: Connection,
    schema: Schema,
    seed_plan: Plan,
    listener: Listener = _SILENT,
    defaults: Defaults | None = None,
    *,
    ours: bool = True,
) -> Mapping[TableName, int]:
    """Make the rows of a plan, in the connection's transaction.

    Args:
        connection: to a database with the plan's schema and contents.
        schema: its schema.
        seed_plan: the plan.
        listener: is told while rows are made.
        defaults: SQL and sign-in of the schema's source; None for none.
        ours: whether the database is one that this package has made: only there are materialized views refreshed,
            row-level security lifted, foreign keys of many rows checked by one query while no trigger fires, and other
            specs tried where this one is refused.

    Returns:
        The number of rows of every table of the schema.

    Raises:
        SeedError: a row could not be made or written, or a count is wrong; the transaction has to be rolled back.
    """
    defaults = defaults or Defaults()
    task = _Task(connection, schema, defaults, ours)
    if not ours:
        return task.seed(seed_plan, listener)
    execute(connection, "SAVEPOINT supaseed_advice")
    began = monotonic()
    try:
        counts = task.seed(seed_plan, listener)
    except SeedError as error:
        refused = error if isinstance(error, RefusedRowError) else None
        looked_up = _looked_up(connection, schema, refused) if refused is not None else frozenset()
        other = task.by_alternative(seed_plan, listener)
        if other is not None:
            if refused is not None and refused.table is not None:
                # It is reported as any other row that was refused, and in whose place others came.
                listener.replaced(refused.table, refused.cause, refused.tried)
            return other
        if refused is None and not isinstance(error, NoneThereError):
            raise
        found = error
        tried_since = monotonic()
        patience = max(_TRIAL_SECONDS, tried_since - began)

        def expired(times: int = 2) -> bool:
            return monotonic() >= tried_since + times * patience

        def trial(spec: SeedSpec) -> SeedError | None:
            if expired(1):
                return found
            error = task.tried(seed_plan, spec, expired)
            # What was refused for want of time says nothing of the spec.
            return found if error is not None and expired() else error

        if isinstance(error, NoneThereError):
            raise with_rows_there(error, schema, seed_plan, trial) from error
        assert refused is not None  # noqa: S101 for the type checker
        raise advised(refused, schema, seed_plan, looked_up, trial) from error
    execute(connection, "RELEASE SAVEPOINT supaseed_advice")
    return counts


def _looked_up(connection: Connection, schema: Schema, refused: RefusedRowError) -> frozenset[TableName]:
    """The tables that inserting a refused row looks into, in the transaction that has refused it."""
    if refused.late:
        return refused.late[0].looked_up
    if refused.table is None or not refused.row or refused.cause.broken:
        return frozenset()
    called = {check.name for check in all_checks(refused.table) if check.called}
    if not refused.cause.inside_trigger and refused.cause.constraint not in called:
        return frozenset()
    looked_up = refused.looked_up
    if looked_up is None:
        observed = Watcher(connection, schema, refused.table).watch(refused.row)
        looked_up = frozenset() if observed is None else observed.looked_up
    return looked_up | read_by_functions(connection, schema, refused)


@dataclass(frozen=True)
class _Task:
    """What the seed of a plan, and of others that are tried in its place, have in common."""

    connection: Connection
    schema: Schema
    defaults: Defaults
    ours: bool

    def seed(
        self,
        seed_plan: Plan,
        listener: Listener,
        attempts: int = MOST_ATTEMPTS,
        expired: Callable[[], bool] = lambda: False,
    ) -> Mapping[TableName, int]:
        """Make the rows of a plan, without advice where they are refused, with some attempts for each refused row."""
        spec = seed_plan.spec
        faker = cache(partial(new_faker, spec.locale))
        context = MakeContext(spec.seed, faker, listener.progress, spec.date, spec.locale)
        surroundings = Surroundings(
            self.schema,
            {},
            self.defaults.sign_in,
            attempts=attempts,
            replaced=listener.replaced,
            ours=self.ours,
            expired=expired,
        )
        seeding = Seeding(self.connection, context, surroundings, self.ours)
        with lifted(self.connection, self.schema, ours=self.ours):
            return _seed(seeding, seed_plan, self.defaults.afterwards)

    def by_alternative(self, refused: Plan, listener: Listener) -> Mapping[TableName, int] | None:
        """Make the rows by the alternative of a plan that was refused; None where there is none, or it is, too."""
        if refused.alternative is None:
            return None
        execute(self.connection, "ROLLBACK TO SAVEPOINT supaseed_advice")
        taken = positions(self.connection)
        try:
            counts = self.seed(refused.alternative, replace(listener, progress=_SILENT.progress))
        except SeedError:
            execute(self.connection, "ROLLBACK TO SAVEPOINT supaseed_advice")
            set_back(self.connection, taken)
            return None
        execute(self.connection, "RELEASE SAVEPOINT supaseed_advice")
        return counts

    def tried(self, refused: Plan, spec: SeedSpec, expired: Callable[[], bool]) -> SeedError | None:
        """Seed a spec instead of a plan that was refused, and take it back: the error, None where there is none."""
        connection = self.connection
        execute(connection, "ROLLBACK TO SAVEPOINT supaseed_advice")
        taken = positions(connection)
        try:
            snapshot = Snapshot(self.schema, refused.contents)
            trial = make_plan(spec, snapshot, refused.generators, defaults=self.defaults)
            for name, value in spec.settings:
                fetch(connection, sql.SQL("SELECT set_config(%s, %s, true)"), [name, value])
            self.seed(trial, _SILENT, FEW_ATTEMPTS, expired)
        except SeedError as error:
            return error
        finally:
            execute(connection, "ROLLBACK TO SAVEPOINT supaseed_advice")
            set_back(connection, taken)
        return None


def _seed(seeding: Seeding, seed_plan: Plan, afterwards: Mapping[str, Completion]) -> Mapping[TableName, int]:
    """Fill the tables, once more with fewer rows where triggers have added some to a table that was filled before."""
    connection, schema = seeding.connection, seeding.surroundings.schema
    begin(connection, later=any(table_plan.later for table_plan in seed_plan.tables))
    widen_search_path(connection, schema)
    expected = {table_plan.table.name: table_plan.count for table_plan in seed_plan.tables}
    may_add = any(
        trigger.on_insert and may_write(trigger.source)
        for table_plan in seed_plan.tables
        for trigger in table_plan.table.triggers
    )
    # Others may be taking numbers in a database that is not ours.
    taken = positions(connection) if may_add and seeding.ours else {}
    room = make_room(connection, schema, seed_plan) if seeding.ours else Room()
    first: Mapping[TableName, int] | None = None
    fitted: Plan | None = seed_plan
    for _ in range(_ATTEMPTS):
        assert fitted is not None  # noqa: S101 for the type checker
        if may_add:
            execute(connection, "SAVEPOINT supaseed_seed")
        try:
            counts = _filled(seeding.with_plan(fitted), fitted, afterwards)
        except SeedError:
            if first is None:
                raise
            break
        added = {name: counts[name] - count for name, count in expected.items() if counts[name] != count}
        first = first or counts
        fitted = fitted.without(added) if may_add and added else None
        if fitted is None:
            if added:
                break
            if may_add:
                execute(connection, "RELEASE SAVEPOINT supaseed_seed")
            take_room_back(connection, room)
            return counts
        execute(connection, "ROLLBACK TO SAVEPOINT supaseed_seed; RELEASE SAVEPOINT supaseed_seed")
        set_back(connection, taken)
    assert first is not None  # noqa: S101 for the type checker
    check_counts(schema, expected, first, _other_numbers(schema, seed_plan, expected, first))
    return first


def _other_numbers(
    schema: Schema, seed_plan: Plan, expected: Mapping[TableName, int], counts: Mapping[TableName, int]
) -> Reason:
    """Say that triggers have changed the numbers of rows, and how many to ask for instead."""
    added = {name: counts[name] - count for name, count in expected.items() if counts[name] > count}
    # Where the triggers alone insert more than is asked for, what they insert is the least.
    alone = seed_plan.without(added) is None
    before = seed_plan.contents.counts
    left = [
        (schema.table(name).label, Amount(before.get(name, 0) + more if alone else counts[name]))
        for name, more in added.items()
    ]
    return Reason(
        f"{seed_plan.spec} made other numbers of rows than it asks for:",
        "a trigger of the schema inserts or deletes rows after the table has been filled: ask for as many "
        "rows as it leaves"
        + (f", {notation().arguments(left)}" if left else "")
        + _removed(schema, expected, counts),
    )


def _removed(schema: Schema, expected: Mapping[TableName, int], counts: Mapping[TableName, int]) -> str:
    """Say which deferred triggers may have removed rows that no other table references."""
    found = ""
    for name, count in expected.items():
        table = schema.table(name)
        late = [trigger.name for trigger in table.triggers if trigger.on_insert and trigger.deferrable]
        users = [
            (other.label, Amount(count))
            for other in schema.tables
            if other.name not in expected and any(key.referenced == name for key in other.foreign_keys)
        ]
        if counts[name] < count and late and users:
            found += (
                f"\n{table.label} has deferred triggers ({', '.join(late)}), and no row is asked for that references "
                "its own: where they delete what is not used, ask for rows that use it, as in "
                f"{notation().arguments(users[:1])}"
            )
    return found


def _filled(
    seeding: Seeding, seed_plan: Plan, afterwards: Mapping[str, Completion]
) -> Mapping[TableName, int]:
    """Fill the tables of a plan, and count the rows of all tables.

    Where deferred triggers refuse rows that were inserted before the rows they reference, all is done once more, with
    these references known.
    """
    connection = seeding.connection
    if not seeding.ours or not any(waiting_keys(each) for each in seed_plan.tables):
        return _filled_once(seeding, seed_plan, afterwards)
    taken = positions(connection)
    execute(connection, "SAVEPOINT supaseed_foreseen")
    try:
        counts = _filled_once(seeding, seed_plan, afterwards)
    except _RefusedLateError as refused:
        execute(connection, "ROLLBACK TO SAVEPOINT supaseed_foreseen")
        set_back(connection, taken)
        counts = _filled_once(replace(seeding.quiet, foreseen=refused.foreseen), seed_plan, afterwards)
    execute(connection, "RELEASE SAVEPOINT supaseed_foreseen")
    return counts


class _RefusedLateError(Exception):
    """Deferred triggers refuse rows that were inserted before the rows they reference.

    Args:
        foreseen: what these rows reference.
    """

    def __init__(self, foreseen: Foreseen) -> None:
        super().__init__(foreseen)
        self.foreseen = foreseen


def _filled_once(
    seeding: Seeding, seed_plan: Plan, afterwards: Mapping[str, Completion]
) -> Mapping[TableName, int]:
    """Fill the tables of a plan, and count the rows of all tables.

    Raises:
        _RefusedLateError: another attempt may succeed.
    """
    connection, schema = seeding.connection, seeding.surroundings.schema
    filled = _FilledTotals(connection, seed_plan)
    fill_all(replace(seeding, filled=filled.add), seed_plan.tables)
    for table_plan in seed_plan.tables:
        set_later(connection, schema, table_plan, seed_plan.spec.seed, ours=seeding.ours)
    complete(connection, seed_plan, afterwards)
    foreseen = Foreseen() if seeding.foreseen else read_foreseen(connection, seed_plan)
    try:
        finish(connection, schema)
    except RefusedRowError as refused:
        if foreseen and seeding.ours:
            raise _RefusedLateError(foreseen) from None
        late = late_refusals(connection, schema)
        if not late:
            raise
        raise late_refusal(schema, late[0].error, late) from refused.__cause__
    write_totals(connection, seed_plan.totals, filled.digests, ours=seeding.ours)
    if seeding.ours and schema.has_materialized_views:
        refresh(connection)
    counts = row_counts(connection, schema.tables)
    validate(connection, [table for table in schema.tables if counts[table.name]])
    return counts


class _FilledTotals:
    """The totals of tables as they are when these have been filled, where triggers may change them later.

    Args:
        connection: in the transaction of the whole seed.
        plan: the plan of the seed.

    Attributes:
        digests: by table, what stands for them.
    """

    def __init__(self, connection: Connection, plan: Plan) -> None:
        self.digests: dict[TableName, Digest] = {}
        self._connection = connection
        self._plan = plan
        self._may_change = any(
            trigger.on_insert and may_change(trigger.source)
            for table_plan in plan.tables
            for trigger in table_plan.table.triggers
        )

    def add(self, table: Table) -> None:
        """Add a table that has been filled."""
        totals = self._plan.totals_of(table.name) if self._may_change else None
        if totals is not None:
            self.digests[table.name] = digest(self._connection, totals)


def fill_all(seeding: Seeding, tables: Sequence[TablePlan]) -> None:
    """Fill tables, in their order as far as no table looks up what comes later.

    What triggers and CHECKs look up is known when a row is inserted, at the latest: the table waits for it then.
    """
    waiting = tuple(tables)
    # By table, those for which it has waited: they do not wait for it in turn.
    waited: dict[TableName, frozenset[TableName]] = {}
    while waiting:
        name = waiting[0].table.name
        if waiting[0].after_deferred:
            fire_deferred(seeding.connection)
        before = waited.get(name, frozenset())
        unfilled = frozenset(
            other.table.name for other in waiting[1:] if name not in waited.get(other.table.name, ())
        )
        try:
            with undone_where_rows_are_missing(seeding.connection):
                fill(seeding.before(unfilled - before, quiet=bool(before)), waiting[0])
        except LooksUpUnfilledError as found:
            waited[name] = before | found.tables
            ordered = partial(brought_forward, seeding.surroundings.schema, waiting, found.tables)
            forward = ordered()
            waiting = ordered(refused=True) if found.refused and forward == waiting else forward
        else:
            seeding.filled(waiting[0].table)
            waiting = waiting[1:]


@contextmanager
def undone_where_rows_are_missing(connection: Connection) -> Iterator[None]:
    """Undo the block where functions look up tables that get their rows later."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute("SAVEPOINT supaseed_fill")
        try:
            yield
        except LooksUpUnfilledError:
            cursor.execute("ROLLBACK TO SAVEPOINT supaseed_fill; RELEASE SAVEPOINT supaseed_fill")
            raise
        cursor.execute("RELEASE SAVEPOINT supaseed_fill")
    finally:
        cursor.close()


def fill(seeding: Seeding, table_plan: TablePlan) -> None:
    """Make the rows that a table lacks, and write them.

    Raises:
        CountError: triggers have already inserted more rows than the table should hold, or insert more with the rows.
        LooksUpUnfilledError: functions look up tables that get their rows later.
    """
    connection = seeding.connection
    table, roles = table_plan.table, table_plan.roles
    allocated_keys = (*roles.independent, *roles.overlapping)
    state = read_state(
        connection, table, allocated_keys, table_plan.columns, table_plan.followed, table_plan.diamonds
    )
    if state.present > table_plan.total:
        raise CountError(
            f"{table.label} holds {state.present + table_plan.of_heirs} rows before it is filled, more than the "
            f"{table_plan.count} asked for: {state.present - table_plan.present} were made by triggers on other "
            f"tables: write {notation().arguments([(table.label, Amount(state.present + table_plan.of_heirs))])}, "
            f"or leave {table.label} out"
        )
    amount = table_plan.total - state.present
    state = apart_and_together(connection, table, state, amount, table_plan)
    if not amount or not any(trigger.on_insert for trigger in table.triggers):
        write(seeding, table_plan, state, amount)
        return

    def write_some(number: int, variant: int) -> None:
        if table_plan.fills_itself:
            move_sequences(connection, table, last_numbers(table, state.numbers, number))
        context = replace(seeding.context, seed=seeding.context.seed + variant)
        write(replace(seeding, context=context), table_plan, state, number)

    known = table_plan.fills_itself
    attempts = Attempts(connection, table, write_some, known=known, restore=known and seeding.ours)
    nearest = write_fitting(attempts, amount, known=known)
    if nearest is not None:
        raise no_amount(table_plan, amount, nearest)


def write(seeding: Seeding, table_plan: TablePlan, state: TableState, amount: int) -> None:
    """Make a number of rows and write them.

    Where PostgreSQL refuses a row, or models declare a condition, :func:`insert_others` takes over.
    """
    connection, context, table = seeding.connection, seeding.context, table_plan.table
    allocation = allocated(table_plan, allocation_request(table_plan, state, amount, context.seed))
    unwritten = _Unwritten(table_plan, state, allocation)
    summed = insert_summed(seeding, table_plan, state, amount) if amount else None
    if summed is not None:
        move_sequences(connection, table, summed)
        return
    if amount and refused_late(seeding, unwritten):
        # Before other tables refer to the rows.
        try:
            with fired_at_once(connection, table):
                write_rows(seeding, unwritten)
                return
        except WriteError:
            # What the trigger looks for comes with later tables.
            seeding = seeding.quiet
    write_rows(seeding, unwritten)


@dataclass(frozen=True)
class _Unwritten:
    """The rows of a table that are to be written.

    Attributes:
        plan: of the table.
        state: the rows that the table already holds.
        allocation: what the new rows reference.
    """

    plan: TablePlan
    state: TableState
    allocation: Allocation

    def rows(self, seeding: Seeding) -> list[Row]:
        """Make all of them."""
        return all_rows(seeding.rows(self))

    def first(self, seeding: Seeding) -> Row:
        """Make the first of them, of at least one."""
        generated = seeding.rows(self)
        values = next(iter(next(iter(generated.blocks())).rows()))
        return dict(zip(generated.columns, values, strict=True))


def refused_late(seeding: Seeding, unwritten: _Unwritten) -> bool:
    """Whether a deferred trigger refuses the first row of a table, though there are rows in what it looks up.

    Or it may refuse a later row because of the rows that the table then has.

    Raises:
        LooksUpUnfilledError: functions whose text does not show it look up tables that get their rows later.
    """
    plan, unfilled = unwritten.plan, seeding.surroundings.unfilled
    late = any(trigger.on_insert and trigger.deferrable for trigger in plan.table.triggers)
    if calls_user_code(plan.columns) or not (late or reads_unseen(plan.table)):
        return False
    watcher = Watcher(seeding.connection, seeding.surroundings.schema, plan.table)
    first = unwritten.first(seeding.quiet)
    found = watcher.watch(first, deferred=late)
    if found is not None and found.error is not None and late:
        raising = triggers_of(plan.table, found.error.diag.context or "")
        if not raising or not all(trigger.deferrable for trigger in raising):
            # Perhaps it is refused at once.
            at_once = watcher.watch(first)
            if at_once is not None and at_once.error is not None:
                found, late = at_once, False
    if found is None:
        return False
    if found.looked_up & unfilled:
        raise LooksUpUnfilledError(found.looked_up & unfilled)
    if plan.table.name in found.deleted:
        # It removes rows that nothing references yet.
        return False
    others = found.looked_up - {plan.table.name}
    if found.error is None:
        # The first row is taken, but the next ones are compared with it.
        return late and others != found.looked_up
    return late and any(present(seeding.connection, name) for name in others)


def write_rows(seeding: Seeding, unwritten: _Unwritten) -> None:
    """Write the rows of a table, with others in the place of those that are refused.

    Raises:
        LooksUpUnfilledError: functions look up tables that get their rows later.
    """
    connection, table_plan, unfilled = seeding.connection, unwritten.plan, seeding.surroundings.unfilled
    table, state = table_plan.table, unwritten.state
    if any(check.declared or meant(table, check) != check for check in table.checks):
        # PostgreSQL is asked before: it refuses neither what only the application cannot read, nor a NULL where a
        # comparison was meant.
        rows = unwritten.rows(seeding)
        move_sequences(connection, table, insert_others(seeding, table_plan, state, rows))
        return
    try:
        generated = seeding.rows(unwritten)
        reached = insert_validated(
            connection, table, generated, table_plan.count, table_plan.closed, ours=seeding.ours
        )
    except RefusedRowError as refused:
        # The progress of these rows has been reported.
        rows = unwritten.rows(seeding.quiet)
        if unfilled:
            watcher = Watcher(connection, seeding.surroundings.schema, table)
            looked_up = tables_looked_up(watcher, rows[(refused.cause.line or 1) - 1 :])
            looked_up |= read_by_functions(connection, seeding.surroundings.schema, refused)
            if looked_up & unfilled:
                raise LooksUpUnfilledError(looked_up & unfilled, refused=True) from None
        reached = insert_others(seeding, table_plan, state, rows, refused)
    move_sequences(connection, table, reached)


def insert_summed(
    seeding: Seeding, table_plan: TablePlan, state: TableState, amount: int
) -> Mapping[str, int] | None:
    """Insert rows of a table over which triggers sum, such that these agree.

    Returns:
        As :func:`insert_others`; None where no trigger sums, or nothing was inserted, for none of the rows that were
        tried agree.
    """
    schema, plans = seeding.surroundings.schema, seeding.surroundings.plans
    sums = Sums(seeding.connection, schema, plans, table_plan, ours=seeding.ours)
    if not sums or any(check.declared for check in table_plan.table.checks):
        return None
    context = replace(seeding.context, progress=lambda rows: None)

    def made(with_state: TableState) -> Sequence[Row]:
        request = allocation_request(table_plan, with_state, amount, context.seed)
        unwritten = _Unwritten(table_plan, with_state, allocated(table_plan, request))
        return unwritten.rows(replace(seeding, context=context))

    return sums.insert(made, state, context)


def allocated(table_plan: TablePlan, request: AllocationRequest) -> Allocation:
    """Return the allocation for a request that the plan of a table has made.

    Raises:
        GenerateError: unique keys or missing referenced rows leave no row to make.
    """
    try:
        return allocate(request)
    except NothingToReferenceError as error:
        problem, referenced = unallocated(table_plan, request, error), error.foreign_key.referenced
        raise NoneThereError(problem, table_plan.table, referenced) from error
    except ValueError as error:
        raise GenerateError(str(unallocated(table_plan, request, error))) from error


def insert_others(
    seeding: Seeding,
    table_plan: TablePlan,
    state: TableState,
    rows: Sequence[Row],
    refused: RefusedRowError | None = None,
) -> Mapping[str, int]:
    """Insert rows, with replacements for those that PostgreSQL refuses.

    Args:
        state: the rows that the table already holds.
        rows: as they were made.
        refused: PostgreSQL's error when they were inserted; None where they were not.

    Returns:
        For each column with a sequence, the last number in the sequence's direction.

    Raises:
        SeedError: no replacement was found for a row.
    """
    connection, table = seeding.connection, table_plan.table
    # Only triggers read the current user.
    surroundings, asks = seeding.surroundings, any(trigger.on_insert for trigger in table.triggers)
    sign_in = (surroundings.sign_in or plain_sign_in(connection, table)) if asks else None
    surroundings = replace(surroundings, sign_in=sign_in)
    own = table_plan.roles.self_referencing
    if own and state.present:
        state = replace(state, keys={**state.keys, **read_state(connection, table, own).keys})
    proposals = Proposals(table_plan, state, seeding.context)
    if (
        refused is not None
        and surroundings.sign_in is None
        and not proposals.may_change(refused.cause.columns)
    ):
        raise refused.after(0, proposals.present + (refused.cause.line or 1) - 1)
    evaluation = Evaluation(connection, table)
    # Those that PostgreSQL has refused, if it has.
    made = rows
    if table.exclusions:
        rows = apart(connection, proposals, rows)
    unique = unique_rows(table_plan, state)
    solved = solve(proposals, evaluation, rows, unique)
    known = refused if solved == made else None
    moved: Sequence[Row] = apart(connection, proposals, solved) if table.exclusions else solved
    if asks and not own:
        moved = in_order(connection, proposals, moved, refused)
    if moved != solved:
        # CHECKs have given ranges another length, or triggers want another order.
        known = None
        unique = unique_rows(table_plan, state)
        solved = solve(proposals, evaluation, moved, unique)
    return insert_solved(connection, proposals, solved, unique, surroundings, known)


def set_later(
    connection: Connection, schema: Schema, table_plan: TablePlan, seed: int, *, ours: bool = True
) -> None:
    """Set the foreign keys whose referenced rows did not exist when the table was filled."""
    for foreign_key in table_plan.later:
        referenced = schema.table(foreign_key.referenced)
        shared = shares_columns(schema, table_plan.table, foreign_key)
        asked = table_plan.per is not None or table_plan.spec.spread != "even"
        rule = None if asked else rule_of_later(table_plan, foreign_key)
        without = None if rule is None else rows_without(connection, table_plan.table, rule)
        mutual = set_mutual_references(
            connection,
            table_plan.table,
            foreign_key,
            referenced,
            only_joined=asked,
            without=without,
            ours=ours and not shared,
        )
        places = [
            place
            for place in new_rows(connection, table_plan.table, foreign_key, without)
            if place not in mutual
        ]
        state = read_state(connection, table_plan.table, [foreign_key])
        request = later_request(table_plan, foreign_key, state, len(places), seed)
        [references] = allocated(table_plan, request).parts
        keys = references.by_row(places)
        # What other foreign keys consist of changes with them, by triggers of PostgreSQL's own.
        set_references(connection, table_plan.table, foreign_key, keys, ours=ours and not shared)


def complete(connection: Connection, seed_plan: Plan, afterwards: Mapping[str, Completion]) -> None:
    """Run the SQL that completes new rows, after all rows have been inserted.

    Args:
        connection: in the transaction of the whole seed.
        seed_plan: the plan.
        afterwards: the SQL by table.
    """
    cursor = connection.connection.cursor()
    try:
        for plan in seed_plan.tables:
            found = afterwards.get(str(plan.table.name))
            if found is None or plan.total <= plan.present:
                continue
            given = supplied_by(plan.columns, Supplier.MARKER) | supplied_by(
                plan.columns, Supplier.GENERATORS
            )
            if given.isdisjoint(found.columns):
                cursor.execute(found.statement)
    finally:
        cursor.close()


def new_faker(locale: str) -> Faker:
    """Return a new Faker; its import takes as long as starting pytest, so it is done only here."""
    from faker import Faker

    return Faker(locale)
