"""Failures of an AWS service: scripted ones, and outages."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError


@dataclass(frozen=True, slots=True)
class Failure:
    """The failure of one call."""

    error: Callable[[], Exception]
    seconds: float = 0.0
    """Seconds until the error is raised."""
    takes_effect: bool = False
    """Whether the call took effect all the same."""


def refused(code: str, status: int = 400) -> Failure:
    """Return a failure in which AWS answers with this error."""
    return Failure(lambda: client_error(code, status))


THROTTLED = refused("ThrottlingException")
DENIED = refused("AccessDeniedException")
BROKEN = refused("InternalServerError", 500)


def unreachable(seconds: float = 1.0) -> Failure:
    return Failure(lambda: EndpointConnectionError(endpoint_url="https://aws.example.com"), seconds)


def unanswered(seconds: float = 1.0, *, takes_effect: bool) -> Failure:
    """Return a failure in which the request is sent and no answer arrives."""
    return Failure(lambda: ReadTimeoutError(endpoint_url="https://aws.example.com"), seconds, takes_effect)


def client_error(code: str, status: int = 400, message: str = "") -> ClientError:
    """Return the error that boto3 raises for this code."""
    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Operation")  # type: ignore[arg-type] # only the fields that a classifier reads


@dataclass(frozen=True, slots=True)
class Outage[T]:
    """A fault from `start` until `end`, excluding `end`."""

    start: float
    end: float
    fault: T

    def covers(self, instant: float) -> bool:
        return self.start <= instant < self.end


@dataclass
class Faults:
    """The failures of one service. Those of an operation take precedence over those of all operations."""

    _outages: dict[str, list[Outage[Failure]]] = field(default_factory=dict)
    _script: dict[str, deque[Failure | None]] = field(default_factory=dict)

    def down(self, start: float, end: float, failure: Failure, operation: str = "") -> None:
        """Let every call between these instants fail."""
        self._outages.setdefault(operation, []).append(Outage(start, end, failure))

    def script(self, *failures: Failure | None, operation: str = "") -> None:
        """Set the results of the next calls, in spite of outages; None is a call that succeeds."""
        self._script.setdefault(operation, deque()).extend(failures)

    def clear_faults(self) -> None:
        self._outages.clear()
        self._script.clear()

    def next_scripted(self, operation: str) -> Failure | None:
        """Take the next scripted failure of exactly this operation, such as an entry of a batch call."""
        script = self._script.get(operation)
        return script.popleft() if script else None

    def next(self, operation: str, now: float) -> Failure | None:
        """Return the failure of the call that begins now; None if it succeeds."""
        for name in (operation, ""):
            if script := self._script.get(name):
                return script.popleft()
            for outage in self._outages.get(name, ()):
                if outage.covers(now):
                    return outage.fault
        return None
