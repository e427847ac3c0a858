import httpx
import pytest


@pytest.mark.seed(users=5, setups=8)
def test_all_are_deleted(live_server, seeded_db):
    with httpx.Client(base_url=live_server, timeout=60) as client:
        assert client.get("/setups").json() == 8
        assert client.delete("/setups").is_success
    assert seeded_db.counts()["setups"] == 0
