"""Stacks, pipelines, builds, repositories and images."""

from notifications.kinds.row import Row
from notifications.matching import event, fields, text

DEPLOYMENTS = (
    Row(
        "CloudFormation text",
        text(r"StackId='"),
        "cloudformation.text",
        (
            "cloudformation-resource-failed.txt",
            "cloudformation-resource-complete.txt",
            "cloudformation-nested-failed.txt",
            "cloudformation-stack-complete.txt",
        ),
    ),
    Row(
        "CloudFormation drift",
        event("aws.cloudformation", "CloudFormation Drift Detection Status Change"),
        "cloudformation.drift",
        ("cloudformation-drift.json",),
    ),
    Row(
        "CloudFormation stack or resource",
        event("aws.cloudformation", "CloudFormation *"),
        "cloudformation.stack",
        ("cloudformation-event.json", "cloudformation-resource-event.json"),
    ),
    Row(
        "CodePipeline execution",
        event("aws.codepipeline", "CodePipeline *"),
        "code.pipeline",
        ("codepipeline-failed.json", "codepipeline-succeeded.json", "codepipeline-action-failed.json"),
    ),
    Row(
        "CodePipeline approval",
        fields("approval.pipelineName"),
        "code.pipeline_approval",
        ("codepipeline-approval.json",),
    ),
    Row(
        "CodeBuild build",
        event("aws.codebuild", "CodeBuild *"),
        "code.build",
        ("codebuild-failed.json", "codebuild-phase.json"),
    ),
    Row(
        "CodeDeploy deployment",
        event("aws.codedeploy", "CodeDeploy *"),
        "code.deployment",
        ("codedeploy-failed.json",),
    ),
    Row(
        "CodeDeploy trigger in SNS",
        fields("eventTriggerName", "applicationName"),
        "code.deployment_trigger",
        ("codedeploy-trigger.json",),
    ),
    Row(
        "CodeCommit repository",
        event("aws.codecommit", "CodeCommit *"),
        "code.repository",
        ("codecommit-pull-request.json", "codecommit-push.json"),
    ),
    Row("ECR image scan", event("aws.ecr", "ECR Image Scan"), "images.scan", ("ecr-scan.json",)),
    Row("ECR image action", event("aws.ecr", "ECR Image Action"), "images.action", ("ecr-push.json",)),
)
