"""Where randomness comes from: rows from the seed, of which each column's derives from its name; names from the system.

The plugin imports it when pytest starts: a test that replaces ``random``, ``secrets`` or ``os.urandom`` replaces none
of what is bound here.
"""

from __future__ import annotations

from random import Random, SystemRandom

_SYSTEM = SystemRandom()


def random_for(seed: int, *names: str) -> Random:
    """Return the generator of one thing that is drawn.

    A string seeds :class:`random.Random` through SHA-512, on every machine and in every Python alike; adding
    a table or a column leaves all the others' values as they are. The idea is drizzle-seed's.

    Args:
        seed: the generator seed of the spec.
        names: what is drawn: the table, the column.

    Example:
        >>> random_for(0, "public.users", "email").random() == random_for(0, "public.users", "email").random()
        True
    """
    return Random("\x00".join((str(seed), *names)))  # noqa: S311 test data, no secret


def token(size: int) -> str:
    """Return a name that no other process draws, as ``secrets.token_hex()`` does outside of the tests.

    Args:
        size: its bytes; each is two digits.
    """
    return _SYSTEM.getrandbits(8 * size).to_bytes(size, "big").hex()
