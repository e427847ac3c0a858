"""What an application's models declare of tables beyond the database, and its merging into a schema.

:class:`Declarations` is plain data that a schema source reads from the models, such as SQLAlchemy's or Django's.
:func:`with_declared` returns the schema with them; from there on a
:class:`~pytest_supaseed.model.schema.DeclaredColumn` is a constraint like a CHECK.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

from pytest_supaseed.fingerprint import CacheScope, Fingerprint, combine, fingerprint_of
from pytest_supaseed.model.schema import (
    Binding,
    Check,
    Column,
    DeclaredColumn,
    ForeignKey,
    ReferencedKind,
    ReferencedLimit,
    Schema,
    Sequence,
    Table,
    TableName,
    UniqueKey,
    Validator,
)


@dataclass(frozen=True)
class Kind:
    """The rows of one or several classes of a hierarchy that are stored in the same tables.

    Attributes:
        values: what the discriminator says of the rows, as it is stored: the classes' identities.
        tables: the tables that have a row for each of them, from the root to the last, as a marker spells them.
    """

    values: tuple[object, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Hierarchy:
    """Classes that inherit from one another and are mapped to tables that reference one another (joined tables).

    Attributes:
        root: the table with the discriminator, as a marker spells it.
        column: the discriminator.
        kinds: of the rows; a table with which no kind ends has no rows of its own.
        parents: by table, the table that it references, its columns and the referenced ones; without the root.
    """

    root: str
    column: str
    kinds: tuple[Kind, ...]
    parents: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]]


@dataclass(frozen=True)
class Declarations:
    """What an application's models declare beyond the database.

    Attributes:
        columns: by table, as a marker spells it, and column.
        hierarchies: classes in joined tables.
        sequences: by table and column: a sequence from which only the application draws the column's numbers.
        checks: by table: conditions that each row has to satisfy, which PostgreSQL evaluates.
        uniques: by table: columns whose values are distinct together.
        limits: by table and column: which rows the column's foreign key may reference.
        names: further names of tables, such as those of models, each with the table as a marker spells it.

    Example:
        >>> found = Declarations({("users", "status"): DeclaredColumn("User.status", allowed=("new", "old"))})
    """

    columns: Mapping[tuple[str, str], DeclaredColumn] = field(default_factory=dict)
    hierarchies: tuple[Hierarchy, ...] = ()
    sequences: Mapping[tuple[str, str], Sequence] = field(default_factory=dict)
    checks: Mapping[str, tuple[Check, ...]] = field(default_factory=dict)
    uniques: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[tuple[str, str], ReferencedLimit] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """What rows depend on: equal declarations have equal ones; code of the application, in one process only.

        Further names of tables are left out: no row depends on them.
        """
        parts = [
            Fingerprint(
                f"{table} {column}: {[part.text for part in _fingerprints(declared)]}", _scope(declared)
            )
            for (table, column), declared in sorted(self.columns.items(), key=lambda item: item[0])
        ]
        parts += [Fingerprint(repr(hierarchy)) for hierarchy in self.hierarchies]
        parts.append(Fingerprint(repr(sorted(self.sequences.items(), key=lambda item: item[0]))))
        parts.append(Fingerprint(repr(sorted(self.uniques.items()))))
        parts.append(Fingerprint(repr(sorted(self.checks.items(), key=lambda item: item[0]))))
        parts.append(Fingerprint(repr(sorted(self.limits.items(), key=lambda item: item[0]))))
        return combine(*parts)


NOTHING_DECLARED = Declarations()


def merged(*parts: Declarations) -> Declarations:
    """Return what several sources declare; of a column, or a table's conditions, that two declare, the later counts."""
    found = [part for part in parts if part]
    if len(found) < 2:
        return found[0] if found else NOTHING_DECLARED
    return Declarations(
        {key: value for part in found for key, value in part.columns.items()},
        tuple(hierarchy for part in found for hierarchy in part.hierarchies),
        {key: value for part in found for key, value in part.sequences.items()},
        {key: value for part in found for key, value in part.checks.items()},
        {key: value for part in found for key, value in part.uniques.items()},
        {key: value for part in found for key, value in part.names.items()},
        {key: value for part in found for key, value in part.limits.items()},
    )


def _fingerprints(declared: DeclaredColumn) -> Iterator[Fingerprint]:
    for each in fields(declared):
        value = getattr(declared, each.name)
        if each.name == "element":
            yield from _fingerprints(value) if value is not None else ()
        elif each.name == "binding":
            yield from _of_binding(value) if value is not None else ()
        elif each.name == "validators":
            for validator in value:
                yield from _of_validator(validator)
        elif value != each.default:
            found = fingerprint_of(value)
            yield Fingerprint(f"{each.name} {found.text}", found.scope)


def _of_binding(binding: Binding) -> Iterator[Fingerprint]:
    yield Fingerprint(f"binding {binding.name} {binding.type!r}")
    yield binding.fingerprint


def _of_validator(validator: Validator) -> Iterator[Fingerprint]:
    yield Fingerprint(f"validator {validator.name} {validator.uses}")
    yield validator.fingerprint


def _scope(declared: DeclaredColumn) -> CacheScope:
    return min((part.scope for part in _fingerprints(declared)), default=CacheScope.CONTENT)


def with_declared(schema: Schema, declarations: Declarations) -> Schema:
    """Return a schema with what models declare of its tables; what it has no table or column for is left out."""
    if not declarations:
        return schema
    columns: dict[TableName, dict[str, Column]] = {}
    for (spelling, name), declared in declarations.columns.items():
        table = schema.find(spelling)
        if table is not None and table.has_column(name):
            columns.setdefault(table.name, {})[name] = replace(table.column(name), declared=declared)
    for (spelling, name), sequence in declarations.sequences.items():
        table = schema.find(spelling)
        if table is None or not table.has_column(name) or table.column(name).sequence is not None:
            continue
        column = columns.setdefault(table.name, {}).get(name, table.column(name))
        columns[table.name][name] = replace(column, sequence=sequence)
    limited: dict[TableName, dict[str, ForeignKey]] = {}
    for hierarchy in declarations.hierarchies:
        for of, key in _kinds(schema, hierarchy):
            limited.setdefault(of, {})[key.name] = key
    for (spelling, name), limit in declarations.limits.items():
        table = schema.find(spelling)
        for key in table.foreign_keys if table is not None else ():
            if table is not None and key.columns == (name,):
                limited.setdefault(table.name, {})[key.name] = replace(key, limit=limit)
    uniques: dict[TableName, tuple[UniqueKey, ...]] = {}
    for spelling, keys in declarations.uniques.items():
        table = schema.find(spelling)
        if table is not None:
            uniques[table.name] = tuple(
                UniqueKey(f"declared unique {', '.join(key)}", key)
                for key in keys
                if all(table.has_column(name) for name in key)
            )
    checks = {
        table.name: tuple(check for check in found if all(map(table.has_column, check.columns)))
        for spelling, found in declarations.checks.items()
        if (table := schema.find(spelling)) is not None
    }
    tables = tuple(
        _changed(
            table,
            columns.get(table.name, {}),
            limited.get(table.name, {}),
            uniques.get(table.name, ()),
            checks.get(table.name, ()),
        )
        for table in schema.tables
    )
    return with_names(replace(schema, tables=tables), declarations.names)


def with_names(schema: Schema, names: Mapping[str, str]) -> Schema:
    """Return a schema whose tables are found by further names, too.

    Args:
        names: each with the table as a marker spells it; what is no table of the schema is left out.
    """
    found = {
        name: table.name for name, spelling in names.items() if (table := schema.find(spelling)) is not None
    }
    return replace(schema, names=tuple(found.items())) if found else schema


def _changed(
    table: Table,
    columns: Mapping[str, Column],
    keys: Mapping[str, ForeignKey],
    uniques: tuple[UniqueKey, ...],
    checks: tuple[Check, ...],
) -> Table:
    if not columns and not keys and not uniques and not checks:
        return table
    return replace(
        table,
        columns=tuple(columns.get(column.name, column) for column in table.columns),
        foreign_keys=tuple(keys.get(key.name, key) for key in table.foreign_keys),
        uniques=(*table.uniques, *uniques),
        checks=(*table.checks, *checks),
    )


def _kinds(schema: Schema, hierarchy: Hierarchy) -> Iterator[tuple[TableName, ForeignKey]]:
    """The foreign keys of a hierarchy's tables, each with the kind of the rows that it references."""
    root = schema.find(hierarchy.root)
    if root is None or not root.has_column(hierarchy.column):
        return
    for spelling in hierarchy.parents:
        table = schema.find(spelling)
        pairs = _to_root(hierarchy, spelling)
        if table is None or pairs is None:
            continue
        parent, own, referenced = hierarchy.parents[spelling]
        above = schema.find(parent)
        values = tuple(value for kind in hierarchy.kinds if spelling in kind.tables for value in kind.values)
        for key in table.foreign_keys:
            same = set(zip(key.columns, key.referenced_columns, strict=True)) == set(
                zip(own, referenced, strict=True)
            )
            if same and above is not None and key.referenced == above.name:
                kind = ReferencedKind(root.name, pairs, hierarchy.column, values)
                yield table.name, replace(key, kind=kind)


def _to_root(hierarchy: Hierarchy, table: str) -> tuple[tuple[str, str], ...] | None:
    """The columns that a table references, each with the equal column of the root; None where they lead elsewhere."""
    parent, _, referenced = hierarchy.parents[table]
    found = {name: name for name in referenced}
    while parent != hierarchy.root:
        if parent not in hierarchy.parents:
            return None
        parent, own, above = hierarchy.parents[parent]
        steps = dict(zip(own, above, strict=True))
        if not all(name in steps for name in found.values()):
            return None
        found = {name: steps[at] for name, at in found.items()}
    return tuple(found.items())
