"""The log line about an error of a function's own step."""

import traceback

from observability.telemetry import logger


def log_raised(error: BaseException, **facts: object) -> None:
    """Log the place of the error and its type, without its text."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = {"error": type(error).__name__, "where": f"{frame.name}:{frame.lineno}"}
    logger.error("the step raised", extra=where | facts)
