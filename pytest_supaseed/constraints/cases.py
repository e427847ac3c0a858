"""Case analysis of CHECKs: the cases (disjuncts) in which a condition on a row holds.

:func:`cases_of_check` parses a CHECK and returns its cases, each a conjunction of value domains and comparisons with
expressions over other columns. :class:`Reader` walks the expression tree, :class:`Combiner` intersects and unites
cases. Cases are proposals for generating rows: at most ``most`` are kept, and PostgreSQL still checks the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from pytest_supaseed.constraints.column import OPPOSITES, condition, negation
from pytest_supaseed.constraints.domain import UNCONSTRAINED, ValueDomain, accepts, intersect
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
    as_conditional_sum,
    choices,
    fold_constants,
    is_condition,
    is_strict,
    rewritten,
    selections,
    truth_of,
    untrimmed,
)
from pytest_supaseed.constraints.solving import Assignment, agreed, assignment, computable, solutions
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.model.type_families import is_boolean, is_integer

ONLY_NULL = ValueDomain(allowed=(None,))
NOT_NULL = ValueDomain(required=True)
# Maximum number of pairs of cases that are combined for one expression; further cases are not proposed.
_MOST_PAIRS = 10_000
# Maximum number of pairs that are compared to find out whether two conditions exclude one another.
_MOST_COMPARED = 400


@dataclass(frozen=True)
class Case:
    """One case (disjunct) in which a condition holds.

    Attributes:
        domains: value domains by column. ``allowed=(None,)`` means NULL, ``required=True`` not NULL; a column that is
            not required may be NULL as well.
        assignments: comparisons of a column with an expression over other columns.
    """

    domains: Mapping[str, ValueDomain] = field(default_factory=dict)
    assignments: tuple[Assignment, ...] = ()

    @property
    def cost(self) -> int:
        """The number of restrictions; a column that must be NULL counts twice."""
        nulls = sum(domain == ONLY_NULL for domain in self.domains.values())
        return len(self.domains) + nulls + len(self.assignments)


ANYTHING = Case()
Cases = tuple[Case, ...]


class Combiner:
    """Intersection and union of cases for conditions on the rows of one table.

    Args:
        most: maximum number of cases that are kept of any condition.
    """

    def __init__(self, table: Table, most: int) -> None:
        self.most = most
        self.pairs = 0
        self._columns = {column.name: (column, _of_column(column)) for column in table.columns}

    def within(self, column: str, domain: ValueDomain) -> Cases:
        """Return the case in which a column is in a value domain, none where that is empty."""
        possible = self._possible(column, domain)
        if possible is None:
            return ()
        return (ANYTHING if possible == UNCONSTRAINED else Case({column: possible}),)

    def every(self, conditions: Iterable[Cases]) -> Cases:
        """Return the cases in which all conditions hold, given the cases of each."""
        # Conditions with few cases come first, so that contradictions are found early.
        found: Cases = (ANYTHING,)
        for cases in sorted(conditions, key=len):
            found = self.simplest(self._pairs(found, cases))
        return found

    def some(self, conditions: Sequence[Cases]) -> Cases:
        """Return the cases in which at least one condition holds, given the cases of each; one of each is kept."""
        found = self.simplest([case for cases in conditions for case in cases])
        missing = [cases[0] for cases in conditions if cases and not any(case in found for case in cases)]
        return self.simplest([*found[: max(self.most - len(missing), 0)], *missing])

    def excluded(self, left: Cases, right: Cases) -> bool:
        """Whether two conditions are known never to hold together."""
        return len(left) * len(right) <= _MOST_COMPARED and all(
            self.intersect(one, other) is None for one in left for other in right
        )

    def simplest(self, cases: Sequence[Case]) -> Cases:
        """Return distinct cases, those of the lowest cost first; the order among equals is kept."""
        distinct: list[Case] = []
        for case in sorted(cases, key=lambda case: case.cost):
            if case not in distinct:
                distinct.append(case)
                if len(distinct) == self.most:
                    break
        return tuple(distinct)

    def intersect(self, left: Case, right: Case) -> Case | None:
        """Return the intersection of two cases, None where it is empty."""
        domains = dict(left.domains)
        for column, more in right.domains.items():
            possible = self._possible(column, intersect(domains.get(column, UNCONSTRAINED), more))
            if possible is None:
                return None
            if possible != UNCONSTRAINED:
                domains[column] = possible
        if not (left.assignments or right.assignments):
            return Case(domains)
        assignments = agreed((*left.assignments, *right.assignments))
        if assignments is None:
            return None
        # A comparison with NULL is NULL, which no CHECK refuses.
        null = {column for column, known in domains.items() if known == ONLY_NULL}
        return Case(domains, tuple(a for a in assignments if null.isdisjoint((a.column, *a.uses))))

    def _pairs(self, left: Cases, right: Cases) -> list[Case]:
        found: list[Case] = []
        for one in left:
            for other in right:
                self.pairs += 1
                if self.pairs > _MOST_PAIRS and found:
                    return found
                case = self.intersect(one, other)
                if case is not None:
                    found.append(case)
        return found

    def _possible(self, name: str, domain: ValueDomain) -> ValueDomain | None:
        """Return the value domain normalized for a column; only NULL, or None, where it has no other value."""
        column, of_column = self._columns[name]
        nullable = column.nullable and not domain.required
        if domain.allowed == (None,):
            return ONLY_NULL if nullable else None
        intersection = _narrowed(intersect(of_column, domain))
        if not _leaves_a_value(intersection, column):
            return ONLY_NULL if nullable else None
        if not column.nullable:
            domain = replace(domain, required=False)
        return _shortened(domain, intersection)


def _of_column(column: Column) -> ValueDomain:
    if column.type.array:
        return UNCONSTRAINED
    values: tuple[Any, ...] = (True, False) if is_boolean(column.type) else column.type.labels
    return ValueDomain(allowed=values or None)


def _narrowed(domain: ValueDomain) -> ValueDomain:
    """Drop allowed values that the other fields refuse."""
    if domain.allowed is None:
        return domain
    others = replace(domain, allowed=None)
    return replace(domain, allowed=tuple(value for value in domain.allowed if accepts(others, value)))


def _shortened(domain: ValueDomain, intersection: ValueDomain) -> ValueDomain:
    """Drop the fields that follow from the rest."""
    if domain.allowed is not None:
        return replace(
            domain, allowed=intersection.allowed, excluded=(), minimum=None, minimum_exclusive=False, maximum=None,
            maximum_exclusive=False, earliest=None, latest=None, minimum_length=None, maximum_length=None,
            patterns=(),
        )  # fmt: skip
    if not domain.excluded:
        return domain
    others = replace(domain, excluded=())
    return replace(domain, excluded=tuple(value for value in domain.excluded if accepts(others, value)))


def _leaves_a_value(domain: ValueDomain, column: Column) -> bool:
    if domain.allowed is not None:
        return bool(domain.allowed)
    low, high = domain.minimum, domain.maximum
    if low is not None and high is not None:
        if low > high or (low == high and (domain.minimum_exclusive or domain.maximum_exclusive)):
            return False
        if is_integer(column.type) and not _has_integer(domain, low, high):
            return False
    earliest: Any = domain.earliest
    if earliest is not None and domain.latest is not None and earliest > domain.latest:
        return False
    if domain.maximum_length is not None and domain.maximum_length < (domain.minimum_length or 0):
        return False
    return all(member.allowed != () for _, member in domain.json_members if member.required)


def _has_integer(domain: ValueDomain, low: int | Decimal, high: int | Decimal) -> bool:
    first = int(low) - 1
    while first < low or (first == low and domain.minimum_exclusive):
        first += 1
    return first < high or (first == high and not domain.maximum_exclusive)


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
_MOST_EXCLUDED = 4
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
        self._known: dict[tuple[int, bool, bool], tuple[Node, Cases]] = {}
        self._depth = 0

    def cases(self, node: Node, truth: bool = True, strict: bool = False) -> Cases:
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

    def aimed(self, aims: Sequence[Aim]) -> Cases:
        """Return the cases in which several conditions have their truth values."""
        return self.combine.every([self.cases(aim.condition, aim.truth, aim.strict) for aim in aims])

    def _read(self, node: Node, truth: bool, strict: bool) -> Cases:
        known = truth_of(node)
        if known is not None:
            fits = not strict if known.text is None else known.text.startswith("t") == truth
            return (ANYTHING,) if fits else ()
        if isinstance(node, Cast) and node.type == "boolean" and self._is_condition(node.operand):
            return self.cases(node.operand, truth, strict)
        if isinstance(node, Operation):
            found = self._connected(node, truth, strict)
            if found is not None:
                return found
        return self._atom(node, truth, strict)

    def _connected(self, node: Operation, truth: bool, strict: bool) -> Cases | None:
        operator, first = node.operator, node.operands[0]
        if operator == "not":
            return self.cases(first, not truth, strict)
        if operator in ("and", "or"):
            if (operator == "and") == truth:
                return self.combine.every([self.cases(part, truth, strict) for part in node.operands])
            return self._alternatives(node.operands, truth, strict)
        if operator in _TESTS:
            wanted, certain = _TESTS[operator]
            return self.cases(first, wanted, certain) if truth else self.cases(first, not wanted, not certain)
        if operator in ("is null", "is unknown", "is not null", "is not unknown"):
            return self._null_test(first, operator in ("is null", "is unknown"), truth)
        if operator in _DISTINCT:
            return self._distinct(node, truth)
        if len(node.operands) == 2 and all(self._is_condition(part) for part in node.operands):
            return self._same(operator, *node.operands, truth, strict)
        return None

    def _alternatives(self, parts: Sequence[Node], truth: bool, strict: bool) -> Cases:
        """One operand of a disjunction holds: whatever the others are; and, for variety, while they do not."""
        each = [self.cases(part, truth, strict) for part in parts]
        alone = []
        for at, cases in enumerate(each if len(parts) <= _MOST_EXCLUDED else ()):
            others = [
                self.cases(part, not truth)
                for place, part in enumerate(parts)
                if place != at and not self.combine.excluded(cases, each[place])
            ]
            alone.append(self.combine.every([cases, *others]))
        return self.combine.some([*each, *alone])

    def _same(self, operator: str, left: Node, right: Node, truth: bool, strict: bool) -> Cases | None:
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
                self.combine.every([self.cases(left, one, strict), self.cases(right, other, strict)])
                for one, other in together
            ]
        )

    def _distinct(self, node: Operation, truth: bool) -> Cases:
        left, right = node.operands
        compared = Operation(_DISTINCT[node.operator], node.operands)
        if (_DISTINCT[node.operator] == "<>") == truth:
            return self.combine.some(
                [
                    self.cases(compared, truth, True),
                    self.combine.every([self.null(left, True), self.null(right, False)]),
                    self.combine.every([self.null(left, False), self.null(right, True)]),
                ]
            )
        both_null = self.combine.every([self.null(left, True), self.null(right, True)])
        return self.combine.some([self.cases(compared, truth, True), both_null])

    def _null_test(self, node: Node, null: bool, truth: bool) -> Cases:
        if isinstance(node, Call) and node.name == "row of":
            # NOT (ROW(a, b) IS NULL) is weaker than ROW(a, b) IS NOT NULL: one field that is not NULL is enough.
            tests = [self.null(part, null == truth) for part in node.arguments]
            return self.combine.every(tests) if truth else self.combine.some(tests)
        return self.null(node, null == truth)

    def null(self, node: Node, null: bool) -> Cases:
        """Return the cases in which an expression is NULL, or (``null`` is False) is not."""
        inner = uncast(node)
        if isinstance(inner, Literal):
            return (ANYTHING,) if (inner.text is None) == null else ()
        if isinstance(inner, Name):
            if inner.name not in self._subjects:
                return (ANYTHING,)
            return self.combine.within(inner.name, ONLY_NULL if null else NOT_NULL)
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
        cases = self._of_one_column(Operation("is null" if null else "is not null", (inner,)))
        if cases is not None:
            return cases
        columns = self._columns(node)
        if not null:
            return self.combine.every([self.combine.within(column, NOT_NULL) for column in columns])
        nulls = [self.combine.within(column, ONLY_NULL) for column in columns]
        # A function that is not strict may return NULL for arguments that are not NULL.
        return self.combine.some(nulls if is_strict(inner) else [(ANYTHING,), *nulls])

    def _atom(self, node: Node, truth: bool, strict: bool) -> Cases:
        node = untrimmed(node)
        total = self._count(node, truth)
        if total is not None:
            return total
        cases = self._of_one_column(node if truth else Operation("not", (node,)), strict=strict)
        if cases is not None and not choices(node):
            return cases
        plainer = rewritten(node)
        if plainer is not None:
            # The simpler condition only implies this one, so what refutes it need not refute this one: where the
            # opposite comparison has a simpler form, that counts.
            opposed = None if truth else negation(node)
            if opposed is not None and rewritten(opposed) is not None:
                return self.cases(opposed, True, strict)
            return self.cases(plainer, truth, strict)
        split = choices(node)
        if split:
            return self.combine.some(
                [
                    self.combine.every([self.aimed(choice.aims), self.cases(choice.node, truth, strict)])
                    for choice in split
                ]
            )
        opposite = node if truth else negation(node)
        if isinstance(opposite, Operation) and opposite.operator in _COMPARED and len(opposite.operands) == 2:
            found = self._solved(opposite, strict)
            if found:
                return found
        return self._unknown(node, strict)

    def _count(self, node: Node, truth: bool) -> Cases | None:
        if not isinstance(node, Operation) or node.operator not in _COMPARED[:6] or len(node.operands) != 2:
            return None
        left, right = (as_conditional_sum(side, self._is_condition) for side in node.operands)
        if left is None or right is None:
            return None
        total = left.plus(right, Decimal(-1))
        if not total.terms:
            return None
        operator = node.operator if truth else OPPOSITES[node.operator]
        return self.combine.some(
            [self.aimed(aims) for aims in selections(total, operator, self.combine.most)]
        )

    def _of_one_column(self, node: Node, *, strict: bool = False) -> Cases | None:
        """Return the cases of a condition on a single column; None for any other, or where it is not understood."""
        columns = self._columns(node)
        if len(columns) != 1:
            return None
        domain = condition(node, self._subjects[columns[0]])
        if domain == UNCONSTRAINED:
            return None
        found = self.combine.within(columns[0], domain)
        return self.combine.every([found, self.combine.within(columns[0], NOT_NULL)]) if strict else found

    def _solved(self, node: Operation, strict: bool) -> Cases:
        left, right = node.operands
        found: list[Cases] = []
        for solved in solutions(left, node.operator, right, self._table):
            own = assignment(solved, self._table)
            if not own.uses:
                constant = Operation(solved.operator, (Name(solved.column), fold_constants(solved.right)))
                cases = self._of_one_column(constant, strict=strict)
                found += [] if cases is None else [cases]
                continue
            needed = (own.column, *own.uses) if strict else ()
            required = [self.combine.within(column, NOT_NULL) for column in needed]
            found.append(self.combine.every([(Case(assignments=(own,)),), *required]))
        if found and not strict:
            # A NULL in one column is enough; it is the last resort.
            nulls = (self.combine.within(column, ONLY_NULL) for column in reversed(self._columns(node)))
            found += [next((each_cases for each_cases in nulls if each_cases), ())]
        return self.combine.some(found)

    def _unknown(self, node: Node, strict: bool) -> Cases:
        """Return the cases of a condition that is not understood.

        It constrains nothing; most functions and operators are also NULL where a column is.
        """
        columns = self._columns(node)
        if strict:
            return self.combine.every([self.combine.within(column, NOT_NULL) for column in columns])
        nulls = [self.combine.within(column, ONLY_NULL) for column in columns]
        return self.combine.some([(ANYTHING,), *nulls])

    def _columns(self, node: Node) -> tuple[str, ...]:
        used = set(names(node))
        return tuple(column.name for column in self._table.columns if column.name in used)

    def _is_condition(self, node: Node) -> bool:
        return is_condition(node, self._subjects)


def cases_of_check(table: Table, expression: str, most: int = 64) -> tuple[Case, ...]:
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
    return tuple(_computable(Reader(table, most).cases(node)))


def combined(table: Table, several: Iterable[Case]) -> Case | None:
    """Return the intersection of cases, such as one of each CHECK.

    Returns:
        The case; None where they contradict one another.
    """
    combiner = Combiner(table, 1)
    found: Case | None = ANYTHING
    for case in several:
        found = None if found is None else combiner.intersect(found, case)
    return None if found is None else _computable([found])[0]


def _computable(cases: Iterable[Case]) -> list[Case]:
    """Return the cases whose assignments have an order of computation; all cases, where none has."""
    known = list(cases)
    found = []
    for case in known:
        assignments = computable(case.assignments)
        if assignments is not None:
            found.append(replace(case, assignments=assignments))
    return found or known
