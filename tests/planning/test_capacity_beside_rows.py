"""What finds no place beside the rows that a table holds, now that they are read."""

from __future__ import annotations

from builders import Part, asked, column, loaded, planned, reference, table, unique
from pytest_supaseed.model.schema import TableName
from pytest_supaseed.planning.capacity import problem_beside_rows
from pytest_supaseed.planning.plan import Key, TableState
from pytest_supaseed.spec import Rows

KIND = column("kind", "kind", labels=["a", "b", "c"])
USER, GEAR = reference("user_id", "users"), reference("gear_id", "gear")
KEYS = {"user_id_fkey": [(1,), (2,)], "gear_id_fkey": [(1,), (2,)]}


def problem(
    *parts: Part, columns: tuple[str, ...], rows: list[Key], owners: Rows | int, **counts: int
) -> str:
    """The problem of a table with rows, which references users and gear of two rows each; empty for none."""
    spec = asked(owners=owners, **counts)
    made = table("owners", *parts)
    parents = [table(key.referenced.name) for key in made.foreign_keys]
    at = {key.name: columns.index(key.columns[0]) for key in made.foreign_keys}
    shares = {
        name: [sum(row[place] == key for row in rows) for (key,) in KEYS[name]] for name, place in at.items()
    }
    contents = loaded(
        {"owners": len(rows), **{parent.name.name: 2 for parent in parents}},
        **{f"owners__{name}": [share for share in found if share] for name, found in shares.items()},
    )
    plan = planned(made, *parents, spec=spec, contents=contents)
    [own] = [each for each in plan.tables if each.table.name == TableName("public", "owners")]
    state = TableState(len(rows), {name: KEYS[name] for name in at}, shares, rows, columns)
    found = problem_beside_rows(plan, own, state)
    return "" if found is None else str(found)


def test_given_values_that_rows_have_are_left_out() -> None:
    parts, columns = (USER, KIND, unique("user_id", "kind")), ("user_id", "kind")
    rows: list[Key] = [(1, "a"), (1, "b"), (2, "c")]
    given = {"kind": ["a", "c"]}
    assert problem(*parts, columns=columns, rows=rows, owners=Rows(5, columns=given)) == ""
    assert problem(*parts, columns=columns, rows=rows, owners=Rows(6, columns=given)) == (
        "owners asks for 6 rows, but user_id_kind_key makes user_id, kind unique, and 2 values of kind and 2 rows of "
        "users give 2 combinations beside the 3 rows present: ask for at most 5, or for more of what is referenced"
    )


def test_rows_to_come_of_a_referenced_table_have_room() -> None:
    parts, columns = (USER, KIND, unique("user_id", "kind")), ("user_id", "kind")
    rows: list[Key] = [(1, "a"), (1, "b"), (2, "c")]
    given = {"kind": ["a", "c"]}
    assert problem(*parts, columns=columns, rows=rows, owners=Rows(7, columns=given), users=3) == ""
    message = problem(*parts, columns=columns, rows=rows, owners=Rows(8, columns=given), users=3)
    assert "ask for at most 7" in message


def test_two_keys_are_tried_together() -> None:
    # Each key has room for two more rows, and the rows leave one that fits both.
    parts = (USER, GEAR, KIND, unique("user_id", "kind"), unique("gear_id", "kind"))
    columns, given = ("user_id", "gear_id", "kind"), {"kind": ["a", "b"]}
    rows: list[Key] = [(1, 1, "a"), (2, 1, "b")]
    assert problem(*parts, columns=columns, rows=rows, owners=Rows(4, columns=given)) == ""
    assert problem(*parts, columns=columns, rows=rows, owners=Rows(5, columns=given)) != ""
    crossed: list[Key] = [(1, 1, "a"), (1, 2, "c"), (2, 2, "a")]
    full = problem(*parts, columns=columns, rows=crossed, owners=Rows(6, columns={"kind": ["a", "b"]}))
    assert "ask for at most 5" in full
    assert problem(*parts, columns=columns, rows=crossed, owners=Rows(5, columns=given)) == ""


def test_one_of_two_referenced_tables_gets_rows() -> None:
    parts, columns = (USER, GEAR, KIND, unique("gear_id", "kind")), ("user_id", "gear_id", "kind")
    rows: list[Key] = [(1, 1, "a"), (2, 1, "b")]
    given = {"kind": ["a", "b"]}
    assert problem(*parts, columns=columns, rows=rows, owners=Rows(6, columns=given), gear=3) == ""
    message = problem(*parts, columns=columns, rows=rows, owners=Rows(7, columns=given), gear=3)
    assert "ask for at most 6" in message


def test_overlapping_references_are_tried_as_they_will_be_drawn() -> None:
    author = reference("tenant, author", "members", "tenant, id", name="author")
    project = reference("tenant, project", "projects", "tenant, id", name="project")
    parents = [
        table(name, column("tenant", "int4"), unique("tenant", "id")) for name in ("members", "projects")
    ]
    owners = table("owners", column("tenant", "int4"), author, project, unique("author", "project"))
    keys: dict[str, list[Key]] = {"author": [(1, 1), (2, 2)], "project": [(1, 1), (2, 2), (2, 3)]}
    rows: list[Key] = [(1, 1), (2, 3)]
    state = TableState(2, keys, {"author": [1, 1], "project": [1, 0, 1]}, rows, ("author", "project"))
    contents = loaded({"owners": 2, "members": 2, "projects": 3})
    for total, message in ((3, ""), (4, "owners asks for 4 rows, but there is only 1 row that agrees with")):
        plan = planned(owners, *parents, spec=asked(owners=total), contents=contents)
        found = problem_beside_rows(plan, plan.tables[0], state)
        assert str(found or "").startswith(message)
        assert (found is None) == (not message)
        assert found is None or "ask for at most 3" in str(found)
