"""The checks of `holdfast doctor`."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from botocore.exceptions import ClientError

from holdfast_cli.account import Account
from holdfast_cli.failures import CommandFailed, Exit, call_aws
from holdfast_cli.installation import FILES, IS_CHECKOUT
from holdfast_cli.operations import ops_problem, subscribers_of
from holdfast_cli.regions import stack_in
from holdfast_cli.routes import NoRoutes, fetch
from holdfast_cli.routes import check as check_routes
from holdfast_cli.sam import SAM
from holdfast_cli.stack import Stack
from holdfast_cli.stack_states import GOOD, advice_for
from holdfast_cli.status_facts import alarms_of, is_raised


class Health(StrEnum):
    GOOD = "ok"
    NOTE = "note"
    """Not a fault: the next step of an installation."""
    BAD = "fault"


@dataclass(frozen=True)
class Check:
    """The result of one check, and the advice if it is not good."""

    name: str
    health: Health
    found: str
    advice: str = ""


def check_installation() -> Check:
    python = ".".join(map(str, sys.version_info[:3]))
    if not IS_CHECKOUT:
        return Check("installation", Health.GOOD, f"package with its code, Python {python}")
    if not SAM.exists():
        return Check("installation", Health.BAD, f"checkout {FILES} without sam, Python {python}", "make setup")
    return Check("installation", Health.GOOD, f"checkout, built by sam at each deployment, Python {python}")


def check_account(account: Account) -> Check:
    return Check("credentials", Health.GOOD, account.where)


def check_stack(account: Account, name: str) -> Iterator[Check]:
    """Yield the checks of a stack; without one, the next step."""
    try:
        stack = call_aws(f"reading stack {name}", lambda: stack_in(account, name))
    except CommandFailed as failed:
        is_missing = failed.code is Exit.NO_STACK and "but there is one in" not in failed.problem
        advice = "holdfast deploy --ops-email ADDRESS" if is_missing else failed.advice
        yield Check("stack", Health.NOTE if is_missing else Health.BAD, failed.problem, advice)
        return
    is_good = stack.status in GOOD
    advice = "" if is_good else advice_for(name, stack.status)
    yield Check("stack", Health.GOOD if is_good else Health.BAD, f"{name}: {stack.status}", advice)
    for check, what in ((_secret, "secret"), (_operations, "operations"), (_routes, "routes"), (_alarms, "alarms")):
        yield _guarded(what, check, account, stack)


def _guarded(name: str, check: Callable[[Account, Stack], Check], account: Account, stack: Stack) -> Check:
    """Return the check; a denied permission is its result."""
    try:
        return call_aws(f"checking {name}", lambda: check(account, stack))
    except CommandFailed as failed:
        return Check(name, Health.BAD, failed.problem, failed.advice)


def _secret(account: Account, stack: Stack) -> Check:
    """Look whether the default destination has a secret; its value is not read in clear."""
    name = f"{stack.destinations_path}/{stack.default_destination}"
    try:
        if stack.secret_store == "ssm":  # noqa: S105 - the name of a store
            account.client("ssm").get_parameter(Name=name, WithDecryption=False)
        else:
            account.client("secretsmanager").describe_secret(SecretId=name)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"ParameterNotFound", "ResourceNotFoundException"}:
            raise
        return Check("secret", Health.BAD, f"{name} does not exist", f"holdfast secret --stack {stack.name}")
    return Check("secret", Health.GOOD, f"{name} in {stack.secret_store}")


def _operations(account: Account, stack: Stack) -> Check:
    confirmed, pending = subscribers_of(account.client("sns"), stack.ops_topic_arn)
    problem, advice = ops_problem(confirmed, pending, stack.ops_topic_arn)
    return Check("operations", Health.BAD if problem else Health.GOOD, problem or ", ".join(confirmed), advice)


def _routes(account: Account, stack: Stack) -> Check:
    try:
        document = check_routes(fetch(account, stack.name))
    except CommandFailed as failed:
        health = Health.NOTE if isinstance(failed, NoRoutes) else Health.BAD
        return Check("routes", health, failed.problem, failed.advice)
    return Check("routes", Health.GOOD, f"{len(document.routes)} routes in {stack.routes_parameter}")


def _alarms(account: Account, stack: Stack) -> Check:
    alarms = alarms_of(account, stack)
    raised = [one["AlarmName"] for one in alarms if is_raised(one)]
    if raised:
        return Check("alarms", Health.BAD, f"in ALARM: {', '.join(raised)}", f"holdfast status --stack {stack.name}")
    if not alarms:
        advice = f"see whether they were deleted: aws cloudformation detect-stack-drift --stack-name {stack.name}"
        return Check("alarms", Health.BAD, "no alarm of the stack was found", advice)
    return Check("alarms", Health.GOOD, f"none of {len(alarms)} is in ALARM")
