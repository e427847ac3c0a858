"""Repair of generated rows that CHECKs refuse, the CHECKs of domains included, before they are written.

Begin with :func:`solve`: in each round it proposes rows in the place of the refused ones, has the
:class:`Oracle`, which is PostgreSQL, evaluate the CHECKs on all of them in one query, and keeps the best.
:func:`hints_of` reads literals and patterns from the bodies of functions that CHECKs call.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any, Protocol

from pytest_supaseed.constraints.domain import Pattern, ValueDomain
from pytest_supaseed.constraints.functions import lookups_in
from pytest_supaseed.constraints.literals import NoConstantError, typed
from pytest_supaseed.constraints.meaning import meant
from pytest_supaseed.constraints.regex import from_like, from_postgres
from pytest_supaseed.constraints.solving import Assignment
from pytest_supaseed.errors import GenerateError
from pytest_supaseed.model.schema import Check, ColumnType, Table
from pytest_supaseed.model.type_families import has_string_category, is_enum
from pytest_supaseed.repair.propose import Candidate, Hints, Proposals
from pytest_supaseed.rows.steps import Row
from pytest_supaseed.rows.unique import UniqueRows, chosen_columns
from pytest_supaseed.wording import abbreviated
from pytest_supaseed.writing.refusals import Advice, Cause, RefusedRowError

_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_LITERAL = re.compile(
    r"(?P<operator>!?~~?\*?|\b(?:not\s+)?i?like|\bsimilar\s+to)?\s*\(?\s*E?'(?P<text>(?:[^']|'')*)'",
    re.IGNORECASE,
)
# With more literals, a function's body is no list of accepted values.
_MOST = 200


def hints_of(table: Table, checks: Iterable[Check]) -> Hints:
    """Read the literals and patterns that the functions called by CHECKs compare with.

    ``RETURN value ~ '^[A-Z]{3}$'`` and ``SELECT code IN ('EUR', 'USD')`` are taken for hints on each text or
    enum column of the CHECK: which argument of the function it is passed as is not analyzed.
    """
    values: dict[str, list[str]] = {}
    patterns: dict[str, list[ValueDomain]] = {}
    for check in checks:
        found = (
            hints_in(check.called, table, chosen_columns(table, check.columns)) if check.called else Hints()
        )
        for name, texts in found.values.items():
            values.setdefault(name, []).extend(texts)
        for name, domains in found.patterns.items():
            patterns.setdefault(name, []).extend(domains)
    return Hints(values, patterns)


def hints_in(bodies: str, table: Table, columns: Iterable[str]) -> Hints:
    """Read the literals and patterns that functions compare with, as hints on each text or enum column."""
    parts = _read(bodies)
    texts = [part for part in parts if isinstance(part, str)]
    domains = [part for part in parts if not isinstance(part, str)]
    textual = [
        name
        for name in columns
        if (has_string_category(kind := table.column(name).type) or is_enum(kind)) and not kind.array
    ]
    return Hints({name: texts for name in textual if texts}, {name: domains for name in textual if domains})


@lru_cache(maxsize=256)
def _read(bodies: str) -> tuple[str | ValueDomain, ...]:
    found = list(_LITERAL.finditer(_COMMENTS.sub("", bodies)))
    parts = (_part((each["operator"] or "").lower(), each["text"].replace("''", "'")) for each in found)
    return tuple(part for part in parts if part is not None) if len(found) <= _MOST else ()


def _part(operator: str, text: str) -> str | ValueDomain | None:
    """A value, or the value domain of a pattern; None for a negated or an unreadable pattern."""
    if not operator:
        return text
    if operator.startswith(("!", "not")):
        return None
    like = "~~" in operator or "like" in operator
    regex = from_like(text) if like else from_postgres(text) if operator in ("~", "~*") else None
    ignoring = operator in ("~*", "~~*", "ilike")
    return None if regex is None else ValueDomain(patterns=(Pattern(regex, ignoring),))


# VALUE is a keyword in a domain's CHECK, except within a string or a quoted name.
_VALUE = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\bVALUE\b""")


def all_checks(table: Table) -> tuple[Check, ...]:
    """Return the CHECKs of a table, then those of its columns' domains.

    A domain's CHECKs are repeated for each column, with the column's name in the place of ``VALUE``.
    """
    return table.checks + tuple(
        Check(check.name, _of_column(check.expression, column.name), (column.name,), called=check.called)
        for column in table.columns
        if not column.type.array and not column.generated
        for check in column.type.checks
    )


def reads_table(check: Check, table: Table) -> bool:
    """Whether the functions that a CHECK calls name its table, so that rows which are not yet there matter to it."""
    name = table.name.name
    return name in check.called and re.search(rf"\b{re.escape(name)}\b", check.called) is not None


def _of_column(expression: str, column: str) -> str:
    quoted = '"' + column.replace('"', '""') + '"'
    return _VALUE.sub(lambda found: quoted if found[0] == "VALUE" else found[0], expression)


# Rounds of proposals, and in each the proposals for one refused row.
ROUNDS = 12
_PROPOSED = 16
# Rounds for rows that are accepted already, but not as the author of the CHECK means it.
_ROUNDS_MEANT = 2
_ROUNDS_OF_THIS_YEAR = 4
# The round in which rows are proposed with NULL wherever they may have it.
_ROUND_AS_INSERTED = 5
# Of them, those for a row that only functions refuse which look up other rows: it may be up to these.
_ROUNDS_LOOKING = 3
# In which the values of present rows are offered where nothing else has been accepted.
_ROUND_PRESENT = 2
# Refused rows that are repaired together.
_BATCH = 200
_STEPS = {">": 1, "<": -1}


class Oracle(Protocol):
    """The evaluation of rows by PostgreSQL: :class:`~pytest_supaseed.repair.evaluate.Evaluation`."""

    def refused_by(
        self, rows: Sequence[Mapping[str, Any]], checks: Sequence[Check]
    ) -> list[tuple[Check, ...]]:
        """Return for each row the CHECKs that refuse it."""

    def failure(self, row: Mapping[str, Any], check: Check) -> str | None:
        """Return the error message for a CHECK on a row; None where the CHECK can be evaluated."""

    def computed(
        self, rows: Sequence[Mapping[str, Any]], column: str, expression: str, step: int = 0
    ) -> list[str | None]:
        """Compute a value for a column of each row from an expression in other columns."""

    def looked_up(
        self, checks: Sequence[Check], number: int, *, present: bool = False
    ) -> Iterable[Mapping[str, Any]]:
        """Return values that the functions of CHECKs look up in other tables, for a row of a number.

        Args:
            present: whether those of the table's own rows, and of the column's default, are returned instead.
        """

    def looks_up(self, row: Mapping[str, Any], check: Check) -> bool:
        """Whether the functions of a CHECK look up any table for a row."""


def solve(proposals: Proposals, oracle: Oracle, rows: Sequence[Row], unique: UniqueRows) -> list[Row]:
    """Change rows that CHECKs refuse until they accept them.

    Args:
        rows: the rows, which are copied.
        unique: the unique keys, to which all rows are added.

    Returns:
        As many rows, in their order.

    Raises:
        GenerateError: no accepted row was found in the place of one.
    """
    table, keys = proposals.table, unique.watched
    result = [dict(row) for row in rows]
    checks = _evaluated(table)
    wanted = [meant(table, check) for check in checks]
    if wanted != checks:
        result = _as_meant(_Search(proposals, oracle, unique, wanted), result)
    refusals = oracle.refused_by(result, checks)
    unseen = _looked_up_unseen(oracle, result, refusals)
    if unseen:
        checks = [check for check in checks if check not in unseen]
        refusals = [tuple(check for check in refusal if check not in unseen) for refusal in refusals]
    wrong = [number for number, refusal in enumerate(refusals) if refusal]
    for row, refusal in zip(result, refusals, strict=True):
        if not refusal:
            unique.add(keys, row)
    repair = _Repair(_Search(proposals, oracle, unique, checks), result, refusals)
    # The first alone, and the others in batches: what cannot be solved is known before all of them have been tried.
    given_up: set[Check] = set()
    for first, last in pairwise((0, *range(1, len(wrong), _BATCH), len(wrong))):
        batch = wrong[first:last]
        hopeless = [number for number in batch if given_up.issuperset(refusals[number])]
        left = repair.mend([number for number in batch if number not in hopeless])
        for number in (*hopeless, *left):
            row, refusal = result[number], refusals[number]
            if not looks_up(oracle, row, refusal):
                failure = oracle.failure(row, refusal[0])
                accepted = proposals.present + sum(not refusal for refusal in refusals)
                raise _unsolved(proposals, row, refusal[0], failure).after(0, accepted)
            # Another row cannot help: when it is written, the rows that are looked up are made to fit.
            result[number] = dict(rows[number])
            unique.add(keys, result[number])
            given_up.update(refusal)
    return result


def _as_meant(search: _Search, rows: Sequence[Row]) -> list[Row]:
    """Change the rows that CHECKs accept for a NULL only, where there are others; the rest stays as it is."""
    checks = {check.name: check for check in _evaluated(search.proposals.table)}
    refusals = search.oracle.refused_by(rows, search.checks)
    accepted = search.oracle.refused_by(rows, [*checks.values()])
    result = [dict(row) for row in rows]
    by_accident = [at for at, refusal in enumerate(refusals) if refusal and not accepted[at]]
    kept = [result[at] for at in range(len(result)) if at not in {*by_accident}]
    unique = search.unique
    for row in kept:
        unique.add(unique.watched, row)
    left = _Repair(search, result, refusals).mend(by_accident, _ROUNDS_MEANT)
    for at in range(len(result)):
        if at not in left:
            unique.discard(unique.watched, result[at])
    for at in left:
        result[at] = dict(rows[at])
    return result


def looks_up(oracle: Oracle, row: Row, refusal: Sequence[Check]) -> bool:
    """Whether all CHECKs that refuse a row call functions that look up tables."""
    return all(check.called and oracle.looks_up(row, check) for check in refusal)


def _evaluated(table: Table) -> list[Check]:
    """The CHECKs that can be evaluated before the rows are written."""
    return [check for check in all_checks(table) if not reads_table(check, table)]


def _looked_up_unseen(
    oracle: Oracle, rows: Sequence[Row], refusals: Sequence[Sequence[Check]]
) -> frozenset[Check]:
    """The CHECKs whose functions look up tables that their text does not show.

    What these want is found when the rows are written, where the tables that are looked up are observed.
    """
    refused = {check: row for row, refusal in zip(rows, refusals, strict=True) for check in refusal}
    return frozenset(
        check
        for check, row in refused.items()
        if check.called and not lookups_in(check.called) and oracle.looks_up(row, check)
    )


@dataclass(frozen=True)
class _Search:
    """What rows are proposed and evaluated with.

    Attributes:
        unique: the unique keys, to which the accepted rows are added.
        checks: the CHECKs that are to accept the rows, those that are evaluated before the rows are written.
    """

    proposals: Proposals
    oracle: Oracle
    unique: UniqueRows
    checks: Sequence[Check]


@dataclass(frozen=True)
class _Repair:
    """The rows of a table in repair.

    Attributes:
        rows: the rows; refused ones are replaced.
        refusals: for each row, the CHECKs that refuse it; kept up to date.
    """

    search: _Search
    rows: list[Row]
    refusals: list[tuple[Check, ...]]

    def mend(self, wrong: Sequence[int], rounds: int = ROUNDS) -> list[int]:
        """Change the rows of these numbers; return the numbers of those that are still refused."""
        proposals, oracle, checks = self.search.proposals, self.search.oracle, self.search.checks
        rows, refusals, unique = self.rows, self.refusals, self.search.unique
        table, keys = proposals.table, unique.watched
        left = list(wrong)
        looking: list[int] = []
        for round_number in range(rounds):
            if round_number == _ROUNDS_LOOKING:
                looking = [number for number in left if looks_up(oracle, rows[number], refusals[number])]
                left = [number for number in left if number not in looking]
            if not left:
                break
            candidates = [
                (number, candidate)
                for number in left
                for candidate in (
                    *(
                        _looked_up(
                            proposals,
                            oracle,
                            rows[number],
                            number,
                            refusals[number],
                            present=round_number > 0,
                        )
                        if round_number in (0, _ROUND_PRESENT)
                        else ()
                    ),
                    *_offered(proposals, rows[number], number, refusals[number], round_number),
                )
            ]
            offered = resolved(oracle, proposals, candidates)
            verdicts = oracle.refused_by([row for _, row in offered], checks)
            joined = _joined(table, rows, refusals, offered, verdicts)
            offered += joined
            verdicts += oracle.refused_by([row for _, row in joined], checks)
            for number, row, verdict in _better(offered, verdicts, left, refusals, round_number):
                if number in left and (verdict or unique.clash(keys, row) is None):
                    rows[number], refusals[number] = row, verdict
                    if not verdict:
                        unique.add(keys, row)
                        left.remove(number)
        return [*looking, *left]


def _looked_up(
    proposals: Proposals, oracle: Oracle, row: Row, number: int, refusal: Sequence[Check], *, present: bool
) -> Iterator[Candidate]:
    """Proposals of values that the functions of the CHECKs look up, or have accepted in present rows."""
    for values in islice(oracle.looked_up(refusal, number, present=present), _PROPOSED):
        if all(proposals.may_change([name]) for name in values):
            yield Candidate({**row, **values})


def _offered(
    proposals: Proposals, row: Row, number: int, refusal: Sequence[Check], round_number: int
) -> list[Candidate]:
    found = (
        [] if round_number % 2 else proposals.by_cases(row, number + round_number // 2, refusal, _PROPOSED)
    )
    if round_number % 2 or not found:
        columns = {name for check in refusal for name in chosen_columns(proposals.table, check.columns)}
        columns = columns or {column.name for column in proposals.table.columns}
        after = round_number * _PROPOSED
        attempts = range(after, after + _PROPOSED)
        found = [] if after else [Candidate(changed) for changed in proposals.with_defaults(row, columns)]
        hints = hints_of(proposals.table, refusal)
        others = proposals.by_chance(row, number, columns, attempts, hints)
        found += map(Candidate, others)
    if round_number == _ROUND_AS_INSERTED:
        every = [column.name for column in proposals.table.columns]
        checked = [name for check in proposals.table.checks for name in check.columns if name in every]
        found += [
            Candidate(changed)
            for names in (checked, every)
            for changed in proposals.as_inserted(row, number, names)
        ]
    if round_number >= _ROUNDS_OF_THIS_YEAR:
        # Dates that CHECKs accept may be few within a year, and unique.
        unique = {name for key in proposals.table.uniques for name in key.columns}
        found = [_years_before(each, number % 8 + round_number, unique) for each in found]
    return found


def _years_before(candidate: Candidate, years: int, columns: Collection[str]) -> Candidate:
    """A candidate with its dates some years earlier, of these columns."""
    row = dict(candidate.row)
    for name in columns:
        value = row.get(name)
        if isinstance(value, date):
            with suppress(ValueError):  # the 29th of February
                row[name] = value.replace(year=value.year - years)
    return replace(candidate, row=row)


def resolved(
    oracle: Oracle, proposals: Proposals, offered: Iterable[tuple[int, Candidate]]
) -> list[tuple[int, Row]]:
    """Return the candidates with their assignments computed, one query per distinct assignment.

    Those are left out that reference no row then, which PostgreSQL may find out too late.
    """
    table, offered = proposals.table, tuple(offered)
    waiting = [(number, dict(candidate.row), list(candidate.assignments)) for number, candidate in offered]
    while True:
        by_assignment: dict[Assignment, list[Row]] = {}
        for _, row, assignments in waiting:
            if assignments:
                by_assignment.setdefault(assignments.pop(0), []).append(row)
        if not by_assignment:
            return [
                (number, row)
                for (number, row, _), (_, candidate) in zip(waiting, offered, strict=True)
                if proposals.has_referenced(row, {each.column for each in candidate.assignments})
            ]
        for assignment, rows in by_assignment.items():
            column = table.column(assignment.column)
            step = _STEPS.get(assignment.operator, 0)
            values = oracle.computed(rows, assignment.column, assignment.expression, step)
            for row, value in zip(rows, values, strict=True):
                if value is not None and assignment.operator != "<>":
                    row[assignment.column] = typed_value(value, column.type)


def typed_value(text: str, column_type: ColumnType) -> Any:
    """Return the value of a type that PostgreSQL has printed as a text, or the text where it stands for itself."""
    if column_type.array:
        return text
    try:
        return typed(text, column_type)
    except NoConstantError:
        return text


def _joined(
    table: Table,
    rows: Sequence[Row],
    refusals: Sequence[tuple[Check, ...]],
    offered: Sequence[tuple[int, Row]],
    verdicts: Sequence[tuple[Check, ...]],
) -> list[tuple[int, Row]]:
    """Rows that combine what was accepted in several proposals.

    Each column with a CHECK of its own that refuses the row gets a value that this CHECK accepts, or that one
    accepts which differs in the column's name only.
    """
    accepted: dict[int, dict[Check, Any]] = {}
    for (number, row), verdict in zip(offered, verdicts, strict=True):
        values = accepted.setdefault(number, {})
        for check in refusals[number]:
            if check not in verdict and len(names := chosen_columns(table, check.columns)) == 1:
                values.setdefault(check, row[names[0]])
    result = []
    for number, values in accepted.items():
        alike = {_without_names(check, table): value for check, value in values.items()}
        joined = dict(rows[number])
        for check in refusals[number]:
            names, shape = chosen_columns(table, check.columns), _without_names(check, table)
            if len(names) == 1 and shape in alike:
                joined[names[0]] = values.get(check, alike[shape])
        if values:
            result.append((number, joined))
    return result


def _without_names(check: Check, table: Table) -> str:
    """A CHECK's expression without the name of its column."""
    [name, *_] = (*chosen_columns(table, check.columns), "")
    return re.sub(rf"\b{re.escape(name)}\b", "", check.expression)


def _better(
    offered: Sequence[tuple[int, Row]],
    verdicts: Sequence[tuple[Check, ...]],
    wrong: Sequence[int],
    refusals: Sequence[tuple[Check, ...]],
    round_number: int,
) -> list[tuple[int, Row, tuple[Check, ...]]]:
    """What may replace each row: the accepted proposals, then the one that the fewest CHECKs refuse."""
    found = []
    by_row: dict[int, list[tuple[Row, tuple[Check, ...]]]] = {}
    for (number, row), verdict in zip(offered, verdicts, strict=True):
        by_row.setdefault(number, []).append((row, verdict))
    for number in wrong:
        candidates = by_row.get(number, [])
        found += [(number, row, verdict) for row, verdict in candidates if not verdict]
        refused = [(row, verdict) for row, verdict in candidates if verdict]
        if refused:
            row, verdict = min(refused, key=lambda entry: len(entry[1]))
            # A row that as many other CHECKs refuse replaces it as well, and in odd rounds by the same ones:
            # these may be easier to satisfy.
            if len(verdict) < len(refusals[number]) or (
                len(verdict) == len(refusals[number])
                and (round_number % 2 or set(verdict) != set(refusals[number]))
            ):
                found.append((number, row, verdict))
    return found


class UnsolvedRowError(RefusedRowError, GenerateError):
    """A row that a CHECK refuses, as every other one that was tried, before any row was written."""


def _unsolved(proposals: Proposals, row: Row, check: Check, failure: str | None) -> RefusedRowError:
    table, total = proposals.table, proposals.total
    columns = [name for name in chosen_columns(table, check.columns) if name in row] or list(row)
    shown = ", ".join(f"{name}={abbreviated(row[name])}" for name in columns)
    origins = proposals.origins
    constraint = f"one of {check.name} takes ({check.text})"
    if not check.partitions:
        constraint = f"{check.name} CHECK ({check.text}) accepts"
    lines = [
        f"{table.label}: no row was found that {constraint}, in {ROUNDS} rounds of asking PostgreSQL",
        f"  row tried: {shown}",
        *([f"  it cannot be evaluated for it: {failure}"] if failure else []),
        *(f"  {name} comes from {origins[name]}" for name in columns if name in origins),
    ]
    advice = Advice(table, total, tuple(columns))
    cause = Cause(constraint=check.name, columns=tuple(columns), place=check.name)
    return UnsolvedRowError("\n".join(lines), cause, advice, table, row)
