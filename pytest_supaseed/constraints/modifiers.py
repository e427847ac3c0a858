"""Whether a cast to a type with modifiers, ``varchar(10)`` or ``timestamp(3)``, leaves a constant as it is."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_supaseed.constraints.literals import NoConstantError, constant
from pytest_supaseed.constraints.syntax import Literal, Name, Node

_OF_TIME = ("time", "timestamp", "interval")
_TEXTS = ("character varying", "varchar", "character", "bpchar", "bit varying")


def unchanged_by(node: Node, type_name: str, modifiers: Sequence[Node]) -> bool:
    """Say whether a cast neither rounds nor cuts what it is applied to.

    Args:
        node: what is cast.
        type_name: the type's name as printed, without schema and modifiers.
        modifiers: the type's: a length, or precision and scale; names, ``day to second``, for fields.

    Returns:
        Whether it is a constant with no more digits or characters than the type takes; False where that cannot be
        told, as of a column.

    Example:
        >>> unchanged_by(Literal("2020-01-01 00:00:00"), "timestamp without time zone", [Literal("6", "numeric")])
        True
        >>> unchanged_by(Literal("abcdef"), "character varying", [Literal("5", "numeric")])
        False
    """
    try:
        text = constant(node, "text")
    except NoConstantError:
        return False
    fields = [each.name for each in modifiers if isinstance(each, Name)]
    written = [each.text or "" for each in modifiers if isinstance(each, Literal)]
    limits = [int(each) for each in written if each.isdecimal()]
    if text is None or len(limits) + len(fields) != len(modifiers) or (fields and fields[-1] != "second"):
        return False
    if not limits:
        return bool(fields)
    if type_name.removesuffix("[]") in _TEXTS:
        # Each element of an array is shorter than the array.
        return len(text) <= limits[0]
    if type_name == "bit":
        return len(text) == limits[0]
    if type_name.split(" ")[0] in _OF_TIME and not type_name.endswith("[]"):
        digits = text.partition(".")[2]
        return len(digits) - len(digits.lstrip("0123456789")) <= limits[0]
    return type_name == "numeric" and _fits(text, limits[0], limits[1] if len(limits) > 1 else 0)


def _fits(text: str, precision: int, scale: int) -> bool:
    whole, _, fraction = text.removeprefix("-").partition(".")
    if not (whole + fraction).isdecimal():
        return False
    return len(fraction.rstrip("0")) <= scale and len(whole.lstrip("0")) <= precision - scale
