"""What types, domains and CHECKs say of a column's values, as far as their text can be read."""

from __future__ import annotations

from pytest_supaseed.constraints.columns import Comparison, column_facts, comparisons
from pytest_supaseed.constraints.facts import ColumnFacts, Pattern

__all__ = ["ColumnFacts", "Comparison", "Pattern", "column_facts", "comparisons"]
