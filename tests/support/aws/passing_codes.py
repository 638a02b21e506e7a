"""List the error codes of all AWS services whose names may mean «not done, for now», and the kind that each has here.

python -m tests.support.aws.passing_codes             # all services, from the models in the installed botocore
python -m tests.support.aws.passing_codes rds glue    # these services

Waits: the code is in retry_policies.passing_codes. EC2's model names no errors.
"""

import gzip
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import botocore
from botocore.exceptions import ClientError
from rich.console import Console

from retry_policies import Classification
from retry_policies.aws import classify_aws_for
from retry_policies.classification import DEFERRED

DATA = Path(botocore.__file__).parent / "data"
PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
WORDS = re.compile(
    r"\b(busy|in use|in progress|contention|capacity|limits?|states?|conflict(s|ing)?"
    r"|concurrent|locked|not ready|ongoing|pending|unavailable)\b"
)


@dataclass(frozen=True, order=True, slots=True)
class ModeledError:
    service: str
    code: str
    status: int
    documentation: str

    @property
    def words(self) -> str:
        """The words of the code: `in use` for `ResourceInUse`."""
        return " ".join(PART.findall(self.code)).lower()

    @property
    def classification(self) -> Classification:
        metadata = {"HTTPStatusCode": self.status}
        error = ClientError({"Error": {"Code": self.code}, "ResponseMetadata": metadata}, "Call")  # type: ignore[typeddict-item] # enough of it
        classification = classify_aws_for(self.service)(error)
        assert classification is not None
        return classification

    @property
    def waits(self) -> bool:
        return self.classification.retry_after == DEFERRED


@cache
def modeled_errors() -> list[ModeledError]:
    """Return the errors in the newest API of each service."""
    return sorted(error for service in DATA.iterdir() for error in _errors_of(service))


def _errors_of(service: Path) -> Iterator[ModeledError]:
    for model in sorted(service.glob("*/service-2.json.gz"))[-1:]:
        shapes: dict[str, Any] = json.loads(gzip.decompress(model.read_bytes()))["shapes"]
        for name, shape in shapes.items():
            if shape.get("exception"):
                error = shape.get("error", {})
                status = error.get("httpStatusCode", 500 if shape.get("fault") else 400)
                text = " ".join(re.sub(r"<[^>]+>", "", shape.get("documentation", "")).split())
                yield ModeledError(service.name, error.get("code", name), status, text)


def candidates() -> list[ModeledError]:
    """Return the errors whose codes have one of the words."""
    return [error for error in modeled_errors() if WORDS.search(error.words)]


def main(services: list[str]) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    listed = [error for error in candidates() if not services or error.service in services]
    for error in listed:
        kind = "waits" if error.waits else error.classification.kind.value
        console.print(f"{error.service:24} {error.code:48} {error.status} {kind:10} {error.documentation[:120]}")
    console.print(f"{len(listed)} codes, {sum(error.waits for error in listed)} of them wait")


if __name__ == "__main__":
    main(sys.argv[1:])
