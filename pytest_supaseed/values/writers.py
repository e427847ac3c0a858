"""Believable texts of each kind: a name, an address, a title."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_supaseed.schema import Column
from pytest_supaseed.values import codes, kinds
from pytest_supaseed.values import vocabulary as lists
from pytest_supaseed.values.context import Context
from pytest_supaseed.values.people import name_columns, names_of
from pytest_supaseed.values.texts import longest

_Row = Mapping[str, object]
Write = Callable[["Ask"], str]
_HEX = "0123456789abcdef"


@dataclass(frozen=True)
class Ask:
    """What a text is made from.

    Attributes:
        context: the column.
        faker: makes and draws.
        row: the row so far.
    """

    context: Context
    faker: Any
    row: _Row

    @property
    def most(self) -> int | None:
        """Most characters, None for no limit."""
        return longest(self.context.column.type, self.context.facts)

    @property
    def english(self) -> bool:
        """Whether our own lists of English names are those of the locale."""
        return self.context.locale.startswith("en")

    def pick(self, choices: Any) -> Any:
        """Draw one of several."""
        return self.faker.random.choice(choices)

    def digits(self, count: int) -> str:
        """Draw digits."""
        return "".join(self.faker.random.choices("0123456789", k=count))

    def hex(self, count: int) -> str:
        """Draw hexadecimal digits."""
        return "".join(self.faker.random.choices(_HEX, k=count))

    def first_that_fits(self, *texts: str) -> str:
        """Return the first text that is short enough, else the last."""
        most = self.most
        return next((text for text in texts if most is None or len(text) <= most), texts[-1])

    def text_of(self, *columns: str) -> str:
        """Return the first of the row's texts in these columns that is not empty."""
        found = (self.row.get(name) for name in columns)
        return next((text.strip() for text in found if isinstance(text, str) and text.strip()), "")

    def people(self) -> tuple[str, str]:
        """The first and the last name of the row's person."""
        return names_of(self.row, names_used(self.context), self.faker, self.context.locale)


def names_used(context: Context) -> tuple[str, ...]:
    """Return the columns that say how the person of a row is called."""
    return name_columns(context.earlier, context.subject, context.words)


def text_columns(context: Context) -> tuple[Column, ...]:
    """Return the columns with texts that may be used."""
    return tuple(c for c in context.earlier if c.type.category == "S" and not c.type.array)


def provided(ask: Ask, *names: str) -> str:
    """Return what the first of the methods of Faker returns that the locale has."""
    return str(next(getattr(ask.faker, name)() for name in names if hasattr(ask.faker, name)))


def secret(ask: Ask) -> str:
    """A hash, a token, a key."""
    most, words = ask.most, ask.context.words
    if "_password_" in words and (most is None or most >= 60):
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./"
        return "$2b$12$" + "".join(ask.faker.random.choices(letters, k=53))
    size = 32 if "_md_5_" in words else 40 if "_sha_1_" in words else 64
    return ask.hex(size if most is None else max(1, min(size, most)))


def word(ask: Ask) -> str:
    """One word in lower case."""
    return str(ask.pick(lists.NOUNS)).lower()


def adjective(ask: Ask) -> str:
    """An adjective."""
    return str(ask.pick(lists.ADJECTIVES))


def noun(ask: Ask) -> str:
    """A noun."""
    return str(ask.pick(lists.NOUNS))


def product(ask: Ask) -> str:
    """The name of a product."""
    name = f"{adjective(ask)} {ask.pick(lists.PRODUCTS)}"
    return f"{name} {ask.faker.random.randint(2, 900)}" if ask.context.unique else name


def prose(ask: Ask) -> str:
    """A few sentences."""
    most = ask.most
    count = ask.faker.random.randint(1, 4 if most is None or most > 200 else 2)
    return " ".join(ask.faker.random.sample(lists.SENTENCES, count))


def sentence(ask: Ask) -> str:
    """One sentence."""
    return str(ask.pick(lists.SENTENCES))


def status(ask: Ask) -> str:
    """The state that a thing of the table's kind is in."""
    return fitting(ask, kinds.words_for(kinds.STATUSES, ask.context.things, kinds.ANY_STATUS))


def kind(ask: Ask) -> str:
    """The type of a thing."""
    return fitting(ask, kinds.words_for(kinds.TYPES, ask.context.things, kinds.ANY_TYPE))


def level(ask: Ask) -> str:
    """A level, a severity or the like."""
    things = (*ask.context.words.strip("_").split("_")[::-1], *ask.context.things)
    return fitting(ask, kinds.words_for(kinds.LEVELS, things, kinds.ANY_LEVEL))


def fitting(ask: Ask, words: tuple[str, ...]) -> str:
    """Draw one of those words that are short enough; the first letter of one where none is."""
    most = ask.most
    short = [text for text in words if most is None or len(text) <= most]
    return str(ask.pick(short)) if short else str(ask.pick(words))[:1].upper()


def code(ask: Ask) -> str:
    """An article number or the like."""
    letters = "".join(ask.faker.random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=3))
    most = 8 if ask.most is None else ask.most
    return f"{letters}-{ask.digits(4)}" if most >= 8 else f"{letters}{ask.digits(5)}"[: max(most, 1)]


def isbn(ask: Ask) -> str:
    """An ISBN with its check digit."""
    return codes.isbn("_10_" in ask.context.words or (ask.most or 13) < 13, ask.faker.random)


def color(ask: Ask) -> str:
    """A colour by name, or in hexadecimal digits."""
    if "_hex_" in ask.context.words or "_code_" in ask.context.words or ask.most == 7:
        return f"#{ask.hex(6)}"
    return str(ask.pick(lists.COLORS))


def one_fitting(values: tuple[str, ...]) -> Write:
    """Return a writer that draws one of those of a list that are short enough."""
    return lambda ask: fitting(ask, values)


def one_of(values: tuple[str, ...]) -> Write:
    """Return a writer that draws one of a list."""
    return lambda ask: str(ask.pick(values))
