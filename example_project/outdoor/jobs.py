"""What runs at night, on connections of its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import URL, Engine, create_engine, delete, func, select

from outdoor.models import Category, Setup


def delete_old_drafts(engine: Engine, before: datetime, batch: int = 100) -> int:
    """Delete the drafts that nobody has changed since a date, a few in each transaction.

    Returns:
        How many were deleted.
    """
    oldest = (
        select(Setup.id)
        .where(~Setup.is_public, Setup.updated_at < before)
        .order_by(Setup.updated_at)
        .limit(batch)
        # What somebody is working on is left for the next night.
        .with_for_update(skip_locked=True)
    )
    deleted = 0
    while True:
        with engine.begin() as connection:
            found = connection.scalars(oldest).all()
            connection.execute(delete(Setup).where(Setup.id.in_(found)))
        if not found:
            return deleted
        deleted += len(found)


def public_setups(url: URL | str) -> dict[Category, int]:
    """Count the public setups of each category, those without any included."""
    found = dict.fromkeys(Category, 0)
    query = select(Setup.category, func.count()).where(Setup.is_public).group_by(Setup.category)
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            for category, number in connection.execute(query):
                found[category] = number
    finally:
        engine.dispose()
    return found
