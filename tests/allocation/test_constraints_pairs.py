"""Which columns of a row a CHECK compares, and how an allocation comes to satisfy it."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from builders import column, reference, table, unique
from pytest_supaseed.allocation.allocate import part
from pytest_supaseed.allocation.constraints import Compared, Pair, PairedKeys, compared, paired_keys, pairs
from pytest_supaseed.model.schema import Check, Table, UniqueKey

NUMBERS = (1, 2, 3)


def check(expression: str, *columns: str) -> Check:
    return Check("c", f"({expression})", columns or ("a", "b"))


def either(*columns: str, least: str = "a, b", greatest: str = "a, b") -> UniqueKey:
    definition = f"CREATE UNIQUE INDEX k ON t USING btree (LEAST({least}), GREATEST({greatest}))"
    return unique(*columns or ("a", "b"), name="k", definition=definition, expression=True)


def follows(*parts: Check | UniqueKey, kind: str = "int4", to: str = "users") -> Table:
    """A table of two references."""
    columns = [column(name, kind) for name in "ab"]
    return table("follows", *columns, reference("a", "users"), reference("b", to), *parts, key=("a", "b"))


def found(one: Table) -> list[tuple[str, str, str, str]]:
    return [(each.left, each.operator, each.right, each.check) for each in pairs(one, one.foreign_keys)]


@pytest.mark.parametrize("operator", ["<>", "<", "<=", ">", ">="])
def test_references_to_one_column_are_compared(operator: str) -> None:
    assert found(follows(check(f"a {operator} b"))) == [("a_fkey", operator, "b_fkey", "c")]


@pytest.mark.parametrize(
    "one",
    [
        follows(),
        follows(check("a = b")),
        # Numbers of different tables, or of different columns, tell nothing of one another.
        follows(check("a < b"), to="groups"),
        table("t", reference("a", "users"), reference("b", "users", "number"), check("a < b")),
        # Their order depends on a collation.
        follows(check("a < b"), kind="text"),
        # A column of a reference of two.
        table("t", reference("a, z", "users", "id, z"), reference("b", "users"), check("a <> b")),
        # No reference at all.
        table("t", column("a", "int4"), reference("b", "users"), check("a <> b")),
        follows(check("a <> c", "a", "c"), unique("a", "b"), check("a > 1", "a")),
    ],
)
def test_what_is_no_comparison_of_two_references(one: Table) -> None:
    if not any(each.name == "c" for each in one.columns):
        one = table(
            "t", *one.columns, column("c", "int4"), *one.foreign_keys, *one.checks, *one.uniques, key=()
        )
    assert found(one) == []


def test_texts_and_uuids() -> None:
    assert found(follows(check("a <> b"), kind="text")) == [("a_fkey", "<>", "b_fkey", "c")]
    assert found(follows(check("a < b"), kind="uuid")) == [("a_fkey", "<", "b_fkey", "c")]


def test_a_key_on_pairs_in_either_order_is_satisfied_by_one_order() -> None:
    assert found(follows(either())) == [("a_fkey", "<=", "b_fkey", "k")]
    assert found(follows(either("a", "c", least="a, c", greatest="a, c"))) == []
    alone = table("t", *(column(name, "int4") for name in "ab"), reference("a", "users"), either())
    assert found(alone) == []


def test_the_values_are_those_of_the_referenced_rows_or_their_positions() -> None:
    one = follows(check("a < b"))
    [known] = paired_keys(one, one.foreign_keys, {"a_fkey": 2, "b_fkey": 3}, {"a_fkey": [(7,), (9,)]})
    assert known == PairedKeys(Pair("a_fkey", "<", "b_fkey", "c"), [7, 9], range(3))
    assert known.names() == {"a_fkey", "b_fkey"}


@pytest.mark.parametrize(
    ("operator", "accepted"),
    [
        ("<", "12 13 23"),
        ("<=", "11 12 13 22 23 33"),
        (">", "21 31 32"),
        (">=", "11 21 22 31 32 33"),
        ("<>", "12 13 21 23 31 32"),
        ("=", "11 22 33"),
    ],
)
def test_a_comparison_accepts_positions_by_their_values(operator: str, accepted: str) -> None:
    # The positions of the left one are the other way round.
    paired = PairedKeys(Pair("a", operator, "b"), NUMBERS[::-1], NUMBERS)
    fits = [(left, right) for left in range(3) for right in range(3) if paired.fits(left, right)]
    pairs_of_values = sorted(f"{NUMBERS[::-1][left]}{NUMBERS[right]}" for left, right in fits)
    assert " ".join(pairs_of_values) == accepted
    for left, right in fits:
        assert paired.holds("a", left, right)
        assert paired.holds("b", right, left)
    for name in ("a", "b"):
        numbers = [sum(paired.holds(name, own, other) for other in range(3)) for own in range(3)]
        assert operator == "=" or paired.numbers_fitting(name) == numbers
    assert all(paired.fits(*null) for null in ((None, 0), (0, None), (None, None)))
    values = Compared("c", "a", operator, "b")
    held = [f"{left}{right}" for left in NUMBERS for right in NUMBERS if values.holds(left, right)]
    assert " ".join(held) == accepted
    assert all(values.holds(*null) for null in ((None, 1), (1, None)))


KIND, PLACE = (column(name, "text") for name in "ab")


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (table("t", KIND, PLACE, check("a <> b")), Compared("c", "a", "<>", "b")),
        (table("t", KIND, PLACE, check("a = b")), Compared("c", "a", "=", "b")),
        (table("t", KIND, PLACE, check("a < b")), Compared("c", "a", "<", "b", collated=True)),
        (follows(check("a < b")), Compared("c", "a", "<", "b")),
        (follows(check("a >= b"), kind="uuid"), Compared("c", "a", ">=", "b")),
        (follows(either()), Compared("k", "a", "<=", "b")),
        (follows(check("a = b"), kind="bool"), Compared("c", "a", "=", "b")),
        # Not ordered as Python orders them, or not of one type.
        (follows(check("a < b"), kind="bool"), None),
        (table("t", column("a", "int4"), column("b", "int8"), check("a < b")), None),
        (table("t", column("a", "int4"), PLACE, check("a = b")), None),
    ],
)
def test_any_two_columns_whose_values_are_chosen(one: Table, expected: Compared | None) -> None:
    assert compared(one, {"a", "b"}) == ((expected,) if expected else ())
    assert compared(one, {"a"}) == compared(one, {"b"}) == ()


def test_texts_are_ordered_if_every_collation_orders_them_so() -> None:
    less = Compared("c", "a", "<", "b", collated=True)
    assert less.holds("ab", "ac")
    assert less.holds("a-b", "ac")
    # By code points only; by letters only; the same letters.
    assert not less.holds("B", "a")
    assert not less.holds("a", "B")
    assert not less.holds("a b", "ab")
    assert Compared("c", "a", "<", "b").holds("B", "a")


@pytest.mark.parametrize("seed", range(9))
@pytest.mark.parametrize(("fixed", "moved"), [("a", "b"), ("b", "a")])
def test_rows_swap_references_until_the_check_accepts_all(fixed: str, moved: str, seed: int) -> None:
    positions: dict[str, list[int | None]] = {fixed: [0, 1, 2, None, 3, 3], moved: [0, 1, 2, 3, 3, None]}
    paired = PairedKeys(Pair("a", "<>", "b"), range(4), range(4))
    part(paired, positions, moved, Random(seed))
    assert positions[fixed] == [0, 1, 2, None, 3, 3]
    assert Counter(positions[moved]) == Counter([0, 1, 2, 3, 3, None])
    assert all(map(paired.fits, positions["a"], positions["b"]))


def test_a_row_without_a_partner_keeps_its_reference() -> None:
    positions: dict[str, list[int | None]] = {"a": [0, 0, 1], "b": [0, 0, 1]}
    part(PairedKeys(Pair("a", "<", "b"), range(2), range(2)), positions, "b", Random(0))
    assert positions == {"a": [0, 0, 1], "b": [0, 0, 1]}
