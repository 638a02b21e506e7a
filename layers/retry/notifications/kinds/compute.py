"""Machines, containers, jobs and functions."""

from notifications.kinds.row import Row
from notifications.matching import event, fields, text

COMPUTE = (
    Row(
        "Auto Scaling event",
        event("aws.autoscaling", "EC2 Instance*"),
        "autoscaling.autoscaling_event",
        ("autoscaling-failed.json",),
    ),
    Row(
        "Auto Scaling message in SNS",
        fields("AutoScalingGroupName", "Event"),
        "autoscaling.autoscaling_message",
        ("autoscaling-terminated.json",),
    ),
    Row(
        "ECS task",
        event("aws.ecs", "ECS Task State Change"),
        "ecs.task",
        ("ecs-task-stopped.json", "ecs-task-running.json"),
    ),
    Row(
        "ECS service or deployment",
        event("aws.ecs", "ECS Service Action", "ECS Deployment State Change"),
        "ecs.service",
        ("ecs-deployment-failed.json", "ecs-service-action.json"),
    ),
    Row("Batch job", event("aws.batch", "Batch Job State Change"), "batch.job", ("batch-failed.json",)),
    Row(
        "Step Functions execution",
        event("aws.states", "Step Functions Execution Status Change"),
        "step_functions.execution",
        ("step-functions-failed.json", "step-functions-succeeded.json"),
    ),
    Row(
        "Lambda destination",
        fields("requestContext.functionArn", "requestContext.condition"),
        "lambda_destination.lambda_destination",
        ("lambda-destination.json",),
    ),
    Row(
        "Lambda destination in EventBridge",
        event("lambda", "Lambda Function Invocation Result*"),
        "lambda_destination.lambda_destination",
        ("lambda-destination-event.json",),
    ),
    Row(
        "EC2 instance state",
        event("aws.ec2", "EC2 Instance State-change Notification"),
        "ec2.instance_state",
        ("ec2-stopped.json", "ec2-running.json"),
    ),
    Row(
        "EC2 Spot interruption",
        event("aws.ec2", "EC2 Spot Instance Interruption Warning", "EC2 Instance Rebalance Recommendation"),
        "ec2.spot_interruption",
        ("spot-interruption.json",),
    ),
    Row(
        "Elastic Beanstalk text",
        text(r"(?s)Timestamp: .*\nEnvironment: "),
        "beanstalk.beanstalk_text",
        ("beanstalk.txt",),
    ),
    Row(
        "Elastic Beanstalk event",
        event(
            "aws.elasticbeanstalk",
            "Elastic Beanstalk resource status change",
            "Other resource status change",
            "Health status change",
            "Managed update status change",
        ),
        "beanstalk.beanstalk_event",
        ("beanstalk-event.json",),
    ),
)
