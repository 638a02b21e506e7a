"""The text that CloudFormation publishes for each state of a stack and of each of its resources."""

import re
from collections.abc import Mapping

from aws_events.unwrapping import unwrapped

KEY = re.compile(r"(?m)^(\w+)='")
PROGRESS = re.compile(r"(CREATE|UPDATE|DELETE|IMPORT|EXPORT)_(IN_PROGRESS|COMPLETE)|DELETE_SKIPPED")
"""Resource states that are no alert. The others may be failures, like UPDATE_FAILED and a nested stack's rollback."""
STACK = "AWS::CloudFormation::Stack"


def is_stack_event(text: str) -> bool:
    return text.startswith("StackId='")


def read_stack_event(text: str) -> Mapping[str, str]:
    """Return the values of the `key='value'` lines. Of two with one key the first wins: a reason may imitate lines."""
    parts, facts = KEY.split(text), dict[str, str]()
    for key, value in zip(parts[1::2], parts[2::2], strict=True):
        facts.setdefault(key, value.rstrip().removesuffix("'"))
    return facts


def is_resource(facts: Mapping[str, str]) -> bool:
    """Return whether it is about a resource and not about the stack itself; a nested stack is a resource.

    Without a stack's name, a stack counts as the stack itself: its progress is an alert.
    """
    name, kind = facts.get("LogicalResourceId", ""), facts.get("ResourceType", "")
    is_stack = kind == STACK and (
        name == facts.get("StackName", name) or facts.get("PhysicalResourceId") == facts.get("StackId")
    )
    return bool(kind and name) and not is_stack


def is_resource_progress(text: str) -> bool:
    """Return whether the text reports the progress of a resource, which is no alert."""
    if "StackId='" not in text:  # most messages are not parsed here
        return False
    value = unwrapped(text)
    if not isinstance(value, str) or not is_stack_event(value):
        return False
    facts = read_stack_event(value)
    return is_resource(facts) and PROGRESS.fullmatch(facts.get("ResourceStatus", "")) is not None
