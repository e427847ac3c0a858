"""Pages of the documentation as tests read them: their blocks of code, and what is said to be printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
_FENCE = re.compile(r"((?:^<!-- .*? -->\n)?)^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"(?:#|--) ([\w./-]+\.\w+)\n")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page.

    Attributes:
        language: behind the fence; empty for none.
        text: what stands in it.
        not_run: why no test runs it; empty if one does.
    """

    language: str
    text: str
    not_run: str = ""

    @property
    def file(self) -> str:
        """The name of the file that it is, which its first line says; empty if it is none."""
        found = _NAME.match(self.text)
        return found[1] if found else ""

    @property
    def content(self) -> str:
        """What stands in the file."""
        return self.text.partition("\n")[2] if self.file else self.text

    @property
    def is_directive(self) -> bool:
        """Whether it is for Sphinx."""
        return self.language.startswith("{")


@dataclass(frozen=True)
class Page:
    """A page of the documentation.

    Attributes:
        name: its path within the folder docs.
    """

    name: str

    @cached_property
    def text(self) -> str:
        """The page in Markdown."""
        return DOCS.joinpath(self.name).read_text(encoding="utf-8")

    @cached_property
    def blocks(self) -> list[Block]:
        """Its fenced blocks, but for those that are for Sphinx."""
        found = [
            Block(language.strip(), text, re.sub(r"^<!-- not run here: | -->\n$", "", before))
            for before, language, text in _FENCE.findall(self.text)
        ]
        return [block for block in found if not block.is_directive]

    def of(self, language: str) -> list[str]:
        """Return the texts of the blocks in a language."""
        return [block.text for block in self.blocks if block.language == language]

    def files(self) -> dict[str, str]:
        """Return what its blocks say of each file: a block that names a file again goes on with it."""
        files: dict[str, str] = {}
        for block in self.blocks:
            if block.file and not block.not_run:
                before = f"{files[block.file]}\n\n" if block.file in files else ""
                files[block.file] = before + block.content
        return files

    def write(self, folder: Path) -> None:
        """Write its files into a folder."""
        for name, content in self.files().items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")

    def first_column(self, heading: str = "") -> list[str]:
        """Return the first cells of all lines of tables behind a heading, without those of the heads."""
        text = self.text.partition(heading)[2] if heading else self.text
        rows = re.findall(r"^\|(?! ---|---)(.*?)(?<!\\)\|.*\n(?!\|(?: )?---)", text, re.MULTILINE)
        return [row.strip() for row in rows]


PAGES = [Page(path.relative_to(DOCS).as_posix()) for path in sorted(DOCS.rglob("*.md"))]


def without_times(text: str) -> str:
    """Return what pytest printed without how long it took, and without spaces at the ends of lines."""
    text = re.sub(r"\bin \d+\.\d+s\b", "in 0.00s", text)
    return "\n".join(re.sub(r"=(=+)$", "==", line.rstrip()) for line in text.splitlines())


def is_shown(shown: str, printed: str) -> bool:
    """Whether a block shows what was printed: all of it, but for what stands in the place of lines ``...``.

    Example:
        >>> is_shown("a\\n...\\nd\\n", "a\\nb\\nc\\nd\\n"), is_shown("a\\n", "a\\nb\\n")
        (True, False)
    """
    lines = without_times(shown).strip("\n").split("\n")
    pattern = "".join(r"(?:.*\n)*" if line == "..." else re.escape(line) + r"\n" for line in lines)
    return re.fullmatch(pattern, without_times(printed).strip("\n") + "\n") is not None
