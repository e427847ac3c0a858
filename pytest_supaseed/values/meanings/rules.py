"""Rules that choose the writer of a text column, by the table, the normalized column name or the column's comment.

Begin at :func:`writer`, which returns the writer and the columns that its texts are derived from. Tried in this order:
:func:`special_writer`, ``RULES[0]``, address data, the word lists, and the rest of :data:`RULES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.type_families import is_padded_text
from pytest_supaseed.values.meanings import contacts, titles
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.finance import bic, card, ean, iban, imei, isbn_number, ssn, vin
from pytest_supaseed.values.meanings.people import (
    ACCOUNT_NAME,
    COMPANY_FIRST,
    FIRST_NAME,
    FULL_NAME,
    LAST_NAME,
    PERSONS,
)
from pytest_supaseed.values.meanings.places import place_writer, street, street_name
from pytest_supaseed.values.meanings.titles import normalized, repeated, repeated_columns, slug, slug_source
from pytest_supaseed.values.meanings.web import extension, file_columns, file_name, mime_type, path
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
    SETTINGS,
    SKILLS,
    STATUSES,
    TAGS,
    TEAMS,
    TYPES,
    VEHICLES,
    VENUES,
    choices_for,
    words_for,
)
from pytest_supaseed.values.meanings.writer import (
    Ask,
    Write,
    adjective,
    fitting,
    names_used,
    noun,
    one_fitting,
    one_of,
    product,
    text_columns,
    word,
)
from pytest_supaseed.values.types.text import longest
from pytest_supaseed.values.types.vocabulary import CATEGORIES, COLORS, LOCALES, NOUNS, ROLES, SENTENCES


def secret(ask: Ask) -> str:
    """A hash, token or key."""
    most, words = ask.most, ask.context.words
    if "_password_" in words and (most is None or most >= 60):
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./"
        return "$2b$12$" + "".join(ask.faker.random.choices(letters, k=53))
    size = 32 if "_md_5_" in words else 40 if "_sha_1_" in words else 64
    return ask.hex(size if most is None else max(1, min(size, most)))


def prose(ask: Ask) -> str:
    """A few sentences."""
    most = ask.most
    count = ask.faker.random.randint(1, 4 if most is None or most > 200 else 2)
    return " ".join(ask.faker.random.sample(SENTENCES, count))


def sentence(ask: Ask) -> str:
    """One sentence."""
    return str(ask.pick(SENTENCES))


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


def code(ask: Ask) -> str:
    """An article number or similar code."""
    letters = "".join(ask.faker.random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=3))
    most = 8 if ask.most is None else ask.most
    return f"{letters}-{ask.digits(4)}" if most >= 8 else f"{letters}{ask.digits(5)}"[: max(most, 1)]


def isbn(ask: Ask) -> str:
    """An ISBN with its check digit."""
    return isbn_number("_10_" in ask.context.words or (ask.most or 13) < 13, ask.faker.random)


def color(ask: Ask) -> str:
    """A colour by name, or as a hexadecimal code."""
    if "_hex_" in ask.context.words or "_code_" in ask.context.words or ask.most == 7:
        return f"#{ask.hex(6)}"
    return str(ask.pick(COLORS))


def special_writer(context: Context) -> tuple[Write, tuple[str, ...]] | None:
    """Return the writer of a text that depends on the table more than on the column's name.

    Returns:
        The writer and the columns that it reads; None if the name decides.
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
        return (lambda ask: str(ask.pick(SETTINGS)[0])), ()
    if subject in ("setting", "config", "configuration", "preference") and bare in ("value", "default_value"):
        keys = tuple(c.name for c in text_columns(context) if spelt(c.name).strip("_") in ("key", "name"))
        return (lambda ask: dict(SETTINGS).get(ask.text_of(*keys), "10")), keys
    if subject in ("permission", "privilege") and bare in ("key", "code", "slug", "identifier"):
        same = tuple(
            c.name for c in text_columns(context) if spelt(c.name).strip("_") in ("name", "key", "code")
        )
        return (lambda ask: ask.text_of(*same) or titles.named(ask)), same
    if subject == "event" and bare in ("type", "event_type", "kind", "category") and _is_appointed(context):
        return one_of(("conference", "workshop", "meetup", "webinar", "concert")), ()
    if subject == "address" and bare in ("label", "name", "type", "kind"):
        return one_of(
            ("Home", "Work", "Billing", "Shipping") if bare == "label" else ("home", "work", "billing")
        ), ()
    if subject == "language" and bare in ("direction", "text_direction"):
        return one_of(("ltr",)), ()
    if bare == "label" and subject in ("album", "track", "song", "release"):
        return contacts.company, ()
    if {subject, *things} & {"vehicle", "car", "fleet"} and bare in ("make", "model"):
        makes = tuple(c.name for c in text_columns(context) if spelt(c.name) == "_make_" and bare == "model")
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
        return product, ()
    if bare == "position" and subject in ("player", "athlete"):
        return one_of(("Goalkeeper", "Defender", "Midfielder", "Forward")), ()
    if bare == "rating" and subject in ("film", "movie"):
        return one_of(("G", "PG", "PG-13", "R")), ()
    if bare == "size" and {"company", "organization"} & {*things}:
        return one_of(("1-10", "11-50", "51-200", "201-500", "500+")), ()
    if bare in ("description", "desc_text") and subject in ("region", "territory"):
        return place_writer(context) or (prose, ())
    return None


def _vehicle(ask: Ask, makes: tuple[str, ...]) -> str:
    made = [model for make, model in VEHICLES if make == ask.text_of(*makes)]
    return str(ask.pick(made) if made else ask.pick(VEHICLES)[0 if ask.context.words == "_make_" else 1])


def _is_appointed(context: Context) -> bool:
    return any(
        re.search(r"_(start|starts|begins|end|ends)_", spelt(column.name)) for column in context.table.columns
    )


_Write = Write


def _coded(make: Callable[..., str]) -> _Write:
    return lambda ask: make(ask.faker.random)


def _version(ask: Ask) -> str:
    return ".".join(str(ask.faker.random.randint(low, 20)) for low in (1, 0, 0))


def _number(ask: Ask) -> str:
    """The number that an entity is known by: a version for a release, a running number for a build."""
    things = {*ask.context.things}
    if {"version", "release"} & things:
        return _version(ask)
    if {"build", "job", "run", "issue", "page", "chapter", "episode", "track", "floor"} & things:
        return str(ask.faker.random.randint(1, 9_999))
    return code(ask)


# Patterns of normalized names, of which the first match counts.
_FIRST: tuple[tuple[str | re.Pattern[str], _Write], ...] = (
    (r"_normalized_", normalized),
    (r"_email_(?!subject|body|text|status|type|template|confirmed)|_mail_$|email_$", contacts.email),
    (FIRST_NAME, contacts.first_name),
    (r"_middle_name_", contacts.first_name),
    (r"_middle_initial_|_initial_$", lambda ask: ask.pick("ABCDEFGHJKLMNPRSTW")),
    (LAST_NAME, contacts.last_name),
    (r"_maiden_name_", contacts.last_name),
    (ACCOUNT_NAME, contacts.username),
    (r"_(gender|sex)_", contacts.gender),
    (r"_(courtesy|salutation|honorific)_|_name_prefix_", contacts.salutation),
    (r"_(token|payment|entity|card|body|device|file)_type_|_(\w+able)_type_", kind),
    (r"(?<!_mime)(?<!_content)(?<!_blood)_type_$|^_(kind|variant|mode)_$|_kind_$", kind),
    (r"_(status|state|stage|condition)_$", status),
)  # fmt: skip
_SECOND: tuple[tuple[str | re.Pattern[str], _Write], ...] = (
    (r"_(street|house|building)_(number|no)_|^_house_$", lambda ask: str(ask.faker.random.randint(1, 180))),
    (r"_po_box_", lambda ask: f"PO Box {ask.faker.random.randint(10, 9999)}"),
    (r"_(meta|seo|og)_(title|name)_|_legal_name_", repeated),
    (r"_(insurance|service|care|health|healthcare|internet|shipping|hosting)_provider_(name_)?$|_insurer_$"
     r"|_trade_name_|_business_name_|_company_name_|_(org|organization)_name_|_doing_business_as_",
     contacts.company),
    (FULL_NAME, contacts.full_name),
    (r"_(card|cc)_(number|no)_|_card_$", _coded(card)),
    (r"_(last_4|last_four|card_last)_", lambda ask: card(ask.faker.random)[-4:]),
    (r"_(cvv|cvc|csc)_", lambda ask: ask.digits(3)),
    (r"_(password|passwd|hash|digest|checksum|salt|token|secret|signature|fingerprint|sha|md|etag|jwt|nonce|stamp|bytea)_"
     r"|_(api|access|private|public|secret|encryption|license)_key_|_session_id_|_hashed_", secret),
    (r"_(calling|dialing|dial)_code_|_phone_(code|prefix)_", lambda ask: ask.pick(("+1", "+33", "+44", "+49", "+81"))),
    (r"_(phone|mobile|fax|whatsapp|hotline|landline)_(?!type|label)", contacts.phone),
    (r"_(file|original|stored|document)_name_", file_name),
    (r"_phone_extension_", lambda ask: ask.digits(3)),
    (r"_(ext|extension)_", extension),
    (r"_mime_|_content_type_", mime_type),
    (r"^_brand_$|_brand_name_", lambda ask: str(ask.pick(COMPANY_FIRST))),
    (r"^_(abbreviation|abbr|initials)_$", lambda ask: "".join(ask.pick("ABCDEFGHKLMNPRSTW") for _ in range(3))),
    (r"_(asin|mrn|isrc|license_plate|plate|registration|gtin|mpn)_$", code),
    (r"_(folder|directory|dir)_", lambda ask: f"/{word(ask)}/{word(ask)}"),
    (r"_(path|filepath)_", path),
    (r"_(domain|hostname|host|subdomain)_$", contacts.host),
    (r"_(url|uri|href|website|homepage|link|avatar|image|img|photo|picture|thumbnail|thumb|logo|banner|poster"
     r"|screenshot|referrer|referer|callback|endpoint|webhook)_", contacts.url),
    (r"_(slug|permalink)_", slug),
    (r"_ip_|_ipv_|_ip_address_", contacts.ip),
    (r"_mac_", lambda ask: ":".join(("02", *(ask.hex(2) for _ in range(5))))),
    (r"_locale_|_culture_", one_of(LOCALES)),
    (r"_(line|address|street)_?2_|_(apartment|unit_number|suite)_",
     lambda ask: f"Apt. {ask.faker.random.randint(1, 99)}"),
    (r"_(street_name|street_only)_", street_name),
    (r"_(street|address)_|_line_1_", street),
    (r"_job_(title|name|role)?_?$|_occupation_|_profession_|_designation_", contacts.job),
    (r"_(isbn)_", isbn),
    (r"_iban_", _coded(iban)),
    (r"_(bic|swift)_", lambda ask: bic(ask.most, ask.faker.random)),
    (r"_(ean|gtin|barcode|ean_13|jan)_", lambda ask: ean(ask.most, ask.faker.random)),
    (r"_upc_", lambda ask: ean(min(12, ask.most or 12), ask.faker.random)),
    (r"_vin_", _coded(vin)),
    (r"_imei_", _coded(imei)),
    (r"_ssn_|_social_security_", _coded(ssn)),
    (r"_(account|routing|customer|registration|passport|insurance|policy|phone_id|tax|vat|duns)_(number|no|id)_|_duns_",
     lambda ask: ask.digits(min(9, ask.most or 9))),
    (r"_(color)_", color),
    (r"_(tracking)_", lambda ask: f"TRK{ask.digits(10)}"[: ask.most]),
    (r"_(uuid|guid|correlation_id|trace_id|request_id)_",
     lambda ask: f"{ask.hex(8)}-{ask.hex(4)}-4{ask.hex(3)}-a{ask.hex(3)}-{ask.hex(12)}"),
    (r"_(version|semver)_", _version),
    (r"_method_$", lambda ask: str(ask.pick(
        ("GET", "POST", "PUT", "DELETE") if {"log", "request", "webhook", "route"} & {*ask.context.things}
        else ("card", "cash", "invoice", "transfer")))),
    (r"_(ticker|stock_symbol)_", lambda ask: "".join(ask.pick("ABCDEFGHKLMNPRSTX") for _ in range(4))),
    (r"_(jersey|seat_no|room_no|room|room_number|table_no|lot|locker|row)_$", lambda ask: f"{ask.digits(3)}"),
    (r"^_(model|model_name|make)_$", lambda ask: f"{ask.pick(NOUNS)} {ask.pick('ABCEGKLMRSTX')}{ask.digits(2)}"),
)  # fmt: skip
_THIRD: tuple[tuple[str | re.Pattern[str], _Write], ...] = (
    (r"_(description|bio|biography|body|content|contents|summary|comment|comments|note|notes|message|text|about|excerpt"
     r"|details|review|abstract|remark|remarks|feedback|instructions|overview|answer|synopsis|plot|lyrics|html|markdown|memo"
     r"|stack_trace|requests|justification|terms|story|explanation)_", prose),
    (r"_(reason|caption|tagline|slogan|hint|tooltip|headline|subtitle|motto|alt)_", sentence),
    (r"_(role|roles)_", lambda ask: fitting(ask, ROLES)),
    (r"_(priority|urgency)_", lambda ask: fitting(ask, PRIORITIES)),
    (r"_(level|severity|difficulty|importance|tier|seniority|rank)_", level),
    (r"^_(number|no)_$", _number),
    (r"_(sku|code|serial|reference|ref|number|no|coupon|voucher|plate)_$|_code_|_id_$", code),
    (r"_method_", one_of(("card", "cash", "invoice", "transfer"))),
    (r"^_(plan|package|tier)_$|_plan_$", lambda ask: str(ask.pick(PLANS)).lower()),
    (r"_(genre|genres)_", titles.genre),
    (r"_(tag|tags|label|labels)_$", lambda ask: str(ask.pick(TAGS))),
    (r"_(skill|skills)_", lambda ask: str(ask.pick(SKILLS))),
    (r"_(department|dept)_", lambda ask: str(ask.pick(DEPARTMENTS))),
    (r"_(diagnosis|disease)_", lambda ask: str(ask.pick(DIAGNOSES))),
    (r"_(medication|medicine|drug)_", lambda ask: str(ask.pick(MEDICINES))),
    (r"_(ingredient|ingredients)_", lambda ask: str(ask.pick(INGREDIENTS))),
    (r"_(category|categories|topic|topics|interests|section)_",
     lambda ask: str(ask.pick(CATEGORIES)).lower() if ask.context.column.type.array
     else str(ask.pick(CATEGORIES))),
    (r"_question_", lambda ask: f"{titles.title(ask)}?"),
    (r"_(title|heading|subject)_", titles.title),
    (r"_(artist|band)_$", lambda ask: str(ask.pick(ARTISTS))),
    (r"_(album)_$", lambda ask: str(ask.pick(ALBUMS))),
    (r"_(venue)_$", lambda ask: str(ask.pick(VENUES))),
    (r"_(campaign)_", lambda ask: str(ask.pick(CAMPAIGNS))),
    (r"_(team|club)_(name_)?$", lambda ask: str(ask.pick(TEAMS))),
    (r"_(project)_$", lambda ask: str(ask.pick(PROJECTS))),
    (r"_(company|organization|employer|manufacturer|vendor|supplier|publisher|merchant|counterparty|label)_$",
     contacts.company),
    (r"_position_$", contacts.job),
    (r"_(currency_name)_", word),
    (r"_(name|label|names)_$", titles.named),
    (r"_(key|identifier|namespace|group|prefix)_$", lambda ask: f"{word(ask)}_{noun(ask).lower()}"),
    (r"_(value)_$", lambda ask: str(ask.pick(("10", "25", "100", "true", "false", "enabled", "light", "weekly")))),
)  # fmt: skip


def _compiled(
    rules: tuple[tuple[str | re.Pattern[str], _Write], ...],
) -> tuple[tuple[re.Pattern[str], _Write], ...]:
    return tuple((re.compile(p) if isinstance(p, str) else p, write) for p, write in rules)


RULES = tuple(map(_compiled, (_FIRST, _SECOND, _THIRD)))


def writer(context: Context) -> tuple[Write, tuple[str, ...]]:
    """Return the writer of a column's texts, and the columns that these are derived from."""
    write, used = _chosen(context)
    if write in _FOLLOWS_NAMES or (
        write is titles.named and titles.thing_writer(context.things) is contacts.full_name
    ):
        used = (*used, *names_used(context))
    if write is contacts.email:
        used = (*used, *contacts.account_columns(context))
    if write in (contacts.email, contacts.url, contacts.host):
        used = (*used, *contacts.company_columns(context))
    if write in (normalized, repeated):
        used = (*used, *repeated_columns(context), *names_used(context))
    if write in (extension, mime_type):
        used = (*used, *file_columns(context))
    if write is slug:
        used = (*used, *slug_source(context))
    return write, tuple(dict.fromkeys(used))


_FOLLOWS_NAMES = (contacts.email, contacts.username, contacts.full_name, contacts.gender, contacts.salutation)


def _chosen(context: Context) -> tuple[Write, tuple[str, ...]]:
    """The writer of a column, and the columns that it reads, other than names of persons and companies."""
    special = special_writer(context)
    if special is not None:
        return special
    found = _by_words(context, context.words)
    if found is None and context.column.comment:
        # No rule matches the name: one may match the comment's first sentence.
        found = _by_words(context, spelt(context.column.comment.partition(".")[0]))
    if found is not None:
        return found
    most = longest(context.column.type, context.facts)
    if is_padded_text(context.column.type) and most is not None and most <= 12:
        return lambda ask: "".join(ask.faker.random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=most)), ()
    return lambda ask: f"{adjective(ask)} {noun(ask)}".capitalize(), ()


def _by_words(context: Context, words: str) -> tuple[Write, tuple[str, ...]] | None:
    about = context if words == context.words else context.called(words)
    for at in range(len(RULES)):
        if at == 1:
            place = place_writer(about)
            if place is not None:
                return place
            listed = choices_for(words)
            if listed:
                return one_fitting(listed), ()
        found = _matched(at, words)
        if found is not None and not (at == 0 and found is status and _is_region(about, words)):
            return found, ()
    return None


@lru_cache(maxsize=4096)
def _matched(at: int, words: str) -> Write | None:
    return next((write for pattern, write in RULES[at] if pattern.search(words)), None)


def _is_region(context: Context, words: str) -> bool:
    return words.endswith("_state_") and place_writer(context) is not None
