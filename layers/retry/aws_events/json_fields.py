"""Read the fields of a JSON object by a schema. An error names the field that is unknown, missing or invalid."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aws_events.strict_json import Invalid, Json, load, shown


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one object in a document, and the object's path."""

    values: dict[str, Json]
    where: str

    @classmethod
    def of(cls, value: Json, where: str, *, known: Iterable[str], required: Iterable[str]) -> "Fields":
        """Return the fields of an object. Refuse unknown fields, and missing ones that are required."""
        if not isinstance(value, dict):
            raise Invalid(where, "must be an object")
        made, known = cls(value, where), list(known)
        for name in value:
            if name not in known:
                raise Invalid(made.at(shown(name)), f"is not a field; the fields are {', '.join(known)}")
        for name in required:
            if name not in value:
                raise Invalid(made.at(name), "is missing")
        return made

    def at(self, name: str) -> str:
        return f"{self.where}.{name}"

    def text(self, name: str, pattern: re.Pattern[str], rule: str) -> str | None:
        """Return the field's text, None if it is missing."""
        if name not in self.values:
            return None
        value = self.values[name]
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise Invalid(self.at(name), f"must be {rule}")
        return value

    def choice[T](self, name: str, choices: Mapping[str, T]) -> T | None:
        """Return the value that `choices` has for the field's text, None if it is missing."""
        if name not in self.values:
            return None
        value = self.values[name]
        if not isinstance(value, str) or value not in choices:
            raise Invalid(self.at(name), f"must be one of {', '.join(choices)}")
        return choices[value]

    def object(self, name: str) -> dict[str, Json]:
        """Return the field's object, empty if it is missing."""
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            raise Invalid(self.at(name), "must be an object")
        return value

    def list(self, name: str) -> list[Json]:
        """Return the field's list; the error names the field without the document."""
        value = self.values[name]
        if not isinstance(value, list):
            raise Invalid(name, "must be a list")
        return value

    def flag(self, name: str) -> bool:
        """Return the field's boolean, false if it is missing."""
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            raise Invalid(self.at(name), "must be true or false")
        return value

    def seconds(self, name: str, longest: int) -> float | None:
        """Return the field's number of seconds, None if it is missing."""
        return self._length(name, longest, "seconds")

    def hours(self, name: str, longest: int) -> float | None:
        """Return the field's number of hours, None if it is missing."""
        return self._length(name, longest, "hours")

    def _length(self, name: str, longest: int, unit: str) -> float | None:
        if name not in self.values:
            return None
        value = self.values[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= longest:
            raise Invalid(self.at(name), f"must be a number of {unit}, more than 0 and at most {longest}")
        return float(value)


def load_list(text: str, field: str, limit: int) -> list[Json]:
    """Return the list in the only field of a document of at most `limit` bytes. Raise Invalid."""
    return Fields.of(load(text, "document", limit), "document", known=[field], required=[field]).list(field)
