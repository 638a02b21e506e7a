"""make prove: remove each grant of the functions' roles on the local AWS, and check that its scenario fails.

The grants of grant_proofs.py are removed one by one and restored; then the scenario must succeed again. Exits 1 if a
scenario succeeds without its grant or fails with it. `python -m tests.prove.statements ActionsRole` checks one role.
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
from tests.prove.grant_proofs import PROVEN, TESTED, ProvenGrant
from tests.support.local_aws.pipeline import LocalPipeline
from tests.support.stack.grants import Grant, grants
from tests.support.stack.policies import Policy

VARIANTS: tuple[dict[str, str], ...] = ({}, {"SecretStore": "secretsmanager"})
"""Deployed one after the other; each grant is checked in the first that has it."""
CACHING = {
    "IntakeRole": "IntakeFunctionName",
    "SlackAlertsRole": "SlackAlertsFunctionName",
    "ActionsRole": "ActionsFunctionName",
}
"""Functions that cache documents, secrets or credentials, and are restarted before each scenario."""


@dataclass(frozen=True, slots=True)
class Result:
    """The errors of a scenario without the grant, and after it was restored; "" is success."""

    without: str
    restored: str

    @property
    def is_proof(self) -> bool:
        return bool(self.without) and not self.restored

    def __str__(self) -> str:
        if self.restored:
            return f"[bold red]FAILS WITH IT TOO[/]: {escape(self.restored)}"
        return escape(self.without) or "[bold red]NOTHING"


def prove(selected: Collection[ProvenGrant]) -> dict[ProvenGrant, Result]:
    """Return the results of the grants that exist in a variant."""
    results: dict[ProvenGrant, Result] = {}
    with LocalAws() as aws, SlackStandin() as slack:
        topic = aws.client("sns").create_topic(Name="direct")["TopicArn"]
        for variant in VARIANTS:
            stack = aws.deploy(SlackApiUrl=slack.api_url, DirectTopicArn=topic, **variant)
            store(aws, stack, slack)
            pipeline = LocalPipeline(aws, stack, slack)
            for proven in (one for one in selected if one not in results):
                for policy in Policy.all_of(pipeline, proven.name.role):
                    for grant in grants(policy.document):
                        if proven.name.matches(proven.name.role, grant):
                            results[proven] = remove_and_restore(pipeline, policy, grant, proven)
    return results


def store(aws: LocalAws, stack: Stack, slack: SlackStandin) -> None:
    """Store the secrets and the routes of the scenarios."""
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


def remove_and_restore(pipeline: LocalPipeline, policy: Policy, grant: Grant, proven: ProvenGrant) -> Result:
    with policy.without(grant):
        without = play(pipeline, proven)
    return Result(without, play(pipeline, proven))


def play(pipeline: LocalPipeline, proven: ProvenGrant) -> str:
    """Return the error of the scenario; "" if it succeeds."""
    pipeline.slack.reset()
    pipeline.clear()
    if function := CACHING.get(proven.name.role):
        pipeline.restart(function)
    try:
        proven.scenario(pipeline)
    except AssertionError as error:
        return str(error) or "it raised"
    return ""


def main(roles: Collection[str]) -> int:
    selected = [one for one in PROVEN if not roles or one.name.role in roles]
    results = prove(selected)
    table = Table("role", "statement", "action", "scenario", "failure without the grant")
    for one in selected:
        name, result = one.name, str(results.get(one, "[bold red]NOT DEPLOYED"))
        table.add_row(name.role, f"{name.sid} {name.on}".strip(), name.action, one.scenario.__name__, result)
    test = Column("test of the template", overflow="fold")
    others = Table("role", "statement", "action", "the local AWS", test, title="not provable on the local AWS")
    for tested in (one for one in TESTED if not roles or one.name.role in roles):
        name = tested.name
        others.add_row(name.role, f"{name.sid} {name.on}".strip(), name.action, tested.reason, tested.test)
    Console(width=200).print(table, others)
    return 0 if results.keys() == set(selected) and all(one.is_proof for one in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
