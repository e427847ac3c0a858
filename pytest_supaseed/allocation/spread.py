"""Row counts per referenced row: integer apportionment by an even, random or skewed spread, with verified sums.

:data:`SPREAD_FUNCTIONS` maps the spread of a spec to its function. :func:`owners`, :func:`dealt` and
:func:`combinations` turn shares into values for each row, and :func:`tree_parents` draws the parents in a
self-referencing table.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Container, Iterator, Sequence
from itertools import accumulate, islice
from math import lcm, prod
from random import Random
from typing import Any


def even(
    total: int,
    present: Sequence[int],
    random: Random,
    capacity: Sequence[int] | None = None,
    ranks: Sequence[int] = (),
) -> list[int]:
    """Apportion rows so that the totals per parent are as equal as possible.

    Without present rows every parent gets the floor, and parents that ``random`` picks get one row of the remainder
    each. Present rows count: parents with fewer are filled up first.

    Args:
        total: new rows to apportion.
        present: present rows of each parent.
        random: picks the parents that get the remainder.
        capacity: the most new rows that each parent can take, None for no limit.
        ranks: order in which parents get the remainder, lower first; empty for a random order.

    Returns:
        New rows for each parent; their sum is ``total``.

    Raises:
        ValueError: the parents cannot take ``total`` rows.

    Example:
        >>> sorted(even(8, [0] * 5, Random(0)), reverse=True)
        [2, 2, 2, 1, 1]
    """
    if capacity is None and present and min(present) == max(present):
        # All parents have equally many rows, so none has to be filled up first.
        share, remainder = divmod(total, len(present))
        shares = [share] * len(present)
        for parent in _first(range(len(present)), remainder, random, ranks):
            shares[parent] += 1
        return _proved(shares, total)
    ceilings = [total] * len(present) if capacity is None else list(capacity)

    def taken(level: int) -> list[int]:
        return [max(0, min(level - have, most)) for have, most in zip(present, ceilings, strict=True)]

    # The highest level to which all parents can be filled with at most `total` rows.
    levels = range(1, sum(present) + total + 1)
    low = bisect_right(levels, total, key=lambda level: sum(taken(level)))
    shares = taken(low)
    remainder = total - sum(shares)
    raised = taken(low + 1)
    candidates = [parent for parent, share in enumerate(shares) if raised[parent] > share]
    if remainder > len(candidates):
        raise ValueError(f"{len(present)} parents cannot take {total} rows")
    for parent in _first(candidates, remainder, random, ranks):
        shares[parent] += 1
    return _proved(shares, total)


def _first(parents: Sequence[int], number: int, random: Random, ranks: Sequence[int]) -> list[int]:
    if ranks:
        return sorted(parents, key=ranks.__getitem__)[:number]
    return random.sample(parents, number)


def drawn(
    total: int, present: Sequence[int], random: Random, capacity: Sequence[int] | None = None
) -> list[int]:
    """Draw a parent for each row independently; arguments, result and errors are those of :func:`even`."""
    shares = [0] * len(present)
    if capacity is None:
        if total and not shares:
            raise ValueError(f"0 parents cannot take {total} rows")
        for parent in random.choices(range(len(present)), k=total) if total else []:
            shares[parent] += 1
        return _proved(shares, total)
    open_parents = [parent for parent, most in enumerate(capacity) if most > 0]
    for _ in range(total):
        if not open_parents:
            raise ValueError(f"{len(present)} parents cannot take {total} rows")
        position = random.randrange(len(open_parents))
        parent = open_parents[position]
        shares[parent] += 1
        if shares[parent] == capacity[parent]:
            open_parents[position] = open_parents[-1]
            open_parents.pop()
    return _proved(shares, total)


def skewed(
    total: int, present: Sequence[int], random: Random, capacity: Sequence[int] | None = None
) -> list[int]:
    """Give a few parents most of the rows, by Zipf's law; arguments, result and errors are those of :func:`even`.

    The parent of rank r has a weight of 1/r, and ranks are random. Shares are rounded by the largest remainder
    (Hamilton's method); rows beyond the capacity of a parent go to the next ranks.
    """
    ranked = list(range(len(present)))
    random.shuffle(ranked)
    ceilings = [total] * len(present) if capacity is None else list(capacity)
    shares = [0] * len(present)
    scale = 10**12
    weights = [scale // (rank + 1) for rank in range(len(ranked))]
    whole = sum(weights)
    quotas = [total * weight for weight in weights]
    for rank, parent in enumerate(ranked):
        shares[parent] = min(quotas[rank] // whole, ceilings[parent])
    left = total - sum(shares)
    by_remainder = sorted(range(len(ranked)), key=lambda rank: (-(quotas[rank] % whole), rank))
    while left:
        before = left
        for rank in by_remainder:
            parent = ranked[rank]
            if left and shares[parent] < ceilings[parent]:
                shares[parent] += 1
                left -= 1
        if left == before:
            raise ValueError(f"{len(present)} parents cannot take {total} rows")
    return _proved(shares, total)


# The words that a spec may have are SPREADS in spec.py.
SPREAD_FUNCTIONS: dict[str, Callable[[int, Sequence[int], Random, Sequence[int] | None], list[int]]] = {
    "even": even,
    "random": drawn,
    "skewed": skewed,
}


def _proved(shares: list[int], total: int) -> list[int]:
    if sum(shares) != total or min(shares, default=0) < 0:
        raise AssertionError(f"shares {shares} do not sum to {total}")
    return shares


def owners(shares: Sequence[int], random: Random) -> list[int]:
    """Turn shares into the position of a parent for each row, in random order."""
    rows = [parent for parent, share in enumerate(shares) for _ in range(share)]
    random.shuffle(rows)
    return rows


def dealt(choices: Sequence[Any], total: int, random: Random) -> list[Any]:
    """Return ``total`` values in random order, each choice used equally often, give or take one."""
    return [choices[position] for position in owners(even(total, [0] * len(choices), random), random)]


def dealt_by_weight(weights: Sequence[int], total: int, random: Random) -> list[int]:
    """Return ``total`` positions of weights in random order, each as often as its weight says.

    The remainders are rounded by the largest (Hamilton's method); where there are as many rows as weights, each has one
    row at least.

    Example:
        >>> sorted(dealt_by_weight((8, 1, 1), 6, Random(0)))
        [0, 0, 0, 0, 1, 2]
    """
    least = 1 if total >= len(weights) else 0
    whole = sum(weights)
    quotas = [total * weight for weight in weights]
    shares = [max(quota // whole, least) for quota in quotas]
    # A share that was raised to the least one is above its quota, so it comes last.
    order = sorted(range(len(weights)), key=lambda at: (shares[at] * whole - quotas[at], at))
    for at in order[: max(total - sum(shares), 0)]:
        shares[at] += 1
    while sum(shares) > total:
        # Those that are most above their quota give way to the raised ones.
        larger = [at for at, share in enumerate(shares) if share > least]
        shares[max(larger, key=lambda at: (shares[at] * whole - quotas[at], at))] -= 1
    return owners(_proved(shares, total), random)


def combinations(
    shares: Sequence[int], sizes: Sequence[int], random: Random, taken: Container[object]
) -> list[tuple[int, ...]]:
    """Pair the values of an anchor dimension with distinct combinations of further dimensions.

    The rows of one anchor take consecutive combinations of a cyclic list, and the next anchor continues where
    the last one stopped: no anchor has a combination twice, and values are used as evenly as the shares allow.

    Args:
        shares: rows for each value of the anchor.
        sizes: number of values of each further dimension; may be empty.
        random: shuffles the values of the further dimensions.
        taken: combinations that present rows have, or that are excluded.

    Returns:
        One combination for each row, all distinct and none of them taken, in the order of the anchor.

    Raises:
        ValueError: an anchor cannot take its share.

    Example:
        >>> len(set(combinations([6] * 8, [6], Random(0), set())))
        48
    """
    shuffled = [random.sample(range(size), size) for size in sizes]
    product = prod(sizes)
    position = 0
    result: list[tuple[int, ...]] = []
    for anchor, share in enumerate(shares):
        found = 0
        for _ in range(product):
            if found == share:
                break
            others = diagonal(position % product, sizes)
            position += 1
            combination = (anchor, *(values[at] for values, at in zip(shuffled, others, strict=True)))
            if combination not in taken:
                result.append(combination)
                found += 1
        if found < share:
            raise ValueError(f"parent {anchor} cannot take {share} distinct combinations")
    return result


def diagonal(index: int, sizes: Sequence[int]) -> tuple[int, ...]:
    """Return the index-th combination along the diagonals, so that a run of indexes uses all values evenly.

    For two dimensions, (i mod a, (i + i div lcm(a, b)) mod b) visits each of the a*b pairs once.

    Args:
        index: less than the product of the sizes.
        sizes: number of values of each dimension.
    """
    if len(sizes) < 2:
        return (index,) * len(sizes)
    first, *rest = sizes
    size = prod(rest)
    return (index % first, *diagonal((index + index // lcm(first, size)) % size, rest))


def tree_parents(total: int, random: Random, branching: int = 3) -> Iterator[int | None]:
    """Positions of the parents of rows in a self-referencing table: a forest with branches of similar size.

    Args:
        total: number of rows.
        random: draws among the rows of the level above.
        branching: children of a row, on average.

    Yields:
        For each row the position of an earlier one, None for a root; there is one root for every 20 rows.
    """
    roots = 1 + (total - 1) // 20 if total else 0
    for row in range(total):
        if row < roots:
            yield None
        else:
            above = (row - roots) // branching
            yield min(row - 1, random.randint(max(0, above - 1), above + 1))


def summary(shares: Sequence[int]) -> str:
    """Format shares for a message: ``2, 2, 2, 1, 1``, or ``2 x 300, 1 x 700`` for more than 12."""
    ordered = sorted(shares, reverse=True)
    if len(ordered) <= 12:
        return ", ".join(map(str, ordered))
    counts: dict[int, int] = {}
    for share in ordered:
        counts[share] = counts.get(share, 0) + 1
    shown = [f"{share} x {count}" for share, count in islice(counts.items(), 6)]
    if len(counts) > 6:
        *_, rest = accumulate(list(counts.values())[6:])
        shown.append(f"fewer x {rest}")
    return ", ".join(shown)
