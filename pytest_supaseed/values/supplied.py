"""Which Python values a column can have: those that are spelt alike in every run, and that PostgreSQL can read.

An object that has no ``str()`` of its own is spelt with its address, which is another one in every run: it is refused,
wherever it comes from, and so is a generator, a coroutine, a class.
"""

from __future__ import annotations

import datetime
import enum
import inspect
import re
import types
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any
from uuid import UUID

from pytest_supaseed.spec import RowChoices, marker_arguments
from pytest_supaseed.wording import abbreviated, raised, text_problem, too_many_digits

_ADDRESS = re.compile(r"<[^<>]* at 0x[0-9A-Fa-f]+")


# Python's own recursion ends at about a thousand calls, and each level takes some.
_DEEPEST = 100


_CONTAINERS = (Mapping, list, tuple, set, frozenset)


_TIMES = (datetime.date, datetime.time)


# Their text says all, whatever a subclass makes of it.
_KNOWN = (Decimal, UUID, datetime.timedelta, *_TIMES)


_NO_VALUES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (types.GeneratorType, "a generator"),
    ((types.CoroutineType, types.AsyncGeneratorType), "what an async function returns"),
    (type, "a class"),
    (types.ModuleType, "a module"),
    ((types.FunctionType, types.MethodType, types.BuiltinFunctionType), "a function"),
    ((enumerate, filter, map, reversed, zip), "an iterator"),
    ((range, type({}.keys()), type({}.values()), type({}.items())), "no list"),
)


class UnusableError(ValueError):
    """A value that no column, or not this one, can have; the text says why, as in ``a generator is no value``."""


def scalar(value: Any) -> Any:
    """Return a value that is no container as COPY can spell it, in every run alike.

    Args:
        value: anything.

    Returns:
        None, a bool, int, float, text, bytes, date, time, interval, Decimal or UUID; the text of what has a ``str()``
        of its own, such as an address or a range.

    Raises:
        UnusableError: it is nothing that a column could have.

    Example:
        >>> from ipaddress import ip_address
        >>> scalar(ip_address("::1")), scalar(enum.IntEnum("Level", "LOW").LOW)
        (IPv6Address('::1'), 1)
    """
    kind = type(value)
    if kind is str:
        return text(value)
    if value is None or kind is bool or kind is float:
        return value
    if isinstance(value, int):
        digits = too_many_digits(value)
        if digits:
            raise UnusableError(f"Python does not spell a number of {digits} digits: write it as a text")
        return value if kind is int else int.__add__(value, 0)
    if isinstance(value, float):
        return float.__mul__(value, 1.0)
    if isinstance(value, str):
        # A subclass may have a str() of its own.
        return text(str.__str__(value))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _bytes(value)
    if isinstance(value, _KNOWN):
        # A time zone may be the user's own.
        _spelt(value)
        return value
    for kinds, name in _NO_VALUES:
        if isinstance(value, kinds):
            if inspect.iscoroutine(value):
                # Else Python warns of it, far from here.
                value.close()
            raise UnusableError(
                f"{name} is no value" if name != "no list" else f"a {kind.__name__} is no list"
            )
    if not has_text(kind):
        raise UnusableError(
            f"an object of {kind.__module__}.{kind.__qualname__} has no text of its own, only an address that is "
            "another one in every run"
        )
    found = _spelt(value)
    if kind.__module__ == "ipaddress":
        return value
    # A mock spells its id() in digits.
    if str(id(value)) in found:
        raise UnusableError(f"the text of an object of {kind.__qualname__} is another one in every run")
    return text(found)


def has_text(kind: type) -> bool:
    """Whether the objects of a class have a ``str()`` of their own, and not the one that shows an address.

    Args:
        kind: the class.
    """
    own: object = kind.__str__
    return own is not object.__str__


def text(value: str) -> str:
    """Return a text that PostgreSQL can have.

    Args:
        value: the text.

    Raises:
        UnusableError: it can not, or it is the ``repr()`` of an object.
    """
    problem = text_problem(value)
    if problem:
        raise UnusableError(f"the text {problem}")
    if " at 0x" in value and _ADDRESS.search(value):
        raise UnusableError("the text has the address of an object, which is another one in every run")
    return value


def _bytes(value: bytes | bytearray | memoryview) -> bytes:
    try:
        return bytes(value)
    except ValueError as error:
        raise UnusableError(f"its bytes cannot be read: {error}") from error


def _spelt(value: object) -> str:
    try:
        return str(value)
    except Exception as error:
        raise UnusableError(f"its str() raised {raised(error)}") from error


def value_problem(value: Any) -> str:
    """Say why no column, whatever its type, can have a value; nothing if one could.

    Args:
        value: what a user gives: a scalar, or a container of them.

    Example:
        >>> value_problem(["a", {"b": 1}]), value_problem(["a", iter])
        ('', 'a function is no value')
    """
    try:
        _check(value, 0)
    except UnusableError as error:
        return str(error)
    except Exception as error:
        # A container of the user's own.
        return f"what is in it cannot be read: {raised(error)}"
    return ""


def _check(value: Any, depth: int) -> None:
    deep_enough(depth)
    if isinstance(value, enum.Enum):
        _check(value.value, depth + 1)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            _check(key, depth + 1)
            _check(part, depth + 1)
    elif isinstance(value, _CONTAINERS):
        for part in value:
            _check(part, depth + 1)
    elif not (is_model(value) or holds_secret(value) or is_array(value)):
        scalar(value)


def deep_enough(depth: int) -> None:
    """Refuse containers that contain themselves, or are nested as if they did.

    Args:
        depth: of a part in what a user gives.

    Raises:
        UnusableError: it is too deep.
    """
    if depth > _DEEPEST:
        raise UnusableError(f"it contains itself, or is nested more than {_DEEPEST} levels deep")


def holds_secret(value: object) -> bool:
    """Whether a value is pydantic's SecretStr or SecretBytes, which hide what they hold from ``str()``.

    Args:
        value: anything.
    """
    return hasattr(type(value), "get_secret_value")


def is_array(value: object) -> bool:
    """Whether a value is an array or a scalar of NumPy, or of a library that is made like it.

    Args:
        value: anything.
    """
    kind = type(value)
    return hasattr(kind, "dtype") and hasattr(kind, "tolist")


def of_array(value: Any) -> Any:
    """Return what an array or a scalar of NumPy is as Python's lists and scalars.

    Args:
        value: for which :func:`is_array` holds.
    """
    # Python's times have microseconds only, so that NumPy would give numbers in their place.
    if getattr(value.dtype, "kind", "") in ("M", "m"):
        return value.astype(str).tolist()
    return value.tolist()


def is_model(value: Any) -> bool:
    """Whether a value is an instance of a dataclass, of pydantic, msgspec or attrs.

    Args:
        value: anything.
    """
    kind = type(value)
    return any(
        hasattr(kind, name)
        for name in ("__dataclass_fields__", "model_dump", "__struct_fields__", "__attrs_attrs__")
    )


def column_problems(name: str, columns: Any) -> list[str]:
    """Say what is wrong with values for columns, as far as it can be told without the schema.

    Args:
        name: of the table, for the messages.
        columns: a mapping of column names to scalars, lists and functions, if it is right.
    """
    if not isinstance(columns, Mapping):
        suggestion = marker_arguments([(name, "Rows(8, columns={'is_public': True})")])
        return [
            f"{name} has columns={abbreviated(columns)}: write a mapping of column names to values, "
            f"as in {suggestion}"
        ]
    problems = []
    for column, value in columns.items():
        what = f"{name}.{column if type(column) is str else abbreviated(column)}"
        if not isinstance(column, str) or not column:
            problems.append(
                f"{name} has {abbreviated(column)} for a column: write the column's name as a string"
            )
        elif isinstance(value, (set, frozenset)):
            problems.append(
                f"{what}={abbreviated(value)}: a set has no order, and rows must not depend on chance: "
                "write a list"
            )
        elif isinstance(value, type) and issubclass(value, enum.Enum):
            problems.append(
                f"{what}={value.__name__}: an enum class is not a value: write list({value.__name__})"
            )
        elif isinstance(value, (list, tuple)) and not value:
            problems.append(
                f"{what}=[]: there is nothing to choose from: give at least one value, or leave it out"
            )
        elif callable(value) and positional_parameters(value) == 0:
            problems.append(
                f"{what}={abbreviated(value)}: the function is called with (faker) or (faker, row): "
                "let it take them"
            )
        elif _is_async(value):
            problems.append(
                f"{what}={abbreviated(value)}: the function is async, and a column gets what it returns: write a plain "
                "function"
            )
        elif inspect.isgeneratorfunction(value):
            problems.append(
                f"{what}={abbreviated(value)}: the function is a generator: let it return one value, it is called for "
                "each row"
            )
    return problems


def _is_async(value: Any) -> bool:
    return inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value)


def value_problems(name: str, columns: Iterable[tuple[str, Any]]) -> list[str]:
    """Say which values for columns PostgreSQL cannot have, whatever the types of the columns are.

    Args:
        name: of the table, for the messages.
        columns: names of columns, and what :func:`column_problems` has nothing to say of.
    """
    problems = []
    for column, value in columns:
        if problem := text_problem(column):
            problems.append(f"{name} has {abbreviated(column)} for a column: its name {problem}")
            continue
        for choice in value if isinstance(value, (list, tuple)) else [value]:
            # What is wrong with a function in a list is said when the column is known.
            if callable(choice) or isinstance(choice, RowChoices) or not (problem := value_problem(choice)):
                continue
            problems.append(
                f"{name}.{column}={abbreviated(choice)}: {problem}: give a value that is the same in every run, a list "
                "of them, or a function that returns one"
            )
    return problems


def positional_parameters(function: Callable[..., Any]) -> int:
    """How many of ``(faker, row)`` a column function takes: 0, 1 or 2.

    Args:
        function: what the user gave for a column.

    Returns:
        The number of positional arguments that it may be called with, at most 2; 0 if these do not do.
    """
    try:
        signature = inspect.signature(function)
    except Exception:  # a builtin without a signature, or one that a user's own class has and cannot tell
        return 1
    for number in (2, 1):
        with suppress(TypeError):
            signature.bind(*range(number))
            return number
    return 0
