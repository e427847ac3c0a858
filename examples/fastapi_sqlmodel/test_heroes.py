import pytest
from httpx import ASGITransport, AsyncClient

from app import app


@pytest.mark.anyio
@pytest.mark.seed(team=2, hero=6)
async def test_a_hero_joins_a_team():
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        await client.post("/heroes", json={"name": "Rusty-Man", "team_id": 1})
        assert len((await client.get("/teams/1/heroes")).json()) == 4
