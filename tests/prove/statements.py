"""make prove: take each grant of our functions' roles away, on the local AWS, and see a scenario go red.

One by one, as needs.py has them; each is given back, and its scenario must be green again. Exits 1 where one stays
green without its grant, or red with it. `python -m tests.prove.statements ActionsRole` does that role's only.
"""

import json
import sys
from collections.abc import Collection
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from holdfast_cli.stack import Stack
from tests.prove.needs import HELD, PROVEN, Proven
from tests.support.local_aws.pipeline import LocalPipeline
from tests.support.stack.grants import Grant, grants
from tests.support.stack.policies import Policy

VARIANTS: tuple[dict[str, str], ...] = ({}, {"SecretStore": "secretsmanager"})
"""Deployed one after the other; each grant is proven in the first that has it."""
KEEPS = {
    "IntakeRole": "IntakeFunctionName",
    "SlackAlertsRole": "SlackAlertsFunctionName",
    "ActionsRole": "ActionsFunctionName",
}
"""Functions that keep what they have read, or the role that they have assumed; redrive reads anew."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What its scenario said went wrong; "" where nothing did."""

    without: str
    given_back: str

    @property
    def is_proof(self) -> bool:
        return bool(self.without) and not self.given_back

    def __str__(self) -> str:
        if self.given_back:
            return f"[bold red]RED WITH IT TOO[/]: {escape(self.given_back)}"
        return escape(self.without) or "[bold red]NOTHING"


def prove(asked: Collection[Proven]) -> dict[Proven, Seen]:
    """What became of each of these grants that some variant has."""
    became: dict[Proven, Seen] = {}
    with LocalAws() as aws, SlackStandin() as slack:
        topic = aws.client("sns").create_topic(Name="direct")["TopicArn"]
        for variant in VARIANTS:
            stack = aws.deploy(SlackApiUrl=slack.api_url, DirectTopicArn=topic, **variant)
            store(aws, stack, slack)
            pipeline = LocalPipeline(aws, stack, slack)
            for proven in (one for one in asked if one not in became):
                for policy in Policy.all_of(pipeline, proven.what.role):
                    for grant in grants(policy.document):
                        if proven.what.names(proven.what.role, grant):
                            became[proven] = take_away(pipeline, policy, grant, proven)
    return became


def store(aws: LocalAws, stack: Stack, slack: SlackStandin) -> None:
    """The secrets and the routes that the scenarios go by."""
    secrets = {
        stack.default_destination: slack.webhook_url("ops"),
        "chat": json.dumps({"token": slack.bot_token(), "channel": slack.channel_id("chat")}),
    }
    for name, secret in secrets.items():
        if stack.secret_store == "ssm":  # noqa: S105 - the name of a store
            aws.store_destination(stack, secret, name)
        else:
            aws.client(stack.secret_store).create_secret(Name=f"{stack.destinations_path}/{name}", SecretString=secret)
    aws.store_routes(stack, json.dumps({"routes": [{"match": {"alarm": "bot-*"}, "destination": "chat"}]}))


def take_away(pipeline: LocalPipeline, policy: Policy, grant: Grant, proven: Proven) -> Seen:
    with policy.without(grant):
        red = play(pipeline, proven)
    return Seen(red, play(pipeline, proven))


def play(pipeline: LocalPipeline, proven: Proven) -> str:
    """What its scenario says went wrong; "" where nothing did."""
    pipeline.slack.reset()
    pipeline.clear()
    if function := KEEPS.get(proven.what.role):
        pipeline.restart(function)
    try:
        proven.scenario(pipeline)
    except AssertionError as error:
        return str(error) or "it raised"
    return ""


def main(roles: Collection[str]) -> int:
    asked = [one for one in PROVEN if not roles or one.what.role in roles]
    became = prove(asked)
    table = Table("role", "statement", "action", "scenario", "what goes red without it")
    for one in asked:
        statement = f"{one.what.sid} {one.what.on}".strip()
        seen = str(became.get(one, "[bold red]NOT DEPLOYED"))
        table.add_row(one.what.role, statement, one.what.action, one.scenario.__name__, seen)
    test = Column("held by", overflow="fold")
    others = Table("role", "statement", "action", "the local AWS", test, title="not provable on the local AWS")
    for held in HELD:
        others.add_row(held.what.role, f"{held.what.sid} {held.what.on}".strip(), held.what.action, held.why, held.test)
    console = Console(width=200)
    console.print(table, others)
    return 0 if became.keys() == set(asked) and all(one.is_proof for one in became.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
