"""Foreign keys of a table, by how their values are found, and the questions that planning asks of them.

:func:`references` assigns each foreign key its role. :func:`redundant_keys` finds redundant foreign keys,
:func:`left_open` those that must stay NULL, :func:`foreign_key_to` the one that a user names.
:func:`with_unenforced` adds references that a schema has without a constraint, which are then planned as foreign keys.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from pytest_supaseed.errors import did_you_mean
from pytest_supaseed.model.polymorphic import is_polymorphic
from pytest_supaseed.model.schema import ForeignKey, Schema, Table, TableName


@dataclass(frozen=True)
class References:
    """The foreign keys of a table, by how their values are found.

    Attributes:
        independent: they share no column with one another or with ``overlapping`` ones; each is allocated alone.
        overlapping: they share columns, so the rows that they reference have to agree.
        redundant: another foreign key sets all of their columns to a combination that is referenced too.
        self_referencing: self-referencing.
        supplied: the spec or a user's generator sets at least one of their columns.
    """

    independent: tuple[ForeignKey, ...] = ()
    overlapping: tuple[ForeignKey, ...] = ()
    redundant: tuple[ForeignKey, ...] = ()
    self_referencing: tuple[ForeignKey, ...] = ()
    supplied: tuple[ForeignKey, ...] = ()


def shares_columns(schema: Schema, table: Table, foreign_key: ForeignKey) -> bool:
    """Whether columns of a foreign key are in another one of its table, or are referenced by one of any table."""
    columns = set(foreign_key.columns)
    return any(
        (name == table.name and key.name != foreign_key.name and not columns.isdisjoint(key.columns))
        or (key.referenced == table.name and not columns.isdisjoint(key.referenced_columns))
        for name, key in ((other.name, key) for other in schema.tables for key in other.foreign_keys)
    )


def references(
    table: Table,
    supplied: Container[str],
    without: Container[str] = (),
    redundant: Mapping[str, Container[str]] = MappingProxyType({}),
) -> References:
    """Return the role of each foreign key of a table.

    Those with most columns go first: ``(tenant_id, user_id)`` decides ``tenant_id`` as well.

    Args:
        supplied: columns that the user's values set.
        without: names of foreign keys to leave out.
        redundant: the result of :func:`redundant_keys`.
    """
    roles: dict[str, list[ForeignKey]] = {
        "independent": [],
        "overlapping": [],
        "redundant": [],
        "self_referencing": [],
        "supplied": [],
    }
    others = []
    for foreign_key in sorted(table.foreign_keys, key=lambda key: (-len(key.columns), key.name)):
        if foreign_key.name in without:
            continue
        if any(column in supplied for column in foreign_key.columns):
            roles["supplied"].append(foreign_key)
        elif foreign_key.referenced == table.name:
            roles["self_referencing"].append(foreign_key)
        else:
            others.append(foreign_key)
    left: list[ForeignKey] = []
    for foreign_key in others:
        known = any(other.name in redundant.get(foreign_key.name, ()) for other in others)
        (roles["redundant"] if known else left).append(foreign_key)
    for foreign_key in left:
        columns = set(foreign_key.columns)
        alone = all(columns.isdisjoint(other.columns) for other in left if other is not foreign_key)
        roles["independent" if alone else "overlapping"].append(foreign_key)
    return References(**{role: tuple(found) for role, found in roles.items()})


def left_open(
    table: Table, supplied: Container[str], is_empty: Callable[[TableName], bool]
) -> tuple[ForeignKey, ...]:
    """Return the foreign keys that must stay NULL because the row itself determines one of their other columns.

    A team's captain is one of its players, ``(id, captain_id)``: ``id`` comes from the team's sequence, whatever
    players there are, so ``captain_id`` is left NULL. Foreign keys that share the NULL column are returned too.

    Args:
        supplied: columns that the user's values set.
        is_empty: whether another table has no rows to reference.
    """
    keys = {name for key in table.uniques if not key.partial for name in key.columns}

    def others(key: ForeignKey, name: str) -> list[ForeignKey]:
        return [other for other in table.foreign_keys if other is not key and name in other.columns]

    def is_determined(key: ForeignKey, name: str) -> bool:
        if key.referenced == table.name and (name, name) in zip(
            key.columns, key.referenced_columns, strict=True
        ):
            return False  # (tenant_id, parent_id) -> (tenant_id, id): an earlier row of the tenant can be referenced
        # The first row of a self-referencing table has no row to reference.
        alone = key.referenced == table.name or is_empty(key.referenced)
        made = name in keys or table.column(name).sequence is not None or alone
        # A key without rows to reference tells nothing either, unless it needs some.
        told = any(
            other.referenced != table.name and not (is_empty(other.referenced) and optional(table, other))
            for other in others(key, name)
        )
        return not table.column(name).nullable and made and not told

    def can_be_null(key: ForeignKey, name: str) -> bool:
        shared = (key, *others(key, name))
        return can_be_null_in(table, name) and not any(
            other.match_full or any(column in supplied for column in other.columns) for other in shared
        )

    found: dict[str, ForeignKey] = {}
    for key in table.foreign_keys:
        if any(is_determined(key, name) for name in key.columns):
            name = next((name for name in key.columns if can_be_null(key, name)), None)
            for open_key in () if name is None else (key, *others(key, name)):
                found[open_key.name] = open_key
    return tuple(found.values())


def redundant_keys(schema: Schema, table: Table) -> dict[str, frozenset[str]]:
    """Return the redundant foreign keys: ``tenant_id``, where the referenced user is of the same tenant.

    Returns:
        By the name of a redundant foreign key, the names of the other foreign keys that each imply it.
    """
    found: dict[str, frozenset[str]] = {}
    for key in table.foreign_keys:
        enough = [
            other.name
            for other in table.foreign_keys
            if other is not key
            and set(key.columns) < set(other.columns)
            and _implies(schema, table, other, key)
        ]
        if enough:
            found[key.name] = frozenset(enough)
    return found


def _implies(schema: Schema, table: Table, key: ForeignKey, redundant: ForeignKey) -> bool:
    nullable = {table.column(name).nullable for name in key.columns}
    if len(nullable) > 1 or not schema.has_table(key.referenced):
        return False  # under MATCH SIMPLE a key with a NULL checks none of its other columns
    of_column = dict(zip(key.columns, key.referenced_columns, strict=True))
    wanted = {
        of_column[own]: to for own, to in zip(redundant.columns, redundant.referenced_columns, strict=True)
    }
    if key.referenced == redundant.referenced and all(own == to for own, to in wanted.items()):
        return True
    return any(
        other.referenced == redundant.referenced
        and dict(zip(other.columns, other.referenced_columns, strict=True)) == wanted
        for other in schema.table(key.referenced).foreign_keys
    )


def foreign_key_to(table: Table, parent: str, schema: Schema | None = None) -> tuple[ForeignKey | None, str]:
    """Return the foreign key that a user means by a table or a column.

    Args:
        parent: the referenced table's name, with or without its schema; or the referencing column.
        schema: resolves a bare table name along the search path; without it, the name matches a table of any schema.

    Returns:
        The foreign key; or None, and the reason.
    """
    by_table = [key for key in table.foreign_keys if parent in (key.referenced.name, str(key.referenced))]
    named = schema.find(parent) if schema is not None else None
    if named is not None and not by_table:
        # By another of its names, such as that of a model.
        by_table = [key for key in table.foreign_keys if key.referenced == named.name]
    if named is not None and len({key.referenced for key in by_table}) > 1:
        by_table = [key for key in by_table if key.referenced == named.name]
    found = [key for key in table.foreign_keys if key.columns == (parent,)] or by_table
    if len(found) == 1:
        return found[0], ""
    if found:
        columns = " or ".join(repr(key.columns[0]) for key in found)
        return None, f"{len(found)} columns reference {parent}: name the column, {columns}"
    known = sorted({key.referenced.name for key in table.foreign_keys})
    if not known:
        return None, f"{table.label} references no other table"
    near = did_you_mean(parent, known)
    return None, f"{table.label} does not reference {parent}{near or '; it references ' + ', '.join(known)}"


def can_be_null_in(table: Table, name: str) -> bool:
    """Whether a column can be left NULL: it is nullable, and not generated, unless as a polymorphic reference."""
    column = table.column(name)
    return column.nullable and (not column.generated or is_polymorphic(column.default))


def optional(table: Table, foreign_key: ForeignKey) -> bool:
    """Whether a foreign key can be NULL: one of its columns can, under MATCH FULL all of them."""
    nullable = [can_be_null_in(table, name) for name in foreign_key.columns]
    return all(nullable) if foreign_key.match_full else any(nullable)


def with_unenforced(
    schema: Schema, references: Mapping[str, str], supplied: Mapping[TableName, Collection[str]]
) -> Schema:
    """Return a schema with additional foreign keys.

    Args:
        references: by referencing column, the referenced one, both spelt ``schema.table.column``. A reference is
            left out where the schema lacks one of the two columns, or the referenced one is no key.
        supplied: by table, the columns with supplied values, which need not reference anything.

    Example:
        >>> found = with_unenforced(schema, {"storage.objects.owner": "auth.users.id"}, {})  # doctest: +SKIP
    """
    added: dict[TableName, tuple[ForeignKey, ...]] = {}
    for column, referenced in references.items():
        table, name = _split(column)
        other, key = _split(referenced)
        if (
            _has(schema, table, name)
            and _has(schema, other, key)
            and name not in supplied.get(table, ())
            and any(unique.columns == (key,) for unique in schema.table(other).uniques)
            and not any(name in foreign_key.columns for foreign_key in schema.table(table).foreign_keys)
        ):
            added[table] = (
                *added.get(table, ()),
                ForeignKey(column, (name,), schema.table(other).name, (key,)),
            )
    if not added:
        return schema
    return replace(schema, tables=tuple(_with(table, added.get(table.name, ())) for table in schema.tables))


def _with(table: Table, foreign_keys: tuple[ForeignKey, ...]) -> Table:
    return replace(table, foreign_keys=(*table.foreign_keys, *foreign_keys)) if foreign_keys else table


def _has(schema: Schema, table: TableName, column: str) -> bool:
    return schema.has_table(table) and schema.table(table).has_column(column)


def _split(spelling: str) -> tuple[TableName, str]:
    schema, table, column = spelling.split(".")
    return TableName(schema, table), column
