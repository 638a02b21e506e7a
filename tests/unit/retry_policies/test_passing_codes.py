"""Codes that mean «not done, for now» wait in a queue. The models are those of the installed botocore."""

import re

import pytest

from retry_policies import Classification, ErrorKind, RetryPolicy, StopReason
from retry_policies.aws import classify_aws_for
from retry_policies.passing_codes import PASSING_BY_SERVICE
from tests.support.aws.passing_codes import candidates, main, modeled_errors
from tests.support.steps.failing import Scenario, client_error

R, P = ErrorKind.THROTTLED, ErrorKind.PERMANENT

ALL = [(service, code) for service, codes in PASSING_BY_SERVICE.items() for code in sorted(codes)]
NOT_MODELED = {"AWS.SimpleQueueService.PurgeQueueInProgress", "AWS.SimpleQueueService.QueueDeletedRecently"}
"""Names of the old SQS API, which botocore gives as the code."""
PASSES = re.compile(
    r"\b(already running|busy|concurrent|contention|in progress|insufficient (\w+ )*capacity|maintenance|not ready"
    r"|ongoing|temporarily|throttl\w*|service unavailable)\b"
)
"""Words with hardly another meaning."""
NOT_CERTAIN = {("neptunedata", "CancelledByMaintenanceException")}
"""The query may have had an effect before it was cancelled."""


@pytest.mark.parametrize("status", [400, 500])
@pytest.mark.parametrize(("service", "code"), ALL)
def test_a_passing_code_waits_for_a_minute_whatever_the_status(service: str, code: str, status: int) -> None:
    assert classify_aws_for(service)(client_error(code, status)) == Classification(R, 60.0, code)


@pytest.mark.parametrize(("headers", "wait"), [({"retry-after": "5"}, 60.0), ({"retry-after": "300"}, 300.0)])
def test_a_longer_wait_asked_for_counts(headers: dict[str, str], wait: float) -> None:
    error = client_error("ExecutionLimitExceeded", 400, headers)
    assert classify_aws_for("stepfunctions")(error) == Classification(R, wait, "ExecutionLimitExceeded")


def test_the_policy_leaves_the_wait_to_the_queue() -> None:
    policy = RetryPolicy(classifier=classify_aws_for("rds"))
    run = Scenario([(0.0, client_error("InvalidDBInstanceState"))], seconds=900.0).run(policy)
    assert (run.info.attempts, run.info.reason, run.info.retry_after) == (1, StopReason.RETRY_AFTER, 60.0)


@pytest.mark.parametrize(
    ("service", "code"),
    [
        ("sns", "TopicLimitExceeded"),
        ("ec2", "InstanceLimitExceeded"),
        ("ec2", "DependencyViolation"),
        ("ec2", "InvalidGroup.InUse"),
        ("iam", "DeleteConflict"),
        ("iam", "LimitExceeded"),
        ("secretsmanager", "LimitExceededException"),
        ("rds", "InvalidDBSubnetGroupStateFault"),
        ("sqs", "KmsInvalidState"),
        ("elbv2", "ResourceInUse"),
        ("cloudfront", "DistributionAlreadyExists"),
        ("iot", "VersionConflictException"),
        ("codecommit", "FileNameConflictsWithDirectoryNameException"),
        ("scheduler", "ConflictException"),
        ("rds", "ExecutionLimitExceeded"),
    ],
)
def test_a_true_conflict_a_quota_of_things_that_stay_and_another_services_code_are_permanent(
    service: str, code: str
) -> None:
    assert classify_aws_for(service)(client_error(code)) == Classification(P, code=code)


def test_each_code_is_in_the_model_of_its_service() -> None:
    modeled = {(error.service, error.code) for error in modeled_errors()}
    unknown = {(service, code) for service, code in ALL if service != "ec2" and code not in NOT_MODELED} - modeled
    assert unknown == set()


def test_a_code_that_says_it_passes_is_not_permanent() -> None:
    named = [error for error in modeled_errors() if PASSES.search(error.words)]
    assert len(named) > 300
    refused = [error for error in named if error.classification.kind not in {R, ErrorKind.TRANSIENT}]
    assert {(error.service, error.code) for error in refused} == NOT_CERTAIN


def test_the_command_lists_each_code_with_its_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(candidates()) > 1000
    main(["stepfunctions", "sns"])
    lines = capsys.readouterr().out.splitlines()
    kinds = {tuple(line.split()[:2]): line.split()[3] for line in lines[:-1]}
    assert kinds["stepfunctions", "ExecutionLimitExceeded"] == "waits"
    assert kinds["sns", "TopicLimitExceeded"] == "PERMANENT"
    assert re.fullmatch(r"\d+ codes, \d+ of them wait", lines[-1])
