import pytest

from tasks import app

pytest_plugins = ["celery.contrib.pytest"]
celery_session_app = pytest.fixture(lambda: app, scope="session")
celery_worker_parameters = pytest.fixture(lambda: {"perform_ping_check": False}, scope="session")
