"""Names and titles of entities, by the entity that a row describes; copies of another column's text; prose; files.

The meanings stand behind the functions that write them.
"""

from __future__ import annotations

import re
from functools import partial

from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.model.identifiers import singular, spelt
from pytest_supaseed.model.type_families import is_search_vector
from pytest_supaseed.values.meanings import local_words, own_words
from pytest_supaseed.values.meanings.contacts import COMPANIES, company, full_name, job, username
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.meaning import (
    Ask,
    Derived,
    Meaning,
    Write,
    adjective,
    names_used,
    noun,
    product,
    text_columns,
    word,
)
from pytest_supaseed.values.meanings.people import COMPANY_FIRST, JOBS, PERSONS, is_person, without_marks
from pytest_supaseed.values.meanings.phrases import Phrases
from pytest_supaseed.values.meanings.wordlists import (
    ALBUMS,
    ARTISTS,
    ATTRIBUTES,
    BADGES,
    BOOKS,
    CAMPAIGNS,
    CATEGORIES,
    CHANNELS,
    COLORS,
    COURSES,
    DEPARTMENTS,
    DEVICES,
    DIAGNOSES,
    EVENTS,
    FILMS,
    FLOORS,
    GENRES,
    GROUPS,
    HOTELS,
    INGREDIENTS,
    JOB_NAMES,
    MEDICINES,
    METRICS,
    MUSIC_GENRES,
    NOTICES,
    PERMISSIONS,
    PETS,
    PLANS,
    PROJECTS,
    QUEUES,
    RECIPES,
    ROLE_TITLES,
    ROOMS,
    SETTINGS,
    SITES,
    SKILL_LEVELS,
    SKILLS,
    SONGS,
    SPECIES,
    SUBJECTS,
    TAGS,
    TASKS,
    TEAMS,
    TICKETS,
    TITLES,
    UNITS,
    VEHICLES,
    VENUES,
)

MIME_TYPES = {
    "pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "csv": "text/csv", "txt": "text/plain",
    "mp4": "video/mp4",
}  # fmt: skip


def path(ask: Ask) -> str:
    """A path: of an API route, a page, a branch of a tree or a file, by the entity of the row."""
    things = {ask.context.subject, *ask.context.things}
    if things & {"log", "request", "route", "endpoint", "webhook", "visit"}:
        return (
            f"/api/{ask.pick(('users', 'orders', 'products', 'invoices'))}/{ask.faker.random.randint(1, 900)}"
        )
    if things & {"category", "page", "menu", "node", "tree", "location", "department", "taxonomy"}:
        return f"/{word(ask)}/{word(ask)}"
    return f"/{word(ask)}/{file_name(ask)}"


def file_name(ask: Ask) -> str:
    """A file name with an extension."""
    kinds = ("jpg", "png") if _IMAGE.search(ask.context.words) else tuple(MIME_TYPES)
    return f"{word(ask)}-{ask.digits(4)}.{ask.pick(kinds)}"


_IMAGE = re.compile(r"_(image|photo|picture|avatar|logo|cover|thumbnail|banner|screenshot)_")


def file_columns(context: Context) -> tuple[str, ...]:
    """Return the columns that reveal a file's extension."""
    pattern = re.compile(r"_(file_name|original_name|path|extension|ext)_|^_name_$")
    return tuple(c.name for c in text_columns(context) if pattern.search(c.words))


def _extension(ask: Ask) -> str:
    texts = [ask.text_of(name).rpartition(".")[2].lower() for name in file_columns(ask.context)]
    known = next((text for text in texts if text in MIME_TYPES), None)
    return known or str(ask.pick(tuple(MIME_TYPES)))


def extension(ask: Ask) -> str:
    """A file extension; for a person, the extension of a phone number."""
    return ask.digits(3) if ask.context.subject in PERSONS else _extension(ask)


def mime_type(ask: Ask) -> str:
    """The MIME type that belongs to the file's extension."""
    return str(MIME_TYPES[_extension(ask)])


FILES = (
    Meaning("file name", r"_(file|original|stored|document)_name_", file_name),
    Meaning(
        "file extension", r"_(ext|extension)_", extension, file_columns, stages={1: r"_(extension|ext)_$"}
    ),
    Meaning(
        "MIME type", r"_mime_|_content_type_", mime_type, file_columns, stages={2: r"_mime_|_content_type_"}
    ),
)
PATHS = (
    Meaning("folder", r"_(folder|directory|dir)_", lambda ask: f"/{word(ask)}/{word(ask)}"),
    Meaning("path", r"_(path|filepath)_", path, essential="path"),
)


_LISTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("film movie", FILMS),
    ("track song recording", SONGS),
    ("album record", ALBUMS),
    ("artist band musician singer", ARTISTS),
    ("book novel publication ebook", BOOKS),
    ("course class lecture training module curriculum", COURSES),
    ("subject discipline", COURSES),
    ("event conference webinar meeting appointment happening session meetup", EVENTS),
    ("task todo card story subtask checklist", TASKS),
    ("ticket case issue bug request incident complaint", TICKETS),
    ("project initiative epic milestone sprint board", PROJECTS),
    ("message mail email conversation thread inbox", SUBJECTS),
    ("notification alert notice announcement", NOTICES),
    ("recipe meal dish menu", RECIPES),
    ("ingredient food", INGREDIENTS),
    ("role", ROLE_TITLES),
    ("permission privilege right scope ability", PERMISSIONS),
    ("plan tier package pricing membership subscription edition", PLANS),
    ("tag label keyword hashtag", TAGS),
    ("skill competency technology", SKILLS),
    ("department division", DEPARTMENTS),
    ("group segment audience cohort community club", GROUPS),
    ("team squad", TEAMS),
    ("hotel motel hostel resort lodging accommodation", HOTELS),
    ("venue", VENUES),
    ("room", ROOMS),
    ("device machine client", DEVICES),
    ("job worker", JOB_NAMES),
    ("metric measurement gauge indicator", METRICS),
    ("campaign promotion newsletter offer discount coupon", CAMPAIGNS),
    ("attribute property feature specification characteristic option", ATTRIBUTES),
    ("unit uom measure", UNITS),
    ("level grade difficulty proficiency", SKILL_LEVELS),
    ("floor", FLOORS),
    ("medicine medication drug prescription treatment", MEDICINES),
    ("diagnosis disease condition illness", DIAGNOSES),
    ("species", SPECIES),
    ("pet animal", PETS),
    ("queue", QUEUES),
    ("site warehouse depot branch location outlet facility", SITES),
    ("channel", CHANNELS),
    ("badge achievement award", BADGES),
    ("vehicle car", tuple(f"{make} {model}" for make, model in VEHICLES)),
    ("setup post playlist lesson chapter video episode podcast trip article page blog topic section news",
     TITLES),
    ("category subcategory interest collection", CATEGORIES),
    ("language", ("English", "German", "French", "Spanish", "Italian", "Dutch", "Portuguese", "Japanese", "Swedish")),
    ("color colour", COLORS),
    ("position occupation profession vacancy", JOBS),
    ("brand make", COMPANY_FIRST),
    ("setting config configuration preference", tuple(key for key, _ in SETTINGS)),
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
_BY_THING: dict[str, Write] = {}


def _local_or(write: Write, ask: Ask) -> str:
    """A word of the locale where Faker has words for it."""
    if not local_words.has_words(ask):
        return str(write(ask))
    things = (ask.context.words, ask.context.table.name.name)
    return local_words.word(ask, "category" if any("categor" in name for name in things) else "label")


def _local_or_product(write: Write, ask: Ask) -> str:
    return local_words.product(ask) if local_words.has_words(ask) else str(write(ask))


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
            "part",
            "asset",
            "accessory",
        ],
        partial(_local_or_product, product),
    )
)


_BY_THING.update(dict.fromkeys(("file", "document", "attachment", "upload"), file_name))


_BY_THING.update(dict.fromkeys(("genre",), lambda ask: str(ask.pick(_genres(ask)))))


for _thing in ("category", "subcategory", "collection", "tag", "label", "keyword"):
    _BY_THING[_thing] = partial(_local_or, _BY_THING[_thing])


_MUSIC = ("track", "song", "album", "artist", "playlist", "media")


def _genres(ask: Ask) -> tuple[str, ...]:
    columns = {column.name.lower() for column in ask.context.table.columns}
    musical = {ask.context.subject} & {*_MUSIC} or columns & {"album", "artist", "bpm", "composer"}
    return MUSIC_GENRES if musical else GENRES


def genre(ask: Ask) -> str:
    """A genre: of music if the table is about music, else of films and books."""
    return str(ask.pick(_genres(ask)))


def _named_things(context: Context) -> tuple[str, ...]:
    """What a name may be of: the word before it, or the table where that says only which of several names it is."""
    *named, _ = context.words.strip("_").split("_")
    own = tuple(map(singular, named[::-1]))
    if own and own_words.WHICH_NAME.isdisjoint(own) and own[0] != context.subject:
        return own
    head = tuple(map(singular, spelt(context.table.name.thing).strip("_").split("_")[::-1]))
    head = head[head.index(context.subject) :]
    known = head[0] in _BY_THING and not (len(head) > 1 and head[0] in _SORTS)
    if head[0] in _FACETS or len(head) == 1 or known or is_person(head[0]):
        if head[0] in ("product", "item") and len(head) > 1 and _PRODUCTS_OF.isdisjoint(head[1:]):
            return (f"{head[1]}_{head[0]}",)
        return context.things
    # A car park is no car.
    return (head[0], f"{head[1]}_{head[0]}")


# A class of cars is no class of a school.
_SORTS = frozenset(("class", "code", "grade", "group", "kind", "level", "option", "type", "unit"))
# What belongs to a thing and is called as the thing is.
_FACETS = frozenset(
    (
    "translation", "version", "variant", "revision", "history", "detail", "profile", "record", "snapshot", "copy",
    "draft", "localization", "text", "locale", "archive", "backup", "stage", "type", "master", "base", "log",
    "entry", "data",
)
)  # fmt: skip
# Before a product or an item in a table's name: what sells things of any kind.
_PRODUCTS_OF = frozenset(
    (
    "shop", "store", "order", "cart", "catalog", "purchase", "sale", "invoice", "inventory", "stock", "supplier",
    "vendor", "wishlist", "retail", "basket", "warehouse", "quote", "shipment", "delivery", "featured", "return",
    "auction",
)
)  # fmt: skip


def _named(context: Context) -> Derived:
    """A name that suits the entity, else one in the words of the table."""
    found = thing_writer(_named_things(context))
    sort = _sort_of(context) if found is not None and context.subject in ("product", "item") else ""
    if found is not None and sort:
        return partial(_of_sort, sort, found), (sort,)
    labelled = context.words.endswith("_label_")
    if found is not None and not (labelled and found is full_name):
        return found, _persons(context)
    if not labelled and context.words.count("_") > _ALONE and own_words.is_doer(_named_things(context)[0]):
        return full_name, names_used(context)
    return own_words.labelled(context, "name"), ()


# Underscores of a name of one word.
_ALONE = 2


def _sort_of(context: Context) -> str:
    """The column with the sort of a product, one of a few that say what it is; empty if there is none."""
    for column in context.earlier:
        if _SORT.search(column.words):
            domain = value_domain(context.table, column)
            labels = column.type.labels or domain.allowed or ()
            if labels and _WIDE_SORTS.isdisjoint(map(str, labels)):
                return column.name
    return ""


_SORT = re.compile(r"^_(product_|item_)?(category|type|kind)_$")
# Sorts that things of many kinds are of, and those that say nothing of what a thing is.
_WIDE_SORTS = frozenset((
    "accessories", "apparel", "beauty", "books", "bundle", "clothing", "digital", "electronics", "food",
    "furniture", "garden", "hardware", "health", "home", "kitchen", "music", "office", "one_time", "other",
    "outdoor", "physical", "recurring", "service", "services", "simple", "software", "sports", "standard",
    "subscription", "toys", "variable", "virtual",
))  # fmt: skip


def _of_sort(sort: str, otherwise: Write, ask: Ask) -> str:
    """The name of a product of the sort that its row has: ``Calm urn``."""
    label = ask.text_of(sort)
    if not label or not ask.english:
        return str(otherwise(ask))
    return f"{adjective(ask)} {' '.join(spelt(label).strip('_').split('_'))}"


def named(ask: Ask) -> str:
    """A name that suits the entity."""
    return str(_named(ask.context)[0](ask))


def thing_writer(things: tuple[str, ...]) -> Write | None:
    """Return the writer of names for the first entity that has one, None if none has.

    Args:
        things: entities that a column may be about, the nearest first.
    """
    for thing in things:
        if thing in PERSONS and thing not in ("account", "lead", "host"):
            return full_name
        if thing in _BY_THING:
            return _BY_THING[thing]
        if is_person(thing):
            return full_name
    return None


def _titled(context: Context) -> Derived:
    """A title that suits the entity, else one in the words of the table; for a person, a job title."""
    things = _named_things(context)
    if is_person(context.subject) or is_person(things[0]) or things[0] == "job":
        return job, ()
    known = (_BY_THING[thing] for thing in things if thing in _BY_THING)
    found = next((write for write in known if write is not company), None)
    english = found or own_words.labelled(context, "title")

    def write(ask: Ask) -> str:
        return local_words.title(ask) if local_words.has_words(ask) else str(english(ask))

    return write, ()


def _asked(context: Context) -> Derived:
    titled, follows = _titled(context)
    return lambda ask: f"{titled(ask)}?", follows


def normalized(ask: Ask) -> str:
    """Another column's text in upper case, as ASP.NET Identity stores it."""
    return ask.text_of(*repeated_columns(ask.context)).upper() or username(ask).upper()


def repeated(ask: Ask) -> str:
    """A copy of another column's text, as the legal name of a company or a title for search engines."""
    text = ask.text_of(*repeated_columns(ask.context))
    if text:
        return text
    return company(ask) if "_legal_" in ask.context.words else f"{adjective(ask)} {noun(ask)}"


def repeated_columns(context: Context) -> tuple[str, ...]:
    """Return the column that a normalized, legal or search engine column copies, if there is one."""
    wanted = re.sub(r"_(normalized|legal|meta|seo|og)_", "_", context.words)
    found = [(column.words, column.name) for column in text_columns(context)]
    same = [name for words, name in found if words == wanted]
    return tuple((same or [name for words, name in found if words in ("_title_", "_name_")])[:1])


def slug(ask: Ask) -> str:
    """The row's title as a URL slug."""
    source = ask.text_of(*slug_source(ask.context)) or f"{adjective(ask)} {noun(ask)}"
    slug = re.sub(r"[^a-z0-9]+", "-", without_marks(source)).strip("-") or ask.hex(8)
    if ask.context.unique and ask.faker.random.random() < 0.3:
        slug = f"{slug}-{ask.faker.random.randint(2, 99)}"
    return slug[: ask.most].strip("-") or ask.hex(1)


def slug_source(context: Context) -> tuple[str, ...]:
    """Return the column that a slug is derived from, if there is one."""
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
    by_name = {column.words.strip("_"): column.name for column in text_columns(context)}
    return next(((by_name[name],) for name in wanted if name in by_name), ())


def _prose(context: Context) -> Derived:
    """A few sentences about the table."""
    return _sentences("+1-3 {description}", 3, context)


def _sentence(context: Context) -> Derived:
    """One sentence about the table."""
    return _sentences("{description}", 1, context)


def _sentences(text: str, most: int, context: Context) -> Derived:
    phrases = Phrases(text, own_words.slots_about(context))

    def write(ask: Ask) -> str:
        if local_words.has_words(ask):
            return local_words.sentences(ask, 1, most)
        return phrases.drawn(ask.faker.random, ask.most)

    return write, ()


def _copied(context: Context) -> tuple[str, ...]:
    return (*repeated_columns(context), *names_used(context))


def _persons(context: Context) -> tuple[str, ...]:
    """The columns with names that a name follows, if it is a person's."""
    return names_used(context) if thing_writer(context.things) is full_name else ()


def _lexemes(ask: Ask) -> str:
    """The words of the row's title, name and texts with their positions, as PostgreSQL writes a ``tsvector``."""
    texts = [ask.text_of(name) for name in _searched(ask.context)]
    words = re.findall("[a-z0-9]+", without_marks(" ".join(texts))) or [word(ask), word(ask)]
    found: dict[str, list[str]] = {}
    for at, said in enumerate(words[:_LEXEMES], 1):
        found.setdefault(said, []).append(str(at))
    return " ".join(f"'{said}':{','.join(found[said])}" for said in sorted(found))


_LEXEMES = 12


def _searched(context: Context) -> tuple[str, ...]:
    return tuple(column.name for column in text_columns(context) if _SEARCHED.search(column.words))[:3]


_SEARCHED = re.compile(r"_(title|name|headline|subject|label|description|summary|body|content)_$")
SEARCH = Meaning(
    "words that are searched",
    "",
    _lexemes,
    _searched,
    types=is_search_vector,
    comments=False,
    stages={8: r"_(search|tsv|tsvector|fts|textsearch)_"},
)
NORMALIZED = Meaning("normalized text", r"_normalized_", normalized, _copied, stages={7: r"_normalized_"})
REPEATED = Meaning(
    "copy of a title or name",
    r"_(meta|seo|og)_(title|name)_|_legal_name_",
    repeated,
    _copied,
    stages={2: r"_(meta|seo|og)_title_|_legal_name_"},
)
SLUG = Meaning(
    "slug", r"_(slug|permalink)_", slug, slug_source, stages={6: r"_(slug|permalink)_"}, essential="slug"
)
TEXTS = (
    Meaning(
        "prose",
        r"_(description|bio|biography|body|content|contents|summary|comment|comments|note|notes|message|text|about|excerpt"
        r"|details|review|abstract|remark|remarks|feedback|instructions|overview|answer|synopsis|plot|lyrics|html|markdown|memo"
        r"|stack_trace|requests|justification|terms|story|explanation)_",
        derive=_prose,
        essential="body|content|message|text|answer",
    ),
    Meaning(
        "sentence",
        r"_(reason|caption|tagline|slogan|hint|tooltip|headline|subtitle|motto|alt)_",
        derive=_sentence,
    ),
)
GENRE = Meaning("genre", r"_(genre|genres)_", genre)
TITLES_OF_ENTITIES = (
    Meaning("question", r"_question_", derive=_asked, essential="question"),
    Meaning("title", r"_(title|heading|subject)_", derive=_titled, essential="title|subject"),
)
NAME = Meaning(
    "name", r"_(name|label|names)_$", derive=_named, stages={1: r"^_name_$"}, essential="name|label"
)
