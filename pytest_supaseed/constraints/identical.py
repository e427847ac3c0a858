"""Results kept for arguments that are the same objects: the content of a table takes longer to hash than to read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")
# The columns of some hundreds of tables.
_MOST = 20_000


def kept_by_identity(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Have a function remember what it returned for the same objects; those must never change.

    Args:
        function: its arguments are always given in the same way, by position or by name.

    Example:
        >>> one = (1, 2)
        >>> kept_by_identity(list)(one)
        [1, 2]
    """
    # The arguments are kept as well, so that no other object gets the address of one.
    results: dict[tuple[int, ...], tuple[tuple[object, ...], _Result]] = {}

    @wraps(function)
    def kept(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        key = tuple(map(id, (*args, *kwargs.values())))
        found = results.get(key)
        if found is None:
            if len(results) >= _MOST:
                results.clear()
            found = results[key] = (*args, *kwargs.values()), function(*args, **kwargs)
        return found[1]

    return kept
