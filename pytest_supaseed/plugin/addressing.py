"""The stable address in a session of pytest: the fixture ``seeded_address``, and the ini value ``supaseed_env``.

:func:`bound` opens the port, which needs no server; :func:`lead` is a test's part of it. With ``supaseed_env`` the
address is in the environment before the first conftest is imported (:func:`set_variables`), and every test has its own
database behind it, which is made when something connects; before the first test connections get the schema as it was
loaded.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest

from pytest_supaseed.errors import ConfigError, SupaseedWarning
from pytest_supaseed.plugin.keeping import end_database
from pytest_supaseed.plugin.running import EARLY, postgresql_option, resolved_state, session_state, turn
from pytest_supaseed.plugin.state import ADDRESSED, ASKED, NO_USES, OWN, STATE, USES, without_traceback
from pytest_supaseed.session.address import (
    AddressedDatabase,
    Clone,
    CollectionDatabase,
    NoDatabase,
    StableAddress,
)
from pytest_supaseed.settings import AddressVariable, address_variables
from pytest_supaseed.spec import SeedSpec

if TYPE_CHECKING:
    from pytest_supaseed.plugin.state import SessionState
    from pytest_supaseed.session.seeded import SeededURL
    from pytest_supaseed.session.session_server import SessionServer
    from pytest_supaseed.session.template import SchemaTemplate

_ADDRESS: pytest.StashKey[BoundAddress] = pytest.StashKey()
_USER, _DATABASE = "postgres", "tests"
# One object: a schema is loaded once for one object of generators.
_NO_GENERATORS: Mapping[str, Any] = {}
_ROLLED_BACK = (
    "{} works on seeded_connection or seeded_session, whose rows no other connection sees: let it ask for "
    "seeded_address too, which gives it a database of its own, or bind the application to the fixture with "
    "pytest_supaseed.rebind()"
)
_NOT_NAMED = (
    "{} has no database behind this address: name seeded_address among the arguments of the test or of one of its "
    "fixtures, rather than in getfixturevalue()"
)
_OVER = "{} has ended, and its database with it"
_BETWEEN = "no test is running: this address leads to a database while a test runs that uses seeded_address"


class BoundAddress:
    """The address of a session, and what has been changed for it; a plugin, whose hooks follow the tests.

    Attributes:
        address: the address.
        test: the id of the running test; None between tests.
        led: the id of the last test whose database the address has led to.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.test: str | None = None
        self.led: str | None = None
        self._replaced: dict[str, tuple[str, str | None]] = {}
        self.address = StableAddress(
            _user(config), postgresql_option(config, "dbname") or _DATABASE, self._situation
        )

    def _situation(self) -> str:
        if self.test is None:
            return _BETWEEN
        return (_OVER if self.test == self.led else _NOT_NAMED).format(self.test)

    def part(self, holds: str) -> str:
        """Return what an environment variable holds: a part of the address, or a URL of a scheme."""
        return str(getattr(self.address, holds)) if hasattr(self.address, holds) else self.address.url(holds)

    def set_variables(self, variables: tuple[AddressVariable, ...]) -> None:
        """Put the address into the environment."""
        for each in variables:
            value = self.part(each.holds)
            self._replaced[each.name] = value, os.environ.get(each.name)
            os.environ[each.name] = value

    def variables_line(self) -> str:
        """Return the line of the report header about the variables that hold the address."""
        verb = "leads" if len(self._replaced) == 1 else "lead"
        place = f"{self.address.host}:{self.address.port}"
        line = f"{', '.join(self._replaced)} {verb} to the database of the running test, by {place}"
        had = [name for name, (_, before) in self._replaced.items() if before is not None]
        return f"{line}; what {', '.join(had)} had is put back at the end" if had else line

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note the running test."""
        self.test = nodeid

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logfinish(self) -> None:
        """Note that no test is running."""
        self.test = None

    def close(self) -> None:
        """Put the environment back, and listen no more."""
        for name, (value, before) in self._replaced.items():
            if os.environ.get(name) != value:
                # It has been set to something else meanwhile, which stays.
                continue
            if before is None:
                del os.environ[name]
            else:
                os.environ[name] = before
        self.address.close()


def _user(config: pytest.Config) -> str:
    """Return the role of the session's server, as far as it is known before there is one."""
    try:
        settings = resolved_state(config).settings
    except ConfigError:
        # It is reported when the session is configured.
        return _USER
    if settings.server_url is None:
        return postgresql_option(config, "user") or _USER
    try:
        given = urlsplit(settings.server_url).username
    except ValueError:
        given = None
    return unquote(given) if given else os.environ.get("PGUSER") or getpass.getuser()


def bound(config: pytest.Config) -> BoundAddress:
    """Return the address of a session, whose port is opened now if it has not been."""
    if _ADDRESS not in config.stash:
        found = config.stash[_ADDRESS] = BoundAddress(config)
        config.add_cleanup(found.close)
        config.pluginmanager.register(found, "supaseed_address")
        if STATE in config.stash and (running := config.stash[STATE].running) is not None:
            # Its beginning has been told already.
            found.test = running.nodeid
    return config.stash[_ADDRESS]


def set_variables(config: pytest.Config, written: str) -> None:
    """Put the address of a session into environment variables, until the session ends.

    Args:
        config: of a session whose command line has not been parsed in full.
        written: the ini value ``supaseed_env``; what is wrong with it is reported with the other settings.
    """
    variables, _ = address_variables(written)
    config.stash[EARLY] = True
    found = bound(config)
    found.set_variables(variables)
    found.address.lead_to(CollectionDatabase(lambda: _as_loaded(config), turn(config)))


def _as_loaded(config: pytest.Config) -> Clone:
    """Return a database with the schema as it was loaded, for connections before the first test."""
    from pytest_supaseed.plugin.provisioning import opened_server

    state = resolved_state(config)
    settings = state.settings
    if settings.server_fixture is not None:
        raise ConfigError(
            f"the server is that of the fixture {settings.server_fixture}, set up with the first test: let the "
            "application connect when it is used, not while it is imported"
        )
    if not settings.schema:
        raise ConfigError(
            "before the first test only a schema is known that the ini names: set supaseed_schema there, or let the "
            "application connect when it is used, and not while it is imported"
        )
    server = opened_server(config, settings.schema)
    state.on_close.callback(bound(config).address.drop)
    template = server.template(settings.schema, _NO_GENERATORS, config.rootpath, ())
    spec = SeedSpec(
        seed=settings.seed, locale=settings.locale, date=settings.date, settings=settings.database
    )
    return Clone(template.own(spec), template)


def address_url(config: pytest.Config) -> SeededURL:
    """Return the address of a session for SQLAlchemy, with the driver of the other fixtures."""
    from sqlalchemy import URL

    from pytest_supaseed.session.seeded import SeededURL

    address = bound(config).address
    url = URL.create(
        f"postgresql+{session_state(config).settings.driver}",
        username=address.user,
        password=address.password,
        host=address.host,
        port=address.port,
        database=address.database,
    )
    return SeededURL.of(url)


def lead(request: pytest.FixtureRequest, schema: object, generators: Mapping[str, Any]) -> Iterator[None]:
    """Lead the address to the test's database while it runs."""
    node, state = request.node, session_state(request.config)
    found = bound(request.config)
    address, found.led = found.address, node.nodeid
    uses = node.stash.get(USES, NO_USES)
    if uses.connection and not uses.own_database:
        leading: AddressedDatabase = NoDatabase(node.nodeid, _ROLLED_BACK.format(node.nodeid), state.turn)
    else:
        make = _maker(request, state, schema, generators)
        leading = AddressedDatabase(node.nodeid, make, state.turn)
    with without_traceback():
        address.lead_to(leading)
    node.stash[ADDRESSED] = leading
    try:
        yield
    finally:
        del node.stash[ADDRESSED]
        with without_traceback():
            clone = address.leave()
            left = end_database(node, clone.template, clone.database) if clone is not None else []
    if left:
        from pytest_supaseed.reports.text import left_connections

        node.warn(SupaseedWarning(left_connections(node.nodeid, left)))


def _maker(
    request: pytest.FixtureRequest, state: SessionState, schema: object, generators: Mapping[str, Any]
) -> Callable[[], Clone]:
    """Return what makes the database of a test; in a thread that does not know pytest's fixtures."""
    from pytest_supaseed.plugin.provisioning import begin_test, opened_server, schema_template

    node = request.node
    spec = node.stash[ASKED]
    if node.stash.get(USES, NO_USES).address:
        with without_traceback():
            prepared = begin_test(request, schema, generators)
        return lambda: _cloned(node, prepared.template, prepared.spec)
    server: SessionServer | None = None
    if state.settings.server_fixture is not None:
        server = request.getfixturevalue("_supaseed_provided")

    def make() -> Clone:
        opened = server or opened_server(request.config, schema)
        template = schema_template(request, opened, schema, generators)
        return _cloned(node, template, spec)

    return make


def _cloned(node: pytest.Item, template: SchemaTemplate, spec: SeedSpec) -> Clone:
    database = node.stash[OWN] = template.own(spec)
    return Clone(database, template)
