"""The keys of ``supaseed_generators``: which columns they name, and which of them says what a column gets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pytest_supaseed.collection.marker import column_problems, value_problems
from pytest_supaseed.factories import row_factory
from pytest_supaseed.nearest import did_you_mean
from pytest_supaseed.planning.defaults import ORIGIN, WithDefaults
from pytest_supaseed.planning.sources import Built, Generators
from pytest_supaseed.schema import Column, Schema, Table
from pytest_supaseed.wording import abbreviated, raised


def given_columns(
    table: Table, columns: Mapping[str, Any], generators: Generators, schema: Schema | None = None
) -> dict[str, tuple[str, Any]]:
    """Collect what the user gives for the columns of a table; what names a column most narrowly wins.

    Args:
        table: the table.
        columns: the marker's, of columns that the table has.
        generators: ``supaseed_generators``: ``schema.table.column``, ``table.column``, ``schema.table.*``,
            ``table.*`` or ``*.column``.
        schema: of the table, for names that need no schema; None where there are none.

    Returns:
        By column: where the user wrote it, and the value, list or function, or what a factory builds.
    """
    found: dict[str, tuple[str, Any]] = {}
    defaults = generators.defaults.generators if isinstance(generators, WithDefaults) else {}
    whole = {
        key: _of_table(table, key, generators[key]) for key in _keys(table, "*", schema) if key in generators
    }
    for column in table.columns:
        if column.name in columns:
            found[column.name] = (f"columns={{{column.name!r}: ...}}", columns[column.name])
            continue
        if column.generated:
            continue
        for key in (*_keys(table, column.name, schema), *whole, f"*.{column.name}"):
            if key in whole and column.name in whole[key]:
                found[column.name] = whole[key][column.name]
                break
            if key in generators and key not in whole:
                found[column.name] = (_origin(key), generators[key])
                break
        else:
            key = f"{table.name}.{column.name}"
            if key in defaults:
                found[column.name] = (f"{ORIGIN}{key}", defaults[key])
    return found


def generator_problems(generators: Generators, schema: Schema) -> list[str]:
    """Say what is wrong with the keys of ``supaseed_generators``, and with values that no schema could take.

    Args:
        generators: the user's.
        schema: all tables of it are looked into.
    """
    by_key: dict[str, tuple[Table, Column | None]] = {}
    for table in schema.tables:
        for column in table.columns:
            by_key.setdefault(f"*.{column.name}", (table, column))
            by_key.update(dict.fromkeys(_keys(table, column.name, schema), (table, column)))
        by_key.update(dict.fromkeys(_keys(table, "*", schema), (table, None)))
    problems = []
    for key, value in generators.items():
        if not isinstance(key, str):
            problems.append(
                f"supaseed_generators has the key {abbreviated(key)}, which is no text: write 'table.column', "
                "'schema.table.column', '*.column' or 'table.*'"
            )
        elif key not in by_key:
            problems.append(_unknown(key, by_key, schema))
        elif by_key[key][1] is None:
            problems += _table_problems(key, value, by_key[key][0])
        else:
            problems += _column_problems(key, value, by_key[key][1])
    return problems


def _keys(table: Table, column: str, schema: Schema | None) -> list[str]:
    """How a column of a table, or ``*`` of them, is spelt: the longest first."""
    names = (str(table.name), table.label) if schema is None else schema.keys(table)
    return list(dict.fromkeys(f"{name}.{column}" for name in names))


def _origin(key: str) -> str:
    return f"supaseed_generators[{key!r}]"


def _of_table(table: Table, key: str, value: Any) -> dict[str, tuple[str, Any]]:
    """What the value of ``table.*`` gives for each column."""
    origin = _origin(key)
    if isinstance(value, Mapping):
        parts, _ = _parts(value)
        return {name: (f"{origin}[{abbreviated(name)}]", part) for name, part in parts.items()}
    factory = row_factory(value)
    if factory is None or factory.model is None:
        return {}
    # Keys and references are ours, and so is what PostgreSQL computes.
    ours = {name for foreign_key in table.foreign_keys for name in foreign_key.columns}
    ours |= {column.name for column in table.columns if column.sequence or column.identity}
    return {
        name: (origin, Built(factory, origin, declared, attribute))
        for name, (declared, attribute) in factory.columns(table).items()
        if name not in ours
    }


def _parts(value: Mapping[Any, Any]) -> tuple[dict[Any, Any], str]:
    """What a mapping of the user's holds; or nothing, and what it raises."""
    try:
        return dict(value), ""
    except Exception as error:
        return {}, raised(error)


def _unknown(key: str, known: Collection[str], schema: Schema) -> str:
    if f"{key}.*" in known:
        return (
            f"supaseed_generators has {key!r}, which is a table: write '{key}.*' for a factory, or for a mapping of "
            "columns"
        )
    name, _, column = str(key).rpartition(".")
    several = [table for table in schema.called(name) if column == "*" or table.has_column(column)]
    if len(several) > 1:
        keys = [f"'{table.name}.{column}'" for table in several]
        return (
            f"supaseed_generators has {key!r}, and {len(several)} tables that are not in the search path are called "
            f"{name}: write {' or '.join(keys)}"
        )
    return (
        f"supaseed_generators has {key!r}, which is no column: write 'table.column', 'schema.table.column' or "
        f"'*.column', or 'table.*' for a factory{did_you_mean(key, sorted(known))}"
    )


def _table_problems(key: str, value: Any, table: Table) -> list[str]:
    names = [column.name for column in table.columns]
    if isinstance(value, Mapping):
        parts, why = _parts(value)
        problems = [f"{_origin(key)} is a mapping that cannot be read: {why}"] if why else []
        for name, part in parts.items():
            if name in names:
                problems += _column_problems(f"{key.removesuffix('*')}{name}", part, table.column(name))
            else:
                problems.append(
                    f"{_origin(key)} has {abbreviated(name)}, and {table.label} has no such column"
                    + (did_you_mean(name, names) or f"; it has {', '.join(names)}")
                )
        return problems
    factory = row_factory(value)
    if factory is None:
        return [
            f"{_origin(key)} is {abbreviated(value)}: write a factory of factory_boy or polyfactory, or a mapping "
            "of column names to values, lists and functions"
        ]
    if factory.model is None:
        return [f"{_origin(key)} is {factory.name}, which has no model to build: write one of its subclasses"]
    if not factory.columns(table):
        return [
            f"{_origin(key)} is {factory.name}, which has none of the columns of {table.label}: "
            f"{', '.join(names)}; it builds {getattr(factory.model, '__name__', factory.model)}"
        ]
    return []


def _column_problems(key: str, value: Any, column: Column | None) -> list[str]:
    factory = row_factory(value)
    table, _, name = key.rpartition(".")
    if factory is not None:
        return [
            f"{_origin(key)} is {factory.name}, a factory, which has values for all columns of a table: write "
            f"'{'table' if table == '*' else table}.*'"
        ]
    if column is not None and column.generated and table != "*":
        return [f"{_origin(key)}: {key} is a generated column, PostgreSQL computes it: leave it out"]
    found = column_problems(table, {name: value}) or value_problems(table, [(name, value)])
    return [f"supaseed_generators: {problem}" for problem in found]
