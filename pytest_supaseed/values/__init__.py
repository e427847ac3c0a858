"""The values of one column, from its name, its type and what is known of it."""

from __future__ import annotations

from pytest_supaseed.spec import VALUES_VERSION as VERSION
from pytest_supaseed.values.column import value_source
from pytest_supaseed.values.source import Row, ValueSource
from pytest_supaseed.values.varied import vary

__all__ = ["VERSION", "Row", "ValueSource", "value_source", "vary"]
