"""Code of an application's models that judges several columns of a row together.

:func:`row_validators` finds it: the class of a ``composite()``, which builds an object of its columns whenever a row is
loaded, pydantic's ``model_validator``, and ``__post_init__`` of models that are dataclasses. :func:`by_column` gives
each column of a :class:`Judge` a :class:`~pytest_supaseed.model.schema.Validator`. The one that is made last is
judged with the others; one that is made earlier is judged with samples in the place of what is missing, if the code
accepts any samples.
"""

from __future__ import annotations

import dataclasses
import inspect
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from types import FunctionType, SimpleNamespace
from typing import Any

from sqlalchemy import types
from sqlalchemy.exc import SQLAlchemyError

from pytest_supaseed.constraints.domain import Pattern, ValueDomain
from pytest_supaseed.fingerprint import CacheScope, Fingerprint
from pytest_supaseed.model.schema import ColumnType, Table, Validator
from pytest_supaseed.rng import random_for
from pytest_supaseed.sources.column_types import codes_of, loaded_by, on_postgresql, samples_of
from pytest_supaseed.sources.model_validators import Instance, hints_of

# Combinations of samples that are tried before code is believed to accept none, and with a value of a row.
_MOST, _MOST_WITH = 400, 100
_MOST_SAMPLES = 12
# The code of other kinds of validators may fail on what stands for an object of the model: that says nothing.
_REFUSALS = (ValueError, AssertionError)


@dataclass(frozen=True)
class JudgedColumn:
    """A column whose values code judges.

    Attributes:
        key: tells it from all others, such as SQLAlchemy's column.
        name: in the database.
        type: in the database; of values that the database stores in another form, the type of the application's.
        nullable: whether the value may be NULL.
        load: takes a value of a row, and returns it as the application has it.
        listed: the values that there are, as rows have them; empty where they are not listed.
        bound: whether a value that is judged is the application's already.
    """

    key: Any
    name: str
    type: ColumnType
    nullable: bool
    load: Callable[[Any], Any]
    listed: tuple[Any, ...] = ()
    bound: bool = False


@dataclass(frozen=True)
class Judge:
    """Code that judges several columns of a row.

    Attributes:
        name: for messages.
        columns: what it reads.
        accept: takes the values of the columns by name, as the application has them, and raises an exception if it
            refuses them.
        codes: its functions, whose literals it may accept.
        fingerprint: of its code; None where that is not known.
    """

    name: str
    columns: tuple[JudgedColumn, ...]
    accept: Callable[[Mapping[str, Any]], None]
    codes: tuple[FunctionType, ...] = ()
    fingerprint: Fingerprint | None = None


@dataclass(frozen=True)
class _Judge:
    """A :class:`Judge` whose columns are SQLAlchemy's."""

    name: str
    columns: tuple[Any, ...]
    accept: Callable[[Mapping[str, Any]], None]
    codes: tuple[FunctionType, ...] = ()

    def of(self, table: Table) -> Judge:
        """Return the judge for a table as the database has it."""
        columns = (_judged(column, table) for column in self.columns)
        return Judge(self.name, tuple(columns), self.accept, self.codes)


def _judged(column: Any, table: Table) -> JudgedColumn:
    known, kind = table.column(column.name), on_postgresql(column.type)
    return JudgedColumn(
        column,
        column.name,
        known.type,
        known.nullable,
        lambda value: loaded(column, value),
        tuple(kind.enums) if isinstance(kind, types.Enum) else (),
        # Of a type of the application, the value is one of the application's.
        isinstance(kind, types.TypeDecorator),
    )


def row_validators(
    mappers: Iterable[Any], find: Callable[[Any], Table | None]
) -> Mapping[Any, tuple[Validator, ...]]:
    """Return what judges each of SQLAlchemy's columns together with others of its row.

    Args:
        mappers: of the models, base classes first.
        find: returns the table as the database has it; None where it has none.
    """
    found: dict[Any, tuple[Validator, ...]] = {}
    for mapper in mappers:
        table = find(mapper.local_table)
        if table is None:
            continue
        for judge in (*_composites(mapper), *_of_class(mapper)):
            if not all(table.has_column(column.name) for column in judge.columns):
                continue
            for column, validator in by_column(judge.of(table)):
                found[column] = (*found.get(column, ()), validator)
    return found


# ---- code that judges


def _composites(mapper: Any) -> Iterator[_Judge]:
    # SQLAlchemy's public list of them configures all mappers.
    known = mapper.inherits._props if mapper.inherits is not None else {}
    for key, attribute in tuple(mapper._props.items()):
        kind = getattr(attribute, "composite_class", None)
        if kind is None or key in known or not _has_code(kind):
            continue
        try:
            columns = tuple(part.columns[0] for part in attribute.props)
        except (AttributeError, SQLAlchemyError):
            # SQLAlchemy says what is wrong when it configures the mapper.
            continue
        if any(column.table is not mapper.local_table for column in columns):
            continue
        build = getattr(attribute, "_construct_composite", kind)

        def accept(values: Mapping[str, Any], columns: Any = columns, build: Any = build) -> None:
            build(*(values[column.name] for column in columns))

        codes = (getattr(kind, name, None) for name in ("__init__", "__post_init__", "__new__"))
        built = getattr(kind, "__qualname__", kind)
        yield _Judge(
            f"{built} of {mapper.class_.__qualname__}.{key} (composite of {_names(columns)})",
            columns,
            accept,
            tuple(code for code in (*codes, kind) if _is_written(code)),
        )


def _names(columns: Iterable[Any]) -> str:
    return ", ".join(column.name for column in columns)


def _has_code(kind: Any) -> bool:
    """Whether building an object runs code of the application."""
    if not isinstance(kind, type):
        return True
    if hasattr(kind, "__pydantic_validator__") or hasattr(kind, "__attrs_attrs__"):
        return True
    return any(_is_written(getattr(kind, name, None)) for name in ("__init__", "__post_init__", "__new__"))


def _is_written(code: Any) -> bool:
    """Whether a function was written, and not made by :mod:`dataclasses` or :mod:`collections`."""
    return isinstance(code, FunctionType) and not code.__code__.co_filename.startswith("<")


def _of_class(mapper: Any) -> Iterator[_Judge]:
    """Yield pydantic's ``model_validator`` and the ``__post_init__`` of a class, unless its base class has it."""
    kind = mapper.class_
    above = mapper.inherits.class_ if mapper.inherits is not None else object
    decorators = getattr(getattr(kind, "__pydantic_decorators__", None), "model_validators", {})
    known = getattr(getattr(above, "__pydantic_decorators__", None), "model_validators", {})
    for name, decorator in decorators.items():
        if name not in known:
            yield from _of_code(mapper, (name, "model_validator"), decorator.func, decorator.info.mode)
    after = getattr(kind, "__post_init__", None)
    inherited = after is getattr(above, "__post_init__", None)
    if dataclasses.is_dataclass(kind) and _is_written(after) and not inherited:
        yield from _of_code(mapper, ("__post_init__", "dataclass"), after, "after")


def _of_code(mapper: Any, names: tuple[str, str], function: Any, mode: str) -> Iterator[_Judge]:
    """Yield the judge for a function that takes an object, or the values of which one is made.

    Args:
        names: its name, and what it is.
    """
    kind, code = mapper.class_, _written(function)
    if code is None:
        return
    own = {key: column for key, column in mapper.columns.items() if column.table is mapper.local_table}
    named = {name for each in codes_of(code.__code__) for name in (*each.co_names, *_texts(each))}
    read = {key: column for key, column in own.items() if key in named}
    if not read:
        return

    def accept(values: Mapping[str, Any]) -> None:
        known = {key: values[column.name] for key, column in read.items()}
        try:
            _call(function, mode, kind, known)
        except _REFUSALS:
            raise
        except Exception:
            return

    columns = tuple(read.values())
    name = f"{kind.__qualname__}.{names[0]} ({names[1]}, which reads {_names(columns)})"
    yield _Judge(name, columns, accept, (code,))


def _written(function: Any) -> FunctionType | None:
    code = inspect.unwrap(getattr(function, "__func__", function))
    return code if isinstance(code, FunctionType) else None


def _texts(code: Any) -> Iterator[str]:
    yield from (constant for constant in code.co_consts if isinstance(constant, str))


def _call(function: Any, mode: str, kind: type, values: Mapping[str, Any]) -> None:
    """Call a validator as pydantic does."""
    instance = Instance(kind, values)
    arguments: list[Any] = [instance if mode == "after" else dict(values)]
    if mode == "wrap":
        arguments.append(lambda data: instance)
    if len(inspect.signature(function).parameters) > len(arguments):
        arguments.append(SimpleNamespace(data=dict(values), context=None, config=None, mode="python"))
    function(*arguments)


# ---- what it says of each column


def by_column(judge: Judge) -> Iterator[tuple[Any, Validator]]:
    """Yield the key of each column that code judges, and the validator of its values."""

    @cache
    def samples() -> _Samples | None:
        found = _Samples(judge, _samples(judge))
        return found if found.complete({}, _MOST) else None

    mentioned = [hints_of(code) for code in judge.codes]
    for column in judge.columns:
        yield (
            column.key,
            Validator(
                judge.name,
                _accept(judge, column, samples),
                tuple(other.name for other in judge.columns if other is not column),
                tuple(dict.fromkeys(hint for hints, _ in mentioned for hint in hints)),
                tuple(dict.fromkeys(pattern for _, patterns in mentioned for pattern in patterns)),
                judge.fingerprint or Fingerprint(judge.name, CacheScope.RUN),
                of_null=True,
            ),
        )


def _accept(
    judge: Judge, column: JudgedColumn, samples: Callable[[], _Samples | None]
) -> Callable[[Any, Mapping[str, Any]], Any]:
    """Return the function that judges a column.

    Args:
        samples: returns those of the columns; None where the code accepts none of them.
    """
    others = [other for other in judge.columns if other is not column]

    def accept(value: Any, row: Mapping[str, Any]) -> Any:
        values = {other.name: other.load(row[other.name]) for other in others if other.name in row}
        values[column.name] = value if column.bound else column.load(value)
        if len(values) == len(judge.columns):
            judge.accept(values)
        elif (known := samples()) is not None and not known.complete(values, _MOST_WITH):
            raise ValueError(
                f"no {', no '.join(name for name in known.of if name not in values)} goes with it"
            )
        return value

    return accept


def loaded(column: Any, value: Any) -> Any:
    """Return a value of a row as the application has it."""
    kind = on_postgresql(column.type)
    if value is not None and isinstance(kind, types.Float | types.Numeric):
        # What is made of either is a number of any class.
        return Decimal(str(value)) if kind.asdecimal else float(value)
    return loaded_by(kind, value)


def _samples(judge: Judge) -> Mapping[str, list[Any]]:
    """Return values of each column that the code may accept, as the application has them."""
    mentioned = [hints_of(code) for code in judge.codes]
    hints = [hint for found, _ in mentioned for hint in found]
    patterns = [pattern for _, found in mentioned for pattern in found]
    return {column.name: list(_of_column(column, hints, patterns)) for column in judge.columns}


def _of_column(column: JudgedColumn, hints: Iterable[Any], patterns: Iterable[str]) -> Iterator[Any]:
    usual = column.listed or samples_of(column.type)
    if len(usual) == 1 and not column.listed:
        # Of two times one may have to be the later.
        usual = (*usual, *_beside(usual[0]))
    classes = set() if column.listed else {type(value) for value in usual}
    found = [hint for hint in hints if type(hint) in classes]
    if str in classes:
        found += filter(None, (_matching(pattern, column.type) for pattern in patterns))
    if classes & {int, float, Decimal}:
        found += [next(iter(classes))(number) for number in (0, -1, 100)]
    for value in (*usual, *found[:_MOST_SAMPLES]):
        try:
            yield column.load(value)
        except Exception:  # noqa: S112 a type of the application may read none of them
            continue
    if column.nullable:
        yield None


def _matching(pattern: str, column_type: ColumnType) -> str | None:
    from pytest_supaseed.values.types.text import TextDomain

    domain = ValueDomain(patterns=(Pattern(pattern),))
    return TextDomain(column_type, domain).drawn(lambda: "", random_for(0, "sample", pattern))


@dataclass(frozen=True)
class _Samples:
    """Values of columns that code may accept, to be judged with those of other columns.

    Attributes:
        judge: the code.
        of: the values of each column by name, as the application has them.
        accepted: combinations that the code has accepted.
    """

    judge: Judge
    of: Mapping[str, list[Any]]
    accepted: list[Mapping[str, Any]] = field(default_factory=list)

    def complete(self, values: Mapping[str, Any], most: int) -> bool:
        """Whether the code accepts some values with samples of the other columns.

        Args:
            most: combinations that are tried.
        """
        missing = [name for name in self.of if name not in values]
        near = [[*_near(self.of[name], values.values()), *self.of[name]] for name in missing]
        combinations = (dict(zip(missing, chosen, strict=True)) for chosen in _combined(near, most))
        for number, others in enumerate(itertools.chain(tuple(self.accepted), combinations)):
            try:
                self.judge.accept({**others, **values})
            except Exception:  # noqa: S112 the code of the application may raise anything
                continue
            if number >= len(self.accepted) and len(self.accepted) < _MOST_SAMPLES:
                self.accepted.append({**others, **values})
            return True
        return False


def _combined(lists: list[list[Any]], most: int) -> Iterator[tuple[Any, ...]]:
    """Yield combinations of one element of each list: all of them, or as many as are tried."""
    if math.prod(map(len, lists)) <= most:
        yield from itertools.product(*lists)
        return
    random = random_for(0, "combinations")
    for _ in range(most):
        yield tuple(random.choice(each) for each in lists)


def _near(samples: list[Any], values: Iterable[Any]) -> Iterator[Any]:
    """Yield values of the samples' class beside those of other columns, as an end is beside its beginning."""
    for value in values:
        if samples and type(value) is type(samples[0]):
            yield from _beside(value)


def _beside(value: Any) -> tuple[Any, ...]:
    # A session whose rows are kept imports nothing that makes values.
    from pytest_supaseed.values.choosing import beside

    return beside(value)
