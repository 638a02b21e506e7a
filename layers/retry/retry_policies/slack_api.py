"""A classifier for the `error` codes of Slack's Web API.

Sources of the codes: the error tables of the method pages (chat.postMessage and those common to all methods) and the
page on rate limits.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from json import JSONDecodeError

from retry_policies.causes import raised_through
from retry_policies.classification import DEFERRED, Classification, ErrorKind
from retry_policies.http import (
    SUCCESS,
    classify_http,
    classify_status,
    parse_retry_after,
    retry_after_header,
)
from retry_policies.slack import THROTTLED_CODES, UNREAD

CODE = re.compile(r"[a-z0-9_.:-]{1,80}")
SDK_REQUEST = "slack_sdk.web.base_client.BaseClient._perform_urllib_http_request"
TRANSIENT_CODES = frozenset({"request_timeout", "service_unavailable"})
DEFERRED_CODES = frozenset({"org_login_required", "team_added_to_org"})
"""The workspace is being migrated, which takes minutes."""
AMBIGUOUS_CODES = frozenset({"fatal_error", "internal_error"})
"""Slack: «it's possible some aspect of the operation succeeded»."""
REFUSED_DESTINATION_CODES = frozenset(
    {
        "access_denied",
        "account_inactive",
        "accesslimited",
        "cannot_reply_to_message",
        "channel_not_found",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "is_archived",
        "message_limit_exceeded",
        "messages_tab_disabled",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "not_in_channel",
        "posting_to_general_channel_denied",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
"""The channel accepts no message with this token."""
REFUSED_MESSAGE_CODES = frozenset(
    {
        "deprecated_endpoint",
        "invalid_arg_name",
        "invalid_arguments",
        "invalid_array_arg",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_charset",
        "invalid_form_data",
        "invalid_json",
        "invalid_post_type",
        "json_not_object",
        "metadata_too_large",
        "method_deprecated",
        "missing_post_type",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
    }
)
"""Slack does not accept this message."""


def classify_slack_api(error: BaseException) -> Classification | None:
    """Classify the error of a Web API call, like SlackApiError of slack_sdk with its `response`."""
    status, headers, answer = _answered(error.__dict__.get("response"))
    if not isinstance(status, int):
        return UNREAD if _is_undecoded(error) else classify_http(error)
    wait = retry_after_header(headers)
    if isinstance(answer, Mapping):
        in_answer = parse_retry_after(str(answer.get("retry_after")))
        return classify_api(status, answer.get("error"), in_answer if wait is None else wait)
    return UNREAD if status in SUCCESS else classify_status(status, wait)


def classify_api(status: int, code: object, retry_after: float | None = None) -> Classification:
    """Classify an answer by its code, or else by its status. An unknown code is not logged.

    slack_sdk puts a sentence in place of the code if the answer is no JSON.
    """
    match code:
        case str() if code in THROTTLED_CODES:
            return Classification(ErrorKind.THROTTLED, retry_after, code)
        case str() if code in TRANSIENT_CODES:
            return Classification(ErrorKind.TRANSIENT, retry_after, code)
        case str() if code in DEFERRED_CODES:
            return Classification(ErrorKind.TRANSIENT, max(DEFERRED, retry_after or 0.0), code)
        case str() if code in AMBIGUOUS_CODES:
            return Classification(ErrorKind.AMBIGUOUS, retry_after, code)
        case str() if code in REFUSED_DESTINATION_CODES | REFUSED_MESSAGE_CODES:
            return Classification(ErrorKind.PERMANENT, code=code)
    if status in SUCCESS and not (isinstance(code, str) and CODE.fullmatch(code)):
        return UNREAD
    return replace(classify_status(status, retry_after), code=f"{status} unknown_error")


def _answered(response: object) -> tuple[object, object, object]:
    """Return status, headers and decoded body of a response of slack_sdk, of aiohttp, or in a dict with a body.

    aiohttp's has no decoded body, and slack_sdk raises with a dict only if it could not decode the body.
    """
    if isinstance(response, Mapping):
        return response.get("status"), response.get("headers"), None
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    return status, getattr(response, "headers", None), getattr(response, "data", None)


def _is_undecoded(error: BaseException) -> bool:
    """Return whether slack_sdk could not decode the body of an answer."""
    return isinstance(error, JSONDecodeError | UnicodeDecodeError) and SDK_REQUEST in raised_through(error)
