"""`holdfast send`: publish a sample event, with its times moved to the present."""

import json
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Annotated

import typer

from holdfast_cli.account import Account, connect
from holdfast_cli.failures import CommandFailed, Exit
from holdfast_cli.options import Json, Profile, Region, StackName
from holdfast_cli.questions import STACK
from holdfast_cli.regions import stack_in
from holdfast_cli.samples import ALERTS, Sample, fresh, samples
from observability.redaction import redact

KINDS = "kinds/"


def complete(incomplete: str) -> Iterator[str]:
    """Yield the names of samples for the shell."""
    return (name for name in names() if name.startswith(incomplete))


def names() -> dict[str, Sample]:
    """Return the samples of the kinds of events by name."""
    return {name.removeprefix(KINDS): one for name, one in samples().items() if name.startswith(KINDS)}


def send(
    sample: Annotated[
        str, typer.Argument(help="A sample of holdfast kinds, like alarm-metric.json.", autocompletion=complete)
    ] = "alarm-metric.json",
    *,
    stack: StackName = STACK.default,
    region: Region = "",
    profile: Profile = "",
    as_json: Json = False,
) -> None:
    """Publish a sample event to the alerts topic, as if it happened now. Its title says nothing about a test.

    Examples:
    holdfast send

    holdfast send guardduty-finding.json --stack alerts
    """
    found = find(sample)
    account = connect(region, profile)
    sns_id = account.watch(f"sending {sample} to stack {stack}", lambda: publish(account, stack, found))
    if as_json:
        print(json.dumps({"sample": sample, "sns_message_id": sns_id, "line": found.line}))
    else:
        print(f"sent: {found.line}\nSNS MessageId {sns_id}; see it in Slack, or: holdfast status")


def find(name: str) -> Sample:
    known = names()
    if name not in known:
        nearest = get_close_matches(name, known, n=1, cutoff=0.0)
        problem = f"there is no sample {redact(name)}"
        raise CommandFailed(problem, f"did you mean {nearest[0]}? All: holdfast kinds", Exit.USAGE)
    return known[name]


def publish(account: Account, stack: str, found: Sample) -> str:
    topic = stack_in(account, stack).alerts_topic_arn
    sns = account.client("sns")
    ids = [sns.publish(TopicArn=topic, Message=fresh(text))["MessageId"] for to, text in found.messages if to == ALERTS]
    return str(ids[0])
