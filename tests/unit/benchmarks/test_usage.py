from collections import Counter

import pytest

from benchmarks.load import Load, Played, play
from benchmarks.usage import STEADY, paid, usage
from benchmarks.usage import STORM as STORM_LOAD
from holdfast_cli import cost


@pytest.mark.parametrize(("load", "page"), [(STEADY, cost.STEADY), (STORM_LOAD, cost.STORM)])
def test_the_cost_of_an_alert_has_the_counted_calls(load: Load, page: cost.Usage) -> None:
    assert usage(load) == pytest.approx(page, rel=0.02, abs=0.002)


def test_a_call_without_a_price_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"table\.scan"):
        paid(Played(1, 0.0, 1.0, Counter({"table.scan": 1}), 0))


def test_every_alert_of_many_channels_arrives_in_its_own() -> None:
    few, many = (play(Load(20, channels=channels)) for channels in (1, 20))
    assert (few.delivered, many.delivered) == (20, 20)
    assert few.calls["slack.post"] < many.calls["slack.post"] == 20  # digests
    assert many.most_secret_reads == 20


def test_alerts_that_are_published_apart_are_alone_in_their_batches() -> None:
    assert play(Load(5, every=10.0)).calls["slack_alerts.invoke"] == 5
