"""Unique keys in a ring, filled by a cyclic Latin square: ``UNIQUE (a, b), UNIQUE (b, c), UNIQUE (c, a)``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from random import Random

from pytest_supaseed.distribution.distribute import diagonal

# A value is so many times the one dimension's and so many times the other's.
_FACTORS = ((1, 1), (1, 2), (2, 1), (1, 0), (0, 1), (1, -1), (1, 3), (3, 1))
_TRIED = 512


def latin_rows(
    sizes: Mapping[str, int], keys: Sequence[Sequence[str]], amount: int, random: Random
) -> dict[str, list[int]] | None:
    """Find rows whose values follow from those of two dimensions: distinct in every key, if it can be.

    Args:
        sizes: number of values of each dimension.
        keys: the dimensions of each unique key.
        amount: how many rows.
        random: shuffles the values.

    Returns:
        For each dimension the values of all rows; None where none were found.

    Example:
        >>> found = latin_rows({"a": 5, "b": 5, "c": 5}, ["ab", "bc", "ca"], 25, Random(0))
        >>> len(set(zip(found["b"], found["c"]))), len(set(zip(found["c"], found["a"])))
        (25, 25)
    """
    pairs = sorted(
        {tuple(sorted(key)) for key in keys if len(key) == 2}, key=lambda p: sizes[p[0]] * sizes[p[1]]
    )
    for pair in pairs:
        a, b = sizes[pair[0]], sizes[pair[1]]
        if amount > a * b:
            return None
        cells = [diagonal(number, (a, b)) for number in range(amount)]
        others = [name for name in sorted(sizes) if name not in pair]
        for tried, factors in enumerate(product(_FACTORS, repeat=len(others))):
            if tried == _TRIED:
                break
            found = {pair[0]: [i for i, _ in cells], pair[1]: [j for _, j in cells]}
            for name, (x, y) in zip(others, factors, strict=True):
                found[name] = [(x * i + y * j) % sizes[name] for i, j in cells]
            if all(len(set(zip(*(found[name] for name in key), strict=True))) == amount for key in keys):
                labels = {name: random.sample(range(size), size) for name, size in sizes.items()}
                return {name: [labels[name][value] for value in values] for name, values in found.items()}
    return None
