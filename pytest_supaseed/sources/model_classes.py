"""Model classes as the names of their tables: of SQLAlchemy, SQLModel and Django, and SQLAlchemy's ``Table`` objects.

:func:`table_of` is what markers and :class:`~pytest_supaseed.SeededDatabase` call. The classes are known by their
attributes: no library is imported here.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_supaseed.factories.base import attribute_names
from pytest_supaseed.notation import notation


@dataclass(frozen=True)
class ModelTable:
    """The table of a model class.

    Attributes:
        name: of the table, as a marker spells it; empty if there is a problem.
        shown: the class, as messages name it.
        problem: why the class does not stand for a table, and what to write instead; empty if it does.
        metadata: SQLAlchemy's ``MetaData`` of the table; None for another library.
        columns: by attribute of the class, the column, where the names differ.
    """

    name: str
    shown: str
    problem: str = ""
    metadata: Any = None
    columns: Mapping[str, str] | None = None


def table_of(value: object) -> ModelTable | None:
    """Return the table that a model class stands for; None for a value that is neither a class nor a table.

    Args:
        value: the key of a marker's mapping.

    Example:
        >>> table_of(int).problem
        'int is a class without a table: name a model of SQLAlchemy, SQLModel or Django, or write the name of the table'
    """
    if not inspect.isclass(value):
        return _of_table_or_instance(value)
    shown = value.__name__
    found = _of_sqlalchemy(value, shown) or _of_django(value, shown)
    if found is not None:
        return found
    if hasattr(value, "model_fields") and hasattr(value, "metadata"):
        return _refused(
            shown, "is a SQLModel without a table: declare it with table=True, or name one that is"
        )
    if hasattr(value, "metadata") and hasattr(value, "registry"):
        return _refused(shown, "is a declarative base, and has no table: name a class that is mapped to one")
    return _refused(
        shown,
        "is a class without a table: name a model of SQLAlchemy, SQLModel or Django, or write the name of the table",
    )


def _refused(shown: str, why: str) -> ModelTable:
    return ModelTable("", shown, f"{shown} {why}")


def _of_table_or_instance(value: Any) -> ModelTable | None:
    if isinstance(value, (str, int, float, bytes, tuple, type(None))):
        return None
    kind = type(value)
    if kind.__module__.startswith("sqlalchemy.") and isinstance(getattr(value, "fullname", None), str):
        return ModelTable(value.fullname, value.fullname, metadata=value.metadata)
    if _of_sqlalchemy(kind, kind.__name__) or _of_django(kind, kind.__name__):
        return _refused(f"an object of {kind.__name__}", f"is no table: name the class, {kind.__name__}")
    return None


def _of_sqlalchemy(model: Any, shown: str) -> ModelTable | None:
    if model.__dict__.get("__abstract__"):
        return _refused(shown, "is abstract, and has no table: name a class that is mapped to one")
    mapper = model.__dict__.get("__mapper__")
    if mapper is None:
        mapped = next((each for each in model.__mro__ if "__mapper__" in each.__dict__), None)
        if mapped is None:
            return None
        return _refused(shown, f"is not mapped to a table: name {mapped.__name__}, from which it is derived")
    table, parent = mapper.local_table, mapper.inherits
    if not hasattr(table, "fullname"):
        return _refused(shown, "is mapped to a query, and has no table: name the tables of the query")
    if parent is not None and parent.local_table is table:
        base = next(each for each in mapper.iterate_to_root() if each.inherits is None)
        return _refused(shown, f"shares its table with {base.class_.__name__}: {_of_base(mapper, base)}")
    return ModelTable(table.fullname, shown, "", table.metadata, _renamed(model))


def _of_base(mapper: Any, base: Any) -> str:
    """Return what to write for a class that has only some rows of its table."""
    name, column = base.class_.__name__, mapper.polymorphic_on
    if column is None or not hasattr(column, "name") or mapper.polymorphic_identity is None:
        return f"name {name}, whose rows are all rows of the table"
    return f"write seed({{{name}: {{'count': 8, {column.name!r}: {mapper.polymorphic_identity!r}}}}})"


def _of_django(model: Any, shown: str) -> ModelTable | None:
    options = getattr(model, "_meta", None)
    name = getattr(options, "db_table", None)
    if not isinstance(name, str):
        return None
    if getattr(options, "abstract", False):
        return _refused(shown, "is abstract, and has no table: name a model that is derived from it")
    swapped = getattr(options, "swapped", None)
    if swapped:
        return _refused(shown, f"is swapped for {swapped}, and has no table: name that model")
    # Django quotes the whole name, so that a schema is given as in 'shop"."users'.
    return ModelTable(name.strip('"').replace('"."', "."), shown, columns=_renamed(model))


def _renamed(model: Any) -> dict[str, str]:
    """Return by attribute its column, for those attributes that have another name and are no column themselves."""
    columns = attribute_names(model)
    return {
        attribute: column
        for column, attributes in columns.items()
        for attribute in attributes
        if attribute not in columns
    }


def other_metadata(table: ModelTable, known: Iterable[object], source: str) -> str:
    """Return why a model cannot name a table of a schema that is made of other models; empty where it can.

    Args:
        known: the ``MetaData`` of which the schema is made.
        source: the schema, as messages name it.
    """
    if table.metadata is None or any(table.metadata is each for each in known):
        return ""
    return (
        f"{table.shown} is a model of another MetaData than that of {source}, which makes the schema: name a model of "
        f"that one, or the table by its name; or list both in {notation().schema}"
    )
