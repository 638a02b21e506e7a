"""The rule of an alarm; tests/unit/configuration/test_documents.py holds how the document is kept and missed."""

import json

import pytest

from aws_actions.models import RulesUnavailable
from aws_actions.rules.rulebook import Rulebook
from aws_events.alarm_parsing import parse_alarm
from configuration.documents import Trouble
from retry_policies import Deadline
from retry_policies.presets import AWS_READ
from tests.support.samples.events import alarm_message
from tests.support.steps.scripted_store import ScriptedStore, refusal
from tests.unit.aws_actions.rules.test_document import MATCH, document

ALARM = parse_alarm(alarm_message())
LATER = Deadline.after(86_400)


def rulebook(answer: str | Exception | None, troubles: list[Trouble] | None = None) -> Rulebook:
    on_trouble = (troubles if troubles is not None else []).append
    return Rulebook(store=ScriptedStore([answer]), parameter="/rules", policy=AWS_READ, on_trouble=on_trouble)


def test_the_first_rule_that_fits_decides() -> None:
    rules = [json.loads(document(match=MATCH | {"alarm": one}))["rules"][0] for one in ("x", "c*", "*")]
    found = rulebook(json.dumps({"rules": rules})).find(ALARM, LATER)
    assert found is not None
    assert found.match.alarm == "c*"
    assert rulebook(json.dumps({"rules": rules[:1]})).find(ALARM, LATER) is None


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [(refusal("AccessDeniedException"), Trouble.UNREADABLE), ("{", Trouble.INVALID), (None, Trouble.MISSING)],
)
def test_if_no_rules_were_ever_read_nobody_knows_the_rule(answer: str | Exception | None, trouble: Trouble) -> None:
    troubles: list[Trouble] = []
    with pytest.raises(RulesUnavailable, match="no rules known"):
        rulebook(answer, troubles).find(ALARM, LATER)
    assert troubles == [trouble]
