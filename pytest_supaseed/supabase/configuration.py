"""A SupaSeed configuration: its JSON -> frozen dataclasses, or everything that is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pytest_supaseed.config import password_problem
from pytest_supaseed.supabase.checked import SECRETS, CheckedValues, shown
from pytest_supaseed.supabase.emails import STANDARD
from pytest_supaseed.supabase.keys import READ, sorted_out
from pytest_supaseed.supabase.literals import Document

STRATEGIES = ("create-new", "use-existing", "hybrid")
_OF_NEW_USERS = (
    "userCount", "users", "tables.users", "createStandardTestEmails", "customTestEmails", "emailDomain",
)  # fmt: skip
CATEGORY_STRATEGIES = ("auto", "enum", "fk")


@dataclass(frozen=True)
class TableEntry:
    """What ``tables`` says of one table.

    Attributes:
        count: total number of rows, None where it does not say.
        categories: the only values of its category column; None where it does not say.
    """

    count: int | None = None
    categories: tuple[str, ...] | None = None


@dataclass(frozen=True)
class SupaseedConfiguration:
    """What a SupaSeed configuration says, as far as it means something here.

    Attributes:
        users: total number of users.
        strategy: one of :data:`STRATEGIES`.
        additional_users: users on top of the load's, in the strategy ``hybrid``.
        personas: what their e-mail addresses begin with.
        user_tables: names that it gives to the table of users, the likeliest first.
        email_column: of that table.
        test_emails: addresses that users shall have.
        email_domain: of the others.
        password: of the users.
        tables: by name, without that of the users.
        setups_per_user: the most for each user; None where nothing or a total is said.
        setup_table: its name.
        user_column: the column of the setups that references a user; empty where it does not say.
        category_column: the column of the setups that holds a category; empty where it does not say.
        table_names: what it calls a table, and how the table is called.
        max_records: cap on the sum of the counts.
        seed: of the generator.
    """

    users: int | None = None
    strategy: str = STRATEGIES[0]
    additional_users: int | None = None
    personas: tuple[str, ...] = ()
    user_tables: tuple[str, ...] = ()
    email_column: str = ""
    test_emails: tuple[str, ...] = ()
    email_domain: str = ""
    password: str | None = field(default=None, repr=False)
    tables: tuple[tuple[str, TableEntry], ...] = ()
    setups_per_user: int | None = None
    setup_table: str = "setups"
    user_column: str = ""
    category_column: str = ""
    table_names: tuple[tuple[str, str], ...] = ()
    max_records: int | None = None
    seed: int | None = None


@dataclass(frozen=True)
class Findings:
    """What was found in a configuration.

    Attributes:
        configuration: what it says.
        configured: the keys that are used, and their values.
        ignored: the keys that are not, with a reason where they might have been.
        problems: paths of keys, and what is wrong with them.
    """

    configuration: SupaseedConfiguration
    configured: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]


def read_configuration(document: Document) -> Findings:
    """Read a configuration.

    Args:
        document: its values and their lines.
    """
    ignored, problems = sorted_out(document)
    problems += [(path, "stands twice: keep one of them") for path in document.repeated]
    values = CheckedValues(document.value, problems)
    unused = dict.fromkeys(ignored, "")
    configuration = _configuration(values, unused)
    configured = [
        (path, "..." if path in SECRETS else shown(value))
        for path, value in _leaves(document.value, "", "")
        if not any(f"{path}.".startswith(f"{other}.") for other in unused)
    ]
    whole = [path for path in unused if not any(path.startswith(f"{other}.") for other in unused)]
    reasons = [f"{path} ({unused[path]})" if unused[path] else path for path in whole]
    return Findings(configuration, tuple(configured), tuple(reasons), tuple(values.problems))


def _configuration(values: CheckedValues, unused: dict[str, str]) -> SupaseedConfiguration:

    def leave(*paths: str, reason: str) -> None:
        unused.update(dict.fromkeys(values.given(*paths), reason))

    strategy = values.one_of("userStrategy", STRATEGIES) or STRATEGIES[0]
    users = values.agreed(
        [("userCount", values.whole("userCount")), *values.counts("users"), *values.counts("tables.users")]
    )
    additional = values.whole("additionalUsers.count")
    personas = values.texts("additionalUsers.personas")
    if strategy != "hybrid":
        reason = f"of the userStrategy hybrid, and this is {strategy}"
        if additional is not None or personas:
            leave("additionalUsers", reason=reason)
        additional, personas = None, ()
    elif additional is not None:
        leave("userCount", reason="additionalUsers.count says how many are added")
    if strategy == "use-existing":
        leave(*_OF_NEW_USERS, reason="the users are those of the load")
    elif strategy == "hybrid" and additional is None and users is None:
        values.problem("userStrategy", "is hybrid, and additionalUsers.count does not say how many are added")
    if strategy == "create-new":
        leave("existingUsers.table", reason=f"this is {strategy}")

    table_names = _table_names(values)
    setup_table = values.text("schema.setupTable.name") or values.text("schema.setupsTable.name") or "setups"
    tables = _tables(values, unused, dict([*table_names, ("setups", setup_table)]))
    per_user = values.whole("setupsPerUser")
    setups = dict(tables).get(setup_table, TableEntry())
    if setups.count is not None:
        leave("setupsPerUser", reason="the count of setups is a total")
        per_user = None
    elif per_user == 0:
        values.problem("setupsPerUser", 'is 0: write "tables": {"setups": {"count": 0}} for none')
    for name, entry in tables:
        if entry.count is None and not (name == setup_table and per_user):
            values.problem(f"tables.{name}", f'does not say how many rows: write "{name}": {{"count": 8}}')
    emails = (
        *(STANDARD if values.flag("createStandardTestEmails") else ()),
        *values.emails("customTestEmails"),
    )
    domain = (values.text("emailDomain") or "").removeprefix("@")
    return SupaseedConfiguration(
        users,
        strategy,
        additional,
        personas,
        _user_tables(values, strategy),
        values.text("schema.userTable.emailField") or "",
        tuple(dict.fromkeys(emails)),
        domain,
        _password(values),
        tuple(tables),
        per_user,
        setup_table,
        values.text("schema.setupTable.userField") or values.text("schema.setupsTable.userField") or "",
        values.text("schema.setupTable.categoryField")
        or values.text("schema.setupsTable.categoryField")
        or "",
        tuple(table_names),
        values.whole("maxTotalRecords"),
        _seed(values),
    )


def _password(values: CheckedValues) -> str | None:
    password = values.text("testUserPassword")
    if password is not None and (problem := password_problem(password)):
        values.problem("testUserPassword", problem)
    return password


def _user_tables(values: CheckedValues, strategy: str) -> tuple[str, ...]:
    names = [
        values.text("schema.userTable.name"),
        values.text("schema.primaryUserTable"),
        values.text("primaryUserTable"),
    ]
    if strategy != "create-new":
        names.append(values.text("existingUsers.table"))
    return tuple(dict.fromkeys(name for name in names if name))


def _table_names(values: CheckedValues) -> list[tuple[str, str]]:
    """What SupaSeed calls a table, and what the configuration calls it."""
    calls = {
        "categories": ("categories",),
        "gearItems": ("gear", "gearItems", "gear_items"),
        "setupGearItems": ("setupGearItems", "setup_gear_items"),
        "setupBaseTemplates": ("setupBaseTemplates", "setup_base_templates"),
        "baseTemplates": ("baseTemplates", "base_templates"),
    }
    found = []
    for key, spellings in calls.items():
        path = f"schema.optionalTables.{key}"
        # {"categories": true} is a way to write it as well.
        name = None if isinstance(values.get(path), bool) else values.text(f"{path}.tableName")
        if key == "baseTemplates":
            name = values.text("schema.baseTemplateTable.name") or name
        found += [(spelling, name) for spelling in spellings if name]
    return found


def _tables(
    values: CheckedValues, unused: dict[str, str], names: Mapping[str, str]
) -> list[tuple[str, TableEntry]]:
    def counted(path: str) -> str:
        return f"{path}.count" if isinstance(values.get(path), dict) else path

    entries = values.mapping("tables")
    paths = [f"tables.{name}" for name in entries if name != "users" and entries[name] is not None]
    found: dict[str, list[tuple[str, TableEntry]]] = {}
    for path in (*paths, *values.given("setups")):
        name = path.removeprefix("tables.")
        found.setdefault(names.get(name, name), []).append((path, _entry(values, unused, path)))
    merged = []
    for name, parts in found.items():
        count = values.agreed([(counted(path), entry.count) for path, entry in parts])
        categories = values.agreed([(path, entry.categories) for path, entry in parts])
        merged.append((name, TableEntry(count, categories)))
    return merged


def _entry(values: CheckedValues, unused: dict[str, str], path: str) -> TableEntry:
    if not isinstance(values.get(path), dict):
        return TableEntry(values.whole(path))
    categories = values.choices(f"{path}.categories")
    listed = values.choices(f"{path}.enumCategories")
    if values.one_of(f"{path}.categoryStrategy", CATEGORY_STRATEGIES) == "fk":
        unused.update(
            dict.fromkeys(
                values.given(f"{path}.enumCategories", f"{path}.categoryStrategy"),
                "its categories are rows of a table: give that table a count",
            )
        )
        listed = None
    agreed = values.agreed([(f"{path}.categories", categories), (f"{path}.enumCategories", listed)])
    return TableEntry(values.whole(f"{path}.count"), agreed)


def _seed(values: CheckedValues) -> int | None:
    given = values.get("seed")
    if isinstance(given, str) and given:
        if given.isdecimal() and len(given) < 16:
            return int(given)
        return int.from_bytes(hashlib.sha256(given.encode()).digest()[:4], "big")
    return values.whole("seed")


def _leaves(value: Mapping[str, Any], path: str, place: str) -> list[tuple[str, object]]:
    """What is read, by its path."""
    found: list[tuple[str, object]] = []
    for key, inner in value.items():
        star = "*" if "*" in READ[place] else key
        if star not in READ[place] or inner is None:
            continue
        whole = f"{path}.{key}" if path else key
        below = f"{place}.{star}" if place else star
        found += (
            _leaves(inner, whole, below) if isinstance(inner, dict) and below in READ else [(whole, inner)]
        )
    return found
