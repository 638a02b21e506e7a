"""Words of success that are negated: unavailable, incomplete, NotReady, no longer healthy."""

import re

NEGATED = re.compile(
    r"(?i)(?:\b|_|(?-i:(?<=[a-z])(?=[A-Z])))"
    r"(?:un|in|dis|(?:not|never|no longer)(?:[ _-](?:yet|been))?[ _-]?)"
    r"(?:succe|complete|resolved|available|healthy|recover|passed|ready|approved|connected|alive|reachable)"
)


def is_negated(text: str) -> bool:
    """Return whether a word of success is negated, which means failure. A search for the word alone finds success."""
    return NEGATED.search(text) is not None
