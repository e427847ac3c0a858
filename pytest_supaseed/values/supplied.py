"""Validation of supplied values: those that have the same text in every run, and that PostgreSQL accepts.

An object without a ``str()`` of its own has its address as text, which differs in every run: it is refused, and so are
generators, coroutines and classes. :func:`scalar` converts one value; the functions named ``..._problem(s)`` return
messages for the user, empty if there is nothing to report.
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

from pytest_supaseed.errors import Problem
from pytest_supaseed.notation import Amount, notation
from pytest_supaseed.spec import RowChoices
from pytest_supaseed.wording import abbreviated, raised, text_problem, too_many_digits

_ADDRESS = re.compile(r"<[^<>]* at 0x[0-9A-Fa-f]+")
# Python's recursion limit is about a thousand calls, of which each level takes several.
_DEEPEST = 100
_CONTAINERS = (Mapping, list, tuple, set, frozenset)
_TIMES = (datetime.date, datetime.time)
# Types whose values, those of subclasses included, are kept instead of replaced by their text.
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
    """Return a value that is no container as COPY can write it, alike in every run.

    Returns:
        None, a bool, int, float, text, bytes, date, time, interval, Decimal or UUID; the text of any object with
        a ``str()`` of its own, such as a range. An IP address or network stays as it is.

    Raises:
        UnusableError: no column can have the value.

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
        # A subclass may override ``str()``.
        return text(str.__str__(value))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _bytes(value)
    if isinstance(value, _KNOWN):
        # The time zone may be an object of the user's class, whose methods may raise.
        _spelt(value)
        return value
    for kinds, name in _NO_VALUES:
        if isinstance(value, kinds):
            if inspect.iscoroutine(value):
                # Without this, Python warns later of a coroutine that was never awaited.
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
    # The text of a mock contains its ``id()``.
    if str(id(value)) in found:
        raise UnusableError(f"the text of an object of {kind.__qualname__} is another one in every run")
    return text(found)


def has_text(kind: type) -> bool:
    """Whether objects of a class have a ``str()`` other than the one that shows an address."""
    own: object = kind.__str__
    return own is not object.__str__


def text(value: str) -> str:
    """Return a text that PostgreSQL accepts.

    Raises:
        UnusableError: it does not, or the text is the ``repr()`` of an object.
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
    """Say why no column of any type can have a supplied scalar or container; empty if one can.

    Example:
        >>> value_problem(["a", {"b": 1}]), value_problem(["a", iter])
        ('', 'a function is no value')
    """
    try:
        _check(value, 0)
    except UnusableError as error:
        return str(error)
    except Exception as error:
        # A container class of the user's may raise anything.
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
    """Refuse containers that contain themselves, or are nested too deeply to tell.

    Raises:
        UnusableError: ``depth`` exceeds the limit.
    """
    if depth > _DEEPEST:
        raise UnusableError(f"it contains itself, or is nested more than {_DEEPEST} levels deep")


def holds_secret(value: object) -> bool:
    """Whether a value is pydantic's SecretStr or SecretBytes, whose ``str()`` hides the content."""
    return hasattr(type(value), "get_secret_value")


def is_array(value: object) -> bool:
    """Whether a value is an array or scalar of NumPy, or of a library with the same interface."""
    kind = type(value)
    return hasattr(kind, "dtype") and hasattr(kind, "tolist")


def of_array(value: Any) -> Any:
    """Return an array or scalar of NumPy as Python's lists and scalars."""
    # For times finer than Python's microseconds, ``tolist()`` would return integers.
    if getattr(value.dtype, "kind", "") in ("M", "m"):
        return value.astype(str).tolist()
    return value.tolist()


def is_model(value: Any) -> bool:
    """Whether a value is an instance of a dataclass, or of a class of pydantic, msgspec or attrs."""
    kind = type(value)
    return any(
        hasattr(kind, name)
        for name in ("__dataclass_fields__", "model_dump", "__struct_fields__", "__attrs_attrs__")
    )


def column_problems(name: str, columns: Any) -> list[Problem]:
    """Say what is wrong with the values supplied for columns, as far as this shows without the schema.

    Args:
        name: of the table, for the messages.
        columns: from the user; valid is a mapping of column names to scalars, lists and functions.
    """
    if not isinstance(columns, Mapping):
        suggestion = notation().arguments([(name, Amount(8, columns=(("is_public", True),)))])
        return [
            Problem(
                f"{name} has columns={abbreviated(columns)}",
                f"write a mapping of column names to values, as in {suggestion}",
                table=name,
            )
        ]
    problems = []
    for column, value in columns.items():
        named = column if type(column) is str else abbreviated(column)
        what = f"{name}.{named}={abbreviated(value)}"
        wrong = advice = ""
        if not isinstance(column, str) or not column:
            wrong = f"{name} has {abbreviated(column)} for a column"
            advice = "write the column's name as a string"
        elif isinstance(value, (set, frozenset)):
            wrong, advice = f"{what}: a set has no order, and rows must not depend on chance", "write a list"
        elif isinstance(value, type) and issubclass(value, enum.Enum):
            wrong = f"{name}.{named}={value.__name__}: an enum class is not a value"
            advice = f"write list({value.__name__})"
        elif isinstance(value, (list, tuple)) and not value:
            wrong = f"{name}.{named}=[]: there is nothing to choose from"
            advice = "give at least one value, or leave it out"
        elif callable(value) and positional_parameters(value) == 0:
            wrong = f"{what}: the function is called with (faker) or (faker, row)"
            advice = "let it take them"
        elif _is_async(value):
            wrong = f"{what}: the function is async, and a column gets what it returns"
            advice = "write a plain function"
        elif inspect.isgeneratorfunction(value):
            wrong = f"{what}: the function is a generator"
            advice = "let it return one value, it is called for each row"
        if wrong:
            problems.append(Problem(wrong, advice, table=name, columns=(named,)))
    return problems


def _is_async(value: Any) -> bool:
    return inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value)


def value_problems(name: str, columns: Iterable[tuple[str, Any]]) -> list[Problem]:
    """Say which supplied values PostgreSQL cannot have in a column of any type.

    Args:
        name: of the table, for the messages.
        columns: names and values for which :func:`column_problems` has no problem.
    """
    problems = []
    for column, value in columns:
        if problem := text_problem(column):
            wrong = f"{name} has {abbreviated(column)} for a column: its name {problem}"
            problems.append(Problem(wrong, table=name))
            continue
        for choice in value if isinstance(value, (list, tuple)) else [value]:
            # Functions in a list are checked once the column is known.
            if callable(choice) or isinstance(choice, RowChoices) or not (problem := value_problem(choice)):
                continue
            problems.append(
                Problem(
                    f"{name}.{column}={abbreviated(choice)}: {problem}",
                    "give a value that is the same in every run, a list of them, or a function that returns one",
                    table=name,
                    columns=(column,),
                )
            )
    return problems


def positional_parameters(function: Callable[..., Any]) -> int:
    """Return how many of ``(faker, row)`` a column function takes: 2 if it can, else 1, else 0."""
    try:
        signature = inspect.signature(function)
    except Exception:  # a builtin may have no signature, and a user's class one that raises
        return 1
    for number in (2, 1):
        with suppress(TypeError):
            signature.bind(*range(number))
            return number
    return 0
