"""A list of setups for camping, behind FastAPI and an async session of SQLAlchemy."""

import os
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


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


engine = create_async_engine(os.environ.get("DATABASE_URL", "postgresql+asyncpg://localhost/camping"))
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


async def get_session() -> AsyncIterator[AsyncSession]:
    """Open a session for a request."""
    async with sessions() as session:
        yield session


Database = Annotated[AsyncSession, Depends(get_session)]


@app.get("/setups")
async def list_setups(session: Database) -> list[str]:
    """Return the titles of all setups."""
    return list(await session.scalars(select(Setup.title).order_by(Setup.id)))


@app.post("/users/{user_id}/setups", status_code=201)
async def add_setup(user_id: int, title: str, session: Database) -> int:
    """Add a setup of a user, and return its id."""
    if await session.get(User, user_id) is None:
        raise HTTPException(404)
    setup = Setup(user_id=user_id, title=title)
    session.add(setup)
    await session.commit()
    return setup.id
