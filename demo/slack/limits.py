"""Slack's documented limits of a webhook's body."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

MAX_TEXT = 40_000  # longer text is cut, not refused
MAX_BLOCKS = 50
MAX_ATTACHMENTS = 100
MAX_HEADER = 150
MAX_SECTION = 3_000
MAX_FIELDS = 10
MAX_FIELD = 2_000
MAX_CONTEXT_ELEMENTS = 10
MAX_ACTION_ELEMENTS = 25
MAX_BUTTON_TEXT = 75
MAX_URL = 3_000
MAX_ALT_TEXT = 2_000
MAX_BLOCK_ID = 255

Json = Mapping[str, object]


@dataclass(frozen=True)
class Posting:
    """The parts of a webhook's body, and the error code if Slack refuses it."""

    error: str = ""
    text: str = ""
    blocks: tuple[Json, ...] = field(default=())
    attachments: tuple[Json, ...] = field(default=())
    thread_ts: str = ""
    """The message to which it replies, by the Web API only."""
    is_broadcast: bool = False


def read_posting(body: bytes) -> Posting:
    """Read the body of a webhook request as Slack does."""
    try:
        message = json.loads(body.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return Posting(error="invalid_payload")
    if not isinstance(message, dict):
        return Posting(error="invalid_payload")
    text, blocks, attachments = (message.get(name) or empty for name, empty in _PARTS)
    error = _error(text, blocks, attachments)
    shown = text[:MAX_TEXT] if isinstance(text, str) else ""
    return Posting(error, shown, _objects(blocks), _objects(attachments))


_PARTS: tuple[tuple[str, object], ...] = (("text", ""), ("blocks", []), ("attachments", []))


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _error(text: object, blocks: object, attachments: object) -> str:
    if not isinstance(text, str):
        return "invalid_payload"
    if not (isinstance(blocks, list) and len(blocks) <= MAX_BLOCKS and all(map(_block_fits, blocks))):
        return "invalid_blocks"
    if not (isinstance(attachments, list) and all(map(_attachment_fits, attachments))):
        return "invalid_attachments"
    if len(attachments) > MAX_ATTACHMENTS:
        return "too_many_attachments"
    if not (text.strip() or blocks or attachments):
        return "no_text"
    return ""


def _attachment_fits(attachment: object) -> bool:
    """Return whether an attachment is an object whose blocks keep their limits."""
    blocks = attachment.get("blocks", []) if isinstance(attachment, dict) else None
    return isinstance(blocks, list) and len(blocks) <= MAX_BLOCKS and all(map(_block_fits, blocks))


def _objects(parts: object) -> tuple[Json, ...]:
    return tuple(part for part in parts if isinstance(part, dict)) if isinstance(parts, Iterable) else ()


def _block_fits(block: object) -> bool:
    """Return whether a block is of a known type and within its limits."""
    if not isinstance(block, dict) or not _text_fits(block.get("block_id", "-"), MAX_BLOCK_ID):
        return False
    kind = block.get("type")
    return kind in _UNCHECKED_BLOCKS or (kind in _BLOCKS and _BLOCKS[kind](block))


def _header_fits(block: Json) -> bool:
    return _object_fits(block.get("text"), MAX_HEADER, {"plain_text"})


def _section_fits(block: Json) -> bool:
    fields = block.get("fields", [])
    if "text" not in block and not fields:
        return False
    return (
        ("text" not in block or _object_fits(block["text"], MAX_SECTION))
        and isinstance(fields, list)
        and len(fields) <= MAX_FIELDS
        and all(_object_fits(one, MAX_FIELD) for one in fields)
        and ("accessory" not in block or _element_fits(block["accessory"]))
    )


def _elements_fit(block: Json) -> bool:
    most = MAX_CONTEXT_ELEMENTS if block["type"] == "context" else MAX_ACTION_ELEMENTS
    elements = block.get("elements")
    return isinstance(elements, list) and 1 <= len(elements) <= most and all(map(_element_fits, elements))


def _element_fits(element: object) -> bool:
    if not isinstance(element, dict):
        return False
    match element.get("type"):
        case "plain_text" | "mrkdwn":
            return _object_fits(element, MAX_SECTION)
        case "image":
            return _image_fits(element)
        case "button":
            return _object_fits(element.get("text"), MAX_BUTTON_TEXT, {"plain_text"}) and _text_fits(
                element.get("url", "-"), MAX_URL
            )
        case kind:
            return isinstance(kind, str)


def _image_fits(image: Json) -> bool:
    return _text_fits(image.get("image_url", "-"), MAX_URL) and _text_fits(image.get("alt_text"), MAX_ALT_TEXT)


def _object_fits(text: object, most: int, kinds: Iterable[str] = ("plain_text", "mrkdwn")) -> bool:
    return isinstance(text, dict) and text.get("type") in {*kinds} and _text_fits(text.get("text"), most)


def _text_fits(text: object, most: int) -> bool:
    return isinstance(text, str) and 1 <= len(text) <= most


_UNCHECKED_BLOCKS = frozenset({"divider", "rich_text", "markdown", "table", "video", "file", "input"})
_BLOCKS: Mapping[object, Callable[[Json], bool]] = {
    "header": _header_fits,
    "section": _section_fits,
    "context": _elements_fit,
    "actions": _elements_fit,
    "image": _image_fits,
}
