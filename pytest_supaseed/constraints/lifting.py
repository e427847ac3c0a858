"""Expressions with a choice inside them -> the choices: ``coalesce(a, 0) > 0`` -> a is set, and a > 0."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_supaseed.constraints.counting import Aim
from pytest_supaseed.constraints.syntax import Call, Case, Literal, Node, Operation, children, rebuilt, uncast

# Each choice doubles what is read.
_MOST_CHOICES = 6


@dataclass(frozen=True)
class Choice:
    """What an expression is where some conditions come to what they should.

    Attributes:
        aims: the conditions.
        node: the expression there.
    """

    aims: tuple[Aim, ...]
    node: Node


def choices(node: Node) -> tuple[Choice, ...]:
    """Split an expression at the first COALESCE, NULLIF or CASE inside it.

    Args:
        node: the expression.

    Returns:
        The choices, of which exactly one holds; empty where there is none, or too many are.
    """
    return () if _number(node) > _MOST_CHOICES else _split(node)


def _number(node: Node) -> int:
    own = isinstance(node, Case) or (isinstance(node, Call) and node.name in ("coalesce", "nullif"))
    return own + sum(map(_number, children(node)))


def _split(node: Node) -> tuple[Choice, ...]:
    if isinstance(node, Case):
        return _case(node)
    if isinstance(node, Call) and node.name == "coalesce":
        return _coalesce(node)
    if isinstance(node, Call) and node.name == "nullif" and len(node.arguments) == 2:
        same = Operation("=", node.arguments)
        return (
            Choice((Aim(same, False, strict=False),), node.arguments[0]),
            Choice((Aim(same, True),), Literal(None)),
        )
    parts = children(node)
    for at, part in enumerate(parts):
        found = _split(part)
        if found:
            return tuple(
                Choice(choice.aims, rebuilt(node, (*parts[:at], choice.node, *parts[at + 1 :])))
                for choice in found
            )
    return ()


def _coalesce(node: Call) -> tuple[Choice, ...]:
    found = []
    before: tuple[Aim, ...] = ()
    for at, argument in enumerate(node.arguments):
        constant = uncast(argument)
        if at == len(node.arguments) - 1 or (isinstance(constant, Literal) and constant.text is not None):
            found.append(Choice(before, argument))
            break
        is_null = Operation("is null", (argument,))
        found.append(Choice((*before, Aim(is_null, False)), argument))
        before = (*before, Aim(is_null, True))
    return tuple(found)


def _case(node: Case) -> tuple[Choice, ...]:
    found = []
    before: tuple[Aim, ...] = ()
    for condition, (_, result) in zip(node.conditions, node.whens, strict=True):
        found.append(Choice((*before, Aim(condition, True)), result))
        before = (*before, Aim(condition, False, strict=False))
    return (*found, Choice(before, node.otherwise))
