"""Case analysis of CHECKs: the cases (disjuncts) in which a condition on a row holds.

:func:`branches` parses a CHECK and returns its cases, each a conjunction of value domains and comparisons with
expressions over other columns. :class:`Reader` walks the expression tree, :class:`Combiner` intersects and unites
cases. Cases are proposals for generating rows: at most ``most`` are kept, and PostgreSQL still checks the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from pytest_supaseed.constraints.column import OPPOSITES, condition, negation
from pytest_supaseed.constraints.domain import NOTHING, ColumnFacts, accepts, both
from pytest_supaseed.constraints.nodes import (
    Call,
    Cast,
    ExpressionError,
    Literal,
    Name,
    Node,
    Operation,
    Subject,
    names,
    uncast,
)
from pytest_supaseed.constraints.parser import parse
from pytest_supaseed.constraints.rewrite import (
    NEVER_NULL,
    Aim,
    choices,
    counted,
    is_condition,
    is_strict,
    reckoned,
    rewritten,
    selections,
    truth_of,
    untrimmed,
)
from pytest_supaseed.constraints.solving import Assignment, agreed, assignment, computable, solutions
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.model.type_families import is_boolean, is_integer

ONLY_NULL = ColumnFacts(allowed=(None,))
NOT_NULL = ColumnFacts(required=True)
# Maximum number of pairs of cases that are combined for one expression; further cases are not proposed.
_MOST_PAIRS = 10_000
# Maximum number of pairs that are compared to find out whether two conditions exclude one another.
_MOST_COMPARED = 400


@dataclass(frozen=True)
class Branch:
    """One case (disjunct) in which a condition holds.

    Attributes:
        facts: value domains by column. ``allowed=(None,)`` means NULL, ``required=True`` not NULL; a column that is
            not required may be NULL as well.
        assignments: comparisons of a column with an expression over other columns.
    """

    facts: Mapping[str, ColumnFacts] = field(default_factory=dict)
    assignments: tuple[Assignment, ...] = ()

    @property
    def cost(self) -> int:
        """The number of restrictions; a column that must be NULL counts twice."""
        nulls = sum(facts == ONLY_NULL for facts in self.facts.values())
        return len(self.facts) + nulls + len(self.assignments)


ANYTHING = Branch()
Ways = tuple[Branch, ...]


class Combiner:
    """Intersection and union of cases for conditions on the rows of one table.

    Args:
        most: maximum number of cases that are kept of any condition.
    """

    def __init__(self, table: Table, most: int) -> None:
        self.most = most
        self.pairs = 0
        self._columns = {column.name: (column, _of_column(column)) for column in table.columns}

    def fact(self, column: str, facts: ColumnFacts) -> Ways:
        """Return the case in which a column is in a value domain, none where that is empty."""
        possible = self._possible(column, facts)
        if possible is None:
            return ()
        return (ANYTHING if possible == NOTHING else Branch({column: possible}),)

    def every(self, conditions: Iterable[Ways]) -> Ways:
        """Return the cases in which all conditions hold, given the cases of each."""
        # Conditions with few cases come first, so that contradictions are found early.
        found: Ways = (ANYTHING,)
        for ways in sorted(conditions, key=len):
            found = self.simplest(self._pairs(found, ways))
        return found

    def some(self, conditions: Sequence[Ways]) -> Ways:
        """Return the cases in which at least one condition holds, given the cases of each; one of each is kept."""
        found = self.simplest([way for ways in conditions for way in ways])
        missing = [ways[0] for ways in conditions if ways and not any(way in found for way in ways)]
        return self.simplest([*found[: max(self.most - len(missing), 0)], *missing])

    def excluded(self, left: Ways, right: Ways) -> bool:
        """Whether two conditions are known never to hold together."""
        return len(left) * len(right) <= _MOST_COMPARED and all(
            self.meet(one, other) is None for one in left for other in right
        )

    def simplest(self, ways: Sequence[Branch]) -> Ways:
        """Return distinct cases, those of the lowest cost first; the order among equals is kept."""
        distinct: list[Branch] = []
        for way in sorted(ways, key=lambda way: way.cost):
            if way not in distinct:
                distinct.append(way)
                if len(distinct) == self.most:
                    break
        return tuple(distinct)

    def meet(self, left: Branch, right: Branch) -> Branch | None:
        """Return the intersection of two cases, None where it is empty."""
        facts = dict(left.facts)
        for column, more in right.facts.items():
            possible = self._possible(column, both(facts.get(column, NOTHING), more))
            if possible is None:
                return None
            if possible != NOTHING:
                facts[column] = possible
        if not (left.assignments or right.assignments):
            return Branch(facts)
        assignments = agreed((*left.assignments, *right.assignments))
        if assignments is None:
            return None
        # A comparison with NULL is NULL, which no CHECK refuses.
        null = {column for column, known in facts.items() if known == ONLY_NULL}
        return Branch(facts, tuple(a for a in assignments if null.isdisjoint((a.column, *a.uses))))

    def _pairs(self, left: Ways, right: Ways) -> list[Branch]:
        found: list[Branch] = []
        for one in left:
            for other in right:
                self.pairs += 1
                if self.pairs > _MOST_PAIRS and found:
                    return found
                way = self.meet(one, other)
                if way is not None:
                    found.append(way)
        return found

    def _possible(self, name: str, facts: ColumnFacts) -> ColumnFacts | None:
        """Return the value domain normalized for a column; only NULL, or None, where it has no other value."""
        column, own = self._columns[name]
        nullable = column.nullable and not facts.required
        if facts.allowed == (None,):
            return ONLY_NULL if nullable else None
        together = _narrowed(both(own, facts))
        if not _leaves_a_value(together, column):
            return ONLY_NULL if nullable else None
        if not column.nullable:
            facts = replace(facts, required=False)
        return _shortened(facts, together)


def _of_column(column: Column) -> ColumnFacts:
    if column.type.array:
        return NOTHING
    values: tuple[Any, ...] = (True, False) if is_boolean(column.type) else column.type.labels
    return ColumnFacts(allowed=values or None)


def _narrowed(facts: ColumnFacts) -> ColumnFacts:
    """Drop allowed values that the other fields refuse."""
    if facts.allowed is None:
        return facts
    others = replace(facts, allowed=None)
    return replace(facts, allowed=tuple(value for value in facts.allowed if accepts(others, value)))


def _shortened(facts: ColumnFacts, together: ColumnFacts) -> ColumnFacts:
    """Drop the fields that follow from the rest."""
    if facts.allowed is not None:
        return replace(
            facts, allowed=together.allowed, excluded=(), minimum=None, minimum_exclusive=False, maximum=None,
            maximum_exclusive=False, earliest=None, latest=None, minimum_length=None, maximum_length=None,
            patterns=(),
        )  # fmt: skip
    if not facts.excluded:
        return facts
    others = replace(facts, excluded=())
    return replace(facts, excluded=tuple(value for value in facts.excluded if accepts(others, value)))


def _leaves_a_value(facts: ColumnFacts, column: Column) -> bool:
    if facts.allowed is not None:
        return bool(facts.allowed)
    low, high = facts.minimum, facts.maximum
    if low is not None and high is not None:
        if low > high or (low == high and (facts.minimum_exclusive or facts.maximum_exclusive)):
            return False
        if is_integer(column.type) and not _has_integer(facts, low, high):
            return False
    earliest: Any = facts.earliest
    if earliest is not None and facts.latest is not None and earliest > facts.latest:
        return False
    if facts.maximum_length is not None and facts.maximum_length < (facts.minimum_length or 0):
        return False
    return all(member.allowed != () for _, member in facts.json_members if member.required)


def _has_integer(facts: ColumnFacts, low: int | Decimal, high: int | Decimal) -> bool:
    first = int(low) - 1
    while first < low or (first == low and facts.minimum_exclusive):
        first += 1
    return first < high or (first == high and not facts.maximum_exclusive)


_TESTS = {
    # By operator: the truth value of its operand, and whether NULL is excluded.
    "is true": (True, True),
    "is not true": (False, False),
    "is false": (False, True),
    "is not false": (True, False),
}
_COMPARED = ("=", "<>", "<", "<=", ">", ">=", "<@", "@>", "&&")
_DISTINCT = {"is distinct from": "<>", "is not distinct from": "="}
# Disjunctions of more operands get no cases in which only one operand holds.
_MOST_TOLD_APART = 4
# Deeper than the parser's limit, because rewriting nests further.
_DEEPEST = 100


class Reader:
    """Returns the cases in which conditions on the rows of a table have a truth value.

    Args:
        most: maximum number of cases that are kept of any condition.
    """

    def __init__(self, table: Table, most: int) -> None:
        self.combine = Combiner(table, most)
        self._table = table
        self._subjects = {column.name: Subject(column.name, column.type) for column in table.columns}
        # By id of the node; the node is kept too, so that its id is not reused.
        self._known: dict[tuple[int, bool, bool], tuple[Node, Ways]] = {}
        self._depth = 0

    def ways(self, node: Node, truth: bool = True, strict: bool = False) -> Ways:
        """Return the cases in which a condition has a truth value.

        Args:
            strict: False where NULL is accepted as well.
        """
        key = (id(node), truth, strict)
        if key not in self._known:
            self._depth += 1
            found = self._unknown(node, strict) if self._depth > _DEEPEST else self._read(node, truth, strict)
            self._depth -= 1
            self._known[key] = (node, found)
        return self._known[key][1]

    def aimed(self, aims: Sequence[Aim]) -> Ways:
        """Return the cases in which several conditions have their truth values."""
        return self.combine.every([self.ways(aim.condition, aim.truth, aim.strict) for aim in aims])

    def _read(self, node: Node, truth: bool, strict: bool) -> Ways:
        known = truth_of(node)
        if known is not None:
            fits = not strict if known.text is None else known.text.startswith("t") == truth
            return (ANYTHING,) if fits else ()
        if isinstance(node, Cast) and node.type == "boolean" and self._is_condition(node.operand):
            return self.ways(node.operand, truth, strict)
        if isinstance(node, Operation):
            found = self._connected(node, truth, strict)
            if found is not None:
                return found
        return self._atom(node, truth, strict)

    def _connected(self, node: Operation, truth: bool, strict: bool) -> Ways | None:
        operator, first = node.operator, node.operands[0]
        if operator == "not":
            return self.ways(first, not truth, strict)
        if operator in ("and", "or"):
            if (operator == "and") == truth:
                return self.combine.every([self.ways(part, truth, strict) for part in node.operands])
            return self._alternatives(node.operands, truth, strict)
        if operator in _TESTS:
            wanted, certain = _TESTS[operator]
            return self.ways(first, wanted, certain) if truth else self.ways(first, not wanted, not certain)
        if operator in ("is null", "is unknown", "is not null", "is not unknown"):
            return self._null_test(first, operator in ("is null", "is unknown"), truth)
        if operator in _DISTINCT:
            return self._distinct(node, truth)
        if len(node.operands) == 2 and all(self._is_condition(part) for part in node.operands):
            return self._same(operator, *node.operands, truth, strict)
        return None

    def _alternatives(self, parts: Sequence[Node], truth: bool, strict: bool) -> Ways:
        """One operand of a disjunction holds: whatever the others are; and, for variety, while they do not."""
        each = [self.ways(part, truth, strict) for part in parts]
        alone = []
        for at, ways in enumerate(each if len(parts) <= _MOST_TOLD_APART else ()):
            others = [
                self.ways(part, not truth)
                for place, part in enumerate(parts)
                if place != at and not self.combine.excluded(ways, each[place])
            ]
            alone.append(self.combine.every([ways, *others]))
        return self.combine.some([*each, *alone])

    def _same(self, operator: str, left: Node, right: Node, truth: bool, strict: bool) -> Ways | None:
        """Two conditions are compared: ``is_public = (published_at IS NOT NULL)``."""
        # By operator: the truth values of the left and the right side.
        together = {
            "=": ((True, True), (False, False)),
            "<>": ((True, False), (False, True)),
            "<": ((False, True),),
            "<=": ((False, False), (True, True), (False, True)),
            ">": ((True, False),),
            ">=": ((False, False), (True, True), (True, False)),
        }.get(operator if truth else OPPOSITES.get(operator, ""))
        if together is None:
            return None
        return self.combine.some(
            [
                self.combine.every([self.ways(left, one, strict), self.ways(right, other, strict)])
                for one, other in together
            ]
        )

    def _distinct(self, node: Operation, truth: bool) -> Ways:
        left, right = node.operands
        compared = Operation(_DISTINCT[node.operator], node.operands)
        if (_DISTINCT[node.operator] == "<>") == truth:
            return self.combine.some(
                [
                    self.ways(compared, truth, True),
                    self.combine.every([self.null(left, True), self.null(right, False)]),
                    self.combine.every([self.null(left, False), self.null(right, True)]),
                ]
            )
        both_null = self.combine.every([self.null(left, True), self.null(right, True)])
        return self.combine.some([self.ways(compared, truth, True), both_null])

    def _null_test(self, node: Node, null: bool, truth: bool) -> Ways:
        if isinstance(node, Call) and node.name == "row of":
            # NOT (ROW(a, b) IS NULL) is weaker than ROW(a, b) IS NOT NULL: one field that is not NULL is enough.
            tests = [self.null(part, null == truth) for part in node.arguments]
            return self.combine.every(tests) if truth else self.combine.some(tests)
        return self.null(node, null == truth)

    def null(self, node: Node, null: bool) -> Ways:
        """Return the cases in which an expression is NULL, or (``null`` is False) is not."""
        inner = uncast(node)
        if isinstance(inner, Literal):
            return (ANYTHING,) if (inner.text is None) == null else ()
        if isinstance(inner, Name):
            if inner.name not in self._subjects:
                return (ANYTHING,)
            return self.combine.fact(inner.name, ONLY_NULL if null else NOT_NULL)
        if isinstance(inner, Call) and inner.name in NEVER_NULL:
            return () if null else (ANYTHING,)
        if isinstance(inner, Operation) and inner.operator.startswith("is "):
            return () if null else (ANYTHING,)
        if isinstance(inner, Call) and inner.name in ("coalesce", "greatest", "least"):
            tests = [self.null(argument, null) for argument in inner.arguments]
            return self.combine.every(tests) if null else self.combine.some(tests)
        split = choices(inner)
        if split:
            return self.combine.some(
                [
                    self.combine.every([self.aimed(choice.aims), self.null(choice.node, null)])
                    for choice in split
                ]
            )
        facts = self._facts(Operation("is null" if null else "is not null", (inner,)))
        if facts is not None:
            return facts
        columns = self._columns(node)
        if not null:
            return self.combine.every([self.combine.fact(column, NOT_NULL) for column in columns])
        nulls = [self.combine.fact(column, ONLY_NULL) for column in columns]
        # A function that is not strict may return NULL for arguments that are not NULL.
        return self.combine.some(nulls if is_strict(inner) else [(ANYTHING,), *nulls])

    def _atom(self, node: Node, truth: bool, strict: bool) -> Ways:
        node = untrimmed(node)
        total = self._count(node, truth)
        if total is not None:
            return total
        facts = self._facts(node if truth else Operation("not", (node,)), strict=strict)
        if facts is not None and not choices(node):
            return facts
        plainer = rewritten(node)
        if plainer is not None:
            # The simpler condition only implies this one, so what refutes it need not refute this one: where the
            # opposite comparison has a simpler form, that counts.
            opposed = None if truth else negation(node)
            if opposed is not None and rewritten(opposed) is not None:
                return self.ways(opposed, True, strict)
            return self.ways(plainer, truth, strict)
        split = choices(node)
        if split:
            return self.combine.some(
                [
                    self.combine.every([self.aimed(choice.aims), self.ways(choice.node, truth, strict)])
                    for choice in split
                ]
            )
        opposite = node if truth else negation(node)
        if isinstance(opposite, Operation) and opposite.operator in _COMPARED and len(opposite.operands) == 2:
            found = self._solved(opposite, strict)
            if found:
                return found
        return self._unknown(node, strict)

    def _count(self, node: Node, truth: bool) -> Ways | None:
        if not isinstance(node, Operation) or node.operator not in _COMPARED[:6] or len(node.operands) != 2:
            return None
        left, right = (counted(side, self._is_condition) for side in node.operands)
        if left is None or right is None:
            return None
        total = left.plus(right, Decimal(-1))
        if not total.terms:
            return None
        operator = node.operator if truth else OPPOSITES[node.operator]
        return self.combine.some(
            [self.aimed(aims) for aims in selections(total, operator, self.combine.most)]
        )

    def _facts(self, node: Node, *, strict: bool = False) -> Ways | None:
        """Return the cases of a condition on a single column; None for any other, or where it is not understood."""
        columns = self._columns(node)
        if len(columns) != 1:
            return None
        facts = condition(node, self._subjects[columns[0]])
        if facts == NOTHING:
            return None
        found = self.combine.fact(columns[0], facts)
        return self.combine.every([found, self.combine.fact(columns[0], NOT_NULL)]) if strict else found

    def _solved(self, node: Operation, strict: bool) -> Ways:
        left, right = node.operands
        found: list[Ways] = []
        for solved in solutions(left, node.operator, right, self._table):
            own = assignment(solved, self._table)
            if not own.uses:
                constant = Operation(solved.operator, (Name(solved.column), reckoned(solved.right)))
                facts = self._facts(constant, strict=strict)
                found += [] if facts is None else [facts]
                continue
            needed = (own.column, *own.uses) if strict else ()
            required = [self.combine.fact(column, NOT_NULL) for column in needed]
            found.append(self.combine.every([(Branch(assignments=(own,)),), *required]))
        if found and not strict:
            # A NULL in one column is enough; it is the last resort.
            nulls = (self.combine.fact(column, ONLY_NULL) for column in reversed(self._columns(node)))
            found += [next((ways for ways in nulls if ways), ())]
        return self.combine.some(found)

    def _unknown(self, node: Node, strict: bool) -> Ways:
        """Return the cases of a condition that is not understood.

        It constrains nothing; most functions and operators are also NULL where a column is.
        """
        columns = self._columns(node)
        if strict:
            return self.combine.every([self.combine.fact(column, NOT_NULL) for column in columns])
        nulls = [self.combine.fact(column, ONLY_NULL) for column in columns]
        return self.combine.some([(ANYTHING,), *nulls])

    def _columns(self, node: Node) -> tuple[str, ...]:
        used = set(names(node))
        return tuple(column.name for column in self._table.columns if column.name in used)

    def _is_condition(self, node: Node) -> bool:
        return is_condition(node, self._subjects)


def branches(table: Table, expression: str, most: int = 64) -> tuple[Branch, ...]:
    """Return the cases in which a CHECK holds.

    Args:
        expression: the CHECK, or the partition bounds, as PostgreSQL prints it.
        most: maximum number of cases.

    Returns:
        The cases, those of the lowest cost first; a single one without restrictions where nothing is understood;
        none where the condition cannot hold. Assignments are in the order in which they can be computed.

    Example:
        ``status <> 'done' OR finished_at IS NOT NULL`` gives ``{status: excluded 'done'}``,
        ``{finished_at: required}``, and the cases in which only one of the two holds.
    """
    try:
        node = parse(expression)
    except ExpressionError:
        return (ANYTHING,)
    return tuple(_computable(Reader(table, most).ways(node)))


def combined(table: Table, several: Iterable[Branch]) -> Branch | None:
    """Return the intersection of cases, such as one of each CHECK.

    Returns:
        The case; None where they contradict one another.
    """
    combiner = Combiner(table, 1)
    found: Branch | None = ANYTHING
    for branch in several:
        found = None if found is None else combiner.meet(found, branch)
    return None if found is None else _computable([found])[0]


def _computable(ways: Iterable[Branch]) -> list[Branch]:
    """Return the cases whose assignments have an order of computation; all cases, where none has."""
    known = list(ways)
    found = []
    for way in known:
        assignments = computable(way.assignments)
        if assignments is not None:
            found.append(replace(way, assignments=assignments))
    return found or known
