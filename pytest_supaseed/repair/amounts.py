"""How many rows to write into a table whose triggers insert into it as well, so that it holds as many as asked for.

A trigger that makes an inbox for each new folder doubles the rows: of eight folders, four are written. What a trigger
does is not read from its text: :func:`write_fitting` writes rows, counts what has come of them, and writes another
number of them where it is not what is wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from pytest_supaseed.errors import CountError
from pytest_supaseed.model.schema import Table
from pytest_supaseed.notation import Amount, notation
from pytest_supaseed.planning.plan import TablePlan
from pytest_supaseed.reflection.queries import execute
from pytest_supaseed.writing.bulk_check import fire_deferred
from pytest_supaseed.writing.counts import row_counts
from pytest_supaseed.writing.sequences import positions, set_back


@dataclass(frozen=True)
class Made:
    """What has come of writing rows.

    Attributes:
        written: the rows that were written.
        rows: by how many the table has grown, with the rows of its triggers.
    """

    written: int
    rows: int


def next_amount(wanted: int, below: Made, above: Made | None) -> int | None:
    """Return how many rows to write next, None where no number can be right.

    Args:
        wanted: the rows by which the table shall grow.
        below: the largest number of rows that has made too few; nothing makes nothing.
        above: the smallest number of rows that has made too many; None where none has been found.

    Example:
        >>> next_amount(8, Made(1, 2), None)
        4
        >>> next_amount(7, Made(3, 6), Made(4, 8)) is None
        True
    """
    if above is None:
        proportional = below.written * wanted // max(below.rows, 1)
        return min(max(proportional, below.written + 1), wanted)
    if above.written - below.written <= 1:
        return None
    slope = (above.written - below.written) / max(above.rows - below.rows, 1)
    between = below.written + int((wanted - below.rows) * slope)
    return min(max(between, below.written + 1), above.written - 1)


# Other rows that are tried where triggers insert for some rows only.
_VARIANTS = 8
# Writes so many rows, those of a variant: 0 for the rows as they are, 1 for others, and so on.
Write = Callable[[int, int], None]


class Attempts:
    """Attempts to write rows, of which the last one can be undone.

    Args:
        connection: in the transaction of the whole seed.
        table: that is written to.
        write: writes rows.
        known: whether triggers insert into the table for all that is known.
        restore: whether sequences are set back: not in a database in which others may take numbers. A failed attempt
            leaves a gap otherwise.

    Attributes:
        uneven: whether some rows have made others than other rows.
    """

    def __init__(
        self, connection: Connection, table: Table, write: Write, *, known: bool, restore: bool
    ) -> None:
        self.uneven = False
        self._connection = connection
        self._table = table
        self._write = write
        self._deferred = known and any(trigger.deferrable and trigger.on_insert for trigger in table.triggers)
        self._before = self._rows()
        self._positions = positions(connection) if restore else {}

    def made(self, amount: int, variant: int = 0) -> Made:
        """Write rows, and count what has come of them."""
        execute(self._connection, "SAVEPOINT supaseed_amount")
        self._write(amount, variant)
        if self._deferred:
            fire_deferred(self._connection)
        made = Made(amount, self._rows() - self._before)
        self.uneven |= made.rows % amount != 0
        return made

    def keep(self) -> None:
        """Keep the last attempt."""
        execute(self._connection, "RELEASE SAVEPOINT supaseed_amount")

    def undo(self) -> None:
        """Undo the last attempt, the sequences included."""
        execute(self._connection, "ROLLBACK TO SAVEPOINT supaseed_amount; RELEASE SAVEPOINT supaseed_amount")
        set_back(self._connection, self._positions)

    def _rows(self) -> int:
        return row_counts(self._connection, [self._table])[self._table.name]


def write_fitting(attempts: Attempts, wanted: int, *, known: bool) -> tuple[Made, Made] | None:
    """Write as many rows as make a table grow by a number of rows.

    Args:
        attempts: writes rows into the table.
        wanted: the number, at least 1.
        known: whether triggers insert into the table for all that is known; otherwise as many rows as wanted are tried
            first.

    Returns:
        None once the rows are there. Otherwise nothing is written, and the nearest that can be is returned: what makes
        fewer rows, and what makes more.
    """
    below, above = Made(0, 0), None
    amount: int | None = 1 if known else wanted
    while amount is not None:
        made = attempts.made(amount)
        # Fewer than were written: a trigger deletes rows, which no other number helps.
        if made.rows == wanted or (amount == wanted and made.rows < wanted):
            attempts.keep()
            return None
        attempts.undo()
        below, above = (made, above) if made.rows < wanted else (below, made)
        amount = next_amount(wanted, below, above)
    assert above is not None  # noqa: S101 for the type checker: as many rows as wanted make no fewer
    if attempts.uneven and below.written:
        for variant in range(1, _VARIANTS + 1):
            for written in (above.written, below.written):
                if attempts.made(written, variant).rows == wanted:
                    attempts.keep()
                    return None
                attempts.undo()
    return below, above


def no_amount(plan: TablePlan, wanted: int, nearest: tuple[Made, Made]) -> CountError:
    """Return the error for a number of rows that no number of written rows makes.

    Args:
        wanted: the rows by which the table shall grow.
        nearest: what :func:`write_fitting` returned.
    """
    table = plan.table
    possible = [made for made in nearest if made.rows]
    more = [made.rows - wanted for made in possible]
    triggers = ", ".join(trigger.name for trigger in table.triggers if trigger.on_insert)
    values = [
        Amount(add=plan.spec.add + each) if plan.spec.add is not None else Amount(plan.count + each)
        for each in more
    ]
    made = " and ".join(f"{each.written} written make {each.rows}" for each in possible)
    plural = "" if wanted == 1 else "s"
    return CountError(
        f"{table.label} cannot get exactly {wanted} new row{plural}, for its triggers ({triggers}) insert into it as "
        f"well: {made}: write {' or '.join(notation().arguments([(table.label, value)]) for value in values)}"
    )
