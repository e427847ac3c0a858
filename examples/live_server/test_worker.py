import subprocess
import sys

import pytest

PROGRAM = "import app; print(app.number_of_setups())"


@pytest.mark.seed(users=2, setups=3)
def test_a_worker_in_a_process_of_its_own():
    assert subprocess.check_output([sys.executable, "-c", PROGRAM], text=True) == "3\n"
