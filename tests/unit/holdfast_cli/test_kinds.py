import pytest

from holdfast_cli import kinds
from notifications.kinds.table import KINDS
from notifications.line import line


def test_the_table_has_the_whole_line_of_each_sample(capsys: pytest.CaptureFixture[str]) -> None:
    kinds.kinds(as_json=False)
    cells = [row.split("│")[-2].strip() for row in capsys.readouterr().out.splitlines() if row.startswith("│")]
    shown = "".join("".join(cells).split())
    samples = [kinds.SAMPLES / sample for row in KINDS for sample in row.samples]
    lines = [line(kinds.notification_of(sample)) for sample in samples]
    assert len(lines) >= 80
    assert [one for one in lines if "".join(one.split()) not in shown] == []
