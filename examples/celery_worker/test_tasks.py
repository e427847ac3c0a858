import pytest

from tasks import delete_setups


@pytest.mark.seed(users=2, setups=7)
def test_setups_of_a_user_are_deleted(celery_session_worker, seeded_db):
    assert delete_setups.delay(1).get(timeout=60) + delete_setups.delay(2).get(timeout=60) == 7
    assert seeded_db.counts()["setups"] == 0
