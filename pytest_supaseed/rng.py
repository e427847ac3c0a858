"""Random generators: derived from the seed for the values of a column, and lent to Faker; from the system for names.

The plugin imports this module when pytest starts, so a test that replaces ``random``, ``secrets`` or ``os.urandom``
does not affect it.
"""

from __future__ import annotations

from collections.abc import Callable, MutableSequence
from random import Random, SystemRandom
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from _typeshed import SupportsLenAndGetItem
    from faker import Faker
    from faker.generator import Generator

_SYSTEM = SystemRandom()
_Choice = TypeVar("_Choice")


class _ColumnRandom(Random):
    """:class:`random.Random` with its own ``choice``, ``randint`` and ``shuffle``, which most values are drawn by.

    They draw what the inherited ones draw, with one call each instead of three and four.
    """

    def choice(self, seq: SupportsLenAndGetItem[_Choice]) -> _Choice:
        """Draw an element of a sequence."""
        size = len(seq)
        if size < 1:
            return super().choice(seq)
        bits = size.bit_length()
        found = self.getrandbits(bits)
        while found >= size:
            found = self.getrandbits(bits)
        return seq[found]

    def randint(self, a: int, b: int) -> int:
        """Draw an integer between two, both included."""
        size = b - a + 1
        if size < 1:
            return super().randint(a, b)
        bits = size.bit_length()
        found = self.getrandbits(bits)
        while found >= size:
            found = self.getrandbits(bits)
        return a + found

    def shuffle(self, x: MutableSequence[Any]) -> None:  # type: ignore[override] # Python 3.10 has one more argument
        """Bring the elements of a sequence into random order."""
        draw = self.getrandbits
        for at in range(len(x) - 1, 0, -1):
            bits = (at + 1).bit_length()
            found = draw(bits)
            while found > at:
                found = draw(bits)
            x[at], x[found] = x[found], x[at]


def random_for(seed: int, *names: str) -> Random:
    """Return the generator for one column, table or other purpose.

    A string seeds :class:`random.Random` through SHA-512, equally on every machine and Python version; adding a table
    or a column leaves the values of all others unchanged. The idea is drizzle-seed's.

    Args:
        seed: of the spec.
        names: the purpose, such as table and column.

    Example:
        >>> random_for(0, "public.users", "email").random() == random_for(0, "public.users", "email").random()
        True
    """
    return _ColumnRandom("\x00".join((str(seed), *names)))


# Returns the Faker that all columns share, because a locale takes long to load: it is loaded by the first call.
LoadFaker = Callable[[], "Faker"]


def lend(faker: Faker, random: Random) -> Generator:
    """Lend Faker a random generator, until it is lent another, and return the generator of its values."""
    # The type stub of the proxy declares no setter for ``random``, so its only generator gets it.
    found: Generator = faker.factories[0]
    found.random = random
    return found


class OwnUnique:
    """What ``faker.unique`` has returned to the function of one column, whatever other columns have taken.

    Args:
        faker: the Faker that all columns share.
    """

    def __init__(self, faker: Faker) -> None:
        self._faker = faker
        self._proxy = type(faker.unique)(faker)

    def lend(self) -> None:
        """Let Faker go by it, until it goes by that of another column."""
        # Faker has no public way: clear() would forget what the blocks before have.
        self._faker._unique_proxy = self._proxy  # type: ignore[attr-defined] # it is set for the property


class _Drawing:
    """A random generator, and the methods of Faker, which draw from it."""

    def __init__(self, faker: LoadFaker, random: Random) -> None:
        self._faker = faker
        self.random = random

    def __getattr__(self, name: str) -> Any:
        return getattr(lend(self._faker(), self.random), name)


def drawing(faker: LoadFaker, random: Random) -> Generator:
    """Return a generator as Faker's that draws from ``random``; Faker is loaded where one of its methods is called."""
    return cast("Generator", _Drawing(faker, random))


def token(size: int) -> str:
    """Return a random name that no other process gets, as ``secrets.token_hex()`` does.

    Args:
        size: in bytes, of two hexadecimal digits each.
    """
    return _SYSTEM.getrandbits(8 * size).to_bytes(size, "big").hex()
