"""The path of one alert in docs/architecture.md: few names, each where the page says, each used by an earlier one."""

import importlib
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## The path of one alert")[2].partition("\n## ")[0]
PATH = re.findall(r"^\| `([\w.]+)` \| `([\w/.]+)` \|", SECTION, re.MULTILINE)
APPS = ("functions/intake/app.py", "functions/slack_alerts/app.py")
LIMIT = 12


def source(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def test_an_alert_meets_few_names_on_its_path() -> None:
    assert 0 < len(PATH) <= LIMIT


def test_each_name_is_in_the_file_that_the_page_gives() -> None:
    for name, file in PATH:
        module = importlib.import_module(re.sub(r"^(functions|layers/retry)/|\.py$", "", file).replace("/", "."))
        found: object = module
        for part in name.split("."):
            found = getattr(found, part)
        assert Path(str(module.__file__)) == ROOT / file
        assert re.search(rf"^(?:class|def|type) {name.partition('.')[0]}\b", source(file), re.MULTILINE), name


def test_each_name_is_used_by_the_app_or_by_an_earlier_name() -> None:
    read = "".join(map(source, APPS))
    for name, file in PATH:
        assert re.search(rf"(?<!def )\b{name.rpartition('.')[2]}\b", read), name
        read += source(file)
