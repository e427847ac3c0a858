"""Which rows the partitions of a table take, as a CHECK of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_supaseed.schema import Check

# What each partition without partitions of its own takes, its ancestors' bounds included. Where there is a default
# partition, nothing is left that none takes.
PARTITIONS = """
SELECT root.oid AS relation,
       ARRAY(SELECT DISTINCT coalesce(a.attname::text, '')
             FROM pg_partition_tree(root.oid) AS part JOIN pg_partitioned_table p ON p.partrelid = part.relid
             CROSS JOIN LATERAL unnest(p.partattrs::int2[]) AS number
             LEFT JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = number
             ORDER BY 1) AS columns,
       ARRAY(SELECT coalesce(pg_get_partition_constraintdef(part.relid), 'true')
             FROM pg_partition_tree(root.oid) AS part
             WHERE part.isleaf AND part.relid <> root.oid
             AND (SELECT c.relkind <> 'p' FROM pg_class c WHERE c.oid = part.relid)
             ORDER BY part.relid::regclass::text COLLATE "C") AS bounds
FROM pg_class root JOIN pg_partitioned_table p ON p.partrelid = root.oid
WHERE root.oid = ANY (%(relations)s) AND p.partdefid = 0
"""


def partition_checks(table: str, record: Mapping[str, Any] | None) -> tuple[Check, ...]:
    """Return what the partitions of a table take.

    Args:
        table: its name.
        record: what :data:`PARTITIONS` returns of it; None where it is not partitioned, or takes any row.
    """
    if record is None:
        return ()
    bounds = [f"({bound})" for bound in record["bounds"]]
    # A key with an expression may use any column.
    columns = () if "" in record["columns"] else tuple(record["columns"])
    return (
        Check(f"the partitions of {table}", f"({' OR '.join(bounds)})" if bounds else "false", columns, True),
    )
