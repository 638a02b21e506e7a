import json
from typing import ClassVar

import pytest
from botocore.exceptions import EndpointConnectionError

from aws_events.strict_json import Invalid
from configuration.documents import CACHE_TIME, CACHE_TIME_AFTER_TROUBLE, Document, Trouble
from retry_policies import Deadline
from retry_policies.presets import AWS_READ
from tests.support.steps.clock import FakeClock
from tests.support.steps.scripted_store import ScriptedStore, refusal


class Words(Document[str]):
    """A document of words; `no` is none."""

    def parse(self, text: str) -> tuple[str, ...]:
        if "no" in text.split():
            raise Invalid("words", "must not be no")
        return tuple(text.split())


class RequiredWords(Words):
    must_exist: ClassVar[bool] = True


class Desk:
    """A document over a scripted store."""

    def __init__(self, *answers: str | Exception | None, kind: type[Words] = Words) -> None:
        self.clock = FakeClock()
        self.store = ScriptedStore(list(answers))
        self.troubles: list[Trouble] = []
        self.document = kind(
            store=self.store,
            parameter="/words",
            policy=AWS_READ.with_(sleep=self.clock.sleep),
            on_trouble=self.troubles.append,
            clock=self.clock,
        )

    def read(self, after: float = 0.0, *, seconds: float = 60.0) -> tuple[str, ...] | None:
        """Return the entries, so many seconds after the last time."""
        self.clock.now += after
        return self.document.entries(Deadline.after(seconds, clock=self.clock))


DENIED = refusal("AccessDeniedException")
DOWN = EndpointConnectionError(endpoint_url="https://ssm.example.com")
BAD: list[tuple[str | Exception, Trouble]] = [
    ("no", Trouble.INVALID),
    (DENIED, Trouble.UNREADABLE),
    (DOWN, Trouble.UNREADABLE),
]


def test_a_document_is_read_by_its_name_and_kept() -> None:
    desk = Desk("a b", "c")
    assert [desk.read(), desk.read(CACHE_TIME - 1), desk.read(1)] == [("a", "b"), ("a", "b"), ("c",)]
    assert desk.store.names == ["/words"] * 2


def test_a_document_that_never_was_there_has_no_entries_and_is_no_trouble() -> None:
    desk = Desk(None)
    assert (desk.read(), desk.troubles) == ((), [])


def test_a_document_that_must_exist_is_missed() -> None:
    desk = Desk(None, kind=RequiredWords)
    assert (desk.read(), desk.troubles) == (None, [Trouble.MISSING])


def test_a_document_that_has_vanished_is_missed_and_its_last_entries_count() -> None:
    desk = Desk("a", None)
    assert [desk.read(), desk.read(CACHE_TIME)] == [("a",), ("a",)]
    assert desk.troubles == [Trouble.MISSING]


@pytest.mark.parametrize(("answer", "trouble"), BAD)
def test_without_a_good_document_nobody_knows_the_entries(answer: str | Exception, trouble: Trouble) -> None:
    desk = Desk(answer)
    assert (desk.read(), desk.troubles) == (None, [trouble])


@pytest.mark.parametrize(("answer", "trouble"), BAD)
def test_after_a_trouble_the_last_good_entries_count_and_it_is_read_again_sooner(
    answer: str | Exception, trouble: Trouble
) -> None:
    desk = Desk("a", answer)
    assert [desk.read(), desk.read(CACHE_TIME)] == [("a",), ("a",)]
    desk.store.answers = ["b"]
    assert [desk.read(CACHE_TIME_AFTER_TROUBLE - 1), desk.read(1)] == [("a",), ("b",)]
    assert desk.troubles == [trouble]


def test_a_trouble_is_logged_without_the_text_of_the_document(caplog: pytest.LogCaptureFixture) -> None:
    Desk(f"{json.dumps('canary')} no").read()
    [line] = caplog.records
    assert (vars(line)["trouble"], vars(line)["parameter"]) == ("invalid", "/words")
    assert "canary" not in str(vars(line))


def test_without_time_nothing_is_read() -> None:
    desk = Desk("a")
    assert (desk.read(seconds=0.0), desk.store.names) == (None, [])
