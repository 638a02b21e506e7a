"""Section A of the fault catalogue: what Slack answers."""

import tracemalloc

import pytest

from tests.integration.faults.conftest import OVERRUN, Road, threads
from tests.support.fault_server.behaviours import ask
from tests.support.fault_server.server import FaultServer
from tests.support.fault_server.wire import End, Exchange
from tests.support.slack.destination_kinds import KINDS

ALL_4XX = [status for status in range(400, 452) if status not in {408, 421, 425, 429}]
DESTINATION_4XX = {401, 403, 404, 410}


@pytest.mark.parametrize("seconds", [1, 4])
def test_a1_a_short_retry_after_is_waited_for_in_the_function(road: Road, seconds: int) -> None:
    road.play(f"/429?ra={seconds}")
    assert road.send() == []
    assert road.posts == 2
    assert road.stack.slept[0] >= seconds


@pytest.mark.parametrize(("asked", "least", "most"), [("60", 60, 75), ("900", 900, 1125), ("99999", 3600, 4500)])
def test_a1_a_long_retry_after_is_spent_in_the_queue_by_the_whole_batch(
    road: Road, asked: str, least: int, most: int
) -> None:
    road.play(then=f"/429?ra={asked}")
    assert road.send("a", "b", "c") == ["m1", "m2", "m3"]
    assert road.posts == 1
    assert least <= road.hidden.pop("r1") <= most + 1
    assert road.hidden == {"r2": 0, "r3": 0}


@pytest.mark.parametrize("asked", ["1.5", "-1", "soon", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_a1_an_odd_retry_after_is_no_reason_to_lose_or_to_hurry(road: Road, asked: str) -> None:
    road.play(ask("/429", ra=asked))
    assert road.send() == []
    assert road.posts == 2


def test_a2_without_a_header_the_body_says_how_long(road: Road) -> None:
    road.play(then="/429?body_ra=40")
    assert road.send() == ["m1"]
    assert road.posts == 1
    assert 40 <= road.hidden["r1"] <= 51


def test_a2_without_any_patience_told_the_lane_doubles_its_pause(road: Road) -> None:
    road.play(then="/429")
    for number, least in enumerate((5, 10, 20, 40), start=1):
        assert road.send() == ["m1"]
        assert road.posts == 4 * number
        assert least <= road.hidden["r1"] <= least * 1.25 + 1


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a3_a_server_error_is_tried_four_times_and_then_by_the_queue(road: Road, status: int) -> None:
    road.play(then=f"/{status}")
    assert road.send("a", "b") == ["m1", "m2"]
    assert road.posts == 4
    assert road.hidden["r2"] == 0
    road.play()
    assert road.send("a", "b") == []


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a3_a_server_error_that_passes_ends_in_delivery(road: Road, status: int) -> None:
    road.play(f"/{status}", f"/{status}")
    assert road.send() == []
    assert road.posts == 3


@pytest.mark.parametrize(("behaviour", "posts", "least"), [("/503", 4, 5), ("/503?ra=50", 1, 50)])
def test_a4_unavailable_is_a_server_error_or_a_wish_for_patience(
    road: Road, behaviour: str, posts: int, least: int
) -> None:
    road.play(then=behaviour)
    assert road.send() == ["m1"]
    assert road.posts == posts
    assert road.hidden["r1"] >= least


@pytest.mark.parametrize("code", ["no_service", "no_team", "channel_not_found"])
def test_a5_a_missing_channel_is_knocked_on_once_and_parked(road: Road, code: str) -> None:
    road.play(then=f"/404?body={code}")
    assert road.send("a", "b") == []
    assert road.posts == 1
    assert road.reasons() == [("destination_refused", road.kind.word(code))] * 2
    assert len(road.stack.told()) == 1


def test_a6_an_archived_channel_is_a_refused_destination(road: Road) -> None:
    road.play(then="/410?body=channel_is_archived")
    assert road.send() == []
    assert road.posts == 1
    assert road.reasons() == [("destination_refused", road.kind.word("channel_is_archived"))]


@pytest.mark.parametrize("code", ["invalid_token", "action_prohibited"])
def test_a7_a_forbidden_post_is_a_refused_destination(road: Road, code: str) -> None:
    road.play(then=f"/403?body={code}")
    assert road.send() == []
    assert road.posts == 1
    assert road.reasons() == [("destination_refused", road.kind.word(code))]


def test_a8_blocks_that_slack_refuses_arrive_as_plain_text(road: Road) -> None:
    road.play(then="/refuse-blocks")
    assert road.send() == []
    rich, plain = (request.message for request in road.slack.requests)
    assert "blocks" in rich
    assert "blocks" not in plain
    assert "checkout-errors" in plain["text"]


def test_a8_what_is_refused_as_plain_text_too_is_parked_and_stops_nobody(road: Road) -> None:
    road.play("/400?body=invalid_blocks", "/400?body=invalid_payload")
    assert road.send("a", "b") == []
    assert road.posts == 3
    assert road.reasons() == [("message_refused", road.kind.word("invalid_payload"))]


@pytest.mark.parametrize("status", [405, 409, 411, 413, 415, 422, 431, 451])
def test_a9_any_other_refusal_is_one_of_the_message(road: Road, status: int) -> None:
    road.play(then=f"/{status}")
    assert road.send() == []
    assert road.posts == 2
    assert road.reasons()[0][0] == "message_refused"


@pytest.mark.parametrize("status", ALL_4XX)
def test_a9_no_refusal_is_ever_lost(plain_road: Road, status: int) -> None:
    plain_road.play(then=f"/{status}")
    is_foreign = status in DESTINATION_4XX
    assert plain_road.send() == ["m1"] * is_foreign
    assert plain_road.posts == (1 if is_foreign else 2)
    assert len(plain_road.parked()) == (not is_foreign)


@pytest.mark.parametrize("status", [408, 425])
def test_a9_too_late_and_too_early_pass(road: Road, status: int) -> None:
    road.play(f"/{status}")
    assert road.send() == []
    assert road.posts == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a10_a_redirect_is_never_followed(road: Road, status: int) -> None:
    with FaultServer() as elsewhere:
        road.play(then=ask(f"/{status}", to=elsewhere.url("/ok")))
        assert road.send() == []
        assert elsewhere.connections == []
    assert road.posts == 1
    assert road.reasons()[0][0] == "destination_refused"


@pytest.mark.parametrize("location", ["http://[evil", "\udcff", "x" * 5000, ""])
def test_a10_a_location_of_any_kind_is_not_looked_at(plain_road: Road, location: str) -> None:
    def answer(exchange: Exchange) -> End:
        lines = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
        exchange.send(lines + location.encode("utf-8", "surrogateescape") + b"\r\n\r\n")
        return End.CLOSE

    plain_road.play(then=answer)
    assert plain_road.send("a", "b") == []
    assert plain_road.posts == 1
    assert plain_road.reasons()[0][0] == "destination_refused"


@pytest.mark.parametrize("behaviour", ["/huge?mb=300&status=302", "/gzip-bomb?mb=300&status=302"])
def test_a10_a_redirects_body_is_neither_read_nor_unpacked(plain_road: Road, behaviour: str) -> None:
    plain_road.play(then=behaviour)
    tracemalloc.start()
    try:
        assert plain_road.send() == []
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 30_000_000
    assert plain_road.posts == 1


@pytest.mark.parametrize(
    "behaviour", ["/200?body=", "/html", "/200?body=no_text", '/200?body={"ok":false}', "/200?body=OK", "/204", "/echo"]
)
def test_a11_success_without_ok_is_for_later_without_limit_and_operations_are_told(road: Road, behaviour: str) -> None:
    check_foreign(road, behaviour)


@pytest.mark.parametrize("status", sorted(DESTINATION_4XX))
def test_a11_a_refusal_that_is_not_slacks_is_for_later_without_limit_and_operations_are_told(
    road: Road, status: int
) -> None:
    check_foreign(road, ask(f"/{status}", body="<html>Forbidden by your proxy</html>"))


def check_foreign(road: Road, behaviour: str) -> None:
    road.play(then=behaviour)
    for number in range(1, 6):
        assert road.send("a", "b") == ["m1", "m2"]
        assert road.posts == number
        assert len(road.stack.told()) == (number > 1)  # an hour later
    assert (road.parked(), road.stack.sent()) == ([], [])
    road.play()
    assert road.send("a", "b") == []


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
def test_a11_an_answer_that_echoes_the_request_is_told_to_nobody(
    road: Road, status: int, posts: int, end: str, form: str
) -> None:
    if road.kind == KINDS["bot"] and form == "json":  # it has the form of Slack's errors; its code is unknown
        posts, end = {200: (2, "message_refused"), 404: (1, "destination_refused")}.get(status, (posts, end))
    road.play(then=ask("/echo", status=status, form=form))
    assert road.send() == (["m1"] if end == "later" else [])
    assert road.posts == posts
    assert [reason for reason, _ in road.reasons()] == ([] if end == "later" else [end])


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
def test_a12_a_huge_answer_is_not_read(plain_road: Road, framing: str) -> None:
    plain_road.play(then=f"/huge?mb=300&framing={framing}")
    tracemalloc.start()
    try:
        assert plain_road.send() == ["m1"]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 30_000_000
    assert plain_road.posts == 1


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
def test_a13_a_slow_answer_ends_with_its_time_and_leaves_no_thread(road: Road, behaviour: str) -> None:
    before = threads()
    road.play(then=behaviour)
    assert road.send("a", "b", seconds=6.0) == ["m1", "m2"]  # 1 s and the reserve
    assert 0.9 < road.took <= 1.0 + OVERRUN
    assert road.posts == 1
    assert threads() == before


@pytest.mark.parametrize(
    "behaviour",
    ["/close/body", "/reset/body", "/length/10", "/chunk/a", "/chunk/zz", "/garbage", "/close"],
)
def test_a14_a_broken_answer_may_mean_delivered_and_is_left_to_the_queue(road: Road, behaviour: str) -> None:
    road.play(then=behaviour)
    assert road.send("a", "b") == ["m1", "m2"]
    assert road.posts == 1


@pytest.mark.parametrize(
    ("behaviour", "is_read"),
    [
        ("/bad-headers", True),
        ("/length/many", True),
        ("/headers?count=200", False),
        ("/informational/100?count=3&then=close", False),
    ],
)
def test_a14_odd_headers_end_like_any_answer(road: Road, behaviour: str, *, is_read: bool) -> None:
    road.play(then=behaviour)
    says_ok = is_read and road.kind == KINDS["webhook"]  # in JSON it would have to be for a bot
    assert road.send() == ([] if says_ok else ["m1"])
    assert road.posts == 1


@pytest.mark.parametrize("behaviour", ["/gzip", "/gzip-bomb?mb=300"])
def test_a15_a_compressed_answer_is_not_unpacked(plain_road: Road, behaviour: str) -> None:
    plain_road.play(then=behaviour)
    assert plain_road.send() == ["m1"]
    (request,) = plain_road.slack.requests
    assert request.headers["Accept-Encoding"] == "identity"
