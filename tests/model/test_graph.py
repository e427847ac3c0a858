"""The order of the tables, and the cycles among them."""

from __future__ import annotations

from collections.abc import Mapping, Set
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_supaseed.model.graph import acyclic_order, components, cycle

Graph = Mapping[int, Set[int]]
GRAPHS = st.integers(0, 8).flatmap(
    lambda size: st.fixed_dictionaries(
        {node: st.sets(st.integers(0, size - 1), max_size=4) for node in range(size)}
    )
)


def reachable(needs: Graph) -> dict[int, set[int]]:
    """For each node those that it needs, themselves or through others; the plainest way to know."""
    found = {node: set(others) for node, others in needs.items()}
    for through in needs:
        for node in needs:
            if through in found[node]:
                found[node] |= found[through]
    return found


@pytest.mark.parametrize(
    ("needs", "groups"),
    [
        ({}, ()),
        ({"users": []}, (("users",),)),
        ({"setups": ["users"], "users": []}, (("users",), ("setups",))),
        ({"b": [], "a": [], "c": []}, (("a",), ("b",), ("c",))),
        ({"a": ["b"], "b": ["a"]}, (("a", "b"),)),
        ({"a": ["a"]}, (("a",),)),
        ({"a": ["nowhere"]}, (("a",),)),
        ({"d": ["c"], "c": ["b"], "b": ["c", "a"], "a": []}, (("a",), ("b", "c"), ("d",))),
        ({"x": ["y", "z"], "y": ["z"], "z": ["x"], "a": ["z"]}, (("x", "y", "z"), ("a",))),
    ],
)
def test_needed_tables_come_first(needs: dict[str, list[str]], groups: tuple[tuple[str, ...], ...]) -> None:
    assert components(needs, needs) == groups


def test_a_node_that_the_mapping_does_not_mention_needs_nothing() -> None:
    assert components(["b", "a"], {"a": ["b"]}) == (("b",), ("a",))


def test_a_long_chain_is_no_matter_of_recursion() -> None:
    needs = {number: [number + 1] for number in range(20_000)}
    assert components(range(20_001), needs) == tuple((number,) for number in range(20_000, -1, -1))


@given(GRAPHS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_components_are_what_needs_one_another(needs: Graph, random: Random) -> None:
    found = components(needs, needs)
    assert sorted(node for component in found for node in component) == sorted(needs)
    needed = reachable(needs)
    position = {node: number for number, component in enumerate(found) for node in component}
    for one in needs:
        for other in needs:
            together = one == other or (other in needed[one] and one in needed[other])
            assert (position[one] == position[other]) == together
            if other in needs[one]:
                assert position[other] <= position[one]
    assert all(list(component) == sorted(component) for component in found)
    # Neither the order of the nodes nor that of their needs is seen.
    shuffled = random.sample(sorted(needs), len(needs))
    lists = {node: random.sample(sorted(needs[node]), len(needs[node])) for node in shuffled}
    assert components(shuffled, lists) == found


@pytest.mark.parametrize(
    ("component", "needs", "path"),
    [
        (("a", "b"), {"a": ["b"], "b": ["a"]}, ("a", "b", "a")),
        (("a", "b"), {"a": ["a", "b"], "b": ["b", "a", "c"]}, ("a", "b", "a")),
        (("a", "b", "c"), {"a": ["b"], "b": ["c"], "c": ["b", "a"]}, ("a", "b", "c", "a")),
        (("p", "q", "r"), {"p": ["r"], "q": ["p", "r"], "r": ["q"], "s": ["p"]}, ("p", "r", "q", "p")),
        # It need not go through the first.
        (("b", "c", "d", "e"), {"b": ["c"], "c": ["d"], "d": ["c", "e"], "e": ["b"]}, ("c", "d", "c")),
    ],
)
def test_a_cycle_is_shown(
    component: tuple[str, ...], needs: dict[str, list[str]], path: tuple[str, ...]
) -> None:
    assert cycle(component, needs) == path


@given(GRAPHS)
@settings(deadline=None)
def test_a_cycle_follows_needs_and_closes(needs: Graph) -> None:
    for component in components(needs, needs):
        if len(component) > 1:
            path = cycle(component, needs)
            assert path[0] == path[-1]
            assert len(set(path)) == len(path) - 1 >= 2
            assert set(path) <= set(component)
            assert all(after in needs[before] for before, after in pairwise(path))


def never(component: tuple[object, ...]) -> None:
    return None


def test_a_cycle_that_cannot_be_opened_is_reported() -> None:
    order, stuck = acyclic_order("cba", {"a": ["b"], "b": ["a"], "c": ["a"]}, never)
    assert order == ("a", "b", "c")
    assert stuck == (("a", "b"),)


def test_every_cycle_that_cannot_be_opened_is_reported() -> None:
    needs = {"a": ["b"], "b": ["a", "c"], "c": ["d"], "d": ["c"]}
    assert acyclic_order(needs, needs, never)[1] == (("a", "b"), ("c", "d"))


def test_a_cycle_is_opened_where_the_caller_says() -> None:
    needs = {"teams": ["users"], "users": ["teams"], "posts": ["users"]}
    order, stuck = acyclic_order(needs, needs, lambda component: ("teams", "users"))
    assert order == ("teams", "users", "posts")
    assert stuck == ()


def test_a_table_that_needs_itself_is_no_cycle() -> None:
    assert acyclic_order(["a"], {"a": ["a"]}, never) == (("a",), ())


def test_the_needs_of_the_caller_stay_as_they_are() -> None:
    needs = {"a": {"b"}, "b": {"a"}}
    acyclic_order(needs, needs, lambda component: ("a", "b"))
    assert needs == {"a": {"b"}, "b": {"a"}}


@given(GRAPHS, st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7))))
@settings(deadline=None)
def test_every_edge_that_is_not_given_up_is_respected(needs: Graph, soft: set[tuple[int, int]]) -> None:
    dropped: set[tuple[int, int]] = set()

    def release(component: tuple[int, ...]) -> tuple[int, int] | None:
        edges = sorted(
            (node, other)
            for node in component
            for other in needs[node]
            if other in component and other != node and (node, other) in soft - dropped
        )
        dropped.update(edges[:1])
        return edges[0] if edges else None

    order, stuck = acyclic_order(needs, needs, release)
    assert sorted(order) == sorted(needs)
    assert dropped <= soft
    position = {node: number for number, node in enumerate(order)}
    inside = [set(component) for component in stuck]
    for node in needs:
        for other in needs[node] - {node}:
            tied = any({node, other} <= component for component in inside)
            if (node, other) not in dropped and not tied:
                assert position[other] < position[node]
    # What is stuck is a cycle of edges that cannot be given up.
    hard = {node: {other for other in needs[node] if (node, other) not in soft} for node in needs}
    assert set(stuck) == {group for group in components(needs, hard) if len(group) > 1}
