"""Hand-written loops that post the alarms of an event, and the posts of one message."""

import json
import ssl
from collections.abc import Callable, Mapping
from http.client import OK, HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

HEADERS = {"Content-Type": "application/json"}
TIMEOUT = 8.0

type Handle = Callable[[Mapping[str, Any]], None]


def session_loop(webhook: str, ca_file: Path | None) -> Handle:
    """Return a handler with one requests.Session."""
    session = requests.Session()
    verify = str(ca_file) if ca_file else True

    def handle(event: Mapping[str, Any]) -> None:
        for record in event["Records"]:
            text = {"text": text_of(record)}
            session.post(webhook, json=text, timeout=TIMEOUT, verify=verify).raise_for_status()

    return handle


def raw_loop(webhook: str, ca_file: Path | None) -> Handle:
    """Return a handler with one connection of http.client."""
    connection = connect(webhook, context(ca_file))

    def handle(event: Mapping[str, Any]) -> None:
        for record in event["Records"]:
            post(connection, webhook, text_of(record))

    return handle


def context(ca_file: Path | None) -> ssl.SSLContext | None:
    return ssl.create_default_context(cafile=ca_file) if ca_file else None


def connect(webhook: str, tls: ssl.SSLContext | None) -> HTTPConnection:
    place = urlsplit(webhook)
    host, port = place.hostname or "", place.port
    return HTTPSConnection(host, port, timeout=TIMEOUT, context=tls) if tls else HTTPConnection(host, port, TIMEOUT)


def post(connection: HTTPConnection, webhook: str, text: str) -> None:
    connection.request("POST", urlsplit(webhook).path, json.dumps({"text": text}), HEADERS)
    answer = connection.getresponse()
    answer.read()
    if answer.status != OK:
        raise OSError(answer.status)


def text_of(record: Mapping[str, Any]) -> str:
    """Return the line of an alarm."""
    alarm = json.loads(json.loads(record["body"])["Message"])
    return f"{alarm['AlarmName']}: {alarm['NewStateValue']}: {alarm['NewStateReason']}"
