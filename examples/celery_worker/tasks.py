"""A list of setups for camping: tasks of a Celery worker, which makes its engine when it is imported."""

import os

from celery import Celery
from sqlalchemy import ForeignKey, create_engine, delete
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
broker = os.environ.get("BROKER_URL", "memory://")
app = Celery("tasks", broker=broker, backend=os.environ.get("RESULT_URL", "cache+memory://"))


@app.task
def delete_setups(user_id: int) -> int:
    """Delete the setups of a user, and return how many there were."""
    with Session(engine) as session:
        found = session.execute(delete(Setup).where(Setup.user_id == user_id))
        session.commit()
        return found.rowcount
