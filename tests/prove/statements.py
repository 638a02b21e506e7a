"""make prove: take each grant of our functions' roles away, on the local AWS, and see a scenario go red.

One by one, as needs.py has them; each is given back, and its scenario must be green again. Exits 1 where one stays
green without its grant, or red with it.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from local.platform import LocalAws
from local.slack_standin import SlackStandin
from local.stack import Stack
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from tests.prove.needs import HELD, PROVEN, Proven
from tests.support.grants import Grant, grants, without
from tests.support.local_road import LocalRoad

VARIANTS: tuple[dict[str, str], ...] = ({}, {"SecretStore": "secretsmanager"})
"""Deployed one after the other; each grant is proven in the first that has it."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the deployed stack, with its one policy."""

    iam: Any
    name: str
    policy: str
    document: dict[str, Any]

    @classmethod
    def find(cls, road: LocalRoad, logical: str) -> "Role":
        found = road.aws.client("cloudformation").describe_stack_resource(
            StackName=road.stack.name, LogicalResourceId=logical
        )
        name = found["StackResourceDetail"].get("PhysicalResourceId", "")
        iam = road.aws.client("iam")
        [policy] = iam.list_role_policies(RoleName=name)["PolicyNames"]
        return cls(iam, name, policy, iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"])

    def grant(self, proven: Proven) -> Grant | None:
        """The one that is meant; None where this stack has none."""
        return next((one for one in grants(self.document) if proven.what.names(proven.what.role, one)), None)

    @contextmanager
    def without(self, grant: Grant) -> Iterator[None]:
        self._put(without(self.document, grant))
        try:
            yield
        finally:
            self._put(self.document)

    def _put(self, document: dict[str, Any]) -> None:
        self.iam.put_role_policy(RoleName=self.name, PolicyName=self.policy, PolicyDocument=json.dumps(document))


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


def prove() -> dict[Proven, Seen]:
    """What became of each grant that some variant has."""
    became: dict[Proven, Seen] = {}
    with LocalAws() as aws, SlackStandin() as slack:
        topic = aws.client("sns").create_topic(Name="direct")["TopicArn"]
        for variant in VARIANTS:
            stack = aws.deploy(SlackApiUrl=slack.api_url, DirectTopicArn=topic, **variant)
            store(aws, stack, slack)
            road = LocalRoad(aws, stack, slack)
            for proven in (one for one in PROVEN if one not in became):
                role = Role.find(road, proven.what.role)
                if grant := role.grant(proven):
                    became[proven] = take_away(road, role, grant, proven)
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


def take_away(road: LocalRoad, role: Role, grant: Grant, proven: Proven) -> Seen:
    with role.without(grant):
        red = play(road, proven)
    return Seen(red, play(road, proven))


def play(road: LocalRoad, proven: Proven) -> str:
    """What its scenario says went wrong; "" where nothing did."""
    road.slack.reset()
    road.clear()
    if proven.what.role == "SlackAlertsRole":  # it keeps what it has read, and redrive reads anew
        road.start_cold()
    try:
        proven.scenario(road)
    except AssertionError as error:
        return str(error) or "it raised"
    return ""


def main() -> int:
    became = prove()
    table = Table("role", "statement", "action", "scenario", "what goes red without it")
    for one in PROVEN:
        statement = f"{one.what.sid} {one.what.on}".strip()
        seen = str(became.get(one, "[bold red]NOT DEPLOYED"))
        table.add_row(one.what.role, statement, one.what.action, one.scenario.__name__, seen)
    test = Column("held by", overflow="fold")
    others = Table("role", "statement", "action", "the local AWS", test, title="not provable on the local AWS")
    for held in HELD:
        others.add_row(held.what.role, f"{held.what.sid} {held.what.on}".strip(), held.what.action, held.why, held.test)
    console = Console(width=200)
    console.print(table, others)
    return 0 if became.keys() == set(PROVEN) and all(one.is_proof for one in became.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
