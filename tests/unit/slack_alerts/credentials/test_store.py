import json
import traceback
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack_alerts.credentials.store import CACHED_FOR, USABLE_FOR
from slack_alerts.models import BotToken, CredentialsMissing, CredentialsUnavailable, Webhook
from tests.support.steps.credential_store import FAILURES, NEW, OLD, PATH, Ring


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f" {OLD}\n", Webhook(OLD)),
        (json.dumps({"token": "xoxb-1-canary", "channel": "C012"}), BotToken("xoxb-1-canary", "C012")),
        (json.dumps({"token": "xoxe.xoxb-1-canary", "channel": "C012"}), BotToken("xoxe.xoxb-1-canary", "C012")),
    ],
)
def test_credentials_are_read_by_path_and_name(text: str, found: object) -> None:
    ring = Ring(text)
    assert ring.find("team-2") == found
    assert ring.store.names == [f"{PATH}/team-2"]


def test_f1_a_missing_secret_is_said_by_the_destination() -> None:
    with pytest.raises(CredentialsMissing, match=r"^destination ops: there is no secret$"):
        Ring(None).find()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (" \n", "the secret is empty"),
        ("http://hooks.slack.com/services/canary", "the webhook must start with https://"),
        ('{"token": "canary"}', 'the secret must have the fields "token" and "channel", and no other'),
    ],
)
def test_f2_a_malformed_secret_is_said_by_its_rule(text: str, rule: str) -> None:
    with pytest.raises(CredentialsMissing, match=f"^destination ops: {rule}$"):
        Ring(text).find()


@pytest.mark.parametrize("code", FAILURES)
def test_f4_f5_a_store_that_does_not_answer_is_said_by_its_code_where_nothing_is_kept(code: str) -> None:
    with pytest.raises(CredentialsUnavailable, match=f"^destination ops: {code}$"):
        Ring(FAILURES[code]()).find()


ANSWERS = st.sampled_from([OLD, NEW, None, "", "canary", '{"token": "xoxb-canary"}', *FAILURES])


@given(st.lists(st.tuples(ANSWERS, st.booleans(), st.sampled_from([0.0, CACHED_FOR, USABLE_FOR])), max_size=12))
def test_whatever_the_store_does_no_secret_is_shown(steps: Sequence[tuple[str | None, bool, float]]) -> None:
    ring, said = Ring(None), []
    for answer, by_force, pause in steps:
        ring.store.answers = [FAILURES[answer]() if answer in FAILURES else answer]
        ring.clock.now += pause
        try:
            said.append(repr(ring.find_newer() if by_force else ring.find()))
        except (CredentialsMissing, CredentialsUnavailable) as error:
            said += [repr(error), *traceback.format_exception(error), repr(error.__cause__), repr(error.__context__)]
    assert "canary" not in "".join([*said, repr(ring.credential_store)])


@pytest.mark.parametrize(
    ("api_url", "rule"),
    [
        ("slack.com/api", "must be a URL"),
        ("http://slack.com/api", "must start with https://"),
        ("https://example.com/api", "must name one of the allowed hosts"),
        ("https://me@slack.com/api", "must name no user"),
        ("https://slack.com:8443/api", "must name no port but 443"),
    ],
)
def test_an_address_of_the_web_api_that_may_not_be_called_stops_bots_and_no_webhook(api_url: str, rule: str) -> None:
    assert Ring(OLD, api_url=api_url).find() == Webhook(OLD)
    with pytest.raises(CredentialsMissing, match=f"^destination ops: SLACK_API_URL {rule}"):
        Ring('{"token": "xoxb-1-canary", "channel": "C0123"}', api_url=api_url).find()
