"""The same with a policy for each destination, and a deadline for all attempts together."""

import step_1_post
from step_6_boto3 import SESSION
from stub_server import try_all

from retry_policies import Deadline, RetryPolicy
from retry_policies.aws import aws_config
from retry_policies.presets import AWS_READ

WEBHOOK = RetryPolicy(name="webhook", repeatable=True)


def post(url: str, text: str) -> None:
    WEBHOOK.call(Deadline.after(10), step_1_post.post, url, text)


def post_soon(url: str, text: str) -> None:
    WEBHOOK.call(Deadline.after(2), step_1_post.post, url, text)


def read(url: str, name: str) -> str:
    ssm = SESSION.client("ssm", endpoint_url=url, config=aws_config())
    return AWS_READ.call(Deadline.after(10), ssm.get_parameter, Name=name)["Parameter"]["Value"]


if __name__ == "__main__":
    try_all(post)
    try_all(post_soon, "/err429")
    try_all(read, "/err429", "/err500")
