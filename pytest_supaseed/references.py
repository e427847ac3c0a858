"""The roles that the foreign keys of a table play when its rows are made."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from pytest_supaseed.nearest import did_you_mean
from pytest_supaseed.schema import ForeignKey, Table


@dataclass(frozen=True)
class References:
    """The foreign keys of a table, by the way in which their values are found.

    Attributes:
        free: they share no column with one another: each is spread over its referenced rows by itself.
        dependent: they share some columns with those before them: a row chooses among the referenced rows
            that agree with what it has.
        implied: all of their columns are set by others.
        own: they reference the table itself.
        given: the spec, or a generator of the user, sets at least one of their columns.
    """

    free: tuple[ForeignKey, ...] = ()
    dependent: tuple[ForeignKey, ...] = ()
    implied: tuple[ForeignKey, ...] = ()
    own: tuple[ForeignKey, ...] = ()
    given: tuple[ForeignKey, ...] = ()


def references(table: Table, given: Container[str], without: Container[str] = ()) -> References:
    """Find the role of each foreign key of a table.

    Those with most columns go first: ``(tenant_id, user_id)`` decides ``tenant_id`` as well.

    Args:
        table: the table.
        given: columns that the user's values set.
        without: names of foreign keys to leave out.
    """
    roles: dict[str, list[ForeignKey]] = {"free": [], "dependent": [], "implied": [], "own": [], "given": []}
    covered: set[str] = set()
    for foreign_key in sorted(table.foreign_keys, key=lambda key: (-len(key.columns), key.name)):
        if foreign_key.name in without:
            continue
        columns = set(foreign_key.columns)
        if any(column in given for column in columns):
            role = "given"
        elif foreign_key.referenced == table.name:
            role = "own"
        elif columns <= covered:
            role = "implied"
        elif columns & covered:
            role = "dependent"
        else:
            role = "free"
        if role in ("free", "dependent"):
            covered |= columns
        roles[role].append(foreign_key)
    return References(**{role: tuple(found) for role, found in roles.items()})


def foreign_key_to(table: Table, parent: str) -> tuple[ForeignKey | None, str]:
    """Find the foreign key that a user means by what it references.

    Args:
        table: the referencing table.
        parent: the referenced table's name, with or without its schema; or the referencing column.

    Returns:
        The foreign key; or None, and why there is no such one.
    """
    by_table = [key for key in table.foreign_keys if parent in (key.referenced.name, str(key.referenced))]
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


def optional(table: Table, foreign_key: ForeignKey) -> bool:
    """Whether a row can do without a referenced row: one of the columns can be NULL, under MATCH FULL all."""
    nullable = [table.column(name).nullable for name in foreign_key.columns]
    return all(nullable) if foreign_key.match_full else any(nullable)
