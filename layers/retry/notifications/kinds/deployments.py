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
        "codepipeline.pipeline",
        ("codepipeline-failed.json", "codepipeline-succeeded.json", "codepipeline-action-failed.json"),
    ),
    Row(
        "CodePipeline approval",
        fields("approval.pipelineName"),
        "codepipeline.pipeline_approval",
        ("codepipeline-approval.json",),
    ),
    Row(
        "CodeBuild build",
        event("aws.codebuild", "CodeBuild *"),
        "codebuild.build",
        ("codebuild-failed.json", "codebuild-phase.json"),
    ),
    Row(
        "CodeDeploy deployment",
        event("aws.codedeploy", "CodeDeploy *"),
        "codedeploy.deployment",
        ("codedeploy-failed.json",),
    ),
    Row(
        "CodeDeploy trigger in SNS",
        fields("eventTriggerName", "applicationName"),
        "codedeploy.deployment_trigger",
        ("codedeploy-trigger.json",),
    ),
    Row(
        "CodeCommit repository",
        event("aws.codecommit", "CodeCommit *"),
        "codecommit.repository",
        ("codecommit-pull-request.json", "codecommit-push.json"),
    ),
    Row("ECR image scan", event("aws.ecr", "ECR Image Scan"), "images.scan", ("ecr-scan.json",)),
    Row("ECR image action", event("aws.ecr", "ECR Image Action"), "images.action", ("ecr-push.json",)),
)
