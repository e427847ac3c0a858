"""What users give for columns, as far as the database: values, functions and factories of every kind and type."""

from __future__ import annotations

import re

import pytest

OURS = re.compile(r"pytest_supaseed[/\\]\S+\.py:\d+|^Traceback", re.MULTILINE)
SCHEMA = """
CREATE TYPE mood AS ENUM ('happy', 'sad');
CREATE TYPE pair AS (a integer, b text);
CREATE DOMAIN email AS text CHECK (VALUE ~ '@');
CREATE TABLE things (
    id serial PRIMARY KEY,
    t text, v varchar(10), i integer, n numeric, f float8, b boolean, d date, ts timestamp, tz timestamptz, ti time,
    iv interval, u uuid, j json, jb jsonb, m mood, e email, by bytea, ip inet, bits bit(3), r int4range, p point,
    ta text[], ia integer[], c pair, ba bytea[], x xml
);
"""
HEADER = """
import asyncio, enum, functools, ipaddress, random, sys, uuid
from collections import OrderedDict, UserDict, deque, namedtuple
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from unittest.mock import MagicMock, Mock
import pytest
from pytest_supaseed import Rows

class Unspeakable:
    def __repr__(self):
        raise ValueError("no repr")

class Failing:
    def __str__(self):
        raise LookupError("no words")

class Zone(tzinfo):
    def utcoffset(self, when):
        raise RuntimeError("no zone")

class Lazy:
    def __str__(self):
        return "lazy"

class Words(str):
    def __str__(self):
        return "other"

class Mood(enum.Enum):
    HAPPY = "happy"
    OBJECT = object()

class Money:
    def __init__(self, amount):
        self.amount = amount
    def __str__(self):
        return str(self.amount)

@dataclass
class Point:
    x: object = 1

class Wordless(Exception):
    def __str__(self):
        raise ValueError("no words")

def recursive():
    found = []
    found.append(found)
    return found

def deep():
    found = []
    for _ in range(100_000):
        found = [found]
    return found

def raises(error):
    raise error

async def coroutine():
    return "a"

def changes(faker, row):
    row["t"] = "x"

def misses(faker, row):
    return row["nope"]

def exits(faker):
    sys.exit(3)

HUGE = 10 ** 10_000
"""
Case = tuple[str, str, str]
# The column, the function, and a part of the error's text; empty where the value is accepted.
FUNCTIONS: list[Case] = [
    # Nothing that is a value.
    ("t", "lambda faker: (x for x in 'ab')", "returned <generator object"),
    ("t", "lambda faker: object()", "no text of its own"),
    ("t", "lambda faker: Unspeakable()", "whose repr() raises ValueError"),
    ("t", "lambda faker: Failing()", "its str() raised LookupError: no words"),
    ("t", "lambda faker: faker", "no text of its own"),
    ("t", "lambda faker: f'{faker}'", "has the address of an object"),
    ("t", "str", "has the address of an object"),
    ("t", "repr", "has the address of an object"),
    ("t", "lambda faker: coroutine()", "what an async function returns is no value"),
    ("t", "lambda faker: Mock()", "no text of its own"),
    ("t", "lambda faker: MagicMock()", "another one in every run"),
    ("t", "lambda faker: SimpleNamespace(a=1)", "no text of its own"),
    ("t", "lambda faker: str", "a class is no value"),
    ("t", "lambda faker: len", "a function is no value"),
    ("t", "lambda faker: (lambda: 1)", "a function is no value"),
    ("t", "lambda faker: sys", "a module is no value"),
    ("t", "lambda faker: map(str, 'ab')", "an iterator is no value"),
    ("t", "lambda faker: iter('ab')", "no text of its own"),
    ("t", "lambda faker: range(3)", "a range is no list"),
    ("t", "lambda faker: {1, 2}", "the column is text, and a set is no value of it"),
    ("t", "lambda faker: 1j", "no text of its own"),
    ("t", "lambda faker: b'a'", "bytes are for bytea"),
    ("t", "lambda faker: 'a' + chr(0)", "has the character NUL"),
    ("t", "lambda faker: chr(0xdc80)", "has half of a character"),
    ("t", "lambda faker: Words(chr(0))", "has the character NUL"),
    ("t", "lambda faker: HUGE", "a number of 10001 digits"),
    ("t", "lambda faker: [object()]", "no text of its own"),
    ("t", "lambda faker: {'a': (x for x in 'ab')}", "a generator is no value"),
    ("t", "lambda faker: Point(object())", "no text of its own"),
    ("t", "lambda faker: Mood.OBJECT", "no text of its own"),
    ("t", "lambda faker: recursive()", "contains itself"),
    ("t", "lambda faker: deep()", "nested more than"),
    ("v", "lambda faker: 'x' * 11", "value too long for type character varying(10)"),
    ("i", "lambda faker: [1]", "the column is integer, and a list is no value of it"),
    ("i", "lambda faker: {'a': 1}", "the column is integer, and a dict is no value of it"),
    ("i", "lambda faker: Point()", "the column is integer, and a Point is no value of it"),
    ("i", "lambda faker: {1}", "the column is integer, and a set is no value of it"),
    ("i", "lambda faker: 'one'", "invalid input syntax for type integer"),
    ("i", "lambda faker: 2**31", "out of range"),
    ("i", "lambda faker: HUGE", "a number of 10001 digits"),
    ("i", "lambda faker: 1.5", "invalid input syntax for type integer"),
    ("i", "lambda faker: float('nan')", "invalid input syntax for type integer"),
    ("i", "lambda faker: b'1'", "bytes are for bytea"),
    ("n", "lambda faker: Fraction(1, 3)", "invalid input syntax for type numeric"),
    ("n", "lambda faker: Decimal('sNaN')", "invalid input syntax for type numeric"),
    ("n", "lambda faker: HUGE", "a number of 10001 digits"),
    ("f", "lambda faker: 10**400", "out of range"),
    ("b", "lambda faker: [True]", "the column is boolean, and a list is no value of it"),
    ("b", "lambda faker: 'maybe'", "invalid input syntax for type boolean"),
    ("d", "lambda faker: (2025, 1, 1)", "the column is date, and a tuple is no value of it"),
    ("d", "lambda faker: '2025-02-30'", "out of range"),
    ("tz", "lambda faker: datetime(2025, 1, 1, tzinfo=Zone())", "its str() raised"),
    ("iv", "lambda faker: [timedelta(1)]", "the column is interval, and a list is no value of it"),
    ("u", "lambda faker: b'x' * 16", "bytes are for bytea"),
    ("u", "lambda faker: 'x'", "invalid input syntax for type uuid"),
    ("j", "lambda faker: object()", "no text of its own"),
    ("j", "lambda faker: {'a': object()}", "no text of its own"),
    ("j", "lambda faker: {'a': b'b'}", "a document of JSON has no bytes"),
    ("j", "lambda faker: {'a': chr(0)}", "has the character NUL"),
    ("jb", "lambda faker: {'a': chr(0xd800)}", "has half of a character"),
    ("jb", "lambda faker: {'a': float('nan')}", "invalid input syntax for type json"),
    ("jb", "lambda faker: {'a': HUGE}", "a number of 10001 digits"),
    ("jb", "lambda faker: recursive()", "contains itself"),
    ("jb", "lambda faker: [[x for x in 'a'], (y for y in 'b')]", "a generator is no value"),
    ("m", "lambda faker: 'angry'", "invalid input value for enum mood"),
    ("m", "lambda faker: ['happy']", "the column is mood, and a list is no value of it"),
    ("e", "lambda faker: 'nobody'", "email_check"),
    ("by", "lambda faker: [b'a']", "the column is bytea, and a list is no value of it"),
    ("ip", "lambda faker: ['::1']", "the column is inet, and a list is no value of it"),
    ("bits", "lambda faker: b'101'", "bytes are for bytea"),
    ("ta", "lambda faker: [object()]", "no text of its own"),
    ("ta", "lambda faker: [['a'], ['b', 'c']]", "malformed array literal|multidimensional arrays"),
    ("ta", "lambda faker: [b'a']", "bytes are for bytea"),
    ("ta", "lambda faker: (x for x in 'ab')", "a generator is no value"),
    ("ia", "lambda faker: ['a']", "invalid input syntax for type integer"),
    ("ia", "lambda faker: [{1}]", "a set is no value of it"),
    ("ta", "lambda faker: (x for x in [])", "a generator is no value"),
    ("ia", "lambda faker: recursive()", "contains itself"),
    ("c", "lambda faker: (1,)", "malformed record literal"),
    ("c", "lambda faker: (1, object())", "no text of its own"),
    # What it raises.
    ("t", "lambda faker: raises(ValueError('no'))", "raised ValueError: no\n  at "),
    ("t", "lambda faker: raises(Wordless())", "raised Wordless: (its str() raises ValueError)"),
    ("t", "lambda faker: raises(StopIteration())", "raised StopIteration"),
    ("t", "lambda faker: raises(SystemExit(3))", "raised SystemExit: 3"),
    ("t", "exits", "exits, raised SystemExit: 3\n  at "),
    ("t", "lambda faker: raises(RecursionError('deep'))", "raised RecursionError: deep"),
    (
        "t",
        "lambda faker: raises(UnicodeEncodeError('utf-8', chr(0xdc80), 0, 1, 'no'))",
        "raised UnicodeEncodeError",
    ),
    ("t", "lambda faker: raises(ValueError(chr(0xdc80) + chr(0)))", "raised ValueError: \\udc80\\x00"),
    ("t", "lambda faker: raises(MemoryError())", "raised MemoryError"),
    ("t", "lambda faker: pytest.fail('no such value')", "Failed: no such value"),
    ("t", "lambda faker: faker.nope()", "raised AttributeError"),
    ("t", "changes", "does not support item assignment"),
    ("t", "misses", "raised KeyError: 'nope'"),
    ("t", "lambda faker, row: row.update(t=1)", "raised AttributeError"),
    ("t", "int", "raised TypeError"),
    ("t", "functools.partial(int, base=16)", "raised TypeError"),
    # Other values, accepted and refused.
    ("t", "lambda faker: None", ""),
    ("t", "lambda faker: Lazy()", ""),
    ("t", "lambda faker: Words('quiet')", ""),
    ("t", "lambda faker: Money(5)", ""),
    ("t", "lambda faker: Path('a/b')", ""),
    ("t", "lambda faker: {'a': 1}", ""),
    ("t", "lambda faker: ['a']", ""),
    ("t", "lambda faker: Point()", ""),
    ("t", "lambda faker: True", ""),
    ("t", "lambda faker: 'x' * (1 << 20)", ""),
    ("t", "lambda faker: '\\\\.' + chr(10) + chr(13) + chr(9) + '\\\\N'", ""),
    ("t", "len", "raised TypeError"),
    ("t", "type", "a class is no value"),
    ("t", "hash", ""),
    ("i", "lambda faker: Decimal(5)", ""),
    ("i", "lambda faker: True", "invalid input syntax for type integer"),
    ("n", "lambda faker: '9' * 10_000", ""),
    ("n", "lambda faker: 10**400", ""),
    ("n", "lambda faker: -0.0", ""),
    ("n", "lambda faker: float('nan')", ""),
    ("n", "lambda faker: Money('1.50')", ""),
    ("f", "lambda faker: float('inf')", ""),
    ("d", "lambda faker: date.min", ""),
    ("d", "lambda faker: datetime(2025, 1, 1, 5)", ""),
    ("d", "lambda faker: 'infinity'", ""),
    ("ts", "lambda faker: datetime.max", ""),
    ("tz", "lambda faker: datetime(2025, 1, 1, tzinfo=timezone(timedelta(seconds=-30)))", ""),
    ("iv", "lambda faker: timedelta.max", ""),
    ("iv", "lambda faker: timedelta.min", ""),
    ("iv", "lambda faker: '1 year'", ""),
    ("u", "lambda faker: uuid.UUID(int=faker.random.getrandbits(128))", ""),
    ("j", "lambda faker: {1: Decimal('1.5'), None: date(2025, 1, 1), (1, 2): {'a'}}", ""),
    ("jb", "lambda faker: OrderedDict(a=MappingProxyType({'b': deque}) and 1)", ""),
    ("m", "lambda faker: Mood.HAPPY", ""),
    ("by", "lambda faker: memoryview(b'a\\0')", ""),
    ("by", "lambda faker: bytearray(b'a')", ""),
    ("ip", "lambda faker: ipaddress.ip_network('10.0.0.0/8')", ""),
    ("r", "lambda faker: '[1,5)'", ""),
    ("p", "lambda faker: '(1,2)'", ""),
    ("ta", "lambda faker: ['a', None, 'b\"c', '{}', 'NULL', '']", ""),
    ("ta", "lambda faker: {'b', 'a'}", ""),
    ("ta", "lambda faker: [['a', 'b'], ['c', 'd']]", ""),
    ("ta", "lambda faker: ()", ""),
    ("ia", "lambda faker: [1, Mood.HAPPY]", "invalid input syntax for type integer"),
    ("ba", "lambda faker: [b'a', b'\\0']", ""),
    ("c", "lambda faker: (1, 'a,\"b')", ""),
    ("c", "lambda faker: {'a': 1}", ""),
]
# Given directly; what is refused before the schema is known is in test_inputs.py.
GIVEN: list[Case] = [
    ("t", "b'a'", "bytes are for bytea"),
    ("t", "[{1, 2}]", "a set is no value of it"),
    ("t", "[len]", "a list holds values, not functions"),
    ("v", "'x' * 11", "has 11 characters"),
    ("i", "{'a': 1}", "a dict is no value of it"),
    ("i", "Point()", "a Point is no value of it"),
    ("i", "[[1]]", "a list is no value of it"),
    ("i", "2**63", "out of range"),
    ("i", "10**400", "out of range"),
    ("i", "float('nan')", "invalid input syntax"),
    ("i", "'1' * 10_000", "out of range"),
    ("n", "Fraction(1, 3)", "invalid input syntax"),
    ("f", "10**400", "out of range"),
    ("b", "'maybe'", "invalid input syntax"),
    ("d", "'yesterdayish'", "invalid input syntax"),
    ("d", "'294277-01-01'", ""),
    ("ts", "'294277-01-01'", "out of range"),
    ("u", "uuid.UUID", "raised TypeError"),
    ("u", "'x'", "invalid input syntax"),
    ("j", "{'a': float('nan')}", "invalid input syntax for type json"),
    ("m", "'angry'", "takes only|invalid input value for enum"),
    ("e", "'nobody'", "email"),
    ("by", "'\\\\xzz'", "invalid hexadecimal"),
    ("ip", "'300.0.0.1'", "invalid input syntax"),
    ("bits", "'1010'", "has 4 characters"),
    ("r", "'[5,1]'", "range lower bound must be less"),
    ("x", "'<a'", "invalid XML|unsupported XML"),
    ("ta", "[['a', b'b']]", "bytes are for bytea"),
    ("nope", "1", "has no column 'nope'"),
    ("t", "'%s %(a)s %%'", ""),
    ("t", '"\'; DROP TABLE things; --"', ""),
    ("t", "['a', None]", ""),
    ("n", "Decimal('NaN')", ""),
    ("d", "date.min", ""),
    ("iv", "timedelta.max", ""),
    ("by", "b'\\0'", ""),
    ("jb", "[{'a': [1]}]", ""),
    ("ta", "[['a', 'b']]", ""),
    ("c", "[(1, 'a')]", ""),
    ("id", "[5, 2**31 - 1]", ""),
]


def grouped(cases: list[Case]) -> list[list[Case]]:
    """The cases of each test: one that is refused, or as many that are written as have columns of their own."""
    groups: list[list[Case]] = []
    for case in cases:
        fits = (
            group
            for group in groups
            if not group[0][2] and not case[2] and case[0] not in {each[0] for each in group}
        )
        if (group := next(fits, None)) is None:
            groups.append([case])
        else:
            group.append(case)
    return groups


def written(groups: list[list[Case]]) -> str:
    tests = []
    for number, group in enumerate(groups):
        columns = ", ".join(f"{column!r}: {code}" for column, code, _ in group)
        tests.append(
            f"\n@pytest.mark.seed(things=Rows(2, columns={{{columns}}}))\ndef test_{number}(): pass\n"
        )
    return HEADER + "".join(tests)


def reports(project: pytest.Pytester, *arguments: str) -> dict[str, str]:
    """What was said of each test: nothing of one that passed."""
    found: dict[str, str] = {}
    recorded = project.inline_run("-p", "no:cacheprovider", *arguments)
    for report in recorded.getreports("pytest_runtest_logreport"):
        name = report.nodeid.rpartition("::")[2]
        found[name] = found.get(name, "") + ("" if report.passed else f"{report.longrepr}")
    return found


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("cases", "least"), [(FUNCTIONS, 130), (GIVEN, 40)], ids=["what functions return", "what is given"]
)
def test_values_are_written_or_refused_in_words(
    project: pytest.Pytester, cases: list[Case], least: int
) -> None:
    project.path.joinpath("schema.sql").write_text(SCHEMA, encoding="utf-8")
    groups = grouped(cases)
    project.makepyfile(test_of_values=written(groups))
    found = reports(project)
    assert len(found) == len(groups)
    assert sum(map(len, groups)) == len(cases) >= least
    wrong = []
    for number, group in enumerate(groups):
        said = found[f"test_{number}"]
        _, code, fragment = group[0]
        fits = any(each in said for each in fragment.split("|")) if fragment else not said
        if not fits or OURS.search(said):
            wrong.append(f"{group}: {said}")
        elif fragment and code.startswith("lambda") and "PostgreSQL refuses" not in said:
            # Its file and its line.
            assert "test_of_values.py:" in said, said
    assert not wrong, "\n\n".join(wrong)
