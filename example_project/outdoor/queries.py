"""What the site asks of its database. Functions that change something commit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from outdoor.models import Category, Favourite, Gear, Setup, SetupGear, User


class SetupError(Exception):
    """Something cannot be done with a setup."""


@dataclass(frozen=True)
class Standing:
    """A line of the leaderboard."""

    username: str
    public_setups: int


@dataclass(frozen=True)
class Totals:
    """What a setup comes to.

    Attributes:
        pieces: each thing as often as it is taken along.
        weight_grams: of all pieces.
        price: of the pieces whose price is known.
        without_price: the pieces whose price is not known.
    """

    pieces: int
    weight_grams: int
    price: Decimal
    without_price: int


def leaderboard(session: Session, limit: int = 10) -> list[Standing]:
    """Return the users with the most public setups, of equals the older account first; none without any."""
    number = func.count(Setup.id)
    query = (
        select(User.username, number)
        .join(Setup, Setup.owner_id == User.id)
        .where(Setup.is_public, User.is_active)
        .group_by(User.id)
        .order_by(number.desc(), User.id)
        .limit(limit)
    )
    return [Standing(username, public) for username, public in session.execute(query)]


def search_setups(session: Session, text: str = "", category: Category | None = None) -> Sequence[Setup]:
    """Return the public setups whose title or description has a text, the newest first."""
    query = select(Setup).where(Setup.is_public).order_by(Setup.published_at.desc(), Setup.id)
    if text:
        query = query.where(
            or_(
                Setup.title.icontains(text, autoescape=True),
                Setup.description.icontains(text, autoescape=True),
            )
        )
    if category is not None:
        query = query.where(Setup.category == category)
    return session.scalars(query).all()


def popular_setups(session: Session, limit: int = 3) -> list[tuple[int, int]]:
    """Return the public setups that most people like: the id of each, and how many like it."""
    number = func.count(Favourite.user_id)
    query = (
        select(Setup.id, number)
        .join(Favourite, Favourite.setup_id == Setup.id)
        .where(Setup.is_public)
        .group_by(Setup.id)
        .order_by(number.desc(), Setup.id)
        .limit(limit)
    )
    return [(setup_id, likes) for setup_id, likes in session.execute(query)]


def setup_totals(session: Session, setup_id: int) -> Totals:
    """Add up what is in a setup: zeros if it is empty."""
    query = (
        select(
            func.coalesce(func.sum(SetupGear.quantity), 0),
            func.coalesce(func.sum(SetupGear.quantity * Gear.weight_grams), 0),
            func.sum(Gear.price * SetupGear.quantity),
            func.coalesce(func.sum(SetupGear.quantity).filter(Gear.price.is_(None)), 0),
        )
        .join(Gear, Gear.id == SetupGear.gear_id)
        .where(SetupGear.setup_id == setup_id)
    )
    pieces, weight, price, without_price = session.execute(query).one()
    return Totals(pieces, weight, price or Decimal(0), without_price)


def publish_setup(session: Session, setup_id: int, at: datetime) -> None:
    """Show a setup to everybody. One that is public already keeps its date.

    Raises:
        SetupError: there is no such setup, or nothing is in it.
    """
    setup = _setup(session, setup_id)
    if not setup.items:
        raise SetupError(f"setup {setup_id} is empty")
    if not setup.is_public:
        setup.is_public = True
        setup.published_at = at
    session.commit()


def transfer_setup(session: Session, setup_id: int, email: str) -> None:
    """Give a setup to another user, who no longer likes it then: nobody likes setups of their own.

    Raises:
        SetupError: there is no such setup, or no active user with that address.
    """
    setup = _setup(session, setup_id)
    owner = session.scalar(select(User).where(User.email == email.lower(), User.is_active))
    if owner is None:
        raise SetupError(f"no active user has the address {email}")
    setup.owner = owner
    session.execute(delete(Favourite).where(Favourite.user_id == owner.id, Favourite.setup_id == setup_id))
    session.commit()


def _setup(session: Session, setup_id: int) -> Setup:
    setup = session.get(Setup, setup_id)
    if setup is None:
        raise SetupError(f"there is no setup {setup_id}")
    return setup
