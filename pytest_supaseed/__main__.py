"""``python -m pytest_supaseed``: the command ``supaseed``."""

from pytest_supaseed.command.main import run

run()
