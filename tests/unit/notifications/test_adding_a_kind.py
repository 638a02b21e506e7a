"""docs/adding-a-kind.md, followed word by word."""

import re
from pathlib import Path

import pytest

import notifications
from aws_events.severity import Severity
from notifications.kinds import table
from notifications.kinds.row import Row
from notifications.line import line
from notifications.matching import event
from notifications.models import Status
from notifications.parsing import parse
from tests.support.samples.notifications import record

PAGE = (Path(__file__).parents[3] / "docs" / "adding-a-kind.md").read_text(encoding="utf-8")
SAMPLE, FUNCTION, ROW, LINE = re.findall(r"```(?:json|python|text)\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_leads_to_its_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "parking.py").write_text(FUNCTION, encoding="utf-8")
    monkeypatch.setattr(notifications, "__path__", [*notifications.__path__, str(tmp_path)])
    row = eval(ROW, {"Row": Row, "event": event})  # noqa: S307 - the page's own row
    monkeypatch.setattr(table, "KINDS", (row, *table.KINDS))
    said = parse(record(SAMPLE))
    assert (line(said), said.status, said.severity) == (LINE.strip(), Status.FIRING, Severity.HIGH)
