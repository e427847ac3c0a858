"""A list of setups for camping: a server and a worker, which make their engine when they are imported."""

import os

from fastapi import FastAPI
from sqlalchemy import ForeignKey, create_engine, delete, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """The models of the application."""


class User(Base):
    """Who camps."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)


class Setup(Base):
    """What a user camps with."""

    __tablename__ = "setups"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]


engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
app = FastAPI()


@app.get("/setups")
def number_of_setups() -> int:
    """Return how many setups there are."""
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Setup)) or 0


@app.delete("/setups")
def delete_setups() -> None:
    """Delete all setups."""
    with engine.begin() as connection:
        connection.execute(delete(Setup))
