from notifications.line import line
from notifications.parsing import parse
from tests.support.samples.notifications import changed, parse_json, read_sample, record


def test_a_budget_text_without_fields_still_says_what_it_is() -> None:
    assert line(parse(record("AWS Budget Notification January 31, 2026"))) == "🔴 BUDGET Budget: threshold passed"


def test_the_event_and_the_sns_message_of_one_anomaly_are_twins_until_it_grows() -> None:
    message = read_sample("cost-anomaly-sns.json")
    first, second = map(
        parse_json, (message, {"source": "aws.ce", "detail-type": "Anomaly Detected", "detail": message})
    )
    grown = changed("cost-anomaly-sns.json", impact={"totalImpact": 2000})
    assert first.identity
    assert first.identity == second.identity != grown.identity


def test_an_anomaly_without_its_amount_is_a_twin_of_no_other() -> None:
    assert changed("cost-anomaly-sns.json", impact={}).identity == "m1"


def test_the_misspelt_detail_type_of_the_documentation_is_a_savings_plan_too() -> None:
    said = changed("savings-plan-retiring.json", **{"detail-type": "Savings Plans State Changange Alert"})
    assert said.summary == "retired in 7 days (2026-02-07)"
