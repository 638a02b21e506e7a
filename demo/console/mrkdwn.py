"""Slack's mrkdwn -> HTML, as Slack shows it. Everything that is not one of its marks is escaped."""

import re
from datetime import UTC, datetime

from markupsafe import Markup, escape

CODE = re.compile(r"```\n?(.+?)\n?```|`([^`\n]+)`|<([^<>\n]+)>", re.DOTALL)
"""A block of code, a piece of code, or a link, mention or date in angle brackets."""
HELD = re.compile("\ue000(\\d+)\ue001")
"""A piece that is finished; text from outside never has these two private characters."""
MARKS = (("b", r"\*"), ("i", "_"), ("s", "~"))
QUOTE = "&gt;"
PAGE = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
DATE = re.compile(r"!date\^(\d{1,10})\^([^^]*)(?:\^.*)?")
NAMED = re.compile(r"!subteam\^(\w+)|[#@!](\w+)")


def mrkdwn(text: str) -> Markup:
    """Return HTML for text of the type mrkdwn."""
    held: list[Markup] = []

    def hold(match: re.Match[str]) -> str:
        block, code, link = match.groups()
        held.append(_code("pre", block) if block else _code("code", code) if code else _in_brackets(link))
        return f"\ue000{len(held) - 1}\ue001"

    text = re.sub("[\ue000\ue001]", "\ufffd", text)
    shown = str(_escaped(CODE.sub(hold, text)))
    for tag, mark in MARKS:
        shown = _styled(shown, tag, mark)
    return Markup(HELD.sub(lambda match: held[int(match[1])], _quoted(shown)))  # noqa: S704 - each part is escaped


def plain(text: str) -> Markup:
    """Return HTML for text of the type plain_text."""
    return escape(text)


def _escaped(text: str) -> Markup:
    """Escape text for HTML in which Slack's three entities are decoded once."""
    return escape(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def _code(tag: str, text: str) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), _escaped(text))  # noqa: S704 - our own tags


def _styled(text: str, tag: str, mark: str) -> str:
    """Mark a run of text that begins and ends at words; it may hold whole runs of another style."""
    inside = rf"(?:[^<>{mark}\n]|<([bis])>[^<>]*</\1>)+?"
    run = re.compile(
        rf"(?<![\w{mark}])({mark})(?=\S)({inside.replace(chr(92) + '1', chr(92) + '3')})(?<=\S){mark}(?![\w{mark}])"
    )
    return run.sub(rf"<{tag}>\2</{tag}>", text)


def _quoted(text: str) -> str:
    """Put lines that begin with > into a quotation."""
    if QUOTE not in text:
        return text
    parts: list[tuple[bool, str]] = []
    for line in text.split("\n"):
        is_quote = line.startswith(QUOTE)
        said = line.removeprefix(QUOTE).removeprefix(" ") if is_quote else line
        if parts and parts[-1][0] == is_quote:
            parts[-1] = (is_quote, f"{parts[-1][1]}\n{said}")
        else:
            parts.append((is_quote, said))
    return "".join(f"<blockquote>{said}</blockquote>" if is_quote else said for is_quote, said in parts)


def _in_brackets(text: str) -> Markup:
    target, _, label = text.partition("|")
    if date := DATE.fullmatch(target):
        return _date(int(date[1]), date[2], label)
    if PAGE.fullmatch(target):
        link = Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>')
        return link.format(_escaped(target), _escaped(label or target))
    if named := NAMED.fullmatch(target):
        sign = "#" if target.startswith("#") else "@"
        name = label.removeprefix(sign) or named[1] or named[2]
        return Markup('<span class="mention">{}{}</span>').format(sign, _escaped(name))
    return _escaped(label or target)


def _date(seconds: int, pattern: str, fallback: str) -> Markup:
    """Return a time, which the page shows in the reader's zone by Slack's pattern."""
    moment = datetime.fromtimestamp(seconds, UTC).isoformat()
    element = Markup('<time datetime="{}" data-pattern="{}">{}</time>')
    return element.format(moment, _escaped(pattern), _escaped(fallback))
