"""What limits decide: a measurement within them, an average between them, and booleans and words that tell it."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from pytest_supaseed.constraints.column import memoized_by_identity, value_domain
from pytest_supaseed.constraints.domain import accepts
from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.model.type_families import is_boolean, is_string
from pytest_supaseed.values.meanings.formulas.arithmetic import (
    Computed,
    Formula,
    decimal_of,
)
from pytest_supaseed.values.meanings.formulas.derived import (
    is_number,
)
from pytest_supaseed.values.meanings.formulas.row_numbers import (
    NamedNumber,
    RowNumbers,
    number_of,
    roots,
    without_unit,
    word_set,
)
from pytest_supaseed.values.meanings.lives import states_of

_INNER = word_set("average avg mean nominal median typical optimal midpoint likely")
_READ = re.compile(
    r"^_(?:(\w+_)?(measured|observed)(_value)?|(test_|lab_)?(value|result|reading|measurement)(_value)?)_$"
)
_LOW, _HIGH = (
    frozenset(["low", "lower", "min", "minimum", "resting"]),
    frozenset(["high", "upper", "max", "maximum"]),
)


def _ends_of(row: RowNumbers, number: NamedNumber) -> tuple[str, str] | None:
    """The least and the greatest number of what a number is one of, or of what has been measured."""
    about = number.without(_INNER)
    measured = _READ.search(f"_{'_'.join(number.words)}_") is not None
    lows = [each for each in row.others(number) if each.has(_LOW) and not each.has(_HIGH)]
    for low in lows:
        for high in row.others(number):
            its = low.without(_LOW)
            if not high.has(_HIGH) or high.has(_LOW) or high.without(_HIGH) != its or not high.is_like(low):
                continue
            if (
                its == about
                or (measured and not its.isdisjoint(_REFERENCES))
                or (number.has(_INNER) and not about)
            ):
                return low.name, high.name
    return None


_REFERENCES = roots(["reference", "limit", "range", "tolerance", "normal", "spec", "specification", "ref"])


def between_limits(row: RowNumbers, number: NamedNumber) -> Formula | None:
    """An average between the least and the greatest, or what has been measured, which may lie beyond what is normal."""
    measured = _READ.search(f"_{'_'.join(number.words)}_") is not None
    if not measured and not number.has(_INNER):
        return None
    ends = _ends_of(row, number)
    if ends is None:
        return None
    tenths = (-2, 12) if measured else (3, 7)

    def value(values: Mapping[str, object], random: Random) -> Decimal | None:
        low, high = (decimal_of(values.get(name)) for name in ends)
        if low is None or high is None:
            return None
        return low + (high - low) * random.randint(*tenths) / 10

    return Computed(ends, value)


@dataclass(frozen=True)
class Flag:
    """A boolean that numbers of its row decide.

    Attributes:
        uses: the numbers.
        holds: takes their values; None where one is missing.
    """

    uses: tuple[str, ...]
    holds: Callable[..., bool]

    def value(self, row: Mapping[str, object]) -> bool | None:
        """Return whether it is true of a row, None where a number is missing."""
        numbers = [decimal_of(row.get(name)) for name in self.uses]
        return None if None in numbers else self.holds(*numbers)

    @property
    def compares(self) -> str:
        """How the first number is compared with the second, in SQL; empty if there are more."""
        return _IN_SQL.get(self.holds, "")


_IN_SQL: Mapping[Callable[..., bool], str] = {operator.le: "<=", operator.ge: ">=", operator.gt: ">"}


_INSIDE = re.compile(
    r"^_(is_)?((within|in)_(tolerance|tol|range|spec|limits?)|normal|conforming|compliant)_$"
)
_OUTSIDE = re.compile(
    r"^_(is_)?((out_of|outside)_(tolerance|range|spec|limits?)|abnormal|out_of_range)(_flag)?_$"
)
# By name, what has to reach, or to stay below, what.
_THRESHOLDS: tuple[tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], Callable[..., bool]], ...] = (
    tuple(
        (
            re.compile(f"^_(?:is_|has_)?(?:{flag})_$"),
            re.compile(f"^_(?:{left})_$"),
            re.compile(f"^_(?:{right})_$"),
            holds,
        )
        for flag, left, right, holds in (
            (
                r"low_stock|low|needs_reorder|reorder_needed|below_(minimum|threshold|reorder_point)|needs_restock",
                r"(\w+_)?(on_hand|stock|available|in_stock)|quantity|stock_(quantity|level|count)|quantity_\w+|current_stock",
                r"reorder_(level|point|threshold|quantity)|min(imum)?_(stock|quantity|level)(_level)?|low_stock_threshold"
                r"|safety_stock",
                operator.le,
            ),
            (
                r"pass|passed|passing",
                r"(final_|total_|raw_)?(score|mark|grade|points)(_percent)?",
                r"pass(ing)?_(score|mark|grade|points|threshold)",
                operator.ge,
            ),
            (
                r"exceeds|exceeded|exceedance|exceeds_limit|over_limit|above_limit|out_of_limits?|limit_exceeded",
                r"(\w+_)?(value|result|reading|measurement|concentration|measured|actual)",
                r"(\w+_)?(limit|threshold)(_value)?|max(imum)?_(value|allowed)",
                operator.gt,
            ),
            (
                r"over_budget|exceeded",
                r"(actual|spent|total)(_(amount|cost|spend))?|(actual|amount)_spent",
                r"(planned_|total_|approved_)?budget(_amount)?|budgeted_\w+",
                operator.gt,
            ),
            (
                r"full|sold_out",
                r"(\w+_)?(enrolled|registered|booked|sold|occupied|filled|attendees?)(_count)?|current_(occupancy|enrollment)",
                r"(max_)?(capacity|seats|spots|enrollment)|max_\w+",
                operator.ge,
            ),
            (
                r"goal_(met|reached)|funded|target_(met|reached)|successful",
                r"(amount_|total_)?(raised|pledged|collected)(_amount)?|current_(amount|value)|actual(_value)?",
                r"(funding_)?(goal|target)(_amount|_value)?|target",
                operator.ge,
            ),
            (
                r"reserve_met",
                r"(current|highest|winning)_(bid|price)(_amount)?",
                r"reserve_price",
                operator.ge,
            ),
        )
    )
)


@dataclass(frozen=True)
class Level:
    """A word that numbers of its row decide: whether a result is low, normal or high.

    Attributes:
        uses: the numbers.
        labels: the words, of which None is NULL.
        place: takes the numbers; it returns the place of the word.
    """

    uses: tuple[str, ...]
    labels: tuple[object, ...]
    place: Callable[..., int]

    def value(self, row: Mapping[str, object]) -> object:
        """Return the word for a row, None where a number is missing."""
        numbers = [decimal_of(row.get(name)) for name in self.uses]
        return None if None in numbers else self.labels[self.place(*numbers)]


# How the words begin for what is below, within and above limits, and for what has run out, runs low, or is in stock.
_LEVELS_OF_RANGE = (
    word_set(
        "l low below below_range below_normal under too_low below_low low_out_of_range hypo under_range"
    ),
    word_set("n normal ok okay within in_range within_range within_normal wnl within_limits good none no"),
    word_set(
        "h high above above_range above_normal over too_high elevated over_range high_out_of_range hyper"
    ),
)
_LEVELS_OF_STOCK = (
    word_set("out_of_stock sold_out out outofstock stockout stock_out empty unavailable oos depleted"),
    word_set("low_stock low running_low lowstock low_in_stock reorder limited few_left"),
    word_set("in_stock available ok normal instock sufficient in good stocked healthy"),
)
_TELLS_LEVEL = re.compile(
    r"^_(\w+_)?(abnormal(ity)?|range|out_of_range|result|reading|interpretation|limit)_(flag|indicator|ind|code)_$"
    r"|^_(flag|interpretation|abnormal|abnormal_flag|abnormality|hl_flag)_$"
)
_STOCKED = re.compile(
    r"^_((\w+_)?(on_hand|stock|available|in_stock)|quantity|stock_(quantity|level|count)|quantity_(on_hand|available)"
    r"|current_stock)_$"
)
_RUNS_LOW = re.compile(
    r"^_(reorder_(level|point|threshold)|min(imum)?_(stock|quantity|level)(_level)?|low_stock_threshold|safety_stock)_$"
)


@memoized_by_identity
def level_of(table: Table, column: Column) -> Level | None:
    """Return which numbers of the row decide a word, None if none do."""
    if column.type.array or column.generated or not (column.type.labels or is_string(column.type)):
        return None
    if _is_bound(table, column):
        return None
    states = states_of(table, column)
    grade = _grade_of(table, column, states)
    if grade is not None:
        return grade
    if not states and not _TELLS_LEVEL.search(column.words):
        return None
    numbers = _numbers(table)
    if states:
        stock = _labels(states, _LEVELS_OF_STOCK)
        level = next((name for name, words in numbers.items() if _RUNS_LOW.search(words)), None)
        stocked = next((name for name, words in numbers.items() if _STOCKED.search(words)), None)
        if None not in stock and level is not None and stocked is not None and level != stocked:
            return Level((stocked, level), stock, _place_of_stock)
        labels = _labels(states, _LEVELS_OF_RANGE)
        if labels[1] is None and not column.nullable:
            return None
    else:
        short = column.type.length is not None and column.type.length < len("normal")
        labels = ("L", "N", "H") if short else ("low", "normal", "high")
    if labels[0] is None or labels[2] is None:
        return None
    domain = value_domain(table, column)
    ends = _ends_of_reading(table, numbers)
    if ends is None or not all(accepts(domain, label) for label in labels if label is not None):
        return None
    return Level(ends, labels, _place_in_range)


# Letters for grades, and the least per cent for each but the last.
_LETTERS = ("a", "b", "c", "d", "f")
_LEAST = (90, 80, 70, 60)
_GRADED = re.compile(
    r"^_((final|course|overall|midterm|term)_)?(letter_grade|grade_letter|letter)_$|^_(final_)?grade_$"
)
_PER_CENT = (
    re.compile(
        r"^_((final|total|overall|course|term)_)?(percentage|percent|pct|(score|grade|mark)_(percentage|percent|pct))_$"
    ),
    re.compile(
        r"^_((final|total|overall|course|term|numeric|raw)_)?(score|mark|marks|points|numeric_grade)_$"
    ),
)
_MOST_POINTS = re.compile(r"^_(max|maximum|total|possible)_(score|points|marks)_$|^_points_possible_$")


def _grade_of(table: Table, column: Column, states: Sequence[tuple[object, str]]) -> Level | None:
    """The letter for a score of the row."""
    if not _GRADED.search(column.words):
        return None
    by_letter = {word.lower(): value for value, word in states}
    if states:
        labels = tuple(
            by_letter.get(letter, by_letter.get("e") if letter == "f" else None) for letter in _LETTERS
        )
    elif "_letter_" in column.words or (column.type.length or 100) <= len("A+"):
        labels = tuple(letter.upper() for letter in _LETTERS)
    else:
        return None
    domain = value_domain(table, column)
    if not all(label is not None and accepts(domain, label) for label in labels):
        return None
    numbers = _numbers(table)
    most = next((name for name, words in numbers.items() if _MOST_POINTS.search(words)), None)
    for pattern in _PER_CENT:
        score = next(
            (name for name, words in numbers.items() if name != most and pattern.search(words)), None
        )
        if score is not None:
            by_most = most is not None and pattern is not _PER_CENT[0]
            return Level((score, most) if by_most and most else (score,), labels, _place_of_grade)
    return None


def _place_of_grade(score: Decimal, most: Decimal = Decimal(100)) -> int:
    per_cent = score * 100 / most if most else score
    return next((place for place, least in enumerate(_LEAST) if per_cent >= least), len(_LEAST))


def _labels(states: Sequence[tuple[object, str]], levels: Sequence[frozenset[str]]) -> tuple[object, ...]:
    """The value for each level, None where there is none."""
    words = {spelt(word).strip("_"): value for value, word in reversed(states)}
    return tuple(next((value for word, value in words.items() if word in level), None) for level in levels)


def _place_in_range(low: Decimal, high: Decimal, value: Decimal) -> int:
    return 0 if value < low else 2 if value > high else 1


def _place_of_stock(quantity: Decimal, level: Decimal) -> int:
    return 0 if quantity <= 0 else 1 if quantity <= level else 2


def _is_bound(table: Table, column: Column) -> bool:
    """Whether a key or a trigger is about a column."""
    return any(column.name in key.columns or column.name in key.definition for key in table.uniques) or any(
        column.name in trigger.source for trigger in table.triggers
    )


def _numbers(table: Table) -> dict[str, str]:
    """The numbers of a table, with the words of their names."""
    return {
        other.name: without_unit(other.words)
        for other in table.columns
        if is_number(other) and not other.generated
    }


def _ends_of_reading(table: Table, names: Iterable[str]) -> tuple[str, str, str] | None:
    """The limits of what has been measured, and the measurement."""
    row = RowNumbers(table, tuple(number_of(table.column(name)) for name in names), {})
    for number in row.numbers:
        ends = _ends_of(row, number) if _READ.search(f"_{'_'.join(number.words)}_") else None
        if ends is not None:
            return (*ends, number.name)
    return None


@memoized_by_identity
def flag_of(table: Table, column: Column) -> Flag | None:
    """Return which numbers of the row decide a boolean, None if none do."""
    if not is_boolean(column.type) or column.type.array or _is_bound(table, column):
        return None
    stated = _stated(table, column)
    if stated is not None:
        return stated
    words = column.words
    numbers = _numbers(table)
    inside, outside = _INSIDE.search(words), _OUTSIDE.search(words)
    ends = _ends_of_reading(table, numbers) if inside or outside else None
    if ends is not None:
        return Flag(ends, _is_inside if inside else _is_outside)
    for flag, left, right, holds in _THRESHOLDS:
        if flag.search(words):
            limits = [name for name, its in numbers.items() if right.search(its)]
            reached = [name for name, its in numbers.items() if left.search(its) and name not in limits]
            if limits and reached:
                return Flag((reached[0], limits[0]), holds)
    return None


# When a boolean is true, in a comment: "true when signal_ratio reaches cutoff_ratio".
_STATED = re.compile(
    r"\b(?:true|set|yes|t|1)\s+(?:when|if|where|once|iff)\s+(?:the\s+)?(?P<left>\w+)\s+"
    r"(?P<how>reaches|exceeds|>=|>|<=|<|is\s+(?:above|below|over|under|at\s+least|at\s+most)|equals|=)\s+(?:the\s+)?(?P<right>\w+)",
    re.IGNORECASE,
)
_COMPARES: Mapping[str, Callable[..., bool]] = {
    "reaches": operator.ge, ">=": operator.ge, "at least": operator.ge, "exceeds": operator.gt, ">": operator.gt,
    "above": operator.gt, "over": operator.gt, "<=": operator.le, "at most": operator.le, "<": operator.lt,
    "below": operator.lt, "under": operator.lt, "equals": operator.eq, "=": operator.eq,
}  # fmt: skip


def _stated(table: Table, column: Column) -> Flag | None:
    """The flag that a comment states by two numbers of the row."""
    found = _STATED.search(column.comment) if column.comment else None
    if found is None:
        return None
    names = tuple(found[side] for side in ("left", "right"))
    if not all(table.has_column(name) and is_number(table.column(name)) for name in names):
        return None
    return Flag(names, _COMPARES[" ".join(found["how"].lower().removeprefix("is ").split())])


def _is_inside(low: Decimal, high: Decimal, value: Decimal) -> bool:
    return low <= value <= high


def _is_outside(low: Decimal, high: Decimal, value: Decimal) -> bool:
    return not low <= value <= high
