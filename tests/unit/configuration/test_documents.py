from typing import ClassVar

import pytest
from botocore.exceptions import EndpointConnectionError

from aws_events.strict_json import Invalid
from configuration.documents import CACHE_TIME, CACHE_TIME_AFTER_TROUBLE, Document, Trouble
from retry_policies.presets import AWS_READ
from retry_policies.testing import FakeTime
from tests.support.steps.scripted_store import ScriptedStore, refusal


class Words(Document[str]):
    """A document of words; a text with the word `invalid` is invalid."""

    def parse(self, text: str) -> tuple[str, ...]:
        if "invalid" in text.split():
            raise Invalid("words", "must be valid")
        return tuple(text.split())


class RequiredWords(Words):
    must_exist: ClassVar[bool] = True


class Cached:
    """A document over a scripted store."""

    def __init__(self, *answers: str | Exception | None, kind: type[Words] = Words) -> None:
        self.time = FakeTime(1000.0)
        self.store = ScriptedStore(list(answers))
        self.troubles: list[Trouble] = []
        self.document = kind(
            store=self.store,
            parameter="/words",
            policy=AWS_READ.with_(sleep=self.time.sleep),
            on_trouble=self.troubles.append,
            clock=self.time.clock,
        )

    def read(self, *pauses: float, seconds: float = 60.0) -> list[tuple[str, ...] | None]:
        """Return the entries after each pause."""
        found = []
        for pause in pauses:
            self.time.now += pause
            found.append(self.document.entries(self.time.deadline(seconds)))
        return found


def test_a_document_is_read_by_its_name_and_cached() -> None:
    cached = Cached("a b", "c")
    assert cached.read(0, CACHE_TIME - 1, 1) == [("a", "b"), ("a", "b"), ("c",)]
    assert cached.store.names == ["/words"] * 2


UNUSABLE: list[tuple[str | Exception | None, Trouble]] = [
    (None, Trouble.MISSING),
    ("invalid", Trouble.INVALID),
    (refusal("AccessDeniedException"), Trouble.UNREADABLE),
    (EndpointConnectionError(endpoint_url="https://ssm.example.com"), Trouble.UNREADABLE),
]


@pytest.mark.parametrize(("answer", "trouble"), UNUSABLE)
def test_an_unusable_document_is_a_trouble_and_the_last_entries_count_until_it_is_usable(
    answer: str | Exception | None, trouble: Trouble
) -> None:
    cached = Cached("a", answer)
    assert cached.read(0, CACHE_TIME) == [("a",), ("a",)]
    cached.store.answers = ["b"]
    assert cached.read(CACHE_TIME_AFTER_TROUBLE - 1, 1) == [("a",), ("b",)]
    assert cached.troubles == [trouble]


@pytest.mark.parametrize(("answer", "trouble"), UNUSABLE)
def test_without_a_valid_document_there_are_no_entries(answer: str | Exception | None, trouble: Trouble) -> None:
    cached = Cached(answer, kind=RequiredWords)
    assert (cached.read(0), cached.troubles) == ([None], [trouble])


def test_a_document_that_need_not_exist_has_no_entries_and_is_no_trouble() -> None:
    cached = Cached(None)
    assert (cached.read(0), cached.troubles) == ([()], [])


def test_a_trouble_is_logged_without_the_text_of_the_document(caplog: pytest.LogCaptureFixture) -> None:
    Cached("canary invalid").read(0)
    [line] = caplog.records
    assert (vars(line)["trouble"], vars(line)["parameter"]) == ("invalid", "/words")
    assert "canary" not in str(vars(line))


def test_without_time_nothing_is_read() -> None:
    cached = Cached("a")
    assert (cached.read(0, seconds=0.0), cached.store.names) == ([None], [])
