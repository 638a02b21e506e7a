from collections.abc import Iterator

import boto3
import pytest

from tests.unit.holdfast_cli.stacks import aws_in_process


@pytest.fixture
def session() -> Iterator[boto3.Session]:
    with aws_in_process() as session:
        yield session
