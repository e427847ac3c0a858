"""Texts that repeat another one of their row, in another form."""

from __future__ import annotations

import re

from pytest_supaseed.values.contacts import company, username
from pytest_supaseed.values.context import Context
from pytest_supaseed.values.people import without_marks
from pytest_supaseed.values.words import spelt
from pytest_supaseed.values.writers import Ask, adjective, noun, text_columns


def normalized(ask: Ask) -> str:
    """Another column's text in capitals, as ASP.NET keeps it."""
    return ask.text_of(*repeated_columns(ask.context)).upper() or username(ask).upper()


def repeated(ask: Ask) -> str:
    """Another column's text once more: the legal name of a company, the title for search engines."""
    text = ask.text_of(*repeated_columns(ask.context))
    if text:
        return text
    return company(ask) if "_legal_" in ask.context.words else f"{adjective(ask)} {noun(ask)}"


def repeated_columns(context: Context) -> tuple[str, ...]:
    """Return the column that one repeats which is called a normalized, a legal or a search engine's one."""
    wanted = re.sub(r"_(normalized|legal|meta|seo|og)_", "_", context.words)
    found = [(spelt(column.name), column.name) for column in text_columns(context)]
    same = [name for words, name in found if words == wanted]
    return tuple((same or [name for words, name in found if words in ("_title_", "_name_")])[:1])


def slug(ask: Ask) -> str:
    """The row's title, as an address has it."""
    source = ask.text_of(*slug_source(ask.context)) or f"{adjective(ask)} {noun(ask)}"
    slug = re.sub(r"[^a-z0-9]+", "-", without_marks(source)).strip("-") or ask.hex(8)
    if ask.context.unique and ask.faker.random.random() < 0.3:
        slug = f"{slug}-{ask.faker.random.randint(2, 99)}"
    return slug[: ask.most].strip("-") or ask.hex(1)


def slug_source(context: Context) -> tuple[str, ...]:
    """Return the column that a slug is made from, if there is one."""
    subject = context.subject
    wanted = (
        "title",
        "name",
        f"{subject}_name",
        f"{subject}_title",
        "label",
        "subject",
        "headline",
        "display_name",
    )
    by_name = {spelt(column.name).strip("_"): column.name for column in text_columns(context)}
    return next(((by_name[name],) for name in wanted if name in by_name), ())
