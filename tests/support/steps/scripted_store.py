"""A store that answers from a script, and errors of AWS."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zlib import crc32

from botocore.exceptions import ClientError

from configuration.stores import Stored


@dataclass
class ScriptedStore:
    """One answer for each read; the last one repeats."""

    answers: list[str | Exception | None] = field(repr=False)  # they may be secrets
    names: list[str] = field(default_factory=list)

    def read(self, name: str) -> Stored | None:
        self.names.append(name)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return None if answer is None else Stored(answer, version(answer))


def version(text: str) -> str:
    """Return a version that changes with the text."""
    return str(crc32(text.encode()))


def refusal(code: str, status: int = 400, headers: Mapping[str, str] | None = None) -> ClientError:
    """Return the error that boto3 raises for an error code."""
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": headers or {}}
    answer = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": metadata}
    return ClientError(answer, "Read")  # type: ignore[arg-type] # all that a classifier reads
