"""Supplied column values, from markers, ``supaseed_generators`` and factories: collected, checked and normalized.

:func:`plain` turns enum members, models, secrets, arrays and the like into values that a column stores.
:func:`check_overrides`, :func:`usable_values` and :func:`generator_problems` report unusable values,
:func:`supplied_columns` decides which one applies to a column, :class:`SuppliedChoices` serves checks against
constraints.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any
from uuid import UUID

from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.constraints.domain import is_listed
from pytest_supaseed.errors import Problem
from pytest_supaseed.factories import row_factory
from pytest_supaseed.model.schema import Binding, Column, ColumnType, Schema, Table
from pytest_supaseed.model.type_families import (
    TEXT,
    has_string_category,
    is_bytea,
    is_json,
    is_range,
    is_scalar,
)
from pytest_supaseed.planning import messages
from pytest_supaseed.planning.plan import (
    Built,
    ColumnSource,
    Defaults,
    Generators,
    Origin,
    Supplied,
    Supplier,
)
from pytest_supaseed.values.supplied import (
    UnusableError,
    column_problems,
    deep_enough,
    has_text,
    holds_secret,
    is_array,
    is_model,
    of_array,
    scalar,
    text,
    value_problem,
    value_problems,
)
from pytest_supaseed.wording import abbreviated, raised

_COMMON = (bool, float, type(None), date, timedelta, Decimal, UUID)
_SMALL = 2**63
# What json.dumps writes as it is.
_JSON_SCALARS = (int, float, bool, type(None))
# pg_type.typcategory: booleans, dates and times, enums, addresses, numbers, intervals, bits.


def plain(column: Column, value: Any, allowed: Collection[Any] | None = None) -> Any:
    """Return a supplied value as its column stores it.

    Args:
        value: a value from a marker, a function or a factory; where the application has values of a column in another
            form than they are stored in, a value as the application has it.
        allowed: all values that the column allows, where known: an enum member is stored by its name if that is
            among them, else by its value.

    Raises:
        UnusableError: no column, or no column of this type, can store the value.

    Example:
        >>> from pytest_supaseed.model.schema import ColumnType
        >>> plain(Column("status", ColumnType("text", "text")), enum.Enum("Status", {"NEW": "new"}).NEW)
        'new'
    """
    declared = column.declared
    if declared is not None and value is not None:
        listed = declared if declared.element is None else declared.element
        allowed = listed.allowed if allowed is None else allowed
        if declared.binding is not None:
            value = _bound(declared.binding, value, allowed)
    kind = type(value)
    if kind is str:
        return text(value)
    # A shortcut for the most common types, which have no parts to convert.
    if kind in _COMMON or (kind is int and -_SMALL < value < _SMALL):
        return value
    if kind is datetime and (value.tzinfo is None or type(value.tzinfo) is timezone):
        return value
    try:
        return _plain(column.type, value, allowed or (), 0)
    except UnusableError:
        raise
    except Exception as error:
        # The code of a user's class may raise anything.
        raise UnusableError(f"what is in it cannot be read: {raised(error)}") from error


def _bound(binding: Binding, value: Any, allowed: Collection[Any] | None) -> Any:
    """Return a value of the application as it is stored; a value that is listed as stored stays as it is."""
    if allowed is not None and isinstance(value, (str, int)) and value in allowed:
        return value
    try:
        return binding.bind(value)
    except Exception as error:
        # The code of the application may raise anything.
        raise UnusableError(f"{binding.name} does not take it: {raised(error)}") from error


def _plain(column_type: ColumnType, value: Any, allowed: Collection[Any], depth: int) -> Any:
    deep_enough(depth)
    if isinstance(value, enum.Enum):
        named = value.name in column_type.labels or value.name in allowed
        return value.name if named else _plain(column_type, value.value, (), depth + 1)
    if holds_secret(value):
        return _plain(column_type, value.get_secret_value(), (), depth + 1)
    if is_array(value):
        return _plain(column_type, of_array(value), allowed, depth + 1)
    if is_json(column_type) and not column_type.array:
        return _document(value, depth)
    if column_type.array and isinstance(value, (list, tuple, set, frozenset)):
        element = column_type.element_type
        # In a multidimensional array, each inner list is again an array.
        inner = column_type if column_type.dimensions > 1 or not _has_parts(element) else element
        return [
            _plain(inner if isinstance(part, (list, tuple)) else element, part, allowed, depth + 1)
            for part in _ordered(value)
        ]
    if is_range(column_type) and has_text(type(value)):
        # SQLAlchemy's ranges are dataclasses, too.
        return scalar(value)
    if is_model(value) or isinstance(value, (Mapping, list, tuple, set, frozenset)):
        return _of_parts(column_type, value, depth)
    found = scalar(value)
    one = _is_of_one_value(column_type) or has_string_category(column_type)
    if isinstance(found, bytes) and one and not is_bytea(column_type):
        raise UnusableError(f"the column is {column_type.text}, and bytes are for bytea: decode them")
    return found


def _has_parts(column_type: ColumnType) -> bool:
    return column_type.array or column_type.composite or is_json(column_type)


def _is_of_one_value(column_type: ColumnType) -> bool:
    return not column_type.array and is_scalar(column_type)


def _of_parts(column_type: ColumnType, value: Any, depth: int) -> Any:
    """Convert a container for a column type that can store one: array, composite, extension type, or JSON as text."""
    if _is_of_one_value(column_type) or (isinstance(value, (set, frozenset)) and not column_type.array):
        raise UnusableError(
            f"the column is {column_type.text}, and a {type(value).__name__} is no value of it"
        )
    if is_model(value):
        value = {name: getattr(value, name) for name in _fields(value)}
    if column_type.composite:
        return _row(column_type, value, depth + 1)
    if has_string_category(column_type):
        return _document(value, depth)
    problem = value_problem(value)
    if problem:
        raise UnusableError(problem)
    # The column type is unknown, so the parts stay as they are.
    return value


def _row(column_type: ColumnType, value: Any, depth: int) -> Any:
    """Convert a value of a composite type; PostgreSQL itself checks the number of attributes."""
    types = [attribute.type for attribute in column_type.attributes]
    if isinstance(value, Mapping):
        known = {attribute.name: attribute.type for attribute in column_type.attributes}
        return {name: _plain(known[name], part, (), depth) for name, part in value.items() if name in known}
    types += [TEXT] * (len(value) - len(types))
    return [_plain(of, part, (), depth) for of, part in zip(types, value)]  # noqa: B905


def _ordered(values: Iterable[Any]) -> Iterable[Any]:
    # The order of a set of texts differs between processes.
    return sorted(values, key=repr) if isinstance(values, (set, frozenset)) else values


def _document(value: Any, depth: int) -> Any:
    """Return a JSON document of mappings, lists and scalars."""
    deep_enough(depth)
    if isinstance(value, enum.Enum):
        return _document(value.value, depth + 1)
    if holds_secret(value):
        return _document(value.get_secret_value(), depth + 1)
    if is_array(value):
        return _document(of_array(value), depth + 1)
    if isinstance(value, Mapping):
        return {_key(key, depth + 1): _document(part, depth + 1) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_document(part, depth + 1) for part in _ordered(value)]
    if is_model(value):
        return {name: _document(getattr(value, name), depth + 1) for name in _fields(value)}
    found = scalar(value)
    if isinstance(found, bytes):
        raise UnusableError("a document of JSON has no bytes: decode them")
    return found if isinstance(found, (str, *_JSON_SCALARS)) else str(found)


def _key(key: Any, depth: int) -> Any:
    found = _document(key, depth)
    return found if isinstance(found, (str, *_JSON_SCALARS)) else str(found)


def _fields(model: Any) -> list[str]:
    kind = type(model)
    if dataclasses.is_dataclass(model):
        return [field.name for field in dataclasses.fields(model)]
    if hasattr(kind, "model_fields"):
        return list(kind.model_fields)
    if hasattr(kind, "__struct_fields__"):
        return list(kind.__struct_fields__)
    return [attribute.name for attribute in kind.__attrs_attrs__]


def check_overrides(table: Table, columns: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Check the columns of a marker.

    Args:
        columns: by column, a value, list or function, as the marker spells them.

    Returns:
        The usable columns by their names in the table, and the problems.
    """
    usable: dict[str, Any] = {}
    problems = []
    for name, value in columns.items():
        spelling = name
        if name == "categories" and not table.has_column(name) and table.has_column("category"):
            # SupaSeed spells the argument so.
            spelling = "category"
        if not table.has_column(spelling):
            problems.append(messages.unknown_column(table, name))
            continue
        if spelling in usable:
            problems.append(messages.category_twice(table, spelling))
            continue
        column = table.column(spelling)
        if column.generated:
            problems.append(messages.value_of_generated_column(table, name))
            continue
        found = [] if callable(value) else _value_problems(table, column, value)
        problems += found
        if not found:
            usable[spelling] = value
    return usable, problems


def usable_values(
    table: Table, supplied: Mapping[str, tuple[Origin, Any]]
) -> tuple[dict[str, tuple[Origin, Any]], list[Problem]]:
    """Check the values that ``supaseed_generators`` supplies for a table; those of a marker have been checked.

    Returns:
        The usable values, and the problems.
    """
    usable: dict[str, tuple[Origin, Any]] = {}
    problems = []
    for name, (origin, value) in supplied.items():
        own = origin.supplier is Supplier.GENERATORS and not callable(value) and not isinstance(value, Built)
        found = _value_problems(table, table.column(name), value) if own else []
        problems += [dataclasses.replace(problem, origin=origin.text) for problem in found]
        if not found:
            usable[name] = origin, value
    return usable, problems


def _value_problems(table: Table, column: Column, value: Any) -> list[Problem]:
    choices = value if isinstance(value, (list, tuple)) else [value]
    domain = value_domain(table, column)
    problems = []
    for given in choices:
        try:
            choice = given if callable(given) else plain(column, given)
        except UnusableError as error:
            problems.append(messages.unusable_value(table, column, given, error))
            continue
        if callable(choice):
            problems.append(messages.function_in_list(table, column, choice))
        elif choice is None:
            if not column.nullable:
                problems.append(messages.not_null(table, column, choice))
        elif domain.allowed is not None and not column.type.array and not is_listed(choice, domain.allowed):
            problems.append(messages.not_allowed(table, column, choice, domain.allowed))
        elif _too_long(choice, column):
            problems.append(messages.too_long(table, column, choice))
    return problems


def _too_long(value: object, column: Column) -> bool:
    most = None if column.type.array else column.type.length
    return isinstance(value, str) and most is not None and len(value) > most


def supplied_columns(
    table: Table,
    columns: Mapping[str, Any],
    generators: Generators,
    schema: Schema | None = None,
    defaults: Defaults | None = None,
) -> dict[str, tuple[Origin, Any]]:
    """Collect the supplied values of a table's columns; the most specific key for a column wins.

    Args:
        columns: the marker's columns, checked.
        generators: ``supaseed_generators``: keys are ``schema.table.column``, ``table.column``, ``schema.table.*``,
            ``table.*`` or ``*.column``.
        schema: the schema, for unqualified table names; None without one.
        defaults: of the schema's source, for columns that have no key in `generators`; None for none.

    Returns:
        By column: the origin, and the value, list, function or :class:`Built`.
    """
    found: dict[str, tuple[Origin, Any]] = {}
    by_default = defaults.generators if defaults is not None else {}
    whole = {
        key: _of_table(table, key, generators[key]) for key in _keys(table, "*", schema) if key in generators
    }
    for column in table.columns:
        if column.name in columns:
            found[column.name] = (_of_marker(column), columns[column.name])
            continue
        if column.generated:
            continue
        # Most projects have no generators.
        keys = (*_keys(table, column.name, schema), *whole, f"*.{column.name}") if generators else ()
        for key in keys:
            if key in whole and column.name in whole[key]:
                found[column.name] = whole[key][column.name]
                break
            if key in generators and key not in whole:
                found[column.name] = (_origin(key), generators[key])
                break
        else:
            key = f"{table.name}.{column.name}"
            if key in by_default:
                found[column.name] = (_by_default(key), by_default[key])
    return found


def generator_problems(generators: Generators, schema: Schema) -> list[Problem]:
    """Return a problem for each invalid key of ``supaseed_generators``, and for each value that no column can store."""
    by_key: dict[str, tuple[Table, Column | None]] = {}
    for table in schema.tables if generators else ():
        for column in table.columns:
            by_key.setdefault(f"*.{column.name}", (table, column))
            by_key.update(dict.fromkeys(_keys(table, column.name, schema), (table, column)))
        by_key.update(dict.fromkeys(_keys(table, "*", schema), (table, None)))
    problems = []
    for key, value in generators.items():
        if not isinstance(key, str):
            problems.append(messages.key_no_text(key))
        elif key not in by_key:
            problems.append(_unknown(key, by_key, schema))
        elif by_key[key][1] is None:
            problems += _table_problems(key, value, by_key[key][0])
        else:
            problems += _column_problems(key, value, by_key[key][1])
    return problems


def _keys(table: Table, column: str, schema: Schema | None) -> list[str]:
    """Return the spellings of a table's column, or of ``*``, the longest first."""
    names = (str(table.name), table.label) if schema is None else schema.keys(table)
    return list(dict.fromkeys(f"{name}.{column}" for name in names))


def _origin(key: str) -> Origin:
    return Origin(f"supaseed_generators[{key!r}]", Supplier.GENERATORS)


def _of_marker(column: Column) -> Origin:
    return Origin(f"columns={{{column.name!r}: ...}}", Supplier.MARKER)


def _by_default(key: str) -> Origin:
    return Origin(f"the default of {key}", Supplier.SCHEMA_SOURCE)


def _of_table(table: Table, key: str, value: Any) -> dict[str, tuple[Origin, Any]]:
    """Return by column the origin and the value that the value of ``table.*`` supplies."""
    origin = _origin(key)
    if isinstance(value, Mapping):
        parts, _ = _parts(value)
        return {
            name: (dataclasses.replace(origin, text=f"{origin}[{abbreviated(name)}]"), part)
            for name, part in parts.items()
        }
    factory = row_factory(value)
    if factory is None or factory.model is None:
        return {}
    # The package sets keys and references, and PostgreSQL computes identity columns: a factory sets neither.
    ours = {name for foreign_key in table.foreign_keys for name in foreign_key.columns}
    ours |= {column.name for column in table.columns if column.sequence or column.identity}
    return {
        name: (origin, Built(factory, origin, declared, attribute))
        for name, (declared, attribute) in factory.columns(table).items()
        if name not in ours
    }


def _parts(value: Mapping[Any, Any]) -> tuple[dict[Any, Any], str]:
    """Return a user's mapping as a dict and no message; or an empty dict and what reading the mapping raised."""
    try:
        return dict(value), ""
    except Exception as error:
        return {}, raised(error)


def _unknown(key: str, known: Collection[str], schema: Schema) -> Problem:
    if f"{key}.*" in known:
        return messages.key_is_table(key)
    name, _, column = str(key).rpartition(".")
    several = [table for table in schema.called(name) if column == "*" or table.has_column(column)]
    if len(several) > 1:
        return messages.key_of_several(str(key), several)
    return messages.unknown_key(key, known)


def _table_problems(key: str, value: Any, table: Table) -> list[Problem]:
    names = [column.name for column in table.columns]
    if isinstance(value, Mapping):
        parts, why = _parts(value)
        problems = [messages.unreadable_mapping(table, _origin(key), why)] if why else []
        for name, part in parts.items():
            if name in names:
                problems += _column_problems(f"{key.removesuffix('*')}{name}", part, table.column(name))
            else:
                problems.append(messages.unknown_column_of_mapping(table, _origin(key), name))
        return problems
    factory = row_factory(value)
    if factory is None:
        return [messages.no_factory(table, _origin(key), value)]
    if factory.model is None:
        return [messages.factory_without_model(table, _origin(key), factory.name)]
    if not factory.columns(table):
        return [messages.factory_of_another(table, _origin(key), factory.name, factory.model)]
    return []


def _column_problems(key: str, value: Any, column: Column | None) -> list[Problem]:
    factory = row_factory(value)
    table, _, name = key.rpartition(".")
    if factory is not None:
        return [messages.factory_for_column(table, _origin(key), factory.name)]
    if column is not None and column.generated and table != "*":
        return [messages.computed_key(key, _origin(key))]
    found = column_problems(table, {name: value}) or value_problems(table, [(name, value)])
    return [dataclasses.replace(problem, wrong=f"supaseed_generators: {problem.wrong}") for problem in found]


# More combinations are not checked in advance.
_MOST = 1_000


class SuppliedChoices:
    """The supplied values of a table, as lists of choices.

    Attributes:
        table: the table.
        columns: the column sources with supplied values, functions and factories left out.
        by_name: ``columns`` by column name.
    """

    def __init__(self, table: Table, sources: Iterable[ColumnSource], leaving: Collection[str] = ()) -> None:
        self.table = table
        self.columns = [
            source
            for source in sources
            if source.supplied and isinstance(source.source, Supplied) and source.column.name not in leaving
        ]
        self.by_name = {source.column.name: source for source in self.columns}

    def has(self, columns: Iterable[str]) -> bool:
        """Return whether values are supplied for all of the columns."""
        return all(name in self.by_name for name in columns)

    def choices(self, source: ColumnSource) -> tuple[Any, ...]:
        """Return the supplied values of one of ``columns``."""
        assert isinstance(source.source, Supplied)  # noqa: S101 for the type checker
        return source.source.choices

    def combinations(self, columns: Sequence[str]) -> list[dict[str, Any]]:
        """Return every combination of the values of some columns; an empty list above a limit."""
        values = [self.choices(self.by_name[name]) for name in columns]
        if not columns or prod(map(len, values)) > _MOST:
            return []
        return [dict(zip(columns, combination, strict=True)) for combination in product(*values)]

    def supplied(
        self, columns: Sequence[str], row: Mapping[str, Any] | None = None
    ) -> messages.SuppliedValues:
        """Return the values of columns as messages show them: those of a row, or all as the user wrote them."""
        if row is None:
            row = {name: _as_written(self.choices(self.by_name[name])) for name in columns}
        text = f"{self.table.label}." + ", ".join(f"{name}={abbreviated(row[name])}" for name in row)
        return messages.SuppliedValues(self.table, tuple(columns), text, self._origin(columns))

    def _origin(self, columns: Iterable[str]) -> str:
        sources = (self.by_name[name].source for name in columns)
        found = dict.fromkeys(source.origin for source in sources if isinstance(source, Supplied))
        generators = [
            origin.text for origin in found if origin is not None and origin.supplier is Supplier.GENERATORS
        ]
        return ", ".join(generators)


def _as_written(choices: tuple[Any, ...]) -> Any:
    return choices[0] if len(choices) == 1 else list(choices)
