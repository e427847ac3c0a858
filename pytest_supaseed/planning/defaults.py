"""Values that a schema's source knows of, below those that the user gives and above those that are made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any

# Where a message says that a value comes from.
ORIGIN = "the default of "


# Takes a connection and the number of a user, and has that one signed in; whether there is one.
SignIn = Callable[[Any, int], AbstractContextManager[bool]]


@dataclass(frozen=True)
class Defaults:
    """What a schema's source knows of its rows.

    Attributes:
        generators: values for columns, spelt ``schema.table.column``, as in ``supaseed_generators``.
        afterwards: by table, ``schema.table``: SQL that completes its new rows, when all rows have been inserted.
        references: by column, the column that it references without a constraint, both spelt likewise.
        sign_in: signs a user in, for triggers that refuse what is nobody's; None where nobody can be.
        made_of: what they depend on, besides this package.
        of_password: takes a password that a spec gives the users, and returns the values that hold it, spelt likewise.
    """

    generators: Mapping[str, Any] = field(default_factory=dict)
    afterwards: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    sign_in: SignIn | None = None
    made_of: str = ""
    of_password: Callable[[str], Mapping[str, Any]] = field(default=lambda password: {})

    def with_password(self, password: str | None) -> Defaults:
        """Return what the source knows where a spec says what password its users have.

        Args:
            password: the spec's; None where it does not say.
        """
        if password is None:
            return self
        return replace(self, generators={**self.generators, **self.of_password(password)})


class WithDefaults(Mapping[str, Any]):
    """The user's ``supaseed_generators``, and what counts where they say nothing.

    Args:
        given: the user's.
        defaults: the source's.

    Attributes:
        defaults: the source's.
    """

    def __init__(self, given: Mapping[str, Any], defaults: Defaults) -> None:
        self._given = given
        self.defaults = defaults

    def with_password(self, password: str | None) -> WithDefaults:
        """Return the same with what a spec says of its users' password.

        Args:
            password: the spec's; None where it does not say.
        """
        return WithDefaults(self._given, self.defaults.with_password(password))

    def __getitem__(self, key: str) -> Any:
        return self._given[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)
