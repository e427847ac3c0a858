"""Teams and their heroes, behind FastAPI and an async session of SQLModel."""

import os
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession


class Team(SQLModel, table=True):
    """A team."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class Hero(SQLModel, table=True):
    """A hero of a team."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    team_id: int = Field(foreign_key="team.id")


engine = create_async_engine(os.environ.get("DATABASE_URL", "postgresql+asyncpg://localhost/heroes"))
app = FastAPI()


async def get_session() -> AsyncIterator[AsyncSession]:
    """Open a session for a request."""
    async with AsyncSession(engine, expire_on_commit=False) as session:
        yield session


Database = Annotated[AsyncSession, Depends(get_session)]


@app.get("/teams/{team_id}/heroes")
async def list_heroes(team_id: int, session: Database) -> list[Hero]:
    """Return the heroes of a team."""
    return list(await session.exec(select(Hero).where(Hero.team_id == team_id)))


@app.post("/heroes", status_code=201)
async def add_hero(hero: Hero, session: Database) -> Hero:
    """Add a hero."""
    session.add(hero)
    await session.commit()
    return hero
