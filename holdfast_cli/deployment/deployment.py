"""One deployment: plan, build, upload, compare, confirm, change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from holdfast_cli.account import Account
from holdfast_cli.deployment.bucket import PREFIX, Bucket, find_bucket
from holdfast_cli.deployment.change_set import Change, ChangeSet, create_change_set
from holdfast_cli.deployment.packaged import BUCKET as BUCKET_PARAMETER
from holdfast_cli.deployment.packaged import PREFIX as PREFIX_PARAMETER
from holdfast_cli.deployment.plan import Plan, make_plan
from holdfast_cli.deployment.source import Source
from holdfast_cli.deployment.stack_events import StackEvents
from holdfast_cli.failures import CommandFailed
from holdfast_cli.progress import Show, progress

type Confirm = Callable[[Plan, list[Change]], bool]


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """A version for one stack of one account; `given` are the parameters to set."""

    account: Account
    stack: str
    source: Source
    given: Mapping[str, str]
    confirm: Confirm
    bucket: str = ""
    may_be_second: bool = False

    def run(self) -> bool:
        """Deploy; return whether anything was changed. Nothing is built before account and stack are known."""
        with progress(f"reading stack {self.stack}"):
            plan = make_plan(self.account, self.stack, may_be_second=self.may_be_second)
        plan.check_new(self.given)
        with progress("preparing the code") as step:
            change_set = self._compare(plan, step)
        if change_set is None:
            return False
        try:
            self._confirm(plan, change_set)
            events = StackEvents.from_now(self.account.client("cloudformation"), self.stack)
        except BaseException:  # also Ctrl-C: a new stack would stay in REVIEW_IN_PROGRESS
            change_set.discard()
            raise
        change_set.execute()
        with progress("CloudFormation begins") as step:
            events.follow(step)
        return True

    def _confirm(self, plan: Plan, change_set: ChangeSet) -> None:
        if not self.confirm(plan, [*change_set.changes()]):
            raise CommandFailed("the changes were not confirmed: nothing was changed", "deploy again, and answer y")

    def _compare(self, plan: Plan, step: Show) -> ChangeSet | None:
        """Build and upload; return the changes, or None if there are none."""
        definitions = self.source.definitions
        packaged = self.source.package(plan.architecture(definitions, self.given), step)
        bucket: Bucket = find_bucket(self.account, self.bucket or plan.present.get(BUCKET_PARAMETER, ""))
        url = bucket.upload(packaged, step)
        step("CloudFormation compares the stack with the template")
        place = {BUCKET_PARAMETER: bucket.name, PREFIX_PARAMETER: PREFIX}
        parameters = plan.parameters(definitions, {**self.given, **place})
        client = self.account.client("cloudformation")
        return create_change_set(client, self.stack, url, parameters, is_new=plan.is_new)
