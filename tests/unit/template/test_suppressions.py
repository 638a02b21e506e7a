"""What checkov is told not to look at has its reason beside it, on the resource it is about."""

from tests.support.stack.template import source


def test_each_suppression_says_why() -> None:
    suppressed = [
        one
        for resource in source()["Resources"].values()
        for one in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
    ]
    assert suppressed
    assert all(one.keys() == {"id", "comment"} for one in suppressed), "a comma ends a comment in YAML's braces"
    assert all(len(one["comment"].split()) > 3 for one in suppressed), suppressed
