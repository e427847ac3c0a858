"""Column under analysis, and how references to it are recognized in an expression tree."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_supaseed.constraints.nodes import Call, Cast, Name, Node
from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.model.type_families import harmless_casts, is_text


@dataclass(frozen=True)
class Subject:
    """The column (or domain value) whose values a condition is analysed for.

    Attributes:
        column: the column's name, None for a domain's ``VALUE``.
        type: its type.
    """

    column: str | None
    type: ColumnType

    def is_in(self, node: Node) -> bool:
        """Whether a node is the column itself, possibly within COALESCE or casts that change no comparison."""
        casts = []
        while isinstance(node, Cast) or (
            isinstance(node, Call) and node.name == "coalesce" and node.arguments
        ):
            if isinstance(node, Call):
                # coalesce(x, ...) is x wherever x is not NULL, and only such values are described.
                node = node.arguments[0]
                continue
            if node.modified or node.type.endswith("[]") != self.type.array:
                return False
            casts.append(node.type.removesuffix("[]"))
            node = node.operand
        harmless = harmless_casts(self.type)
        return (
            isinstance(node, Name)
            and (node.domain if self.column is None else not node.domain and node.name == self.column)
            and all(cast in harmless for cast in casts)
        )

    @property
    def textual(self) -> bool:
        """Whether the column is of a text type, and no array."""
        return is_text(self.type) and not self.type.array
