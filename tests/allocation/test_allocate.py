"""An allocation request becomes an allocation, with neither a plan nor a database."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from builders import column, reference, table, unique
from pytest_supaseed.allocation.allocate import NothingToReferenceError, allocate
from pytest_supaseed.allocation.allocation import (
    Agreement,
    AllocatedColumns,
    Allocation,
    AllocationRequest,
    Dimension,
    IndependentRequest,
    OverlappingKeys,
    OverlappingRequest,
    Relation,
    TooFewError,
)
from pytest_supaseed.allocation.allocation import Unique as UniqueConstraint
from pytest_supaseed.allocation.groups import groups
from pytest_supaseed.model.schema import ForeignKey

USER = reference("user_id", "users")
GEAR = reference("gear_id", "gear")
OWNERS = table("owners", USER, GEAR, unique("user_id", "gear_id"))


def request(amount: int, seed: int = 0, *, optional: bool = False, **keys: int) -> AllocationRequest:
    """A request for rows of OWNERS, from the number of users and of gear."""
    sizes = {f"{name}_id_fkey": size for name, size in keys.items()}
    foreign_keys = [key for key in (USER, GEAR) if sizes[key.name]]
    bound = groups(OWNERS, foreign_keys, {})
    return AllocationRequest(
        IndependentRequest(OWNERS, amount, "even", seed, foreign_keys, bound, sizes),
        tuple(Dimension(key.columns, key, optional=optional) for key in (USER, GEAR)),
        {name: [(number,) for number in range(size)] for name, size in sizes.items()},
    )


def test_every_row_gets_a_distinct_combination_of_referenced_rows() -> None:
    allocation = allocate(request(12, user=4, gear=3))
    assert allocation.amount == 12
    assert [part.columns for part in allocation.parts] == [("user_id",), ("gear_id",)]
    assert len(set(zip(*(part.positions for part in allocation.parts), strict=True))) == 12
    assert Counter(allocation.parts[0].positions) == {0: 3, 1: 3, 2: 3, 3: 3}
    assert allocation.parts[1].options == [(0,), (1,), (2,)]
    assert allocation.satisfied == {"user_id_gear_id_key"}
    assert allocation.columns == {"user_id", "gear_id"}
    assert allocate(request(12, user=4, gear=3)) == allocation
    assert allocate(request(12, 1, user=4, gear=3)) != allocation


def test_values_of_a_column_are_allocated_where_a_key_binds_them() -> None:
    kinds, grades = (Dimension((name,), choices=("a", "b")) for name in ("kind", "grade"))
    bound = table("owners", USER, column("kind"), column("grade"), unique("user_id", "kind"))
    sizes = {"user_id_fkey": 3, "kind": 2, "grade": 2}
    of_both = groups(bound, (USER,), {"kind": ("a", "b")})
    independent = IndependentRequest(bound, 6, "even", 0, (USER,), of_both, sizes)
    users = Dimension(("user_id",), USER)
    keys = {USER.name: [(number,) for number in range(3)]}
    parts = allocate(AllocationRequest(independent, (users, kinds, grades), keys)).parts
    assert [part.columns for part in parts] == [("user_id",), ("kind",)]
    assert parts[1].options == [("a",), ("b",)]
    assert len(set(zip(*(part.positions for part in parts), strict=True))) == 6


def test_a_foreign_key_without_a_row_to_reference_is_null_or_an_error() -> None:
    allocation = allocate(request(3, optional=True, user=2, gear=0))
    assert list(allocation.parts[1].positions) == [None] * 3
    # Where a column is NULL in every row, the unique key decides nothing.
    assert allocation.satisfied == frozenset()
    with pytest.raises(NothingToReferenceError) as caught:
        allocate(request(3, user=2, gear=0))
    assert caught.value.foreign_key is GEAR
    assert str(caught.value) == "no row of public.gear can be referenced by gear_id_fkey"
    assert allocate(request(0, user=2, gear=0)).amount == 0


def test_more_rows_than_combinations_are_an_error() -> None:
    with pytest.raises(ValueError, match="owners can take 6 more rows, not 7"):
        allocate(request(7, user=2, gear=3))


def overlapping(amount: int, authors: list[tuple[int, int]], projects: list[tuple[int, int]]) -> Allocation:
    """Rows of a table whose two foreign keys share the column ``tenant``."""
    foreign_keys: list[ForeignKey] = [
        reference("tenant, author", "members", "tenant, id"),
        reference("tenant, project", "projects", "tenant, id"),
    ]
    tasks = table("tasks", column("tenant", "int4"), *foreign_keys)
    agreement = Agreement(
        [
            Relation(foreign_keys[0].name, foreign_keys[0].columns, authors),
            Relation(foreign_keys[1].name, foreign_keys[1].columns, projects),
        ],
        [UniqueConstraint("one_task", ("author", "project"))],
        amount,
    )
    independent = IndependentRequest(tasks, amount, "even", 0, (), (), {})
    request = OverlappingRequest(tuple(foreign_keys), agreement)
    return allocate(AllocationRequest(independent, overlapping=(request,)))


def completed(amount: int, relations: list[Relation], *keys: str) -> list[tuple[int | None, ...]]:
    """Rows of a table whose foreign keys may be NULL in a column of their own, beside ``tenant``."""
    foreign_keys = [
        reference(", ".join(each.columns), "others", ", ".join(each.columns), name=each.name)
        for each in relations
    ]
    agreement = Agreement(relations, [UniqueConstraint(name, (name,)) for name in keys], amount)
    independent = IndependentRequest(table("tasks", *foreign_keys), amount, "even", 0, (), (), {})
    request = OverlappingRequest(tuple(foreign_keys), agreement)
    [part] = allocate(AllocationRequest(independent, overlapping=(request,))).parts
    return sorted(part.by_row(range(amount)).values(), key=repr)


def test_where_a_column_is_null_the_others_have_values_of_rows_that_there_are() -> None:
    a, b = (Relation(name, ("tenant", name), [], nullable=(name,)) for name in "ab")
    # The second and later rows have no row to reference that another has not.
    rows = completed(9, [replace(a, options=[(1, 7), (2, 8)])], "a")
    assert [row for row in rows if row[1]] == [(1, 7), (2, 8)]
    assert Counter(row for row in rows if not row[1]).keys() == {(1, None), (2, None)}
    # Nothing can be referenced by the first, whose tenants are those of the second.
    rows = completed(9, [a, replace(b, options=[(3, 9), (4, 9)])], "b")
    assert Counter(row[1:] for row in rows) == {(None, None): 8, (None, 9): 1}
    assert {row[0] for row in rows} == {3, 4}


def test_overlapping_foreign_keys_reference_rows_that_agree() -> None:
    [part] = overlapping(3, [(1, 5), (2, 6)], [(1, 7), (2, 8), (2, 9)]).parts
    assert part.columns == ("tenant", "author", "project")
    rows = part.by_row(["a", "b", "c"])
    assert sorted(rows.values()) == [(1, 5, 7), (2, 6, 8), (2, 6, 9)]
    assert list(rows) == ["a", "b", "c"]


def test_references_that_do_not_agree_are_named() -> None:
    with pytest.raises(TooFewError) as caught:
        overlapping(2, [(1, 5)], [(1, 7)])
    assert (caught.value.found, caught.value.names) == (1, ("one_task",))
    assert caught.value.relations == ("tenant_author_fkey", "tenant_project_fkey")


def test_rows_that_get_null_are_left_out() -> None:
    part = AllocatedColumns(("user_id",), [(7,), (8,)], [1, None, 0])
    assert part.by_row(["a", "b", "c"]) == {"a": (8,), "c": (7,)}


def test_the_columns_of_overlapping_keys_are_each_named_once() -> None:
    user, gear = (reference(f"tenant_id, {name}_id", name, "tenant_id, id") for name in ("user", "gear"))
    kind = Dimension(("kind",), choices=("a", "b"))
    assert OverlappingKeys((user, gear), (kind,)).columns == ("tenant_id", "user_id", "gear_id", "kind")
