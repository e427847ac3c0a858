"""What the mutation run of benchmarks/ changes."""

from __future__ import annotations

from random import Random

import pytest

import mutants


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("a = b < c", ["a = (b <= c)"]),
        ("a = b in c is d", ["a = (b not in c is d)", "a = (b in c is not d)"]),
        ("a = b and c", ["a = (b or c)", "a = (c)", "a = (b)"]),
        ("a = not b", ["a = (b)"]),
        ("a = 'ä' + 1", ['a = "" + 1', "a = 'ä' + 2", "a = ('ä' - 1)"]),
        ("a = True", ["a = False"]),
        ("a += b", ["a = b", "a -= b", "pass"]),
        ("a = min(b)", ["a = max(b)"]),
        ("f(a)", ["pass"]),
        ("@f\ndef a(): ...", ["\ndef a(): ..."]),
        # Nothing of these is seen at run time, or its place is not known.
        ('"""What it is."""', []),
        ("def a(b: 'int' = c) -> 'int': ...", []),
        ("@overload\ndef a(): ...", []),
        ("a = f'{b + 1}'", []),
        ("a = zip(b, c, strict=True)", []),
        ("@overload\n@dataclass(frozen=True)\nclass A: ...", ["@overload\n\nclass A: ..."]),
        ("if a != b: raise AssertionError('c')", []),
        ("if a: raise b", ["if a: pass"]),
        ("cursor.close()", []),
        # A function without a return gives None; one that goes on does something else.
        ("def a(): return b", []),
        ("def a():\n if b: return c\n return d", ["def a():\n if b: pass\n return d"]),
    ],
)
def test_one_place_is_changed_at_a_time(source: str, changed: list[str]) -> None:
    found = [mutant.of(source.encode()).decode() for mutant in mutants.mutants(source.encode())]
    assert sorted(found) == sorted(changed)


def test_mutants_of_all_kinds_are_drawn_by_the_seed() -> None:
    found = mutants.mutants(b"a = [1, 2, 3, 4, 5, 6]; b = c < d; e = not f")
    few = mutants.drawn(found, 3, Random(0))
    assert sorted(mutant.kind for mutant in few) == ["comparison", "constant", "not"]
    assert mutants.drawn(found, 3, Random(0)) == few
    assert len({tuple(mutants.drawn(found, 3, Random(seed))) for seed in range(50)}) == 6
    assert mutants.drawn(found, 99, Random(0)) == found


def test_the_modules_and_their_tests_are_there() -> None:
    found = mutants.modules_of(mutants.MODULES)
    assert len(found) == len(set(found)) > 15
    assert all(mutants.tests_of(module) for module in found)
    with pytest.raises(SystemExit, match=r"^there is no module pytest_supaseed/allocation/gone\.py$"):
        mutants.modules_of(["allocation/gone"])


def test_a_module_that_has_tests_of_its_own_is_tested_by_these() -> None:
    [order] = mutants.modules_of(["planning/order"])
    assert [path.name for path in mutants.tests_of(order)] == [
        "test_order.py",
        "test_order_needs.py",
    ]
