"""Dead letters of intake go back once intake works; a probe tests that."""

from redrive.intake import WORKS_WITHIN
from tests.support.handlers.redrive import FOR_REAL, RedriveStack, alert, alerts, ends
from tests.support.steps.scripted_store import refusal


def test_dead_letters_of_intake_go_back_while_intake_works(stack: RedriveStack) -> None:
    stack.intake_succeeds()
    [first] = stack.put("dead", alert(1))
    stack.put("dead", alert(2), alert_id="first-2", hop=1)
    report = stack.redrive(**FOR_REAL)
    assert (ends(report), report["stopped"], stack.slept) == ({"moved": 2}, "done", [])
    assert (stack.bodies("alerts"), stack.bodies("dead")) == (alerts(1, 2), [])
    assert [(one["alert_id"], one["hop"]) for one in stack.facts("alerts")] == [(first, 0), ("first-2", 1)]


def test_e10_without_proof_that_intake_works_one_goes_as_the_probe_and_the_others_wait(stack: RedriveStack) -> None:
    stack.put("dead", *alerts(*range(23)))
    assert ends(stack.redrive(**FOR_REAL)) == {"probes": 1, "waiting": 22}
    assert (stack.bodies("alerts"), stack.visible("dead")) == (alerts(0), 22)
    assert sum(stack.slept) < 30


def test_an_old_success_of_intake_proves_nothing(stack: RedriveStack) -> None:
    stack.intake_succeeds()
    stack.ahead = WORKS_WITHIN + 1
    stack.put("dead", *alerts(*range(2)))
    assert ends(stack.redrive(**FOR_REAL)) == {"probes": 1, "waiting": 1}


def test_e10_once_intake_has_finished_the_probe_the_others_follow_in_the_same_run(stack: RedriveStack) -> None:
    stack.put("dead", *alerts(*range(23)))
    stack.on_pause = stack.intake_succeeds
    assert ends(stack.redrive(**FOR_REAL)) == {"probes": 1, "moved": 22}
    assert (stack.bodies("alerts"), stack.slept) == (alerts(*range(23)), [1.0])


def test_a_probe_that_could_not_be_sent_is_not_waited_for(stack: RedriveStack) -> None:
    stack.sqs.failing["send_message"] = refusal("AccessDenied")
    stack.put("dead", *alerts(*range(13)))
    assert ends(stack.redrive(**FOR_REAL)) == {"failed": 1, "waiting": 12}
    assert (stack.slept, stack.visible("dead")) == ([], 13)


def test_the_short_time_of_a_quick_stack_is_enough(stack: RedriveStack) -> None:
    """Pace `quick` leaves four seconds."""
    stack.put_lane("team", 1)
    stack.put("dead", *alerts(2, 3))
    stack.on_pause = stack.intake_succeeds
    assert ends(stack.redrive(seconds=4.0, **FOR_REAL)) == {"moved": 2, "probes": 1}
