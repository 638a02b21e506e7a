import re
from collections.abc import Callable, Mapping

import pytest
from flask.testing import FlaskClient

from demo.channels import CHANNELS
from demo.console.hub import Hub
from demo.console.page import console_page
from demo.slack.app import slack_app
from demo.slack.standin import SlackStandin
from holdfast_cli.samples import samples


def send(sample: str) -> str:
    return f"sent {sample}"


def fail(**_: object) -> str:
    raise ValueError("no such thing")


def client_of(commands: Mapping[str, Callable[..., str]]) -> FlaskClient:
    return slack_app(SlackStandin(), console_page(Hub(), lambda: commands)).test_client()


@pytest.fixture
def client() -> FlaskClient:
    return client_of({"send": send, "fail": fail})


def test_the_page_has_each_sample_and_channel_and_names_no_other_site(client: FlaskClient) -> None:
    response = client.get("/")
    page = response.text
    assert page.count("data-sample=") == len(samples())
    assert all(f"<option>{one}</option>" in page for one in CHANNELS)
    assert "://" not in re.sub(r"<span class=\"line\">.*?</span>", "", page)
    assert "<script>" not in page
    assert "style=" not in page
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy


def test_the_parts_that_the_page_names_are_served(client: FlaskClient) -> None:
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/").text)
    assert len(named) == 5
    for one in named:
        with client.get(one) as response:
            assert response.status_code == 200, one


def test_a_command_answers_with_its_line_and_a_wrong_one_with_its_problem(client: FlaskClient) -> None:
    done = client.post("/console/send", json={"sample": "a"})
    assert (done.status_code, done.text) == (200, "sent a\n")
    assert client.post("/console/fail").text == "no such thing\n"
    assert client.post("/console/send", json={"wrong": 1}).status_code == 400
    assert client.post("/console/send", data="no JSON").status_code == 400
    assert client.post("/console/send", data="[1]").status_code == 400
    unknown = client.post("/console/explode")
    assert (unknown.status_code, unknown.text) == (404, "no such command: use one of send, fail\n")
    assert {one.mimetype for one in (done, unknown, client.post("/_control/nothing"))} == {"text/plain"}


def test_there_are_no_commands_before_the_stack_is_ready() -> None:
    response = client_of({}).post("/console/send", json={"sample": "a"})
    assert (response.status_code, response.text) == (409, "the acts are still running: wait until they end\n")


@pytest.mark.parametrize("path", ["/console/send", "/_control/outage"])
@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Host": "rebound.example"}]
)
def test_another_site_can_send_no_command(client: FlaskClient, path: str, headers: dict[str, str]) -> None:
    assert client.post(path, json={}, headers=headers).status_code == 403


def test_the_page_itself_can_send_commands(client: FlaskClient) -> None:
    headers = {"Origin": "http://127.0.0.1:8000", "Host": "127.0.0.1:8000"}
    assert client.post("/console/send", json={"sample": "a"}, headers=headers).status_code == 200
