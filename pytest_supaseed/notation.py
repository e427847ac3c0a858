"""How messages write their advice: for pytest as markers, options and fixtures; for the command as its own words.

What a message advises is data here: an :class:`Amount` of rows for a table, the value of an option, the place where the
schema is named. The module that finds a problem hands them to :func:`notation`, which spells them for the program that
runs: :data:`PYTEST`, unless the command ``supaseed`` has entered :func:`written_for` with :data:`COMMAND`.
"""

from __future__ import annotations

import json
import keyword
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pytest_supaseed.wording import abbreviated


@dataclass(frozen=True)
class Placeholder:
    """What a message leaves to its reader, instead of a value: written as it is.

    Attributes:
        text: such as ``...``.
        listed: whether it stands for the values of a list.
    """

    text: str = "..."
    listed: bool = False


@dataclass(frozen=True)
class Amount:
    """The rows of a table and the values of its columns, as a marker or a configuration asks for them.

    Attributes:
        count: the total; None where ``add`` or ``per`` is given.
        add: rows in addition to those of the schema's load.
        per: the parent, and the rows for each row of it.
        spread: how the rows are distributed; empty for the usual way.
        columns: columns and their values.
        mapping: whether a marker has it as a mapping, which needs no import.
    """

    count: int | Placeholder | None = None
    add: int | None = None
    per: tuple[str, int | Placeholder] | None = None
    spread: str = ""
    columns: tuple[tuple[str, object], ...] = ()
    mapping: bool = False

    @property
    def bare(self) -> bool:
        """Whether it has nothing but a number."""
        return not self.spread and not self.columns


Tables = Iterable[tuple[str, Amount]]


class Notation(ABC):
    """The spelling of what messages advise, for the readers of one program.

    Attributes:
        program: its name.
        schema: what names where the schema comes from.
        root: the folder that the paths of a schema are relative to.
        option: what the names of options begin with.
        server: what names the role and the server whose database is seeded.
        server_setting: what names the server to start or to use.
        loaded: what is said of rows that are there before the seed.
        functions: whether a function may supply the values of a column.
    """

    program: str
    schema: str
    root: str
    option: str
    server: str
    server_setting: str
    loaded: str
    functions: bool

    @abstractmethod
    def arguments(self, tables: Tables) -> str:
        """Return tables and their amounts as they stand beside one another."""

    @abstractmethod
    def spec(self, tables: Tables) -> str:
        """Return tables and their amounts as the name of what was asked for."""

    @abstractmethod
    def seed(self, tables: Tables) -> str:
        """Return all that asks for these tables."""

    @abstractmethod
    def options(self, values: Mapping[str, object]) -> str:
        """Return options for one test or command."""

    @abstractmethod
    def limit(self, rows: int, *, hard: bool) -> str:
        """Return what sets the limit of rows.

        Args:
            hard: whether the command line alone can.
        """

    @abstractmethod
    def everywhere(self, column: str) -> str:
        """Return what supplies the values of a column to all tests, as a clause that may be empty."""

    @property
    @abstractmethod
    def no_schema(self) -> str:
        """The advice where the database has no table."""

    def switch(self, name: str, value: str = "") -> str:
        """Return an option of the command line, with its value.

        Example:
            >>> PYTEST.switch("postgres", "system"), COMMAND.switch("max_records")
            ('--supaseed-postgres=system', '--max-records')
        """
        option = f"{self.option}{name.replace('_', '-')}"
        return f"{option}={value}" if value else option

    @property
    def other_server(self) -> str:
        """The advice to name a server that runs already, as the end of a sentence."""
        url = "postgresql://user:password@host:5432/postgres"
        return f"name a server that runs already: {self.switch('postgres', url)}"

    @property
    def programs_of(self) -> str:
        """The advice to name a folder with PostgreSQL's programs."""
        return f"name a folder with postgres and initdb: {self.switch('postgres', '/path/to/postgresql/bin')}"

    def schema_is(self, value: str) -> str:
        """Return what names a value as the source of the schema."""
        return f"{self.schema} = {value}"

    @property
    def or_function(self) -> str:
        """The clause behind values that are to be given: that a function can make them."""
        return ", or a function that takes (faker, row)" if self.functions else ""


class _PytestNotation(Notation):
    """Markers, options of pytest, its ini, fixtures."""

    program = "pytest"
    schema = "supaseed_schema"
    root = "pytest's rootdir"
    option = "--supaseed-"
    server = server_setting = "supaseed_postgres"
    loaded = "that the schema's load put there"
    functions = True
    no_schema = "set supaseed_schema to where your schema comes from"

    def arguments(self, tables: Tables) -> str:
        """Return the arguments of a marker; names that are no Python identifier go into a leading mapping.

        Example:
            >>> PYTEST.arguments([("users", Amount(5)), ("auth.users", Amount(add=1))])
            '{"auth.users": Rows(add=1)}, users=5'
        """
        pairs = [(name, _code(amount)) for name, amount in tables]
        mapping = ", ".join(
            f"{json.dumps(name, ensure_ascii=False)}: {value}"
            for name, value in pairs
            if not _is_keyword(name)
        )
        keywords = [f"{name}={value}" for name, value in pairs if _is_keyword(name)]
        return ", ".join(([f"{{{mapping}}}"] if mapping else []) + keywords)

    def spec(self, tables: Tables) -> str:
        return f"seed({self.arguments(tables)})"

    def seed(self, tables: Tables) -> str:
        return f"@pytest.mark.{self.spec(tables)}"

    def options(self, values: Mapping[str, object]) -> str:
        given = ", ".join(f"{name}={_python(value)}" for name, value in values.items())
        return f"@pytest.mark.seed_options({given})"

    def limit(self, rows: int, *, hard: bool) -> str:
        switch = f"run with {self.switch('max_records')} {rows}"
        if hard:
            return switch
        return (
            f"add {self.options({'max_records': rows})}, or max_records={rows} to a seeded_database(...), set "
            f"supaseed_max_records = {rows}, {switch}"
        )

    def everywhere(self, column: str) -> str:
        return f", or for every test by the fixture supaseed_generators: {{{column!r}: lambda faker: ...}}"


class _CommandNotation(Notation):
    """Words of the command ``supaseed``; what they cannot say, as lines of ``supaseed.toml``."""

    program = "supaseed"
    schema = "SOURCE"
    root = "the working folder"
    option = "--"
    server = "the URL"
    server_setting = "--postgres"
    loaded = "already"
    functions = False
    no_schema = "name where the schema comes from as the first argument"

    def arguments(self, tables: Tables) -> str:
        """Return the words of a command line, and what they cannot say as lines of the configuration.

        Example:
            >>> COMMAND.arguments([("users", Amount(5)), ("setups", Amount(per=("users", 2)))])
            'users=5 setups=2/users'
        """
        words, lines = [], []
        for name, amount in tables:
            word = _word(name, amount)
            if amount.per is not None and isinstance(amount.per[1], Placeholder):
                # A number that is drawn: the configuration that asks for it goes on to.
                continue
            if word is None:
                lines.append(f"{_key(name)} = {_toml(_parts(amount))}")
            else:
                words.append(_quoted(word))
        below = f"{', '.join(lines)} below [tables] in supaseed.toml" if lines else ""
        return " and ".join(filter(None, (" ".join(words), below)))

    def spec(self, tables: Tables) -> str:
        """Return the tables and their numbers; values of columns are in the configuration."""
        return " ".join(
            _word(name, Amount(amount.count, amount.add, amount.per)) or name for name, amount in tables
        )

    def seed(self, tables: Tables) -> str:
        return self.arguments(tables)

    def options(self, values: Mapping[str, object]) -> str:
        return " ".join(f"{self.switch(name)} {_plain(value)}" for name, value in values.items())

    def limit(self, rows: int, *, hard: bool) -> str:
        return f"write {self.switch('max_records')} {rows}"

    def everywhere(self, column: str) -> str:
        return ""

    def schema_is(self, value: str) -> str:
        return f"{self.schema} {value}"


PYTEST: Notation = _PytestNotation()
COMMAND: Notation = _CommandNotation()
_current: ContextVar[Notation] = ContextVar("notation", default=PYTEST)


def notation() -> Notation:
    """Return the notation of the program that runs."""
    return _current.get()


@contextmanager
def written_for(reader: Notation) -> Iterator[None]:
    """Have the messages that are made in a block written in a notation."""
    token = _current.set(reader)
    try:
        yield
    finally:
        _current.reset(token)


# ---- Python


def _is_keyword(name: str) -> bool:
    # Python normalizes keywords to NFKC; another spelling would name another table.
    normal = unicodedata.normalize("NFKC", name) == name
    return normal and name.isidentifier() and not keyword.iskeyword(name)


def _code(amount: Amount) -> str:
    """An amount as the value of a marker: ``8``, ``Rows(add=5)``."""
    if amount.mapping:
        return (
            f"{{{', '.join(f'{k!r}: {_python(v)}' for k, v in (('count', amount.count), *amount.columns))}}}"
        )
    if amount.add is not None:
        number = f"add={amount.add}"
    elif amount.per is not None:
        number = f"per={{{amount.per[0]!r}: {_python(amount.per[1])}}}"
    else:
        number = _python(amount.count)
    extras = [f"spread={amount.spread!r}"] if amount.spread else []
    if amount.columns:
        extras.append(f"columns={{{', '.join(f'{k!r}: {_python(v)}' for k, v in amount.columns)}}}")
    if amount.count is not None and not extras:
        return number
    return f"Rows({', '.join([number, *extras])})"


def _python(value: object) -> str:
    if isinstance(value, Placeholder):
        return f"[{value.text}]" if value.listed else value.text
    return abbreviated(value)


# ---- words and TOML


def _word(name: str, amount: Amount) -> str | None:
    """A table and its number as a word of the command line; None where it has more than a number."""
    if not amount.bare:
        return None
    if amount.per is not None:
        parent, number = amount.per
        return None if isinstance(number, Placeholder) else f"{name}={number}/{parent}"
    if amount.add is not None:
        return f"{name}=+{amount.add}"
    return None if amount.count is None else f"{name}={_plain(amount.count)}"


def _plain(value: object) -> str:
    return value.text if isinstance(value, Placeholder) else str(value)


def _quoted(word: str) -> str:
    """A word as a shell takes it."""
    if re.fullmatch(r"[\w=+/.-]+", word):
        return word
    import shlex  # here, because every pytest run imports this module

    return shlex.quote(word)


def _parts(amount: Amount) -> dict[str, object]:
    """The keys of a table in the configuration, and their values."""
    parts: dict[str, object] = {
        "count": amount.count,
        "add": amount.add,
        "per": None if amount.per is None else dict([amount.per]),
        "spread": amount.spread or None,
        "columns": dict(amount.columns) or None,
    }
    return {key: value for key, value in parts.items() if value is not None}


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def _text(text: str) -> str:
    # TOML's texts are those of JSON, in which alone a DEL may stand as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml(value: object) -> str:
    """A value as TOML has it; what TOML has not, as a text."""
    if isinstance(value, Placeholder):
        return f"[{value.text}]" if value.listed else value.text
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_key(str(key))} = {_toml(each)}' for key, each in value.items())}}}"
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    return _text(value if isinstance(value, str) else abbreviated(value))
