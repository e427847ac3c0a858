"""Diamonds: two references of a row that lead to the same row of a third table, if they are to agree.

:func:`diamonds` finds them from the graph of foreign keys and from names: the patient of an encounter is that of its
appointment, a shipping address is one of the order's customer, student and course are of one school, and a task is
assigned to a member of its project. No constraint demands it, so names decide where the graph alone would mislead: who
writes a comment need not have written the post.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from pytest_supaseed.constraints.column import memoized_by_identity
from pytest_supaseed.model.identifiers import spelt, subject_of
from pytest_supaseed.model.referenced import role_of
from pytest_supaseed.model.schema import ColumnType, ForeignKey, Schema, Table, TableName
from pytest_supaseed.values.meanings.people import PERSONS, is_person

# How many references lead to the third table, at most.
_LONGEST = 3
# What persons are called in rows of theirs: an order's customer is that of its address, too.
_ACTORS = re.compile(
    r"_(author|creator|editor|sender|receiver|recipient|reviewer|approver|uploader|reporter|commenter|assignee|assigned"
    r"|requester|inviter|invited|owner|follower|followed|voter|liker|poster|manager|lead|leader|moderator|organizer|host"
    r"|actor|performed|handled|by)_"
)
# These are no actors where a table is called after them, whose rows others belong to.
_HOLDERS = re.compile(r"^_(organizer|host|owner)_$")
# Persons of whom any table may have its own.
_ANYONE = re.compile(r"^_(user|member|profile|person|people|account|employee|staff)_$")
# Rows that are about one person's business: what refers to them is this person's as well.
_DOCUMENTS = frozenset((
    "account", "address", "appointment", "application", "basket", "booking", "card", "cart", "case", "claim",
    "contract",
    "device", "encounter", "enrollment", "invoice", "loan", "membership", "method", "order", "payment", "policy",
    "prescription", "profile", "purchase", "receipt", "refund", "rental", "reservation", "return", "sale", "session",
    "shipment", "statement", "stay", "subscription", "ticket", "timecard", "timesheet", "transaction", "trip", "visit",
    "wallet", "payslip", "sheet", "quote", "estimate", "bill", "delivery", "consignment",
))  # fmt: skip
# Tables whose rows divide all others: what belongs to two of these does not go together.
_CONTAINERS = frozenset((
    "tenant", "organization", "company", "workspace", "team", "school", "university", "college", "clinic", "hospital",
    "practice", "store", "shop", "site", "branch", "property", "hotel", "library", "restaurant", "merchant", "vendor",
    "agency", "firm", "club", "gym", "studio", "project", "account", "client", "warehouse", "depot", "venue", "theater",
    "course", "event", "survey", "tournament", "campaign", "flight", "contest", "cohort", "program", "election",
    "conference", "auction", "cinema", "museum", "community", "league", "season", "building", "facility", "farm",
    "bank", "station", "airline", "charity", "foundation", "nonprofit", "church",
))  # fmt: skip
# Companies with whom a document is, as it is with a person.
_PARTIES = frozenset(
    ("shipper", "consignee", "supplier", "carrier", "dealer", "distributor", "reseller", "insurer")
)
_CLASSES = ("class", "type", "category")
# Tables that say who belongs to what.
_MEMBERSHIPS = re.compile(
    r"_(members?|memberships?|participants?|collaborators?|teammates?|staff|seats?|enrollments?|assignments?|roles?)_$"
)
_NO_MEMBERSHIPS = re.compile(
    r"_(likes?|votes?|follows?|followers?|bookmarks?|favou?rites?|stars?|watchers?|views?|reactions?|invitations?|invites?)_"
)
_MEMBERS = re.compile(
    r"_(user|member|person|author|creator|assignee|assigned|owner|reporter|reviewer|approver|uploader|editor|sender"
    r"|requester|lead|manager|student|employee|profile|actor|agent|contributor|participant|commenter|moderator|handler"
    r"|responsible|developer|technician|by)_"
)
# Who has let a member in, rather than the member.
_LETS_IN = re.compile(r"_(inviter|by)_")


@dataclass(frozen=True)
class Path:
    """The way from a row to one of a third table.

    Attributes:
        foreign_key: of the row.
        hops: the foreign keys that lead on from the referenced row.
        members: a table that has a row for each pair that belongs together, instead of ``hops``.
        holder: the table whose columns tell the third row: of the last hop, or ``members``; None without either.
        types: of the columns of ``foreign_key``.
    """

    foreign_key: ForeignKey
    hops: tuple[ForeignKey, ...] = ()
    members: Members | None = None
    holder: Table | None = None
    types: tuple[ColumnType, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of ``holder`` that tell the third row."""
        return self.members.group.columns if self.members is not None else self.hops[-1].columns


@dataclass(frozen=True)
class Members:
    """A table that says which rows of one table belong to which of another.

    Attributes:
        table: the table.
        member: its foreign key to those that belong.
        group: its foreign key to what they belong to.
    """

    table: TableName
    member: ForeignKey
    group: ForeignKey


@dataclass(frozen=True)
class Diamond:
    """Two foreign keys of a table that should lead to the same row of a third one.

    Attributes:
        first: the way of the foreign key that says more, and stays as it is.
        second: that of the foreign key which follows it.
        shared: the third table.
        required: whether a trigger refuses rows for which they do not.
    """

    first: Path
    second: Path
    shared: TableName
    required: bool = False

    @property
    def foreign_keys(self) -> tuple[ForeignKey, ForeignKey]:
        """Both foreign keys."""
        return self.first.foreign_key, self.second.foreign_key


def diamonds(schema: Schema, table: Table, foreign_keys: Sequence[ForeignKey]) -> tuple[Diamond, ...]:
    """Return the diamonds of a table.

    Args:
        foreign_keys: of the table: those whose references are allocated each by itself.

    Returns:
        In the order in which they are settled: a foreign key follows only those that stand before it.
    """
    if len(foreign_keys) < 2:
        return ()
    usable = [key for key in foreign_keys if key.kind is None and schema.has_table(key.referenced)]
    depths = {key.referenced: _depth_beside(schema, table, key.referenced) for key in usable}
    order = sorted(usable, key=lambda key: (-depths[key.referenced], table.place(key.columns[0])))
    found: list[Diamond] = []
    for place, second in enumerate(order):
        before = order[:place]
        pairs = [diamond for first in before for diamond in _between(schema, table, first, second)]
        # Who belongs to what is looked up in the nearest table that says it.
        close = [] if pairs else [_with_members(schema, table, first, second) for first in before]
        members = sorted(
            (each for each in close if each is not None),
            key=lambda each: len(each.first.hops) + len(each.second.hops),
        )
        found += [*pairs, *members[:1]]
    return tuple(
        replace(each, first=_held(schema, table, each.first), second=_held(schema, table, each.second))
        for each in found
    )


def _held(schema: Schema, table: Table, path: Path) -> Path:
    path = replace(path, types=tuple(table.column(name).type for name in path.foreign_key.columns))
    if path.members is not None:
        return replace(path, holder=schema.table(path.members.table))
    if not path.hops:
        return path
    before = path.hops[-2].referenced if len(path.hops) > 1 else path.foreign_key.referenced
    return replace(path, holder=schema.table(before))


def most_that_agree(
    diamond: Diamond,
    amount: int,
    shares: Mapping[str, Sequence[int]],
    rows_of: Callable[[TableName], int | None],
) -> int:
    """Return an upper bound of the rows that a diamond can hold for, as far as row counts tell.

    Args:
        diamond: of a table without rows.
        amount: new rows of the table.
        shares: by foreign key, the rows that each referenced row gets, where known.
        rows_of: returns the rows of a table, None where they are not known.

    Example:
        Of 7 encounters, 3 appointments are of 3 patients at most: where 5 patients get 2, 2, 1, 1 and 1, it is 5 rows.
    """
    for path, other in ((diamond.first, diamond.second), (diamond.second, diamond.first)):
        if path.hops or diamond.required:
            continue
        # At most so many of the rows that this foreign key references go with one that the other references.
        found = rows_of(other.foreign_key.referenced if path.members is None else path.members.table)
        if found is not None and path.foreign_key.name in shares:
            return min(amount, sum(sorted(shares[path.foreign_key.name], reverse=True)[:found]))
    return amount


# What a row of a table with several levels calls the row above it.
_ABOVE = re.compile(r"_(parent|reply|replied|replies|root|thread|ancestor|quoted|original|above)_")
_TALK = frozenset(("answer", "comment", "message", "note", "post", "reply", "thread"))


def trees(schema: Schema, table: Table, foreign_keys: Iterable[ForeignKey]) -> dict[str, tuple[str, ...]]:
    """Return in which columns a row should be equal to the row of its own table above it, by foreign key.

    A reply is to a comment on the same post, and the category above another is of the same shop.

    Args:
        foreign_keys: of the table, to itself.
    """
    found = {}
    for key in foreign_keys:
        alike = [
            name
            for other in table.foreign_keys
            if _ABOVE.search(spelt(key.columns[-1]))
            and other.referenced != table.name
            and set(other.columns).isdisjoint(key.columns)
            and _divides(table, other)
            for name in other.columns
        ]
        alike += checked_with(table, key)
        if alike:
            found[key.name] = tuple(dict.fromkeys(alike))
    return found


@memoized_by_identity
def _checks_by_arguments(table: Table) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """The arguments of each constraint trigger that has some, and the words of its function besides."""
    return tuple(
        (frozenset(trigger.arguments), frozenset(re.findall(r"\w+", trigger.source)))
        for trigger in table.triggers
        if trigger.on_insert and trigger.arguments and (trigger.deferrable or _raises(trigger.source))
    )


def _raises(source: str) -> bool:
    return re.search(r"\braise\s+(?!notice|warning|info|debug|log)", source, re.IGNORECASE) is not None


def checked_with(table: Table, key: ForeignKey) -> tuple[str, ...]:
    """The columns that a trigger of the table names with a foreign key's, which is an argument of the trigger.

    ``EXECUTE FUNCTION must_agree('task', 'milestone_id', 'project_id')`` wants a task's milestone to be of its project.
    """
    named = [pair for pair in _checks_by_arguments(table) if set(key.columns) <= pair[0]]
    if not named:
        return ()
    references = {
        name
        for other in table.foreign_keys
        if set(other.columns).isdisjoint(key.columns)
        and any(set(other.columns) <= arguments | words for arguments, words in named)
        for name in other.columns
    }
    return tuple(
        column.name
        for column in table.columns
        if column.name in references
        or (column.name not in key.columns and any(column.name in arguments for arguments, _ in named))
    )


def _by_arguments(table: Table, schema: Schema, first: ForeignKey, second: ForeignKey) -> Iterator[Diamond]:
    """The diamond of two foreign keys that a trigger compares, as far as its arguments tell."""
    if not _checks_by_arguments(table):
        return
    for source, target in ((first, second), (second, first)):
        if not set(target.columns) <= {*checked_with(table, source)}:
            continue
        paths = {target.name: Path(target)}
        if source.referenced == target.referenced:
            paths[source.name] = Path(source)
        else:
            hop = _same_named(schema, source.referenced, target)
            if hop is None:
                continue
            paths[source.name] = Path(source, (hop,))
        yield Diamond(paths[first.name], paths[second.name], target.referenced, required=True)
        return
    for arguments, words in _checks_by_arguments(table):
        if not {*first.columns, *second.columns} <= arguments:
            continue
        for hop in schema.table(first.referenced).foreign_keys:
            other = _same_named(schema, second.referenced, hop)
            if other is not None and set(hop.columns) <= arguments | words:
                yield Diamond(Path(first, (hop,)), Path(second, (other,)), hop.referenced, required=True)
                return


def _same_named(schema: Schema, name: TableName, key: ForeignKey) -> ForeignKey | None:
    """The foreign key of a table that has the same columns as another table's, and references the same."""
    return next(
        (
            each
            for each in schema.table(name).foreign_keys
            if (each.columns, each.referenced) == (key.columns, key.referenced)
        ),
        None,
    )


def _divides(table: Table, key: ForeignKey) -> bool:
    subject = subject_of(key.referenced.separated)
    talk = subject_of(table.name.separated) in _TALK and not any(
        table.column(name).nullable for name in key.columns
    )
    return subject in _CONTAINERS or (talk and subject not in PERSONS)


def member_tables(schema: Schema, table: Table) -> frozenset[TableName]:
    """Return the tables that say which rows the foreign keys of a table should reference together."""
    keys = [key for key in table.foreign_keys if schema.has_table(key.referenced)]
    found = (
        _of_members(schema, table, first, second) for first in keys for second in keys if first is not second
    )
    return frozenset(each.second.members.table for each in found if each is not None and each.second.members)


@memoized_by_identity
def _depths(schema: Schema) -> dict[TableName, int]:
    return {}


def _depth(schema: Schema, name: TableName, seen: frozenset[TableName] = frozenset()) -> int:
    """The length of the longest way that leads on from a table: a row with more references says more."""
    known = _depths(schema)
    if name in known:
        return known[name]
    if name in seen or not schema.has_table(name):
        return 0
    below = [_depth(schema, key.referenced, seen | {name}) for key in schema.table(name).foreign_keys]
    found = max((1 + depth for depth in below), default=0)
    if not seen:
        known[name] = found
    return found


def _depth_beside(schema: Schema, table: Table, name: TableName) -> int:
    """The depth of a table, not counting ways that lead back to the one that references it.

    A unit that has its current lease says no more than the application that the lease was made out of.
    """
    back = any(way[-1].referenced == table.name for way in _ways(schema, name).all)
    return _depth_without(schema, name, {table.name: -1}) if back else _depth(schema, name)


def _depth_without(schema: Schema, name: TableName, known: dict[TableName, int]) -> int:
    if name not in known:
        known[name] = 0
        keys = schema.table(name).foreign_keys if schema.has_table(name) else ()
        known[name] = max((1 + _depth_without(schema, key.referenced, known) for key in keys), default=0)
    return known[name]


def _between(schema: Schema, table: Table, first: ForeignKey, second: ForeignKey) -> Iterator[Diamond]:
    """The diamond of two foreign keys, if the way of one leads to the table of the other, or both to one more."""
    asked = next(_by_arguments(table, schema, first, second), None)
    if asked is not None:
        yield asked
        return
    in_one_key = any({*first.columns, *second.columns} <= set(key.columns) for key in table.uniques)
    direct = (
        [] if in_one_key else [*_direct(schema, table, first, second), *_direct(schema, table, second, first)]
    )
    for source, hops in direct[:1]:
        other = second if source is first else first
        paths = {source.name: Path(source, hops), other.name: Path(other)}
        yield Diamond(paths[first.name], paths[second.name], other.referenced)
    if not direct:
        yield from _shared(schema, table, first, second)


def _direct(
    schema: Schema, table: Table, source: ForeignKey, target: ForeignKey
) -> Iterator[tuple[ForeignKey, tuple[ForeignKey, ...]]]:
    """The shortest way from what one foreign key references to the row that another one does."""
    role = role_of(target)
    subject = f"_{subject_of(source.referenced.separated)}_"
    alone = sum(key.referenced == target.referenced for key in table.foreign_keys) == 1
    if _is_actor(role, target.referenced):
        return
    for hops in _ways(schema, source.referenced).by_end.get(_end((target,)), ()):
        last = hops[-1]
        its_role = role_of(last)
        document = subject.strip("_") in _DOCUMENTS
        if _is_actor(its_role, last.referenced):
            continue
        if its_role == role:
            if _ANYONE.search(role) and not document and not _is_tenant(schema, source, last):
                continue
        elif not (document and alone and _is_named_after(last) and its_role != role and _owns(subject)):
            continue
        yield source, hops
        return


def _is_tenant(schema: Schema, source: ForeignKey, last: ForeignKey) -> bool:
    """Whether an account is what persons belong to, rather than a person."""
    subjects = [subject_of(key.referenced.separated) for key in (source, last)]
    if subjects[1] != "account" or subjects[0] not in PERSONS | {"host", "creator"}:
        return False
    return not any(
        re.search(r"^_(first_name|last_name|password\w*|birth_date)_$", column.words)
        for column in schema.table(last.referenced).columns
    )


def _is_actor(role: str, name: TableName) -> bool:
    """Whether a reference says who has done something, by what it calls the row."""
    holds = _HOLDERS.search(role) and role == f"_{subject_of(name.separated)}_"
    return _ACTORS.search(role) is not None and not holds


def _is_named_after(key: ForeignKey) -> bool:
    """Whether the columns of a foreign key are just called as the table that it references."""
    return f"_{subject_of(key.referenced.separated)}_" in spelt(key.columns[-1])


def _owns(subject: str) -> bool:
    """Whether rows of a subject belong to one person, whatever the referencing row calls this person."""
    return subject.strip("_") in ("address", "card", "cart", "basket", "device", "method", "wallet")


def _shared(schema: Schema, table: Table, first: ForeignKey, second: ForeignKey) -> Iterator[Diamond]:
    """The diamond of two foreign keys whose ways both lead to a row of a third table."""
    compared, owners = _compared(table), _owners(table)
    ours, theirs = _ways(schema, first.referenced), _ways(schema, second.referenced)
    if compared:
        pairs = [(one, other) for one in ours.all for other in theirs.by_end.get(_end(one), ())]
    else:
        # Only rows that both ways call the same go together, and of such ways the shortest are enough.
        pairs = [
            (one, other)
            for meant, one in ours.nearest.items()
            if (other := theirs.nearest.get(meant)) is not None
        ]
    with_reason = (
        (one, other)
        for one, other in pairs
        if (
            (role := role_of(one[-1])) == role_of(other[-1])
            # All that the row is about is of one car park, as it is itself.
            and ((role, one[-1].referenced) in owners or _go_together(first, second, one, other))
        )
        or _joined(compared, one[-1], other[-1])
    )
    # The shortest pair for which there is a reason, the earlier one of equally long ones.
    shortest = min(with_reason, key=lambda pair: len(pair[0]) + len(pair[1]), default=None)
    if shortest is not None:
        one, other = shortest
        yield Diamond(Path(first, one), Path(second, other), one[-1].referenced)


def _end(way: Sequence[ForeignKey]) -> _End:
    """The table that a way leads to, and the columns of it that tell the row."""
    return way[-1].referenced, way[-1].referenced_columns


@memoized_by_identity
def _owners(table: Table) -> frozenset[tuple[str, TableName]]:
    """The rows that a row references and that all which it is about may be of, by their names and their tables."""
    called = ((role_of(key), key.referenced) for key in table.foreign_keys)
    return frozenset(
        (role, name) for role, name in called if not _is_actor(role, name) and not _ANYONE.search(role)
    )


def _joined(compared: frozenset[frozenset[str]], one: ForeignKey, other: ForeignKey) -> bool:
    """Whether a trigger of the table compares columns of the two rows that its references lead to.

    ``JOIN roles r ON r.scope_id = p.parent_id`` does, in a trigger that looks for the project's and the role's scope.
    """
    if not compared or len(one.columns) > 1:
        return False
    [first], [second] = one.columns, other.columns
    return frozenset((first.lower(), second.lower())) in compared


# A column of one table and one of another: what a join compares.
_COMPARED = re.compile(r'\b\w+\.("[^"]+"|\w+)(?=\s*=\s*\w+\.("[^"]+"|\w+))')


@memoized_by_identity
def _compared(table: Table) -> frozenset[frozenset[str]]:
    """The pairs of columns that triggers on INSERT compare, in small letters."""
    sources = {trigger.source for trigger in table.triggers if trigger.on_insert}
    return frozenset(
        frozenset(name.strip('"').lower() for name in pair)
        for source in sources
        for pair in _COMPARED.findall(source)
    )


def _go_together(
    first: ForeignKey,
    second: ForeignKey,
    one: Sequence[ForeignKey],
    other: Sequence[ForeignKey],
) -> bool:
    """Whether what two ways call the same is one thing that rows of both foreign keys are of."""
    if _ACTORS.search(role_of(one[-1])):
        return False
    third = subject_of(one[-1].referenced.separated)
    if third in _CONTAINERS:
        return True
    subjects = [subject_of(key.referenced.separated) for key in (first, second)]
    if third.endswith(_CLASSES):
        # What is rented is of the class that has been reserved.
        return len(one) == len(other) == 1 and any(subject in _DOCUMENTS for subject in subjects)
    # Of one person are an order and its address, not an order and what is ordered, nor two parties' accounts.
    return (
        (third in _PARTIES or is_person(third))
        and len(one) == len(other) == 1
        and all(subject in _DOCUMENTS for subject in subjects)
        and (first.referenced != second.referenced or subjects[0] == "address")
    )


_Way = tuple[ForeignKey, ...]
# A table that a way leads to, and its columns that tell the row.
_End = tuple[TableName, tuple[str, ...]]


@dataclass(frozen=True)
class _Ways:
    """The shortest ways along foreign keys from a table to each further one.

    No way leads back, or to a table that a shorter way leads to.

    Attributes:
        all: the ways, shorter ones first.
    """

    all: tuple[_Way, ...]

    @cached_property
    def by_end(self) -> Mapping[_End, Sequence[_Way]]:
        """The ways by what they lead to."""
        found: dict[_End, list[_Way]] = {}
        for way in self.all:
            found.setdefault(_end(way), []).append(way)
        return found

    @cached_property
    def nearest(self) -> Mapping[tuple[_End, str], _Way]:
        """The first way by what it leads to, and by what its last foreign key calls that."""
        found: dict[tuple[_End, str], _Way] = {}
        for way in self.all:
            found.setdefault((_end(way), role_of(way[-1])), way)
        return found


def _ways(schema: Schema, start: TableName) -> _Ways:
    known = _all_ways(schema)
    if start not in known:
        known[start] = _Ways(tuple(_walk(schema, start)))
    return known[start]


@memoized_by_identity
def _all_ways(schema: Schema) -> dict[TableName, _Ways]:
    return {}


def _walk(schema: Schema, start: TableName) -> Iterator[tuple[ForeignKey, ...]]:
    known = {start}
    ends: list[tuple[TableName, tuple[ForeignKey, ...]]] = [(start, ())]
    for _ in range(_LONGEST):
        # What leads on from a table is the same, however it was reached.
        following: dict[TableName, tuple[ForeignKey, ...]] = {}
        for name, hops in ends:
            keys: Iterable[ForeignKey] = schema.table(name).foreign_keys if schema.has_table(name) else ()
            for key in keys:
                if key.referenced not in known and schema.has_table(key.referenced):
                    yield (*hops, key)
                    following.setdefault(key.referenced, (*hops, key))
        known |= following.keys()
        ends = [*following.items()]


def _with_members(schema: Schema, table: Table, first: ForeignKey, second: ForeignKey) -> Diamond | None:
    found = _of_members(schema, table, first, second)
    if found is None:
        found = _of_members(schema, table, second, first)
        found = None if found is None else replace(found, first=found.second, second=found.first)
    return found


def _of_members(schema: Schema, table: Table, first: ForeignKey, second: ForeignKey) -> Diamond | None:
    """The diamond of a person and of what the person has to be a member of."""
    role = role_of(second)
    if not _MEMBERS.search(role):
        return None
    tables = _members(schema).get(second.referenced)
    if tables is None:
        return None
    ways: list[tuple[tuple[ForeignKey, ...], _End]] = [((), _end((first,)))]
    ways += [(hops, _end(hops)) for hops in _ways(schema, first.referenced).all]
    for hops, (end, columns) in ways:
        for members in tables.get(end, ()):
            its = members.member.referenced_columns, members.group.referenced_columns
            if members.table != table.name and its == (second.referenced_columns, columns):
                return Diamond(Path(first, hops), Path(second, members=members), end)
    return None


@memoized_by_identity
def _members(schema: Schema) -> dict[TableName, dict[TableName, tuple[Members, ...]]]:
    """The tables that say who belongs to what, by the table of the members, then by the one that they belong to."""
    found: dict[TableName, dict[TableName, tuple[Members, ...]]] = {}
    for table in schema.tables:
        words = spelt(table.name.separated)
        if _NO_MEMBERSHIPS.search(words):
            continue
        keys = [key for key in table.foreign_keys if not _LETS_IN.search(role_of(key))]
        for one, other in combinations(keys, 2):
            if table.name in (one.referenced, other.referenced) or one.referenced == other.referenced:
                continue
            both = {*one.columns, *other.columns}
            subjects = [subject_of(key.referenced.separated) for key in (one, other)]
            named = _MEMBERSHIPS.search(words) or all(f"_{subject}" in words for subject in subjects)
            alone = any(both == set(key.columns) for key in table.uniques)
            if not named or not (alone or _MEMBERSHIPS.search(words)):
                continue
            for member, group in ((one, other), (other, one)):
                groups = found.setdefault(member.referenced, {})
                known = groups.get(group.referenced, ())
                groups[group.referenced] = (*known, Members(table.name, member, group))
    return found
