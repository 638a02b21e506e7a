"""Values of events that nobody should read in a channel: hidden by their key and by their shape."""

import re

HIDDEN = "[hidden]"
KEYS = re.compile(
    r"(?i)pass(word|wd|phrase)|\bpwd\b|secret|token|credential|authori[sz]ation|api[-_]?key|access[-_]?key"
    r"|private[-_]?key|session[-_]?key|signature|cookie|request[-_]?payload|response[-_]?payload"
    r"|passcode|connection[-_]?string|webhook[-_]?url|key[-_]?material|mfa[-_]?code|\bjwt\b|\bbearer\b|\botp\b"
    r"|environment[-_]?variables|card[-_]?number|\bcvv\b|\bcvc\b|\bssn\b|\biban\b|phone|birth[-_]?da"
)
"""Keys of secrets, of personal data, and of the input and output of functions."""
HARMLESS = re.compile(r"(?i)(key|token|secret)[-_]?(id|name|arn|type|count)s?$")
"""Keys whose value is the name of a secret, not the secret."""
WORDS = r"(?:password|passwd|passphrase|pwd|secret|token|(?:api|access|account|private|secret)[-_]?key)"
QUOTES, OPENING = r"[\"'\\]{0,4}", r"(?:\\{0,3}[\"'])?"
VALUE = r"(?!\[hidden\])(?:(?<=\")[^\"\r\n]+|(?<=')[^'\r\n]+|[^\s,;\"'\\]+)"
"""A value in quotes may have blanks."""
SHAPES = (
    re.compile(r"\bA[KS]IA[A-Z0-9]{12,}\b"),
    re.compile(r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),
    re.compile(r"\b(?:xox[a-z]|xapp)-[\w-]{8,}|\bhttps://hooks\.slack(?:-gov)?\.com/\S+"),
    re.compile(
        r"\b(?:gh[pousr]_|github_pat_|glpat-|glptt-|npm_|pypi-AgEI|dop_v1_|whsec_|[sr]k_(?:live|test)_|sk-|AIza)[\w-]{16,}"
    ),
    re.compile(r"\b(?:SG|ya29)\.[\w.-]{16,}"),
    re.compile(r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"),
    re.compile(
        rf"(?i)\b(?:authorization|cookie){QUOTES}\s{{0,4}}[:=]\s{{0,4}}{OPENING}(?!\[hidden\])[^\s\"'\\][^\"\r\n]*"
    ),
    re.compile(r"(?i)\b(?:bearer|basic)\s+[\w.+/=~-]{8,}"),
    re.compile(r"(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"),
    re.compile(r"(?i)\bX-Amz-(?:Signature|Security-Token|Credential)=[^&\s]+"),
    re.compile(rf"(?i)(?<![^\W_]){WORDS}\b{QUOTES}\s*[=:]\s*{OPENING}{VALUE}"),
    re.compile(rf"(?i){WORDS}(?:[\"'\\]{{1,4}}\s*:|=)\s*{OPENING}{VALUE}"),
    re.compile(rf"(?i)(?<!\S)--?{WORDS}\s+{OPENING}{VALUE}"),
)
"""AWS access keys, JSON web tokens, tokens and webhooks of services, private keys, HTTP headers with credentials,
credentials of URLs, signatures of URLs, assignments: `DB_PASSWORD=…`, `"dbPassword": "…"`, `--password …`. A name in
camel case needs `=` or quotes, because `ExpiredToken: …` is an error."""
EMAIL = re.compile(r"(?<![\w.+-])([\w.+-])[\w.+-]*@([\w-]+(?:\.[\w-]+)+)")
ACTORS = re.compile(
    r"(?i)actor|principal|user[-_]?name|user[-_]?identity|author|approver|caller|requester|started[-_]?by"
)
"""Keys of actors, whose addresses are shown."""


def hidden(path: str, text: str) -> str:
    """Return the text without secrets; without the local part of e-mail addresses, except those of an actor."""
    key = path.rpartition(".")[2]
    if any(KEYS.search(part) for part in path.split(".")) and not HARMLESS.search(key):
        return HIDDEN
    text = without_secrets(text)
    return text if ACTORS.search(path) else masked(text)


def without_secrets(text: str) -> str:
    """Return the text without the parts that look like a secret."""
    for shape in SHAPES:
        text = shape.sub(HIDDEN, text)
    return text


def masked(text: str) -> str:
    """Return the text with e-mail addresses as a…@example.com."""
    return EMAIL.sub(r"\1…@\2", text)
