"""Generic relations of Django: rows whose ``content_type`` and ``object_id`` name a row of any table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models
from psycopg2 import sql

from pytest_supaseed.planning.plan import Completion
from pytest_supaseed.reflection.queries import as_text
from pytest_supaseed.sources.django.limits import limiting_choices, limiting_query
from pytest_supaseed.sources.django.names import spelling

_DJANGOS = "django.contrib."
# The rows that a reference may name: of the models that count on it, else of the project's, else of any; dealt out one
# after another to the rows that name none.
_COMPLETE = """
WITH every AS (
    {candidates}
), named AS (
    SELECT t.id AS type, e.key, e.rank, row_number() OVER (PARTITION BY t.id ORDER BY length(e.key), e.key) AS nth
    FROM every e JOIN {types} t ON t.app_label = e.app_label AND t.model = e.model
    WHERE {limit}
), chosen AS (
    SELECT type, key, row_number() OVER (ORDER BY nth, type) - 1 AS place, count(*) OVER () AS number
    FROM named WHERE rank = (SELECT min(rank) FROM named)
), dangling AS (
    SELECT d.ctid AS at, row_number() OVER ({within} ORDER BY {keys}) - 1 AS place
    FROM {table} d
    WHERE NOT EXISTS (SELECT FROM chosen c WHERE c.type = d.{type} AND c.key = d.{object}::text)
)
UPDATE {table} u SET {type} = c.type, {object} = c.key::{cast}
FROM dangling d JOIN chosen c ON c.place = d.place % c.number
WHERE u.ctid = d.at
"""


def completions(model: type[models.Model]) -> Completion | None:
    """Return the SQL that lets the generic relations of a model's new rows name rows that exist; None without any."""
    if not apps.is_installed("django.contrib.contenttypes"):
        return None
    from django.contrib.contenttypes.fields import GenericForeignKey

    statements, columns = [], []
    for each in model._meta.private_fields:
        if isinstance(each, GenericForeignKey) and each.model is model:
            kind, key = model._meta.get_field(each.ct_field), model._meta.get_field(each.fk_field)
            candidates = list(_candidates(model, each, key))
            if candidates:
                statements.append(as_text(_complete(model, kind, key, candidates)))
                columns += [kind.column, key.column]
    return Completion(";\n".join(statements), tuple(columns)) if statements else None


def _complete(model: Any, kind: Any, key: Any, candidates: list[sql.Composable]) -> sql.Composable:
    meta = model._meta
    together = [
        [meta.get_field(name).column for name in names]
        for names in (
            *meta.unique_together,
            *(each.fields for each in meta.constraints if isinstance(each, models.UniqueConstraint)),
        )
    ]
    ours = (kind.column, key.column)
    # Rows that a unique key tells apart by the object only get distinct ones.
    others = next(
        ([name for name in names if name not in ours] for names in together if key.column in names), []
    )
    types = kind.remote_field.model
    choices = limiting_choices(kind)
    limit = limiting_query(choices, types, types._meta.pk) if choices is not None else None
    parts = sql.SQL(", ").join(map(sql.Identifier, others))
    within = sql.SQL("PARTITION BY {}").format(parts) if others else sql.SQL("")
    return sql.SQL(_COMPLETE).format(
        candidates=sql.SQL(" UNION ALL ").join(candidates),
        types=_table(types),
        limit=sql.SQL("true" if limit is None else f"t.id IN ({limit})"),
        table=_table(model),
        type=sql.Identifier(kind.column),
        object=sql.Identifier(key.column),
        cast=sql.SQL(key.db_type(connections[DEFAULT_DB_ALIAS])),
        keys=sql.Identifier(meta.pk.column),
        within=within,
    )


def _candidates(model: Any, relation: Any, key: Any) -> Iterator[sql.Composable]:
    """Yield a query for each model whose rows may be named, with how near it is: 0 is the nearest."""
    from django.contrib.contenttypes.fields import GenericRelation

    for each in apps.get_models():
        meta = each._meta
        if each is model or meta.proxy or not meta.managed or meta.swapped or not _fits(meta.pk, key):
            continue
        relations = (other for other in meta.private_fields if isinstance(other, GenericRelation))
        counts_on_it = any(other.remote_field.model is model for other in relations)
        rank = 0 if counts_on_it else 2 if meta.app_config.name.startswith(_DJANGOS) else 1
        yield sql.SQL("SELECT {} AS app_label, {} AS model, {}::text AS key, {} AS rank FROM {}").format(
            sql.Literal(meta.app_label),
            sql.Literal(meta.model_name),
            sql.Identifier(meta.pk.column),
            sql.Literal(rank),
            _table(each),
        )


def _fits(primary: Any, key: Any) -> bool:
    """Whether a column for keys can hold those of a model."""
    while primary.remote_field is not None:
        primary = primary.target_field
    if isinstance(key, (models.CharField, models.TextField)):
        return True
    if isinstance(key, models.UUIDField):
        return isinstance(primary, models.UUIDField)
    return isinstance(primary, models.IntegerField) and isinstance(key, models.IntegerField)


def _table(model: Any) -> sql.Composable:
    return sql.Identifier(*spelling(model._meta.db_table).split("."))
