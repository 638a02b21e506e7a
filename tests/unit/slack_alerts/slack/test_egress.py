import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from slack_alerts.slack.egress import Egress, ForbiddenUrl

SLACKS = frozenset({"hooks.slack.com", "slack.com", "hooks.slack-gov.com"})
STANDARD = Egress(SLACKS | {"proxy.example.com"})
QUICK = Egress(SLACKS | {"proxy.example.com"}, allows_plain=True)


@pytest.mark.parametrize(
    "url",
    [
        *("https://hooks.slack.com/services/x", "https://HOOKS.slack.com/services/x", "https://slack.com/api"),
        *(
            "https://hooks.slack.com:443/services/x",
            "https://hooks.slack-gov.com/services/x",
            "https://proxy.example.com",
        ),
        *("http://127.0.0.1:8080/services/x", "https://localhost:8443/services/x", "http://[::1]:80/services/x"),
    ],
)
@pytest.mark.parametrize("egress", [STANDARD, QUICK], ids=["standard", "quick"])
def test_allowed_hosts_over_tls_and_loopback_may_be_called(egress: Egress, url: str) -> None:
    assert egress.check(url).geturl().casefold() == url.casefold()


@pytest.mark.parametrize(
    ("rule", "urls"),
    [
        (
            "must be a URL",
            [
                *("", "hooks.slack.com/services/x", "https:///services/x", "ftp://hooks.slack.com/x"),
                *("file:///etc/passwd", "https://hooks.slack.com:port/x", "https://hooks.slack.com:99999/x"),
                "https://[hooks/x",
            ],
        ),
        (
            "plain ASCII",
            [
                *("https://hooks.slack.com/é", "https://hooks.sla\u0441k.com/cyrillic", "https://hooks.slack.com/a b"),
                *("https://hooks.slack.com/x\nHost: y", "https://hooks.slack.com/\x00", "https://hooks.slack.com/\x7f"),
                "https://hooks.slack.com\\@example.com/x",
            ],
        ),
        (
            "no user",
            [f"https://{host}/x" for host in ("a:pw@hooks.slack.com", "hooks.slack.com@example.com", "@slack.com")],
        ),
        (
            "allowed hosts",
            [
                *("https://example.com/services/x", "https://hooks.slack.com.example.com/x", "http://127.0.0.2/x"),
                *("https://hooks.slack.com./x", "https://xhooks.slack.com/x", "https://169.254.169.254/latest"),
            ],
        ),
        ("https://", ["http://hooks.slack.com/x"]),
        ("no port", ["https://hooks.slack.com:8443/x", "https://hooks.slack.com:0/x"]),
    ],
)
@pytest.mark.parametrize("egress", [STANDARD, QUICK], ids=["standard", "quick"])
def test_any_other_url_is_refused_by_its_rule(egress: Egress, rule: str, urls: list[str]) -> None:
    for url in urls:
        with pytest.raises(ForbiddenUrl, match=rule):
            egress.check(url)


@pytest.mark.parametrize("url", ["http://proxy.example.com/x", "https://proxy.example.com:8443/x"])
def test_only_the_quick_pace_calls_a_named_host_in_plain_http_or_on_its_own_port(url: str) -> None:
    assert QUICK.check(url).hostname == "proxy.example.com"
    with pytest.raises(ForbiddenUrl):
        STANDARD.check(url)


def shown(error: BaseException | None) -> str:
    """Return everything that an error and its causes would print."""
    return "" if error is None else f"{error!s} {error!r} {shown(error.__cause__)} {shown(error.__context__)}"


@given(st.text() | st.from_regex(r"(https?|ftp)://[a-z@:.\[\]0-9]{0,30}/?.{0,20}"))
@example("https://[::1")
@example("https://[v1.x]/")
@example("http://\u2100.com")
def test_any_text_is_a_known_host_or_refused_without_being_shown(text: str) -> None:
    refused: BaseException | None = None
    try:
        parts = QUICK.check(f"{text}canary")
    except ForbiddenUrl as error:
        refused = error
    else:
        assert parts.hostname in QUICK.hosts | {"127.0.0.1", "localhost", "::1"}
    assert "canary" not in shown(refused)
