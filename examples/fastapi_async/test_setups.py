import pytest
from httpx import ASGITransport, AsyncClient

from app import app


@pytest.mark.seed(users=5, setups=8)
async def test_a_setup_is_added():
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        added = await client.post("/users/3/setups?title=Roof tent")
        assert added.status_code == 201
        assert len((await client.get("/setups")).json()) == 9
