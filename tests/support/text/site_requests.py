"""`make docs`: refuse pages that would request anything from elsewhere. A link that a reader clicks is no request.

`python -m tests.support.text.site_requests .local/site` prints each place and exits 1 if there is one.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

REQUESTS = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\bsrc=["']?(?:https?:)?//[^"'>\s]+
      | <link\b(?![^>]*\brel=["']?canonical)[^>]*\bhref=["']?(?:https?:)?//[^"'>\s]+
      | (?:url\(|@import\s)\s*["']?(?:https?:)?//[^"')\s]+""",
    re.VERBOSE | re.IGNORECASE,
)


def requests_of(text: str) -> Iterator[str]:
    """Yield each element or rule that makes a browser request another site."""
    return (match[0] for match in REQUESTS.finditer(text))


def main(site: Path) -> int:
    pages = [path for path in sorted(site.rglob("*")) if path.suffix in {".html", ".css"}]
    found = [f"{path}: {request}" for path in pages for request in requests_of(path.read_text())]
    for line in found or [f"{len(pages)} pages and styles request nothing from elsewhere"]:
        print(line)
    return 1 if found or not pages else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
