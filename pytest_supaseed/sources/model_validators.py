"""Validators of an application's models, as functions that judge one value.

:func:`of_mapper` returns SQLAlchemy's ``@validates`` of an attribute, :func:`of_mutable` what ``MutableDict`` and its
kin take, and :func:`of_field` what pydantic, and SQLModel by it, checks of a field. Each is asked about a value as
PostgreSQL is asked about a CHECK.
"""

from __future__ import annotations

import enum
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import FunctionType, MethodType
from typing import Any

from pytest_supaseed.fingerprint import CacheScope, Fingerprint
from pytest_supaseed.model.schema import Validator
from pytest_supaseed.sources.annotations import UNDERSTOOD, annotated, is_regex, unwrapped
from pytest_supaseed.sources.column_types import codes_of, named_in

_MOST_HINTS = 40
_LONGEST_HINT = 40
# What only regular expressions have.
_OF_REGEX = re.compile(r"[\^$]|\\[dwsDWS]|\[.+\]")
_DEEPEST = 2


class Instance:
    """What stands for an object of a model: it has the attributes that are given, and the rest of its class.

    An object of the model itself would need mappers that are configured, which may fail while modules are still to be
    imported, and then never succeeds.
    """

    def __init__(self, kind: type, values: Mapping[str, Any]) -> None:
        vars(self)["_supaseed"] = kind, dict(values)

    @property  # type: ignore[misc] # the class that isinstance() sees
    def __class__(self) -> type:
        kind: type = vars(self)["_supaseed"][0]
        return kind

    def __getattr__(self, name: str) -> Any:
        kind, values = vars(self)["_supaseed"]
        if name in values:
            return values[name]
        found = inspect.getattr_static(kind, name)
        if type(found).__module__.startswith("sqlalchemy.orm"):
            # An attribute that has not been set.
            return None
        bound = getattr(found, "__get__", None)
        return found if bound is None else bound(self, kind)


def of_mapper(mapper: Any, key: str, columns: Mapping[str, str]) -> tuple[Validator, ...]:
    """Return the functions decorated by ``@validates`` for an attribute.

    Args:
        mapper: SQLAlchemy's mapper of a class.
        key: the attribute.
        columns: by attribute, the column.
    """
    found = mapper.validators.get(key)
    if found is None:
        return ()
    function, options = found
    kind = mapper.class_
    removes = (False,) if options.get("include_removes") else ()

    def accept(value: Any, row: Mapping[str, Any]) -> Any:
        known = {name: row[column] for name, column in columns.items() if column in row}
        returned = function(Instance(kind, known), key, value, *removes)
        # A function that returns nothing would leave every object without a value.
        return value if returned is None else returned

    plain = inspect.unwrap(function)
    reads: tuple[str, ...] = ()
    if isinstance(plain, FunctionType):
        named = {name for code in codes_of(plain.__code__) for name in code.co_names}
        reads = tuple(column for name, column in columns.items() if name in named and name != key)
    name = f"{kind.__qualname__}.{getattr(function, '__name__', key)} (@validates)"
    return (_validator(name, accept, plain, reads),)


def _validator(
    name: str, accept: Callable[[Any, Mapping[str, Any]], Any], code: Any, uses: tuple[str, ...] = ()
) -> Validator:
    hints, patterns = hints_of(code) if isinstance(code, FunctionType) else ((), ())
    return Validator(name, accept, uses, hints, patterns, _fingerprint(code))


def _fingerprint(code: Any) -> Fingerprint:
    line = code.__code__.co_firstlineno if isinstance(code, FunctionType) else ""
    named = f"{getattr(code, '__module__', '')}.{getattr(code, '__qualname__', code)}:{line}"
    return Fingerprint(named, CacheScope.RUN)


def hints_of(function: FunctionType) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """Return what the code of a validator mentions: literals that it may accept, and regular expressions.

    Example:
        >>> def check(value): assert value in ("a", "b")
        >>> hints_of(check)
        (('a', 'b'), ())
    """
    values: list[Any] = []
    patterns: list[str] = []
    for found in _mentioned(function, 0):
        if isinstance(found, re.Pattern):
            found = found.pattern
        if isinstance(found, str) and _OF_REGEX.search(found) and is_regex(found):
            patterns.append(found)
        elif isinstance(found, int | float) or (isinstance(found, str) and 0 < len(found) <= _LONGEST_HINT):
            values.append(found)
    return tuple(dict.fromkeys(values))[:_MOST_HINTS], tuple(dict.fromkeys(patterns))[:_MOST_HINTS]


def _mentioned(function: FunctionType, depth: int) -> Iterator[Any]:
    for code in codes_of(function.__code__):
        for constant in code.co_consts:
            # The first constant of a function may be its docstring.
            if constant != function.__doc__ and not isinstance(constant, bool):
                yield from _flat(constant)
    for value in named_in(function):
        if isinstance(value, FunctionType) and depth < _DEEPEST and not _is_of_a_library(value):
            yield from _mentioned(value, depth + 1)
        else:
            yield from _flat(value)


def _is_of_a_library(function: FunctionType) -> bool:
    return function.__module__.partition(".")[0] in sys.stdlib_module_names


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, type) and issubclass(value, enum.Enum):
        yield from (member.value for member in value)
    elif isinstance(value, tuple | list | set | frozenset):
        yield from sorted((each for each in value if isinstance(each, str | int | float)), key=repr)
    elif isinstance(value, str | int | float | re.Pattern) and not isinstance(value, bool):
        yield value


# ---- mutable values


def of_mutable(kind: Any, key: str, found: Any) -> Validator | None:
    """Return what a mutable type, such as ``MutableList``, takes for an attribute; None where it takes everything.

    Args:
        kind: the subclass of SQLAlchemy's ``Mutable``.
        key: the attribute.
        found: what the attribute is, for messages.
    """

    def accept(value: Any, row: Mapping[str, Any]) -> Any:
        coerced = kind.coerce(key, value)
        return value if value is None or isinstance(coerced, type(value)) else coerced

    name = f"{kind.__module__}.{kind.__qualname__} of {found}"
    return Validator(name, accept, fingerprint=Fingerprint(name, CacheScope.RUN))


def mutable_types(mapper: Any) -> list[tuple[Any, Any]]:
    """Return the column types that ``Mutable.as_mutable`` was given, each with the mutable type.

    SQLAlchemy keeps them in the variables of its listeners only.

    Args:
        mapper: any, whose listeners include those of all mappers.
    """
    found = []
    for listener in tuple(mapper.dispatch.mapper_configured):
        variables = _variables(listener)
        # SQLAlchemy calls a listener through a function of its own.
        variables = _variables(variables.get("fn")) or variables
        if "sqltype" in variables and "cls" in variables:
            found.append((variables["sqltype"], variables["cls"]))
    return found


def _variables(function: Any) -> Mapping[str, Any]:
    """The variables of the enclosing functions that a function of SQLAlchemy's reads; none of another function."""
    if not isinstance(function, FunctionType) or not function.__module__.startswith("sqlalchemy."):
        return {}
    return inspect.getclosurevars(function).nonlocals


# ---- pydantic


def of_field(kind: Any, name: str) -> Validator | None:
    """Return what pydantic checks of a field; None where it checks nothing but the type.

    Args:
        kind: a class of pydantic or SQLModel.
        name: the field.
    """
    field = kind.model_fields[name]
    decorators = getattr(getattr(kind, "__pydantic_decorators__", None), "field_validators", {})
    functions = {
        key: decorator
        for key, decorator in decorators.items()
        if name in decorator.info.fields or "*" in decorator.info.fields
    }
    inner, metadata = unwrapped(field.annotation)
    plain = (
        inner.__module__ in ("builtins", "datetime", "decimal", "uuid") if isinstance(inner, type) else False
    )
    checked = [each for each in (*metadata, *field.metadata) if _is_a_check(each)]
    if isinstance(inner, type) and issubclass(inner, enum.Enum):
        # Stored by its name, mostly, which pydantic does not read.
        return None
    if plain and not checked and not functions:
        return None
    return _of_pydantic(kind, name, field, functions)


def _is_a_check(metadata: Any) -> bool:
    """Whether metadata may say more than the limits that are read of it."""
    module = type(metadata).__module__.partition(".")[0]
    if module not in ("annotated_types", "pydantic", "pydantic_core"):
        return hasattr(metadata, "__get_pydantic_core_schema__")
    said = {name: value for name, value in _stated(metadata) if value is not None}
    unread = "pattern" in said and not is_regex(str(said["pattern"]))
    return unread or not said or not said.keys() <= UNDERSTOOD


def _stated(metadata: Any) -> Iterator[tuple[str, Any]]:
    names = getattr(metadata, "__dataclass_fields__", None) or getattr(metadata, "__dict__", {})
    yield from ((name, getattr(metadata, name, None)) for name in names)


def _of_pydantic(kind: Any, name: str, field: Any, functions: Mapping[str, Any]) -> Validator | None:
    pydantic: Any = importlib.import_module("pydantic")
    annotation = annotated(field.annotation, field.metadata)
    try:
        validators: dict[str, Any] = {
            key: pydantic.field_validator(name, mode=decorator.info.mode)(_plain(decorator.func))
            for key, decorator in functions.items()
        }
        model: Any = pydantic.create_model(
            kind.__name__,
            __config__=pydantic.ConfigDict(arbitrary_types_allowed=True),
            __validators__=validators,
            **{name: (annotation, ...)},
        )
    except Exception:
        # A type that pydantic cannot check alone.
        return None

    def accept(value: Any, row: Mapping[str, Any]) -> Any:
        found = getattr(model.model_validate({name: value}), name)
        return found if type(found) is type(value) else value

    code = next((_function(decorator.func) for decorator in functions.values()), None)
    title = f"{kind.__qualname__}.{name} (pydantic)"
    if code is not None:
        return _validator(title, accept, code)
    # Without functions of the application, it is pydantic's own code.
    text = f"{title} {annotation!r} {pydantic.VERSION}"
    scope = CacheScope.RUN if " at 0x" in text or "<function" in text else CacheScope.CONTENT
    return Validator(title, accept, fingerprint=Fingerprint(text, scope))


def _function(found: Any) -> Any:
    return inspect.unwrap(found.__func__ if isinstance(found, MethodType) else found)


def _plain(function: Any) -> Any:
    """Return a function in the place of a method that is bound to the model, as pydantic counts its parameters."""
    if not isinstance(function, MethodType):
        return function
    parameters = list(inspect.signature(function).parameters.values())
    if len(parameters) > 1:
        return lambda value, info: function(value, info)
    return lambda value: function(value)


def joined(validators: Iterable[Validator | None]) -> tuple[Validator, ...]:
    """Return validators without None."""
    return tuple(validator for validator in validators if validator is not None)
