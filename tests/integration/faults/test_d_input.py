"""Section D of the fault catalogue: the input."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from demo.slack.limits import read_posting
from record_batch.batch import Undelivered
from tests.integration.faults.conftest import Road
from tests.support.samples.events import alarm_message, lane_record, sns_body, sqs_record

HOSTILE = [
    "<!channel> <!here> <!everyone>",
    "<@U123> <#C123> <!subteam^S123>",
    "<https://evil.example.com|click> https://evil.example.com",
    "``` `code` *bold* _it_ ~no~",
    "\u202eevil\u202c",
    "nul \0 and bell \a",
    "lone \ud83d surrogate",
    'line\n{"level":"ERROR","message":"forged"}',
]


def texts(road: Road) -> str:
    """All that Slack was sent."""
    return "\n".join(json.dumps(request.message, ensure_ascii=False) for request in road.slack.requests)


@pytest.mark.parametrize("body", ["", "{", "not JSON", '{"AlarmName": "cut', "[" * 200_000, "\x00\x01"])
def test_d4_malformed_json_arrives_as_text(plain_road: Road, body: str) -> None:
    assert plain_road.send(body) == []
    assert plain_road.posts == 1


@pytest.mark.parametrize("body", ["null", "[]", "[1, 2]", '"text"', "5", "{}", '{"AlarmName": 5}'])
def test_d5_json_that_is_no_alarm_arrives_as_it_is(plain_road: Road, body: str) -> None:
    assert plain_road.send(body, sns_body(body)) == []
    assert plain_road.posts == 2


@pytest.mark.parametrize("field", sorted(json.loads(alarm_message())))
@pytest.mark.parametrize("value", [None, 5, [], {}, "x"])
def test_d6_an_alarm_with_an_odd_field_arrives(plain_road: Road, field: str, value: object) -> None:
    assert plain_road.send(sns_body(alarm_message(**{field: value}))) == []
    assert plain_road.posts == 1


@pytest.mark.parametrize("piece", ["&", "x", "😀", "👨\u200d👩\u200d👧", "line\n", "<!channel>"])
def test_d7_a_body_of_one_mebibyte_arrives_cut_and_says_so(plain_road: Road, piece: str) -> None:
    text = piece * (2**20 // len(piece.encode()))
    assert plain_road.send(text) == []
    (request,) = plain_road.slack.requests
    assert read_posting(request.body).error == ""
    assert len(request.body) < 100_000
    assert "cut" in texts(plain_road)


@pytest.mark.parametrize("text", HOSTILE)
def test_d8_hostile_text_pings_nobody_and_forges_nothing(plain_road: Road, text: str) -> None:
    alarm = sns_body(alarm_message(AlarmName=text, NewStateReason=text, AlarmDescription=text), message_id="sns-2")
    assert plain_road.send(sns_body(text, subject=text), alarm) == []
    assert plain_road.send(*[sns_body(text, subject=text, message_id=one) for one in "abc"]) == []
    assert plain_road.posts == 3
    for request in plain_road.slack.requests:
        message = request.message
        assert read_posting(request.body).error == ""
        for mention in ("<!channel", "<!here", "<!everyone", "<!subteam", "<@", "<#"):
            assert mention not in message["text"]
            assert mention not in str([block for block in message["blocks"] if "plain_text" not in str(block)])
    written = [json.loads(line)["message"] for line in plain_road.stack.overheard.written.getvalue().splitlines()]
    assert written == ["delivered"] * 5


@pytest.mark.parametrize("body", ['{"a": NaN}', '{"a": Infinity}', '{"a": 1e999}', f'{{"a": {"9" * 5000}}}'])
def test_d9_numbers_that_are_none_arrive(plain_road: Road, body: str) -> None:
    assert plain_road.send(body) == []
    assert plain_road.posts == 1


def test_d9_an_alarm_nested_deeply_arrives(plain_road: Road) -> None:
    deep = '{"AlarmName": "deep", "NewStateValue": "ALARM", "Trigger": ' + '{"a":' * 50_000 + "1" + "}" * 50_001
    assert plain_road.send(deep) == []
    assert plain_road.posts == 1


def test_d10_no_records_are_no_failures(plain_road: Road) -> None:
    assert plain_road.stack.handle({"Records": []}) == {"batchItemFailures": []}
    assert plain_road.posts == 0


@pytest.mark.parametrize(
    "event", [None, {}, [], {"Records": None}, {"Records": "x"}, {"body": "{}"}, {"Records": [{}]}]
)
def test_d10_an_event_nobody_understands_is_never_a_success(plain_road: Road, event: object) -> None:
    with pytest.raises(Exception, match=r"Records|source"):
        plain_road.stack.handle(event)
    assert plain_road.posts == 0


def test_d11_a_record_without_an_id_fails_the_batch_after_the_others_were_served(plain_road: Road) -> None:
    event: dict[str, Any] = {"Records": [lane_record("a") | {"messageId": ""}, lane_record("b", 2), "text"]}
    with pytest.raises(Undelivered):
        plain_road.stack.handle(event)
    assert plain_road.posts == 1


@pytest.mark.parametrize("position", range(1, 6))
def test_d12_a_poisoned_record_is_parked_alone(plain_road: Road, position: int) -> None:
    refused = "/400?body=invalid_payload"
    plain_road.play(refused, *["/ok"] * (position - 1), refused, refused)
    assert plain_road.send("a", "b", "c", "d", "e") == []
    assert plain_road.posts == 1 + 6  # a digest, then one by one
    assert [message["Body"] for message in plain_road.parked()] == ["abcde"[position - 1]]


def test_d13_a_record_of_another_queue_is_parked_and_not_posted(plain_road: Road) -> None:
    foreign = lane_record("x") | {"eventSourceARN": "arn:aws:sqs:eu-west-1:999999999999:other.fifo"}
    assert plain_road.stack.handle({"Records": [foreign, lane_record("z", 2)]}) == {"batchItemFailures": []}
    assert plain_road.posts == 1
    assert plain_road.reasons() == [("unexpected_source", "queue")]


def test_a_record_of_the_queue_before_the_lanes_returns_to_it(plain_road: Road) -> None:
    response = plain_road.stack.handle({"Records": [sqs_record("x"), lane_record("z", 2)]})
    assert response == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert plain_road.posts == 1


@pytest.mark.parametrize("what", ["SubscriptionConfirmation", "UnsubscribeConfirmation"])
def test_d14_a_confirmation_is_acknowledged_and_nothing_in_it_is_called(plain_road: Road, what: str) -> None:
    envelope = json.loads(sns_body("You have chosen to subscribe")) | {
        "Type": what,
        "Token": "token",
        "SubscribeURL": plain_road.slack.url("/ok"),
    }
    assert plain_road.send(json.dumps(envelope)) == []
    assert plain_road.slack.connections == []
    assert plain_road.parked() == []


def test_d15_a_stale_alert_is_posted_and_says_how_late_it_is(plain_road: Road) -> None:
    then = (datetime.now(UTC) - timedelta(hours=3, minutes=5)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    assert plain_road.send(sns_body(alarm_message(StateChangeTime=then))) == []
    assert plain_road.posts == 1
    assert "delayed by 3 h 5 min" in texts(plain_road)
