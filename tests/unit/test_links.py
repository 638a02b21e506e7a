"""The links of the pages that are no part of the site: `make docs` checks those of docs/."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """Return the anchors of the page's headings, as GitHub and mkdocs make them."""
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(page.read_text())}


def broken(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    found = (page.parent / path) if path else page
    return not found.exists() or (anchor != "" and anchor not in anchors(found))


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "wheel/README.md"])
def test_each_link_of_a_page_outside_the_site_leads_to_something(name: str) -> None:
    page = ROOT / name
    links = {link or source for link, source in LINK.findall(page.read_text())}
    assert [link for link in links if not link.startswith("https://") and broken(page, link)] == []
    assert links or name == "wheel/README.md"  # a package index has none of our other pages
