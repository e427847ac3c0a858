"""Columns whose meaning the entity of the row decides: the key of a setting, the make of a vehicle, a film's rating.

They are tried before all other meanings, by the column's name alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pytest_supaseed.values.meanings import contacts, titles
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.meaning import (
    Ask,
    Follows,
    Meaning,
    Write,
    names_used,
    nothing,
    one_of,
    product,
    text_columns,
)
from pytest_supaseed.values.meanings.people import PERSONS, is_person
from pytest_supaseed.values.meanings.wordlists import SETTINGS, VEHICLES
from pytest_supaseed.values.types.text import NOUNS

_SETTING = ("setting", "config", "configuration", "preference")
# Not the name of a person, but an account, a machine or a company.
_NO_PERSONS = frozenset(("account", "client", "host", "lead", "profile", "user"))


def _named(
    name: str,
    names: str,
    write: Write,
    where: Callable[[Context], bool] | None = None,
    follows: Follows = nothing,
    **more: Any,
) -> Meaning:
    return Meaning(name, names, write, follows, where=where, comments=False, **more)


def _of(*subjects: str) -> Callable[[Context], bool]:
    return lambda context: context.subject in subjects


def _columns(*names: str) -> Follows:
    """Return what finds the earlier text columns with one of these names."""
    return lambda context: tuple(
        column.name for column in text_columns(context) if column.words.strip("_") in names
    )


_setting_keys = _columns("key", "name", "setting_key", "config_key", "setting_name", "config_name")
_permission_names = _columns("name", "key", "code")


def _setting_value(ask: Ask) -> str:
    return dict(SETTINGS).get(ask.text_of(*_setting_keys(ask.context)), "10")


def _permission(ask: Ask) -> str:
    return ask.text_of(*_permission_names(ask.context)) or titles.named(ask)


def _is_appointed(context: Context) -> bool:
    return context.subject == "event" and any(
        re.search(r"_(start|starts|begins|end|ends)_", column.words) for column in context.table.columns
    )


def _is_vehicle(context: Context) -> bool:
    return not {"vehicle", "car", "fleet"}.isdisjoint(context.things)


def _makes(context: Context) -> tuple[str, ...]:
    """The column with the make of a model."""
    if context.words != "_model_":
        return ()
    return tuple(column.name for column in text_columns(context) if column.words == "_make_")


def _vehicle(ask: Ask) -> str:
    made = [model for make, model in VEHICLES if make == ask.text_of(*_makes(ask.context))]
    return str(ask.pick(made) if made else ask.pick(VEHICLES)[0 if ask.context.words == "_make_" else 1])


def _is_of_person(context: Context) -> bool:
    return any(map(is_person, (context.subject, *context.words.split("_"))))


def _is_of_company(context: Context) -> bool:
    return not {"company", "organization"}.isdisjoint(context.things)


# Tried first, in this order.
MEANINGS = (
    _named(
        "sender or recipient of a message",
        r"^_(from|to|cc|bcc|sender|recipient|reply_to)_$",
        contacts.email,
        lambda context: context.words == "_reply_to_" or context.subject in ("message", "email", "mail"),
        contacts.email_columns,
    ),
    _named(
        "key of a setting",
        r"^_((setting|config|option|preference)_)?(key|name|code)_$",
        lambda ask: str(ask.pick(SETTINGS)[0]),
        _of(*_SETTING, "option"),
    ),
    _named(
        "value of a setting",
        r"^_((default|setting|config)_)?value_$",
        _setting_value,
        _of(*_SETTING),
        _setting_keys,
        stages={6: r"_value_$"},
    ),
    _named(
        "key of a permission",
        r"^_(key|code|slug|identifier)_$",
        _permission,
        _of("permission", "privilege"),
        _permission_names,
    ),
    _named(
        "type of an appointed event",
        r"^_(type|event_type|kind|category)_$",
        one_of(("conference", "workshop", "meetup", "webinar", "concert")),
        _is_appointed,
    ),
    _named("label of an address", r"^_label_$", one_of(("Home", "Work", "Billing", "Shipping")), _of("address")),
    _named("type of an address", r"^_(name|type|kind)_$", one_of(("home", "work", "billing")), _of("address")),
    _named("direction of a script", r"^_(text_)?direction_$", one_of(("ltr",)), _of("language")),
    _named("record label", r"^_label_$", contacts.company, _of("album", "track", "song", "release")),
    _named("make or model of a vehicle", r"^_(make|model)_$", _vehicle, _is_vehicle, _makes, stages={2: r"_model_"}),
    _named(
        "person by role", rf"^_({'|'.join(sorted(PERSONS - _NO_PERSONS))})_$", contacts.full_name, follows=names_used
    ),
    _named(
        "person who did something",
        r"^_(?!(sort|sorted|order|ordered|group)_by_$)\w+_by_$|^_(emergency_contact|contact_person|next_of_kin|head)_$",
        contacts.full_name,
        follows=names_used,
    ),
    _named("title of a person", r"_title_$", contacts.job, _is_of_person),
    _named("product", r"^_(product|item|product_title)_$", product),
    _named(
        "position of a player",
        r"^_position_$",
        one_of(("Goalkeeper", "Defender", "Midfielder", "Forward")),
        _of("player", "athlete"),
    ),
    _named("rating of a film", r"^_rating_$", one_of(("G", "PG", "PG-13", "R")), _of("film", "movie")),
    _named(
        "size of a company", r"^_size_$", one_of(("1-10", "11-50", "51-200", "201-500", "500+")), _is_of_company
    ),
)  # fmt: skip
MODEL = Meaning(
    "model of a device",
    r"^_(model|model_name|make)_$",
    lambda ask: f"{ask.pick(NOUNS)} {ask.pick('ABCEGKLMRSTX')}{ask.digits(2)}",
)
