"""Reflection of PostgreSQL's catalog: tables with columns, types, keys, constraints, triggers and partition bounds.

:func:`reflect` takes a connection and returns a :class:`~pytest_supaseed.model.schema.Schema`. :class:`TypeReader`
resolves the types of columns, and :func:`definition` parses an index or EXCLUDE constraint as PostgreSQL prints it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from pytest_supaseed.constraints.functions import BODIES, CALLED, VaryingFunctions, assigned_in, functions_in
from pytest_supaseed.constraints.insertions import FunctionText, called_names, called_text
from pytest_supaseed.constraints.raising import refused_nulls
from pytest_supaseed.model.schema import (
    Attribute,
    Check,
    Column,
    ColumnType,
    Exclusion,
    ForeignKey,
    Schema,
    Sequence,
    Table,
    TableName,
    Trigger,
    UniqueKey,
    with_separated_names,
)
from pytest_supaseed.reflection.partitions import (
    NO_PARTITIONS,
    PARTITIONS,
    Partition,
    PartitionedTable,
    partition_checks,
)
from pytest_supaseed.reflection.queries import fetch, reads_xml, savepoint
from pytest_supaseed.reflection.queries import relation as quoted

# The types of some tables' columns and their parts, not all: a database has a row type for each of its tables.
TYPES = """
WITH RECURSIVE used (oid) AS (
    SELECT atttypid FROM pg_attribute
    WHERE attrelid = ANY (%(relations)s) AND attnum > 0 AND NOT attisdropped
    UNION
    SELECT part.oid FROM used JOIN pg_type t ON t.oid = used.oid CROSS JOIN LATERAL (
        SELECT t.typbasetype UNION ALL SELECT t.typelem
        UNION ALL SELECT rngsubtype FROM pg_range WHERE t.oid IN (rngtypid, rngmultitypid)
        UNION ALL SELECT atttypid FROM pg_attribute
            WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped) AS part (oid)
    WHERE part.oid <> 0
)
SELECT t.oid, n.nspname AS schema, t.typname AS name, t.typtype::text AS kind,
       t.typcategory::text AS category, t.typdelim::text AS delimiter,
       t.typbasetype AS base, t.typtypmod AS modifier, format_type(t.typbasetype, t.typtypmod) AS base_text,
       t.typndims AS dimensions, t.typelem AS element, t.typarray AS array,
       EXISTS (SELECT FROM pg_type b WHERE b.typname = t.typname
               AND b.typnamespace = 'pg_catalog'::regnamespace) AS built_in,
       t.typnotnull AS required, t.typdefault AS default, t.typdefaultbin::text AS tree,
       (SELECT r.rngsubtype FROM pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)) AS subtype,
       ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid
             ORDER BY e.enumsortorder) AS labels,
       ARRAY(SELECT c.conname::text FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c'
             ORDER BY c.conname) AS check_names,
       ARRAY(SELECT pg_get_expr(c.conbin, 0) FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c'
             ORDER BY c.conname) AS check_expressions,
       ARRAY(SELECT coalesce((SELECT string_agg(coalesce(pg_get_function_sqlbody(p.oid), p.prosrc), E'\n'
                                                ORDER BY p.proname, p.oid)
                              FROM pg_depend d JOIN pg_proc p ON p.oid = d.refobjid
                              WHERE d.classid = 'pg_constraint'::regclass AND d.objid = c.oid
                              AND d.refclassid = 'pg_proc'::regclass), '')
             FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c' ORDER BY c.conname) AS check_called
FROM used JOIN pg_type t USING (oid) JOIN pg_namespace n ON n.oid = t.typnamespace
"""
# Every table has a row type as well, but few are the type of a column.
ATTRIBUTES = """
SELECT t.oid AS composite, a.attname AS name, a.atttypid AS type, a.atttypmod AS modifier,
       a.attndims AS dimensions, format_type(a.atttypid, a.atttypmod) AS text
FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_attribute a ON a.attrelid = c.oid
WHERE t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped
  AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
  AND (c.relkind = 'c' OR t.oid IN (SELECT atttypid FROM pg_attribute)
       OR t.typarray IN (SELECT atttypid FROM pg_attribute) OR t.oid IN (SELECT typbasetype FROM pg_type))
ORDER BY t.oid, a.attnum
"""
NO_XML = "this server was built without libxml"


@dataclass(frozen=True)
class Default:
    """A default of a column or of its domain.

    Attributes:
        text: its expression; None where there is none.
        tree: the same as the catalog's node tree.
    """

    text: str | None = None
    tree: str | None = None


class TypeReader:
    """Resolves types: their domains, elements, attributes and subtypes.

    Args:
        types: what :data:`TYPES` returns.
        attributes: what :data:`ATTRIBUTES` returns.
        unavailable: by name of a base type, why the server accepts no value of it.
    """

    def __init__(
        self,
        types: Iterable[_Record],
        attributes: Iterable[_Record],
        unavailable: Mapping[str, str] | None = None,
    ) -> None:
        self._types = {record["oid"]: record for record in types}
        self._attributes: defaultdict[int, list[_Record]] = defaultdict(list)
        for record in attributes:
            self._attributes[record["composite"]].append(record)
        self._unavailable = dict(unavailable or {})

    def without(self, name: str, reason: str) -> TypeReader:
        """Return a reader for which the server accepts no value of a base type, for a reason."""
        attributes = [record for found in self._attributes.values() for record in found]
        return TypeReader(self._types.values(), attributes, {**self._unavailable, name: reason})

    def trees(self) -> tuple[str, ...]:
        """Return the node trees of the defaults of all domains."""
        return tuple(record["tree"] for record in self._types.values() if record["tree"])

    def uses(self, oid: int, name: str) -> bool:
        """Whether a type is, or contains, the type of a name in ``pg_catalog``."""
        found = self._types[oid]
        if found["name"] == name and found["schema"] == "pg_catalog":
            return True
        parts = [found["base"], found["element"], found["subtype"]]
        parts += [attribute["type"] for attribute in self._attributes[oid]]
        return any(self.uses(part, name) for part in parts if part)

    def of(self, record: _Record) -> tuple[ColumnType, bool, Default]:
        """Return the type of a column or attribute, whether its domains accept NULL, and their default.

        Args:
            record: has ``type``, ``modifier``, ``text`` and ``dimensions``.
        """
        nullable, default = True, Default()
        found = self._types[record["type"]]
        while found["kind"] == "d":
            nullable = nullable and not found["required"]
            default = default if default.text is not None else Default(found["default"], found["tree"])
            found = self._types[found["base"]]
        column_type = self._type(record["type"], record["modifier"], record["text"], record["dimensions"])
        return column_type, nullable, default

    def _type(self, oid: int, modifier: int, text: str, dimensions: int = 0) -> ColumnType:
        found, base = self._types[oid], text
        domain: str | None = None
        checks: list[Check] = []
        while found["kind"] == "d":
            domain = domain or f"{found['schema']}.{found['name']}"
            parts = zip(found["check_names"], found["check_expressions"], found["check_called"], strict=True)
            checks += (Check(name, expression, called=called) for name, expression, called in parts)
            modifier = found["modifier"] if modifier < 0 else modifier
            base, dimensions = found["base_text"], found["dimensions"] or dimensions
            found = self._types[found["base"]]
        element = self._types.get(found["element"])
        # int2vector has elements as well, but is not the array type of its element.
        if element is not None and element["array"] == found["oid"]:
            of = self._type(found["element"], modifier, base.removesuffix("[]"))
            return replace(
                of,
                text=text,
                array=True,
                base="",
                domain=domain or of.domain,
                checks=(*checks, *of.checks),
                own_checks=tuple(checks),
                dimensions=max(dimensions, 1),
                element=of,
                attributes=(),
                subtype=None,
            )
        name = found["name"]
        if found["schema"] != "pg_catalog" and found["built_in"]:
            name = f"{found['schema']}.{name}"
        length, precision, scale = _modifiers(name, modifier)
        return ColumnType(
            text,
            name,
            "E" if found["kind"] == "e" else found["category"],
            False,
            length,
            precision,
            scale,
            tuple(found["labels"]),
            domain,
            tuple(checks),
            "" if base == text else base,
            delimiter=found["delimiter"],
            attributes=tuple(map(self._attribute, self._attributes[found["oid"]])),
            subtype=self._type(found["subtype"], -1, "") if found["subtype"] else None,
            multirange=found["kind"] == "m",
            unavailable=self._unavailable.get(name, ""),
        )

    def _attribute(self, record: _Record) -> Attribute:
        column_type, nullable, _ = self.of(record)
        return Attribute(record["name"], column_type, nullable)


def _modifiers(name: str, modifier: int) -> tuple[int | None, int | None, int | None]:
    """Return length, precision and scale from ``atttypmod``, after PostgreSQL's own typmod output functions."""
    if modifier < 0:
        return None, None, None
    if name in ("varchar", "bpchar"):
        return modifier - 4, None, None
    if name in ("bit", "varbit"):
        return modifier, None, None
    if name == "numeric":
        packed = modifier - 4
        # Since PostgreSQL 15 the scale is a signed number of eleven bits.
        return None, packed >> 16 & 0xFFFF, (packed & 0x7FF ^ 1024) - 1024
    return None, None, None


# Tables of an extension, such as PostGIS's spatial_ref_sys, belong to it and are not seeded.
_RELATIONS = """
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, c.relispartition AS partition,
       CASE WHEN NOT row_security_active(c.oid) THEN '' WHEN pg_has_role(c.relowner, 'USAGE') THEN 'forced'
           ELSE 'enforced' END AS row_security,
       pg_table_is_visible(c.oid) AS visible, coalesce(s.description, '') AS comment,
       CASE WHEN c.relkind = 'r' AND c.relhassubclass THEN ARRAY(
           WITH RECURSIVE heirs AS (
               SELECT inhrelid FROM pg_inherits WHERE inhparent = c.oid
               UNION SELECT i.inhrelid FROM heirs h JOIN pg_inherits i ON i.inhparent = h.inhrelid
           ) SELECT inhrelid FROM heirs) END AS heirs
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
# Owned sequences (serial, identity), those that a default names without owning them, and those that only a name ties to
# a key: Hibernate's, from which the application draws.
_SEQUENCES = """
SELECT found.relation, found.number, n.nspname AS schema, c.relname AS name, s.seqincrement AS increment,
       s.seqmin AS minimum, s.seqmax AS maximum,
       CASE WHEN has_sequence_privilege(c.oid, 'SELECT')
            THEN coalesce(pg_sequence_last_value(c.oid) + s.seqincrement, s.seqstart) END AS following
FROM (SELECT d.refobjid AS relation, d.refobjsubid AS number, d.objid AS sequence
      FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
      AND d.deptype = 'i'
      UNION
      SELECT a.adrelid, a.adnum, d.refobjid
      FROM pg_attrdef a JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = a.oid
      WHERE d.refclassid = 'pg_class'::regclass
      AND pg_get_expr(a.adbin, a.adrelid) LIKE 'nextval(%%'
      UNION
      SELECT t.oid, a.attnum, s.oid
      FROM pg_class s JOIN pg_class t ON t.relnamespace = s.relnamespace AND t.relkind IN ('r', 'p')
      JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary AND i.indnkeyatts = 1
      JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
      WHERE s.relkind = 'S' AND s.relname IN (t.relname || '_seq', t.relname || '_' || a.attname || '_seq',
                                              'hibernate_sequence')
      AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) AND NOT a.atthasdef AND a.attidentity = ''
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = s.oid
                      AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype = 'f'
                      AND a.attnum = ANY (c.conkey))) AS found
JOIN pg_class c ON c.oid = found.sequence AND c.relkind = 'S'
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_sequence s ON s.seqrelid = c.oid
WHERE found.relation = ANY (%(relations)s)
"""
# A constraint with a parent is a partition's copy of it. A referenced table need not be one of those read here: it can
# be a partition, or belong to an extension.
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
# The dependencies of an index also name the columns of its WHERE and INCLUDE clauses, so the columns of its expressions
# are read from their node trees. indnullsnotdistinct exists since PostgreSQL 15.
_UNIQUES = """
SELECT i.indrelid AS relation, c.relname AS name, i.indisprimary AS primary,
       (i.indkey::int2[])[0:i.indnkeyatts - 1] AS columns,
       ARRAY(SELECT variable[1]::int
             FROM regexp_matches(i.indexprs::text, ':varattno ([0-9]+)', 'g') AS variable) AS used,
       pg_get_indexdef(i.indexrelid) AS definition,
       coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_not_distinct,
       i.indpred IS NOT NULL AS partial
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = ANY (%(relations)s) AND i.indisunique AND i.indislive AND NOT c.relispartition
ORDER BY i.indrelid, c.relname
"""
_TRIGGERS = """
SELECT t.tgrelid AS relation, t.tgname AS name, n.nspname || '.' || p.proname AS function, p.prosrc AS source,
       (t.tgtype & 4) <> 0 AS on_insert, (t.tgtype & 2) <> 0 AS before, t.tgdeferrable AS deferrable,
       (t.tgtype & 1) <> 0 AND t.tgqual IS NULL AND l.lanname = 'plpgsql' AS always,
       string_to_array(encode(t.tgargs, 'escape'), '\\000') AS arguments,
       (t.tgtype & 16) <> 0 AS on_update
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
WHERE t.tgrelid = ANY (%(relations)s) AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgparentid = 0
ORDER BY t.tgrelid, t.tgname
"""
# Functions by name, with the names of their input parameters.
_FUNCTIONS = """
SELECT p.proname AS name, coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) AS body,
       coalesce((SELECT array_agg(coalesce(p.proargnames[at], '') ORDER BY at)
                 FROM generate_series(1, coalesce(cardinality(p.proallargtypes), p.pronargs)) AS at
                 WHERE coalesce(p.proargmodes[at], 'i') IN ('i', 'b', 'v')), '{{}}')::text[] AS parameters
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.proname = ANY (%(relations)s) AND l.lanname {languages} AND n.nspname <> 'information_schema'
AND n.nspname NOT LIKE 'pg\\_%%' AND p.prorettype <> 'pg_catalog.trigger'::regtype
ORDER BY n.nspname, p.proname, p.oid
"""
_SETTINGS = (
    "SELECT name, current_setting(name, true) AS value FROM unnest(%(relations)s::text[]) AS names (name)"
)
_KINDS = {"v": "view", "m": "materialized view", "f": "foreign table"}
_IDENTITIES = {"a": "always", "d": "by default"}
_Record = Mapping[str, Any]


def reflect(connection: Connection) -> Schema:
    """Read all tables of a database; nothing is written.

    Returns:
        The tables that can hold rows of their own; a partitioned table stands for its partitions.
    """
    # JIT compilation takes longer than the catalog.
    connection.exec_driver_sql("SET LOCAL jit = off")
    relations = _fetch(connection, _RELATIONS, [])
    tables = [r for r in relations if r["kind"] in "rp" and not r["partition"]]
    names = {r["oid"]: TableName(r["schema"], r["name"]) for r in relations}
    oids = [r["oid"] for r in tables]
    records = _records(connection, names, oids)
    others = [
        (names[r["oid"]], "partition" if r["partition"] else _KINDS[r["kind"]])
        for r in relations
        if r["oid"] not in records.seeded
    ]
    if any(r["partition"] for r in relations):
        partitions = _partitions(connection, oids, records.constraints)
        records = replace(records, partitions=partitions)
    result = [records.table(relation) for relation in tables]
    if records.settings:
        result = [_with_referenced(connection, table) for table in result]
    ordered = tuple(sorted(result, key=lambda table: table.name))
    return Schema(with_separated_names(ordered), tuple(sorted(others)))


@dataclass(frozen=True)
class _Records:
    """What the catalog says of all tables.

    Attributes:
        names: of all relations, by their OID.
        seeded: the OIDs of the tables that can hold rows of their own.
        columns: the records of each table's columns, by its OID, as those of ``constraints``, ``uniques`` and
            ``triggers``.
        sequences: the sequences of columns, by the OID of the table and the number of the column.
        functions: the texts of functions that triggers' functions call, by name.
        settings: the values of the settings that defaults read.
        partitions: of each partitioned table, by its OID.
    """

    names: Mapping[int, TableName]
    seeded: frozenset[int]
    columns: Mapping[int, list[_Record]]
    types: TypeReader
    varying: VaryingFunctions
    settings: Mapping[str, str]
    sequences: Mapping[tuple[int, int], Sequence]
    constraints: Mapping[int, list[_Record]]
    uniques: Mapping[int, list[_Record]]
    triggers: Mapping[int, list[_Record]]
    functions: Mapping[str, list[FunctionText]]
    partitions: Mapping[int, PartitionedTable] = field(default_factory=dict)

    def table(self, relation: _Record) -> Table:
        """Return the table of the record of a relation."""
        oid = relation["oid"]
        numbers = {record["number"]: record["name"] for record in self.columns[oid]}
        of_partitions = self.partitions.get(oid, NO_PARTITIONS if relation["kind"] == "p" else None)
        foreign_keys = tuple(_foreign_key(c, numbers) for c in self.constraints[oid] if c["kind"] == "f")
        uniques = tuple(_unique(record, numbers) for record in self.uniques[oid])
        if of_partitions is not None:
            foreign_keys += of_partitions.foreign_keys(foreign_keys)
            uniques += of_partitions.uniques()
        columns = tuple(self._column(oid, record) for record in self.columns[oid])
        return Table(
            self.names[oid],
            _required(columns, self.triggers[oid]),
            next((_columns(u["columns"], numbers) for u in self.uniques[oid] if u["primary"]), ()),
            uniques,
            foreign_keys,
            (
                *(_check(c, numbers) for c in self.constraints[oid] if c["kind"] == "c"),
                *partition_checks(relation["name"], of_partitions, foreign_keys),
            ),
            tuple(map(self._trigger, self.triggers[oid])),
            relation["kind"] == "p",
            relation["visible"],
            relation["comment"],
            tuple(
                Exclusion(c["name"], _columns(c["used"], numbers), c["expression"])
                for c in self.constraints[oid]
                if c["kind"] == "x"
            ),
            tuple(sorted(self.names[heir] for heir in relation["heirs"] or () if heir in self.seeded)),
            relation["row_security"],
        )

    def _trigger(self, record: _Record) -> Trigger:
        source = record["source"] or ""
        return Trigger(
            record["name"],
            record["function"],
            source,
            record["on_insert"],
            record["before"],
            record["deferrable"],
            called_text(source, self.functions) if record["on_insert"] else "",
            record["on_update"],
            tuple(record["arguments"][:-1]),
        )

    def _column(self, table: int, record: _Record) -> Column:
        column_type, nullable, _ = self.types.of(record)
        default = _default(record, self.types)
        read = () if record["generated"] else sorted(self.varying.settings_in(default.tree, default.text))
        return Column(
            record["name"],
            column_type,
            nullable and not record["required"],
            default.text,
            _IDENTITIES.get(record["identity"]),
            bool(record["generated"]),
            self.sequences.get((table, record["number"])),
            record["comment"],
            not record["generated"] and self.varying.in_tree(default.tree),
            tuple((name, self.settings.get(name, "")) for name in read),
        )


def _records(connection: Connection, names: Mapping[int, TableName], oids: list[int]) -> _Records:
    """Fetch what the catalog says of tables, but for their partitions.

    Args:
        names: of all relations, by their OID.
        oids: of the tables.
    """
    columns = _by_relation(_fetch(connection, _COLUMNS, oids))
    types = _types(connection, columns, oids)
    varying = _varying(connection, columns, types)
    triggers = _by_relation(_fetch(connection, _TRIGGERS, oids))
    sources = (
        record["source"] or "" for found in triggers.values() for record in found if record["on_insert"]
    )
    return _Records(
        names,
        frozenset(oids),
        columns,
        types,
        varying,
        _settings(connection, columns, types, varying),
        {
            (r["relation"], r["number"]): Sequence(
                r["schema"], r["name"], r["increment"], r["minimum"], r["maximum"], r["following"]
            )
            for r in _fetch(connection, _SEQUENCES, oids)
        },
        _by_relation(_fetch(connection, _CONSTRAINTS, oids)),
        _by_relation(_fetch(connection, _UNIQUES, oids)),
        triggers,
        _functions_called(connection, sources),
    )


def _fetch(connection: Connection, query: str, relations: list[int] | list[str]) -> list[_Record]:
    # Always with a parameter: without one psycopg2 leaves %% as it is.
    result = connection.exec_driver_sql(query, {"relations": relations})
    return [dict(record) for record in result.mappings()]


def _by_relation(records: Iterable[_Record]) -> Mapping[int, list[_Record]]:
    found: defaultdict[int, list[_Record]] = defaultdict(list)
    for record in records:
        found[record["relation"]].append(record)
    return found


def _partitions(
    connection: Connection, oids: list[int], constraints: Mapping[int, list[_Record]]
) -> dict[int, PartitionedTable]:
    """Read the partitions of tables, and the constraints that only they have."""
    records = _fetch(connection, PARTITIONS, oids)
    parts = [record["partition"] for record in records]
    own = _by_relation(_fetch(connection, _CONSTRAINTS, parts))
    uniques = _by_relation(_fetch(connection, _UNIQUES, parts))
    found = {}
    for oid, of_table in _by_relation(records).items():
        inherited = {record["name"] for record in constraints[oid]}
        partitions = []
        for record in of_table:
            part = record["partition"]
            numbers = {int(number): name for number, name in (record["numbers"] or {}).items()}
            new = [each for each in own[part] if each["name"] not in inherited]
            partitions.append(
                Partition(
                    part,
                    record["leaf"],
                    record["bounds"],
                    tuple(record["required"]),
                    numbers,
                    tuple(record["ancestors"]),
                    tuple(_check(each, numbers) for each in new if each["kind"] == "c"),
                    tuple(_foreign_key(each, numbers) for each in new if each["kind"] == "f"),
                    tuple(_unique(each, numbers) for each in uniques[part]),
                )
            )
        first = of_table[0]
        found[oid] = PartitionedTable(tuple(first["columns"]), first["any_row"], tuple(partitions))
    return found


def _check(record: _Record, numbers: Mapping[int, str]) -> Check:
    columns = _columns(record["columns"] or (), numbers)
    return Check(record["name"], record["expression"], columns, called=record["called"] or "")


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
    """Look up the functions that defaults call; bodies of the user's functions only where a default calls one."""
    trees = {
        record["tree"] or "" for found in columns.values() for record in found if not record["generated"]
    }
    called = {oid for tree in trees.union(types.trees()) for oid in functions_in(tree)}
    found = _fetch(connection, CALLED, sorted(called)) if called else []
    own = any(record["own"] for record in found)
    return VaryingFunctions(found, _fetch(connection, BODIES, []) if own else [])


def _settings(
    connection: Connection, columns: Mapping[int, list[_Record]], types: TypeReader, varying: VaryingFunctions
) -> dict[str, str]:
    """Read the values of the settings that defaults read."""
    defaults = [
        _default(record, types) for found in columns.values() for record in found if not record["generated"]
    ]
    names = sorted(set().union(*(varying.settings_in(each.tree, each.text) for each in defaults)))
    if not names:
        return {}
    rows = _fetch(connection, _SETTINGS, names)
    return {row["name"]: row["value"] or "" for row in rows}


def _with_referenced(connection: Connection, table: Table) -> Table:
    """Return a table with the keys of the rows that settings have defaults reference, as far as there are such rows."""
    found = {}
    for key in table.foreign_keys:
        column = table.column(key.columns[0])
        if len(key.columns) > 1 or not column.settings or not all(value for _, value in column.settings):
            continue
        query = sql.SQL("SELECT ({0})::text FROM {1} WHERE {2} = ({0}) LIMIT 1").format(
            sql.SQL(column.default or "NULL"),
            quoted(key.referenced),
            sql.Identifier(key.referenced_columns[0]),
        )
        # Where the default cannot be evaluated with the setting, each row of the application's is refused.
        with suppress(psycopg2.Error), savepoint(connection):
            for (value,) in fetch(connection, query):
                found[column.name] = value
    columns = tuple(replace(each, referenced_by_default=found.get(each.name)) for each in table.columns)
    return replace(table, columns=columns) if found else table


def _types(connection: Connection, columns: Mapping[int, list[_Record]], oids: list[int]) -> TypeReader:
    found = TypeReader(_fetch(connection, TYPES, oids), _fetch(connection, ATTRIBUTES, []))
    has_xml = any(found.uses(column["type"], "xml") for records in columns.values() for column in records)
    return found.without("xml", NO_XML) if has_xml and not reads_xml(connection) else found


def _functions_called(connection: Connection, sources: Iterable[str]) -> dict[str, list[FunctionText]]:
    """Read the functions that others call, directly or not, by name."""
    found: dict[str, list[FunctionText]] = {}
    known: set[str] = set()
    words = {name for source in sources for name in called_names(source)}
    while words:
        known |= words
        records = _fetch(connection, _FUNCTIONS.format(languages="IN ('sql', 'plpgsql')"), sorted(words))
        for record in records:
            function = FunctionText(tuple(record["parameters"]), record["body"] or "")
            found.setdefault(record["name"], []).append(function)
        words = {name for record in records for name in called_names(record["body"] or "")} - known
    return found


def bodies_of(connection: Connection, names: Collection[str]) -> list[str]:
    """Return the bodies, in any language that has a text, of the functions of these names that are not of triggers.

    Args:
        names: as texts have them, which may be in capitals.
    """
    if not names:
        return []
    query = _FUNCTIONS.format(languages="NOT IN ('c', 'internal')")
    known = sorted({*names, *(name.lower() for name in names)})
    return [record["body"] or "" for record in _fetch(connection, query, known)]


def _required(columns: tuple[Column, ...], triggers: Iterable[_Record]) -> tuple[Column, ...]:
    """Return columns, those that a trigger on INSERT refuses as NULL in each row as not nullable."""
    by_column: dict[str, str] = {}
    assigned: set[str] = set()
    # In the order in which PostgreSQL fires them.
    for record in sorted(triggers, key=lambda each: (not each["before"], each["name"])):
        if record["on_insert"] and record["always"]:
            for name in refused_nulls(record["source"], record["arguments"][:-1]) - assigned:
                by_column.setdefault(name, record["name"])
        if record["on_insert"] and record["before"]:
            assigned |= assigned_in([record["source"]], [column.name for column in columns])
    return tuple(
        replace(column, nullable=False, required_by=by_column[column.name])
        if column.name in by_column and column.nullable and not column.generated
        else column
        for column in columns
    )


def _default(record: _Record, types: TypeReader) -> Default:
    """Return the default of a column, or that of its domain."""
    if record["default"] is not None:
        return Default(record["default"], record["tree"])
    return types.of(record)[2]


_WORD = r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)'
_NAME = re.compile(rf"{_WORD}(?:\.{_WORD})*")
_COLLATION = re.compile(rf"\s+COLLATE {_WORD}(?:\.{_WORD})*")
_OPERATOR = re.compile(r"\bWITH (OPERATOR\(.+\)|\S+)$")
_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*\"""")


@dataclass(frozen=True)
class Element:
    """An element of a key.

    Attributes:
        expression: SQL, of a column or of several.
        operator: of an EXCLUDE constraint; ``=`` for an index.
    """

    expression: str
    operator: str = "="


@dataclass(frozen=True)
class Definition:
    """The definition of an index or an EXCLUDE constraint.

    Attributes:
        elements: of its key.
        where: its predicate; empty where it has none.
    """

    elements: tuple[Element, ...]
    where: str = ""

    def columns(self, table: Table) -> tuple[str, ...]:
        """Return the columns that it uses, those of its WHERE clause included, in the order of the table."""
        text = " ".join([*(element.expression for element in self.elements), self.where])
        bare = re.sub(r"'(?:[^']|'')*'", "''", text)
        words = {
            word[1:-1].replace('""', '"') if word.startswith('"') else word
            for word in re.findall(rf"{_WORD}", bare)
        }
        return tuple(column.name for column in table.columns if column.name in words)


def definition(text: str) -> Definition | None:
    """Parse a definition as PostgreSQL prints it; None where it has another form.

    Example:
        >>> definition("CREATE UNIQUE INDEX k ON public.a USING btree (lower(name)) WHERE (id > 5)")
        Definition(elements=(Element(expression='lower(name)', operator='='),), where='(id > 5)')
    """
    start = re.search(r"\bUSING \w+ \(", text)
    if start is None:
        return None
    end = _closing(text, start.end() - 1)
    if end is None:
        return None
    elements = []
    for part in _split(text[start.end() : end]):
        expression = _expression(part)
        if expression is None:
            return None
        operator = _OPERATOR.search(part)
        elements.append(Element(expression, operator[1] if operator else "="))
    where = re.search(r"\bWHERE (.+)$", text[end:], re.DOTALL)
    return Definition(tuple(elements), where[1] if where else "")


def _expression(part: str) -> str | None:
    """Return a column, a call or a parenthesised expression, with its collation, without operator class and order."""
    if part.startswith("("):
        end = _closing(part, 0)
    else:
        name = _NAME.match(part)
        if name is None:
            return None
        called = part[name.end() : name.end() + 1] == "("
        end = _closing(part, name.end()) if called else name.end() - 1
    if end is None:
        return None
    collation = _COLLATION.match(part, end + 1)
    return part[: collation.end() if collation else end + 1]


def _closing(text: str, start: int) -> int | None:
    """Return the position of the parenthesis that closes the one at ``start``."""
    # Quoted text keeps its length, and its parentheses do not count.
    bare = _QUOTED.sub(lambda match: "x" * len(match[0]), text)
    depth = 0
    for at in range(start, len(bare)):
        depth += {"(": 1, ")": -1}.get(bare[at], 0)
        if depth == 0:
            return at
    return None


def _split(text: str) -> list[str]:
    """Split at the commas that are in no parentheses or brackets."""
    bare = _QUOTED.sub(lambda match: "x" * len(match[0]), text)
    parts, depth, first = [], 0, 0
    for at, character in enumerate(bare):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(character, 0)
        if character == "," and not depth:
            parts.append(text[first:at].strip())
            first = at + 1
    return [*parts, text[first:].strip()]
