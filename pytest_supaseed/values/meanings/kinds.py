"""Words that classify: statuses, types, levels, roles, categories, tags and the like, by the entity of the row."""

from __future__ import annotations

from pytest_supaseed.values.meanings import places
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.meaning import Meaning
from pytest_supaseed.values.meanings.wordlists import (
    ALBUMS,
    ANY_LEVEL,
    ANY_STATUS,
    ANY_TYPE,
    ARTISTS,
    CAMPAIGNS,
    DEPARTMENTS,
    DIAGNOSES,
    INGREDIENTS,
    LEVELS,
    MEDICINES,
    PLANS,
    PRIORITIES,
    PROJECTS,
    SKILLS,
    STATUSES,
    TAGS,
    TEAMS,
    TYPES,
    VENUES,
    words_for,
)
from pytest_supaseed.values.meanings.writer import Ask, fitting, one_fitting, one_of
from pytest_supaseed.values.types.vocabulary import CATEGORIES, COLORS, ROLES

_PAYMENT_METHODS = ("card", "cash", "invoice", "transfer")


def status(ask: Ask) -> str:
    """A status that suits the entity."""
    return fitting(ask, words_for(STATUSES, ask.context.things, ANY_STATUS))


def kind(ask: Ask) -> str:
    """A type that suits the entity."""
    return fitting(ask, words_for(TYPES, ask.context.things, ANY_TYPE))


def level(ask: Ask) -> str:
    """A level, severity or the like."""
    things = (*ask.context.words.strip("_").split("_")[::-1], *ask.context.things)
    return fitting(ask, words_for(LEVELS, things, ANY_LEVEL))


def color(ask: Ask) -> str:
    """A colour by name, or as a hexadecimal code."""
    if "_hex_" in ask.context.words or "_code_" in ask.context.words or ask.most == 7:
        return f"#{ask.hex(6)}"
    return str(ask.pick(COLORS))


def method(ask: Ask) -> str:
    """A method: of HTTP in a table of requests, else of payment."""
    if {"log", "request", "webhook", "route"} & {*ask.context.things}:
        return str(ask.pick(("GET", "POST", "PUT", "DELETE")))
    return str(ask.pick(_PAYMENT_METHODS))


def category(ask: Ask) -> str:
    """A category; in lower case in an array."""
    found = str(ask.pick(CATEGORIES))
    return found.lower() if ask.context.column.type.array else found


def _is_no_region(context: Context) -> bool:
    # ``state`` is a part of an address in a table that has one.
    return not (context.words.endswith("_state_") and places.is_place(context))


RELATED_TYPE = Meaning(
    "type of another entity", r"_(token|payment|entity|card|body|device|file)_type_|_(\w+able)_type_", kind
)
TYPE = Meaning(
    "type",
    r"(?<!_mime)(?<!_content)(?<!_blood)_type_$|^_(kind|variant|mode)_$|_kind_$",
    kind,
    essential="type|kind",
)
STATUS = Meaning(
    "status", r"_(status|state|stage|condition)_$", status, where=_is_no_region, essential="status|state"
)
COLOR = Meaning("color", r"_(color)_", color)
METHOD = Meaning("method", r"_method_$", method)
ROLE = Meaning("role", r"_(role|roles)_", one_fitting(ROLES), essential="role")
PRIORITY = Meaning("priority", r"_(priority|urgency)_", one_fitting(PRIORITIES), essential="priority")
LEVEL = Meaning(
    "level", r"_(level|severity|difficulty|importance|tier|seniority|rank)_", level, essential="level"
)
PAYMENT_METHOD = Meaning("payment method", r"_method_", one_of(_PAYMENT_METHODS))
PLAN = Meaning("plan", r"^_(plan|package|tier)_$|_plan_$", lambda ask: str(ask.pick(PLANS)).lower())
# Each in the order in which they are tried.
TOPICS = (
    Meaning("tag", r"_(tag|tags|label|labels)_$", one_of(TAGS)),
    Meaning("skill", r"_(skill|skills)_", one_of(SKILLS)),
    Meaning("department", r"_(department|dept)_", one_of(DEPARTMENTS)),
    Meaning("diagnosis", r"_(diagnosis|disease)_", one_of(DIAGNOSES)),
    Meaning("medication", r"_(medication|medicine|drug)_", one_of(MEDICINES)),
    Meaning("ingredient", r"_(ingredient|ingredients)_", one_of(INGREDIENTS)),
    Meaning("category", r"_(category|categories|topic|topics|interests|section)_", category),
)
ENDEAVOURS = (
    Meaning("artist", r"_(artist|band)_$", one_of(ARTISTS)),
    Meaning("album", r"_(album)_$", one_of(ALBUMS)),
    Meaning("venue", r"_(venue)_$", one_of(VENUES)),
    Meaning("campaign", r"_(campaign)_", one_of(CAMPAIGNS)),
    Meaning("team", r"_(team|club)_(name_)?$", one_of(TEAMS)),
    Meaning("project", r"_(project)_$", one_of(PROJECTS)),
)
VALUE = Meaning(
    "value",
    r"_(value)_$",
    one_of(("10", "25", "100", "true", "false", "enabled", "light", "weekly")),
    essential="value",
)
