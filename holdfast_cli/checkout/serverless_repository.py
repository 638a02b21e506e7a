"""A packaged template -> a template for `sam package`, `sam deploy` and `sam publish`, whose code lies beside it."""

import copy
from typing import Any

from holdfast_cli.checkout.packaging import FUNCTION, LAYER_VERSION, MAPPING
from holdfast_cli.deployment.packaged import PARAMETERS, Packaged

METADATA = "AWS::ServerlessRepo::Application"
PROCESSOR = "arm64"
"""An application of the repository has one layer, so one processor."""


def application_template(packaged: Packaged, version: str) -> dict[str, Any]:
    """Return the template with its code by file names, and with the metadata of an application."""
    template: dict[str, Any] = copy.deepcopy(dict(packaged.template))
    layer = template["Mappings"].pop(MAPPING)["Layer"][PROCESSOR]
    for name in PARAMETERS:
        del template["Parameters"][name]
    template["Parameters"]["Architecture"] |= {"Default": PROCESSOR, "AllowedValues": [PROCESSOR]}
    for resource in template["Resources"].values():
        if resource["Type"] == LAYER_VERSION:
            resource["Properties"]["ContentUri"] = layer
        elif resource["Type"] == FUNCTION:
            key = resource["Properties"]["CodeUri"]["Key"]["Fn::Sub"]
            resource["Properties"]["CodeUri"] = key.partition("}")[2]
    template["Metadata"][METADATA] = metadata(version)
    return template


def metadata(version: str) -> dict[str, Any]:
    """Return the metadata of the application in the repository."""
    return {
        "Name": "holdfast",
        "Description": "AWS alarms and events reach Slack, and no alert is lost.",
        "Author": "The Holdfast authors",
        "SpdxLicenseId": "MIT",
        "LicenseUrl": "LICENSE",
        "ReadmeUrl": "README.md",
        "Labels": ["slack", "cloudwatch", "alarms", "sns", "alerting"],
        "SemanticVersion": version,
    }
