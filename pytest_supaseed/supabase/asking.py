"""A SupaSeed configuration -> what it asks of each table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytest_supaseed.lookup import Drawn, Lookup
from pytest_supaseed.spec import TableSpec, marker_arguments
from pytest_supaseed.supabase.configuration import SupaseedConfiguration, TableEntry
from pytest_supaseed.supabase.emails import DEFAULT_DOMAIN, PERSONA_DOMAIN, Emails

AUTH_USERS = "auth.users"
# Where SupaSeed looks for users, and for gear, the likeliest first.
USER_TABLES = ("accounts", "profiles", "users", AUTH_USERS)
_GEAR_TABLES = ("gear_items", "gear", "equipment", "items")
_GEAR_CATEGORIES = ("category", "outdoor_category", "gear_category", "category_type", "type")


def tables_asked(configuration: SupaseedConfiguration) -> tuple[TableSpec, ...]:
    """Return what a configuration asks of each table.

    Args:
        configuration: what it says.

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
    """Return what the user will want to change one day, and the tables that it is about.

    Args:
        configuration: what it says.
        place: the file, for the messages.
        tables: what :func:`tables_asked` returned.
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
