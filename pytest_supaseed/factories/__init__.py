"""Row factories: factory_boy and polyfactory classes as the source of a table's values.

Neither library is imported before a factory of it is given. Factories build objects; they must not save them.
"""

from __future__ import annotations

from pytest_supaseed.factories.base import RowFactory
from pytest_supaseed.factories.boy import FactoryBoy
from pytest_supaseed.factories.poly import Polyfactory

__all__ = ["RowFactory", "row_factory"]


def row_factory(value: object) -> RowFactory | None:
    """Return the adapter for a class of factory_boy or polyfactory, None for any other value.

    Example:
        >>> row_factory(str) is None
        True
    """
    for kind in (FactoryBoy, Polyfactory):
        if kind.made_by_its_library(value):
            return kind(value)
    return None
