"""The field `mute` of a route -> its times. An error names the field and the rule."""

import re
from datetime import datetime, time
from typing import TYPE_CHECKING

from aws_events.json_fields import Fields
from aws_events.strict_json import Invalid, Json
from routes.mute import LONGEST_MUTE, WEEK, Mute, MuteAgain, MuteOnce

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
MOMENT = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{CLOCK}(?::[0-5][0-9])?(?:Z|[+-]{CLOCK})")
WEEKLY = re.compile(rf"(?:{'|'.join(WEEKDAYS)}) {CLOCK}")
DAILY = re.compile(CLOCK)
TIMES = re.compile("|".join(one.pattern for one in (MOMENT, WEEKLY, DAILY)))
RULE = "a time like 2026-12-24T18:00Z, fri 18:00 or 18:00"
ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,31}(?:/[A-Za-z0-9_+-]{1,32}){0,2}")
ZONE_RULE = "a time zone like Europe/Berlin"


def read_mute(value: Json, where: str) -> Mute:
    """Return the times of a mute. Raise Invalid."""
    fields = Fields.of(value, where, known=["from", "until", "zone"], required=["from", "until"])
    begins, ends = (fields.text(name, TIMES, RULE) or "" for name in ("from", "until"))
    form = next(one for one in (MOMENT, WEEKLY, DAILY) if one.fullmatch(begins))
    if not form.fullmatch(ends):
        raise Invalid(fields.at("until"), "must have the same form as `from`")
    return _once(fields, begins, ends) if form is MOMENT else _again(fields, begins, ends)


def _once(fields: Fields, begins: str, ends: str) -> MuteOnce:
    if "zone" in fields.values:
        raise Invalid(fields.at("zone"), "is for a weekly or daily mute only")
    mute = MuteOnce(_moment(begins, fields.at("from")), _moment(ends, fields.at("until")))
    if not 0.0 < mute.ends - mute.begins <= LONGEST_MUTE:
        raise Invalid(fields.at("until"), f"must be after `from`, by {WEEK} days at most")
    return mute


def _again(fields: Fields, begins: str, ends: str) -> MuteAgain:
    if "zone" not in fields.values:
        raise Invalid(fields.at("zone"), "is missing")
    zone = _zone(fields.text("zone", ZONE, ZONE_RULE) or "", fields.at("zone"))
    if begins == ends:
        raise Invalid(fields.at("until"), "must differ from `from`")
    first, last = (time.fromisoformat(one[-len("18:00") :]) for one in (begins, ends))
    weekday, period, days = None, 1, 0
    if WEEKLY.fullmatch(begins):
        weekday, period = WEEKDAYS.index(begins[:3]), WEEK
        days = (WEEKDAYS.index(ends[:3]) - weekday) % WEEK
    if days == 0 and last < first:
        days = period
    return MuteAgain(begins=first, ends=last, days=days, weekday=weekday, zone=zone)


def _moment(text: str, where: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        problem = "must be a date of the calendar"
    raise Invalid(where, problem)


def _zone(name: str, where: str) -> "ZoneInfo":
    """Return the zone if tzdata has it: the system's zones differ between machines."""
    from importlib import resources  # noqa: PLC0415 - few documents have a zone
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - as above

    if name not in resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split():
        raise Invalid(where, f"must be {ZONE_RULE}")
    return ZoneInfo(name)
