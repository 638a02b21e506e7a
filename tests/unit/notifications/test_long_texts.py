"""No text of the largest size takes long: a pattern that backtracks over it would stop intake for hours."""

import json
import time

import pytest

from notifications.parsing import parse
from record_batch.admission import reason_to_skip
from tests.support.samples.notifications import read_sample, record

SIZE = 250_000
"""Bytes that SNS takes."""
BOUND = 2.5
"""Seconds of CPU; the longest takes one, and a pattern that backtracks minutes to hours."""


def filled(unit: str, start: str = "", end: str = "") -> str:
    return start + unit * (SIZE // len(unit)) + end


TEXTS = {
    "spaces": filled(" ", "password"),
    "blank lines": filled("\n", "Alerts Firing:\nLabels:\n"),
    "labels without an end": filled(" ", "Alerts Firing:\nLabels:\n - a = "),
    "hyphens": filled("a-"),
    "dots": filled("a."),
    "addresses without a host": filled("a@"),
    "tokens without an end": filled("eyJ-"),
    "credentials without a host": filled("a:", "https://"),
    "keys without an end": filled("-----BEGIN PRIVATE KEY"),
    "arns without an end": filled("arn:aws"),
    "stack lines without an end": filled("x='y\n", "StackId='\n"),
    "stack lines": filled("a='\n", "StackId='\n"),
    "budget lines": filled(" a", "AWS Budget Notification\n"),
    "a budget's value": filled(" ", "AWS Budget Notification\nBudget Name: x", "y"),
    "an environment": filled(" ", "Timestamp: x\nEnvironment: y", "z"),
    "brackets": filled("<"),
    "one word": filled("x"),
}
PLACES = {
    "alarm description": ("alarm-metric.json", "AlarmDescription"),
    "alarm reason": ("alarm-metric.json", "NewStateReason"),
    "alarm rule": ("alarm-composite.json", "AlarmRule"),
    "unknown event": ("s3-test.json", "Event"),
    "slack text": ("slack-message.json", "text"),
    "autoscaling cause": ("autoscaling-terminated.json", "Cause"),
}
RUNS = [
    *TEXTS.values(),
    filled("runbook "),
    filled(" ", "runbook"),
    filled("ALARM("),
    filled(" ", "ALARM("),
    filled("[1 ("),
]
LISTS = {
    "objects": json.dumps([{"a": 1}] * (SIZE // 10)),
    "empty objects": json.dumps([*[{}] * (SIZE // 4), {"a": 1}]),
    "numbers": json.dumps([*[1] * (SIZE // 3), {"a": 1}]),
    "lists": json.dumps([*[[[]]] * (SIZE // 6), {"a": 1}]),
}


def seconds_of(text: str) -> float:
    began = time.process_time()
    one = record(text)
    reason_to_skip(one)
    parse(one)
    return time.process_time() - began


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_long_text_is_read_in_time(text: str) -> None:
    assert seconds_of(text) < BOUND


@pytest.mark.parametrize(("sample", "field"), PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("text", RUNS, ids=lambda text: repr(text[:24]))
def test_a_long_value_is_read_in_time(sample: str, field: str, text: str) -> None:
    assert seconds_of(json.dumps(read_sample(sample) | {field: text})) < BOUND


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS)
def test_a_long_list_is_read_in_time(text: str) -> None:
    assert seconds_of(text) < BOUND
