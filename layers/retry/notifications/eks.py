"""EKS: add-ons and Fargate pods."""

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import job_status, joined, notification, words
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Notification, Status

STATES = {"Degraded": Status.FIRING, "Restored": Status.RESOLVED}


def cluster(body: Body) -> Notification:
    """Return the state that the detail-type names, of an add-on of a cluster or of a pod."""
    detail, kind = body.at("detail"), body.text("detail-type").removeprefix("EKS ")
    arn = next(iter(body.texts("resources")), "")
    state = kind.rpartition(" ")[2]
    name, addon = _names(detail, arn)
    problem = detail.text("errorMessage", "message", "reason", "health.issues.0.message", "issues.0.message")
    status = STATES.get(state) or job_status(state)
    is_plain = status is Status.NOTICE
    return notification(
        body,
        status=status,
        label="EKS" if is_plain else state.upper(),
        title=joined("" if is_plain else "EKS", joined(name, addon, by=" / "), by=" "),
        summary=joined(words(kind), hidden("message", problem), by=": "),
        facts=(
            ("Code", detail.text("errorCode", "code", "health.issues.0.code", "issues.0.code")),
            ("Version", detail.text("addonVersion", "addon-version")),
        ),
        resources=(name,),
        links=console(body.text("region"), "eks/clusters/{name}?region={region}", "Open cluster", name=name),
    )


def _names(detail: Body, arn: str) -> tuple[str, str]:
    """Return cluster and add-on, from the detail or from arn:…:addon/cluster/name/id."""
    parts = arn.partition(":addon/")[2].split("/")
    addon = detail.text("addonName", "addon-name", "addon.addonName") or (parts[1] if len(parts) > 1 else "")
    return detail.text("clusterName", "cluster-name", "addon.clusterName") or parts[0] or name_of(arn), addon
