"""The rows' contract on the deployed table, under the function's own role."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from demo.clients import REGION
from demo.platform import LocalAws
from holdfast_cli.stack import Stack
from shared_state.deliveries_table import TABLE_POLICY, DeliveriesTable
from tests.support.steps.rows_contract import RowsContract

KEYS = ("a", "b")


@pytest.fixture(scope="module")
def role(aws: LocalAws, stack: Stack) -> boto3.Session:
    """The function's role, as the function takes it on."""
    function = aws.client("lambda").get_function_configuration(FunctionName=stack.function_name)
    taken = aws.client("sts").assume_role(RoleArn=function["Role"], RoleSessionName="rows")["Credentials"]
    return boto3.Session(
        aws_access_key_id=taken["AccessKeyId"],
        aws_secret_access_key=taken["SecretAccessKey"],
        aws_session_token=taken["SessionToken"],
        region_name=REGION,
    )


class TestDeployedTable(RowsContract):
    @pytest.fixture
    def rows(self, aws: LocalAws, stack: Stack, role: boto3.Session) -> Iterator[DeliveriesTable]:
        name = table_name(aws, stack)
        make: Any = role.client
        yield DeliveriesTable(make("dynamodb", endpoint_url=aws.endpoint), name, TABLE_POLICY)
        for key in KEYS:
            aws.client("dynamodb").delete_item(TableName=name, Key={"id": {"S": key}})


def table_name(aws: LocalAws, stack: Stack) -> str:
    function = aws.client("lambda").get_function_configuration(FunctionName=stack.function_name)
    name: str = function["Environment"]["Variables"]["DELIVERIES_TABLE"]
    return name


def test_the_role_may_do_no_more_with_the_table_than_its_rows_need(
    aws: LocalAws, stack: Stack, role: boto3.Session
) -> None:
    client: Any = role.client("dynamodb", endpoint_url=aws.endpoint)
    with pytest.raises(client.exceptions.ClientError, match="AccessDenied"):
        client.scan(TableName=table_name(aws, stack))
