"""PostgreSQL's catalog -> :class:`~pytest_supaseed.schema.Schema`. What is there is the truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from pytest_supaseed.reflection.partitions import PARTITIONS, partition_checks
from pytest_supaseed.reflection.queries import reads_xml
from pytest_supaseed.reflection.typecatalog import ATTRIBUTES, NO_XML, TYPES, Default, TypeReader
from pytest_supaseed.reflection.volatility import BODIES, CALLED, VaryingFunctions, functions_in
from pytest_supaseed.schema import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Schema,
    Sequence,
    Table,
    TableName,
    Trigger,
    UniqueKey,
)

# Tables of an extension (PostGIS's spatial_ref_sys) are its own, and nobody seeds them.
_RELATIONS = """
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, c.relispartition AS partition,
       pg_table_is_visible(c.oid) AS visible, coalesce(s.description, '') AS comment
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_description s ON s.objoid = c.oid AND s.classoid = 'pg_class'::regclass AND s.objsubid = 0
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
  AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                  AND d.deptype = 'e')
"""

_COLUMNS = """
SELECT a.attrelid AS relation, a.attnum AS number, a.attname AS name, a.atttypid AS type,
       a.atttypmod AS modifier, a.attndims AS dimensions,
       format_type(a.atttypid, a.atttypmod) AS text, a.attnotnull AS required,
       pg_get_expr(d.adbin, d.adrelid) AS default, d.adbin::text AS tree, a.attidentity::text AS identity,
       a.attgenerated::text AS generated, coalesce(s.description, '') AS comment
FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_description s
  ON s.objoid = a.attrelid AND s.classoid = 'pg_class'::regclass AND s.objsubid = a.attnum
WHERE a.attrelid = ANY (%(relations)s) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
"""

# Owned sequences (serial, identity), and those that a default names without owning them.
_SEQUENCES = """
SELECT found.relation, found.number, n.nspname AS schema, c.relname AS name, s.seqincrement AS increment,
       s.seqmin AS minimum, s.seqmax AS maximum
FROM (SELECT d.refobjid AS relation, d.refobjsubid AS number, d.objid AS sequence
      FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
      AND d.deptype = 'i'
      UNION
      SELECT a.adrelid, a.adnum, d.refobjid
      FROM pg_attrdef a JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = a.oid
      WHERE d.refclassid = 'pg_class'::regclass
      AND pg_get_expr(a.adbin, a.adrelid) LIKE 'nextval(%%') AS found
JOIN pg_class c ON c.oid = found.sequence AND c.relkind = 'S'
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_sequence s ON s.seqrelid = c.oid
WHERE found.relation = ANY (%(relations)s)
"""

# A constraint with a parent is a partition's copy of it. What is referenced need not be one of our tables: it
# can be a partition, or belong to an extension.
_CONSTRAINTS = """
SELECT c.conrelid AS relation, c.conname AS name, c.contype::text AS kind, c.conkey AS columns,
       n.nspname AS referenced_schema, r.relname AS referenced_name,
       ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY AS k (number, position)
             JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number
             ORDER BY k.position) AS referenced_columns,
       c.condeferrable AS deferrable, c.confmatchtype::text AS match,
       CASE c.contype WHEN 'c' THEN pg_get_expr(c.conbin, c.conrelid)
                      WHEN 'x' THEN pg_get_constraintdef(c.oid) END AS expression,
       CASE c.contype WHEN 'c' THEN
           (SELECT string_agg(coalesce(pg_get_function_sqlbody(p.oid), p.prosrc), E'\n' ORDER BY p.proname, p.oid)
            FROM pg_depend d JOIN pg_proc p ON p.oid = d.refobjid
            WHERE d.classid = 'pg_constraint'::regclass AND d.objid = c.oid
            AND d.refclassid = 'pg_proc'::regclass) END AS called,
       CASE c.contype WHEN 'x' THEN
           ARRAY(SELECT DISTINCT d.refobjsubid FROM pg_depend d
                 WHERE ((d.classid = 'pg_constraint'::regclass AND d.objid = c.oid)
                        OR (d.classid = 'pg_class'::regclass AND d.objid = c.conindid))
                 AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.conrelid AND d.refobjsubid > 0
                 ORDER BY d.refobjsubid) END AS used
FROM pg_constraint c
LEFT JOIN pg_class r ON r.oid = c.confrelid LEFT JOIN pg_namespace n ON n.oid = r.relnamespace
WHERE c.conrelid = ANY (%(relations)s) AND c.contype IN ('f', 'c', 'x') AND c.conparentid = 0
ORDER BY c.conrelid, c.conname
"""

# The dependencies of an index name the columns of its WHERE and INCLUDE clauses as well, so those of its
# expressions are read from their trees. indnullsnotdistinct exists since PostgreSQL 15.
_UNIQUES = """
SELECT i.indrelid AS relation, c.relname AS name, i.indisprimary AS primary,
       (i.indkey::int2[])[0:i.indnkeyatts - 1] AS columns,
       ARRAY(SELECT variable[1]::int
             FROM regexp_matches(i.indexprs::text, ':varattno ([0-9]+)', 'g') AS variable) AS used,
       pg_get_indexdef(i.indexrelid) AS definition,
       coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_not_distinct,
       i.indpred IS NOT NULL AS partial
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = ANY (%(relations)s) AND i.indisunique AND i.indislive
ORDER BY i.indrelid, c.relname
"""

_TRIGGERS = """
SELECT t.tgrelid AS relation, t.tgname AS name, n.nspname || '.' || p.proname AS function, p.prosrc AS source,
       (t.tgtype & 4) <> 0 AS on_insert, (t.tgtype & 2) <> 0 AS before, t.tgdeferrable AS deferrable
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE t.tgrelid = ANY (%(relations)s) AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
ORDER BY t.tgrelid, t.tgname
"""

_KINDS = {"v": "view", "m": "materialized view", "f": "foreign table"}
_IDENTITIES = {"a": "always", "d": "by default"}
_Record = Mapping[str, Any]


def reflect(connection: Connection) -> Schema:
    """Read all tables of a database.

    Args:
        connection: to the database; nothing is written.

    Returns:
        The tables that can hold rows of their own; a partitioned table stands for its partitions.
    """
    # A server that compiles queries spends more on that than on the catalog.
    connection.exec_driver_sql("SET LOCAL jit = off")
    relations = _fetch(connection, _RELATIONS, [])
    tables = [r for r in relations if r["kind"] in "rp" and not r["partition"]]
    names = {r["oid"]: TableName(r["schema"], r["name"]) for r in relations}
    others = [
        (names[r["oid"]], "partition" if r["partition"] else _KINDS[r["kind"]])
        for r in relations
        if r not in tables
    ]
    oids = [r["oid"] for r in tables]
    columns = _by_relation(_fetch(connection, _COLUMNS, oids))
    types = _types(connection, columns, oids)
    varying = _varying(connection, columns, types)
    sequences = {
        (r["relation"], r["number"]): Sequence(
            r["schema"], r["name"], r["increment"], r["minimum"], r["maximum"]
        )
        for r in _fetch(connection, _SEQUENCES, oids)
    }
    constraints = _by_relation(_fetch(connection, _CONSTRAINTS, oids))
    uniques = _by_relation(_fetch(connection, _UNIQUES, oids))
    triggers = _by_relation(_fetch(connection, _TRIGGERS, oids))
    partitions = {r["relation"]: r for r in _fetch(connection, PARTITIONS, oids)}
    numbers = {oid: {c["number"]: c["name"] for c in columns[oid]} for oid in oids}
    result = []
    for relation in tables:
        oid = relation["oid"]
        result.append(
            Table(
                names[oid],
                tuple(_column(c, types, varying, sequences.get((oid, c["number"]))) for c in columns[oid]),
                next((_columns(u["columns"], numbers[oid]) for u in uniques[oid] if u["primary"]), ()),
                tuple(_unique(u, numbers[oid]) for u in uniques[oid]),
                tuple(_foreign_key(c, numbers[oid]) for c in constraints[oid] if c["kind"] == "f"),
                (
                    *(
                        Check(
                            c["name"],
                            c["expression"],
                            _columns(c["columns"] or (), numbers[oid]),
                            called=c["called"] or "",
                        )
                        for c in constraints[oid]
                        if c["kind"] == "c"
                    ),
                    *partition_checks(relation["name"], partitions.get(oid)),
                ),
                tuple(
                    Trigger(
                        t["name"],
                        t["function"],
                        t["source"] or "",
                        t["on_insert"],
                        t["before"],
                        t["deferrable"],
                    )
                    for t in triggers[oid]
                ),
                relation["kind"] == "p",
                relation["visible"],
                relation["comment"],
                tuple(
                    Exclusion(c["name"], _columns(c["used"], numbers[oid]), c["expression"])
                    for c in constraints[oid]
                    if c["kind"] == "x"
                ),
            )
        )
    return Schema(tuple(sorted(result, key=lambda table: table.name)), tuple(sorted(others)))


def _fetch(connection: Connection, query: str, relations: list[int]) -> list[_Record]:
    # Given always: without a parameter the driver leaves %% as it is.
    result = connection.exec_driver_sql(query, {"relations": relations})
    return [dict(record) for record in result.mappings()]


def _by_relation(records: Iterable[_Record]) -> Mapping[int, list[_Record]]:
    found: defaultdict[int, list[_Record]] = defaultdict(list)
    for record in records:
        found[record["relation"]].append(record)
    return found


def _columns(numbers: Iterable[int], names: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(names[number] for number in numbers if number in names)


def _unique(record: _Record, names: Mapping[int, str]) -> UniqueKey:
    expression = 0 in record["columns"]
    return UniqueKey(
        record["name"],
        _columns(sorted({*record["columns"], *record["used"]}) if expression else record["columns"], names),
        record["definition"],
        not record["nulls_not_distinct"],
        record["partial"],
        expression,
    )


def _foreign_key(record: _Record, names: Mapping[int, str]) -> ForeignKey:
    return ForeignKey(
        record["name"],
        _columns(record["columns"], names),
        TableName(record["referenced_schema"], record["referenced_name"]),
        tuple(record["referenced_columns"]),
        record["deferrable"],
        record["match"] == "f",
    )


def _varying(
    connection: Connection, columns: Mapping[int, list[_Record]], types: TypeReader
) -> VaryingFunctions:
    """Look up the functions that defaults call; the bodies of the user's only where a default calls one of them."""
    trees = {
        record["tree"] or "" for found in columns.values() for record in found if not record["generated"]
    }
    called = {oid for tree in trees.union(types.trees()) for oid in functions_in(tree)}
    found = _fetch(connection, CALLED, sorted(called)) if called else []
    own = any(record["own"] for record in found)
    return VaryingFunctions(found, _fetch(connection, BODIES, []) if own else [])


def _types(connection: Connection, columns: Mapping[int, list[_Record]], oids: list[int]) -> TypeReader:
    found = TypeReader(_fetch(connection, TYPES, oids), _fetch(connection, ATTRIBUTES, []))
    has_xml = any(found.uses(column["type"], "xml") for records in columns.values() for column in records)
    return found.without("xml", NO_XML) if has_xml and not reads_xml(connection) else found


def _column(
    record: _Record, types: TypeReader, varying: VaryingFunctions, sequence: Sequence | None
) -> Column:
    column_type, nullable, of_domain = types.of(record)
    default = of_domain if record["default"] is None else Default(record["default"], record["tree"])
    return Column(
        record["name"],
        column_type,
        nullable and not record["required"],
        default.text,
        _IDENTITIES.get(record["identity"]),
        bool(record["generated"]),
        sequence,
        record["comment"],
        not record["generated"] and varying.in_tree(default.tree),
    )
