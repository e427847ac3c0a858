"""The configuration of Sphinx: ``python -m sphinx -W docs build/site`` builds the documentation."""

from __future__ import annotations

import re
import sys
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

project = "pytest-supaseed"
author = "pytest-supaseed contributors"
copyright = f"2026, {author}"  # noqa: A001 Sphinx calls it so
version = release = version_of("pytest-supaseed")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "reference_tables"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"pytest-supaseed {release}"
html_static_path: list[str] = []
html_show_sourcelink = False
html_theme_options = {
    "source_repository": "https://github.com/pytest-supaseed/pytest-supaseed/",
    "source_branch": "main",
    "source_directory": "docs/",
}
myst_heading_anchors = 4
# A heading such as `seeded_address` is linked by that name.
myst_enable_extensions = ["colon_fence"]
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
autoclass_content = "class"
# Examples of docstrings and of pages are Python unless a block says otherwise.
highlight_language = "python"
pygments_style, pygments_dark_style = "friendly", "monokai"

_REPOSITORY = "https://github.com/pytest-supaseed/pytest-supaseed/blob/main"
# Files of the repository that are pages of the site.
_PAGES = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md", "SECURITY.md": "security.md"}


def relocated(text: str) -> str:
    """Return the text of a file of the repository's root with its links as they are in a page of this folder."""

    def target(found: re.Match[str]) -> str:
        path, anchor = found[1], found[2] or ""
        if path.startswith("docs/"):
            return f"]({path.removeprefix('docs/')}{anchor})"
        return f"]({_PAGES[path]}{anchor})" if path in _PAGES else f"]({_REPOSITORY}/{path}{anchor})"

    return re.sub(r"\]\((?!https?://|#)([^)#]+)(#[^)]*)?\)", target, text)


def _relocate(app: object, path: Path, document: str, content: list[str]) -> None:
    content[0] = relocated(content[0])


def setup(app: Any) -> None:
    """Have included files of the root link to pages of the site."""
    app.connect("include-read", _relocate)
