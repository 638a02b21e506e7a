"""The standard column of the template's Timing, in seconds."""

from dataclasses import dataclass
from functools import cache

from tests.support.stack.template import source


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSettings:
    """The settings of a queue, its event source mapping and its function. Lengths are in seconds."""

    timeout: float = 60.0
    visibility: float = 360.0
    retention: float = 604_800.0
    dead_letter_retention: float = 1_209_600.0
    max_receives: int = 20
    batch_size: int = 10
    max_concurrency: int = 2
    one_group_per_batch: bool = False


@cache
def timing() -> dict[str, float]:
    rows = source()["Mappings"]["Timing"]
    return {name: float(columns["standard"]) for name, columns in rows.items()}


def actions_settings() -> StageSettings:
    return _settings("FunctionTimeout", "Visibility", "Receives", "Retention", max_concurrency=2)


def intake_settings() -> StageSettings:
    return _settings("IntakeTimeout", "IntakeVisibility", "Receives", "Retention", max_concurrency=50)


def lane_settings() -> StageSettings:
    return _settings("LaneTimeout", "LaneVisibility", "LaneReceives", "DeadLetterRetention", max_concurrency=20)


def _settings(timeout: str, visibility: str, receives: str, retention: str, *, max_concurrency: int) -> StageSettings:
    rows = timing()
    return StageSettings(
        timeout=rows[timeout],
        visibility=rows[visibility],
        retention=rows[retention],
        dead_letter_retention=rows["DeadLetterRetention"],
        max_receives=int(rows[receives]),
        max_concurrency=max_concurrency,
    )
