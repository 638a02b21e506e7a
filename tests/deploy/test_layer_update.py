"""The layer is updated while a function of another stack stands on the old version."""

import json
from typing import Any

from tests.support.local_aws.deployments import Deployments

OTHER = "other-stack"
CODE = """
import retry_policies
def handler(event, context):
    return getattr(retry_policies, "CHANGED", "as it was")
"""


def template(layer: str) -> str:
    """A stack of somebody else's, with one function on that version of the layer."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    function = {
        "Code": {"ZipFile": CODE},
        "Handler": "index.handler",
        "Runtime": "python3.13",
        "Timeout": 30,
        "Layers": [layer],
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
    }
    resources = {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}},
        },
        "Function": {"Type": "AWS::Lambda::Function", "Properties": function},
    }
    return json.dumps({"Resources": resources, "Outputs": {"Name": {"Value": {"Ref": "Function"}}}})


def deploy_other(deployments: Deployments, what: str, layer: str) -> str:
    """Create it or update it -> its function's name."""
    cloudformation: Any = deployments.aws.client("cloudformation")
    there = [one["StackName"] for one in cloudformation.describe_stacks()["Stacks"]]
    step = "update" if OTHER in there else "create"
    with deployments.trying(what):
        act = getattr(cloudformation, f"{step}_stack")
        act(StackName=OTHER, TemplateBody=template(layer), Capabilities=["CAPABILITY_IAM"])
        cloudformation.get_waiter(f"stack_{step}_complete").wait(StackName=OTHER, WaiterConfig={"Delay": 1})
    return str(cloudformation.describe_stacks(StackName=OTHER)["Stacks"][0]["Outputs"][0]["OutputValue"])


def test_the_old_version_stays_for_those_who_stand_on_it(deployments: Deployments) -> None:
    functions: Any = deployments.aws.client("lambda")

    def says(function: str) -> object:
        return json.loads(functions.invoke(FunctionName=function, Payload=b"{}")["Payload"].read())

    def published() -> str:
        name = f"/holdfast/{stack.name}/retry-layer-arn"
        return str(deployments.aws.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])

    stack = deployments.deploy("a stack with the layer", "holdfast-layer")
    old = published()
    function = deploy_other(deployments, "another stack on that layer", old)
    assert says(function) == "as it was"

    with (deployments.aws.build() / "RetryLayer/python/retry_policies/__init__.py").open("a") as module:
        module.write('\nCHANGED = "changed"\n')
    deployments.deploy("the layer updated", stack.name)
    assert published() != old
    functions.update_function_configuration(FunctionName=function, Timeout=29)  # a new environment, the same layer
    assert says(function) == "as it was"
    deployments.delete("the layer's stack deleted", stack.name)
    functions.update_function_configuration(FunctionName=function, Timeout=28)
    assert says(function) == "as it was"


def test_another_stack_takes_the_new_version_when_it_wants(deployments: Deployments) -> None:
    stack = deployments.deploy("a stack with the changed layer", "holdfast-layer")
    function = deploy_other(deployments, "another stack moved to the new layer", stack.outputs["RetryLayerArn"])
    answer: Any = deployments.aws.client("lambda").invoke(FunctionName=function, Payload=b"{}")
    assert json.loads(answer["Payload"].read()) == "changed"
