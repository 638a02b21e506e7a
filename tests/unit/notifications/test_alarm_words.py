import pytest

from tests.support.samples.notifications import changed

CHILD = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop-cpu"


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ([{"Arn": CHILD, "State": {"Value": "ALARM"}}], "shop-cpu is in ALARM"),
        ([CHILD, "queue"], "triggered by shop-cpu, triggered by queue"),
        ([CHILD] * 5, "triggered by shop-cpu, triggered by shop-cpu, triggered by shop-cpu, 2 more"),
        ([], "shop-cpu transitioned to ALARM at Saturday 31 January, 2026 02:14:41 UTC"),
    ],
)
def test_a_composite_alarm_names_the_alarms_that_triggered_it(children: list[object], expected: str) -> None:
    assert changed("alarm-composite.json", TriggeringChildren=children).summary == expected


@pytest.mark.parametrize("reason", ["Insufficient Data: 1 datapoint was unknown.", ""])
def test_an_alarm_without_data_says_so(reason: str) -> None:
    assert changed("alarm-no-data.json", NewStateReason=reason).summary == "Heartbeat: no datapoints, orders"
