"""Random schemas: always exactly so many rows, all constraints valid, or a reason; never another error, never a hang.

The suite tries a hundred schemas, always the same. To try thousands of others by hand, and see how many are refused::

    SUPASEED_FUZZ=5000 pytest --timeout=0 tests/properties/test_fuzz.py -s [--hypothesis-seed=N]

To find the smallest schema that is refused or fails in some words, a regular expression, and count all other failures::

    SUPASEED_FUZZ=5000 SUPASEED_FUZZ_FIND='violates check' pytest --timeout=0 tests/properties/test_fuzz.py -s

What it finds becomes a schema in ``schemas/``: Hypothesis prints the DDL and the counts.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, event, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from attempts import PATIENCE_SECONDS, Opened, general, patience, seed
from pytest_supaseed import pipeline
from pytest_supaseed.errors import SeedError
from pytest_supaseed.markers import parse_seed
from pytest_supaseed.spec import SeedSpec
from randomschemas import RandomSchema, random_schemas
from violations import run, validations

_EXAMPLES = int(os.environ.get("SUPASEED_FUZZ", "0"))
_FIND = os.environ.get("SUPASEED_FUZZ_FIND")
_SETTINGS = settings(
    max_examples=_EXAMPLES or 100,
    derandomize=not _EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
    print_blob=bool(_EXAMPLES),
)
_FAILED = "failed: "
# What tells a user what to do.
_WAY_OUT = re.compile(r"\b(write|give|ask for|leave .* out|make a foreign key|name|nullable|columns=)")


@pytest.fixture(scope="module")
def place(server_url: URL) -> Iterator[Connection]:
    """A connection to a database in which nothing stays: each schema is made in a transaction."""
    maintenance = create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    name = f"fuzz_{os.getpid()}"
    with maintenance.connect() as connection:
        run(connection, f"CREATE DATABASE {name} TEMPLATE template0")
        engine = create_engine(server_url.set(database=name), poolclass=NullPool)
        with engine.connect() as inside:
            run(inside, f"SET statement_timeout = '{PATIENCE_SECONDS}s'")
            inside.connection.commit()
            yield inside
        engine.dispose()
        run(connection, f"DROP DATABASE {name} WITH (FORCE)")
    maintenance.dispose()


@pytest.fixture(scope="module")
def tally() -> Iterator[Counter[str]]:
    """What came of all schemas, printed where it was asked for."""
    found: Counter[str] = Counter()
    yield found
    if _EXAMPLES:
        print()
        for kind, count in found.most_common():
            print(f"{count:>6}  {kind}")


def tried(connection: Connection, schema: RandomSchema) -> str:
    """Seed a schema and validate it; return why it is refused, empty where it is exact."""
    spec = SeedSpec(parse_seed((schema.counts,), {})[0])
    try:
        run(connection, schema.ddl)
        snapshot = pipeline.read(connection)
        opened = Opened(connection.engine.url, snapshot, validations(connection), "")
        try:
            wrong = seed(connection, opened, spec)
        except SeedError as error:
            return str(error)
        except Exception as error:
            if not _FIND:
                raise
            return f"{_FAILED}{type(error).__name__}: {error}"
        assert not wrong
        return ""
    finally:
        connection.rollback()
        connection.connection.rollback()


def test_random_schemas(place: Connection, tally: Counter[str]) -> None:
    [(version,)] = run(place, "SELECT current_setting('server_version_num')::int / 10000")

    @_SETTINGS
    @given(st.data())
    def check(data: st.DataObject) -> None:
        schema = data.draw(random_schemas(version))
        note(f"{schema.ddl}\n{schema.counts}")
        with patience(PATIENCE_SECONDS):
            refusal = tried(place, schema)
        if refusal:
            note(refusal)
            tables = re.findall(r"TABLE (\w+)", schema.ddl)
            helpful = any(re.search(rf"\b{table}\b", refusal) for table in tables) and _WAY_OUT.search(
                refusal
            )
            assert helpful or refusal.startswith(_FAILED)
            assert not (_FIND and re.search(_FIND, refusal))
        outcome = f"refused: {general(refusal)}" if refusal else "exact"
        event(outcome)
        tally[outcome] += 1

    check()
