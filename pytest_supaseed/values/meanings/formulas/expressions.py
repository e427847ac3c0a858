"""Formulas that a schema states itself: the expression of a generated column, and arithmetic in a column's comment.

:func:`generated_formula` reads ``GENERATED ALWAYS AS (net + tax)``, :func:`stated_formula` a comment such as "still
owed: hammer + premium - paid", "gross minus commission" or "minutes between started_at and ended_at".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from random import Random

from pytest_supaseed.constraints.indexes import constant_default
from pytest_supaseed.constraints.nodes import (
    Call,
    ExpressionError,
    Literal,
    Name,
    Node,
    Operation,
    names,
    uncast,
)
from pytest_supaseed.constraints.parser import parse
from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.model.type_families import is_date_or_timestamp, is_number
from pytest_supaseed.values.meanings.formulas.arithmetic import (
    Computed,
    Formula,
    Product,
    Quotient,
    Sum,
    decimal_of,
)
from pytest_supaseed.values.meanings.formulas.row_numbers import without_unit
from pytest_supaseed.values.meanings.formulas.time_spans import length_between, unit_of, years_between

_Row = Mapping[str, object]


def generated_formula(table: Table, column: Column) -> Formula | None:
    """Return how a generated column follows from the numbers of its row, None where its expression is another one."""
    if not column.default:
        return None
    try:
        return _formula(table, parse(column.default))
    except ExpressionError:
        return None


def _formula(table: Table, node: Node) -> Formula | None:
    """The formula of an expression of numbers of a table."""
    if any(not _is_number(table, name) for name in names(node)):
        return None
    terms = _terms(node)
    if terms is not None:
        plus, minus = terms
        return Sum(plus[0], plus[1:], minus) if plus else None
    node = _plain(node)
    if not isinstance(node, Operation) or len(node.operands) != 2:
        return None
    left, right = map(_plain, node.operands)
    if isinstance(left, Name) and isinstance(right, Name) and node.operator in ("*", "/"):
        if node.operator == "*":
            return Product((left.name, right.name))
        return Quotient(left.name, right.name, 1)
    if not _is_arithmetic(node):
        return None
    uses = tuple(dict.fromkeys(names(node)))
    # What PostgreSQL sets where the row has nothing.
    defaults = {name: found for name in uses if (found := _default(table, name)) is not None}

    def value(row: _Row, random: Random) -> Decimal | None:
        known = {name: row.get(name) for name in uses}
        return _evaluated(node, {**known, **{n: d for n, d in defaults.items() if known[n] is None}})

    return Computed(uses, value, empty=True) if uses else None


def _default(table: Table, name: str) -> Decimal | None:
    text = constant_default(table, name)
    return Decimal(text) if text is not None and re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def _plain(node: Node) -> Node:
    node = uncast(node)
    if isinstance(node, Call) and node.name in ("coalesce", "nullif", "round") and node.arguments:
        return _plain(node.arguments[0])
    return node


def _is_number(table: Table, name: str) -> bool:
    if not table.has_column(name):
        return False
    kind = table.column(name).type
    return is_number(kind) and not kind.array


def _terms(node: Node) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The columns that an expression adds, and those that it subtracts; None if it does more."""
    node = _plain(node)
    if isinstance(node, Name):
        return (node.name,), ()
    if not isinstance(node, Operation) or node.operator not in ("+", "-") or len(node.operands) != 2:
        return None
    left, right = map(_terms, node.operands)
    if left is None or right is None:
        return None
    plus, minus = right if node.operator == "+" else right[::-1]
    return (*left[0], *plus), (*left[1], *minus)


def _is_arithmetic(node: Node) -> bool:
    node = _plain(node)
    if isinstance(node, (Name, Literal)):
        return not isinstance(node, Literal) or _constant(node) is not None
    return (
        isinstance(node, Operation)
        and node.operator in ("+", "-", "*", "/")
        and len(node.operands) == 2
        and all(map(_is_arithmetic, node.operands))
    )


def _constant(node: Literal) -> Decimal | None:
    text = node.text or ""
    return Decimal(text) if re.fullmatch(r"\d+(\.\d+)?", text) else None


def _evaluated(node: Node, row: _Row) -> Decimal | None:
    node = _plain(node)
    if isinstance(node, Name):
        return decimal_of(row.get(node.name))
    if isinstance(node, Literal):
        return _constant(node)
    assert isinstance(node, Operation)  # noqa: S101 for the type checker
    left, right = (_evaluated(each, row) for each in node.operands)
    if left is None or right is None:
        return None
    if node.operator == "/":
        return left / right if right else None
    return {"+": left + right, "-": left - right, "*": left * right}[node.operator]


def expanded(formula: Formula, generated: Mapping[str, Formula]) -> Formula:
    """Return a formula without the generated columns that it uses: PostgreSQL computes these from the finished row."""
    if generated.keys().isdisjoint(formula.uses):
        return formula
    if isinstance(formula, Sum):
        plus: list[str] = []
        minus: list[str] = []
        for used, (added, taken) in (
            *(((name), (plus, minus)) for name in (formula.base, *formula.plus)),
            *(((name), (minus, plus)) for name in formula.minus),
        ):
            inner = generated.get(used)
            if isinstance(inner, Sum):
                added += (inner.base, *inner.plus)
                taken += inner.minus
            elif inner is None:
                added.append(used)
            else:
                break
        else:
            return Sum(plus[0], tuple(plus[1:]), tuple(minus))

    def value(row: _Row, random: Random) -> Decimal | None:
        computed = {name: inner.value(row, random) for name, inner in generated.items()}
        return formula.value({**row, **computed}, random)

    uses = (inner.uses if (inner := generated.get(name)) is not None else (name,) for name in formula.uses)
    return Computed(tuple(dict.fromkeys(name for each in uses for name in each)), value)


_OPERATORS = (
    (r"\+|\bplus\b", "+"),
    (r"(?<=\s)[-−–](?=\s)|−|\bminus\b|\bless\b", "-"),
    (r"[*×·]|\btimes\b|\bmultiplied\s+by\b|(?<=\s)x(?=\s)", "*"),
    (r"[/÷]|\bdivided\s+by\b", "/"),
)
_TOKENS = re.compile(
    "|".join((*(f"(?P<o{at}>{names})" for at, (names, _) in enumerate(_OPERATORS)), r"(?P<paren>[()])")),
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"[;.](?=\s|$)|\n")
_BEGINS = re.compile(
    r"^(always|equals?|is|computed as|calculated as|calculated from|the|result of|amount of|sum of)\s+",
    re.IGNORECASE,
)
_IN_UNIT = re.compile(r"\s*,?\s+in\s+(whole\s+)?(\w+)$", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\b(?:between|from)\s+(?P<first>.+?)\s+(?:and|to|until|till)\s+(?P<last>[^\s,()]+(?:\s\w+){0,2})",
    re.IGNORECASE,
)
_YEARS = re.compile(r"\b(years?|age)\b", re.IGNORECASE)
_FEWEST = 2


def stated_formula(table: Table, column: Column) -> Formula | None:
    """Return how a number follows from other columns as its comment says it, None where the comment says nothing."""
    comment = column.comment
    if not comment:
        return None
    others = [each for each in table.columns if each.name != column.name and not each.type.array]
    for clause in _clauses(comment):
        found = (
            _between(table, column, clause, others)
            or _share(clause, others)
            or _arithmetic(table, column, clause, others)
        )
        if found is not None and column.name not in found.uses:
            return found
    return None


def _clauses(comment: str) -> Iterator[str]:
    for sentence in _CLAUSES.split(comment):
        for part in (sentence, *re.split(r"[:=]", sentence)[1:], *re.findall(r"\((.+)\)", sentence)):
            for text in dict.fromkeys((part, part.partition(",")[0])):
                yield _BEGINS.sub("", _BEGINS.sub("", text.strip()))


def _between(table: Table, column: Column, clause: str, others: Sequence[Column]) -> Formula | None:
    """The time between two moments."""
    found = _BETWEEN.search(clause)
    if found is None:
        return None
    moments = [each for each in others if is_date_or_timestamp(each.type)]
    ends = tuple(_meant(found[end], moments) for end in ("first", "last"))
    return _span(column, clause, ends[0], ends[1])


_SHARE = re.compile(
    r"^(?P<part>.+?)\s+(?:in|as)\s+(?:a\s+)?(?P<unit>percent(?:age)?|per\s+cent|%|share|fraction|ratio|proportion)"
    r"\s+of\s+(?:the\s+)?(?P<whole>.+)$",
    re.IGNORECASE,
)


def _share(clause: str, others: Sequence[Column]) -> Formula | None:
    """How much of a whole a part is: "ballots_cast in percent of eligible_voters"."""
    found = _SHARE.search(clause)
    if found is None:
        return None
    numbers = [each for each in others if is_number(each.type)]
    part, whole = (_meant(found[name], numbers) for name in ("part", "whole"))
    if part is None or whole is None or part.name == whole.name:
        return None
    return Quotient(part.name, whole.name, 100 if found["unit"].lower().startswith(("per", "%")) else 1)


def _span(column: Column, clause: str, first: Column | None, last: Column | None) -> Formula | None:
    if first is None or last is None or first.name == last.name:
        return None
    ends = (first.name, last.name)
    words = column.words
    if _YEARS.search(clause) or re.search(r"_(years|age)_", words):
        return Computed(ends, lambda row, random: years_between(*map(row.get, ends)), empty=True)
    told = unit_of(f"_{'_'.join(re.findall(r'[a-z]+', clause.lower()))}_", "")
    own = unit_of(words, "")
    unit = own if own != unit_of("", "") else told
    return Computed(ends, lambda row, random: length_between(row, ends, unit), empty=True)


def _arithmetic(table: Table, column: Column, clause: str, others: Sequence[Column]) -> Formula | None:
    clause = _IN_UNIT.sub("", clause)
    pieces, at, operators = [], 0, 0
    numbers = [each for each in others if is_number(each.type) or is_date_or_timestamp(each.type)]
    terms: list[Column | None] = []
    for found in (*_TOKENS.finditer(clause), None):
        term = clause[at : found.start() if found is not None else None].strip()
        if term:
            if re.fullmatch(r"\d+(\.\d+)?", term):
                pieces.append(term)
            else:
                meant = _meant(term, numbers)
                if meant is None:
                    return None
                terms.append(meant)
                pieces.append('"{}"'.format(meant.name.replace('"', '""')))
        if found is not None:
            at = found.end()
            kind = next(name for name, text in found.groupdict().items() if text is not None)
            operators += kind != "paren"
            pieces.append(found[0] if kind == "paren" else _OPERATORS[int(kind[1:])][1])
    if not operators or not terms:
        return None
    if any(each is not None and is_date_or_timestamp(each.type) for each in terms):
        if len(terms) == _FEWEST and "-" in pieces:
            return _span(column, clause, terms[1], terms[0])
        return None
    try:
        return _formula(table, parse(" ".join(pieces)))
    except ExpressionError:
        return None


_FILLING = frozenset(("the", "a", "an", "all", "its", "of", "this", "row", "any", "and", "amount", "total"))


def _meant(phrase: str, columns: Sequence[Column]) -> Column | None:
    """The column that a phrase names: by its name, by the same words, or by some of the words of one name alone."""
    plain = phrase.strip(" \"'`")
    for column in columns:
        if column.name == plain:
            return column
    wanted = [word for word in without_unit(spelt(plain)).strip("_").split("_") if word]
    named = {column.name: without_unit(column.words).strip("_").split("_") for column in columns}
    same = [column for column in columns if named[column.name] == wanted]
    if same:
        return same[0]
    some = {*wanted} - _FILLING
    holding = [column for column in columns if some and some <= {*named[column.name]}]
    least = min((len(named[column.name]) for column in holding), default=0)
    nearest = [column for column in holding if len(named[column.name]) == least]
    return nearest[0] if len(nearest) == 1 else None
