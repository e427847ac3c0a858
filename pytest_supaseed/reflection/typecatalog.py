"""The types of PostgreSQL's catalog -> :class:`~pytest_supaseed.schema.ColumnType`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pytest_supaseed.datatypes import Attribute, Check, ColumnType

# The types of some tables' columns, and what these are made of: a database has a row type for each of its tables.
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
_Record = Mapping[str, Any]


@dataclass(frozen=True)
class Default:
    """A default of a column or of its domain.

    Attributes:
        text: its expression, None where there is none.
        tree: the same as the catalog has it.
    """

    text: str | None = None
    tree: str | None = None


class TypeReader:
    """Resolves types: their domains, elements, attributes and subtypes.

    Args:
        types: what :data:`TYPES` returns.
        attributes: what :data:`ATTRIBUTES` returns.
        unavailable: by name of a base type, why the server takes no value of it.
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
        """Return a reader that says of a type that the server takes no value of it.

        Args:
            name: of the base type.
            reason: why.
        """
        attributes = [record for found in self._attributes.values() for record in found]
        return TypeReader(self._types.values(), attributes, {**self._unavailable, name: reason})

    def trees(self) -> tuple[str, ...]:
        """Return the expressions of the defaults of all domains, as the catalog has them."""
        return tuple(record["tree"] for record in self._types.values() if record["tree"])

    def uses(self, oid: int, name: str) -> bool:
        """Whether a type is, or is made of, the built-in type of a name.

        Args:
            oid: of the type.
            name: of a type in ``pg_catalog``.
        """
        found = self._types[oid]
        if found["name"] == name and found["schema"] == "pg_catalog":
            return True
        parts = [found["base"], found["element"], found["subtype"]]
        parts += [attribute["type"] for attribute in self._attributes[oid]]
        return any(self.uses(part, name) for part in parts if part)

    def of(self, record: _Record) -> tuple[ColumnType, bool, Default]:
        """Read the type of a column or an attribute.

        Args:
            record: has ``type``, ``modifier``, ``text`` and ``dimensions``.

        Returns:
            The type, whether its domains accept NULL, and their default.
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
        # int2vector has elements as well, but only one type is the array of another.
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
    """Length, precision and scale from ``atttypmod``, after PostgreSQL's own typmod output functions."""
    if modifier < 0:
        return None, None, None
    if name in ("varchar", "bpchar"):
        return modifier - 4, None, None
    if name in ("bit", "varbit"):
        return modifier, None, None
    if name == "numeric":
        packed = modifier - 4
        # The scale is a signed number of eleven bits since PostgreSQL 15.
        return None, packed >> 16 & 0xFFFF, (packed & 0x7FF ^ 1024) - 1024
    return None, None, None
