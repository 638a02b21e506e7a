"""A store of texts that answers from a script and counts; what AWS may refuse."""

from dataclasses import dataclass, field
from zlib import crc32

from botocore.exceptions import ClientError

from configuration.stores import Stored


@dataclass
class ScriptedStore:
    """One answer for each reading, the last one for all that follow."""

    answers: list[str | Exception | None] = field(repr=False)  # they may be secrets
    names: list[str] = field(default_factory=list)

    def read(self, name: str) -> Stored | None:
        """Give the next answer, or raise it."""
        self.names.append(name)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return None if answer is None else Stored(answer, version(answer))


def version(text: str) -> str:
    """The version that a text has: another for each."""
    return str(crc32(text.encode()))


def refusal(code: str, status: int = 400) -> ClientError:
    """What boto3 raises for that code."""
    answer = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Read")  # type: ignore[arg-type] # what a classifier looks at, and no more
