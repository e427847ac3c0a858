"""Where randomness comes from: the seed of a column derives from its name, and from nothing else."""

from __future__ import annotations

from random import Random


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
