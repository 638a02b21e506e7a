"""The AWS account and region of a command, known before it does anything."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import ProfileNotFound

from holdfast_cli.failures import CONFIGURATION, CommandFailed, Exit, call_aws
from holdfast_cli.progress import progress
from holdfast_cli.questions import REGION, Read, ask
from observability.redaction import redact

CHECKING = "checking the credentials"
READING = "reading the AWS configuration"
CONFIG = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 2})


@dataclass(frozen=True)
class Account:
    """A session whose credentials AWS has accepted."""

    session: boto3.Session
    id: str
    profile: str = ""

    @property
    def region(self) -> str:
        return str(self.session.region_name)

    @property
    def where(self) -> str:
        return _where(self.id, self.region, self.profile)

    def client(self, service: str, config: Config | None = None) -> Any:  # noqa: ANN401 - no types for most services
        make: Any = self.session.client
        return make(service, config=config)

    def run[T](self, doing: str, work: Callable[[], T]) -> T:
        """Return the result of `work`. Raise CommandFailed, which names this account and region."""
        try:
            return call_aws(doing, work)
        except CommandFailed as failed:
            failed.where = self.where
            raise

    def watch[T](self, doing: str, work: Callable[[], T]) -> T:
        """Return the result of `work` as `run` does, and show that it goes on. `work` prints nothing."""
        with progress(doing):
            return self.run(doing, work)


def connect(region: str, profile: str, read: Read = ask) -> Account:
    """Return the account of the credentials; ask for the region if none is configured. Raise CommandFailed."""
    session = _session(region, profile)
    if not session.region_name:
        session = _session(_ask_region(read), profile)
    shown = profile or ("" if session.profile_name == "default" else session.profile_name)
    try:
        with progress(CHECKING):
            account = _account_of(session)
    except CommandFailed as failed:
        failed.where = _where("unknown", str(session.region_name), shown)
        _suggest_region(failed, session)
        raise
    return Account(session, account, shown)


def _account_of(session: boto3.Session) -> str:
    """Return the account of the credentials. Raise CommandFailed, also for a profile that leads to none."""
    try:
        # The client reads the credentials: a part of them, or the output of a program, may be wrong.
        return call_aws(CHECKING, lambda: session.client("sts", config=CONFIG).get_caller_identity()["Account"])
    except (OSError, ValueError) as error:
        kind = type(error).__name__
    # Outside of the except block: its context may hold the output of the profile's program.
    raise CommandFailed(f"{CHECKING}: {kind}", CONFIGURATION, Exit.NO_ACCESS)


def _session(region: str, profile: str) -> boto3.Session:
    try:
        return call_aws(READING, lambda: _open(region, profile))
    except CommandFailed as failed:
        failed.where = _where("unknown", region or "unknown", profile)
        raise


def _open(region: str, profile: str) -> boto3.Session:
    try:
        return boto3.Session(profile_name=profile or None, region_name=region or None)
    except ProfileNotFound as error:
        known = botocore.session.Session().available_profiles  # boto3's would look for the unknown profile again
        advice = f"{_nearest(profile, known)}your profiles: {', '.join(known) or 'none'}"
        raise CommandFailed(f"{READING}: there is no such profile", advice, Exit.NO_ACCESS) from error


def _ask_region(read: Read) -> str:
    """Ask for the region on a terminal only: a pipe has a secret, or belongs to a script that must name its region."""
    region = REGION.ask({}, read) if sys.stdin.isatty() else ""
    if not region:
        advice = "give --region, set AWS_REGION, or configure one: aws configure set region REGION"
        raise CommandFailed("no region is configured", advice, Exit.USAGE)
    return region


def _suggest_region(failed: CommandFailed, session: boto3.Session) -> None:
    """Add the nearest name to the failure if boto3 does not know the region."""
    partitions = session.get_available_partitions()
    known = [one for name in partitions for one in session.get_available_regions("cloudformation", name)]
    region = str(session.region_name)
    if region not in known:
        failed.problem += f"; there may be no region {redact(region)}"
        failed.advice, failed.code = f"{_nearest(region, known)}give --region", Exit.USAGE


def _nearest(name: str, known: list[str]) -> str:
    found = get_close_matches(name, known, n=1)
    return f"did you mean {found[0]}? " if found else ""


def _where(account: str, region: str, profile: str) -> str:
    return redact(f"account {account}, region {region}{f', profile {profile}' if profile else ''}")
