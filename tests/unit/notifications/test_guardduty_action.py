from collections.abc import Mapping

import pytest

from notifications.body import Body
from notifications.guardduty_action import action_of, actor_of
from tests.support.samples.notifications import body_of

REMOTE: dict[str, object] = {
    "remoteIpDetails": {"ipAddressV6": "2001:db8::7", "country": {"countryCode": "UT"}, "organization": {}}
}


def detail(kind: str, name: str, action: Mapping[str, object]) -> Body:
    return body_of(service={"action": {"actionType": kind, name: action}})


@pytest.mark.parametrize(
    ("kind", "name", "action", "expected"),
    [
        ("NETWORK_CONNECTION", "networkConnectionAction", {"connectionDirection": "INBOUND", **REMOTE}, "contacted"),
        (
            "NETWORK_CONNECTION",
            "networkConnectionAction",
            {"connectionDirection": "OUTBOUND", **REMOTE},
            "connected to",
        ),
        ("PORT_PROBE", "portProbeAction", {"portProbeDetails": [REMOTE]}, "probed from 2001:db8::7"),
        ("AWS_API_CALL", "awsApiCallAction", {"api": "ListBuckets", **REMOTE}, "called ListBuckets from 2001:db8::7"),
        ("RDS_LOGIN_ATTEMPT", "rdsLoginAttemptAction", REMOTE, "login from 2001:db8::7"),
        ("DNS_REQUEST", "dnsRequestAction", {"domain": "pool.example.com"}, "queried pool.example.com"),
        ("KUBERNETES_API_CALL", "kubernetesApiCallAction", {"verb": "get", "requestUri": "/api"}, "called get /api"),
        ("SOMETHING_NEW", "newAction", REMOTE, ""),
    ],
)
def test_each_action_is_said_in_words(kind: str, name: str, action: Mapping[str, object], expected: str) -> None:
    assert action_of(detail(kind, name, action)).startswith(expected)


def test_the_actor_has_address_and_country() -> None:
    assert actor_of(detail("AWS_API_CALL", "awsApiCallAction", REMOTE)) == "2001:db8::7, UT"


def test_a_port_has_no_thousands_separator() -> None:
    action = {"portProbeDetails": [{"localPortDetails": {"port": 33060, "portName": "Unknown"}}]}
    assert action_of(detail("PORT_PROBE", "portProbeAction", action)) == "port 33060 probed"
