"""Post one message to a destination: attempts by the policy, as plain text if Slack refuses the blocks."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from observability.telemetry import logger
from outcomes.metrics import report_retry_after
from outcomes.outcome import Delivered, Later, Park
from retry_policies import Deadline, DeadlineExceeded, ErrorKind, RetryPolicy
from shared_state.lane_state import Evidence
from slack_alerts.delivery.failures import Failure, outcome_of
from slack_alerts.delivery.pace import Pace
from slack_alerts.models import (
    DOUBT,
    Access,
    ClosedDestination,
    Credentials,
    Place,
    Post,
    Refused,
    SlackMessage,
    SlackRefused,
    SlackUnreachable,
)

ATTEMPT_LIMIT = 8.0
"""Seconds for one attempt."""
MENTION_REFUSED = frozenset({"restricted_action", "action_prohibited"})
"""Slack answers these codes if a mention is not allowed (slack-api-docs #85), and also if the destination is closed."""


@dataclass(frozen=True, slots=True)
class Posted:
    """The result of all attempts of a post."""

    failure: Failure | None
    """The last attempt's error; None if Slack has the message."""
    outcome: Delivered | Later | Park | ClosedDestination
    is_doubtful: bool
    """Whether the message may be in the channel although Slack did not confirm it."""
    evidence: Evidence
    """Whether Slack answered the attempts."""
    refused_blocks: bool = False
    """Whether Slack refused the message with its blocks."""
    place: Place | None = None
    """Where the message is; None if Slack does not have it or does not name its place."""
    message: SlackMessage | None = None
    """The message that Slack has."""

    @property
    def refused(self) -> Refused | None:
        return self.failure.refused if isinstance(self.failure, SlackRefused) else None

    @property
    def code(self) -> str:
        """The code of Slack's refusal, "" if there is none."""
        return self.failure.classification.code if isinstance(self.failure, SlackRefused) else ""

    @property
    def retry_after(self) -> float | None:
        return self.failure.classification.retry_after if isinstance(self.failure, SlackRefused) else None


@dataclass(slots=True, kw_only=True)
class Posting:
    """A post by a policy, before a deadline."""

    send: Post
    policy: RetryPolicy
    deadline: Deadline
    pace: Pace
    access: Access
    find_newer: Callable[[], Access | Later | None]
    """Return newer credentials, None if there are none, Later if the secret cannot be read."""
    is_doubtful: bool
    """Whether an earlier post may have arrived."""
    evidence: Evidence = Evidence.NONE

    def post(self, message: SlackMessage, plain: Callable[[], SlackMessage] | None = None) -> Posted:
        """Post the message, or the plain one if Slack refuses the first; post again with newer credentials."""
        posted = self._post(self.access.credentials, message, plain)
        if posted.refused is Refused.DESTINATION:
            match found := self.find_newer():
                case Access(credentials):
                    posted = self._post(credentials, message, plain)
                case Later():
                    posted = replace(posted, outcome=found)
        report_retry_after(posted.retry_after)
        return posted

    def _post(
        self, credentials: Credentials, message: SlackMessage, plain: Callable[[], SlackMessage] | None
    ) -> Posted:
        """Post the message; a reply that Slack refuses is posted again as a message of its own."""
        posted = self._post_form(credentials, message, plain)
        if message.reply is None or posted.refused not in {Refused.MESSAGE, Refused.DESTINATION}:
            return posted
        logger.warning("reply refused", extra={"code": posted.code})
        alone = None if plain is None else lambda: replace(plain(), reply=None)
        return self._post_form(credentials, replace(message, reply=None), alone)

    def _post_form(
        self, credentials: Credentials, message: SlackMessage, plain: Callable[[], SlackMessage] | None
    ) -> Posted:
        """Post the message, as plain text if Slack refuses the blocks."""
        posted, note = self._without_refused_mention(credentials, message)
        if plain is not None and posted.refused is Refused.MESSAGE:
            logger.warning("message refused", extra={"code": posted.code})
            simple = plain().without_mention(note) if note else plain()
            posted = replace(self._without_refused_mention(credentials, simple)[0], refused_blocks=True)
        return posted

    def _without_refused_mention(self, credentials: Credentials, message: SlackMessage) -> tuple[Posted, str]:
        """Post the message; if Slack refuses its mention, post it without. Return the result and the note about it."""
        posted = self._make_attempts(credentials, message)
        if not message.mention or posted.code not in MENTION_REFUSED:
            return posted, ""
        logger.warning("mention refused", extra={"code": posted.code})
        note = f"posted without its mention: Slack refused it ({posted.code})"
        return self._make_attempts(credentials, message.without_mention(note)), note

    def _make_attempts(self, credentials: Credentials, message: SlackMessage) -> Posted:
        try:
            place, accepted = self.policy.call(self.deadline, self._attempt, credentials, message)
        except (SlackUnreachable, SlackRefused, DeadlineExceeded) as error:
            return Posted(error, outcome_of(error), self.is_doubtful, self.evidence)
        return Posted(None, Delivered(), is_doubtful=False, evidence=Evidence.ANSWERED, place=place, message=accepted)

    def _attempt(self, credentials: Credentials, message: SlackMessage) -> tuple[Place | None, SlackMessage]:
        marked = message.noted(DOUBT) if self.is_doubtful else message
        self.pace.start()
        try:
            return self.send(credentials, marked, self.deadline.timeout(ATTEMPT_LIMIT)), marked
        except SlackRefused as error:
            is_ambiguous = error.classification.kind is ErrorKind.AMBIGUOUS
            self.is_doubtful |= is_ambiguous or error.refused is Refused.UNEXPECTED
            if is_ambiguous:
                self._add_evidence(Evidence.DOUBTFUL)
            elif error.refused not in {Refused.UNEXPECTED, Refused.FOREIGN}:
                self._add_evidence(Evidence.ANSWERED)
            raise
        except SlackUnreachable as error:
            if error.sent:
                self.is_doubtful = True
                self._add_evidence(Evidence.DOUBTFUL)
            raise

    def _add_evidence(self, evidence: Evidence) -> None:
        """Record the evidence of one attempt; a definite answer outweighs every doubtful attempt."""
        if self.evidence is not Evidence.ANSWERED:
            self.evidence = evidence
