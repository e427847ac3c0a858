"""Texts in the schema's own words: of a column's name and of its table, never of other columns, which may be added.

They serve where no subject has words for a column: prose about a table of any subject, and a few words for a column
whose meaning is unknown. :data:`SLOTS` are sentences with slots that :func:`slots_about` fills for one column:
``{thing}`` is what a row is, ``{detail}`` what belongs to it, ``{column}`` what the column itself is called.
"""

from __future__ import annotations

import re
from functools import cache

from pytest_supaseed.model.identifiers import singular, spelt
from pytest_supaseed.model.type_families import is_padded_text
from pytest_supaseed.values.meanings import contacts, local_words
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.meaning import Ask, Derived, Write, names_used
from pytest_supaseed.values.meanings.people import is_person
from pytest_supaseed.values.meanings.phrases import Phrases, Slots, declared_slots

SLOTS = """
note: {Checked/Corrected/Confirmed} the {detail} {moment}. | Asked {who} about the {detail}. | Waiting for the
 {detail} {until <2-28> {May/June/October}/from {who}}. | Agreed on the {detail} with {who}. | No changes to the
 {detail} since {long_since}. | {^thing} discussed with {who} {moment}. | Please check the {detail} again {before
 Friday/next week/in <2-9> days/after the holidays}. | The {detail} and the {detail} were {entered/compared/updated}
 {moment}. | {^who} {takes care of/asked for/has a copy of} the {detail}. | See the {detail} on page <2-40>. | Second
 look at the {detail} needed, the rest is complete. | {^who} was told about the {detail} {moment}.
description: {^manner} {thing} with {manner} {detail}. | {^thing} {from/since} {long_since}, with {detail} and
 {detail}. | Includes the {detail} and the {detail}. | The {detail} {is as usual/was agreed with {who}/follows the
 {detail}}. | {^manner} {detail}, entered {moment} by {who}. | {^thing} as planned, with changes to the {detail}. |
 Everything about the {detail} is in the {file/appendix/list of {long_since}}. | Replaces the {thing} of
 {long_since}. | {^detail} and {detail} as {agreed with/described by/requested by} {who}.
statement: I {saw/noticed/checked} the {detail} {moment}. | We {agreed on/were told about/have no questions about} the
 {detail}. | {^who} {was there as well/told me about the {detail}/can confirm this}. | As far as I know the {detail}
 {has not changed since {long_since}/is correct/is not complete}. | I {would like to add something/have nothing to add}
 {to/about} the {detail}.
observation: The {detail} {is in order/needs another look/differs from the {detail}/has improved since
 {long_since}}. | No problems with the {detail}. | {Small/Clear/Unexpected} difference between the {detail} and the
 {detail}. | {^detail} {checked/measured/compared} {moment}, {no action needed/to be repeated in <2-12> weeks/{who}
 was informed}. | {^manner} {detail}, {manner} {detail}.
plan: {Check/Review/Complete/Update} the {detail} {first/by Friday/in <2-9> days/together with {who}}. | Then {compare
 the {detail} with/enter/confirm} the {detail}. | Ask {who} about the {detail}. | {Keep/Use} the {manner} {detail}
 for {this {thing}/the next <2-6> weeks/now}. | Report changes of the {detail} to {who}.
stipulation: {^detail} {limited to/only with/subject to} {the agreed {detail}/written consent/the usual limits}. | No
 changes to the {detail} without {written notice/<7-60> days' notice/consent}. | The {detail} {has to be/must be}
 {confirmed/renewed/reported} {in writing/within <7-60> days/once a year}. | Valid for {this/every} {thing} with
 {manner} {detail}. | {Excludes/Includes} the {detail}.
title: {^manner} {thing} | {^thing} of {long_since} | {^detail} and {detail} | {^thing} with {manner} {detail} |
 {Update/Review/Check} of the {detail} | {First/Second/Third/Next} {thing}
name: {Main/Central/North/South/East/West/Upper/New/Old/First/Second/Third} {thing} | {^thing}
 {A/B/C/D/E/F/<1-40>}
word: {standard/regular/special/main/second/new/basic/mixed/local/usual/extra/combined/temporary/other/simple/full}
 {column}
manner: usual | new | updated | small | large | clear | simple | detailed | revised | complete | additional |
 separate
moment: on {Monday/Tuesday/Wednesday/Thursday/Friday} | last week | this morning | at the meeting | by phone | in
 {March/May/September} | before the deadline | after the last change | today | twice
long_since: January | February | March | April | June | July | August | October | November | last year | last spring |
 <2019-2025>
who: the team | the office | a colleague | the manager | Anna | Tom | Maria | Ben | Mr. Reed | Ms. Patel | the other
 side | support
"""
# What a name has beside what it is about: units, kinds of values.
_UNITS_AND_KINDS = """
id uuid key no number num code name text at on date time type status count total cents percent minutes seconds hours
days ms kg g m cm mm km l ft usd eur ref url json data value flag amount quantity by in to from for up down gb mb kb tb
dbm db deg kw kwh kmh path high low responsible
"""
_DROPPED = frozenset(_UNITS_AND_KINDS.split())
# What belongs to a thing of any kind.
BELONGINGS = (
    "details", "documents", "file", "history", "form", "dates", "summary", "list", "record", "figures", "schedule",
    "report", "checklist",
)  # fmt: skip


def _phrase(words: str) -> str:
    """What a normalized name is about, in at most three words; empty if it says nothing."""
    parts = [part for part in words.strip("_").split("_") if not part.isdigit()]
    while parts and parts[-1] in _DROPPED:
        parts.pop()
    return " ".join(parts) if 0 < len(parts) <= 3 else ""


def details(context: Context) -> tuple[str, ...]:
    """Return what belongs to a row, in a few words each: ``claim documents``."""
    thing = " ".join(_subject(context).split()[-2:])
    return tuple(f"{thing} {belonging}" for belonging in BELONGINGS)


# Words before *name* that say which name of the row's entity it is, and not of what else.
_WHICH = """
display short full long common official local old new original native alternative other internal public system
preferred first second nick legal generic proper given alias known former previous current custom default unique
english german french localized translated trade brand model variant sub base group app site
"""
WHICH_NAME = frozenset(_WHICH.split())


def _subject(context: Context) -> str:
    """What a row is, or what a column names: ``coverage`` for ``coverage_name``."""
    named = context.words.strip("_").split("_")
    if len(named) > 1 and named[-1] in ("name", "label", "title") and WHICH_NAME.isdisjoint(named[:-1]):
        return " ".join(named[:-1])
    words = spelt(context.table.name.name).strip("_").split("_")
    return " ".join((*words[:-1], singular(words[-1])))


@cache
def _declared() -> dict[str, str]:
    return declared_slots((SLOTS,))


def names_own(text: str) -> bool:
    """Whether phrases have slots that only :func:`slots_about` fills."""
    return any(name in _declared() for name in _SLOT.findall(text))


_SLOT = re.compile(r"\{\^?([a-z_]+)\}")


def slots_about(context: Context, others: Slots | None = None) -> Slots:
    """Return what looks up the slots of :data:`SLOTS` for one column, and other slots in ``others``."""
    about = {
        "thing": (_subject(context),),
        "detail": details(context),
        "column": (_phrase(context.words) or _subject(context),),
    }
    known: dict[str, Phrases] = {}

    def find(name: str) -> Phrases:
        if name not in known:
            text = " | ".join(about[name]) if name in about else _declared().get(name)
            if text is None:
                if others is None:
                    raise KeyError(name)
                return others(name)
            known[name] = Phrases(text, find)
        return known[name]

    return find


def labelled(context: Context, slot: str) -> Write:
    """Return a writer of names or titles, as the slot of :data:`SLOTS` has them for the column's table."""
    phrases = Phrases(f"{{{slot}}}", slots_about(context))

    def write(ask: Ask) -> str:
        if local_words.has_words(ask):
            return local_words.title(ask)
        return phrases.drawn(ask.faker.random, ask.most)

    return write


def _code(ask: Ask) -> str:
    """A code of few characters: letters, or a letter or two and digits in a column that is not padded."""
    size = ask.most or 1
    if is_padded_text(ask.context.column.type):
        return "".join(ask.faker.random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=size))
    letters = "".join(ask.pick("ABCDEFGHKLMNPRSTW") for _ in range(1 if size <= 3 else 2))
    return letters[:size] + ask.digits(size - len(letters)) if size > 1 else letters


def _head(words: str) -> str:
    """The noun that a normalized name is about: ``relationship`` for ``relationship_to_client``."""
    parts = words.strip("_").split("_")
    at = next((place for place, part in enumerate(parts) if place and part in _PREPOSITIONS), len(parts))
    return parts[at - 1]


_PREPOSITIONS = frozenset(("to", "of", "for", "with", "on", "in", "at", "from", "per", "about"))
# Texts that are this short are codes, padded ones are even longer.
_LONGEST_CODE, _LONGEST_PADDED = 6, 12


def written(context: Context) -> Derived:
    """Return the writer of a text column of which no meaning is known, and the columns that it follows."""
    padded = is_padded_text(context.column.type)
    if context.most is not None and context.most <= (_LONGEST_PADDED if padded else _LONGEST_CODE):
        return _code, ()
    last = _head(context.words)
    if is_person(singular(last)):
        return contacts.full_name, names_used(context)
    return labelled(context, "^word"), ()
