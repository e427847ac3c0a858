"""Families of types: what each holds, that they exclude each other, and that nobody else compares types by name."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest

import pytest_supaseed
from pytest_supaseed.model import type_families as types
from pytest_supaseed.model.schema import ColumnType

NAMES = (
    *("bool", "int2", "int4", "int8", "oid", "numeric", "float4", "float8", "money", "text", "varchar", "bpchar"),
    *("citext", "name", "char", "date", "timestamp", "timestamptz", "time", "timetz", "interval", "uuid", "json"),
    *("jsonb", "bytea", "hstore", "inet", "cidr", "daterange", "pg_lsn"),
)  # fmt: skip
APART = (
    "is_boolean",
    "is_number",
    "is_text",
    "is_datetime",
    "is_interval",
    "is_uuid",
    "is_json",
    "is_bytea",
)


@pytest.mark.parametrize(
    ("family", "names"),
    [
        ("is_integer", "int2 int4 int8"),
        ("is_whole", "int2 int4 int8 oid"),
        ("is_number", "int2 int4 int8 oid numeric float4 float8 money"),
        ("is_float", "float4 float8"),
        ("is_text", "text varchar bpchar citext name char"),
        ("is_date_or_timestamp", "date timestamp timestamptz"),
        ("is_moment", "date timestamp timestamptz time"),
        ("is_datetime", "date timestamp timestamptz time timetz"),
        ("is_json", "json jsonb"),
    ],
)
def test_a_family_holds_its_types_alone(family: str, names: str) -> None:
    belongs = getattr(types, family)
    assert {name for name in NAMES if belongs(ColumnType(name, name))} == set(names.split())


@pytest.mark.parametrize("name", NAMES)
def test_a_type_is_in_one_of_these_families_at_most(name: str) -> None:
    column_type = ColumnType(name, name)
    assert sum(getattr(types, family)(column_type) for family in APART) <= 1


def test_an_array_is_of_the_family_of_its_elements() -> None:
    assert types.is_integer(replace(types.INTEGER, array=True))


def test_a_string_may_be_of_an_extension() -> None:
    assert types.is_string(ColumnType("ean", "ean", "S"))
    assert types.is_string(ColumnType("citext", "citext"))
    assert not types.is_text(ColumnType("ean", "ean", "S"))


def test_limits_of_integers() -> None:
    assert types.integer_limits(ColumnType("smallint", "int2")) == (-32768, 32767)
    assert types.integer_limits(types.INTEGER) == (-2147483648, 2147483647)
    assert types.integer_limits(types.NUMERIC) is None


def test_casts_and_widths() -> None:
    assert types.harmless_casts(ColumnType("mood", "mood", "E")) == ("text",)
    assert types.harmless_casts(ColumnType("point", "point", "G")) == ()
    assert types.text_width(ColumnType("uuid", "uuid")) == 36
    assert types.text_width(types.TEXT) is None


def test_the_traits_of_a_type_stand_once() -> None:
    names = [name for traits in types.TRAITS for name in traits.names]
    assert len(names) == len({*names})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bool", "yes"),
        ("int4", "1_000"),
        ("numeric", "NaN"),
        ("float8", "1e999"),
        ("date", "2024-02-29 10:00:00"),
        ("date", "2024-02-30"),
        ("timestamp", "2024-02-29 10:00:00+00"),
        ("timestamptz", "2024-02-29 10:00:00"),
        ("time", "24:00:00"),
        ("uuid", "7"),
        ("jsonb", "{"),
    ],
)
def test_what_is_no_constant_of_a_type(name: str, text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 each reader has its own
        types.value_of(text, ColumnType(name, name))


def test_a_constant_of_any_other_type_is_its_text() -> None:
    assert types.value_of("10.0.0.0/8", ColumnType("inet", "inet")) == "10.0.0.0/8"


def test_what_is_scalar() -> None:
    assert types.is_scalar(types.INTEGER)
    assert types.is_scalar(ColumnType("uuid", "uuid"))
    assert not types.is_scalar(types.TEXT)


PACKAGE = Path(pytest_supaseed.__path__[0])
# The declarations; and the reader of what psycopg2 returns, which has the types that this driver knows.
MAY_COMPARE = ("model/schema.py", "model/type_families.py", "reflection/queries.py", "values/types")


def compared_names(path: Path) -> list[int]:
    """Return the lines on which the name or the category of a type is compared with something that is none."""

    def is_of_a_type(node: ast.expr) -> bool:
        return (
            isinstance(node, ast.Attribute)
            and node.attr in ("name", "category")
            and re.search(r"\b(\w*type|kind|element|subtype)$", ast.unparse(node.value)) is not None
        )

    found: list[int] = []
    source = path.read_text(encoding="utf-8")
    # Parsing all modules takes seconds, and few have anything of this form.
    if not re.search(r"(type|kind|element|subtype)\s*\.\s*(name|category)\b", source):
        return found
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            sides = [is_of_a_type(side) for side in (node.left, *node.comparators)]
            found += [node.lineno] if any(sides) and not all(sides) else []
    return found


def test_a_comparison_is_found(tmp_path: Path) -> None:
    tmp_path.joinpath("a.py").write_text(
        'column.type.name == "int4"\nkind.category in ("S", "E")\na.type.name == b.type.name\ntable.name == "a"\n'
    )
    assert compared_names(tmp_path / "a.py") == [1, 2]


def test_only_declarations_compare_the_names_of_types() -> None:
    found = {
        str(path.relative_to(PACKAGE)): lines
        for path in PACKAGE.rglob("*.py")
        if not str(path.relative_to(PACKAGE)).startswith(MAY_COMPARE) and (lines := compared_names(path))
    }
    assert found == {}
