"""Values of columns of which an application's models declare more than the database knows.

:func:`validated` has the application's validators judge what a source chooses, :func:`bound` makes values of the
application and stores them as the application does. :func:`readable` tells whether the application reads a stored
value, and :func:`next_of_application` returns the next distinct one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.constraints.domain import Pattern, ValueDomain, accepts
from pytest_supaseed.model.schema import Binding, Column, DeclaredColumn, Table, TableName, Validator
from pytest_supaseed.model.type_families import has_string_category, is_string
from pytest_supaseed.values.choosing import beside, trial
from pytest_supaseed.values.meanings.context import Context, Row, ValueSource
from pytest_supaseed.values.meanings.generation_order import share_of_nulls
from pytest_supaseed.values.types.text import TextDomain, accepted
from pytest_supaseed.wording import abbreviated, raised

if TYPE_CHECKING:
    from faker import Generator

SourceOf = Callable[[Table, Column, ValueDomain], "ValueSource | None"]
# Values that are offered to a validator, those that its column's name suggests first.
_BY_NAME, _OFFERED = 12, 120
_BOUND = 40


class RefusedError(Exception):
    """The application refuses a value.

    Args:
        by: what refused it, for messages.
        error: what that raised.
    """

    def __init__(self, by: str, error: Exception) -> None:
        super().__init__(f"{by} raised {raised(error)}")
        self.by = by


def application_column(column: Column, declared: DeclaredColumn, binding: Binding) -> Column:
    """Return a column of the values that the application has, in the place of one of stored values."""
    assert binding.type is not None  # noqa: S101 for the type checker
    return replace(
        column, type=binding.type, default=None, declared=replace(declared, binding=None, allowed=None)
    )


def _application_table(table: Table, column: Column) -> Table:
    """Return a table with a column of the application's values; CHECKs and keys are about the stored ones."""
    columns = tuple(column if other.name == column.name else other for other in table.columns)
    checks = tuple(check for check in table.checks if column.name not in check.columns)
    return replace(table, columns=columns, checks=checks)


def judged(validators: Sequence[Validator], value: Any, row: Row) -> Any:
    """Return the value that the application stores for one, after its validators have accepted it.

    Raises:
        RefusedError: a validator refuses it.
    """
    for validator in validators:
        try:
            value = validator.accept(value, row)
        except Exception as error:
            # The code of the application may raise anything.
            raise RefusedError(validator.name, error) from error
    return value


def stored(binding: Binding, value: Any) -> Any:
    """Return a value of the application as it is stored.

    Raises:
        RefusedError: the application cannot store it.
    """
    try:
        return binding.bind(value)
    except Exception as error:
        raise RefusedError(binding.name, error) from error


def validated(context: Context, source: ValueSource) -> ValueSource:
    """Return a source of those of another source's values that the column's validators accept.

    Where they accept none of many, ``choose`` returns None if the column can be NULL, as that of a column which only a
    trigger may set; else it raises a :class:`~pytest_supaseed.errors.GenerateError`.
    """
    declared = context.column.declared
    if declared is None or not declared.validators:
        return source
    validators = _of_stored(declared)
    reads = tuple(name for validator in validators for name in validator.uses)
    columns = {column.name for column in context.earlier}
    uses = tuple(dict.fromkeys((*source.uses, *(name for name in reads if name in columns))))

    optional = context.column.nullable and not context.domain.required
    of_null = tuple(validator for validator in validators if validator.of_null)
    if optional and of_null:
        return replace(_with_null(context, source, validators, of_null), uses=uses)
    # Whether a value has been accepted, once some have been tried.
    accepting: list[bool] = []

    def choose(faker: Generator, row: Row) -> object:
        refused, last = None, None
        if optional and accepting == [False]:
            return None
        for value in _offered(context, validators, source, faker, row):
            try:
                found = judged(validators, value, row)
            except RefusedError as error:
                refused, last = error, value
                continue
            if found is None or _fits(context, found):
                accepting[:] = [True]
                return found
        if optional:
            accepting[:] = accepting or [False]
            return None
        raise context.failure(
            f"{declared.origin or 'the application'} takes none of the values tried: for the last one, "
            f"{abbreviated(last)}, {refused}"
        )

    if source.choices and not reads:
        choices = _accepted(validators, source.choices)
        return ValueSource(choose, uses, choices, source.nulls)
    return replace(source, choose=choose, uses=uses, choices=())


def _with_null(
    context: Context, source: ValueSource, validators: Sequence[Validator], of_null: Sequence[Validator]
) -> ValueSource:
    """Return a source of values, and of NULL, that validators accept of which some judge NULL."""
    share = float(share_of_nulls(context.table, context.column, context.domain))

    def choose(faker: Generator, row: Row) -> object:
        first = faker.random.random() < share
        refused = None
        for value in chain(
            [None] if first else [], _offered(context, validators, source, faker, row), [None]
        ):
            try:
                found = judged(of_null if value is None else validators, value, row)
            except RefusedError as error:
                refused = error
                continue
            if found is None or _fits(context, found):
                return found
        assert context.column.declared is not None  # noqa: S101 for the type checker
        raise context.failure(
            f"{context.column.declared.origin} takes none of the values tried, nor NULL: {refused}"
        )

    return replace(source, choose=choose, choices=())


def _of_stored(declared: DeclaredColumn) -> tuple[Validator, ...]:
    """The validators of a column, as functions of stored values where these are listed."""
    binding = declared.binding
    if binding is None:
        return declared.validators

    def of_stored(validator: Validator) -> Validator:
        return replace(
            validator, accept=lambda value, row: binding.bind(validator.accept(binding.load(value), row))
        )

    return tuple(map(of_stored, declared.validators))


def _accepted(validators: Sequence[Validator], choices: Sequence[object]) -> tuple[object, ...]:
    found = []
    for choice in choices:
        try:
            found.append(judged(validators, choice, {}))
        except RefusedError:
            continue
    return tuple(found)


def _offered(
    context: Context, validators: Sequence[Validator], source: ValueSource, faker: Generator, row: Row
) -> Iterator[Any]:
    """Yield values for validators to judge: plausible ones, then what their code mentions, then usual forms."""
    column = context.column
    textual = is_string(column.type) and not column.type.array
    hints = [hint for validator in validators for hint in validator.hints]
    patterns = [pattern for validator in validators for pattern in validator.patterns] if textual else []
    value: Any = None
    for number in range(_OFFERED):
        if number == _BY_NAME:
            # What has to be after another column's value is soon after it.
            others = (row.get(name) for validator in validators for name in validator.uses)
            yield from (near for other in others for near in beside(other) if type(near) is type(value))
        early = number < _BY_NAME
        # Where the first value is refused, literals follow early: one of a list may be plausible by its name, too.
        if number % (2 if hints else 1) == 0 if early else number % 3 == 0:
            value = source.choose(faker, row)
            yield value
            if textual and isinstance(value, str):
                yield from (_cased(value, number),)
            continue
        if patterns and not early and number % 3 == 1:
            pattern = patterns[number // 3 % len(patterns)]
            domain = replace(context.domain, patterns=(*context.domain.patterns, Pattern(pattern)))
            made = TextDomain(column.type, domain).drawn(lambda: "", faker.random)
            if made is not None:
                yield made
            continue
        if hints and (early or number % 2 == 0):
            hint = faker.random.choice(hints)
            yield from (_with_hint(value, hint, number) if textual else (hint,))
            continue
        found = trial(column, value, number)
        if found is not None:
            yield found


def _cased(value: str, number: int) -> str:
    forms: tuple[Callable[[str], str], ...] = (
        str.lower,
        str.upper,
        str.title,
        lambda text: (text.split() or [""])[0],
        lambda text: re.sub(r"\W+", "", text),
        lambda text: re.sub(r"\W+", "-", text).strip("-").lower(),
        lambda text: re.sub(r"\W+", "_", text).strip("_").lower(),
    )
    return forms[number % len(forms)](value)


def _with_hint(value: Any, hint: Any, number: int) -> Iterator[Any]:
    """A literal of a validator's code may be a whole value, or what a value has to begin or end with."""
    yield hint
    if isinstance(value, str) and isinstance(hint, str):
        yield (f"{hint}{value}", f"{value}{hint}", f"{value}{hint}{value}")[number % 3]


def _fits(context: Context, value: Any) -> bool:
    """Whether the column's domain accepts a value that a validator or a type has returned."""
    if isinstance(value, str) and has_string_category(context.column.type):
        return accepted(value, context.column.type, context.domain)
    return accepts(context.domain, value)


def bound(context: Context, source_of: SourceOf) -> ValueSource | None:
    """Return the source of a column whose values the application has in another form than they are stored in.

    Returns:
        None if the values of the application cannot be told, or none can be made.
    """
    declared = context.column.declared
    assert declared is not None and declared.binding is not None  # noqa: S101 PT018 for the type checker
    binding = declared.binding
    if binding.type is None:
        return None
    inner = application_column(context.column, declared, binding)
    table = _application_table(context.table, inner)
    source = source_of(table, inner, value_domain(table, inner))
    if source is None:
        return None

    def choose(faker: Generator, row: Row) -> object:
        refused = ""
        value: Any = None
        for _ in range(_BOUND):
            value = source.choose(faker, row)
            if value is None:
                return None
            try:
                found = stored(binding, value)
            except RefusedError as error:
                refused = str(error)
                continue
            if _fits(context, found):
                return found
            refused = f"it stores {abbreviated(found)}, which the column does not take"
        raise context.failure(
            f"{binding.name} takes none of the values tried: for the last one, {abbreviated(value)}, {refused}"
        )

    return ValueSource(choose, source.uses, tuple(_bound_choices(context, binding, source.choices)))


def _bound_choices(context: Context, binding: Binding, choices: Sequence[object]) -> Iterator[object]:
    for choice in choices:
        try:
            found = stored(binding, choice)
        except RefusedError:
            continue
        if _fits(context, found):
            yield found


def readable(column: Column, value: Any, row: Row) -> bool:
    """Whether the application reads a stored value, and its validators accept it."""
    declared = column.declared
    if declared is None or value is None:
        return True
    try:
        if declared.binding is not None:
            value = declared.binding.load(value)
        judged(declared.validators, value, row)
    except Exception:
        # The code of the application may raise anything.
        return False
    return True


# Takes a value, a number, the column and its value domain; returns a distinct value for each number, or None.
NextDistinct = Callable[[object, int, Column, ValueDomain], "object | None"]


def next_of_application(
    value: object, number: int, column: Column, domain: ValueDomain, next_distinct: NextDistinct
) -> object | None:
    """Return another stored value that the application accepts, a distinct one for each number, None if there is none.

    Args:
        value: the stored value that is taken.
        number: at least 1.
        column: has declarations with a binding or validators.
        next_distinct: does it for values of the application.
    """
    declared = column.declared
    assert declared is not None  # noqa: S101 for the type checker
    binding = declared.binding
    try:
        if binding is None:
            inner, known, old = replace(column, declared=None), domain, value
        elif binding.type is None:
            return None
        else:
            inner = replace(application_column(column, declared, binding), declared=None)
            table = Table(TableName("", column.name), (application_column(column, declared, binding),))
            known, old = value_domain(table, table.columns[0]), binding.load(value)
        found = next_distinct(old, number, inner, known)
        if found is None:
            return None
        found = judged(declared.validators, found, {})
        if binding is not None:
            found = stored(binding, found)
    except Exception:
        # The code of the application may raise anything.
        return None
    return found if accepts(domain, found) else None
