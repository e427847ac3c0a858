"""What SQLAlchemy's models declare beyond the database: :func:`declarations` reads it from a schema source.

The models of a source are those of its ``MetaData``: of one that is given, of those that a callable uses, and of the
``target_metadata`` of Alembic's ``env.py`` (:func:`metadata_of`). The types of columns are read of every table.
Annotations, validators and polymorphic identities are read where a class is mapped to the table. Mappers stay as they
are: to configure them, SQLAlchemy would need modules that may not have been imported.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from sqlalchemy import Column, Label, MetaData, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import Sequence as ClientSequence
from sqlalchemy.sql import visitors

from pytest_supaseed.constraints.column import of_declaration, value_domain
from pytest_supaseed.constraints.domain import intersect, unconstrained_apart_from
from pytest_supaseed.errors import SchemaError
from pytest_supaseed.model import schema as reflected
from pytest_supaseed.model.declared import Declarations, Hierarchy, Kind, merged
from pytest_supaseed.model.schema import DeclaredColumn, Schema, Validator
from pytest_supaseed.model.type_families import is_json
from pytest_supaseed.sources.annotations import annotation_of, limits_of, type_of_annotation, unwrapped
from pytest_supaseed.sources.column_types import (
    Attributed,
    codes_of,
    declared_by_type,
    named_in,
    plain_binding,
    stored_by,
)
from pytest_supaseed.sources.model_validators import joined, mutable_types, of_field, of_mapper, of_mutable
from pytest_supaseed.sources.row_validators import row_validators
from pytest_supaseed.sources.source import SchemaSource
from pytest_supaseed.tracebacks import describe, is_users

_NOTHING = DeclaredColumn()
# Prints expressions as PostgreSQL reads them; the dialects of drivers double each %.
_PRINTING = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]


def declarations(source: SchemaSource, schema: Schema) -> Declarations:
    """Return what the models of a source declare beyond the database.

    Args:
        source: as :func:`pytest_supaseed.sources.source.resolve` returns it, after it has been loaded.
        schema: as the database has it.

    Raises:
        SchemaError: the application's code failed while its models were read.
    """
    try:
        return merged(*(_of_metadata(metadata, schema) for metadata in metadata_of(source)))
    except Exception as error:
        if not is_users(error):
            raise
        # A type or a class of the application raised it, such as the property of one.
        raise SchemaError(
            f"{source.description}: what its models declare could not be read: {describe(error)}"
        ) from error


# ---- the models of a source


def metadata_of(source: SchemaSource) -> tuple[MetaData, ...]:
    """Return the collections of tables that the models of a source are mapped to, as far as they can be found."""
    if source.kind == "several":
        found = [each for part in source.parts for each in metadata_of(part)]
    elif source.kind == "metadata":
        found = [source.target]
    elif source.kind == "callable":
        found = [each for value in _used_by(source.target, 0) if (each := _metadata(value)) is not None]
    elif source.kind == "alembic":
        found = list(_of_env(source))
    else:
        found = []
    once = {id(each): each for each in found}
    return tuple(once.values())


def _metadata(value: Any) -> MetaData | None:
    try:
        found = value if isinstance(value, MetaData) else getattr(value, "metadata", None)
    except Exception:
        # A property of the user's may raise anything.
        return None
    return found if isinstance(found, MetaData) else None


# Calls are followed from the given function through so many others.
_DEEPEST = 3


def _used_by(function: Any, depth: int) -> Iterator[Any]:
    """Yield what a callable uses: global names, imported modules, and functions of its package that it calls."""
    if depth > _DEEPEST:
        return
    for held in (getattr(function, "func", None), getattr(function, "__wrapped__", None)):
        if held is not None:
            yield from _used_by(held, depth + 1)
    owner = getattr(function, "__self__", None)
    if owner is not None:
        yield owner
        yield from getattr(owner, "__dict__", {}).values()
    plain = getattr(function, "__func__", function)
    if not isinstance(plain, FunctionType):
        plain = inspect.getattr_static(type(function), "__call__", None)
        yield from getattr(function, "__dict__", {}).values()
    if not isinstance(plain, FunctionType):
        return
    names = {name for code in codes_of(plain.__code__) for name in code.co_names}
    values = [*named_in(plain), *(sys.modules[name] for name in sorted(names) if name in sys.modules)]
    for value in values:
        if isinstance(value, ModuleType):
            yield from (vars(value)[name] for name in sorted(names) if name in vars(value))
        elif isinstance(value, FunctionType):
            if value.__module__.partition(".")[0] == plain.__module__.partition(".")[0]:
                yield from _used_by(value, depth + 1)
        else:
            yield value


def _of_env(source: SchemaSource) -> Iterator[MetaData]:
    """Yield the ``target_metadata`` of Alembic's ``env.py``, read from its text: only migrations execute it."""
    env = _env_of(source)
    if env is None:
        return
    try:
        tree = ast.parse(env.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        # Loading raises the error.
        return
    names = _Names(tree)
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        value: ast.expr | None = None
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign):
            targets, value = [node.target], node.value
        elif isinstance(node, ast.keyword) and node.arg == "target_metadata":
            value, targets = node.value, [ast.Name("target_metadata")]
        if value is not None and any(isinstance(t, ast.Name) and t.id == "target_metadata" for t in targets):
            for found in names.values(value):
                metadata = _metadata(found)
                if metadata is not None:
                    yield metadata


def _env_of(source: SchemaSource) -> Path | None:
    from alembic.config import Config

    ini = source.paths[0]
    location = Config(str(ini)).get_main_option("script_location") or ""
    found = [folder / location / "env.py" for folder in (ini.parent, source.root)]
    return next((path for path in found if path.is_file()), None)


class _Names:
    """The names of a module such as ``env.py``, which is not executed; what it imports is imported."""

    def __init__(self, tree: ast.Module) -> None:
        self._imported: dict[str, tuple[str, str]] = {}
        self._assigned: dict[str, ast.expr] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    self._imported[name] = (alias.name if alias.asname else name, "")
                    _import(alias.name)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    self._imported[alias.asname or alias.name] = (node.module, alias.name)
                    _import(node.module)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self._assigned[target.id] = node.value

    def values(self, node: ast.expr) -> list[Any]:
        """Return what an expression stands for: several for a list, none where it is not found."""
        if isinstance(node, ast.List | ast.Tuple):
            return [value for element in node.elts for value in self.values(element)]
        if isinstance(node, ast.Attribute):
            return [
                getattr(value, node.attr) for value in self.values(node.value) if hasattr(value, node.attr)
            ]
        if not isinstance(node, ast.Name):
            return []
        if node.id in self._imported:
            module, name = self._imported[node.id]
            found = sys.modules.get(module)
            if found is None or not name:
                return [] if found is None else [found]
            submodule = sys.modules.get(f"{module}.{name}")
            return [getattr(found, name, submodule)]
        # Once for each name: it may be assigned from itself.
        assigned = self._assigned.pop(node.id, None)
        return [] if assigned is None else self.values(assigned)


def _import(module: str) -> None:
    """Import what ``env.py`` imports, where another process has executed it."""
    if (
        module.partition(".")[0] in ("alembic", "sqlalchemy", *sys.stdlib_module_names)
        or module in sys.modules
    ):
        return
    try:
        importlib.import_module(module)
    except (Exception, SystemExit):
        # The migrations tell what is wrong, in the process that executes them.
        return


# ---- mappers


@dataclass(frozen=True)
class _Mapped:
    """A column as a class is mapped to it.

    Attributes:
        mapper: of the class.
        key: the attribute.
    """

    mapper: Any
    key: str


def mappers_of(metadata: MetaData) -> list[Any]:
    """Return the mappers of the classes that are mapped to tables of a collection, base classes first."""
    mapping = sys.modules.get("sqlalchemy.orm.mapper")
    if mapping is None:
        return []
    # SQLAlchemy has no public list of all registries, and one of its mappers only where each class has one: an
    # AbstractConcreteBase gets it when mappers are configured.
    managers = [manager for registry in mapping._all_registries() for manager in tuple(registry._managers)]
    found = {
        mapper
        for mapper in (manager.mapper for manager in managers if manager.is_mapped)
        if isinstance(mapper.local_table, Table) and mapper.local_table.metadata is metadata
    }
    return sorted(found, key=lambda mapper: (len(list(mapper.iterate_to_root())), _title(mapper.class_)))


def _title(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _spelling(table: Table) -> str:
    return f"{table.schema}.{table.name}" if table.schema else table.name


def _of_metadata(metadata: MetaData, schema: Schema) -> Declarations:
    mappers = mappers_of(metadata)
    mapped: dict[tuple[Table, str], _Mapped] = {}
    for mapper in mappers:
        for key, column in mapper.columns.items():
            if isinstance(getattr(column, "table", None), Table):
                # The class in which inheritance begins comes first: validators of others are about some rows only.
                mapped.setdefault((column.table, column.name), _Mapped(mapper, key))
    mutable = mutable_types(mappers[0]) if mappers else []
    judged = row_validators(mappers, lambda table: schema.find(_spelling(table)))
    columns: dict[tuple[str, str], DeclaredColumn] = {}
    sequences: dict[tuple[str, str], reflected.Sequence] = {}
    for table in metadata.tables.values():
        known = schema.find(_spelling(table))
        if known is None:
            continue
        for column in table.columns:
            if not known.has_column(column.name) or known.column(column.name).generated:
                continue
            place = _spelling(table), column.name
            found = _of_column(
                column, known, mapped.get((table, column.name)), mutable, judged.get(column, ())
            )
            if found is not None:
                columns[place] = found
            if isinstance(column.default, ClientSequence) and known.column(column.name).default is None:
                sequences[place] = _sequence(column.default, known.name.schema)
    hierarchies = []
    checks: dict[str, tuple[reflected.Check, ...]] = {}
    for mapper in mappers:
        for condition in (_condition(mapper), _of_classes(mapper, schema)):
            if condition is not None:
                spelling = _spelling(mapper.local_table)
                checks[spelling] = (*checks.get(spelling, ()), condition)
        identities = _identities(mapper)
        if identities is None:
            continue
        place = _spelling(identities.table), identities.column
        before = columns.get(place, _NOTHING)
        columns[place] = replace(before, origin=identities.origin, allowed=identities.values, required=True)
        if identities.hierarchy is not None:
            hierarchies.append(identities.hierarchy)
    return Declarations(columns, tuple(hierarchies), sequences, checks)


def _sequence(sequence: Any, schema: str) -> reflected.Sequence:
    known = reflected.Sequence(sequence.schema or schema, sequence.name, sequence.increment or 1)
    return replace(
        known,
        minimum=known.minimum if sequence.minvalue is None else sequence.minvalue,
        maximum=known.maximum if sequence.maxvalue is None else sequence.maxvalue,
    )


# ---- columns


def _of_column(
    column: Any,
    table: reflected.Table,
    mapped: _Mapped | None,
    mutable: Iterable[tuple[Any, Any]],
    jointly: tuple[Validator, ...],
) -> DeclaredColumn | None:
    """Return what is declared of a column, None where that is nothing.

    Args:
        jointly: what judges it together with other columns of its row.
    """
    if column.foreign_keys:
        # Its values are those of the rows that it references.
        binding = plain_binding(column.type)
        return None if binding is None else DeclaredColumn(str(column), binding=binding)
    kind = mapped.mapper.class_ if mapped is not None else None
    origin = f"{kind.__qualname__}.{mapped.key}" if kind is not None and mapped is not None else f"{column}"
    annotation = annotation_of(kind, mapped.key) if kind is not None and mapped is not None else None
    mutables = [each for column_type, each in mutable if column_type is _original(column)]
    if mutables and type_of_annotation(annotation) is None:
        annotation = next((base for base in (dict, list, set) if issubclass(mutables[0], base)), None)
    known = table.column(column.name)
    attribute = Attributed(origin, annotation, column.type, lambda: _default(column), known)
    if is_json(known.type) and not _is_free(table, column.name):
        # A CHECK tells more of a document than its annotation.
        attribute = replace(attribute, annotation=None, default=lambda: None)
    found, build = declared_by_type(attribute)
    field = getattr(kind, "model_fields", {}).get(mapped.key) if mapped is not None else None
    found = _limited(found, annotation, field)
    validators: tuple[Validator, ...] = ()
    if mapped is not None:
        by_attribute = {key: each.name for key, each in mapped.mapper.columns.items()}
        validators = of_mapper(mapped.mapper, mapped.key, by_attribute)
        validators = joined(
            (
                *validators,
                # What SQLAlchemy's own ones take is told by the class that they derive from.
                *(
                    of_mutable(each, mapped.key, origin)
                    for each in mutables
                    if not each.__module__.startswith("sqlalchemy.")
                ),
                of_field(kind, mapped.key) if field is not None else None,
                *jointly,
            )
        )
    if found.binding is not None:
        validators = tuple(replace(each, accept=_of_built(each, build)) for each in validators)
    found = replace(found, validators=validators)
    return replace(found, origin=origin) if _says_more(found, table, column.name) else None


def _says_more(declared: DeclaredColumn, table: reflected.Table, name: str) -> bool:
    """Whether declarations say more than the database."""
    if declared == _NOTHING:
        return False
    domain = value_domain(table, table.column(name))
    return declared.judged or bool(declared.words) or intersect(domain, of_declaration(declared)) != domain


def _of_built(validator: Validator, build: Any) -> Any:
    accept = validator.accept
    return lambda value, row: accept(build(value), row)


def _original(column: Any) -> Any:
    return column.info.get("_ext_mutable_orig_type", column.type)


def _is_free(table: reflected.Table, name: str) -> bool:
    """Whether no CHECK constrains a column."""
    domain = value_domain(table, table.column(name))
    return unconstrained_apart_from(domain, "required", "maximum_length", "allowed", "element")


def _default(column: Any) -> Any:
    default = column.default
    if default is None or not (default.is_scalar or default.is_callable):
        return None
    try:
        return default.arg if default.is_scalar else default.arg(None)
    except Exception:
        # The application's function may need a row.
        return None


def _limited(found: DeclaredColumn, annotation: Any, field: Any) -> DeclaredColumn:
    """Return declarations with what the annotation of an attribute, or pydantic's field, says of the values."""
    metadata: list[Any] = []
    inner, around = unwrapped(annotation)
    metadata += around
    if field is not None:
        inner, around = unwrapped(field.annotation)
        metadata += [*around, *field.metadata]
        regex = getattr(field, "_attributes_set", {}).get("regex")
        if isinstance(regex, str):
            metadata.append(_Pattern(regex))
    limits = limits_of(metadata)
    told = type_of_annotation(inner) if inner is not None else None
    if told is not None and found.binding is None:
        if told.declared.words:
            limits = replace(limits, words=told.declared.words)
        listed = told.declared.allowed
        if found.allowed is None and listed and all(type(each) in (str, int, bool) for each in listed):
            limits = replace(limits, allowed=listed)
    changed = {
        each.name: value for each in fields(limits) if (value := getattr(limits, each.name)) != each.default
    }
    return replace(found, **changed)


@dataclass(frozen=True)
class _Pattern:
    pattern: str


# ---- inheritance


@dataclass(frozen=True)
class _Identities:
    """What the discriminator of a hierarchy of classes says.

    Attributes:
        origin: of the discriminator, for messages.
        table: its table.
        column: its name.
        values: the identities of the classes whose rows the table has, as they are stored.
        hierarchy: of joined tables; None where there is one table.
    """

    origin: str
    table: Table
    column: str
    values: tuple[object, ...]
    hierarchy: Hierarchy | None


def _identities(mapper: Any) -> _Identities | None:
    """Return the identities of a class and of those that inherit from it.

    Returns:
        None unless the class begins the inheritance, and a column of its own table holds the identities.
    """
    column, table = mapper.polymorphic_on, mapper.local_table
    if not isinstance(table, Table) or column is None or not any(column is each for each in table.columns):
        # There is none, or it is an expression, or of another table.
        return None
    if mapper.inherits is not None and not mapper.concrete:
        return None
    below = [each for each in mapper.self_and_descendants if each is mapper or not _is_concrete(each, mapper)]
    by_tables: dict[tuple[Table, ...], list[object]] = {}
    for each in sorted(below, key=lambda found: (len(list(found.iterate_to_root())), _title(found.class_))):
        if each.polymorphic_map.get(each.polymorphic_identity) is not each:
            continue
        try:
            value = stored_by(column.type, each.polymorphic_identity)
        except Exception:
            # A type of the application may raise anything; its own error is raised by the application.
            return None
        by_tables.setdefault(_tables(each, mapper), []).append(value)
    values = tuple(value for values in by_tables.values() for value in values)
    if not values:
        return None
    origin = f"{mapper.class_.__qualname__}, by its polymorphic_on"
    hierarchy = None
    if any(tables != (table,) for tables in by_tables):
        hierarchy = _hierarchy(table, column.name, by_tables)
    return _Identities(origin, table, column.name, values, hierarchy)


def _condition(mapper: Any) -> reflected.Check | None:
    """Return the condition that a ``polymorphic_on`` expression gives a known identity; None where it is a column."""
    expression, table = mapper.polymorphic_on, mapper.local_table
    if expression is None or mapper.inherits is not None or not isinstance(table, Table):
        return None
    while isinstance(expression, Label):
        expression = expression.element
    columns = {found for found in visitors.iterate(expression) if isinstance(found, Column)}
    if isinstance(expression, Column) or not columns or any(each.table is not table for each in columns):
        return None
    values = sorted(str(stored_by(expression.type, identity)) for identity in mapper.polymorphic_map)
    try:
        told = str(
            expression.compile(
                dialect=_PRINTING, compile_kwargs={"literal_binds": True, "include_table": False}
            )
        )
    except Exception:
        # A constant of a type of the application has no literal.
        return None
    listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    text = f"(({told})::text = ANY (ARRAY[{listed}]::text[]))"
    names = tuple(column.name for column in table.columns if column in columns)
    # The literals are hints at the values that the columns may have.
    return reflected.Check(
        f"{mapper.class_.__qualname__}'s polymorphic_on", text, names, called=text, declared=True
    )


def _of_classes(mapper: Any, schema: Schema) -> reflected.Check | None:
    """Return the condition that a row has values only in columns of its class, where several are in one table.

    Objects of another class have none there: the column is NULL. None where no class has such a column of its own.

    Args:
        mapper: of the class in which the inheritance begins.
        schema: as the database has it.
    """
    identity, table = mapper.polymorphic_on, mapper.local_table
    if mapper.inherits is not None or not isinstance(table, Table) or not isinstance(identity, Column):
        return None
    known = schema.find(_spelling(table))
    if known is None or identity.table is not table or not known.has_column(identity.name):
        return None
    within = [each for each in mapper.self_and_descendants if each.local_table is table]
    owned = [{column.name for column in each.columns.values() if column.table is table} for each in within]
    # A column of all classes, and one of no class, say nothing of a class.
    partly = set().union(*owned) - set.intersection(*owned)
    names = [
        column.name
        for column in known.columns
        if column.name in partly and column.nullable and column.default is None and not column.generated
    ]
    if not names:
        return None
    cases: dict[tuple[str, ...], list[str]] = {}
    for each in mapper.self_and_descendants:
        if each.polymorphic_map.get(each.polymorphic_identity) is not each:
            continue
        # A class that has a table besides uses the columns that its nearest class in this one has.
        nearest = next(above for above in each.iterate_to_root() if above.local_table is table)
        own = owned[within.index(nearest)]
        missing = tuple(name for name in names if name not in own)
        cases.setdefault(missing, []).append(str(stored_by(identity.type, each.polymorphic_identity)))
    told = [
        " AND ".join((_is_one_of(identity.name, values), *(f"({_quoted(name)} IS NULL)" for name in missing)))
        for missing, values in cases.items()
    ]
    text = f"({' OR '.join(f'({each})' for each in told)})"
    return reflected.Check(
        f"the columns of {mapper.class_.__qualname__}'s subclasses",
        text,
        (identity.name, *names),
        declared=True,
    )


def _is_one_of(column: str, values: Iterable[str]) -> str:
    literals = ("'" + value.replace("'", "''") + "'::text" for value in values)
    return f"(({_quoted(column)})::text = ANY (ARRAY[{', '.join(literals)}]))"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _is_concrete(mapper: Any, root: Any) -> bool:
    for each in mapper.iterate_to_root():
        if each is root:
            return False
        if each.concrete:
            return True
    return False


def _tables(mapper: Any, root: Any) -> tuple[Table, ...]:
    """The tables that have a row for each object of a class, from the root's to its own."""
    found: list[Table] = []
    for each in mapper.iterate_to_root():
        if isinstance(each.local_table, Table) and each.local_table not in found:
            found.append(each.local_table)
        if each is root:
            break
    return tuple(reversed(found))


def _hierarchy(
    root: Table, column: str, by_tables: Mapping[tuple[Table, ...], list[object]]
) -> Hierarchy | None:
    parents: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {}
    for tables in by_tables:
        for above, table in pairwise(tables):
            pairs = _reference(table, above)
            if pairs is None:
                return None
            own, referenced = pairs
            parents[_spelling(table)] = (_spelling(above), own, referenced)
    kinds = tuple(Kind(tuple(values), tuple(map(_spelling, tables))) for tables, values in by_tables.items())
    return Hierarchy(_spelling(root), column, kinds, parents)


def _reference(table: Table, parent: Table) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The columns by which a joined table references its parent, and the referenced ones; None without a key."""
    keys = {column.name for column in table.primary_key.columns}
    found = [
        constraint for constraint in table.foreign_key_constraints if constraint.referred_table is parent
    ]
    found.sort(key=lambda constraint: (not set(constraint.column_keys) <= keys, str(constraint.name)))
    if not found:
        return None
    elements = list(found[0].elements)
    return (
        tuple(element.parent.name for element in elements),
        tuple(element.column.name for element in elements),
    )
