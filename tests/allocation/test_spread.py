"""Shares: their sum, and who gets how many."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import product
from math import prod
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_supaseed.allocation.spread import (
    SPREAD_FUNCTIONS,
    combinations,
    dealt,
    dealt_by_weight,
    diagonal,
    drawn,
    even,
    owners,
    skewed,
    summary,
    tree_parents,
)

Spread = Callable[[int, Sequence[int], Random, Sequence[int] | None], list[int]]

SEEDS = st.integers(0, 2**64)
TOTALS = st.integers(0, 500)
EMPTY_PARENTS = st.integers(1, 60).map(lambda parents: [0] * parents)
PRESENT = st.lists(st.integers(0, 30), min_size=1, max_size=30)
spreads = pytest.mark.parametrize("spread", SPREAD_FUNCTIONS.values(), ids=SPREAD_FUNCTIONS.keys())


@st.composite
def capacities(draw: st.DrawFn) -> tuple[int, list[int], list[int]]:
    """A total, the rows that are there, and capacities that can take the total."""
    capacity = draw(st.lists(st.integers(0, 30), min_size=1, max_size=30))
    present = draw(st.lists(st.integers(0, 30), min_size=len(capacity), max_size=len(capacity)))
    return draw(st.integers(0, sum(capacity))), present, capacity


@pytest.mark.parametrize(
    ("total", "present", "capacity", "shares"),
    [
        (8, [0] * 5, None, [2, 2, 2, 1, 1]),
        (3, [0] * 10, None, [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]),
        (5, [0] * 5, None, [1, 1, 1, 1, 1]),
        (0, [0] * 3, None, [0, 0, 0]),
        (0, [], None, []),
        (7, [0], None, [7]),
        (62_342, [0] * 8, None, [7793, 7793, 7793, 7793, 7793, 7793, 7792, 7792]),
        (8, [0] * 5, [1] * 4 + [9], [4, 1, 1, 1, 1]),
        (4, [0] * 5, [0, 4, 0, 0, 0], [4, 0, 0, 0, 0]),
        (6, [0, 0, 0], [2, 2, 2], [2, 2, 2]),
    ],
)
def test_an_even_spread_is_floor_and_remainder(
    total: int, present: list[int], capacity: list[int] | None, shares: list[int]
) -> None:
    assert sorted(even(total, present, Random(0), capacity), reverse=True) == shares


@pytest.mark.parametrize(
    ("total", "present", "shares"),
    [
        (3, [3, 0, 0], [0, 2, 1]),
        (4, [3, 0, 0], [0, 2, 2]),
        (6, [3, 0, 0], [0, 3, 3]),
        (9, [3, 0, 0], [1, 4, 4]),
        (2, [10, 10, 0], [0, 0, 2]),
    ],
)
def test_rows_that_are_there_count(total: int, present: list[int], shares: list[int]) -> None:
    # Which of two equal parents gets the remainder is drawn.
    found = even(total, present, Random(0))
    assert (found[0], sorted(found[1:])) == (shares[0], sorted(shares[1:]))


@given(TOTALS, EMPTY_PARENTS, SEEDS)
@settings(deadline=None)
def test_an_even_spread_differs_by_one_at_most(total: int, present: list[int], seed: int) -> None:
    shares = even(total, present, Random(seed))
    assert sum(shares) == total
    assert len(shares) == len(present)
    assert set(shares) <= {total // len(present), -(-total // len(present))}
    if total >= len(present):
        assert min(shares) >= 1


@given(TOTALS, PRESENT, SEEDS)
@settings(deadline=None)
def test_an_even_spread_fills_up_those_with_fewer(total: int, present: list[int], seed: int) -> None:
    shares = even(total, present, Random(seed))
    assert sum(shares) == total
    # Nobody got a row who ends up more than one above somebody else.
    ends = [have + share for have, share in zip(present, shares, strict=True)]
    assert all(end <= min(ends) + 1 for end, share in zip(ends, shares, strict=True) if share)


@given(capacities(), SEEDS)
@settings(deadline=None)
def test_an_even_spread_passes_on_what_the_full_cannot_take(
    demand: tuple[int, list[int], list[int]], seed: int
) -> None:
    total, present, capacity = demand
    shares = even(total, present, Random(seed), capacity)
    ends = [have + share for have, share in zip(present, shares, strict=True)]
    open_ends = [end for end, share, most in zip(ends, shares, capacity, strict=True) if share < most]
    assert all(
        end <= min(open_ends, default=end) + 1 for end, share in zip(ends, shares, strict=True) if share
    )


@given(st.integers(1, 20), st.integers(2, 20), SEEDS)
@settings(deadline=None)
def test_the_seed_picks_who_gets_the_remainder(floor: int, parents: int, seed: int) -> None:
    total = floor * parents + 1
    assert even(total, [0] * parents, Random(seed)) == even(total, [0] * parents, Random(seed))
    lucky = {even(total, [0] * parents, Random(other)).index(floor + 1) for other in range(200)}
    assert len(lucky) > 1


@spreads
@given(TOTALS, PRESENT, SEEDS)
@settings(deadline=None)
def test_shares_sum_to_the_total(spread: Spread, total: int, present: list[int], seed: int) -> None:
    shares = spread(total, present, Random(seed), None)
    assert sum(shares) == total
    assert len(shares) == len(present)
    assert min(shares) >= 0
    assert shares == spread(total, present, Random(seed), None)


@spreads
@given(capacities(), SEEDS)
@settings(deadline=None)
def test_no_parent_gets_more_than_it_can_take(
    spread: Spread, demand: tuple[int, list[int], list[int]], seed: int
) -> None:
    total, present, capacity = demand
    shares = spread(total, present, Random(seed), capacity)
    assert sum(shares) == total
    assert all(0 <= share <= most for share, most in zip(shares, capacity, strict=True))


@spreads
@given(capacities(), st.integers(1, 9), SEEDS)
@settings(deadline=None)
def test_too_many_rows_are_refused(
    spread: Spread, demand: tuple[int, list[int], list[int]], more: int, seed: int
) -> None:
    _, present, capacity = demand
    total = sum(capacity) + more
    with pytest.raises(ValueError, match=rf"^{len(capacity)} parents cannot take {total} rows$"):
        spread(total, present, Random(seed), capacity)


@spreads
@pytest.mark.parametrize("capacity", [None, []])
def test_nobody_can_take_nothing_only(spread: Spread, capacity: list[int] | None) -> None:
    assert spread(0, [], Random(0), capacity) == []
    with pytest.raises(ValueError, match=r"^0 parents cannot take 3 rows$"):
        spread(3, [], Random(0), capacity)


@spreads
def test_the_rows_that_are_there_are_left_alone(spread: Spread) -> None:
    present, capacity = [3, 1, 0], [4, 4, 4]
    spread(5, present, Random(0), capacity)
    assert (present, capacity) == ([3, 1, 0], [4, 4, 4])


def test_a_random_spread_is_uneven_and_fair() -> None:
    totals = Counter[int]()
    uneven = 0
    for seed in range(300):
        shares = drawn(20, [0] * 4, Random(seed))
        uneven += max(shares) - min(shares) > 1
        totals.update(dict(enumerate(shares)))
    assert uneven > 250
    # 1,500 for each on average, with a standard deviation of 34.
    assert all(1300 < totals[parent] < 1700 for parent in range(4))


def test_a_random_spread_draws_among_those_with_room() -> None:
    assert drawn(9, [0] * 4, Random(0), [3, 0, 6, 0]) == [3, 0, 6, 0]
    winners = {drawn(1, [0] * 4, Random(seed), [1, 0, 1, 1]).index(1) for seed in range(100)}
    assert winners == {0, 2, 3}


@pytest.mark.parametrize(
    ("total", "parents", "shares"),
    [
        (8, 5, [3, 2, 1, 1, 1]),
        (100, 5, [44, 22, 14, 11, 9]),
        (1, 3, [1, 0, 0]),
        (0, 3, [0, 0, 0]),
        (1000, 10, [341, 171, 114, 85, 68, 57, 49, 43, 38, 34]),
    ],
)
def test_a_skewed_spread_follows_zipf(total: int, parents: int, shares: list[int]) -> None:
    assert sorted(skewed(total, [0] * parents, Random(0)), reverse=True) == shares


def test_a_skewed_spread_gives_a_few_most() -> None:
    shares = sorted(skewed(1000, [0] * 50, Random(0)), reverse=True)
    assert sum(shares[:10]) > 600
    assert min(shares) >= 1


def test_shares_below_zero_are_a_defect_that_is_seen() -> None:
    with pytest.raises(AssertionError, match=r"^shares \[.*-1.*\] do not sum to 3$"):
        skewed(3, [0, 0], Random(0), [-1, 9])


def test_whom_a_skewed_spread_prefers_is_drawn() -> None:
    richest = {skewed(100, [0] * 5, Random(seed)).index(44) for seed in range(100)}
    assert richest == {0, 1, 2, 3, 4}


@given(st.lists(st.integers(0, 9)), SEEDS)
@settings(deadline=None)
def test_shares_become_owners(shares: list[int], seed: int) -> None:
    rows = owners(shares, Random(seed))
    assert [rows.count(parent) for parent in range(len(shares))] == shares
    assert len(rows) == sum(shares)


def test_the_order_of_owners_is_drawn() -> None:
    orders = {tuple(owners([2, 2], Random(seed))) for seed in range(100)}
    assert len(orders) == 6


@given(st.lists(st.text(), min_size=1, max_size=9, unique=True), TOTALS, SEEDS)
@settings(deadline=None)
def test_choices_are_dealt_out_evenly(choices: list[str], total: int, seed: int) -> None:
    values = dealt(choices, total, Random(seed))
    assert len(values) == total
    found = Counter(values)
    counts = [found[choice] for choice in choices]
    assert sum(counts) == total
    assert max(counts) - min(counts) <= 1


def test_choices_that_are_given_twice_are_dealt_twice_as_often() -> None:
    assert Counter(dealt(["a", "a", "b"], 9, Random(0))) == {"a": 6, "b": 3}


def test_dealt_choices_are_shuffled() -> None:
    assert len({tuple(dealt("ab", 4, Random(seed))) for seed in range(100)}) == 6


@pytest.mark.parametrize("number", [1, 2, 3])
def test_weights_are_dealt_as_near_to_their_quotas_as_whole_rows_can_be(number: int) -> None:
    for weights in product((0, 1, 3, 5), repeat=number):
        whole = sum(weights)
        for total in range(8) if whole else ():
            rows = dealt_by_weight(weights, total, Random(0))
            least = 1 if total >= number else 0
            # Of all ways to give at least that many the nearest one; of equally near ones the first positions gain.
            nearest = min(
                (
                    sum(
                        (share * whole - total * weight) ** 2
                        for share, weight in zip(shares, weights, strict=True)
                    ),
                    lost,
                )
                for shares in product(range(least, total + 1), repeat=number)
                if sum(shares) == total
                for lost in [tuple(-share for share in shares)]
            )[1]
            assert tuple(-rows.count(at) for at in range(number)) == nearest, (weights, total)


@pytest.mark.parametrize(
    ("weights", "total", "shares"),
    [
        # What was raised to one row gets no second one by its remainder, and gives none to others.
        ((5, 5, 3), 4, [2, 1, 1]),
        ((48, 48, 1, 1, 1, 1), 10, [3, 3, 1, 1, 1, 1]),
        ((90, 5, 5), 2, [2, 0, 0]),
    ],
)
def test_each_weight_has_a_row_where_there_are_enough(
    weights: tuple[int, ...], total: int, shares: list[int]
) -> None:
    rows = dealt_by_weight(weights, total, Random(0))
    assert [rows.count(at) for at in range(len(weights))] == shares


def test_the_order_of_weighted_rows_is_drawn() -> None:
    assert len({tuple(dealt_by_weight((1, 1), 4, Random(seed))) for seed in range(100)}) == 6


@pytest.mark.parametrize(
    ("total", "present", "capacity", "shares"),
    [
        (6, [0] * 4, None, [1, 2, 1, 2]),
        (6, [0] * 4, [9] * 4, [1, 2, 1, 2]),
        (2, [1, 0, 0, 0], None, [0, 1, 0, 1]),
        (5, [1, 0, 0, 0], None, [0, 2, 1, 2]),
    ],
)
def test_ranks_decide_who_gets_the_remainder(
    total: int, present: list[int], capacity: list[int] | None, shares: list[int]
) -> None:
    assert even(total, present, Random(0), capacity, [2, 0, 3, 1]) == shares


@pytest.mark.parametrize("parents", [1, 2])
def test_an_even_spread_is_the_most_even_one_of_all(parents: int) -> None:
    for present in product((0, 1, 3), repeat=parents):
        for capacity in (None, *product((0, 2, 5), repeat=parents)):
            ceilings = capacity or (6,) * parents
            for total in range(min(sum(ceilings), 6) + 1):
                ways = [
                    sorted(have + share for have, share in zip(present, shares, strict=True))
                    for shares in product(*(range(min(most, total) + 1) for most in ceilings))
                    if sum(shares) == total
                ]
                least = min(sum(end * end for end in ends) for ends in ways)
                shares = even(total, present, Random(0), capacity)
                assert all(share <= most for share, most in zip(shares, ceilings, strict=True))
                ends = [have + share for have, share in zip(present, shares, strict=True)]
                assert sum(end * end for end in ends) == least, (present, capacity, total)


@pytest.mark.parametrize("sizes", [(), (4,), (2, 4), (3, 3), (2, 3, 4), (4, 2, 2)])
def test_a_diagonal_visits_each_combination_once(sizes: tuple[int, ...]) -> None:
    visited = [diagonal(index, sizes) for index in range(prod(sizes))]
    assert sorted(visited) == sorted(product(*map(range, sizes)))
    # A run of indexes takes each value of the first dimension in turn.
    assert [one[0] for one in visited if one] == [index % sizes[0] for index in range(len(visited)) if sizes]


@st.composite
def junctions(draw: st.DrawFn) -> tuple[list[int], list[int], set[tuple[int, ...]]]:
    """Sizes, combinations that are taken, and shares that the rest can take."""
    sizes = draw(st.lists(st.integers(1, 6), max_size=3))
    anchors = draw(st.integers(0, 5))
    entry = st.tuples(st.integers(0, 5), *(st.integers(0, size - 1) for size in sizes))
    taken = draw(st.sets(entry, max_size=20))
    used = Counter(combination[0] for combination in taken)
    shares = [draw(st.integers(0, prod(sizes) - used[anchor])) for anchor in range(anchors)]
    return shares, sizes, taken


@given(junctions(), SEEDS)
@settings(deadline=None)
def test_combinations_are_distinct_and_new(
    junction: tuple[list[int], list[int], set[tuple[int, ...]]], seed: int
) -> None:
    shares, sizes, taken = junction
    found = combinations(shares, sizes, Random(seed), taken)
    assert [anchor for anchor, *_ in found] == [a for a, share in enumerate(shares) for _ in range(share)]
    assert len(set(found)) == len(found)
    assert taken.isdisjoint(found)
    for _, *others in found:
        assert all(0 <= value < size for value, size in zip(others, sizes, strict=True))


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), st.integers(1, 12), SEEDS)
@settings(deadline=None)
def test_partners_are_used_evenly(shares: list[int], partners: int, seed: int) -> None:
    shares = [min(share, partners) for share in shares]
    used = Counter(partner for _, partner in combinations(shares, [partners], Random(seed), set()))
    counts = [used[partner] for partner in range(partners)]
    assert max(counts) - min(counts) <= 1


@pytest.mark.parametrize("sizes", [[4, 6], [3, 3], [2, 4], [5, 7], [2, 3, 4], [1, 5], [6, 4, 2]])
def test_all_combinations_are_there_to_be_taken(sizes: list[int]) -> None:
    product = prod(sizes)
    found = combinations([product, product], sizes, Random(0), set())
    assert len(set(found)) == 2 * product


@pytest.mark.parametrize(
    ("shares", "sizes", "taken", "parent", "share"),
    [
        ([7], [6], set(), 0, 7),
        ([1, 2], [], set(), 1, 2),
        ([0, 1], [3, 0], set(), 1, 1),
        ([2, 2], [2], {(1, 0)}, 1, 2),
        ([1], [], {(0,)}, 0, 1),
    ],
)
def test_more_than_all_combinations_are_refused(
    shares: list[int], sizes: list[int], taken: set[tuple[int, ...]], parent: int, share: int
) -> None:
    with pytest.raises(ValueError, match=rf"^parent {parent} cannot take {share} distinct combinations$"):
        combinations(shares, sizes, Random(0), taken)


def test_partners_are_drawn() -> None:
    assert len({tuple(combinations([1, 1], [3], Random(seed), set())) for seed in range(100)}) == 6


@given(st.integers(0, 300), SEEDS, st.integers(1, 5))
@settings(deadline=None)
def test_the_parent_of_a_row_of_a_tree_comes_earlier(total: int, seed: int, branching: int) -> None:
    parents = list(tree_parents(total, Random(seed), branching))
    assert len(parents) == total
    assert all(parent is None or 0 <= parent < row for row, parent in enumerate(parents))
    roots = parents.count(None)
    assert roots == -(-total // 20)
    assert parents[:roots] == [None] * roots


def test_a_tree_has_levels() -> None:
    depths: list[int] = []
    for parent in tree_parents(100, Random(0)):
        depths.append(0 if parent is None else depths[parent] + 1)
    assert 3 <= max(depths) <= 10
    assert max(Counter(depth for depth in depths).values()) < 60


@pytest.mark.parametrize("branching", [{}, {"branching": 4}])
def test_a_row_of_a_tree_is_below_the_row_at_its_place_or_a_neighbour(branching: dict[str, int]) -> None:
    children = branching.get("branching", 3)
    for total, roots in ((1, 1), (20, 1), (21, 2), (40, 2), (41, 3)):
        offsets = set()
        for seed in range(20):
            for row, parent in enumerate(tree_parents(total, Random(seed), **branching)):
                assert (parent is None) == (row < roots)
                if parent is not None:
                    above = (row - roots) // children
                    assert 0 <= parent < row
                    offsets.add(parent - above)
        assert offsets == ({-1, 0, 1} if total > 1 else set())


@pytest.mark.parametrize(
    ("shares", "text"),
    [
        ([], ""),
        ([1, 2, 1, 2, 2], "2, 2, 2, 1, 1"),
        ([1] * 12, "1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1"),
        ([1] * 13, "1 x 13"),
        ([2] * 300 + [1] * 700, "2 x 300, 1 x 700"),
        (list(range(6)) * 3, "5 x 3, 4 x 3, 3 x 3, 2 x 3, 1 x 3, 0 x 3"),
        (list(range(7)) * 2, "6 x 2, 5 x 2, 4 x 2, 3 x 2, 2 x 2, 1 x 2, fewer x 2"),
        (list(range(20)), "19 x 1, 18 x 1, 17 x 1, 16 x 1, 15 x 1, 14 x 1, fewer x 14"),
    ],
)
def test_shares_are_summed_up_for_a_reader(shares: list[int], text: str) -> None:
    assert summary(shares) == text


def test_every_process_shares_out_alike() -> None:
    program = (
        "from random import Random; from pytest_supaseed.allocation.spread import *; r = Random('a'); "
        "print(even(8, [0] * 5, r), drawn(8, [0] * 5, r), skewed(8, [0] * 5, r), "
        "dealt('abc', 5, r), combinations([2, 1], [2, 2], r, set()), list(tree_parents(5, r)))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    # As drawn when this was written: another version of Python has to draw the same.
    assert printed == {
        "[2, 1, 2, 1, 2] [2, 0, 3, 1, 2] [3, 2, 1, 1, 1] ['a', 'a', 'b', 'c', 'c'] "
        "[(0, 1, 1), (0, 0, 0), (1, 1, 0)] [None, 0, 1, 0, 1]\n"
    }
