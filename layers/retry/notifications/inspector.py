"""Amazon Inspector: findings, the result of an image's first scan, and the coverage of resources."""

from collections.abc import Callable

from aws_events.severity import Severity, severity_of
from notifications.arns import name_of
from notifications.body import Body
from notifications.building import joined, notification
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Link, Notification, Status
from notifications.numbers import exact

STATUSES = {"CLOSED": Status.RESOLVED, "SUPPRESSED": Status.NOTICE}
UNKNOWN_FIX = {"", "NotAvailable"}
NO_REMEDIATION = "None Provided"


def finding(body: Body) -> Notification:
    """Return a vulnerability, an open port or a flaw in code, and the resource that has it."""
    detail = body.at("detail")
    severity, state = detail.text("severity"), detail.text("status")
    resource = _resource(detail.at("resources.0"))
    what = WHAT.get(detail.text("type"), _other)(detail)
    exploit = "exploit available" if detail.text("exploitAvailable") == "YES" else ""
    place = " on " if detail.text("type") == "NETWORK_REACHABILITY" else " in "
    return notification(
        body,
        status=STATUSES.get(state, Status.FIRING),
        label=state if state in STATUSES else severity or "FINDING",
        title=joined("Inspector", detail.text("packageVulnerabilityDetails.vulnerabilityId"), by=" "),
        summary=joined(joined(what, resource, by=place), exploit),
        reason=hidden("", detail.text("description")),
        severity=severity_of(severity),
        severity_word=severity,
        facts=(("Resource", resource), *_facts(detail)),
        resources=(one.text("id") for one in detail.items("resources")),
        account=detail.text("awsAccountId"),
        region=detail.text("resources.0.region"),
        links=_page(body),
    )


def _facts(detail: Body) -> tuple[tuple[str, str], ...]:
    remediation = detail.text("remediation.recommendation.text")
    return (
        ("Score", detail.text("inspectorScore")),
        ("Fix", detail.text("fixAvailable")),
        ("Exploit", detail.text("exploitAvailable")),
        ("Package file", detail.text("packageVulnerabilityDetails.vulnerablePackages.0.filePath")),
        ("Remediation", remediation if remediation != NO_REMEDIATION else ""),
        ("First seen", detail.text("firstObservedAt")),
        ("Source", detail.text("packageVulnerabilityDetails.sourceUrl")),
    )


def _resource(found: Body) -> str:
    """Return image and tag, function, repository, or instance and its name."""
    details = found.at("details")
    image = details.at("awsEcrContainerImage")
    if repository := image.text("repositoryName"):
        return joined("image " + repository, next(iter(image.texts("imageTags")), ""), by=":")
    function = details.text("awsLambdaFunction.functionName")
    project = details.text("codeRepository.projectName")
    tag = found.text("tags.Name")
    uid = name_of(found.text("id"))
    instance = f"{uid} ({tag})" if uid and tag else uid or tag
    return f"Lambda {function}" if function else f"repository {project}" if project else instance


def _package(detail: Body) -> str:
    found = detail.items("packageVulnerabilityDetails.vulnerablePackages")
    first = found[0] if found else detail.at("packageVulnerabilityDetails.vulnerablePackages.0")
    fixed = first.text("fixedInVersion")
    fix = f"(fixed in {fixed})" if fixed not in UNKNOWN_FIX else "(no fix)" if found else ""
    more = f"(+{len(found) - 1:,} more)" if len(found) > 1 else ""
    return joined(first.text("name"), first.text("version"), fix, more, by=" ")


def _network(detail: Body) -> str:
    found = detail.at("networkReachabilityDetails")
    ports = dict.fromkeys((found.text("openPortRange.begin"), found.text("openPortRange.end")))
    return joined(found.text("protocol"), "port", "–".join(filter(None, ports)).replace(",", ""), "reachable", by=" ")


def _code(detail: Body) -> str:
    found = detail.at("codeVulnerabilityDetails")
    line = found.text("filePath.startLine").replace(",", "")
    place = joined(found.text("filePath.filePath", "filePath.fileName"), line, by=":")
    return joined(found.text("detectorName"), place, by=", ")


def _other(detail: Body) -> str:
    return hidden("", detail.text("title"))


WHAT: dict[str, Callable[[Body], str]] = {
    "PACKAGE_VULNERABILITY": _package,
    "NETWORK_REACHABILITY": _network,
    "CODE_VULNERABILITY": _code,
}


def scan(body: Body) -> Notification:
    """Return how many findings of each severity a scan found; the worst one is the severity."""
    detail = body.at("detail")
    counts = detail.at("finding-severity-counts")
    found = {word: number for word in ("CRITICAL", "HIGH", "MEDIUM", "LOW") if (number := counts.number(word))}
    total, word = counts.number("TOTAL"), next(iter(found), "")
    name = detail.text("repository-name", "image-id") or next(iter(body.texts("resources")), "")
    image = name.rpartition(":repository/")[2] if ":repository/" in name else name_of(name.removesuffix(":$LATEST"))
    tags = detail.texts("image-tags")
    said = ", ".join(f"{exact(number)} {word.lower()}" for word, number in found.items())
    return notification(
        body,
        status=Status.FIRING if found or total else Status.RESOLVED,
        label=detail.text("scan-status") or "SCAN",
        title=joined("Inspector", joined(image, next(iter(tags), ""), by=":"), by=" "),
        summary=said or (f"{exact(total)} findings" if total else "no findings"),
        severity=severity_of(word),
        severity_word=word,
        facts=(
            ("Findings", exact(total) if total is not None else ""),
            ("Tags", ", ".join(tags)),
            ("Digest", detail.text("image-digest")),
        ),
        links=_page(body),
    )


def coverage(body: Body) -> Notification:
    """Return whether Inspector scans a resource."""
    detail = body.at("detail")
    state, name = detail.text("scanStatus.statusCodeValue"), name_of(next(iter(body.texts("resources")), ""))
    reason = detail.text("scanStatus.reason")
    return notification(
        body,
        status=Status.RESOLVED if state == "ACTIVE" else Status.FIRING,
        label=state or "COVERAGE",
        title=joined("Inspector coverage", f"of {name}" if name else "", by=" "),
        summary=reason.replace("_", " ").lower() or "scan coverage changed",
        severity=None if state == "ACTIVE" else Severity.LOW,
        facts=(("Reason", reason), ("Scan type", detail.text("scanType"))),
        links=_page(body),
    )


def _page(body: Body) -> tuple[Link, ...]:
    return console(body.text("region"), "inspector/v2/home?region={region}#/findings", "Open in Inspector")
