import pytest

from holdfast_cli.kinds import SAMPLES
from notifications.line import line
from notifications.models import Notification, Status
from notifications.parsing import parse
from tests.support.samples.notifications import changed, parse_json, read_sample, record

TEXT = (SAMPLES / "managed-prometheus.txt").read_text(encoding="utf-8")
ALERT = read_sample("alertmanager.json")["alerts"][0]


def alert(severity: str, status: str = "firing", **labels: str) -> dict[str, object]:
    return {**ALERT, "status": status, "labels": {"alertname": "A", "severity": severity, **labels}}


def alerts(*listed: object) -> Notification:
    return changed("alertmanager.json", alerts=listed, commonLabels={}, groupLabels={})


def test_the_worst_firing_alert_leads() -> None:
    said = alerts(alert("critical", "resolved", alertname="Over"), alert("warning"), alert("high", alertname="Worst"))
    assert (said.title, said.severity_word) == ("Worst (high)", "high")
    assert [one.split()[0] for one in said.reason.splitlines()] == ["FIRING", "FIRING", "RESOLVED"]


@pytest.mark.parametrize(
    ("status", "end", "past"),
    [
        ("resolved", "2026-01-31T02:34:41Z", ", after 19 min 59 s"),
        ("resolved", "0001-01-01T00:00:00Z", ""),
        ("firing", "2026-01-31T02:34:41Z", ""),
    ],
)
def test_a_resolved_alert_says_how_long_it_was_firing(status: str, end: str, past: str) -> None:
    assert alerts({**ALERT, "status": status, "endsAt": end}).summary == f"p99 is 2.4 s, api-1{past}"


def test_labels_that_look_secret_are_hidden() -> None:
    labels = {"api_token": "canary"}
    assert "canary" not in repr(alerts(alert("high", **labels)).facts)


def test_account_and_region_may_be_labels() -> None:
    said = alerts(alert("high", account_id="444455556666", region="eu-north-1"))
    assert (said.account, said.region) == ("444455556666", "eu-north-1")


@pytest.mark.parametrize(("url", "words"), [("https://g.example/", ["Open source"]), ("http://g.example/", [])])
def test_only_an_https_source_is_a_link(url: str, words: list[str]) -> None:
    said = alerts({**ALERT, "generatorURL": url, "annotations": {}})
    assert [link.words for link in said.links] == words


@pytest.mark.parametrize(
    ("text", "status", "title", "summary"),
    [
        (TEXT, Status.FIRING, "HighLatency (critical)", "p99 is 2.4 s, api-5c2a (+1 more)"),
        (TEXT.replace("critical", "info"), Status.FIRING, "PodRestarts (warning)", "The pod has restarted 6 times in"),
        (TEXT.replace("Firing", "Resolved"), Status.RESOLVED, "HighLatency (critical)", "p99 is 2.4 s, api-5c2a (+1"),
        (
            f"the shop\n{TEXT}\nAlerts Resolved:\nLabels:\n - alertname = Old\n",
            Status.FIRING,
            "HighLatency (critical)",
            "p9",
        ),
    ],
)
def test_the_default_text_of_managed_prometheus_is_read(text: str, status: Status, title: str, summary: str) -> None:
    said = parse(record(text))
    assert (said.status, said.title) == (status, title)
    assert said.summary.startswith(summary)
    assert said.reason == text


def test_an_alert_without_annotations_keeps_its_name() -> None:
    said = parse_json(
        {"status": "firing", "alerts": [{"status": "firing", "labels": {"alertname": "DiskFull", "severity": "page"}}]}
    )
    assert line(said) == "🔴 FIRING DiskFull (page): no summary"
