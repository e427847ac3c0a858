"""Texts in the schema's own words: of a column's name and of its table, never of other columns, which may be added.

They serve where no subject has words for a column: prose about a table of any subject, and a few words for a column
whose meaning is unknown. :data:`SLOTS` are sentences with slots that :func:`slots_about` fills for one column:
``{thing}`` is what a row is, ``{detail}`` what belongs to it, ``{column}`` what the column itself is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache, partial

from pytest_supaseed.constraints.domain import UNCONSTRAINED
from pytest_supaseed.model.identifiers import singular, spelt
from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.model.type_families import is_padded_text
from pytest_supaseed.values.meanings import contacts, local_words
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.endings import shorter
from pytest_supaseed.values.meanings.meaning import Ask, Derived, Write, names_used
from pytest_supaseed.values.meanings.numbers import believable
from pytest_supaseed.values.meanings.people import is_person
from pytest_supaseed.values.meanings.phrases import Phrases, Slots, declared_slots
from pytest_supaseed.values.types.numeric import NumberDomain, PlausibleNumbers

SLOTS = """
note: {Checked/Corrected/Confirmed/Updated} the {detail} {moment}. | Asked {who} about the {detail}. | Waiting for the
 {detail} {until <2-28> {May/June/October}/from {who}}. | Agreed on the {detail} with {who} {moment}. | No changes to
 the {detail} since {long_since}. | {^thing} discussed with {who} {moment}. | Please check the {detail} again {before
 Friday/next week/in <2-9> days/after the holidays}. | The {detail} and the {detail} were {entered/compared/updated}
 {moment}. | {^who} {takes care of/asked for/has a copy of} the {detail}. | {^detail} are in the {blue/green/second}
 folder. | Second look needed, the rest is complete. | {^who} was told {moment}. | Call back {on
 Monday/tomorrow/after <1-5> pm}. | Done so far: {detail}, {detail}. | Everything went well, next time in <2-12> weeks.
description: {Standard/Regular/Current/Revised/Additional/First/Second/Seasonal/Temporary} {thing}{, valid from {month}
 <2019-2025>/ for {place}/, {second/third} version/ of {month} <2019-2025>/, no. <2-90>}. | {^thing} {for/of} {place}{,
 {checked/updated} in {month} <2022-2025>/, valid since <2017-2024>/ and {place}}. | {Entered/Added/Registered/Prepared}
 in {month} <2019-2025>{, {updated/checked} in {month} <2024-2025>/ by the office/, {detail} complete}. |
 {Further details/An overview/A summary/A list} {on request/in file <2-90>/with the office/on page <2-60>}. | {Replaces/
 Follows} the {thing} of {month} <2017-2024>. | {Available/Used/Valid} {all year/since {month} <2019-2025>/until
 {month} 2026/until further notice}. | {Short/Main/Full} {thing}{, {detail} to follow/, see page <2-60>/ for {month}
 <2024-2026>}. | {Last {check/update/review} in {month} <2023-2025>/Next {check/review} in {month} 2026}. | {Small
 changes/No changes/Corrected twice} since {long_since}.
closing_detail: {Updated/Checked/Added} in {month} <2022-2025>. | {Valid/Unchanged} since {month} <2019-2025>. | See
 {page/
 section/sheet} <2-60>. | {Details/Figures/Examples} {follow/are attached/on page <2-40>}. | Reference <1000-9900>. |
 Version of <2-28> {month}.
closing_date: <2-28> {month}
closing_remark: {Checked/Noted/Confirmed/Repeated/Discussed/Documented} {moment}{ by {who}/ with {who}/}. | Next
 {check/step/review/report} {in <2-12> weeks/in {March/May/September/November}/before the end of the {month/year}}. |
 {^who} {was informed/agreed/has seen it/takes care of the rest} {moment}. | {Unchanged/Better/Not much difference}
 since {long_since}. | Compare with the {detail} of {long_since}. | {Photos/Details/Figures/Copies} {in the file/with
 {who}/from {long_since} are missing}. | {No questions/One question} {from {who}/so far/left}.
statement: I {saw/noticed/checked} the {detail} {moment}. | We {agreed on/were told about/have no questions about} the
 {detail}. | {^who} {was there as well/told me about the {detail}/can confirm this}. | As far as I know the {detail}
 {have not changed since {long_since}/are correct/are not complete}. | I {would like to add something/have nothing to
 add} {to/about} the {detail}.
observation: The {detail} {are in order/need another look/have improved since {long_since}}. | No problems {moment}. |
 {Small/Clear/Unexpected} difference to {long_since}. | {Checked/Measured/Compared} {moment}, {no action needed/to be
 repeated in <2-12> weeks/{who} was informed}. | {Good/Fair/Stable} overall, {detail} {complete/still open}.
plan: {Check/Review/Complete/Update} the {detail} {first/by Friday/in <2-9> days/together with {who}}. | Then {compare
 the {detail} with/enter/confirm} the {detail}. | Ask {who} about the {detail}. | {Keep/Use} the {manner} version
 {for now/for the next <2-6> weeks}. | Report changes to {who} {by Friday/once a week}.
stipulation: {^detail} {only with/subject to} {written consent/the usual limits/a signed form}. | No changes without
 {written notice/<7-60> days' notice/consent}. | The {detail} must be {confirmed/renewed/reported} {in writing/within
 <7-60> days/once a year}. | Valid for <1-24> months{ from the date of issue/ unless renewed/}. | Does not include
 {travel/fees of third parties/damage by water/express service}.
title: {New/Revised/Additional} {thing} | {^thing} of {long_since} | {Spring/Summer/Autumn/Winter} {thing} | {place}
 {thing} | {First/Second/Third/Next} {thing} | {^thing} <2-40>
name: {Main/Standard/Basic/First/Second/Third/New} {thing} | {^thing} <1-40> | {^thing} {A/B/C/D/E/F}
place_name: {place} {thing} | {place} {North/South/East/West}
place: Riverside | Oakwood | Northgate | Lakeside | Hillcrest | Harborview | Millbrook | Fairview | Ashford | Brookfield
 | Westbrook | Cedar Hill | Stonebridge | Greenfield | Maplewood | Elmwood | St. Mary's | St. Luke's | Kingsway |
 Old Town | Bayview | Redwood | Silver Creek | Highfield | Thornton | Linden
named: {^column} <1-40> | {^column} {A/B/C/D/E/F}
word: standard | regular | special | basic | other | simple | custom | general
fragment: to be {confirmed/reviewed/completed} {by Friday/in {month}/next week} | {as agreed/as discussed/as before/
 unchanged/checked/confirmed/reviewed/updated} {in {month}/since {long_since}/with {who}/last week} | see {note/page/
 file/list} <2-90>{, as of {month}/} | {details/more} {with {who}/on request/in file <2-90>} | {two/three/no} open
 questions{, {who} will answer/, to be answered by {month}/}
manner: usual | new | updated | small | large | clear | simple | detailed | revised | complete | additional |
 separate
moment: on {Monday/Tuesday/Wednesday/Thursday/Friday} | last week | this morning | at the meeting | by phone | in
 {March/May/September} | before the deadline | after the last change | today | twice
month: January | February | March | April | May | June | July | August | September | October | November | December
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
    "contacts", "costs", "dates", "details", "documents", "entries", "figures", "next steps", "notes", "numbers",
    "open points", "plans", "questions", "records", "results", "terms",
)  # fmt: skip


def _phrase(words: str) -> str:
    """What a normalized name is about, in at most three words; empty if it says nothing."""
    parts = [part for part in words.strip("_").split("_") if not part.isdigit()]
    while parts and parts[-1] in _DROPPED:
        parts.pop()
    return " ".join(parts) if 0 < len(parts) <= 3 else ""


# Words before *name* that say which name of the row's entity it is, and not of what else.
_WHICH = """
display short full long common official local old new original native alternative other internal public system
preferred friendly first second nick legal generic proper given alias known former previous current custom default
unique
english german french localized translated trade brand model variant sub base group app site
"""
WHICH_NAME = frozenset(_WHICH.split())


def _subject(context: Context) -> str:
    """What a row is, or what a column names: ``coverage`` for ``coverage_name``."""
    named = context.words.strip("_").split("_")
    if len(named) > 1 and named[-1] in ("name", "label", "title") and WHICH_NAME.isdisjoint(named[:-1]):
        return " ".join(named[:-1])
    words = spelt(context.table.name.thing).strip("_").split("_")
    one = singular(words[-1])
    # A row of *pass_types* is called as a pass is.
    return " ".join((*words[:-1], one) if one not in _SORTS or len(words) == 1 else words[:-1])


_SORTS = frozenset(
    ("category", "class", "code", "definition", "group", "item", "kind", "option", "product", "type")
)
_PLACE_WORDS = """
abbey academy airfield airport aquarium arboretum area arena bakery bank barn barracks bathhouse bay beach boathouse
branch brewery bridge building cafe camp campsite campus canteen castle cemetery center chapel church cinema clinic
club college convent cottage court courthouse court depot diocese district dock dormitory embassy estate factory farm
field foundation garden garage greenhouse gym hall harbor hospice hospital hotel house hut institute jetty
kindergarten laboratory library lift lodge mall manor marina market mill mine monastery mosque museum nursery
observatory orchard outlet parish park pavilion pier pitch plant plaza pool port practice preschool prison property
quarry ranch refuge reserve reservoir resort restaurant rink sanctuary school shelter site slope society spa square
stable stadium station stop store studio surgery synagogue temple terminal theater tower track trail tunnel university
venue vineyard winery ward workshop yard zoo
"""
_PLACES = frozenset(_PLACE_WORDS.split())


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
        "detail": BELONGINGS,
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
    if slot == "name" and _subject(context).split()[-1] in _PLACES:
        slot = "place_name"
    phrases = Phrases(f"{{{slot}}}", slots_about(context))

    def write(ask: Ask) -> str:
        if local_words.has_words(ask):
            return _LOCAL[slot.lstrip("^")](ask)
        return phrases.drawn(ask.faker.random, ask.most)

    return write


_LOCAL: dict[str, Callable[[Ask], str]] = {
    "title": local_words.title,
    "name": local_words.name,
    "place_name": local_words.name,
    "word": local_words.word,
    "named": local_words.word,
    "fragment": lambda ask: local_words.sentences(ask, 1, 1),
}


def _code(ask: Ask) -> str:
    """A code of few characters: letters, or a letter or two and digits in a column that is not padded."""
    size = ask.most or 1
    if is_padded_text(ask.context.column.type):
        letters = "".join(ask.faker.random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=min(size, _MOST_LETTERS)))
        return letters + ask.digits(size - len(letters))
    letters = "".join(ask.pick("ABCDEFGHKLMNPRSTW") for _ in range(1 if size <= 3 else 2))
    return letters[:size] + ask.digits(size - len(letters)) if size > 1 else letters


_MOST_LETTERS = 4
# Texts that are this short are codes, padded ones are even longer.
_LONGEST_CODE, _LONGEST_PADDED = 6, 12


def written(context: Context) -> Derived:
    """Return the writer of a text column of which no meaning is known, and the columns that it follows."""
    padded = is_padded_text(context.column.type)
    if context.most is not None and context.most <= (_LONGEST_PADDED if padded else _LONGEST_CODE):
        return _code, ()
    told = _of_another_type(context)
    if told is not None:
        return told, ()
    if context.unique:
        return partial(_number, _initials(context.words)), ()
    if _is_acronym(context.words):
        return _identifier, ()
    if any(_is_person(words) for words in (context.words, *shorter(context.words))):
        return contacts.full_name, names_used(context)
    return labelled(
        context, "^word" if _is_sort(context) else "^fragment" if _is_told(context) else "named"
    ), ()


def _of_another_type(context: Context) -> Write | None:
    """What writes dates, times, years, sizes or numbers into a text whose name says that it holds such."""
    words = context.words
    if "_birth" in words and _YEAR.search(words):
        return lambda ask: str(ask.context.today.year - ask.faker.random.randint(18, 80))
    if _YEAR.search(words):
        return lambda ask: str(ask.context.today.year - ask.faker.random.randint(0, _YEARS))
    if _HOUR.search(words):
        first = 16 if _LATE.search(words) else 6
        return lambda ask: (
            f"{ask.faker.random.randint(first, first + 4):02}:{ask.pick(('00', '15', '30', '45'))}"
        )
    if _DAY.search(words) or _MOMENT.search(words):
        return partial(_moment, _MOMENT.search(words) is not None and not _DAY.search(words))
    if _FILE_SIZE.search(words):
        return lambda ask: f"{ask.faker.random.randint(1, 90) / 10} {ask.pick(('MB', 'MB', 'KB'))}"
    if _NUMBER.search(words):
        return partial(_amount, believable(words, _AMOUNT, context.today, context.about))
    return None


def _moment(timed: bool, ask: Ask) -> str:
    """A day of the last year as ISO 8601 has it, with the time of the day where there is room.

    What ends is of the last month, and what starts is before that.
    """
    words = ask.context.words
    if "_birth" in words:
        return str(ask.context.today - timedelta(days=ask.faker.random.randint(6600, 26000)))
    first, last = (0, 30) if _LATE.search(words) else (31, 364) if _EARLY.search(words) else (0, 364)
    day = ask.context.today - timedelta(days=ask.faker.random.randint(first, last))
    hour, minute = ask.faker.random.randint(7, 18), ask.pick((0, 15, 30, 45))
    return ask.first_that_fits(f"{day} {hour:02}:{minute:02}", str(day)) if timed else str(day)


def _amount(plausible: PlausibleNumbers, ask: Ask) -> str:
    number = NumberDomain(_AMOUNT, UNCONSTRAINED, plausible).drawn(ask.faker.random)
    text = str(number)
    return text.partition(".")[0] if not plausible.digits else text


_AMOUNT = ColumnType("numeric(12,2)", "numeric", precision=12, scale=2)
_YEARS = 25
_EARLY = re.compile(r"_(start|from|since|open|opens|opening|earliest|birth|created|begin)_")
_LATE = re.compile(r"_(end|until|to|close|closes|closing|latest|final|deadline|expiry|expiration|updated)_")
_YEAR = re.compile(r"_year_$|^_year_")
_HOUR = re.compile(
    r"_(operating|opening|closing|business|office|shift|quiet)_(start|end|from|until|to|time)_$"
    r"|_(open|close|opens|closes|opening|closing)_(at|time)_$"
)
_DAY = re.compile(
    r"_date_$|^_date_|_on_$|_(birthday|deadline|expiry)_$|_available_(from|until|to)_$|_valid_(from|until|to)_$"
)
_MOMENT = re.compile(
    r"_(created|updated|deleted|modified|completed|started|finished|sent|signed|paid|last_\w+|first_\w+|\w+ed)_at_$"
    r"|_(arrival|departure|timestamp|datetime|eta|etd)_$|_(arrival|departure|delivery|pickup|start|end|check_in|check_out)_time_$"
    r"|_(route|trip|run|session|shift|period|window|event|visit|lease|contract)_(start|end)_$"
)
_FILE_SIZE = re.compile(r"_(file|image|attachment|download|upload)_size_$|_filesize_$")
_NUMBER = re.compile(
    r"_(amount|total|price|cost|fee|quantity|count|weight|salary|budget|percent|percentage)_$"
)


def _is_acronym(words: str) -> bool:
    """Whether a name is an abbreviation of which nothing is known, as ``cnpj``."""
    last = words.strip("_").split("_")[-1]
    return len(last) > 1 and last.isalpha() and not set("aeiouy") & set(last)


def _identifier(ask: Ask) -> str:
    """Two letters and digits, in as many characters as there are."""
    size = 8 if ask.most is None else min(8, ask.most)
    letters = "".join(ask.pick("ABCDEFGHKLMNPRSTW") for _ in range(2))
    return letters + ask.digits(size - len(letters))


def _is_told(context: Context) -> bool:
    """Whether a column holds a remark about a thing, and no name of it."""
    parts = context.words.strip("_").split("_")
    last = parts[-1]
    several = singular(last) != last and not last.endswith("ics")
    return several or _TOLD.search(last) is not None or not _PREPOSITIONS.isdisjoint(parts[:-1])


_TOLD = re.compile(
    r"(?<!sta)(?<!posi)(?<!loca)(?<!constella)(tion|sion|ment|ance|ence|ness|ism|down|out|sis|action)$|^(info|information)$"
)
_PREPOSITIONS = frozenset(("to", "for", "if", "how", "what", "where", "when", "why", "who"))


def _is_sort(context: Context) -> bool:
    """Whether a column tells of which sort its row is, rather than what belongs to it."""
    last = context.words.strip("_").split("_")[-1]
    return last in _TELLS_SORT or len(_phrase(context.words)) < _TELLING or last.endswith(("ed", "ing"))


# The least letters of a name that says anything.
_TELLING = 3
_SORT_WORDS = """
access arrangement availability basis behavior category class condition coverage degree frequency format form grade
group kind level method mode nature origin policy pattern phase preference priority profile quality regime scheme
scope source stage standard state status strategy style tier treatment type usage variant version
"""
_TELLS_SORT = frozenset(_SORT_WORDS.split())


def _is_person(words: str) -> bool:
    return is_doer(singular(words.strip("_").split("_")[-1]))


def is_doer(word: str) -> bool:
    """Whether a noun that nothing else is known of is a person's, as it looks: ``taster``, but not ``boiler``."""
    return is_person(word) or (_DOER.fullmatch(word) is not None and word not in _NO_DOERS)


# Who does something, by the end of the word, and things that end alike.
_DOER = re.compile(r"[a-z]{3,8}(er|tor|ssor|isor)")
_NO_DOER_WORDS = """
accelerator actuator adapter alternator amplifier announcement_layer banner barrier beaker binder blender boiler blocker
booster border bracketer buffer bumper burner cable_carrier calculator calendar carburetor carrier center charger
chapter character cleanser cluster collector_number compressor computer connector container converter cooler corner
counter cover_letter cover cutter cylinder descriptor detector diameter dishwasher divider dresser dryer elevator
equator error escalator excavator factor fertilizer fiber filer filler filter flavor floater folder footer freezer
fryer gender generator geyser gutter hammer hanger header heater humidifier identifier incubator indicator inverter
isolator joiner ladder layer lever liner liter locator locker manner marker master matter member_number meter mirror
mixer modifier monitor motor number offer operator_sign order other outer over oxidizer paper parameter partner_number
pepper perimeter placeholder pointer popover poster power preserver primer printer processor projector propeller
qualifier quarter radiator reactor reader receiver refrigerator register regulator remainder reminder repeater
resistor river roller rotor rubber ruler sampler scanner sealer sector selector semester sensor separator server
shelter shower shutter silver simulator slider specifier spinner splitter stabilizer starter sticker stopper summer
supercharger sweater tanker tower tractor trailer transformer transistor transmitter trigger trimester upper validator
vector ventilator water weather winter wrapper
"""
_NO_DOERS = frozenset(_NO_DOER_WORDS.split())


def _initials(words: str) -> str:
    """Letters for codes of a column: ``DIN`` for ``din``, ``KCRD`` for ``key_card``."""
    letters = re.sub("[aeiou_]", "", words) or words.strip("_")
    return letters[:3].upper()


def _number(letters: str, ask: Ask) -> str:
    """A code that tells rows apart, in as many characters as there are."""
    size = 9 if ask.most is None else min(9, ask.most)
    return f"{letters}-{ask.digits(size)}"[:size] if size > len(letters) + 1 else ask.digits(size)
