"""How an AWS service fails: by script, or for as long as it is down."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError


@dataclass(frozen=True, slots=True)
class Failure:
    """What a call comes to."""

    error: Callable[[], Exception]
    seconds: float = 0.0
    """It hangs so long first."""
    takes_effect: bool = False
    """The call was carried out all the same."""


def refused(code: str, status: int = 400) -> Failure:
    """AWS answers, with this error."""
    return Failure(lambda: client_error(code, status))


THROTTLED = refused("ThrottlingException")
DENIED = refused("AccessDeniedException")
BROKEN = refused("InternalServerError", 500)


def unreachable(seconds: float = 1.0) -> Failure:
    """No connection comes about."""
    return Failure(lambda: EndpointConnectionError(endpoint_url="https://aws.example.com"), seconds)


def unanswered(seconds: float = 1.0, *, takes_effect: bool) -> Failure:
    """The request was sent, and no answer comes."""
    return Failure(lambda: ReadTimeoutError(endpoint_url="https://aws.example.com"), seconds, takes_effect)


def client_error(code: str, status: int = 400, message: str = "") -> ClientError:
    """What boto3 raises for that code."""
    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Operation")  # type: ignore[arg-type] # what a classifier looks at, and no more


@dataclass(frozen=True, slots=True)
class Outage[T]:
    """From one instant until before another."""

    start: float
    end: float
    fault: T

    def covers(self, instant: float) -> bool:
        """Whether it is on then."""
        return self.start <= instant < self.end


@dataclass
class Faults:
    """One service's failures; one operation's own go before those of any."""

    _outages: dict[str, list[Outage[Failure]]] = field(default_factory=dict)
    _script: dict[str, deque[Failure | None]] = field(default_factory=dict)

    def down(self, start: float, end: float, failure: Failure, operation: str = "") -> None:
        """Every call between these instants fails like this."""
        self._outages.setdefault(operation, []).append(Outage(start, end, failure))

    def script(self, *failures: Failure | None, operation: str = "") -> None:
        """The next calls come to this, one each, whatever is down; None is a call that goes well."""
        self._script.setdefault(operation, deque()).extend(failures)

    def clear_faults(self) -> None:
        """Nothing fails any more."""
        self._outages.clear()
        self._script.clear()

    def next_scripted(self, operation: str) -> Failure | None:
        """Take what the script says of exactly this operation: entries of a batch call fail so, one by one."""
        script = self._script.get(operation)
        return script.popleft() if script else None

    def next(self, operation: str, now: float) -> Failure | None:
        """What the call that begins now comes to."""
        for name in (operation, ""):
            if script := self._script.get(name):
                return script.popleft()
            for outage in self._outages.get(name, ()):
                if outage.covers(now):
                    return outage.fault
        return None
