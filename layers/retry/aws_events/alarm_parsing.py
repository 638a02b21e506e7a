"""The JSON of an alarm from SNS, EventBridge or a Lambda action, also inside an encoding -> Alarm."""

from collections.abc import Mapping

from aws_events.alarm import Alarm, NotAnAlarm
from aws_events.alarm_event import is_alarm_event, read_alarm_event
from aws_events.alarm_message import is_alarm_message, read_alarm_message
from aws_events.loose_json import dict_of
from aws_events.unwrapping import unwrapped


def parse_alarm(text: str) -> Alarm:
    """Return the alarm. Raises NotAnAlarm."""
    return read_alarm(dict_of(unwrapped(text)))


def read_alarm(message: Mapping[str, object]) -> Alarm:
    """Return the alarm of a message without its encodings. Raises NotAnAlarm."""
    if is_alarm_message(message):
        return read_alarm_message(message)
    if is_alarm_event(message):
        return read_alarm_event(message)
    raise NotAnAlarm("no state change of a CloudWatch alarm")
