import json

from benchmarks.warm import warm_table
from benchmarks.warm_cases import BOTH, MEMORY, OURS, SESSION, Case, Cost, measure
from benchmarks.warm_stack import BATCH, DESTINATIONS, alerts, published

QUICK, SLOW = "HTTP, 0 ms", "HTTP, 100 ms"
FOUND = {
    Case(SESSION, QUICK): [Cost(0.1, 0.01), Cost(1.0, 0.01)],
    Case(OURS, QUICK, 1, MEMORY): [Cost(0.2, 0.05), Cost(2.0, 0.05)],
    Case(SESSION, SLOW): [Cost(1.0, 0.01)],
    Case(OURS, SLOW, BATCH, MEMORY): [Cost(0.125, 0.05)],
}


def test_a_rate_is_compared_with_the_session_loop_of_the_same_round_and_server() -> None:
    rows = {(row[0], row[1]): row[4:] for row in warm_table(FOUND).shown_rows}
    assert rows[OURS, QUICK] == ["0.50 (0.50–0.50)", "9", "5.00"]
    assert rows[OURS, SLOW][0] == "8.00 (8.00–8.00)"


def test_the_goals_are_a_quick_server_and_ten_destinations_of_a_slow_one() -> None:
    quick, slow = warm_table(FOUND).goals
    assert (quick.figure, quick.is_reached) == (0.5, False)
    assert (slow.figure, slow.is_reached) == (8.0, True)


def test_the_first_call_warms_up_and_is_not_counted() -> None:
    costs = iter([Cost(9.0, 9.0), Cost(1.0, 1.0), Cost(2.0, 2.0)])
    case = Case(BOTH, QUICK)
    assert measure({case: lambda: next(costs)}, 2) == {case: [Cost(1.0, 1.0), Cost(2.0, 2.0)]}


def test_each_batch_has_ten_new_alarms_for_the_destinations_in_turn() -> None:
    lanes = [one["attributes"]["MessageGroupId"] for one in alerts(DESTINATIONS)["Records"]]
    assert lanes == [*DESTINATIONS]
    bodies = [one["body"] for event in (alerts(), alerts(), published()) for one in event["Records"]]
    assert len({json.loads(body)["MessageId"] for body in bodies}) == 3 * BATCH
