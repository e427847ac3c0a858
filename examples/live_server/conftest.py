import pytest

import server

live_server = pytest.fixture(server.running.__wrapped__, scope="session")
