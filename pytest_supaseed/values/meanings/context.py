"""Column context (:class:`Context`) and value source (:class:`ValueSource`): input and result of value generation.

A context is a column with its table, its value domain and the columns of the row that are generated before it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from pytest_supaseed.constraints.column import Comparison, comparisons, value_domain
from pytest_supaseed.constraints.domain import UNCONSTRAINED, ValueDomain, intersect
from pytest_supaseed.errors import NoColumnValueError
from pytest_supaseed.model.identifiers import singular, spelt, subject_of
from pytest_supaseed.model.referenced import ReferencedTable
from pytest_supaseed.model.schema import Column, ColumnType, Table
from pytest_supaseed.model.type_families import is_moment, is_number, is_whole
from pytest_supaseed.notation import Amount, Placeholder, notation
from pytest_supaseed.spec import DEFAULT_DATE, DEFAULT_LOCALE
from pytest_supaseed.values.meanings.areas import area_of
from pytest_supaseed.values.meanings.endings import SENT
from pytest_supaseed.values.meanings.people import PERSONS, name_columns
from pytest_supaseed.values.types.date_time import stepped
from pytest_supaseed.values.types.numeric import limits, unit_of
from pytest_supaseed.values.types.text import longest

if TYPE_CHECKING:
    from faker import Generator


Row = Mapping[str, object]


@dataclass(frozen=True)
class ValueSource:
    """Source of the values of one column.

    Attributes:
        choose: takes Faker's generator, whose ``random`` the caller has set to the column's own, and the row
            so far; returns a value.
        uses: columns of the same row that must be set before ``choose`` is called. They never form a cycle.
        choices: a finite list that the caller deals out evenly instead of calling ``choose``; empty if there is
            none.
        weights: of each of ``choices``, how often it is dealt beside the others; empty if all are dealt equally often.
        nulls: the share of rows that get NULL instead.
        since: those of ``uses`` that are times of referenced rows before which the value does not lie.
        until: those that are times after which it does not lie, where it can.
        ruled: whether other columns of the row decide which rows have a value, so that no default does.
        ranked: whether ``choices`` are known things in their order: a few rows get the first ones, each once, and more
            rows than there are choices get further values.
        different: whether a value that another row has is drawn anew, as far as a few attempts find another one.
    """

    choose: Callable[[Generator, Row], object]
    uses: tuple[str, ...] = ()
    choices: tuple[object, ...] = ()
    nulls: Fraction = Fraction(0)
    since: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    weights: tuple[int, ...] = ()
    ruled: bool = False
    ranked: bool = False
    different: bool = False


@dataclass(frozen=True)
class RowSetting:
    """What is the same for all values of a seed.

    Attributes:
        today: the reference date of the rows.
        locale: Faker's locale.
        staged: whether columns follow the stage of their row; not where single values of a row are replaced.
    """

    today: date = DEFAULT_DATE
    locale: str = DEFAULT_LOCALE
    staged: bool = True


_OF_OTHER_KINDS = frozenset((
    "work_order", "production_order", "change_order", "maintenance_order", "service_order", "manufacturing_order",
    "test_order", "lab_order", "court_order", "production_line", "assembly_line", "smart_card", "sim_card",
))  # fmt: skip
USUAL_SETTING = RowSetting()
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}


@dataclass(frozen=True)
class Context:
    """A column in its table, as value generation sees it.

    Attributes:
        table: the table.
        column: the column.
        domain: the column's value domain.
        earlier: the columns whose values the column may use, from
            :func:`~pytest_supaseed.values.meanings.generation_order.columns_before`.
        setting: the reference date of the rows, and Faker's locale.
        spelling: normalized words that replace the column's name; empty for the name itself.
        parents: the tables that the row references.
    """

    table: Table
    column: Column
    domain: ValueDomain
    earlier: tuple[Column, ...] = ()
    setting: RowSetting = USUAL_SETTING
    spelling: str = ""
    parents: tuple[ReferencedTable, ...] = ()

    @property
    def today(self) -> date:
        """The reference date of the rows."""
        return self.setting.today

    @property
    def locale(self) -> str:
        """Faker's locale."""
        return self.setting.locale

    @cached_property
    def english(self) -> bool:
        """Whether the locale is English, so that the package's own word lists apply."""
        return self.setting.locale.startswith("en")

    @cached_property
    def words(self) -> str:
        """The column name as normalized by :func:`~pytest_supaseed.model.identifiers.spelt`, or ``spelling``.

        Beside a first name, a ``name`` is a person's last name.
        """
        words = self.spelling or self.column.words
        if words == "_name_" and self._has("_first_name_") and not self._has("_last_name_"):
            return "_last_name_"
        return words

    def _has(self, words: str) -> bool:
        """Whether a column of the table has this normalized name."""
        return any(column.words == words for column in self.table.columns)

    def called(self, words: str) -> Context:
        """Return the context with other normalized words for the column's name, such as its comment's."""
        return replace(self, spelling=words)

    @cached_property
    def subject(self) -> str:
        """The entity that a row describes, by the table's name."""
        return subject_of(self.table.name.separated)

    @cached_property
    def things(self) -> tuple[str, ...]:
        """Entities the column may be of, nearest first: ``payment``, ``order`` for ``orders.payment_status``."""
        words = self.words.strip("_").split("_")
        table = spelt(self.table.name.separated).strip("_").split("_")
        before = words[1:-1] if words[0] in SENT and words[0] != self.subject else words[:-1]
        return tuple(map(singular, (*before[::-1], self.subject, *table[::-1])))

    @cached_property
    def about(self) -> frozenset[str]:
        """The things that the column may be of, and with ``@`` the area of its table.

        ``@person`` stands for all entities that are persons; what stands behind ``=`` is a row of the table itself.
        """
        words = spelt(self.table.name.thing).strip("_").split("_")
        words[-1] = singular(words[-1])
        # ``tracking_event`` for the table of tracking events.
        compound = "_".join(words[-2:])
        found = {*self.things, "_".join(words), compound, f"={words[-1]}", f"={compound}"}
        if compound in _OF_OTHER_KINDS:
            # A work order is no order of a shop.
            found.discard(words[-1])
        area = area_of(self.table)
        if area:
            found.add(f"@{area}")
        if self.subject in PERSONS:
            found.add("@person")
        return frozenset(found)

    @cached_property
    def most(self) -> int | None:
        """The maximum number of characters of a text, None for no limit."""
        return longest(self.column.type, self.domain)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The earlier columns with the name of the person that the column belongs to."""
        return name_columns(self.earlier, self.subject, self.words)

    @cached_property
    def unique(self) -> bool:
        """Whether the column alone is a unique key."""
        return any(key.columns == (self.column.name,) for key in self.table.uniques)

    @cached_property
    def compared(self) -> tuple[tuple[str, str], ...]:
        """Operators and earlier columns that CHECKs compare the column with, the column on the left."""
        own = [each for each in comparisons(self.table) if self.column.name in (each.left, each.right)]
        if not own:
            return ()
        usable = {column.name for column in self.earlier}
        found = []
        for comparison in own:
            if comparison.left == self.column.name and comparison.right in usable:
                found.append((comparison.operator, comparison.right))
            elif comparison.right == self.column.name and comparison.left in usable:
                found.append((_MIRRORED[comparison.operator], comparison.left))
        # With ``low < middle`` and ``middle < high``, ``low < high`` must hold before ``middle`` is generated.
        found += [further for further in self._further(usable) if further not in found]
        return tuple(found)

    def _further(self, usable: Collection[str]) -> Iterator[tuple[str, str]]:
        """Comparisons with earlier columns that follow by transitivity, through columns generated later."""
        seen = {self.column.name}
        waiting = [(self.column.name, "")]
        while waiting:
            name, before = waiting.pop(0)
            for comparison in comparisons(self.table):
                operator, other = comparison.operator, comparison.right
                if comparison.right == name:
                    operator, other = _MIRRORED[operator], comparison.left
                elif comparison.left != name:
                    continue
                if operator[0] not in "<>" or operator == "<>" or before[:1] not in ("", operator[0]):
                    continue
                if other in seen or not _alike(self.column, self.table.column(other)):
                    continue
                together = min(before or operator, operator, key=len)
                if other in usable:
                    if before:
                        yield together, other
                    continue
                seen.add(other)
                waiting.append((other, together))

    @cached_property
    def bounded(self) -> ValueDomain:
        """The value domain, narrowed by the domains of the columns that CHECKs compare the column with."""
        return _bounded(self.table, self.column, self.domain)

    def failure(self, why: str) -> NoColumnValueError:
        """Return the error for a column of which no value could be generated, with the reason ``why``."""
        table, column = self.table, self.column

        def example(rows: int) -> str:
            given = ((column.name, Placeholder(listed=True)),)
            return notation().arguments([(table.label, Amount(rows, columns=given))])

        return NoColumnValueError(
            f"{table.label}.{column.name} ({column.type.text}): no value could be made: {why}: "
            "give some that fit, as in ",
            example,
        )


def _bounded(table: Table, column: Column, domain: ValueDomain) -> ValueDomain:
    if column.type.array or not (is_number(column.type) or is_moment(column.type)):
        return domain
    found = {column.name: domain}
    related: list[Comparison] = [c for c in comparisons(table) if c.operator in ("<", "<=", ">", ">=", "=")]
    if not any(column.name in (comparison.left, comparison.right) for comparison in related):
        return domain
    # A bound may have to pass through a chain of comparisons, at most as long as their number.
    for _ in related:
        for comparison in related:
            left, right, operator = comparison.left, comparison.right, comparison.operator
            if not _alike(table.column(left), table.column(right)):
                continue
            for name in (left, right):
                if name not in found:
                    found[name] = _between_ends(table, table.column(name), column.type)
            if operator in ("<", "<=", "="):
                found[left] = intersect(found[left], _below(found[right], strict=operator == "<"))
                found[right] = intersect(found[right], _above(found[left], strict=operator == "<"))
            if operator in (">", ">=", "="):
                found[left] = intersect(found[left], _above(found[right], strict=operator == ">"))
                found[right] = intersect(found[right], _below(found[left], strict=operator == ">"))
            if operator == "=":
                for name, other in ((left, right), (right, left)):
                    digits = _digits(table.column(other).type)
                    found[name] = intersect(found[name], ValueDomain(decimals=digits))
    return replace(found[column.name], allowed=domain.allowed)


def _between_ends(table: Table, column: Column, compared: ColumnType) -> ValueDomain:
    """The value domain of a column that one of another type is compared with, and the ends of its values.

    These are those of listed values, and of a number's type that is narrower than the other: no ``integer`` that is
    less than a ``smallint`` is above 32767.
    """
    domain = value_domain(table, column)
    listed = [value for value in domain.allowed or () if value is not None]
    if is_number(column.type):
        unit = unit_of(column.type, domain, column.type.scale or 0)
        low, high = limits(column.type, UNCONSTRAINED, unit)
        other = unit_of(compared, domain, compared.scale or 0)
        widest = limits(compared, UNCONSTRAINED, other)[1]
        if low is not None and high is not None and (widest is None or high * unit < widest * other):
            domain = intersect(domain, ValueDomain(minimum=low * unit, maximum=high * unit))
        if listed:
            domain = intersect(domain, ValueDomain(minimum=min(listed), maximum=max(listed)))
    elif listed:
        domain = intersect(domain, ValueDomain(earliest=min(listed), latest=max(listed)))
    return domain


def _digits(column_type: ColumnType) -> int | None:
    """How many digits after the point the values of a number's type have, None for any."""
    return 0 if is_whole(column_type) else column_type.scale


def _alike(left: Column, right: Column) -> bool:
    if left.type.array or right.type.array:
        return False
    numbers = is_number(left.type) and is_number(right.type)
    return numbers or (left.type.name == right.type.name and is_moment(left.type))


def _below(domain: ValueDomain, *, strict: bool) -> ValueDomain:
    exclusive = domain.maximum is not None and (strict or domain.maximum_exclusive)
    latest = stepped(domain.latest, -1) if strict and domain.latest is not None else domain.latest
    return ValueDomain(maximum=domain.maximum, maximum_exclusive=exclusive, latest=latest)


def _above(domain: ValueDomain, *, strict: bool) -> ValueDomain:
    exclusive = domain.minimum is not None and (strict or domain.minimum_exclusive)
    earliest = stepped(domain.earliest, 1) if strict and domain.earliest is not None else domain.earliest
    return ValueDomain(minimum=domain.minimum, minimum_exclusive=exclusive, earliest=earliest)
