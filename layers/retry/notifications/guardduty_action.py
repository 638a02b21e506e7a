"""The action of a GuardDuty finding in words: `port 22 (SSH) probed from 198.51.100.7`."""

from collections.abc import Callable

from notifications.body import Body
from notifications.building import counted, joined

REMOTE = (
    "networkConnectionAction.remoteIpDetails",
    "portProbeAction.portProbeDetails.0.remoteIpDetails",
    "awsApiCallAction.remoteIpDetails",
    "kubernetesApiCallAction.remoteIpDetails",
    "rdsLoginAttemptAction.remoteIpDetails",
)


def action_of(detail: Body) -> str:
    """Return the action in words; "" for an action of another type."""
    action = detail.at("service.action")
    said = ACTIONS.get(action.text("actionType"))
    if said:
        return said(action)
    service = detail.at("service")
    return _malware(service) or _runtime(service) or _sequence(service)


def actor_of(detail: Body) -> str:
    """Return address, country and network of the remote side."""
    action = detail.at("service.action")
    remote = _remote(action)
    place = remote.text("country.countryName", "country.countryCode")
    network = remote.text("organization.asnOrg", "organization.org", "organization.isp")
    return joined(_address(action), place, network) or _endpoints(detail.at("service"))


def _remote(action: Body) -> Body:
    return next((found for path in REMOTE if (found := action.at(path)).value), action.at(REMOTE[0]))


def _address(action: Body) -> str:
    remote = _remote(action)
    return remote.text("ipAddressV4", "ipAddressV6") or action.text(
        "awsApiCallAction.remoteAccountDetails.accountId",
        "awsApiCallAction.domainDetails.domain",
        "kubernetesApiCallAction.sourceIPs.0",
        "dnsRequestAction.domain",
    )


def _from(action: Body) -> str:
    address = _address(action)
    return f"from {address}" if address else ""


def _probed(action: Body) -> str:
    port = _port(action.at("portProbeAction.portProbeDetails.0.localPortDetails"))
    return joined(port, "probed", _from(action), by=" ")


def _port(details: Body) -> str:
    number, name = details.text("port"), details.text("portName")
    known = f" ({name})" if name and name != "Unknown" else ""
    return f"port {number.replace(',', '')}{known}" if number else ""


def _connected(action: Body) -> str:
    found = action.at("networkConnectionAction")
    if found.text("connectionDirection") == "INBOUND":
        return joined(_port(found.at("localPortDetails")), "contacted", _from(action), by=" ")
    port = _port(found.at("remotePortDetails"))
    return joined("connected to", _address(action) or "a remote host", port, by=" ")


def _called(action: Body) -> str:
    call = action.at("awsApiCallAction")
    service = call.text("serviceName").partition(".")[0]
    error = call.text("errorCode")
    return joined("called", service, call.text("api"), _from(action), f"({error})" if error else "", by=" ")


def _kubernetes(action: Body) -> str:
    call = action.at("kubernetesApiCallAction")
    return joined("called", call.text("verb"), call.text("requestUri"), _from(action), by=" ")


def _login(action: Body) -> str:
    user = action.at("rdsLoginAttemptAction").text("LoginAttributes.0.user", "loginAttributes.0.user")
    return joined("login", f"of {user}" if user else "", _from(action), by=" ")


def _queried(action: Body) -> str:
    return joined("queried", action.text("dnsRequestAction.domain"), by=" ")


ACTIONS: dict[str, Callable[[Body], str]] = {
    "PORT_PROBE": _probed,
    "NETWORK_CONNECTION": _connected,
    "DNS_REQUEST": _queried,
    "AWS_API_CALL": _called,
    "KUBERNETES_API_CALL": _kubernetes,
    "RDS_LOGIN_ATTEMPT": _login,
}


def _malware(service: Body) -> str:
    """Return the worst threat that a scan found, and the number of files."""
    scan = service.at("ebsVolumeScanDetails.scanDetections")
    name = scan.text("highestSeverityThreatDetails.threatName") or service.text("malwareScanDetails.threats.0.name")
    files = scan.text("threatsDetectedItemCount.files")
    return joined(f"contains {name}" if name else "", f"in {files} files" if files else "", by=" ")


def _runtime(service: Body) -> str:
    process = service.text("runtimeDetails.process.executablePath", "runtimeDetails.process.name")
    return f"ran {process}" if process else ""


def _sequence(service: Body) -> str:
    """Return the words for an attack sequence: several findings of one attack."""
    signals = service.items("detection.sequence.signals")
    return f"attacked, {len(signals):,} signals" if signals else ""


def _endpoints(service: Body) -> str:
    return counted((one.text("ip", "domain") for one in service.items("detection.sequence.endpoints")), 2)
