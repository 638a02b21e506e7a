"""Functions and state machines: Lambda destinations, Step Functions executions."""

from notifications.arns import account_of, name_of, region_of
from notifications.body import Body
from notifications.building import finished, joined, notification, words
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Notification, Status
from notifications.numbers import duration


def step_functions(body: Body) -> Notification:
    """Return the end of an execution, with its error and cause; input and output are not shown."""
    detail = body.at("detail")
    state, arn = detail.text("status"), detail.text("executionArn")
    start, stop = detail.time("startDate"), detail.time("stopDate")
    took = duration((stop - start).total_seconds()) if start and stop else ""
    return notification(
        body,
        status=finished(state),
        label=state,
        title=joined("Step Functions", name_of(detail.text("stateMachineArn")), by=" "),
        summary=joined(detail.text("error"), hidden("cause", detail.text("cause")), by=": ")
        or joined("execution", state.lower().replace("_", " "), f"after {took}" if took else "", by=" "),
        facts=(("Execution", detail.text("name")), ("Took", took)),
        resources=(detail.text("stateMachineArn"), arn),
        links=console(
            body.text("region"), "states/home?region={region}#/v2/executions/details/{arn}", "Open execution", arn=arn
        ),
    )


def lambda_destination(body: Body) -> Notification:
    """Return the end of an asynchronous invocation; the input and the output of the function are not shown."""
    source = body.at("detail") if body.has("detail.requestContext") else body
    context = source.at("requestContext")
    condition, arn = context.text("condition"), context.text("functionArn")
    response = source.at("responsePayload")
    has_failed = condition != "Success"
    error = joined(response.text("errorType"), hidden("error", response.text("errorMessage")), by=": ")
    name = name_of(arn.removesuffix(":$LATEST"))
    return notification(
        body,
        status=Status.FIRING if has_failed else Status.RESOLVED,
        label="FAILED" if has_failed else "SUCCEEDED",
        title=joined("Lambda", name, by=" "),
        summary=error or words(condition) or source.text("responseContext.functionError"),
        facts=(
            ("Condition", words(condition)),
            ("Invocations", context.text("approximateInvokeCount")),
            ("Request", context.text("requestId")),
            ("Input and output", "hidden"),
        ),
        resources=(arn,),
        account=account_of(arn),
        region=region_of(arn),
        occurred_at=source.time("timestamp"),
        links=console(
            region_of(arn), "lambda/home?region={region}#/functions/{name}?tab=monitoring", "Open function", name=name
        ),
    )
