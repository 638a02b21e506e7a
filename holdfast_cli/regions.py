"""The other regions of the account that have a stack of some name."""

from concurrent.futures import ThreadPoolExecutor

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from holdfast_cli.account import Account
from holdfast_cli.failures import CommandFailed, Exit
from holdfast_cli.stack import Stack, find_stack

CONFIG = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 1})


def regions_with(account: Account, name: str) -> list[str]:
    """Return the regions that have a stack of this name. A region that is disabled or does not answer has none."""
    partition = account.session.get_partition_for_region(account.region)
    others = set(account.session.get_available_regions("cloudformation", partition)) - {account.region}
    # boto3's sessions are not thread-safe, its clients are.
    clients = {one: account.session.client("cloudformation", region_name=one, config=CONFIG) for one in others}

    def has_it(region: str) -> bool:
        try:
            found = clients[region].describe_stacks(StackName=name)["Stacks"]
        except (ClientError, BotoCoreError):
            return False
        return any(one["StackStatus"] != "REVIEW_IN_PROGRESS" for one in found)

    with ThreadPoolExecutor(max_workers=16) as pool:
        return sorted(region for region, has in zip(others, pool.map(has_it, others), strict=True) if has)


def stack_in(account: Account, name: str) -> Stack:
    """Return the stack of that name; raise CommandFailed, which names the regions that have one."""
    try:
        return find_stack(account.session.client("cloudformation"), name)
    except CommandFailed as failed:
        if failed.code is Exit.NO_STACK and (others := regions_with(account, name)):
            failed.problem += f", but there is one in {' and '.join(others)}"
            failed.advice = f"give --region {others[0]}"
        raise
