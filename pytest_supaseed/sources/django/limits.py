"""Django's ``limit_choices_to``: which rows the foreign keys of a project's models may reference."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.sql import Query
from psycopg2 import sql

from pytest_supaseed.model.schema import Check, ReferencedLimit
from pytest_supaseed.reflection.queries import as_text
from pytest_supaseed.sources.django.connections import without_database
from pytest_supaseed.sources.django.names import spelling


def limits_of(model: type[models.Model]) -> Iterator[tuple[tuple[str, str], ReferencedLimit]]:
    """Yield the limits of a model's foreign keys and many-to-many fields, each by table and column."""
    for each in model._meta.local_concrete_fields:
        if each.remote_field is not None:
            yield from _limit(each, each)
    for each in model._meta.local_many_to_many:
        through = each.remote_field.through._meta
        yield from _limit(each, through.get_field(each.m2m_reverse_field_name()))


def _limit(given: Any, foreign_key: Any) -> Iterator[tuple[tuple[str, str], ReferencedLimit]]:
    """Yield the limit of a field.

    Args:
        given: a field with ``limit_choices_to``.
        foreign_key: the field whose column references the rows: the same, or one of a many-to-many field's table.
    """
    choices = limiting_choices(given)
    if choices is None:
        return
    remote = foreign_key.remote_field.model
    query = limiting_query(choices, remote, foreign_key.target_field)
    if query is None:
        return
    values, whole = _values(choices, remote)
    table = spelling(foreign_key.model._meta.db_table)
    name = f"limit_choices_to of {given.model._meta.label}.{given.name}"
    check = _check(name, choices, remote)
    yield (table, foreign_key.column), ReferencedLimit(name, query, tuple(values.items()), whole, check)


def limiting_choices(given: Any) -> models.Q | None:
    """Return what a field's ``limit_choices_to`` demands; None for nothing, or where its function needs a database."""
    try:
        with without_database():
            choices = given.get_limit_choices_to()
    except Exception:
        # The function is the project's, and may read rows, of which there are none yet.
        return None
    if not choices:
        return None
    return choices if isinstance(choices, models.Q) else models.Q(**choices)


def limiting_query(choices: models.Q, remote: type[models.Model], target: Any) -> str | None:
    """Return SQL for the values of a field in the rows of a model that ``limit_choices_to`` admits.

    Returns:
        None where Django cannot make it without a database.
    """
    try:
        with without_database():
            rows = remote._base_manager.using(DEFAULT_DB_ALIAS).complex_filter(choices).order_by()
            statement, parameters = rows.values_list(target.attname).query.sql_with_params()
    except Exception:
        # A lookup may be the project's own, and name what no model has: its forms fail, too.
        return None
    return _with_parameters(statement, parameters)


def _with_parameters(statement: str, parameters: Any) -> str:
    return statement % tuple(as_text(sql.Literal(_constant(value))) for value in parameters)


def _constant(value: Any) -> Any:
    """Return a parameter of a driver as a literal of its text: PostgreSQL reads it as what it is compared with."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, (list, tuple)):
        return [_constant(part) for part in value]
    # Documents, as psycopg 3 and psycopg2 wrap them.
    document = getattr(value, "obj", getattr(value, "adapted", None))
    return json.dumps(document) if document is not None else str(value)


def _values(choices: models.Q, remote: type[models.Model]) -> tuple[dict[str, tuple[Any, ...]], bool]:
    """Return by column of a model the values that its rows have, and whether nothing else is demanded of them."""
    if choices.negated or (choices.connector != models.Q.AND and len(choices.children) > 1):
        return {}, False
    found: dict[str, tuple[Any, ...]] = {}
    whole = True
    for child in choices.children:
        part: Mapping[str, tuple[Any, ...]]
        if isinstance(child, models.Q):
            part, all_of_it = _values(child, remote)
        elif isinstance(child, tuple):
            listed = _listed(remote, *child)
            part, all_of_it = dict([listed] if listed is not None else []), listed is not None
        else:
            part, all_of_it = {}, False
        whole = whole and all_of_it
        for column, values in part.items():
            found[column] = tuple(value for value in values if value in found.get(column, values))
    return found, whole


def _listed(remote: type[models.Model], lookup: str, value: Any) -> tuple[str, tuple[Any, ...]] | None:
    """Return the column of a lookup and the values that it lists; None for any other lookup."""
    name, _, rest = lookup.partition("__")
    if name == "pk":
        name = remote._meta.pk.name
    given = next((f for f in remote._meta.local_concrete_fields if name in (f.name, f.attname)), None)
    if given is None:
        return None
    try:
        if rest == "isnull":
            return (given.column, (None,)) if value is True else None
        if rest in ("", "exact"):
            return given.column, (_stored(given, value),)
        if rest == "in" and isinstance(value, (list, tuple, set, frozenset)):
            ordered = sorted(value, key=repr) if isinstance(value, (set, frozenset)) else value
            return given.column, tuple(_stored(given, each) for each in ordered)
    except Exception:
        # The field does not take it, as its query says as well.
        return None
    return None


def _stored(given: Any, value: Any) -> Any:
    found = given.get_db_prep_save(value, connections[DEFAULT_DB_ALIAS])
    # Members of TextChoices are texts, which Django leaves as they are.
    return found.value if isinstance(found, enum.Enum) else found


def _check(name: str, choices: models.Q, remote: type[models.Model]) -> Check | None:
    """Return the condition on a row of a model; None where it depends on rows of other tables, too."""
    query = Query(remote, alias_cols=False)
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        with without_database():
            where = query.build_where(choices)
            statement, parameters = where.as_sql(query.get_compiler(connection=connection), connection)
    except Exception:
        # It joins tables, or cannot be compiled without a database.
        return None
    expression = _with_parameters(statement, parameters)
    columns = tuple(
        each.column
        for each in remote._meta.local_concrete_fields
        if connection.ops.quote_name(each.column) in expression
    )
    return Check(name, f"({expression})", columns, declared=True) if columns else None
