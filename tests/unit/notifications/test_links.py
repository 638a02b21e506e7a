import pytest

from notifications.links import console, health_page, is_console, log_group, starred


@pytest.mark.parametrize(
    ("text", "encoded"),
    [("AWS/EC2", "AWS*2fEC2"), ("5xx rate", "5xx*20rate"), ("a*b", "a*2ab"), ("é", "*c3*a9"), ("\ud83d", "*3f")],
)
def test_graphs_and_queries_have_an_encoding_of_their_own(text: str, encoded: str) -> None:
    assert starred(text) == encoded


@pytest.mark.parametrize("region", ["", "EU (Ireland)", "eu-west-1.evil.example", "global"])
def test_without_a_region_there_is_no_page(region: str) -> None:
    assert console(region, "x/home?region={region}", "Open") == ()


def test_a_stream_of_a_log_group_has_its_own_page() -> None:
    [page] = log_group("eu-west-1", "/aws/batch/job", "report/1")
    assert page.url.endswith("#logsV2:log-groups/log-group/$252Faws$252Fbatch$252Fjob/log-events/report$252F1")
    assert log_group("eu-west-1", "") == ()


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-west-1", "health.console.aws.amazon.com"),
        ("cn-north-1", "health.console.amazonaws.cn"),
        ("global", "health.console.aws.amazon.com"),
    ],
)
def test_health_has_one_console_for_each_partition(region: str, host: str) -> None:
    [page] = health_page(region, "arn:aws:health:x::event/a")
    assert page.url.startswith(f"https://{host}/health/home#/account/event-log?eventID=arn%3Aaws%3Ahealth")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://console.aws.amazon.com/x", True),
        ("https://eu-west-1.console.aws.amazon.com/x", True),
        ("https://console.amazonaws-us-gov.com/x", True),
        ("http://console.aws.amazon.com/x", False),
        ("console.aws.amazon.com/x", False),
        ("https://console.aws.amazon.com.evil.example/x", False),
        ("https://evilconsole.aws.amazon.com/x", False),
        ("", False),
    ],
)
def test_only_the_consoles_of_aws_are_consoles(url: str, *, expected: bool) -> None:
    assert is_console(url) is expected
