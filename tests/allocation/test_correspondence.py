"""References are exchanged between rows so that as many as possible belong together, and none is added or lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import reference, table, unique
from pytest_supaseed.allocation import correspondence
from pytest_supaseed.allocation.allocate import assign
from pytest_supaseed.allocation.allocation import IndependentRequest
from pytest_supaseed.allocation.correspondence import Correspondence, agreed, swapped, wanted_first
from pytest_supaseed.allocation.groups import groups


def of(*values: str | None) -> list[frozenset[str] | None]:
    """What referenced rows belong to: a letter for each thing, None where that is not known."""
    return [None if value is None else frozenset(value) for value in values]


@pytest.mark.parametrize(
    ("of_first", "first", "of_second", "second", "most"),
    [
        # Each address is of a customer: all rows can agree.
        (of("a", "b", "c"), [0, 1, 2], of("a", "b", "c"), [2, 0, 1], 3),
        # Two rows want the same customer, of whom the spread allows one row.
        (of("a", "a", "b"), [0, 1, 2], of("a", "b", "c"), [0, 1, 2], 2),
        # None of the customers is wanted.
        (of("x"), [0, 0], of("a", "b"), [0, 1], 0),
        # A row whose address is nobody's takes whom the others leave.
        (of(None, "a"), [0, 1], of("a", "b"), [0, 1], 2),
        # Members of several projects: whom both can have goes to the one that has no other.
        (of("p", "q"), [0, 1], of("pq", "p"), [0, 1], 2),
        # An exchange of three is needed.
        (of("p", "q", "r"), [0, 1, 2], of("pq", "qr", "p"), [0, 1, 2], 3),
        # Who is a member of nothing agrees with no row.
        (of("p", "p"), [0, 1], of("", "p"), [0, 1], 1),
    ],
)
def test_as_many_rows_as_possible_agree(
    of_first: Sequence[frozenset[str] | None],
    first: list[int | None],
    of_second: Sequence[frozenset[str] | None],
    second: list[int | None],
    most: int,
) -> None:
    pair = Correspondence("first", "second", of_first, of_second)
    for seed in range(5):
        found = agreed([(pair, first)], second, Random(seed))
        assert Counter(found) == Counter(second)
        assert sum(map(pair.holds, first, found)) == most


BELONGING = st.one_of(st.none(), st.frozensets(st.sampled_from("pqrs"), max_size=3))


@given(st.data())
@settings(deadline=None)
def test_as_many_rows_agree_as_brute_force_finds(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 5))
    pair = Correspondence(
        "first",
        "second",
        data.draw(st.lists(BELONGING, min_size=size, max_size=size)),
        data.draw(st.lists(BELONGING, min_size=size, max_size=size)),
    )
    at = st.lists(st.integers(0, size - 1), min_size=size, max_size=size)
    first, second = data.draw(at), data.draw(at)
    most = max(sum(map(pair.holds, first, found)) for found in permutations(second))
    found = agreed([(pair, first)], second, Random(data.draw(st.integers(0, 99))))
    assert Counter(found) == Counter(second)
    assert sum(map(pair.holds, first, found)) == most


def test_an_exchange_ends_after_so_many_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = Correspondence("first", "second", of("p", "q", "r"), of("pq", "qr", "p"))
    agreeing = set()
    for seed in range(20):
        monkeypatch.setattr(correspondence, "_MOST_STEPS", 1)
        found = agreed([(pair, [0, 1, 2])], [0, 1, 2], Random(seed))
        agreeing.add(sum(map(pair.holds, [0, 1, 2], found)))
        assert sorted(map(str, found)) == ["0", "1", "2"]
    assert agreeing == {2, 3}


def test_a_row_without_a_reference_keeps_none() -> None:
    pair = Correspondence("first", "second", of("a", "b"), of("a", "b"))
    assert agreed([(pair, [None, 1, 0])], [1, None, 0], Random(0))[1] is None
    assert pair.holds(None, 0)
    assert pair.holds(0, None)


def test_what_cannot_agree_with_all_agrees_with_the_first() -> None:
    project = Correspondence("project", "assignee", of("p", "q"), of("p", "q"))
    team = Correspondence("team", "assignee", of("t", "t"), of("u", "u"))
    found = agreed([(project, [0, 1]), (team, [0, 1])], [1, 0], Random(0))
    assert found == [0, 1]


def test_both_of_two_are_agreed_with_where_they_can_be() -> None:
    shipping = Correspondence("shipping", "customer", of("a", "b"), of("a", "b"))
    billing = Correspondence("billing", "customer", of("b", "a"), of("a", "b"))
    assert agreed([(shipping, [0, 1]), (billing, [1, 0])], [1, 0], Random(0)) == [0, 1]


def test_the_remainder_of_a_spread_goes_to_those_that_are_wanted_most() -> None:
    pair = Correspondence("address", "customer", of("a", "b", "c"), of("a", "b", "c"))
    ranks = wanted_first(pair, [2, 2, 2, 1, 1, 0], 1, Random(0))
    assert sorted(range(3), key=ranks.__getitem__) == [2, 1, 0]


def test_exchanges_keep_what_is_refused_apart() -> None:
    pair = Correspondence("student", "course", of("s", "t", "t"), of("s", "t", "t"))
    assert swapped([(pair, [0, 1, 2])], [1, 0, 2], lambda found, row, other: True) == [0, 1, 2]
    assert swapped([(pair, [0, 1, 2])], [1, 0, 2], lambda found, row, other: False) == [1, 0, 2]


def test_pairs_of_a_unique_key_stay_distinct() -> None:
    keys = [reference("student_id", "students"), reference("course_id", "courses")]
    enrollments = table("enrollments", *keys, unique("student_id", "course_id"))
    schools = [frozenset((number % 3,)) for number in range(12)]
    request = IndependentRequest(
        enrollments,
        48,
        "even",
        0,
        keys,
        groups(enrollments, keys, {}),
        {key.name: 12 for key in keys},
        correspondences=(Correspondence(keys[0].name, keys[1].name, schools, schools),),
    )
    found = assign(request)
    pairs = list(zip(found[keys[0].name], found[keys[1].name], strict=True))
    assert len(set(pairs)) == 48
    assert all(Counter(found[key.name]) == dict.fromkeys(range(12), 4) for key in keys)
    agreeing = sum(
        schools[student] == schools[course]
        for student, course in pairs
        if student is not None and course is not None
    )
    assert agreeing >= 46


def test_shares_stay_even_when_a_reference_follows_another() -> None:
    keys = [reference("address_id", "addresses"), reference("customer_id", "customers")]
    orders = table("orders", *keys)
    pair = Correspondence(
        keys[0].name,
        keys[1].name,
        [frozenset((number % 5,)) for number in range(8)],
        [frozenset((number,)) for number in range(5)],
    )
    sizes = {keys[0].name: 8, keys[1].name: 5}
    request = IndependentRequest(orders, 8, "even", 0, keys, (), sizes, correspondences=(pair,))
    found = assign(request)
    assert sorted(Counter(found[keys[1].name]).values()) == [1, 1, 2, 2, 2]
    assert all(map(pair.holds, found[keys[0].name], found[keys[1].name]))
    exact = IndependentRequest(
        orders, 10, "even", 0, keys, (), sizes, per=(keys[1].name, 2), correspondences=(pair,)
    )
    assert set(Counter(assign(exact)[keys[1].name]).values()) == {2}
