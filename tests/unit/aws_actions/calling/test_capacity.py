import pytest

from aws_actions.calling.capacity import lacks_capacity

FARGATE = "Capacity is unavailable at this time. Please try again later or in a different availability zone"


def answer(*reasons: object, tasks: int = 0) -> dict[str, object]:
    return {"tasks": [{}] * tasks, "failures": [{"arn": "a", "reason": reason} for reason in reasons]}


@pytest.mark.parametrize("reason", ["RESOURCE:CPU", "RESOURCE:MEMORY", "RESOURCE:ENI", "AGENT", FARGATE])
@pytest.mark.parametrize("operation", ["RunTask", "StartTask"])
def test_without_capacity_no_task_was_started(operation: str, reason: str) -> None:
    assert lacks_capacity("ecs", operation, answer(reason))
    assert lacks_capacity("ecs", operation, answer(reason, "RESOURCE:GPU"))


@pytest.mark.parametrize(
    ("operation", "given"),
    [
        ("RunTask", answer("RESOURCE:CPU", tasks=1)),
        ("RunTask", answer("RESOURCE:CPU", "ATTRIBUTE")),
        *(("RunTask", answer(reason)) for reason in ("ATTRIBUTE", "LOCATION", "MISSING", "AGENTS", "RESOURCE:", None)),
        ("RunTask", answer()),
        ("RunTask", {"failures": ["RESOURCE:CPU"]}),
        ("RunTask", {"failures": "RESOURCE:CPU"}),
        ("RunTask", {}),
        ("DescribeTasks", answer("RESOURCE:CPU")),
    ],
)
def test_any_other_answer_does_not_wait(operation: str, given: dict[str, object]) -> None:
    assert not lacks_capacity("ecs", operation, given)
