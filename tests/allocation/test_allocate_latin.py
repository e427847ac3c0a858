"""Cyclic Latin squares."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_supaseed.allocation import allocate
from pytest_supaseed.allocation.allocate import latin_rows

RING = ["ab", "bc", "ca"]


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), st.data())
@settings(deadline=None)
def test_a_ring_is_filled_to_the_last(a: int, b: int, c: int, data: st.DataObject) -> None:
    sizes = {"a": a, "b": b, "c": c}
    most = min(a * b, b * c, c * a)
    amount = data.draw(st.integers(0, most))
    found = latin_rows(sizes, RING, amount, Random(data.draw(st.integers(0, 99))))
    assert found is not None
    for one, other in RING:
        assert len(set(zip(found[one], found[other], strict=True))) == amount
    for name, size in sizes.items():
        assert set(found[name]) <= set(range(size))
    assert latin_rows(sizes, RING, most + 1, Random(0)) is None


@pytest.mark.parametrize("keys", [["ab", "bc", "cd", "da"], ["ab", "bc", "ca", "ad", "bd", "cd"]])
def test_more_dimensions_are_filled_where_factors_are_found(keys: list[str]) -> None:
    found = latin_rows(dict.fromkeys("abcd", 5), keys, 25, Random(0))
    assert found is not None
    assert all(len(set(zip(found[a], found[b], strict=True))) == 25 for a, b in keys)


def test_keys_of_one_dimension_have_no_square() -> None:
    assert latin_rows({"a": 3}, ["a"], 2, Random(0)) is None


def test_only_so_many_factors_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"a": 2, "b": 2, "c": 2}
    assert latin_rows(sizes, RING, 4, Random(0)) is not None
    monkeypatch.setattr(allocate, "_TRIED", 0)
    assert latin_rows(sizes, RING, 4, Random(0)) is None
