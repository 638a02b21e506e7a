"""SSM and SNS in virtual time."""

from dataclasses import dataclass, field
from functools import partial

from configuration.stores import Stored
from tests.support.virtual.service import Service


@dataclass
class VirtualStore:
    """Texts by name; each change makes a new version."""

    service: Service
    texts: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def put(self, name: str, text: str | None) -> None:
        """Write a text, or remove it with None."""
        self.versions[name] = self.versions.get(name, 0) + 1
        if text is None:
            self.texts.pop(name, None)
        else:
            self.texts[name] = text

    def read(self, name: str) -> Stored | None:
        return self.service.call("read", partial(self._read, name))

    def _read(self, name: str) -> Stored | None:
        return Stored(self.texts[name], str(self.versions[name])) if name in self.texts else None


@dataclass
class VirtualTopic:
    """OpsTopic, and the messages that were published."""

    service: Service
    lines: list[str] = field(default_factory=list)

    def publish(self, *, TopicArn: str, Subject: str, Message: str) -> object:
        assert TopicArn
        assert Subject
        return self.service.call("publish", partial(self.lines.append, Message))
