"""Lambda: the end of an asynchronous invocation, as a destination receives it."""

import re

from notifications.arns import account_of, name_of, region_of
from notifications.body import Body
from notifications.building import joined, notification, words
from notifications.hiding import hidden
from notifications.links import console, log_group
from notifications.models import Notification, Status

PREFIX = re.compile(r"^(\d{4}-\d\d-\d\dT[\d:.]+Z )?([0-9a-f-]{8,36} |RequestId: \S+ (Error: )?)?")
"""Time and request id, which Lambda writes before its own messages."""
CONDITIONS = {
    "RetriesExhausted": "all attempts failed",
    "EventAgeExceeded": "the event was too old",
    "Success": "invocation succeeded",
}


def lambda_destination(body: Body) -> Notification:
    """Return the result and the error; the input and the output of the function are not shown."""
    source = body.at("detail") if body.has("detail.requestContext") else body
    context, response = source.at("requestContext"), source.at("responsePayload")
    condition, arn = context.text("condition"), context.text("functionArn")
    name, has_failed = name_of(arn), condition != "Success"
    message = PREFIX.sub("", hidden("error", response.text("errorMessage")))
    error = joined(response.text("errorType"), message, by=": ")
    function = name.partition(":")[0]
    page = "lambda/home?region={region}#/functions/{name}?tab=monitoring"
    return notification(
        body,
        status=Status.FIRING if has_failed else Status.RESOLVED,
        label="FAILED" if has_failed else "SUCCEEDED",
        title=joined("Lambda", name, by=" "),
        summary=(error if has_failed else "") or CONDITIONS.get(condition) or words(condition) or "failed",
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
        links=(
            *console(region_of(arn), page, "Open function", name=function),
            *(log_group(region_of(arn), f"/aws/lambda/{function}") if function else ()),
        ),
    )
