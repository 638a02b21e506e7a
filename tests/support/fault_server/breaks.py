"""Behaviours whose answer is dripped, cut off, malformed or missing."""

from http import HTTPStatus

from tests.support.fault_server.query import Query
from tests.support.fault_server.wire import Behaviour, End, Exchange, head


def drip(part: str, query: Query) -> Behaviour:
    """/drip/body, /drip/headers: every (seconds per byte), body, status, padding (bytes in a header)."""
    every, number = query.number("every", 0.4), query.count("status", 200)
    body = query.text("body", "x" * 64).encode()
    padding = [("X-Padding", "x" * query.count("padding", 64))]
    front = head(number, [*padding, ("Content-Length", str(len(body)))])
    if part not in {"body", "headers"}:
        raise ValueError("drips the body or the headers")

    def behave(exchange: Exchange) -> End:
        exchange.drip(front, every) if part == "headers" else exchange.send(front)
        exchange.drip(body, every) if part == "body" else exchange.send(body)
        return End.KEEP

    return behave


def silent(part: str, _: Query) -> Behaviour:
    """/silent, /silent/headers, /silent/body: stop before the answer or in that part of it."""
    return _stop(part, None)


def close(part: str, _: Query) -> Behaviour:
    """/close, /close/headers, /close/body: the same, and close the connection."""
    return _stop(part, End.CLOSE)


def reset(part: str, _: Query) -> Behaviour:
    """/reset, /reset/headers, /reset/body: the same, and reset the connection."""
    return _stop(part, End.RESET)


def _stop(part: str, end: End | None) -> Behaviour:
    started = {
        "": b"",
        "headers": b"HTTP/1.1 200 OK\r\nContent-Le",
        "body": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no",
    }[part]

    def behave(exchange: Exchange) -> End:
        exchange.send(started)
        if end is None:
            exchange.wait()
        return end or End.CLOSE

    return behave


def length(value: str, query: Query) -> Behaviour:
    """/length/10, /length/-1, /length/many: body, status. Send this as Content-Length."""
    front = head(query.count("status", 200), [("Content-Length", value)])
    body = query.text("body", "ok").encode()

    def behave(exchange: Exchange) -> End:
        exchange.send(front + body)
        return End.CLOSE

    return behave


def chunk(size: str, query: Query) -> Behaviour:
    """/chunk/a, /chunk/zz, /chunk: body. Send one chunk; its size line is this or the request's path."""
    front, body = head(200, [("Transfer-Encoding", "chunked")]), query.text("body", "ok").encode()

    def behave(exchange: Exchange) -> End:
        line = size or exchange.request.path
        exchange.send(front + line.encode("latin-1") + b"\r\n" + body)
        return End.CLOSE

    return behave


def garbage(_: str, query: Query) -> Behaviour:
    """/garbage: line. Send this as status line, or else bytes that repeat the request."""
    lines = query.texts("line")

    def behave(exchange: Exchange) -> End:
        text = "\r\n".join(lines or ["\x00\xff garbage " + " ".join(exchange.request.echo())])
        exchange.send(text.encode("latin-1") + b"\r\nContent-Length: 2\r\n\r\nok")
        return End.CLOSE

    return behave


def bad_headers(_: str, query: Query) -> Behaviour:
    """/bad-headers: status. Send a header line without a colon that repeats the request's path."""
    number = query.count("status", 200)

    def behave(exchange: Exchange) -> End:
        line = f"no colon {exchange.request.path}\r\n".encode("latin-1")
        exchange.send(head(number)[:-2] + line + b"Content-Length: 2\r\n\r\nok")
        return End.CLOSE

    return behave


def broken_tls(_: str, __: Query) -> Behaviour:
    """/broken-tls: send text below TLS, where the client expects a TLS record."""

    def behave(exchange: Exchange) -> End:
        exchange.raw.sendall(b"no TLS record at all, after the request was read")
        return End.CLOSE

    return behave


def headers(_: str, query: Query) -> Behaviour:
    """/headers: count, size. Send a correct answer with this many headers of this many bytes."""
    padding = [(f"X-{n}", "x" * query.count("size", 8)) for n in range(query.count("count", 200))]

    def behave(exchange: Exchange) -> End:
        exchange.answer(200, b"ok", padding)
        return End.CLOSE

    return behave


def informational(code: str, query: Query) -> Behaviour:
    """/informational/100: count (0: without end), every (seconds), then (close, reset, silent, ok)."""
    number, count, every = int(code or HTTPStatus.CONTINUE), query.count("count", 1), query.number("every", 0.0)
    then = query.text("then", "close")

    def behave(exchange: Exchange) -> End:
        sent = 0
        while not count or sent < count:
            exchange.wait(every)
            exchange.send(head(number))
            sent += 1
        if then == "silent":
            exchange.wait()
        if then == "ok":
            exchange.answer(200, b"ok")
        return End.KEEP if then == "ok" else End(then)

    return behave
