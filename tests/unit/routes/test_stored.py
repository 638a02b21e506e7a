import pytest

from configuration.documents import Trouble
from retry_policies import Deadline
from retry_policies.presets import AWS_READ
from routes.route import Match, Route, Routes
from routes.stored import StoredRoutes
from tests.support.steps.scripted_store import ScriptedStore, refusal


@pytest.mark.parametrize(
    ("answer", "routes", "troubles"),
    [
        ('{"routes": [{"match": {}, "destination": "ops"}]}', Routes((Route(Match(), "ops"),)), []),
        (None, Routes(), []),
        ("no JSON", None, [Trouble.INVALID]),
        (refusal("AccessDeniedException"), None, [Trouble.UNREADABLE]),
    ],
)
def test_routes_that_were_never_read_differ_from_no_routes(
    answer: str | Exception | None, routes: Routes | None, troubles: list[Trouble]
) -> None:
    found: list[Trouble] = []
    store = ScriptedStore([answer])
    stored = StoredRoutes(store=store, parameter="/routes", policy=AWS_READ, on_trouble=found.append)
    assert (stored.routes(Deadline.after(60.0)), found) == (routes, troubles)
