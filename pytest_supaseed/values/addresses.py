"""Streets and postcodes."""

from __future__ import annotations

from pytest_supaseed.values import names
from pytest_supaseed.values.writers import Ask, provided


def street(ask: Ask) -> str:
    """Street and number."""
    if hasattr(ask.faker, "chome"):
        # Japanese streets have no names.
        return "".join(getattr(ask.faker, part)() for part in ("town", "chome", "ban", "gou"))
    if not ask.english:
        return provided(ask, "street_address", "address").replace("\n", ", ")
    return f"{ask.faker.random.randint(1, 980)} {street_name(ask)}"


def street_name(ask: Ask) -> str:
    """A street."""
    if not ask.english:
        return provided(ask, "street_name", "street_address")
    return f"{ask.pick(names.STREETS)} {ask.pick(names.STREET_ENDS)}"


def postcode(ask: Ask) -> str:
    """A postcode of the locale."""
    return (
        f"{ask.faker.random.randint(10000, 99999)}"
        if ask.context.locale == "en_US"
        else provided(ask, "postcode")
    )
