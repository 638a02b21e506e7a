"""Section A of the fault catalogue: Slack's answers."""

import json
import tracemalloc

import pytest

from tests.integration.faults.conftest import ALARM, OVERRUN, Pipeline, threads
from tests.support.fault_server.behaviours import ask
from tests.support.fault_server.server import FaultServer
from tests.support.fault_server.wire import End, Exchange
from tests.support.samples.events import alarm_message, lane_event, merged, sns_body
from tests.support.slack.destination_kinds import KINDS

DESTINATION_4XX = {401, 403, 404, 410}
PROXYS = {407, 501, 505, 511, 526}
MESSAGE_4XX = [status for status in range(400, 452) if status not in {408, 421, 425, 429, *DESTINATION_4XX, *PROXYS}]


def check_parked(pipeline: Pipeline, behaviour: str, reason: str, code: str | None = None) -> None:
    """Check that two alerts are parked: after one post if the destination is refused, else after three each."""
    pipeline.play(then=behaviour)
    assert pipeline.send("a", "b") == []
    assert pipeline.posts == (1 if reason == "destination_refused" else 4)
    assert [one[0] for one in pipeline.reasons()] == [reason] * 2
    assert code is None or pipeline.reasons()[0][1] == pipeline.kind.word(code)


def check_later(pipeline: Pipeline, posts: int, least: float = 5, most: float = 6.25 + 1) -> None:
    """Check that both alerts stay, the first hidden for the pause of the lane."""
    assert pipeline.send("a", "b") == ["m1", "m2"]
    assert pipeline.posts == posts
    assert least <= pipeline.hidden["r1"] <= most
    assert pipeline.hidden["r2"] == 0


@pytest.mark.parametrize("seconds", [1, 4])
def test_a1_a_short_retry_after_is_waited_for_in_the_function(pipeline: Pipeline, seconds: int) -> None:
    pipeline.play(f"/429?ra={seconds}")
    assert pipeline.send() == []
    assert pipeline.posts == 2
    assert pipeline.stack.slept[0] >= seconds


@pytest.mark.parametrize(("retry_after", "least", "most"), [("60", 60, 76), ("900", 900, 1126), ("99999", 3600, 4501)])
def test_a1_a_long_retry_after_is_spent_in_the_queue_by_the_whole_batch(
    pipeline: Pipeline, retry_after: str, least: int, most: int
) -> None:
    pipeline.play(then=f"/429?ra={retry_after}")
    check_later(pipeline, 1, least, most)


@pytest.mark.parametrize("retry_after", ["1.5", "-1", "soon", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_a1_after_an_odd_retry_after_the_alert_is_delivered(pipeline: Pipeline, retry_after: str) -> None:
    pipeline.play(ask("/429", ra=retry_after))
    assert pipeline.send() == []
    assert pipeline.posts == 2


def test_a2_without_a_header_the_body_says_how_long(pipeline: Pipeline) -> None:
    pipeline.play(then="/429?body_ra=40")
    check_later(pipeline, 1, 40, 51)


def test_a2_without_any_retry_after_the_lane_doubles_its_pause(pipeline: Pipeline) -> None:
    pipeline.play(then="/429")
    for posts, least in ((4, 5), (8, 10), (9, 20), (10, 40)):
        check_later(pipeline, posts, least, least * 1.25 + 1)  # after two failed batches one attempt each


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a3_a_server_error_is_tried_four_times_and_then_by_the_queue(pipeline: Pipeline, status: int) -> None:
    pipeline.play(then=f"/{status}")
    check_later(pipeline, 4)
    pipeline.play()
    assert pipeline.send("a", "b") == []


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a3_a_server_error_that_passes_ends_in_delivery(pipeline: Pipeline, status: int) -> None:
    pipeline.play(f"/{status}", f"/{status}")
    assert pipeline.send() == []
    assert pipeline.posts == 3


@pytest.mark.parametrize(("behaviour", "posts", "least", "most"), [("/503", 4, 5, 7.25), ("/503?ra=50", 1, 50, 63.5)])
def test_a4_unavailable_is_a_server_error_or_throttling(
    pipeline: Pipeline, behaviour: str, posts: int, least: float, most: float
) -> None:
    pipeline.play(then=behaviour)
    check_later(pipeline, posts, least, most)


@pytest.mark.parametrize("status", [403, 408, 500, 524])
def test_a3_a9_a_retry_after_on_any_passing_status_is_the_least_wait(plain: Pipeline, status: int) -> None:
    plain.play(f"/{status}?ra=3")
    assert plain.send() == []
    assert plain.stack.slept[0] >= 3
    plain.play(then=f"/{status}?ra=50")
    check_later(plain, 2 + 1, 50, 63.5)
    plain.play()
    assert plain.send("a", "b") == []


@pytest.mark.parametrize(
    ("status", "code"),
    [
        *((404, code) for code in ("no_service", "no_team", "channel_not_found")),
        (410, "channel_is_archived"),
        *((403, code) for code in ("invalid_token", "action_prohibited")),
    ],
)
def test_a5_a6_a7_a_refused_destination_gets_one_post_and_operations_are_notified(
    pipeline: Pipeline, status: int, code: str
) -> None:
    check_parked(pipeline, f"/{status}?body={code}", "destination_refused", code)
    assert len(pipeline.stack.ops_messages()) == 1


def test_a7_a_refused_mention_is_left_out_and_its_neighbours_are_not_touched(pipeline: Pipeline) -> None:
    pipeline.play(then="/refuse-mentions")
    first, second = (sns_body(alarm_message(AlarmName=name), message_id=name) for name in "ab")
    event = merged(lane_event(first, mention="<!channel>"), lane_event(second, first=2))
    assert pipeline.handle(event) == []
    with_mention, without, neighbour = (request.message for request in pipeline.slack.requests)
    code = pipeline.kind.word("action_prohibited")
    assert "<!channel>" in with_mention["text"]
    assert without["text"].startswith(f"posted without its mention: Slack refused it ({code})\n")
    assert "<!channel>" not in json.dumps(without)
    assert "posted without" not in neighbour["text"]
    assert (pipeline.reasons(), pipeline.stack.ops_messages()) == ([], [])


def test_a7_a_destination_that_refuses_the_message_without_its_mention_too_is_closed(pipeline: Pipeline) -> None:
    pipeline.play(then="/403?body=action_prohibited")
    assert pipeline.handle(lane_event(ALARM, mention="<!channel>")) == []
    assert pipeline.posts == 2
    assert pipeline.reasons() == [("destination_refused", pipeline.kind.word("action_prohibited"))]


def test_a8_blocks_that_slack_refuses_arrive_as_plain_text(pipeline: Pipeline) -> None:
    pipeline.play(then="/refuse-blocks")
    assert pipeline.send() == []
    rich, plain = (request.message for request in pipeline.slack.requests)
    assert ("blocks" in rich, "blocks" in plain) == (True, False)
    assert "checkout-errors" in plain["text"]


def test_a8_an_alert_refused_as_plain_text_too_is_parked_and_the_next_is_delivered(pipeline: Pipeline) -> None:
    pipeline.play("/400?body=invalid_blocks", "/400?body=invalid_payload")
    assert pipeline.send("a", "b") == []
    assert pipeline.posts == 3
    assert pipeline.reasons() == [("message_refused", pipeline.kind.word("invalid_payload"))]


@pytest.mark.parametrize("status", MESSAGE_4XX)
def test_a9_any_other_4xx_refuses_the_message(plain: Pipeline, status: int) -> None:
    check_parked(plain, f"/{status}", "message_refused")


@pytest.mark.parametrize("status", [408, 425])
def test_a9_too_late_and_too_early_pass(pipeline: Pipeline, status: int) -> None:
    pipeline.play(f"/{status}")
    assert pipeline.send() == []
    assert pipeline.posts == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a10_a_redirect_is_never_followed(pipeline: Pipeline, status: int) -> None:
    with FaultServer() as elsewhere:
        check_parked(pipeline, ask(f"/{status}", to=elsewhere.url("/ok")), "destination_refused")
        assert elsewhere.connections == []


@pytest.mark.parametrize("location", ["http://[evil", "\udcff", "x" * 5000, ""])
def test_a10_a_location_is_never_read(plain: Pipeline, location: str) -> None:
    def answer(exchange: Exchange) -> End:
        lines = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
        exchange.send(lines + location.encode("utf-8", "surrogateescape") + b"\r\n\r\n")
        return End.CLOSE

    plain.play(then=answer)
    assert plain.send("a", "b") == []
    assert plain.posts == 1
    assert plain.reasons()[0][0] == "destination_refused"


@pytest.mark.parametrize(
    "behaviour",
    [
        *("/huge?mb=300&status=302", "/gzip-bomb?mb=300&status=302"),
        *(f"/huge?mb=300&framing={framing}" for framing in ("length", "chunked", "close")),
    ],
)
def test_a10_a12_a_huge_answer_is_neither_read_nor_unpacked(plain: Pipeline, behaviour: str) -> None:
    plain.play(then=behaviour)
    tracemalloc.start()
    try:
        assert plain.send() == ([] if "302" in behaviour else ["m1"])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 30_000_000
    assert plain.posts == 1


@pytest.mark.parametrize(
    "behaviour",
    [
        *("/200?body=", "/html", "/200?body=no_text", '/200?body={"ok":false}', "/200?body=OK", "/204", "/echo"),
        *(
            ask(f"/{status}", body="<html>Forbidden by your proxy</html>")
            for status in sorted(DESTINATION_4XX | PROXYS)
        ),
    ],
)
def test_a11_an_answer_that_is_not_slacks_is_for_later_without_limit_and_operations_are_notified(
    pipeline: Pipeline, behaviour: str
) -> None:
    pipeline.play(then=behaviour)
    for number in range(1, 6):
        assert pipeline.send("a", "b") == ["m1", "m2"]
        assert pipeline.posts == number
        assert len(pipeline.stack.ops_messages()) == (number > 1)  # an hour later
    assert (pipeline.parked(), pipeline.stack.sent()) == ([], [])
    pipeline.play()
    assert pipeline.send("a", "b") == []


@pytest.mark.parametrize("status", [200, 404, 511])
def test_a11_a_wait_that_a_proxy_asks_for_is_the_pause_of_the_lane(plain: Pipeline, status: int) -> None:
    plain.play(then=ask(f"/{status}", ra="600", body="<html>Under maintenance</html>"))
    check_later(plain, 1, 600, 751)


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    ("status", "posts", "end"),
    [
        (200, 1, "later"),
        (302, 1, "destination_refused"),
        (400, 2, "message_refused"),
        (404, 1, "later"),
        (429, 4, "later"),
        (500, 4, "later"),
    ],
)
def test_a11_an_answer_that_echoes_the_request_is_not_logged(
    pipeline: Pipeline, status: int, posts: int, end: str, form: str
) -> None:
    pipeline.play(then=ask("/echo", status=status, form=form))
    assert pipeline.send() == (["m1"] if end == "later" else [])
    assert pipeline.posts == posts
    assert [reason for reason, _ in pipeline.reasons()] == ([] if end == "later" else [end])


@pytest.mark.parametrize(
    "behaviour",
    [
        "/drip/body?every=0.4",
        "/drip/headers?every=0.4",
        "/informational/100?count=0&every=0.2",
        "/silent",
        "/silent/body",
    ],
)
def test_a13_a_slow_answer_ends_with_its_time_and_leaves_no_thread(pipeline: Pipeline, behaviour: str) -> None:
    before = threads()
    pipeline.play(then=behaviour)
    assert pipeline.send("a", "b", seconds=6.0) == ["m1", "m2"]  # 1 s and the reserve
    assert 0.9 < pipeline.took <= 1.0 + OVERRUN
    assert pipeline.posts == 1
    assert threads() == before


@pytest.mark.parametrize(
    "behaviour", ["/close/body", "/reset/body", "/length/10", "/chunk/a", "/chunk/zz", "/garbage", "/close"]
)
def test_a14_a_broken_answer_may_mean_delivered_and_is_left_to_the_queue(pipeline: Pipeline, behaviour: str) -> None:
    pipeline.play(then=behaviour)
    check_later(pipeline, 1)


@pytest.mark.parametrize(
    ("behaviour", "is_read"),
    [
        ("/bad-headers", True),
        ("/length/many", True),
        ("/headers?count=200", False),
        ("/informational/100?count=3&then=close", False),
    ],
)
def test_a14_odd_headers_end_like_any_answer(pipeline: Pipeline, behaviour: str, *, is_read: bool) -> None:
    pipeline.play(then=behaviour)
    is_success = is_read and pipeline.kind == KINDS["webhook"]  # for a bot, success is JSON
    assert pipeline.send() == ([] if is_success else ["m1"])
    assert pipeline.posts == 1


@pytest.mark.parametrize("behaviour", ["/gzip", "/gzip-bomb?mb=300"])
def test_a15_a_compressed_answer_is_not_unpacked(plain: Pipeline, behaviour: str) -> None:
    plain.play(then=behaviour)
    assert plain.send() == ["m1"]
    (request,) = plain.slack.requests
    assert request.headers["Accept-Encoding"] == "identity"
