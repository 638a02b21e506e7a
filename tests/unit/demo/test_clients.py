import pytest

from demo.clients import Clients, local_environment
from holdfast_cli.failures import CommandFailed
from holdfast_cli.loopback import is_loopback


@pytest.mark.parametrize("url", ["http://127.0.0.1:4566", "http://localhost:1", "http://[::1]:1", "http://127.9.9.9"])
def test_this_machine_is_this_machine(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://sqs.us-east-1.amazonaws.com",
        "http://192.0.2.1",
        "http://127.0.0.1.example.com",
        "http://[",
        "localhost",
    ],
)
def test_anything_else_is_not(url: str) -> None:
    assert not is_loopback(url)
    with pytest.raises(CommandFailed):
        Clients(url)
    with pytest.raises(CommandFailed):
        local_environment({}, url)


def test_nobodys_credentials_and_profiles_reach_a_local_tool() -> None:
    theirs = {
        "AWS_PROFILE": "work",
        "AWS_SESSION_TOKEN": "t",
        "SAM_CLI_X": "y",
        "PATH": "/bin",
        "PIP_INDEX_URL": "kept",
    }
    given = local_environment(theirs, "http://127.0.0.1:1")
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN", "SAM_CLI_X"} & given.keys()
    assert given["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert given["AWS_CONFIG_FILE"] == "/dev/null"
    assert (given["PATH"], given["PIP_INDEX_URL"]) == ("/bin", "kept")


def test_a_client_is_made_once_and_for_this_machine_only() -> None:
    clients = Clients("http://127.0.0.1:1")
    assert clients.client("sns") is clients.client("sns")
    assert clients.client("sns").meta.endpoint_url == "http://127.0.0.1:1"
