"""Behaviours whose answer is correct HTTP."""

import gzip
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from tests.support.fault_server.query import Query
from tests.support.fault_server.wire import Behaviour, End, Exchange, head

SLACK_BODIES = {200: "ok", 429: "rate_limited", 500: "rollup_error"}
BLOCK = b"x" * 65536
BLOCKS_PER_MB = 16


def status(code: str, query: Query) -> Behaviour:
    """/status/503, /503: body, body_ra (JSON with retry_after), ra, to (Location), type, header, reason, then."""
    number = int(code or "200")
    body = query.text("body", SLACK_BODIES.get(number, ""))
    headers: list[tuple[str, str]] = []
    for seconds in query.texts("body_ra"):
        body = json.dumps({"ok": False, "error": "ratelimited", "retry_after": json.loads(seconds)})
    for parameter, name in (("ra", "Retry-After"), ("to", "Location"), ("type", "Content-Type")):
        headers += [(name, value) for value in query.texts(parameter)]
    for line in query.texts("header"):
        name, _, value = line.partition(":")
        headers.append((name, value.strip()))
    reason, end = query.text("reason"), End(query.text("then", "keep"))

    def behave(exchange: Exchange) -> End:
        exchange.answer(number, body.encode(), headers, reason=reason)
        return end

    return behave


def html(_: str, query: Query) -> Behaviour:
    """/html: status. A page like that of a captive portal or a proxy."""
    number = query.count("status", 200)
    page = b"<!doctype html><html><body><p>ok</p></body></html>"

    def behave(exchange: Exchange) -> End:
        exchange.answer(number, page, [("Content-Type", "text/html")])
        return End.KEEP

    return behave


def echo(_: str, query: Query) -> Behaviour:
    """/echo: status, ra, form (text, json). Repeat the request's path and headers in body, headers and reason."""
    number, form = query.count("status", 200), query.text("form", "text")
    retry_after = [("Retry-After", value) for value in query.texts("ra")]

    def behave(exchange: Exchange) -> End:
        request = exchange.request
        text = "\n".join(request.echo())
        body = json.dumps({"ok": False, "error": text}) if form == "json" else text
        headers = [("X-Echo-Path", request.path), ("Location", request.path), *retry_after]
        headers += [(f"X-Echo-{name}", value) for name, value in request.headers.items()]
        exchange.answer(number, body.encode(), headers, reason=request.path)
        return End.KEEP

    return behave


def late(_: str, query: Query) -> Behaviour:
    """/late: seconds, and all of /200. Answer after these seconds."""
    seconds, answer = query.number("seconds", 1.0), status("200", query)

    def behave(exchange: Exchange) -> End:
        exchange.wait(seconds)
        return answer(exchange)

    return behave


def huge(_: str, query: Query) -> Behaviour:
    """/huge: mb, framing (length, chunked, close), status. Send one block of 64 KiB again and again."""
    blocks, framing = query.count("mb", 300) * BLOCKS_PER_MB, query.text("framing", "length")
    number = query.count("status", 200)
    headers = {
        "length": [("Content-Length", str(blocks * len(BLOCK)))],
        "chunked": [("Transfer-Encoding", "chunked")],
        "close": [("Connection", "close")],
    }[framing]
    block = b"%x\r\n%s\r\n" % (len(BLOCK), BLOCK) if framing == "chunked" else BLOCK

    def behave(exchange: Exchange) -> End:
        exchange.send(head(number, headers))
        for _ in range(blocks):
            exchange.send(block)
        if framing == "chunked":
            exchange.send(b"0\r\n\r\n")
        return End.CLOSE if framing == "close" else End.KEEP

    return behave


def gzipped(_: str, query: Query) -> Behaviour:
    """/gzip: body, status. Compress even if the request does not accept it."""
    number, body = query.count("status", 200), gzip.compress(query.text("body", "ok").encode())

    def behave(exchange: Exchange) -> End:
        exchange.answer(number, body, [("Content-Encoding", "gzip")])
        return End.KEEP

    return behave


def gzip_bomb(_: str, query: Query) -> Behaviour:
    """/gzip-bomb: mb (after unpacking), status. Send about a thousandth of that."""
    number, body = query.count("status", 200), gzip.compress(bytes(1 << 20)) * query.count("mb", 300)

    def behave(exchange: Exchange) -> End:
        exchange.answer(number, body, [("Content-Encoding", "gzip")])
        return End.KEEP

    return behave


def refuse_blocks(_: str, query: Query) -> Behaviour:
    """/refuse-blocks: status, body, accepted. Refuse a message with blocks or attachments, accept plain text."""
    return _refuse_if(
        lambda message: bool({"blocks", "attachments"} & set(message)),
        (query.count("status", HTTPStatus.BAD_REQUEST), query.text("body", "invalid_blocks").encode()),
        query.text("accepted", "ok").encode(),
    )


def refuse_mentions(_: str, query: Query) -> Behaviour:
    """/refuse-mentions: status, body, accepted. Refuse a message that mentions people."""
    return _refuse_if(
        lambda message: "<!" in json.dumps(message).replace("<!date", ""),
        (query.count("status", HTTPStatus.FORBIDDEN), query.text("body", "action_prohibited").encode()),
        query.text("accepted", "ok").encode(),
    )


def _refuse_if(is_refused: Callable[[dict[str, Any]], bool], refusal: tuple[int, bytes], accepted: bytes) -> Behaviour:
    def behave(exchange: Exchange) -> End:
        exchange.answer(*(refusal if is_refused(exchange.request.message) else (HTTPStatus.OK, accepted)))
        return End.KEEP

    return behave
