"""A list of setups for camping, behind Flask and Flask-SQLAlchemy."""

import os

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The models of the application."""


db = SQLAlchemy(model_class=Base)


class User(db.Model):
    """Who camps."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)


class Setup(db.Model):
    """What a user camps with."""

    __tablename__ = "setups"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]


def create_app() -> Flask:
    """Make the application."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get(
        "DATABASE_URL", "postgresql+psycopg2://localhost/camping"
    )
    db.init_app(app)

    @app.get("/setups")
    def list_setups() -> list[str]:
        return list(db.session.scalars(db.select(Setup.title).order_by(Setup.id)))

    @app.post("/users/<int:user_id>/setups")
    def add_setup(user_id: int) -> tuple[dict[str, int], int]:
        setup = Setup(user_id=db.get_or_404(User, user_id).id, title="Roof tent")
        db.session.add(setup)
        db.session.commit()
        return {"id": setup.id}, 201

    return app
