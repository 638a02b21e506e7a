import dataclasses
import re
import sys
from pathlib import Path

import pytest

from benchmarks.cold_building import DATACLASSES, PATTERNS, WHOLE, measure

MODULE = """
import re
from dataclasses import dataclass

@dataclass
class One: ...

@dataclass(frozen=True)
class Two: ...

PATTERN = re.compile("a+b")
"""


def test_dataclasses_and_patterns_of_an_import_are_timed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "built_here.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    before = dataclasses.dataclass, re.compile
    found = measure("built_here")
    del sys.modules["built_here"]
    assert {part: number for part, (_, number) in found.items()} == {WHOLE: 1, DATACLASSES: 2, PATTERNS: 1}
    assert found[WHOLE][0] > found[DATACLASSES][0] > 0
    assert (dataclasses.dataclass, re.compile) == before
