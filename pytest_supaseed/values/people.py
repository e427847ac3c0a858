"""People: names, and what is made from the names of the same row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from pytest_supaseed.schema import Column
from pytest_supaseed.values.names import LAST, MEN, WOMEN
from pytest_supaseed.values.vocabulary import DOMAINS
from pytest_supaseed.values.words import spelt

PERSONS = frozenset((
    "account", "actor", "admin", "agent", "applicant", "assignee", "attendee", "author", "borrower", "buyer",
    "candidate", "ceo", "client", "coach", "composer", "contact", "creator", "customer", "director", "doctor",
    "driver", "editor", "employee", "follower", "founder", "friend", "guest", "host", "instructor", "landlord",
    "lead", "lecturer", "manager", "member", "mentor", "nurse", "organizer", "owner", "participant", "passenger",
    "patient", "person", "photographer", "physician", "player", "professor", "profile", "recipient", "reporter",
    "representative", "resident", "responsible", "reviewer", "seller", "sender", "speaker", "staff", "student",
    "subscriber", "supervisor", "teacher", "tenant", "trainer", "tutor", "user", "visitor", "volunteer", "worker",
    "writer",
))  # fmt: skip
FIRST_NAME = re.compile(r"_first_name_")
LAST_NAME = re.compile(r"_last_name_")
FULL_NAME = re.compile(
    r"_(full|display|contact|real|preferred|customer|employee|author|owner|person|recipient|cardholder|card_holder"
    r"|account_holder|client|guest|patient|student|sender|ship|billing|shipping|reviewer|manager|user|driver|passenger"
    r"|teacher|doctor|member|contact_person|nominee|beneficiary|guardian|parent|father|mother|spouse|husband|wife|kin"
    r"|witness|referee)_name_"
)
ACCOUNT_NAME = re.compile(r"_(username|login|handle|nickname|nick)_")
EMAIL = re.compile(r"_email_|_mail_$|email_$")
# Whom a row tells of besides its own person: their names and addresses are not that person's.
_OTHERS = frozenset((
    "beneficiary", "emergency", "father", "guardian", "husband", "kin", "mother", "nominee", "parent", "referee",
    "referrer", "spouse", "wife", "witness",
))  # fmt: skip
_NO_WORD = re.compile(r"[^a-z0-9]+")
_OF_A_NAME = re.compile(
    r"_(first|last|full|display)_name_|_name_$|_(email|mail|username|login|gender|sex|salutation|courtesy|honorific|title_of)_"
)


def folded(text: str) -> str:
    """Return the ASCII letters and digits of a text, in lower case.

    Args:
        text: of any script; what has no ASCII letter in it disappears.
    """
    return _NO_WORD.sub("", without_marks(text))


def without_marks(text: str) -> str:
    """Return a text in lower case and ASCII: letters lose their marks, others disappear.

    Args:
        text: of any script.

    Example:
        >>> without_marks("Café Größe")
        'cafe grosse'
    """
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
    return plain.encode("ascii", "ignore").decode().lower()


def first_name(locale: str, faker: Any) -> str:
    """Return a first name."""
    if locale.startswith("en"):
        return str(faker.random.choice(faker.random.choice((WOMEN, MEN))))
    return str(faker.first_name())


def last_name(locale: str, faker: Any) -> str:
    """Return a last name."""
    return str(faker.random.choice(LAST)) if locale.startswith("en") else str(faker.last_name())


def name_columns(columns: tuple[Column, ...], subject: str, words: str) -> tuple[str, ...]:
    """Return the columns that say how the person of a row is called.

    Args:
        columns: those that may be used.
        subject: what a row is.
        words: the name of the column that follows them: ``author_email`` follows ``author_name`` alone.
    """
    found = {}
    for column in columns:
        name = spelt(column.name)
        named = FIRST_NAME.search(name) or LAST_NAME.search(name) or FULL_NAME.search(name)
        if (
            column.type.category == "S"
            and not column.type.array
            and (named or (name == "_name_" and subject in PERSONS) or name.strip("_") in PERSONS)
        ):
            found[column.name] = _whose(name)
    whose = _whose(words)
    same = tuple(name for name, other in found.items() if other == whose)
    if same or _is_another(whose):
        return same
    # An order's e-mail address is that of its customer_name, but a company's is not that of its ceo.
    return tuple(
        name
        for name, other in found.items()
        if not other or (not whose and "_name_" in spelt(name) and not _is_another(other))
    )


def _whose(words: str) -> str:
    """Whose name or address a column holds: ``author`` of ``author_email``; nothing for the row's own."""
    rest = _OF_A_NAME.sub("_", _OF_A_NAME.sub("_", words)).strip("_")
    return "" if rest in ("", "user", "contact", "address", "email_address") else rest


def _is_another(whose: str) -> bool:
    return not _OTHERS.isdisjoint(whose.split("_"))


def names_of(row: Mapping[str, object], columns: tuple[str, ...], faker: Any, locale: str) -> tuple[str, str]:
    """Return a person's first and last name, from the row as far as it has them.

    Args:
        row: the row so far.
        columns: what :func:`name_columns` found.
        faker: makes up what is missing.
        locale: whose names those are.
    """
    first = last = ""
    for column in columns:
        value, words = row.get(column), spelt(column)
        if not isinstance(value, str) or not value.strip():
            continue
        if FIRST_NAME.search(words):
            first = value.strip()
        elif LAST_NAME.search(words):
            last = value.strip()
        elif not first and not last:
            first, _, last = value.strip().partition(" ")
    return first or first_name(locale, faker), last or last_name(locale, faker)


def local_part(first: str, last: str, faker: Any, separators: str = "..__") -> str:
    """Return a name of an account; another one when it is asked again.

    Args:
        first: the person's first name.
        last: the last name; may be empty.
        faker: draws.
        separators: what may stand between the names, each as often as it shall come.
    """
    random = faker.random
    forename, surname = folded(first), folded(last)
    digits = str(random.randint(1, 99)) if random.random() < 0.4 else ""
    if not forename and not surname:
        return f"user{random.randint(1000, 99999)}"
    if not forename or not surname:
        return (forename or surname) + digits
    form = random.random()
    if form < 0.25:
        return f"{forename[0]}{surname}{digits}"
    return f"{forename}{random.choice(separators)}{surname}{digits}"


def email(local: str, faker: Any, most: int | None, host: str = "") -> str:
    """Return an e-mail address that reaches nobody.

    Args:
        local: what stands before the @.
        faker: draws.
        most: most characters, None for no limit.
        host: one that is nobody's; drawn where it is empty or there is no room for it.
    """
    if not host or (most is not None and len(local) + len(host) >= most):
        host = faker.random.choice(DOMAINS)
    room = 64 if most is None else min(64, most - len(host) - 1)
    if room < 1:
        # Too short for any host that is nobody's.
        return f"{local[0]}@{host}"
    return f"{local[:room].rstrip('._') or local[0]}@{host}"


def gender_of(first: str) -> str:
    """Return the gender that a first name speaks for, empty where it is not known."""
    return "female" if first in WOMEN else "male" if first in MEN else ""
