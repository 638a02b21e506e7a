"""Updates of the layer while a function of another stack uses the old version."""

import json
from typing import Any

from holdfast_cli.artifacts import compile_artifact
from tests.support.local_aws.deployments import Deployments

OTHER = "other-stack"
CODE = """
import retry_policies
def handler(event, context):
    return getattr(retry_policies, "CHANGED", "unchanged")
"""


def template(layer: str) -> str:
    """Return another stack's template, with a function on this version of the layer."""
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


def deploy_other(deployments: Deployments, title: str, layer: str) -> str:
    """Create or update the other stack; return its function's name."""
    cloudformation: Any = deployments.aws.client("cloudformation")
    existing = [one["StackName"] for one in cloudformation.describe_stacks()["Stacks"]]
    step = "update" if OTHER in existing else "create"
    with deployments.listing(title):
        act = getattr(cloudformation, f"{step}_stack")
        act(StackName=OTHER, TemplateBody=template(layer), Capabilities=["CAPABILITY_IAM"])
        cloudformation.get_waiter(f"stack_{step}_complete").wait(StackName=OTHER, WaiterConfig={"Delay": 1})
    return str(cloudformation.describe_stacks(StackName=OTHER)["Stacks"][0]["Outputs"][0]["OutputValue"])


def test_the_old_version_remains_for_functions_that_use_it(deployments: Deployments) -> None:
    functions: Any = deployments.aws.client("lambda")

    def answer(function: str) -> object:
        return json.loads(functions.invoke(FunctionName=function, Payload=b"{}")["Payload"].read())

    def published() -> str:
        name = f"/holdfast/{stack.name}/retry-layer-arn"
        return str(deployments.aws.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])

    stack = deployments.deploy("a stack with the layer", "holdfast-layer")
    old = published()
    function = deploy_other(deployments, "another stack on that layer", old)
    assert answer(function) == "unchanged"

    layer = deployments.aws.build() / "RetryLayer"
    with (layer / "python/retry_policies/__init__.py").open("a") as module:
        module.write('\nCHANGED = "changed"\n')
    compile_artifact(layer, "/opt")
    deployments.deploy("the layer updated", stack.name)
    assert published() != old
    functions.update_function_configuration(FunctionName=function, Timeout=29)  # a new environment, the same layer
    assert answer(function) == "unchanged"
    deployments.delete("the layer's stack deleted", stack.name)
    functions.update_function_configuration(FunctionName=function, Timeout=28)
    assert answer(function) == "unchanged"


def test_another_stack_can_move_to_the_new_version(deployments: Deployments) -> None:
    stack = deployments.deploy("a stack with the changed layer", "holdfast-layer")
    function = deploy_other(deployments, "another stack moved to the new layer", stack.outputs["RetryLayerArn"])
    answer: Any = deployments.aws.client("lambda").invoke(FunctionName=function, Payload=b"{}")
    assert json.loads(answer["Payload"].read()) == "changed"
