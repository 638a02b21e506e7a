"""Requests from pages of other sites are refused: a page in the reader's browser must not control this machine."""

from urllib.parse import urlsplit

from flask import Response, request

FORBIDDEN = 403


def refuse_other_sites() -> Response | None:
    """Refuse a request that a page of another site sends, or that names this server by another site's name."""
    host = urlsplit(f"//{request.host}").hostname
    origin = request.headers.get("Origin")
    if host not in {"127.0.0.1", "localhost"} or (origin and urlsplit(origin).netloc != request.host):
        return Response("only the page of this server may send this\n", FORBIDDEN, mimetype="text/plain")
    return None
