"""The uploads of the Slack stand-in: a ticket for each file, then its bytes, then the message that shows it."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

MAX_ALT_TEXT = 1_000


@dataclass
class Upload:
    """A file."""

    file_id: str
    ticket: str
    """The last part of its upload URL."""
    name: str
    length: int
    alt_text: str
    title: str = ""
    data: bytes = b""


class Uploads:
    """The files that are not shown yet."""

    def __init__(self) -> None:
        self._open: list[Upload] = []

    def reserve(self, form: Mapping[str, str]) -> Upload | str:
        """Return a new upload, or Slack's error code."""
        name, length, alt_text = form.get("filename", ""), form.get("length", ""), form.get("alt_txt", "")
        if not name or not length.isdigit() or not int(length):
            return "invalid_arguments"
        if len(alt_text) > MAX_ALT_TEXT:
            return "alt_txt_too_large"
        upload = Upload(f"F{secrets.token_hex(5).upper()}", secrets.token_urlsafe(24), name, int(length), alt_text)
        self._open.append(upload)
        return upload

    def take(self, ticket: str, data: bytes) -> bool:
        """Keep the bytes; return whether there is such an upload and they have its length."""
        found = [one for one in self._open if one.ticket == ticket and one.length == len(data)]
        for upload in found:
            upload.data = data
        return bool(found)

    def complete(self, form: Mapping[str, str]) -> Upload | str:
        """End an upload; return it, or Slack's error code."""
        try:
            [file] = json.loads(form.get("files", ""))
            file_id, title = str(file["id"]), str(file.get("title", ""))
        except (ValueError, TypeError, KeyError, AttributeError):
            return "invalid_arguments"
        found = [one for one in self._open if one.file_id == file_id and one.data]
        if not found:
            return "file_not_found"
        found[0].title = title
        self._open.remove(found[0])
        return found[0]
