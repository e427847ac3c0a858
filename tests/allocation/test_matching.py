"""Rows that agree: as many as there can be, whatever references share and unique keys bind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product
from operator import lt
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_supaseed.allocation import matching
from pytest_supaseed.allocation.allocation import Agreement, Limit, Relation, TooFewError, Unique
from pytest_supaseed.allocation.matching import agreeing_rows

Row = dict[str, Any]
SEEDS = st.integers(0, 2**32)


def every_row(relations: list[Relation]) -> list[Row]:
    """All rows whose relations agree, none left out."""
    found: dict[tuple[Any, ...], Row] = {}
    for options in product(*(relation.options for relation in relations)):
        row: Row = {}
        pairs = [p for r, o in zip(relations, options, strict=True) for p in zip(r.columns, o, strict=True)]
        if all(row.setdefault(column, value) == value for column, value in pairs):
            found[tuple(row.values())] = row
    return list(found.values())


def most(rows: list[Row], uniques: list[Unique]) -> int:
    """The size of the largest choice of rows that unique keys accept, by trying all."""
    best = 0
    rows = [row for row in rows if all(unique.values(row) not in unique.taken for unique in uniques)]

    def choose(at: int, chosen: int, used: frozenset[tuple[str, Any]]) -> None:
        nonlocal best
        best = max(best, chosen)
        if at == len(rows) or chosen + len(rows) - at <= best:
            return
        entries = ((unique.name, unique.values(rows[at])) for unique in uniques)
        values = frozenset(entry for entry in entries if entry[1] is not None)
        if used.isdisjoint(values):
            choose(at + 1, chosen + 1, used | values)
        choose(at + 1, chosen, used)

    choose(0, 0, frozenset())
    return best


def options(*columns: str) -> st.SearchStrategy[list[tuple[int, ...]]]:
    return st.lists(st.tuples(*[st.integers(0, 2)] * len(columns)), max_size=4, unique=True)


def taken(key: list[str]) -> st.SearchStrategy[set[tuple[int, ...]]]:
    """What present rows have in the columns of a unique key."""
    return st.sets(st.tuples(*[st.integers(0, 2)] * len(key)), max_size=2)


def is_not_zero(column: str) -> Callable[[Mapping[str, Any]], bool]:
    """The predicate of a partial index."""
    return lambda row: bool(row[column] != 0)


@given(st.data())
@settings(deadline=None)
def test_there_are_as_many_rows_as_brute_force_finds(data: st.DataObject) -> None:
    columns = data.draw(st.sampled_from(["tu tp", "tu tp k", "tu pt tg", "ptq ts", "a b c", "tu t"]))
    relations = [Relation(name, tuple(name), data.draw(options(*name))) for name in columns.split()]
    names = sorted(set(columns) - {" "})
    keys = data.draw(
        st.lists(st.lists(st.sampled_from(names), min_size=1, unique=True), min_size=1, max_size=4)
    )
    uniques = [
        Unique(str(number), tuple(key), taken=data.draw(taken(key))) for number, key in enumerate(keys)
    ]
    # Some of them are partial indexes; the first binds every row.
    for at in range(1, len(uniques)):
        column = data.draw(st.none() | st.sampled_from(names))
        if column is not None:
            uniques[at] = replace(uniques[at], where=is_not_zero(column), compared=(column,))
    possible = most(every_row(relations), uniques)
    random = Random(data.draw(SEEDS))
    rows = agreeing_rows(Agreement(relations, uniques, possible), random)
    assert len(rows) == possible
    for unique in uniques:
        entries = [entry for row in rows if (entry := unique.values(row)) is not None]
        assert len(set(entries) - set(unique.taken)) == len(entries)
    for relation in relations:
        assert all(tuple(row[column] for column in relation.columns) in relation.options for row in rows)
    with pytest.raises(TooFewError) as caught:
        agreeing_rows(Agreement(relations, uniques, possible + 1), random)
    assert (caught.value.found, caught.value.proved) == (possible, True)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 30), SEEDS)
@settings(deadline=None)
def test_without_keys_the_first_is_spread_evenly(users: int, projects: int, amount: int, seed: int) -> None:
    relations = [
        Relation("u", ("t", "u"), [(number % 2, number) for number in range(users)]),
        Relation("p", ("t", "p"), [(0, number) for number in range(projects)]),
    ]
    rows = agreeing_rows(Agreement(relations, [], amount), Random(seed))
    assert {row["t"] for row in rows} <= {0}
    for column, size in (("u", (users + 1) // 2), ("p", projects)):
        counts = Counter(row[column] for row in rows)
        shares = [counts[value] for value in counts]
        assert sum(shares) == amount
        assert max(shares, default=0) - (min(shares) if len(shares) == size else 0) <= 1


def test_rows_that_are_there_count_for_the_spread() -> None:
    relations = [Relation("a", ("a",), [(0,), (1,)], present=[3, 0])]
    rows = agreeing_rows(Agreement(relations, [], 5), Random(0))
    assert Counter(row["a"] for row in rows) == {1: 4, 0: 1}


@pytest.mark.parametrize("spread", ["random", "skewed"])
def test_another_spread_is_that_of_the_first(spread: str) -> None:
    relations = [Relation("a", ("a",), [(number,) for number in range(5)])]
    rows = agreeing_rows(Agreement(relations, [], 50, spread), Random(0))
    assert len(rows) == 50
    assert max(Counter(row["a"] for row in rows).values()) > 11


def test_each_option_has_its_exact_number_of_rows_or_none_are_made() -> None:
    relations = [Relation("u", ("t", "u"), [(0, 0), (1, 1)]), Relation("p", ("t", "p"), [(0, 7), (0, 8)])]
    with pytest.raises(TooFewError):
        agreeing_rows(Agreement(relations, [], 4, each=2), Random(0))
    wide = [relations[0], Relation("p", ("t", "p"), [(0, 7), (1, 8)])]
    assert Counter(row["u"] for row in agreeing_rows(Agreement(wide, [], 4, each=2), Random(0))) == {
        0: 2,
        1: 2,
    }


def test_an_exact_number_is_not_reached_by_other_shares() -> None:
    user = Relation("u", ("u",), [(0,), (1,)])
    project = Relation("p", ("u", "p"), [(0, 5), (0, 6), (0, 7), (1, 5)])
    keys = [Unique("k", ("u", "p")), Unique("l", ("p", "u"))]
    # Three rows of one user and one of the other: four, but not two each.
    assert len(agreeing_rows(Agreement([user, project], keys, 4), Random(0))) == 4
    with pytest.raises(TooFewError):
        agreeing_rows(Agreement([user, project], keys, 4, each=2), Random(0))


def test_rows_that_are_there_count_for_the_exact_number() -> None:
    relations = [Relation("a", ("a",), [(0,), (1,), (2,)], present=[1, 0, 2])]
    rows = agreeing_rows(Agreement(relations, [], 3, each=2), Random(0))
    assert Counter(row["a"] for row in rows) == {0: 1, 1: 2}


def test_a_relation_that_nothing_agrees_with_is_null_where_it_can_be() -> None:
    relations = [
        Relation("u", ("t", "u"), [(0, 0), (1, 1)]),
        Relation("p", ("t", "p"), [(0, 7)], nullable=("p",)),
        Relation("t", ("t",), [(0,), (1,)]),
    ]
    rows = agreeing_rows(Agreement(relations, [], 4), Random(0))
    assert sorted((row["t"], row["p"]) for row in rows if row["t"] == 0) == [(0, 7), (0, 7)]
    assert [row["p"] for row in rows if row["t"] == 1] == [None, None]


def test_what_is_released_leaves_its_columns_to_others() -> None:
    relations = [
        Relation("u", ("t", "u"), [], nullable=("u",)),
        Relation("t", ("t",), [(0,), (1,)]),
    ]
    rows = agreeing_rows(Agreement(relations, [], 4), Random(0))
    assert Counter(row["t"] for row in rows) == {0: 2, 1: 2}
    assert all(row["u"] is None for row in rows)
    full = [Relation("u", ("t", "u"), [], nullable=("u",), match_full=True), relations[1]]
    with pytest.raises(TooFewError, match=r"^there is no row whose references agree$"):
        agreeing_rows(Agreement(full, [], 1), Random(0))


def test_a_limit_is_heeded() -> None:
    numbers = [(number,) for number in range(6)]
    relations = [Relation("a", ("a",), numbers), Relation("b", ("b",), numbers)]
    key = Unique("k", ("a", "b"))
    rows = agreeing_rows(Agreement(relations, [key], 15, limits=[Limit("less", ("a", "b"), lt)]), Random(0))
    assert all(row["a"] < row["b"] for row in rows)
    with pytest.raises(TooFewError, match=r"^there are only 15 rows that agree with k, less$"):
        agreeing_rows(Agreement(relations, [key], 16, limits=[Limit("less", ("a", "b"), lt)]), Random(0))


def test_a_column_that_a_row_lacks_counts_as_null() -> None:
    assert Unique("k", ("a", "b")).values({"a": 1}) is None
    assert Unique("k", ("a", "b"), nulls_distinct=False).values({"a": 1}) == (1, None)


def test_nulls_that_are_not_distinct_are_one_value() -> None:
    relations = [Relation("a", ("a",), [(0,), (1,)], nullable=("a",))]
    assert len(agreeing_rows(Agreement(relations, [Unique("k", ("a",))], 9), Random(0))) == 9
    one_null = Unique("k", ("a",), nulls_distinct=False)
    rows = agreeing_rows(Agreement(relations, [one_null], 3), Random(0))
    assert {row["a"] for row in rows} == {0, 1, None}
    with pytest.raises(TooFewError):
        agreeing_rows(Agreement(relations, [one_null], 4), Random(0))


def test_a_partial_index_has_the_rows_of_its_predicate_only() -> None:
    relations = [Relation(name, (name,), [(0,), (1,), (2,)]) for name in "ab"]
    key = Unique("k", ("a",), where=lambda row: bool(row["b"] == 0), compared=("b",), taken={(1,)})
    assert key.uses == ("a", "b")
    rows = agreeing_rows(Agreement(relations, [key], 20), Random(0))
    assert Counter(row["a"] for row in rows if row["b"] == 0) == {0: 1, 2: 1}
    relations[1] = Relation("b", ("b",), [(0,)])
    with pytest.raises(TooFewError, match=r"^there are only 2 rows that agree with k$"):
        agreeing_rows(Agreement(relations, [key], 3), Random(0))


def test_what_is_taken_is_not_made_again() -> None:
    relations = [Relation("a", ("a",), [(0,), (1,), (2,)])]
    rows = agreeing_rows(Agreement(relations, [Unique("k", ("a",), taken={(1,)})], 2), Random(0))
    assert sorted(row["a"] for row in rows) == [0, 2]


@pytest.mark.parametrize("seed", range(20))
def test_three_keys_are_searched_where_no_exchange_helps(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(matching, "_EXCHANGES", 0)
    random = Random(seed)
    triples = sorted({tuple(random.randrange(4) for _ in "abc") for _ in range(9)})
    uniques = [Unique(column, (column,)) for column in "abc"]
    relations = [Relation("t", ("a", "b", "c"), triples)]
    possible = most(every_row(relations), uniques)
    assert len(agreeing_rows(Agreement(relations, uniques, possible), random)) == possible
    with pytest.raises(TooFewError) as caught:
        agreeing_rows(Agreement(relations, uniques, possible + 1), random)
    assert (caught.value.found, caught.value.proved) == (possible, True)


def test_an_exchange_loses_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    # Too many choices to try them all.
    monkeypatch.setattr(matching, "_STEPS", 1)
    uniques = [Unique(column, (column,)) for column in "abc"]

    def found(seed: int, exchanges: int) -> int:
        monkeypatch.setattr(matching, "_EXCHANGES", exchanges)
        random = Random(seed)
        triples = sorted({tuple(random.randrange(9) for _ in "abc") for _ in range(30)})
        with pytest.raises(TooFewError) as caught:
            agreeing_rows(Agreement([Relation("t", ("a", "b", "c"), triples)], uniques, 10), random)
        return caught.value.found

    before, after = ([found(seed, exchanges) for seed in range(9)] for exchanges in (0, 99))
    assert all(most >= least for least, most in zip(before, after, strict=True))
    assert sum(after) > sum(before)


def test_what_was_searched_in_vain_is_not_called_impossible() -> None:
    # Three keys of one column each, a matching in three dimensions: nobody tries all choices.
    random = Random(0)
    triples = sorted({tuple(random.randrange(40) for _ in "abc") for _ in range(100)})
    uniques = [Unique(column, (column,)) for column in "abc"]
    with pytest.raises(TooFewError) as caught:
        agreeing_rows(Agreement([Relation("t", ("a", "b", "c"), triples)], uniques, 40), random)
    assert not caught.value.proved
    assert str(caught.value).startswith(f"only {caught.value.found} rows were found that agree with")


def test_a_search_that_is_given_up_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    relations = [
        Relation("a", ("a",), [(0,), (1,)], ranks=(0, 1)),
        Relation("ab", ("a", "b"), [(0, 7), (0, 8), (1, 7)], ranks=(0, 1, 2)),
    ]
    agreement = Agreement(relations, [Unique("k", ("b",), taken={(7,)})], 1)
    assert agreeing_rows(agreement, Random(0)) == [{"a": 0, "b": 8}]
    # The option of b that would fit is the third that is tried.
    monkeypatch.setattr(matching, "_OPTIONS_OF_A_ROW", 2)
    with pytest.raises(TooFewError) as caught:
        agreeing_rows(agreement, Random(0))
    assert (caught.value.found, caught.value.proved) == (0, False)


def test_a_matching_of_two_keys_ends_after_so_many_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    # The first row that is drawn takes what both of the others need.
    pairs = Relation("t", ("a", "b"), [(0, 0), (0, 1), (1, 0)], ranks=(0, 1, 2))
    agreement = Agreement([pairs], [Unique("a", ("a",)), Unique("b", ("b",))], 2)
    assert len(agreeing_rows(agreement, Random(0))) == 2
    monkeypatch.setattr(matching, "_STEPS", 1)
    with pytest.raises(TooFewError) as caught:
        agreeing_rows(agreement, Random(0))
    assert (caught.value.found, caught.value.proved) == (1, False)


def test_the_seed_decides() -> None:
    relations = [
        Relation("u", ("t", "u"), [(n % 3, n) for n in range(9)]),
        Relation("t", ("t",), [(0,), (1,), (2,)]),
    ]
    first, again, other = (agreeing_rows(Agreement(relations, [], 20), Random(seed)) for seed in (1, 1, 2))
    assert first == again != other
