import pytest

from demo.clients import Clients, local_environment
from holdfast_cli.failures import CommandFailed


@pytest.mark.parametrize("url", ["https://sqs.us-east-1.amazonaws.com", ""])
def test_another_machine_is_refused(url: str) -> None:
    with pytest.raises(CommandFailed):
        Clients(url)
    with pytest.raises(CommandFailed):
        local_environment({}, url)


def test_no_credentials_or_profiles_are_in_the_environment_of_a_local_tool() -> None:
    profile = {"AWS_PROFILE": "work", "AWS_SESSION_TOKEN": "t", "SAM_CLI_X": "y"}
    others = {"PATH": "/bin", "PIP_INDEX_URL": "index"}
    environment = local_environment(profile | others, "http://127.0.0.1:1")
    assert not profile.keys() & environment.keys()
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert environment["AWS_CONFIG_FILE"] == "/dev/null"
    assert others.items() <= environment.items()


def test_a_client_of_the_endpoint_is_created_once() -> None:
    clients = Clients("http://127.0.0.1:1")
    assert clients.client("sns") is clients.client("sns")
    assert clients.client("sns").meta.endpoint_url == "http://127.0.0.1:1"
