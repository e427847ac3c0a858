"""What docs/how-to/flask.md tells people to paste is pasted and run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2].joinpath("docs", "how-to", "flask.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```\w+\n# (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
REVISION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "1", None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.Text))
"""


@pytest.fixture
def shop(project: pytest.Pytester) -> pytest.Pytester:
    for name, content in BLOCKS.items():
        project.path.joinpath(name).write_text(content, encoding="utf-8")
    return project


def test_the_pages_tests_pass(shop: pytest.Pytester) -> None:
    assert sorted(BLOCKS) == ["conftest.py", "migrated.py", "pytest.ini", "shop.py", "test_shop.py"]
    result = shop.runpytest_inprocess("--strict-markers", "-W", "error", "-W", "ignore::DeprecationWarning")
    result.assert_outcomes(passed=3)


def test_the_pages_function_runs_the_migrations(shop: pytest.Pytester) -> None:
    flask_migrate = pytest.importorskip("flask_migrate", reason="Flask-Migrate is not installed")
    template = Path(flask_migrate.__file__).parent / "templates" / "flask"
    versions = shop.path / "migrations" / "versions"
    versions.mkdir(parents=True)
    for name, source in {"env.py": "env.py", "alembic.ini": "alembic.ini.mako"}.items():
        versions.parent.joinpath(name).write_text((template / source).read_text())
    versions.joinpath("1_users.py").write_text(REVISION)
    shop.path.joinpath("pytest.ini").write_text("[pytest]\nsupaseed_schema = migrated:load\n")
    result = shop.runpytest_inprocess("-W", "ignore::DeprecationWarning")
    result.assert_outcomes(passed=3)
