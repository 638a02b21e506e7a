import pytest

from holdfast_cli.deploy import deploy_command

ENVIRONMENT = {"AWS_REGION": "eu-west-1"}
STACK = ["deploy", "--config-env", "prod", "--stack-name", "holdfast", "--region", "eu-west-1"]


class Operator:
    """An operator who gives these answers, then ends the input."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.questions: list[str] = []

    def __call__(self, question: str) -> str:
        self.questions.append(question.partition(":")[0])
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)


@pytest.mark.parametrize("operator", [Operator(), Operator("", "", "")], ids=["end of input", "Enter"])
def test_enter_omits_each_parameter(operator: Operator) -> None:
    assert deploy_command(ENVIRONMENT, operator)[1:] == STACK
    assert operator.questions == ["stack name", "default destination", "ops e-mail"]


def test_answers_and_further_parameters_become_overrides() -> None:
    parameters = "Architecture=x86_64 RedriveRate='rate(1 minute)'"
    operator = Operator("alerts", "ops", " ops@example.com ")
    assert deploy_command(ENVIRONMENT | {"PARAMETERS": parameters}, operator)[4:] == [
        *("--stack-name", "alerts", "--region", "eu-west-1"),
        *("--parameter-overrides", "DefaultDestination=ops", "OpsEmail=ops@example.com"),
        *("Architecture=x86_64", 'RedriveRate="rate(1 minute)"'),
    ]


def test_variables_answer_without_a_question() -> None:
    operator = Operator()
    variables = {"STACK": "alerts", "DESTINATION": "ops", "OPS_EMAIL": "ops@example.com"}
    assert "OpsEmail=ops@example.com" in deploy_command(ENVIRONMENT | variables, operator)
    assert operator.questions == []
