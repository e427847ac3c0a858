"""Columns whose texts depend on what their table is about: a key of settings is no key of a piano."""

from __future__ import annotations

import re

from pytest_supaseed.values import contacts, titles, topics, writers
from pytest_supaseed.values.context import Context
from pytest_supaseed.values.people import PERSONS
from pytest_supaseed.values.places import place_writer
from pytest_supaseed.values.words import spelt


def special_writer(context: Context) -> tuple[writers.Write, tuple[str, ...]] | None:
    """Return what writes texts that depend on the table more than on the column's name.

    Args:
        context: the column.

    Returns:
        What writes them, and the columns that it looks at; None where the name says more.
    """
    words, subject, things = context.words, context.subject, context.things
    bare = words.strip("_")
    if bare in ("from", "to", "cc", "bcc", "sender", "recipient", "reply_to") and subject in (
        "message",
        "email",
        "mail",
    ):
        return contacts.email, ()
    if subject in ("setting", "config", "configuration", "preference", "option") and bare in (
        "key",
        "name",
        "code",
    ):
        return (lambda ask: str(ask.pick(topics.SETTINGS)[0])), ()
    if subject in ("setting", "config", "configuration", "preference") and bare in ("value", "default_value"):
        keys = tuple(
            c.name for c in writers.text_columns(context) if spelt(c.name).strip("_") in ("key", "name")
        )
        return (lambda ask: dict(topics.SETTINGS).get(ask.text_of(*keys), "10")), keys
    if subject in ("permission", "privilege") and bare in ("key", "code", "slug", "identifier"):
        same = tuple(
            c.name
            for c in writers.text_columns(context)
            if spelt(c.name).strip("_") in ("name", "key", "code")
        )
        return (lambda ask: ask.text_of(*same) or titles.named(ask)), same
    if subject == "event" and bare in ("type", "event_type", "kind", "category") and _is_appointed(context):
        return writers.one_of(("conference", "workshop", "meetup", "webinar", "concert")), ()
    if subject == "address" and bare in ("label", "name", "type", "kind"):
        return writers.one_of(
            ("Home", "Work", "Billing", "Shipping") if bare == "label" else ("home", "work", "billing")
        ), ()
    if subject == "language" and bare in ("direction", "text_direction"):
        return writers.one_of(("ltr",)), ()
    if bare == "label" and subject in ("album", "track", "song", "release"):
        return contacts.company, ()
    if {subject, *things} & {"vehicle", "car", "fleet"} and bare in ("make", "model"):
        makes = tuple(
            c.name for c in writers.text_columns(context) if spelt(c.name) == "_make_" and bare == "model"
        )
        return (lambda ask: _vehicle(ask, makes)), makes
    if bare in PERSONS and bare not in ("account", "profile", "lead", "host", "contact_id", "client", "user"):
        return contacts.full_name, ()
    done_by = bare.endswith("_by") and bare not in (
        "sort_by",
        "sorted_by",
        "order_by",
        "ordered_by",
        "group_by",
    )
    if done_by or bare in ("emergency_contact", "contact_person", "next_of_kin", "head"):
        return contacts.full_name, ()
    if words.endswith("_title_") and ({subject, *words.split("_")} & PERSONS):
        return contacts.job, ()
    if bare in ("product", "item", "product_title"):
        return writers.product, ()
    if bare == "position" and subject in ("player", "athlete"):
        return writers.one_of(("Goalkeeper", "Defender", "Midfielder", "Forward")), ()
    if bare == "rating" and subject in ("film", "movie"):
        return writers.one_of(("G", "PG", "PG-13", "R")), ()
    if bare == "size" and {"company", "organization"} & {*things}:
        return writers.one_of(("1-10", "11-50", "51-200", "201-500", "500+")), ()
    if bare in ("description", "desc_text") and subject in ("region", "territory"):
        return place_writer(context) or (writers.prose, ())
    return None


def _vehicle(ask: writers.Ask, makes: tuple[str, ...]) -> str:
    made = [model for make, model in topics.VEHICLES if make == ask.text_of(*makes)]
    return str(
        ask.pick(made) if made else ask.pick(topics.VEHICLES)[0 if ask.context.words == "_make_" else 1]
    )


def _is_appointed(context: Context) -> bool:
    return any(
        re.search(r"_(start|starts|begins|end|ends)_", spelt(column.name)) for column in context.table.columns
    )
