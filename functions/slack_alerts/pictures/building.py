"""Build the service that posts pictures."""

from functools import cache

from configuration.clients import client
from slack_alerts.pictures.drawing import CALL_TIMEOUT, CloudWatch, Drawing
from slack_alerts.pictures.pictures import Pictures
from slack_alerts.pictures.uploading import Uploading
from slack_alerts.slack.egress import Egress
from slack_alerts.slack.http import SlackHttp
from slack_alerts.slack.upload import SlackUpload


def build_pictures(own_arn: str, http: SlackHttp, egress: Egress) -> Pictures:
    """Return the service for the account and Region of this ARN; its first picture builds the CloudWatch client."""

    @cache
    def cloudwatch() -> CloudWatch:
        made: CloudWatch = client("cloudwatch", CALL_TIMEOUT)
        return made

    _, _, _, region, account, *_ = own_arn.split(":")
    upload = Uploading(SlackUpload(http, egress)).upload
    return Pictures(account=account, region=region, draw=Drawing(cloudwatch).draw, upload=upload)
