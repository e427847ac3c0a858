import pytest

from app import Setup, create_app


@pytest.mark.seed(users=5, setups=8)
def test_a_setup_is_added(seeded_session):
    client = create_app().test_client()
    assert client.post("/users/3/setups").status_code == 201
    assert len(client.get("/setups").json) == 9
    assert seeded_session.query(Setup).filter_by(title="Roof tent", user_id=3).count() == 1
