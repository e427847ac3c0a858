"""How the values of a column are chosen: drawn, and held against the rest of their row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pytest_supaseed.values import moments, named, numbers, texts, writers
from pytest_supaseed.values.context import Context
from pytest_supaseed.values.formulas import bounds, formula
from pytest_supaseed.values.measures import believable, telling
from pytest_supaseed.values.people import PERSONS
from pytest_supaseed.values.source import Row

if TYPE_CHECKING:
    from faker import Generator

Choose = Callable[["Generator", Row], object]
_ATTEMPTS = 20


def _compared(context: Context, row: Row) -> list[tuple[str, object]]:
    return [(op, row[name]) for op, name in context.compared if row.get(name) is not None]


def number(context: Context) -> tuple[Choose, tuple[str, ...]]:
    """Return what draws a number, and the columns that it follows.

    Args:
        context: the column.
    """
    facts, kind = context.bounded, context.column.type
    follows, limits = formula(context), bounds(context)
    words = telling(context.words, context.column.comment, person=context.subject in PERSONS)
    digits = max(2, believable(words, kind, context.today).digits)

    def choose(faker: Generator, row: Row) -> object:
        compared = _compared(context, row)
        value = follows.value(row, faker.random) if follows is not None else None
        if value is not None:
            fitted = numbers.fitted(value, kind, facts, compared, digits)
            if fitted is not None:
                return fitted
        likely = [(op, row[name]) for op, name in limits if row.get(name) is not None]
        for others in ([*compared, *likely], compared):
            found = numbers.number(words, kind, facts, others, context.unique, faker.random, context.today)
            if found is not None:
                return found
        raise context.failure(_limits(context, row))

    return choose, (*(follows.uses if follows is not None else ()), *(name for _, name in limits))


def moment(context: Context, before: tuple[str, ...]) -> Choose:
    """Return what draws a date or a time.

    Args:
        context: the column.
        before: columns whose moments come before this one.
    """
    facts = context.bounded

    def choose(faker: Generator, row: Row) -> object:
        found = moments.moment(
            context.column.name,
            context.column.type.name,
            facts,
            [row[name] for name in before if row.get(name) is not None],
            _compared(context, row),
            faker.random,
            context.today,
        )
        if found is None:
            raise context.failure(_limits(context, row))
        return found

    return choose


def text(context: Context) -> tuple[Choose, tuple[str, ...]]:
    """Return what writes a text, and the columns that it follows.

    Args:
        context: the column.
    """
    write, follows = named.writer(context)
    column_type, facts = context.column.type, context.facts

    def choose(faker: Generator, row: Row) -> object:
        ask = writers.Ask(context, faker, row)
        equal = next((value for op, value in _compared(context, row) if op == "="), None)
        if equal is not None:
            return equal
        different = [value for op, value in _compared(context, row) if op == "<>"]
        for _ in range(_ATTEMPTS):
            text = texts.accepted_text(lambda: write(ask), column_type, facts, faker.random)
            if text is None:
                raise context.failure(_limits(context, row))
            if text not in different:
                return text
        raise context.failure(_limits(context, row))

    return choose, follows


def other(context: Context, make: Callable[..., object]) -> Choose:
    """Return what makes a value of another type.

    Args:
        context: the column.
        make: makes a value from Faker's generator, the type and the facts.
    """

    def choose(faker: Generator, row: Row) -> object:
        compared = _compared(context, row)
        equal = next((value for op, value in compared if op == "="), None)
        if equal is not None:
            return equal
        refused = [*context.facts.excluded, *(value for op, value in compared if op == "<>")]
        for _ in range(_ATTEMPTS):
            value = make(faker, context.column.type, context.facts)
            if value not in refused:
                return value
        raise context.failure(_limits(context, row))

    return choose


def listed(context: Context) -> Choose:
    """Return what chooses from a list what the CHECKs that compare columns accept as well.

    Args:
        context: the column.
    """
    allowed: tuple[Any, ...] = context.facts.allowed or ()

    def choose(faker: Generator, row: Row) -> object:
        compared = _compared(context, row)
        fitting = [value for value in allowed if all(_holds(value, op, other) for op, other in compared)]
        if not fitting:
            raise context.failure(
                f"of {', '.join(map(repr, allowed))} none fits the rest of the row"
                if allowed
                else "its CHECK constraints leave no value"
            )
        return faker.random.choice(fitting)

    return choose


def _holds(value: Any, operator: str, other: Any) -> bool:
    try:
        return bool(
            {
                "=": value == other, "<>": value != other, "<": value < other, "<=": value <= other,
                ">": value > other, ">=": value >= other,
            }[operator]
        )  # fmt: skip
    except TypeError:
        # What Python cannot compare is left to PostgreSQL.
        return True


def impossible(context: Context) -> Choose:
    """Return what says that there is no value.

    Args:
        context: the column.
    """

    def choose(faker: Generator, row: Row) -> object:
        raise context.failure("its CHECK constraints leave no value")

    return choose


def _limits(context: Context, row: Row) -> str:
    parts = [f"{op} {name} ({row[name]})" for op, name in context.compared if row.get(name) is not None]
    checks = [check.expression for check in context.table.checks if context.column.name in check.columns]
    checks += [check.expression for check in context.column.type.checks]
    why = f"nothing is found that {' and '.join(checks)} accepts" if checks else "its type leaves no value"
    most = texts.longest(context.column.type, context.facts) if context.column.type.category == "S" else None
    if most is not None:
        parts.insert(0, f"at most {most} character{'' if most == 1 else 's'}")
    return f"{why}, with {', '.join(parts)}" if parts else why
