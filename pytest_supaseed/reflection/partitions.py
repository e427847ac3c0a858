"""Partitions: their bounds, and the constraints that only some of them have, as constraints of the partitioned table.

A row is inserted into the partitioned table, and has to obey the constraints of the partition that takes it. Bounds,
CHECKs and NOT NULL become one condition, ``bounds of one AND its CHECKs OR bounds of the next AND its CHECKs``
(:func:`partition_checks`), so that the partition is chosen first. A unique index of one partition becomes a partial
one, and a foreign key one of all rows; where that of another partition references another table, it is NULL there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pytest_supaseed.model.schema import Check, ForeignKey, UniqueKey

Record = Mapping[str, Any]
# Each partition, after its root. A table with a default partition accepts any row, unless partitions have constraints.
PARTITIONS = """
SELECT root.oid AS relation, part.relid::oid AS partition, part.isleaf AND c.relkind <> 'p' AS leaf,
       part.relid::regclass::text AS name, p.partdefid <> 0 AS any_row,
       ARRAY(SELECT DISTINCT coalesce(a.attname::text, '')
             FROM pg_partition_tree(root.oid) AS inner_part
             JOIN pg_partitioned_table k ON k.partrelid = inner_part.relid
             CROSS JOIN LATERAL unnest(k.partattrs::int2[]) AS number
             LEFT JOIN pg_attribute a ON a.attrelid = k.partrelid AND a.attnum = number
             ORDER BY 1) AS columns,
       coalesce(pg_get_partition_constraintdef(part.relid), 'true') AS bounds,
       ARRAY(SELECT a.attname::text FROM pg_attribute a JOIN pg_attribute b ON b.attrelid = root.oid
             AND b.attname = a.attname WHERE a.attrelid = part.relid AND a.attnotnull AND NOT b.attnotnull
             ORDER BY a.attnum) AS required,
       (SELECT json_object_agg(a.attnum, a.attname) FROM pg_attribute a
        WHERE a.attrelid = part.relid AND a.attnum > 0 AND NOT a.attisdropped) AS numbers,
       ARRAY(SELECT parent.relid::oid FROM pg_partition_ancestors(part.relid) AS parent) AS ancestors
FROM pg_class root JOIN pg_partitioned_table p ON p.partrelid = root.oid
CROSS JOIN LATERAL pg_partition_tree(root.oid) AS part
JOIN pg_class c ON c.oid = part.relid
WHERE root.oid = ANY (%(relations)s) AND part.relid <> root.oid
ORDER BY root.oid, part.relid::regclass::text COLLATE "C"
"""


@dataclass(frozen=True)
class Partition:
    """A partition, and what only it has.

    Attributes:
        oid: of the partition.
        leaf: whether it has rows of its own.
        bounds: the condition for its rows, with those of its ancestors.
        required: columns that are NOT NULL there, and not in the partitioned table.
        numbers: its columns by number.
        ancestors: the partition itself, its partitioned table, and so on.
        checks: its CHECKs.
        foreign_keys: its foreign keys.
        uniques: its unique keys.
    """

    oid: int
    leaf: bool
    bounds: str
    required: tuple[str, ...]
    numbers: Mapping[int, str]
    ancestors: tuple[int, ...]
    checks: tuple[Check, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    uniques: tuple[UniqueKey, ...] = ()


@dataclass(frozen=True)
class PartitionedTable:
    """A partitioned table with its partitions.

    Attributes:
        columns: of the partition keys; an empty name for an expression.
        any_row: whether a default partition accepts every row.
        partitions: in the order of their names.
    """

    columns: tuple[str, ...]
    any_row: bool
    partitions: tuple[Partition, ...]

    def leaves(self) -> tuple[Partition, ...]:
        """The partitions that have rows of their own."""
        return tuple(each for each in self.partitions if each.leaf)

    def left_open(self, leaf: Partition, foreign_keys: Sequence[ForeignKey]) -> tuple[str, ...]:
        """Return the columns that have to be NULL in a partition, as the foreign key of all rows is another one.

        Args:
            foreign_keys: of all rows, one for the same columns.
        """
        chosen = {key.columns: key for key in foreign_keys}
        own = [key for each in self.partitions if each.oid in leaf.ancestors for key in each.foreign_keys]
        others = [key for key in own if _references(chosen.get(key.columns, key)) != _references(key)]
        return tuple(dict.fromkeys(key.columns[0] for key in others))

    def foreign_keys(self, of_table: Iterable[ForeignKey]) -> tuple[ForeignKey, ...]:
        """Return the foreign keys that only partitions have, one for the same columns.

        Args:
            of_table: those of the partitioned table.
        """
        known = {key.columns for key in of_table}
        found: dict[tuple[str, ...], ForeignKey] = {}
        for partition in self.partitions:
            for key in partition.foreign_keys:
                if key.columns not in known:
                    found.setdefault(key.columns, key)
        return tuple(found.values())

    def uniques(self) -> tuple[UniqueKey, ...]:
        """Return the unique keys that only partitions have, as partial ones; as one where every partition has it."""
        owners: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
        for partition in self.partitions:
            for key in partition.uniques:
                if not key.partial and not key.expression:
                    owners[key.columns].add(partition.oid)
        everywhere = {
            columns
            for columns, oids in owners.items()
            if all(oids & set(leaf.ancestors) for leaf in self.leaves())
        }
        found: dict[object, UniqueKey] = {}
        for partition in self.partitions:
            for key in partition.uniques:
                same = not key.partial and not key.expression and key.columns in everywhere
                found.setdefault(key.columns if same else key.name, key if same else _within(key, partition))
        return tuple(found.values())


# What no row can be inserted into.
NO_PARTITIONS = PartitionedTable((), False, ())


def _references(key: ForeignKey) -> object:
    return key.referenced, key.referenced_columns


def _within(key: UniqueKey, partition: Partition) -> UniqueKey:
    """A unique key of a partition, as one of the partitioned table for the rows that fall into the partition."""
    beginning, where, predicate = key.definition.partition(" WHERE ")
    condition = f"({partition.bounds} AND {predicate})" if where else f"({partition.bounds})"
    return replace(key, definition=f"{beginning} WHERE {condition}", partial=True)


def partition_checks(
    table: str, partitioned: PartitionedTable | None, foreign_keys: Sequence[ForeignKey] = ()
) -> tuple[Check, ...]:
    """Return the bounds of a table's partitions, with the constraints that only they have, as a check constraint.

    Args:
        partitioned: the table; None where it is not partitioned.
        foreign_keys: that its rows have.
    """
    if partitioned is None:
        return ()
    leaves = partitioned.leaves()
    conditions = [_conditions(leaf, partitioned.left_open(leaf, foreign_keys)) for leaf in leaves]
    if partitioned.any_row and not any(len(parts) > 1 for parts in conditions):
        return ()
    own = {column for leaf in leaves for check in leaf.checks for column in check.columns}
    own |= {name for leaf in leaves for name in (*leaf.required, *partitioned.left_open(leaf, foreign_keys))}
    # A partition key with an expression may use any column.
    columns = () if "" in partitioned.columns else tuple(sorted({*partitioned.columns, *own}))
    cases = [f"({' AND '.join(parts)})" if len(parts) > 1 else f"({parts[0]})" for parts in conditions]
    called = "\n".join(
        dict.fromkeys(check.called for leaf in leaves for check in leaf.checks if check.called)
    )
    name = f"the partitions of {table}"
    return (Check(name, f"({' OR '.join(cases)})" if cases else "false", columns, True, called=called),)


def _conditions(leaf: Partition, left_open: Iterable[str]) -> list[str]:
    required = [f"({_quoted(name)} IS NOT NULL)" for name in leaf.required]
    empty = [f"({_quoted(name)} IS NULL)" for name in left_open]
    return [leaf.bounds, *required, *empty, *(f"({check.expression})" for check in leaf.checks)]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
