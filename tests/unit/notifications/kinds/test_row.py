"""Parsers are imported when their row matches, and neither they nor the formatting use the network."""

import subprocess
import sys

import pytest

from notifications.kinds.table import KINDS
from tests.support.samples.golden import GOLDEN

PARSERS = {f"notifications.{row.parser.partition('.')[0]}" for row in KINDS}

LOADED = """
import sys
import notifications.parsing
from tests.support.samples.notifications import record
from holdfast_cli.kinds import SAMPLES
before = set(sys.modules)
for name in sys.argv[1:]:
    notifications.parsing.parse(record((SAMPLES / name).read_text(encoding="utf-8")))
print(*before, "|", *sys.modules)
"""
OFFLINE = """
import sys
def refuse(event, _arguments):
    if event.startswith("socket."):
        raise SystemExit(event)
from tests.support.samples import golden
sys.addaudithook(refuse)
print(len([golden.message_of(sample) for sample in golden.SAMPLES.iterdir()]))
"""


def run(code: str, *arguments: str) -> str:
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize(
    ("sample", "module"),
    [("rds-failover.json", "rds"), ("guardduty-finding.json", "guardduty"), ("alarm-metric.json", "alarms")],
)
def test_a_parser_is_imported_when_its_row_matches(sample: str, module: str) -> None:
    before, _, after = (set(part.split()) for part in run(LOADED, sample).partition("|"))
    assert before & PARSERS == set()
    assert after & PARSERS == {f"notifications.{module}"}


def test_no_sample_is_parsed_or_formatted_with_the_network() -> None:
    assert int(run(OFFLINE)) == len(list(GOLDEN.iterdir()))
