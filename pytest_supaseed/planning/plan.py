"""Plans, as data: :class:`TablePlan` is that of one table, :class:`SeedPlan` that of a whole seed."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_supaseed.allocation.allocation import Group, Joint
from pytest_supaseed.model.references import References
from pytest_supaseed.model.schema import Contents, ForeignKey, Table
from pytest_supaseed.planning.sources import ColumnSource
from pytest_supaseed.spec import SeedSpec, TableSpec


@dataclass(frozen=True)
class TablePlan:
    """The plan of one table.

    Attributes:
        table: the table.
        spec: what the marker asks for.
        total: rows after the seed.
        present: rows before the seed; triggers may add to them before the table is filled.
        columns: the source of each column's values.
        roles: the roles of its foreign keys, without ``later``.
        groups: dimensions that unique keys connect.
        joints: overlapping foreign keys that are drawn together.
        later: foreign keys that are set after all tables have their rows.
        per: name of a foreign key and the exact number of rows for each referenced row.
        shares: by foreign key, the rows that each referenced row will have, where known.
        linked: columns whose values must agree with those of other tables.
        after_deferred: whether deferrable triggers insert into the table, and have to fire before it is filled.
    """

    table: Table
    spec: TableSpec
    total: int
    present: int
    columns: tuple[ColumnSource, ...]
    roles: References
    groups: tuple[Group, ...]
    joints: tuple[Joint, ...] = ()
    later: tuple[ForeignKey, ...] = ()
    per: tuple[str, int] | None = None
    shares: tuple[tuple[ForeignKey, tuple[int, ...]], ...] = ()
    linked: frozenset[str] = frozenset()
    after_deferred: bool = False


@dataclass(frozen=True)
class SeedPlan:
    """The plan of a whole seed.

    Attributes:
        spec: what the test asks for.
        tables: in insertion order.
        contents: the rows that loading the schema inserted.
        asked: rows that count against the limit.
    """

    spec: SeedSpec
    tables: tuple[TablePlan, ...]
    contents: Contents
    asked: int

    @property
    def inserts(self) -> int:
        """The number of rows to insert, including those that triggers insert into the tables of the plan."""
        return sum(table.total - table.present for table in self.tables)
