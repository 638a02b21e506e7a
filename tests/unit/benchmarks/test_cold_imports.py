from benchmarks.cold_imports import import_times, medians

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
