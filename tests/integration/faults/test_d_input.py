"""Section D of the fault catalogue: the input."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from demo.slack.limits import read_posting
from record_batch.batch_response import Undelivered
from tests.integration.faults.conftest import Pipeline
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
DEEP = '{"AlarmName": "deep", "NewStateValue": "ALARM", "Trigger": ' + '{"a":' * 50_000 + "1" + "}" * 50_001


ODD: list[object] = [None, 5, [], {}, "x"]


def texts(pipeline: Pipeline) -> str:
    """Return everything that Slack was sent."""
    return "\n".join(json.dumps(request.message, ensure_ascii=False) for request in pipeline.slack.requests)


def check_posted(plain: Pipeline, *bodies: str) -> None:
    plain.stack.digest_from = 0
    assert plain.send(*bodies) == []
    assert plain.posts == len(bodies)


def test_d4_malformed_json_arrives_as_text(plain: Pipeline) -> None:
    check_posted(plain, "", "{", "not JSON", '{"AlarmName": "cut', "[" * 200_000, "\x00\x01")


def test_d5_json_that_is_no_alarm_arrives_unchanged(plain: Pipeline) -> None:
    bodies = ("null", "[]", "[1, 2]", '"text"', "5", "{}", '{"AlarmName": 5}')
    check_posted(plain, *bodies)
    plain.slack.requests.clear()
    check_posted(plain, *[sns_body(body, message_id=body) for body in bodies])


def test_d5_a_json_string_arrives_decoded_and_an_alarm_in_one_as_the_alarm(plain: Pipeline) -> None:
    check_posted(plain, json.dumps('disk "/" full'), json.dumps(json.dumps(alarm_message(AlarmName="disk"))))
    shown, alarm = (request.message["text"] for request in plain.slack.requests)
    assert shown == '🔔 Message: disk "/" full'
    assert alarm.startswith("🔴 ALARM disk: ")


@pytest.mark.parametrize("field", sorted(json.loads(alarm_message())))
def test_d6_an_alarm_with_an_odd_field_arrives(plain: Pipeline, field: str) -> None:
    alarms = [alarm_message(**{field: value}) for value in ODD]
    check_posted(plain, *[sns_body(alarm, message_id=str(number)) for number, alarm in enumerate(alarms)])


@pytest.mark.parametrize("piece", ["&", "x", "😀", "👨\u200d👩\u200d👧", "line\n", "<!channel>"])
def test_d7_a_body_of_one_mebibyte_arrives_marked_as_cut(plain: Pipeline, piece: str) -> None:
    check_posted(plain, piece * (2**20 // len(piece.encode())))
    (request,) = plain.slack.requests
    assert read_posting(request.body).error == ""
    assert len(request.body) < 100_000
    assert "cut" in texts(plain)


@pytest.mark.parametrize("text", HOSTILE)
def test_d8_hostile_text_pings_nobody_and_forges_nothing(plain: Pipeline, text: str) -> None:
    alarm = sns_body(alarm_message(AlarmName=text, NewStateReason=text, AlarmDescription=text), message_id="sns-2")
    assert plain.send(sns_body(text, subject=text), alarm) == []
    assert plain.send(*[sns_body(text, subject=text, message_id=one) for one in "abc"]) == []
    assert plain.posts == 3
    for request in plain.slack.requests:
        message = request.message
        assert read_posting(request.body).error == ""
        for mention in ("<!channel", "<!here", "<!everyone", "<!subteam", "<@", "<#"):
            assert mention not in message["text"]
            assert mention not in str([block for block in message["blocks"] if "plain_text" not in str(block)])
    written = [json.loads(line)["message"] for line in plain.stack.recorded.written.getvalue().splitlines()]
    assert written == ["delivered"] * 5


def test_d9_invalid_numbers_and_deep_nesting_arrive(plain: Pipeline) -> None:
    check_posted(plain, '{"a": NaN}', '{"a": Infinity}', '{"a": 1e999}', f'{{"a": {"9" * 5000}}}', DEEP)


def test_d9_a_number_arrives_with_every_digit(plain: Pipeline) -> None:
    check_posted(plain, '{"free": 5368709120, "idle": 99.99999, "huge": 1.23456789e40, "long": 0.12345678901234567891}')
    (request,) = plain.slack.requests
    for number in ("5,368,709,120", "99.99999", "1.23456789e+40", "0.12345678901234567891"):
        assert number in texts(plain), request.message


def test_d10_no_records_are_no_failures(plain: Pipeline) -> None:
    assert plain.stack.handle({"Records": []}) == {"batchItemFailures": []}
    assert plain.posts == 0


@pytest.mark.parametrize(
    "event", [None, {}, [], {"Records": None}, {"Records": "x"}, {"body": "{}"}, {"Records": [{}]}]
)
def test_d10_an_unknown_event_is_never_a_success(plain: Pipeline, event: object) -> None:
    with pytest.raises(Exception, match=r"Records|source"):
        plain.stack.handle(event)
    assert plain.posts == 0


def test_d11_a_record_without_an_id_fails_the_batch_after_the_others_are_delivered(plain: Pipeline) -> None:
    event: dict[str, Any] = {"Records": [lane_record("a") | {"messageId": ""}, lane_record("b", 2), "text"]}
    with pytest.raises(Undelivered):
        plain.stack.handle(event)
    assert plain.posts == 1


@pytest.mark.parametrize("position", [1, 3, 5])
def test_d12_a_poisoned_record_is_parked_alone(plain: Pipeline, position: int) -> None:
    refused = "/400?body=invalid_payload"
    plain.play(refused, *["/ok"] * (position - 1), refused, refused)
    assert plain.send("a", "b", "c", "d", "e") == []
    assert plain.posts == 1 + 6  # a digest, then one by one
    assert [message["Body"] for message in plain.parked()] == ["abcde"[position - 1]]


def test_d13_a_record_of_another_queue_is_parked_and_not_posted(plain: Pipeline) -> None:
    foreign = lane_record("x") | {"eventSourceARN": "arn:aws:sqs:eu-west-1:999999999999:other.fifo"}
    assert plain.stack.handle({"Records": [foreign, lane_record("z", 2)]}) == {"batchItemFailures": []}
    assert plain.posts == 1
    assert plain.reasons() == [("unexpected_source", "queue")]


def test_a_record_of_the_queue_before_the_lanes_returns_to_it(plain: Pipeline) -> None:
    response = plain.stack.handle({"Records": [sqs_record("x"), lane_record("z", 2)]})
    assert response == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert plain.posts == 1


@pytest.mark.parametrize("kind_of_message", ["SubscriptionConfirmation", "UnsubscribeConfirmation"])
def test_d14_a_confirmation_is_acknowledged_and_its_url_is_not_called(plain: Pipeline, kind_of_message: str) -> None:
    changes = {"Type": kind_of_message, "Token": "token", "SubscribeURL": plain.slack.url("/ok")}
    assert plain.send(json.dumps(json.loads(sns_body("You have chosen to subscribe")) | changes)) == []
    assert plain.slack.connections == []
    assert plain.parked() == []


def test_d15_a_stale_alert_is_posted_with_its_delay(plain: Pipeline) -> None:
    then = (datetime.now(UTC) - timedelta(hours=3, minutes=5)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    check_posted(plain, sns_body(alarm_message(StateChangeTime=then)))
    assert "delayed by 3 h 5 min" in texts(plain)
