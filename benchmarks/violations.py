"""Validates every constraint of a database again, by queries of its own: what a seed leaves may break none.

PostgreSQL has checked each row when it was written. That is not taken on trust here: triggers can be disabled,
constraints deferred, and catalogs changed. Each constraint becomes a query that finds rows which break it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection


@dataclass(frozen=True)
class Validation:
    """A constraint, as a query for what breaks it.

    Attributes:
        table: schema and name of the table, or of the partition.
        constraint: what is validated, for messages.
        query: returns a row if something breaks it.
    """

    table: tuple[str, str]
    constraint: str
    query: str

    @property
    def label(self) -> str:
        """The constraint with its table, for messages."""
        return f"{'.'.join(self.table)}: {self.constraint}"


# Of inherited tables each has constraints of its own, and a partitioned table has no rows of its own.
_CHECKS = """
SELECT n.nspname, c.relname, format('CHECK %s', o.conname),
  format('SELECT FROM ONLY %I.%I WHERE NOT (%s)', n.nspname, c.relname, pg_get_expr(o.conbin, o.conrelid))
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE o.contype = 'c' AND c.relkind = 'r' AND o.convalidated
UNION ALL
SELECT n.nspname, c.relname, 'partition',
  format('SELECT FROM ONLY %I.%I WHERE NOT (%s)', n.nspname, c.relname, pg_get_partition_constraintdef(c.oid))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relispartition AND c.relkind = 'r' AND pg_get_partition_constraintdef(c.oid) IS NOT NULL
"""
# The planner believes the catalog: of a column that is NOT NULL it would not look for IS NULL.
_NOT_NULLS = """
SELECT n.nspname, c.relname, format('NOT NULL %I', a.attname),
  format('SELECT FROM ONLY %I.%I WHERE num_nulls(%I) > 0', n.nspname, c.relname, a.attname)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnotnull AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r'
"""
# A cast to the domain raises an error, which is as good as a row.
_DOMAINS = """
SELECT n.nspname, c.relname, format('domain of %I', a.attname),
  format('SELECT FROM (SELECT count(%I::text::%s) AS n FROM ONLY %I.%I) AS cast_again WHERE n < 0',
    a.attname, format_type(a.atttypid, a.atttypmod), n.nspname, c.relname)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
WHERE t.typtype = 'd' AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r'
"""
_FOREIGN_KEYS = """
SELECT n.nspname, c.relname, format('FOREIGN KEY %s', o.conname),
  format('SELECT FROM %s %I.%I AS c WHERE %s AND NOT (%s AND EXISTS (SELECT FROM %s %I.%I AS p WHERE %s))',
    CASE c.relkind WHEN 'r' THEN 'ONLY' END, n.nspname, c.relname,
    k.needed, k.complete, CASE r.relkind WHEN 'r' THEN 'ONLY' END, m.nspname, r.relname, k.same)
FROM pg_constraint o
JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class r ON r.oid = o.confrelid JOIN pg_namespace m ON m.oid = r.relnamespace
CROSS JOIN LATERAL (
  SELECT format('(%s)', string_agg(format('c.%I IS NOT NULL', a.attname),
      CASE o.confmatchtype WHEN 'f' THEN ' OR ' ELSE ' AND ' END)) AS needed,
    string_agg(format('c.%I IS NOT NULL', a.attname), ' AND ') AS complete,
    string_agg(format('p.%I OPERATOR(%I.%s) c.%I', b.attname, s.nspname, p.oprname, a.attname), ' AND ') AS same
  FROM unnest(o.conkey, o.confkey, o.conpfeqop) AS k (own, referenced, operator)
  JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.own
  JOIN pg_attribute b ON b.attrelid = o.confrelid AND b.attnum = k.referenced
  JOIN pg_operator p ON p.oid = k.operator JOIN pg_namespace s ON s.oid = p.oprnamespace) AS k
WHERE o.contype = 'f' AND o.conparentid = 0 AND o.convalidated
"""
# The parts of an index's key: whatever pg_get_indexdef prints of a column or expression.
_PARTS = """
CROSS JOIN LATERAL (
  SELECT string_agg(format('(%s) AS k%s', d.part, i), ', ' ORDER BY i) AS parts,
    string_agg(format('k%s%s', i, CASE WHEN l.oid IS NOT NULL THEN format(' COLLATE %I.%I', ln.nspname, l.collname)
      END), ', ' ORDER BY i) AS keys,
    string_agg(format('k%s IS NOT NULL', i), ' AND ' ORDER BY i) AS complete
  FROM generate_series(1, x.indnkeyatts) AS i
  CROSS JOIN LATERAL (SELECT pg_get_indexdef(x.indexrelid, i, true) AS part) AS d
  LEFT JOIN pg_collation l ON l.oid = x.indcollation[i - 1]
  LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace) AS k
"""
_UNIQUES = f"""
SELECT n.nspname, c.relname, format('UNIQUE %s', u.relname),
  format('SELECT FROM (SELECT %s FROM %s %I.%I WHERE %s) AS keys WHERE %s GROUP BY %s HAVING count(*) > 1',
    k.parts, CASE c.relkind WHEN 'r' THEN 'ONLY' END, n.nspname, c.relname,
    coalesce(pg_get_expr(x.indpred, x.indrelid), 'true'),
    CASE WHEN (to_jsonb(x) ->> 'indnullsnotdistinct')::boolean THEN 'true' ELSE k.complete END, k.keys)
FROM pg_index x JOIN pg_class u ON u.oid = x.indexrelid
JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace {_PARTS}
WHERE x.indisunique AND x.indisvalid AND c.relkind IN ('r', 'p')
  AND n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema') AND NOT (c.relispartition AND u.relispartition)
  AND NOT coalesce((SELECT (to_jsonb(o) ->> 'conperiod')::boolean FROM pg_constraint o
    WHERE o.conindid = x.indexrelid AND o.conrelid = x.indrelid AND o.contype IN ('p', 'u')), false)
"""
_EXCLUSIONS = f"""
SELECT n.nspname, c.relname, format('EXCLUDE %s', o.conname),
  format('SELECT FROM (%s) AS a JOIN (%s) AS b ON a.place < b.place AND %s', r.query, r.query, s.conflict)
FROM pg_constraint o JOIN pg_index x ON x.indexrelid = o.conindid
JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace {_PARTS}
CROSS JOIN LATERAL (SELECT format('SELECT ctid AS place, %s FROM ONLY %I.%I WHERE %s', k.parts, n.nspname,
  c.relname, coalesce(pg_get_expr(x.indpred, x.indrelid), 'true')) AS query) AS r
CROSS JOIN LATERAL (
  SELECT string_agg(format('a.k%s OPERATOR(%I.%s) b.k%s', e.i, q.nspname, p.oprname, e.i), ' AND ') AS conflict
  FROM unnest(o.conexclop) WITH ORDINALITY AS e (operator, i)
  JOIN pg_operator p ON p.oid = e.operator JOIN pg_namespace q ON q.oid = p.oprnamespace) AS s
WHERE o.contype = 'x'
"""
_CATALOG = " UNION ALL ".join([_CHECKS, _NOT_NULLS, _DOMAINS, _FOREIGN_KEYS, _UNIQUES, _EXCLUSIONS])
_OURS = f"""
SELECT DISTINCT * FROM ({_CATALOG}) AS found (schema, name, what, query)
WHERE schema NOT IN ('pg_catalog', 'pg_toast', 'information_schema') ORDER BY schema, name, what, query
"""


def validations(connection: Connection) -> list[Validation]:
    """Return what validates every constraint of a database.

    Args:
        connection: to the database.
    """
    return [Validation((row[0], row[1]), row[2], row[3]) for row in run(connection, _OURS)]


def violations(connection: Connection, among: Iterable[Validation]) -> list[str]:
    """Return the constraints that rows of a database break.

    Args:
        connection: to the database.
        among: what is validated.
    """
    parts = [f"SELECT {quoted(each.label)} WHERE EXISTS ({each.query})" for each in among]
    return [row[0] for row in run(connection, " UNION ALL ".join(parts))] if parts else []


def run(connection: Connection, statement: str) -> list[tuple[Any, ...]]:
    """Run a statement as it stands.

    Args:
        connection: its transaction is the statement's.
        statement: in which a ``%`` is a ``%``.
    """
    with connection.connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def quoted(words: str) -> str:
    """Return words as a literal of SQL.

    Args:
        words: any.
    """
    return "'" + words.replace("'", "''") + "'"
