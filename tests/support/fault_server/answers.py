"""Answers that are HTTP, whatever else they are."""

import gzip
import json
from http import HTTPStatus

from tests.support.fault_server.query import Query
from tests.support.fault_server.wire import Behaviour, End, Exchange, head

SLACKS_WORDS = {200: "ok", 429: "rate_limited", 500: "rollup_error"}
BLOCK = b"x" * 65536
BLOCKS_PER_MB = 16


def status(code: str, query: Query) -> Behaviour:
    """/status/503, /503: body, body_ra (JSON with retry_after), ra, to (Location), type, header, reason, then."""
    number = int(code or "200")
    body = query.text("body", SLACKS_WORDS.get(number, ""))
    headers: list[tuple[str, str]] = []
    for patience in query.texts("body_ra"):
        body = json.dumps({"ok": False, "error": "ratelimited", "retry_after": json.loads(patience)})
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
    """/html: status. A page, as a captive portal or a proxy puts in the way."""
    number = query.count("status", 200)
    page = b"<!doctype html><html><body><p>ok</p></body></html>"

    def behave(exchange: Exchange) -> End:
        exchange.answer(number, page, [("Content-Type", "text/html")])
        return End.KEEP

    return behave


def echo(_: str, query: Query) -> Behaviour:
    """/echo: status, ra, form (text, json). The request's path and headers in body, headers and reason."""
    number, form = query.count("status", 200), query.text("form", "text")
    patience = [("Retry-After", value) for value in query.texts("ra")]

    def behave(exchange: Exchange) -> End:
        request = exchange.request
        said = "\n".join(request.echo())
        body = json.dumps({"ok": False, "error": said}) if form == "json" else said
        headers = [("X-Echo-Path", request.path), ("Location", request.path), *patience]
        headers += [(f"X-Echo-{name}", value) for name, value in request.headers.items()]
        exchange.answer(number, body.encode(), headers, reason=request.path)
        return End.KEEP

    return behave


def late(_: str, query: Query) -> Behaviour:
    """/late: seconds, and all of /200. Received at once, answered late."""
    seconds, answer = query.number("seconds", 1.0), status("200", query)

    def behave(exchange: Exchange) -> End:
        exchange.wait(seconds)
        return answer(exchange)

    return behave


def huge(_: str, query: Query) -> Behaviour:
    """/huge: mb, framing (length, chunked, close), status. Streamed from one block of 64 KiB."""
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
    """/gzip: body, status. Compressed, whatever the request accepts."""
    number, body = query.count("status", 200), gzip.compress(query.text("body", "ok").encode())

    def behave(exchange: Exchange) -> End:
        exchange.answer(number, body, [("Content-Encoding", "gzip")])
        return End.KEEP

    return behave


def gzip_bomb(_: str, query: Query) -> Behaviour:
    """/gzip-bomb: mb (of what it unpacks to), status. A thousandth of that on the wire."""
    number, body = query.count("status", 200), gzip.compress(bytes(1 << 20)) * query.count("mb", 300)

    def behave(exchange: Exchange) -> End:
        exchange.answer(number, body, [("Content-Encoding", "gzip")])
        return End.KEEP

    return behave


def refuse_blocks(_: str, query: Query) -> Behaviour:
    """/refuse-blocks: status, body, accepted. Refuses a message with blocks or attachments, accepts plain text."""
    number, body = query.count("status", HTTPStatus.BAD_REQUEST), query.text("body", "invalid_blocks")
    accepted = query.text("accepted", "ok").encode()

    def behave(exchange: Exchange) -> End:
        rich = {"blocks", "attachments"} & set(exchange.request.message)
        exchange.answer(*((number, body.encode()) if rich else (200, accepted)))
        return End.KEEP

    return behave
