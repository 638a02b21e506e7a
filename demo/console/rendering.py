"""Accepted requests to Slack -> HTML, as Slack shows the message, with the facts of its delivery below."""

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from demo.console.facts import Facts
from demo.console.mrkdwn import PAGE, mrkdwn, plain
from demo.slack.memory import Request

TEMPLATES = Path(__file__).parent / "templates"
NAMED_COLOURS = {"good": "#2eb67d", "warning": "#ecb22e", "danger": "#e01e5a"}
COLOUR = re.compile(r"#?([0-9A-Fa-f]{6})")
GREY = "#8d8d8d"


def message_html(request: Request, facts: Facts | None = None) -> Markup:
    """Return the message of an accepted request."""
    moment, message = datetime.fromtimestamp(request.time, UTC), _content(request)
    return Markup(  # noqa: S704 - the template escapes
        environment()
        .get_template("message.html")
        .render(
            number=request.number,
            ts=request.ts or f"{request.time:.6f}",
            thread=request.thread_ts or message.get("thread_ts"),
            edits=message.get("ts"),
            moment=moment.isoformat(),
            clock=f"{moment:%H:%M} UTC",
            blocks=request.blocks,
            attachments=request.attachments,
            text=request.text,
            facts=asdict(facts) if facts else None,
        )
    )


@cache
def environment() -> Environment:
    """Return the templates, which escape all that is not marked as HTML."""
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"mrkdwn": mrkdwn, "plain": plain, "page": _page, "colour": _colour}
    return made


def _content(request: Request) -> dict[str, object]:
    """Return the fields of the body; a thread's `thread_ts`, or the `ts` of the message that it edits, is there."""
    content = json.loads(request.body)
    return content if isinstance(content, dict) else {}


def _page(url: object) -> str:
    """Return a link to a page of the web, and no other."""
    return url if isinstance(url, str) and PAGE.fullmatch(url) else "#"


def _colour(name: object) -> str:
    found = COLOUR.fullmatch(NAMED_COLOURS.get(str(name), str(name)))
    return f"#{found[1]}" if found else GREY
