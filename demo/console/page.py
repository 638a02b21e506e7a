"""The page of the console, its feed and its commands, as a part of the stand-in's web server."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, render_template, request

from demo.channels import CHANNELS
from demo.console.hub import Hub
from demo.slack.origin import refuse_other_sites
from holdfast_cli.samples import samples

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""No script of a message runs, and nothing is loaded from elsewhere."""

type Commands = Callable[[], Mapping[str, Callable[..., str]]]


def console_page(hub: Hub, commands: Commands) -> Blueprint:
    """Build the page; there are no commands before the stack is deployed."""
    page = Blueprint(
        "console", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
    )
    page.before_request(refuse_other_sites)

    @page.get("/")
    def index() -> Response:
        found = [(one.name, one.line) for one in samples().values()]
        response = Response(render_template("console.html", samples=found, channels=CHANNELS))
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @page.get("/console/feed")
    def feed() -> Response:
        events: Iterator[str] = hub.feed()
        return Response(events, mimetype="text/event-stream", headers={"Cache-Control": "no-store"})

    @page.post("/console/<command>")
    def command(command: str) -> Response:
        text, status = _run(commands(), command, request.get_data())
        return Response(text, status, mimetype="text/plain")

    return page


def _run(commands: Mapping[str, Callable[..., str]], name: str, body: bytes) -> tuple[str, int]:
    """Run a command; its JSON body has the arguments."""
    if not commands:
        return "the acts are still running: wait until they end\n", 409
    if name not in commands:
        return f"no such command: use one of {', '.join(commands)}\n", 404
    try:
        arguments: dict[str, Any] = json.loads(body or b"{}")
        return f"{commands[name](**arguments)}\n", 200
    except (TypeError, ValueError) as error:
        return f"{error}\n", 400
