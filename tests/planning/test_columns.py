"""Where the values of a column come from, and the numbers of a numbered one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, cast

import pytest

from builders import column, index, reference, serial, table, unique
from pytest_supaseed.factories.base import RowFactory
from pytest_supaseed.model.references import references
from pytest_supaseed.model.schema import Check, Column, Sequence, Table
from pytest_supaseed.planning.columns import column_sources, number_problem, numbered_within
from pytest_supaseed.planning.plan import (
    Built,
    ColumnSource,
    Function,
    Generated,
    Number,
    Origin,
    Referenced,
    ServerDefault,
    Source,
    Supplied,
    Supplier,
)
from pytest_supaseed.planning.row_totals import Total
from pytest_supaseed.spec import SeedSpec, TableSpec

MARKER = Origin("a marker", Supplier.MARKER)
MOST = 2**31 - 1


def array(name: str, kind: str = "int4", **more: Any) -> Column:
    one = column(name, kind, **more)
    return replace(one, type=replace(one.type, array=True))


def total_of(one: Table, rows: int = 3) -> Total:
    return Total(one, TableSpec(one.label, rows), rows, 0)


def of_table(
    one: Table, given: dict[str, Any] | None = None, placeholders: Collection[str] = ()
) -> dict[str, ColumnSource]:
    values = {name: (MARKER, value) for name, value in (given or {}).items()}
    found, problems = column_sources(
        total_of(one), values, references(one, values), placeholders, SeedSpec(())
    )
    assert problems == []
    return {each.column.name: each for each in found}


def source(one: Column, *parts: Any, **more: Any) -> Source:
    """The source of one column of a table, whose primary key is another one."""
    return of_table(table("t", one, *parts, **more))[one.name].source


def source_in_key(one: Column) -> Source:
    return source(one, key=(one.name,))


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (serial("n", "t"), Number((), 1, MOST)),
        (serial("n", "t", maximum=99), Number((), 1, 99)),
        (serial("n", "t", increment=-1), Number((), 1, None)),
        (column("n", "int2", sequence=Sequence("public", "s")), Number((), 1, 2**15 - 1)),
        (column("n", "int4", generated="(1)"), ServerDefault()),
        # A constant default is kept, and so is one that is the same in every run.
        (column("n", "int4", default="7"), ServerDefault()),
        (column("n", "int4", default="'-1'::integer"), ServerDefault()),
        (column("n", "bool", default="(3 > 2)"), ServerDefault()),
        (column("n", "text", default="'new'::text"), ServerDefault()),
        (column("n", "text", default="'now()'::text"), ServerDefault()),
        (
            column("n", "timestamptz", default="'2020-01-01 00:00:00+00'::timestamp with time zone"),
            ServerDefault(),
        ),
        (column("n", "text", default="'new'::character varying(9)"), ServerDefault()),
        (column("n", "text", nullable=True, default="NULL::text"), ServerDefault()),
        (column("n", "text", default="lower('A'::text)"), ServerDefault()),
        (column("n", "bool", default="true"), Supplied((True, True, True, False))),
        # A list of values has a default that is a choice among others.
        (column("n", "mood", labels=["a", "b"], default="'a'::mood"), Supplied(("a", "b"))),
        # What nothing can make has a default at least, or is NULL.
        (column("n", "strange", default="strange()"), ServerDefault()),
        (column("n", "strange", nullable=True), Supplied((None,))),
        (column("n", "strange", nullable=True, default="f()", varying=True), ServerDefault()),
        # The values of an array are no key.
        (array("n", "uuid", default="'{00000000-0000-0000-0000-000000000000}'::uuid[]"), ServerDefault()),
        # No measure, which is a number.
        (column("price", "text", default="'free'::text"), ServerDefault()),
    ],
)
def test_what_is_not_generated(one: Column, expected: Source) -> None:
    assert source(one) == expected


@pytest.mark.parametrize(
    "one",
    [
        column("n", "text"),
        column("n", "int4"),
        column("n", "int4", nullable=True),
        # Defaults that differ between runs, tell the time, or say nothing.
        column("n", "int4", default="(random() * 7)"),
        column("n", "int4", default="f()", varying=True),
        column("n", "timestamptz", default="now()"),
        column("n", "timestamptz", default="CURRENT_TIMESTAMP"),
        column("n", "uuid", default="gen_random_uuid()"),
        column("n", "uuid", default="'00000000-0000-0000-0000-000000000000'::uuid"),
        column("n", "text", default="''::text"),
        column("price", "int4", default="0"),
        column("deleted_at", "timestamptz", nullable=True),
    ],
)
def test_what_is_generated(one: Column) -> None:
    assert isinstance(source(one), Generated)


def test_a_default_is_not_kept_in_a_unique_key() -> None:
    slug = column("slug", "text", default="'a'::text")
    assert isinstance(source(slug, unique("slug")), Generated)
    assert isinstance(source(slug, column("kind"), unique("slug", "kind")), Generated)
    # One of a partial index with few values may be kept if not all rows are in the index.
    kept = column("kept", "bool", default="false")
    assert source(kept, column("kind"), unique("kind")) == Supplied((False, False, False, True))
    assert source(kept, reference("user_id", "users"), index("(NOT kept)", "user_id")) != ServerDefault()


def test_what_most_rows_lack_has_no_value_where_one_could_be_wrong() -> None:
    banned = column("banned_at", "timestamptz", nullable=True)
    assert isinstance(source(banned), Generated)
    assert source(banned, Check("c", "((banned_at IS NULL) OR (id > 1))", ("banned_at", "id"))) == Supplied(
        (None,)
    )
    assert isinstance(source(column("banned_at", "timestamptz")), Generated)
    made = source(banned)
    assert isinstance(made, Generated)
    assert made.source.nulls > 0
    always = source(column("banned_at", "timestamptz"))
    assert isinstance(always, Generated)
    assert always.source.nulls == 0


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (column("n", "int4"), Number((), 1, MOST)),
        (column("n", "int8"), Number((), 1, 2**63 - 1)),
        (column("n", "int4", default="7"), Number((), 1, MOST)),
        (column("n", "int4", default="(-7)"), Number((), 1, MOST)),
        # A function knows a number of its own.
        (column("n", "int4", default="next_number()"), ServerDefault()),
    ],
)
def test_a_primary_key_of_an_integer_is_numbered(one: Column, expected: Source) -> None:
    assert source_in_key(one) == expected


def test_only_a_primary_key_of_its_own_is_numbered() -> None:
    assert isinstance(source_in_key(column("n", "text")), Generated)
    assert not isinstance(source_in_key(array("n")), Number)
    assert not isinstance(source(column("n", "int4"), unique("n")), Number)
    found = of_table(table("t", column("a", "int4"), column("b", "int4"), key=("a", "b")))
    assert not any(isinstance(each.source, Number) for each in found.values())
    listed = Check("c", "(n = ANY (ARRAY[3, 4]))", ("n",))
    assert not isinstance(source(column("n", "int4"), listed, key=("n",)), Number)


@pytest.mark.parametrize(
    ("check", "start", "last"),
    [
        ("(n >= 5)", 5, MOST),
        ("(n > 5)", 6, MOST),
        ("(n >= 1)", 1, MOST),
        ("(n > 0)", 1, MOST),
        ("(n > 1)", 2, MOST),
        ("(n >= (-5))", 1, MOST),
        ("(n <= 9)", 1, 9),
        ("(n < 9)", 1, 8),
        ("((n)::numeric <= 8.5)", 1, 8),
        ("((n)::numeric < 8.5)", 1, 8),
        ("((n > 3) AND (n < 9))", 4, 8),
        # Beyond the type.
        ("(n < 99999999999)", 1, MOST),
    ],
)
def test_numbers_begin_and_end_where_a_check_lets_them(check: str, start: int, last: int) -> None:
    assert source(column("n", "int4"), Check("c", check, ("n",)), key=("n",)) == Number((), start, last)


ORDER = reference("order_id", "orders")
LINE = column("line_no", "int4")


@pytest.mark.parametrize(
    ("one", "within"),
    [
        (table("lines", ORDER, LINE, key=("order_id", "line_no")), ("order_id",)),
        (table("lines", ORDER, LINE, unique("order_id", "line_no")), ("order_id",)),
        (table("lines", ORDER, LINE, unique("line_no", "order_id")), ("order_id",)),
        # Not in a key, the only column of it, or in one on an expression.
        (table("lines", ORDER, LINE), ()),
        (table("lines", ORDER, LINE, key=("line_no",)), ()),
        (table("lines", ORDER, LINE, unique("order_id", "line_no", expression=True)), ()),
        # The other column is no reference.
        (table("lines", column("order_id", "int4"), LINE, key=("order_id", "line_no")), ()),
        # Some number, text, list or range.
        (table("lines", ORDER, column("line_no"), key=("order_id", "line_no")), ()),
        (table("lines", ORDER, array("line_no"), key=("order_id", "line_no")), ()),
        (
            table(
                "lines", ORDER, LINE, Check("c", "(line_no < 9)", ("line_no",)), key=("order_id", "line_no")
            ),
            (),
        ),
        (
            table(
                "lines",
                ORDER,
                LINE,
                Check("c", "(line_no = ANY (ARRAY[1, 2]))", ("line_no",)),
                key=("order_id", "line_no"),
            ),
            (),
        ),
        # One of the others is no reference.
        (
            table("lines", ORDER, column("part", "int4"), LINE, key=("order_id", "part", "line_no")),
            (),
        ),
        (
            table("lines", ORDER, reference("part", "parts"), LINE, key=("order_id", "part", "line_no")),
            ("order_id", "part"),
        ),
        # The row that both reference has the number.
        (
            table(
                "lines",
                LINE,
                reference("order_id, line_no", "orders", "id, line_no"),
                reference("user_id", "users"),
                key=("order_id", "line_no"),
            ),
            (),
        ),
    ],
)
def test_lines_are_numbered_within_their_order(one: Table, within: tuple[str, ...]) -> None:
    line = one.column("line_no")
    domain = of_table(one)["line_no"].domain
    referencing = {name for key in one.foreign_keys for name in key.columns}
    assert numbered_within(one, line, domain, referencing) == within
    if within:
        assert of_table(one)["line_no"].source == Number(within, 1, MOST)


@pytest.mark.parametrize(("name", "within"), [("position", ("order_id",)), ("quantity", ())])
def test_outside_of_a_primary_key_a_column_numbers_rows_by_its_name(
    name: str, within: tuple[str, ...]
) -> None:
    one = table("lines", ORDER, column(name, "int4"), unique("order_id", name))
    assert numbered_within(one, one.column(name), of_table(one)[name].domain, {"order_id"}) == within


def test_a_number_that_rows_of_the_table_reference_is_not_within_the_reference() -> None:
    # The parent's number has to be there before the reference is.
    one = table(
        "nodes",
        column("tree_id", "int4"),
        column("n", "int4"),
        reference("tree_id, parent", "nodes", "tree_id, n"),
        reference("tree_id", "trees"),
        unique("parent", "n"),
        key=("tree_id", "n"),
    )
    domain = of_table(one)["n"].domain
    assert numbered_within(one, one.column("n"), domain, {"tree_id", "parent"}) == ("tree_id",)
    assert numbered_within(one, one.column("n"), domain, {"parent"}) == ()


def test_references_are_set_by_their_rows() -> None:
    found = of_table(table("t", ORDER, reference("boss_id", "t"), nullable=["boss_id"]))
    assert found["order_id"].source == found["boss_id"].source == Referenced()
    # The tenant of a parent is that of the row: it is not set by the reference.
    tenants = table(
        "t", column("tenant"), reference("tenant, parent", "t", "tenant, id"), nullable=["parent"]
    )
    assert of_table(tenants)["parent"].source == Referenced()
    assert isinstance(of_table(tenants)["tenant"].source, Generated)


def test_what_is_set_later_is_null_until_then_or_any_value() -> None:
    later = table("t", column("a", "int4", nullable=True, default="7"), column("b", "int4", default="7"))
    found = of_table(later, placeholders={"a", "b"})
    assert found["a"].source == Supplied((None,))
    assert isinstance(found["b"].source, Generated)
    assert of_table(later)["b"].source == ServerDefault()
    lines = table("lines", ORDER, LINE, key=("order_id", "line_no"))
    assert not isinstance(of_table(lines, placeholders={"line_no"})["line_no"].source, Number)


def test_values_of_the_user_are_taken_as_they_are() -> None:
    one = table("t", column("a", "int4", generated="(1)"), array("b"), ORDER, serial("n", "t"))
    given = {"a": 5, "b": [[1, 2]], "order_id": (3, 4), "n": None}
    found = of_table(one, given)
    assert {name: found[name].source for name in given} == {
        "a": Supplied((5,)),
        "b": Supplied(([1, 2],)),
        "order_id": Supplied((3, 4)),
        "n": Supplied((None,)),
    }
    assert {name for name, each in found.items() if each.supplied} == set(given)


def test_what_is_given_before_the_others_is_known_to_them() -> None:
    less = Check("less", "(low < high)", ("low", "high"))
    one = table("t", column("low", "int4"), column("high", "int4"), less)

    def uses(given: dict[str, Any], name: str) -> tuple[str, ...]:
        made = of_table(one, given)[name].source
        assert isinstance(made, Generated)
        return made.source.uses

    assert (uses({}, "low"), uses({}, "high")) == ((), ("low",))
    assert uses({"high": lambda faker: 9}, "low") == ("high",)
    # A function that takes the row is called last.
    assert uses({"high": lambda faker, row: 9}, "low") == ()


def test_functions_may_take_the_row() -> None:
    def of_faker(faker: Any) -> str:
        return "a"

    def of_row(faker: Any, row: Any) -> str:
        return "b"

    found = of_table(table("t", column("a"), column("b")), {"a": of_faker, "b": of_row})
    assert found["a"].source == Function(of_faker, MARKER, takes_row=False)
    assert found["b"].source == Function(of_row, MARKER, takes_row=True)


def test_keys_that_a_factory_builds_are_generated() -> None:
    built = Built(cast("RowFactory", None), MARKER, "a", "a")
    plain = table("t", column("a", "int4"), column("u", "uuid"))
    assert {
        name: each.source for name, each in of_table(plain, {"a": built, "u": built}).items() if each.supplied
    } == {
        "a": built,
        "u": built,
    }
    assert of_table(table("t", column("a", "int4"), key=("a",)), {"a": built})["a"].source == Number(
        (), 1, MOST
    )
    assert isinstance(
        of_table(table("t", column("u", "uuid"), key=("u",)), {"u": built})["u"].source, Generated
    )
    lines = table("lines", ORDER, LINE, key=("order_id", "line_no"))
    assert of_table(lines, {"line_no": built})["line_no"].source == Number(("order_id",), 1, MOST)


def test_a_column_that_nothing_can_fill_is_told() -> None:
    one = table("t", column("n", "strange"))
    _, [problem] = column_sources(total_of(one), {}, references(one, ()), (), SeedSpec(()))
    assert str(problem).startswith(
        "t.n is NOT NULL, and no value of type strange can be made: give some, as in "
    )
    assert "Rows(3, columns={'n': [...]})" in str(problem)


def numbers_end(total: int, one: Column, *parts: Any) -> str:
    keyed = table("t", one, *parts, key=(one.name,))
    return str(number_problem(keyed, total_of(keyed, total), of_table(keyed)[one.name]) or "")


@pytest.mark.parametrize(
    ("one", "check", "most", "reason", "numbers"),
    [
        (column("n", "int2"), "", 32767, "the type smallint", "1 to 32767"),
        (column("n", "int4"), "(n < 9)", 8, "CHECK c", "1 to 8"),
        (column("n", "int4"), "((n > 3) AND (n <= 9))", 6, "CHECK c", "4 to 9"),
        (serial("n", "t", maximum=9), "", 9, "the sequence public.t_n_seq", "1 to 9"),
        (serial("n", "t", maximum=9), "(n <= 7)", 7, "CHECK c", "1 to 7"),
        (serial("n", "t", minimum=3, maximum=9), "", 7, "the sequence public.t_n_seq", "3 to 9"),
        (serial("n", "t", increment=4, maximum=9), "", 3, "the sequence public.t_n_seq", "1 to 9"),
        (serial("n", "t", minimum=9), "(n < 7)", 0, "CHECK c", "9 to 6"),
    ],
)
def test_more_rows_than_numbers_are_told(
    one: Column, check: str, most: int, reason: str, numbers: str
) -> None:
    checks = [Check("c", check, ("n",))] if check else []
    assert numbers_end(most, one, *checks) == ""
    assert numbers_end(most + 1, one, *checks) == (
        f"t asks for {most + 1} rows, but {reason} lets t.n count only from {numbers}: ask for at most {most}"
    )


def test_what_does_not_end() -> None:
    assert numbers_end(10**6, serial("n", "t", increment=-1, maximum=9)) == ""
    assert numbers_end(10**6, column("n")) == ""
    lines = table("lines", ORDER, column("line_no", "int2"), key=("order_id", "line_no"))
    assert number_problem(lines, total_of(lines, 10**6), of_table(lines)["line_no"]) is None


def test_a_default_stays_unless_it_makes_an_amount_of_the_row() -> None:
    money = replace(column("n", "numeric").type, category="N")
    amounts = [
        replace(column(name, "numeric", default="0"), type=money) for name in ("daily_fine", "fine_amount")
    ]
    late = column("days_overdue", "int4", default="0")
    late = replace(late, type=replace(late.type, category="N"))
    moments = [column("due_on", "date"), column("returned_on", "date", nullable=True)]
    loans = of_table(table("loans", late, *amounts, *moments))
    assert all(isinstance(loans[each.name].source, Generated) for each in (late, *amounts))
    alone = of_table(table("loans", late, amounts[0]))
    assert all(isinstance(alone[each.name].source, ServerDefault) for each in (late, amounts[0]))


@pytest.mark.parametrize(("label", "made"), [("late", True), ("gone", False)])
def test_how_late_who_attends_is_made_where_a_status_tells_it(label: str, made: bool) -> None:
    status = column("status", "s", labels=("present", "absent", label))
    late = column("minutes_late", "int4", default="0")
    late = replace(late, type=replace(late.type, category="N"))
    found = of_table(table("attendances", status, late))
    assert isinstance(found["minutes_late"].source, Generated) is made
