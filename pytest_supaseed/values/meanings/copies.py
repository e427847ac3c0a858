"""Columns that repeat a value of a row that their own row references: ``orders.customer_email``, ``order_items.sku``.

:func:`copied` finds the column that a column repeats, by its name. Its value is read from the row, under the name of
:mod:`~pytest_supaseed.model.referenced`. A way of finding it is a function, which :data:`_BY_NAME` lists beside the
names that it is for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from pytest_supaseed.constraints.column import memoized_by_identity
from pytest_supaseed.constraints.domain import UNCONSTRAINED
from pytest_supaseed.model.identifiers import is_named_after
from pytest_supaseed.model.referenced import ReferencedColumn, ReferencedTable
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.model.type_families import (
    has_string_category,
    is_boolean,
    is_date,
    is_date_or_timestamp,
    is_integer,
    is_number,
    is_numeric,
)
from pytest_supaseed.values.meanings.context import Context, Row
from pytest_supaseed.values.meanings.formulas.row_numbers import CENTS, without_unit, word_set
from pytest_supaseed.values.meanings.formulas.time_spans import billing_periods
from pytest_supaseed.values.meanings.people import FIRST_NAME, LAST_NAME, PERSONS, is_person

# Columns of a referenced row that mean something else in the row that references it, though the name of the reference
# stands before them.
_OF_THE_ROW_ITSELF = re.compile(
    r"^_(id|uuid|guid|key|ref|reference|status|state|stage|created(_at|_on|_date|_by)?|updated(_at|_on|_date|_by)?"
    r"|deleted(_at|_on)?|at|on|by|date|time|notes?|comments?|remarks?|message|reason|count|total|amount|balance"
    r"|subtotal|quantity|paid|due|rating|score|rank|position|sort|level|version|type|kind|role|password|token|secret"
    r"|hash|digest|metadata|data|settings|active|enabled|deleted|body|content|since|until|start|end|from|to)_$"
)
# Of these, the ones that are the referenced row's own if that has a column of the name and type.
_OF_WHAT_IT_REFERENCES = re.compile(r"^_(type|kind|level|version|date|reference|ref)_$")
# Columns that are called the same wherever they stand, and are of one thing.
_DISTINCTIVE = re.compile(
    r"^_((product_|item_|base_)?(sku|plate|isbn(_1[03])?|issn|ean(_13)?|upc|gtin|barcode|vin|imei|mrn|asin|mpn)(_code|_number)?"
    r"|(base_|default_|billing_)?currency(_code|_symbol|_iso)?|(unit_|list_)?price(_cents|_amount|_minor)?"
    r"|timezone|locale|license_plate|plate_number|registration_number|deductible(_cents|_amount)?"
    r"|(rate|price|fee|cost)_per_\w+"
    r"|(monthly|weekly|daily|hourly|nightly|yearly|annual)_(rent|rate|price|fee|wage)(_cents|_minor)?)_$"
)
_UNIT_PRICE = re.compile(
    r"^_(unit_price|price_each|price_per_unit|item_price|price_at_\w+|purchase_price|sold_price|sale_price|price_paid"
    r"|price_(when|snapshot)\w*|(ticket|product)_price)(_cents|_minor|_amount)?_$"
)
# Of a line, any price that nothing has been added to or taken off.
_ANY_PRICE = re.compile(
    rf"{_UNIT_PRICE.pattern}|^_(list|catalog|regular|original|full|base|menu|item|product|retail|standard)_price"
    r"(_cents|_minor|_amount)?_$"
)
_UNIT_COST = re.compile(r"^_(unit_cost|cost_each|cost_per_unit|item_cost|cost_at_\w+)(_cents|_minor)?_$")
_COST = re.compile(
    r"^_((unit|standard|average|purchase|cost)_(cost|price)|cost|(wholesale|supply)_(price|cost))(_cents|_minor)?_$"
)
# Numbers that are agreed upon, which a row has as the row that it references had them.
_AGREED = re.compile(
    r"^_\w+_(rate|price|premium|fee|fare|deductible|percent|percentage|tariff|markup|wage|rent|deposit|commission|credits"
    r"|limit|cost)(_(cents|minor|bp|bps|amount))?_$|^_(rate|price|fee|fare)_\w+_$"
    r"|^_(max|maximum|pass|passing|total|full|possible)_(score|marks|points|grade)_$|^_points_possible_$|^_reorder_(point|level|quantity)_$"
)
_NOT_AGREED = re.compile(
    r"_(total(?!_(score|marks|points))|late|refund\w*|actual|estimated|sum|line|final|extended|net|gross|average|min|max(?!_(score|marks|points))|shipping|delivery|service"
    r"|heart|respiratory|conversion|completion|success|win|exchange|bounce|growth|error|fill|response|refresh|frame|bit"
    r"|tax_amount|labou?r|parts|repair|used)_"
)
_PRICE = re.compile(
    r"^_(unit_price|price|list_price|base_price|retail_price|sale_price|selling_price|standard_price|sell_price"
    r"|ticket_price|face_value)(_cents|_minor|_amount)?_$"
)
_NAMES = ("_name_", "_full_name_", "_display_name_", "_title_", "_label_", "_trade_name_", "_common_name_")
# What tables of persons call the same.
_REACHED = (
    (
        "_email_",
        "_email_address_",
        "_work_email_",
        "_contact_email_",
        "_billing_email_",
        "_primary_email_",
        "_mail_",
        "_e_mail_",
    ),
    (
        "_phone_",
        "_phone_number_",
        "_mobile_",
        "_mobile_phone_",
        "_mobile_number_",
        "_telephone_",
        "_cell_phone_",
    ),
    (
        "_plate_",
        "_plate_number_",
        "_license_plate_",
        "_number_plate_",
        "_registration_plate_",
        "_registration_number_",
    ),
    ("_unit_of_measure_", "_uom_", "_unit_"),
)
# Who is meant by the row's only reference to a person, whatever that person's table calls itself.
_OF_PERSON = r"((full_|first_|last_|middle_|display_)?name|email(_address)?|phone(_number)?|mobile)"
_ROLE_OF_PERSON = re.compile(
    r"^_(card_?holder|account_holder|policy_?holder|holder|payer|payor|buyer|purchaser|borrower|applicant|subscriber"
    r"|insured|lead_guest|primary_guest|booker|booked_by|cardmember|debtor|billing|bill_to|billed_to|invoice_to"
    r"|invoiced_to|sold_to|payee|receipt"
    r"|emboss(ed|ing)?|printed|signatory"
    rf")(_({_OF_PERSON})_)$"
)
# Who has written, asked for or done what the row is, in a row that is no person itself.
_AGENT = re.compile(
    r"^_(author|reviewer|writer|commenter|commentator|poster|sender|submitter|requester|requestor|reporter|rater"
    r"|respondent|claimant|complainant|caller|bidder|donor|voter|customer|client|guest|user|member|patient|student"
    r"|learner|registrant|visitor|tenant|renter|lessee|shopper|person|consumer"
    r"|employee|worker|owner|creator|subscriber|contributor|backer|investor|seller"
    rf"|resident|citizen|orderer|inquirer|enquirer|reader)(_({_OF_PERSON})_)$"
)
# Who handles the row rather than being what it is about.
_HANDLES = re.compile(
    r"_by_$|^_(staff|employee|librarian|clerk|assignee|handler|operator|manager|approver|reviewer|supervisor"
    r"|cashier|officer|inspector|editor|moderator|admin|administrator|creator|updater|referrer|sponsor)_$"
)
_HOLDS = re.compile(r"^_(\w+_?holder|holder|insured|cardmember|borrower|buyer|purchaser|debtor|applicant)_")
# Who is reached about what a document is about, and to whom a message or a document goes.
_CONTACTED = re.compile(rf"^_(contact)(_({_OF_PERSON})_)$")
_SENT = re.compile(rf"^_(recipient|receiver|addressee)(_({_OF_PERSON})_)$")
_OF_ONE_PARTY = word_set(
    "quote order booking reservation appointment invoice case ticket inquiry enquiry registration request application"
    " contract estimate complaint opportunity deal"
)
_SENT_DOCUMENTS = word_set(
    "certificate award notification email message sms letter payout payment invitation prize badge scholarship grant"
    " transfer remittance statement invoice diploma voucher reminder alert newsletter receipt donation"
)
# Companies that pay or are billed, those that are paid, and those that may as well be whose rows all are.
_PAYING = word_set(
    "customer client shipper consignee payer partner buyer sponsor donor dealer distributor reseller insurer merchant"
    " wholesaler retailer"
)
_PAID = word_set(
    "vendor supplier payee merchant partner contractor subcontractor carrier manufacturer affiliate seller"
)
_COMPANIES = word_set("company organization business account employer firm agency")
_FOR_PAYING = re.compile(
    r"^_(payer|payor|buyer|purchaser|debtor|receipt|billing|bill_to|billed_to|invoiced?_to|sold_to)_"
)
_BILLED_TO = re.compile(r"^_(bill(ing|_to|ed_to)|invoiced?_to|sold_to)_")
# Who pays for another person.
_PAYS = re.compile(r"_(payer|payor|guardian|parent|sponsor|customer|client|debtor|buyer)_")
_OTHER_SIDE = re.compile(r"_(sender|from|source|payer|payor|shipper|initiator)_")
# Who has got what a document is about.
_AWARDED = re.compile(r"^_(recipient|participant|attendee|learner|student|holder)(_((full_)?name|email)_)$")
_CURRENCY = re.compile(r"_currency_(code_|iso_)?$")
_NAMES_OF_COMPANIES = (
    "_company_name_",
    "_organization_name_",
    "_business_name_",
    "_legal_name_",
    "_trading_name_",
)
# What an address calls the same part, by the first of its names.
_PARTS = (
    ("_zip_", "_postcode_", "_postal_"),
    (
        "_street_",
        "_street_1_",
        "_line_1_",
        "_address_line_1_",
        "_address_1_",
        "_street_address_",
        "_address_",
        "_line_",
    ),
    ("_street_2_", "_line_2_", "_address_line_2_", "_address_2_"),
    ("_city_", "_town_", "_locality_"),
    ("_region_", "_state_", "_province_", "_county_"),
    ("_region_code_", "_state_code_"),
    ("_country_code_", "_country_"),
    ("_phone_", "_mobile_"),
    ("_name_", "_recipient_name_", "_recipient_", "_full_name_", "_contact_name_"),
)
_ADDRESS = re.compile(r"_(city|zip|postcode|postal|street)_")
_SHORT_ROLES = {"_shipping_": "_ship_", "_billing_": "_bill_", "_delivery_": "_ship_"}
_TENANTS = re.compile(
    r"^_(tenant|organization|org|company|account|workspace|team|store|shop|site|client|project|customer|user|clinic"
    r"|school|hospital|branch|location|warehouse|merchant|vendor|property)_id_$"
)
_ENTITIES = PERSONS | frozenset((
    "category", "company", "course", "item", "organization", "plan", "product", "project", "store", "supplier",
    "vendor", "warehouse",
))  # fmt: skip
_ENTITY_COLUMN = re.compile(r"_(name|email|sku|slug|phone|code|number|title|currency|price)_(cents_)?$")


@dataclass(frozen=True)
class Copy:
    """A copy of a referenced row's column, or of two.

    Attributes:
        parent: the referenced table.
        columns: the columns: of a person's name, the first and the last name.
        by: a column of the row that decides which of the columns it is, and these by its value; None for none.
        day: whether it is the day of a time.
    """

    parent: ReferencedTable
    columns: tuple[ReferencedColumn, ...]
    by: tuple[str, Mapping[object, ReferencedColumn]] | None = field(default=None, hash=False)
    day: bool = False

    @property
    def uses(self) -> tuple[str, ...]:
        """The names that a row has the values under, and the columns that decide."""
        deciding = (*self.parent.foreign_key.columns, *(self.by[:1] if self.by else ()))
        return (*deciding, *(column.name for column in self.columns))

    def references(self, row: Row) -> bool:
        """Whether a row references a row to copy from."""
        return all(row.get(name) is not None for name in self.parent.foreign_key.columns)

    def value(self, row: Row) -> object:
        """Return the referenced row's value."""
        if self.by is not None:
            chosen = self.by[1].get(row.get(self.by[0]))
            return None if chosen is None else row.get(chosen.name)
        if len(self.columns) == 1:
            found = row.get(self.columns[0].name)
            return found.date() if self.day and isinstance(found, datetime) else found
        parts = [part for column in self.columns if isinstance(part := row.get(column.name), str)]
        return " ".join(parts) if parts else None


def copies(table: Table, column: Column, parents: tuple[ReferencedTable, ...]) -> bool:
    """Whether a column copies one of the rows that its row references."""
    return bool(parents) and copied(table, column, parents) is not None


# Asked when the source of a column is decided, and again when its values are.
@memoized_by_identity
def copied(table: Table, column: Column, parents: tuple[ReferencedTable, ...]) -> Copy | None:
    """Return what a column copies by its name; None for a column that copies nothing, or may not."""
    others = _others(parents)
    if not others or column.type.array or is_boolean(column.type) or not _is_free(table, column):
        return None
    context = Context(table, column, UNCONSTRAINED, parents=others)
    for find in (_by_comment, _by_reference, *_finders(column.words)):
        found = next(find(context, column.words), None)
        if found is not None:
            return found
    return None


@memoized_by_identity
def _others(parents: tuple[ReferencedTable, ...]) -> tuple[ReferencedTable, ...]:
    return tuple(parent for parent in parents if not parent.itself)


def _is_free(table: Table, column: Column) -> bool:
    """Whether no key and no code of the application is about a column, so that its values may repeat."""
    return not (
        column.generated
        or (column.declared is not None and column.declared.judged)
        or column.sequence is not None
        or column.identity is not None
        or column.name in table.in_unique_keys
        or any(column.name in exclusion.columns for exclusion in table.exclusions)
    )


_SAID = re.compile(
    r"\b(copy|copied|copies|same|denormali[sz]ed|snapshot|taken|cached|duplicate[sd]?|mirrors?|inherited|from|as)\b",
    re.IGNORECASE,
)


def _by_comment(context: Context, words: str) -> Iterator[Copy]:
    """Copies that a comment names: "copied from customers.email"."""
    comment = context.column.comment
    if not comment or "." not in comment or not _SAID.search(comment):
        return
    named = re.findall(r"\b([A-Za-z]\w*)\.([A-Za-z]\w*)\b", comment)
    for parent in context.parents:
        if len(named) == 1 and parent.table.name.name == named[0][0] and parent.table.has_column(named[0][1]):
            column = parent.table.column(named[0][1])
            if _are_alike(context.column, column):
                yield Copy(parent, (parent.column(column.name),))


def _by_role(parent: ReferencedTable) -> Iterator[str]:
    """What may stand before the name of a parent's column for its role: ``_shipping_address_``, ``_shipping_``."""
    yield parent.role
    if parent.subject != parent.role and parent.role.endswith(parent.subject):
        role = parent.role.removesuffix(parent.subject[1:])
        yield role
        yield _SHORT_ROLES.get(role, role)


def _by_reference(context: Context, words: str) -> Iterator[Copy]:
    for parent, prefix in _prefixes(context.parents):
        if words.startswith(prefix) and len(words) > len(prefix):
            rest = words[len(prefix) - 1 :]
            address = any(_ADDRESS.search(named) for named in _by_words(parent.table))
            if not _OF_THE_ROW_ITSELF.search(rest) or (address and rest == "_state_"):
                yield from _called(context, parent, (rest, words), address=address)
            elif _OF_WHAT_IT_REFERENCES.search(rest):
                yield from _alike_in_type(context, parent, (words, rest))


def _alike_in_type(context: Context, parent: ReferencedTable, names: Sequence[str]) -> Iterator[Copy]:
    by_words = _by_words(parent.table)
    for name in names:
        found = by_words.get(name)
        if found is not None and found.type == context.column.type:
            yield Copy(parent, (parent.column(found.name),))


@memoized_by_identity
def _prefixes(parents: tuple[ReferencedTable, ...]) -> list[tuple[ReferencedTable, str]]:
    """What the names of columns begin with that are about rows which a row references."""
    near = [parent for parent in parents if not parent.via]
    far = {name for parent in parents if parent.via for name in (parent.role, parent.subject)}
    # The product of a product's variant is meant by the product's name, not the variant.
    prefixes = [
        (parent, prefix)
        for parent in near
        for prefix in _by_role(parent)
        if prefix == parent.role or prefix not in far
    ]
    # Of two employees, one who approves is not meant by the employee's name.
    subjects = [parent.subject for parent in near]
    prefixes += [(each, each.subject) for each in near if subjects.count(each.subject) == 1]
    prefixes += [(parent, parent.role) for parent in parents if parent.via]
    # Of what only one row two references away is, whatever it is called there.
    subjects += [parent.subject for parent in parents if parent.via]
    return prefixes + [
        (each, each.subject) for each in parents if each.via and subjects.count(each.subject) == 1
    ]


@memoized_by_identity
def _by_words(table: Table) -> dict[str, Column]:
    """The columns of a table by their normalized names."""
    return {column.words: column for column in reversed(table.columns)}


def _called(
    context: Context, parent: ReferencedTable, names: Sequence[str], *, address: bool = False
) -> Iterator[Copy]:
    """Copies of the parent's column of a name, or of what else a parent calls the same."""
    by_words = _by_words(parent.table)
    for words in names:
        others: tuple[str, ...] = ()
        if words in _NAMES:
            others = _NAMES
        if address:
            others = (*others, *next((part for part in _PARTS if words in part), ()))
        others = (*others, *next((same for same in _REACHED if words in same), ()))
        for name in (words, *others):
            found = by_words.get(name)
            if found is not None and _are_alike(context.column, found):
                yield Copy(parent, (parent.column(found.name),))
        if words in ("_name_", "_full_name_", "_display_name_") and has_string_category(context.column.type):
            first = next((c for name, c in by_words.items() if FIRST_NAME.fullmatch(name)), None)
            last = next((c for name, c in by_words.items() if LAST_NAME.fullmatch(name)), None)
            if first is not None and last is not None:
                yield Copy(parent, (parent.column(first.name), parent.column(last.name)))
            for other in (f"{parent.subject}name_", *_NAMES_OF_COMPANIES):
                if other in by_words and _are_alike(context.column, by_words[other]):
                    yield Copy(parent, (parent.column(by_words[other].name),))


# What a row calls a thing of its own, whatever it references.
_OF_ANY_ROW = re.compile(
    r"^_(full|display|given|middle|maiden|nick|user|short|long|legal|trade|trading|common|local|native|internal"
    r"|external|public|private|preferred|contact|emergency|support|work|personal|home|business|primary|secondary"
    r"|alternative|alternate|backup|mobile|cell|office|file|image|original|old|new|previous|next|first|last|host"
    r"|domain|field|key|job|page|meta|seo|seller|page|section|sort|order|line|serial|tracking|reference|invoice|receipt"
    r"|confirmation|house|street|bank|account|tax|vat|registration|license|passport|policy|case|claim|ticket|batch|lot"
    r"|total|net|gross|sale|sales|unit|list|retail|promo|coupon|voucher|discount|final|asking|offer|shipping|source"
    r"|target|from|to|sender|recipient|father|mother|spouse|guardian|parent|kin|nominee|beneficiary)_"
)


_KIND_OF_ROW = re.compile(
    r"_(status|state|stage|phase|type|kind|category|priority|severity|reason|result|outcome|method|channel|level|role"
    r"|mode|risk|error|response|action|event|class|grade)_"
)


def _is_distinctive(words: str) -> bool:
    return _DISTINCTIVE.search(words) is not None or (
        _ENTITY_COLUMN.search(words) is not None
        and words.count("_") > 2
        and not FIRST_NAME.search(words)
        and not LAST_NAME.search(words)
        and not _OF_ANY_ROW.search(words)
        and not _KIND_OF_ROW.search(words)
    )


def _by_distinctive_name(context: Context, words: str) -> Iterator[Copy]:
    """Copies of a column of the same name: ``sku``, or ``customer_email`` that the order has as well."""
    if words.startswith(f"_{context.subject}_") and not _DISTINCTIVE.search(words):
        return
    for parent in context.parents:
        if parent.via and _PRICE.search(words):
            continue
        column = _by_words(parent.table).get(words)
        if column is not None and _are_alike(context.column, column):
            yield Copy(parent, (parent.column(column.name),))


def _by_role_of_person(context: Context, words: str) -> Iterator[Copy]:
    """Copies of the one person that a row references: ``cardholder_name`` of the client."""
    role, awarded = _ROLE_OF_PERSON.search(words), _AWARDED.search(words)
    if role is None and context.subject not in PERSONS:
        role = _AGENT.search(words)
        if role is None and context.subject in _OF_ONE_PARTY:
            role = _CONTACTED.search(words)
        if role is None and context.subject in _SENT_DOCUMENTS:
            role = _SENT.search(words)
    if role is None and awarded is None:
        return
    persons = [each for each in context.parents if not each.via and is_person(each.subject.strip("_"))]
    partners = _partners(words)
    persons += [
        each
        for each in context.parents
        if not each.via and each not in persons and each.subject.strip("_") in partners
    ]
    if not persons and _BILLED_TO.search(words):
        # It may be the company whose rows all are, where no other one is billed.
        persons = [each for each in context.parents if not each.via and each.subject.strip("_") in _COMPANIES]
    of_names = [
        each for each in persons if any(_OF_A_PERSON.search(named) for named in _by_words(each.table))
    ]
    if len(of_names) > 1 and _SENT.search(words):
        of_names = [each for each in of_names if not _OTHER_SIDE.search(each.role)]
    if len(of_names) > 1:
        of_names = [each for each in of_names if not _HANDLES.search(each.role)]
    if len(of_names) > 1 and re.search(r"^_(payer|payor|receipt|bill)", words):
        of_names = [each for each in of_names if _PAYS.search(each.role)]
    # A tenant may be a company, which has no address of its own.
    of_names = [
        each
        for each in of_names
        if (len(of_names) == 1 and each.subject != "_tenant_")
        or any(_OF_ONE.search(named) for named in _by_words(each.table))
    ]
    rest = next((group for group in role.groups()[1:] if group and group.startswith("_")), "") if role else ""
    if role is not None and len(of_names) == 1:
        billed = (f"_billing{rest}",) if _BILLED_TO.search(words) else ()
        yield from _called(context, of_names[0], (*billed, rest))
    far = [each for each in context.parents if each.via and each.subject.strip("_") in PERSONS]
    # Who has written a row is not known from afar.
    held = awarded[2] if awarded is not None else rest if _HOLDS.search(words) else ""
    if held and not persons and len(far) == 1:
        yield from _called(context, far[0], (held,))


def _partners(words: str) -> frozenset[str]:
    """What companies are called that a column may be about, by its name."""
    if _FOR_PAYING.search(words):
        return _PAYING
    if _CONTACTED.search(words):
        return _PAYING | _PAID
    return _PAID if _SENT.search(words) or words.startswith("_payee_") else frozenset()


_OF_ONE = re.compile(r"^_(last_name|email(_address)?|birth_date)_$")
_OF_A_PERSON = re.compile(
    r"^_((full_|first_|last_|display_|company_|business_|organization_|legal_|trading_)?name|((contact|billing)_)?email(_address)?)_$"
)
# Nouns for the same things, of which the table may have one, and the column another.
_SAME_THINGS = tuple(
    frozenset(words.split())
    for words in (
        "product item article part sku good merchandise material variant",
        "customer client account company organization business buyer partner",
        "supplier vendor manufacturer brand",
        "store shop branch location outlet site facility",
        "course class program training",
        "book title publication",
        "movie film title",
        "vehicle car",
        "property listing accommodation",
        "apartment unit flat room",
        "plan tier package",
        "service treatment procedure",
        "journey trip ride",
        "show event performance session screening",
        "employer company organization business",
        "venue place hall location",
        "department team division",
        "job position role post occupation",
    )
)


def _other_nouns(words: str) -> frozenset[str]:
    """Nouns of the thing that a name begins with and goes on to say something of; empty if it does not."""
    noun, _, rest = words.strip("_").partition("_")
    rest = f"_{rest}_"
    if rest == "__" or _OF_THE_ROW_ITSELF.search(rest) or not _ENTITY_COLUMN.search(rest):
        return frozenset()
    return frozenset(other for group in _SAME_THINGS if noun in group for other in group)


def _by_other_noun(context: Context, words: str) -> Iterator[Copy]:
    """Copies of the only referenced row that another noun may name as well: ``item_name`` of the product."""
    noun, _, rest = words.strip("_").partition("_")
    rest = f"_{rest}_"
    same = _other_nouns(words)
    if not same or context.subject in same or any(noun in each.role for each in context.parents):
        return
    for near in (True, False):
        found = [
            each for each in context.parents if (not each.via) == near and each.subject.strip("_") in same
        ]
        if found:
            if len(found) == 1:
                yield from _called(context, found[0], (rest, words))
            return


def _by_currency(context: Context, words: str) -> Iterator[Copy]:
    """Copies of the only currency of the nearest referenced row that has one: ``salary_currency`` of the employee."""
    for near in (True, False):
        found = [
            (parent, column)
            for parent in context.parents
            if (not parent.via) == near
            for named, column in _by_words(parent.table).items()
            if _CURRENCY.search(named) and _are_alike(context.column, column)
        ]
        if found:
            if len(found) == 1:
                yield Copy(found[0][0], (found[0][0].column(found[0][1].name),))
            return


def _by_price(context: Context, words: str) -> Iterator[Copy]:
    """Copies of what is sold at a price: ``order_items.unit_price`` of ``products.price``."""
    of_line = _ANY_PRICE if _is_of_lines(context.table) else _UNIT_PRICE
    for wanted, names in ((of_line, _PRICE), (_UNIT_COST, _COST)):
        if not wanted.search(words):
            continue
        near = [parent for parent in context.parents if not parent.via]
        # Of a part and of what it is a part of, the part is meant.
        for parent in sorted(near, key=lambda each: "_parent_" in each.role):
            for named, column in _by_words(parent.table).items():
                in_cents = bool(CENTS.search(named)) == bool(CENTS.search(words))
                if names.search(named) and in_cents and _are_alike(context.column, column):
                    yield Copy(parent, (parent.column(column.name),))


_PRICE_OF_PERIOD = re.compile(
    r"^_((unit|plan|subscription|base|recurring|agreed|list|current|billed|locked|applied|period|seat)_)?(price|amount|fee|rate|cost)"
    r"(_(cents|minor|amount))?_$"
)


def _by_period(context: Context, words: str) -> Iterator[Copy]:
    """Copies of the price for the period that a row has: ``unit_price`` of ``plans.monthly_price`` for a month."""
    if not is_number(context.column.type):
        return
    for name, by_period in billing_periods(context.table):
        for parent in context.parents:
            if parent.via:
                continue
            found = {
                value: parent.column(price.name)
                for value, period in by_period.items()
                if (price := _price_for(context, parent, period.words, words)) is not None
            }
            if len({*found.values()}) > 1:
                yield Copy(parent, tuple(dict.fromkeys(found.values())), (name, found))


def _price_for(
    context: Context, parent: ReferencedTable, period: frozenset[str], words: str
) -> Column | None:
    """The price of a referenced row for a period, in the unit of a price."""
    return next(
        (
            column
            for named, column in _by_words(parent.table).items()
            if not period.isdisjoint(named.strip("_").split("_"))
            and re.search(r"_(price|rate|fee|amount|cost)_", named)
            and bool(CENTS.search(named)) == bool(CENTS.search(words))
            and _are_alike(context.column, column)
        ),
        None,
    )


_NAME_OF_LINE = re.compile(r"^_(name|title|label|item|product)_$|^_(item|product)_(name|title|description)_$")
# What else a line repeats of what it is about.
_OF_GOODS = re.compile(
    r"^_((?:item|product|unit)_)?((?<=unit_)weight|image_url|image|thumbnail|thumbnail_url|photo_url|slug|brand|uom"
    r"|unit_of_measure|barcode)_$"
)
_QUANTITY = re.compile(r"^_(\w+_)?(quantity|units)(_\w+)?_$")


def _is_of_lines(table: Table) -> bool:
    """Whether a row of a table is a line: so much of something."""
    return any(_QUANTITY.search(named) for named in _by_words(table))


def _by_line(context: Context, words: str) -> Iterator[Copy]:
    """Copies of the name of what a line is about: of the only referenced row that has a price."""
    if not _is_of_lines(context.table):
        return
    sold = [
        parent
        for parent in context.parents
        if not parent.via
        and any(_PRICE.search(named) or _COST.search(named) for named in _by_words(parent.table))
    ]
    if len(sold) == 1:
        if _OF_GOODS.search(words):
            names = [words, _OF_GOODS.sub(r"_\2_", words)]
        elif words in ("_item_", "_product_"):
            names = ["_name_"]
        else:
            names = [words, "_description_" if words.endswith("_description_") else "_name_"]
        yield from _called(context, sold[0], names)


# Before the name of what has been agreed upon, in the row and in what it references.
_AS_AGREED = re.compile(
    r"^_(quoted|agreed|contracted|applied|booked|locked|charged|original|current|snapshot)_"
)
_USUAL = ("default_", "standard_", "base_", "current_")
# What a row and what it references may call the price of a night, a day, an hour or a month.
_RATES = tuple(
    frozenset(f"_{name}_" for name in names.split())
    for names in (
        "nightly_rate rate_per_night price_per_night nightly_price room_rate night_rate base_rate base_price rack_rate "
        "base_nightly_rate",
        "daily_rate rate_per_day price_per_day day_rate daily_price base_rate base_daily_rate rental_rate",
        "hourly_rate rate_per_hour price_per_hour hour_rate bill_rate billing_rate base_rate default_rate",
        "monthly_rent rent rent_amount rent_per_month base_rent market_rent asking_rent monthly_rate",
        "monthly_price price_per_month monthly_fee monthly_rate fee_per_month",
    )
)
# What has prices of its own.
_PRICED = word_set(
    "plan rate tariff price season promotion calendar unit room property apartment tier package class type model "
    "category offer listing vehicle product service"
)
_OF_TIME = re.compile(r"^_\w*(night|day|dai|hour|month)\w*_|^_(room_rate|rent|rent_amount|bill_rate)_$")


def _is_agreed(words: str) -> bool:
    if _OF_TIME.search(words) and any(without_unit(words) in rates for rates in _RATES):
        return True
    return words == "_capacity_" or (_AGREED.search(words) is not None and not _NOT_AGREED.search(words))


def _by_agreement(context: Context, words: str) -> Iterator[Copy]:
    """Copies of a rate, a price or a limit of the same name: ``commission_rate`` of the agent."""
    if not is_number(context.column.type):
        return
    names = {words, _AS_AGREED.sub("_", words)}
    names |= {f"_{prefix}{name[1:]}" for prefix in _USUAL for name in names}
    plain = without_unit(words)
    others = {name for rates in _RATES if plain in rates and _OF_TIME.search(plain) for name in rates}
    if context.subject in _PRICED:
        others = set()
    for wanted, via in ((names, False), (others, False), (others, True)):
        found = [
            (parent, column)
            for parent in context.parents
            if bool(parent.via) == via
            for name, column in _by_words(parent.table).items()
            if (name in wanted or (wanted is others and without_unit(name) in wanted))
            if wanted is names or bool(CENTS.search(name)) == bool(CENTS.search(words))
            if _are_alike(context.column, column)
        ]
        if len({parent.table.name for parent, _ in found}) == 1:
            parent, column = found[0]
            yield Copy(parent, (parent.column(column.name),))
            return


_OF_ADDRESS = re.compile(
    r"^_(?P<to>delivery|dropoff|drop_off|deliver_to|shipping|ship_to|ship|destination|recipient|service|job|site"
    r"|mailing)_(?P<part>\w+_)$|^_(?P<by>billing|bill_to|bill|invoice|invoice_to)_(?P<other>\w+_)$"
)


def _by_address(context: Context, words: str) -> Iterator[Copy]:
    """Copies of a part of the one address that a row, or what it references, has: ``dropoff_street`` of an order's."""
    found = _OF_ADDRESS.search(words)
    if found is None:
        return
    part, opposite = (found["part"], _BILLED) if found["to"] else (found["other"], _DELIVERED)
    part = f"_{part}"
    if not any(part in parts for parts in _PARTS):
        return
    for near in (True, False):
        addresses = [
            parent
            for parent in context.parents
            if (not parent.via) == near
            and {"_city_", "_street_"} & {*_by_words(parent.table)}
            and parent.subject.endswith("address_")
            and not opposite.search(parent.role)
        ]
        if addresses:
            if len(addresses) == 1:
                yield from _called(context, addresses[0], (part,), address=True)
            return
        payers = [
            parent
            for parent in context.parents
            if (not parent.via) == near
            and (not found["to"] or _SENT_TO.search(words))
            and parent.subject.strip("_") in _PAYERS
            and {"_city_", "_street_", "_name_", "_last_name_"} & {*_by_words(parent.table)}
        ]
        if payers:
            # Who pays has the address itself.
            if len(payers) == 1:
                yield from _called(context, payers[0], (part,), address=True)
            return


# What only an address has besides its parts: to whom it is.
_AT_ADDRESS = re.compile(
    r"^_(recipient(_name|_phone)?|attention|attn|addressee|care_of|delivery_instructions)_$"
)
_NAMED_IN_ADDRESS = re.compile(r"^_((contact_|full_)?name|phone|mobile)_$")
# Where something takes place.
_PLACES = frozenset(("venue", "site", "property", "premises", "address"))


def _is_in_addresses(words: str) -> bool:
    part = any(words in names for names in _PARTS) and not _NAMED_IN_ADDRESS.search(words)
    return part or _AT_ADDRESS.search(words) is not None


def _at_address(context: Context, words: str) -> Iterator[Copy]:
    """Copies of a part of the one address that a row has, by its own name: ``postal_code`` of a shipment."""
    subject = context.subject
    if is_person(subject):
        return
    found = [
        each
        for each in context.parents
        if not each.via
        and {"_city_", "_street_", "_town_", "_line_1_", "_address_line_1_"} & {*_by_words(each.table)}
        and each.subject.strip("_") in _PLACES
    ]
    delivered = [each for each in found if not _BILLED.search(each.role)] if len(found) > 1 else found
    if len(delivered) == 1 and subject not in _PLACES:
        yield from _called(context, delivered[0], (words,), address=True)


# Where what has been bought goes, unless the row says otherwise.
_SENT_TO = re.compile(r"^_(shipping|ship_to|ship|delivery|deliver_to|mailing)_")
_PAYERS = frozenset((
    "customer", "client", "company", "organization", "business", "member", "guest", "patient", "buyer", "debtor",
    "student", "partner", "subscriber",
))  # fmt: skip
_BILLED, _DELIVERED = (
    re.compile(r"_(billing|bill|invoice)_"),
    re.compile(r"_(shipping|ship|delivery|dropoff)_"),
)
# Words of a column that keeps what a referenced row was at the time, before and after its name there.
_WAS = re.compile(
    r"^_(snapshot|original|cached|copied|denormalized|denorm|frozen|locked|historical|historic|recorded|captured|agreed"
    r"|quoted|booked|contracted|charged|applied|billed|invoiced|ordered|purchased|sold|printed|embossed|effective"
    r"|bill_to|ship_to|sold_to|billing|parent|at_\w+?)_(?=\w)"
)
_THEN = re.compile(
    r"_(snapshot|snap|cached|cache|copy|denormalized|denorm|frozen|historical|(at|when|as_of|on)_\w+|then|at_time"
    r"|at_the_time)_$"
)


# Before what a row of a scan or a report has read off what it references.
_READ_OFF = re.compile(
    r"^_(scanned|entered|reported|presented|keyed|typed|swiped|detected|recognized|read|submitted|provided|given|captured"
    r"|recorded|confirmed|verified)_(?=(\w+_)?(code|number|barcode|sku|serial|plate|qr|tag|imei|vin|isbn|upc|ean|gtin|epc"
    r"|rfid)_$)"
)


def _reading(words: str) -> str:
    """The name of what a column has been read off as, by its name; empty if that does not say so."""
    rest = _READ_OFF.sub("_", words)
    return rest if rest != words else ""


def _as_read(context: Context, words: str) -> Iterator[Copy]:
    """Copies of what identifies the one referenced row that has it: ``scanned_barcode`` of the ticket."""
    rest = _reading(words)
    if rest in _by_words(context.table):
        return
    found = [
        copy
        for parent in context.parents
        if not parent.via
        and (copy := next(_called(context, parent, (rest, f"{parent.subject}{rest[1:]}")), None))
    ]
    if len(found) == 1:
        yield found[0]


def _what_was(words: str) -> str:
    """The name of what a column keeps by its name; empty if that does not say so."""
    rest = _THEN.sub("_", words)
    if rest == words:
        rest = _WAS.sub("_", words)
        if rest == words or _OF_THE_ROW_ITSELF.search(rest):
            return ""
    return rest if rest.strip("_") else ""


def _as_it_was(context: Context, words: str) -> Iterator[Copy]:
    """Copies that say so: ``title_snapshot``, ``weight_at_booking``, ``original_name``."""
    rest = _what_was(words)
    found = next(_by_reference(context, rest), None) or next(_by_other_noun(context, rest), None)
    if found is not None:
        yield found
        return
    own = _by_words(context.table)
    if rest in own and not _THEN.search(words):
        # The original one beside that which it has now.
        return
    # What the row is about comes before what it is in.
    near = sorted(
        (each for each in context.parents if not each.via), key=lambda each: _contains(context, each)
    )
    for parent in (*near, *(each for each in context.parents if each.via)):
        column = _by_words(parent.table).get(rest)
        if column is not None and _are_alike(context.column, column):
            yield Copy(parent, (parent.column(column.name),))


def _contains(context: Context, parent: ReferencedTable) -> bool:
    """Whether a row is a part of the one that it references, as an item is of its order."""
    return is_named_after(context.table.name.thing, parent.table.name.thing)


# Numbers and choices that a row has of its own, though what it references has one of the same name.
_OWN = re.compile(
    r"_(total|amount|subtotal|sum|net|gross|tax|vat|discount|quantity|units|count|paid|due|balance|score|rating|duration|hours"
    r"|minutes|seconds|days|weight|length|width|height|depth|size|position|rank|sort|order|number|version|latitude"
    r"|longitude|distance|stock|year|month|age|capacity|budget|cost|revenue|profit|margin|status|state|stage|phase|type"
    r"|kind|category|priority|severity|role|level|method|channel|visibility|source|reason|result|outcome|mode)_"
)


def _is_not_of_the_row(words: str) -> bool:
    """Whether what a name says may be of another row, as far as the name tells."""
    if _OF_THE_ROW_ITSELF.search(words):
        return False
    named = (_DEFINED, _MEASURED, _DATED, _PERSONAL, _JOURNEY, _IDENTIFIES)
    return not _OWN.search(words) or any(pattern.search(words) for pattern in named)


def _by_same_name(context: Context, words: str) -> Iterator[Copy]:
    """Copies of an amount or a choice of one name: ``hammer_cents`` of the lot, ``blood_group`` of the donor."""
    kind = context.column.type
    defined = _DEFINED.search(words)
    measured = (is_number(kind) and _MEASURED.search(words)) or _DATED.search(words)
    told = _is_told(context, words)
    if _OWN.search(words) and not defined and not measured and not told:
        return
    in_money = is_number(kind) and (
        CENTS.search(words) or (is_numeric(kind) and kind.scale == _CENTS_OF_MONEY)
    )
    plain = is_integer(kind) and words.count("_") == _ONE_WORD
    identified = not is_number(kind) and words.count("_") > _ONE_WORD and _IDENTIFIES.search(words)
    trait = told or (_TRAIT.search(words) and not is_number(kind) and not _PERSONAL.search(words))
    if not (kind.labels or in_money or plain or trait or identified or defined or measured):
        return
    found = [
        (parent, column)
        for parent in context.parents
        if not parent.via or kind.labels
        if (column := _by_words(parent.table).get(words) or _current(parent, words)) is not None
        and (column.type == kind or ((measured or trait) and _are_alike(context.column, column)))
        if told or not identified or any(key.columns == (column.name,) for key in parent.table.uniques)
        # An amount of a part is no copy of the whole.
        if not (in_money and not measured and _contains(context, parent))
    ]
    if len({parent.table.name for parent, _ in found}) == 1:
        parent, column = found[0]
        yield Copy(parent, (parent.column(column.name),))


def _current(parent: ReferencedTable, words: str) -> Column | None:
    """The column with the period of a referenced row, of which another one is: ``current_period_start``."""
    return _by_words(parent.table).get(f"_current{words}") if _DATED.search(words) else None


def _is_told(context: Context, words: str) -> bool:
    """Whether a row is a record that tells of a person, a journey or a thing what that has, under the same name."""
    if is_number(context.column.type) or is_person(context.subject) or context.subject in _ANIMALS:
        return False
    if _PERSONAL.search(words):
        return "_title_" not in words or context.subject not in _CAREERS
    if _JOURNEY.search(words):
        return context.subject in _ADMISSIONS
    if not _IDENTIFIES.search(words) or _KIND_OF_ROW.search(words):
        return False
    return context.subject in _RECORDS or any(
        _contains(context, parent) for parent in context.parents if not parent.via
    )


# What is known of a person, and repeated where the person is mentioned.
_PERSONAL = re.compile(
    r"^_(gender|sex|date_of_birth|birth_date|dob|username|handle|screen_name|avatar|avatar_url|profile_image_url|job_title"
    r"|position_title|tax_id|vat_id|vat_number|marital_status|nationality|ethnicity|blood_type|blood_group)_$"
)
_ANIMALS = word_set("pet animal dog cat horse cow cattle livestock bird fish puppy litter")
_CAREERS = word_set(
    "history experience employment position contract job role assignment offer application vacancy promotion"
)
# When and where a journey or an event is, and where it goes.
_JOURNEY = re.compile(
    r"^_(departure|arrival|departs|arrives|boarding|event|session|show|starts|ends)_(at|time|datetime)_$"
    r"|^_(origin|destination)(_(city|airport|station|port|code))?_$|^_(departure|arrival)_(city|airport|station|port|gate)_$"
)
_ADMISSIONS = word_set("booking reservation ticket registration seat pass boarding itinerary admission")
# Rows that say what has happened to a thing.
_RECORDS = word_set(
    "order ticket repair claim inspection maintenance job reading request visit loan rental checkout event log scan "
    "update history movement return recall service record transfer calibration alert"
)
_CENTS_OF_MONEY = 2
_ONE_WORD = 2
# What identifies a referenced row by a unique key, and what a definition says of all that refers to it.
_IDENTIFIES = re.compile(r"_(number|no|code|ref|reference|tag|serial|identifier|registration)_$")
_DEFINED = re.compile(
    r"_(limit|threshold|setpoint|target|nominal|reference)_(value|min|max|low|high)_$|^_(unit|uom)_$"
)
# What a thing measures, and the terms on which it is had, are the same for all that refers to it.
_MEASURED = re.compile(
    r"^_(page|word|seat|bed|bedroom|track|episode|chapter)_count_$|^_(pages|words|capacity|max_occupancy|wattage)_$"
    r"|^_(\w+_)?(term|terms|net|credit|notice|warranty|lead|trial|grace|tenure|notice_period|lock_in|validity|cancellation|return)"
    r"_(months|days|weeks|years|hours|period)_$"
    r"|^_(\w+_)?(rate|percent|percentage|pct|bps)_$|^_(grade|year|school|skill)_level_$|^_star_rating_$|^_(points|hours|minutes|credits|tokens|price|cost|fee)_per_\w+_$"
)
# Of which period or event a row is, as what it belongs to.
_DATED = re.compile(
    r"^_((pay|billing|reporting|fiscal|tax|accounting|service)_)?period(_(start|end|from|to|begin|starts|ends)(_(at|on|date))?)?_$"
    r"|^_(event|session|show|match|game|flight|departure|exam|race|tour|class|season|semester)_(date|day|starts_at)_$"
    r"|^_(fiscal|academic|school|tax|model|season|crop|financial)_(year|quarter|month)_$|^_(season|semester|academic_term)_$"
)
# Texts that say what a thing is, which are the same wherever it is mentioned.
_TRAIT = re.compile(
    r"_(breed|species|variety|color|colour|vintage|grade|gender|sex|make|model|fuel|unit_of_measure|uom|brand"
    r"|manufacturer|publisher|language|language_code|isbn|industry|cost_center|blood_type|blood_group|nationality"
    r"|aircraft_type|vehicle_type|room_type|size_label|tax_code|hs_code|gl_code|currency|department_code)_$"
)


# Nouns for the same event, on one day, of which the row may have one, and what it references another.
_SAME_DAY = tuple(
    frozenset(words.split())
    for words in (
        "appointment encounter visit consultation consult session service treatment procedure slot checkup exam"
        " examination dos",
        "lesson class session lecture slot attendance meeting training",
        "shift work attendance timesheet roster duty punch clock",
        "event show performance screening concert match game session fixture race",
        "flight departure travel trip journey sailing tour ride",
        "inspection visit survey audit job service",
        "loss accident incident occurrence",
        "hearing trial session",
    )
)
_DAY = re.compile(r"^_(?P<noun>\w+?)_(date|day)_$|^_(date|day)_of_(?P<of>\w+?)_$|^_(?P<dos>dos)_$")
# When it takes place, in a table that is called after the event.
_TAKES_PLACE_ON = re.compile(
    r"^_(date|scheduled_(date|day|at|for|on)|(starts|start|started|begins|held|occurred|takes_place)_(at|on|date|datetime)"
    r"|scheduled_start(_at|_date)?|starts|start|(start|scheduled|held)_time|day)_$"
)
# Days that are of the row alone, though what it references has one of the same name.
_OWN_DAY = re.compile(
    r"_(created?|updated|modified|due|paid|payment|start|end|started|ended|effective|expiry|expiration|valid|issue|issued"
    r"|birth|hire|registration|closed|completed|completion|cancell?ed|cancellation|approved|approval|received|receipt"
    r"|delivery|delivered|shipped|shipping|ship|return|returned|entry|posting|posted|transaction|request|requested|review"
    r"|signed|submission|submitted|follow_up|next|last|first|deleted|reported|report|join|joined|enrollment|assigned"
    r"|purchase|sale|termination|resolved|onset|diagnosis|recorded|scheduled|planned|expected|estimated|actual|promised"
    r"|target|booking|booked|reservation|archived|published|publication|release|renewal|verified|activation|check|status)_"
)


def _noun_of_day(words: str) -> str:
    """What the name of a day says that it is of: ``visit`` of ``visit_date``; empty for days that are of the row."""
    named = _DAY.search(words)
    noun = "" if named is None else named["noun"] or named["of"] or named["dos"]
    return "" if _OWN_DAY.search(f"_{noun}_") else noun


def _by_day(context: Context, words: str) -> Iterator[Copy]:
    """Copies of the day on which what a row is about took place: ``service_date`` of the visit's ``visit_date``."""
    if not is_date(context.column.type):
        return
    noun = _noun_of_day(words)
    for near in (True, False):
        found = [
            (parent, column)
            for parent in context.parents
            if (not parent.via) == near
            if (column := _day_of(context, parent, words, noun)) is not None
        ]
        if found:
            # Which of several is meant, is not known; the row may be a part of one of them.
            parts = [each for each in found if _contains(context, each[0])] or found
            if len({parent.table.name for parent, _ in parts}) == 1:
                parent, column = parts[0]
                yield Copy(parent, (parent.column(column.name),), day=not is_date(column.type))
            return


def _day_of(context: Context, parent: ReferencedTable, words: str, noun: str) -> Column | None:
    """The column of a referenced row with the day that a noun is about."""
    columns = _by_words(parent.table)
    alike = columns.get(words)
    same = {other for group in _SAME_DAY if noun in group for other in group}
    if alike is not None:
        return alike if is_date(alike.type) and (same or _contains(context, parent)) else None
    subject = parent.subject.strip("_")
    if not same or (subject not in same and subject != noun):
        return None
    for other in sorted(same | {noun}, key=lambda each: (each != subject, each)):
        found = columns.get(f"_{other}_date_") or columns.get(f"_date_of_{other}_")
        if found is not None and is_date(found.type):
            return found
    if context.subject != noun and (context.subject in same or noun != subject) and noun not in _SERVICES:
        return None
    return next(
        (
            column
            for named, column in sorted(columns.items(), key=lambda each: not is_date(each[1].type))
            if _TAKES_PLACE_ON.search(named) and is_date_or_timestamp(column.type) and not column.type.array
        ),
        None,
    )


_SERVICES = frozenset(
    ("service", "dos", "visit", "event", "session", "travel", "class", "lesson", "shift", "work")
)


def _of_tenant(context: Context, words: str) -> Iterator[Copy]:
    """Copies of a key that both tables have, of which this one is no foreign key."""
    for parent in context.parents:
        if not parent.via and parent.table.has_column(context.column.name):
            column = parent.table.column(context.column.name)
            if _are_alike(context.column, column) and column.name not in parent.table.primary_key:
                yield Copy(parent, (parent.column(column.name),))


_Find = Callable[[Context, str], Iterator[Copy]]
# How the name of a column alone may tell what the column copies, and for which names; the first that finds it counts.
_BY_NAME: tuple[tuple[_Find, Callable[[str], object]], ...] = (
    (_by_distinctive_name, _is_distinctive),
    (
        _by_role_of_person,
        re.compile(
            "|".join(each.pattern for each in (_ROLE_OF_PERSON, _AGENT, _AWARDED, _CONTACTED, _SENT))
        ).search,
    ),
    (_by_other_noun, _other_nouns),
    (_by_currency, _CURRENCY.fullmatch),
    (_by_period, _PRICE_OF_PERIOD.search),
    (_by_price, re.compile(f"{_ANY_PRICE.pattern}|{_UNIT_COST.pattern}").search),
    (_by_line, re.compile(f"{_NAME_OF_LINE.pattern}|{_OF_GOODS.pattern}").search),
    (_by_agreement, _is_agreed),
    (_of_tenant, _TENANTS.search),
    (_by_address, _OF_ADDRESS.search),
    (_at_address, _is_in_addresses),
    (_as_read, _reading),
    (_as_it_was, _what_was),
    (_by_same_name, _is_not_of_the_row),
    (_by_day, _noun_of_day),
)


# Most tables have columns of the same few names.
@lru_cache(maxsize=8192)
def _finders(words: str) -> tuple[_Find, ...]:
    return tuple(find for find, is_for in _BY_NAME if is_for(words))


def _are_alike(column: Column, other: Column) -> bool:
    """Whether a column may have the values of another one, by their types."""
    own, its = column.type, other.type
    if own.array or its.array:
        return False
    if is_number(own) and is_number(its):
        return True
    texts = [has_string_category(kind) or bool(kind.labels) for kind in (own, its)]
    return all(texts) or own.name == its.name
