"""Believable texts of each kind: a name, an address, a title."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_supaseed.values import people
from pytest_supaseed.values import vocabulary as lists
from pytest_supaseed.values.context import Context
from pytest_supaseed.values.people import PERSONS, name_columns, names_of
from pytest_supaseed.values.texts import longest

_Row = Mapping[str, object]
Write = Callable[["Ask"], str]
# Longer than that, a text is prose.
_SHORT = 60
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

    def people(self) -> tuple[str, str]:
        """The first and the last name of the row's person."""
        context = self.context
        return names_of(self.row, name_columns(context.earlier, context.subject), self.faker)


def provided(ask: Ask, *names: str) -> str:
    """Return what the first of the methods of Faker returns that the locale has."""
    return str(next(getattr(ask.faker, name)() for name in names if hasattr(ask.faker, name)))


def full_name(ask: Ask) -> str:
    """First and last name."""
    return " ".join(ask.people())


def job(ask: Ask) -> str:
    """What somebody does for a living."""
    return provided(ask, "job")


def email(ask: Ask) -> str:
    """An e-mail address that reaches nobody."""
    return people.email(*ask.people(), ask.faker, ask.most)


def username(ask: Ask) -> str:
    """The name of an account."""
    return people.local_part(*ask.people(), ask.faker, separators="__.")[: ask.most]


def secret(ask: Ask) -> str:
    """A hash, a token, a key."""
    most = ask.most
    if "_password_" in ask.context.words and (most is None or most >= 60):
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./"
        return "$2b$12$" + "".join(ask.faker.random.choices(letters, k=53))
    return ask.hex(64 if most is None else max(1, min(64, most)))


def phone(ask: Ask) -> str:
    """A telephone number of those that are kept for fiction."""
    number = f"{ask.pick(('202', '303', '415', '503', '617', '718'))}55501{ask.digits(2)}"
    dashed = f"{number[:3]}-{number[3:6]}-{number[6:]}"
    return ask.first_that_fits(f"+1-{dashed}", f"+1{number}", dashed, number, number[3:])


def url(ask: Ask) -> str:
    """An address of a page, or of a picture."""
    if re.search(
        r"_(avatar|image|img|photo|picture|thumbnail|thumb|logo|cover|banner|poster)_", ask.context.words
    ):
        path = f"images/{word(ask)}-{ask.hex(6)}.jpg"
    else:
        path = f"{word(ask)}-{ask.digits(4)}"
    host = ask.pick(lists.DOMAINS)
    return ask.first_that_fits(f"https://{host}/{path}", f"https://{host}/{path[-5:]}", f"https://{host}")


def slug(ask: Ask) -> str:
    """The row's title, as an address has it."""
    source = next((ask.row.get(name) for name in slug_source(ask.context)), None)
    words = str(source) if isinstance(source, str) and source.strip() else f"{adjective(ask)} {noun(ask)}"
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or ask.hex(8)
    if ask.context.unique and ask.faker.random.random() < 0.3:
        slug = f"{slug}-{ask.faker.random.randint(2, 99)}"
    return slug[: ask.most].strip("-") or ask.hex(1)


def slug_source(context: Context) -> tuple[str, ...]:
    """Return the column that a slug is made from, if there is one."""
    wanted = ("title", "name", "label", "subject", "headline", context.subject + "_name")
    by_name = {column.name.lower(): column.name for column in context.earlier if column.type.category == "S"}
    return next(((by_name[name],) for name in wanted if name in by_name), ())


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


def title(ask: Ask) -> str:
    """A title of a few words."""
    return str(ask.pick(lists.TITLES))


def prose(ask: Ask) -> str:
    """A few sentences."""
    most = ask.most
    count = ask.faker.random.randint(1, 4 if most is None or most > 200 else 2)
    return " ".join(ask.faker.random.sample(lists.SENTENCES, count))


def country(ask: Ask) -> str:
    """A country, or its code."""
    two, three, name = ask.pick(lists.COUNTRIES)
    most = ask.most
    if most is not None and most <= 3:
        return str(two if most < 3 else three)
    if re.search(r"_(code|iso|iso2|iso_2|cc)_", ask.context.words):
        return str(three if re.search(r"3_", ask.context.words) else two)
    return str(name)


def state(ask: Ask) -> str:
    """A state, or its code."""
    code, name = ask.pick(lists.STATES)
    short = (ask.most or _SHORT) <= 4 or re.search(r"_(code|abbr|abbreviation)_", ask.context.words)
    return str(code if short else name)


def named(ask: Ask) -> str:
    """``name``, of whatever a row is."""
    subject = ask.context.subject
    before = ask.context.words.strip("_").split("_")[:-1]
    for thing in (*before[::-1], subject):
        if thing in PERSONS:
            return full_name(ask)
        for things, write in _THINGS:
            if thing in things:
                return write(ask)
    return f"{adjective(ask)} {noun(ask)}"


_THINGS: tuple[tuple[frozenset[str], Write], ...] = tuple(
    (frozenset(things.split()), write)
    for things, write in (
        (
            "company organization organisation business vendor supplier brand manufacturer employer agency"
            " firm publisher store shop merchant shipper carrier workspace",
            lambda ask: provided(ask, "company"),
        ),
        ("product item gear sku equipment good article part", product),
        (
            "setup post course event album track song film movie book playlist lesson chapter story video"
            " episode podcast trip project",
            title,
        ),
        ("category tag genre topic label subcategory interest", lambda ask: str(ask.pick(lists.CATEGORIES))),
        ("country nation", country),
        ("city town municipality", lambda ask: provided(ask, "city")),
        ("state province region territory", state),
        ("currency", lambda ask: str(ask.pick(lists.CURRENCIES))),
        ("language", lambda ask: str(ask.pick(lists.LANGUAGE_NAMES))),
        ("role permission group", lambda ask: str(ask.pick(lists.ROLES))),
        ("color colour", lambda ask: str(ask.pick(lists.COLORS))),
        ("file document attachment upload", lambda ask: file_name(ask)),
        ("department team", lambda ask: str(ask.pick(lists.DEPARTMENTS))),
    )
)


def file_name(ask: Ask) -> str:
    """A file name with an extension."""
    return f"{word(ask)}-{ask.digits(4)}.{ask.pick(lists.EXTENSIONS)}"


def code(ask: Ask) -> str:
    """An article number or the like."""
    letters = "".join(ask.faker.random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=3))
    most = 8 if ask.most is None else ask.most
    return f"{letters}-{ask.digits(4)}" if most >= 8 else f"{letters}{ask.digits(5)}"[: max(most, 1)]


def isbn(ask: Ask) -> str:
    """An ISBN with its check digit."""
    digits = "978" + ask.digits(9)
    check = -sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10
    return f"{digits}{check}"


def iban(ask: Ask) -> str:
    """An IBAN with its check digits."""
    account = ask.digits(18)
    # DE00 as digits, after ISO 7064.
    check = 98 - int(account + "131400") % 97
    return f"DE{check:02}{account}"


def color(ask: Ask) -> str:
    """A colour by name, or in hexadecimal digits."""
    if "_hex_" in ask.context.words or "_code_" in ask.context.words or ask.most == 7:
        return f"#{ask.hex(6)}"
    return str(ask.pick(lists.COLORS))


def ip(ask: Ask) -> str:
    """An IPv4 address that is nobody's."""
    # A block that RFC 5737 keeps for documentation.
    return f"{ask.pick(('192.0.2', '198.51.100', '203.0.113'))}.{ask.faker.random.randint(1, 254)}"


def one_of(values: tuple[str, ...]) -> Write:
    """Return a writer that draws one of a list."""
    return lambda ask: str(ask.pick(values))


def address(ask: Ask) -> str:
    """Street and number."""
    return provided(ask, "street_address", "address").replace("\n", ", ")
