"""The other regions of the account that have a stack of some name."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from holdfast_cli.account import Account
from holdfast_cli.failures import REFUSED_CREDENTIALS, CommandFailed, Exit
from holdfast_cli.stack import Stack, find_stack, is_missing
from holdfast_cli.stack_states import REVIEW
from retry_policies.aws import aws_config
from retry_policies.presets import AWS_READ

CONFIG = aws_config(connect_timeout=3, read_timeout=5)
SEARCH = AWS_READ.with_(name="regions", on_retry=())


@dataclass(frozen=True)
class Search:
    """The regions that have the stack, and those in which AWS did not answer or denied the call."""

    found: list[str]
    unknown: list[str]

    @property
    def doubt(self) -> str:
        """Return the end of a sentence about the regions that are unknown, or an empty string."""
        return f"; it is unknown whether there is one in {', '.join(self.unknown)}" if self.unknown else ""


def search_regions(account: Account, name: str) -> Search:
    """Look for a stack of this name in each other region. A region that is disabled has none."""
    partition = account.session.get_partition_for_region(account.region)
    others = sorted({*account.session.get_available_regions("cloudformation", partition)} - {account.region})
    # boto3's sessions are not thread-safe, its clients are.
    clients = [account.session.client("cloudformation", region_name=one, config=CONFIG) for one in others]
    with ThreadPoolExecutor(max_workers=16) as pool:
        answers = dict(zip(others, pool.map(partial(_has_it, name), clients), strict=True))
    return Search(*([region for region, has in answers.items() if has is wanted] for wanted in (True, None)))


def _has_it(name: str, client: Any) -> bool | None:  # noqa: ANN401 - boto3's client
    """Return whether a region has the stack, or None if the call failed for another reason."""
    try:
        found = SEARCH.call(None, client.describe_stacks, StackName=name)["Stacks"]
    except ClientError as error:
        # A disabled region refuses all credentials. The present region accepted these before.
        disabled = error.response["Error"]["Code"] in REFUSED_CREDENTIALS
        return False if disabled or is_missing(error) else None
    except BotoCoreError:
        return None
    return any(one["StackStatus"] != REVIEW for one in found)


def stack_in(account: Account, name: str) -> Stack:
    """Return the stack of that name; raise CommandFailed, which names the regions that have one."""
    try:
        return find_stack(account.session.client("cloudformation"), name)
    except CommandFailed as failed:
        if failed.code is Exit.NO_STACK:
            search = search_regions(account, name)
            if search.found:
                failed.problem += f", but there is one in {' and '.join(search.found)}"
                failed.advice = f"give --region {search.found[0]}"
            failed.problem += search.doubt
        raise
