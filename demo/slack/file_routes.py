"""The HTTP interface of the Slack stand-in for files."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request

from demo.slack.answer import Answer
from demo.slack.uploads import Upload

if TYPE_CHECKING:
    from demo.slack.files import Files

type Respond = Callable[[Answer, Response], Response]


def file_routes(files: "Files", respond: Respond) -> Blueprint:
    """Return the routes of the three calls of an upload."""
    routes = Blueprint("files", __name__)

    def authorization() -> str:
        return request.headers.get("Authorization", "")

    @routes.post("/api/files.getUploadURLExternal")
    def reserve() -> Response:
        answer, upload = files.answer_reserve(authorization(), request.form)
        url = {"upload_url": f"{request.host_url}upload/v1/{upload.ticket}"} if upload else {}
        return respond(answer, jsonify(_said(answer, upload) | url))

    @routes.post("/upload/v1/<ticket>")
    def send(ticket: str) -> Response:
        answer = files.answer_upload(ticket, request.get_data())
        return respond(answer, Response(answer.body, mimetype="text/plain"))

    @routes.post("/api/files.completeUploadExternal")
    def complete() -> Response:
        answer, upload = files.answer_complete(authorization(), request.form)
        shown = {"files": [{"id": upload.file_id, "title": upload.title}]} if upload else {}
        return respond(answer, jsonify(_said(answer, upload) | shown))

    return routes


def _said(answer: Answer, upload: Upload | None) -> dict[str, object]:
    return {"ok": True, "file_id": upload.file_id} if upload else {"ok": False, "error": answer.body}
