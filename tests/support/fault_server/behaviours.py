"""The behaviours of the fault server by path and query."""

from collections.abc import Callable
from urllib.parse import unquote, urlencode, urlsplit

from tests.support.fault_server import answers as fault_answers
from tests.support.fault_server import breaks as fault_breaks
from tests.support.fault_server.query import Query
from tests.support.fault_server.wire import Behaviour

# Each function's docstring has its path and the names in its query.
KNOWN: dict[str, Callable[[str, Query], Behaviour]] = {
    "ok": fault_answers.status,
    "status": fault_answers.status,
    "html": fault_answers.html,
    "echo": fault_answers.echo,
    "late": fault_answers.late,
    "huge": fault_answers.huge,
    "gzip": fault_answers.gzipped,
    "gzip-bomb": fault_answers.gzip_bomb,
    "refuse-blocks": fault_answers.refuse_blocks,
    "refuse-mentions": fault_answers.refuse_mentions,
    "drip": fault_breaks.drip,
    "silent": fault_breaks.silent,
    "close": fault_breaks.close,
    "reset": fault_breaks.reset,
    "length": fault_breaks.length,
    "chunk": fault_breaks.chunk,
    "garbage": fault_breaks.garbage,
    "bad-headers": fault_breaks.bad_headers,
    "headers": fault_breaks.headers,
    "informational": fault_breaks.informational,
    "broken-tls": fault_breaks.broken_tls,
}


def behaviour(path: str) -> Behaviour:
    """Return the behaviour of a path like /429?ra=2; raise ValueError for an unknown name or query."""
    parts = urlsplit(path)
    name, _, part = parts.path.removeprefix("/").partition("/")
    if name.isdecimal():
        name, part = "status", name
    if name not in KNOWN:
        raise ValueError(f"no behaviour is called {name}")
    query = Query(parts.query)
    found = KNOWN[name](unquote(part), query)
    query.finish()
    return found


def ask(path: str, **query: str | float | list[str]) -> str:
    """Return the path with its query, quoted."""
    return f"{path}?{urlencode(query, doseq=True)}" if query else path
