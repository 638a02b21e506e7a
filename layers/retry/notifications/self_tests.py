"""The heartbeat, as the template's schedule publishes it."""

HEARTBEAT = '{"holdfast": "heartbeat"}'
"""The exact text; any other message is an alert."""
