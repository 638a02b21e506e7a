"""The channels of the demonstration, and the routes that lead to them."""

import json

DEFAULT, TEAM = "alerts", "team"
PREFIXES = {DEFAULT: "storm", TEAM: "orders", "billing": "billing", "search": "search", "security": "security"}
"""The prefix of alarms that a channel gets; the default channel gets every other alert."""
CHANNELS = tuple(PREFIXES)
FOLLOWED = "followed"
"""The channel of the bot, and the prefix of its alarms; the other channels have webhooks."""
FINDINGS = ("aws.guardduty", "aws.securityhub", "aws.inspector2", "aws.macie")
ROUTES = (
    *({"match": {"alarm": f"{PREFIXES[one]}-*"}, "destination": one} for one in CHANNELS[1:]),
    {"match": {"alarm": f"{FOLLOWED}-*"}, "destination": FOLLOWED},
    *({"match": {"source": one}, "destination": "security"} for one in FINDINGS),
)


def routes_document(*more: object) -> str:
    """Return the document of these routes and ROUTES. Store it before the first alarm: intake caches it for minutes."""
    return json.dumps({"routes": [*more, *ROUTES]})
