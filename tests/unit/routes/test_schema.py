"""docs/routes.schema.json judges a document as the code does."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from aws_events.strict_json import Invalid, Json
from routes.document import KNOWN, parse_routes

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "routes.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
VALUES: list[Json] = [
    "ops",
    "Ops",
    "",
    "here",
    "U012AB3CD",
    "nobody",
    "111122223333",
    "1111",
    "eu-west-1",
    "Ireland",
    "ALARM",
    "alarm",
    "FIRING",
    "high",
    "aws.guardduty",
    "a b",
    "x" * 256,
    5,
    None,
    True,
    [],
    {},
    {"Stage": "prod*"},
    {"Stage": 1},
]


def mute(begins: Json, ends: Json, zone: Json, changed: str) -> Json:
    """Return a mute; without its zone if that is None, with one field removed or added if `changed` names it."""
    made: dict[str, Json] = {"from": begins, "until": ends} | ({} if zone is None else {"zone": zone})
    return {name: value for name, value in made.items() if name != changed} | ({"days": 2} if changed == "days" else {})


MATCHES = st.dictionaries(st.sampled_from([*KNOWN, "unknown"]), st.sampled_from(VALUES), max_size=3)
TIMES = st.sampled_from(
    [
        ("2026-12-24T18:00Z", "2026-12-25T18:00:30+01:00"),
        ("fri 18:00", "mon 06:00"),
        ("18:00", "06:00"),
        ("18:00", "mon 06:00"),
        ("18:00", "24:00"),
        ("2026-12-24T18:00", "2026-12-24T19:00"),
        ("", 5),
    ]
)
"""Beginning and end of a mute. Only the code compares two of the same form."""
ZONES: st.SearchStrategy[Json] = st.sampled_from(["Europe/Berlin", "UTC", "Etc/GMT-14", "../UTC", "", 5])
CHANGED = st.sampled_from(["", "", "", "from", "days"])
MUTES = st.builds(
    lambda times, zone, changed: mute(times[0], times[1], zone, changed), TIMES, ZONES | st.none(), CHANGED
)
ROUTES = st.fixed_dictionaries(
    {},
    optional={
        "mute": MUTES | MUTES | st.sampled_from(VALUES),
        "mute_below": st.sampled_from(["high", "low", "info", *VALUES]),
        "match": MATCHES | st.sampled_from(VALUES),
        "destination": st.sampled_from(["ops", "ops", "ops", *VALUES]),
        "mention": st.sampled_from(VALUES),
        "remind_after": st.sampled_from([4, 0.5, 168, 169, 0, *VALUES]),
        "follow": st.sampled_from(["update", "thread", "off", *VALUES]),
        "matches": st.sampled_from(VALUES),
    },
)
DOCUMENTS = st.fixed_dictionaries(
    {"routes": st.lists(ROUTES, max_size=2) | st.sampled_from(VALUES)},
    optional={
        "accounts": st.dictionaries(
            st.sampled_from(["111122223333", "1", "prod"]), st.sampled_from(VALUES), max_size=2
        ),
        "other": st.sampled_from(VALUES),
    },
)


def is_accepted(document: object) -> bool:
    try:
        parse_routes(json.dumps(document))
    except Invalid:
        return False
    return True


@given(document=DOCUMENTS)
def test_schema_and_code_agree(document: object) -> None:
    assert VALIDATOR.is_valid(document) == is_accepted(document)


@pytest.mark.parametrize(
    ("begins", "ends", "zone"),
    [
        ("2026-12-24T18:00Z", "2026-12-24T18:00Z", None),
        ("2026-12-24T18:00Z", "2027-12-24T18:00Z", None),
        ("2026-02-30T18:00Z", "2026-03-01T18:00Z", None),
        ("18:00", "18:00", "UTC"),
        ("18:00", "19:00", "Europe/Nowhere"),
    ],
)
def test_only_the_code_checks_dates_their_order_and_the_zone(begins: str, ends: str, zone: str | None) -> None:
    document = {"routes": [{"match": {}, "destination": "ops", "mute": mute(begins, ends, zone, "")}]}
    assert (VALIDATOR.is_valid(document), is_accepted(document)) == (True, False)


@pytest.mark.parametrize("field", KNOWN)
def test_the_schema_has_each_field_of_a_match(field: str) -> None:
    assert field in SCHEMA["$defs"]["match"]["properties"]
