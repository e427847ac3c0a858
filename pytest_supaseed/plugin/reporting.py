"""The page of ``--supaseed-report``: what is recorded while tests run, and where the page is written.

:class:`Reporter` is registered where the option is given. Each process records its own tests; the workers of
pytest-xdist hand their records to the controller, which writes the page.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_supaseed import clock
from pytest_supaseed.errors import ConfigError
from pytest_supaseed.plugin.items import is_seeded
from pytest_supaseed.plugin.state import (
    ADDRESSED,
    ASKED,
    DJANGO,
    OWN,
    START_STATE,
    SessionState,
    wider_databases_of,
)
from pytest_supaseed.reports.page import Event, Record, Reference, SeededTest, SeedRecord, TableBox, page
from pytest_supaseed.wording import printable, shortened

if TYPE_CHECKING:
    from pytest_supaseed.model.schema import Schema, Table
    from pytest_supaseed.planning.plan import Plan
    from pytest_supaseed.session.seeded import SeededDatabase
    from pytest_supaseed.session.template import SchemaTemplate
    from pytest_supaseed.spec import SeedSpec

_OUTPUT = "supaseed_report"
_REPLACED = ("table", "by", "rows", "tried")
# Of each table, and of each value in characters: a page of more would be slow to open.
_MOST_ROWS, _MOST_LETTERS = 1_000, 300


def report_path(config: pytest.Config, written: str) -> Path:
    """Return the path of the page, from the folder in which pytest was started.

    Raises:
        ConfigError: no file can be written there.
    """
    path = config.invocation_params.dir / Path(written).expanduser()
    told = f"--supaseed-report is {shortened(written)}"
    if config.getoption("supaseed_plan"):
        raise ConfigError(f"{told}, and --supaseed-plan runs no test: leave one of them out")
    if not written or path.is_dir():
        raise ConfigError(f"{told}, which is a folder: write a file, such as --supaseed-report=report.html")
    if not path.parent.is_dir():
        raise ConfigError(f"{told}: there is no folder {path.parent}: make it, or write another file")
    return path


class Reporter:
    """Records the tests of one process, and writes the page.

    Args:
        path: of the page; None in a worker of pytest-xdist.
    """

    def __init__(self, config: pytest.Config, state: SessionState, path: Path | None) -> None:
        self._config = config
        self._state = state
        self._path = path
        self._worker = state.run.worker
        self._server = ""
        self._events: list[Event] = []
        self._tests: dict[str, SeededTest] = {}
        self._specs: dict[str, tuple[SchemaTemplate, SeedSpec]] = {}
        self._schemas: dict[str, list[TableBox]] = {}
        self._seeds: list[SeedRecord] = []
        self._made: dict[str, float] = {}
        self._reading = False
        self._records: list[Record] = []

    @contextmanager
    def timed(self, kind: str, name: str) -> Iterator[None]:
        """Record work of a kind."""
        began = clock.now()
        try:
            yield
        finally:
            ended = clock.now()
            # Databases are cloned for the page, too.
            if not self._reading:
                self._events.append(Event(kind, name, began, ended, self._worker))
            if kind == "seed":
                self._made[name] = ended - began

    def seeded(self, template: SchemaTemplate, spec: SeedSpec) -> None:
        """Take note that there is a seed for a spec."""
        self._specs[_key(template, spec)] = template, spec

    def read(self) -> None:
        """Read the rows of all seeds, while the server is there; once."""
        from psycopg2 import Error
        from sqlalchemy.exc import DBAPIError

        from pytest_supaseed.errors import SeedError

        if self._reading:
            return
        self._reading = True
        for key, (template, spec) in tuple(self._specs.items()):
            schema = template.snapshot.schema
            self._server = f"PostgreSQL {template.maintenance.version}"
            self._schemas.setdefault(template.name, _boxes(schema))
            counts = dict(template.counts(spec))
            rows: dict[str, dict[str, Any]] = {}
            spread: dict[str, list[dict[str, Any]]] = {}
            error = ""
            try:
                database = template.own(spec)
                try:
                    rows = {
                        table.label: _rows(database, table)
                        for table in schema.tables
                        if counts[table.label] and table.columns
                    }
                finally:
                    template.drop(database)
                spread = _spread(template.plan(spec))
            except (SeedError, DBAPIError, Error) as failure:
                error = printable(str(failure).splitlines()[0])
            seconds = self._made.get(str(spec))
            seed = template.seed(spec)
            replaced = [dict(zip(_REPLACED, each, strict=True)) for each in seed.replaced]
            self._seeds.append(
                SeedRecord(
                    key,
                    template.name,
                    str(spec),
                    seed.asked,
                    spec.limit,
                    counts,
                    spread,
                    rows,
                    seconds,
                    replaced,
                    error,
                )
            )

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Record when a test was run."""
        began = clock.now()
        found = yield
        test = self._tests.get(item.nodeid)
        if test is not None:
            bad = test.outcome == "failed"
            self._events.append(Event("test", item.nodeid, began, clock.now(), self._worker, bad))
        return found

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Record the outcome of a seeded test, and how long its phases took."""
        report = yield
        if not is_seeded(item) and START_STATE not in item.stash:
            return report
        known = self._tests.get(item.nodeid)
        outcome = report.outcome if known is None or known.outcome == "passed" else known.outcome
        seeds, isolation = known.seeds if known else (), known.isolation if known else ""
        if call.when == "call" or not isolation:
            seeds, isolation = self._seeds_of(item), self._isolation(item)
        phases = {**(known.phases if known else {}), str(call.when): call.duration}
        spec = item.stash.get(ASKED, None)
        asked = str(spec) if spec is not None and spec.tables else ""
        self._tests[item.nodeid] = SeededTest(
            item.nodeid, seeds, isolation, outcome, phases, self._worker, asked
        )
        return report

    def _seeds_of(self, item: pytest.Item) -> list[str]:
        specs = [each.database.spec for each in wider_databases_of(self._state, item)]
        if START_STATE in item.stash or not specs:
            specs.insert(0, item.stash[ASKED])
        wanted = {(spec.fingerprint.text, spec.limit) for spec in specs}
        return [
            key for key, (_, spec) in self._specs.items() if (spec.fingerprint.text, spec.limit) in wanted
        ]

    def _isolation(self, item: pytest.Item) -> str:
        if ADDRESSED in item.stash:
            return "its own, behind seeded_address"
        if OWN in item.stash:
            return "its own"
        if any(wider_databases_of(self._state, item)):
            return "of a wider fixture"
        if self._config.pluginmanager.hasplugin(DJANGO):
            return "of Django"
        return "shared, rolled back" if START_STATE in item.stash else ""

    def _record(self) -> Record:
        return Record(
            self._server,
            self._state.settings.seed,
            self._schemas,
            self._seeds,
            list(self._tests.values()),
            self._events,
        )

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take the record of a worker."""
        text = getattr(node, "workeroutput", {}).get(_OUTPUT)
        if text is not None:
            self._records.append(Record.of(text))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Write the page, or hand the record to the controller, before pytest prints its summary."""
        if self._state.server is not None:
            # The session has ended early, and its fixtures are yet to be torn down.
            self.read()
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[_OUTPUT] = self._record().text()
            return
        records = self._records or [self._record()]
        assert self._path is not None  # noqa: S101 for the type checker
        try:
            self._path.write_text(page(f"Seeds of {self._config.rootpath.name}", records), encoding="utf-8")
        except OSError as error:
            self._state.notices.append(f"the report could not be written: {printable(str(error))}")
        else:
            self._state.notices.append(f"report of the seeds: {printable(str(self._path))}")


def _key(template: SchemaTemplate, spec: SeedSpec) -> str:
    return f"{template.name} {spec.fingerprint.text} {spec.limit}"


def _boxes(schema: Schema) -> list[TableBox]:
    labels = {table.name: table.label for table in schema.tables}
    return [
        TableBox(
            table.label,
            tuple(
                Reference(key.columns, labels[key.referenced])
                for key in table.foreign_keys
                if key.referenced in labels
            ),
        )
        for table in schema.tables
    ]


def _spread(plan: Plan) -> dict[str, list[dict[str, Any]]]:
    return {
        table.table.label: [
            {"columns": list(key.columns), "rows": list(shares[:_MOST_ROWS])} for key, shares in table.shares
        ]
        for table in plan.tables
        if table.shares
    }


def _rows(database: SeededDatabase, table: Table) -> dict[str, Any]:
    """Return the columns and the first rows of a table, as texts."""
    from psycopg2 import sql

    from pytest_supaseed.reflection.queries import names, relation, statement

    values = sql.SQL(", ").join(
        sql.SQL("left({}::text, {})").format(sql.Identifier(column.name), sql.Literal(_MOST_LETTERS))
        for column in table.columns
    )
    query = sql.SQL("SELECT {} FROM {}").format(values, relation(table.name))
    if table.primary_key:
        query += sql.SQL(" ORDER BY {}").format(names(table.primary_key))
    query += sql.SQL(" LIMIT {}").format(sql.Literal(_MOST_ROWS))
    with database.engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute(statement(cursor, query))
        rows = [list(row) for row in cursor.fetchall()]
        cursor.close()
    return {"columns": [column.name for column in table.columns], "rows": rows}
