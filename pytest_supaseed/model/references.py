"""The roles that the foreign keys of a table play when its rows are made."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pytest_supaseed.errors import did_you_mean
from pytest_supaseed.model.schema import ForeignKey, Schema, Table, TableName


@dataclass(frozen=True)
class References:
    """The foreign keys of a table, by the way in which their values are found.

    Attributes:
        free: they share no column with one another: each is spread over its referenced rows by itself.
        dependent: they share some columns: the rows that they reference have to agree.
        implied: all of their columns are set by another, and what that one references references the same.
        own: they reference the table itself.
        given: the spec, or a generator of the user, sets at least one of their columns.
    """

    free: tuple[ForeignKey, ...] = ()
    dependent: tuple[ForeignKey, ...] = ()
    implied: tuple[ForeignKey, ...] = ()
    own: tuple[ForeignKey, ...] = ()
    given: tuple[ForeignKey, ...] = ()


def references(
    table: Table,
    given: Container[str],
    without: Container[str] = (),
    implied: Mapping[str, Container[str]] = MappingProxyType({}),
) -> References:
    """Find the role of each foreign key of a table.

    Those with most columns go first: ``(tenant_id, user_id)`` decides ``tenant_id`` as well.

    Args:
        table: the table.
        given: columns that the user's values set.
        without: names of foreign keys to leave out.
        implied: what :func:`implied_keys` found.
    """
    roles: dict[str, list[ForeignKey]] = {"free": [], "dependent": [], "implied": [], "own": [], "given": []}
    others = []
    for foreign_key in sorted(table.foreign_keys, key=lambda key: (-len(key.columns), key.name)):
        if foreign_key.name in without:
            continue
        if any(column in given for column in foreign_key.columns):
            roles["given"].append(foreign_key)
        elif foreign_key.referenced == table.name:
            roles["own"].append(foreign_key)
        else:
            others.append(foreign_key)
    left: list[ForeignKey] = []
    for foreign_key in others:
        known = any(other.name in implied.get(foreign_key.name, ()) for other in others)
        (roles["implied"] if known else left).append(foreign_key)
    for foreign_key in left:
        columns = set(foreign_key.columns)
        alone = all(columns.isdisjoint(other.columns) for other in left if other is not foreign_key)
        roles["free" if alone else "dependent"].append(foreign_key)
    return References(**{role: tuple(found) for role, found in roles.items()})


def left_open(
    table: Table, given: Container[str], is_empty: Callable[[TableName], bool]
) -> tuple[ForeignKey, ...]:
    """Find the foreign keys that reference nothing: a NULL in one column, and the others are the row's own.

    A captain is one of the team's players, ``(id, captain_id)``: the team's number comes from its sequence, whatever
    players there are.

    Args:
        table: the table.
        given: columns that the user's values set.
        is_empty: whether another table has no rows to reference.
    """
    keys = {name for key in table.uniques if not key.partial for name in key.columns}

    def others(key: ForeignKey, name: str) -> list[ForeignKey]:
        return [other for other in table.foreign_keys if other is not key and name in other.columns]

    def own(key: ForeignKey, name: str) -> bool:
        if key.referenced == table.name and (name, name) in zip(
            key.columns, key.referenced_columns, strict=True
        ):
            return False  # (tenant_id, parent_id) -> (tenant_id, id): an earlier row of the tenant is there
        # What references rows of its own table has to begin with one that references nothing.
        alone = key.referenced == table.name or is_empty(key.referenced)
        made = name in keys or table.column(name).sequence is not None or alone
        told = any(other.referenced != table.name for other in others(key, name))
        return not table.column(name).nullable and made and not told

    def can_be_null(key: ForeignKey, name: str) -> bool:
        shared = (key, *others(key, name))
        return can_be_null_in(table, name) and not any(
            other.match_full or any(column in given for column in other.columns) for other in shared
        )

    found: dict[str, ForeignKey] = {}
    for key in table.foreign_keys:
        if any(own(key, name) for name in key.columns):
            name = next((name for name in key.columns if can_be_null(key, name)), None)
            for open_key in () if name is None else (key, *others(key, name)):
                found[open_key.name] = open_key
    return tuple(found.values())


def implied_keys(schema: Schema, table: Table) -> dict[str, frozenset[str]]:
    """Find the foreign keys that hold where another one does: ``tenant_id`` where the user is of that tenant.

    Args:
        schema: the schema.
        table: one of its tables.

    Returns:
        By the name of a foreign key those of the others, each of which is enough.
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


def _implies(schema: Schema, table: Table, key: ForeignKey, implied: ForeignKey) -> bool:
    nullable = {table.column(name).nullable for name in key.columns}
    if len(nullable) > 1 or not schema.has_table(key.referenced):
        return False  # where one of its columns is NULL it says nothing of the others
    of_column = dict(zip(key.columns, key.referenced_columns, strict=True))
    wanted = {of_column[own]: to for own, to in zip(implied.columns, implied.referenced_columns, strict=True)}
    if key.referenced == implied.referenced and all(own == to for own, to in wanted.items()):
        return True
    return any(
        other.referenced == implied.referenced
        and dict(zip(other.columns, other.referenced_columns, strict=True)) == wanted
        for other in schema.table(key.referenced).foreign_keys
    )


def foreign_key_to(table: Table, parent: str, schema: Schema | None = None) -> tuple[ForeignKey | None, str]:
    """Find the foreign key that a user means by what it references.

    Args:
        table: the referencing table.
        parent: the referenced table's name, with or without its schema; or the referencing column.
        schema: of the table: a name that the search path finds means no table of another schema.

    Returns:
        The foreign key; or None, and why there is no such one.
    """
    by_table = [key for key in table.foreign_keys if parent in (key.referenced.name, str(key.referenced))]
    named = schema.find(parent) if schema is not None else None
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
    """Whether a column can be left NULL; what is generated is what it is.

    Args:
        table: the table.
        name: the column's name.
    """
    column = table.column(name)
    return column.nullable and not column.generated


def optional(table: Table, foreign_key: ForeignKey) -> bool:
    """Whether a row can do without a referenced row: one of the columns can be NULL, under MATCH FULL all."""
    nullable = [can_be_null_in(table, name) for name in foreign_key.columns]
    return all(nullable) if foreign_key.match_full else any(nullable)
