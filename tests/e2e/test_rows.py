"""The rows' contract on the deployed table, under the function's own role."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from demo.clients import REGION
from shared_state.deliveries_table import TABLE_POLICY, DeliveriesTable
from tests.support.local_aws.pipeline import ALERTS, LocalPipeline
from tests.support.steps.rows_contract import RowsContract

KEYS = ("a", "b")


@pytest.fixture(scope="module")
def dynamodb(pipeline: LocalPipeline) -> Any:  # noqa: ANN401 - boto3's client
    """Return a client under the role of slack_alerts."""
    role = pipeline.configuration(ALERTS)["Role"]
    assumed = pipeline.aws.client("sts").assume_role(RoleArn=role, RoleSessionName="rows")["Credentials"]
    return boto3.client(
        "dynamodb",
        aws_access_key_id=assumed["AccessKeyId"],
        aws_secret_access_key=assumed["SecretAccessKey"],
        aws_session_token=assumed["SessionToken"],
        region_name=REGION,
        endpoint_url=pipeline.aws.endpoint,
    )


class TestDeployedTable(RowsContract):
    @pytest.fixture
    def rows(self, dynamodb: Any, pipeline: LocalPipeline) -> Iterator[DeliveriesTable]:  # noqa: ANN401
        yield DeliveriesTable(dynamodb, pipeline.table, TABLE_POLICY)
        for key in KEYS:
            pipeline.aws.client("dynamodb").delete_item(TableName=pipeline.table, Key={"id": {"S": key}})


def test_the_role_may_do_no_more_with_the_table_than_its_rows_need(dynamodb: Any, pipeline: LocalPipeline) -> None:  # noqa: ANN401
    with pytest.raises(dynamodb.exceptions.ClientError, match="AccessDenied"):
        dynamodb.scan(TableName=pipeline.table)
