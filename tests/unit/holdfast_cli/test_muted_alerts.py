"""Muted alerts in `holdfast status`."""

from datetime import timedelta
from typing import Any

import pytest

from holdfast_cli.lane_log import waiting_lanes
from holdfast_cli.muted_alerts import MutedAlerts, muted_alerts, split
from tests.unit.holdfast_cli.cloudformation import Session, account_with
from tests.unit.holdfast_cli.test_lane_log import NOW, STACK, Log, later

UNTIL = NOW + timedelta(hours=1)
FIRST, SECOND = (f"ops.muted-{UNTIL.timestamp():.0f}-{route}" for route in (0, 3))


class TwoLogs(Log):
    """A log in which both functions write."""

    def get_function_configuration(self, *, FunctionName: str) -> dict[str, Any]:
        assert FunctionName in {"slack-alerts", "intake"}
        return {"LoggingConfig": {"LogGroup": "group"}}


def moved(alert: str, lane: str) -> dict[str, Any]:
    return {"message": "moved", "sns_message_id": alert, "lane": lane}


@pytest.mark.usefixtures("session")
def test_muted_alerts_are_those_that_intake_sent_to_lanes_which_still_pause() -> None:
    sent = [
        (300.0, "a5", FIRST),
        (299.0, "a5", FIRST),
        (240.0, "a4", FIRST),
        (180.0, "a3", SECOND),
        (120.0, "b", "ops"),
    ]
    log = TwoLogs(
        *[(minutes, moved(alert, lane)) for minutes, alert, lane in sent],
        (9.0, later("a5", FIRST, "muted")),
        (8.0, later("a3", SECOND, "muted")),
        (7.0, later("x", "chat")),
    )
    account = account_with(Session(services={"lambda": log, "logs": log}))
    failing, muted = split(waiting_lanes(account, STACK, NOW))
    assert ([one.lane for one in failing], muted) == (["chat"], [FIRST, SECOND])
    assert muted_alerts(account, STACK, muted, NOW) == [MutedAlerts("ops", UNTIL, 3)]
