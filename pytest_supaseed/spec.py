"""What of a table's spec depends on the schema: :class:`Lookup`, and choices that depend on the rows."""

from __future__ import annotations

import datetime
import json
import keyword
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pytest_supaseed.rng import random_for
from pytest_supaseed.wording import abbreviated

if TYPE_CHECKING:
    from pytest_supaseed.fingerprint import Identity


@dataclass(frozen=True)
class Drawn:
    """A number of rows for each row of another table, from 1 to a most, drawn from the seed.

    Attributes:
        most: rows for one of them.
        parents: names of the other table, the first that there is counts.
        shown: what it is called as long as it is not known which one it is.
        column: the referencing column that says which one it is instead; empty where the names do.
    """

    most: int
    parents: tuple[str, ...]
    shown: str
    column: str = ""

    def total(self, seed: int, table: str, parents: int) -> int:
        """Draw the number for each row, and return their sum.

        Args:
            seed: of the generator.
            table: the table that gets the rows, as its spec names it.
            parents: how many rows the other table has.
        """
        random = random_for(seed, table, "rows for each")
        return sum(random.randint(1, self.most) for _ in range(parents))


@dataclass(frozen=True)
class Lookup:
    """What is found out when the schema is known.

    Attributes:
        names: of the table: which of those that there are comes nearest; empty for the spec's own name.
        along: tables that get as many rows, where there are such tables.
        drawn: how many rows, where no number says it.
        categories: columns that ``categories`` may mean; the first that there is counts.
    """

    names: tuple[str, ...] = ()
    along: tuple[TableSpec, ...] = ()
    drawn: Drawn | None = None
    categories: tuple[str, ...] = ()


class RowChoices(ABC):
    """Choices for a column, at least as many as there are new rows; subclasses are frozen dataclasses."""

    # For fingerprints: the repr() of one says all that it depends on.
    known_by_repr: ClassVar[bool] = True

    @property
    @abstractmethod
    def needed(self) -> bool:
        """Whether it is an error if the table has no such column."""

    @abstractmethod
    def choices(self, rows: int, seed: int) -> Sequence[object]:
        """Return one value for each new row, all of them different.

        Args:
            rows: how many new rows there will be.
            seed: of the generator.
        """


# Raised whenever the same spec, schema and seed give other rows than before; the header of a session prints it.
VALUES_VERSION = 1


SPREADS = ("even", "random", "skewed")


COUNT_KEYS = ("count", "add", "per")


WARNED_PERCENT = 80


DEFAULT_LIMIT = 1000


DEFAULT_LOCALE = "en_US"


# Fixed, lest rows be others tomorrow.
DEFAULT_DATE = datetime.date(2025, 12, 31)


@dataclass(frozen=True)
class Rows:
    """How many rows of a table, and of what kind: the long form of a marker's value.

    Exactly one of ``count``, ``add`` and ``per`` is given. Nothing is checked here: a marker is evaluated
    when its module is imported; problems are reported together, when everything has been collected.

    Args:
        count: the rows that the table holds when the test starts, those of the schema's own load included.
        add: rows on top of those that the load put there.
        per: ``{"users": 2}``: exactly two rows for each user. The key is the referenced table, or the
            referencing column where several of them reference one table.
        spread: how the rows are shared out among the rows that they reference: ``even``, ``random`` or
            ``skewed``.
        columns: a value for each column that shall not be made up: a scalar, a list of choices, or a function
            that takes ``(faker)`` or ``(faker, row)``.

    Example:
        >>> Rows(8, spread="random", columns={"is_public": True}).count
        8
    """

    count: int | None = None
    add: int | None = None
    per: Mapping[str, int] | None = None
    spread: str = "even"
    columns: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TableSpec:
    """What is asked of one table, checked.

    Attributes:
        name: the table as the marker spells it.
        count: total number of rows, None if ``add`` or ``per`` is given.
        add: rows on top of the load's, None if ``count`` or ``per`` is given.
        per: the referenced table or referencing column, and the rows for each, None otherwise.
        spread: one of :data:`SPREADS`.
        columns: column name and override, in the order of the marker.
        lookup: what depends on the schema, None where nothing does.
    """

    name: str
    count: int | None = None
    add: int | None = None
    per: tuple[str, int] | None = None
    spread: str = "even"
    columns: tuple[tuple[str, Any], ...] = ()
    lookup: Lookup | None = None

    @property
    def asked(self) -> str:
        """The value as a marker would spell it: ``8``, ``Rows(add=5)``."""
        if self.add is not None:
            amount = f"add={self.add}"
        elif self.per is not None:
            amount = f"per={{{self.per[0]!r}: {self.per[1]}}}"
        elif self.lookup is not None and self.lookup.drawn is not None:
            amount = f"per={{{self.lookup.drawn.shown!r}: 1 to {self.lookup.drawn.most}}}"
        else:
            amount = str(self.count)
        extras = [f"spread={self.spread!r}"] if self.spread != "even" else []
        given = [f"{k!r}: {abbreviated(v)}" for k, v in self.columns if not isinstance(v, RowChoices)]
        if given:
            extras.append("columns={" + ", ".join(given) + "}")
        if self.count is not None and not extras:
            return amount
        return f"Rows({', '.join([amount, *extras])})"


@dataclass(frozen=True)
class SeedOptions:
    """What ``seed_options`` says; None where it does not say."""

    max_records: int | None = None
    seed: int | None = None
    locale: str | None = None
    date: datetime.date | None = None


@dataclass(frozen=True)
class SeedSpec:
    """Everything that decides which rows a test finds.

    Attributes:
        tables: in the order of the markers, nearest last.
        seed: of the generator.
        locale: Faker's locale.
        limit: cap on the sum of the counts.
        date: the day that the rows take for today.
        user_password: of the users of Supabase's auth that are made; None for the default.
        notes: where it comes from, for the plan.
        warnings: what the user will want to change one day.
    """

    tables: tuple[TableSpec, ...] = ()
    seed: int = 0
    locale: str = DEFAULT_LOCALE
    limit: int = DEFAULT_LIMIT
    date: datetime.date = DEFAULT_DATE
    user_password: str | None = field(default=None, repr=False)
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"seed({marker_arguments((table.name, table.asked) for table in self.tables)})"

    @cached_property
    def identity(self) -> Identity:
        """Equal for two specs that make the same rows; the limit makes no rows."""
        # Only those who seed anything need it.
        from pytest_supaseed.fingerprint import identity_of

        tables = sorted(
            ((t.name, t.count, t.add, t.per, t.spread, sorted(t.columns), _lookup(t)) for t in self.tables),
            key=lambda parts: parts[0],
        )
        return identity_of([self.seed, self.locale, self.date, self.user_password, *tables])

    def known_total(self) -> int:
        """The sum of the counts, as far as it can be known without the schema."""
        by_name = {table.name: table for table in self.tables}
        return sum(self._known_rows(table, by_name, ()) for table in self.tables)

    def _known_rows(self, table: TableSpec, by_name: Mapping[str, TableSpec], path: tuple[str, ...]) -> int:
        drawn = table.lookup.drawn if table.lookup is not None else None
        if drawn is not None:
            parents = [by_name[name] for name in drawn.parents if name in by_name]
            # Which of several it is, and what the load put there, is known with the schema.
            known = len(parents) == 1 and not drawn.column and parents[0].count is not None
            return drawn.total(self.seed, table.name, parents[0].count or 0) if known else 0
        if table.per is None:
            return (table.count or 0) + (table.add or 0)
        parent, number = table.per
        # Tables that count their rows per one another are refused when the schema is known.
        if parent not in by_name or parent in path:
            return 0
        return number * self._known_rows(by_name[parent], by_name, (*path, parent))


def _lookup(table: TableSpec) -> str | None:
    # Its parts are dataclasses of texts and numbers, of which the text says all.
    return None if table.lookup is None else repr(table.lookup)


def marker_arguments(tables: Iterable[tuple[str, str]]) -> str:
    """Spell table names and values as a marker's arguments.

    Args:
        tables: pairs of a table's name and its value as code.

    Returns:
        ``users=5, setups=8``; names that are no Python identifier go into a leading mapping.
    """
    pairs = list(tables)
    mapping = ", ".join(
        f"{json.dumps(name, ensure_ascii=False)}: {value}" for name, value in pairs if not _is_keyword(name)
    )
    keywords = [f"{name}={value}" for name, value in pairs if _is_keyword(name)]
    return ", ".join(([f"{{{mapping}}}"] if mapping else []) + keywords)


def _is_keyword(name: str) -> bool:
    # Python reads an identifier in its normal form, which would be another table.
    normal = unicodedata.normalize("NFKC", name) == name
    return normal and name.isidentifier() and not keyword.iskeyword(name)


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
    """Merge ``seed_options`` markers key by key: the nearest wins.

    Args:
        nearest_first: the options of each marker, the function's own first.

    Returns:
        The options; None where no marker says anything.
    """
    values: dict[str, Any] = {}
    for options in nearest_first:
        for key in ("max_records", "seed", "locale", "date"):
            if values.get(key) is None:
                values[key] = getattr(options, key)
    return SeedOptions(**values)


def limit_problem(spec: SeedSpec, *, hard: bool) -> str | None:
    """Say what is wrong if a spec asks for more rows than its limit.

    Args:
        spec: what is asked for.
        hard: whether the limit was given on the command line, so that nothing else raises it.

    Returns:
        A message, or None.
    """
    total = spec.known_total()
    return None if total <= spec.limit else over_limit(total, spec.limit, hard=hard)


def over_limit(total: int, limit: int, *, hard: bool) -> str:
    """Word the refusal of a total above its limit."""
    how = (
        f"run with --supaseed-max-records {total}, or ask for fewer"
        if hard
        else f"add @pytest.mark.seed_options(max_records={total}), or max_records={total} to a "
        f"seeded_database(...), set supaseed_max_records = {total}, run with --supaseed-max-records {total}, "
        "or ask for fewer"
    )
    return f"asks for {total} rows in all, {total - limit} above the limit of {limit}: {how}"


def near_limit(spec: SeedSpec, asked: int) -> str | None:
    """Say that a spec asks for nearly as many rows as it may; None if it is far from it.

    Args:
        spec: what is asked for.
        asked: its rows that count against the limit.
    """
    limit = spec.limit
    if asked * 100 <= limit * WARNED_PERCENT:
        return None
    return (
        f"{spec} asks for {asked} rows in all, over {WARNED_PERCENT} % of the limit of {limit}: ask for "
        f"fewer, or raise it, as in @pytest.mark.seed_options(max_records={2 * limit})"
    )


@dataclass(frozen=True)
class Configuration:
    """What a configuration file asks for, checked as far as it can be without a schema.

    Attributes:
        place: the file, as messages name it.
        tables: what is asked of each table.
        options: what ``seed_options`` would say.
        user_password: of the users that are made; None where the file does not say.
        configured: keys of the file that are used, and their values as it spells them.
        ignored: keys of the file that mean nothing here.
        warnings: names of tables, and what the user will want to change one day of what is asked of them.
        problems: what is wrong, with file and line.
    """

    place: str
    tables: tuple[TableSpec, ...] = ()
    options: SeedOptions = field(default_factory=SeedOptions)
    user_password: str | None = field(default=None, repr=False)
    configured: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What a plan says of it: the keys that are used, and those that are not."""
        used = [f"  {key} = {value}" for key, value in self.configured]
        ignored = [f"  ignored: {', '.join(self.ignored)}"] if self.ignored else []
        return (f"configured in {self.place}:", *used, *ignored)


class ConfigurationFile(ABC):
    """A file that takes the place of a marker's mapping; it is read when the tests have been collected."""

    @abstractmethod
    def read(self, root: Path) -> Configuration:
        """Read the file, once.

        Args:
            root: pytest's rootdir.

        Returns:
            What it asks for, or what is wrong with it: this never raises for what a user has written.
        """

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


def configuration_of(args: tuple[Any, ...]) -> ConfigurationFile | None:
    """Return the configuration file among a marker's positional arguments, if there is one.

    Args:
        args: the positional arguments.
    """
    # By its type: an object of the user's own may raise when it is asked for its class.
    return args[0] if args and issubclass(type(args[0]), ConfigurationFile) else None
