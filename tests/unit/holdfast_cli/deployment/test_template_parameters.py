import pytest

from holdfast_cli.deployment.template_parameters import check_parameters, read_parameters
from holdfast_cli.failures import CommandFailed, Exit
from tests.support.stack.template import NON_DEFAULTS, source
from tests.unit.holdfast_cli.command import Run

DEFINITIONS = source()["Parameters"]


def test_parameters_are_read_from_options_and_from_one_text() -> None:
    assert read_parameters(["A=1", "B=x y"], "C='a b' D=") == {"A": "1", "B": "x y", "C": "a b", "D": ""}


def test_a_parameter_given_twice_is_refused() -> None:
    with pytest.raises(CommandFailed, match="parameter A is given twice"):
        read_parameters(["A=1"], "A=2")


@pytest.mark.parametrize("text", ["A=1 OpsEmail='ops@example.com", 'OpsEmail="a b', "OpsEmail=a\\"])
def test_a_quote_without_its_end_is_refused_with_the_name_of_the_parameter(text: str) -> None:
    with pytest.raises(CommandFailed, match="parameter OpsEmail has a quote or a backslash without its end") as failed:
        read_parameters([], text)
    assert failed.value.code is Exit.USAGE


def test_each_parameter_of_the_template_is_taken_with_its_default_and_with_another_value() -> None:
    check_parameters(DEFINITIONS, NON_DEFAULTS)
    check_parameters(DEFINITIONS, {name: str(one["Default"]) for name, one in DEFINITIONS.items()})


@pytest.mark.parametrize(
    ("given", "problem", "advice"),
    [
        ("Archtecture=x86_64", "there is no parameter Archtecture", "did you mean Architecture?"),
        ("redriverate=off", "there is no parameter redriverate", "did you mean RedriveRate?"),
        ("Architecture=x86", "Architecture='x86'", "it must be arm64 or x86_64."),
        ("OpsEmail=ops", "OpsEmail='ops'", "it must be empty or an e-mail address."),
        ("AllowedTopicArns=a,b", "AllowedTopicArns='a,b'", "it must be empty or ARNs of standard SNS topics"),
        ("ArtifactsBucket=mine", "parameter ArtifactsBucket is set by the command itself", "give --bucket"),
        ("Pace", "parameter 'Pace' has no value", "write it as Name=value"),
    ],
)
def test_a_wrong_parameter_is_refused_before_aws_is_called(run: Run, given: str, problem: str, advice: str) -> None:
    finished = run("deploy", "--yes", "-p", given)
    assert (finished.code, finished.out) == (Exit.USAGE, "")
    assert f"failed: {problem}" in finished.err
    assert advice in finished.err


def test_a_secret_given_as_a_parameter_is_not_shown() -> None:
    with pytest.raises(CommandFailed) as failed:
        check_parameters(DEFINITIONS, {"SlackApiUrl": "https://hooks.slack.com/services/T0/B0/c4n4ry!"})
    assert "c4n4ry" not in failed.value.report
