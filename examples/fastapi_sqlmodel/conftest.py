import pytest

from app import app, get_session


@pytest.fixture(autouse=True)
def database(seeded_async_session):
    app.dependency_overrides[get_session] = lambda: seeded_async_session
