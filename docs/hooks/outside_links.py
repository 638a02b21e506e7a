"""A hook of mkdocs: the site shows the path of a file that is not part of it, in place of a link."""

import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError

DOCS = Path(__file__).parents[1]
OUTSIDE = re.compile(r"\[(?P<text>[^]]*)\]\((?P<path>\.\./[^)#]*)\)")


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:  # noqa: ANN401 - as mkdocs passes them
    here = (DOCS / page.file.src_uri).parent

    def shown(link: re.Match[str]) -> str:
        path = (here / link["path"]).resolve()
        if not path.exists():
            raise PluginError(f"{page.file.src_uri}: there is no {link['path']}")
        if path.is_relative_to(DOCS):
            return link[0]
        return f"{link['text']} (`{path.relative_to(DOCS.parent)}`)"

    return OUTSIDE.sub(shown, markdown)
