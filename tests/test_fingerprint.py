from __future__ import annotations

import enum
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from pytest_supaseed import fingerprint
from pytest_supaseed.fingerprint import CacheScope, Fingerprint, combine, fingerprint_of, package_fingerprint
from pytest_supaseed.spec import SeedSpec, TableSpec


class Colour(enum.Enum):
    RED = "red"


class Text(str):
    pass


def of_a_module(faker: object) -> int:
    return 1


def with_a_default(faker: object, step: object = of_a_module) -> int:
    return 2


@pytest.mark.parametrize(
    ("value", "scope"),
    [
        (None, CacheScope.CONTENT),
        (8, CacheScope.CONTENT),
        (Decimal("1.10"), CacheScope.CONTENT),
        (["a", ("b", 1.5)], CacheScope.CONTENT),
        ({"a": [1]}, CacheScope.CONTENT),
        (Colour.RED, CacheScope.CONTENT),
        (of_a_module, CacheScope.RUN),
        (with_a_default, CacheScope.RUN),
        (lambda faker: 3, CacheScope.RUN),
        ({"users.name": of_a_module}, CacheScope.RUN),
        (partial(of_a_module, 1), CacheScope.PROCESS),
        (Text("a"), CacheScope.PROCESS),
        (object(), CacheScope.PROCESS),
        (["a", object()], CacheScope.PROCESS),
    ],
)
def test_a_value_reaches_as_far_as_its_content_is_known(value: object, scope: CacheScope) -> None:
    assert fingerprint_of(value).scope is scope
    assert fingerprint_of(value) == fingerprint_of(value)


def test_what_a_function_has_closed_over_cannot_be_compared() -> None:
    number = 3
    assert fingerprint_of(lambda faker: number).scope is CacheScope.PROCESS


def test_values_that_differ_have_other_identities() -> None:
    values: list[object] = [
        None,
        True,
        1,
        "1",
        1.0,
        Decimal(1),
        Decimal("1.0"),
        [1],
        {"a": 1},
        b"1",
        Colour.RED,
    ]
    values += [of_a_module, with_a_default, lambda faker: 1, lambda faker: 2, ["1", "2"], ["1, 2"]]
    assert len({fingerprint_of(value).text for value in values}) == len(values)


def spec(**changes: object) -> SeedSpec:
    tables = (TableSpec("users", count=5), TableSpec("setups", count=8, columns=(("title", "a"),)))
    return SeedSpec(**{"tables": tables, "limit": 1000, "seed": 0, "locale": "en_US", **changes})  # type: ignore[arg-type]


def test_the_limit_and_the_order_of_tables_make_no_rows() -> None:
    assert spec().fingerprint == spec(limit=5, tables=tuple(reversed(spec().tables))).fingerprint


def test_seed_locale_date_counts_and_columns_do() -> None:
    others = [
        spec(seed=1),
        spec(locale="de_DE"),
        spec(date=date(2024, 1, 1)),
        spec(tables=(TableSpec("users", count=6),)),
    ]
    others.append(spec(tables=(TableSpec("users", count=5), TableSpec("setups", count=8))))
    assert len({each.fingerprint.text for each in (spec(), *others)}) == 6


def test_the_weakest_part_decides() -> None:
    whole = combine(Fingerprint("a"), Fingerprint("b", CacheScope.RUN))
    assert whole.scope is CacheScope.RUN
    assert whole.text != combine(Fingerprint("b"), Fingerprint("a")).text


@pytest.mark.parametrize(
    ("scope", "in_another_run", "in_another_process"),
    [(CacheScope.CONTENT, True, True), (CacheScope.RUN, False, True), (CacheScope.PROCESS, False, False)],
)
def test_a_digest_is_the_same_where_it_may_be_shared(
    scope: CacheScope, in_another_run: bool, in_another_process: bool
) -> None:
    fingerprint = Fingerprint("users=5", scope)
    assert fingerprint.digest("a") == fingerprint.digest("a")
    assert (fingerprint.digest("a") == fingerprint.digest("b")) is in_another_run
    program = (
        "from pytest_supaseed.fingerprint import Fingerprint, CacheScope; "
        f"print(Fingerprint('users=5', CacheScope({int(scope)})).digest('a'))"
    )
    other = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert (other == fingerprint.digest("a")) is in_another_process


def test_a_function_is_known_again_in_another_process(tmp_path: Path) -> None:
    (tmp_path / "made.py").write_text(
        "def name(faker):\n    return [part for part in ('a', 'b') if part in {'a', 'b', 'c', 'd', 'e', 'f'}]\n"
        "name_of_row = lambda faker, row: (lambda: row)()\n",
        encoding="utf-8",
    )
    program = (
        "import made; from pytest_supaseed.fingerprint import fingerprint_of; "
        "print(fingerprint_of({'a': made.name, 'b': made.name_of_row}).digest('run'))"
    )
    run = [
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in "12"
    ]
    assert run[0] == run[1]


def test_what_makes_the_rows_is_told_by_its_code_and_by_faker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert package_fingerprint().scope is CacheScope.CONTENT
    assert " faker " in package_fingerprint().text
    # Of the whole package, and not only of the folder that the module is in.
    monkeypatch.setattr(fingerprint, "PACKAGE", tmp_path)
    texts = set()
    for name in ("fingerprint.py", "values/names.py", "values/names.sql", "values/readme.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x = 1\n", encoding="utf-8")
        texts.add(package_fingerprint.__wrapped__().text)
    assert len(texts) == 3
