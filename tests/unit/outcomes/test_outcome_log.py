import pytest

from outcomes.outcome import (
    Delivered,
    Duplicate,
    Later,
    LaterReason,
    Move,
    Moved,
    Outcome,
    Park,
    ParkReason,
    Skipped,
    SkipReason,
)
from outcomes.outcome_log import log_outcome
from tests.support.samples.notifications import record

OUTCOMES: list[tuple[Outcome, str, dict[str, object]]] = [
    (Delivered(), "INFO delivered", {}),
    (Duplicate(), "INFO duplicate", {}),
    (Duplicate(is_parked=True), "WARNING duplicate", {"parked": True}),
    (Skipped(SkipReason.HEARTBEAT), "INFO skipped", {"reason": "heartbeat"}),
    (Moved("team"), "INFO moved", {"lane": "team"}),
    (Move("team", "a note"), "INFO moved", {"lane": "team"}),
    (Later(LaterReason.THROTTLED, 7.0), "WARNING later", {"reason": "throttled", "asked": 7.0}),
    (Park(ParkReason.EXPIRED, "12 days old"), "ERROR parked", {"reason": "expired", "detail": "12 days old"}),
]


@pytest.mark.parametrize(("outcome", "line", "facts"), OUTCOMES)
def test_each_outcome_is_one_log_line(
    outcome: Outcome, line: str, facts: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    log_outcome(record(), outcome)
    [logged] = caplog.records
    assert f"{logged.levelname} {logged.getMessage()}" == line
    assert {name: vars(logged)[name] for name in facts} == facts
    assert (vars(logged)["record"], vars(logged)["receive"]) == ("m1", 1)
