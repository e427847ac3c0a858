"""The tables of the site."""

from __future__ import annotations

import enum
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    false,
    func,
    insert,
    text,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

HOME_MADE = "Home-made"


class Category(str, enum.Enum):
    """How somebody travels with a setup."""

    OVERLANDING = "overlanding"
    VAN_LIFE = "van-life"
    CAR_CAMPING = "car-camping"
    BACKPACKING = "backpacking"


class Base(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 as SQLAlchemy declares it
        datetime: DateTime(timezone=True),
    }


class Timestamped:
    """When a row was made, and when it was changed."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class User(Timestamped, Base):
    """Somebody who has an account."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("email = lower(email) AND email LIKE '%_@_%'", "email"),
        CheckConstraint("username ~ '^[a-z][a-z0-9_]{2,29}$'", "username"),
        CheckConstraint("updated_at >= created_at", "updated_after_created"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    username: Mapped[str] = mapped_column(String(30), unique=True)
    bio: Mapped[str | None] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(server_default=true())

    setups: Mapped[list[Setup]] = relationship(back_populates="owner")


class Setup(Timestamped, Base):
    """What somebody travels with; a draft until it is public."""

    __tablename__ = "setups"
    __table_args__ = (
        CheckConstraint("length(title) >= 3", "title"),
        CheckConstraint("is_public = (published_at IS NOT NULL)", "public_is_published"),
        CheckConstraint("updated_at >= created_at", "updated_after_created"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str | None] = mapped_column(Text)
    category: Mapped[Category] = mapped_column(
        # PostgreSQL stores van-life, not VAN_LIFE.
        Enum(Category, name="category", values_callable=lambda members: [each.value for each in members])
    )
    is_public: Mapped[bool] = mapped_column(server_default=false())
    published_at: Mapped[datetime | None]

    owner: Mapped[User] = relationship(back_populates="setups")
    items: Mapped[list[SetupGear]] = relationship(back_populates="setup", passive_deletes=True)


class Brand(Base):
    """Who makes gear. One brand is always there: the one of what people have made themselves."""

    __tablename__ = "brands"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)


class Gear(Timestamped, Base):
    """A thing to take along."""

    __tablename__ = "gear"
    __table_args__ = (
        UniqueConstraint("brand_id", "name"),
        CheckConstraint("weight_grams > 0 AND weight_grams <= 100000", "weight"),
        CheckConstraint("price >= 0", "price"),
        CheckConstraint("updated_at >= created_at", "updated_after_created"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id"))
    name: Mapped[str] = mapped_column(String(120))
    weight_grams: Mapped[int]
    price: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    product_url: Mapped[str | None] = mapped_column(Text)

    brand: Mapped[Brand] = relationship()


class SetupGear(Base):
    """A thing in a setup, and how many of it."""

    __tablename__ = "setup_gear"
    __table_args__ = (CheckConstraint("quantity BETWEEN 1 AND 99", "quantity"),)

    setup_id: Mapped[int] = mapped_column(ForeignKey("setups.id", ondelete="CASCADE"), primary_key=True)
    gear_id: Mapped[int] = mapped_column(ForeignKey("gear.id"), primary_key=True)
    quantity: Mapped[int] = mapped_column(server_default=text("1"))
    note: Mapped[str | None] = mapped_column(Text)

    setup: Mapped[Setup] = relationship(back_populates="items")
    gear: Mapped[Gear] = relationship()


class Favourite(Base):
    """A setup that somebody likes."""

    __tablename__ = "favourites"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    setup_id: Mapped[int] = mapped_column(ForeignKey("setups.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


@event.listens_for(Brand.__table__, "after_create")
def _add_home_made(target: Table, connection: Connection, **options: Any) -> None:
    connection.execute(insert(target).values(name=HOME_MADE))
