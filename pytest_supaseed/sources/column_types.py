"""SQLAlchemy's column types: what values the application has of them, and how these are stored.

:func:`declared_by_type` returns what a type declares beyond the database: listed values, a length, or a binding, by
which values of the application are stored as SQLAlchemy stores them. What the application has is told by the annotation
of the attribute, by the type itself, or by trying: :func:`_candidates` yields what may be, in the order of certainty.
"""

from __future__ import annotations

import dis
import enum
import json
import re
import typing
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from types import CodeType, FunctionType
from typing import Any, TypeVar

from sqlalchemy import types
from sqlalchemy.dialects import postgresql

from pytest_supaseed.fingerprint import CacheScope, Fingerprint
from pytest_supaseed.model.schema import Binding, Column, ColumnType, DeclaredColumn
from pytest_supaseed.model.type_families import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTERVAL,
    JSONB,
    NUMERIC,
    TEXT,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    UUID,
    is_boolean,
    is_bytea,
    is_datetime,
    is_integer,
    is_json,
    is_number,
    is_string,
)
from pytest_supaseed.sources.annotations import (
    ApplicationType,
    array_of,
    hints_of,
    is_structured,
    of_members,
    type_of_annotation,
)

_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")
# Types are asked as they are on PostgreSQL; no driver is imported, and the name is all that most of them read.
DIALECT: Any = postgresql.psycopg2.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Attributed:
    """An attribute of a model with its column.

    Attributes:
        origin: the attribute, for messages.
        annotation: its annotation; None where there is none.
        type: SQLAlchemy's type of the column.
        default: returns what the application stores by default; None where that is nothing.
        column: the column as the database has it.
    """

    origin: str
    annotation: Any
    type: Any
    default: Callable[[], Any]
    column: Column


def declared_by_type(attribute: Attributed) -> tuple[DeclaredColumn, Callable[[Any], Any]]:
    """Return what the type of an attribute declares, and what builds an object of the application from a made value."""
    kind, column = on_postgresql(attribute.type), attribute.column
    written = attribute.type if isinstance(attribute.type, types.String) else kind
    shortest = written.length if isinstance(written, types.String) else None
    attribute = replace(attribute, type=kind)
    element = kind.item_type if isinstance(kind, types.ARRAY) else None
    if element is not None:
        return _of_array(attribute, element), _same
    if isinstance(kind, types.TypeDecorator) or _is_stored_otherwise(kind):
        return _bound(attribute)
    if isinstance(kind, types.Enum):
        return DeclaredColumn(allowed=_unless_known(kind.enums, column.type)), _same
    if isinstance(kind, types.Boolean) and is_integer(column.type):
        return DeclaredColumn(allowed=(0, 1)), _same
    if isinstance(kind, types.String):
        known = column.type.length
        shorter = shortest is not None and (known is None or shortest < known)
        return DeclaredColumn(maximum_length=shortest if shorter else None), _same
    if is_json(column.type) and not column.type.array:
        return _document(attribute)
    return DeclaredColumn(), _same


def on_postgresql(kind: Any) -> Any:
    """Return a type, or its variant for PostgreSQL; of one that decorates another and converts nothing, the other."""
    found = getattr(kind, "_variant_mapping", {}).get("postgresql", kind)
    while isinstance(found, types.TypeDecorator):
        if isinstance(found, types.Interval) and found.native:
            # It converts where a database has no such type.
            return found.dialect_impl(DIALECT)
        if any(_has_own(found, name) for name in _CONVERTING):
            return found
        found = _impl(found)
    return found


def _same(value: Any) -> Any:
    return value


def _unless_known(values: Iterable[str], column_type: ColumnType) -> tuple[str, ...] | None:
    """Return the listed values, None where an enum of the database lists the same."""
    found = tuple(values)
    return None if set(found) == set(column_type.labels) else found


def _of_array(attribute: Attributed, element: Any) -> DeclaredColumn:
    column_type = attribute.column.type
    inner = replace(attribute.column, type=column_type.element_type if column_type.array else TEXT)
    found, _ = declared_by_type(
        replace(attribute, annotation=None, default=lambda: None, type=element, column=inner)
    )
    binding = found.binding
    if found.allowed is not None or binding is None:
        # Listed elements are made as they are stored.
        return DeclaredColumn(element=replace(found, binding=None)) if found != DeclaredColumn() else found
    of_values = binding.type
    whole = replace(
        binding,
        type=None if of_values is None else array_of(of_values),
        bind=lambda values: [None if each is None else binding.bind(each) for each in values],
        load=lambda values: [None if each is None else binding.load(each) for each in values],
    )
    return DeclaredColumn(element=replace(found, binding=None), binding=whole)


# ---- how values are stored


def _is_stored_otherwise(kind: Any) -> bool:
    return isinstance(kind, types.Uuid) and not kind.native_uuid


_CONVERTING = ("process_bind_param", "process_result_value", "bind_processor", "result_processor")


def _has_own(kind: Any, name: str) -> bool:
    """Whether a type has a method of its own in the place of SQLAlchemy's."""
    return getattr(type(kind), name, None) is not getattr(types.TypeDecorator, name)


def stored_by(kind: Any, value: Any) -> Any:
    """Return a value of the application as a type stores it, in the form in which rows have it."""
    if isinstance(kind, types.TypeDecorator):
        if _has_own(kind, "process_bind_param"):
            return stored_by(_impl(kind), kind.process_bind_param(value, DIALECT))
        if _has_own(kind, "bind_processor"):
            return _processed(kind.bind_processor(DIALECT), value)
        return stored_by(_impl(kind), value)
    if value is None:
        return None
    if isinstance(kind, types.JSON):
        # A text would be taken for the document itself.
        return json.dumps(value) if isinstance(value, str) else value
    if isinstance(kind, types.Uuid):
        if kind.native_uuid:
            return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
        return (value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))).hex
    if isinstance(kind, types.ARRAY):
        return [None if each is None else stored_by(kind.item_type, each) for each in value]
    if _is_plain(kind):
        return _unwrapped(value)
    return _processed(kind.dialect_impl(DIALECT).bind_processor(DIALECT), value)


def loaded_by(kind: Any, value: Any) -> Any:
    """Return a stored value, in the form in which rows have it, as the application has it."""
    if isinstance(kind, types.TypeDecorator):
        if _has_own(kind, "process_result_value"):
            return kind.process_result_value(loaded_by(_impl(kind), value), DIALECT)
        if _has_own(kind, "result_processor"):
            return _processed(kind.result_processor(DIALECT, None), value)
        return loaded_by(_impl(kind), value)
    if value is None:
        return None
    if isinstance(kind, types.JSON):
        return json.loads(value) if isinstance(value, str) else value
    if isinstance(kind, types.Uuid):
        found = value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
        return found if kind.as_uuid else str(found)
    if isinstance(kind, types.ARRAY):
        return [None if each is None else loaded_by(kind.item_type, each) for each in value]
    if _is_plain(kind):
        return value
    return _processed(kind.dialect_impl(DIALECT).result_processor(DIALECT, None), value)


def _unwrapped(value: Any) -> Any:
    """A text or a number that is a member of an enum, as it is stored."""
    return value.value if isinstance(value, enum.Enum) and isinstance(value, str | int) else value


def _is_plain(kind: Any) -> bool:
    """Whether a type's values are written as they are, so that what SQLAlchemy does for a driver is left out."""
    of_driver = (
        types.LargeBinary,
        types.Numeric,
        types.Float,
        types.DateTime,
        types.Date,
        types.Time,
        types.Integer,
    )
    return isinstance(kind, of_driver) or (
        isinstance(kind, types.String) and not isinstance(kind, types.Enum)
    )


def _impl(kind: Any) -> Any:
    """Return the type that a TypeDecorator decorates, on PostgreSQL."""
    found = kind.load_dialect_impl(DIALECT)
    # The type for the dialect is wanted where the application chooses it, else the one that was written.
    return kind.impl_instance if found is None else found


def _processed(processor: Callable[[Any], Any] | None, value: Any) -> Any:
    found = value if processor is None else processor(value)
    # psycopg2's wrapper of bytes.
    return getattr(found, "adapted", found)


def plain_binding(kind: Any) -> Binding | None:
    """Return the binding by which a type stores supplied values; None for a type that converts nothing."""
    kind = on_postgresql(kind)
    if not isinstance(kind, types.TypeDecorator) and not _is_stored_otherwise(kind):
        return None
    return Binding(
        _name(kind),
        None,
        lambda value: stored_by(kind, value),
        lambda value: loaded_by(kind, value),
        _code(kind),
    )


# ---- what the application has


def _bound(attribute: Attributed) -> tuple[DeclaredColumn, Callable[[Any], Any]]:
    """Return the binding of a type that stores values in another form, with the limits of the values it takes."""
    key = getattr(attribute.type, "_static_cache_key", None)
    if not isinstance(key, tuple):
        return _new_binding(attribute)
    default = attribute.default()
    attribute = replace(attribute, default=lambda: default)
    whole = (key, attribute.annotation, attribute.column.type, type(default))
    try:
        known = _KNOWN.get(whole)
    except TypeError:
        # An argument of the type, or metadata of the annotation, has no hash.
        return _new_binding(attribute)
    if known is None:
        known = _KNOWN[whole] = _new_binding(attribute)
    return known


# By SQLAlchemy's key of a type, which has its class and arguments: most types are those of many columns.
_KNOWN: dict[tuple[Any, ...], tuple[DeclaredColumn, Callable[[Any], Any]]] = {}


def _new_binding(attribute: Attributed) -> tuple[DeclaredColumn, Callable[[Any], Any]]:
    kind = attribute.type
    name = _name(kind)
    found = next(filter(lambda each: _works(attribute, each), _candidates(attribute)), None)
    required = _reads_no_null(kind)
    if found is None:
        return DeclaredColumn(binding=plain_binding(kind), required=required), _same
    if _is_stored_as_made(attribute, found):
        return DeclaredColumn(required=required), _same
    of_values = found.declared
    inner = of_values.binding

    def bind(value: Any) -> Any:
        return stored_by(kind, found.build(value))

    def load(value: Any) -> Any:
        there = loaded_by(kind, value)
        return there if inner is None or there is None else inner.load(there)

    allowed = None if of_values.allowed is None else tuple(_distinct(map(bind, of_values.allowed)))
    return (
        replace(
            of_values,
            allowed=allowed,
            required=required,
            binding=Binding(name, found.type, bind, load, _code(kind)),
        ),
        found.build,
    )


def _distinct(values: Iterable[Any]) -> Iterator[Any]:
    seen: list[Any] = []
    for value in values:
        if value not in seen:
            seen.append(value)
            yield value


def _name(kind: Any) -> str:
    return f"{type(kind).__module__}.{type(kind).__qualname__}"


def _code(kind: Any) -> Fingerprint:
    """Return the fingerprint of a type: SQLAlchemy's own ones are equal in all sessions."""
    known = type(kind).__module__.startswith("sqlalchemy.")
    try:
        shown = _ADDRESS.sub("", repr(kind))
    except Exception:
        # The code of the application may raise anything.
        shown = ""
    return Fingerprint(f"{_name(kind)} {shown}", CacheScope.CONTENT if known else CacheScope.RUN)


def _reads_no_null(kind: Any) -> bool:
    try:
        loaded_by(kind, None)
    except Exception:
        # The code of the application may raise anything.
        return True
    return False


def _works(attribute: Attributed, candidate: ApplicationType) -> bool:
    """Whether a type stores values and reads what it has stored."""
    samples = candidate.declared.allowed or _samples(candidate)
    if not samples:
        return False
    try:
        for sample in samples:
            value = stored_by(attribute.type, candidate.build(sample))
            if value is None or not _is_storable(value, attribute.column.type):
                return False
            loaded_by(attribute.type, value)
    except Exception:
        # The code of the application may raise anything.
        return False
    return True


def _is_stored_as_made(attribute: Attributed, found: ApplicationType) -> bool:
    """Whether a type stores what is made of the column's own type, so that the database says as much.

    Of texts it cannot be told: one may be changed by what is in it.
    """
    column_type = attribute.column.type
    same = {found.type.name, column_type.name}
    usual = found.declared in (DeclaredColumn(), _DOCUMENT.declared)
    if not usual or found.type.array or column_type.array or is_string(column_type):
        return False
    if len(same) > 1 and not same <= {"json", "jsonb"}:
        return False
    try:
        return all(
            str(stored_by(attribute.type, sample)) == str(sample)
            and type(loaded_by(attribute.type, sample)) is type(sample)
            for sample in _samples(found)
        )
    except Exception:
        # The code of the application may raise anything.
        return False


def _is_storable(value: Any, column_type: ColumnType) -> bool:
    if is_json(column_type) and not column_type.array:
        try:
            json.dumps(value)
        except (TypeError, ValueError):
            return False
        return True
    if column_type.array:
        return isinstance(value, list | tuple)
    if isinstance(value, dict | list | tuple | set | enum.Enum):
        return False
    if is_string(column_type):
        return isinstance(value, str)
    if is_boolean(column_type):
        return isinstance(value, bool)
    if is_number(column_type):
        return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if is_bytea(column_type):
        return isinstance(value, bytes | bytearray | memoryview)
    return not is_datetime(column_type) or isinstance(value, date | time)


_TODAY = datetime(2024, 5, 17, 9, 30, tzinfo=timezone.utc)
_SAMPLES: Mapping[str, tuple[Any, ...]] = {
    "bool": (True, False),
    "int8": (1, 12),
    "int4": (1, 12),
    "float8": (1.5, 2.0),
    "numeric": (Decimal("1.25"), Decimal(3)),
    "text": ("abc", "Some words"),
    "bytea": (b"abc", b"xyz"),
    "uuid": (uuid.UUID(int=5 << 64), uuid.UUID(int=7 << 64)),
    "timestamptz": (_TODAY,),
    "timestamp": (_TODAY.replace(tzinfo=None),),
    "date": (_TODAY.date(),),
    "time": (_TODAY.time(),),
    "interval": (timedelta(days=2, seconds=30),),
    "jsonb": ({"key": [1, "text"]},),
}
# What meanings make of texts that have a certain form.
_FORMS = {
    "email": "ann@example.com",
    "url": "https://example.com/a",
    "ip_address": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "timezone": "Europe/Berlin",
    "file_path": "/a/b.txt",
}


def _samples(candidate: ApplicationType) -> tuple[Any, ...]:
    """Return some values of a type, as they would be made."""
    found = [_sample(candidate.type, candidate.declared, number) for number in range(2)]
    return () if None in found else tuple(_distinct(found))


def samples_of(column_type: ColumnType) -> tuple[Any, ...]:
    """Return some values of a column's type, as rows have them; none where no form of them is known."""
    usual = column_type
    if not column_type.array:
        families = ((is_string, TEXT), (is_integer, BIGINT), (is_json, JSONB))
        usual = next((found for is_of, found in families if is_of(column_type)), column_type)
    return _samples(ApplicationType(DOUBLE if usual.name == "float4" else usual))


def _sample(column_type: ColumnType, declared: DeclaredColumn | None, number: int) -> Any:
    if declared is not None:
        if declared.allowed:
            return declared.allowed[number % len(declared.allowed)]
        if declared.words in _FORMS:
            return _FORMS[declared.words]
        if declared.minimum is not None or declared.maximum is not None:
            bound = declared.minimum if declared.minimum is not None else declared.maximum
            return _toward(bound, 1 if declared.minimum is not None else -1, number)
    if column_type.array:
        inner = declared.element if declared is not None else None
        return [_built(column_type.element_type, inner, number)]
    if column_type.attributes:
        return tuple(_built(each.type, each.declared, number) for each in column_type.attributes)
    if declared is not None and declared.json_type == "array":
        return ["text"]
    known = _SAMPLES.get(column_type.name)
    return None if known is None else known[number % len(known)]


def _toward(bound: Any, sign: int, number: int) -> Any:
    return bound + sign * (number + 1)


def _built(column_type: ColumnType, declared: DeclaredColumn | None, number: int) -> Any:
    made = _sample(column_type, declared, number)
    binding = declared.binding if declared is not None else None
    return made if binding is None or made is None else binding.bind(made)


# ---- candidates


def _candidates(attribute: Attributed) -> Iterator[ApplicationType]:
    """Yield what the values of an attribute may be, the most certain first."""
    kind = attribute.type
    if isinstance(kind, types.Uuid):
        # Also where the application has their texts.
        yield ApplicationType(UUID)
    for annotation in (attribute.annotation, *_stated(kind)):
        found = None if annotation is None else type_of_annotation(annotation)
        if found is not None:
            yield from _variants(found)
    mentioned = list(_mentioned(kind))
    for value in mentioned:
        yield from _of_class(value)
    default = attribute.default()
    if default is not None:
        found = type_of_annotation(type(default))
        if found is not None:
            yield from _variants(found)
    for found in _USUAL:
        if _reads_back(attribute, found):
            yield found
    for value in mentioned:
        yield from _of_members(value)


def _variants(found: ApplicationType) -> Iterator[ApplicationType]:
    yield found
    if found.type == TIMESTAMPTZ:
        # An annotation does not tell whether a moment has a time zone.
        yield replace(found, type=TIMESTAMP)


def _stated(kind: Any) -> Iterator[Any]:
    """Yield the Python types that a type states: by its property, its type parameter, and its methods' annotations."""
    if _has_own(kind, "python_type") or not isinstance(kind, types.TypeDecorator):
        try:
            yield kind.python_type
        except Exception:
            # Many types raise NotImplementedError.
            yield None
    if not isinstance(kind, types.TypeDecorator):
        return
    for base in getattr(type(kind), "__orig_bases__", ()):
        for argument in typing.get_args(base):
            if not isinstance(argument, TypeVar) and argument is not Any:
                yield argument
    for name, which in (("process_result_value", "return"), ("process_bind_param", "value")):
        if _has_own(kind, name):
            found = hints_of(getattr(type(kind), name)).get(which)
            if found not in (None, Any, object):
                yield found


def _mentioned(kind: Any) -> Iterator[Any]:
    """Yield what a type may take its values from: its attributes, those of its class, and what its code names."""
    if not isinstance(kind, types.TypeDecorator) or type(kind).__module__.startswith("sqlalchemy."):
        return
    yield from vars(kind).values()
    for base in type(kind).__mro__:
        if base.__module__.startswith("sqlalchemy."):
            break
        yield from (value for name, value in vars(base).items() if not name.startswith("__"))
    for name in ("process_bind_param", "process_result_value"):
        function = getattr(type(kind), name, None)
        if isinstance(function, FunctionType) and not function.__module__.startswith("sqlalchemy."):
            yield from named_in(function)


def named_in(function: FunctionType) -> Iterator[Any]:
    """Yield the values of the global names and of the enclosing functions' variables that a function's code reads."""
    for code in codes_of(function.__code__):
        # Attributes have names as well, which may be those of other globals.
        read = (
            each.argval for each in dis.get_instructions(code) if each.opname in ("LOAD_GLOBAL", "LOAD_NAME")
        )
        for name in dict.fromkeys(read):
            if name in function.__globals__:
                yield function.__globals__[name]
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:
            # The variable has no value yet.
            continue


def codes_of(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of a function and of the functions and comprehensions in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_of(constant)


def _of_class(value: Any) -> Iterator[ApplicationType]:
    """Yield the type of a class whose values are listed, or have fields."""
    # What pydantic's TypeAdapter is for may be a union of classes.
    adapted = getattr(value, "_type", None) if type(value).__name__ == "TypeAdapter" else None
    listed = isinstance(value, type) and (issubclass(value, enum.Enum) or is_structured(value))
    found = type_of_annotation(value if listed else adapted)
    if found is not None:
        yield found


def _of_members(value: Any) -> Iterator[ApplicationType]:
    """Yield types whose values are the members of a container: its keys, values, or first parts of pairs."""
    if isinstance(value, Mapping) and value:
        yield from filter(None, (of_members(value.keys()), of_members(value.values())))
    elif isinstance(value, list | tuple | set | frozenset) and value:
        members = sorted(value, key=repr) if isinstance(value, set | frozenset) else value
        pairs = all(isinstance(each, list | tuple) and len(each) == 2 for each in members)
        chosen = [each[0] for each in members] if pairs else members
        if all(isinstance(each, str | int | enum.Enum) for each in chosen):
            found = of_members(chosen)
            if found is not None:
                yield found


# Types that are tried where nothing tells what the application has. A document comes first: what stores texts refuses
# one, while what stores documents takes a text as well.
_DOCUMENT = ApplicationType(JSONB, DeclaredColumn(json_type="object"))
_TEXTS = ColumnType("text[]", "text", "S", array=True, element=TEXT)
_USUAL: tuple[ApplicationType, ...] = (
    _DOCUMENT,
    *(
        found
        for each in (list[str], set[str], tuple[str, ...])
        if (found := type_of_annotation(each)) is not None
    ),
    *(
        ApplicationType(each)
        for each in (UUID, BOOLEAN, TIMESTAMPTZ, TIMESTAMP, DATE, TIME, INTERVAL, NUMERIC, BIGINT)
    ),
    *(found for each in (float, str, bytes) if (found := type_of_annotation(each)) is not None),
)


def _reads_back(attribute: Attributed, candidate: ApplicationType) -> bool:
    """Whether values of a type are read as they were before they were stored, and are of the same class."""
    try:
        for sample in _samples(candidate):
            value = candidate.build(sample)
            found = loaded_by(attribute.type, stored_by(attribute.type, value))
            if type(found) is not type(value) or found != value:
                return False
    except Exception:
        # The code of the application may raise anything.
        return False
    return True


# ---- documents


def _document(attribute: Attributed) -> tuple[DeclaredColumn, Callable[[Any], Any]]:
    """Return what is declared of a document: by the annotation, else by the default."""
    found = None if attribute.annotation is None else type_of_annotation(attribute.annotation)
    if found is not None and found.type == JSONB:
        # An object is what is made anyway.
        return DeclaredColumn(json_type="array" if found.declared.json_type == "array" else None), _same
    if found is not None and _works(attribute, found):
        of_values, kind = found.declared, attribute.type
        inner = of_values.binding

        def bind(value: Any) -> Any:
            return stored_by(kind, found.build(value))

        def load(value: Any) -> Any:
            there = loaded_by(kind, value)
            return there if inner is None or there is None else inner.load(there)

        binding = Binding(
            f"the annotation of {attribute.origin}",
            found.type,
            bind,
            load,
            Fingerprint(f"{found.type!r}", CacheScope.RUN),
        )
        allowed = None if of_values.allowed is None else tuple(map(bind, of_values.allowed))
        return replace(of_values, allowed=allowed, binding=binding), found.build
    if found is None and isinstance(attribute.default(), list):
        return DeclaredColumn(json_type="array"), _same
    return DeclaredColumn(), _same
