from pathlib import Path

import pytest

from tests.support.text.site_requests import main, requests_of


@pytest.mark.parametrize(
    "text",
    [
        '<link rel="stylesheet" href="https://fonts.example/css">',
        "<script async src=//cdn.example/a.js></script>",
        '<img alt="" src="http://example.com/a.png">',
        "body { background: url(https://example.com/a.png) }",
        '@import "https://example.com/a.css";',
    ],
)
def test_what_a_browser_would_request_is_found(text: str) -> None:
    assert len(list(requests_of(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://example.com">a link</a>',
        '<link rel="canonical" href="https://example.com/">',
        '<script src="../assets/a.js"></script><link rel="stylesheet" href="assets/a.css">',
        "body { background: url(data:image/png;base64,AA) }",
    ],
)
def test_a_link_or_a_file_of_the_site_is_no_request(text: str) -> None:
    assert list(requests_of(text)) == []


def test_a_site_with_a_request_or_without_pages_fails(tmp_path: Path) -> None:
    assert main(tmp_path) == 1
    page = tmp_path / "sub" / "page.html"
    page.parent.mkdir()
    page.write_text("<p>text</p>")
    assert main(tmp_path) == 0
    page.write_text("<script src=https://example.com/a.js></script>")
    assert main(tmp_path) == 1
