"""The settings of a session: options, environment variable and ini values, resolved and checked.

:func:`resolve` takes the three sources, in this order of precedence (:class:`OptionSources`), and returns
:class:`Settings`. :class:`Run` is what the processes of one pytest-xdist run share. The checks of dates, locales and
passwords also serve markers and configuration files.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from random import SystemRandom
from typing import TypeVar

from pytest_supaseed.errors import ConfigError, did_you_mean
from pytest_supaseed.libpq import VARIABLES, Environment
from pytest_supaseed.options import (
    ASYNC_DRIVERS,
    DEFAULT_KEPT,
    DEFAULT_KEPT_MINUTES,
    DEFAULT_LIMIT,
    DRIVERS,
    ENVIRONMENT,
)
from pytest_supaseed.spec import DEFAULT_DATE, DEFAULT_LOCALE, DatabaseSettings, ProjectOptions, combined
from pytest_supaseed.wording import is_connection_string, redacted_url, shortened, text_problem, too_long

_Value = TypeVar("_Value")
_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# A lifetime before the reference date and some years after it have to be valid dates, too.
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def date_of(text: str) -> date | None:
    """Return the date that a user's text spells, None if it is invalid or out of range.

    Example:
        >>> date_of("2025-12-31")
        datetime.date(2025, 12, 31)
    """
    try:
        # Newer versions of Python accept other formats as well.
        found = date.fromisoformat(text) if _WRITTEN.fullmatch(text) else None
    except ValueError:
        return None
    return found if found is not None and _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def date_problem() -> str:
    """Return what to write instead of a date that :func:`date_of` does not accept."""
    return (
        f"write a date of the years {_FIRST_YEAR} to {_LAST_YEAR} as year-month-day, such as {DEFAULT_DATE}"
    )


DEFAULT_SERVER = "auto"
SERVERS = (DEFAULT_SERVER, "embedded", "system")
# The oldest major version of PostgreSQL.
OLDEST_MAJOR = 14
URL_SCHEMES = ("postgresql", "postgres")
FIXTURE = "fixture:"
# A user or a port, or the name of this machine; no such thing begins a path.
_ADDRESS = re.compile(
    r"[^/\\\s]*@|(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}(?:/|\Z)|(?:localhost|127\.0\.0\.1)(?:/|\Z)"
)
# As minutes, a week.
_MOST_KEPT = 10_080
_LARGEST_DRAWN_SEED = 2**31 - 1
# The name of an option.
USER_PASSWORD = "user_password"  # noqa: S105 a name
DEFAULT_PASSWORD = "password123"  # noqa: S105 it is meant to be known
_MOST_PASSWORD_BYTES = 72


@dataclass(frozen=True)
class Run:
    """The data that the processes of one run share.

    Attributes:
        token: equal in all workers of pytest-xdist; of a single process its own.
        worker: the name of a worker of pytest-xdist; empty without pytest-xdist.
        cache: creates the folder that later sessions may use; returns None where nothing is to be kept.
        workers: the number of workers of pytest-xdist; 1 without pytest-xdist.
    """

    token: str
    worker: str = ""
    cache: Callable[[], Path | None] = lambda: None
    workers: int = 1


ADDRESS_PARTS = ("host", "port", "user", "password", "database")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_SCHEME = re.compile(r"postgres(ql)?(\+[a-z][a-z0-9_]*)?", re.ASCII)
_DEFAULT_SCHEME = "postgresql"


@dataclass(frozen=True)
class AddressVariable:
    """An environment variable that holds an address, or a part of one.

    Attributes:
        name: of the variable.
        holds: one of :data:`ADDRESS_PARTS`, or the scheme of a URL, such as ``postgresql+asyncpg``.
    """

    name: str
    holds: str = _DEFAULT_SCHEME


def address_variables(written: str) -> tuple[tuple[AddressVariable, ...], tuple[str, ...]]:
    """Read the ini value ``supaseed_env``.

    Returns:
        The variables, and what is wrong with the value.

    Example:
        >>> address_variables("DATABASE_URL PGPORT=port")[0][1]
        AddressVariable(name='PGPORT', holds='port')
    """
    found: dict[str, AddressVariable] = {}
    problems = []
    for word in written.replace(",", " ").split():
        name, equals, holds = word.partition("=")
        shown = shortened(redacted_url(word))
        if not _VARIABLE.fullmatch(name):
            problems.append(
                f"supaseed_env has {shown}: write the name of an environment variable, such as DATABASE_URL"
            )
        elif equals and holds not in ADDRESS_PARTS and not _SCHEME.fullmatch(holds):
            problems.append(
                f"supaseed_env has {shown}: write {name} for a URL, {name}=postgresql+asyncpg for another driver's, or "
                f"{name}= with a part of it: {', '.join(ADDRESS_PARTS)}{did_you_mean(holds, ADDRESS_PARTS)}"
            )
        elif name in found:
            problems.append(f"supaseed_env has {name} twice: write it once")
        else:
            found[name] = AddressVariable(name, holds or _DEFAULT_SCHEME)
    return tuple(found.values()), tuple(problems)


def _misleading(variables: Sequence[AddressVariable], postgres: str) -> Iterator[str]:
    """Yield why variables of libpq cannot hold the address: connections to a server of the user's follow them."""
    if not _is_url(postgres) and not postgres.startswith(FIXTURE):
        return
    for each in variables:
        if any(each.name == variable.name for variable in VARIABLES):
            yield (
                f"supaseed_env has {each.name}, which connections to the server in supaseed_postgres follow, too: "
                "write the name of a variable of the application"
            )


_SETTING = re.compile(r"[^\W\d][\w$]*(?:\.[^\W\d][\w$]*)*")
# What connections and seeds rely on, and what to do instead.
_NOT_SET = {
    "client_encoding": "drivers choose it for their connections",
    "default_transaction_read_only": "no row could be made: let the test run SET TRANSACTION READ ONLY",
    "role": "let the test run SET ROLE, or connect as that role",
    "session_authorization": "let the test run SET SESSION AUTHORIZATION, or connect as that role",
    "session_replication_role": "triggers and foreign keys would not hold: let the test run SET LOCAL",
}


def setting_problem(name: object, value: object = "") -> str:
    """Return what is wrong with a setting of PostgreSQL, as far as it is known without a server; empty for nothing.

    Args:
        name: of the setting.
        value: a text, a number or a truth value.

    Example:
        >>> setting_problem("app.tenant", 7), setting_problem("app.tenant", None)
        ('', 'write a text, a number, True or False')
    """
    if not isinstance(name, str) or not _SETTING.fullmatch(name):
        return "write the name of a setting, such as 'TimeZone', or 'app.tenant' for one of the application's"
    if name.lower() in _NOT_SET:
        return f"it cannot be set for a whole database: {_NOT_SET[name.lower()]}"
    if not isinstance(value, str | int | float):
        return "write a text, a number, True or False"
    return text_problem(value) if isinstance(value, str) and value else ""


def refused_setting(setting: tuple[str, str], said: str, advice: str) -> str:
    """Return the message about a setting that PostgreSQL refuses, and its value.

    Args:
        said: what PostgreSQL says.
        advice: what to write instead.
    """
    name, value = setting
    return f"The setting {name} = {shortened(value)} of the tests' databases: {said}: {advice}."


def advice_on_unknown(name: str, known: Sequence[str]) -> str:
    """Return what to write instead of the name of a setting that PostgreSQL does not have.

    Args:
        known: the names of those that it has.

    Example:
        >>> advice_on_unknown("mode", ["TimeZone"])
        "correct it; a setting of the application's has a dot in its name, such as app.mode"
    """
    near = did_you_mean(name, known)
    return f"correct it{near}; a setting of the application's has a dot in its name, such as app.{name}"


def setting_text(value: str | float) -> str:
    """Return the value of a setting as PostgreSQL reads it.

    Example:
        >>> setting_text(True), setting_text(7), setting_text("Europe/Berlin")
        ('on', '7', 'Europe/Berlin')
    """
    if isinstance(value, bool):
        return "on" if value else "off"
    return str.__str__(value) if isinstance(value, str) else str(value)


def database_settings(written: str) -> tuple[DatabaseSettings, tuple[str, ...]]:
    """Read the ini value ``supaseed_settings``.

    Args:
        written: a setting in each line, ``name = value``, its value in quotes or without.

    Returns:
        The settings, and what is wrong with the value.

    Example:
        >>> database_settings("app.tenant = 7")
        ((('app.tenant', '7'),), ())
    """
    found: dict[str, tuple[str, str]] = {}
    problems = []
    for line in filter(None, map(str.strip, written.splitlines())):
        name, equals, value = (part.strip() for part in line.partition("="))
        shown = f"supaseed_settings has {shortened(line)}"
        if len(value) > 1 and value[0] == value[-1] == "'":
            value = value[1:-1].replace("''", "'")
        if not equals:
            problems.append(f"{shown}: write a setting and its value in each line, as in app.tenant = 7")
        elif problem := setting_problem(name, value):
            problems.append(f"{shown}: {problem}")
        elif name.lower() in found:
            problems.append(f"supaseed_settings has {name} twice: write it once")
        else:
            found[name.lower()] = name, value
    return combined(tuple(found.values())), tuple(problems)


@dataclass(frozen=True)
class KeepSettings:
    """What is kept of failing tests.

    Attributes:
        most: how many databases, of all processes of a run together.
        minutes: for how long after the session.
        folder: of the server that stays up, as the user has written it; empty for one for temporary files.
    """

    most: int = DEFAULT_KEPT
    minutes: int = DEFAULT_KEPT_MINUTES
    folder: str = ""


@dataclass(frozen=True)
class Settings:
    """The resolved settings of a session.

    Attributes:
        max_records: maximum sum of a spec's counts.
        hard: whether the maximum was given on the command line, so that a marker cannot raise it.
        seed: of the generator.
        drawn: whether the seed is random, and was not given.
        locale: Faker's locale.
        postgres: ``auto``, ``embedded``, ``system``, a folder, a URL, or ``fixture:NAME``.
        schema: the schema source, as the ini names it; empty for none.
        plan: whether plans are printed and nothing is run.
        date: the reference date, which generated rows take for today.
        configuration: the configuration file of the whole suite, as the ini names it; empty for none.
        project_options: options that only projects of one kind have, by name.
        tcp: whether the plugin's own server also listens on 127.0.0.1, with a password.
        keep_code: whether schemas that are code are kept between sessions.
        driver: of the fixtures that are not async, by the name of its package.
        async_driver: of the async ones; empty for the one that is installed.
        variables: environment variables that hold the address of the running test's database.
        keep: what is kept of failing tests; None for nothing.
        database: PostgreSQL's settings of every database that tests see.
        vary_defaults: whether columns with a constant default get other values, too.
    """

    max_records: int = DEFAULT_LIMIT
    hard: bool = False
    seed: int = 0
    drawn: bool = False
    locale: str = DEFAULT_LOCALE
    postgres: str = field(default="auto", repr=False)
    schema: str = ""
    plan: bool = False
    date: datetime.date = DEFAULT_DATE
    configuration: str = ""
    project_options: ProjectOptions = field(default=((USER_PASSWORD, DEFAULT_PASSWORD),), repr=False)
    tcp: bool = False
    keep_code: bool = False
    driver: str = DRIVERS[0]
    async_driver: str = ""
    variables: tuple[AddressVariable, ...] = ()
    keep: KeepSettings | None = None
    database: DatabaseSettings = ()
    vary_defaults: bool = False

    def limit(self, asked: int | None) -> int:
        """Return the maximum sum of a spec's counts.

        Args:
            asked: the ``max_records`` of its markers; None for none. It does not raise a maximum of the command line.
        """
        if asked is None:
            return self.max_records
        return min(asked, self.max_records) if self.hard else asked

    @property
    def tcp_ignored(self) -> str:
        """Why ``tcp`` has no effect on the server of the session; empty where it has, or is off."""
        if not self.tcp or (self.server_url is None and self.server_fixture is None):
            return ""
        return "supaseed_tcp is ignored: it is for a server that the plugin starts, and this one runs already"

    @property
    def server_fixture(self) -> str | None:
        """The name of the process fixture that gives the server, None for another server."""
        return self.postgres.removeprefix(FIXTURE) if self.postgres.startswith(FIXTURE) else None

    @property
    def server_url(self) -> str | None:
        """The URL of the server, None for another server."""
        return self.postgres if _is_url(self.postgres) else None

    @property
    def shown_postgres(self) -> str:
        """The ``postgres`` setting without its password."""
        return redacted_url(self.postgres)

    @property
    def libpq_environment(self) -> Environment:
        """Which connection parameters libpq's environment may give for the server."""
        if self.server_url is not None:
            return Environment.ALL
        return Environment.NO_ADDRESS if self.server_fixture is not None else Environment.NONE


@dataclass(frozen=True)
class OptionSources:
    """The values of the options, as the user has written them.

    Attributes:
        command_line: ``max_records``, ``postgres``, ``seed``, ``locale``, ``date`` and ``user_password``; None for
            those not given.
        environment: of the process.
        ini: the same names, ``schema`` and ``config``; empty for those not given.
        option: what the names of options on the command line begin with.
        key: the same of the keys of the ini.
    """

    command_line: Mapping[str, str | None] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    ini: Mapping[str, str] = field(default_factory=dict)
    option: str = "--supaseed-"
    key: str = "supaseed_"

    def written(self, name: str, default: str) -> tuple[str, str]:
        """Return the value of an option, and the name of the option, variable or ini key that it comes from."""
        given = self.command_line.get(name)
        if given is not None:
            return given.strip(), f"{self.option}{name.replace('_', '-')}"
        if name == "postgres" and self.environment.get(ENVIRONMENT, "").strip():
            return self.environment[ENVIRONMENT].strip(), f"the environment variable {ENVIRONMENT}"
        return (self.ini.get(name) or "").strip() or default, f"{self.key}{name}"


def resolve(
    sources: OptionSources,
    *,
    plan: bool = False,
    tcp: bool = False,
    keep_code: bool = False,
    keep: bool = False,
    vary_defaults: bool = False,
) -> Settings:
    """Resolve the settings.

    Args:
        plan: whether ``--supaseed-plan`` was given.
        tcp: whether ``--supaseed-tcp`` or the ini value was given.
        keep_code: the ini value ``supaseed_keep_code``.
        keep: whether ``--supaseed-keep`` or the ini value was given.
        vary_defaults: the ini value ``supaseed_vary_defaults``.

    Raises:
        ConfigError: values are invalid; the message names all of them.

    Example:
        >>> resolve(OptionSources({"seed": "7"}, {}, {"seed": "1", "max_records": "50"})).seed
        7
    """
    options = _Options(sources)
    drawn = sources.written("seed", "0")[0] == "random"
    settings = Settings(
        max_records=options.parsed(
            "max_records", DEFAULT_LIMIT, _natural, f"write a whole number of rows, such as {DEFAULT_LIMIT}"
        ),
        hard=sources.command_line.get("max_records") is not None,
        seed=SystemRandom().randint(1, _LARGEST_DRAWN_SEED)
        if drawn
        else options.parsed(
            "seed", 0, _number, "write a whole number, or random for another one in each run"
        ),
        drawn=drawn,
        locale=options.checked("locale", DEFAULT_LOCALE, locale_problem),
        date=options.parsed("date", DEFAULT_DATE, date_of, date_problem()),
        project_options=(
            (USER_PASSWORD, options.checked(USER_PASSWORD, DEFAULT_PASSWORD, password_problem)),
        ),
        postgres=options.checked("postgres", DEFAULT_SERVER, _postgres_problem),
        driver=options.checked(
            "driver", DRIVERS[0], lambda driver: driver_problem(driver, DRIVERS, DRIVERS[:1])
        ),
        async_driver=options.checked(
            "async_driver", "", lambda driver: driver and driver_problem(driver, ASYNC_DRIVERS)
        ),
        keep=options.keep(keep, plan=plan),
        schema=options.text("schema"),
        configuration=options.text("config"),
        variables=options.parts(address_variables(options.text("env"))),
        database=options.parts(database_settings(sources.ini.get("settings") or "")),
        plan=plan,
        tcp=tcp,
        keep_code=keep_code,
        vary_defaults=vary_defaults,
    )
    options.problems += _misleading(settings.variables, settings.postgres)
    if options.problems:
        raise ConfigError("\n".join(options.problems))
    return settings


class _Options:
    """Reads options one after the other.

    Attributes:
        problems: what is wrong with those that were read; a default stands in their place.
    """

    def __init__(self, sources: OptionSources) -> None:
        self._sources = sources
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """Return the value of an option as text."""
        return self.checked(name, default, lambda text: "")

    def checked(self, name: str, default: str, problem_of: Callable[[str], str]) -> str:
        """Return the value of an option that a function finds nothing wrong with."""
        written, where = self._sources.written(name, default)
        problem = text_problem(written)
        begin = "" if name == USER_PASSWORD else f" is {shortened(_redacted(written))}:"
        if problem:
            self.problems.append(f"{where}{begin and f'{begin} it'} {problem}")
        elif problem := problem_of(written):
            self.problems.append(f"{where}{begin} {problem}")
        return default if problem else written

    def parsed(
        self, name: str, default: _Value, parse: Callable[[str], _Value | None], advice: str
    ) -> _Value:
        """Return the value of an option as a function reads it, which returns None for what it cannot read."""
        written = self.checked(name, str(default), lambda text: advice if parse(text) is None else "")
        found = parse(written)
        return default if found is None else found

    def parts(self, read: tuple[_Value, Sequence[str]]) -> _Value:
        """Return the first of a value and what is wrong with it."""
        self.problems += read[1]
        return read[0]

    def keep(self, wanted: bool, *, plan: bool) -> KeepSettings | None:
        """Return the settings of ``--supaseed-keep``; None where it is not wanted, or plans are printed only."""
        most, minutes = (
            self.parsed(
                name,
                default,
                lambda text: number if (number := _natural(text)) and number <= _MOST_KEPT else None,
                f"write a whole number of {what} from 1 to {_MOST_KEPT}, such as {default}",
            )
            for name, default, what in (
                ("keep_most", DEFAULT_KEPT, "databases"),
                ("keep_minutes", DEFAULT_KEPT_MINUTES, "minutes"),
            )
        )
        names = ("keep_most", "keep_minutes", "keep_folder")
        given = [name for name in names if self._sources.command_line.get(name) is not None]
        if given and not wanted:
            words = " and ".join(f"--supaseed-{name.replace('_', '-')}" for name in given)
            self.problems.append(
                f"{words}: nothing is kept without --supaseed-keep: add it, or supaseed_keep = true in the ini"
            )
        folder = self.text("keep_folder")
        return KeepSettings(most, minutes, folder) if wanted and not plan else None


def _redacted(written: str) -> str:
    """A value without the password of a URL, also of one that lacks its beginning."""
    scheme = "" if "://" in written else f"{URL_SCHEMES[0]}://"
    return redacted_url(scheme + written).removeprefix(scheme)


# What a driver is called elsewhere: on PyPI, in SQLAlchemy's URLs.
_DRIVER_NAMES = {"psycopg3": "psycopg", "psycopg_async": "psycopg", "psycopg2-binary": "psycopg2"}


def driver_problem(driver: str, drivers: Sequence[str], present: Sequence[str] = ()) -> str:
    """Return what is wrong with the name of a driver; empty if it can be used.

    Args:
        driver: the name.
        drivers: the names of those that can be chosen.
        present: those that are certain to be installed.

    Example:
        >>> driver_problem("psycopg3", ("psycopg2", "psycopg"))
        'write psycopg'
    """
    if driver in drivers:
        if driver in present or find_spec(driver) is not None:
            return ""
        others = " or ".join(each for each in drivers if each != driver)
        return f"it is not installed: pip install {driver}, or write {others}"
    dialect, plus, name = driver.rpartition("+")
    known = name if plus and dialect in URL_SCHEMES else _DRIVER_NAMES.get(driver.lower(), driver.lower())
    if known in drivers:
        return f"write {known}"
    if known in ASYNC_DRIVERS or known in DRIVERS:
        option = "supaseed_async_driver" if known in ASYNC_DRIVERS else "supaseed_driver"
        return f"write {' or '.join(drivers)}; {known} can be chosen for {option}"
    return f"write {' or '.join(drivers)}{did_you_mean(driver, drivers)}"


def installed_async_driver() -> str:
    """Return the first of the async drivers that is installed."""
    return next(driver for driver in ASYNC_DRIVERS if find_spec(driver) is not None)


def locale_problem(locale: str) -> str:
    """Return what is wrong with a locale's name; empty if Faker knows it."""
    if locale == DEFAULT_LOCALE:
        return ""
    # Importing Faker takes as long as importing pytest, and the default locale needs no check.
    from faker.config import AVAILABLE_LOCALES

    if locale.replace("-", "_") in AVAILABLE_LOCALES:
        return ""
    near = did_you_mean(locale.replace("-", "_"), sorted(AVAILABLE_LOCALES))
    return f"Faker has no such locale{near or ': write one such as de_DE'}"


def _natural(text: str) -> int | None:
    number = _number(text)
    return number if number is not None and number >= 0 else None


def _number(text: str) -> int | None:
    try:
        number = int(text)
    except ValueError:
        return None
    return None if too_long(number) else number


def _is_url(value: str) -> bool:
    scheme, colon, _ = value.partition("://")
    return bool(colon) and scheme.partition("+")[0].lower() in URL_SCHEMES


def url_problem(written: str) -> str:
    """Return what to write instead of a text that should be the URL of a database; empty if it is one of PostgreSQL's.

    Example:
        >>> url_problem("mysql://localhost/dev")
        'only PostgreSQL will do: write postgresql://user:password@host:5432/postgres'
    """
    if _is_url(written):
        return ""
    if "://" in written or is_connection_string(written):
        return _postgres_problem(written)
    return "write postgresql://user:password@host:5432/name"


def _postgres_problem(value: str) -> str:
    if _is_url(value) or value in SERVERS:
        return ""
    kind, colon, major = value.partition(":")
    if colon and kind in ("embedded", "system"):
        fits = major.isdecimal() and major.isascii() and int(major[:3]) >= OLDEST_MAJOR
        return (
            "" if fits else f"write a major version of {OLDEST_MAJOR} or newer behind it, such as {kind}:16"
        )
    if kind == "auto" and colon:
        return "write embedded:16 or system:16 to ask for a version"
    if "://" in value:
        return "only PostgreSQL will do: write postgresql://user:password@host:5432/postgres"
    if value.startswith(FIXTURE):
        if value.removeprefix(FIXTURE).isidentifier():
            return ""
        return "write the name of a process fixture of pytest-postgresql, such as fixture:postgresql_proc"
    if is_connection_string(value):
        return "write it as a URL, postgresql://user:password@host:5432/postgres"
    if _ADDRESS.match(value):
        # Not the whole: it is shown before, without its password.
        return (
            "it looks like the address of a server, whose URL begins with postgresql://: write that before it"
        )
    if any(separator in value for separator in "/\\~.") or value.isspace():
        return ""
    return (
        "write auto, embedded, system, the path of a folder with postgres and initdb, a postgresql:// URL, or "
        f"fixture:NAME{did_you_mean(value, SERVERS)}"
    )


def password_problem(password: str) -> str:
    """Return why Supabase's auth would not accept a password; empty if it would."""
    if len(password.encode()) > _MOST_PASSWORD_BYTES:
        return f"is too long: bcrypt reads {_MOST_PASSWORD_BYTES} bytes, and Supabase takes no more"
    return ""
