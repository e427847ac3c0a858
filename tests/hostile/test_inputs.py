"""What users write in markers and give for columns: it works, or it is refused in words, and never by a traceback."""

from __future__ import annotations

import enum
import functools
import ipaddress
import re
import sys
import uuid
from collections import OrderedDict, UserDict, deque, namedtuple
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any
from unittest.mock import MagicMock, Mock

import pytest

from pytest_supaseed import Rows
from pytest_supaseed.markers import ItemProblems, Suite, asked_spec, usage_error
from pytest_supaseed.settings import Settings

SETTINGS = Settings()
OURS = re.compile(r"pytest_supaseed[/\\]\S+\.py:\d+|^Traceback", re.MULTILINE)
RECURSIVE: list[Any] = []
RECURSIVE.append(RECURSIVE)
RECURSIVE_MAPPING: dict[str, Any] = {}
RECURSIVE_MAPPING["self"] = RECURSIVE_MAPPING
DEEP: list[Any] = []
for _ in range(100_000):
    DEEP = [DEEP]
HUGE = 10**10_000


class Unspeakable:
    """Raises whatever is asked of it."""

    def __repr__(self) -> str:
        raise ValueError("no repr")

    def __eq__(self, other: object) -> bool:
        raise ValueError("no eq")

    def __hash__(self) -> int:
        return 1

    def __bool__(self) -> bool:
        raise ValueError("no bool")


class Unhashable:
    __hash__ = None  # type: ignore[assignment]


class ClassLies:
    @property
    def __class__(self) -> Any:
        raise RuntimeError("no class")


class Broken(Mapping[str, Any]):
    def __getitem__(self, key: str) -> Any:
        raise OSError("no disk")

    def __iter__(self) -> Iterator[str]:
        raise OSError("no disk")

    def __len__(self) -> int:
        return 1


class Words(str):
    def __str__(self) -> str:
        return "other"

    def __repr__(self) -> str:
        raise ValueError("no repr")


class Name(str, enum.Enum):
    USERS = "users"


class Number(enum.IntEnum):
    FIVE = 5


class OddNumber(int):
    def __str__(self) -> str:
        return "many"

    __repr__ = __str__

    def __index__(self) -> int:
        raise ValueError("no index")

    def __lt__(self, other: object) -> bool:
        raise ValueError("no order")

    __gt__ = __le__ = __ge__ = __lt__


class NumPyLike:
    """A scalar of NumPy, as far as it is looked at."""

    dtype = SimpleNamespace(kind="i")

    def tolist(self) -> int:
        return 5

    def __index__(self) -> int:
        return 5


class Zone(tzinfo):
    def utcoffset(self, when: datetime | None) -> timedelta:
        raise RuntimeError("no zone")

    def dst(self, when: datetime | None) -> timedelta:
        return timedelta(0)

    def tzname(self, when: datetime | None) -> str:
        return "no"


class Speaking:
    def __str__(self) -> str:
        return "spoken"


class Failing:
    def __str__(self) -> str:
        raise LookupError("no words")


@dataclass
class Point:
    x: Any = 1


Pair = namedtuple("Pair", "a b")
Empty = enum.Enum("Empty", [])  # type: ignore[misc]


async def coroutine(faker: Any) -> str:
    return "a"


async def async_generator(faker: Any) -> Any:
    yield "a"


def generator(faker: Any) -> Iterator[str]:
    yield "a"


def no_arguments() -> str:
    return "a"


def released() -> memoryview:
    view = memoryview(b"a")
    view.release()
    return view


def signed() -> Any:
    class Signed:
        @property
        def __signature__(self) -> Any:
            raise RuntimeError("no signature")

        def __call__(self, faker: Any) -> str:
            return "a"

    return Signed()


def long_name(number: int) -> str:
    return "x" * number


# Positional arguments, keywords, and what the refusal says; an empty text where nothing is wrong before the schema.
MARKERS: dict[str, tuple[tuple[Any, ...], dict[str, Any], str]] = {
    # The mapping.
    "nothing": ((), {}, "names no table"),
    "two mappings": (({}, {}), {}, "takes one positional argument"),
    "an int": ((5,), {}, "takes a mapping"),
    "a text": (("users",), {}, "takes a mapping"),
    "a list": ((["users", 5],), {}, "takes a mapping"),
    "None": ((None,), {}, "takes a mapping"),
    "a class": ((dict,), {}, "takes a mapping"),
    "a function": ((no_arguments,), {}, "takes a mapping"),
    "a generator": ((generator(None),), {}, "takes a mapping"),
    "what cannot be shown": ((Unspeakable(),), {}, "whose repr() raises ValueError"),
    "a list that contains itself": ((RECURSIVE,), {}, "takes a mapping"),
    "a list that is deep": ((DEEP,), {}, "takes a mapping"),
    "a mapping that cannot be read": ((Broken(),), {}, "cannot be read: OSError: no disk"),
    "a mapping proxy": ((MappingProxyType({"users": 5}),), {}, ""),
    "a user's dict": ((UserDict({"users": 5}),), {}, ""),
    "an ordered dict": ((OrderedDict(users=5),), {}, ""),
    "an empty mapping": (({},), {}, "names no table"),
    "what says that it has no class": ((ClassLies(),), {}, "cannot be read: RuntimeError: no class"),
    # The names.
    "a name of NUL": (({"a\0b": 5},), {}, "has the character NUL"),
    "a name of half a character": (({"a\udc80": 5},), {}, "has half of a character"),
    "an empty name": (({"": 5},), {}, "is not the name of a table"),
    "a number for a name": (({5: 5},), {}, "5 is not the name of a table"),
    "None for a name": (({None: 5},), {}, "None is not the name of a table"),
    "bytes for a name": (({b"users": 5},), {}, "is not the name of a table"),
    "a tuple for a name": (({("public", "users"): 5},), {}, "is not the name of a table"),
    "a huge number for a name": (({HUGE: 5},), {}, "a number of 10001 digits is not the name"),
    "an object for a name": (({Unspeakable(): 5},), {}, "is not the name of a table"),
    "a member for a name": (({Name.USERS: 5},), {}, ""),
    "words for a name": (({Words("users"): 5},), {}, ""),
    "a name with a newline": (({"us\ners": 5},), {}, ""),
    "a name of a megabyte": (({long_name(1 << 20): 5},), {}, ""),
    "a name of quotes": (({"\"'`;--": 5},), {}, ""),
    "a name twice": (({"users": 5},), {"users": 6}, "named twice"),
    # The counts.
    "a bool": ((), {"users": True}, "not a bool: write 1"),
    "a float": ((), {"users": 5.0}, "not a float: write 5"),
    "NaN": ((), {"users": float("nan")}, "not a float"),
    "infinity": ((), {"users": float("inf")}, "not a float"),
    "minus zero": ((), {"users": -0.0}, "not a float: write 0"),
    "a huge float": ((), {"users": 1e308}, "not a float"),
    "a negative number": ((), {"users": -1}, "cannot be negative"),
    "2**63": ((), {"users": 2**63}, "counts no further than"),
    "10**400": ((), {"users": 10**400}, "counts no further than"),
    "10,000 digits": ((), {"users": HUGE}, "a number of 10001 digits"),
    "minus 10,000 digits": ((), {"users": -HUGE}, "cannot be negative"),
    "a count in words": ((), {"users": "five"}, "not a string: write 8"),
    "a count as a text": ((), {"users": "5"}, "not a string: write 5"),
    "superscript digits": ((), {"users": "\u00b2"}, "not a string"),
    "a count as bytes": ((), {"users": b"5"}, "not a bytes"),
    "a complex number": ((), {"users": 5j}, "not a complex"),
    "a Decimal": ((), {"users": Decimal(5)}, "not a Decimal"),
    "a Fraction": ((), {"users": Fraction(5)}, "not a Fraction"),
    "a number of NumPy": ((), {"users": NumPyLike()}, "not a NumPyLike"),
    "a member of an IntEnum": ((), {"users": Number.FIVE}, ""),
    "an odd number": ((), {"users": OddNumber(5)}, ""),
    "a date": ((), {"users": date(2025, 1, 1)}, "not a date"),
    "a set of counts": ((), {"users": {5}}, "not a set"),
    "a range": ((), {"users": range(5)}, "not a range"),
    "a function as a count": ((), {"users": no_arguments}, "not a function"),
    "a coroutine function as a count": ((), {"users": coroutine}, "not a function"),
    "a class as a count": ((), {"users": int}, "not a type"),
    "Ellipsis": ((), {"users": ...}, "not a ellipsis"),
    "None as a count": ((), {"users": None}, "not a NoneType"),
    "an object as a count": ((), {"users": Unspeakable()}, "whose repr() raises"),
    "a mock": ((), {"users": Mock()}, "not a Mock"),
    "a list that contains itself as a count": ((), {"users": RECURSIVE}, "not a list"),
    "the class Rows": ((), {"users": Rows}, "not a type"),
    # Mappings and Rows.
    "an empty entry": ((), {"users": {}}, "does not say how many rows"),
    "no amount": ((), {"users": Rows()}, "does not say how many rows"),
    "two amounts": ((), {"users": Rows(5, add=5)}, "has count and add"),
    "a mapping that contains itself": ((), {"users": RECURSIVE_MAPPING}, "does not say how many rows"),
    "a mapping of a user that fails": ((), {"users": Broken()}, "cannot be read: OSError: no disk"),
    "count=None": ((), {"users": {"count": None}}, "not a NoneType"),
    "count='5'": ((), {"users": Rows("5")}, "not a string"),  # type: ignore[arg-type]
    "add=HUGE": ((), {"users": Rows(add=HUGE)}, "10001 digits"),
    "add=2**63": ((), {"users": Rows(add=2**63)}, "counts no further"),
    "per=5": ((), {"users": Rows(per=5)}, "has per=5"),  # type: ignore[arg-type]
    "per={}": ((), {"users": Rows(per={})}, "has per={}"),
    "per of two": ((), {"users": Rows(per={"a": 1, "b": 1})}, "has per="),
    "per of a number": ((), {"users": Rows(per={5: 5})}, "5 is not the name of a table"),  # type: ignore[dict-item]
    "per of an object": ((), {"users": Rows(per={Unspeakable(): 5})}, "is not the name"),  # type: ignore[dict-item]
    "per of NUL": ((), {"users": Rows(per={"a\0": 5})}, "has the character NUL"),
    "per of half a character": ((), {"users": Rows(per={"\ud800": 5})}, "has half of a character"),
    "per of a bool": ((), {"users": Rows(per={"a": True})}, "not a bool"),
    "per of HUGE": ((), {"users": Rows(per={"a": HUGE})}, "10001 digits"),
    "per of a broken mapping": ((), {"users": Rows(per=Broken())}, "cannot be read: OSError: no disk"),
    "spread=None": ((), {"users": Rows(5, spread=None)}, "has spread=None"),  # type: ignore[arg-type]
    "spread=5": ((), {"users": Rows(5, spread=5)}, "has spread=5"),  # type: ignore[arg-type]
    "spread of an object": ((), {"users": Rows(5, spread=Unspeakable())}, "has spread="),  # type: ignore[arg-type]
    "spread of a list": ((), {"users": Rows(5, spread=["even"])}, "has spread="),  # type: ignore[arg-type]
    "spread in capitals": ((), {"users": Rows(5, spread="EVEN")}, "did you mean 'even'"),
    "columns=None": ((), {"users": Rows(5, columns=None)}, "has columns=None"),  # type: ignore[arg-type]
    "columns of a list": ((), {"users": Rows(5, columns=["a"])}, "has columns="),  # type: ignore[arg-type]
    "columns of a broken mapping": ((), {"users": Rows(5, columns=Broken())}, "cannot be read: OSError"),
    "a column of a number": ((), {"users": {"count": 5, 5: 5}}, "has 5 for a column"),
    "a column of an object": ((), {"users": {"count": 5, Unspeakable(): 5}}, "for a column"),
    "a column of NUL": ((), {"users": {"count": 5, "a\0b": 5}}, "has the character NUL"),
    "a column of half a character": ((), {"users": {"count": 5, "\udfff": 5}}, "has half of a character"),
    "a column without a name": ((), {"users": {"count": 5, "": 5}}, "for a column"),
    "a column twice": ((), {"users": {"count": 5, "a": 1, "columns": {"a": 2}}}, "is given twice"),
    "a misspelt count": ((), {"users": {"cuont": 5}}, "did you mean 'count'"),
}
OPTIONS: dict[str, tuple[tuple[Any, ...], dict[str, Any], str]] = {
    "a positional argument": ((5,), {}, "takes keywords only"),
    "a positional object": ((Unspeakable(),), {}, "takes keywords only"),
    "what says that it has no class": ((), {"seed": ClassLies()}, "cannot be read: RuntimeError: no class"),
    "an unknown option": ((), {"sed": 5}, "has no option 'sed'"),
    "a text for a limit": ((), {"max_records": "5"}, "write a whole number"),
    "a bool for a limit": ((), {"max_records": True}, "write a whole number"),
    "a negative limit": ((), {"max_records": -1}, "cannot be negative"),
    "a huge limit": ((), {"max_records": HUGE}, "at most 100 digits"),
    "a huge negative limit": ((), {"max_records": -HUGE}, "cannot be negative"),
    "an object for a limit": ((), {"max_records": Unspeakable()}, "write a whole number"),
    "an odd number for a limit": ((), {"max_records": OddNumber(500)}, ""),
    "a float for a seed": ((), {"seed": 1.0}, "write a whole number"),
    "NaN for a seed": ((), {"seed": float("nan")}, "write a whole number"),
    "a huge seed": ((), {"seed": HUGE}, "at most 100 digits"),
    "a seed of 128 bits": ((), {"seed": 2**128}, ""),
    "a negative seed": ((), {"seed": -1}, ""),
    "a member for a seed": ((), {"seed": Number.FIVE}, ""),
    "None for a seed": ((), {"seed": None}, "write a whole number"),
    "an unknown locale": ((), {"locale": "xx_XX"}, "no such locale"),
    "a locale of NUL": ((), {"locale": "de\0"}, "write the name of a Faker locale"),
    "a locale of half a character": ((), {"locale": "\udc80"}, "write the name of a Faker locale"),
    "an empty locale": ((), {"locale": ""}, "no such locale"),
    "a list of locales": ((), {"locale": ["de_DE"]}, "write the name of a Faker locale"),
    "an object for a locale": ((), {"locale": Unspeakable()}, "write the name of a Faker locale"),
    "a date of the year 1": ((), {"date": date.min}, "write a date of the years"),
    "a date of the year 9999": ((), {"date": date.max}, "write a date of the years"),
    "a datetime": ((), {"date": datetime(2025, 1, 1)}, "write a date of the years"),
    "a day that is not": ((), {"date": "2025-02-30"}, "write a date of the years"),
    "a date of NUL": ((), {"date": "2025-01-01\0"}, "write a date of the years"),
    "a number for a date": ((), {"date": 20250101}, "write a date of the years"),
    "an object for a date": ((), {"date": Unspeakable()}, "write a date of the years"),
    "words for a date": ((), {"date": Words("2025-01-01")}, ""),
}
# What is given for a column, and what is said of it before the schema is known.
VALUES: dict[str, tuple[Any, str]] = {
    "NUL": ("a\0b", "has the character NUL"),
    "half a character": ("a\udc80", "has half of a character"),
    "the other half": ("\ud83d", "has half of a character"),
    "NUL in a list": (["a", "a\0b"], "has the character NUL"),
    "NUL in a document": ({"a": ["\0"]}, "has the character NUL"),
    "NUL in a key": ({"\0": 1}, "has the character NUL"),
    "half a character in a tuple": (("a", "\udc80"), "has half of a character"),
    "words of NUL": (Words("\0"), "has the character NUL"),
    "a huge number": (HUGE, "a number of 10001 digits"),
    "a huge negative number": (-HUGE, "a number of 10001 digits"),
    "a huge number in a list": ([1, HUGE], "a number of 10001 digits"),
    "a huge number in a document": ({"a": {"b": HUGE}}, "a number of 10001 digits"),
    "an empty list": ([], "nothing to choose from"),
    "a set": ({1, 2}, "a set has no order"),
    "a frozen set": (frozenset((1, 2)), "a set has no order"),
    "an enum class": (Number, "an enum class is not a value"),
    "an empty enum class": (Empty, "an enum class is not a value"),
    "a list in itself": (RECURSIVE, "contains itself"),
    "a document in itself": (RECURSIVE_MAPPING, "contains itself"),
    "a deep list": (DEEP, "nested more than"),
    "a generator": (generator(None), "a generator is no value"),
    "an iterator": (iter([1]), "no text of its own"),
    "a map": (map(str, [1]), "an iterator is no value"),
    "a range": (range(5), "a range is no list"),
    "keys of a dict": ({}.keys(), "a dict_keys is no list"),
    "a deque": (deque([1]), "no text of its own"),
    "an object": (object(), "no text of its own"),
    "a namespace": (SimpleNamespace(a=1), "no text of its own"),
    "what cannot be shown": (Unspeakable(), "no text of its own"),
    "what has no words": (Failing(), "its str() raised LookupError: no words"),
    "what says that it has no class": (ClassLies(), "RuntimeError: no class"),
    "a module": (sys, "a module is no value"),
    "Ellipsis": (..., "no text of its own"),
    "a complex number": (1j, "no text of its own"),
    "a released memoryview": (released(), "its bytes cannot be read"),
    "a time in a broken zone": (
        datetime(2025, 1, 1, tzinfo=Zone()),
        "its str() raised RuntimeError: no zone",
    ),
    "a coroutine function": (coroutine, "is async"),
    "an async generator function": (async_generator, "is async"),
    "a generator function": (generator, "is a generator"),
    "a function without arguments": (no_arguments, "let it take them"),
    "a lambda without arguments": (lambda: 1, "let it take them"),
    "a lambda of three": (lambda a, b, c: 1, "let it take them"),
    "a lambda of keywords": (lambda *, faker: 1, "let it take them"),
    "an object in a list": ([object()], "no text of its own"),
    "an object in a document": ({"a": [object()]}, "no text of its own"),
    "a broken mapping": (Broken(), "cannot be read: OSError: no disk"),
    "an address": (f"{object()}", "has the address of an object"),
    "text": ("a", ""),
    "an empty text": ("", ""),
    "None": (None, ""),
    "a bool": (True, ""),
    "2**63": (2**63, ""),
    "10**400": (10**400, ""),
    "minus zero": (-0.0, ""),
    "NaN": (float("nan"), ""),
    "infinity": (float("-inf"), ""),
    "a signalling NaN": (Decimal("sNaN"), ""),
    "a Decimal": (Decimal("1.50"), ""),
    "a Fraction": (Fraction(1, 3), ""),
    "bytes": (b"a\0", ""),
    "a bytearray": (bytearray(b"a"), ""),
    "a memoryview": (memoryview(b"a"), ""),
    "the first date": (date.min, ""),
    "the last timestamp": (datetime.max, ""),
    "a time": (time(1, 2, tzinfo=timezone(timedelta(seconds=-1))), ""),
    "the longest interval": (timedelta.max, ""),
    "the shortest interval": (timedelta.min, ""),
    "a UUID": (uuid.UUID(int=1), ""),
    "an address of the network": (ipaddress.ip_address("::1"), ""),
    "a member": (Number.FIVE, ""),
    "words": (Words("quiet"), ""),
    "an odd number": (OddNumber(5), ""),
    "a number of NumPy": (NumPyLike(), ""),
    "a path": (Path("a"), ""),
    "what speaks": (Speaking(), ""),
    "a named tuple": (Pair(1, 2), ""),
    "a model": (Point(), ""),
    "a mapping proxy": (MappingProxyType({"a": 1}), ""),
    "a document with keys that are no texts": ({1: 2, None: 3, (1, 2): 4}, ""),
    "a long text": (long_name(1 << 20), ""),
    "a partial": (functools.partial(lambda a, faker: 1, 2), ""),
    "a builtin": (len, ""),
    "a class": (str, ""),
    "a method": ("a".join, ""),
    "a lambda with defaults": (lambda faker, row=None, more=1: 1, ""),
    "a callable without a signature": (signed(), ""),
    "a function in a list": ([len], ""),
    "a mock that can be called": (MagicMock(), ""),
}


def told(seeds: list[Any], options: list[Any], fragment: str) -> None:
    spec, problems = asked_spec(seeds, options, Suite(SETTINGS))
    message = usage_error([ItemProblems("test_a", "test_a.py:1", problems, None)])
    message.encode()
    assert "\0" not in message
    assert len(message) < 2**21
    if fragment:
        assert fragment in message, message
    else:
        assert problems == ()
        # Equal for what makes the same rows.
        assert spec.fingerprint.digest("run")


@pytest.mark.parametrize("case", MARKERS)
def test_arguments_of_a_marker_are_read_or_refused(case: str) -> None:
    args, kwargs, fragment = MARKERS[case]
    told([(args, kwargs)], [], fragment)


@pytest.mark.parametrize("case", OPTIONS)
def test_options_of_a_marker_are_read_or_refused(case: str) -> None:
    args, kwargs, fragment = OPTIONS[case]
    told([((), {"users": 5})], [(args, kwargs)], fragment)


@pytest.mark.parametrize("case", VALUES)
def test_values_for_columns_are_taken_or_refused(case: str) -> None:
    value, fragment = VALUES[case]
    told([((), {"users": Rows(5, columns={"a": value})})], [], fragment)
