"""The files of the page: fonts with their origin and licence, and no address of another site."""

import re
from hashlib import sha256
from pathlib import Path

import demo.console

STATIC = Path(demo.console.__path__[0]) / "static"
NOTICE = (STATIC / "fonts" / "README.md").read_text(encoding="utf-8")


def test_each_font_is_the_file_that_the_notice_names() -> None:
    listed = dict(re.findall(r"\| `([\w-]+\.woff2)` .*\| `([0-9a-f]{64})` \|", NOTICE))
    assert listed == {one.name: sha256(one.read_bytes()).hexdigest() for one in STATIC.glob("fonts/*.woff2")}


def test_no_script_or_style_names_another_site() -> None:
    for one in (*STATIC.glob("*.js"), *STATIC.glob("*.css")):
        assert "://" not in one.read_text(encoding="utf-8"), one.name
