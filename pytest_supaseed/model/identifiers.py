"""Identifier normalization: the words of a table or column name, abbreviations and other languages translated.

:func:`spelt` returns the form that the rules for column names match, :func:`subject_of` the noun of a table name,
:func:`separated_names` the words of table names in which they are written together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from pytest_supaseed.model.translations import (
    DUTCH,
    GERMAN,
    NORDIC,
    POLISH,
    ROMANCE,
    STATES,
    is_whole,
    parted,
    parted_thing,
    translated,
)

# A translation with an underscore is several words.
SYNONYMS = {
    "accum": "accumulated", "acct": "account",
    "addr": "address", "adr": "address", "amt": "amount", "avg": "average", "bal": "balance",
    "bday": "birthday", "birthdate": "birth_date", "cat": "category", "cd": "code", "cell": "mobile",
    "cellphone": "mobile", "cmt": "comment", "cnt": "count", "ctry": "country", "cust": "customer",
    "dept": "department", "descr": "description", "desc": "description", "dsc": "description",
    "displayname": "display_name", "dob": "birth_date", "dt": "date", "emailaddress": "email_address",
    "emp": "employee", "familyname": "last_name", "filename": "file_name", "fileext": "extension",
    "firstname": "first_name", "fname": "first_name", "forename": "first_name", "fullname": "full_name",
    "givenname": "first_name", "ht": "height", "img": "image", "inv": "invoice", "ipaddr": "ip_address",
    "ipaddress": "ip_address", "lang": "language", "lastname": "last_name", "lname": "last_name", "loc": "location",
    "logon": "login", "mgr": "manager", "middlename": "middle_name", "mname": "middle_name", "mob": "mobile",
    "mobileno": "mobile", "msg": "message", "nbr": "number", "nm": "name", "nr": "number", "num": "number",
    "org": "organization", "passwd": "password", "pct": "percent", "perc": "percent", "ph": "phone",
    "phoneno": "phone", "phonenumber": "phone", "pic": "picture", "pincode": "postcode", "postalcode": "postcode",
    "prod": "product",
    "ccy": "currency",
    "pwd": "password", "qty": "quantity", "seqno": "sequence", "st": "state", "sts": "status", "tel": "phone",
    "telephone": "phone", "telno": "phone", "timezone": "timezone", "ts": "timestamp", "txn": "transaction",
    "typ": "type", "tz": "timezone", "usr": "user", "val": "value", "ver": "version", "webpage": "website",
    "wt": "weight", "yr": "year", "zipcode": "zip",
    # Of older systems.
    "act": "actual", "alloc": "allocated", "avail": "available", "canc": "cancelled",
    "chg": "charge", "compl": "completed", "crt": "created", "curr": "current", "disc": "discount", "dlv": "delivered",
    "dlvr": "delivered", "dur": "duration", "eff": "effective", "est": "estimated", "freq": "frequency",
    "hrly": "hourly", "hrs": "hours", "insp": "inspected", "int": "interest", "invc": "invoice",
    "lim": "limit", "matl": "material", "meas": "measured", "mfg": "manufacturing",
    "ord": "order", "ovhd": "overhead", "oh": "on_hand", "pmt": "payment", "pmts": "payments", "po": "purchase_order",
    "purch": "purchase", "rcpt": "receipt", "rcvd": "received", "recd": "received", "recv": "received",
    "rel": "released", "rem": "remaining", "reqd": "required", "rsn": "reason", "shp": "shipped", "shpd": "shipped",
    "stat": "status", "std": "standard", "subtot": "subtotal", "svc": "service", "tot": "total", "trans": "transaction",
    "upd": "updated", "vend": "vendor", "whse": "warehouse", "wo": "work_order",
    "abnd": "abandoned", "adj": "adjustment", "appt": "appointment", "atty": "attorney", "bkg": "booking",
    "bldg": "building", "blk": "block", "brch": "branch", "cfg": "config", "clnt": "client", "cls": "class",
    "clsd": "closed", "cmnt": "comment", "cmpl": "completed", "cntct": "contact", "cntry": "country",
    "cond": "condition", "crs": "course", "cstmr": "customer", "ctrct": "contract", "cty": "city",
    "decom": "decommissioned", "dent": "dentist", "dereg": "deregistration", "dmg": "damage", "dpt": "department",
    "drv": "driver", "empl": "employee", "enrl": "enrollment", "eqp": "equipment", "eqpt": "equipment",
    "fac": "facility", "flt": "flight", "fst": "first", "gndr": "gender", "grp": "group", "hosp": "hospital",
    "instr": "instructor", "itm": "item", "lbl": "label", "lic": "license", "ln": "line", "lst": "last",
    "lvl": "level", "maint": "maintenance", "mbr": "member", "mdl": "model", "mfr": "manufacturer", "mngr": "manager",
    "mnth": "month", "mtg": "meeting", "mth": "month", "nme": "name", "nte": "note", "obs": "observation",
    "ownr": "owner", "pat": "patient", "phys": "physician", "pkg": "package", "pln": "plan", "pmnt": "payment",
    "prac": "practice", "prc": "price", "prd": "product", "prj": "project", "proc": "procedure", "prty": "party",
    "pst": "post", "ptnt": "patient", "pymt": "payment", "qlty": "quality", "rcv": "received", "recip": "recipient",
    "req": "request", "rgn": "region", "rm": "room", "rmk": "remark", "rmks": "remarks", "rsv": "reservation",
    "rsvn": "reservation", "rte": "route", "sal": "salary", "schd": "schedule", "schl": "school", "sess": "session",
    "shpmt": "shipment", "sig": "signature", "splr": "supplier", "stk": "stock", "stmt": "statement", "strt": "start",
    "stu": "student", "subj": "subject", "surg": "surgery", "tchr": "teacher", "tkt": "ticket", "trk": "track",
    "trm": "term", "trt": "treatment", "trx": "transaction", "vch": "voucher", "veh": "vehicle", "vndr": "vendor",
    "vst": "visit", "wgt": "weight", "whs": "warehouse", "wk": "week", "zn": "zone",
    "effl": "effluent", "infl": "inflow", "len": "length", "smpl": "sample", "wid": "width",
    "actv": "active", "apprv": "approved", "arr": "arrived", "bkd": "booked", "clm": "claim", "cncl": "cancelled",
    "commiss": "commissioned", "cxl": "cancelled", "decommiss": "decommissioned", "dest": "destination",
    "dtl": "detail", "dtm": "datetime", "flg": "flag", "hgt": "height", "ind": "indicator", "nxt": "next",
    "appl": "application", "crncy": "currency", "disb": "disbursed", "mnths": "months",
    "mths": "months", "prin": "principal",
    "pol": "policy", "prem": "premium", "prev": "previous", "rej": "rejected", "resv": "reservation",
    "sched": "scheduled", "vol": "volume",
    # British
    "anaemia": "anemia", "behaviour": "behavior", "catalogue": "catalog", "centre": "center", "colour": "color",
    "enrolment": "enrollment", "favourite": "favorite", "fibre": "fiber", "fulfilment": "fulfillment",
    "haemoglobin": "hemoglobin", "instalment": "installment", "jewellery": "jewelry", "kilometre": "km",
    "kilometres": "km", "labour": "labor", "licence": "license", "litre": "liter", "litres": "liters", "metre": "m",
    "metres": "m", "neighbour": "neighbor", "organisation": "organization", "paediatric": "pediatric",
    "programme": "program", "theatre": "theater", "tyre": "tire", "tyres": "tires",
}  # fmt: skip
# Replaced in this order, in a name with an underscore before and after each word.
PHRASES = (
    ("_e_mail_", "_email_"), ("_email_id_", "_email_"), ("_given_name_", "_first_name_"),
    ("_fore_name_", "_first_name_"), ("_given_names_", "_first_name_"), ("_first_names_", "_first_name_"),
    ("_family_name_", "_last_name_"), ("_sur_name_", "_last_name_"), ("_surname_", "_last_name_"),
    ("_last_names_", "_last_name_"), ("_surnames_", "_last_name_"),
    ("_user_name_", "_username_"), ("_screen_name_", "_username_"), ("_nick_name_", "_nickname_"),
    ("_time_zone_", "_timezone_"), ("_web_site_", "_website_"), ("_home_page_", "_homepage_"),
    ("_post_code_", "_postcode_"), ("_postal_code_", "_postcode_"), ("_zip_code_", "_zip_"),
    ("_phone_number_", "_phone_"), ("_contact_number_", "_phone_"),
    ("_contact_no_", "_phone_"), ("_phone_no_", "_phone_"), ("_mobile_number_", "_mobile_"),
    ("_mobile_no_", "_mobile_"), ("_fax_number_", "_fax_"), ("_time_stamp_", "_timestamp_"),
    ("_mimetype_", "_mime_type_"), ("_media_type_", "_mime_type_"), ("_sub_total_", "_subtotal_"),
    ("_date_of_birth_", "_birth_date_"), ("_date_of_death_", "_death_date_"),
    ("_user_agent_", "_useragent_"), ("_mac_addr_", "_mac_"),
    ("_purchase_order_box_", "_po_box_"), ("_quantity_bo_", "_quantity_backordered_"),
    ("_ext_amount_", "_extended_amount_"), ("_ext_cost_", "_extended_cost_"),
    ("_ext_price_", "_extended_price_"), ("_code_postal_", "_postcode_"),
    ("_mot_passe_", "_password_"), ("_email_electronico_", "_email_"), ("_palavra_passe_", "_password_"),
    ("_pro_qm_", "_per_sqm_"), ("_data_urodzenia_", "_birth_date_"), ("_kod_pocztowy_", "_postcode_"),
    ("_pro_m_2_", "_per_sqm_"), ("_aboutme_", "_about_me_"),
    ("_hr_rate_", "_hourly_rate_"), ("_term_date_", "_terminated_date_"),
)  # fmt: skip
# Words that may be replaced; the empty one comes from an underscore at the beginning, at the end or beside another.
_REPLACED = frozenset(
    (
        "",
        *SYNONYMS,
        *GERMAN,
        *STATES,
        *DUTCH,
        *NORDIC,
        *POLISH,
        *ROMANCE,
        *(phrase.split("_")[1] for phrase, _ in PHRASES),
    )
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
_IRREGULAR = {
    "people": "person", "children": "child", "men": "man", "women": "woman", "media": "media",
    "movies": "movie", "cookies": "cookie", "diagnoses": "diagnosis", "analyses": "analysis", "theses": "thesis",
    "indices": "index", "vertices": "vertex", "heroes": "hero", "statuses": "status", "quizzes": "quiz", "buses": "bus",
    "aliases": "alias", "calories": "calorie", "series": "series",
}  # fmt: skip
_SINGULAR = frozenset(
    (
        "status",
        "address",
        "business",
        "news",
        "series",
        "gas",
        "bus",
        "campus",
        "class",
        "gear",
        "analysis",
        "process",
        "access",
    )
)
# Last words of table names that do not describe a row.
_SAYS_NOTHING = frozenset(
    ("data", "header", "hdr", "info", "list", "master", "mst", "table", "tab", "tbl", "mast", "rec")
)


def _is_one(word: str) -> bool:
    return parted(word) == word


_UMLAUTS = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "ø": "oe",
        "æ": "ae",
        "ł": "l",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
    }
)


def in_ascii(name: str) -> str:
    """A name with its letters of Latin script in ASCII, others as they are."""
    plain = unicodedata.normalize("NFKD", name.translate(_UMLAUTS))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


# Enough for the names of a thousand tables and their columns, which are asked for again and again.
_MOST_NAMES = 32_768


@lru_cache(maxsize=_MOST_NAMES)
def spelt(name: str) -> str:
    """Return a name in lower case, translated, with an underscore before and after each word.

    Example:
        >>> spelt("firstName"), spelt("address2"), spelt("usr_fname")
        ('_first_name_', '_address_2_', '_user_first_name_')
    """
    parts = name.split("_")
    if (
        name.isascii()
        and name.islower()
        and _REPLACED.isdisjoint(parts)
        and "".join(parts).isalpha()
        and all(map(_is_one, parts))
    ):
        return f"_{name}_"
    words = translated([word.lower() for word in _WORD.findall(name if name.isascii() else in_ascii(name))])
    parts = [
        part
        for word in words
        for part in (word if word in SYNONYMS or "_" in word else parted(word)).split("_")
    ]
    found = "_" + "".join(SYNONYMS.get(word, word) + "_" for word in parts)
    for phrase, other in PHRASES:
        found = found.replace(phrase, other)
    return found


_LONGEST_ABBREVIATION = 4


def shortens(word: str, noun: str) -> bool:
    """Whether a word that means nothing else abbreviates a noun.

    Example:
        >>> shortens("br", "branch"), shortens("coll", "collateral"), shortens("cust", "customer")
        (True, True, False)
    """
    if (
        word in SYNONYMS
        or not 1 < len(word) <= min(_LONGEST_ABBREVIATION, len(noun) - 2)
        or word[0] != noun[0]
    ):
        return False
    letters = iter(noun)
    return all(letter in letters for letter in word)


@lru_cache(maxsize=_MOST_NAMES)
def singular(word: str) -> str:
    """Return the singular of an English noun in lower case, by suffix rules and a list of exceptions.

    Example:
        >>> singular("companies"), singular("setups")
        ('company', 'setup')
    """
    if word in _IRREGULAR or word in _SINGULAR:
        return _IRREGULAR.get(word, word)
    for ending, replacement in (
        ("ies", "y"),
        ("sses", "ss"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("xes", "x"),
        ("ss", "ss"),
        ("s", ""),
    ):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + replacement
    return word


def is_named_after(table: str, other: str) -> bool:
    """Return whether the name of a table begins with that of another one, whose rows its own are parts of.

    Example:
        >>> is_named_after("reading_list_items", "reading_lists"), is_named_after("order_items", "items")
        (True, False)
    """
    own, its = (spelt(name).strip("_").split("_") for name in (table, other))
    return [singular(word) for word in own[: len(its)]] == [singular(word) for word in its]


@lru_cache(maxsize=_MOST_NAMES)
def subject_of(table: str) -> str:
    """Return the noun for one row of a table: the last meaningful word of its bare name, in the singular.

    Example:
        >>> subject_of("app_users")
        'user'
    """
    words = spelt(table).strip("_").split("_")
    while len(words) > 1 and words[-1] in _SAYS_NOTHING:
        words.pop()
    return singular(words[-1])


# Shorter words say too little: ``forms`` is not ``for_ms``, and ``login`` stays one word beside ``log_in_count``.
_LEAST_PART, _LEAST_TOGETHER, _MOST_PARTS = 3, 6, 3


def separated_names(
    tables: Collection[str], columns: Iterable[str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the names of tables with an underscore between words that are written together, as Django does it.

    The words are told by the names of columns, such as references and counts, and of the other tables, else by the
    nouns that the package knows.

    Args:
        tables: the bare names of a database's tables.
        columns: the names of its columns.

    Returns:
        By table name its separated form, which is the name itself where nothing is written together; and what the
        names of tables begin with that is an application's, with its underscore.

    Example:
        >>> separated_names(["shop_productreview", "crm_gizmofault"], ["gizmo_fault_id"])[0]
        {'shop_productreview': 'shop_product_review', 'crm_gizmofault': 'crm_gizmo_fault'}
    """
    parts = {name: name.split("_") for name in tables}
    together = {
        _singular_together(word)
        for name, words in parts.items()
        if name.islower() and name.isascii()
        for word in words
        if len(word) >= _LEAST_TOGETHER and word.isalpha()
    }
    of_columns = [[word.lower() for word in _WORD.findall(name)] for name in columns]
    told = dict(_written_apart((*of_columns, *parts.values()), together))
    nouns = {singular(word) for words in parts.values() for word in words if len(word) >= _LEAST_FIRST_NOUN}
    forms = {word: told.get(word) or parted_thing(word, nouns) for word in together if not is_whole(word)}
    separated = {name: "_".join(_separated(word, forms) for word in words) for name, words in parts.items()}
    return separated, _applications(separated.values(), {"_".join(words) for words in of_columns})


_LEAST_FIRST_NOUN = 4


def _singular_together(word: str) -> str:
    """The singular of a noun, also of one whose last part has an irregular plural."""
    for plural in ("statuses", "people", "children", "diagnoses", "analyses", "indices", "series", "quizzes"):
        if word.endswith(plural):
            return word.removesuffix(plural) + _IRREGULAR[plural]
    return singular(word)


def _written_apart(names: Iterable[Sequence[str]], together: Collection[str]) -> Iterator[tuple[str, str]]:
    """The words in the singular that names have separated, with an underscore between their parts."""
    for words in names:
        for start in range(len(words) - 1):
            for end in range(start + 2, min(start + _MOST_PARTS, len(words)) + 1):
                found = [*words[start : end - 1], singular(words[end - 1])]
                if "".join(found) in together and min(map(len, found)) >= _LEAST_PART:
                    yield "".join(found), "_".join(found)


def _separated(word: str, forms: dict[str, str]) -> str:
    """A word of a table's name, in the number that it has, with its parts as the form of its singular has them."""
    form = forms.get(_singular_together(word), word)
    *first, _ = form.split("_")
    return "_".join((*first, word[sum(map(len, first)) :])) if first else word


# Of the tables of a database; the others are such as a framework adds. Where really all begin so, and many alike, it
# takes no reference to tell.
_OF_APPLICATIONS = 2 / 3
_LEAST_TABLES, _LEAST_ALIKE = 4, 3


def _applications(tables: Collection[str], columns: Collection[str]) -> tuple[str, ...]:
    """What most tables' names begin with and references leave out: no table and no reference is called so."""
    things = {singular(name) for name in tables if "_" not in name}
    groups: dict[str, list[str]] = {}
    for name in tables:
        first, separator, rest = name.partition("_")
        if separator and first and singular(first) not in things and f"{singular(first)}_id" not in columns:
            *before, last = rest.split("_")
            groups.setdefault(first, []).append("_".join((*before, singular(last))))
    found = {
        first: names
        for first, names in groups.items()
        if len(names) > 1 and not any(f"{first}_{name}_id" in columns for name in names)
    }
    if sum(map(len, found.values())) < len(tables) or len(tables) < _LEAST_ALIKE * len(found):
        found = {
            first: names for first, names in found.items() if any(f"{name}_id" in columns for name in names)
        }
    if len(tables) < _LEAST_TABLES or sum(map(len, found.values())) < _OF_APPLICATIONS * len(tables):
        return ()
    return tuple(f"{first}_" for first in found)
