"""Path and query -> behaviour: everything the fault server can be asked for."""

from collections.abc import Callable
from urllib.parse import unquote, urlencode, urlsplit

from tests.support.fault_server import answers as fault_answers
from tests.support.fault_server import breaks as fault_breaks
from tests.support.fault_server.query import Query
from tests.support.fault_server.wire import Behaviour

# Each docstring says the path and the names in its query.
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
}


def behaviour(target: str) -> Behaviour:
    """/429?ra=2 -> what does that; ValueError for a name or a query that nobody knows."""
    parts = urlsplit(target)
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
    """The path with its query, quoted."""
    return f"{path}?{urlencode(query, doseq=True)}" if query else path
