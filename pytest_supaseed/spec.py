"""Seed specs: the rows that markers, options and configuration files ask for, before the schema is known.

:class:`Rows` is the public long form of a marker's value, and :class:`TableSpec` the checked form, with a
:class:`Lookup` for the parts that depend on the schema. :class:`SeedSpec`, the place to begin reading, holds all that
determines the rows of a test. :func:`merge` and :func:`merge_options` combine markers, nearest first; the functions
after them check the limit of rows. A :class:`ConfigurationFile` is read into a :class:`Configuration`.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pytest_supaseed.errors import Problem
from pytest_supaseed.notation import Amount, Placeholder, notation
from pytest_supaseed.options import DEFAULT_LIMIT
from pytest_supaseed.rng import random_for

if TYPE_CHECKING:
    from pytest_supaseed.fingerprint import Fingerprint


@dataclass(frozen=True)
class Drawn:
    """A random number of rows, from 1 to a maximum, for each row of a parent table, drawn from the seed.

    Attributes:
        most: the maximum for each parent row.
        parents: candidate names of the parent table, of which the first that exists counts.
        shown: the parent's name in messages until the schema is known.
        column: the referencing column that determines the parent instead of `parents`; empty for none.
    """

    most: int
    parents: tuple[str, ...]
    shown: str
    column: str = ""

    def total(self, seed: int, table: str, parents: int) -> int:
        """Draw the number for each of the parent's rows, and return their sum.

        Args:
            seed: of the generator.
            table: the child table, as its spec names it.
            parents: the number of rows of the parent table.
        """
        random = random_for(seed, table, "rows for each")
        return sum(random.randint(1, self.most) for _ in range(parents))


@dataclass(frozen=True)
class Lookup:
    """The parts of a table's spec that depend on the schema.

    Attributes:
        names: candidate names of the table, of which the closest existing one counts; empty for the spec's own name.
        along: tables that get as many rows, where the schema has them.
        drawn: the random number of rows for each parent row, where no number is given.
        categories: columns that ``categories`` may mean, of which the first that exists counts.
    """

    names: tuple[str, ...] = ()
    along: tuple[TableSpec, ...] = ()
    drawn: Drawn | None = None
    categories: tuple[str, ...] = ()


class RowChoices(ABC):
    """Distinct values for a column, one for each new row; subclasses are frozen dataclasses."""

    # Its repr() serves as its fingerprint.
    known_by_repr: ClassVar[bool] = True

    @property
    @abstractmethod
    def needed(self) -> bool:
        """Whether a table without this column is an error."""

    @abstractmethod
    def choices(self, rows: int, seed: int) -> Sequence[object]:
        """Return one value for each of the new rows, all distinct."""


# Names and values of options that only projects of one kind have, such as a password.
ProjectOptions = tuple[tuple[str, str], ...]
# Names and values of PostgreSQL's settings, in the order of the names.
DatabaseSettings = tuple[tuple[str, str], ...]
# How each divides a total: SPREAD_FUNCTIONS in allocation/spread.py.
SPREADS = ("even", "random", "skewed")
COUNT_KEYS = ("count", "add", "per")
WARNED_PERCENT = 80
DEFAULT_LOCALE = "en_US"
# Fixed, so that rows do not depend on the day of the run.
DEFAULT_DATE = datetime.date(2025, 12, 31)


@dataclass(frozen=True)
class Rows:
    """The number of rows of a table, and their values: the long form of a marker's value.

    Exactly one of ``count``, ``add`` and ``per`` is given. Nothing is checked here, because a marker is evaluated when
    its module is imported; all problems are reported together after collection.

    Args:
        count: the rows that the table holds when the test starts, including those that the schema's load inserted.
        add: rows in addition to those of the load.
        per: ``{"users": 2}``: exactly two rows for each user. The key is the referenced table, by name or model, or
            the referencing column where several of them reference one table.
        spread: how the rows are distributed among the rows that they reference: ``even``, ``random`` or
            ``skewed``.
        columns: values for columns that are not to be generated: a scalar, a list of choices, or a function
            that takes ``(faker)`` or ``(faker, row)``.

    Example:
        >>> Rows(8, spread="random", columns={"is_public": True}).count
        8
    """

    count: int | None = None
    add: int | None = None
    per: Mapping[Any, int] | None = None
    spread: str = "even"
    columns: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TableSpec:
    """The checked spec of one table.

    Attributes:
        name: the table as the marker spells it.
        count: total number of rows, None if ``add`` or ``per`` is given.
        add: rows in addition to the load's, None if ``count`` or ``per`` is given.
        per: the referenced table or referencing column, and the rows for each, None otherwise.
        spread: one of :data:`SPREADS`.
        columns: column name and override, in the order of the marker.
        lookup: the parts that depend on the schema, None for none.
        model: what is known of the model class that named the table, None where its name did.
    """

    name: str
    count: int | None = None
    add: int | None = None
    per: tuple[str, int] | None = None
    spread: str = "even"
    columns: tuple[tuple[str, Any], ...] = ()
    lookup: Lookup | None = None
    model: object = field(default=None, compare=False, repr=False)

    @property
    def asked(self) -> Amount:
        """What it asks for, as messages write it."""
        per: tuple[str, int | Placeholder] | None = self.per
        if self.lookup is not None and self.lookup.drawn is not None and per is None and self.count is None:
            drawn = self.lookup.drawn
            per = (drawn.shown, Placeholder(f"1 to {drawn.most}"))
        given = tuple((name, value) for name, value in self.columns if not isinstance(value, RowChoices))
        return Amount(self.count, self.add, per, "" if self.spread == "even" else self.spread, given)


@dataclass(frozen=True)
class SeedOptions:
    """The arguments of ``seed_options``, which :func:`seeded_database` takes as well; None for those not given."""

    max_records: int | None = None
    seed: int | None = None
    locale: str | None = None
    date: datetime.date | None = None
    settings: DatabaseSettings | None = None
    vary_defaults: bool | None = None


OPTION_NAMES = tuple(each.name for each in fields(SeedOptions))


def given_options(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of a function's arguments that are options and are given.

    Args:
        arguments: by name, unchecked, such as ``locals()`` at the begin of the function.

    Example:
        >>> given_options({"seed": 7, "locale": None, "scope": "session"})
        {'seed': 7}
    """
    return {name: arguments[name] for name in OPTION_NAMES if arguments.get(name) is not None}


@dataclass(frozen=True)
class SeedSpec:
    """All that determines the rows of a test.

    Attributes:
        tables: in the order of the markers, nearest last.
        seed: of the generator.
        locale: Faker's locale.
        limit: maximum sum of the counts.
        date: the reference date, which generated rows take for today.
        project_options: of the project kind of the schema, by name, instead of those of the session.
        notes: lines of the plan that say which file the spec comes from.
        warnings: what the user may want to change.
        settings: PostgreSQL's settings of the databases that hold the rows, by name.
        vary_defaults: whether columns with a constant default get other values, too.
    """

    tables: tuple[TableSpec, ...] = ()
    seed: int = 0
    locale: str = DEFAULT_LOCALE
    limit: int = DEFAULT_LIMIT
    date: datetime.date = DEFAULT_DATE
    project_options: ProjectOptions = field(default=(), repr=False)
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    settings: DatabaseSettings = ()
    vary_defaults: bool = False

    def __str__(self) -> str:
        return notation().spec((table.name, table.asked) for table in self.tables)

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """The fingerprint: equal for two specs that make the same rows, so the limit is not a part of it."""
        # Imported here: runs without a seed do not need it.
        from pytest_supaseed.fingerprint import fingerprint_of

        tables = sorted(
            ((t.name, t.count, t.add, t.per, t.spread, sorted(t.columns), _lookup(t)) for t in self.tables),
            key=lambda parts: parts[0],
        )
        # Without settings it is as it was before there were any.
        settings: list[object] = [("settings", *self.settings)] if self.settings else []
        settings += ["vary_defaults"] if self.vary_defaults else []
        return fingerprint_of([self.seed, self.locale, self.date, self.project_options, *settings, *tables])

    def known_total(self) -> int:
        """Return the sum of the counts that are known without the schema."""
        by_name = {table.name: table for table in self.tables}
        return sum(self._known_rows(table, by_name, ()) for table in self.tables)

    def _known_rows(self, table: TableSpec, by_name: Mapping[str, TableSpec], path: tuple[str, ...]) -> int:
        drawn = table.lookup.drawn if table.lookup is not None else None
        if drawn is not None:
            parents = [by_name[name] for name in drawn.parents if name in by_name]
            # With several candidates, or rows of the load, the number depends on the schema.
            known = len(parents) == 1 and not drawn.column and parents[0].count is not None
            return drawn.total(self.seed, table.name, parents[0].count or 0) if known else 0
        if table.per is None:
            return (table.count or 0) + (table.add or 0)
        parent, number = table.per
        # A cycle of per is reported when the schema is known.
        if parent not in by_name or parent in path:
            return 0
        return number * self._known_rows(by_name[parent], by_name, (*path, parent))


def _lookup(table: TableSpec) -> str | None:
    # A Lookup consists of texts and numbers, so its repr() identifies it.
    return None if table.lookup is None else repr(table.lookup)


def merge(nearest_first: Iterable[tuple[TableSpec, ...]]) -> tuple[TableSpec, ...]:
    """Merge the markers of a test table by table: the nearest wins.

    Args:
        nearest_first: the tables of each marker, the function's own first.

    Returns:
        Each table once, in the order in which the farthest markers introduce them.
    """
    merged: dict[str, TableSpec] = {}
    for tables in reversed(list(nearest_first)):
        merged.update({table.name: table for table in tables})
    return tuple(merged.values())


def merge_options(nearest_first: Iterable[SeedOptions]) -> SeedOptions:
    """Merge ``seed_options`` markers key by key, and ``settings`` name by name: the nearest wins.

    Args:
        nearest_first: the options of each marker, the function's own first.
    """
    nearest_first = list(nearest_first)
    values: dict[str, Any] = {}
    settings = [options.settings for options in reversed(nearest_first) if options.settings is not None]
    if settings:
        values["settings"] = combined(*settings)
    for options in nearest_first:
        for key in OPTION_NAMES:
            if values.get(key) is None:
                values[key] = getattr(options, key)
    return SeedOptions(**values)


def combined(*settings: DatabaseSettings) -> DatabaseSettings:
    """Combine settings of PostgreSQL name by name: of those with one name, in any case, the last one counts.

    Example:
        >>> combined((("TimeZone", "UTC"), ("app.a", "1")), (("timezone", "Asia/Tokyo"),))
        (('app.a', '1'), ('timezone', 'Asia/Tokyo'))
    """
    found = {name.lower(): (name, value) for each in settings for name, value in each}
    return tuple(found[name] for name in sorted(found))


def limit_problem(spec: SeedSpec, asked: int = 0, *, hard: bool) -> Problem | None:
    """Return the problem of a spec that asks for more rows than its limit (``max_records``), else None.

    It is asked three times: of markers alone, of a plan, and of a seed that is used again.

    Args:
        asked: its rows that count against the limit, where the schema is known; besides, the rows count that are known
            without it.
        hard: whether the limit was given on the command line, so that a marker cannot raise it.
    """
    limit = spec.limit
    total = asked if asked > limit else spec.known_total()
    if total <= limit:
        return None
    how = f"{notation().limit(least_limit(total), hard=hard)}, or ask for fewer"
    wrong = f"asks for {total} rows in all, {total - limit} above the limit of {limit}"
    return Problem(wrong, how, option="max_records")


def near_limit(spec: SeedSpec, asked: int) -> str | None:
    """Return a warning if a spec asks for nearly as many rows as its limit, else None.

    Args:
        spec: the spec.
        asked: its rows that count against the limit.
    """
    limit = spec.limit
    if asked * 100 <= limit * WARNED_PERCENT:
        return None
    raised = notation().options({"max_records": 2 * limit})
    return (
        f"{spec} asks for {asked} rows in all, over {WARNED_PERCENT} % of the limit of {limit}: ask for "
        f"fewer, or raise it, as in {raised}"
    )


def least_limit(rows: int) -> int:
    """Return the least limit at which so many rows are neither refused nor warned of.

    Example:
        >>> least_limit(8)
        10
    """
    return -(-rows * 100 // WARNED_PERCENT)


@dataclass(frozen=True)
class Configuration:
    """The spec that a configuration file contains, checked as far as possible without a schema.

    Attributes:
        place: the file, as messages name it.
        tables: the spec of each table.
        options: as of ``seed_options``.
        project_options: of the project kind of the schema, by name.
        configured: the keys of the file that are used, and their values as spelt there.
        ignored: the keys of the file that have no meaning here.
        warnings: table names, and for each what the user may want to change.
        problems: errors, with file and line.
    """

    place: str
    tables: tuple[TableSpec, ...] = ()
    options: SeedOptions = field(default_factory=SeedOptions)
    project_options: ProjectOptions = field(default=(), repr=False)
    configured: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """The lines of a plan: the keys that are used, and those that are not."""
        used = [f"  {key} = {value}" for key, value in self.configured]
        ignored = [f"  ignored: {', '.join(self.ignored)}"] if self.ignored else []
        return (f"configured in {self.place}:", *used, *ignored)


class ConfigurationFile(ABC):
    """A file given in place of a marker's mapping; it is read after collection."""

    @abstractmethod
    def read(self, root: Path) -> Configuration:
        """Read the file, once.

        Args:
            root: pytest's rootdir.

        Returns:
            Its content; errors of the user's are among its problems, and never raised.
        """

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


def configuration_of(args: tuple[Any, ...]) -> ConfigurationFile | None:
    """Return the configuration file among a marker's positional arguments, if there is one."""
    # type() and not isinstance(): an object of the user's may raise in __class__.
    return args[0] if args and issubclass(type(args[0]), ConfigurationFile) else None
