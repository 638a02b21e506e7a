import pytest

from benchmarks.cold_building import DATACLASSES, PATTERNS, WHOLE
from benchmarks.cold_imports import import_times, medians, parts

OUTPUT = """\
import time: self [us] | cumulative | imported package
import time:       150 |        150 |   slack_alerts.models
import time:      2000 |       3500 | slack_alerts.app
a line of something else
"""


def test_times_are_read_from_pythons_output() -> None:
    assert import_times(OUTPUT) == {"slack_alerts.models": (0.15, 0.15), "slack_alerts.app": (2.0, 3.5)}


def test_the_median_run_counts_for_each_time() -> None:
    assert medians([{"a": (1.0, 9.0)}, {"a": (2.0, 7.0)}, {"a": (50.0, 8.0)}]) == {"a": (2.0, 8.0)}


def test_the_parts_are_shares_of_the_import_by_package() -> None:
    times = {"slack_alerts.app": (6.0, 10.0), "botocore.session": (3.0, 3.0), "json": (1.0, 1.0)}
    built = {WHOLE: (0.02, 1), DATACLASSES: (0.005, 80), PATTERNS: (0.001, 30)}
    found = {str(name): tuple(rest) for name, *rest in parts(times, [built]).rows}
    assert found["modules: ours"] == pytest.approx((60.0, 6.0, 1))
    assert found["modules: botocore"] == pytest.approx((30.0, 3.0, 1))
    assert found["modules: Python"] == pytest.approx((10.0, 1.0, 1))
    assert found["of all these: dataclasses"] == pytest.approx((25.0, 5.0, 80))
    assert found["of all these: regular expressions"] == pytest.approx((5.0, 1.0, 30))
