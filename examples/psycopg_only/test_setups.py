import pytest

import setups


@pytest.mark.seed(users=5, setups=8)
def test_a_setup_is_added(seeded_psycopg):
    added = setups.add(seeded_psycopg, 1, "Yellow van", {"stove": "gas"})
    found = setups.of_user(seeded_psycopg, 1)
    assert (found[-1]["id"], found[-1]["equipment"]) == (added, {"stove": "gas"})
