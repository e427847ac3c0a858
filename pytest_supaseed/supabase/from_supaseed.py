"""SupaSeed configurations as table specs: the marker argument :func:`from_supaseed`.

The file is found and read by :class:`SupaseedFile` after collection; :func:`tables_asked` turns its values
into a :class:`~pytest_supaseed.spec.TableSpec` for each table.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pytest_supaseed.settings import USER_PASSWORD
from pytest_supaseed.spec import (
    Configuration,
    ConfigurationFile,
    Drawn,
    Lookup,
    SeedOptions,
    TableSpec,
    marker_arguments,
)
from pytest_supaseed.supabase.configuration import (
    DEFAULT_DOMAIN,
    PERSONA_DOMAIN,
    Emails,
    SupaseedConfiguration,
    TableEntry,
    read_configuration,
)
from pytest_supaseed.supabase.literals import NoValueError, read_json, read_module
from pytest_supaseed.wording import printable, text_problem

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
        marker = marker_arguments([(setups, f"Rows(per={{{_shown(configuration)!r}: {most}}})")])
        found.append(
            (
                setups,
                f"{place}: setupsPerUser = {most} without a count of {setups} is SupaSeed's legacy mode: 1 to {most} "
                f"rows for each user, drawn from the seed, so that the total is another one for another seed: write "
                f'"tables": {{"{setups}": {{"count": N}}}} with the total that --supaseed-plan shows, or the marker '
                f"seed({marker}) for {most} each",
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
            found = next((path for path in tried if path.is_file()), None)
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
