"""`make screenshots`: pictures of every sample in .local/screenshots, and those that the docs show in docs/pictures."""

import shutil
import sys
from typing import Any

from holdfast_cli.failures import run_command
from holdfast_cli.sam import ROOT
from tests.browser.chromium import chromium
from tests.browser.console_pictures import console_pictures
from tests.browser.fed import Fed, fed_console
from tests.browser.pictures import keep, new_page
from tests.browser.sample_posts import post_of_sample, sample_posts

ALL, DOCS = ROOT / ".local" / "screenshots", ROOT / "docs" / "pictures"
FAMILIES = {
    "alarms": "alarm-metric.json",
    "security": "guardduty-finding.json",
    "activity": "sign-in-root.json",
    "account": "health-issue.json",
    "cost": "cost-anomaly.json",
    "deployments": "codepipeline-failed.json",
    "compute": "ecs-task-stopped.json",
    "data": "rds-failover.json",
    "mail": "ses-bounce.json",
    "operations": "ssm-automation.json",
    "other-tools": "alertmanager.json",
}
"""The sample of each family that docs/messages.md shows."""
CHANNEL = ("alarm-metric.json", "ecs-task-stopped.json")
WIDTH = 700
CHANNEL_SCALE = 1.5


def main() -> int:
    shutil.rmtree(ALL, ignore_errors=True)
    for folder in (ALL, DOCS):
        folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        with fed_console() as fed:
            _samples(browser, fed)
            _channel(browser, fed)
        console_pictures(browser, DOCS)
    print(f"{len([*ALL.iterdir()])} samples in {ALL.relative_to(ROOT)}, {len([*DOCS.iterdir()])} pictures for the docs")
    return 0


def _samples(browser: Any, fed: Fed) -> None:  # noqa: ANN401 - playwright's
    """Take a picture of the message that each sample becomes."""
    page = new_page(browser, fed.url, (WIDTH, 900))
    shown = {sample: family for family, sample in FAMILIES.items()}
    for name, post in sample_posts():
        fed.hub.clear()
        fed.show(post, facts=None)
        message = page.locator(f'.message[data-number="{post.number}"]')
        message.screenshot(path=ALL / f"{name}.png", animations="disabled")
        if name in shown:
            keep(message, DOCS / f"message-{shown[name]}.png")


def _channel(browser: Any, fed: Fed) -> None:  # noqa: ANN401 - playwright's
    """Take a picture of a channel with an alarm and a stopped task."""
    fed.hub.clear()
    for number, name in enumerate(CHANNEL, start=1):
        fed.show(post_of_sample(name, number), facts=None)
    page = new_page(browser, fed.url, (WIDTH, 2_300), CHANNEL_SCALE)
    page.locator(f'.message[data-number="{len(CHANNEL)}"]').wait_for()
    keep(page.locator("#channels"), DOCS / "channel.png")


if __name__ == "__main__":
    sys.exit(run_command(main))
