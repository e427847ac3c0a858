"""The tree of a condition -> the ways in which it can be true, false, or at least not the other."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pytest_supaseed.constraints.assigning import assignment, solutions
from pytest_supaseed.constraints.boolean import is_condition
from pytest_supaseed.constraints.conditions import OPPOSITES, condition, negation
from pytest_supaseed.constraints.constant import reckoned, truth_of
from pytest_supaseed.constraints.counting import Aim, counted, selections
from pytest_supaseed.constraints.facts import NOTHING
from pytest_supaseed.constraints.lifting import choices
from pytest_supaseed.constraints.rewriting import rewritten, untrimmed
from pytest_supaseed.constraints.subject import Subject
from pytest_supaseed.constraints.syntax import (
    Call,
    Cast,
    Literal,
    Name,
    Node,
    Operation,
    names,
    uncast,
)
from pytest_supaseed.constraints.ways import ANYTHING, NOT_NULL, ONLY_NULL, Branch, Combiner, Ways
from pytest_supaseed.schema import Table

_TESTS = {
    # By operator: what its operand has to come to, and whether NULL is not enough.
    "is true": (True, True),
    "is not true": (False, False),
    "is false": (False, True),
    "is not false": (True, False),
}
_COMPARED = ("=", "<>", "<", "<=", ">", ">=", "<@", "@>", "&&")
_DISTINCT = {"is distinct from": "<>", "is not distinct from": "="}
# What is never NULL, whatever it is called with.
_NEVER_NULL = ("num_nulls", "num_nonnulls", "concat", "now", "format", "row of", "jsonb_build_object")
# More alternatives than that are not also told apart from one another.
_MOST_TOLD_APART = 4
# Deeper than what a parser takes, for what is rewritten.
_DEEPEST = 100


class Reader:
    """Reads the ways in which conditions on the rows of a table come to what they should.

    Args:
        table: the table.
        most: how many ways are kept of any condition.
    """

    def __init__(self, table: Table, most: int) -> None:
        self.combine = Combiner(table, most)
        self._table = table
        self._subjects = {column.name: Subject(column.name, column.type) for column in table.columns}
        # By id: the nodes are kept beside their ways, so that no id is used twice.
        self._known: dict[tuple[int, bool, bool], tuple[Node, Ways]] = {}
        self._depth = 0

    def ways(self, node: Node, truth: bool = True, strict: bool = False) -> Ways:
        """Return the ways in which a condition comes to what it should.

        Args:
            node: the condition.
            truth: whether it has to be true, or false.
            strict: whether NULL is not enough.
        """
        key = (id(node), truth, strict)
        if key not in self._known:
            self._depth += 1
            found = self._unknown(node, strict) if self._depth > _DEEPEST else self._read(node, truth, strict)
            self._depth -= 1
            self._known[key] = (node, found)
        return self._known[key][1]

    def aimed(self, aims: Sequence[Aim]) -> Ways:
        """Return the ways in which several conditions come to what they should."""
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
        """One of several holds: whatever the others are; and while they do not, for variety."""
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
        # By operator: what the left and the right side can come to.
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
            # NOT (ROW(a, b) IS NULL) is less than ROW(a, b) IS NOT NULL.
            tests = [self.null(part, null == truth) for part in node.arguments]
            return self.combine.every(tests) if truth else self.combine.some(tests)
        return self.null(node, null == truth)

    def null(self, node: Node, null: bool) -> Ways:
        """Return the ways in which an expression is NULL, or is not.

        Args:
            node: the expression.
            null: whether it has to be NULL.
        """
        inner = uncast(node)
        if isinstance(inner, Literal):
            return (ANYTHING,) if (inner.text is None) == null else ()
        if isinstance(inner, Name):
            if inner.name not in self._subjects:
                return (ANYTHING,)
            return self.combine.fact(inner.name, ONLY_NULL if null else NOT_NULL)
        if isinstance(inner, Call) and inner.name in _NEVER_NULL:
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
        return self.combine.some([self.combine.fact(column, ONLY_NULL) for column in columns])

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
        """What a condition says of its only column, None where it says nothing."""
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
            # One column is enough: NULL is the last resort.
            nulls = (self.combine.fact(column, ONLY_NULL) for column in reversed(self._columns(node)))
            found += [next((ways for ways in nulls if ways), ())]
        return self.combine.some(found)

    def _unknown(self, node: Node, strict: bool) -> Ways:
        """What is not understood says nothing; of most functions and operators NULL makes NULL."""
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
