"""Counts of joined tables, and the identities of their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from builders import asked, column, loaded, planned, reference, table
from pytest_supaseed.errors import PlanError
from pytest_supaseed.model.declared import Declarations, Hierarchy, Kind
from pytest_supaseed.model.schema import DeclaredColumn, Table
from pytest_supaseed.planning.plan import Plan, Supplied


def joined(name: str, parent: str) -> Table:
    return table(name, column("id", "int4"), reference("id", parent))


TABLES = (
    table("employee", column("type"), column("name")),
    joined("manager", "employee"),
    joined("director", "manager"),
    joined("engineer", "employee"),
)
PARENTS = {
    "manager": ("employee", ("id",), ("id",)),
    "director": ("manager", ("id",), ("id",)),
    "engineer": ("employee", ("id",), ("id",)),
}
KINDS = (
    Kind(("manager", "assistant"), ("employee", "manager")),
    Kind(("director",), ("employee", "manager", "director")),
    Kind(("engineer",), ("employee", "engineer")),
)
ABSTRACT = Hierarchy("employee", "type", KINDS, PARENTS)
WHOLE = Hierarchy("employee", "type", (Kind(("employee",), ("employee",)), *KINDS), PARENTS)


def plan(
    hierarchy: Hierarchy, present: Mapping[str, int] | None = None, /, **counts: int | Mapping[str, object]
) -> Plan:
    values = tuple(value for kind in hierarchy.kinds for value in kind.values)
    declared = Declarations({("employee", "type"): DeclaredColumn(allowed=values)}, (hierarchy,))
    return planned(*TABLES, spec=asked(counts), contents=loaded(present or {}), declared=declared)


def identities(found: Plan) -> Counter[object]:
    [employees] = [each for each in found.tables if each.table.label == "employee"]
    [source] = [each.source for each in employees.columns if each.column.name == "type"]
    assert isinstance(source, Supplied)
    return Counter(source.choices)


def test_there_are_as_many_identities_as_rows_of_their_tables() -> None:
    found = identities(plan(WHOLE, employee=10, manager=5, director=1, engineer=3))
    assert found == {"employee": 2, "manager": 2, "assistant": 2, "director": 1, "engineer": 3}
    assert identities(plan(WHOLE, employee=4)) == {"employee": 4}
    assert identities(plan(ABSTRACT, employee=2, manager=2)) == {"manager": 1, "assistant": 1}


def test_rows_that_are_there_keep_their_identity() -> None:
    present = {"employee": 3, "manager": 1}
    found = identities(plan(WHOLE, present, employee=6, manager=2, engineer=1))
    assert found == {"employee": 1, "manager": 1, "engineer": 1}


def test_identities_that_are_supplied_are_the_users() -> None:
    found = identities(plan(WHOLE, employee={"count": 4, "type": ["employee"]}))
    assert found == {"employee": 1}


@pytest.mark.parametrize(
    ("hierarchy", "counts", "message"),
    [
        (
            ABSTRACT,
            {"employee": 4, "manager": 2, "engineer": 3},
            "employee asks for 4 rows, but manager=2 and engineer=3 are 5 rows of it: a model that inherits from "
            "another one has a row in both tables: write @pytest.mark.seed(employee=5, manager=2, engineer=3)",
        ),
        (
            ABSTRACT,
            {"employee": 7, "manager": 2, "engineer": 3},
            "employee asks for 7 rows, each of which has to be one of manager or engineer, and there are manager=2 and "
            "engineer=3: no model has rows in that table alone: write "
            "@pytest.mark.seed(employee=5, manager=2, engineer=3)",
        ),
        (
            ABSTRACT,
            {"employee": 1},
            "employee asks for 1 row, each of which has to be one of manager or engineer: no model has rows in that "
            "table alone: write @pytest.mark.seed(employee=1, manager=1)",
        ),
        (
            WHOLE,
            {"employee": 9, "manager": 1, "director": 3},
            "manager asks for 1 row, but director=3 are 3 rows of it: a model that inherits from another one has a row "
            "in both tables: write @pytest.mark.seed(employee=9, manager=3, director=3)",
        ),
    ],
)
def test_counts_that_do_not_agree(hierarchy: Hierarchy, counts: Mapping[str, int], message: str) -> None:
    with pytest.raises(PlanError) as caught:
        plan(hierarchy, **counts)
    assert str(caught.value) == message
    # What is advised is accepted.
    advised = dict(part.split("=") for part in message.rpartition("seed(")[2].rstrip(")").split(", "))
    plan(hierarchy, **{name: int(count) for name, count in advised.items()})


def test_rows_that_are_there_of_the_parent_alone_are_counted() -> None:
    with pytest.raises(PlanError) as caught:
        plan(WHOLE, {"employee": 3}, employee=4, manager=2)
    assert str(caught.value) == (
        "employee asks for 4 rows, but manager=2 and 3 that are there already are 5 rows of it: a model that inherits "
        "from another one has a row in both tables: write @pytest.mark.seed(employee=5, manager=2)"
    )


def test_missing_parents_are_as_many_as_all_that_join_them() -> None:
    with pytest.raises(PlanError) as caught:
        plan(ABSTRACT, manager=2, engineer=3)
    marker = "write @pytest.mark.seed(manager=2, engineer=3, employee=5)"
    assert [problem.advice for problem in caught.value.problems] == [marker, marker]
    with pytest.raises(PlanError, match=r"seed\(director=2, manager=2, employee=2\)"):
        plan(ABSTRACT, director=2)
