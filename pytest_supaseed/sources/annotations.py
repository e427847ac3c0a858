"""Python's types, as models annotate attributes with them: the values that PostgreSQL would store of them.

:func:`type_of_annotation` returns an :class:`ApplicationType`: a PostgreSQL type by which values are made, and how
objects of the Python type are built from them. :func:`limits_of` reads the limits in ``Annotated``, also pydantic's.
:func:`annotation_of` finds the annotation of an attribute. Nothing is imported that the models have not imported.
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import ipaddress
import operator
import pathlib
import re
import sys
import types
import typing
import uuid
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Union, get_args, get_origin

from pytest_supaseed.fingerprint import CacheScope, Fingerprint
from pytest_supaseed.model.schema import Attribute, Binding, ColumnType, DeclaredColumn
from pytest_supaseed.model.type_families import (
    BIGINT,
    BOOLEAN,
    BYTEA,
    DATE,
    DOUBLE,
    INTERVAL,
    JSONB,
    NUMERIC,
    TEXT,
    TIME,
    TIMESTAMPTZ,
    UUID,
)

_NOTHING = DeclaredColumn()


@dataclass(frozen=True)
class ApplicationType:
    """Values of a Python type.

    Attributes:
        type: PostgreSQL's type by which they are made.
        declared: what is known of the values. ``allowed`` has objects of the Python type, and ``binding`` builds an
            object from a value that was made, or leaves an object as it is.
    """

    type: ColumnType
    declared: DeclaredColumn = _NOTHING

    def build(self, value: Any) -> Any:
        """Return the object for a value that was made."""
        binding = self.declared.binding
        return value if binding is None or value is None else binding.bind(value)


_SCALARS: tuple[tuple[type, ColumnType], ...] = (
    (bool, BOOLEAN),
    (int, BIGINT),
    (float, DOUBLE),
    (Decimal, NUMERIC),
    (str, TEXT),
    (bytes, BYTEA),
    (uuid.UUID, UUID),
    (datetime, TIMESTAMPTZ),
    (date, DATE),
    (time, TIME),
    (timedelta, INTERVAL),
)
# Classes whose objects are built from a text, with a name that tells what the text is.
_OF_TEXT: tuple[tuple[type, str], ...] = (
    (ipaddress.IPv4Address, "ip_address"),
    (ipaddress.IPv6Address, "ipv6"),
    (zoneinfo.ZoneInfo, "timezone"),
    (pathlib.PurePath, "file_path"),
)
# Pydantic's classes, whose values are texts for others.
_WORDS = {
    "EmailStr": "email",
    "NameEmail": "email",
    "AnyUrl": "url",
    "AnyHttpUrl": "url",
    "HttpUrl": "url",
    "IPvAnyAddress": "ip_address",
    "FileUrl": "url",
    "AnyWebsocketUrl": "url",
}
_DEEPEST = 6


def type_of_annotation(annotation: Any, depth: int = 0) -> ApplicationType | None:
    """Return what is known of the values of an annotated type, None leaving out.

    Args:
        annotation: a class, or a form of :mod:`typing`; ``Optional`` and SQLAlchemy's ``Mapped`` are looked into.
        depth: of the type in others.

    Returns:
        None where values of the type cannot be made.

    Example:
        >>> type_of_annotation(list[int]).type.text
        'bigint[]'
    """
    if depth > _DEEPEST or annotation is None:
        return None
    try:
        return _cached(annotation, depth)
    except TypeError:
        # Metadata may have no hash.
        return _of_annotation(annotation, depth)


def _of_annotation(annotation: Any, depth: int) -> ApplicationType | None:
    inner, metadata = unwrapped(annotation)
    found = _of_form(inner, depth)
    if found is None:
        return None
    limits = limits_of(metadata)
    return replace(found, declared=_with_limits(found.declared, limits)) if limits != _NOTHING else found


# The attributes of many models have few types.
_cached = lru_cache(maxsize=1024)(_of_annotation)


def unwrapped(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return a type without ``Mapped``, ``Annotated``, ``Optional`` and aliases, and the metadata around it."""
    metadata: tuple[Any, ...] = ()
    for _ in range(2 * _DEEPEST):
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            annotation, metadata = arguments[0], (*arguments[1:], *metadata)
        elif origin in (Union, types.UnionType):
            left = [each for each in arguments if each is not type(None)]
            if len(left) != 1:
                return annotation, metadata
            annotation = left[0]
        elif origin in (typing.Final, typing.ClassVar) or _is_mapped(origin):
            annotation = arguments[0]
        elif isinstance(annotation, typing.NewType):
            annotation = annotation.__supertype__
        elif type(annotation).__name__ == "TypeAliasType":
            annotation = annotation.__value__
        else:
            break
    return annotation, metadata


def _is_mapped(origin: Any) -> bool:
    module = str(getattr(origin, "__module__", ""))
    return module.startswith("sqlalchemy.orm") and "Mapped" in getattr(origin, "__name__", "")


def _of_form(annotation: Any, depth: int) -> ApplicationType | None:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is typing.Literal:
        return of_members(arguments)
    if origin in (Union, types.UnionType):
        # One of several types is enough.
        return next(filter(None, (type_of_annotation(each, depth + 1) for each in arguments)), None)
    if origin is not None:
        return _of_generic(origin, arguments, depth)
    if not isinstance(annotation, type):
        return None
    if issubclass(annotation, enum.Enum):
        return of_members(tuple(annotation))
    if annotation in (dict, list, tuple, set, frozenset):
        return _of_generic(annotation, (), depth)
    structure = _fields(annotation) if is_structured(annotation) else None
    if structure is not None:
        return _composite(annotation, structure, depth)
    return _of_class(annotation)


def of_members(members: Iterable[Any]) -> ApplicationType | None:
    """Return a type that has a few values, without None; None if there are none."""
    found = tuple(member for member in members if member is not None)
    return ApplicationType(_type_of_value(found[0]), DeclaredColumn(allowed=found)) if found else None


def _type_of_value(value: Any) -> ColumnType:
    plain = value.value if isinstance(value, enum.Enum) else value
    return next((column_type for kind, column_type in _SCALARS if isinstance(plain, kind)), TEXT)


def _of_class(annotation: type) -> ApplicationType | None:
    name = annotation.__name__
    if annotation.__module__.partition(".")[0] == "pydantic":
        return _of_pydantic(annotation, name)
    for kind, words in _OF_TEXT:
        if issubclass(annotation, kind):
            return ApplicationType(TEXT, DeclaredColumn(words=words, binding=_built(annotation, TEXT, str)))
    for kind, column_type in _SCALARS:
        if annotation is kind:
            return ApplicationType(column_type)
        if issubclass(annotation, kind) and kind is not datetime:
            return ApplicationType(
                column_type, DeclaredColumn(binding=_built(annotation, column_type, annotation))
            )
    return None


def _of_pydantic(annotation: type, name: str) -> ApplicationType | None:
    if name == "SecretStr":
        return ApplicationType(
            TEXT, DeclaredColumn(binding=_built(annotation, TEXT, lambda value: value.get_secret_value()))
        )
    if name not in _WORDS:
        return None
    declared = DeclaredColumn(words=_WORDS[name])
    if issubclass(annotation, str) or name in ("EmailStr", "NameEmail"):
        return ApplicationType(TEXT, declared)
    build = _built(annotation, TEXT, str)
    return ApplicationType(TEXT, replace(declared, binding=build))


def _built(kind: type, column_type: ColumnType, unbuild: Callable[[Any], Any]) -> Binding:
    """Return the binding of objects that a class builds from a value; ``unbuild`` is the inverse."""

    def build(value: Any) -> Any:
        return value if isinstance(value, kind) else kind(value)

    return Binding(_named(kind), column_type, build, unbuild, Fingerprint(_named(kind), CacheScope.RUN))


def _named(kind: Any) -> str:
    return f"{kind.__module__}.{getattr(kind, '__qualname__', kind)}"


def _of_generic(origin: Any, arguments: tuple[Any, ...], depth: int) -> ApplicationType | None:
    if not isinstance(origin, type):
        return None
    if issubclass(origin, str | bytes):
        return None
    if issubclass(origin, Mapping):
        return ApplicationType(JSONB, DeclaredColumn(json_type="object"))
    if issubclass(origin, tuple) and not (len(arguments) == 2 and arguments[1] is Ellipsis) and arguments:
        return _fixed_tuple(arguments, depth)
    if origin is list and not arguments:
        return ApplicationType(JSONB, DeclaredColumn(json_type="array"))
    if not issubclass(origin, Iterable):
        return None
    element = type_of_annotation(arguments[0], depth + 1) if arguments else ApplicationType(TEXT)
    if element is None:
        return None
    return _array(origin, element)


def _array(origin: Any, element: ApplicationType) -> ApplicationType:
    kind = next((each for each in (set, frozenset, tuple) if issubclass(origin, each)), list)
    if inspect.isabstract(origin) and "Set" in origin.__name__:
        kind = set
    column_type = array_of(element.type)
    declared = element.declared if element.declared != _NOTHING else None

    def build(value: Any) -> Any:
        if isinstance(value, kind) and kind is not list:
            return value
        return kind(element.build(each) for each in value) if isinstance(value, list | tuple | set) else value

    binding = Binding(
        kind.__name__,
        column_type,
        build,
        list,
        Fingerprint(f"{kind.__name__} {_text(element)}", _scope(element)),
    )
    # The elements are built by their own binding, before the array is.
    return ApplicationType(
        column_type, DeclaredColumn(element=declared, binding=None if kind is list else binding)
    )


def array_of(element: ColumnType) -> ColumnType:
    """Return the type of arrays of a type."""
    return replace(
        element, text=f"{element.text}[]", array=True, element=element, attributes=(), labels=(), base=""
    )


def _text(found: ApplicationType) -> str:
    return f"{found.type!r} {found.declared.allowed!r}"


def _scope(found: ApplicationType) -> CacheScope:
    return CacheScope.RUN if found.declared != _NOTHING else CacheScope.CONTENT


def _fixed_tuple(arguments: tuple[Any, ...], depth: int) -> ApplicationType | None:
    parts = [type_of_annotation(each, depth + 1) for each in arguments]
    if None in parts:
        return None
    attributes = tuple(
        Attribute(f"value_{number}", part.type, False, part.declared)
        for number, part in enumerate(parts)
        if part is not None
    )
    column_type = ColumnType("record", "record", "C", attributes=attributes)
    return ApplicationType(column_type)


@dataclass(frozen=True)
class _Structure:
    """The fields of a class: their annotations, by name, and those that may be left out."""

    annotations: Mapping[str, Any]
    optional: frozenset[str]
    build: Callable[[Mapping[str, Any]], Any]


def _fields(kind: type) -> _Structure | None:
    """Return the fields of a dataclass, a TypedDict, a named tuple, or a class of pydantic, msgspec or attrs."""
    hints = hints_of(kind)
    model_fields = getattr(kind, "model_fields", None)
    if isinstance(model_fields, Mapping) and hasattr(kind, "model_validate"):
        annotations = {
            name: annotated(field.annotation, field.metadata) for name, field in model_fields.items()
        }
        optional = {name for name, field in model_fields.items() if not field.is_required()}
        return _Structure(annotations, frozenset(optional), lambda values: _validated(kind, values))
    if typing.is_typeddict(kind):
        keys: frozenset[str] = getattr(kind, "__optional_keys__", frozenset())
        return _Structure(hints, keys, dict)
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return _Structure(
            {name: hints.get(name, str) for name in kind._fields},
            frozenset(getattr(kind, "_field_defaults", ())),
            lambda values: kind(**values),
        )
    if dataclasses.is_dataclass(kind):
        found = [field for field in dataclasses.fields(kind) if field.init]
        missing = dataclasses.MISSING
        optional = {
            field.name for field in found if (field.default, field.default_factory) != (missing, missing)
        }
        return _Structure(
            {field.name: hints.get(field.name, Any) for field in found},
            frozenset(optional),
            lambda values: kind(**values),
        )
    attributes = getattr(kind, "__attrs_attrs__", None)
    if attributes is not None:
        attrs = [each for each in attributes if each.init]
        names = {each.name: (each.alias or each.name) for each in attrs}
        return _Structure(
            {each.name: hints.get(each.name, Any) for each in attrs},
            frozenset(each.name for each in attrs if type(each.default).__name__ != "_Nothing"),
            lambda values: kind(**{names[name]: value for name, value in values.items()}),
        )
    if hasattr(kind, "__struct_fields__"):
        names_of_struct = tuple(kind.__struct_fields__)
        defaults = len(getattr(kind, "__struct_defaults__", ()))
        return _Structure(
            {name: hints.get(name, Any) for name in names_of_struct},
            frozenset(names_of_struct[len(names_of_struct) - defaults :]),
            lambda values: kind(**values),
        )
    return None


def annotated(annotation: Any, metadata: Iterable[Any]) -> Any:
    """Return ``Annotated[annotation, *metadata]``, or the annotation where there is no metadata."""
    parts = (annotation, *metadata)
    return annotation if len(parts) == 1 else operator.getitem(Annotated, parts)


def is_structured(kind: type) -> bool:
    """Whether a class declares fields: of dataclasses, pydantic, attrs or msgspec, a TypedDict or a named tuple."""
    marks = ("__dataclass_fields__", "model_fields", "__attrs_attrs__", "__struct_fields__", "_fields")
    return typing.is_typeddict(kind) or any(hasattr(kind, mark) for mark in marks)


def _validated(kind: Any, values: Mapping[str, Any]) -> Any:
    fields = kind.model_fields
    if getattr(kind, "__pydantic_root_model__", False):
        return kind.model_validate(values["root"])
    # By alias where it has one, as pydantic expects.
    return kind.model_validate(
        {fields[name].alias or name: value for name, value in values.items() if value is not None}
    )


def hints_of(kind: Any) -> Mapping[str, Any]:
    """Return the annotations of a class or function; none where one of them cannot be evaluated."""
    try:
        found: Mapping[str, Any] = typing.get_type_hints(kind, include_extras=True)
        return found
    except Exception:
        # An annotation may name what is imported for type checkers only.
        return {}


def _composite(kind: type, structure: _Structure, depth: int) -> ApplicationType | None:
    attributes = []
    for name, annotation in structure.annotations.items():
        part = type_of_annotation(annotation, depth + 1)
        if part is None:
            if name in structure.optional or _takes_none(annotation):
                continue
            return None
        declared = None if part.declared == _NOTHING else part.declared
        attributes.append(Attribute(name, part.type, _takes_none(annotation), declared))
    if not attributes:
        return None
    column_type = ColumnType(_named(kind), _named(kind), "C", attributes=tuple(attributes))
    names = tuple(attribute.name for attribute in attributes)

    def build(value: Any) -> Any:
        if type(value) is not tuple:
            return value
        return structure.build(dict(zip(names, value, strict=True)))

    def unbuild(value: Any) -> Any:
        if isinstance(value, Mapping):
            return tuple(value.get(name) for name in names)
        return tuple(getattr(value, name) for name in names)

    binding = Binding(
        _named(kind), column_type, build, unbuild, Fingerprint(f"{_named(kind)} {names}", CacheScope.RUN)
    )
    return ApplicationType(column_type, DeclaredColumn(binding=binding))


def _takes_none(annotation: Any) -> bool:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _takes_none(arguments[0])
    return annotation in (None, Any) or (origin in (Union, types.UnionType) and type(None) in arguments)


# ---- limits


# The metadata that limits say all of; texts that are made have no spaces at their ends.
UNDERSTOOD = frozenset(
    (
        "gt",
        "ge",
        "lt",
        "le",
        "multiple_of",
        "min_length",
        "max_length",
        "decimal_places",
        "pattern",
        "to_lower",
    )
) | {"to_upper", "strip_whitespace"}


def limits_of(metadata: Iterable[Any]) -> DeclaredColumn:
    """Return the limits in the metadata of ``Annotated``: annotated_types', pydantic's, and fields' of pydantic.

    Example:
        >>> from types import SimpleNamespace
        >>> limits_of([SimpleNamespace(ge=1), SimpleNamespace(max_length=3)]).minimum
        1
    """
    found: dict[str, Any] = {}
    for each in _flattened(metadata):
        for name, value in _limits(each):
            found[name] = (*found.get(name, ()), value) if name == "patterns" else value
    return DeclaredColumn(**found) if found else _NOTHING


def _flattened(metadata: Iterable[Any]) -> Iterator[Any]:
    for each in metadata:
        # A field of pydantic, or a group of annotated_types, has metadata of its own.
        inner = getattr(each, "metadata", None)
        if isinstance(inner, list):
            yield from _flattened(inner)
        elif hasattr(type(each), "__is_annotated_types_grouped_metadata__"):
            yield from _flattened(each)
            yield each
        else:
            yield each


def _limits(each: Any) -> Iterator[tuple[str, Any]]:
    numbers = (int, float, Decimal)
    for name, field, exclusive in (
        ("ge", "minimum", False),
        ("gt", "minimum", True),
        ("le", "maximum", False),
        ("lt", "maximum", True),
    ):
        value = getattr(each, name, None)
        if isinstance(value, numbers) and not isinstance(value, bool):
            yield field, _exact(value)
            yield f"{field}_exclusive", exclusive
    step = getattr(each, "multiple_of", None)
    if isinstance(step, numbers) and step:
        yield "multiple_of", _exact(step)
    for name, field in (
        ("min_length", "minimum_length"),
        ("max_length", "maximum_length"),
        ("decimal_places", "decimals"),
    ):
        value = getattr(each, name, None)
        if type(value) is int:
            yield field, value
    pattern = getattr(each, "pattern", None)
    text = pattern if isinstance(pattern, str) else getattr(pattern, "pattern", None)
    if isinstance(text, str) and is_regex(text):
        yield "patterns", text
    if getattr(each, "to_lower", None) is True:
        yield "lowercase", True
    if getattr(each, "to_upper", None) is True:
        yield "uppercase", True


def is_regex(text: str) -> bool:
    """Whether Python reads a regular expression, which may be of another dialect."""
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _exact(value: Any) -> int | Decimal:
    return value if isinstance(value, int) else Decimal(str(value))


def _with_limits(declared: DeclaredColumn, limits: DeclaredColumn) -> DeclaredColumn:
    """Return declarations with limits, where these have any."""
    changed = {
        each.name: getattr(limits, each.name)
        for each in dataclasses.fields(limits)
        if getattr(limits, each.name) != each.default
    }
    return replace(declared, **changed)


# ---- annotations of attributes


def annotation_of(kind: type, name: str) -> Any:
    """Return the annotation of an attribute of a class or one of its bases; None where there is none that is read."""
    for base in kind.__mro__:
        annotations = _own_annotations(base)
        if name not in annotations:
            continue
        annotation = annotations[name]
        if not isinstance(annotation, str):
            return _resolved(annotation, base)
        return _evaluated(annotation, base)
    return None


def _own_annotations(kind: type) -> Mapping[str, Any]:
    try:
        return inspect.get_annotations(kind)
    except Exception:
        # They are evaluated since Python 3.14, and may name what is imported for type checkers only.
        return {}


def _resolved(annotation: Any, kind: type) -> Any:
    """Evaluate the texts within an annotation, as in ``Mapped["Status"]``."""
    arguments = get_args(annotation)
    if any(isinstance(each, str | typing.ForwardRef) for each in arguments):
        return _evaluated(annotation, kind)
    return annotation


def _evaluated(annotation: Any, kind: type) -> Any:
    module = sys.modules.get(kind.__module__)
    holder = types.SimpleNamespace(__annotations__={"it": annotation})
    try:
        return typing.get_type_hints(
            holder, globalns=vars(module) if module else None, localns=dict(vars(kind)), include_extras=True
        )["it"]
    except Exception:
        # It may name what is imported for type checkers only.
        return None
