"""Which kind of text a column holds, by its name; where that says nothing, by its comment."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from pytest_supaseed.values import (
    addresses,
    codes,
    contacts,
    files,
    kinds,
    names,
    repeating,
    titles,
    topics,
    writers,
)
from pytest_supaseed.values import vocabulary as lists
from pytest_supaseed.values.choices import choices_for
from pytest_supaseed.values.context import Context
from pytest_supaseed.values.people import ACCOUNT_NAME, FIRST_NAME, FULL_NAME, LAST_NAME
from pytest_supaseed.values.places import place_writer
from pytest_supaseed.values.special import special_writer
from pytest_supaseed.values.texts import longest
from pytest_supaseed.values.words import spelt

_Write = writers.Write


def _coded(make: Callable[..., str]) -> _Write:
    return lambda ask: make(ask.faker.random)


def _version(ask: writers.Ask) -> str:
    return ".".join(str(ask.faker.random.randint(low, 20)) for low in (1, 0, 0))


def _number(ask: writers.Ask) -> str:
    """The number of a thing that others know by it: a release has a version, a build is counted."""
    things = {*ask.context.things}
    if {"version", "release"} & things:
        return _version(ask)
    if {"build", "job", "run", "issue", "page", "chapter", "episode", "track", "floor"} & things:
        return str(ask.faker.random.randint(1, 9_999))
    return writers.code(ask)


# The first that fits counts; a name is written with an underscore around each word. Before these come the places,
# after them the lists of choices.
_FIRST: tuple[tuple[str | re.Pattern[str], _Write], ...] = (
    (r"_normalized_", repeating.normalized),
    (r"_email_(?!subject|body|text|status|type|template|confirmed)|_mail_$|email_$", contacts.email),
    (FIRST_NAME, contacts.first_name),
    (r"_middle_name_", contacts.first_name),
    (r"_middle_initial_|_initial_$", lambda ask: ask.pick("ABCDEFGHJKLMNPRSTW")),
    (LAST_NAME, contacts.last_name),
    (r"_maiden_name_", contacts.last_name),
    (ACCOUNT_NAME, contacts.username),
    (r"_(gender|sex)_", contacts.gender),
    (r"_(courtesy|salutation|honorific)_|_name_prefix_", contacts.salutation),
    (r"_(token|payment|entity|card|body|device|file)_type_|_(\w+able)_type_", writers.kind),
    (r"(?<!_mime)(?<!_content)(?<!_blood)_type_$|^_(kind|variant|mode)_$|_kind_$", writers.kind),
    (r"_(status|state|stage|condition)_$", writers.status),
)  # fmt: skip
_SECOND: tuple[tuple[str | re.Pattern[str], _Write], ...] = (
    (r"_(street|house|building)_(number|no)_|^_house_$", lambda ask: str(ask.faker.random.randint(1, 180))),
    (r"_po_box_", lambda ask: f"PO Box {ask.faker.random.randint(10, 9999)}"),
    (r"_(meta|seo|og)_(title|name)_|_legal_name_", repeating.repeated),
    (r"_(insurance|service|care|health|healthcare|internet|shipping|hosting)_provider_(name_)?$|_insurer_$"
     r"|_trade_name_|_business_name_|_company_name_|_(org|organization)_name_|_doing_business_as_",
     contacts.company),
    (FULL_NAME, contacts.full_name),
    (r"_(card|cc)_(number|no)_|_card_$", _coded(codes.card)),
    (r"_(last_4|last_four|card_last)_", lambda ask: codes.card(ask.faker.random)[-4:]),
    (r"_(cvv|cvc|csc)_", lambda ask: ask.digits(3)),
    (r"_(password|passwd|hash|digest|checksum|salt|token|secret|signature|fingerprint|sha|md|etag|jwt|nonce|stamp|bytea)_"
     r"|_(api|access|private|public|secret|encryption|license)_key_|_session_id_|_hashed_", writers.secret),
    (r"_(calling|dialing|dial)_code_|_phone_(code|prefix)_", lambda ask: ask.pick(("+1", "+33", "+44", "+49", "+81"))),
    (r"_(phone|mobile|fax|whatsapp|hotline|landline)_(?!type|label)", contacts.phone),
    (r"_(file|original|stored|document)_name_", files.file_name),
    (r"_phone_extension_", lambda ask: ask.digits(3)),
    (r"_(ext|extension)_", files.extension),
    (r"_mime_|_content_type_", files.mime_type),
    (r"^_brand_$|_brand_name_", lambda ask: str(ask.pick(names.COMPANY_FIRST))),
    (r"^_(abbreviation|abbr|initials)_$", lambda ask: "".join(ask.pick("ABCDEFGHKLMNPRSTW") for _ in range(3))),
    (r"_(asin|mrn|isrc|license_plate|plate|registration|gtin|mpn)_$", writers.code),
    (r"_(folder|directory|dir)_", lambda ask: f"/{writers.word(ask)}/{writers.word(ask)}"),
    (r"_(path|filepath)_", files.path),
    (r"_(domain|hostname|host|subdomain)_$", contacts.host),
    (r"_(url|uri|href|website|homepage|link|avatar|image|img|photo|picture|thumbnail|thumb|logo|banner|poster"
     r"|screenshot|referrer|referer|callback|endpoint|webhook)_", contacts.url),
    (r"_(slug|permalink)_", repeating.slug),
    (r"_ip_|_ipv_|_ip_address_", contacts.ip),
    (r"_mac_", lambda ask: ":".join(("02", *(ask.hex(2) for _ in range(5))))),
    (r"_locale_|_culture_", writers.one_of(lists.LOCALES)),
    (r"_(line|address|street)_?2_|_(apartment|unit_number|suite)_",
     lambda ask: f"Apt. {ask.faker.random.randint(1, 99)}"),
    (r"_(street_name|street_only)_", addresses.street_name),
    (r"_(street|address)_|_line_1_", addresses.street),
    (r"_job_(title|name|role)?_?$|_occupation_|_profession_|_designation_", contacts.job),
    (r"_(isbn)_", writers.isbn),
    (r"_iban_", _coded(codes.iban)),
    (r"_(bic|swift)_", lambda ask: codes.bic(ask.most, ask.faker.random)),
    (r"_(ean|gtin|barcode|ean_13|jan)_", lambda ask: codes.ean(ask.most, ask.faker.random)),
    (r"_upc_", lambda ask: codes.ean(min(12, ask.most or 12), ask.faker.random)),
    (r"_vin_", _coded(codes.vin)),
    (r"_imei_", _coded(codes.imei)),
    (r"_ssn_|_social_security_", _coded(codes.ssn)),
    (r"_(account|routing|customer|registration|passport|insurance|policy|phone_id|tax|vat|duns)_(number|no|id)_|_duns_",
     lambda ask: ask.digits(min(9, ask.most or 9))),
    (r"_(color)_", writers.color),
    (r"_(tracking)_", lambda ask: f"TRK{ask.digits(10)}"[: ask.most]),
    (r"_(uuid|guid|correlation_id|trace_id|request_id)_",
     lambda ask: f"{ask.hex(8)}-{ask.hex(4)}-4{ask.hex(3)}-a{ask.hex(3)}-{ask.hex(12)}"),
    (r"_(version|semver)_", _version),
    (r"_method_$", lambda ask: str(ask.pick(
        ("GET", "POST", "PUT", "DELETE") if {"log", "request", "webhook", "route"} & {*ask.context.things}
        else ("card", "cash", "invoice", "transfer")))),
    (r"_(ticker|stock_symbol)_", lambda ask: "".join(ask.pick("ABCDEFGHKLMNPRSTX") for _ in range(4))),
    (r"_(jersey|seat_no|room_no|room|room_number|table_no|lot|locker|row)_$", lambda ask: f"{ask.digits(3)}"),
    (r"^_(model|model_name|make)_$", lambda ask: f"{ask.pick(lists.NOUNS)} {ask.pick('ABCEGKLMRSTX')}{ask.digits(2)}"),
)  # fmt: skip
_THIRD: tuple[tuple[str | re.Pattern[str], _Write], ...] = (
    (r"_(description|bio|biography|body|content|contents|summary|comment|comments|note|notes|message|text|about|excerpt"
     r"|details|review|abstract|remark|remarks|feedback|instructions|overview|answer|synopsis|plot|lyrics|html|markdown|memo"
     r"|stack_trace|requests|justification|terms|story|explanation)_", writers.prose),
    (r"_(reason|caption|tagline|slogan|hint|tooltip|headline|subtitle|motto|alt)_", writers.sentence),
    (r"_(role|roles)_", lambda ask: writers.fitting(ask, lists.ROLES)),
    (r"_(priority|urgency)_", lambda ask: writers.fitting(ask, kinds.PRIORITIES)),
    (r"_(level|severity|difficulty|importance|tier|seniority|rank)_", writers.level),
    (r"^_(number|no)_$", _number),
    (r"_(sku|code|serial|reference|ref|number|no|coupon|voucher|plate)_$|_code_|_id_$", writers.code),
    (r"_method_", writers.one_of(("card", "cash", "invoice", "transfer"))),
    (r"^_(plan|package|tier)_$|_plan_$", lambda ask: str(ask.pick(topics.PLANS)).lower()),
    (r"_(genre|genres)_", titles.genre),
    (r"_(tag|tags|label|labels)_$", lambda ask: str(ask.pick(topics.TAGS))),
    (r"_(skill|skills)_", lambda ask: str(ask.pick(topics.SKILLS))),
    (r"_(department|dept)_", lambda ask: str(ask.pick(topics.DEPARTMENTS))),
    (r"_(diagnosis|disease)_", lambda ask: str(ask.pick(topics.DIAGNOSES))),
    (r"_(medication|medicine|drug)_", lambda ask: str(ask.pick(topics.MEDICINES))),
    (r"_(ingredient|ingredients)_", lambda ask: str(ask.pick(topics.INGREDIENTS))),
    (r"_(category|categories|topic|topics|interests|section)_",
     lambda ask: str(ask.pick(lists.CATEGORIES)).lower() if ask.context.column.type.array
     else str(ask.pick(lists.CATEGORIES))),
    (r"_question_", lambda ask: f"{titles.title(ask)}?"),
    (r"_(title|heading|subject)_", titles.title),
    (r"_(artist|band)_$", lambda ask: str(ask.pick(topics.ARTISTS))),
    (r"_(album)_$", lambda ask: str(ask.pick(topics.ALBUMS))),
    (r"_(venue)_$", lambda ask: str(ask.pick(topics.VENUES))),
    (r"_(campaign)_", lambda ask: str(ask.pick(topics.CAMPAIGNS))),
    (r"_(team|club)_(name_)?$", lambda ask: str(ask.pick(topics.TEAMS))),
    (r"_(project)_$", lambda ask: str(ask.pick(topics.PROJECTS))),
    (r"_(company|organization|employer|manufacturer|vendor|supplier|publisher|merchant|counterparty|label)_$",
     contacts.company),
    (r"_position_$", contacts.job),
    (r"_(currency_name)_", writers.word),
    (r"_(name|label|names)_$", titles.named),
    (r"_(key|identifier|namespace|group|prefix)_$", lambda ask: f"{writers.word(ask)}_{writers.noun(ask).lower()}"),
    (r"_(value)_$", lambda ask: str(ask.pick(("10", "25", "100", "true", "false", "enabled", "light", "weekly")))),
)  # fmt: skip


def _compiled(
    rules: tuple[tuple[str | re.Pattern[str], _Write], ...],
) -> tuple[tuple[re.Pattern[str], _Write], ...]:
    return tuple((re.compile(p) if isinstance(p, str) else p, write) for p, write in rules)


RULES = tuple(map(_compiled, (_FIRST, _SECOND, _THIRD)))


def writer(context: Context) -> tuple[writers.Write, tuple[str, ...]]:
    """Return what writes the texts of a column, and the columns that they are made from.

    Args:
        context: the column.
    """
    write, used = _chosen(context)
    if write in _FOLLOWS_NAMES or (
        write is titles.named and titles.thing_writer(context.things) is contacts.full_name
    ):
        used = (*used, *writers.names_used(context))
    if write is contacts.email:
        used = (*used, *contacts.account_columns(context))
    if write in (contacts.email, contacts.url, contacts.host):
        used = (*used, *contacts.company_columns(context))
    if write in (repeating.normalized, repeating.repeated):
        used = (*used, *repeating.repeated_columns(context), *writers.names_used(context))
    if write in (files.extension, files.mime_type):
        used = (*used, *files.file_columns(context))
    if write is repeating.slug:
        used = (*used, *repeating.slug_source(context))
    return write, tuple(dict.fromkeys(used))


_FOLLOWS_NAMES = (contacts.email, contacts.username, contacts.full_name, contacts.gender, contacts.salutation)


def _chosen(context: Context) -> tuple[writers.Write, tuple[str, ...]]:
    """What writes a column's texts, and the columns that it looks at beside those of persons and companies."""
    special = special_writer(context)
    if special is not None:
        return special
    found = _by_words(context, context.words)
    if found is None and context.column.comment:
        # The name says nothing: what people have been told may.
        found = _by_words(context, spelt(context.column.comment.partition(".")[0]))
    if found is not None:
        return found
    most = longest(context.column.type, context.facts)
    if context.column.type.name == "bpchar" and most is not None and most <= 12:
        return lambda ask: "".join(ask.faker.random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=most)), ()
    return lambda ask: f"{writers.adjective(ask)} {writers.noun(ask)}".capitalize(), ()


def _by_words(context: Context, words: str) -> tuple[writers.Write, tuple[str, ...]] | None:
    about = context if words == context.words else context.called(words)
    for at in range(len(RULES)):
        if at == 1:
            place = place_writer(about)
            if place is not None:
                return place
            listed = choices_for(words)
            if listed:
                return writers.one_fitting(listed), ()
        found = _matched(at, words)
        if found is not None and not (at == 0 and found is writers.status and _is_region(about, words)):
            return found, ()
    return None


@lru_cache(maxsize=4096)
def _matched(at: int, words: str) -> writers.Write | None:
    return next((write for pattern, write in RULES[at] if pattern.search(words)), None)


def _is_region(context: Context, words: str) -> bool:
    return words.endswith("_state_") and place_writer(context) is not None
