import pytest

from demo.slack.answer import Answer
from demo.slack.switches import SWITCHES, Switches


@pytest.fixture
def switches() -> Switches:
    return Switches()


def status(answer: Answer | None) -> int | None:
    return answer.status if answer else None


def test_a_fault_of_one_channel_leaves_the_others_alone(switches: Switches) -> None:
    switches.switch("outage", on=True, channel="team")
    assert status(switches.answer("team", "{}")) == 503
    assert switches.answer("alerts", "{}") is None
    assert switches.on() == [{"fault": "outage", "channel": "team"}]


def test_a_fault_of_all_channels_is_one_of_each_until_it_is_off(switches: Switches) -> None:
    switches.switch("errors", on=True)
    switches.switch("errors", on=True, channel="team")
    assert [status(switches.answer(one, "{}")) for one in ("alerts", "team")] == [500, 500]
    switches.switch("errors", on=False)
    assert switches.on() == []


def test_a_fault_of_one_channel_is_switched_off_alone(switches: Switches) -> None:
    for channel in ("alerts", "team"):
        switches.switch("gone", on=True, channel=channel)
    switches.switch("gone", on=False, channel="team")
    assert switches.on() == [{"fault": "gone", "channel": "alerts"}]


@pytest.mark.parametrize("fault", SWITCHES)
def test_each_fault_has_its_answer(switches: Switches, fault: str) -> None:
    switches.switch(fault, on=True, seconds=7)
    answer = switches.answer("alerts", '{"blocks": []}')
    assert (
        answer
        == {
            "throttle": Answer(429, "rate_limited", retry_after=7),
            "errors": Answer(500, "rollup_error"),
            "outage": Answer(503, "service_unavailable"),
            "slow": Answer(slow=7.0),
            "reset": Answer(reset=True),
            "gone": Answer(404, "channel_not_found"),
            "blocks": Answer(400, "invalid_blocks"),
        }[fault]
    )


def test_plain_text_passes_where_blocks_are_refused(switches: Switches) -> None:
    switches.switch("blocks", on=True)
    assert switches.answer("alerts", '{"text": "plain"}') is None


def test_an_unknown_fault_is_refused(switches: Switches) -> None:
    with pytest.raises(ValueError, match="no such fault: use one of throttle"):
        switches.switch("hunger", on=True)
