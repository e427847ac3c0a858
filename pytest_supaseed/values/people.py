"""People: names, and what is made from the names of the same row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from pytest_supaseed.schema import Column
from pytest_supaseed.values.vocabulary import DOMAINS
from pytest_supaseed.values.words import spelt

PERSONS = frozenset((
    "account", "actor", "admin", "agent", "applicant", "attendee", "author", "candidate", "client",
    "coach", "contact", "creator", "customer", "doctor", "driver", "employee", "follower", "friend",
    "guest", "host", "instructor", "lead", "manager", "member", "mentor", "owner", "participant",
    "passenger", "patient", "person", "player", "profile", "recipient", "reporter", "resident",
    "reviewer", "seller", "sender", "speaker", "staff", "student", "subscriber", "teacher", "tenant",
    "user", "visitor", "volunteer", "worker",
))  # fmt: skip
FIRST_NAME = re.compile(r"_(first|given|fore)_?name_|_fname_|_firstname_|_forename_")
LAST_NAME = re.compile(r"_(last|family|sur)_?name_|_lname_|_surname_|_lastname_")
FULL_NAME = re.compile(
    r"_(full|display|contact|real|legal|preferred|customer|employee|author|owner|person|recipient|cardholder|card_holder"
    r"|account_holder|client|guest|patient|student|sender|ship|billing|shipping)_?name_|_fullname_|_displayname_"
)
_NO_WORD = re.compile(r"[^a-z0-9]+")


def folded(text: str) -> str:
    """Return the ASCII letters and digits of a text, in lower case.

    Args:
        text: of any script; what has no ASCII letter in it disappears.
    """
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
    return _NO_WORD.sub("", plain.encode("ascii", "ignore").decode().lower())


def name_columns(columns: tuple[Column, ...], subject: str) -> tuple[str, ...]:
    """Return the columns that say how the person of a row is called.

    Args:
        columns: those that may be used.
        subject: what a row is.
    """
    found = []
    for column in columns:
        words = spelt(column.name)
        named = FIRST_NAME.search(words) or LAST_NAME.search(words) or FULL_NAME.search(words)
        if (
            column.type.category == "S"
            and not column.type.array
            and (named or (words == "_name_" and subject in PERSONS))
        ):
            found.append(column.name)
    return tuple(found)


def names_of(row: Mapping[str, object], columns: tuple[str, ...], faker: Any) -> tuple[str, str]:
    """Return a person's first and last name, from the row as far as it has them.

    Args:
        row: the row so far.
        columns: what :func:`name_columns` found.
        faker: makes up what is missing.
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
    return first or str(faker.first_name()), last or str(faker.last_name())


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


def email(first: str, last: str, faker: Any, most: int | None) -> str:
    """Return an e-mail address that reaches nobody.

    Args:
        first: the person's first name.
        last: the last name; may be empty.
        faker: draws.
        most: most characters, None for no limit.
    """
    host = faker.random.choice(DOMAINS)
    local = local_part(first, last, faker)
    room = 64 if most is None else min(64, most - len(host) - 1)
    if room < 1:
        # Too short for any host that is nobody's.
        return f"{local[0]}@{host}"
    return f"{local[:room].rstrip('._') or local[0]}@{host}"
