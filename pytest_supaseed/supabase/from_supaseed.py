"""SupaSeed configurations as table specs: the marker argument :func:`from_supaseed`.

The file is found and read by :class:`SupaseedFile` after collection. :func:`read_configuration` finds which of its keys
are used, and what is wrong with their values, and returns :class:`Findings`; :data:`READ` and :data:`IGNORED` list all
keys of SupaSeed 2.4. :func:`tables_asked` turns the values into a :class:`~pytest_supaseed.spec.TableSpec` for each
table.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import Any

from pytest_supaseed.errors import did_you_mean
from pytest_supaseed.filesystem import exists
from pytest_supaseed.notation import Amount, notation
from pytest_supaseed.rng import random_for
from pytest_supaseed.settings import USER_PASSWORD, password_problem
from pytest_supaseed.spec import (
    Configuration,
    ConfigurationFile,
    Drawn,
    Lookup,
    RowChoices,
    SeedOptions,
    TableSpec,
)
from pytest_supaseed.supabase.config_file import Document, NoValueError, read_json, read_module
from pytest_supaseed.wording import printable, text_problem

# Keys whose values are never shown.
SECRETS = ("testUserPassword",)
_LONGEST = 60


def shown(value: object) -> str:
    """Spell a value of a configuration as JSON, short enough for a message."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


class CheckedValues:
    """The values of a configuration by the paths of their keys; each one of the wrong type becomes a problem."""

    def __init__(self, value: Mapping[str, Any], problems: list[tuple[str, str]]) -> None:
        self._value = value
        self.problems = problems

    def problem(self, path: str, text: str) -> None:
        """Add a problem with a key."""
        self.problems.append((path, text))

    def get(self, path: str) -> Any:
        """The value of a key; None where it is missing or null."""
        return _found(self._value, path)

    def present(self, *paths: str) -> list[str]:
        """Those of the keys that have a value."""
        return [path for path in paths if self.get(path) is not None]

    def _typed(self, path: str, fits: Callable[[Any], bool], kind: str) -> Any:
        value = self.get(path)
        if value is None or fits(value):
            return value
        what = "of another kind" if path in SECRETS else shown(value)
        self.problem(path, f"is {what}: write {kind}")
        return None

    def whole(self, path: str) -> int | None:
        """A number of rows."""
        value: int | None = self._typed(
            path, lambda value: isinstance(value, int) and not isinstance(value, bool), "a whole number"
        )
        if value is not None and value < 0:
            self.problem(path, f"is {value}: a count cannot be negative: write 0 for no rows")
            return None
        return value

    def text(self, path: str) -> str | None:
        """A text that is not empty."""
        value: str | None = self._typed(path, lambda value: isinstance(value, str) and bool(value), "a text")
        return value

    def flag(self, path: str) -> bool:
        """A boolean."""
        return bool(self._typed(path, lambda value: isinstance(value, bool), "true or false"))

    def mapping(self, path: str) -> Mapping[str, Any]:
        """An object."""
        value: Mapping[str, Any] | None = self._typed(
            path, lambda value: isinstance(value, dict), "an object, {...}"
        )
        return value or {}

    def texts(self, path: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self._typed(
            path,
            lambda value: isinstance(value, list) and all(isinstance(each, str) and each for each in value),
            'a list of texts, such as ["a", "b"]',
        )
        return tuple(value or ())

    def choices(self, path: str) -> tuple[str, ...] | None:
        """A list of texts to choose from; None where there is none."""
        if self.get(path) == []:
            self.problem(path, "is empty: there is nothing to choose from: name some, or leave it out")
        return tuple(dict.fromkeys(self.texts(path))) or None

    def emails(self, path: str) -> tuple[str, ...]:
        """A list of e-mail addresses."""
        found = self.texts(path)
        for each in found:
            if "@" not in each.strip("@"):
                self.problem(path, f"has {shown(each)}, which is no e-mail address")
        return found

    def one_of(self, path: str, known: tuple[str, ...]) -> str | None:
        """One of several words."""
        value = self.get(path)
        if value is None or value in known:
            return None if value is None else str(value)
        near = did_you_mean(value, known)
        self.problem(path, f"is {shown(value)}: write one of {', '.join(known)}{near}")
        return None

    def counts(self, path: str) -> list[tuple[str, int | None]]:
        """A count, which may be in an object, with its path."""
        if isinstance(self.get(path), dict):
            path = f"{path}.count"
        return [(path, self.whole(path))]

    def agreed(self, said: list[tuple[str, Any]]) -> Any:
        """The common value of several keys; a key with another value becomes a problem."""
        said = [(path, value) for path, value in said if value is not None]
        for path, value in said[1:]:
            if value != said[0][1]:
                self.problem(
                    path,
                    f"is {shown(value)}, and {said[0][0]} is {shown(said[0][1])}: keep one of them",
                )
        return said[0][1] if said else None


def _found(value: Mapping[str, Any], path: str) -> Any:
    # The name of a table may contain a dot.
    if path in value:
        return value[path]
    for key, inner in value.items():
        if path.startswith(f"{key}.") and isinstance(inner, dict):
            below = _found(inner, path[len(key) + 1 :])
            if below is not None:
                return below
    return None


_TABLE_READ = ("name",)
_OPTIONAL = ("categories", "gearItems", "setupGearItems", "setupBaseTemplates", "baseTemplates")
_ENTRY_READ = ("count", "categories", "enumCategories", "categoryStrategy")
_ENTRY_IGNORED = ("categoryMapping", "forceGeneration", "skipCategoryTableCreation", "assignmentStrategy")
# By the path of an object: its keys that are read. The star stands for any name.
READ: Mapping[str, tuple[str, ...]] = {
    "": (
        "userCount", "users", "setups", "tables", "additionalUsers", "userStrategy", "existingUsers",
        "maxTotalRecords", "setupsPerUser", "seed", "emailDomain", "testUserPassword",
        "createStandardTestEmails", "customTestEmails", "primaryUserTable", "schema",
    ),
    "tables": ("*",),
    "tables.*": _ENTRY_READ,
    "setups": _ENTRY_READ,
    "users": ("count",),
    "additionalUsers": ("count", "personas"),
    "existingUsers": ("table",),
    "schema": (
        "primaryUserTable", "userTable", "setupTable", "setupsTable", "baseTemplateTable", "optionalTables",
    ),
    "schema.userTable": (*_TABLE_READ, "emailField"),
    "schema.setupTable": (*_TABLE_READ, "userField", "categoryField"),
    "schema.setupsTable": (*_TABLE_READ, "userField", "categoryField"),
    "schema.baseTemplateTable": _TABLE_READ,
    "schema.optionalTables": _OPTIONAL,
    **{f"schema.optionalTables.{name}": ("tableName",) for name in _OPTIONAL},
}  # fmt: skip
# Likewise, its keys that SupaSeed knows and that have no effect here, with everything below them.
IGNORED: Mapping[str, tuple[str, ...]] = {
    "": (
        # How SupaSeed connects.
        "supabaseUrl", "supabaseServiceKey", "supabaseAnonKey", "environment",
        # Images, storage, AI, texts of a domain.
        "imagesPerSetup", "enableRealImages", "storage", "ai", "domain", "domains", "extensions", "data",
        "archetypes", "dataVolumes", "dataGenerationPatterns", "dataGeneration", "generators",
        # Detection and workarounds.
        "detection", "schemaDetection", "frameworkStrategy", "framework", "frameworkOverrides", "platform",
        "makerkit", "constraintHandlers", "constraints", "schemaEvolution", "schemaAdaptation",
        "customRelationships", "userCreationStrategy", "workflows", "customWorkflows",
        "discoveredConstraints", "compatibility", "extensibility",
        # Team accounts, second factors, webhooks.
        "createTeamAccounts", "mfa", "enhancedMFA", "webhooks", "advancedWebhooks",
        # Execution.
        "seeders", "execution", "performance", "memory", "logging", "verbose", "testing", "debug",
        # The file itself.
        "$schema", "version", "strategy", "description", "migration",
    ),
    "tables.*": _ENTRY_IGNORED,
    "setups": _ENTRY_IGNORED,
    "additionalUsers": ("authIntegration",),
    "existingUsers": ("preserve", "filter", "idField"),
    "schema": (
        "framework", "frameworkStrategy", "multiTenant", "autoDetectFramework", "frameworkOverride",
        "columnMapping", "constraints", "relationships",
    ),
    "schema.userTable": ("idField", "nameField", "usernameField", "bioField", "pictureField"),
    "schema.setupTable": ("titleField", "descriptionField", "publicField"),
    "schema.setupsTable": ("titleField", "descriptionField", "publicField"),
    "schema.baseTemplateTable": (
        "descriptionField", "typeField", "makeField", "modelField", "yearField",
    ),
    "schema.optionalTables": ("organizations", "memberships"),
    **{f"schema.optionalTables.{name}": ("enabled", "autoCreate") for name in _OPTIONAL},
}  # fmt: skip
_ELSEWHERE = {
    "seeding": "is how SupaSeed 2.2 wrote it, and 2.4 does not read it: move its keys one level up",
    "existingUserQuery": "is what its plans called existingUsers: write existingUsers",
}


def sorted_out(document: Document) -> tuple[list[str], list[tuple[str, str]]]:
    """Find the keys that have no effect here, and those that SupaSeed does not know.

    Returns:
        Paths of ignored keys; path and message for each unknown one.
    """
    ignored: list[str] = []
    unknown: list[tuple[str, str]] = []
    for path, place, key in _keys(document.value, "", ""):
        if key.startswith("//"):
            continue  # JSON has no comments: such a key is one
        if key in IGNORED.get(place, ()):
            ignored.append(path)
        elif key not in READ[place] and "*" not in READ[place]:
            known = (*READ[place], *IGNORED.get(place, ()))
            near = did_you_mean(key, known)
            words = f"is no key of SupaSeed's{near}"
            if not near:
                words += f": write one of {', '.join(READ[place])}, or leave it out"
            unknown.append((path, _ELSEWHERE.get(path, words)))
    return ignored, unknown


def _keys(value: Mapping[str, Any], path: str, place: str) -> Iterator[tuple[str, str, str]]:
    """The keys of the objects that are read: the path of each, its object's entry in :data:`READ`, and its name."""
    for key, inner in value.items():
        whole = f"{path}.{key}" if path else key
        yield whole, place, key
        star = "*" if "*" in READ[place] else key
        below = f"{place}.{star}" if place else star
        if below in READ and isinstance(inner, dict):
            yield from _keys(inner, whole, below)


# SupaSeed's createStandardTestEmails, in its order.
STANDARD = (
    "test@makerkit.dev",
    "owner@makerkit.dev",
    "member@makerkit.dev",
    "custom@makerkit.dev",
    "super-admin@makerkit.dev",
)
DEFAULT_DOMAIN = "supaseed.test"
PERSONA_DOMAIN = "supaseed-personas.test"
_FIRST = (
    "ada", "ben", "carla", "dario", "elena", "finn", "grace", "hugo", "ines", "jonas", "kira", "liam",
    "mara", "noah", "olga", "paul", "rosa", "sven", "tara", "viktor",
)  # fmt: skip
_LAST = (
    "adler", "brook", "castillo", "dahl", "ellis", "fischer", "garcia", "holm", "ito", "jensen", "kaya",
    "larsen", "meyer", "novak", "okafor", "pereira", "rossi", "silva", "tanaka", "weber",
)  # fmt: skip
_NO_LOCAL = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True)
class Emails(RowChoices):
    """E-mail addresses for new users: fixed ones first, then one for each persona in turn, or for names of people.

    Attributes:
        first: whole addresses.
        personas: names that the other addresses begin with; empty for names of people.
        domain: of the other addresses.
    """

    first: tuple[str, ...] = ()
    personas: tuple[str, ...] = ()
    domain: str = DEFAULT_DOMAIN

    @property
    def needed(self) -> bool:
        """Whether a table without the column is an error."""
        return bool(self.first or self.personas)

    def choices(self, rows: int, seed: int) -> Sequence[str]:
        """Return distinct addresses.

        Args:
            seed: of the generator; the names of people depend on it.

        Example:
            >>> Emails(("ann@example.com",), ("van_life",)).choices(3, 0)
            ['ann@example.com', 'van_life@supaseed.test', 'van_life2@supaseed.test']
        """
        found: dict[str, None] = {}
        for address in chain(self.first, self._personas() if self.personas else self._people(seed)):
            if len(found) == rows:
                break
            found[address] = None
        return list(found)

    def _personas(self) -> Iterator[str]:
        for turn in count(1):
            for persona in self.personas:
                yield f"{local_part(persona)}{'' if turn == 1 else turn}@{self.domain}"

    def _people(self, seed: int) -> Iterator[str]:
        names = [f"{first}.{last}" for first in _FIRST for last in _LAST]
        random_for(seed, "e-mail addresses", self.domain).shuffle(names)
        for turn in count(1):
            for name in names:
                yield f"{name}{'' if turn == 1 else turn}@{self.domain}"


def local_part(persona: str) -> str:
    """Return the local part of a persona's e-mail address.

    Example:
        >>> local_part("Van Life")
        'van_life'
    """
    return _NO_LOCAL.sub("_", persona.strip().lower()).strip("._") or "user"


STRATEGIES = ("create-new", "use-existing", "hybrid")
_OF_NEW_USERS = (
    "userCount", "users", "tables.users", "createStandardTestEmails", "customTestEmails", "emailDomain",
)  # fmt: skip
CATEGORY_STRATEGIES = ("auto", "enum", "fk")


@dataclass(frozen=True)
class TableEntry:
    """The entry of a table in ``tables``.

    Attributes:
        count: total number of rows, None where it is not given.
        categories: the only values of the table's category column; None where they are not given.
    """

    count: int | None = None
    categories: tuple[str, ...] | None = None


@dataclass(frozen=True)
class SupaseedConfiguration:
    """The values of a SupaSeed configuration, as far as they have an effect here.

    Attributes:
        users: total number of users.
        strategy: one of :data:`STRATEGIES`.
        additional_users: users in addition to those of the schema's load, in the strategy ``hybrid``.
        personas: what the additional users' e-mail addresses begin with.
        user_tables: names of the table of users, the likeliest first.
        email_column: of that table.
        test_emails: addresses of the first users.
        email_domain: of the other addresses.
        password: of the users.
        tables: entries by name, without that of the users.
        setups_per_user: the maximum for each user; None where it is not given, or a total is.
        setup_table: name of the table of setups.
        user_column: its column that references a user; empty where it is not given.
        category_column: its column that holds a category; empty where it is not given.
        table_names: SupaSeed's name of a table, and the name in the database.
        max_records: limit of the sum of the counts.
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
    """The result of reading a configuration.

    Attributes:
        configuration: its values.
        configured: the keys that are used, and their values.
        ignored: the keys that are not used, with a reason for those that would be in another configuration.
        problems: paths of keys, and what is wrong with them.
    """

    configuration: SupaseedConfiguration
    configured: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]


def read_configuration(document: Document) -> Findings:
    """Read a configuration."""
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
        unused.update(dict.fromkeys(values.present(*paths), reason))

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
    """SupaSeed's name of a table, and its name in the configuration."""
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
        # {"categories": true} is allowed as well.
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
    for path in (*paths, *values.present("setups")):
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
                values.present(f"{path}.enumCategories", f"{path}.categoryStrategy"),
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
    """The values that are read, by their paths."""
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


AUTH_USERS = "auth.users"
# Tables in which SupaSeed looks for users, and below for gear, the likeliest first.
USER_TABLES = ("accounts", "profiles", "users", AUTH_USERS)
_GEAR_TABLES = ("gear_items", "gear", "equipment", "items")
_GEAR_CATEGORIES = ("category", "outdoor_category", "gear_category", "category_type", "type")


def tables_asked(configuration: SupaseedConfiguration) -> tuple[TableSpec, ...]:
    """Return the table specs of a configuration.

    Example:
        >>> [str(table.count) for table in tables_asked(SupaseedConfiguration(users=2))]
        ['2']
    """
    setup_table = configuration.setup_table
    tables = list(configuration.tables)
    if configuration.setups_per_user and setup_table not in dict(tables):
        tables.insert(0, (setup_table, TableEntry()))
    return (*_users(configuration), *(_table(configuration, name, entry) for name, entry in tables))


def warnings_of(
    configuration: SupaseedConfiguration, place: str, tables: Sequence[TableSpec]
) -> tuple[tuple[str, str], ...]:
    """Return warnings about a configuration, each with the table that it is about.

    Args:
        place: the file, for the messages.
        tables: as :func:`tables_asked` returned them.
    """
    found = []
    if configuration.setups_per_user:
        setups, most = configuration.setup_table, configuration.setups_per_user
        each = notation().spec([(setups, Amount(per=(_shown(configuration), most)))])
        found.append(
            (
                setups,
                f"{place}: setupsPerUser = {most} without a count of {setups} is SupaSeed's legacy mode: 1 to {most} "
                f"rows for each user, drawn from the seed, so that the total is another one for another seed: write "
                f'"tables": {{"{setups}": {{"count": N}}}} with the total that the plan shows, or {each} for '
                f"{most} each",
            )
        )
    users = next((table for table in tables if table.lookup is not None and table.lookup.along), None)
    number = (users.count if users.count is not None else users.add) if users is not None else None
    left = configuration.test_emails[number or 0 :]
    if users is not None and left:
        key = "userCount" if configuration.strategy == "create-new" else "additionalUsers.count"
        found.append(
            (
                users.name,
                f"{place}: {len(configuration.test_emails)} test e-mails for {number} users, so nobody has "
                f"{', '.join(left)}: a count is a total: write {key}: {len(configuration.test_emails)} or more",
            )
        )
    return tuple(found)


def _users(configuration: SupaseedConfiguration) -> list[TableSpec]:
    add = None
    if configuration.strategy == "hybrid":
        add = (
            configuration.users if configuration.additional_users is None else configuration.additional_users
        )
    count = configuration.users if configuration.strategy == "create-new" else None
    if count is None and add is None:
        return []
    emails = None
    if configuration.test_emails or configuration.personas or configuration.email_domain:
        domain = configuration.email_domain or (PERSONA_DOMAIN if configuration.personas else DEFAULT_DOMAIN)
        emails = Emails(configuration.test_emails, configuration.personas, domain)
    names = _user_names(configuration)
    own = _columns([(configuration.email_column or "email", emails)])
    along = (TableSpec(AUTH_USERS, columns=_columns([("email", emails)])),)
    return [TableSpec(_shown(configuration), count, add, columns=own, lookup=Lookup(names, along))]


def _user_names(configuration: SupaseedConfiguration) -> tuple[str, ...]:
    return configuration.user_tables or USER_TABLES


def _shown(configuration: SupaseedConfiguration) -> str:
    return configuration.user_tables[0] if configuration.user_tables else "users"


def _table(configuration: SupaseedConfiguration, name: str, entry: TableEntry) -> TableSpec:
    gear = name == "gear" and "gear" not in dict(configuration.table_names)
    is_setups = name == configuration.setup_table
    drawn = None
    if is_setups and entry.count is None and configuration.setups_per_user:
        names = _user_names(configuration)
        drawn = Drawn(configuration.setups_per_user, names, _shown(configuration), configuration.user_column)
    categories: tuple[str, ...] = _GEAR_CATEGORIES if gear else ()
    if is_setups and configuration.category_column:
        categories = (configuration.category_column,)
    lookup = Lookup(_GEAR_TABLES if gear else (), (), drawn, categories)
    columns = _columns([("categories", list(entry.categories) if entry.categories else None)])
    return TableSpec(name, entry.count, columns=columns, lookup=None if lookup == Lookup() else lookup)


def _columns(columns: Sequence[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
    return tuple((name, value) for name, value in columns if value is not None)


_EXAMPLE = '{"userCount": 5, "tables": {"setups": {"count": 8}}}'


def from_supaseed(path: str | Path) -> ConfigurationFile:
    """Take the rows of a SupaSeed configuration: an argument of the marker ``seed``.

    The file is not read here, as a marker is evaluated when its module is imported: its problems are reported
    with all others, after collection.

    Args:
        path: of a ``supa-seed.config.json``, or of a ``.js`` that holds one object and no code; relative to
            the folder of the calling file, else to pytest's rootdir.

    Example:
        >>> from_supaseed("supa-seed.config.json")
        from_supaseed('supa-seed.config.json')
    """
    return SupaseedFile(path, Path(sys._getframe(1).f_code.co_filename).parent)


class SupaseedFile(ConfigurationFile):
    """A SupaSeed configuration that is not yet read.

    Args:
        path: as the user wrote it.
        folder: in which a relative path is looked for first.
    """

    def __init__(self, path: str | Path, folder: Path) -> None:
        self._path = path
        self._folder = folder
        self._read: dict[Path, Configuration] = {}

    def __repr__(self) -> str:
        return f"from_supaseed({str(self._path)!r})"

    def read(self, root: Path) -> Configuration:
        """Read the file, once for each rootdir."""
        if root not in self._read:
            self._read[root] = self._found(root)
        return self._read[root]

    def _found(self, root: Path) -> Configuration:
        if not isinstance(self._path, (str, Path)) or not str(self._path):
            return _problem(repr(self), "write the path of a file, from_supaseed('supa-seed.config.json')")
        tried = list(dict.fromkeys(folder / self._path for folder in (self._folder, root)))
        try:
            found = next((path for path in tried if exists(path) and path.is_file()), None)
        except (OSError, ValueError) as error:
            # An unreadable folder, a symbolic link to itself, or a name that is too long.
            reason = str(getattr(error, "strerror", None) or error).rstrip(".")
            return _problem(repr(self), f"no file can be found: {reason}")
        if found is None:
            return _problem(repr(self), f"there is no file {' or '.join(map(str, tried))}")
        inside = found.is_relative_to(root)
        return read_file(found, found.relative_to(root).as_posix() if inside else str(found))


def read_file(path: Path, place: str) -> Configuration:
    """Read a SupaSeed configuration.

    Args:
        place: the file, for messages.
    """
    if path.suffix not in (".json", ".js", ".cjs", ".mjs"):
        return _problem(place, "is no .json and no .js file: export its values to a supa-seed.config.json")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        # The text of a UnicodeDecodeError shows bytes of the file.
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        return _problem(place, f"cannot be read: {reason}")
    if not text.strip():
        return _problem(
            place, f"is empty, and asks for nothing: write what it shall ask for, such as {_EXAMPLE}"
        )
    try:
        document = read_json(text) if path.suffix == ".json" else read_module(text)
    except NoValueError as error:
        return _problem(f"{place}:{error.line}", str(error))
    unusable = [
        f"{place}:{document.lines.get(key, 1)}: {printable(key)} {problem}"
        for key, text in _texts(document.value, "")
        if (problem := text_problem(text))
    ]
    if unusable:
        return Configuration(place, problems=tuple(unusable))
    found = read_configuration(document)
    password = found.configuration.password
    tables = tables_asked(found.configuration)
    problems = [f"{place}:{document.lines.get(key, 1)}: {key} {text}" for key, text in found.problems]
    if not problems and not tables:
        problems.append(f"{place}: asks for no rows: write how many, such as {_EXAMPLE}")
    return Configuration(
        place,
        () if problems else tables,
        SeedOptions(found.configuration.max_records, found.configuration.seed),
        () if password is None else ((USER_PASSWORD, password),),
        found.configured,
        found.ignored,
        warnings_of(found.configuration, place, tables),
        tuple(problems),
    )


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """All texts of a configuration, its keys included, each with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, path)
    elif isinstance(value, dict):
        for key, each in value.items():
            inner = f"{path}.{key}" if path else key
            yield inner, key
            yield from _texts(each, inner)


def _problem(place: str, text: str) -> Configuration:
    return Configuration(place, problems=(f"{place}: {text}",))
