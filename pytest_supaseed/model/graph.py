"""Dependency graph: strongly connected components, and a topological order that can break cycles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar


class _Sortable(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


Node = TypeVar("Node", bound=_Sortable)


def components(nodes: Iterable[Node], needs: Mapping[Node, Iterable[Node]]) -> tuple[tuple[Node, ...], ...]:
    """Return the strongly connected components of a graph, dependencies first.

    Tarjan, "Depth-first search and linear graph algorithms" (1972), written without recursion.

    Args:
        needs: by node, the nodes that must come before it; those that are not in ``nodes`` are ignored.

    Returns:
        The components. One of several nodes is a cycle; its nodes are sorted. The result does not depend on the
        order of the arguments.

    Example:
        >>> components(["setups", "users"], {"setups": ["users"]})
        (('users',), ('setups',))
    """
    ordered = sorted(nodes)
    known = set(ordered)
    neighbours = {node: sorted(known.intersection(needs.get(node, ()))) for node in ordered}
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    on_stack: set[Node] = set()
    found: list[tuple[Node, ...]] = []
    for root in ordered:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        work = [(root, iter(neighbours[root]))]
        while work:
            node, remaining = work[-1]
            for neighbour in remaining:
                if neighbour not in index:
                    index[neighbour] = low[neighbour] = len(index)
                    stack.append(neighbour)
                    on_stack.add(neighbour)
                    work.append((neighbour, iter(neighbours[neighbour])))
                    break
                if neighbour in on_stack:
                    low[node] = min(low[node], index[neighbour])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
                if low[node] == index[node]:
                    # From its end: the stack holds all nodes of a long chain.
                    component = [stack.pop()]
                    while component[-1] != node:
                        component.append(stack.pop())
                    on_stack.difference_update(component)
                    found.append(tuple(sorted(component)))
    return tuple(found)


def cycle(component: tuple[Node, ...], needs: Mapping[Node, Iterable[Node]]) -> tuple[Node, ...]:
    """Return one cycle of a component, for an error message.

    Args:
        component: a strongly connected component of at least two nodes.
        needs: as for :func:`components`.

    Returns:
        Nodes along the cycle, the first one repeated at the end.
    """
    inside = set(component)
    path = [component[0]]
    while True:
        following = min(node for node in needs[path[-1]] if node in inside and node != path[-1])
        if following in path:
            return (*path[path.index(following) :], following)
        path.append(following)


def acyclic_order(
    nodes: Iterable[Node],
    needs: Mapping[Node, Iterable[Node]],
    release: Callable[[tuple[Node, ...]], tuple[Node, Node] | None],
) -> tuple[tuple[Node, ...], tuple[tuple[Node, ...], ...]]:
    """Return a topological order, without those edges of cycles that the caller can drop.

    Args:
        needs: as for :func:`components`; a self-reference is ignored.
        release: called with each cyclic component; returns an edge ``(node, needed)`` to drop, or None if there is
            none to drop.

    Returns:
        The order, and the components that are still cyclic.
    """
    everything = list(nodes)
    remaining = {node: {other for other in needs.get(node, ()) if other != node} for node in everything}
    stuck: set[tuple[Node, ...]] = set()
    while True:
        found = components(everything, remaining)
        released = False
        for component in found:
            if len(component) == 1 or component in stuck:
                continue
            edge = release(component)
            if edge is None:
                stuck.add(component)
            else:
                remaining[edge[0]].discard(edge[1])
                released = True
        if not released:
            order = tuple(node for component in found for node in component)
            return order, tuple(sorted(stuck))
