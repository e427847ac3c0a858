"""What the README tells people to paste is pasted and run, and its links lead to what there is."""

from __future__ import annotations

import re

import pytest

from pages import DOCS, PAGES, ROOT

README = ROOT.joinpath("README.md").read_text(encoding="utf-8")
SITE = "https://pytest-supaseed.readthedocs.io/en/latest/"
REPOSITORY = "https://github.com/pytest-supaseed/pytest-supaseed/"
# One in the text, or the definition of one that the text names.
LINK = re.compile(r"\]\((\S+?)\)|^\[[^\]]+\]: (\S+)$", re.MULTILINE)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_test_of_the_readme_passes(project: pytest.Pytester) -> None:
    [ini] = blocks("ini")
    [source] = blocks("python")
    project.makeini(ini)
    project.makepyfile(source)
    project.runpytest_inprocess("--strict-markers", "-W", "error").assert_outcomes(passed=1)


def test_the_readme_is_short() -> None:
    assert len(re.sub(LINK, "", README)) < 5000


def missing(text: str) -> list[str]:
    """Return the links that lead to no page of the documentation and to no file of the repository."""
    found = []
    for link in (inline or defined for inline, defined in LINK.findall(text)):
        address = link.partition("#")[0]
        if address.startswith(SITE):
            page = DOCS / (address.removeprefix(SITE).removesuffix(".html") or "index")
            there = page.with_name(f"{page.name}.md").is_file()
        elif address.startswith(REPOSITORY):
            path = re.sub(r"^(?:blob|tree)/main/", "", address.removeprefix(REPOSITORY))
            there = path in {"", "issues", "security/advisories/new", "releases"} or (ROOT / path).exists()
        else:
            there = address.startswith("https://")
        if not there:
            found.append(link)
    return found


def test_the_links_of_the_readme_work_everywhere() -> None:
    assert missing(README) == []
    assert len(LINK.findall(README)) > 12
    text, _, definitions = README.partition("\n[Documentation]: ")
    names = set(re.findall(r"\[([A-Za-z][\w -]+)\](?!\()", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))
    assert names == {"Documentation", *re.findall(r"^\[([^\]]+)\]: ", definitions, re.MULTILINE)}


def test_a_link_to_nothing_is_found() -> None:
    links = [f"{SITE}how-to/nothing.html", f"{REPOSITORY}blob/main/NOTHING.md", "docs/index.md"]
    assert missing(" ".join(f"[x]({link})" for link in links)) == links


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_of_a_page_to_the_repository_lead_to_files(page: object) -> None:
    text = page.text  # type: ignore[attr-defined]
    absolute = re.findall(
        r"\]\((https://github\.com/pytest-supaseed/\S+?|https://pytest-supaseed\.\S+?)\)", text
    )
    assert missing(" ".join(f"[x]({link})" for link in absolute)) == []
