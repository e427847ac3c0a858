"""What a spec means in a schema: which table each name is, and how many rows it shall hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pytest_supaseed.nearest import did_you_mean
from pytest_supaseed.planning.references import foreign_key_to
from pytest_supaseed.schema import Contents, ForeignKey, Schema, Table, TableName
from pytest_supaseed.spec import SeedSpec, TableSpec, limit_problem, marker_arguments, over_limit


@dataclass(frozen=True)
class Total:
    """What is asked of one table of the schema.

    Attributes:
        table: the table.
        spec: what the marker says of it.
        total: the rows that it shall hold.
        present: the rows that it held before the seed.
        per: name of a foreign key and the exact number of rows for each referenced row.
    """

    table: Table
    spec: TableSpec
    total: int
    present: int
    per: tuple[str, int] | None = None

    @property
    def asked(self) -> int:
        """The rows that count against the limit: all that are asked for, but not what ``add`` adds to."""
        return self.total - self.present if self.spec.add is not None else self.total


def named_tables(
    spec: SeedSpec, schema: Schema
) -> tuple[dict[TableName, tuple[Table, TableSpec]], list[str]]:
    """Find the table of each name of a spec.

    Returns:
        The tables with what is asked of them, in the order of the spec, and a message for each problem.
    """
    found: dict[TableName, tuple[Table, TableSpec]] = {}
    problems = []
    for asked in spec.tables:
        table = schema.find(asked.name)
        if table is None:
            problems.append(_unknown_table(asked.name, schema))
        elif table.name in found:
            problems.append(
                f"{asked.name} and {found[table.name][1].name} are one table, {table.name}: keep one of them"
            )
        else:
            found[table.name] = (table, asked)
    return found, problems


def _unknown_table(name: str, schema: Schema) -> str:
    several = schema.called(name)
    if len(several) > 1:
        names = ", ".join(str(table.name) for table in several[:-1])
        spelt = " or ".join(f'seed({{"{table.name}": ...}})' for table in several)
        return (
            f"{name} is not in the search path, and {len(several)} tables have that name, {names} and "
            f"{several[-1].name}: write it with its schema, {spelt}"
        )
    for other, kind in schema.others:
        if name in (str(other), other.name):
            what = (
                "seed the partitioned table instead" if kind == "partition" else "seed the tables behind it"
            )
            return f"{name} is a {kind}, not a table: {what}"
    if name in ("max_records", "seed", "locale", "date"):
        return f"{name} is no table: it is an option, write @pytest.mark.seed_options({name}=...)"
    if not schema.tables:
        return (
            f"{name} is no table, the database has none at all: set supaseed_schema to where your schema "
            "comes from: a .sql file, a folder of them, an alembic.ini, or 'package.module:Base'"
        )
    near = did_you_mean(name, schema.spellings())
    tables = ", ".join(table.label for table in schema.tables)
    return f"{name} is no table{near}" if near else f"{name} is no table; the database has {tables}"


def totals(
    named: Mapping[TableName, tuple[Table, TableSpec]], contents: Contents, schema: Schema | None = None
) -> tuple[dict[TableName, Total], list[str]]:
    """Work out how many rows each table shall hold.

    Args:
        named: what :func:`named_tables` found.
        contents: the rows that are there.
        schema: for names that are those of several tables; None where there are none.

    Returns:
        The totals, and a message for each that is impossible.
    """
    found: dict[TableName, Total] = {}
    problems: list[str] = []
    waiting = dict(named)
    while waiting:
        progress = False
        for name, (table, asked) in list(waiting.items()):
            foreign_key = None
            parent_total = 0
            if asked.per is not None:
                foreign_key, problem = _per_foreign_key(table, asked.per[0], schema)
                if foreign_key is None:
                    problems.append(problem)
                    del waiting[name]
                    progress = True
                    continue
                if foreign_key.referenced in waiting:
                    continue
                parent = found.get(foreign_key.referenced)
                parent_total = parent.total if parent else contents.counts.get(foreign_key.referenced, 0)
            total, found_problems = _total(table, asked, foreign_key, parent_total, contents)
            problems.extend(found_problems)
            found[name] = total
            del waiting[name]
            progress = True
        if not progress:
            names = " and ".join(table.label for table, _ in waiting.values())
            problems.append(f"{names} count their rows per one another: give one of them a count")
            break
    return found, problems


def _total(
    table: Table, asked: TableSpec, foreign_key: ForeignKey | None, parents: int, contents: Contents
) -> tuple[Total, list[str]]:
    present = contents.counts.get(table.name, 0)
    if foreign_key is not None and asked.per is not None:
        number = asked.per[1]
        total = Total(table, asked, number * parents, present, (foreign_key.name, number))
        most = max(contents.shares.get((table.name, foreign_key.name), ()), default=0)
        if most > number:
            return total, [
                f"{table.label} already holds {most} rows for one of {asked.per[0]}, more than the {number} "
                f"for each that were asked for: write per={{{asked.per[0]!r}: {most}}} or more"
            ]
        return total, []
    if asked.add is not None:
        return Total(table, asked, present + asked.add, present), []
    count = asked.count or 0
    if present > count:
        return Total(table, asked, count, present), [
            f"{table.label} holds {present} row{'s' if present > 1 else ''} that the schema's load put there, more "
            f"than the {count} asked for: write {marker_arguments([(table.label, str(present))])} or more"
            + (
                f", or {marker_arguments([(table.label, f'Rows(add={count})')])} for {count} more"
                if count
                else ""
            )
        ]
    return Total(table, asked, count, present), []


def _per_foreign_key(table: Table, parent: str, schema: Schema | None) -> tuple[ForeignKey | None, str]:
    found, problem = foreign_key_to(table, parent, schema)
    if found is not None and found.referenced == table.name:
        found, problem = None, f"{table.label} references itself there, so the number has no beginning"
    if found is not None:
        return found, ""
    return None, f"{table.label} with per={{{parent!r}: ...}}: {problem}: or give it a count"


def total_problem(spec: SeedSpec, found: Mapping[TableName, Total], *, hard: bool) -> str | None:
    """Say what is wrong if the totals exceed the limit, now that the schema is known.

    Args:
        spec: the spec.
        found: its totals.
        hard: whether the limit was given on the command line.
    """
    asked = sum(total.asked for total in found.values())
    return over_limit(asked, spec.limit, hard=hard) if asked > spec.limit else limit_problem(spec, hard=hard)
