"""The HTTP interface of the Slack stand-in: webhooks, the Web API, control requests, and the page if there is one."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from flask import Blueprint, Flask, Response, jsonify, request

from demo.slack.answer import Answer
from demo.slack.api import api_json
from demo.slack.conversations import ChannelMessage
from demo.slack.file_routes import file_routes
from demo.slack.files import Files
from demo.slack.memory import Request
from demo.slack.origin import refuse_other_sites


class Slack(Protocol):
    """The parts of the stand-in that the HTTP interface calls."""

    @property
    def files(self) -> Files: ...
    def answer(self, path: str, body: bytes) -> Answer: ...
    def answer_api(self, authorization: str, body: bytes) -> tuple[Answer, ChannelMessage | None]: ...
    def answer_update(self, authorization: str, body: bytes) -> tuple[Answer, ChannelMessage | None]: ...
    def messages(self, *, accepted: bool | None = None) -> list[Request]: ...
    def script(
        self, answers: Sequence[Mapping[str, object]], *, webhook: str = "", match: str = "", repeat: bool = False
    ) -> None: ...
    def outage(self, seconds: float = ...) -> None: ...
    def slow(self, seconds: float) -> None: ...
    def delete(self, channel: str, ts: str = ...) -> None: ...
    def switch(self, fault: str, *, on: bool, channel: str = ..., seconds: float = ...) -> None: ...
    def reset(self) -> None: ...


def slack_app(slack: Slack, page: Blueprint | None = None) -> Flask:
    """Build the web application of one stand-in."""
    app = Flask("holdfast-slack-standin", root_path=__file__.rpartition("/")[0], static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = True  # the server turns a ConnectionResetError into a TCP reset

    @app.post("/services/<path:_secret>")
    def webhook(_secret: str) -> Response:
        answer = slack.answer(request.path, request.get_data())
        return _respond(answer, Response(answer.body, mimetype="text/plain"))

    @app.post("/api/chat.postMessage")
    def post_message() -> Response:
        answer, message = slack.answer_api(request.headers.get("Authorization", ""), request.get_data())
        return _respond(answer, jsonify(api_json(answer, message)))

    @app.post("/api/chat.update")
    def update() -> Response:
        answer, message = slack.answer_update(request.headers.get("Authorization", ""), request.get_data())
        return _respond(answer, jsonify(api_json(answer, message)))

    app.register_blueprint(file_routes(slack.files, _respond))
    control = Blueprint("control", __name__, url_prefix="/_control")
    control.before_request(refuse_other_sites)

    @control.get("/messages")
    def messages() -> Response:
        return jsonify([one.as_json() for one in slack.messages()])

    @control.post("/<command>")
    def command(command: str) -> Response:
        text, status = _control(slack, command, request.get_data())
        return Response(text, status, mimetype="text/plain")

    app.register_blueprint(control)
    if page:
        app.register_blueprint(page)
    return app


def _control(slack: Slack, command: str, body: bytes) -> tuple[str, int]:
    """Run a control command; its JSON body has the arguments."""
    commands: dict[str, Callable[..., None]] = {
        "script": slack.script,  # {"answers": [{"status": 429, "retry_after": 2}], "webhook", "match", "repeat"}
        "outage": slack.outage,  # {} until further notice, {"seconds": 8}, {"seconds": 0} ends it
        "delete": slack.delete,  # {"channel": "chat", "ts": "1769860841.000001"}; without ts all messages
        "slow": slack.slow,  # {"seconds": 2}, {"seconds": 0} ends it
        "switch": slack.switch,  # {"fault": "outage", "on": true, "channel": "alerts", "seconds": 5}
        "reset": slack.reset,  # {}
    }
    if command not in commands:
        return f"no such command: use one of {', '.join(commands)}\n", 404
    try:
        commands[command](**json.loads(body or b"{}"))
    except (TypeError, ValueError) as error:
        return f"{error}\n", 400
    return "done\n", 200


def _respond(answer: Answer, response: Response) -> Response:
    if answer.reset:
        raise ConnectionResetError
    response.status_code = answer.status
    if answer.retry_after is not None:
        response.headers["Retry-After"] = str(answer.retry_after)
    return response
