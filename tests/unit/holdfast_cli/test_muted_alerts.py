"""Muted alerts in `holdfast status`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from holdfast_cli.lane_log import PAGES, waiting_lanes
from holdfast_cli.muted_alerts import MutedAlerts, muted_alerts, split
from tests.unit.holdfast_cli.cloudformation import Session, account_with
from tests.unit.holdfast_cli.test_lane_log import NOW, STACK, Log, later

UNTIL = NOW + timedelta(hours=1)
FIRST, SECOND = (f"ops.muted-{UNTIL.timestamp():.0f}-{route}" for route in (0, 3))
BROKEN = f"team.muted-{UNTIL.timestamp():.0f}-1"


class TwoLogs(Log):
    """The logs of both functions; a line of intake has `"from": "intake"`."""

    def get_function_configuration(self, *, FunctionName: str) -> dict[str, Any]:
        return {"LoggingConfig": {"LogGroup": FunctionName}}

    def paginate(self, *, logGroupName: str, startTime: int, filterPattern: str) -> Iterator[dict[str, Any]]:
        mine = [one for one in self.lines if one[1].get("from", "slack-alerts") == logGroupName]
        return Log(*mine).paginate(logGroupName="group", startTime=startTime, filterPattern=filterPattern)


def moved(alert: str, lane: str, function: str = "intake") -> dict[str, Any]:
    return {"message": "moved", "sns_message_id": alert, "lane": lane, "from": function}


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
        (100.0, moved("a6", FIRST, "slack-alerts")),
        (7.0, later("x", "chat")),
        (6.0, later("y", BROKEN, "claims_unavailable")),
    )
    account = account_with(Session(services={"lambda": log, "logs": log}))
    failing, muted = split(waiting_lanes(account, STACK, NOW, set()))
    assert ([one.lane for one in failing], muted) == (["chat", BROKEN], [FIRST, SECOND])
    assert muted_alerts(account, STACK, muted, NOW, set()) == [MutedAlerts("ops", UNTIL, 4)]


@pytest.mark.usefixtures("session")
def test_many_lines_of_other_lanes_hide_no_muted_alert() -> None:
    log = TwoLogs(*[(400.0, moved("b", "ops"))] * (PAGES + 1), (300.0, moved("a", FIRST)))
    account = account_with(Session(services={"lambda": log, "logs": log}))
    assert muted_alerts(account, STACK, [FIRST], NOW, set()) == [MutedAlerts("ops", UNTIL, 1)]
