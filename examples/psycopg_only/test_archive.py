import psycopg
import pytest

import setups


@pytest.mark.seed(users=5, setups=8)
def test_titles_are_imported_all_or_none(seeded_psycopg):
    with pytest.raises(psycopg.errors.NotNullViolation):
        setups.import_titles(seeded_psycopg, 2, ["Roof tent", None])
    assert seeded_psycopg.execute("SELECT count(*) FROM setups").fetchone() == (8,)


@pytest.mark.seed(users=5, setups=8)
def test_a_user_goes_with_the_setups(seeded_db):
    before = seeded_db.spread("setups", "users")[3]
    with setups.Archive(seeded_db.dsn).opened() as archive:
        archive.remove_user(3)
    assert seeded_db.counts() == {"users": 4, "setups": 8 - before}
