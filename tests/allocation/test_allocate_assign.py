"""Which referenced row each new row gets."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import prod
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_supaseed.allocation import allocate
from pytest_supaseed.allocation.allocate import Positions, assign, shares
from pytest_supaseed.allocation.allocation import IndependentRequest
from pytest_supaseed.allocation.constraints import Pair, PairedKeys
from pytest_supaseed.allocation.groups import groups, room
from pytest_supaseed.model.schema import Column, ColumnType, ForeignKey, Table, TableName, UniqueKey
from pytest_supaseed.spec import SPREADS

INTEGER = ColumnType("integer", "int4", "N")
SEEDS = st.integers(0, 2**32)


def request(
    amount: int,
    sizes: dict[str, int],
    *keys: tuple[str, ...],
    nullable: tuple[str, ...] = (),
    finite: tuple[str, ...] = (),
    nulls_distinct: bool = True,
    **more: Any,
) -> IndependentRequest:
    """Ask for rows of a table whose foreign keys are named as their columns."""
    foreign_keys = tuple(
        ForeignKey(name, (name,), TableName("public", "other"), ("id",))
        for name in sizes
        if name not in finite
    )
    table = Table(
        TableName("public", "t"),
        tuple(Column(name, INTEGER, nullable=name in nullable) for name in sizes),
        uniques=tuple(UniqueKey("+".join(key), key, nulls_distinct=nulls_distinct) for key in keys),
        foreign_keys=foreign_keys,
    )
    per = more.get("per")
    bound = groups(
        table, foreign_keys, {name: range(sizes[name]) for name in finite}, per[0] if per else None
    )
    return IndependentRequest(
        table, amount, more.pop("spread", "even"), more.pop("seed", 0), foreign_keys, bound, sizes, **more
    )


def rows(positions: Positions, *names: str) -> list[tuple[int | None, ...]]:
    return list(zip(*(positions[name] for name in names), strict=True))


@given(st.sampled_from(SPREADS), st.integers(0, 100), st.integers(1, 20), st.integers(1, 20), SEEDS)
@settings(deadline=None)
def test_every_row_gets_one_of_each(spread: str, amount: int, users: int, gear: int, seed: int) -> None:
    wanted = request(amount, {"user": users, "gear": gear}, spread=spread, seed=seed)
    positions = assign(wanted)
    assert positions.keys() == {"user", "gear"}
    for name, size in (("user", users), ("gear", gear)):
        assert len(positions[name]) == amount
        assert set(positions[name]) <= set(range(size))
        if spread == "even":
            counts = [positions[name].count(position) for position in range(size)]
            assert max(counts) - min(counts) <= 1
    assert assign(wanted) == positions


@given(st.sampled_from(SPREADS), st.integers(0, 60), st.integers(1, 9), st.booleans(), SEEDS)
@settings(deadline=None)
def test_the_shares_are_those_of_the_rows(
    spread: str, amount: int, users: int, bound: bool, seed: int
) -> None:
    keys = [("user", "gear")] if bound else []
    wanted = request(amount, {"user": users, "gear": 60}, *keys, spread=spread, seed=seed)
    positions = assign(wanted)
    for name, found in shares(wanted).items():
        assert list(found) == [positions[name].count(at) for at in range(wanted.sizes[name])]


def test_ranks_say_who_gets_the_remainder_of_an_even_spread() -> None:
    ranked = {"user": [3, 1, 0, 2]}
    positions = assign(request(6, {"user": 4}, ranks=ranked))
    assert Counter(positions["user"]) == {0: 1, 1: 2, 2: 2, 3: 1}
    for spread in ("random", "skewed"):
        wanted = request(40, {"user": 4}, spread=spread)
        assert assign(replace(wanted, ranks=ranked)) == assign(wanted)


@pytest.mark.parametrize("seed", range(5))
def test_the_shares_of_two_that_are_compared_are_those_of_the_rows(seed: int) -> None:
    differ = PairedKeys(Pair("a", "<", "b"), (1, 2, 3, 4), (1, 2, 3, 4))
    wanted = request(9, {"a": 4, "b": 4}, seed=seed, paired=(differ,))
    positions = assign(wanted)
    assert all(differ.fits(*row) for row in rows(positions, "a", "b"))
    for name, found in shares(wanted).items():
        assert list(found) == [positions[name].count(at) for at in range(4)]


def test_each_foreign_key_is_spread_by_itself() -> None:
    alone = assign(request(20, {"user": 5}))
    together = assign(request(20, {"user": 5, "gear": 5}))
    assert together["user"] == alone["user"]
    assert together["user"] != together["gear"]


def test_the_seed_and_the_table_decide() -> None:
    wanted = request(20, {"user": 5})
    assert assign(wanted) != assign(replace(wanted, seed=1))
    elsewhere = replace(wanted.table, name=TableName("public", "u"))
    assert assign(wanted) != assign(replace(wanted, table=elsewhere))


@given(st.lists(st.integers(0, 9), max_size=9), st.integers(0, 40), SEEDS)
@settings(deadline=None)
def test_rows_that_are_there_count(present: list[int], amount: int, seed: int) -> None:
    wanted = request(amount, {"user": 10}, present={"user": present}, seed=seed)
    assert wanted.present_of("user") == present + [0] * (10 - len(present))
    positions = assign(wanted)["user"]
    ends = [positions.count(user) + have for user, have in enumerate(wanted.present_of("user"))]
    # Those with fewer are filled up first.
    most = max(present, default=0)
    if amount >= 10 * most - sum(present):
        assert max(ends) - min(ends) <= 1


@given(st.lists(st.integers(0, 3), min_size=1, max_size=9), SEEDS)
@settings(deadline=None)
def test_rows_per_row_are_exact(present: list[int], seed: int) -> None:
    amount = 3 * len(present) - sum(present)
    wanted = request(
        amount, {"user": len(present), "gear": 4}, per=("user", 3), present={"user": present}, seed=seed
    )
    positions = assign(wanted)
    counts = [positions["user"].count(user) + have for user, have in enumerate(present)]
    assert counts == [3] * len(present)
    assert len(positions["gear"]) == amount


@given(st.sampled_from(SPREADS), st.integers(1, 8), st.integers(1, 8), st.data())
@settings(deadline=None)
def test_a_junction_table_gets_distinct_pairs(
    spread: str, users: int, gear: int, data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, users * gear))
    seed = data.draw(SEEDS)
    wanted = request(amount, {"user": users, "gear": gear}, ("user", "gear"), spread=spread, seed=seed)
    positions = assign(wanted)
    pairs = rows(positions, "user", "gear")
    assert len(pairs) == len(set(pairs)) == amount
    if spread == "even":
        for name, size in (("user", users), ("gear", gear)):
            counts = [positions[name].count(position) for position in range(size)]
            assert max(counts) - min(counts) <= 1


@given(st.integers(1, 6), st.integers(1, 6), SEEDS, st.data())
@settings(deadline=None)
def test_pairs_that_are_there_are_not_made_again(
    users: int, gear: int, seed: int, data: st.DataObject
) -> None:
    everything = [(g, u) for g in range(gear) for u in range(users)]
    # The anchor of a junction table is the first by name.
    taken = data.draw(st.sets(st.sampled_from(everything)))
    spread = data.draw(st.sampled_from(SPREADS))
    counts = Counter(g for g, _ in taken)
    wanted = request(
        data.draw(st.integers(0, len(everything) - len(taken))),
        {"user": users, "gear": gear},
        ("gear", "user"),
        present={"gear": [counts[g] for g in range(gear)]},
        taken={"gear+user": taken},
        spread=spread,
        seed=seed,
    )
    pairs = rows(assign(wanted), "gear", "user")
    assert len(set(pairs)) == len(pairs) == wanted.amount
    assert taken.isdisjoint(pairs)


@given(st.lists(st.integers(1, 4), min_size=3, max_size=3), SEEDS, st.data())
@settings(deadline=None)
def test_a_key_of_three_parts_gets_distinct_combinations(
    sizes: list[int], seed: int, data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, prod(sizes)))
    wanted = request(amount, dict(zip("abc", sizes, strict=True)), ("a", "b", "c"), finite=("c",), seed=seed)
    found = rows(assign(wanted), "a", "b", "c")
    assert len(set(found)) == len(found) == amount


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6), SEEDS, st.data())
@settings(deadline=None)
def test_two_keys_that_share_a_part_are_both_heeded(
    users: int, gear: int, slots: int, seed: int, data: st.DataObject
) -> None:
    # Nobody carries a thing twice, and no place of somebody is used twice.
    amount = data.draw(st.integers(0, users * min(gear, slots)))
    sizes = {"gear": gear, "slot": slots, "user": users}
    positions = assign(
        request(amount, sizes, ("user", "gear"), ("user", "slot"), finite=("slot",), seed=seed)
    )
    for name in ("gear", "slot"):
        pairs = rows(positions, "user", name)
        assert len(set(pairs)) == len(pairs) == amount


def test_one_to_one_takes_everybody_once() -> None:
    assert sorted(assign(request(5, {"user": 5}, ("user",)))["user"]) == [0, 1, 2, 3, 4]  # type: ignore[type-var]


def test_one_to_one_goes_on_with_those_that_are_left() -> None:
    wanted = request(2, {"user": 4}, ("user",), present={"user": [1, 0, 1]}, taken={"user": {(0,), (2,)}})
    assert sorted(assign(wanted)["user"]) == [1, 3]  # type: ignore[type-var]


@pytest.mark.parametrize("seed", range(20))
def test_a_unique_choice_that_a_row_has_is_not_chosen_again(seed: int) -> None:
    # Nobody counts the rows of a plain column's values: what is taken says enough.
    wanted = request(2, {"kind": 3}, ("kind",), finite=("kind",), taken={"kind": {(1,)}}, seed=seed)
    assert room(wanted, wanted.groups[0]) == [1, 0, 1]
    assert sorted(assign(wanted)["kind"]) == [0, 2]  # type: ignore[type-var]


def test_a_row_with_a_null_takes_no_combination() -> None:
    wanted = request(
        2, {"a": 1, "b": 2}, ("a", "b"), present={"a": [1]}, taken={"a+b": set()}, nullable=("b",)
    )
    assert room(wanted, wanted.groups[0]) == [2]
    assert sorted(assign(wanted)["b"]) == [0, 1]  # type: ignore[type-var]


def test_more_rows_than_combinations_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^t can take 6 more rows, not 7$"):
        assign(request(7, {"a": 2, "b": 3}, ("a", "b")))
    with pytest.raises(ValueError, match=r"^t can take 4 more rows, not 6$"):
        assign(request(6, {"a": 2, "b": 3}, ("a", "b"), present={"a": [2]}))


def test_a_key_in_which_null_is_a_value_is_filled_to_the_last() -> None:
    # Two values of b and NULL for each of the three values of a, though its references have room for two.
    full = request(9, {"a": 3, "b": 2}, ("a", "b"), nullable=("b",), nulls_distinct=False)
    assert len(set(rows(assign(full), "a", "b"))) == 9
    with pytest.raises(ValueError, match=r"^t can take 9 more rows, not 10$"):
        assign(replace(full, amount=10))


def test_nobody_to_reference_is_refused() -> None:
    for spread in SPREADS:
        with pytest.raises(ValueError, match=r"^0 parents cannot take 1 rows$"):
            assign(request(1, {"a": 0}, spread=spread))


def test_what_two_keys_rule_out_together_is_refused() -> None:
    # Each of the two values of c has one row with b, so it cannot have two with a.
    with pytest.raises(ValueError, match=r"^t can take 2 more rows, not 4$"):
        assign(request(4, {"a": 2, "b": 1, "c": 2}, ("a", "c"), ("b", "c")))


@given(st.integers(0, 30), st.integers(0, 6), st.integers(1, 6), SEEDS)
@settings(deadline=None)
def test_what_finds_no_room_references_nothing(amount: int, a: int, b: int, seed: int) -> None:
    positions = assign(request(amount, {"a": a, "b": b}, ("a", "b"), nullable=("a",), seed=seed))
    assert len(positions["a"]) == len(positions["b"]) == amount
    pairs = [pair for pair in rows(positions, "a", "b") if None not in pair]
    assert len(set(pairs)) == len(pairs) == min(amount, a * b)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 6), SEEDS)
@settings(deadline=None)
def test_rows_per_row_of_a_junction_table_are_exact_and_distinct(
    users: int, gear: int, number: int, seed: int
) -> None:
    number = min(number, gear)
    wanted = request(
        users * number, {"user": users, "gear": gear}, ("user", "gear"), per=("user", number), seed=seed
    )
    positions = assign(wanted)
    assert [positions["user"].count(user) for user in range(users)] == [number] * users
    pairs = rows(positions, "user", "gear")
    assert len(set(pairs)) == len(pairs)


@pytest.mark.parametrize("seed", range(10))
def test_what_is_taken_of_a_key_beside_the_anchor_is_not_made_again(seed: int) -> None:
    ring = [("a", "b"), ("b", "c"), ("c", "a")]
    taken = {(0, 0), (1, 1), (2, 2), (3, 0), (0, 3)}
    wanted = request(6, dict.fromkeys("abc", 4), *ring, taken={"b+c": taken}, seed=seed)
    assert wanted.groups[0].anchor.name == "a"
    positions = assign(wanted)
    assert taken.isdisjoint(rows(positions, "b", "c"))
    for one, other in ring:
        assert len(set(rows(positions, one, other))) == 6


@pytest.mark.parametrize("seed", range(3))
def test_a_ring_is_filled_to_the_last(seed: int) -> None:
    ring = [("a", "b"), ("b", "c"), ("c", "a")]
    positions = assign(request(121, dict.fromkeys("abc", 11), *ring, seed=seed))
    for one, other in ring:
        assert len(set(rows(positions, one, other))) == 121


@pytest.mark.parametrize("seed", range(3))
def test_a_search_keeps_the_number_for_each_row(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(allocate, "ATTEMPTS", 0)
    ring = [("a", "b"), ("b", "c"), ("c", "a")]
    wanted = request(8, dict.fromkeys("abc", 4), *ring, spread="random", seed=seed)
    assert wanted.groups[0].anchor.name == "a"
    positions = assign(replace(wanted, per=("a", 2)))
    assert set(Counter(positions["a"]).values()) == {2}
    for one, other in ring:
        assert len(set(rows(positions, one, other))) == 8
    assert set(Counter(assign(wanted)["a"]).values()) != {2}


def test_keys_in_a_ring_agree_or_are_refused() -> None:
    ring = [("a", "b"), ("b", "c"), ("c", "a")]
    positions = assign(request(4, {"a": 9, "b": 9, "c": 9}, *ring))
    for one, other in ring:
        assert len(set(rows(positions, one, other))) == 4
    # The third key holds four rows, whatever the anchor has room for.
    with pytest.raises(ValueError, match=r"^there are only 4 rows that agree with a\+b, b\+c, c\+a$"):
        assign(request(5, {"a": 9, "b": 2, "c": 2}, *ring))


def test_the_rows_of_a_junction_table_come_in_no_order() -> None:
    users = assign(request(30, {"user": 5, "gear": 10}, ("user", "gear")))["gear"]
    assert list(users) != sorted(users)  # type: ignore[type-var]
