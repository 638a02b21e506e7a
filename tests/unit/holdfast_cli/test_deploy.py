import pytest

from holdfast_cli.deploy import deploy_command
from holdfast_cli.failures import CommandFailed

ENVIRONMENT = {"AWS_REGION": "eu-west-1"}


class Person:
    """Answers one question after the other, then nothing more comes."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.questions: list[str] = []

    def __call__(self, question: str) -> str:
        self.questions.append(question)
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)


def options(command: list[str]) -> list[str]:
    """What follows `sam`."""
    return command[1:]


def test_it_asks_for_what_only_a_person_knows() -> None:
    person = Person()
    deploy_command(ENVIRONMENT, person)
    assert [question.split(":")[0] for question in person.questions] == [
        "stack name",
        "default destination",
        "ops e-mail",
    ]


@pytest.mark.parametrize("person", [Person(), Person("", "", "")], ids=["end of input", "Enter"])
def test_enter_leaves_parameters_as_they_are(person: Person) -> None:
    assert options(deploy_command(ENVIRONMENT, person)) == [
        *("deploy", "--config-env", "prod"),
        *("--stack-name", "holdfast", "--region", "eu-west-1"),
    ]


def test_answers_become_the_stack_and_its_parameters() -> None:
    command = deploy_command(ENVIRONMENT, Person("alerts", "ops", " ops@example.com "))
    assert options(command)[3:] == [
        *("--stack-name", "alerts", "--region", "eu-west-1"),
        *("--parameter-overrides", "DefaultDestination=ops", "OpsEmail=ops@example.com"),
    ]


def test_the_environment_answers_without_a_question() -> None:
    person = Person()
    environment = ENVIRONMENT | {"STACK": "alerts", "DESTINATION": "ops", "OPS_EMAIL": "ops@example.com"}
    assert "OpsEmail=ops@example.com" in deploy_command(environment, person)
    assert person.questions == []


def test_the_region_is_asked_only_where_none_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    person = Person()
    assert "us-east-1" in deploy_command({}, person)
    assert person.questions[-1].startswith("region")


@pytest.mark.parametrize(
    ("variable", "value", "field"),
    [
        ("STACK", "1st", "stack name"),
        ("DESTINATION", "Ops Team", "default destination"),
        ("OPS_EMAIL", "ops", "ops e-mail"),
        ("OPS_EMAIL", "ops@example.com Pace=quick", "ops e-mail"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_the_name_of_its_field(variable: str, value: str, field: str) -> None:
    with pytest.raises(CommandFailed, match=f"^{field} "):
        deploy_command(ENVIRONMENT | {variable: value}, Person())


def test_further_parameters_go_with_the_answers() -> None:
    environment = ENVIRONMENT | {"PARAMETERS": "Architecture=x86_64 LogRetentionDays=90"}
    command = deploy_command(environment, Person("", "ops"))
    assert command[command.index("--parameter-overrides") + 1 :] == [
        "DefaultDestination=ops",
        "Architecture=x86_64",
        "LogRetentionDays=90",
    ]


def test_a_value_with_blanks_stays_one() -> None:
    command = deploy_command(ENVIRONMENT | {"PARAMETERS": "RedriveRate='rate(1 minute)' Pace=standard"}, Person())
    assert command[command.index("--parameter-overrides") + 1 :] == ['RedriveRate="rate(1 minute)"', "Pace=standard"]
