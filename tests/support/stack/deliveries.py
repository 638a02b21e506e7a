"""The key of the template's DeliveriesTable, for tables that tests create."""

from typing import Any


def create_table(client: Any, name: str = "deliveries") -> None:  # noqa: ANN401 - boto3's own
    client.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
