"""What a row is called: the texts of ``name`` and ``title``, by what the row is."""

from __future__ import annotations

from pytest_supaseed.values import names, topics
from pytest_supaseed.values import vocabulary as lists
from pytest_supaseed.values.contacts import COMPANIES, company, full_name, job
from pytest_supaseed.values.files import file_name
from pytest_supaseed.values.geography import LANGUAGES
from pytest_supaseed.values.people import PERSONS
from pytest_supaseed.values.writers import Ask, Write, adjective, noun, product

_LISTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("film movie", topics.FILMS),
    ("track song recording", topics.SONGS),
    ("album release_group record", topics.ALBUMS),
    ("artist band musician singer", topics.ARTISTS),
    ("book novel publication ebook", topics.BOOKS),
    ("course class lecture training module curriculum", topics.COURSES),
    ("subject discipline", topics.COURSES),
    ("event conference webinar meeting appointment happening session meetup", topics.EVENTS),
    ("task todo card story subtask checklist reminder", topics.TASKS),
    ("ticket case issue bug request incident complaint", topics.TICKETS),
    ("project initiative epic milestone sprint board", topics.PROJECTS),
    ("message mail email conversation thread inbox", topics.SUBJECTS),
    ("notification alert notice announcement", topics.NOTICES),
    ("review rating testimonial feedback", topics.REVIEWS),
    ("recipe meal dish menu", topics.RECIPES),
    ("ingredient food", topics.INGREDIENTS),
    ("role", topics.ROLES),
    ("permission privilege right scope ability", topics.PERMISSIONS),
    ("plan tier package pricing membership subscription edition", topics.PLANS),
    ("tag label keyword hashtag", topics.TAGS),
    ("skill competency technology", topics.SKILLS),
    ("department division", topics.DEPARTMENTS),
    ("group segment audience cohort community club", topics.GROUPS),
    ("team squad", topics.TEAMS),
    ("hotel motel hostel resort lodging accommodation", topics.HOTELS),
    ("venue", topics.VENUES),
    ("room", topics.ROOMS),
    ("device machine client", topics.DEVICES),
    ("job queue_job worker", topics.JOB_NAMES),
    ("metric measurement gauge indicator", topics.METRICS),
    ("campaign promotion newsletter offer discount coupon", topics.CAMPAIGNS),
    ("attribute property feature specification characteristic option", topics.ATTRIBUTES),
    ("unit uom measure", topics.UNITS),
    ("level grade difficulty proficiency", topics.LEVELS),
    ("floor", topics.FLOORS),
    ("medicine medication drug prescription treatment", topics.MEDICINES),
    ("diagnosis disease condition illness", topics.DIAGNOSES),
    ("species", topics.SPECIES),
    ("pet animal", topics.PETS),
    ("queue", topics.QUEUES),
    ("site warehouse depot branch location outlet facility", topics.SITES),
    ("channel", topics.CHANNELS),
    ("badge achievement award", topics.BADGES),
    ("vehicle car", tuple(f"{make} {model}" for make, model in topics.VEHICLES)),
    ("setup post playlist lesson chapter video episode podcast trip article page blog topic section news",
     lists.TITLES),
    ("category subcategory interest collection", lists.CATEGORIES),
    ("language", tuple(LANGUAGES.of(row, "name") for row in LANGUAGES.rows)),
    ("color colour", lists.COLORS),
    ("position occupation profession vacancy", names.JOBS),
    ("brand make", names.COMPANY_FIRST),
    ("setting config configuration preference", tuple(key for key, _ in topics.SETTINGS)),
    ("weekday", ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")),
    ("season term semester", ("Spring 2025", "Summer 2025", "Fall 2025", "Winter 2025")),
    ("status state stage phase", ("New", "Open", "In Progress", "On Hold", "Done", "Cancelled")),
    ("priority severity", ("Low", "Medium", "High", "Urgent")),
    ("tax", ("GST", "No Tax", "Reduced Rate", "Sales Tax", "Standard Rate", "VAT")),
    ("currency", ("US Dollar", "Euro", "Pound Sterling", "Canadian Dollar", "Swiss Franc", "Japanese Yen")),
    ("gender sex", ("Female", "Male", "Other")),
    ("type kind", ("Basic", "Standard", "Premium", "Custom", "Internal", "External")),
    ("token key", ("CI pipeline", "Dashboard", "Mobile app", "Reporting", "Staging", "Website")),
)  # fmt: skip
# What stands before an underscore in a pair cannot be told by one word.
_BY_THING: dict[str, Write] = {}


def _listed(words: tuple[str, ...]) -> Write:
    return lambda ask: str(ask.pick(words))


for _things, _words in _LISTS:
    _BY_THING.update(dict.fromkeys(_things.split(), _listed(_words)))
_BY_THING.update(dict.fromkeys(COMPANIES - {"hotel", "brand"}, company))
_BY_THING.update(
    dict.fromkeys(
        [
            "product",
            "item",
            "gear",
            "sku",
            "equipment",
            "good",
            "article_number",
            "part",
            "asset",
            "accessory",
        ],
        product,
    )
)
_BY_THING.update(dict.fromkeys(("file", "document", "attachment", "upload"), file_name))
_BY_THING.update(dict.fromkeys(("genre",), lambda ask: str(ask.pick(_genres(ask)))))
_MUSIC = ("track", "song", "album", "artist", "playlist", "media")


def _genres(ask: Ask) -> tuple[str, ...]:
    columns = {column.name.lower() for column in ask.context.table.columns}
    musical = {ask.context.subject} & {*_MUSIC} or columns & {"album", "artist", "bpm", "composer"}
    return topics.MUSIC_GENRES if musical else topics.GENRES


def genre(ask: Ask) -> str:
    """A genre of films or books, or of music."""
    return str(ask.pick(_genres(ask)))


def named(ask: Ask) -> str:
    """``name``, of whatever a row is."""
    found = thing_writer(ask.context.things)
    return found(ask) if found is not None else f"{adjective(ask)} {noun(ask)}"


def thing_writer(things: tuple[str, ...]) -> Write | None:
    """Return what names the first of several things that is known, None where none is.

    Args:
        things: what a column may be about, the nearest first.
    """
    for thing in things:
        if thing in PERSONS and thing not in ("account", "lead", "host"):
            return full_name
        if thing in _BY_THING:
            return _BY_THING[thing]
        if thing in PERSONS:
            return full_name
    return None


def title(ask: Ask) -> str:
    """A title, of whatever a row is: of a person, the job."""
    things = ask.context.things
    if ask.context.subject in PERSONS or things[0] in PERSONS or things[0] == "job":
        return job(ask)
    for thing in things:
        if thing in _BY_THING and _BY_THING[thing] is not company:
            return _BY_THING[thing](ask)
    return str(ask.pick(lists.TITLES))
