"""Which kind of text a column holds, by its name."""

from __future__ import annotations

import re

from pytest_supaseed.values import vocabulary as lists
from pytest_supaseed.values import writers
from pytest_supaseed.values.context import Context
from pytest_supaseed.values.people import FIRST_NAME, FULL_NAME, LAST_NAME, PERSONS, name_columns
from pytest_supaseed.values.texts import longest

# The first that fits counts; a name is written with an underscore around each word.
RULES: tuple[tuple[re.Pattern[str], writers.Write], ...] = tuple(
    (re.compile(pattern) if isinstance(pattern, str) else pattern, write)
    for pattern, write in (
        (r"_e_?mail_(?!subject|body|text|status|type|template)(\w*address_)?|_mail_$|_email$", writers.email),
        (r"_(description|bio|biography|body|content|contents|summary|comment|comments|note|notes|message|text|about|excerpt"
         r"|details|review|abstract|remarks|feedback|reason|instructions|overview|answer|caption)_",
         writers.prose),
        (FIRST_NAME, lambda ask: str(ask.faker.first_name())),
        (r"_courtesy_|_salutation_|_honorific_|_name_prefix_", writers.one_of(lists.SALUTATIONS)),
        (r"_middle_name_", lambda ask: str(ask.faker.first_name())),
        (LAST_NAME, lambda ask: str(ask.faker.last_name())),
        (r"_user_?name_|_username_|_login_|_handle_|_nick_?name_|_nick_|_screen_name_|_nickname_",
         writers.username),
        (FULL_NAME, writers.full_name),
        (r"_(password|passwd|pwd|hash|digest|checksum|salt|token|secret|signature|fingerprint|sha|md|etag)_"
         r"|_api_key_|_access_key_|_session_id_", writers.secret),
        (r"_(phone|mobile|telephone|tel|cell|cellphone|fax|whatsapp|phonenumber)_", writers.phone),
        (r"_(file|document)_?name_|_filename_", writers.file_name),
        (r"_(mime|content)_type_|_mimetype_|_media_type_", writers.one_of(lists.MIME_TYPES)),
        (r"_(extension|ext)_", writers.one_of(lists.EXTENSIONS)),
        (r"_(path|filepath|directory|folder|key_path)_",
         lambda ask: f"/{writers.word(ask)}/{writers.file_name(ask)}"),
        (r"_(url|uri|href|website|homepage|link|webpage|avatar|image|img|photo|picture|thumbnail|thumb|logo|banner"
         r"|poster|domain_url)_|_web_?site_", writers.url),
        (r"_(slug|permalink|handle_slug)_", writers.slug),
        (r"_(domain|hostname|host)_", lambda ask: f"{writers.word(ask)}.{ask.pick(lists.DOMAINS)}"),
        (r"_ip_|_ipv_|_ip_?address_|_ipaddress_", writers.ip),
        (r"_mac_", lambda ask: ":".join(ask.hex(2) for _ in range(6))),
        (r"_user_?agent_|_browser_", writers.one_of(lists.BROWSERS)),
        (r"_currency_", writers.one_of(lists.CURRENCIES)),
        (r"_(lang|language|languages)_", writers.one_of(lists.LANGUAGES)),
        (r"_locale_", writers.one_of(lists.LOCALES)),
        (r"_time_?zone_|_tz_|_timezone_", writers.one_of(lists.TIMEZONES)),
        (r"_(country|nationality)_", writers.country),
        (r"_(zip|zipcode|postcode|postal|plz)_|_post_code_",
         lambda ask: writers.provided(ask, "postcode")),
        (r"_(city|town|municipality|locality)_", lambda ask: writers.provided(ask, "city")),
        (r"_(province|region|county|territory)_|_state_(code|abbr|name|province)_", writers.state),
        (r"_(line|address|street|addr)_?2_|_(apartment|unit_number|suite|address_line_2)_",
         lambda ask: f"Apt. {ask.faker.random.randint(1, 99)}"),
        (r"_(street|address|addr)_|_line_1_", writers.address),
        (r"_job_|_occupation_|_profession_|_job_title_", writers.job),
        (r"_(company|organization|organisation|employer|manufacturer|vendor|supplier|brand|publisher)_(name_)?$",
         lambda ask: writers.provided(ask, "company")),
        (r"_isbn_", writers.isbn),
        (r"_iban_", writers.iban),
        (r"_(bic|swift)_", lambda ask: f"{ask.pick(('EXAM', 'TEST', 'DEMO'))}DEFF"),
        (r"_(barcode|ean|upc|gtin)_", lambda ask: ask.digits(min(13, ask.most or 13))),
        (r"_(color|colour)_", writers.color),
        (r"_(version|semver)_",
         lambda ask: ".".join(str(ask.faker.random.randint(low, 20)) for low in (1, 0, 0))),
        (r"_(sku|code|serial|reference|ref|number|no|coupon|voucher|plate|vin)_$|_code_|_id_$", writers.code),
        (r"_(status|condition)_", writers.one_of(lists.STATUSES)),
        (r"_(gender|sex)_", writers.one_of(lists.GENDERS)),
        (r"_role_", writers.one_of(lists.ROLES)),
        (r"_(priority|level|severity|difficulty|importance|tier)_", writers.one_of(lists.LEVELS)),
        (r"_(payment|shipping|delivery)_method_|_method_", writers.one_of(lists.METHODS)),
        (r"_(type|kind|plan|variant|mode)_$", writers.one_of(lists.KINDS)),
        (r"_(category|categories|tag|tags|genre|topic|topics|keyword|keywords|interests|skills)_",
         lambda ask: str(ask.pick(lists.CATEGORIES)).lower() if ask.context.column.type.array
         else str(ask.pick(lists.CATEGORIES))),
        (r"_icon_", writers.one_of(lists.ICONS)),
        (r"_(unit|uom)_", writers.one_of(lists.UNITS)),
        (r"_size_", writers.one_of(lists.SIZES)),
        (r"_(title|headline|subject|heading|topic)_", writers.title),
        (r"_question_", lambda ask: f"{writers.title(ask)}?"),
        (r"_(name|label|names)_$", writers.named),
        (r"_(key|identifier|code_name)_$", lambda ask: f"{writers.word(ask)}_{writers.noun(ask).lower()}"),
    )
)  # fmt: skip


def writer(context: Context) -> writers.Write:
    """Return what writes the texts of a column.

    Args:
        context: the column.
    """
    words = context.words
    if words.endswith("_title_") and {context.subject, *words.split("_")} & PERSONS:
        return writers.job
    if words == "_state_":
        return writers.state if _has_address(context) else writers.one_of(lists.STATUSES)
    if words in ("_product_", "_item_"):
        return writers.product
    for pattern, write in RULES:
        if pattern.search(words):
            return write
    most = longest(context.column.type, context.facts)
    if context.column.type.name == "bpchar" and most is not None and most <= 12:
        return lambda ask: "".join(ask.faker.random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=most))
    return lambda ask: f"{writers.adjective(ask)} {writers.noun(ask)}".capitalize()


def uses(context: Context) -> tuple[str, ...]:
    """Return the columns that the texts of a column are made from.

    Args:
        context: the column.
    """
    write = writer(context)
    if write in (writers.email, writers.username, writers.full_name) or (
        write is writers.named and context.subject in PERSONS
    ):
        return name_columns(context.earlier, context.subject)
    return writers.slug_source(context) if write is writers.slug else ()


def _has_address(context: Context) -> bool:
    words = [column.name.lower() for column in context.table.columns]
    return any(
        part in word for word in words for part in ("city", "zip", "postal", "postcode", "street", "country")
    )
