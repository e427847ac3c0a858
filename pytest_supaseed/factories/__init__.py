"""Factories of factory_boy and polyfactory as the source of a table's values.

Neither library is imported: whoever gives a factory has imported its library already.
"""

from __future__ import annotations

from pytest_supaseed.factories.base import RowFactory
from pytest_supaseed.factories.boy import FactoryBoy
from pytest_supaseed.factories.poly import Polyfactory

__all__ = ["RowFactory", "row_factory"]


def row_factory(value: object) -> RowFactory | None:
    """Return a user's factory, None for anything else.

    Args:
        value: a class of factory_boy or of polyfactory, or not.

    Example:
        >>> row_factory(str) is None
        True
    """
    for kind in (FactoryBoy, Polyfactory):
        if kind.made_by_its_library(value):
            return kind(value)
    return None
