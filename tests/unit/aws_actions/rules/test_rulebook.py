import json

import pytest

from aws_actions.models import RulesUnavailable
from aws_actions.rules.rulebook import Rulebook
from aws_events.alarm_parsing import parse_alarm
from configuration.documents import Trouble
from retry_policies import Deadline
from retry_policies.presets import AWS_READ
from tests.support.samples.events import alarm_message
from tests.support.steps.clock import FakeClock
from tests.support.steps.scripted_store import ScriptedStore, refusal
from tests.unit.aws_actions.rules.test_document import MATCH, document

ALARM = parse_alarm(alarm_message())
DOWN = refusal("AccessDeniedException")


class Shelf:
    """A rulebook over a scripted store."""

    def __init__(self, *answers: str | Exception | None) -> None:
        self.store = ScriptedStore(list(answers))
        self.clock = FakeClock()
        self.troubles: list[Trouble] = []
        self.book = Rulebook(
            store=self.store,
            parameter="/holdfast/action-rules",
            policy=AWS_READ,
            on_trouble=self.troubles.append,
            clock=self.clock,
        )

    def finds(self) -> bool:
        return self.book.find(ALARM, Deadline.after(60, clock=self.clock)) is not None


def test_a_document_is_kept_for_five_minutes() -> None:
    shelf = Shelf(document(), '{"rules": []}')
    assert shelf.finds()
    shelf.clock.now += 299.9
    assert shelf.finds()
    shelf.clock.now += 0.1
    assert not shelf.finds()
    assert shelf.store.names == ["/holdfast/action-rules"] * 2
    assert shelf.troubles == []


def test_the_first_rule_that_fits_decides() -> None:
    first, second, third = (json.loads(document(match=MATCH | {"alarm": one}))["rules"][0] for one in ("x", "c*", "*"))
    shelf = Shelf(json.dumps({"rules": [first, second, third]}))
    found = shelf.book.find(ALARM, Deadline.after(60, clock=shelf.clock))
    assert found is not None
    assert found.match.alarm == "c*"


def test_a_document_without_rules_that_is_gone_is_missed() -> None:
    shelf = Shelf('{"rules": []}', None)
    assert not shelf.finds()
    shelf.clock.now += 300
    assert not shelf.finds()
    assert shelf.troubles == [Trouble.MISSING]


@pytest.mark.parametrize(
    ("answer", "trouble"), [(DOWN, Trouble.UNREADABLE), ("{", Trouble.INVALID), (None, Trouble.MISSING)]
)
def test_without_any_rules_known_an_alarm_is_not_taken_for_one_without_a_rule(
    answer: str | Exception | None, trouble: Trouble
) -> None:
    shelf = Shelf(answer, document())
    for _ in range(2):
        with pytest.raises(RulesUnavailable, match="no rules known"):
            shelf.finds()
    assert shelf.troubles == [trouble]
    shelf.clock.now += 60
    assert shelf.finds()


@pytest.mark.parametrize(
    ("answer", "trouble"), [(DOWN, Trouble.UNREADABLE), ("{", Trouble.INVALID), (None, Trouble.MISSING)]
)
def test_the_last_good_document_is_used_while_no_other_can_be(answer: str | Exception | None, trouble: Trouble) -> None:
    shelf = Shelf(document(), answer)
    assert shelf.finds()
    shelf.clock.now += 300
    assert shelf.finds()
    shelf.clock.now += 59
    assert shelf.finds()
    assert shelf.troubles == [trouble]
    shelf.clock.now += 1
    assert shelf.finds()
    assert shelf.troubles == [trouble, trouble]
