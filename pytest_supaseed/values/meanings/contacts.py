"""Contact data: names of persons and companies, e-mail addresses, account names, phone numbers, hosts and URLs.

Functions of an :class:`~pytest_supaseed.values.meanings.writer.Ask` write one text; functions of a
:class:`~pytest_supaseed.values.meanings.context.Context` find the columns that such a text is derived from.
Addresses and numbers come only from ranges that are reserved for documentation and fiction.
"""

from __future__ import annotations

import re

from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.values.meanings import people
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.people import (
    COMPANY_FIRST,
    COMPANY_FORMS,
    COMPANY_LAST,
    JOBS,
    phone_number,
)
from pytest_supaseed.values.meanings.writer import Ask, names_used, provided, text_columns, word
from pytest_supaseed.values.types.vocabulary import DOMAINS

_PICTURE = re.compile(
    r"_(avatar|image|img|photo|picture|thumbnail|thumb|logo|cover|banner|poster|icon|screenshot|photos|images)_"
)
COMPANIES = frozenset((
    "agency", "brand", "business", "carrier", "company", "distributor", "employer", "firm", "hotel", "manufacturer",
    "merchant", "organization", "partner", "publisher", "restaurant", "shipper", "shop", "store", "supplier", "vendor",
    "workspace",
))  # fmt: skip


def full_name(ask: Ask) -> str:
    """First and last name."""
    return " ".join(ask.people())


def first_name(ask: Ask) -> str:
    """A first name."""
    return people.first_name(ask.context.locale, ask.faker)


def last_name(ask: Ask) -> str:
    """A last name."""
    return people.last_name(ask.context.locale, ask.faker)


def gender(ask: Ask) -> str:
    """The gender that the first name suggests, as a word; as a letter in a column of one character."""
    name = ask.text_of(*names_used(ask.context)).partition(" ")[0]
    found = people.gender_of(name) or ask.pick(("female", "male", "female", "male", "other"))
    return {"female": "F", "male": "M", "other": "X"}[found] if ask.most == 1 else str(found)


def salutation(ask: Ask) -> str:
    """A form of address that suits the first name."""
    name = ask.text_of(*names_used(ask.context)).partition(" ")[0]
    title = {"female": "Ms.", "male": "Mr."}.get(people.gender_of(name), "")
    return str(ask.pick((title, title, title, "Dr.")) if title else ask.pick(("Mr.", "Ms.", "Dr.", "Prof.")))


def job(ask: Ask) -> str:
    """A job title."""
    return str(ask.pick(JOBS)) if ask.english else provided(ask, "job")


def company(ask: Ask) -> str:
    """A company name."""
    if not ask.english:
        return provided(ask, "company")
    name = f"{ask.pick(COMPANY_FIRST)} {ask.pick(COMPANY_LAST)}"
    return ask.first_that_fits(name + ask.pick(COMPANY_FORMS), name, name.partition(" ")[0])


def account_columns(context: Context) -> tuple[str, ...]:
    """Return the account name column that an e-mail address follows in a row without a person's name."""
    found = [c.name for c in text_columns(context) if people.ACCOUNT_NAME.search(spelt(c.name))]
    return tuple(found[:1])


def is_company(context: Context) -> bool:
    """Whether a row describes a company rather than a person."""
    return not names_used(context) and bool(COMPANIES.intersection((context.subject, *context.things[:1])))


def company_columns(context: Context) -> tuple[str, ...]:
    """Return the column with the name of the row's company, if there is one."""
    wanted = [
        c.name
        for c in text_columns(context)
        if re.search(r"^_name_$|_company_name_|_company_$", spelt(c.name))
    ]
    return tuple(wanted[:1])


def host(ask: Ask) -> str:
    """A host under a reserved domain, named after the company if the row describes one."""
    own = people.folded(ask.text_of(*company_columns(ask.context)))[:30] if is_company(ask.context) else ""
    return f"{own or word(ask)}.{ask.pick(DOMAINS)}"


def email(ask: Ask) -> str:
    """An e-mail address under a reserved domain."""
    context = ask.context
    if not names_used(context):
        account = ask.text_of(*account_columns(context))
        if account:
            return people.email(re.sub(r"[^a-z0-9._-]+", "", account.lower()) or "user", ask.faker, ask.most)
        if is_company(context):
            return people.email(
                ask.pick(("info", "hello", "office", "contact")), ask.faker, ask.most, host(ask)
            )
    return people.email(people.local_part(*ask.people(), ask.faker), ask.faker, ask.most)


def username(ask: Ask) -> str:
    """An account name."""
    return people.local_part(*ask.people(), ask.faker, separators="__.")[: ask.most]


def phone(ask: Ask) -> str:
    """A phone number that is reserved for fiction."""
    return phone_number(ask.context.locale, ask.most, ask.faker.random)


def url(ask: Ask) -> str:
    """The URL of a page or an image."""
    words = ask.context.words
    if is_company(ask.context) and not _PICTURE.search(words) and company_columns(ask.context):
        return ask.first_that_fits(f"https://{host(ask)}", f"https://{ask.pick(DOMAINS)}")
    picture = bool(_PICTURE.search(words))
    path = f"images/{word(ask)}-{ask.hex(6)}.jpg" if picture else f"{word(ask)}-{ask.digits(4)}"
    name = ask.pick(DOMAINS)
    return ask.first_that_fits(f"https://{name}/{path}", f"https://{name}/{path[-5:]}", f"https://{name}")


def ip(ask: Ask) -> str:
    """An IPv4 address from the blocks that RFC 5737 reserves for documentation."""
    return f"{ask.pick(('192.0.2', '198.51.100', '203.0.113'))}.{ask.faker.random.randint(1, 254)}"
