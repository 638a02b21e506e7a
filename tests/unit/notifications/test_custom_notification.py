from tests.support.samples.notifications import changed


def test_steps_and_further_lines_are_in_the_long_text() -> None:
    content = {"title": "Freeze", "description": "No deployments.\nUntil Monday.", "nextSteps": ["Wait", "Ask ops"]}
    said = changed("custom-notification.json", content=content)
    assert (said.title, said.summary) == ("Freeze", "No deployments.")
    assert said.reason == "No deployments.\nUntil Monday.\n• Wait\n• Ask ops"


def test_the_context_is_facts_and_tags_for_routes() -> None:
    metadata = {"additionalContext": {"priority": "low", "api_token": "canary"}}
    said = changed("custom-notification.json", metadata=metadata)
    assert ("priority", "low") in said.tags
    assert dict(said.facts) | {"Keywords": ""} == {"Keywords": "", "priority": "low", "api_token": "[hidden]"}
