"""Attributes of a message as SQS takes them, and the rules that SQS has for them."""

import base64
import math
import re
from collections.abc import Mapping
from typing import NotRequired, TypedDict

from aws_events.record import Attribute

SQS_ATTRIBUTES = 10
"""The most attributes of a message."""
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,254}")
"""The name of a message attribute."""
KIND = re.compile(r"(?:String|Number|Binary)(?:\.[A-Za-z0-9_.-]{1,240})?")
"""The type of a message attribute."""
SIZE_LIMIT = 1_048_576
"""Bytes of a message's body and attributes, as SQS counts them."""


class SqsAttribute(TypedDict):
    """An attribute as SendMessage takes it."""

    DataType: str
    StringValue: NotRequired[str]
    BinaryValue: NotRequired[bytes]


def message_size(body: str, attributes: Mapping[str, SqsAttribute]) -> int:
    """Return the bytes of a message as SQS counts them: body, and each attribute's name, type and value."""
    texts = [body]
    size = 0
    for name, attribute in attributes.items():
        texts += [name, attribute["DataType"], attribute.get("StringValue", "")]
        size += len(attribute.get("BinaryValue", b""))
    return size + sum(len(text.encode(errors="surrogatepass")) for text in texts)


def is_sendable(name: str, attribute: Mapping[str, object]) -> bool:
    """Return whether SQS accepts the attribute: a publisher of raw messages may nest any text in our attribute."""
    texts = {key: value for key, value in attribute.items() if isinstance(value, str)}
    if texts.keys() != attribute.keys():
        return False
    try:
        sent = to_sqs(texts)
        text = sent.get("StringValue", "").encode()
        is_number = not sent["DataType"].startswith("Number") or math.isfinite(float(text))
    except ValueError:  # also the errors of base64 and Unicode
        return False
    return bool(
        is_number and (text or sent.get("BinaryValue")) and NAME.fullmatch(name) and KIND.fullmatch(sent["DataType"])
    )


def to_sqs(attribute: Attribute) -> SqsAttribute:
    """Convert an attribute from Lambda's shape, {"dataType": …, "stringValue": …}, to SendMessage's."""
    kind = attribute.get("dataType", "String")
    if "binaryValue" in attribute:
        return {"DataType": kind, "BinaryValue": base64.b64decode(attribute["binaryValue"])}
    return {"DataType": kind, "StringValue": attribute.get("stringValue", "")}
