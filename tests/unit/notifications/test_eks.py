import pytest

from notifications.models import Status
from tests.support.samples.notifications import changed

ARN = "arn:aws:eks:eu-west-1:111122223333:addon/prod/coredns/1a2b"


@pytest.mark.parametrize(
    ("kind", "status", "label"),
    [
        ("EKS Addon Update Failed", Status.FIRING, "FAILED"),
        ("EKS Addon Creation Succeeded", Status.RESOLVED, "SUCCEEDED"),
        ("EKS Addon Health Degraded", Status.FIRING, "DEGRADED"),
        ("EKS Addon Health Restored", Status.RESOLVED, "RESTORED"),
        ("EKS Fargate Pod Scheduled Termination", Status.NOTICE, "EKS"),
    ],
)
def test_the_detail_type_names_the_state(kind: str, status: Status, label: str) -> None:
    said = changed("eks-addon.json", **{"detail-type": kind})
    assert (said.status, said.label) == (status, label)


def test_cluster_and_addon_may_stand_in_the_arn_only() -> None:
    said = changed("eks-addon.json", detail={}, resources=[ARN])
    assert (said.title, said.summary) == ("EKS prod / coredns", "addon update failed")


def test_a_cluster_is_named_by_its_own_arn() -> None:
    cluster = ["arn:aws:eks:eu-west-1:111122223333:cluster/prod"]
    assert changed("eks-addon.json", detail={}, resources=cluster).title == "EKS prod"
