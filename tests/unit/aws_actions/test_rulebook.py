import pytest

from aws_actions.models import RulesUnavailable
from aws_actions.rulebook import Rulebook
from aws_events.alarm import parse_alarm
from retry_policies import Deadline
from tests.support.clock import FakeClock
from tests.support.events import alarm_message
from tests.unit.aws_actions.test_rules_document import document

ALARM = parse_alarm(alarm_message())
DOWN = RulesUnavailable("ThrottlingException")


class Shelf:
    """Answers readings from a script, the last one for all that follow; the rulebook that reads it."""

    def __init__(self, *answers: str | RulesUnavailable | None) -> None:
        self.answers = list(answers)
        self.clock = FakeClock()
        self.seconds: list[float] = []
        self.troubles: list[str] = []
        self.book = Rulebook(read=self.read, on_trouble=self.troubles.append, clock=self.clock)

    def read(self, deadline: Deadline) -> str | None:
        self.seconds.append(deadline.remaining())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, RulesUnavailable):
            raise answer
        return answer

    def finds(self) -> bool:
        return self.book.find(ALARM, Deadline.after(60, clock=self.clock)) is not None


def test_a_document_is_kept_for_five_minutes() -> None:
    shelf = Shelf(document(), '{"rules": []}')
    assert shelf.finds()
    shelf.clock.now += 299.9
    assert shelf.finds()
    shelf.clock.now += 0.1
    assert not shelf.finds()
    assert shelf.seconds == [2.0, 2.0]
    assert shelf.troubles == []


def test_where_there_never_was_a_document_no_alarm_has_a_rule() -> None:
    shelf = Shelf(None)
    assert not shelf.finds()
    shelf.clock.now += 300
    assert not shelf.finds()
    assert shelf.troubles == []


@pytest.mark.parametrize(("answer", "trouble"), [(DOWN, "unreadable"), ("{", "invalid")])
def test_without_any_rules_known_an_alarm_is_not_taken_for_one_without_a_rule(
    answer: str | RulesUnavailable, trouble: str
) -> None:
    shelf = Shelf(answer, document())
    for _ in range(2):
        with pytest.raises(RulesUnavailable, match="no rules known"):
            shelf.finds()
    assert shelf.troubles == [trouble]
    shelf.clock.now += 60
    assert shelf.finds()


@pytest.mark.parametrize(("answer", "trouble"), [(DOWN, "unreadable"), ("{", "invalid"), (None, "missing")])
def test_the_last_good_document_is_used_while_no_other_can_be(
    answer: str | RulesUnavailable | None, trouble: str
) -> None:
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
