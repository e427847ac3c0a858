"""Contact data: names of persons and companies, e-mail addresses, account names, phone numbers, hosts and URLs.

The meanings stand at the end.
Functions of an :class:`~pytest_supaseed.values.meanings.meaning.Ask` write one text; functions of a
:class:`~pytest_supaseed.values.meanings.context.Context` find the columns that such a text is derived from.
Addresses and numbers come only from ranges that are reserved for documentation and fiction.
"""

from __future__ import annotations

import re

from pytest_supaseed.model.type_families import is_network
from pytest_supaseed.values.meanings import people
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.gazetteer import any_country, countries, home
from pytest_supaseed.values.meanings.meaning import (
    Ask,
    Derived,
    Meaning,
    ReservedRange,
    names_used,
    one_of,
    provided,
    text_columns,
    word,
)
from pytest_supaseed.values.meanings.people import (
    COMPANY_FIRST,
    COMPANY_FORMS,
    COMPANY_LAST,
    DOMAINS,
    JOBS,
)
from pytest_supaseed.values.meanings.phones import next_phone, phone_number, phones_like
from pytest_supaseed.values.meanings.places import whereabouts
from pytest_supaseed.values.types.identifiers import version_6

_PICTURE = re.compile(
    r"_(avatar|image|img|photo|picture|thumbnail|thumb|logo|cover|banner|poster|icon|screenshot|photos|images)_"
)
COMPANIES = frozenset((
    "advertiser", "agency", "brand", "brewery", "business", "carrier", "caterer", "company", "contractor",
    "dealer", "dealership", "distributor", "employer", "exhibitor", "exporter", "firm", "forwarder", "haulier",
    "hotel", "importer", "insurer", "manufacturer", "merchant", "organization", "partner", "publisher",
    "reseller", "restaurant", "retailer", "shipper", "shop", "sponsor", "store", "subcontractor", "subsidiary",
    "supplier", "vendor", "wholesaler", "workspace",
))  # fmt: skip


def full_name(ask: Ask) -> str:
    """First and last name; of a mother, a father or another relative that is a woman or a man, one of these."""
    first, last = ask.people()
    found = _RELATIVE.search(ask.context.words)
    if found is not None and ask.english:
        first = str(ask.pick(people.WOMEN if found["women"] else people.MEN))
    return people.full_name(first, last, ask.context.locale)


_RELATIVE = re.compile(
    r"_((?P<women>mother|wife|sister|daughter|aunt|grandmother)|father|husband|brother|son)_"
)


def first_name(ask: Ask) -> str:
    """A first name."""
    return people.first_name(ask.context.locale, ask.faker)


def last_name(ask: Ask) -> str:
    """A last name."""
    return people.last_name(ask.context.locale, ask.faker)


def gender(ask: Ask) -> str:
    """The gender that the first name suggests, as a word; as a letter in a column of one character."""
    name = ask.text_of(*names_used(ask.context)).partition(" ")[0]
    found = people.gender_of(name) or ask.pick(("female", "male", "female", "male", "other"))
    return {"female": "F", "male": "M", "other": "X"}[found] if ask.most == 1 else str(found)


def _is_addressed(context: Context) -> bool:
    """Whether the title of a row's person is a form of address, and not a job."""
    named = (people.FIRST_NAME.search(column.words) for column in context.table.columns)
    return context.subject in people.ADDRESSED and any(named)


def salutation(ask: Ask) -> str:
    """A form of address that suits the first name."""
    name = ask.text_of(*names_used(ask.context)).partition(" ")[0]
    title = {"female": "Ms.", "male": "Mr."}.get(people.gender_of(name), "")
    return str(ask.pick((title, title, title, "Dr.")) if title else ask.pick(("Mr.", "Ms.", "Dr.", "Prof.")))


def job(ask: Ask) -> str:
    """A job title."""
    return str(ask.pick(JOBS)) if ask.english else provided(ask, "job")


def company(ask: Ask) -> str:
    """A company name."""
    if not ask.english:
        return provided(ask, "company")
    name = f"{ask.pick(COMPANY_FIRST)} {ask.pick(COMPANY_LAST)}"
    return ask.first_that_fits(name + ask.pick(COMPANY_FORMS), name, name.partition(" ")[0])


def account_columns(context: Context) -> tuple[str, ...]:
    """Return the account name column that an e-mail address follows in a row without a person's name."""
    found = [c.name for c in text_columns(context) if people.ACCOUNT_NAME.search(c.words)]
    return tuple(found[:1])


def email_columns(context: Context) -> tuple[str, ...]:
    """Return the columns that an e-mail address follows: names of its person, an account name, a company's name."""
    return (*names_used(context), *account_columns(context), *company_columns(context))


def is_company(context: Context) -> bool:
    """Whether a row describes a company rather than a person."""
    return not names_used(context) and bool(COMPANIES.intersection((context.subject, *context.things[:1])))


def company_columns(context: Context) -> tuple[str, ...]:
    """Return the column with the name of the row's company, if there is one."""
    wanted = [
        c.name for c in text_columns(context) if re.search(r"^_name_$|_company_name_|_company_$", c.words)
    ]
    return tuple(wanted[:1])


def _is_persons_name(context: Context) -> bool:
    """Whether a name is that of a person, and no thing's *display name*."""
    before, display, _ = context.words.partition("_display_name_")
    if not display:
        return True
    of = before.strip("_").rpartition("_")[2] or context.subject
    return of in people.PERSONS or people.is_person(of) or of in _NAMED_SELVES


# Whose name is shown is a person's, where it has an account.
_NAMED_SELVES = frozenset(("app", "auth", "identity", "public", "session", "workspace"))


def host(ask: Ask) -> str:
    """A host under a reserved domain, named after the company if the row describes one."""
    own = people.folded(ask.text_of(*company_columns(ask.context)))[:30] if is_company(ask.context) else ""
    return f"{own or word(ask)}.{ask.pick(DOMAINS)}"


def email(ask: Ask) -> str:
    """An e-mail address under a reserved domain."""
    context = ask.context
    if not names_used(context):
        account = ask.text_of(*account_columns(context))
        if account:
            return people.email(re.sub(r"[^a-z0-9._-]+", "", account.lower()) or "user", ask.faker, ask.most)
        if is_company(context):
            return people.email(
                ask.pick(("info", "hello", "office", "contact")), ask.faker, ask.most, host(ask)
            )
    return people.email(people.local_part(*ask.people(), ask.faker), ask.faker, ask.most)


def username(ask: Ask) -> str:
    """An account name."""
    return people.local_part(*ask.people(), ask.faker, separators="__.")[: ask.most]


def _phone(context: Context) -> Derived:
    """Writer of a phone number of no subscriber, in the country of the row."""
    told = whereabouts(context)
    own = home(context.locale)

    def write(ask: Ask) -> str:
        country = told.of(ask.row).country or own
        return phone_number(country[0] if country is not None else "US", ask.most, ask.faker.random)

    return write, told.uses


def _calling_code(context: Context) -> Derived:
    told = whereabouts(context)

    def write(ask: Ask) -> str:
        country = told.of(ask.row).country or any_country(ask.faker.random, context.locale)
        return countries().of(country, "calling")

    return write, told.uses


def url(ask: Ask) -> str:
    """The URL of a page or an image."""
    words = ask.context.words
    if is_company(ask.context) and not _PICTURE.search(words) and company_columns(ask.context):
        return ask.first_that_fits(f"https://{host(ask)}", f"https://{ask.pick(DOMAINS)}")
    picture = bool(_PICTURE.search(words))
    path = f"images/{word(ask)}-{ask.hex(6)}.jpg" if picture else f"{word(ask)}-{ask.digits(4)}"
    name = ask.pick(DOMAINS)
    return ask.first_that_fits(f"https://{name}/{path}", f"https://{name}/{path[-5:]}", f"https://{name}")


def ip(ask: Ask) -> str:
    """An IPv4 address from the blocks that RFC 5737 reserves for documentation."""
    return f"{ask.pick(('192.0.2', '198.51.100', '203.0.113'))}.{ask.faker.random.randint(1, 254)}"


# The blocks of RFC 5737; the one of RFC 3849 follows them.
_BLOCKS = ("192.0.2.", "198.51.100.", "203.0.113.")
_HOSTS = 254
_IP = re.compile(r"(192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)(\d{1,3})|2001:db8::([0-9a-f]{1,8})")


def next_ip(text: str, number: int) -> str | None:
    """Return another address for documentation: once through the IPv4 blocks, then on in the IPv6 block."""
    found = _IP.fullmatch(text)
    if found is None:
        return None
    if found[3] is not None:
        return f"2001:db8::{(int(found[3], 16) + number) % 2**32:x}"
    size = len(_BLOCKS) * _HOSTS
    place = _BLOCKS.index(found[1]) * _HOSTS + int(found[2]) - 1
    if number >= size:
        return f"2001:db8::{number - size + 1:x}"
    block, host = divmod((place + number) % size, _HOSTS)
    return f"{_BLOCKS[block]}{host + 1}"


FORM_OF_ADDRESS = Meaning(
    "form of address", r"^_title_$", salutation, names_used, where=_is_addressed, comments=False
)
PERSONAL = (
    Meaning(
        "e-mail address",
        r"_email_(?!subject|body|text|status|type|template|confirmed|settings?|preferences?|provider|format|frequency|signature|footer"
        r"|header|content|client_)|_mail_$|email_$",
        email,
        email_columns,
        stages={5: r"_(email|mail)_|email_$"},
        essential="email",
    ),
    Meaning("first name", people.FIRST_NAME.pattern, first_name),
    Meaning("middle name", r"_middle_name_", first_name, optional="middle|second"),
    Meaning("initial", r"_middle_initial_|_initial_$", lambda ask: str(ask.pick("ABCDEFGHJKLMNPRSTW"))),
    Meaning("last name", people.LAST_NAME.pattern, last_name),
    Meaning("maiden name", r"_maiden_name_", last_name, optional="maiden"),
    Meaning(
        "account name",
        people.ACCOUNT_NAME.pattern,
        username,
        names_used,
        stages={4: people.ACCOUNT_NAME.pattern},
        essential="username|login|user|account",
        optional="nick",
    ),
    Meaning("gender", r"_(gender|sex)_", gender, names_used, stages={2: r"_(gender|sex)_"}),
    Meaning(
        "salutation",
        r"_(courtesy|salutation|honorific)_|_name_prefix_",
        salutation,
        names_used,
        stages={2: r"_(salutation|courtesy)_"},
    ),
)
NAMES = (
    Meaning(
        "company name",
        r"_(insurance|service|care|health|healthcare|internet|shipping|hosting)_provider_(name_)?$|_insurer_$"
        r"|_business_name_|_company_name_|_(org|organization)_name_|_doing_business_as_",
        company,
    ),
    Meaning(
        "full name",
        people.FULL_NAME.pattern,
        full_name,
        names_used,
        where=_is_persons_name,
        stages={3: r"_(full|display)_name_"},
    ),
)
PHONES = (
    Meaning(
        "calling code",
        r"_(calling|dialing|dial)_code_|_phone_(code|prefix)_",
        derive=_calling_code,
        stages={3: r"_calling_|_phone_code_"},
    ),
    Meaning(
        "phone number",
        r"_(phone|mobile|fax|whatsapp|hotline|landline)_(?!type|label|extension|ext_)|_direct_(dial|line)_",
        derive=_phone,
        stages={3: r"_(phone|mobile|fax|whatsapp|hotline|landline)_|_direct_(dial|line)_"},
        reserved=ReservedRange(phones_like, next_phone),
    ),
)
BRAND = Meaning("brand", r"^_brand_$|_brand_name_", one_of(COMPANY_FIRST))
SITES = (
    Meaning(
        "host name", r"_(domain|hostname|host|subdomain)_$", host, company_columns, stages={6: r"_domain_"}
    ),
    Meaning(
        "URL",
        r"_(url|uri|href|website|homepage)_"
        r"|_(link|avatar|image|img|photo|picture|thumbnail|thumb|logo|banner|poster|screenshot|referrer|referer|callback"
        r"|endpoint|webhook)_(?=$|(url|uri|src|link|file|image|path|small|large|full|\d+)_)",
        url,
        company_columns,
        stages={6: r"_(url|uri|link|website|homepage)_"},
        essential="url",
    ),
)
HOSTS = (
    Meaning(
        "IPv6 address",
        r"_(ip|ipv|inet|v)_6_",
        lambda ask: version_6(ask.faker, ask.context.column.type, ask.context.domain),
        types=is_network,
    ),
    Meaning(
        "IP address",
        r"_ip_|_ipv_|_ip_address_",
        ip,
        reserved=ReservedRange(lambda text: 2**31 if _IP.fullmatch(text) else 0, next_ip),
    ),
    Meaning("MAC address", r"_mac_", lambda ask: ":".join(("02", *(ask.hex(2) for _ in range(5))))),
)
JOB = Meaning("job title", r"_job_(title|name|role)?_?$|_occupation_|_profession_|_designation_", job)
COMPANIES_BY_ROLE = (
    Meaning(
        "company",
        r"_(company|organization|employer|manufacturer|vendor|supplier|publisher|merchant|counterparty|record_label|sponsor"
        r"|contractor|subcontractor|dealer|dealership|distributor|wholesaler|retailer|importer|exporter|forwarder|haulier"
        r"|reseller|subsidiary|caterer|exhibitor|advertiser|agency|brewery|lessor|operator|consortium|syndicate)_$",
        company,
    ),
    Meaning("position", r"_position_$", job, essential="position"),
)
